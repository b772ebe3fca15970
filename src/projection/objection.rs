//! Objections: what is under objection, and what became of each. The mark 异议处理中 begins at the
//! log position of the objection and ends with the entry that settles it; an upheld one ends with
//! the revision that corrects the record.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::decision::SANCTIONS;
use super::feed::{FeedChange, notify};
use super::fold::EventMeta;
use super::funding::{GRANTS, HOLDS, owned_key};
use super::link::{self, LINKS};
use super::matter::{self, MatterRef};
use super::record::{RECORDS, record_prefix};
use super::review::{self, Topic};
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::funding::message::{Sanction, Terms};
use crate::domain::matter::Stage;
use crate::domain::objection::{
    ObjectedKind, ObjectedRecord, ObjectionBody, ObjectionDecision, ObjectionOutcome,
    ObjectionReason, ObjectionRef, OutcomeReason,
};
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::review::Because;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::time::UtcSeconds;

/// Objections, keyed by (who raised it, id), found by the subject of the record.
pub const OBJECTIONS: Table<ObjectionRow> = Table::new(60);
/// Marks in force, keyed by (kind, owner, record, who raised it, id).
pub const MARKS: Table<ObjectionRef> = Table::new(61);

/// An objection and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionRow {
    /// Who raised it.
    pub by: ParticipantId,
    /// Id there.
    pub objection: String,
    /// Log position: the mark begins here.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// Case number of who raised it.
    pub case: String,
    /// The record.
    pub record: ObjectedRecord,
    /// Whom the record is about.
    pub subject: SubjectId,
    /// The one payment or recovery of a grant that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<String>,
    /// What is said to be wrong.
    pub reason: ObjectionReason,
    /// The day the person came.
    pub received_on: Date,
    /// Where it stands.
    pub state: ObjectionState,
    /// Was the period extended?
    pub extended: bool,
    /// The decision that closed it or upheld it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// Log position that ended the mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<u64>,
    /// Stages that took too long.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub overdue: Vec<Stage>,
}

/// Where an objection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectionState {
    /// 处理中
    Pending,
    /// 成立，待更正: the mark stays.
    Upheld,
    /// 成立，已更正
    Corrected,
    /// 不成立
    Rejected,
    /// 已撤回
    Withdrawn,
}

/// A decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// Why.
    pub reason: OutcomeReason,
}

impl ObjectionRow {
    /// What it waits for; `None` when it is closed.
    pub fn stage(&self) -> Option<Stage> {
        match self.state {
            ObjectionState::Pending => Some(Stage::Decide),
            ObjectionState::Upheld => Some(Stage::Correct),
            _ => None,
        }
    }

    fn reference(&self) -> ObjectionRef {
        ObjectionRef { by: self.by.clone(), objection: self.objection.clone() }
    }
}

/// Key of an objection.
pub fn objection_key(objection: &ObjectionRef) -> Key {
    owned_key(&objection.by, &objection.objection)
}

/// Keys of the marks on one record start with this.
pub fn mark_prefix(record: &ObjectedRecord) -> Key {
    Key::new().byte(record.kind.number()).text(record.owner.as_str()).text(&record.record)
}

/// What an objection names, as the tables have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objected {
    /// The subject that it is found by.
    pub subject: SubjectId,
    /// The persons and enterprises that it is about.
    pub parties: Vec<Ref<SubjectId>>,
    /// Numbers of its payments and recoveries.
    pub vouchers: Vec<String>,
    /// What answers about it rest on.
    topics: BTreeSet<Topic>,
}

impl Objected {
    fn about(subject: SubjectId, parties: Vec<Ref<SubjectId>>) -> Self {
        let topics = parties.iter().map(|party| Topic::Subject(party.into_inner())).collect();
        Self { subject, parties, vouchers: Vec::new(), topics }
    }

    fn of_record(record: &Record<SubjectId>) -> Self {
        let head = record.head().subject;
        if record.is_about_enterprise() {
            return Self::about(head, vec![Ref::Object(head)]);
        }
        // The members of a team are what it is about, too.
        let mut parties = vec![Ref::Talent(head)];
        let Ok(_) = record.clone().map(&mut |reference: Ref<SubjectId>| {
            if matches!(reference, Ref::Talent(_)) && !parties.contains(&reference) {
                parties.push(reference);
            }
            Ok::<_, Infallible>(reference.into_inner())
        });
        Self::about(head, parties)
    }

    fn of_terms(terms: &Terms<SubjectId>) -> Self {
        let mut parties = vec![Ref::Talent(terms.subject)];
        parties.extend(terms.employer.map(Ref::Object));
        let mut objected = Self::about(terms.subject, parties);
        objected.topics.extend(terms.objects.iter().map(|o| Topic::Subject(o.object)));
        objected.topics.extend(terms.project.clone().map(Topic::Project));
        objected
    }

