//! Records: revision chain, life cycle, one subject per record, possible dates.

use super::{Bench, Objection, next_revision};
use crate::domain::code::{Code, Refusal};
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::subject::Ref;
use crate::projection::{RECORDS, record_prefix};

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
    if let Some(row) = last {
        let subject = &record.head().subject;
        let subject =
            if record.is_about_enterprise() { Ref::Object(subject) } else { Ref::Talent(subject) };
        let about = bench.known(subject)?;
        if about != Some(row.record.head().subject) {
            return Err(Refusal::new(Code::SubjectMismatch)
                .at("/body/subject", "the subject of the first revision")
                .into());
        }
    }
    Ok(())
}
