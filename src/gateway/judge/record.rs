//! Records: revision chain, life cycle, one subject per record, possible dates, one word about one thing.

use std::collections::BTreeMap;

use super::{Bench, Objection, next_revision};
use crate::domain::code::{Code, Refusal};
use crate::domain::record::Record;
use crate::domain::record::life_cycle::{Action, State};
use crate::domain::subject::{Ref, SubjectId};
use crate::projection::{RECORDS, RecordRow, ViewError, record_prefix};

/// May this revision of a record follow what is there?
pub(super) fn record(bench: &Bench<'_>, record: &Record) -> Result<(), Objection> {
    record.clone().map(&mut |reference| bench.check_epoch(&reference.into_inner()))?;
    let head = record.head();
    bench.catalogue.check_content(record)?;
    head.attestation.check_seen(bench.today)?;
    let prefix = record_prefix(record.kind(), bench.iss, &head.record);
    let last = RECORDS.last(bench.view, &prefix)?;
    let known = last.as_ref().map_or(0, |row| row.record.head().revision);
    next_revision(head.revision, known)?;
    let state = last.as_ref().map(|row| row.state);
    if State::after(state, head.action).is_none() {
        let code = match state {
            Some(State::Revoked) => Code::RecordClosed,
            None => Code::RecordUnknown,
            Some(_) => Code::RecordState,
        };
        return Err(Refusal::new(code)
            .at("/body/action", "an action that the state allows")
            .into());
    }
    bench.catalogue.check_classes(record, Some(bench.iss))?;
    one_word(bench, record)?;
    if let Some(row) = last
        && about(bench, record)? != Some(row.record.head().subject)
    {
        return Err(Refusal::new(Code::SubjectMismatch)
            .at("/body/subject", "the subject of the first revision")
            .into());
    }
    Ok(())
}

/// A sender has one word about one fact of one subject in one period, and about one quota of one employer: who
/// finds out otherwise ends or amends the record that said it ([`Record::denies`]).
fn one_word(bench: &Bench<'_>, record: &Record) -> Result<(), Objection> {
    let head = record.head();
    let says = matches!(head.action, Action::Issue | Action::Amend | Action::Reinstate);
    if !says || !matches!(record, Record::Fact(_) | Record::Quota(_)) {
        return Ok(());
    }
    let Some(subject) = about(bench, record)? else { return Ok(()) };
    // Rows come in the order of revisions, so that the last one of each record stays.
    let mut newest: BTreeMap<String, RecordRow> = BTreeMap::new();
    for row in RECORDS.of_subject(bench.view, subject)? {
        if row.owner == *bench.iss && row.record.kind() == record.kind() {
            newest.insert(row.record.head().record.clone(), row);
        }
    }
    newest.remove(&head.record);
    let contrary = newest.into_values().find_map(|row| {
        let stands =
            row.state == State::Active && !bench.directory.is_suspect(&row.owner, row.at, row.pos);
        record.denies(&row.record).filter(|_| stands).map(|at| (at, row.pos))
    });
    match contrary {
        None => Ok(()),
        Some((at, pos)) => Err(Refusal::new(Code::RecordContradiction)
            .at(format!("/body{at}"), format!("the value logged at position {pos}"))
            .detail(
                format!("本单位的另一条记录（日志位置 {pos}）对同一事项、同一期间作了不同的说明；请先修订或终止其中一条"),
                format!(
                    "another record of the sender (log position {pos}) says otherwise of the same thing for the same period: amend or end one of them first"
                ),
            )
            .into()),
    }
}

/// The subject that a record is about, where the log knows it.
fn about(bench: &Bench<'_>, record: &Record) -> Result<Option<SubjectId>, ViewError> {
    let subject = &record.head().subject;
    let reference =
        if record.is_about_enterprise() { Ref::Object(subject) } else { Ref::Talent(subject) };
    bench.known(reference)
}
