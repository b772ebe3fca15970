//! What the writer and the asynchronous side share: keys, ports, and the snapshots that are swapped
//! whole when a group is committed.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::Identity;
use super::directory::{Directory, Pinned};
use super::precision::RulePrecision;
use super::pseudonym::Pseudonyms;
use super::publish::Document;
use super::rulebook::Rulebook;
use super::self_test::Flow;
use super::vault::Vault;
use crate::catalogue::Catalogue;
use crate::domain::entropy::Entropy;
use crate::domain::participant::ParticipantId;
use crate::domain::ports::{Clock, Ids};
use crate::jws::SigningKey;
use crate::log::{Checkpoint, Hash, KeyName, NoteSigner, Tree};
use crate::schema::Registry;

/// The gateway's own keys, one per use.
pub struct GatewayKeys {
    /// Signs `clock/1` and nothing else.
    pub message: SigningKey,
    /// Signs receipts and answers.
    pub receipt: SigningKey,
    /// Signs the directory.
    pub directory: SigningKey,
    /// Signs checkpoints.
    pub log: SigningKey,
    /// Key outside the database that wraps the entries' keys.
    pub vault: Vault,
    /// The matcher's key over tokens.
    pub pseudonyms: Pseudonyms,
}

/// Where time, ids and randomness come from.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

pub(super) struct Shared {
    pub id: ParticipantId,
    pub origin: KeyName,
    pub message_key: SigningKey,
    pub receipt_key: SigningKey,
    pub directory_key: SigningKey,
    pub log_key: SigningKey,
    pub vault: Vault,
    pub pseudonyms: Pseudonyms,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub entropy: Arc<dyn Entropy>,
    pub pinned: Pinned,
    pub catalogue: Arc<Catalogue>,
    pub schemas: Arc<Registry>,
    pub size: watch::Sender<u64>,
    pub directory: ArcSwap<Directory>,
    pub document: ArcSwap<Option<Document>>,
    pub rulebook: ArcSwap<Rulebook>,
    pub checkpoint: ArcSwap<String>,
    pub flow: Flow,
    /// How precise each rule had proved when somebody last asked.
    pub precision: ArcSwap<Vec<RulePrecision>>,
    /// Second from which on the clocks of objections and enquiries are looked at again.
    pub clocks_due: AtomicI64,
}

impl Shared {
    pub(super) fn new(
        identity: Identity,
        keys: GatewayKeys,
        ports: Ports,
        catalogue: Arc<Catalogue>,
        schemas: Arc<Registry>,
        (directory, document, rulebook): (Directory, Option<Document>, Rulebook),
    ) -> Self {
        Self {
            id: identity.id,
            origin: identity.origin,
            message_key: keys.message,
            receipt_key: keys.receipt,
            directory_key: keys.directory,
            log_key: keys.log,
            vault: keys.vault,
            pseudonyms: keys.pseudonyms,
            clock: ports.clock,
            ids: ports.ids,
            entropy: ports.entropy,
            pinned: identity.pinned,
            catalogue,
            schemas,
            size: watch::Sender::new(0),
            directory: ArcSwap::from_pointee(directory),
            document: ArcSwap::from_pointee(document),
            rulebook: ArcSwap::from_pointee(rulebook),
            checkpoint: ArcSwap::from_pointee(String::new()),
            flow: Flow::default(),
            precision: ArcSwap::default(),
            clocks_due: AtomicI64::new(0),
        }
    }

    /// Signs and publishes the checkpoint of a committed tree.
    pub(super) fn sign_checkpoint(&self, tree: &Tree) {
        if let Some(note) = self.checkpoint_of(tree.size(), tree.root()) {
            self.checkpoint.store(Arc::new(note));
        }
    }

    /// The signed checkpoint of a committed size and root.
    pub(super) fn checkpoint_of(&self, size: u64, root: Hash) -> Option<String> {
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root };
        match checkpoint.sign(&LogSigner(self)) {
            Ok(note) => Some(note),
            // The signer's name is the origin by construction.
            Err(error) => {
                tracing::error!(%error, "a checkpoint could not be signed");
                None
            }
        }
    }
}

/// The log key under the name of the log.
struct LogSigner<'a>(&'a Shared);

impl NoteSigner for LogSigner<'_> {
    fn name(&self) -> &str {
        self.0.origin.as_str()
    }

    fn public(&self) -> [u8; 32] {
        *self.0.log_key.public().as_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.log_key.sign_bytes(message)
    }
}
