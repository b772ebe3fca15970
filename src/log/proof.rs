//! Offline proofs of inclusion (`c2sp.org/tlog-proof@v1`).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, CheckpointError, VerifiedCheckpoint};
use super::hash::Hash;
use super::key::{KeyName, NoteVerifier};
use super::note::MAX_NOTE_BYTES;
use super::text::decimal;
use super::verify::{MAX_PATH, VerifyError, verify_inclusion};

/// Most bytes of extra data.
pub const MAX_EXTRA_BYTES: usize = 16 * 1024;

/// Longest proof that is read: note, extra data and path, with room for the words between.
pub const MAX_PROOF_BYTES: usize = MAX_NOTE_BYTES + MAX_EXTRA_BYTES / 3 * 4 + MAX_PATH * 45 + 256;

const HEAD: &str = "c2sp.org/tlog-proof@v1";

/// A proof as text says it: well-formed, not yet believed.
///
/// It does not name its leaf. The reader computes the leaf from the JWS beside the proof, and that
/// leaf alone is what a proof binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Opaque data beside the proof. Nothing authenticates it; this system writes none.
    pub extra: Option<Vec<u8>>,
    /// Position of the leaf.
    pub index: u64,
    /// Audit path, from the sibling of the leaf to the child of the root.
    pub path: Vec<Hash>,
    /// The signed note of the checkpoint, verbatim.
    pub checkpoint: String,
}

/// The log has this leaf at this index. Only [`Proof::verify`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedInclusion {
    leaf: Hash,
    index: u64,
    checkpoint: VerifiedCheckpoint,
}

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Longer than [`MAX_PROOF_BYTES`], [`MAX_EXTRA_BYTES`] or [`MAX_PATH`]: the carrier's fault.
    #[error("the proof is longer than the bound")]
    TooLong,
    /// Not in the form of a proof: the fault of whoever wrote or carried it.
    #[error("malformed proof: {0}")]
    Malformed(&'static str),
    /// The checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The path does not lead from the leaf to the root: it belongs to another leaf, or the log
    /// does not hold the leaf.
    #[error(transparent)]
    Path(#[from] VerifyError),
}

impl Proof {
    /// Checks the checkpoint against the keys the reader trusts, then the path from `leaf`, the
    /// leaf hash the reader computed itself, to the signed root.
    pub fn verify(
        &self,
        leaf: &Hash,
        origin: &KeyName,
        verifiers: &[NoteVerifier],
    ) -> Result<VerifiedInclusion, ProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, verifiers, origin)?;
        let Checkpoint { size, root, .. } = checkpoint.checkpoint();
        verify_inclusion(leaf, self.index, *size, &self.path, root)?;
        Ok(VerifiedInclusion { leaf: *leaf, index: self.index, checkpoint })
    }
}

impl VerifiedInclusion {
    /// Hash of the leaf.
    pub fn leaf(&self) -> &Hash {
        &self.leaf
    }

