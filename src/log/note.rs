//! Signed notes (C2SP signed-note): text, blank line, signature lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::{KeyName, NoteVerifier, SignatureType};

/// Longest note that is read: 16 of the largest post-quantum signatures, and some text.
pub const MAX_NOTE_BYTES: usize = 128 * 1024;

/// Most signature lines that are read; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 64;

/// A note as received: well-formed, not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    text: &'a str,
    signatures: Vec<NoteSignature<'a>>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature<'a> {
    name: &'a str,
    id: [u8; 4],
    signature: Vec<u8>,
}

/// A verifier whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The name of the key.
    pub name: KeyName,
    /// How it signed.
    pub kind: SignatureType,
    /// The signed time of a cosignature, in seconds since 1970; not compared with any clock.
    pub time: Option<u64>,
}

/// Why a note is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE_BYTES`], or more lines than [`MAX_SIGNATURES`]: the carrier's fault.
    #[error("the note is longer than the bound")]
    TooLong,
    /// Not in the form of a signed note: the fault of whoever wrote or carried it.
    #[error("malformed note: {0}")]
    Malformed(&'static str),
    /// A known key's signature does not hold: the note was altered, or the signer is at fault.
    #[error("the signature of {0} does not verify")]
    BadSignature(KeyName),
    /// No known key signed: the reader lacks a key, or the note comes from somebody else.
    #[error("no known key signed the note")]
    NoKnownSignature,
}

impl<'a> Note<'a> {
    /// Parses a note without believing it.
    pub fn parse(note: &'a str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        if note.bytes().any(|b| b < 0x20 && b != b'\n') {
            return Err(NoteError::Malformed("a control character"));
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Malformed("no blank line"))?;
        let (text, rest) = note.split_at_checked(split + 1).unwrap_or((note, ""));
        let lines = rest.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
        let lines = lines.ok_or(NoteError::Malformed("no signature line"))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == MAX_SIGNATURES {
                return Err(NoteError::TooLong);
            }
            signatures.push(NoteSignature::parse(line)?);
        }
        Ok(Self { text, signatures })
    }

    /// The signed text, with its final newline.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The signature lines in order, known or not.
    pub fn signatures(&self) -> &[NoteSignature<'a>] {
        &self.signatures
    }

    /// Checks every line of a known key. One that fails sinks the note, lines of unknown keys are
    /// ignored, and at least one known key must have signed. Each verifier is counted once.
    pub fn verify(&self, verifiers: &[NoteVerifier]) -> Result<Vec<Verified>, NoteError> {
        let mut found: Vec<(&NoteVerifier, Verified)> = Vec::new();
        for line in &self.signatures {
            let known =
                verifiers.iter().find(|v| v.id() == line.id && v.name().as_str() == line.name);
            let Some(verifier) = known else { continue };
            let held = line.verify(self.text, verifier);
            let held = held.ok_or_else(|| NoteError::BadSignature(verifier.name().clone()))?;
            if !found.iter().any(|(v, _)| *v == verifier) {
                found.push((verifier, held));
            }
        }
        if found.is_empty() {
            return Err(NoteError::NoKnownSignature);
        }
        Ok(found.into_iter().map(|(_, verified)| verified).collect())
    }
}

impl<'a> NoteSignature<'a> {
    /// The name in the line.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The key id in the line.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    fn parse(line: &'a str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix("— ").ok_or(NoteError::Malformed("a line without em dash"))?;
        let (name, encoded) = rest.split_once(' ').ok_or(NoteError::Malformed("a line in two"))?;
        // Names of unknown keys follow the specification, not this profile.
        if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c == '+') {
            return Err(NoteError::Malformed("a key name"));
        }
        let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Malformed("base64"))?;
        match bytes.split_first_chunk() {
            Some((id, signature)) if !signature.is_empty() => {
                Ok(Self { name, id: *id, signature: signature.to_vec() })
            }
            _ => Err(NoteError::Malformed("a signature without bytes")),
        }
    }

    fn verify(&self, text: &str, verifier: &NoteVerifier) -> Option<Verified> {
        let time = match verifier.kind() {
            SignatureType::Ed25519 => {
                let signature = self.signature.as_slice().try_into().ok()?;
                verifier.verify(text.as_bytes(), signature).then_some(None)
            }
            SignatureType::CosignatureV1 => {
                let (time, signature) = self.signature.split_first_chunk()?;
                let time = u64::from_be_bytes(*time);
                let message = cosigned(time, text)?;
                let signature = signature.try_into().ok()?;
                verifier.verify(message.as_bytes(), signature).then_some(Some(time))
            }
        }?;
        Some(Verified { name: verifier.name().clone(), kind: verifier.kind(), time })
    }
}

