//! A district's office as its own system sees it: plain JSON to the connector on loopback, two
//! operators with bearer tokens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::Value;

use super::super::init::District;
use crate::domain::participant::ParticipantId;
use crate::net::client::Client;

/// Most times that a message is sent again when the gateway asks for patience (429).
const PATIENCE: u32 = 20;
/// Longest wait before it is sent again.
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// Longest wait for one reply.
const REPLY_TIME: Duration = Duration::from_mins(1);

/// One office.
#[derive(Clone)]
pub struct Office {
    /// The district.
    pub id: ParticipantId,
    /// Where its connector listens.
    pub url: String,
    /// File with the operators' tokens.
    pub operators: PathBuf,
    client: Arc<Client>,
    window: HeaderValue,
    reviewer: HeaderValue,
}

/// A reply of the connector.
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// JSON body.
    pub body: Value,
}

impl Answered {
    /// Was it taken?
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Office {
    pub(super) fn open(district: &District, folder: &Path, url: &str) -> anyhow::Result<Self> {
        let operators = folder.join("operators.txt");
        let text =
            std::fs::read_to_string(&operators).with_context(|| operators.display().to_string())?;
        let token = |role: &str| -> anyhow::Result<HeaderValue> {
            let mut lines = text.lines().filter(|l| !l.starts_with('#')).map(str::split_whitespace);
            let token =
                lines.find_map(|mut words| match (words.next(), words.next(), words.next()) {
                    (Some(_), Some(r), Some(token)) if r == role => Some(token),
                    _ => None,
                });
            let token = token.ok_or_else(|| anyhow!("no {role} in operators.txt"))?;
            Ok(HeaderValue::from_str(&format!("Bearer {token}"))?)
        };
        Ok(Self {
            id: district.id.parse()?,
            url: url.to_owned(),
            client: Arc::new(Client::loopback(url)?),
            window: token("window")?,
            reviewer: token("reviewer")?,
            operators,
        })
    }

    /// Sends as the operator at the window.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answered> {
        self.call(path, body, &self.window).await
    }

    /// Sends as the reviewing operator.
    pub async fn approve(&self, path: &str) -> anyhow::Result<Answered> {
        self.call(path, &serde_json::json!({}), &self.reviewer).await
    }

    /// What concerns the office, after a sequence number, as far as the connector has it.
    pub async fn feed(&self, after: u64) -> anyhow::Result<Answered> {
        let path = format!("/local/v1/feed?after={after}");
        self.send(Method::GET, &path, Vec::new(), &self.window).await
    }

    async fn call(
        &self,
        path: &str,
        body: &Value,
        operator: &HeaderValue,
    ) -> anyhow::Result<Answered> {
        self.send(Method::POST, path, serde_json::to_vec(body)?, operator).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        operator: &HeaderValue,
    ) -> anyhow::Result<Answered> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, operator.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut tries = 0;
        let reply = loop {
            let (method, headers, body) = (method.clone(), headers.clone(), body.clone());
            let reply = self.client.call(method, path, headers, body.into(), REPLY_TIME).await?;
            if reply.status != StatusCode::TOO_MANY_REQUESTS || tries == PATIENCE {
                break reply;
            }
            tries += 1;
            tokio::time::sleep(pause(&reply.headers)).await;
        };
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        Ok(Answered { status: reply.status.as_u16(), body })
    }
}

/// How long the gateway asks to wait; a second where it does not say.
fn pause(headers: &HeaderMap) -> Duration {
    let seconds = headers.get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1)).min(PAUSE_MAX)
}
