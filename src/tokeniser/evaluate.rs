//! `POST /v1/tokens`: one signed `token.evaluate/1` in, one signed answer out.
//!
//! The order of checks is the gateway's (`formats.md` §1.3). Refusals are unsigned: the tokeniser
//! has no log to put them in.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use serde::Serialize;

use super::Tokeniser;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::query::{TokenEvaluate, TokenEvaluated};
use crate::domain::registry::{Body, MessageType};
use crate::domain::time::UtcSeconds;
use crate::json::Bounds;
use crate::jws::{
    AnswerClaims, Compact, Digest, Jti, KeyUse, MessageClaims, MessageRef, Typ, VerifiedMessage,
};
use crate::net::body::{self, BodyLimit};
use crate::net::peer::Peer;
use crate::net::problem::Problem;
use crate::oprf::BlindedElement;
use crate::oprf::server::Key;

/// Media type of a compact JWS (RFC 7515 §9.2.1).
const JOSE: &str = "application/jose";
/// Largest request: 64 elements and the claims take 5 KiB.
const REQUEST: BodyLimit = BodyLimit { bytes_max: 16 * 1024, within: Duration::from_secs(5) };

/// What the tokeniser replies.
#[derive(Serialize)]
struct Reply {
    /// `ydt-answer+jwt`.
    answer: String,
}

/// A message that was checked in full, with its parsed batch.
struct Batch {
    claims: MessageClaims,
    digest: Digest,
    key: Arc<Key>,
    elements: Vec<BlindedElement>,
}

/// Handles one request.
pub(super) async fn tokens(
    State(tokeniser): State<Arc<Tokeniser>>,
    Peer(peer): Peer,
    request: Request,
) -> Result<Response, Problem> {
    let who = &peer.participant;
    tokeniser
        .requests
        .check(who, tokeniser.ports.clock.now_ms())
        .map_err(|wait| Problem::from(Code::TooManyRequests).retry_after(wait.seconds()))?;
    if request.headers().get(CONTENT_TYPE).is_none_or(|value| value != JOSE) {
        let refusal = Refusal::new(Code::UnsupportedMediaType)
            .detail("请以 application/jose 发送", "send application/jose");
        return Err(refusal.into());
    }
    let bytes = body::read(request.into_body(), REQUEST).await?;
    let now = tokeniser.ports.clock.now();
    let batch = tokeniser.check(who, &bytes, now)?;
    let (count, epoch) = (batch.elements.len(), batch.key.epoch());
    tokeniser
        .elements
        .take(who, count, tokeniser.ports.clock.now_ms())
        .map_err(|wait| Problem::from(Code::QuotaExceeded).retry_after(wait.seconds()))?;
    let working = Arc::clone(&tokeniser);
    // Milliseconds of arithmetic: off the threads that serve connections.
    let answer = tokio::task::spawn_blocking(move || working.answer(&batch, now))
        .await
        .map_err(|_| Code::Internal)??;
    tracing::info!(participant = who.as_str(), epoch, count, "elements evaluated");
    let json = serde_json::to_vec(&Reply { answer }).map_err(|_| Code::Internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], json).into_response())
}

impl Tokeniser {
    /// Every check of the message; nothing in it is believed before its signature holds.
    fn check(&self, peer: &ParticipantId, bytes: &[u8], now: UtcSeconds) -> Result<Batch, Refusal> {
        let text = std::str::from_utf8(bytes).map_err(|_| Code::JwsMalformed)?;
        let message = Compact::parse(text, &Bounds::MESSAGE)?
            .header(Typ::Message)?
            .verify_with(&*self.participants, now)?
            .into_message(|_, key_use| key_use == KeyUse::Message)?;
        message.check_peer(peer)?;
        message.claims().check_audience(&self.id)?;
        let ty = MessageType::TokenEvaluate;
        message.claims().check_time(now, ty.lifetime_seconds_max())?;
        let asked = self.body(&message)?;
        let key = self.keys.get(&asked.epoch).ok_or_else(|| {
            Refusal::new(Code::EpochUnknown).at("/body/epoch", "an epoch of the directory")
        })?;
        let elements = asked.elements.iter().enumerate().map(|(i, text)| {
            BlindedElement::parse(text).map_err(|_| {
                Refusal::new(Code::ElementMalformed)
                    .at(format!("/body/elements/{i}"), "a canonical ristretto255 element")
            })
        });
        let elements = elements.collect::<Result<_, _>>()?;
        let digest = message.digest();
        let (claims, _) = message.into_parts();
        Ok(Batch { claims, digest, key: Arc::clone(key), elements })
    }

    /// Type, schema pin, schema, shape.
    fn body(&self, message: &VerifiedMessage) -> Result<TokenEvaluate, Refusal> {
        let ty = MessageType::TokenEvaluate;
        let claims = message.claims();
        let unknown = || Refusal::new(Code::MessageTypeUnknown).at("/mt", ty.as_str());
        if claims.mt.as_str() != ty.as_str() {
            return Err(unknown());
        }
        let schema = self.schemas.get(ty.as_str()).ok_or_else(unknown)?;
        if !schema.accepts_pin(&claims.sch.uri, claims.sch.sha256.as_bytes()) {
            return Err(
                Refusal::new(Code::SchemaUnknown).at("/sch", "uri and sha256 of a served schema")
            );
        }
        match Body::parse(ty, message.body(), &|body| schema.check(body))? {
            Body::TokenEvaluate(asked) => Ok(asked),
            _ => Err(unknown()),
        }
    }

    /// Evaluates and signs.
    fn answer(&self, batch: &Batch, now: UtcSeconds) -> Result<String, Refusal> {
        let (evaluated, proof) = batch.key.evaluate_batch(&batch.elements, &*self.ports.entropy)?;
        let body = TokenEvaluated {
            epoch: batch.key.epoch(),
            elements: evaluated.iter().map(ToString::to_string).collect(),
            proof: proof.to_string(),
        };
        let asked = &batch.claims;
        let claims = AnswerClaims {
            iss: self.id.clone(),
            aud: asked.iss.clone(),
            iat: now,
            jti: Jti::new(self.ports.ids.uuid_v7()).ok_or(Code::Internal)?,
            msg: MessageRef { iss: asked.iss.clone(), jti: asked.jti, sha256: batch.digest },
            irt: asked.jti,
            log: None,
            known_at: None,
            coverage: None,
            body: serde_json::to_value(body).map_err(|_| Code::Internal)?,
        };
        claims.seal(&self.receipt)
    }
}
