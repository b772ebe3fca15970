//! Matters that wait for a person: objections and enquiries, their stages and deadlines, and
//! `query.worklist/1`, by which a participant sees its own.

use serde::{Deserialize, Serialize};

use super::time::UtcSeconds;

/// What a matter waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// An objection waits to be decided.
    Decide,
    /// An upheld objection waits for the record to be corrected.
    Correct,
    /// An enquiry waits for its reply.
    Reply,
}

/// A clock that ran out, as `clock/1` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overdue {
    /// Log position of the objection or enquiry.
    pub position: u64,
    /// The stage that took too long.
    pub stage: Stage,
}

/// When a stage must be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deadline {
    /// At this second.
    At(UtcSeconds),
    /// The calendar lacks the notice of this year; nothing is guessed.
    CalendarMissing(i16),
    /// No clock is known for the owner's province.
    ClockUnknown,
}

/// What a worklist lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worklist {
    /// Objections raised by the asker or against its records.
    Objections,
    /// Enquiries from and to the asker.
    Enquiries,
    /// Measured precision of every rule.
    Precision,
}

/// `query.worklist/1`: the asker's own matters; of nobody else's anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorklistQuery {
    /// What is asked for.
    pub include: Vec<Worklist>,
    /// Closed matters too?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Only matters from log positions before this one, for paging; absent begins at the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
}

impl WorklistQuery {
    /// Most matters in one answer.
    pub const PAGE_MAX: usize = 200;
}
