//! The ledger: policies, holds and the race between them, grants and their lives.
//!
//! The race is bookkeeping here, not judgement: a hold's receipt lists the live holds that stood
//! before it and conflict with it (`against`). When one of them ends, it is struck from the lists;
//! a hold whose list is empty is the first.

use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, notify};
use super::fold::EventMeta;
use super::review::{self, Act, Cause, Topic};
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use super::{objection, precision};
use crate::domain::funding::claim::{ClaimKey, claim_keys};
use crate::domain::funding::finding::Verdict;
use crate::domain::funding::kind::Kind;
use crate::domain::funding::ledger::LedgerEntry;
use crate::domain::funding::message::{
    FindingOutcome, Grant, Hold, NumberRef, Payment, Policy, PolicyRef, Recovery, Stop,
};
use crate::domain::objection::{ObjectedKind, ObjectedRecord};
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::RecognitionRule;
use crate::domain::reconcile::HoldRef;
use crate::domain::review::Because;
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, UtcSeconds};

/// Policies, keyed by (id, version).
pub const POLICIES: Table<PolicyRow> = Table::new(30);
/// Recognition rules, keyed by (recogniser, rule, revision).
pub const RECOGNITION_RULES: Table<RecognitionRuleRow> = Table::new(31);
/// Grants, keyed by (owner, grant), found by talent.
pub const GRANTS: Table<GrantRow> = Table::new(34);
/// Grants by employer and object, keyed by (subject, owner, grant), found by that subject.
pub const GRANTS_OF: Table<GrantRef> = Table::new(35);
/// Grants by project, keyed by (form of its number, owner, grant).
pub const GRANTS_OF_PROJECT: Table<GrantRef> = Table::new(36);
/// Holds, keyed by (owner, hold), found by talent.
pub const HOLDS: Table<HoldRow> = Table::new(37);
/// Live holds by claim key, keyed by (claim, owner, hold).
pub const CLAIMS: Table<HoldRef> = Table::new(38);
/// Live holds by expiry, keyed by (expiry, owner, hold).
pub const EXPIRIES: Table<HoldRef> = Table::new(39);
/// Who waits for whom, keyed by (owner, hold of the earlier, position of the later).
pub const WAITING: Table<HoldRef> = Table::new(40);
/// Number of live holds, keyed by owner.
pub const LIVE_HOLDS: Table<u64> = Table::new(41);
/// Assessments that were given, keyed by log position.
pub const ASSESSED: Table<AssessedRow> = Table::new(42);
/// What came of findings, keyed by (position of the assessment, finding).
pub const OUTCOMES: Table<OutcomeRow> = Table::new(43);

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRow {
    /// Whose policy.
    pub owner: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// The policy.
    pub policy: Policy,
}

/// One revision of a recognition rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecognitionRuleRow {
    /// Log position.
    pub pos: u64,
    /// The rule.
    pub rule: RecognitionRule,
}

/// A grant and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRow {
    /// Who funds.
    pub owner: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// Id of its message, for reconciliation.
    pub jti: uuid::Uuid,
    /// The grant.
    pub grant: Grant<SubjectId>,
    /// Last benefit month, once it was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Month>,
    /// Payments in the order of the log.
    pub payments: Vec<Payment>,
    /// Recoveries in the order of the log.
    pub recoveries: Vec<Recovery>,
    /// What happened to it and where in the log, in that order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub life: Vec<GrantEvent>,
}

impl GrantRow {
    /// The grant as rules read it. Doubts are the reader's to say: they rest on keys and objections.
    pub fn into_entry(self, suspect: bool, objected: bool) -> LedgerEntry {
        LedgerEntry {
            district: self.owner,
            grant: self.grant,
            stopped: self.stopped,
            payments: self.payments,
            recoveries: self.recoveries,
            suspect,
            objected,
            position: Some(self.pos),
        }
    }
}

/// Something that happened to a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantEvent {
    /// Log position.
    pub pos: u64,
    /// What.
    pub what: GrantChange,
}

/// What happened to a grant, so that it can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantChange {
    /// A payment was added.
    Paid,
    /// A recovery was added.
    Recovered,
    /// It was stopped; the last benefit month before that, if it had been stopped already.
    Stopped(Option<Month>),
}

