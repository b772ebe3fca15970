//! Business rules that depend on the order of the log: judged inside the commit group, on the state
//! that every earlier entry left. What a rule allows, the fold then applies without asking again.

mod consent;
mod decision;
mod directory;
mod funding;
mod link;
mod matter;
mod reconcile;
mod record;

pub(super) use self::funding::check_application;

use arc_swap::ArcSwap;
use jiff::civil::Date;
use serde_json::Value;

use super::directory::Directory;
use super::rulebook::Rulebook;
use super::shared::Shared;
use crate::catalogue::Catalogue;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::registry::Body;
use crate::domain::subject::{Ref, SubjectId, TokenRef};
use crate::domain::time::UtcSeconds;
use crate::jws::HoldRank;
use crate::projection::{
    EventMeta, Folding, Given, HoldVerdict, ItemOutcome, Outcomes, Resolution, View, ViewError,
    subject_of,
};

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
    /// Does the receipt list them? The outcome of a single record is the message's own.
    pub itemised: bool,
    /// For a hold: its place in the race, as the receipt shows it.
    pub hold: Option<HoldRank>,
    /// For a hold: its assessment, as the receipt shows it.
    pub assessment: Option<Value>,
    /// For a hold: what the fold keeps of it.
    pub verdict: Option<HoldVerdict>,
}

impl Judged {
    /// The outcomes as the fold takes them.
    fn outcomes(&self) -> Outcomes {
        let outcome = |item: &Result<(), Refusal>| match item {
            Ok(()) => ItemOutcome::Accepted,
            Err(refusal) => ItemOutcome::Rejected(refusal.code),
        };
        let items = self.items.iter().map(outcome).collect();
        Outcomes { items, hold: self.verdict.clone(), given: None }
    }
}

/// What judging needs besides the message.
struct Bench<'a> {
    /// The state so far.
    view: &'a dyn View,
    /// The directory so far.
    directory: &'a Directory,
    /// The catalogue that ships with the binary.
    catalogue: &'a Catalogue,
    /// The rules so far, for assessments.
    rulebook: &'a ArcSwap<Rulebook>,
    /// Table keys of tokens.
    resolution: &'a dyn Resolution,
    /// Log position of the message.
    pos: u64,
    /// Sender.
    iss: &'a ParticipantId,
    /// Participant behind the gateway that the message is for.
    to: Option<&'a ParticipantId>,
    /// Acceptance time.
    at: UtcSeconds,
    /// Day of acceptance in UTC+8.
    today: Date,
}

impl Bench<'_> {
    /// The internal id behind a token of the sender, where the log knows it.
    fn known(&self, token: Ref<&TokenRef>) -> Result<Option<SubjectId>, ViewError> {
        self.known_of(token, self.iss)
    }

    /// The internal id behind a token in the records of `owner`.
    fn known_of(
        &self,
        token: Ref<&TokenRef>,
        owner: &ParticipantId,
    ) -> Result<Option<SubjectId>, ViewError> {
        subject_of(self.view, self.resolution, token, owner)
    }

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
    let itemised = body.is_bulk() || matches!(body, Body::Reconcile(_));
    let body = match body.into_records() {
        Ok(records) => {
            let judged = judge_records(shared, directory, folding, records)?;
            return Ok(Judged { itemised, ..judged });
        }
        Err(other) => *other,
    };
    // Holds and grants are judged on internal ids, numbered as the fold will number them.
    let judged = match body.clone() {
        Body::FundingHold(hold) => {
            let hold = hold.map(&mut |r| folding.resolve(r))?;
            let meta = folding.meta().clone();
            funding::hold(&bench(shared, directory, folding, &meta), &hold)?
        }
        Body::FundingGrant(grant) => {
            let grant = grant.map(&mut |r| folding.resolve(r))?;
            let meta = folding.meta().clone();
            funding::grant(&bench(shared, directory, folding, &meta), &grant)?
        }
        _ => {
            let meta = folding.meta().clone();
            judge_body(&bench(shared, directory, folding, &meta), &body)?
        }
    };
    let given = judged.assessment.as_ref().and_then(|told| Given::of(&body, told));
    folding.body(body, &Outcomes { given, ..judged.outcomes() })?;
    Ok(Judged { itemised, ..judged })
}

