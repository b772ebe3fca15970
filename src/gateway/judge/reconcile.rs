//! Reconciliation (对账): does the gateway count the same records as the district says?

use super::{Bench, Judged, Objection};
use crate::domain::code::{Code, Refusal};
use crate::domain::reconcile::{ReconcileBody, ReconcileLine};
use crate::domain::record::RecordKind;
use crate::jws::{CLOCK_SKEW_SECONDS, Digest};
use crate::projection::{GRANTS, Key, RECORDS, ViewError};

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

/// Number and digest of the sender's accepted records of a kind: SHA-256 of the sorted
/// `jti/item` lines, each ended by LF, lower-case hex.
fn held(bench: &Bench<'_>, kind: &str) -> Result<(u64, String), ViewError> {
    let mut lines: Vec<String> = Vec::new();
    for record in RecordKind::ALL.into_iter().filter(|k| k.as_str() == kind) {
        let prefix = Key::new().byte(record.number()).text(bench.iss.as_str());
        for row in RECORDS.range(bench.view, &prefix, None, usize::MAX)? {
            lines.push(format!("{}/{}\n", row.jti, row.item));
        }
    }
    // The ledger is counted by its grants; what follows a grant hangs on it.
    if kind == "funding" {
        for row in
            GRANTS.range(bench.view, &Key::new().text(bench.iss.as_str()), None, usize::MAX)?
        {
            lines.push(format!("{}/0\n", row.jti));
        }
    }
    lines.sort_unstable();
    let digest = Digest::of(lines.concat());
    Ok((u64::try_from(lines.len()).unwrap_or(u64::MAX), digest.to_string()))
}