impl GrantRow {
    /// The grant when the log had `size` entries; `None` where it was not there yet.
    #[must_use]
    pub fn as_of(mut self, size: u64) -> Option<Self> {
        while let Some(event) = self.life.pop_if(|event| event.pos >= size) {
            match event.what {
                GrantChange::Paid => drop(self.payments.pop()),
                GrantChange::Recovered => drop(self.recoveries.pop()),
                GrantChange::Stopped(before) => self.stopped = before,
            }
        }
        (self.pos < size).then_some(self)
    }

    fn happened(&mut self, meta: &EventMeta, what: GrantChange) {
        self.life.push(GrantEvent { pos: meta.pos, what });
    }
}

/// A grant, by owner and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GrantRef {
    /// Who funds.
    pub owner: ParticipantId,
    /// Id of the grant in the owner's system.
    pub grant: String,
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRow {
    /// Who holds.
    pub owner: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// The hold.
    pub hold: Hold<SubjectId>,
    /// Verdict of its assessment, or of the last one that something made necessary since.
    pub verdict: Verdict,
    /// Live holds before it that conflict with it; none left means that it is the first.
    pub against: Vec<HoldRef>,
    /// Kinds of its policy as the shared list had them, by which it is compared with others.
    pub kinds: Vec<Kind>,
    /// Where it stands.
    pub state: HoldState,
    /// Log position that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<u64>,
}

/// Where a hold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldState {
    /// In force.
    Live,
    /// A grant has consumed it.
    Granted,
    /// Its owner gave it up.
    Released,
    /// Its time ran out.
    Expired,
}

/// An assessment that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessedRow {
    /// Who asked.
    pub by: ParticipantId,
    /// Id of the question.
    pub jti: uuid::Uuid,
    /// Ids of the findings.
    pub findings: Vec<String>,
}

/// What came of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeRow {
    /// Who decided.
    pub by: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// The decision.
    pub body: FindingOutcome,
}

/// The assessment of a hold, as its receipt carries it beside the findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldVerdict {
    /// Verdict of the assessment.
    pub verdict: Verdict,
    /// Ids of its findings.
    pub findings: Vec<String>,
    /// Live holds before it that conflict with it.
    pub against: Vec<HoldRef>,
    /// Kinds of its policy as the shared list has them.
    pub kinds: Vec<Kind>,
}

impl HoldRow {
    /// Is it live and the first of its race?
    pub fn is_first(&self) -> bool {
        self.state == HoldState::Live && self.against.is_empty()
    }

    /// The hold when the log had `size` entries; `None` where it was not there yet. Its place in
    /// the race is not brought back: no answer reads it.
    #[must_use]
    pub fn as_of(mut self, size: u64) -> Option<Self> {
        if self.ended.is_some_and(|ended| ended >= size) {
            (self.state, self.ended) = (HoldState::Live, None);
        }
        (self.pos < size).then_some(self)
    }
}

/// Key of a policy.
pub fn policy_key(policy: &PolicyRef) -> Key {
    Key::new().text(&policy.id).number(u64::from(policy.version))
}

/// Key of a grant or hold of an owner.
pub fn owned_key(owner: &ParticipantId, id: &str) -> Key {
    Key::new().text(owner.as_str()).text(id)
}

/// Prefix of the live holds under a claim.
pub fn claim_key(claim: &ClaimKey) -> Key {
    match claim {
        ClaimKey::Talent(s) => Key::new().byte(b't').number(s.0),
        ClaimKey::Object(s) => Key::new().byte(b'o').number(s.0),
        ClaimKey::Project(p) => Key::new().byte(b'p').text(p.as_str()),
    }
}

/// Prefix of the grants of a project: its number as numbers are compared, so that another spelling of
/// it, or of its authority, is found.
pub fn project_key(prefix: Key, project: &NumberRef) -> Key {
    prefix.text(project.form().as_str())
}

/// Every grant of a subject, as its talent, employer or object.
pub fn grants_of(view: &dyn View, subject: SubjectId) -> Result<Vec<GrantRow>, ViewError> {
    let mut rows = GRANTS.of_subject(view, subject)?;
    for reference in GRANTS_OF.of_subject(view, subject)? {
        rows.extend(GRANTS.get(view, &owned_key(&reference.owner, &reference.grant))?);
    }
    Ok(rows)
}

