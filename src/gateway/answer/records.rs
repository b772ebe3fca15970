//! `query.records/1`: what is recorded of a person or an enterprise, and how each record stands on a day.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::suspected::Suspected;
use super::{Answer, Desk, Known, check_context, is_same_record, persons};
use crate::domain::code::{Code, Refusal};
use crate::domain::query::RecordsQuery;
use crate::domain::record::chain::{Standing, StandingWord, standing};
use crate::domain::record::fact::FactSubject;
use crate::domain::record::{Record, RecordKind};
use crate::domain::registry::MessageType;
use crate::domain::subject::{Ref, SubjectId};
use crate::gateway::coverage::coverage;
use crate::gateway::judge::Objection;
use crate::projection::{Marks, RECORDS};

pub(super) fn answer(
    desk: &Desk<'_>,
    query: MessageType,
    q: &RecordsQuery,
) -> Result<Answer, Objection> {
    check_context(&q.context)?;
    let about = q.about.unwrap_or(FactSubject::Talent);
    let (kinds, not_kept) = kinds(q, about)?;
    let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let coverage =
        coverage(desk.view, desk.directory, desk.asker, q.context.purpose, &names, desk.now)?;
    let mut revisions: Vec<Known> = Vec::new();
    let mut marks = Marks::default();
    let subjects = match q.subject() {
        Ref::Talent(token) => persons(desk, &token)?,
        // Links join persons only.
        enterprise @ Ref::Object(_) => vec![desk.resolve(enterprise)?],
    };
    for subject in subjects {
        marks.add(desk.view, subject, desk.known_at)?;
        for row in RECORDS.of_subject(desk.view, subject)? {
            if kinds.contains(&row.record.kind()) {
                revisions.push(Known::of(desk, row));
            }
        }
    }
    let valid_at = q.valid_at.unwrap_or_else(|| desk.now.date_cst());
    let mut shown = Vec::new();
    // Rows come in key order: kind, owner, record, revision.
    for chain in revisions.chunk_by(|a, b| is_same_record(&a.row, &b.row)) {
        shown.extend(show(desk, q, chain, &marks, valid_at));
    }
    let mut body = json!({ "valid_at": valid_at, "records": shown });
    if !not_kept.is_empty() {
        body["not_kept"] = json!(not_kept);
    }
    if let Ref::Talent(token) = q.subject() {
        Suspected::of(desk, &token, q.context.purpose, &names)?.tell(desk, &mut body);
    }
    Ok(Answer {
        query,
        about: Some((q.subject(), q.context.clone())),
        known_at: desk.known_at,
        coverage: json!(coverage),
        body,
        findings: None,
        given: None,
    })
}

/// The kinds asked for that there are of such a subject, and those that nobody keeps of one. Where all are of
/// the second sort, an empty answer would read as if there were none.
fn kinds(q: &RecordsQuery, about: FactSubject) -> Result<(Vec<RecordKind>, Vec<&str>), Refusal> {
    let kept = || RecordKind::ALL.into_iter().filter(|kind| kind.is_about(about));
    let asked: Vec<RecordKind> =
        kept().filter(|kind| q.kinds.iter().any(|k| k == kind.as_str())).collect();
    let kinds = q.kinds.iter().map(String::as_str);
    let not_kept: Vec<&str> =
        kinds.filter(|k| asked.iter().all(|kind| kind.as_str() != *k)).collect();
    if !asked.is_empty() {
        return Ok((asked, not_kept));
    }
    let listed: Vec<&str> = kept().map(RecordKind::as_str).collect();
    let listed = listed.join(", ");
    let (zh, en) = match about {
        FactSubject::Enterprise => ("企业", "an enterprise"),
        FactSubject::Talent => ("个人", "a talent"),
    };
    let detail = [
        format!("所查类别没有关于{zh}的记录；关于{zh}的有：{listed}。无此类记录不等于没有"),
        format!("no records of these kinds are about {en}; those that are: {listed}"),
    ];
    let [zh, en] = detail;
    Err(Refusal::new(Code::SchemaViolation).at("/body/kinds", listed).detail(zh, en))
}

