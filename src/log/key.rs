//! Keys of signed notes: names, ids, signature types (C2SP signed-note).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// Longest key name, and so longest origin, in bytes.
pub const MAX_KEY_NAME_BYTES: usize = 255;

/// Names that sign other things: a note under them could be mistaken for one of those.
const RESERVED: [&str; 2] = ["ydt-pop/v1", "cosignature/v1"];

/// The name of a key of signed notes, and in this profile also the origin of a log: the name of
/// the key that signs a log's checkpoints *is* its origin.
///
/// A schema-less URL by recommendation; here 1 to 255 bytes without spaces, control characters or
/// `+`, and none of the prefixes that other signatures of this system begin with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(Arc<str>);

/// A note signature scheme this verifier knows (C2SP signed-note, "Signature types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureType {
    /// `0x01`: Ed25519 over the text of the note.
    Ed25519,
    /// `0x04`: Ed25519 over a timestamp and the text (`cosignature/v1`).
    CosignatureV1,
}

/// Signs notes with an Ed25519 key. The one thing that is asked of key storage.
pub trait NoteSigner {
    /// The name of the key: the origin for a log, the name of the cosigner for a cosigner.
    fn name(&self) -> &str;
    /// The public key.
    fn public(&self) -> [u8; 32];
    /// An Ed25519 signature (RFC 8032) over `message`.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// A key whose note signatures are believed.
///
/// Written as a verifier key (`vkey`): `<name>+<hex key id>+<base64(type ‖ public key)>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteVerifier {
    name: KeyName,
    id: [u8; 4],
    kind: SignatureType,
    key: VerifyingKey,
}

/// Text or bytes that are no key for notes: the fault of whoever configured them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a [`KeyName`].
    #[error(
        "the key name is empty, too long, reserved, or holds a space, '+' or control character"
    )]
    Name,
    /// Not three parts, or a part is not in its one spelling.
    #[error("not of the form <name>+<8 hex>+<base64>")]
    Form,
    /// A signature type this version does not know.
    #[error("signature type {0:#04x} is unknown")]
    Type(u8),
    /// Not 32 bytes, or no point on the curve.
    #[error("the public key is not an Ed25519 key")]
    PublicKey,
    /// A point of small order: some signature fits every message.
    #[error("the public key is weak")]
    Weak,
    /// The key id is not the one of name, type and key.
    #[error("the key id does not belong to the key")]
    Id,
}

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Self, KeyError> {
        let chars = name.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '+');
        let length = (1..=MAX_KEY_NAME_BYTES).contains(&name.len());
        let free = !RESERVED.contains(&name);
        if chars && length && free { Ok(Self(name.into())) } else { Err(KeyError::Name) }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl SignatureType {
    /// The types this version verifies; lines of others are ignored.
    const KNOWN: [Self; 2] = [Self::Ed25519, Self::CosignatureV1];

    /// The assigned identifier byte.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }
}

impl NoteVerifier {
    /// A verifier for a raw public key, which must be a canonical point and not weak.
    pub fn new(name: KeyName, kind: SignatureType, public: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| KeyError::PublicKey)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        // `from_bytes` takes an encoding with y ≥ p: the same key under a second spelling and id.
        if key.to_edwards().compress().to_bytes() != *public {
            return Err(KeyError::PublicKey);
        }
        let id = key_id(name.as_str(), kind, public);
        Ok(Self { name, id, kind, key })
    }

    /// The name of the key.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id that lines of this key carry.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// How this key signs.
    pub fn kind(&self) -> SignatureType {
        self.kind
    }

    /// Strict Ed25519 verification (no weak keys, canonical S and R).
    pub(super) fn verify(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

/// First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
pub(super) fn key_id(name: &str, kind: SignatureType, public: &[u8; 32]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', kind.byte()])
        .chain_update(public)
        .finalize();
    let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
    [a, b, c, d]
}

impl FromStr for NoteVerifier {
    type Err = KeyError;

    fn from_str(vkey: &str) -> Result<Self, KeyError> {
        let (name, rest) = vkey.split_once('+').ok_or(KeyError::Form)?;
        // Base64 may hold '+' itself, so only the second one separates.
        let (_, key) = rest.split_once('+').ok_or(KeyError::Form)?;
        let name: KeyName = name.parse()?;
        let key = STANDARD.decode(key).map_err(|_| KeyError::Form)?;
        let (byte, public) = key.split_first().ok_or(KeyError::Form)?;
        let kind = SignatureType::KNOWN.into_iter().find(|kind| kind.byte() == *byte);
        let public = public.try_into().map_err(|_| KeyError::PublicKey);
        let verifier = Self::new(name, kind.ok_or(KeyError::Type(*byte))?, public?)?;
        if verifier.to_string() == vkey { Ok(verifier) } else { Err(KeyError::Id) }
    }
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.kind.byte()];
        key.extend_from_slice(self.key.as_bytes());
        let id = u32::from_be_bytes(self.id);
        write!(f, "{}+{id:08x}+{}", self.name, STANDARD.encode(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifier_keys_of_go_and_of_the_specification_round_trip() {
        for vkey in [
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        ] {
            let verifier: NoteVerifier = vkey.parse().unwrap();
            assert_eq!(verifier.kind(), SignatureType::Ed25519);
            assert_eq!(verifier.to_string(), vkey);
        }
    }

    #[test]
    fn other_verifier_keys_are_refused() {
        let identity = STANDARD.encode([&[1u8, 1][..], &[0; 31]].concat());
        let non_canonical = STANDARD.encode([&[1u8, 0xf0][..], &[0xff; 30], &[0x7f]].concat());
        for (vkey, why) in [
            ("PeterNeumann".into(), KeyError::Form),
            ("PeterNeumann+c74f20a3".into(), KeyError::Form),
            ("PeterNeumann+c74f20a3+ARpc".into(), KeyError::PublicKey),
            (
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".into(),
                KeyError::Id,
            ),
            (
                "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".into(),
                KeyError::Id,
            ),
            (
                "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".into(),
                KeyError::Name,
            ),
            (
                "PeterNeumann+c74f20a3+Bhpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".into(),
                KeyError::Type(6),
            ),
            (format!("x+00000000+{identity}"), KeyError::Weak),
        ] {
            assert_eq!(vkey.parse::<NoteVerifier>(), Err(why), "{vkey}");
        }
        assert!(format!("x+00000000+{non_canonical}").parse::<NoteVerifier>().is_err());
    }

    #[test]
    fn names_that_sign_other_things_are_refused() {
        for bad in ["", "a b", "a+b", "a\nb", "a\u{3000}b", "ydt-pop/v1", "cosignature/v1"] {
            assert_eq!(bad.parse::<KeyName>(), Err(KeyError::Name), "{bad}");
        }
        assert!("a".repeat(256).parse::<KeyName>().is_err());
        assert!("log.example.org/ydt-2026".parse::<KeyName>().is_ok());
    }
}
