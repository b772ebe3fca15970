//! Messages of the outbox, as they stand in its rows.

use rusqlite::Row;
use serde::Serialize;
use serde_json::Value;

use super::OutboxError;
use crate::connector::remark::Verification;
use crate::connector::revisions::{Logged, Revision};
use crate::domain::code::Refusal;
use crate::domain::context::Operator;
use crate::domain::participant::ParticipantId;
use crate::domain::registry::MessageType;
use crate::domain::time::UtcSeconds;
use crate::jws::Jti;

/// Columns of an item, in the order in which [`Item::read`] takes them.
pub(super) const COLUMNS: &str = "id, mt, state, body, operator, jti, compact, exp, attempt, due_ms, reply, proof, problem, created, ended, addressee, verifications";

/// Where a message of the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemState {
    /// Waits for a second operator.
    Parked,
    /// Waits to be sent, or for its receipt.
    Waiting,
    /// Accepted; receipt and proof were verified.
    Done,
    /// Refused with a signed receipt, which was verified.
    Refused,
    /// Given up unsigned: sending the same again cannot help, and nothing was logged.
    Failed,
}

/// A message of the outbox.
#[derive(Clone, Debug)]
pub(in crate::connector) struct Item {
    pub id: i64,
    pub ty: MessageType,
    pub state: ItemState,
    pub body: Value,
    pub operator: Operator,
    pub jti: Jti,
    pub signed: Option<Signed>,
    pub attempt: u32,
    pub due_ms: i64,
    pub reply: Option<String>,
    pub proof: Option<String>,
    pub problem: Option<Refusal>,
    pub created: UtcSeconds,
    pub ended: Option<UtcSeconds>,
    pub to: Option<ParticipantId>,
    /// Who vouches for credit codes of the message whose check digit does not hold.
    pub verifications: Vec<Verification>,
}

/// The exact bytes of a message, kept until there is a receipt for them.
#[derive(Clone, Debug)]
pub(in crate::connector) struct Signed {
    pub compact: String,
    pub exp: UtcSeconds,
}

/// A message to be put in.
pub(in crate::connector) struct NewItem<'a> {
    pub ty: MessageType,
    pub state: ItemState,
    /// Items of one lane are sent one after the other; without a lane, everything before and after
    /// waits.
    pub lane: Option<String>,
    pub body: &'a Value,
    pub operator: &'a Operator,
    /// The participant behind the gateway that it is for.
    pub to: Option<&'a ParticipantId>,
    pub jti: Jti,
    pub now: UtcSeconds,
    /// The revisions that `body` holds, one per item.
    pub revisions: &'a [Option<Revision>],
    /// Who vouches for credit codes in it.
    pub verifications: &'a [Verification],
}

/// How a message ended.
pub(in crate::connector) struct Ending<'a> {
    pub state: ItemState,
    pub reply: Option<(&'a str, &'a str)>,
    pub problem: Option<&'a Refusal>,
    /// What of it was accepted.
    pub logged: Option<&'a Logged>,
}

/// What can be sent now.
pub(in crate::connector) enum Next {
    /// These, side by side.
    Send(Vec<Item>),
    /// Nothing before this time in milliseconds.
    At(i64),
    /// Nothing at all.
    Idle,
}

/// Numbers for the operator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Wait for a second operator.
    pub parked: u64,
    /// Wait to be sent.
    pub waiting: u64,
    /// Accepted.
    pub done: u64,
    /// Refused, signed.
    pub refused: u64,
    /// Given up.
    pub failed: u64,
    /// When the oldest one that waits came in, UTC seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_waiting: Option<i64>,
    /// Why the oldest one still waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Refusal>,
}

impl ItemState {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Parked => "parked",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Parked, Self::Waiting, Self::Done, Self::Refused, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

impl Item {
    pub(super) fn read(row: &Row<'_>) -> Result<Self, OutboxError> {
        let text = |column| row.get::<_, Option<String>>(column);
        let required = |column, what| text(column)?.ok_or(OutboxError::Damaged(what));
        let body: Vec<u8> = row.get(3)?;
        let problem = text(12)?.and_then(|text| serde_json::from_str(&text).ok());
        let signed = match (text(6)?, row.get::<_, Option<i64>>(7)?) {
            (Some(compact), Some(exp)) => Some(Signed { compact, exp: UtcSeconds(exp) }),
            _ => None,
        };
        let damaged = OutboxError::Damaged;
        Ok(Self {
            id: row.get(0)?,
            ty: MessageType::parse(&required(1, "no type")?).ok_or(damaged("an unknown type"))?,
            state: ItemState::parse(&required(2, "no state")?)
                .ok_or(damaged("an unknown state"))?,
            body: serde_json::from_slice(&body).map_err(|_| damaged("a body"))?,
            operator: serde_json::from_str(&required(4, "no operator")?)
                .map_err(|_| damaged("an operator"))?,
            jti: required(5, "no jti")?.parse().map_err(|_| damaged("a jti"))?,
            signed,
            attempt: row.get(8)?,
            due_ms: row.get(9)?,
            reply: text(10)?,
            proof: text(11)?,
            problem,
            created: UtcSeconds(row.get(13)?),
            ended: row.get::<_, Option<i64>>(14)?.map(UtcSeconds),
            to: text(15)?.map(|id| id.parse()).transpose().map_err(|_| damaged("an addressee"))?,
            verifications: match text(16)? {
                None => Vec::new(),
                Some(seen) => serde_json::from_str(&seen).map_err(|_| damaged("a verification"))?,
            },
        })
    }
}