pub(super) fn policy(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    policy: Policy,
) -> Result<(), ViewError> {
    let key = Key::new().text(&policy.id).number(u64::from(policy.version));
    let row = PolicyRow { owner: meta.iss.clone(), pos: meta.pos, policy };
    state.apply(POLICIES.put(key, None, &row)?);
    review::touch(state, meta, &Topic::Policy(row.policy.id), Because::Policy)
}

pub(super) fn recognition_rule(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    rule: RecognitionRule,
) -> Result<(), ViewError> {
    let prefix = owned_key(&rule.recogniser, &rule.rule);
    let before = RECOGNITION_RULES.last(state, &prefix)?.map(|row| row.rule);
    review::touch_rule(state, meta, [before.as_ref(), Some(&rule)])?;
    let key = prefix.number(u64::from(rule.revision));
    state.apply(RECOGNITION_RULES.put(key, None, &RecognitionRuleRow { pos: meta.pos, rule })?);
    Ok(())
}

pub(super) fn hold(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    hold: Hold<SubjectId>,
    verdict: HoldVerdict,
) -> Result<(), ViewError> {
    let reference = HoldRef { owner: meta.iss.clone(), hold: hold.hold.clone() };
    let (owner, id) = (&reference.owner, reference.hold.as_str());
    touch_claims(state, meta, (owner, &hold))?;
    for claim in claim_keys(&hold.application) {
        let key = claim_key(&claim).text(owner.as_str()).text(id);
        state.apply(CLAIMS.put(key, None, &reference)?);
    }
    state.apply(EXPIRIES.put(expiry_key(hold.expires, &reference), None, &reference)?);
    for earlier in &verdict.against {
        let key = owned_key(&earlier.owner, &earlier.hold).number(meta.pos);
        state.apply(WAITING.put(key, None, &reference)?);
    }
    // The earliest is the one to be talked to; those between wait themselves.
    if let Some(earliest) = verdict.against.first() {
        notify_holder(state, meta, earliest, FeedChange::HoldContested)?;
    }
    count_live(state, owner, 1)?;
    assessed(state, meta, verdict.findings)?;
    let subject = hold.application.terms.subject;
    let row = HoldRow {
        owner: meta.iss.clone(),
        pos: meta.pos,
        at: meta.at,
        hold,
        verdict: verdict.verdict,
        against: verdict.against,
        kinds: verdict.kinds,
        state: HoldState::Live,
        ended: None,
    };
    state.apply(HOLDS.put(owned_key(owner, id), Some(subject), &row)?);
    Ok(())
}

/// Ends a hold. Those that waited for it move up, unless a grant took its place.
pub(super) fn end_hold(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    reference: &HoldRef,
    end: HoldState,
) -> Result<(), ViewError> {
    let key = owned_key(&reference.owner, &reference.hold);
    let mut row = HOLDS.get(state, &key)?.ok_or_else(|| HOLDS.inconsistent("no such hold"))?;
    (row.state, row.ended) = (end, Some(meta.pos));
    review::forget(state, row.pos)?;
    touch_claims(state, meta, (&row.owner, &row.hold))?;
    for claim in claim_keys(&row.hold.application) {
        let key = claim_key(&claim).text(row.owner.as_str()).text(&row.hold.hold);
        state.apply(CLAIMS.delete(key));
    }
    state.apply(EXPIRIES.delete(expiry_key(row.hold.expires, reference)));
    count_live(state, &row.owner, -1)?;
    for waiting in WAITING.range(state, &key, None, usize::MAX)? {
        if end == HoldState::Granted {
            notify_holder(state, meta, &waiting, FeedChange::BasisChanged)?;
        } else {
            move_up(state, meta, &waiting, reference)?;
        }
    }
    if end == HoldState::Expired {
        notify_holder(state, meta, reference, FeedChange::HoldExpired)?;
    }
    state.apply(HOLDS.put(key, Some(row.hold.application.terms.subject), &row)?);
    Ok(())
}