    /// Its position in the log.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The checkpoint that covers it, and who cosigned it.
    pub fn checkpoint(&self) -> &VerifiedCheckpoint {
        &self.checkpoint
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let err = ProofError::Malformed;
        if text.len() > MAX_PROOF_BYTES {
            return Err(ProofError::TooLong);
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(err("no blank line"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEAD) {
            return Err(err("the first line"));
        }
        let extra = lines.peek().and_then(|line| line.strip_prefix("extra ")).map(parse_extra);
        let extra = extra.transpose()?;
        if extra.is_some() {
            lines.next();
        }
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(err("the index"))?;
        let mut path = Vec::new();
        for line in lines {
            if path.len() == MAX_PATH {
                return Err(ProofError::TooLong);
            }
            path.push(Hash::from_base64(line).ok_or(err("a hash of the path"))?);
        }
        Ok(Self { extra, index, path, checkpoint: checkpoint.to_owned() })
    }
}

fn parse_extra(encoded: &str) -> Result<Vec<u8>, ProofError> {
    let extra = STANDARD.decode(encoded).map_err(|_| ProofError::Malformed("the extra data"))?;
    if extra.len() > MAX_EXTRA_BYTES { Err(ProofError::TooLong) } else { Ok(extra) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::naive;
    use crate::log::testing::{LOG, OTHER_LOG, grown};

    fn proof(index: usize, size: usize) -> (Proof, Hash) {
        let (checkpoint, leaves) = grown(size);
        let proof = Proof {
            extra: None,
            index: index as u64,
            path: naive::path(index, &leaves),
            checkpoint: checkpoint.sign(&LOG).unwrap(),
        };
        (proof, leaves[index])
    }

    #[test]
    fn proofs_survive_their_text() {
        for (index, size) in [(0, 1), (0, 2), (6, 7), (63, 109)] {
            let (mut proof, leaf) = proof(index, size);
            for extra in [None, Some(Vec::new()), Some(b"opaque".to_vec())] {
                proof.extra = extra;
                let parsed: Proof = proof.to_string().parse().unwrap();
                assert_eq!(parsed, proof);
                let verified = parsed.verify(&leaf, &LOG.key_name(), &[LOG.verifier()]).unwrap();
                assert_eq!(verified.index(), index as u64);
                assert_eq!(verified.checkpoint().checkpoint().size, size as u64);
            }
        }
    }

    #[test]
    fn a_proof_binds_leaf_index_log_and_key() {
        let (good, leaf) = proof(5, 9);
        let origin = LOG.key_name();
        let verify = |proof: &Proof| proof.verify(&leaf, &origin, &[LOG.verifier()]);
        assert!(verify(&good).is_ok());
        let other_index = Proof { index: 4, ..good.clone() };
        assert_eq!(verify(&other_index), Err(VerifyError::RootMismatch.into()));
        let outside = Proof { index: 9, ..good.clone() };
        assert_eq!(verify(&outside), Err(VerifyError::OutOfRange.into()));
        let shorter = Proof { path: good.path[1..].to_vec(), ..good.clone() };
        assert_eq!(verify(&shorter), Err(VerifyError::PathLength.into()));
        let longer = Proof { path: [&good.path[..], &[leaf]].concat(), ..good.clone() };
        assert_eq!(verify(&longer), Err(VerifyError::PathLength.into()));
        let other_leaf = good.verify(&Hash([0; 32]), &origin, &[LOG.verifier()]);
        assert_eq!(other_leaf, Err(VerifyError::RootMismatch.into()));
        let other_log = good.verify(&leaf, &OTHER_LOG.key_name(), &[LOG.verifier()]);
        assert_eq!(other_log, Err(CheckpointError::Origin.into()));
    }

    #[test]
    fn malformed_proofs_are_refused() {
        let text = proof(5, 9).0.to_string();
        for (from, to) in [
            ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
            ("index 5\n", ""),
            ("index 5\n", "index 05\n"),
            ("index 5\n", "index 5\nindex 5\n"),
            ("index 5\n", "index 5 \n"),
            ("index 5\n", "extra A\nindex 5\n"),
            ("index 5\n", "extra AA==\nextra AA==\nindex 5\n"),
            ("index 5\n", "index 5\nAAAA\n"),
            ("index 5\n", "index 5\r\n"),
            ("\n\n", "\n"),
        ] {
            let bad = text.replace(from, to);
            assert_ne!(bad, text);
            assert!(bad.parse::<Proof>().is_err(), "{from:?} -> {to:?}");
        }
        let long = text.replacen(
            "index 5\n",
            &format!("index 5\n{}", format!("{}\n", Hash([0; 32]).to_base64()).repeat(65)),
            1,
        );
        assert_eq!(long.parse::<Proof>(), Err(ProofError::TooLong));
        let extra = STANDARD.encode(vec![0; MAX_EXTRA_BYTES + 1]);
        let long = text.replacen("index 5\n", &format!("extra {extra}\nindex 5\n"), 1);
        assert_eq!(long.parse::<Proof>(), Err(ProofError::TooLong));
    }
}
