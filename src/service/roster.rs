//! The directory as the tokeniser follows it: who may ask now, with which key.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use serde_json::Value;

use crate::domain::directory::Standing;
use crate::domain::participant::KeyId;
use crate::evidence::{EvidenceError, Pin, TrustedDirectory};
use crate::jws::{KeyLookup, KeyRecord};
use crate::net::client::{Client, ClientError};

/// How often the directory is fetched: how long a suspension may take to arrive here.
pub const FETCH_EVERY: Duration = Duration::from_secs(10);
/// Longest wait for it.
const REPLY_TIME: Duration = Duration::from_secs(10);

/// Why there is no new directory.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the gateway answered with status {0}")]
    Status(u16),
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    #[error("the directory could not be kept: {0}")]
    Keep(#[from] std::io::Error),
}

/// The newest directory that was verified. Knows the keys of active participants only; before the
/// first directory it knows none, and everybody is refused.
pub(super) struct Roster {
    pin: Pin,
    file: PathBuf,
    newest: ArcSwapOption<TrustedDirectory>,
}

impl Roster {
    /// Takes up the document that was kept in `file`, if there is one that verifies.
    pub fn open(pin: Pin, file: PathBuf) -> Self {
        let roster = Self { pin, file, newest: ArcSwapOption::empty() };
        match std::fs::read_to_string(&roster.file) {
            Ok(compact) => roster.take(compact.trim_end()).unwrap_or_else(|error| {
                tracing::warn!(%error, "the kept directory is not believed");
            }),
            Err(error) => tracing::info!(%error, "no directory is kept yet"),
        }
        roster
    }

    /// Fetches the directory again and again.
    pub async fn follow(self: Arc<Self>, gateway: Client) {
        loop {
            if let Err(error) = self.fetch(&gateway).await {
                tracing::warn!(%error, "no new directory");
            }
            tokio::time::sleep(FETCH_EVERY).await;
        }
    }

    async fn fetch(&self, gateway: &Client) -> Result<(), FetchError> {
        let reply = gateway.get("/v1/directory", REPLY_TIME).await?;
        if !reply.status.is_success() {
            return Err(FetchError::Status(reply.status.as_u16()));
        }
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let compact = body.get("directory").and_then(Value::as_str).unwrap_or_default();
        let before = self.newest.load().as_ref().map(|d| d.version());
        self.take(compact)?;
        if self.newest.load().as_ref().map(|d| d.version()) != before {
            let staged = self.file.with_extension("new");
            tokio::fs::write(&staged, compact).await?;
            tokio::fs::rename(&staged, &self.file).await?;
        }
        Ok(())
    }

    /// Believes a document that follows from the one before, or from the pin. Never an older one.
    fn take(&self, compact: &str) -> Result<(), EvidenceError> {
        let next = match &*self.newest.load() {
            Some(newest) => newest.succeed(compact)?,
            None => TrustedDirectory::open(compact, &self.pin, None)?,
        };
        self.newest.store(Some(Arc::new(next)));
        Ok(())
    }
}

impl KeyLookup for Roster {
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>> {
        let newest = self.newest.load();
        let directory = newest.as_ref()?;
        let owner = directory.participant(&kid.participant()?)?;
        (owner.standing == Standing::Active).then(|| directory.key(kid)).flatten()
    }
}
