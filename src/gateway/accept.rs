//! Acceptance, one type per step: `Received → Authenticated → Validated → Authorised`, then the
//! commit group (DESIGN §5). Each value can only be made by the step before it, so that skipping a
//! step does not compile.

use serde_json::Value;

use super::directory::Directory;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::{KeyId, ParticipantId};
use crate::domain::registry::{Body, Class, LIFETIME_ONLINE_SECONDS_MAX, MessageType};
use crate::domain::time::UtcSeconds;
use crate::json::Bounds;
use crate::jws::{Compact, Digest, KeyLookup, KeyUse, MessageClaims, Typ, VerifiedMessage};
use crate::schema::Registry;

/// Bytes from a peer whose client certificate was checked; nothing in them is believed.
pub struct Received<'a> {
    peer: &'a ParticipantId,
    compact: &'a str,
    digest: Digest,
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
    envelope: Envelope<'a>,
    ty: MessageType,
    body: Body,
}

/// What is kept of a message at every step.
pub struct Envelope<'a> {
    pub(super) claims: MessageClaims,
    pub(super) kid: KeyId,
    pub(super) digest: Digest,
    pub(super) compact: &'a str,
}

impl<'a> Received<'a> {
    /// Checks size and characters only.
    pub fn new(peer: &'a ParticipantId, bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > Compact::size_max_bytes(&Bounds::BULK) {
            return Err(Code::BodyTooLarge.into());
        }
        let compact = std::str::from_utf8(bytes).map_err(|_| Code::JwsMalformed)?;
        Ok(Self { peer, compact, digest: Digest::of(bytes) })
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
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Steps 2 to 9 of `formats.md` §1.3.
    pub fn authenticate(
        &self,
        keys: &dyn KeyLookup,
        audience: &ParticipantId,
        now: UtcSeconds,
    ) -> Result<Authenticated<'a>, Refusal> {
        let message = Compact::parse(self.compact, &Bounds::BULK)?
            .header(Typ::Message)?
            .verify_with(keys, now)?
            // Which use a type wants depends on the sender's kind: `authorise` asks the directory.
            .into_message(|_, key_use| matches!(key_use, KeyUse::Message | KeyUse::Directory))?;
        self.check(&message, audience, now)?;
        let (key_use, kid) = (message.key().key_use(), message.key().kid().clone());
        let (claims, body) = message.into_parts();
        let envelope = Envelope { claims, kid, digest: self.digest, compact: self.compact };
        Ok(Authenticated { envelope, key_use, body })
    }

    fn check(
        &self,
        message: &VerifiedMessage,
        audience: &ParticipantId,
        now: UtcSeconds,
    ) -> Result<(), Refusal> {
        message.check_peer(self.peer)?;
        let claims = message.claims();
        claims.check_audience(audience)?;
        let ty = MessageType::parse(claims.mt.as_str());
        let lifetime = ty.map_or(LIFETIME_ONLINE_SECONDS_MAX, MessageType::lifetime_seconds_max);
        claims.check_time(now, lifetime)
    }
}

impl<'a> Authenticated<'a> {
    /// Type, schema pin, single or bulk size, schema.
    pub fn validate(self, schemas: &Registry) -> Result<Validated<'a>, Box<Rejected<'a>>> {
        match typed(&self.envelope, &self.body, schemas) {
            Ok((ty, body)) => {
                Ok(Validated { envelope: self.envelope, key_use: self.key_use, ty, body })
            }
            Err(refusal) => Err(Box::new(Rejected { envelope: self.envelope, refusal })),
        }
    }
}

impl<'a> Validated<'a> {
    /// May this sender send this type, with a key of this use, to whom it names?
    pub fn authorise(self, directory: &Directory) -> Result<Authorised<'a>, Box<Rejected<'a>>> {
        let claims = &self.envelope.claims;
        let addressed = match &claims.to {
            Some(to) if directory.participant(to).is_none() => {
                Err(Refusal::new(Code::PeerUnknown).at("/to", "a participant of the directory"))
            }
            _ => Ok(()),
        };
        let permitted = directory.check_may_send(&claims.iss, self.ty, self.key_use);
        match addressed.and(permitted) {
            Ok(()) => Ok(Authorised { envelope: self.envelope, ty: self.ty, body: self.body }),
            Err(refusal) => Err(Box::new(Rejected { envelope: self.envelope, refusal })),
        }
    }
}

impl<'a> Authorised<'a> {
    /// Claims and bytes, type, body: for the commit group.
    pub(super) fn into_parts(self) -> (Envelope<'a>, MessageType, Body) {
        (self.envelope, self.ty, self.body)
    }
}

/// An authenticated message that is refused with a signed receipt.
pub struct Rejected<'a> {
    pub(super) envelope: Envelope<'a>,
    /// Why.
    pub refusal: Refusal,
}

fn typed(
    envelope: &Envelope<'_>,
    body: &Value,
    schemas: &Registry,
) -> Result<(MessageType, Body), Refusal> {
    let claims = &envelope.claims;
    let unknown =
        || Refusal::new(Code::MessageTypeUnknown).at("/mt", "a message type of the catalogue");
    let ty = MessageType::parse(claims.mt.as_str()).ok_or_else(unknown)?;
    let schema = schemas.get(ty.as_str()).ok_or_else(unknown)?;
    if !schema.accepts_pin(&claims.sch.uri, claims.sch.sha256.as_bytes()) {
        return Err(
            Refusal::new(Code::SchemaUnknown).at("/sch", "uri and sha256 of a served schema")
        );
    }
    let bulk = body.get("items").is_some();
    if bulk && ty.class() != Class::Record {
        return Err(Refusal::new(Code::SchemaViolation).at("/body/items", "a record message type"));
    }
    if !bulk && envelope.compact.len() > Compact::size_max_bytes(&Bounds::MESSAGE) {
        return Err(Code::BodyTooLarge.into());
    }
    Ok((ty, Body::parse(ty, body, &|item| schema.check(item))?))
}
