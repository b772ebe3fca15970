//! Entries of the log. Tiles publish them raw, so they hold no personal data.

use std::fmt;

use super::hash::{Hash, leaf_hash};
use super::text::hex32;

/// One entry: the digest of one compact JWS and what it is.
///
/// Bytes: `ydt-leaf/v1` LF *kind* LF *64 lower-case hex* LF. The signature and `jti` inside the
/// JWS make the digest unguessable, so an erased body leaves nothing to recover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// What was sealed.
    pub kind: LeafKind,
    /// SHA-256 of the exact compact JWS.
    pub digest: [u8; 32],
}

/// What a leaf commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// The receipt of an accepted or refused message.
    Receipt,
    /// The answer to a query.
    Answer,
    /// A version of the directory of participants and keys.
    Directory,
    /// A version of a status list.
    Status,
}

/// Bytes that are not a leaf: the fault of whoever served them as an entry of this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Not UTF-8, wrong number of lines, or another first line.
    #[error("the entry is not of the form ydt-leaf/v1")]
    Form,
    /// A kind this version does not know.
    #[error("the kind of the leaf is unknown")]
    Kind,
    /// Not 64 digits of lower-case hexadecimal.
    #[error("the digest of the leaf is not 64 lower-case hexadecimal digits")]
    Digest,
}

impl Leaf {
    /// The exact bytes of the entry.
    pub fn entry(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    /// The hash of the entry in the tree.
    pub fn hash(&self) -> Hash {
        leaf_hash(&self.entry())
    }

    /// Parses an entry. Each leaf has one spelling; anything else is refused.
    pub fn parse(entry: &[u8]) -> Result<Self, LeafError> {
        let text = std::str::from_utf8(entry).map_err(|_| LeafError::Form)?;
        let rest = text.strip_prefix(HEAD).and_then(|rest| rest.strip_suffix('\n'));
        let (kind, digest) = rest.and_then(|r| r.split_once('\n')).ok_or(LeafError::Form)?;
        let kind = LeafKind::ALL.into_iter().find(|k| k.as_str() == kind).ok_or(LeafError::Kind)?;
        let digest = hex32(digest).ok_or(LeafError::Digest)?;
        Ok(Self { kind, digest })
    }
}

impl LeafKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Receipt, Self::Answer, Self::Directory, Self::Status];

    /// The word in the entry.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Answer => "answer",
            Self::Directory => "directory",
            Self::Status => "status",
        }
    }
}

/// The text of the entry.
impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}{}\n{}", self.kind.as_str(), Hash(self.digest))
    }
}

const HEAD: &str = "ydt-leaf/v1\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_exact() {
        let leaf = Leaf { kind: LeafKind::Receipt, digest: [0xab; 32] };
        let text = format!("ydt-leaf/v1\nreceipt\n{}\n", "ab".repeat(32));
        assert_eq!(leaf.entry(), text.as_bytes());
        for kind in LeafKind::ALL {
            let leaf = Leaf { kind, digest: [1; 32] };
            assert_eq!(Leaf::parse(&leaf.entry()), Ok(leaf));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let hex = "ab".repeat(32);
        for (bad, why) in [
            (String::new(), LeafError::Form),
            (format!("ydt-leaf/v1\nreceipt\n{hex}"), LeafError::Form),
            (format!("ydt-leaf/v1\nreceipt\n{hex}\n\n"), LeafError::Digest),
            (format!("ydt-leaf/v2\nreceipt\n{hex}\n"), LeafError::Form),
            (format!("ydt-leaf/v1\r\nreceipt\r\n{hex}\r\n"), LeafError::Form),
            (format!("ydt-leaf/v1\nReceipt\n{hex}\n"), LeafError::Kind),
            (format!("ydt-leaf/v1\nmessage\n{hex}\n"), LeafError::Kind),
            (format!("ydt-leaf/v1\nreceipt\n{}\n", hex.to_uppercase()), LeafError::Digest),
            (format!("ydt-leaf/v1\nreceipt\n{hex} \n"), LeafError::Digest),
        ] {
            assert_eq!(Leaf::parse(bad.as_bytes()), Err(why), "{bad}");
        }
        assert_eq!(Leaf::parse(&[0xff]), Err(LeafError::Form));
    }
}
