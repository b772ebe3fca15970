//! RFC 6962 Merkle log: tree, C2SP tiles, checkpoint, proof.
//!
//! Owns the bytes of the log and what follows from them: leaf entries, hashes, tile paths, entry
//! bundles, signed notes, checkpoints, cosignatures and `tlog-proof` texts. All of it is pure:
//! no I/O, no clock, no key storage. Leaves durability to `store` (which keeps leaves and full
//! tiles and gives them back through [`TileSource`]), keys to `jws` (through [`NoteSigner`]) and
//! the meaning of a leaf to `gateway`.
//!
//! The writer keeps one [`Tree`] in memory. For a commit group it clones the tree, appends to the
//! clone, commits leaves and completed tiles, and only then lets the clone take the place of the
//! tree: a group that fails is dropped with its clone. A checkpoint is signed for the size and
//! root of a *committed* tree, made durable, and then served.
//!
//! Sources: RFC 6962 §2.1, RFC 9162 §2.1.3–2.1.4, C2SP `tlog-tiles`, `signed-note`,
//! `tlog-checkpoint`, `tlog-cosignature` and `tlog-proof`.

mod block;
mod bundle;
mod checkpoint;
mod cosignature;
mod hash;
mod key;
mod leaf;
mod note;
mod proof;
mod prove;
mod text;
mod tile;
mod tree;
mod verify;

pub use bundle::{BundleError, entries, push_entry};
pub use checkpoint::{Checkpoint, CheckpointError, Seen, VerifiedCheckpoint};
pub use cosignature::{Consistent, CosignError, cosign, follow};
pub use hash::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
pub use key::{KeyError, KeyName, MAX_KEY_NAME_BYTES, NoteSigner, NoteVerifier, SignatureType};
pub use leaf::{Leaf, LeafError, LeafKind};
pub use note::{
    MAX_NOTE_BYTES, MAX_SIGNATURES, Note, NoteError, NoteSignature, Verified, add_signature,
};
pub use proof::{MAX_EXTRA_BYTES, MAX_PROOF_BYTES, Proof, ProofError, VerifiedInclusion};
pub use prove::{
    MAX_SIZE, ProveError, TILE_WIDTH, TileSource, consistency_proof, inclusion_proof, root_at,
};
pub use tile::{MAX_LEVEL, TileError, TileKind, TilePath};
pub use tree::{NewTile, NotRecent, RestoreError, Tree};
pub use verify::{MAX_PATH, VerifyError, verify_consistency, verify_inclusion};

#[cfg(test)]
mod naive;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
