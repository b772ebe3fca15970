//! `query.worklist/1`: the asker's own objections and enquiries with their deadlines, and how
//! precise each rule has proved. Of other participants' cases nothing is told.

use serde_json::{Value, json};

use super::{Answer, Desk};
use crate::domain::matter::{Stage, Worklist, WorklistQuery};
use crate::domain::registry::MessageType;
use crate::gateway::deadline::{enquiry_deadline, is_over, is_overdue, late, objection_deadline};
use crate::gateway::judge::Objection;
use crate::projection::{
    ENQUIRIES, EnquiryRow, Key, MATTERS, MatterRef, OBJECTIONS, ObjectionRow, PRECISION, ViewError,
    enquiry_key, objection_key,
};

/// Rows of a participant that are read for one page; closed ones are passed over.
const ROWS_READ_MAX: usize = 10_000;

pub(super) fn answer(
    desk: &Desk<'_>,
    query: MessageType,
    q: &WorklistQuery,
) -> Result<Answer, Objection> {
    let page = matters(desk, q)?;
    let mut body = json!({ "more": page.more });
    if q.include.contains(&Worklist::Objections) {
        body["objections"] = page.objections.into();
    }
    if q.include.contains(&Worklist::Enquiries) {
        body["enquiries"] = page.enquiries.into();
    }
    if q.include.contains(&Worklist::Precision) {
        body["precision"] = precision(desk)?;
    }
    Ok(Answer {
        query,
        about: None,
        known_at: desk.known_at,
        coverage: json!([]),
        body,
        findings: None,
        given: None,
    })
}

/// One page of matters, the newest first.
#[derive(Default)]
struct Page {
    objections: Vec<Value>,
    enquiries: Vec<Value>,
    /// Position to go on before, if there are more.
    more: Option<u64>,
}

fn matters(desk: &Desk<'_>, q: &WorklistQuery) -> Result<Page, ViewError> {
    let prefix = Key::new().text(desk.asker.as_str());
    let mut rows = MATTERS.range(desk.view, &prefix, None, ROWS_READ_MAX)?;
    rows.reverse();
    let mut page = Page::default();
    let mut last = 0;
    for matter in rows {
        if page.objections.len() + page.enquiries.len() == WorklistQuery::PAGE_MAX {
            return Ok(Page { more: Some(last), ..page });
        }
        let before = |pos| q.before.is_none_or(|before| pos < before);
        match matter {
            MatterRef::Objection(reference) if q.include.contains(&Worklist::Objections) => {
                let row = OBJECTIONS.get(desk.view, &objection_key(&reference))?;
                let open = |r: &ObjectionRow| q.closed || r.stage().is_some();
                if let Some(row) = row.filter(|row| before(row.pos) && open(row)) {
                    last = row.pos;
                    page.objections.push(objection(desk, &row));
                }
            }
            MatterRef::Enquiry(reference) if q.include.contains(&Worklist::Enquiries) => {
                let row = ENQUIRIES.get(desk.view, &enquiry_key(&reference))?;
                let open = |r: &EnquiryRow| q.closed || r.replied.is_none();
                if let Some(row) = row.filter(|row| before(row.pos) && open(row)) {
                    last = row.pos;
                    page.enquiries.push(enquiry(desk, &row));
                }
            }
            MatterRef::Objection(_) | MatterRef::Enquiry(_) => {}
        }
    }
    Ok(page)
}

fn objection(desk: &Desk<'_>, row: &ObjectionRow) -> Value {
    let stage = row.stage();
    let deadline = stage.and_then(|_| objection_deadline(desk.catalogue, desk.directory, row));
    json!({
        "by": row.by,
        "objection": row.objection,
        "position": row.pos,
        "raised_at": row.at,
        "case": (row.by == *desk.asker).then_some(&row.case),
        "record": row.record,
        "voucher": row.voucher,
        "reason": row.reason,
        "received_on": row.received_on,
        "state": row.state,
        "extended": row.extended,
        "decided": row.decided,
        "stage": stage,
        "deadline": deadline,
        "overdue": is_overdue(desk.catalogue, desk.directory, row, desk.now),
        "late": late(desk.catalogue, desk.directory, row, desk.now),
        "to_act": match stage {
            Some(Stage::Decide | Stage::Correct) => Some(&row.record.owner),
            _ => None,
        },
    })
}

fn enquiry(desk: &Desk<'_>, row: &EnquiryRow) -> Value {
    let deadline = enquiry_deadline(desk.catalogue, row);
    let open = row.replied.is_none();
    json!({
        "by": row.by,
        "enquiry": row.enquiry,
        "position": row.pos,
        "asked_at": row.at,
        "to": row.to,
        "case": (row.by == *desk.asker).then_some(&row.case),
        "about": row.about,
        "questions": row.questions,
        "replied": row.replied,
        "deadline": open.then_some(deadline),
        "overdue": row.overdue || open && is_over(deadline, desk.now),
    })
}

fn precision(desk: &Desk<'_>) -> Result<Value, ViewError> {
    let threshold = desk.catalogue.precision;
    let rows = PRECISION.all(desk.view)?;
    let rules: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "rule": row.rule,
                "title": row.rule.parse().ok().and_then(|id| desk.catalogue.rule(id)).map(|r| &r.title),
                "counted": row.counted,
                "permille": row.counted.permille(),
                "hint": row.counted.is_hint(threshold),
            })
        })
        .collect();
    Ok(json!({ "threshold": threshold, "rules": rules }))
}
