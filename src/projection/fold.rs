//! The fold: what each logged event does to the tables. It matches exhaustively on the message
//! types, so that a new type cannot be forgotten, and it never judges: outcomes come from the
//! receipt.

use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, FeedRow, notify};
use super::funding::{self, HoldState, HoldVerdict};
use super::link;
use super::reconcile::{RECONCILED, ReconciledRow};
use super::record::{self, RECORDS, RecordRow, record_prefix};
use super::table::{Key, Table};
use super::view::{Overlay, ViewError};
use super::{decision, directory};
use crate::domain::code::Code;
use crate::domain::context::QueryContext;
use crate::domain::link::LinkBody;
use crate::domain::participant::ParticipantId;
use crate::domain::reconcile::{HoldRef, ReconcileBody};
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::registry::{Body, MessageType};
use crate::domain::subject::{Ref, SubjectId, TokenRef};
use crate::domain::time::UtcSeconds;

/// Subjects, keyed by the keyed hash of their token.
pub const SUBJECTS: Table<SubjectId> = Table::new(1);
/// Who asked about a subject, keyed by log position and found by subject.
pub const ACCESS: Table<AccessRow> = Table::new(15);

/// Most references in one message, so that internal ids of one log position never run into the
/// next: 2^16.
const REFERENCES_BITS: u32 = 16;

/// Turns tokens into table keys: `HMAC-SHA-256(k_M, domain ‖ token)` (`formats.md` §6.4).
pub trait Resolution {
    /// The key under which the subject behind a token is found.
    fn lookup(&self, token: Ref<&TokenRef>) -> [u8; 32];
}

/// One accepted or answered message, as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where and when, from whom.
    pub meta: EventMeta,
    /// What happened.
    pub happened: Happened,
}

/// Where an event stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventMeta {
    /// Log position.
    pub pos: u64,
    /// Acceptance time.
    pub at: UtcSeconds,
    /// Sender.
    pub iss: ParticipantId,
    /// Message id.
    pub jti: uuid::Uuid,
    /// Participant behind the service that the sender addressed.
    pub to: Option<ParticipantId>,
}

impl EventMeta {
    /// A feed entry about this event; its sequence number is given when it is written.
    pub(super) fn feed_entry(
        &self,
        change: FeedChange,
        case: Option<String>,
        concerns: Option<String>,
    ) -> FeedRow {
        FeedRow { seq: 0, pos: self.pos, at: self.at, change, case, concerns, target: None }
    }
}

/// What happened to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It was accepted, as the receipt tells it.
    Accepted(Box<Body>, Outcomes),
    /// It was a query and was answered.
    Answered(MessageType, Option<(TokenRef, QueryContext)>, Option<Vec<String>>),
}

/// What a receipt tells of an accepted message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// One outcome per item, in order.
    pub items: Vec<ItemOutcome>,
    /// For a hold: its assessment and race.
    pub hold: Option<HoldVerdict>,
}

/// The outcome of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemOutcome {
    /// Taken.
    Accepted,
    /// Refused, with its code.
    Rejected(Code),
}

/// Who asked about a subject, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// Who.
    pub by: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When.
    pub at: UtcSeconds,
    /// What was asked.
    pub query: String,
    /// Why.
    pub context: QueryContext,
}

/// Applies one event to the tables: the whole of `rebuild`, and what live acceptance does after it
/// has judged.
pub fn fold(
    state: &mut Overlay<'_>,
    event: &Event,
    resolution: &dyn Resolution,
) -> Result<(), ViewError> {
    let mut folding = Folding::new(state, event.meta.clone(), resolution);
    match &event.happened {
        Happened::Accepted(body, outcomes) => match Body::clone(body).into_records() {
            Ok(records) => {
                for (item, (record, outcome)) in (0..).zip(records.into_iter().zip(&outcomes.items))
                {
                    if let (Ok(record), ItemOutcome::Accepted) = (record, outcome) {
                        folding.record(item, record)?;
                    }
                }
            }
            Err(body) => folding.body(*body, outcomes)?,
        },
        Happened::Answered(query, about, findings) => {
            folding.answered(*query, about.as_ref(), findings.clone())?;
        }
    }
    folding.finish()
}