/// A hold came or went: who checked the same person, object or project before may be told otherwise now.
fn touch_claims(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    (by, hold): (&ParticipantId, &Hold<SubjectId>),
) -> Result<(), ViewError> {
    let act = Some(Act::Case(hold.context.case.clone()));
    let cause = Cause { pos: meta.pos, by, act };
    for claim in claim_keys(&hold.application) {
        let topic = match claim {
            ClaimKey::Talent(subject) | ClaimKey::Object(subject) => Topic::Subject(subject),
            ClaimKey::Project(project) => match &hold.application.terms.project {
                Some(named) if named.form() == project => Topic::Project(named.clone()),
                _ => continue,
            },
        };
        review::touch_of(state, &cause, &topic, Because::Hold)?;
    }
    Ok(())
}

/// The verdict of a live hold, after its application was assessed once more.
pub(super) fn rejudged(
    state: &mut Overlay<'_>,
    owner: &ParticipantId,
    hold: &str,
    verdict: Verdict,
) -> Result<(), ViewError> {
    let key = owned_key(owner, hold);
    let Some(mut row) = HOLDS.get(state, &key)? else { return Ok(()) };
    if row.state == HoldState::Live {
        row.verdict = verdict;
        state.apply(HOLDS.put(key, Some(row.hold.application.terms.subject), &row)?);
    }
    Ok(())
}

fn move_up(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    waiting: &HoldRef,
    ended: &HoldRef,
) -> Result<(), ViewError> {
    let key = owned_key(&waiting.owner, &waiting.hold);
    let mut row = HOLDS.get(state, &key)?.ok_or_else(|| HOLDS.inconsistent("no such hold"))?;
    row.against.retain(|earlier| earlier != ended);
    state.apply(WAITING.delete(owned_key(&ended.owner, &ended.hold).number(row.pos)));
    if row.is_first() {
        notify_holder(state, meta, waiting, FeedChange::HoldPromoted)?;
    }
    let subject = row.hold.application.terms.subject;
    state.apply(HOLDS.put(key, Some(subject), &row)?);
    Ok(())
}

pub(super) fn grant(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    grant: Grant<SubjectId>,
) -> Result<(), ViewError> {
    if let Some(hold) = &grant.hold {
        let reference = HoldRef { owner: meta.iss.clone(), hold: hold.clone() };
        let held = HOLDS.get(state, &owned_key(&meta.iss, hold))?;
        for earlier in held.into_iter().flat_map(|row| row.against) {
            notify_holder(state, meta, &earlier, FeedChange::GrantOverridden)?;
        }
        end_hold(state, meta, &reference, HoldState::Granted)?;
    }
    let reference = GrantRef { owner: meta.iss.clone(), grant: grant.grant.clone() };
    let end = |key: Key| key.text(reference.owner.as_str()).text(&reference.grant);
    let objects = grant.terms.objects.iter().map(|o| o.object);
    for subject in objects.chain(grant.terms.employer) {
        let key = end(Key::new().number(subject.0));
        state.apply(GRANTS_OF.put(key, Some(subject), &reference)?);
    }
    if let Some(project) = &grant.terms.project {
        let key = end(project_key(Key::new(), project));
        state.apply(GRANTS_OF_PROJECT.put(key, None, &reference)?);
    }
    write_grant(
        state,
        &GrantRow {
            owner: meta.iss.clone(),
            pos: meta.pos,
            at: meta.at,
            jti: meta.jti,
            grant,
            stopped: None,
            payments: Vec::new(),
            recoveries: Vec::new(),
            life: Vec::new(),
        },
    )
}

pub(super) fn payment(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    payment: Payment,
) -> Result<(), ViewError> {
    let mut row = granted(state, &meta.iss, &payment.grant)?;
    row.payments.push(payment);
    row.happened(meta, GrantChange::Paid);
    write_grant(state, &row)
}

pub(super) fn recovery(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    recovery: Recovery,
) -> Result<(), ViewError> {
    let mut row = granted(state, &meta.iss, &recovery.grant)?;
    row.recoveries.push(recovery);
    row.happened(meta, GrantChange::Recovered);
    write_grant(state, &row)
}

