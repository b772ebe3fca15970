//! The fold: what each logged event does to the tables. It matches exhaustively on the message
//! types, so that a new type cannot be forgotten, and it never judges: outcomes come from the
//! receipt.

use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, FeedRow, notify};
use super::funding::{self, HoldState, HoldVerdict};
use super::joint::{JOINT_ACTS, JointAct, joint_act_key};
use super::link;
use super::reconcile::{RECONCILED, ReconciledRow};
use super::record::{self, RECORDS, RecordRow, record_prefix};
use super::review::{self, Given, Topic};
use super::subject::{Resolution, Subjects};
use super::table::Key;
use super::view::{Overlay, ViewError};
use super::{access, decision, directory, enquiry, matter, objection, past};
use crate::domain::code::Code;
use crate::domain::context::QueryContext;
use crate::domain::link::LinkBody;
use crate::domain::objection::ObjectedRecord;
use crate::domain::participant::ParticipantId;
use crate::domain::reconcile::{HoldRef, ReconcileBody};
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::registry::{Body, MessageType};
use crate::domain::review::Because;
use crate::domain::subject::{Ref, SubjectId, TokenRef};
use crate::domain::time::UtcSeconds;

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
        FeedRow {
            seq: 0,
            pos: self.pos,
            at: self.at,
            change,
            case,
            concerns,
            answer: None,
            because: None,
            target: None,
        }
    }
}

/// What happened to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It was accepted, as the receipt tells it.
    Accepted(Box<Body>, Outcomes),
    /// It was a query and was answered.
    Answered(
        MessageType,
        Option<(Ref<TokenRef>, QueryContext)>,
        Option<Vec<String>>,
        Option<Box<Given>>,
    ),
}

/// What a receipt tells of an accepted message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// One outcome per item, in order.
    pub items: Vec<ItemOutcome>,
    /// For a hold: its assessment and race.
    pub hold: Option<HoldVerdict>,
    /// For a hold: what is kept of its assessment, to be looked at again.
    pub given: Option<Given>,
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
        Happened::Answered(query, about, findings, given) => {
            let given = given.as_deref().cloned();
            folding.answered(*query, about.as_ref(), findings.clone(), given)?;
        }
    }
    folding.finish()
}

/// The fold of one event, step by step.
pub struct Folding<'s, 'v> {
    state: &'s mut Overlay<'v>,
    meta: EventMeta,
    subjects: Subjects<'s>,
    /// Was the addressee told by an entry of the message's own kind?
    told: bool,
}