/// The fold of one event, step by step.
pub struct Folding<'s, 'v> {
    state: &'s mut Overlay<'v>,
    meta: EventMeta,
    subjects: Subjects<'s>,
}

impl<'s, 'v> Folding<'s, 'v> {
    /// Begins the fold of one event.
    pub fn new(
        state: &'s mut Overlay<'v>,
        meta: EventMeta,
        resolution: &'s dyn Resolution,
    ) -> Self {
        let subjects = Subjects { pos: meta.pos, given: 0, resolution };
        Self { state, meta, subjects }
    }

    /// Where the event stands.
    pub fn meta(&self) -> &EventMeta {
        &self.meta
    }

    /// The state so far.
    pub fn state(&self) -> &Overlay<'v> {
        self.state
    }

    /// Takes one record.
    pub fn record(&mut self, item: u32, record: Record) -> Result<(), ViewError> {
        let record = record.map(&mut |r| self.subjects.resolve(self.state, r))?;
        let head = record.head();
        let before = match head.revision {
            1 => None,
            _ => RECORDS
                .last(self.state, &record_prefix(record.kind(), &self.meta.iss, &head.record))?
                .map(|row| row.state),
        };
        let after = State::after(before, head.action)
            .ok_or_else(|| RECORDS.inconsistent("accepted revision does not follow"))?;
        let row = RecordRow {
            owner: self.meta.iss.clone(),
            pos: self.meta.pos,
            item,
            at: self.meta.at,
            jti: self.meta.jti,
            state: after,
            record,
        };
        record::write(self.state, &row)
    }

    /// Takes any other body.
    pub fn body(&mut self, body: Body, outcomes: &Outcomes) -> Result<(), ViewError> {
        let (state, meta) = (&mut *self.state, &self.meta);
        match body {
            Body::Participant(body) => directory::participant(state, meta, &body),
            Body::Key(body) => directory::key(state, meta, &body),
            Body::Agreement(body) => directory::agreement(state, meta, &body),
            Body::Consent(body) => {
                directory::consent(state, meta, &body)?;
                link::consent(state, meta, &body.target)
            }
            Body::Link(body) => fold_link(state, meta, body, &mut self.subjects),
            Body::Reconcile(body) => fold_reconcile(state, meta, body, &outcomes.items),
            Body::Clock(body) => {
                for hold in &body.expired_holds {
                    funding::end_hold(state, meta, hold, HoldState::Expired)?;
                }
                Ok(())
            }
            Body::RecognitionRule(rule) => funding::recognition_rule(state, meta, rule),
            Body::FundingPolicy(policy) => funding::policy(state, meta, policy),
            Body::FundingHold(hold) => {
                let hold = hold.map(&mut |r| self.subjects.resolve(state, r))?;
                let verdict = outcomes.hold.clone();
                let verdict =
                    verdict.ok_or_else(|| funding::HOLDS.inconsistent("a hold without verdict"))?;
                funding::hold(state, meta, hold, verdict)
            }
            Body::FundingGrant(grant) => {
                let grant = grant.map(&mut |r| self.subjects.resolve(state, r))?;
                funding::grant(state, meta, grant)
            }
            Body::FundingPayment(body) => funding::payment(state, meta, body),
            Body::FundingRecovery(body) => funding::recovery(state, meta, body),
            Body::FundingStop(body) => funding::stop(state, meta, &body),
            Body::FundingRelease(body) => {
                let hold = HoldRef { owner: meta.iss.clone(), hold: body.hold };
                funding::end_hold(state, meta, &hold, HoldState::Released)
            }
            Body::FindingOutcome(body) => funding::outcome(state, meta, body),
            Body::FundingRuling(body) => decision::ruling(state, meta, body),
            Body::FundingJointRule(body) => decision::joint_rule(state, meta, body),
            Body::Sanction(body) => {
                let body = body.map(&mut |r| self.subjects.resolve(state, r))?;
                decision::sanction(state, meta, body)
            }
            // Records go through `record`, queries through `answered`; the tokeniser's never come.
            Body::Certification(_)
            | Body::Qualification(_)
            | Body::Affiliation(_)
            | Body::Occupancy(_)
            | Body::Points(_)
            | Body::Quota(_)
            | Body::Fact(_)
            | Body::RecordsQuery(_)
            | Body::AccessQuery(_)
            | Body::RecognitionQuery(_)
            | Body::EntitlementQuery(_)
            | Body::FundingQuery(_)
            | Body::TokenEvaluate(_) => Ok(()),
        }
    }

    /// The subject behind a token, as this event's fold will number it.
    pub fn resolve(&mut self, token: Ref<TokenRef>) -> Result<SubjectId, ViewError> {
        self.subjects.resolve(self.state, token)
    }

    /// Takes an answered query: access is itself a record.
    pub fn answered(
        &mut self,
        query: MessageType,
        about: Option<&(TokenRef, QueryContext)>,
        findings: Option<Vec<String>>,
    ) -> Result<(), ViewError> {
        if let Some(findings) = findings {
            funding::assessed(self.state, &self.meta, findings)?;
        }
        let Some((subject, context)) = about else { return Ok(()) };
        let subject = self.subjects.resolve(self.state, Ref::Talent(*subject))?;
        let row = AccessRow {
            by: self.meta.iss.clone(),
            pos: self.meta.pos,
            at: self.meta.at,
            query: query.as_str().to_owned(),
            context: context.clone(),
        };
        self.state.apply(ACCESS.put(Key::new().number(self.meta.pos), Some(subject), &row)?);
        Ok(())
    }

    /// Ends the fold.
    pub fn finish(self) -> Result<(), ViewError> {
        match &self.meta.to {
            Some(to) => {
                let entry = self.meta.feed_entry(FeedChange::Addressed, None, None);
                notify(self.state, to, entry)
            }
            None => Ok(()),
        }
    }
}

