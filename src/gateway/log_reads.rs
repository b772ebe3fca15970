//! What others may read of the log: tiles, entry bundles, and the directory with its proof.

use super::Gateway;
use super::ports::{Entry, Outcome, Snapshot};
use super::publish::{DIRECTORY_ENTRY, Document};
use super::reply::{Tiles, internal};
use crate::domain::code::Refusal;
use crate::log::{
    Hash, Leaf, LeafKind, Proof, TILE_WIDTH, TileKind, TilePath, TileSource as _, inclusion_proof,
    push_entry, root_at,
};
use crate::projection::ViewError;

/// Entries that are read at once for a bundle: an entry comes with its bodies, which may be large.
const BUNDLE_READ_MAX: usize = 8;

/// A signed directory document and the proof that the log holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenDocument {
    /// The document.
    pub document: Document,
    /// `c2sp.org/tlog-proof@v1` of its leaf.
    pub proof: String,
}

impl Gateway {
    /// The newest directory document with a proof of now; `None` before the first one.
    pub async fn document_proof(&self) -> Result<Option<ProvenDocument>, Refusal> {
        let found = self
            .read_blocking(|snapshot| {
                let Some(document) = Document::load(snapshot)? else { return Ok(None) };
                let place = Place::of(snapshot, document.index)?;
                Ok(Some((document, place)))
            })
            .await?;
        let Some((document, place)) = found else { return Ok(None) };
        let checkpoint = self
            .shared
            .checkpoint_of(place.size, place.root)
            .ok_or_else(|| internal("no checkpoint"))?;
        let proof = Proof { extra: None, index: document.index, path: place.path, checkpoint };
        Ok(Some(ProvenDocument { proof: proof.to_string(), document }))
    }

    /// The bytes of a tile or entry bundle (C2SP tlog-tiles); `None` beyond the newest checkpoint.
    pub async fn tile(&self, path: TilePath) -> Result<Option<Vec<u8>>, Refusal> {
        // The published size: what is committed but under no checkpoint yet is not served.
        if !path.is_within(*self.shared.size.borrow()) {
            return Ok(None);
        }
        self.read_blocking(move |snapshot| {
            let bytes = match path.kind {
                TileKind::Hashes(level) => {
                    let hashes = Tiles(snapshot).hashes(level, path.index, path.width())?;
                    hashes.iter().flat_map(|hash| hash.0).collect()
                }
                TileKind::Entries => bundle(snapshot, path.index, path.width())?,
            };
            Ok(Some(bytes))
        })
        .await
    }
}

/// Where an entry stands in a consistent state of the log.
pub(super) struct Place {
    pub path: Vec<Hash>,
    pub size: u64,
    pub root: Hash,
}

impl Place {
    pub(super) fn of(snapshot: &dyn Snapshot, pos: u64) -> Result<Self, ViewError> {
        let size = snapshot.size()?;
        let path = inclusion_proof(pos, size, &Tiles(snapshot))
            .map_err(|_| damaged("the log has no path to an entry"))?;
        let root = root_at(size, &Tiles(snapshot)).map_err(|_| damaged("the log has no root"))?;
        Ok(Self { path, size, root })
    }
}

fn bundle(snapshot: &dyn Snapshot, index: u64, width: u16) -> Result<Vec<u8>, ViewError> {
    let (first, count) = (index.saturating_mul(u64::from(TILE_WIDTH)), usize::from(width));
    let (mut bytes, mut done) = (Vec::new(), 0);
    while done < count {
        let from = first.saturating_add(done as u64);
        let entries = snapshot.entries(from, BUNDLE_READ_MAX.min(count - done))?;
        if entries.is_empty() {
            return Err(damaged("an entry of the log is missing"));
        }
        for entry in &entries {
            push_entry(&mut bytes, &leaf(entry)?.entry())
                .map_err(|_| damaged("an entry is too long for a bundle"))?;
        }
        done += entries.len();
    }
    Ok(bytes)
}

/// The leaf of an entry, checked against the hash that the tree holds.
fn leaf(entry: &Entry) -> Result<Leaf, ViewError> {
    let kind = match entry.outcome {
        Outcome::Answered => LeafKind::Answer,
        Outcome::Accepted if entry.mt == DIRECTORY_ENTRY => LeafKind::Directory,
        Outcome::Accepted | Outcome::Rejected | Outcome::Equivocation => LeafKind::Receipt,
    };
    let leaf = Leaf { kind, digest: entry.reply_digest };
    if leaf.hash() == entry.leaf {
        Ok(leaf)
    } else {
        Err(damaged("an entry does not fit its leaf"))
    }
}

fn damaged(what: &'static str) -> ViewError {
    ViewError::Inconsistent { table: 0, what }
}