pub(super) fn stop(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    stop: &Stop,
) -> Result<(), ViewError> {
    let mut row = granted(state, &meta.iss, &stop.grant)?;
    let before = row.stopped.replace(stop.last_month);
    row.happened(meta, GrantChange::Stopped(before));
    write_grant(state, &row)
}

pub(super) fn outcome(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    body: FindingOutcome,
) -> Result<(), ViewError> {
    let key = Key::new().number(body.assessment.position).text(&body.finding);
    precision::count(state, OUTCOMES.get(state, &key)?.as_ref(), &body)?;
    let row = OutcomeRow { by: meta.iss.clone(), pos: meta.pos, body };
    state.apply(OUTCOMES.put(key, None, &row)?);
    Ok(())
}

/// A grant of the sender changed: answers that rest on it are looked at again.
pub(super) fn changed(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    grant: &str,
) -> Result<(), ViewError> {
    let row = granted(state, &meta.iss, grant)?;
    let consumed = match &row.grant.hold {
        Some(hold) => HOLDS.get(state, &owned_key(&row.owner, hold))?,
        None => None,
    };
    let terms = row.grant.terms;
    let act = match consumed {
        Some(hold) => Act::Case(hold.hold.context.case),
        None => Act::Policy(terms.policy.id.clone()),
    };
    let cause = Cause { pos: meta.pos, by: &meta.iss, act: Some(act) };
    let objects = terms.objects.iter().map(|o| o.object).chain(terms.employer);
    let subjects = std::iter::once(terms.subject).chain(objects).map(Topic::Subject);
    for topic in subjects.chain(terms.project.map(Topic::Project)) {
        review::touch_of(state, &cause, &topic, Because::Grant)?;
    }
    Ok(())
}

/// As [`changed`]; it also corrects the grant where an objection to it was upheld.
pub(super) fn corrected(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    grant: &str,
) -> Result<(), ViewError> {
    let (owner, record) = (meta.iss.clone(), grant.to_owned());
    let objected = ObjectedRecord { owner, kind: ObjectedKind::Funding, record };
    objection::corrected(state, meta, &objected)?;
    changed(state, meta, grant)
}

/// Keeps which findings an assessment had, so that an outcome can name one.
pub(super) fn assessed(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    findings: Vec<String>,
) -> Result<(), ViewError> {
    let row = AssessedRow { by: meta.iss.clone(), jti: meta.jti, findings };
    state.apply(ASSESSED.put(Key::new().number(meta.pos), None, &row)?);
    Ok(())
}

fn granted(state: &Overlay<'_>, owner: &ParticipantId, id: &str) -> Result<GrantRow, ViewError> {
    let row = GRANTS.get(state, &owned_key(owner, id))?;
    row.ok_or_else(|| GRANTS.inconsistent("no such grant"))
}

fn write_grant(state: &mut Overlay<'_>, row: &GrantRow) -> Result<(), ViewError> {
    let key = owned_key(&row.owner, &row.grant.grant);
    state.apply(GRANTS.put(key, Some(row.grant.terms.subject), row)?);
    Ok(())
}

fn count_live(
    state: &mut Overlay<'_>,
    owner: &ParticipantId,
    change: i64,
) -> Result<(), ViewError> {
    let key = Key::new().text(owner.as_str());
    let count = LIVE_HOLDS.get(state, &key)?.unwrap_or(0).saturating_add_signed(change);
    state.apply(LIVE_HOLDS.put(key, None, &count)?);
    Ok(())
}

/// Tells the holder of something about its hold.
pub(super) fn notify_holder(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    holder: &HoldRef,
    change: FeedChange,
) -> Result<(), ViewError> {
    let row = HOLDS.get(state, &owned_key(&holder.owner, &holder.hold))?;
    let case = row.map(|row| row.hold.context.case);
    notify(state, &holder.owner, meta.feed_entry(change, case, Some(holder.hold.clone())))
}

fn expiry_key(expires: UtcSeconds, hold: &HoldRef) -> Key {
    // Times are never negative here: a hold expires after it was accepted.
    let seconds = u64::try_from(expires.0).unwrap_or(0);
    Key::new().number(seconds).text(hold.owner.as_str()).text(&hold.hold)
}