impl<'s, 'v> Folding<'s, 'v> {
    /// Begins the fold of one event.
    pub fn new(
        state: &'s mut Overlay<'v>,
        meta: EventMeta,
        resolution: &'s dyn Resolution,
    ) -> Self {
        let subjects = Subjects::of(&meta, resolution);
        Self { state, meta, subjects, told: false }
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
        record::write(self.state, &row)?;
        let head = row.record.head();
        if head.revision > 1 {
            let (owner, kind) = (row.owner.clone(), row.record.kind().into());
            let objected = ObjectedRecord { owner, kind, record: head.record.clone() };
            objection::corrected(self.state, &self.meta, &objected)?;
        }
        for subject in record::subjects(&row.record) {
            // Nobody can have asked about a subject that this message made known.
            if head.revision > 1 || !self.subjects.is_new(subject) {
                let topic = Topic::Subject(subject);
                review::touch(self.state, &self.meta, &topic, Because::Record)?;
            }
        }
        Ok(())
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
                link::consent(state, meta, &body.target)?;
                let act = JOINT_ACTS.get(state, &joint_act_key(&body.target))?;
                match act {
                    Some(JointAct::JointRule(_)) => {
                        review::touch(state, meta, &Topic::CrossDistrict, Because::JointRule)
                    }
                    _ => Ok(()),
                }
            }
            Body::Link(body) => fold_link(state, meta, body, &mut self.subjects),
            Body::Reconcile(body) => fold_reconcile(state, meta, body, &outcomes.items),
            Body::Clock(body) => {
                for hold in &body.expired_holds {
                    funding::end_hold(state, meta, hold, HoldState::Expired)?;
                }
                matter::overdue(state, meta, &body.overdue)
            }
            Body::RecognitionRule(rule) => funding::recognition_rule(state, meta, rule),
            Body::FundingPolicy(policy) => funding::policy(state, meta, policy),
            body @ (Body::FundingHold(_)
            | Body::FundingGrant(_)
            | Body::FundingPayment(_)
            | Body::FundingRecovery(_)
            | Body::FundingStop(_)
            | Body::FundingRuling(_)
            | Body::FundingJointRule(_)
            | Body::Sanction(_)) => self.ledger(body, outcomes),
            Body::FundingRelease(body) => {
                let hold = HoldRef { owner: meta.iss.clone(), hold: body.hold };
                funding::end_hold(state, meta, &hold, HoldState::Released)
            }
            Body::FindingOutcome(body) => funding::outcome(state, meta, body),
            Body::Objection(body) => objection::raise(state, meta, body),
            Body::ObjectionOutcome(body) => objection::outcome(state, meta, &body),
            Body::Enquiry(body) => {
                self.told = true;
                enquiry::ask(state, meta, body)
            }
            Body::EnquiryReply(body) => enquiry::reply(state, meta, body),
            Body::AnswerReview(body) => review::reviewed(state, meta, &body),
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
            | Body::WorklistQuery(_)
            | Body::RecognitionQuery(_)
            | Body::EntitlementQuery(_)
            | Body::FundingQuery(_)
            | Body::TokenEvaluate(_) => Ok(()),
        }
    }

    /// What answers about funding rest on: applied, and noted for those who asked before.
    fn ledger(&mut self, body: Body, outcomes: &Outcomes) -> Result<(), ViewError> {
        let (state, meta) = (&mut *self.state, &self.meta);
        match body {
            Body::FundingHold(hold) => {
                let hold = hold.map(&mut |r| self.subjects.resolve(state, r))?;
                // A hold is told as much as a query.
                let context = hold.context.clone();
                let why = ("funding.hold/1", &context);
                access::asked(state, meta, why, hold.application.terms.subject)?;
                let verdict = outcomes.hold.clone();
                let verdict =
                    verdict.ok_or_else(|| funding::HOLDS.inconsistent("a hold without verdict"))?;
                funding::hold(state, meta, hold, verdict)?;
                match outcomes.given.clone() {
                    Some(given) => give(state, meta, why, given, &mut self.subjects),
                    None => Ok(()),
                }
            }
            Body::FundingGrant(grant) => {
                let grant = grant.map(&mut |r| self.subjects.resolve(state, r))?;
                let id = grant.grant.clone();
                funding::grant(state, meta, grant)?;
                funding::changed(state, meta, &id)
            }
            Body::FundingPayment(body) => {
                let id = body.grant.clone();
                funding::payment(state, meta, body)?;
                funding::changed(state, meta, &id)
            }
            Body::FundingRecovery(body) => {
                let id = body.grant.clone();
                funding::recovery(state, meta, body)?;
                funding::corrected(state, meta, &id)
            }
            Body::FundingStop(body) => {
                funding::stop(state, meta, &body)?;
                funding::corrected(state, meta, &body.grant)
            }
            Body::FundingRuling(body) => {
                let topic = Topic::Question(body.question.to_string());
                decision::ruling(state, meta, body)?;
                review::touch(state, meta, &topic, Because::Ruling)
            }
            Body::FundingJointRule(body) => {
                decision::joint_rule(state, meta, body)?;
                review::touch(state, meta, &Topic::CrossDistrict, Because::JointRule)
            }
            Body::Sanction(body) => {
                let body = body.map(&mut |r| self.subjects.resolve(state, r))?;
                let topic = Topic::Subject(body.subject);
                decision::sanction(state, meta, body)?;
                review::touch(state, meta, &topic, Because::Sanction)
            }
            // `body` sends the messages above here, and no other.
            _ => Ok(()),
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
        about: Option<&(Ref<TokenRef>, QueryContext)>,
        findings: Option<Vec<String>>,
        given: Option<Given>,
    ) -> Result<(), ViewError> {
        if let Some(findings) = findings {
            funding::assessed(self.state, &self.meta, findings)?;
        }
        let Some((subject, context)) = about else { return Ok(()) };
        let subject = self.subjects.resolve(self.state, *subject)?;
        let why = (query.as_str(), context);
        if let Some(given) = given {
            give(self.state, &self.meta, why, given, &mut self.subjects)?;
        }
        let for_records = matches!(
            query,
            MessageType::RecordsQuery
                | MessageType::RecognitionQuery
                | MessageType::EntitlementQuery
        );
        if for_records {
            access::beside(self.state, &self.meta, why, subject)?;
        }
        access::asked(self.state, &self.meta, why, subject)
    }

    /// Ends the fold.
    pub fn finish(self) -> Result<(), ViewError> {
        match &self.meta.to {
            Some(to) if !self.told => {
                let entry = self.meta.feed_entry(FeedChange::Addressed, None, None);
                notify(self.state, to, entry)?;
            }
            _ => {}
        }
        past::keep(self.state, self.meta.pos)
    }
}

fn give(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    why: (&str, &QueryContext),
    given: Given,
    subjects: &mut Subjects<'_>,
) -> Result<(), ViewError> {
    let mut resolved = Vec::with_capacity(given.subjects.len());
    for reference in &given.subjects {
        let id = subjects.resolve(state, *reference)?;
        resolved.push(match reference {
            Ref::Talent(_) => Ref::Talent(id),
            Ref::Object(_) => Ref::Object(id),
        });
    }
    if let Some(policy) = &given.policy {
        access::assessed(state, meta, why, &resolved, policy)?;
    }
    review::give(state, meta, given, resolved)
}

fn fold_link(
    state: &mut Overlay<'_>,
    event: &EventMeta,
    body: LinkBody,
    subjects: &mut Subjects<'_>,
) -> Result<(), ViewError> {
    let [a, b] = body.subjects;
    let holder = body.holder.as_ref().unwrap_or(&event.iss);
    let sides = [
        subjects.resolve(state, Ref::Talent(a))?,
        subjects.resolve_of(state, Ref::Talent(b), holder)?,
    ];
    link::link(state, event, body, sides)?;
    review::link(state, event, sides)
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
