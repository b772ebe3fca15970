//! Records: revision chain, life cycle, one subject per record, possible dates, one word about one fact.

use std::collections::BTreeMap;

use super::{Bench, Objection, next_revision};
use crate::domain::code::{Code, Refusal};
use crate::domain::record::Record;
use crate::domain::record::fact::Fact;
#[cfg(doc)]
use crate::domain::record::fact::Statement;
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
    if let Record::Fact(fact) = record {
        one_word(bench, fact, about(bench, record)?)?;
    }
    if let Some(row) = last
        && about(bench, record)? != Some(row.record.head().subject)
    {
        return Err(Refusal::new(Code::SubjectMismatch)
            .at("/body/subject", "the subject of the first revision")
            .into());
    }
    Ok(())
}

/// A sender has one word about one fact of one subject in one period: who finds out otherwise ends or
/// amends the record that said it ([`Statement::contradicts`]).
fn one_word(bench: &Bench<'_>, fact: &Fact, subject: Option<SubjectId>) -> Result<(), Objection> {
    if !matches!(fact.head.action, Action::Issue | Action::Amend | Action::Reinstate) {
        return Ok(());
    }
    let Some(subject) = subject else { return Ok(()) };
    // Rows come in the order of revisions, so that the last one of each record stays.
    let mut newest: BTreeMap<String, RecordRow> = BTreeMap::new();
    for row in RECORDS.of_subject(bench.view, subject)? {
        if row.owner == *bench.iss && matches!(row.record, Record::Fact(_)) {
            newest.insert(row.record.head().record.clone(), row);
        }
    }
    newest.remove(&fact.head.record);
    let contrary = newest.into_values().find(|row| {
        let Record::Fact(other) = &row.record else { return false };
        row.state == State::Active
            && other.statement().contradicts(&fact.statement())
            && !bench.directory.is_suspect(&row.owner, row.at, row.pos)
    });
    match contrary {
        None => Ok(()),
        Some(row) => Err(Refusal::new(Code::RecordContradiction)
            .at("/body/value", format!("the value logged at position {}", row.pos))
            .detail(
                format!("本单位的另一条记录（日志位置 {}）对同一事实、同一期间作了相反的说明；请先修订或终止其中一条", row.pos),
                format!(
                    "another record of the sender (log position {}) says the opposite of the same fact for the same period: amend or end one of them first",
                    row.pos
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
