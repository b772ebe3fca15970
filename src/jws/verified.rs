//! What a signature that verified makes of a payload.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::claims::{MessageClaims, MessageType};
use super::digest::Digest;
use super::header::{Algorithm, Header, Typ};
use super::key_record::{KeyRecord, KeyUse};
use super::receipt::{AnswerClaims, ReceiptClaims};
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::{KeyId, ParticipantId};
use crate::domain::time::UtcSeconds;

/// A payload under a valid signature. Only [`super::Unverified`] makes one. `Debug` hides the
/// payload.
#[derive(Clone)]
pub struct Verified {
    header: Header,
    key: Arc<KeyRecord>,
    digest: Digest,
    payload: Value,
}

impl Verified {
    /// For the verifier alone.
    pub(super) fn new(header: Header, key: Arc<KeyRecord>, digest: Digest, payload: Value) -> Self {
        Self { header, key, digest, payload }
    }

    /// The explicit type, the one that was asked for.
    pub fn typ(&self) -> Typ {
        self.header.typ
    }

    /// The algorithm name that the sender gave.
    pub fn alg(&self) -> Algorithm {
        self.header.alg
    }

    /// The key id.
    pub fn kid(&self) -> &KeyId {
        self.key.kid()
    }

    /// The key that signed.
    pub fn key(&self) -> &Arc<KeyRecord> {
        &self.key
    }

    /// SHA-256 of the exact text.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The payload.
    pub fn payload(&self) -> &Value {
        &self.payload
    }

    /// The payload, for types whose claims are read elsewhere: credentials and the directory.
    pub fn into_payload(self) -> Value {
        self.payload
    }

    /// Reads a message: closed claims, `iss` owns the key, the key was in force at `iat`, and
    /// `signs` says that a key of this use may sign this type of message (the registry of message
    /// types knows: `participant/1` wants a `directory` key).
    ///
    /// # Errors
    /// [`Code::JwsType`], [`Code::ClaimsInvalid`], [`Code::IssuerMismatch`], [`Code::KeyRevoked`],
    /// [`Code::KeyNotValid`], [`Code::KeyUse`].
    pub fn into_message(
        self,
        signs: impl FnOnce(&MessageType, KeyUse) -> bool,
    ) -> Result<VerifiedMessage, Refusal> {
        self.check_typ(Typ::Message)?;
        let Self { key, digest, payload, .. } = self;
        let (claims, body) = MessageClaims::from_payload(payload)?;
        check_issuer(&key, &claims.iss, claims.iat)?;
        if !signs(&claims.mt, key.key_use()) {
            return Err(Code::KeyUse.into());
        }
        Ok(VerifiedMessage { claims, body, digest, key })
    }

    /// Reads a receipt.
    ///
    /// # Errors
    /// As [`Self::into_message`] without the last.
    pub fn into_receipt(self) -> Result<ReceiptClaims, Refusal> {
        self.check_typ(Typ::Receipt)?;
        let claims = ReceiptClaims::from_payload(self.payload)?;
        check_issuer(&self.key, &claims.iss, claims.iat)?;
        Ok(claims)
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// As [`Self::into_receipt`].
    pub fn into_answer(self) -> Result<AnswerClaims, Refusal> {
        self.check_typ(Typ::Answer)?;
        let claims = AnswerClaims::from_payload(self.payload)?;
        check_issuer(&self.key, &claims.iss, claims.iat)?;
        Ok(claims)
    }

    fn check_typ(&self, typ: Typ) -> Result<(), Refusal> {
        if self.header.typ == typ { Ok(()) } else { Err(Code::JwsType.into()) }
    }
}

fn check_issuer(key: &KeyRecord, iss: &ParticipantId, iat: UtcSeconds) -> Result<(), Refusal> {
    if key.participant() != iss {
        return Err(Code::IssuerMismatch.into());
    }
    key.check_in_force(iat)
}

/// A message whose signature, claims and issuer fit together. Audience, time window and the TLS
/// peer are the next questions: [`Self::check_peer`], [`MessageClaims::check_audience`],
/// [`MessageClaims::check_time`]. `Debug` hides the body.
#[derive(Clone)]
pub struct VerifiedMessage {
    claims: MessageClaims,
    body: Value,
    digest: Digest,
    key: Arc<KeyRecord>,
}

impl VerifiedMessage {
    /// The claims around the body.
    pub fn claims(&self) -> &MessageClaims {
        &self.claims
    }

    /// The body.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// SHA-256 of the exact text.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The key that signed.
    pub fn key(&self) -> &Arc<KeyRecord> {
        &self.key
    }

    /// Does the TLS certificate name the same participant (`formats.md` §1.3, step 8)?
    ///
    /// # Errors
    /// [`Code::PeerMismatch`].
    pub fn check_peer(&self, peer: &ParticipantId) -> Result<(), Refusal> {
        if self.claims.iss == *peer { Ok(()) } else { Err(Code::PeerMismatch.into()) }
    }

    /// Claims and body, for good.
    pub fn into_parts(self) -> (MessageClaims, Value) {
        (self.claims, self.body)
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { header, digest, .. } = self;
        f.debug_struct("Verified")
            .field("header", header)
            .field("digest", digest)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for VerifiedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { claims, digest, .. } = self;
        f.debug_struct("VerifiedMessage")
            .field("claims", claims)
            .field("digest", digest)
            .finish_non_exhaustive()
    }
}
