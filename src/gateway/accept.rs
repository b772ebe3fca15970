//! Acceptance, one type per step: `Received → Authenticated → Validated → Authorised`, then the
//! commit group (DESIGN §5). Each value can only be made by the step before it, so that skipping a
//! step does not compile.

use serde_json::Value;

use super::directory::Directory;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::{Body, Class, MessageType};
use crate::domain::time::UtcSeconds;
use crate::json;
use crate::jws::{Compact, KeyLookup, KeyUse, MessageClaims, Typ};
use crate::schema::Registry;

/// Bytes from a peer whose client certificate was checked; nothing in them is believed.
pub struct Received<'a> {
    peer: &'a ParticipantId,
    compact: &'a str,
    digest: [u8; 32],
}

/// A message whose signature, sender, audience and time hold.
pub struct Authenticated<'a> {
    envelope: Envelope<'a>,
    key_use: KeyUse,
    body: Value,
}

/// A message whose body fits its schema.
pub struct Validated<'a> {
    envelope: Envelope<'a>,
    key_use: KeyUse,
    ty: MessageType,
    body: Body,
}

/// A message that its sender may send.
pub struct Authorised<'a> {
    /// Claims and bytes.
    pub envelope: Envelope<'a>,
    /// Its type.
    pub ty: MessageType,
    /// Its body.
    pub body: Body,
}

/// What is kept of a message at every step.
pub struct Envelope<'a> {
    /// The claims.
    pub claims: MessageClaims,
    /// SHA-256 of the exact bytes.
    pub digest: [u8; 32],
    /// The exact bytes.
    pub compact: &'a str,
}

impl<'a> Received<'a> {
    /// Checks size and characters only.
    pub fn new(peer: &'a ParticipantId, bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > json::BULK_BYTES_MAX / 3 * 4 + json::HEADER_BYTES_MAX * 2 {
            return Err(Code::BodyTooLarge.into());
        }
        let compact = std::str::from_utf8(bytes).map_err(|_| Code::JwsMalformed)?;
        Ok(Self { peer, compact, digest: super::receipt::digest(bytes) })
    }

    /// Who sent it, by its client certificate.
    pub fn peer(&self) -> &ParticipantId {
        self.peer
    }

    /// The exact bytes.
    pub fn compact(&self) -> &str {
        self.compact
    }

    /// SHA-256 of the exact bytes.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Steps 2 to 9 of `formats.md` §1.3.
    pub fn authenticate(
        &self,
        keys: &dyn KeyLookup,
        audience: &ParticipantId,
        now: UtcSeconds,
    ) -> Result<Authenticated<'a>, Refusal> {
        let unverified = Compact::parse(self.compact)?.header(Typ::Message)?;
        let key = keys.key(unverified.kid()).ok_or(Code::KeyUnknown)?;
        let verified = unverified.verify(&key, now)?;
        let (claims, body) = MessageClaims::parse(verified.payload()?)?;
        if claims.iss != key.participant {
            return Err(Refusal::new(Code::IssuerMismatch).at("/iss", "the participant of kid"));
        }
        key.check_at(claims.iat)?;
        if claims.iss != *self.peer {
            return Err(Refusal::new(Code::PeerMismatch).at("/iss", "the peer's certificate"));
        }
        if claims.aud != *audience {
            return Err(Refusal::new(Code::AudienceMismatch).at("/aud", audience.as_str()));
        }
        let lifetime = MessageType::parse(&claims.mt)
            .map_or(crate::domain::registry::LIFETIME_ONLINE_SECONDS_MAX, |ty| {
                ty.lifetime_seconds_max()
            });
        claims.check_time(now, lifetime)?;
        let envelope = Envelope { claims, digest: self.digest, compact: self.compact };
        Ok(Authenticated { envelope, key_use: key.use_, body })
    }
}

impl<'a> Authenticated<'a> {
    /// Type, schema pin, single or bulk size, schema.
    pub fn validate(self, schemas: &Registry) -> Result<Validated<'a>, (Envelope<'a>, Refusal)> {
        match body(&self.envelope, &self.body, schemas) {
            Ok((ty, body)) => {
                Ok(Validated { envelope: self.envelope, key_use: self.key_use, ty, body })
            }
            Err(refusal) => Err((self.envelope, refusal)),
        }
    }
}

fn body(
    envelope: &Envelope<'_>,
    body: &Value,
    schemas: &Registry,
) -> Result<(MessageType, Body), Refusal> {
    let claims = &envelope.claims;
    let unknown = || Refusal::new(Code::MessageTypeUnknown).at("/mt", "a message type of the catalogue");
    let ty = MessageType::parse(&claims.mt).ok_or_else(unknown)?;
    let schema = schemas.get(ty.as_str()).ok_or_else(unknown)?;
    if !schema.accepts_pin(&claims.sch.uri, &claims.sch.sha256) {
        return Err(Refusal::new(Code::SchemaUnknown).at("/sch", "uri and sha256 of a served schema"));
    }
    let bulk = body.get("items").is_some();
    if bulk && ty.class() != Class::Record {
        return Err(Refusal::new(Code::SchemaViolation).at("/body/items", "a record message type"));
    }
    if !bulk && envelope.compact.len() > json::MESSAGE_BYTES_MAX / 3 * 4 + json::HEADER_BYTES_MAX {
        return Err(Code::BodyTooLarge.into());
    }
    let check = |item: &Value| {
        schema.validate(item).map_err(|violations| {
            let mut refusal = Refusal::new(Code::SchemaViolation);
            refusal.violations = violations;
            refusal
        })
    };
    Ok((ty, Body::parse(ty, body, &check)?))
}

impl<'a> Validated<'a> {
    /// May this sender send this type, with this key?
    pub fn authorise(
        self,
        directory: &Directory,
    ) -> Result<Authorised<'a>, (Envelope<'a>, Refusal)> {
        match directory.check_may_send(&self.envelope.claims.iss, self.ty, self.key_use) {
            Ok(()) => Ok(Authorised { envelope: self.envelope, ty: self.ty, body: self.body }),
            Err(refusal) => Err((self.envelope, refusal)),
        }
    }
}
