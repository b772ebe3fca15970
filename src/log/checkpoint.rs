//! Checkpoints (C2SP tlog-checkpoint): a size and root, signed by the log.

use std::fmt;
use std::str::FromStr;

use super::hash::{EMPTY_ROOT, Hash};
use super::key::{KeyName, NoteSigner, NoteVerifier, SignatureType, key_id};
use super::note::{Note, NoteError, Verified, line};
use super::text::decimal;

/// What a log says of itself: its origin, size and root.
///
/// Its text is the body of the note that is signed. This profile has no extension lines, so none
/// can be written and parsing a checkpoint of one's own refuses them; [`Checkpoint::open`]
/// tolerates them, as the specification asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The identity of the log, and the name of the key that signs for it.
    pub origin: KeyName,
    /// Number of leaves.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

/// A checkpoint that its log signed. Only [`Checkpoint::open`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCheckpoint {
    checkpoint: Checkpoint,
    text: String,
    cosigners: Vec<Seen>,
}

/// A cosigner that saw the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The name of the cosigner.
    pub by: KeyName,
    /// When, in seconds since 1970, by its own clock.
    pub time: u64,
}

/// Why a checkpoint is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it is not believed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not in the form of a checkpoint: the fault of the log.
    #[error("malformed checkpoint: {0}")]
    Malformed(&'static str),
    /// The checkpoint of another log: the fault of whoever sent it.
    #[error("the checkpoint belongs to another log")]
    Origin,
    /// Known keys signed, but not the log: the reader lacks the log's key, or the log did not sign.
    #[error("the log itself did not sign the checkpoint")]
    NotSignedByLog,
    /// The caller's signing key has another name than the log.
    #[error("the signing key has another name than the log")]
    SignerName,
}

impl Checkpoint {
    /// Signs the checkpoint: the note to serve at `/checkpoint`.
    ///
    /// Sign only a size and root of a committed tree, and make the note durable before anyone sees
    /// it: two signed checkpoints that contradict each other are the end of a log.
    pub fn sign(&self, signer: &impl NoteSigner) -> Result<String, CheckpointError> {
        if signer.name() != self.origin.as_str() {
            return Err(CheckpointError::SignerName);
        }
        let body = self.to_string();
        let id = key_id(signer.name(), SignatureType::Ed25519, &signer.public());
        let line = line(signer.name(), id, &signer.sign(body.as_bytes()));
        Ok(format!("{body}\n{line}"))
    }

    /// Opens a note: checks every line of a known key (one that fails sinks it) and that the log
    /// at `expected_origin` signed it with a key of its own name.
    pub fn open(
        note: &str,
        verifiers: &[NoteVerifier],
        expected_origin: &KeyName,
    ) -> Result<VerifiedCheckpoint, CheckpointError> {
        let note = Note::parse(note)?;
        let verified = note.verify(verifiers)?;
        let (checkpoint, _extensions) = Self::parse_text(note.text())?;
        if checkpoint.origin != *expected_origin {
            return Err(CheckpointError::Origin);
        }
        let by_log = |v: &Verified| v.kind == SignatureType::Ed25519 && v.name == checkpoint.origin;
        if !verified.iter().any(by_log) {
            return Err(CheckpointError::NotSignedByLog);
        }
        let seen = |v: Verified| v.time.map(|time| Seen { by: v.name, time });
        let cosigners = verified.into_iter().filter_map(seen).collect();
        Ok(VerifiedCheckpoint { checkpoint, text: note.text().to_owned(), cosigners })
    }

    /// The checkpoint and the extension lines behind it.
    fn parse_text(text: &str) -> Result<(Self, &str), CheckpointError> {
        let err = CheckpointError::Malformed;
        let mut lines = text.splitn(4, '\n');
        let (Some(origin), Some(size), Some(root), Some(rest)) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(err("fewer than three lines"));
        };
        let origin = origin.parse().map_err(|_| err("the origin"))?;
        let size = decimal(size).ok_or(err("the size"))?;
        let root = Hash::from_base64(root).ok_or(err("the root"))?;
        if size == 0 && root != EMPTY_ROOT {
            return Err(err("a tree without leaves has another root"));
        }
        let whole = rest.is_empty() || rest.ends_with('\n');
        if !whole || rest.starts_with('\n') || rest.contains("\n\n") {
            return Err(err("an empty or unfinished extension line"));
        }
        Ok((Self { origin, size, root }, rest))
    }
}