/// A record as the asker may see it: its own whole, another's by the fields of the agreement;
/// nothing when no agreement allows it. Without history it is the one revision that counts on the
/// day; with it, all that are known.
fn show(
    desk: &Desk<'_>,
    q: &RecordsQuery,
    chain: &[Known],
    marks: &Marks,
    valid_at: Date,
) -> Vec<Value> {
    let Some(on_day) = standing(chain, valid_at) else { return Vec::new() };
    let row = &on_day.last.row;
    let kind = row.record.kind();
    let fields = if row.owner == *desk.asker {
        None
    } else if kind == RecordKind::Quota {
        // An employer's quota never crosses districts, whatever an agreement says.
        return Vec::new();
    } else {
        let day = desk.now.date_cst();
        let line = desk.directory.permission(
            &row.owner,
            desk.asker,
            kind.as_str(),
            q.context.purpose,
            day,
        );
        let Some((_, line)) = line else { return Vec::new() };
        Some(line.fields.as_slice())
    };
    let objections = marks.on(&row.owner, kind.into(), &row.record.head().record);
    let shown = chain.iter().filter(|known| q.history || std::ptr::eq(*known, on_day.last));
    shown.map(|known| revision(known, &on_day, &objections, fields)).collect()
}

/// One revision, and where the record stands if it is the one that counts on the day.
fn revision(
    known: &Known,
    on_day: &Standing<'_, Known>,
    objections: &[u64],
    fields: Option<&[String]>,
) -> Value {
    let row = &known.row;
    let head = row.record.head();
    let mut content = content(&row.record);
    if let (Some(fields), Some(members)) = (fields, content.as_object_mut()) {
        members.retain(|name, _| fields.iter().any(|f| f == name));
    }
    let word = std::ptr::eq(known, on_day.last).then(|| on_day.word(!objections.is_empty()));
    json!({
        "owner": row.owner,
        "kind": row.record.kind(),
        "record": head.record,
        "revision": head.revision,
        "state": row.state,
        "validity": head.validity,
        "standing": word,
        "in_force": word.is_some_and(StandingWord::is_in_force),
        "ends_later": word.is_some().then_some(on_day.ends_later),
        "suspect": known.suspect,
        "position": row.pos,
        "objections": objections,
        "content": content,
    })
}

/// The members of a record beside its head, without references.
fn content(record: &Record<SubjectId>) -> Value {
    /// Members of the head that the answer has beside the content.
    const HEAD: [&str; 5] = ["record", "revision", "action", "subject", "validity"];
    fn members<T: Serialize>(record: &T, references: &[&str]) -> Value {
        let mut value = serde_json::to_value(record).unwrap_or_default();
        if let Some(members) = value.as_object_mut() {
            members.retain(|name, _| {
                !HEAD.contains(&name.as_str()) && !references.contains(&name.as_str())
            });
        }
        value
    }
    let references = references(record.kind());
    match record {
        Record::Certification(r) => members(r, references),
        Record::Qualification(r) => members(r, references),
        Record::Affiliation(r) => members(r, references),
        Record::Occupancy(r) => members(r, references),
        Record::Points(r) => members(r, references),
        Record::Quota(r) => members(r, references),
        Record::Fact(r) => members(r, references),
    }
}

/// Members of a kind that refer to other persons and to objects. One name may be a reference in one kind
/// and content in another: the unit of a quota is what it counts.
const fn references(kind: RecordKind) -> &'static [&'static str] {
    match kind {
        RecordKind::Certification => &["certificate", "members"],
        RecordKind::Qualification => &["certificate"],
        RecordKind::Affiliation | RecordKind::Points => &["employer"],
        RecordKind::Occupancy => &["unit"],
        RecordKind::Quota | RecordKind::Fact => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What refers to somebody or something is told by the schema: a token, or a list of members with one.
    #[test]
    fn what_is_left_out_of_a_record_is_what_holds_tokens() {
        for kind in RecordKind::ALL {
            let path = format!("{}/schemas/{}.1.json", env!("CARGO_MANIFEST_DIR"), kind.as_str());
            let text = std::fs::read_to_string(path).unwrap();
            let schema: Value = serde_json::from_str(&text).unwrap();
            let holds_token = |value: &Value| value.to_string().contains("/token_ref\"");
            let refers = |value: &Value| {
                holds_token(value)
                    || value["items"]["$ref"].as_str().is_some_and(|name| {
                        holds_token(schema.pointer(name.trim_start_matches('#')).unwrap())
                    })
            };
            let members = schema["properties"].as_object().unwrap();
            let held: BTreeSet<&str> = members
                .iter()
                .filter(|(name, value)| *name != "subject" && refers(value))
                .map(|(name, _)| name.as_str())
                .collect();
            assert_eq!(references(kind).iter().copied().collect::<BTreeSet<_>>(), held, "{kind:?}");
        }
    }
}
