//! A question put to the log as it was: `known_at` names its size, and the answer comes out as it
//! did then (DESIGN §6, *two times everywhere*).
//!
//! Everything that an answer rests on is that of then: records, links, ledger, sanctions,
//! objections, rulings, joint rules, policies, reconciliations, keys and districts, and the clock,
//! which is the acceptance time of the first entry beyond. Two things are of today: the agreements,
//! because whoever reads today needs leave today, and what was shared once may have been taken
//! back since; and the catalogue that ships with the binary.

use super::{Answer, Desk, answer};
use crate::domain::code::{Code, Refusal};
use crate::domain::registry::{Body, MessageType};
use crate::gateway::directory::{Directory, Pinned};
use crate::gateway::judge::Objection;
use crate::gateway::ports::Snapshot;
use crate::projection::AsOf;

/// Answers a query on the state that it names, or on the newest. `desk` is of the newest, `log`
/// the snapshot behind it.
pub(in super::super) fn answer_as_of(
    desk: &Desk<'_>,
    log: &dyn Snapshot,
    pinned: &Pinned,
    query: MessageType,
    body: &Body,
) -> Result<Answer, Objection> {
    match body.known_at().filter(|size| *size != desk.known_at) {
        None => answer(desk, query, body),
        Some(size) => as_it_was(desk, (log, pinned), size, body, |then| answer(then, query, body)),
    }
}

/// Puts the question `body` on the state of the log when it had `size` entries, fewer than it has now.
pub(in super::super) fn as_it_was<T>(
    desk: &Desk<'_>,
    (log, pinned): (&dyn Snapshot, &Pinned),
    size: u64,
    body: &Body,
    put: impl FnOnce(&Desk<'_>) -> Result<T, Objection>,
) -> Result<T, Objection> {
    // The first entry beyond: the log said this until then. An answer of then is mostly that entry
    // itself, so that its clock is met to the second.
    let Some(beyond) = log.entries(size, 1)?.pop() else {
        return Err(Refusal::new(Code::BadRequest)
            .at("/body/known_at", "a size of the log")
            .detail(
                format!("known_at 超出日志长度（现有 {} 条）：所问时点尚未到来", desk.known_at),
                format!("known_at lies beyond the log, which has {} entries", desk.known_at),
            )
            .into());
    };
    let past = AsOf::new(desk.view, size)?.ok_or_else(|| {
        Refusal::new(Code::NotRecomputable)
            .detail(
                "该时点早于历史保存的起点；运营方重建投影（rebuild apply）后可再问",
                "the tables keep no history that far back; after a rebuild by the operator it can be asked",
            )
            .at("/body/known_at", "a size since which history is kept")
    })?;
    let directory = Directory::as_of(&past, pinned, desk.directory, desk.now.date_cst())?;
    let assesses = matches!(body, Body::FundingQuery(_) | Body::FundingHold(_));
    let rules = desk.rules.as_of(assesses.then_some(&past), desk.catalogue, size)?;
    let then = Desk {
        view: &past,
        known_at: size,
        directory: &directory,
        catalogue: desk.catalogue,
        rules: &rules,
        resolution: desk.resolution,
        asker: desk.asker,
        now: beyond.at,
    };
    let answered = put(&then);
    if past.is_exhausted() {
        // What was read is not all: no answer rather than half of one.
        return Err(Refusal::new(Code::NotRecomputable)
            .detail("所涉记录超过重算上限", "more rows are concerned than are looked at again")
            .into());
    }
    answered
}
