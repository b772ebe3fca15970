//! The way to the connector: `PUT /local/v1/messages/{type}`, which states records as they are.
//! Asking again sends nothing twice, so whatever is unclear is simply asked again.

use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::ImportError;
use crate::connector::WAIT_SECONDS_MAX;
use crate::domain::code::{Code, Refusal, Violation};
use crate::domain::registry::MessageType;
use crate::domain::text::Text;
use crate::net::client::Client;

/// Pause before a batch is put again after the connector was busy.
const PAUSE: Duration = Duration::from_secs(2);
/// Room for the connector's own work beside its wait.
const WORK: Duration = Duration::from_secs(30);

/// Where to send, and as whom.
pub struct Connector {
    /// The connector's local REST.
    pub client: Client,
    /// An operator's token.
    pub token: String,
    /// To approve what another operator has stated, instead of stating it.
    pub approve: bool,
    /// Longest wait for the receipts of one batch, and for a connector that is busy.
    pub patience: Duration,
}

/// What the connector says about one item.
#[derive(Clone, Debug, Deserialize)]
pub struct Outcome {
    /// What became of it.
    #[serde(rename = "outcome")]
    pub standing: Standing,
    /// Which revision it is.
    #[serde(default)]
    pub revision: Option<u32>,
    /// What that revision does; absent when nothing new was sent.
    #[serde(default)]
    pub action: Option<String>,
    /// Its number in the outbox.
    #[serde(default)]
    pub outbox: Option<i64>,
    /// Where it lies in the log.
    #[serde(default)]
    pub position: Option<u64>,
    /// Why it was refused.
    #[serde(default)]
    pub problem: Option<Refusal>,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Accepted in this run or before, with this content.
    Accepted,
    /// Accepted before with this very content.
    Unchanged,
    /// Durable at the connector; its receipt is to come.
    Waiting,
    /// Durable at the connector until a second operator approves it.
    Parked,
    /// Refused by the connector or the gateway.
    Refused,
}

/// The body of a problem (RFC 9457) of the connector.
#[derive(Deserialize)]
struct Problem {
    code: Code,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    errors: Vec<Violation>,
}

impl Connector {
    /// States these items; the outcomes are in their order.
    ///
    /// # Errors
    /// [`ImportError::Unreachable`] and [`ImportError::Refused`]: the same may be put again.
    pub async fn put(&self, ty: MessageType, items: &[Value]) -> Result<Vec<Outcome>, ImportError> {
        let body = Bytes::from(json!({ "items": items }).to_string());
        let until = Instant::now() + self.patience;
        let mut known: Option<Vec<Outcome>> = None;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.once(ty, body.clone(), left.as_secs().min(WAIT_SECONDS_MAX)).await {
                Ok(now) if now.len() != items.len() => return Err(ImportError::NotAConnector),
                Ok(now) => {
                    let outcomes = merged(known, now);
                    let waits = outcomes.iter().any(|o| o.standing == Standing::Waiting);
                    if !waits || left < PAUSE {
                        return Ok(outcomes);
                    }
                    known = Some(outcomes);
                }
                Err(ImportError::Refused(refusal)) if refusal.code.retryable() && left > PAUSE => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn once(
        &self,
        ty: MessageType,
        body: Bytes,
        wait: u64,
    ) -> Result<Vec<Outcome>, ImportError> {
        let approve = if self.approve { "&approve=true" } else { "" };
        let path = format!("/local/v1/messages/{}?wait={wait}{approve}", ty.as_str());
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", self.token))
            .map_err(|_| ImportError::Token)?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        let within = Duration::from_secs(wait) + WORK;
        let reply = self.client.call(Method::PUT, &path, headers, body, within).await;
        let reply = reply.map_err(ImportError::Unreachable)?;
        if reply.status == StatusCode::OK {
            #[derive(Deserialize)]
            struct Items {
                items: Vec<Outcome>,
            }
            let items: Result<Items, _> = serde_json::from_slice(&reply.body);
            return items.map(|i| i.items).map_err(|_| ImportError::NotAConnector);
        }
        let problem: Problem =
            serde_json::from_slice(&reply.body).map_err(|_| ImportError::NotAConnector)?;
        let detail = problem.detail.map(|detail| Text::new(detail.clone(), detail));
        let refusal = Refusal { code: problem.code, detail, violations: problem.errors };
        Err(ImportError::Refused(refusal))
    }
}

/// What is known after asking again: only what waited can have changed, and what was accepted
/// meanwhile is called unchanged by the second reply.
fn merged(before: Option<Vec<Outcome>>, now: Vec<Outcome>) -> Vec<Outcome> {
    let Some(before) = before else { return now };
    let pairs = before.into_iter().zip(now);
    pairs
        .map(|(before, mut now)| {
            if before.standing != Standing::Waiting {
                return before;
            }
            if now.standing == Standing::Unchanged {
                now.standing = Standing::Accepted;
            }
            now.action = before.action;
            now
        })
        .collect()
}