impl VerifiedCheckpoint {
    /// What the log said.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The text that was signed, extension lines included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Known cosigners whose cosignature holds, each once. How many are enough is the reader's
    /// policy.
    pub fn cosigners(&self) -> &[Seen] {
        &self.cosigners
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())
    }
}

/// The body of a checkpoint of this profile: three lines, no more.
impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        match Self::parse_text(text)? {
            (checkpoint, "") => Ok(checkpoint),
            _ => Err(CheckpointError::Malformed("an extension line")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::{LOG, OTHER_LOG, WITNESS};

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: LOG.key_name(), size: 7, root: Hash([7; 32]) }
    }

    #[test]
    fn signed_checkpoints_open() {
        let note = checkpoint().sign(&LOG).unwrap();
        let opened = Checkpoint::open(&note, &[LOG.verifier()], &LOG.key_name()).unwrap();
        assert_eq!(opened.checkpoint(), &checkpoint());
        assert_eq!(opened.text(), checkpoint().to_string());
        assert!(opened.cosigners().is_empty());
    }

    #[test]
    fn only_the_log_speaks_for_itself() {
        let note = checkpoint().sign(&LOG).unwrap();
        let open =
            |note: &str, keys: &[NoteVerifier], origin| Checkpoint::open(note, keys, &origin);
        let other = open(&note, &[LOG.verifier()], OTHER_LOG.key_name());
        assert_eq!(other, Err(CheckpointError::Origin));
        let unknown = open(&note, &[OTHER_LOG.verifier()], LOG.key_name());
        assert_eq!(unknown, Err(CheckpointError::Note(NoteError::NoKnownSignature)));
        assert_eq!(checkpoint().sign(&OTHER_LOG), Err(CheckpointError::SignerName));

        // Another known key signs the same text: believed as a note, not as a checkpoint.
        let body = checkpoint().to_string();
        let id = OTHER_LOG.verifier().id();
        let by_other = line(OTHER_LOG.name(), id, &OTHER_LOG.sign(body.as_bytes()));
        let keys = [LOG.verifier(), OTHER_LOG.verifier(), WITNESS.cosigner()];
        let not_log = open(&format!("{body}\n{by_other}"), &keys, LOG.key_name());
        assert_eq!(not_log, Err(CheckpointError::NotSignedByLog));
    }

    #[test]
    fn extension_lines_are_tolerated_from_others_only() {
        let body = format!("{}an extension\n", checkpoint());
        assert!(body.parse::<Checkpoint>().is_err());
        let signed = line(LOG.name(), LOG.verifier().id(), &LOG.sign(body.as_bytes()));
        let note = format!("{body}\n{signed}");
        let opened = Checkpoint::open(&note, &[LOG.verifier()], &LOG.key_name()).unwrap();
        assert_eq!(opened.checkpoint(), &checkpoint());
        assert_eq!(opened.text(), body);
    }

    #[test]
    fn malformed_bodies_are_refused() {
        let root = EMPTY_ROOT.to_base64();
        assert!(format!("a\n0\n{root}\n").parse::<Checkpoint>().is_ok());
        for bad in [
            String::new(),
            format!("a\n1\n{root}"),
            format!("a\n01\n{root}\n"),
            format!("a\n-1\n{root}\n"),
            format!("a\n18446744073709551616\n{root}\n"),
            format!("\n1\n{root}\n"),
            format!("a b\n1\n{root}\n"),
            format!("ydt-pop/v1\n1\n{root}\n"),
            format!("a\n1\n{}\n", root.trim_end_matches('=')),
            format!("a\n1\n{root}\n\n"),
            format!("a\n0\n{}\n", Hash([1; 32]).to_base64()),
        ] {
            assert!(bad.parse::<Checkpoint>().is_err(), "{bad:?}");
        }
    }
}
