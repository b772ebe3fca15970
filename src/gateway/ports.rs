//! What the gateway needs of a store. A store knows tables, entries and transactions, not what they
//! mean; a [`Committer`] knows what they mean and is called inside the store's transactions.

use std::sync::Arc;

use super::rebuild::EachRow;
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;
use crate::log::Hash;
use crate::projection::{Change, View, ViewError};

/// Most submissions in one commit group.
pub const GROUP_MAX: usize = 256;
/// Most submissions that wait for the writer; more are refused with `overloaded`.
pub const QUEUE_MAX: usize = 4_096;

/// What became of a message, as its entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted; the reply is a receipt.
    Accepted,
    /// Refused with a signed receipt; the body is not kept.
    Rejected,
    /// A query; the reply is an answer.
    Answered,
    /// Other bytes under a `jti` that was used before; the body is kept as proof.
    Equivocation,
}

/// One entry of the log: a message and its reply. Position and leaf index are the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Log position, from 0 without gaps.
    pub pos: u64,
    /// Acceptance time; never before that of the entry before.
    pub at: UtcSeconds,
    /// Sender.
    pub iss: ParticipantId,
    /// Message id.
    pub jti: uuid::Uuid,
    /// Message type, as sent.
    pub mt: String,
    /// SHA-256 of the message's exact bytes.
    pub digest: [u8; 32],
    /// What became of it.
    pub outcome: Outcome,
    /// Hash of the entry's leaf.
    pub leaf: Hash,
    /// SHA-256 of the reply's exact bytes, which the leaf holds.
    pub reply_digest: [u8; 32],
    /// Receipt or answer; sealed under the entry's key when it holds content.
    pub reply: Vec<u8>,
    /// The entry's own key, wrapped by the key outside the database; absent once erased.
    pub wrapped_key: Option<Vec<u8>>,
    /// The message, sealed; absent when it is not kept.
    pub body: Option<Vec<u8>>,
}

/// A consistent state of log and tables.
pub trait Snapshot: View {
    /// Number of entries.
    fn size(&self) -> Result<u64, ViewError>;
    /// The first entry under (sender, message id).
    fn entry_of(&self, iss: &ParticipantId, jti: uuid::Uuid) -> Result<Option<Entry>, ViewError>;
    /// The first equivocation under (sender, message id): the conflicting body that is kept.
    fn equivocation_of(
        &self,
        iss: &ParticipantId,
        jti: uuid::Uuid,
    ) -> Result<Option<Entry>, ViewError>;
    /// Up to `limit` entries from `pos` on.
    fn entries(&self, pos: u64, limit: usize) -> Result<Vec<Entry>, ViewError>;
    /// Leaf hashes from `pos` on, up to `limit`.
    fn leaves(&self, pos: u64, limit: usize) -> Result<Vec<Hash>, ViewError>;
    /// The 256 hashes of a full tile.
    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<Hash>>, ViewError>;
    /// Root hashes of the full tiles of a level, from `index` on, up to `limit`.
    fn tile_roots(&self, level: u8, index: u64, limit: usize) -> Result<Vec<Hash>, ViewError>;
    /// Calls `f` with every row of every table, in the order of (table, key).
    fn each_row(&self, f: EachRow<'_>) -> Result<(), ViewError>;
    /// A value kept beside the tables, such as the origin of the log.
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, ViewError>;
}

/// The one open transaction of the writer.
pub trait GroupTx {
    /// The state so far, with everything that this transaction has written.
    fn snapshot(&self) -> &dyn Snapshot;
    /// Adds the next entry.
    fn append(&mut self, entry: &Entry) -> Result<(), ViewError>;
    /// Applies a fold's changes.
    fn apply(&mut self, changes: Vec<Change>) -> Result<(), ViewError>;
    /// Adds a full tile with its root.
    fn put_tile(
        &mut self,
        level: u8,
        index: u64,
        hashes: &[Hash],
        root: Hash,
    ) -> Result<(), ViewError>;
    /// Sets a value beside the tables.
    fn put_meta(&mut self, name: &str, value: &[u8]) -> Result<(), ViewError>;
}

/// Decides and answers; called by the store's one writer.
pub trait Committer: Send {
    /// What is submitted.
    type Item: Send + 'static;

    /// Judges and writes a group inside its transaction. An error undoes the whole group.
    fn group(&mut self, tx: &mut dyn GroupTx, items: Vec<Self::Item>) -> Result<(), ViewError>;
    /// The transaction is durable: sign the checkpoint, publish, answer the waiters.
    fn committed(&mut self);
    /// The transaction was undone: tell the waiters.
    fn rolled_back(&mut self, error: &ViewError);
}

/// The bounded way to the writer.
pub trait Writer<I>: Send + Sync {
    /// Queues an item; gives it back when the queue is full or the writer has stopped.
    fn submit(&self, item: I) -> Result<(), I>;
}

/// The way to consistent reads.
pub trait Reads: Send + Sync {
    /// Runs `f` on a consistent state of everything committed so far. Blocks: call it off the
    /// asynchronous threads.
    fn read(
        &self,
        f: &mut dyn FnMut(&dyn Snapshot) -> Result<(), ViewError>,
    ) -> Result<(), ViewError>;
}

/// Runs `f` on a consistent state and gives its result back.
pub fn read<T>(
    reads: &Arc<dyn Reads>,
    f: impl FnOnce(&dyn Snapshot) -> Result<T, ViewError>,
) -> Result<T, ViewError> {
    let mut f = Some(f);
    let mut result = None;
    reads.read(&mut |snapshot| {
        if let Some(f) = f.take() {
            result = Some(f(snapshot)?);
        }
        Ok(())
    })?;
    result.ok_or_else(|| ViewError::Storage("the read did not run".to_owned()))
}
