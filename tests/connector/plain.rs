//! Plain bodies as a district's system writes them, about generated people.

use serde_json::{Value, json};
use talent_gateway::synth::{Person, people};

pub fn person(n: usize) -> Person {
    people(2026, n + 1).nth(n).unwrap()
}

pub fn document(person: &Person) -> Value {
    let document = &person.documents[0];
    json!({ "document_type": document.document_type, "number": document.number })
}

/// The wire record without anything that names a person or a thing.
pub fn record(id: &str) -> Value {
    json!({
        "record": id,
        "revision": 1,
        "action": "issue",
        "authority": { "name": "青浦区人才办（测试）", "region": "310118" },
        "attestation": { "level": "issued", "as_of": "2026-11-01" },
        "validity": { "from": "2026-01-01", "until": "2028-12-31" },
        "scheme": "qingpu-housing",
        "scheme_version": "2020",
        "class": "D",
        "basis": { "document": "qingpu-2020-88", "article": "附件4 一（一）4" }
    })
}

/// For `POST /local/v1/records`.
pub fn certification(id: &str, person: &Person) -> Value {
    json!({
        "kind": "certification",
        "person": document(person),
        "certificate_number": format!("QP-CERT-{id}"),
        "record": record(id),
    })
}

pub fn context() -> Value {
    json!({
        "case": "QP-2026-0001",
        "legal_basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）" },
    })
}
