//! Compact serialisation (RFC 7515 §7.1): three parts, strictly decoded, then a header.

use std::sync::Arc;

use super::base64url;
use super::digest::Digest;
use super::header::{Header, Typ};
use super::key_record::{KeyLookup, KeyRecord};
use super::verified::Verified;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::KeyId;
use crate::domain::time::UtcSeconds;
use crate::json::{self, Bounds};

/// Three decoded parts. Nothing in them is believed; only the digest may be used, for replay.
pub struct Compact<'a> {
    signing_input: &'a str,
    header: Vec<u8>,
    payload: Vec<u8>,
    signature: [u8; 64],
    digest: Digest,
    bounds: Bounds,
}

impl<'a> Compact<'a> {
    /// The longest text that can hold a payload within `bounds`, in bytes.
    pub const fn size_max_bytes(bounds: &Bounds) -> usize {
        base64url::encoded_len(Bounds::HEADER.size_max_bytes)
            + base64url::encoded_len(bounds.size_max_bytes)
            + base64url::encoded_len(64)
            + 2
    }

    /// Splits and decodes `text`. The size is checked before anything is decoded.
    ///
    /// # Errors
    /// [`Code::BodyTooLarge`]; [`Code::JwsMalformed`] unless there are exactly three parts of
    /// canonical base64url with a signature of 64 bytes.
    pub fn parse(text: &'a str, bounds: &Bounds) -> Result<Self, Refusal> {
        let size_max = Self::size_max_bytes(bounds);
        if text.len() > size_max {
            let expected = format!("at most {size_max} bytes");
            return Err(Refusal::new(Code::BodyTooLarge).at("", expected));
        }
        let malformed = || Refusal::new(Code::JwsMalformed);
        let (signing_input, signature) = text.rsplit_once('.').ok_or_else(malformed)?;
        // A second dot in either part is no base64url and fails to decode.
        let (header, payload) = signing_input.split_once('.').ok_or_else(malformed)?;
        if header.len() > base64url::encoded_len(Bounds::HEADER.size_max_bytes) {
            return Err(malformed());
        }
        Ok(Self {
            signing_input,
            header: base64url::decode(header).ok_or_else(malformed)?,
            payload: base64url::decode(payload).ok_or_else(malformed)?,
            signature: base64url::decode_array(signature).ok_or_else(malformed)?,
            digest: Digest::of(text),
            bounds: *bounds,
        })
    }

    /// SHA-256 of the exact text: the key for replay, and what a receipt binds.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Parses the header strictly at the entry point for `typ`.
    ///
    /// # Errors
    /// Those of [`Header::parse`].
    pub fn header(self, typ: Typ) -> Result<Unverified<'a>, Refusal> {
        let header = Header::parse(&self.header, typ)?;
        Ok(Unverified { compact: self, header })
    }
}

/// A well-formed JWS of the wanted type whose signature nobody has checked. It tells which key to
/// look up and nothing else.
pub struct Unverified<'a> {
    compact: Compact<'a>,
    header: Header,
}

impl Unverified<'_> {
    /// Which key claims to have signed.
    pub fn kid(&self) -> &KeyId {
        &self.header.kid
    }

    /// Verifies with the key that `keys` knows under the `kid`, in force at `now`.
    ///
    /// # Errors
    /// [`Code::KeyUnknown`] and those of [`Self::verify`].
    pub fn verify_with(self, keys: &dyn KeyLookup, now: UtcSeconds) -> Result<Verified, Refusal> {
        let key = keys.key(self.kid()).ok_or(Code::KeyUnknown)?;
        self.verify(&key, now)
    }

    /// Verifies under a key that must be in force at `now`.
    ///
    /// # Errors
    /// [`Code::KeyUnknown`] for another key than `kid`, [`Code::KeyUse`],
    /// [`Code::AlgorithmNotAllowed`], [`Code::KeyRevoked`], [`Code::KeyNotValid`],
    /// [`Code::SignatureInvalid`], or what [`json::read`] says of the payload.
    pub fn verify(self, key: &Arc<KeyRecord>, now: UtcSeconds) -> Result<Verified, Refusal> {
        self.check_name(key)?;
        key.check(self.header.typ, self.header.alg, now)?;
        self.verify_signature(key)
    }

    /// Verifies kept evidence: the key must have been in force at the payload's own `iat`, whatever
    /// became of it since. That `iat` is true is for the log position to show, also against
    /// [`KeyRecord::suspect_from`]; a thief of the key can write any `iat`.
    ///
    /// # Errors
    /// As [`Self::verify`], and [`Code::ClaimsInvalid`] without `iat`.
    pub fn verify_as_issued(self, key: &Arc<KeyRecord>) -> Result<Verified, Refusal> {
        self.check_name(key)?;
        key.check_fit(self.header.typ, self.header.alg)?;
        let verified = self.verify_signature(key)?;
        let iat = verified.payload().get("iat").and_then(serde_json::Value::as_i64);
        let iat =
            iat.ok_or_else(|| Refusal::new(Code::ClaimsInvalid).at("/iat", "whole UTC seconds"))?;
        key.check_in_force(UtcSeconds(iat))?;
        Ok(verified)
    }

    fn check_name(&self, key: &KeyRecord) -> Result<(), Refusal> {
        if *key.kid() == self.header.kid { Ok(()) } else { Err(Code::KeyUnknown.into()) }
    }

    fn verify_signature(self, key: &Arc<KeyRecord>) -> Result<Verified, Refusal> {
        let Self { compact, header } = self;
        key.public().verify_bytes(compact.signing_input.as_bytes(), &compact.signature)?;
        let payload = json::read(&compact.payload, &compact.bounds)?;
        Ok(Verified::new(header, Arc::clone(key), compact.digest, payload))
    }
}
