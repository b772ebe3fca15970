//! The tables again, from the log alone: the same fold over the same events must end with the same
//! rows (DESIGN §2.3). It reads receipt or answer and the decrypted body; it never judges again.

use serde::Deserialize as _;
use serde_json::Value;

use super::ports::{Entry, Outcome, Snapshot};
use super::publish::DIRECTORY_ENTRY;
use super::reply::{payload_unverified, reply_text};
use super::vault::{Part, Vault};
use crate::domain::funding::finding::Verdict;
use crate::domain::participant::ParticipantId;
use crate::domain::registry::{Body, MessageType};
use crate::domain::subject::SubjectId;
use crate::jws::{ReceiptClaims, Resolution as Receipt};
use crate::projection::{
    Event, EventMeta, Given, Happened, HoldVerdict, ItemOutcome, MemoryView, Outcomes, Overlay,
    Resolution, TableId, ViewError, fold,
};

/// Entries that are read at once.
const BATCH: usize = 256;

/// A row that differs between the tables and the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Table.
    pub table: TableId,
    /// Key.
    pub key: Vec<u8>,
    /// Is it in the tables?
    pub live: bool,
    /// Does the log say so?
    pub rebuilt: bool,
}

/// Folds the whole log into empty tables. `progress` is told the number of entries done.
pub fn rebuild(
    snapshot: &dyn Snapshot,
    vault: &Vault,
    resolution: &dyn Resolution,
    progress: &mut dyn FnMut(u64),
) -> Result<MemoryView, ViewError> {
    let mut tables = MemoryView::default();
    let mut pos = 0;
    loop {
        let entries = snapshot.entries(pos, BATCH)?;
        let Some(last) = entries.last() else { return Ok(tables) };
        pos = last.pos + 1;
        for entry in &entries {
            let Some(event) = event(vault, entry)? else { continue };
            let mut overlay = Overlay::new(&tables);
            fold(&mut overlay, &event, resolution)?;
            let changes = overlay.into_changes();
            tables.apply(changes);
        }
        progress(pos);
    }
}

/// Compares live rows with rebuilt ones.
pub fn differences(
    snapshot: &dyn Snapshot,
    rebuilt: &MemoryView,
) -> Result<Vec<Difference>, ViewError> {
    let mut differences = Vec::new();
    let mut expected = rebuilt.rows().peekable();
    snapshot.each_row(&mut |table, key, subject, value| {
        // Both come in the order of (table, key): a merge finds what only one side has.
        while let Some((t, k, ..)) = expected.next_if(|(t, k, ..)| (*t, *k) < (table, key)) {
            differences.push(Difference { table: t, key: k.to_vec(), live: false, rebuilt: true });
        }
        let same = expected.next_if(|(t, k, ..)| (*t, *k) == (table, key));
        let equal = same.is_some_and(|(_, _, s, v)| s == subject && v == value);
        if !equal {
            let rebuilt = same.is_some();
            differences.push(Difference { table, key: key.to_vec(), live: true, rebuilt });
        }
    })?;
    for (table, key, ..) in expected {
        differences.push(Difference { table, key: key.to_vec(), live: false, rebuilt: true });
    }
    Ok(differences)
}

/// What the log says happened at an entry; `None` where nothing was folded.
fn event(vault: &Vault, entry: &Entry) -> Result<Option<Event>, ViewError> {
    let folded = matches!(entry.outcome, Outcome::Accepted | Outcome::Answered);
    if !folded || entry.mt == DIRECTORY_ENTRY {
        return Ok(None);
    }
    let broken = |what| ViewError::Inconsistent { table: 0, what };
    let payload = message(vault, entry).ok_or(broken("a message that cannot be opened"))?;
    let ty = MessageType::parse(&entry.mt).ok_or(broken("an unknown message type"))?;
    let body = payload.get("body").ok_or(broken("a message without body"))?;
    let body = Body::parse(ty, body, &|_| Ok(())).map_err(|_| broken("a body that is not read"))?;
    let happened = if entry.outcome == Outcome::Answered {
        let answer = reply(vault, entry).ok_or(broken("an answer that is not read"))?;
        let given = answer.get("body").and_then(|told| Given::of(&body, told)).map(Box::new);
        // An answer of then has no findings of its own to decide on.
        let assessment = answer.pointer("/body/assessment").filter(|_| body.known_at().is_none());
        Happened::Answered(ty, body.about(), findings(assessment), given)
    } else {
        let outcomes = outcomes(vault, entry, &body).ok_or(broken("a receipt that is not read"))?;
        Happened::Accepted(Box::new(body), outcomes)
    };
    let to = payload.get("to").and_then(Value::as_str);
    let meta = EventMeta {
        pos: entry.pos,
        at: entry.at,
        iss: entry.iss.clone(),
        jti: entry.jti,
        to: to.and_then(|to| to.parse::<ParticipantId>().ok()),
    };
    Ok(Some(Event { meta, happened }))
}

pub(super) fn message(vault: &Vault, entry: &Entry) -> Option<Value> {
    let key = vault.unwrap(entry.wrapped_key.as_ref()?).ok()?;
    let compact = key.open(Part::Message, entry.body.as_ref()?).ok()?;
    payload_unverified(std::str::from_utf8(&compact).ok()?)
}

/// What the receipt tells.
fn outcomes(vault: &Vault, entry: &Entry, body: &Body) -> Option<Outcomes> {
    let claims = ReceiptClaims::from_payload(reply(vault, entry)?).ok()?;
    let Receipt::Accepted(acceptance) = claims.res else { return None };
    let outcome = |item: &crate::jws::ItemOutcome| match item.refused {
        None => ItemOutcome::Accepted,
        Some(code) => ItemOutcome::Rejected(code),
    };
    let items = match acceptance.items.as_slice() {
        [] => vec![ItemOutcome::Accepted; body.item_count()],
        items => items.iter().map(outcome).collect(),
    };
    let assessment = acceptance.assessment.as_ref();
    let given = assessment.and_then(|told| Given::of(body, told));
    Some(Outcomes { items, hold: assessment.and_then(hold_verdict), given })
}

fn reply(vault: &Vault, entry: &Entry) -> Option<Value> {
    payload_unverified(&reply_text(vault, entry).ok()?)
}

/// What the fold keeps of the assessment in a hold's receipt.
pub(super) fn hold_verdict(assessment: &Value) -> Option<HoldVerdict> {
    Some(HoldVerdict {
        verdict: Verdict::deserialize(assessment.get("verdict")?).ok()?,
        findings: findings(Some(assessment))?,
        against: Vec::deserialize(assessment.get("against")?).ok()?,
        kinds: Vec::deserialize(assessment.get("kinds")?).ok()?,
    })
}

/// Ids of the findings of an assessment.
fn findings(assessment: Option<&Value>) -> Option<Vec<String>> {
    let findings = assessment?.get("findings")?.as_array()?;
    findings.iter().map(|f| Some(f.get("id")?.as_str()?.to_owned())).collect()
}

/// One row as [`Snapshot::each_row`] gives it.
pub type EachRow<'f> = &'f mut dyn FnMut(TableId, &[u8], Option<SubjectId>, &[u8]);
