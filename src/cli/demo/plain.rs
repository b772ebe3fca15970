//! What the generator made, as the plain JSON that a district's system would send.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::office::Office;
use crate::catalogue::Catalogue;
use crate::synth::{
    Amount, Person, PlainApplication, PlainCertification, PlainDocument, PlainGrant, PlainLink,
    PlainOccupancy,
};

/// A person as the connector takes one.
pub(super) fn person(people: &[Person], person: usize, document: usize) -> Value {
    let documents = people.get(person).map(|p| p.documents.as_slice()).unwrap_or_default();
    documents.get(document).or(documents.first()).map_or(Value::Null, shown)
}

fn shown(document: &PlainDocument) -> Value {
    json!({ "document_type": document.document_type.code(), "number": document.number })
}

pub(super) fn certification(
    office: &Office,
    people: &[Person],
    c: &PlainCertification,
    id: &str,
    today: Date,
) -> Value {
    json!({
        "kind": "certification",
        "person": person(people, c.person, c.document),
        "certificate_number": format!("DEMO-{id}"),
        "record": {
            "record": id,
            "revision": 1,
            "action": "issue",
            "authority": { "name": office.name, "region": office.region },
            "attestation": { "level": "issued", "as_of": today },
            "validity": validity(c.from, c.until),
            "scheme": c.scheme,
            "scheme_version": "2020",
            "class": c.class,
            "basis": { "document": "演示数据", "article": "无" },
        },
    })
}

pub(super) fn occupancy(
    office: &Office,
    people: &[Person],
    o: &PlainOccupancy,
    id: &str,
    today: Date,
) -> Value {
    let last = o.first.plus(i32::try_from(o.months).unwrap_or(1) - 1).last_day();
    json!({
        "kind": "occupancy",
        "person": person(people, o.person, o.document),
        "record": {
            "record": id,
            "revision": 1,
            "action": "issue",
            "authority": { "name": office.name, "region": office.region },
            "attestation": { "level": "issued", "as_of": today },
            "validity": validity(o.first.first_day(), Some(last)),
            "kind": "talent-apartment",
            "discount_percent": if o.discount { 20 } else { 0 },
        },
    })
}

pub(super) fn grant(catalogue: &Catalogue, people: &[Person], g: &PlainGrant, id: &str) -> Value {
    let last = g.first.plus(i32::try_from(g.months).unwrap_or(1) - 1);
    json!({
        "grant": id,
        "policy": policy(catalogue, g.policy),
        "subject": person(people, g.person, g.document),
        "beneficiary": "person",
        "months": { "first": g.first, "last": last },
        "approved": amount(g.amount),
        "schedule": "monthly",
        "decided_on": g.first.first_day(),
        "payers": [{ "tier": "district", "payer": "区财政（演示）", "share": { "percent": 100 } }],
        "fiscal_source": "演示资金",
        // What was granted before the gateway existed has no hold; two operators stand for it.
        "override": { "reason": "补录历史资助（演示）" },
    })
}

pub(super) fn link(people: &[Person], l: &PlainLink, id: &str) -> Value {
    json!({
        "link": id,
        "revision": 1,
        "kind": "same",
        "subjects": [person(people, l.person, 0), person(people, l.person, 1)],
        "validity": { "from": "2020-01-01" },
        "evidence": "documents-examined",
    })
}

pub(super) fn check(
    catalogue: &Catalogue,
    people: &[Person],
    a: &PlainApplication,
    case: &str,
    today: Date,
) -> Value {
    let last = a.first.plus(i32::try_from(a.months).unwrap_or(1) - 1);
    let mut application = json!({
        "kind": "grant",
        "policy": policy(catalogue, a.policy),
        "beneficiary": "person",
        "months": { "first": a.first, "last": last },
        "date": today.max(a.first.first_day()),
        "amount": amount(a.amount),
    });
    if a.kind.starts_with("apartment") {
        application["discount_percent"] = json!(if a.discount { 20 } else { 0 });
    }
    json!({
        "person": person(people, a.person, a.document),
        "context": context(case),
        "application": application,
    })
}

pub(super) fn recognise(
    people: &[Person],
    person_index: usize,
    at: &str,
    case: &str,
    day: Date,
) -> Value {
    json!({
        "person": person(people, person_index, 0),
        "context": context(case),
        "at": at,
        "for_purpose": "housing",
        "valid_at": day,
    })
}

fn context(case: &str) -> Value {
    json!({
        "case": case,
        "legal_basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）" },
    })
}

fn validity(from: Date, until: Option<Date>) -> Value {
    match until {
        Some(until) => json!({ "from": from, "until": until }),
        None => json!({ "from": from }),
    }
}

fn policy(catalogue: &Catalogue, id: &str) -> Value {
    let version = catalogue.policies.iter().filter(|p| p.id == id).map(|p| p.version).max();
    json!({ "id": id, "version": version.unwrap_or(1) })
}

fn amount(amount: Amount) -> Value {
    match amount {
        Amount::Monthly(fen) => json!({ "monthly": fen }),
        Amount::Total(fen) => json!({ "total": fen }),
    }
}
