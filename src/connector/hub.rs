//! The gateway as the connector calls it, and how replies of both services are read.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::Peer;
use crate::domain::code::{Code, Refusal, Violation};
use crate::domain::participant::ParticipantId;
use crate::json::{self, Bounds};
use crate::jws::Jti;
use crate::net::client::{ClientError, Reply};

/// Longest wait for a reply to one message: a bulk of 1,000 records with room to spare.
pub(super) const REPLY_TIME: Duration = Duration::from_secs(30);
/// Longest long poll that is asked for, in seconds.
const POLL_SECONDS: u64 = 25;
/// Most places of a remote problem that are passed on.
const VIOLATIONS_MAX: usize = 20;

/// A receipt or answer as it came: nothing in it is believed yet.
#[derive(Clone, Debug)]
pub(super) struct SignedReply {
    pub compact: String,
    pub proof: String,
}

/// Why there is no signed reply.
#[derive(Clone, Debug)]
pub(super) enum HubError {
    /// No reply, or none that can be read: send the same bytes again.
    Unreachable,
    /// Refused without a signature: nothing was logged.
    Refused(Refusal),
}

impl HubError {
    /// As it is told to the local caller about `zh` / `en`, the service that was called.
    pub(super) fn into_refusal(self, zh: &str, en: &str) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Unreachable => Refusal::new(Code::Overloaded).detail(
                format!("暂时无法连接{zh}：请稍后重试；若持续出现，请检查网络、证书和对方服务状态"),
                format!("no connection to {en}: try again later; if it stays so, check network, certificates and the service"),
            ),
        }
    }
}

impl From<ClientError> for HubError {
    fn from(error: ClientError) -> Self {
        tracing::warn!(%error, "call");
        Self::Unreachable
    }
}

/// Sends a message to the gateway.
pub(super) async fn send(hub: &Peer, compact: &str) -> Result<SignedReply, HubError> {
    let body = Bytes::copy_from_slice(compact.as_bytes());
    let reply = hub.client.post("/v1/messages", "application/jose", body, REPLY_TIME).await?;
    signed(&read(&reply)?)
}

/// The reply to a message that was sent before; `None` when the gateway has none.
pub(super) async fn reply_of(
    hub: &Peer,
    iss: &ParticipantId,
    jti: Jti,
) -> Result<Option<SignedReply>, HubError> {
    let path = format!("/v1/messages/{iss}/{jti}", iss = iss.as_str());
    match read(&hub.client.get(&path, REPLY_TIME).await?) {
        Ok(members) => signed(&members).map(Some),
        Err(HubError::Refused(refusal)) if refusal.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Feed entries after a number; waits for one when there is none.
pub(super) async fn feed(hub: &Peer, after: u64) -> Result<Vec<Value>, HubError> {
    let path = format!("/v1/feed?after={after}&wait={POLL_SECONDS}");
    let within = Duration::from_secs(POLL_SECONDS) + REPLY_TIME;
    match read(&hub.client.get(&path, within).await?)?.get("entries") {
        Some(Value::Array(entries)) => Ok(entries.clone()),
        _ => Err(HubError::Unreachable),
    }
}

/// The newest directory document.
pub(super) async fn directory(hub: &Peer) -> Result<String, HubError> {
    let members = read(&hub.client.get("/v1/directory", REPLY_TIME).await?)?;
    text(&members, "directory").ok_or(HubError::Unreachable)
}

/// The JSON object of a success, the signed refusal of a problem, or the error of any other.
pub(super) fn read(reply: &Reply) -> Result<Value, HubError> {
    let Ok(members) = json::read(&reply.body, &Bounds::BULK) else {
        tracing::warn!(status = reply.status.as_u16(), "a reply is not the JSON that is expected");
        return Err(HubError::Unreachable);
    };
    if reply.status == StatusCode::OK || members.get("receipt").is_some() {
        return Ok(members);
    }
    Err(match refusal(&members) {
        Some(refusal) => HubError::Refused(refusal),
        None => HubError::Unreachable,
    })
}

fn signed(members: &Value) -> Result<SignedReply, HubError> {
    let compact = text(members, "receipt").or_else(|| text(members, "answer"));
    match (compact, text(members, "proof")) {
        (Some(compact), Some(proof)) => Ok(SignedReply { compact, proof }),
        _ => Err(HubError::Unreachable),
    }
}

/// A problem (RFC 9457) of one of our services; `None` when its code is not in the catalogue.
fn refusal(members: &Value) -> Option<Refusal> {
    let code: Code = serde_json::from_value(members.get("code")?.clone()).ok()?;
    let mut refusal = Refusal::new(code);
    if let Some(detail) = text(members, "detail") {
        refusal = refusal.detail(detail.clone(), detail);
    }
    if let Some(errors) = members.get("errors") {
        let errors: Vec<Violation> = serde_json::from_value(errors.clone()).unwrap_or_default();
        refusal.violations.extend(errors.into_iter().take(VIOLATIONS_MAX));
    }
    Some(refusal)
}

fn text(members: &Value, name: &str) -> Option<String> {
    members.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn reply(status: u16, body: &'static str) -> Reply {
        let status = StatusCode::from_u16(status).unwrap();
        Reply { status, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) }
    }

    #[test]
    fn replies_are_read_by_what_they_hold() {
        let signed =
            |status, body| read(&reply(status, body)).and_then(|members| super::signed(&members));
        assert_eq!(signed(200, r#"{"receipt":"r","proof":"p"}"#).unwrap().compact, "r");
        assert_eq!(signed(200, r#"{"answer":"a","proof":"p"}"#).unwrap().compact, "a");
        let refused = r#"{"code":"record-unknown","receipt":"r","proof":"p"}"#;
        assert_eq!(signed(422, refused).unwrap().proof, "p");
        for (status, body) in
            [(200, "{}"), (200, "<html>"), (502, "{}"), (500, r#"{"code":"nonsense"}"#)]
        {
            assert!(matches!(signed(status, body), Err(HubError::Unreachable)), "{status} {body}");
        }
        match signed(
            429,
            r#"{"code":"too-many-requests","errors":[{"pointer":"/x","expected":"y"}]}"#,
        ) {
            Err(HubError::Refused(refusal)) => {
                assert_eq!(refusal.code, Code::TooManyRequests);
                assert_eq!(refusal.violations[0].pointer, "/x");
            }
            other => panic!("{other:?}"),
        }
    }
}
