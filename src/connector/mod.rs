//! 前置机: a district's own node. Plain JSON comes in on the district's network, signed messages go
//! out; every receipt and answer is verified before anyone is told.
//!
//! Owns the operators, the way from plain identifiers to tokens, the outbox, the copy of the feed
//! and the local REST. Leaves the meaning of messages to `domain` and `schema`, signatures to `jws`,
//! blind tokens to `oprf`, verification to `evidence`, connections to `net`.
//!
//! Identifiers live here for the time of one request, in memory: the outbox file, the log of the
//! process and every error hold tokens and pointers only.
//!
//! ```text
//! request ─ operators ─ plain ─ tokens ─▶ push ─ outbox ─ send ─▶ gateway ─▶ evidence ─▶ receipt
//!                                    └──▶ ask ─────────────────▶ gateway ─▶ evidence ─▶ answer
//! ```

mod alias;
mod api;
mod ask;
mod directory;
mod feed;
mod hub;
mod identify;
mod operators;
mod outbox;
mod plain;
mod push;
mod put;
mod reconcile;
mod rehearse;
mod remark;
pub mod retry;
mod revisions;
mod send;
mod stated;
mod step;
mod tokens;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

pub use self::api::{WAIT_SECONDS_MAX, router};
pub use self::identify::is_identifier_member;
pub use self::operators::{OPERATORS_MAX, Operators, OperatorsError};
pub use self::outbox::{
    Counts, ENDED_ITEMS_MAX, FEED_ENTRIES_MAX, ItemState, OPEN_ITEMS_MAX, OutboxError,
};
pub use self::plain::IDENTIFIERS_MAX;
pub use self::reconcile::Daily;
pub use self::rehearse::rehearse;
pub use self::remark::Remark;
pub use self::tokens::CACHE_MAX;

use self::directory::DirectoryKeeper;
use self::outbox::Outbox;
use self::tokens::Tokens;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::evidence::Pin;
pub use crate::gateway::Ports;
use crate::jws::SigningKey;
use crate::net::client::Client;
use crate::schema::Registry;

/// A service that the connector calls.
pub struct Peer {
    /// Its participant id, the `aud` of messages to it.
    pub id: ParticipantId,
    /// The way to it, with this district's client certificate.
    pub client: Client,
}

/// Who the connector is and whom it talks to.
pub struct ConnectorConfig {
    /// The district.
    pub participant: ParticipantId,
    /// Its message key.
    pub key: SigningKey,
    /// The gateway.
    pub gateway: Peer,
    /// The tokeniser.
    pub tokeniser: Peer,
    /// File of outbox and feed; created when it is not there.
    pub outbox: PathBuf,
    /// The operator of the gateway and its directory key, compared by other means.
    pub pin: Pin,
    /// Who may use the local REST.
    pub operators: Operators,
    /// When to reconcile without being asked; never, where absent.
    pub daily: Option<Daily>,
}

/// Why a connector could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The outbox file cannot be used.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The message key does not belong to the participant.
    #[error("the key does not belong to the participant")]
    Key,
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] crate::domain::entropy::EntropyError),
}

/// A district's connector.
pub struct Connector {
    participant: ParticipantId,
    key: SigningKey,
    gateway: Peer,
    tokens: Tokens,
    outbox: Arc<Outbox>,
    directory: DirectoryKeeper,
    operators: Operators,
    daily: Option<Daily>,
    schemas: Arc<Registry>,
    ports: Ports,
    /// Counts up when the outbox has changed: wakes the sender and those who wait for a receipt.
    changed: watch::Sender<u64>,
    /// Held while the next revisions of records are found and written.
    putting: tokio::sync::Mutex<()>,
}

impl Connector {
    /// Opens the outbox file and takes up the newest directory that was verified before. Connects
    /// to nobody yet.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        config: ConnectorConfig,
        schemas: Arc<Registry>,
        ports: Ports,
    ) -> Result<Arc<Self>, OpenError> {
        if config.key.kid().participant().as_ref() != Some(&config.participant) {
            return Err(OpenError::Key);
        }
        let outbox = Arc::new(Outbox::open(&config.outbox)?);
        let directory = DirectoryKeeper::open(config.pin, &outbox)?;
        let tokens = Tokens::new(config.tokeniser, &*ports.entropy)?;
        Ok(Arc::new(Self {
            participant: config.participant,
            key: config.key,
            gateway: config.gateway,
            tokens,
            outbox,
            directory,
            operators: config.operators,
            daily: config.daily,
            schemas,
            ports,
            changed: watch::Sender::new(0),
            putting: tokio::sync::Mutex::default(),
        }))
    }

    /// The district.
    pub fn participant(&self) -> &ParticipantId {
        &self.participant
    }

    /// Sends the outbox, follows the feed, renews the directory and reconciles once a day until `shutdown` completes. What
    /// is under way then is sent again, the same bytes, by the next run.
    pub async fn run(self: Arc<Self>, shutdown: impl Future<Output = ()> + Send) {
        tokio::select! {
            () = shutdown => {}
            () = send::run(&self) => {}
            () = feed::run(&self) => {}
            () = directory::run(&self) => {}
            () = reconcile::run(&self) => {}
        }
    }

    /// How many messages stand where.
    ///
    /// # Errors
    /// [`Code::Internal`] when the file cannot be read.
    pub async fn counts(&self) -> Result<Counts, Refusal> {
        self.on_outbox(Outbox::counts).await
    }

    /// Works on the outbox file off the threads that serve connections.
    async fn on_outbox<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Outbox) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let outbox = Arc::clone(&self.outbox);
        match tokio::task::spawn_blocking(move || work(&outbox)).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(OutboxError::Full)) => Err(Refusal::new(Code::Overloaded).detail(
                "发件箱已满：请检查与网关的连接，待积压消息发出后再提交",
                "the outbox is full: check the connection to the gateway, and push again when it has drained",
            )),
            Ok(Err(error)) => {
                tracing::error!(%error, "outbox");
                Err(Code::Internal.into())
            }
            Err(_) => Err(Code::Internal.into()),
        }
    }

    fn outbox_changed(&self) {
        self.changed.send_modify(|n| *n = n.wrapping_add(1));
    }
}
