//! Making a message: claims around a body, the schema's pin, the signature. What a connector, the
//! command line and the gateway's own operator do before they send.

use serde::Serialize;
use serde_json::Value;

use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::MessageType;
use crate::domain::time::UtcSeconds;
use crate::jws::{Digest, Jti, MessageClaims, SchemaPin, SigningKey};
use crate::schema::Registry;

/// A signed message, ready to send: keep the bytes until there is a receipt for them, and send the
/// same bytes again if there is none. A `jti` is never signed twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub jti: Jti,
    /// Deliver by.
    pub exp: UtcSeconds,
    /// The exact bytes.
    pub compact: String,
}

/// Makes the messages of one participant to one service.
pub struct Composer<'a> {
    /// Where schemas and their pins come from.
    pub schemas: &'a Registry,
    /// The key that signs; its owner is the sender.
    pub key: &'a SigningKey,
    /// The service that receives.
    pub aud: &'a ParticipantId,
}

impl Composer<'_> {
    /// Signs `body` as a message of type `ty`, checked against its schema first so that a mistake
    /// is found before anything leaves.
    ///
    /// # Errors
    /// [`Code::SchemaViolation`] with places; [`Code::MessageTypeUnknown`] when the release has no
    /// schema for the type; [`Code::ClaimsInvalid`] when `id` is no UUIDv7.
    pub fn compose(
        &self,
        ty: MessageType,
        body: &impl Serialize,
        now: UtcSeconds,
        id: uuid::Uuid,
        to: Option<ParticipantId>,
    ) -> Result<Message, Refusal> {
        let body = serde_json::to_value(body).map_err(|_| Code::Internal)?;
        self.check(ty, &body)?;
        let schema = self.schemas.get(ty.as_str()).ok_or(Code::MessageTypeUnknown)?;
        let jti = Jti::new(id).ok_or(Code::ClaimsInvalid)?;
        let claims = MessageClaims {
            iss: self.key.kid().participant().ok_or(Code::ClaimsInvalid)?,
            aud: self.aud.clone(),
            to,
            iat: now,
            exp: now.plus_seconds(ty.lifetime_seconds_max()),
            jti,
            mt: ty.as_str().parse().map_err(|_| Code::MessageTypeUnknown)?,
            sch: SchemaPin {
                uri: schema.document.uri.to_owned(),
                sha256: Digest(schema.document.sha256),
            },
            irt: None,
        };
        Ok(Message { jti, exp: claims.exp, compact: claims.seal(&body, self.key)? })
    }

    fn check(&self, ty: MessageType, body: &Value) -> Result<(), Refusal> {
        let schema = self.schemas.get(ty.as_str()).ok_or(Code::MessageTypeUnknown)?;
        let items = match crate::domain::registry::bulk_items(body) {
            Some(items) => items?,
            None => std::slice::from_ref(body),
        };
        for (index, item) in items.iter().enumerate() {
            schema.check(item).map_err(|refusal| match items.len() {
                0 | 1 => refusal,
                _ => refusal.detail(
                    format!("批量消息第 {index} 项（从 0 起）不符合模式"),
                    format!("item {index} of the bulk message (from 0) does not fit its schema"),
                ),
            })?;
        }
        Ok(())
    }
}