    fn of_sanction(sanction: &Sanction<SubjectId>) -> Self {
        let mut parties = Vec::with_capacity(1);
        let Ok(_) = sanction.clone().map(&mut |reference: Ref<SubjectId>| {
            parties.push(reference);
            Ok::<_, Infallible>(reference.into_inner())
        });
        Self::about(sanction.subject, parties)
    }
}

/// What a district has logged under this id; `None` when there is no such thing.
pub fn objected(view: &dyn View, record: &ObjectedRecord) -> Result<Option<Objected>, ViewError> {
    let (owner, id) = (&record.owner, record.record.as_str());
    if let Some(kind) = record.kind.record_kind() {
        let row = RECORDS.last(view, &record_prefix(kind, owner, id))?;
        return Ok(row.map(|row| Objected::of_record(&row.record)));
    }
    let key = owned_key(owner, id);
    Ok(match record.kind {
        ObjectedKind::Hold => {
            HOLDS.get(view, &key)?.map(|row| Objected::of_terms(&row.hold.application.terms))
        }
        ObjectedKind::Sanction => {
            SANCTIONS.last(view, &key)?.map(|row| Objected::of_sanction(&row.sanction))
        }
        ObjectedKind::Link => LINKS.last(view, &key)?.map(|row| {
            Objected::about(row.subject, vec![Ref::Talent(row.subject), Ref::Talent(row.other)])
        }),
        _ => GRANTS.get(view, &key)?.map(|row| {
            let payments = row.payments.into_iter().map(|p| p.voucher);
            let vouchers = payments.chain(row.recoveries.into_iter().map(|r| r.voucher)).collect();
            Objected { vouchers, ..Objected::of_terms(&row.grant.terms) }
        }),
    })
}

/// Is a record under objection now?
pub fn is_marked(view: &dyn View, record: &ObjectedRecord) -> Result<bool, ViewError> {
    Ok(!MARKS.range(view, &mark_prefix(record), None, 1)?.is_empty())
}

/// Which records of some subjects are under objection.
#[derive(Clone, Debug, Default)]
pub struct Marks(BTreeMap<ObjectedRecord, BTreeSet<u64>>);

impl Marks {
    /// Adds what was under objection of a subject when the log had `known_at` entries.
    pub fn add(
        &mut self,
        view: &dyn View,
        subject: SubjectId,
        known_at: u64,
    ) -> Result<(), ViewError> {
        for row in OBJECTIONS.of_subject(view, subject)? {
            if row.pos < known_at && row.ended.is_none_or(|ended| ended >= known_at) {
                self.0.entry(row.record).or_default().insert(row.pos);
            }
        }
        Ok(())
    }

    /// Log positions of the objections to a record.
    pub fn on(&self, owner: &ParticipantId, kind: ObjectedKind, record: &str) -> Vec<u64> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let record = ObjectedRecord { owner: owner.clone(), kind, record: record.to_owned() };
        self.0.get(&record).into_iter().flatten().copied().collect()
    }
}

pub(super) fn raise(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    body: ObjectionBody,
) -> Result<(), ViewError> {
    let objected = objected(state, &body.record)?
        .ok_or_else(|| OBJECTIONS.inconsistent("an objection to a record that is absent"))?;
    let row = ObjectionRow {
        by: meta.iss.clone(),
        objection: body.objection,
        pos: meta.pos,
        at: meta.at,
        case: body.case,
        record: body.record,
        subject: objected.subject,
        voucher: body.voucher,
        reason: body.reason,
        received_on: body.received_on,
        state: ObjectionState::Pending,
        extended: false,
        decided: None,
        ended: None,
        overdue: Vec::new(),
    };
    let reference = row.reference();
    state.apply(MARKS.put(mark_key(&row), None, &reference)?);
    let sides = [&row.by, &row.record.owner];
    matter::open(state, meta.pos, &MatterRef::Objection(reference), sides)?;
    if row.record.owner != row.by {
        tell_owner(state, meta, &row, FeedChange::ObjectionRaised)?;
    }
    write(state, &row)?;
    weigh(state, meta, &row, true)?;
    touch(state, meta, &objected)
}

