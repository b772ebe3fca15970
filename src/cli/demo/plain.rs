//! Titles, what proves their preconditions, and look-ups of the demonstration zone, as the plain JSON that a
//! district's system sends.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::office::Office;
use crate::synth::{Person, plain};

fn shown(person: &Person) -> Value {
    person.documents.first().map_or(Value::Null, plain::person)
}

/// A mid-level title (中级, GB/T 12407 code 420) of the person's home province.
pub(super) fn title(
    office: &Office,
    person: &Person,
    index: usize,
    scheme: &str,
    today: Date,
) -> Value {
    let mut body = head(office, person, &format!("t{index}"), today);
    body["attestation"]["level"] = json!("verified-at-source");
    body["validity"]["from"] = json!("2022-07-01");
    body["object"] = json!("title");
    body["scheme"] = json!(scheme);
    body["class"] = json!("420");
    body["certificate"] = json!({ "certificate": format!("DEMO-T-{index}") });
    body
}

/// What a record of the demo begins with.
fn head(office: &Office, person: &Person, record: &str, today: Date) -> Value {
    json!({
        "record": record,
        "revision": 1,
        "action": "issue",
        "subject": shown(person),
        "authority": { "name": office.name, "region": office.region },
        "attestation": { "level": "issued", "as_of": today },
        "validity": { "from": "2025-01-01" },
    })
}

/// The person has moved to work in the district of `office`: it holds the contract.
pub(super) fn employment(office: &Office, person: &Person, index: usize, today: Date) -> Value {
    let mut body = head(office, person, &format!("e{index}"), today);
    body["mode"] = json!("employment");
    body["region"] = json!(office.region);
    body
}

/// The title of the person meets the national basic standard, says who certified it.
pub(super) fn standard(office: &Office, person: &Person, index: usize, today: Date) -> Value {
    let mut body = head(office, person, &format!("s{index}"), today);
    body["about"] = json!("talent");
    body["name"] = json!("title-meets-national-standard");
    body["value"] = json!(true);
    body
}

pub(super) fn recognise(
    person: &Person,
    (at, purpose): (&str, &str),
    case: &str,
    day: Date,
) -> Value {
    json!({
        "person": shown(person),
        "context": {
            "case": case,
            "legal_basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）" },
        },
        "at": at,
        "for_purpose": purpose,
        "valid_at": day,
    })
}
