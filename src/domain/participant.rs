//! Participants and their key ids.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is not a participant id or key id; carries no part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct ParseIdError {
    /// What was expected.
    pub expected: &'static str,
}

/// A participant: `qingpu`, `jiashan`, … 2 to 32 of `a-z 0-9 -`, starting with a letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParticipantId(Arc<str>);

impl ParticipantId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The participant as a SAN URI in client certificates: `urn:ydt:participant:<id>`.
    pub fn urn(&self) -> String {
        format!("{PARTICIPANT_URN_PREFIX}{}", self.0)
    }
}

/// Prefix of the SAN URI that names a participant in a TLS certificate.
pub const PARTICIPANT_URN_PREFIX: &str = "urn:ydt:participant:";

impl FromStr for ParticipantId {
    type Err = ParseIdError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let rest = s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let head = s.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if (2..=32).contains(&s.len()) && head && rest {
            Ok(Self(s.into()))
        } else {
            Err(ParseIdError { expected: "a participant id: 2-32 of a-z 0-9 -" })
        }
    }
}

/// A key id: `<participant>#<key-name>`, at most 128 bytes. Only ever a map key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(Arc<str>);

impl KeyId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The participant that the key claims to belong to.
    pub fn participant(&self) -> Option<ParticipantId> {
        self.0.split_once('#').and_then(|(p, _)| p.parse().ok())
    }
}

impl FromStr for KeyId {
    type Err = ParseIdError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let err = ParseIdError { expected: "a key id: <participant>#<key-name>" };
        let (participant, name) = s.split_once('#').ok_or(err)?;
        participant.parse::<ParticipantId>().map_err(|_| err)?;
        let name_ok = (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if s.len() <= 128 && name_ok { Ok(Self(s.into())) } else { Err(err) }
    }
}

macro_rules! text_serde {
    ($t:ty) => {
        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Serialize for $t {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $t {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                s.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_serde!(ParticipantId);
text_serde!(KeyId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_closed() {
        assert!("qingpu".parse::<ParticipantId>().is_ok());
        for bad in ["", "q", "Qingpu", "../x", "1q", "q'--", &"a".repeat(33)] {
            assert!(bad.parse::<ParticipantId>().is_err(), "{bad}");
        }
        let kid: KeyId = "qingpu#message-1".parse().unwrap();
        assert_eq!(kid.participant().unwrap().as_str(), "qingpu");
        for bad in ["qingpu", "qingpu#", "#x", "qingpu#../../etc", "qingpu#a b"] {
            assert!(bad.parse::<KeyId>().is_err(), "{bad}");
        }
    }
}