pub(super) fn outcome(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    body: &ObjectionOutcome,
) -> Result<(), ViewError> {
    let mut row = get(state, &body.objection)?;
    let next = match body.decision {
        ObjectionDecision::Extended => {
            row.extended = true;
            // A longer period may begin anew to be watched.
            row.overdue.retain(|stage| *stage != Stage::Decide);
            matter::watch(state, row.pos, &MatterRef::Objection(row.reference()))?;
            tell_by(state, meta, &row, FeedChange::ObjectionExtended)?;
            return write(state, &row);
        }
        ObjectionDecision::Upheld => ObjectionState::Upheld,
        ObjectionDecision::Rejected => ObjectionState::Rejected,
        ObjectionDecision::Withdrawn => ObjectionState::Withdrawn,
    };
    row.state = next;
    row.decided = Some(Decided { pos: meta.pos, at: meta.at, reason: body.reason });
    if meta.iss == row.by && row.record.owner != row.by {
        tell_owner(state, meta, &row, FeedChange::ObjectionDecided)?;
    } else {
        tell_by(state, meta, &row, FeedChange::ObjectionDecided)?;
    }
    if next == ObjectionState::Upheld {
        matter::watch(state, row.pos, &MatterRef::Objection(row.reference()))?;
        return write(state, &row);
    }
    end(state, meta, row)
}

/// A later revision of the record, or the stop or recovery of the grant, corrects what was upheld.
pub(super) fn corrected(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    record: &ObjectedRecord,
) -> Result<(), ViewError> {
    for reference in MARKS.range(state, &mark_prefix(record), None, usize::MAX)? {
        let mut row = get(state, &reference)?;
        if row.state == ObjectionState::Upheld {
            row.state = ObjectionState::Corrected;
            tell_by(state, meta, &row, FeedChange::ObjectionDecided)?;
            end(state, meta, row)?;
        }
    }
    Ok(())
}

pub(super) fn overdue(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    reference: &ObjectionRef,
    waits_for: Stage,
) -> Result<bool, ViewError> {
    let mut row = get(state, reference)?;
    if row.stage() != Some(waits_for) {
        return Ok(false);
    }
    row.overdue.push(waits_for);
    tell_by(state, meta, &row, FeedChange::ObjectionOverdue)?;
    if row.record.owner != row.by {
        tell_owner(state, meta, &row, FeedChange::ObjectionOverdue)?;
    }
    write(state, &row)?;
    Ok(true)
}

fn end(state: &mut Overlay<'_>, meta: &EventMeta, mut row: ObjectionRow) -> Result<(), ViewError> {
    row.ended = Some(meta.pos);
    state.apply(MARKS.delete(mark_key(&row)));
    matter::close(state, row.pos, &row.by)?;
    write(state, &row)?;
    // A new revision of a link is weighed by itself.
    if row.state != ObjectionState::Corrected {
        let marked = is_marked(state, &row.record)?;
        weigh(state, meta, &row, marked)?;
    }
    match objected(state, &row.record)? {
        Some(objected) => touch(state, meta, &objected),
        None => Ok(()),
    }
}

/// A link under objection counts as suspected only; what others rest on is told by the mark.
fn weigh(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    row: &ObjectionRow,
    marked: bool,
) -> Result<(), ViewError> {
    match row.record.kind {
        ObjectedKind::Link => link::objected(state, meta, &row.record, marked),
        _ => Ok(()),
    }
}

/// Answers that rest on what is objected to are looked at again.
fn touch(state: &mut Overlay<'_>, meta: &EventMeta, objected: &Objected) -> Result<(), ViewError> {
    let mut topics = objected.topics.iter();
    topics.try_for_each(|topic| review::touch(state, meta, topic, Because::Objection))
}

fn get(state: &Overlay<'_>, reference: &ObjectionRef) -> Result<ObjectionRow, ViewError> {
    OBJECTIONS
        .get(state, &objection_key(reference))?
        .ok_or_else(|| OBJECTIONS.inconsistent("no such objection"))
}

fn write(state: &mut Overlay<'_>, row: &ObjectionRow) -> Result<(), ViewError> {
    let key = objection_key(&row.reference());
    state.apply(OBJECTIONS.put(key, Some(row.subject), row)?);
    Ok(())
}

fn mark_key(row: &ObjectionRow) -> Key {
    mark_prefix(&row.record).text(row.by.as_str()).text(&row.objection)
}

fn tell_by(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    row: &ObjectionRow,
    change: FeedChange,
) -> Result<(), ViewError> {
    let (case, concerns) = (Some(row.case.clone()), Some(row.objection.clone()));
    notify(state, &row.by, meta.feed_entry(change, case, concerns))
}

fn tell_owner(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    row: &ObjectionRow,
    change: FeedChange,
) -> Result<(), ViewError> {
    let concerns = Some(row.record.record.clone());
    notify(state, &row.record.owner, meta.feed_entry(change, None, concerns))
}
