//! Receipts and answers: what the gateway signs about a message (`formats.md` §1.6). Neither has
//! an `exp`: they are evidence.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::claims::Jti;
use super::digest::Digest;
use super::header::Typ;
use super::members::invalid;
use super::signing::SigningKey;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;

/// The one message that a receipt or answer is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageRef {
    /// Its issuer.
    pub iss: ParticipantId,
    /// Its id.
    pub jti: Jti,
    /// SHA-256 of the exact bytes as received.
    pub sha256: Digest,
}

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogPosition {
    /// The log's name, as in its checkpoints.
    pub origin: String,
    /// Leaf index from 0.
    pub index: u64,
}

/// `ydt-receipt+jwt`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptClaims {
    /// The gateway.
    pub iss: ParticipantId,
    /// The sender of the message.
    pub aud: ParticipantId,
    /// When it was accepted or refused.
    pub iat: UtcSeconds,
    /// Id of the receipt.
    pub jti: Jti,
    /// The message.
    pub msg: MessageRef,
    /// What became of it.
    pub res: Resolution,
    /// Where the receipt's leaf lies.
    pub log: LogPosition,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Resolution {
    /// Accepted, and durable.
    Accepted(Acceptance),
    /// Refused; the `jti` is consumed.
    Rejected(Refusal),
}

/// What an accepted message brought about. `Debug` hides the assessment.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// For a hold: its rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldRank>,
    /// For the bulk form: one outcome per item, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemOutcome>,
    /// For a hold: the assessment made in the same commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Value>,
}

/// Rank of a hold among those that conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HoldRank {
    /// Lowest log position.
    First,
    /// Another hold came before.
    Contested,
}

/// Accepted or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Accepted.
    Accepted,
    /// Refused.
    Rejected,
}

/// Outcome of one item of a bulk message; a code is there exactly when it was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ItemEntry", into = "ItemEntry")]
pub struct ItemOutcome {
    /// Index of the item, from 0.
    pub index: u32,
    /// Why it was refused; `None` when it was accepted.
    pub refused: Option<Code>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemEntry {
    index: u32,
    outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
}

/// `ydt-answer+jwt`. `Debug` hides the body.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerClaims {
    /// The service that answers.
    pub iss: ParticipantId,
    /// The asker.
    pub aud: ParticipantId,
    /// When it was answered.
    pub iat: UtcSeconds,
    /// Id of the answer.
    pub jti: Jti,
    /// The question.
    pub msg: MessageRef,
    /// Its `jti` once more.
    pub irt: Jti,
    /// Where the answer's leaf lies; none at the tokeniser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogPosition>,
    /// Number of log entries whose effects the answer knows; none at the tokeniser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<u64>,
    /// Whose data were in it, up to when, and what was not; none at the tokeniser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Value>,
    /// The answer itself.
    pub body: Value,
}

impl ReceiptClaims {
    /// Reads the payload of a receipt. Closed.
    ///
    /// # Errors
    /// [`Code::ClaimsInvalid`].
    pub fn from_payload(payload: Value) -> Result<Self, Refusal> {
        let claims: Self = parse(payload)?;
        check_binding(&claims.msg, &claims.aud)?;
        Ok(claims)
    }

    /// Signs the receipt.
    ///
    /// # Errors
    /// [`Code::Internal`] if the assessment cannot be written as JSON.
    pub fn seal(&self, key: &SigningKey) -> Result<String, Refusal> {
        key.sign_json(Typ::Receipt, self)
    }
}

impl AnswerClaims {
    /// Reads the payload of an answer. Closed.
    ///
    /// # Errors
    /// [`Code::ClaimsInvalid`].
    pub fn from_payload(payload: Value) -> Result<Self, Refusal> {
        let claims: Self = parse(payload)?;
        check_binding(&claims.msg, &claims.aud)?;
        if claims.irt != claims.msg.jti {
            return Err(invalid("/irt", "the same as msg.jti"));
        }
        Ok(claims)
    }

    /// Signs the answer.
    ///
    /// # Errors
    /// [`Code::Internal`] if the body cannot be written as JSON.
    pub fn seal(&self, key: &SigningKey) -> Result<String, Refusal> {
        key.sign_json(Typ::Answer, self)
    }
}

impl ItemOutcome {
    /// The item was accepted.
    pub fn accepted(index: u32) -> Self {
        Self { index, refused: None }
    }

    /// The item was refused.
    pub fn rejected(index: u32, code: Code) -> Self {
        Self { index, refused: Some(code) }
    }
}

impl fmt::Debug for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hold, items, .. } = self;
        f.debug_struct("Acceptance")
            .field("hold", hold)
            .field("items", items)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AnswerClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { iss, jti, msg, .. } = self;
        f.debug_struct("AnswerClaims")
            .field("iss", iss)
            .field("jti", jti)
            .field("msg", msg)
            .finish_non_exhaustive()
    }
}

impl TryFrom<ItemEntry> for ItemOutcome {
    type Error = &'static str;

    fn try_from(entry: ItemEntry) -> Result<Self, Self::Error> {
        match (entry.outcome, entry.code) {
            (Outcome::Accepted, None) => Ok(Self::accepted(entry.index)),
            (Outcome::Rejected, Some(code)) => Ok(Self::rejected(entry.index, code)),
            _ => Err("expected a code exactly for a rejected item"),
        }
    }
}

impl From<ItemOutcome> for ItemEntry {
    fn from(item: ItemOutcome) -> Self {
        let outcome = if item.refused.is_some() { Outcome::Rejected } else { Outcome::Accepted };
        Self { index: item.index, outcome, code: item.refused }
    }
}

/// `serde`'s own words may hold values of the payload, so they are dropped.
fn parse<T: DeserializeOwned>(payload: Value) -> Result<T, Refusal> {
    serde_json::from_value(payload).map_err(|_| invalid("", "the closed set of claims"))
}

/// A receipt or answer goes to the one who sent the message.
fn check_binding(msg: &MessageRef, aud: &ParticipantId) -> Result<(), Refusal> {
    if msg.iss == *aud { Ok(()) } else { Err(invalid("/aud", "the same as msg.iss")) }
}
