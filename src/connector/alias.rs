//! The named endpoints are thin aliases: they turn the shapes that people write into the bodies of
//! message types, and leave everything else to the one path that all types share.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::identify;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::{Class, MessageType};

/// `POST /local/v1/records`: `{"kind", "person", "record", …}`, or `{"items": […]}` of one kind.
pub(super) fn records(body: Value) -> Result<(MessageType, Value), Refusal> {
    let Value::Object(mut members) = body else { return Err(shape("", "an object")) };
    let Some(items) = members.remove("items") else {
        return record(members, "");
    };
    let items = match items {
        Value::Array(items) if members.is_empty() && !items.is_empty() => items,
        _ => return Err(shape("/items", "1 to 1000 items and nothing else")),
    };
    let mut kind = None;
    let mut bodies = Vec::with_capacity(items.len());
    for (i, item) in items.into_iter().enumerate() {
        let pointer = format!("/items/{i}");
        let Value::Object(members) = item else { return Err(shape(&pointer, "an object")) };
        let (ty, body) = record(members, &pointer)?;
        if *kind.get_or_insert(ty) != ty {
            return Err(shape(&format!("{pointer}/kind"), "the kind of the first item"));
        }
        bodies.push(body);
    }
    let ty = kind.ok_or(Code::Internal)?;
    Ok((ty, json!({ "items": bodies })))
}

fn record(mut members: Map<String, Value>, pointer: &str) -> Result<(MessageType, Value), Refusal> {
    let kind = members.remove("kind");
    let kind = kind.as_ref().and_then(Value::as_str).unwrap_or_default();
    let ty = MessageType::ALL
        .iter()
        .copied()
        .find(|ty| ty.class() == Class::Record && ty.name() == kind);
    let ty = ty.ok_or_else(|| {
        shape(&format!("{pointer}/kind"), "a record kind: certification, qualification …")
    })?;
    let Some(Value::Object(mut body)) = members.remove("record") else {
        return Err(shape(&format!("{pointer}/record"), "the record without its identifiers"));
    };
    let employer = employer(&mut members, pointer)?;
    let (subject, employer) = match members.remove("person") {
        Some(person) => (Some(person), employer),
        // A fact about an enterprise has no person: the enterprise is its subject.
        None => (employer, None),
    };
    let placed = [
        ("subject", subject),
        ("employer", employer),
        ("certificate", members.remove("certificate_number").map(|n| json!({ "certificate": n }))),
        ("unit", members.remove("property_unit").map(|n| json!({ "property_unit": n }))),
        ("members", members.remove("members").map(team)),
    ];
    for (name, value) in placed {
        let Some(value) = value else { continue };
        if body.insert(name.to_owned(), value).is_some() {
            return Err(shape(
                &format!("{pointer}/record/{name}"),
                "left out: it is given beside the record",
            ));
        }
    }
    match members.keys().next() {
        None => Ok((ty, Value::Object(body))),
        Some(_) => Err(shape(
            pointer,
            "kind, person, record, certificate_number, employer_uscc, verification_source, property_unit, members",
        )),
    }
}

/// The enterprise of `employer_uscc`; beside it `verification_source` says where a code whose check digit does
/// not hold was seen to be a real one.
fn employer(members: &mut Map<String, Value>, pointer: &str) -> Result<Option<Value>, Refusal> {
    let source = members.remove(identify::VERIFIED);
    match (members.remove("employer_uscc"), source) {
        (Some(code), Some(source)) => {
            Ok(Some(json!({ "uscc": code, (identify::VERIFIED): source })))
        }
        (code, None) => Ok(code.map(|code| json!({ "uscc": code }))),
        (None, Some(_)) => {
            Err(shape(&format!("{pointer}/{}", identify::VERIFIED), "only beside employer_uscc"))
        }
    }
}

/// Members may say `person` where the wire says `subject`.
fn team(members: Value) -> Value {
    let Value::Array(members) = members else { return members };
    Value::Array(members.into_iter().map(|member| renamed(member, "person", "subject")).collect())
}

/// A question as people write it: `person` goes to where the message type has its subject, and the
/// context gets the endpoint's purpose, where it has one, when it names none.
pub(super) fn question(
    mut body: Value,
    purpose: Option<&str>,
    subject: &str,
) -> Result<Value, Refusal> {
    let members = body.as_object_mut().ok_or_else(|| shape("", "an object"))?;
    let context = members.get_mut("context").and_then(Value::as_object_mut);
    if let (Some(context), Some(purpose)) = (context, purpose) {
        context.entry("purpose").or_insert_with(|| json!(purpose));
    }
    let Some(person) = members.remove("person") else { return Ok(body) };
    let (parent, name) = subject.rsplit_once('/').unwrap_or(("", subject));
    let place = body.pointer_mut(parent).and_then(Value::as_object_mut);
    let place = place.ok_or_else(|| shape(parent, "an object, the subject goes into it"))?;
    if place.insert(name.to_owned(), person).is_some() {
        return Err(shape(subject, "left out: it is given as person"));
    }
    Ok(body)
}

/// A question about records: the subject is a person, or an enterprise, which `about` then says.
pub(super) fn about(mut body: Value) -> Value {
    if let Some(members) = body.as_object_mut()
        && members.get("subject").and_then(Value::as_object).is_some_and(identify::is_object)
    {
        members.entry("about").or_insert_with(|| json!("enterprise"));
    }
    body
}