fn bench<'a>(
    shared: &'a Shared,
    directory: &'a Directory,
    folding: &'a Folding<'_, '_>,
    meta: &'a EventMeta,
) -> Bench<'a> {
    Bench {
        view: folding.state(),
        directory,
        catalogue: &shared.catalogue,
        rulebook: &shared.rulebook,
        resolution: &shared.pseudonyms,
        pos: meta.pos,
        iss: &meta.iss,
        to: meta.to.as_ref(),
        at: meta.at,
        today: meta.at.date_cst(),
    }
}

fn judge_body(bench: &Bench<'_>, body: &Body) -> Result<Judged, Objection> {
    match body {
        Body::Participant(body) => directory::participant(bench, body),
        Body::Key(body) => directory::key(bench, body),
        Body::Agreement(body) => directory::agreement(bench, body),
        Body::Consent(body) => consent::consent(bench, body),
        // The gateway's own; what is no longer so, the fold passes over.
        Body::AnswerReview(_) => Ok(Judged::default()),
        Body::Clock(body) => funding::clock(bench, body),
        Body::Link(body) => link::link(bench, body),
        Body::Reconcile(body) => reconcile::reconcile(bench, body),
        Body::RecognitionRule(body) => funding::recognition_rule(bench, body),
        Body::FundingPolicy(body) => funding::policy(bench, body),
        Body::FundingPayment(body) => funding::payment(bench, body),
        Body::FundingStop(body) => funding::stop(bench, body),
        Body::FundingRecovery(body) => funding::recovery(bench, body),
        Body::FundingRelease(body) => funding::release(bench, body),
        Body::FindingOutcome(body) => funding::outcome(bench, body),
        Body::FundingRuling(body) => decision::ruling(bench, body),
        Body::FundingJointRule(body) => decision::joint_rule(bench, body),
        Body::Sanction(body) => decision::sanction(bench, body),
        Body::Objection(body) => matter::objection(bench, body),
        Body::ObjectionOutcome(body) => matter::outcome(bench, body),
        Body::Enquiry(body) => matter::enquiry(bench, body),
        Body::EnquiryReply(body) => matter::reply(bench, body),
        // Judged elsewhere, or never pushed.
        Body::Certification(_)
        | Body::Qualification(_)
        | Body::Affiliation(_)
        | Body::Occupancy(_)
        | Body::Points(_)
        | Body::Quota(_)
        | Body::Fact(_)
        | Body::FundingHold(_)
        | Body::FundingGrant(_)
        | Body::RecordsQuery(_)
        | Body::AccessQuery(_)
        | Body::WorklistQuery(_)
        | Body::RecognitionQuery(_)
        | Body::EntitlementQuery(_)
        | Body::FundingQuery(_)
        | Body::TokenEvaluate(_) => Err(Code::MessageTypeUnknown.into()),
    }
}

/// Records are judged singly and in order: a later item of a bulk message sees the earlier ones.
fn judge_records(
    shared: &Shared,
    directory: &Directory,
    folding: &mut Folding<'_, '_>,
    records: Vec<Result<Record, Refusal>>,
) -> Result<Judged, Objection> {
    let meta = folding.meta().clone();
    let mut items = Vec::with_capacity(records.len());
    for (index, item) in (0..).zip(records) {
        let judged = match &item {
            Err(refusal) => Err(Objection::Refused(refusal.clone())),
            Ok(record) => record::record(&bench(shared, directory, folding, &meta), record),
        };
        match (judged, item) {
            (Ok(()), Ok(record)) => {
                folding.record(index, record)?;
                items.push(Ok(()));
            }
            (Ok(()), Err(refusal)) | (Err(Objection::Refused(refusal)), _) => {
                items.push(Err(refusal));
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

fn next_revision(given: u32, known: u32) -> Result<(), Refusal> {
    match given.checked_sub(known) {
        Some(1) => Ok(()),
        Some(0) | None => Err(revision(Code::RevisionStale, known)),
        Some(_) => Err(revision(Code::RevisionGap, known)),
    }
}