/// The message of a `cosignature/v1`; `None` above 2^63 − 1 seconds.
pub(super) fn cosigned(time: u64, text: &str) -> Option<String> {
    i64::try_from(time).ok()?;
    Some(format!("cosignature/v1\ntime {time}\n{text}"))
}

/// A signature line, with its newline.
pub(super) fn line(name: &str, id: [u8; 4], signature: &[u8]) -> String {
    format!("— {name} {}\n", STANDARD.encode([&id, signature].concat()))
}

/// Adds a signature line, e.g. a [`cosign`](super::cosign)ature, to a note. Believes neither, but
/// refuses what would not be a note any more.
pub fn add_signature(note: &str, line: &str) -> Result<String, NoteError> {
    let mut signed = String::with_capacity(note.len() + line.len());
    signed.push_str(note);
    signed.push_str(line);
    let before = Note::parse(note)?.signatures.len();
    if Note::parse(&signed)?.signatures.len() == before + 1 {
        Ok(signed)
    } else {
        Err(NoteError::Malformed("not one signature line"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published with the specification.
    const NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const OTHER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    fn verifiers(keys: &[&str]) -> Vec<NoteVerifier> {
        keys.iter().map(|key| key.parse().unwrap()).collect()
    }

    #[test]
    fn the_example_of_the_specification_verifies() {
        let note = Note::parse(NOTE).unwrap();
        assert_eq!(note.text(), "This is an example message.\n");
        let verified = note.verify(&verifiers(&[OTHER, VKEY])).unwrap();
        assert_eq!(verified.len(), 1);
        assert_eq!(verified[0].name.as_str(), "example.com/foo");
    }

    #[test]
    fn unknown_lines_are_ignored_and_known_ones_must_hold() {
        let unknown = "— somebody/else AAAAAAAA\n";
        let fifteen = unknown.repeat(15);
        let many = NOTE.replacen("\n\n", &format!("\n\n{fifteen}"), 1);
        assert_eq!(Note::parse(&many).unwrap().verify(&verifiers(&[VKEY])).unwrap().len(), 1);

        let twice = add_signature(NOTE, NOTE.split_once("\n\n").unwrap().1).unwrap();
        assert_eq!(Note::parse(&twice).unwrap().verify(&verifiers(&[VKEY])).unwrap().len(), 1);

        let altered = NOTE.replace("example message", "altered message");
        let bad = Note::parse(&altered).unwrap();
        let name = "example.com/foo".parse().unwrap();
        assert_eq!(bad.verify(&verifiers(&[VKEY])), Err(NoteError::BadSignature(name)));
        assert_eq!(bad.verify(&verifiers(&[OTHER])), Err(NoteError::NoKnownSignature));
        assert_eq!(bad.verify(&[]), Err(NoteError::NoKnownSignature));
    }

    #[test]
    fn malformed_notes_are_refused() {
        for bad in [
            "",
            "\n",
            "\n\n",
            "text\n",
            "text\n\n",
            "text\n\n\n",
            "text\n\n- a AAAAAAAA\n",
            "text\n\n— a AAAAAAAA",
            "text\n\n— a  AAAAAAAA\n",
            "text\n\n— a AAAAAA\n",
            "text\n\n— a AAAAAA==\n",
            "text\n\n— a+b AAAAAAAA\n",
            "text\n\n—  AAAAAAAA\n",
            "text\r\n\n— a AAAAAAAA\n",
            "te\txt\n\n— a AAAAAAAA\n",
        ] {
            assert!(Note::parse(bad).is_err(), "{bad:?}");
        }
        let lines = "— a AAAAAAAA\n".repeat(MAX_SIGNATURES + 1);
        assert_eq!(Note::parse(&format!("t\n\n{lines}")), Err(NoteError::TooLong));
        assert_eq!(Note::parse(&"x".repeat(MAX_NOTE_BYTES + 1)), Err(NoteError::TooLong));
    }
}
