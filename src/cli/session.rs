//! Acting as a district: its folder holds who it is, its key, its certificate and whom it trusts.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;
use clap::Args;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde::Deserialize as _;
use serde_json::Value;

use super::failure::{Exit, Failure, Outcome, describe};
use crate::config::{self, ConnectorConfig, PeerSection};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::MessageType;
use crate::evidence::{EvidenceError, TrustedDirectory, VerifiedReply, verify_reply};
use crate::gateway::Ports;
use crate::jws::{Resolution, SigningKey, read_private_pem};
use crate::message::{Composer, Message};
use crate::net::client::{Client, Reply};
use crate::schema::Registry;
use crate::service::{StartError, outbound, pin, system_ports};

/// Longest wait for one reply.
const REPLY_TIME: Duration = Duration::from_secs(30);

/// The district to act as.
#[derive(Debug, Args)]
pub struct As {
    /// Folder of the district (connector.toml, key, certificate)
    #[arg(long = "as", value_name = "DIR")]
    folder: PathBuf,
}

/// The district to act as, for a command that can do without one.
#[derive(Debug, Args)]
pub struct MaybeAs {
    /// Folder of the district to ask the running gateway as
    #[arg(long = "as", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl MaybeAs {
    /// The district, if one was given.
    pub fn given(self) -> Option<As> {
        self.folder.map(|folder| As { folder })
    }
}

/// A district with a way to the gateway.
pub struct Session {
    /// Its configuration.
    pub config: ConnectorConfig,
    /// Its message key.
    pub key: SigningKey,
    /// The schemas of this release.
    pub schemas: Registry,
    /// Time, ids, randomness.
    pub ports: Ports,
    /// The gateway, once it was called.
    gateway: OnceLock<Client>,
}

/// A signed reply as it came.
pub struct Signed {
    /// Receipt or answer.
    pub compact: String,
    /// Proof of its leaf.
    pub proof: String,
}

impl As {
    /// Reads the folder. Connects to nobody yet.
    pub fn open(&self) -> Outcome<Session> {
        let config: ConnectorConfig = config::load(&self.folder)?;
        let key = read_private_pem(&config.keys.message.file, config.keys.message.kid.clone());
        let key = key.map_err(StartError::from)?;
        let ports = system_ports();
        let schemas = Registry::load().map_err(StartError::from)?;
        Ok(Session { config, key, schemas, ports, gateway: OnceLock::new() })
    }
}

impl Session {
    /// Signs a message to the gateway.
    pub fn compose(
        &self,
        ty: MessageType,
        body: &Value,
        to: Option<ParticipantId>,
    ) -> Outcome<Message> {
        self.compose_for(&self.config.gateway.id, ty, body, to)
    }

    /// Signs a message to a service.
    pub fn compose_for(
        &self,
        aud: &ParticipantId,
        ty: MessageType,
        body: &Value,
        to: Option<ParticipantId>,
    ) -> Outcome<Message> {
        let composer = Composer { schemas: &self.schemas, key: &self.key, aud };
        let (now, id) = (self.ports.clock.now(), self.ports.ids.uuid_v7());
        composer.compose(ty, body, now, id, to).map_err(|refusal| {
            Failure::text(Exit::Usage, super::failure::describe(&refusal)).hint(format!(
                "talent-gateway schema show {} says what the body holds",
                ty.as_str()
            ))
        })
    }

    /// The gateway.
    pub fn gateway(&self) -> Outcome<&Client> {
        if self.gateway.get().is_none() {
            let made = client(&self.config, &self.config.gateway, &self.ports)?;
            // Somebody else's client would do as well: both lead to the same place.
            let _ = self.gateway.set(made);
        }
        self.gateway.get().ok_or_else(|| Failure::text(Exit::Failed, "no client of the gateway"))
    }

    /// The tokeniser.
    pub fn tokeniser(&self) -> Outcome<Client> {
        client(&self.config, &self.config.tokeniser, &self.ports)
    }

