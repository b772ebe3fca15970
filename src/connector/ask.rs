//! Queries: signed, sent, answered at once, and the answer verified before it is shown.

use serde_json::{Value, json};

use super::Connector;
use super::hub::{self, HubError, SignedReply};
use super::push;
use super::remark;
use super::send::not_believed;
use crate::domain::code::{Code, Refusal};
use crate::domain::context::Operator;
use crate::domain::registry::{Class, MessageType};
use crate::evidence::ReplyClaims;
use crate::jws::Resolution;
use crate::message::Composer;

/// How often the same question is sent when no reply comes: the gateway answers the same bytes the
/// same way.
const ATTEMPTS_MAX: usize = 2;

/// Why there is no answer.
pub(super) enum NoAnswer {
    /// Nothing was logged.
    Unsigned(Refusal),
    /// The gateway logged its refusal; receipt and proof were verified.
    Signed(Refusal, SignedReply),
}

impl From<Refusal> for NoAnswer {
    fn from(refusal: Refusal) -> Self {
        Self::Unsigned(refusal)
    }
}

impl Connector {
    /// Asks a plain question of type `ty` and gives the verified answer as plain JSON: `result`,
    /// `coverage`, `known_at`, `position`, the evidence `answer` and `proof`, and `remarks` on the
    /// identifiers where there are any.
    pub(super) async fn ask(
        &self,
        ty: MessageType,
        body: Value,
        operator: &Operator,
    ) -> Result<Value, NoAnswer> {
        if ty.class() != Class::Query {
            return Err(Refusal::from(Code::MessageTypeUnknown).into());
        }
        let (body, _, notes) = self.prepare(ty, body, operator).await?;
        push::check(&self.schemas, ty, &body)?;
        let composer = Composer { schemas: &self.schemas, key: &self.key, aud: &self.gateway.id };
        let (now, id) = (self.ports.clock.now(), self.ports.ids.uuid_v7());
        let message = composer.compose(ty, &body, now, id, None)?;
        let reply = self.exchange(&message.compact).await?;
        let verified = self.verify(&message.compact, &reply).await?;
        match verified.into_claims() {
            ReplyClaims::Answer(claims) => {
                let answer = json!({
                    "result": claims.body,
                    "coverage": claims.coverage,
                    "known_at": claims.known_at,
                    "position": claims.log.map(|log| log.index),
                    "answered_at": claims.iat,
                    "jti": message.jti,
                    "answer": reply.compact,
                    "proof": reply.proof,
                });
                Ok(remark::into(answer, &notes.remarks))
            }
            ReplyClaims::Receipt(claims) => match claims.res {
                Resolution::Rejected(refusal) => Err(NoAnswer::Signed(refusal, reply)),
                Resolution::Accepted(_) => Err(not_believed().into()),
            },
        }
    }

    async fn exchange(&self, compact: &str) -> Result<SignedReply, Refusal> {
        let mut attempt = 1;
        loop {
            match hub::send(&self.gateway, compact).await {
                Ok(reply) => return Ok(reply),
                Err(HubError::Unreachable) if attempt < ATTEMPTS_MAX => attempt += 1,
                Err(error) => return Err(error.into_refusal("网关", "the gateway")),
            }
        }
    }
}
