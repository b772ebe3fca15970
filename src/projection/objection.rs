//! Objections: what is under objection, and what became of each. The mark 异议处理中 begins at the
//! log position of the objection and ends with the entry that settles it; an upheld one ends with
//! the revision that corrects the record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, notify};
use super::fold::EventMeta;
use super::funding::{GRANTS, owned_key};
use super::matter::{self, MatterRef};
use super::record::{RECORDS, record_prefix};
use super::review::{self, Topic};
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::matter::Stage;
use crate::domain::objection::{
    ObjectedKind, ObjectedRecord, ObjectionBody, ObjectionDecision, ObjectionOutcome,
    ObjectionReason, ObjectionRef, OutcomeReason,
};
use crate::domain::participant::ParticipantId;
use crate::domain::review::Because;
use crate::domain::subject::SubjectId;
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

/// The subject of the record that an objection names; `None` when there is no such record.
pub fn objected_subject(
    view: &dyn View,
    record: &ObjectedRecord,
) -> Result<Option<SubjectId>, ViewError> {
    Ok(match record.kind.record_kind() {
        Some(kind) => RECORDS
            .last(view, &record_prefix(kind, &record.owner, &record.record))?
            .map(|row| row.record.head().subject),
        None => GRANTS
            .get(view, &owned_key(&record.owner, &record.record))?
            .map(|row| row.grant.terms.subject),
    })
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
    let subject = objected_subject(state, &body.record)?
        .ok_or_else(|| OBJECTIONS.inconsistent("an objection to a record that is absent"))?;
    let row = ObjectionRow {
        by: meta.iss.clone(),
        objection: body.objection,
        pos: meta.pos,
        at: meta.at,
        case: body.case,
        record: body.record,
        subject,
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
    review::touch(state, meta, &Topic::Subject(subject), Because::Objection)
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
    review::touch(state, meta, &Topic::Subject(row.subject), Because::Objection)
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
