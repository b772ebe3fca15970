//! Elements and proofs with their wire forms: base64url without padding, canonical only.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use voprf::Group;

use super::{OprfError, Suite};

type Point = <Suite as Group>::Elem;

/// Bytes of an encoded element.
const ELEMENT_BYTES: usize = 32;
/// Bytes of an encoded proof: two scalars.
const PROOF_BYTES: usize = 64;

/// What the client sends: its input, blinded.
#[derive(Clone, PartialEq, Eq)]
pub struct BlindedElement(pub(super) voprf::BlindedElement<Suite>);

/// What the server answers: the same element under its key.
#[derive(Clone, PartialEq, Eq)]
pub struct EvaluatedElement(pub(super) voprf::EvaluationElement<Suite>);

/// One DLEQ proof (RFC 9497 §2.2) that a whole batch was evaluated under one key.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof(pub(super) voprf::Proof<Suite>);

/// The public key of an epoch, as the directory lists it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub(super) Point);

impl BlindedElement {
    /// From 32 bytes; refuses the identity and encodings that are not canonical.
    pub fn from_bytes(bytes: &[u8; ELEMENT_BYTES]) -> Result<Self, OprfError> {
        voprf::BlindedElement::deserialize(bytes).map(Self).map_err(|_| OprfError::Element)
    }

    /// The canonical encoding.
    pub fn to_bytes(&self) -> [u8; ELEMENT_BYTES] {
        self.0.serialize().into()
    }
}

impl EvaluatedElement {
    /// From 32 bytes; refuses the identity and encodings that are not canonical.
    pub fn from_bytes(bytes: &[u8; ELEMENT_BYTES]) -> Result<Self, OprfError> {
        voprf::EvaluationElement::deserialize(bytes).map(Self).map_err(|_| OprfError::Element)
    }

    /// The canonical encoding.
    pub fn to_bytes(&self) -> [u8; ELEMENT_BYTES] {
        self.0.serialize().into()
    }
}

impl Proof {
    /// From 64 bytes: two scalars, canonical and not zero.
    pub fn from_bytes(bytes: &[u8; PROOF_BYTES]) -> Result<Self, OprfError> {
        voprf::Proof::deserialize(bytes).map(Self).map_err(|_| OprfError::Element)
    }

    /// The canonical encoding.
    pub fn to_bytes(&self) -> [u8; PROOF_BYTES] {
        let mut out = [0; PROOF_BYTES];
        out.copy_from_slice(&self.0.serialize());
        out
    }
}

impl PublicKey {
    /// From 32 bytes; refuses the identity and encodings that are not canonical.
    pub fn from_bytes(bytes: &[u8; ELEMENT_BYTES]) -> Result<Self, OprfError> {
        Suite::deserialize_elem(bytes).map(Self).map_err(|_| OprfError::Element)
    }

    /// The canonical encoding.
    pub fn to_bytes(&self) -> [u8; ELEMENT_BYTES] {
        Suite::serialize_elem(self.0).into()
    }
}

macro_rules! wire_form {
    ($($name:ident $size:ident;)*) => {$(
        impl $name {
            /// Parses base64url without padding; unused trailing bits must be zero.
            pub fn parse(text: &str) -> Result<Self, OprfError> {
                // `decode_slice` refuses what is longer than the buffer.
                let mut bytes = [0; $size];
                let n = URL_SAFE_NO_PAD
                    .decode_slice(text, &mut bytes)
                    .map_err(|_| OprfError::Element)?;
                if n == $size { Self::from_bytes(&bytes) } else { Err(OprfError::Element) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&URL_SAFE_NO_PAD.encode(self.to_bytes()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                Self::parse(&s).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

wire_form! {
    BlindedElement ELEMENT_BYTES;
    EvaluatedElement ELEMENT_BYTES;
    PublicKey ELEMENT_BYTES;
    Proof PROOF_BYTES;
}