/// An objection, or a question about records, as people write it: `person` or `employer_uscc` is its subject.
pub(super) fn party(mut body: Value) -> Result<Value, Refusal> {
    let members = body.as_object_mut().ok_or_else(|| shape("", "an object"))?;
    let employer = employer(members, "")?;
    let subject = match (members.remove("person"), employer) {
        (Some(_), Some(_)) => return Err(shape("/employer_uscc", "person or employer_uscc")),
        (person, employer) => person.or(employer),
    };
    if let Some(subject) = subject
        && members.insert("subject".to_owned(), subject).is_some()
    {
        return Err(shape("/subject", "left out: it is given as person or employer_uscc"));
    }
    Ok(body)
}

/// A body that names its addressee beside its members.
pub(super) fn addressed(mut body: Value) -> Result<(ParticipantId, Value), Refusal> {
    let to = body.as_object_mut().and_then(|members| members.remove("to"));
    let to = to.as_ref().and_then(Value::as_str).and_then(|to| to.parse().ok());
    Ok((to.ok_or_else(|| shape("/to", "the district that is asked"))?, body))
}

/// What a receipt says, for people and programs that do not read JWS. The receipt was verified
/// before it was kept.
pub(super) fn result_of(receipt: &str) -> Value {
    let payload = payload(receipt);
    let mut result = payload.as_ref().map_or(Value::Null, |payload| payload["res"].clone());
    if let (Some(members), Some(payload)) = (result.as_object_mut(), &payload) {
        members.insert("position".to_owned(), payload["log"]["index"].clone());
        members.insert("at".to_owned(), payload["iat"].clone());
    }
    result
}

/// The payload of a compact JWS that was verified, or signed here.
pub(super) fn payload(compact: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(compact.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

fn renamed(mut value: Value, from: &str, to: &str) -> Value {
    if let Some(members) = value.as_object_mut()
        && let Some(inner) = members.remove(from)
    {
        members.insert(to.to_owned(), inner);
    }
    value
}

fn shape(pointer: &str, expected: &str) -> Refusal {
    Refusal::new(Code::SchemaViolation).at(pointer, expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_takes_its_identifiers_in() {
        let (ty, body) = records(json!({
            "kind": "certification",
            "person": {"document_type": "111"},
            "record": {"record": "R1"},
            "certificate_number": "C1",
            "members": [{"person": {"document_type": "414"}, "role": "member"}],
        }))
        .unwrap();
        assert_eq!(ty, MessageType::Certification);
        assert_eq!(
            body,
            json!({
                "record": "R1",
                "subject": {"document_type": "111"},
                "certificate": {"certificate": "C1"},
                "members": [{"subject": {"document_type": "414"}, "role": "member"}],
            })
        );
        let verified = json!({
            "kind": "fact", "employer_uscc": "U", "verification_source": "登记机关网站", "record": {}
        });
        let (_, body) = records(verified).unwrap();
        let expected = json!({"uscc": "U", "verification_source": "登记机关网站"});
        assert_eq!(body["subject"], expected);
        let (_, fact) =
            records(json!({"kind": "fact", "employer_uscc": "U", "record": {}})).unwrap();
        assert_eq!(fact, json!({"subject": {"uscc": "U"}}));
    }

    #[test]
    fn what_does_not_fit_points() {
        let item = json!({"kind": "certification", "record": {}});
        for (body, pointer) in [
            (json!({"kind": "agreement", "record": {}}), "/kind"),
            (json!({"kind": "certification"}), "/record"),
            (
                json!({"kind": "certification", "record": {}, "verification_source": "s"}),
                "/verification_source",
            ),
            (json!({"kind": "certification", "record": {}, "name": "x"}), ""),
            (
                json!({"kind": "certification", "person": {}, "record": {"subject": {}}}),
                "/record/subject",
            ),
            (json!({"items": []}), "/items"),
            (json!({"items": [item, {"kind": "fact", "record": {}}]}), "/items/1/kind"),
            (json!({"items": [item], "kind": "certification"}), "/items"),
        ] {
            assert_eq!(records(body.clone()).unwrap_err().violations[0].pointer, pointer, "{body}");
        }
    }

    #[test]
    fn questions_get_subject_and_purpose() {
        let body = json!({"person": {"number": 1}, "context": {"case": "C"}, "application": {}});
        let asked = question(body, Some("funding-check"), "/application/subject").unwrap();
        assert_eq!(asked["application"]["subject"]["number"], 1);
        assert_eq!(asked["context"]["purpose"], "funding-check");
        let body = json!({"person": {}, "subject": {}});
        assert!(question(body, None, "/subject").is_err());
    }

    #[test]
    fn records_are_asked_of_a_person_or_an_enterprise() {
        let of = |body: Value| about(party(body).unwrap());
        let asked = of(json!({"employer_uscc": "U", "kinds": ["quota"]}));
        assert_eq!(asked["subject"], json!({"uscc": "U"}));
        assert_eq!(asked["about"], "enterprise");
        assert_eq!(of(json!({"subject": {"uscc": "U"}}))["about"], "enterprise");
        assert_eq!(
            of(json!({"person": {"document_type": "111", "number": "1"}})).get("about"),
            None
        );
        assert!(party(json!({"person": {}, "employer_uscc": "U"})).is_err());
        let verified = json!({"employer_uscc": "U", "verification_source": "s"});
        let expected = json!({"uscc": "U", "verification_source": "s"});
        assert_eq!(of(verified)["subject"], expected);
    }
}
