//! Titles and look-ups of the demonstration zone, as the plain JSON that a district's system sends.

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
    json!({
        "record": format!("t{index}"),
        "revision": 1,
        "action": "issue",
        "subject": shown(person),
        "authority": { "name": office.name, "region": office.region },
        "attestation": { "level": "verified-at-source", "as_of": today },
        "validity": { "from": "2022-07-01" },
        "object": "title",
        "scheme": scheme,
        "class": "420",
        "certificate": { "certificate": format!("DEMO-T-{index}") },
    })
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
