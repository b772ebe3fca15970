//! Tokens of subjects and objects as messages carry them. The gateway never sees what is behind.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 32 bytes made by the tokeniser's VOPRF from a domain, a document type and a number
/// (`formats.md` §6). Base64url in JSON, 43 characters. `Debug` hides the value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token([u8; 32]);

impl Token {
    /// From raw bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses 43 characters of canonical base64url.
    pub fn parse(s: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(s).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        Self::parse(&s).ok_or_else(|| serde::de::Error::custom("expected a token of 43 base64url"))
    }
}

/// A token with the key epoch that it was made in. Used for talents (domain `talent`) and, under
/// the name `object`, for leases, property units, certificates and employers (domain `object`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRef {
    /// The token.
    pub token: Token,
    /// Epoch of the tokeniser's key, from 1.
    pub epoch: u32,
    /// Is the token made of the data of a passport, which has no lifelong number? Then an equal token
    /// of another district is a candidate that a person has to confirm, and no match (GB/T 36903
    /// 护照; `docs/connector.md`). Says nothing of an object.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub composite: bool,
}

/// Number that the gateway gives a subject or object inside its own tables. Never leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubjectId(pub u64);

/// A reference inside a message, with the token domain that it belongs to. Bodies are generic over
/// what stands for a subject: a [`TokenRef`] on the wire, a [`SubjectId`] in the gateway's tables,
/// a label in a case file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ref<S> {
    /// Domain `talent`.
    Talent(S),
    /// Domain `object`: lease, property unit, certificate, employer.
    Object(S),
}

impl<S> Ref<S> {
    /// The same reference to what it holds.
    pub const fn as_ref(&self) -> Ref<&S> {
        match self {
            Self::Talent(s) => Ref::Talent(s),
            Self::Object(s) => Ref::Object(s),
        }
    }

    /// What is referred to, without its domain.
    pub fn into_inner(self) -> S {
        match self {
            Self::Talent(s) | Self::Object(s) => s,
        }
    }
}
