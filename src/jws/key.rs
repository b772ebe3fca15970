//! Ed25519 public keys (RFC 8032) and their JWK form (RFC 8037).

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::base64url;
use super::digest::Digest;
use crate::domain::code::{Code, Refusal};

/// An Ed25519 public key that is canonically encoded and not of small order.
///
/// Both checks matter: under the identity point one signature fits every message, and OpenSSL 3.0,
/// pyca/cryptography and the JDK accept it.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Parses 32 bytes.
    ///
    /// # Errors
    /// [`Code::KeyNotCanonical`]: not the one encoding of a point. [`Code::KeyWeak`]: small order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refusal> {
        let not_canonical = || Refusal::new(Code::KeyNotCanonical);
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| not_canonical())?;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| not_canonical())?;
        // Decompression takes y ≥ p and "negative zero"; only compression shows them (RFC 8032
        // §5.1.3).
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(not_canonical());
        }
        if key.is_weak() {
            return Err(Refusal::new(Code::KeyWeak));
        }
        Ok(Self(key))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Verifies a detached signature strictly: no small-order point, canonical S (RFC 8032 §5.1.7).
    ///
    /// # Errors
    /// [`Code::SignatureInvalid`], which says no more than that.
    pub fn verify_bytes(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), Refusal> {
        self.0
            .verify_strict(message, &Signature::from_bytes(signature))
            .map_err(|_| Refusal::new(Code::SignatureInvalid))
    }

    /// SHA-256 of the raw key: what people compare by telephone, and what log and proof name.
    pub fn fingerprint(&self) -> Digest {
        Digest::of(self.as_bytes())
    }

    /// The JWK form.
    pub fn to_jwk(&self) -> Jwk {
        Jwk { kty: KeyType::Okp, crv: Curve::Ed25519, x: base64url::encode(self.as_bytes()) }
    }

    /// RFC 7638 thumbprint: base64url of SHA-256 over the required members in lexical order.
    pub fn thumbprint(&self) -> String {
        let x = base64url::encode(self.as_bytes());
        let text = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        base64url::encode(Digest::of(text).as_bytes())
    }
}

impl From<&VerifyingKey> for PublicKey {
    /// For keys that a private key made: those are canonical and have large order.
    fn from(key: &VerifyingKey) -> Self {
        Self(*key)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.thumbprint())
    }
}

/// A public JSON Web Key (RFC 7517, RFC 8037): exactly `kty`, `crv` and `x`, so a private `d`
/// does not even parse. Not yet a key: see `TryFrom<&Jwk> for PublicKey`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jwk {
    /// Key type, `OKP`.
    pub kty: KeyType,
    /// Curve, `Ed25519`.
    pub crv: Curve,
    /// The key, base64url of 32 bytes.
    pub x: String,
}

/// `kty` of a [`Jwk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyType {
    /// Octet key pair (RFC 8037 §2).
    #[serde(rename = "OKP")]
    Okp,
}

/// `crv` of a [`Jwk`]. Pinning it here closes the ambiguity of `EdDSA`: there is no Ed448.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Curve {
    /// Edwards 25519 (RFC 8032).
    Ed25519,
}

impl TryFrom<&Jwk> for PublicKey {
    type Error = Refusal;

    fn try_from(jwk: &Jwk) -> Result<Self, Refusal> {
        let bytes = base64url::decode(&jwk.x).ok_or(Code::KeyNotCanonical)?;
        Self::from_bytes(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn y(first: u8, middle: u8, last: u8) -> [u8; 32] {
        let mut bytes = [middle; 32];
        (bytes[0], bytes[31]) = (first, last);
        bytes
    }

    #[test]
    fn weak_and_non_canonical_keys_are_told_apart() {
        let table = [
            ("identity", y(1, 0, 0), Code::KeyWeak),
            ("order 2", y(0xec, 0xff, 0x7f), Code::KeyWeak),
            ("order 4", y(0, 0, 0), Code::KeyWeak),
            ("identity with sign", y(1, 0, 0x80), Code::KeyNotCanonical),
            ("y = p", y(0xed, 0xff, 0x7f), Code::KeyNotCanonical),
            ("y = p + 1", y(0xee, 0xff, 0x7f), Code::KeyNotCanonical),
            ("no point", y(2, 0, 0), Code::KeyNotCanonical),
        ];
        for (name, bytes, code) in table {
            assert_eq!(PublicKey::from_bytes(&bytes).unwrap_err().code, code, "{name}");
        }
        assert_eq!(PublicKey::from_bytes(&[1; 31]).unwrap_err().code, Code::KeyNotCanonical);
    }

    #[test]
    fn verification_itself_refuses_the_identity_key() {
        // R = [S]B with S = 0 and A = 0 satisfies the equation for every message.
        let weak = PublicKey(VerifyingKey::from_bytes(&y(1, 0, 0)).unwrap());
        let mut signature = [0; 64];
        signature[0] = 1;
        let verdict = weak.verify_bytes(b"any message", &signature);
        assert_eq!(verdict.unwrap_err().code, Code::SignatureInvalid);
    }

    #[test]
    fn thumbprint_is_that_of_rfc_8037() {
        // RFC 8037, appendix A.3.
        let jwk = Jwk {
            kty: KeyType::Okp,
            crv: Curve::Ed25519,
            x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into(),
        };
        let key = PublicKey::try_from(&jwk).unwrap();
        assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(key.to_jwk(), jwk);
        let private = r#"{"kty":"OKP","crv":"Ed25519","x":"","d":""}"#;
        assert!(serde_json::from_str::<Jwk>(private).is_err());
    }
}
