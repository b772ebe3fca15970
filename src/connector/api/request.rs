//! What a request says: its plain body, how long to wait, which message type.

use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request};
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::MessageType;
use crate::json::{self as strict, Bounds};
use crate::net::body::{self, BodyLimit};
use crate::net::limits::{BODY_BYTES_MAX, BODY_READ_TIME};
use crate::net::problem::Problem;

/// Longest `?wait=`, in seconds: below the half minute after which proxies cut a silent request.
pub const WAIT_SECONDS_MAX: u64 = 25;
/// Largest local request: the bulk form in plain JSON is about as large as on the wire.
const REQUEST: BodyLimit = BodyLimit { bytes_max: BODY_BYTES_MAX, within: BODY_READ_TIME };

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wait {
    #[serde(default)]
    wait: u64,
    /// The participant behind the gateway that a message is for.
    #[serde(default)]
    to: Option<ParticipantId>,
}

pub(super) type WaitQuery = Result<Query<Wait>, QueryRejection>;

pub(super) async fn plain_body(request: Request) -> Result<Value, Problem> {
    let json = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = json.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::new(Code::UnsupportedMediaType)
            .detail("请以 application/json 发送", "send application/json")
            .into());
    }
    let bytes = body::read(request.into_body(), REQUEST).await?;
    let value = strict::read(&bytes, &Bounds::BULK)?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Refusal::new(Code::SchemaViolation).at("", "an object").into())
    }
}

pub(super) fn wait_of(query: &WaitQuery) -> Result<Duration, Refusal> {
    query.as_ref().map_err(|_| bad_wait()).and_then(|Query(Wait { wait, .. })| waiting(*wait))
}

pub(super) fn waiting(seconds: u64) -> Result<Duration, Refusal> {
    if seconds <= WAIT_SECONDS_MAX { Ok(Duration::from_secs(seconds)) } else { Err(bad_wait()) }
}

pub(super) fn bad_wait() -> Refusal {
    Refusal::new(Code::BadRequest).detail(
        format!("wait 为 0 至 {WAIT_SECONDS_MAX} 的整数秒"),
        format!("wait is a whole number of seconds from 0 to {WAIT_SECONDS_MAX}"),
    )
}

/// See [`wait_of`], which has refused a query that does not read.
pub(super) fn addressee(query: &WaitQuery) -> Option<ParticipantId> {
    query.as_ref().ok().and_then(|Query(wait)| wait.to.clone())
}

pub(super) fn known(mt: &str) -> Result<MessageType, Refusal> {
    MessageType::parse(mt).ok_or_else(|| {
        Refusal::new(Code::MessageTypeUnknown)
            .detail("本版本不支持该消息类型", "this release does not know the message type")
    })
}
