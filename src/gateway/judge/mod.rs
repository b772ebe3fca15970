//! Business rules that depend on the order of the log: judged inside the commit group, on the state
//! that every earlier entry left. What a rule allows, the fold then applies without asking again.

mod directory;
mod link;
mod reconcile;
mod record;

use jiff::civil::Date;
use serde_json::Value;

use super::directory::Directory;
use super::shared::Shared;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::registry::Body;
use crate::domain::subject::TokenRef;
use crate::domain::time::UtcSeconds;
use crate::jws::HoldRank;
use crate::projection::{Folding, ItemOutcome, Resolution, View, ViewError};

/// A refusal, or a storage error that undoes the group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// The sender's message may not happen.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The state could not be read.
    #[error(transparent)]
    View(#[from] ViewError),
}

impl From<Code> for Objection {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

/// An accepted message as the receipt tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    /// One outcome per item; empty where the message is one thing.
    pub items: Vec<Result<(), Refusal>>,
    /// For a hold: its place in the race, as the receipt shows it.
    pub hold: Option<HoldRank>,
    /// For a hold: its assessment.
    pub assessment: Option<Value>,
}

impl Judged {
    /// The outcomes as the fold takes them.
    pub(super) fn outcomes(&self) -> Vec<ItemOutcome> {
        let outcome = |item: &Result<(), Refusal>| match item {
            Ok(()) => ItemOutcome::Accepted,
            Err(refusal) => ItemOutcome::Rejected(refusal.code),
        };
        self.items.iter().map(outcome).collect()
    }
}

/// What judging needs besides the message.
struct Bench<'a> {
    /// The state so far.
    view: &'a dyn View,
    /// The directory so far.
    directory: &'a Directory,
    /// Table keys of tokens.
    resolution: &'a dyn Resolution,
    /// Sender.
    iss: &'a ParticipantId,
    /// Acceptance time.
    at: UtcSeconds,
    /// Day of acceptance in UTC+8.
    today: Date,
}

impl Bench<'_> {
    /// Every token must be of an epoch that the directory lists a key of.
    fn check_epoch(&self, token: &TokenRef) -> Result<(), Refusal> {
        if self.directory.has_epoch(token.epoch) {
            Ok(())
        } else {
            Err(Refusal::new(Code::EpochUnknown).at("/body", "tokens of an epoch of the directory"))
        }
    }
}

/// Judges a message and, where it is allowed, folds it.
pub(super) fn judge(
    shared: &Shared,
    directory: &Directory,
    folding: &mut Folding<'_, '_>,
    body: Body,
) -> Result<Judged, Objection> {
    let (iss, at) = (folding.meta().iss.clone(), folding.meta().at);
    let records = match body.into_records() {
        Ok(records) => return judge_records(shared, directory, folding, records),
        Err(other) => *other,
    };
    let judged = {
        let bench = Bench {
            view: folding.state(),
            directory,
            resolution: &shared.pseudonyms,
            iss: &iss,
            at,
            today: at.date_cst(),
        };
        match &records {
            Body::Participant(body) => directory::participant(&bench, body)?,
            Body::Key(body) => directory::key(&bench, body)?,
            Body::Agreement(body) => directory::agreement(&bench, body)?,
            Body::Consent(_) | Body::Clock(_) => Judged::default(),
            Body::Link(body) => link::link(&bench, body)?,
            Body::Reconcile(body) => reconcile::reconcile(&bench, body)?,
            Body::Certification(_)
            | Body::Qualification(_)
            | Body::Affiliation(_)
            | Body::Occupancy(_)
            | Body::Fact(_)
            | Body::RecordsQuery(_)
            | Body::AccessQuery(_)
            | Body::TokenEvaluate(_) => return Err(Code::MessageTypeUnknown.into()),
        }
    };
    folding.body(records, &judged.outcomes())?;
    Ok(judged)
}

/// Records are judged singly and in order: a later item of a bulk message sees the earlier ones.
fn judge_records(
    shared: &Shared,
    directory: &Directory,
    folding: &mut Folding<'_, '_>,
    records: Vec<Result<Record, Refusal>>,
) -> Result<Judged, Objection> {
    let (iss, at) = (folding.meta().iss.clone(), folding.meta().at);
    let mut items = Vec::with_capacity(records.len());
    for (index, item) in (0..).zip(records) {
        let judged = match &item {
            Err(refusal) => Err(Objection::Refused(refusal.clone())),
            Ok(record) => record::record(
                &Bench {
                    view: folding.state(),
                    directory,
                    resolution: &shared.pseudonyms,
                    iss: &iss,
                    at,
                    today: at.date_cst(),
                },
                record,
            ),
        };
        match (judged, item) {
            (Ok(()), Ok(record)) => {
                folding.record(index, record)?;
                items.push(Ok(()));
            }
            (Ok(()), Err(refusal)) | (Err(Objection::Refused(refusal)), _) => {
                items.push(Err(refusal))
            }
            (Err(error @ Objection::View(_)), _) => return Err(error),
        }
    }
    // When nothing of the message was taken, the message is refused.
    match items.first() {
        Some(Err(first)) if items.iter().all(Result::is_err) => Err(first.clone().into()),
        _ => Ok(Judged { items, ..Judged::default() }),
    }
}

fn revision(code: Code, known: u32) -> Refusal {
    Refusal::new(code).at("/body/revision", format!("{}", known.saturating_add(1))).detail(
        format!("网关最后收到的修订号为 {known}"),
        format!("the last revision here is {known}"),
    )
}
