//! A district's office as its own system sees it: plain JSON to the connector on loopback, two
//! operators with bearer tokens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;

use super::super::init::District;
use crate::domain::participant::ParticipantId;
use crate::net::client::Client;

/// Longest wait for one reply.
const REPLY_TIME: Duration = Duration::from_mins(1);

/// One office.
#[derive(Clone)]
pub struct Office {
    /// The district.
    pub id: ParticipantId,
    /// GB/T 2260 code.
    pub region: String,
    /// Name of the office.
    pub name: String,
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
            region: district.region.clone(),
            name: district.name.zh.clone(),
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
        let reply = self.client.call(method, path, headers, body.into(), REPLY_TIME).await?;
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        Ok(Answered { status: reply.status.as_u16(), body })
    }
}
