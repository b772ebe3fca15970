//! Reconciliation (对账): does the gateway count the same records as the district says?

use super::{Bench, Judged, Objection};
use crate::domain::code::{Code, Refusal};
use crate::domain::reconcile::{CountedKind, ReconcileBody, ReconcileLine};
use crate::domain::record::RecordKind;
use crate::jws::CLOCK_SKEW_SECONDS;
use crate::projection::{GRANTS, Key, RECORDS, ViewError, tally};

/// The statement is always taken; an item that does not match says so, and coverage follows it.
pub(super) fn reconcile(bench: &Bench<'_>, body: &ReconcileBody) -> Result<Judged, Objection> {
    let mut items = Vec::with_capacity(body.kinds.len());
    for (index, line) in body.kinds.iter().enumerate() {
        if line.complete_until > bench.at.plus_seconds(CLOCK_SKEW_SECONDS) {
            let pointer = format!("/body/kinds/{index}/complete_until");
            return Err(Refusal::new(Code::DateImpossible).at(pointer, "not in the future").into());
        }
        let (count, digest) = held(bench, &line.kind)?;
        items.push(compare(index, line, count, &digest));
    }
    Ok(Judged { items, ..Judged::default() })
}

fn compare(index: usize, line: &ReconcileLine, count: u64, digest: &str) -> Result<(), Refusal> {
    if line.count == count && line.digest == digest {
        return Ok(());
    }
    Err(Refusal::new(Code::RecordState)
        .at(format!("/body/kinds/{index}"), "count and digest of what the gateway holds")
        .detail(
            format!("网关持有 {count} 条，与申报的 {} 条或其摘要不符", line.count),
            format!(
                "the gateway holds {count} records, which differs from the {} stated",
                line.count
            ),
        ))
}

/// Number and digest of the sender's accepted records of a kind ([`tally`]).
fn held(bench: &Bench<'_>, kind: &str) -> Result<(u64, String), ViewError> {
    let mut accepted = Vec::new();
    for record in RecordKind::ALL.into_iter().filter(|k| k.as_str() == kind) {
        let prefix = Key::new().byte(record.number()).text(bench.iss.as_str());
        let rows = RECORDS.range(bench.view, &prefix, None, usize::MAX)?;
        accepted.extend(rows.into_iter().map(|row| (row.jti, row.item)));
    }
    if kind == CountedKind::FUNDING.as_str() {
        let prefix = Key::new().text(bench.iss.as_str());
        let rows = GRANTS.range(bench.view, &prefix, None, usize::MAX)?;
        accepted.extend(rows.into_iter().map(|row| (row.jti, 0)));
    }
    let (count, digest) = tally(accepted);
    Ok((count, digest.to_string()))
}
