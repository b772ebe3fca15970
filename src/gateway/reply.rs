//! What a sender gets back: a signed receipt or answer with its proof of inclusion.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::code::{Code, Refusal};
use crate::log::{Hash, Proof};

use super::ports::{Entry, Outcome, Snapshot};
use super::vault::{Part, Vault};
use crate::log::TileSource;
use crate::projection::ViewError;

/// A committed reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What became of the message.
    pub outcome: Outcome,
    /// Why, when it was refused.
    pub refusal: Option<Refusal>,
    /// Receipt or answer, the exact compact JWS.
    pub compact: String,
    /// `c2sp.org/tlog-proof@v1` of its leaf.
    pub proof: String,
    /// Was it given before, for the same bytes?
    pub replayed: bool,
}

/// A reply whose proof waits for the checkpoint of its group.
#[derive(Clone, Debug)]
pub(super) struct Unproven {
    pub outcome: Outcome,
    pub refusal: Option<Refusal>,
    pub compact: String,
    pub index: u64,
    pub path: Vec<Hash>,
    pub replayed: bool,
}

impl Unproven {
    pub(super) fn prove(self, checkpoint: &str) -> Reply {
        let proof = Proof {
            extra: None,
            index: self.index,
            path: self.path,
            checkpoint: checkpoint.to_owned(),
        };
        Reply {
            outcome: self.outcome,
            refusal: self.refusal,
            compact: self.compact,
            proof: proof.to_string(),
            replayed: self.replayed,
        }
    }
}

/// The reply of an entry, opened when it is sealed.
pub(super) fn reply_text(vault: &Vault, entry: &Entry) -> Result<String, Refusal> {
    let bytes = match (&entry.wrapped_key, is_sealed(entry.outcome, &entry.reply)) {
        (Some(wrapped), true) => vault
            .unwrap(wrapped)
            .and_then(|key| key.open(Part::Reply, &entry.reply))
            .map_err(|_| internal("a stored reply does not open"))?,
        _ => entry.reply.clone(),
    };
    String::from_utf8(bytes).map_err(|_| internal("a stored reply is not text"))
}

/// A compact JWS begins with `eyJ`; sealed bytes of an entry never count as one.
fn is_sealed(outcome: Outcome, reply: &[u8]) -> bool {
    outcome == Outcome::Answered || !reply.starts_with(b"eyJ")
}

/// The payload of a JWS without any check: only to find where to look, or to read what the gateway
/// signed itself. `None` when it is no JSON object.
pub(super) fn payload_unverified(compact: &str) -> Option<serde_json::Value> {
    let payload = compact.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

/// An internal error; the place goes to the log of the process, not to the client.
pub(super) fn internal(what: &'static str) -> Refusal {
    tracing::error!(what, "broken invariant");
    Code::Internal.into()
}

/// Tiles of the log out of a snapshot.
pub struct Tiles<'a>(pub &'a dyn Snapshot);

impl TileSource for Tiles<'_> {
    type Error = ViewError;

    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, ViewError> {
        let missing = ViewError::Inconsistent { table: 0, what: "a tile of the log is missing" };
        let count = usize::from(width);
        let hashes = if width == crate::log::TILE_WIDTH {
            self.0.tile(level, index)?.ok_or(missing.clone())?
        } else if level == 0 {
            self.0.leaves(index << 8, count)?
        } else {
            self.0.tile_roots(level - 1, index << 8, count)?
        };
        if hashes.len() == count { Ok(hashes) } else { Err(missing) }
    }
}
