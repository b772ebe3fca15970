//! Cosignatures (C2SP tlog-cosignature, type 0x04): "I saw this checkpoint, and it continues the
//! one I saw before."

use super::checkpoint::VerifiedCheckpoint;
use super::hash::Hash;
use super::key::{KeyError, KeyName, NoteSigner, SignatureType, key_id};
use super::note::{cosigned, line};
use super::verify::{VerifyError, verify_consistency};

/// A checkpoint that continues the last one its reader saw. Only [`follow`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consistent<'a>(&'a VerifiedCheckpoint);

/// Why a checkpoint is not followed or cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignError {
    /// The two checkpoints belong to different logs: the caller's fault.
    #[error("the checkpoints belong to different logs")]
    Origin,
    /// The log went back, forked, or gave a proof that proves nothing. Keep both checkpoints:
    /// signed and contradictory, they are evidence against the log.
    #[error("the log does not continue the checkpoint seen before: {0}")]
    Inconsistent(#[from] VerifyError),
    /// The caller's time is above 2^63 − 1 seconds.
    #[error("the time is impossible")]
    Time,
    /// The caller's key has a name no note can carry.
    #[error(transparent)]
    Name(#[from] KeyError),
}

/// Checks that `next` continues `last`, the last checkpoint of this log that the reader saw and
/// keeps; `path` is the consistency proof between them. The first checkpoint is taken on trust.
pub fn follow<'a>(
    last: Option<&VerifiedCheckpoint>,
    next: &'a VerifiedCheckpoint,
    path: &[Hash],
) -> Result<Consistent<'a>, CosignError> {
    if let Some(last) = last {
        let (old, new) = (last.checkpoint(), next.checkpoint());
        if old.origin != new.origin {
            return Err(CosignError::Origin);
        }
        verify_consistency(old.size, &old.root, new.size, &new.root, path)?;
    }
    Ok(Consistent(next))
}

impl<'a> Consistent<'a> {
    /// The checkpoint to keep as the last one seen.
    pub fn checkpoint(self) -> &'a VerifiedCheckpoint {
        self.0
    }
}

/// The signature line of a cosigner, to be added to the note by
/// [`add_signature`](super::add_signature). `time` is in seconds since 1970.
///
/// Keep the checkpoint durably as the last one seen before the line leaves. One key per cosigner:
/// the signed text does not name it.
pub fn cosign(
    checkpoint: Consistent<'_>,
    signer: &impl NoteSigner,
    time: u64,
) -> Result<String, CosignError> {
    let name: KeyName = signer.name().parse()?;
    let message = cosigned(time, checkpoint.0.text()).ok_or(CosignError::Time)?;
    let signature = signer.sign(message.as_bytes());
    let id = key_id(name.as_str(), SignatureType::CosignatureV1, &signer.public());
    Ok(line(name.as_str(), id, &[&time.to_be_bytes()[..], &signature].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::{LOG, WITNESS, grown};
    use crate::log::{Checkpoint, NoteError, add_signature};

    #[test]
    fn a_cosigned_checkpoint_names_its_witness_and_time() {
        let (log, leaves) = grown(9);
        let keys = [LOG.verifier(), WITNESS.cosigner()];
        let note = log.sign(&LOG).unwrap();
        let opened = Checkpoint::open(&note, &keys, &LOG.key_name()).unwrap();
        let line = cosign(follow(None, &opened, &[]).unwrap(), &WITNESS, 1_700_000_000).unwrap();
        let note = add_signature(&note, &line).unwrap();
        let seen = Checkpoint::open(&note, &keys, &LOG.key_name()).unwrap();
        assert_eq!(seen.cosigners().len(), 1);
        assert_eq!(seen.cosigners()[0].time, 1_700_000_000);
        assert_eq!(seen.cosigners()[0].by, WITNESS.key_name());
        // A reader who does not know the witness ignores its line.
        let unaware = Checkpoint::open(&note, &keys[..1], &LOG.key_name()).unwrap();
        assert!(unaware.cosigners().is_empty());

        // The same witness over another text: the line sinks the note.
        let other = grown(8).0.sign(&LOG).unwrap();
        let moved = Checkpoint::open(&(other + &line), &keys, &LOG.key_name());
        assert_eq!(moved, Err(NoteError::BadSignature(WITNESS.key_name()).into()));
        assert_eq!(leaves.len(), 9);
    }

    #[test]
    fn a_log_that_forks_is_not_followed() {
        let open = |checkpoint: Checkpoint| {
            let note = checkpoint.sign(&LOG).unwrap();
            Checkpoint::open(&note, &[LOG.verifier()], &LOG.key_name()).unwrap()
        };
        let (old, new) = (grown(5).0, grown(9));
        let path = crate::log::naive::proof(5, &new.1);
        let (old, new) = (open(old), open(new.0));
        assert!(follow(Some(&old), &new, &path).is_ok());
        assert!(follow(Some(&old), &new, &[]).is_err());
        assert!(follow(Some(&new), &old, &path).is_err());
        let fork = open(Checkpoint { root: Hash([9; 32]), ..old.checkpoint().clone() });
        assert!(follow(Some(&fork), &new, &path).is_err());
        assert!(follow(Some(&fork), &old, &[]).is_err());
    }

    #[test]
    fn impossible_times_are_refused() {
        let note = grown(1).0.sign(&LOG).unwrap();
        let opened = Checkpoint::open(&note, &[LOG.verifier()], &LOG.key_name()).unwrap();
        let followed = follow(None, &opened, &[]).unwrap();
        assert_eq!(cosign(followed, &WITNESS, 1 << 63), Err(CosignError::Time));
        assert!(cosign(followed, &WITNESS, (1 << 63) - 1).is_ok());
    }
}