    /// Posts a message and reads the signed reply; a signed refusal is a reply too.
    pub async fn post(&self, client: &Client, path: &str, compact: &str) -> Outcome<Signed> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/jose"));
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        let body = Bytes::copy_from_slice(compact.as_bytes());
        let reply = client.call(Method::POST, path, headers, body, REPLY_TIME).await?;
        signed(&members(&reply)?)
    }

    /// `GET` of a JSON resource of the gateway.
    pub async fn get_json(&self, path: &str) -> Outcome<Value> {
        let reply = self.get(path).await?;
        Ok(serde_json::from_slice(&reply.body).context("the reply is not JSON")?)
    }

    /// `GET` of any resource of the gateway.
    pub async fn get(&self, path: &str) -> Outcome<Reply> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        let reply =
            self.gateway()?.call(Method::GET, path, headers, Bytes::new(), REPLY_TIME).await?;
        if reply.status.is_success() { Ok(reply) } else { Err(problem(&members(&reply)?)) }
    }

    /// The directory of the moment, verified from the pin; its exact text and proof.
    pub async fn directory(&self) -> Outcome<(TrustedDirectory, Signed)> {
        let body = self.get_json("/v1/directory").await?;
        let part = |name| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let compact = part("directory").ok_or_else(|| anyhow!("the reply has no directory"))?;
        let proof = part("proof").unwrap_or_default();
        let pin = pin(&self.config.pinned)?;
        let directory = TrustedDirectory::open(&compact, &pin, None).map_err(unverified)?;
        Ok((directory, Signed { compact, proof }))
    }

    /// Verifies a reply against the message it is about.
    pub async fn verify(&self, message: &str, reply: &Signed) -> Outcome<VerifiedReply> {
        let (directory, _) = self.directory().await?;
        verify_reply(&directory, directory.log(), message, &reply.compact, &reply.proof)
            .map_err(unverified)
    }

    /// Sends a query and gives the verified answer's claims as JSON.
    pub async fn ask(&self, ty: MessageType, body: &Value) -> Outcome<Value> {
        let message = self.compose(ty, body, None)?;
        let reply = self.post(self.gateway()?, "/v1/messages", &message.compact).await?;
        self.verify(&message.compact, &reply).await?;
        let payload = payload(&reply.compact)?;
        match refused(&payload) {
            Some(said) => Err(Failure::text(Exit::Refused, format!("refused: {said}"))),
            None => Ok(payload),
        }
    }
}

/// Evidence that does not hold.
pub fn unverified(error: EvidenceError) -> Failure {
    let hint = format!("code {}, answerable: {}", error.code(), error.fault().as_str());
    Failure::new(Exit::Unverified, error).hint(hint)
}

/// What a signed refusal says, in both languages and with its places; `None` where nothing was refused.
pub fn refused(payload: &Value) -> Option<String> {
    let res = payload.get("res")?;
    match Resolution::deserialize(res) {
        Ok(Resolution::Rejected(refusal)) => Some(describe(&refusal)),
        // A code that this release does not know is told as it stands.
        Err(_) if res["outcome"] == "rejected" => {
            Some(res["code"].as_str().unwrap_or("rejected").to_owned())
        }
        Ok(Resolution::Accepted(_)) | Err(_) => None,
    }
}

/// Header and payload of a compact JWS without any check: only to be shown.
pub fn payload(compact: &str) -> anyhow::Result<Value> {
    part(compact, 1)
}

/// The `n`-th part of a compact JWS as JSON, unchecked.
pub fn part(compact: &str, n: usize) -> anyhow::Result<Value> {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let part = compact.trim().split('.').nth(n).context("not three parts")?;
    let bytes = URL_SAFE_NO_PAD.decode(part).context("not base64url")?;
    serde_json::from_slice(&bytes).context("not JSON")
}

fn client(config: &ConnectorConfig, peer: &PeerSection, ports: &Ports) -> Outcome<Client> {
    let clock = Arc::clone(&ports.clock);
    Ok(outbound(peer, &config.client, config.run.as_deref(), clock)?)
}

fn members(reply: &Reply) -> Outcome<Value> {
    serde_json::from_slice(&reply.body).map_err(|_| {
        let text = format!("the reply (status {}) is not JSON", reply.status.as_u16());
        Failure::text(Exit::Unreachable, text).hint("does the URL lead to the gateway itself?")
    })
}

fn signed(body: &Value) -> Outcome<Signed> {
    let text = |name| body.get(name).and_then(Value::as_str).map(str::to_owned);
    match text("receipt").or_else(|| text("answer")) {
        Some(compact) => Ok(Signed { compact, proof: text("proof").unwrap_or_default() }),
        None => Err(problem(body)),
    }
}

/// An unsigned refusal (RFC 9457).
fn problem(body: &Value) -> Failure {
    let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut message = format!("{}: {}", text("code"), text("title"));
    if !text("detail").is_empty() {
        message.push_str("; ");
        message.push_str(text("detail"));
    }
    for place in body.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let part = |name| place.get(name).and_then(Value::as_str).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(message, "\n  {} → {}", part("pointer"), part("expected"));
    }
    let retry = body.get("retryable").and_then(Value::as_bool).unwrap_or_default();
    let hint = if retry { "send the same bytes again later" } else { "nothing was logged" };
    Failure::text(Exit::Refused, message).hint(format!(
        "to act: {}; {hint}; request {}",
        text("actor"),
        text("request_id")
    ))
}