fn fold_link(
    state: &mut Overlay<'_>,
    event: &EventMeta,
    body: LinkBody,
    subjects: &mut Subjects<'_>,
) -> Result<(), ViewError> {
    let [a, b] = body.subjects;
    let sides =
        [subjects.resolve(state, Ref::Talent(a))?, subjects.resolve(state, Ref::Talent(b))?];
    link::link(state, event, body, sides)
}

fn fold_reconcile(
    state: &mut Overlay<'_>,
    event: &EventMeta,
    body: ReconcileBody,
    outcomes: &[ItemOutcome],
) -> Result<(), ViewError> {
    for (line, outcome) in body.kinds.into_iter().zip(outcomes) {
        let key = Key::new().text(event.iss.as_str()).text(&line.kind);
        let row = ReconciledRow {
            owner: event.iss.clone(),
            pos: event.pos,
            at: event.at,
            line,
            matched: *outcome == ItemOutcome::Accepted,
        };
        state.apply(RECONCILED.put(key, None, &row)?);
    }
    Ok(())
}

/// Gives internal ids to the tokens of one event.
pub(super) struct Subjects<'a> {
    pos: u64,
    given: u64,
    resolution: &'a dyn Resolution,
}

impl Subjects<'_> {
    /// The subject behind a token; a new one gets the next id of this log position.
    pub(super) fn resolve(
        &mut self,
        state: &mut Overlay<'_>,
        token: Ref<TokenRef>,
    ) -> Result<SubjectId, ViewError> {
        let lookup = self.resolution.lookup(match &token {
            Ref::Talent(t) => Ref::Talent(t),
            Ref::Object(t) => Ref::Object(t),
        });
        let key = Key::new().bytes(&lookup);
        if let Some(id) = SUBJECTS.get(state, &key)? {
            return Ok(id);
        }
        if self.given >> REFERENCES_BITS != 0 {
            return Err(SUBJECTS.inconsistent("too many references in one message"));
        }
        let id = SubjectId((self.pos << REFERENCES_BITS) | self.given);
        self.given += 1;
        state.apply(SUBJECTS.put(key, None, &id)?);
        Ok(id)
    }
}
