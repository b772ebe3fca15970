//! From a plain identifier to the bytes that a token is made of. What is refused here never leaves.

use jiff::civil::Date;
use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use crate::domain::code::{Code, Refusal};
use crate::domain::id::notice::Notice;
use crate::domain::id::{
    Document, DocumentType, IdRefusal, MatchInput, ObjectKind, PassportIdentity, Uscc,
    VerificationSource,
};
use crate::domain::text::Text;

/// Members of a person; the last three are for passports.
const PERSON_MEMBERS: [&str; 5] = ["document_type", "number", "nationality", "birth", "latin_name"];

/// Members that name an object. One alone in an object is an identifier.
const OBJECT_MEMBERS: [(&str, Option<ObjectKind>); 4] = [
    ("uscc", None),
    ("lease", Some(ObjectKind::Lease)),
    ("property_unit", Some(ObjectKind::PropertyUnit)),
    ("certificate", Some(ObjectKind::Certificate)),
];

/// Beside `uscc`: where a code with a wrong check digit was seen to be a real one.
pub(super) const VERIFIED: &str = "verification_source";

/// May this be a member of a plain identifier, which stands where a message holds a token?
pub fn is_identifier_member(name: &str) -> bool {
    let object = OBJECT_MEMBERS.iter().any(|(member, _)| *member == name);
    object || name == VERIFIED || PERSON_MEMBERS.contains(&name)
}

/// An identifier that was taken: what a token is made of, and what is to be said about it.
pub(super) struct Read {
    pub(super) input: MatchInput,
    pub(super) notices: Vec<Notice>,
    /// Who vouches for a credit code whose check digit does not hold.
    pub(super) evidence: Option<VerificationSource>,
}

/// Does this object stand for a person? A project has a `number` too, so the type decides.
pub(super) fn is_person(object: &Map<String, Value>) -> bool {
    object.contains_key("document_type")
}

/// Does this object stand for an employer, lease, property unit or certificate?
pub(super) fn is_object(object: &Map<String, Value>) -> bool {
    let others = object.keys().filter(|name| *name != VERIFIED).count();
    others == 1
        && OBJECT_MEMBERS.iter().any(|(name, _)| object.get(*name).is_some_and(Value::is_string))
}

/// The match input of `{"document_type": "111", "number": "…"}`, for a passport with
/// `nationality`, `birth` and `latin_name`. Refusals point into the request and hold no value.
pub(super) fn person(
    object: &Map<String, Value>,
    pointer: &str,
    today: Date,
) -> Result<Read, Refusal> {
    if object.keys().any(|name| !PERSON_MEMBERS.contains(&name.as_str())) {
        return Err(Refusal::new(Code::SchemaViolation).at(pointer, "no members but those of a person").detail(
            "人员只写 document_type、number，护照另写 nationality、birth、latin_name；姓名等其他信息不得发送",
            "a person has document_type and number, a passport also nationality, birth and latin_name; names and anything else must not be sent",
        ));
    }
    let kind = text(object, "document_type", pointer)?;
    let kind = DocumentType::parse(kind).filter(|kind| kind.is_person()).ok_or_else(|| {
        Refusal::new(Code::IdentifierInvalid)
            .at(
                format!("{pointer}/document_type"),
                "a document type of persons: 111, 114, 414, 511, 516, 553",
            )
            .detail(
                "证件种类未知，或不是个人证件；单位请用统一社会信用代码（uscc），其他法人或组织证件（099）不能比对",
                "an unknown document type, or none of a person; an entity is named by its credit code (uscc), other documents of entities (099) cannot be compared",
            )
    })?;
    let at_number = |refusal| at(refusal, &format!("{pointer}/number"));
    let document =
        Document::parse(kind, text(object, "number", pointer)?, today).map_err(at_number)?;
    let notices = document.notices().to_vec();
    if kind == DocumentType::Passport {
        let input = passport(object, &document, pointer)?;
        return Ok(Read { input, notices, evidence: None });
    }
    let key = document.person_key().ok_or_else(|| {
        let Text { zh, en } = Notice::NotAKey.text();
        Refusal::new(Code::IdentifierInvalid)
            .detail(
                format!("{zh}：请本人以居民身份证、护照、通行证等其他证件确认身份，按该证件填报"),
                format!("{en}: have the person confirm with another document (identity card, passport, permit) and enter that one"),
            )
            .at(format!("{pointer}/number"), "a document whose number stands for one person")
    })?;
    let input = MatchInput::talent(key).map_err(at_number)?;
    Ok(Read { input, notices, evidence: None })
}

fn passport(
    object: &Map<String, Value>,
    document: &Document,
    pointer: &str,
) -> Result<MatchInput, Refusal> {
    let birth = text(object, "birth", pointer)?.parse().map_err(|_| {
        Refusal::new(Code::IdentifierInvalid).at(format!("{pointer}/birth"), "a date YYYY-MM-DD")
    })?;
    let nationality = text(object, "nationality", pointer)?;
    let name = text(object, "latin_name", pointer)?;
    PassportIdentity::parse(nationality, document, birth, name)
        .and_then(|identity| MatchInput::talent(identity.person_key()))
        .map_err(|refusal| at(refusal, pointer))
}

/// The match input of `{"uscc": "…"}`, `{"lease": "…"}`, `{"property_unit": "…"}` or
/// `{"certificate": "…"}`. A credit code whose check digit is wrong needs `verification_source`;
/// `operator` is who vouches for it.
pub(super) fn object(
    object: &Map<String, Value>,
    pointer: &str,
    operator: &str,
) -> Result<Read, Refusal> {
    let found = OBJECT_MEMBERS
        .iter()
        .find_map(|(name, kind)| Some((name, kind, object.get(*name)?.as_str()?)));
    let Some((name, kind, number)) = found else {
        return Err(Refusal::new(Code::Internal));
    };
    let read = match kind {
        Some(kind) => MatchInput::object(*kind, number).map(|input| Read {
            input,
            notices: Vec::new(),
            evidence: None,
        }),
        None => match object.get(VERIFIED).and_then(Value::as_str) {
            None => Uscc::parse(number),
            Some(source) => VerificationSource::parse(source, operator)
                .and_then(|evidence| Uscc::parse_with_evidence(number, evidence)),
        }
        .and_then(|code| {
            let (notices, evidence) = (code.notices().to_vec(), code.evidence().cloned());
            Ok(Read { input: MatchInput::employer(&code)?, notices, evidence })
        }),
    };
    read.map_err(|refusal| at(refusal, &format!("{pointer}/{name}")))
}

/// Overwrites the strings of an identifier that is no longer needed.
pub(super) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn text<'a>(object: &'a Map<String, Value>, name: &str, pointer: &str) -> Result<&'a str, Refusal> {
    object.get(name).and_then(Value::as_str).ok_or_else(|| {
        Refusal::new(Code::SchemaViolation).at(format!("{pointer}/{name}"), "required, a string")
    })
}

fn at(refusal: IdRefusal, pointer: &str) -> Refusal {
    Refusal::from(refusal).at(pointer, refusal.reason.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 1, 1);

    fn refused(value: &Value) -> Refusal {
        person(value.as_object().unwrap(), "/subject", TODAY).err().unwrap()
    }

    #[test]
    fn refusals_point_and_never_repeat() {
        for (value, code, pointer) in [
            (
                json!({"document_type": "111", "number": "110105194912310021"}),
                Code::IdentifierInvalid,
                "/subject/number",
            ),
            (
                json!({"document_type": "001", "number": "x"}),
                Code::IdentifierInvalid,
                "/subject/document_type",
            ),
            (json!({"document_type": "111"}), Code::SchemaViolation, "/subject/number"),
            (
                json!({"document_type": "111", "number": "x", "name": "测一"}),
                Code::SchemaViolation,
                "/subject",
            ),
            (
                json!({"document_type": "999", "number": "AB123"}),
                Code::IdentifierInvalid,
                "/subject/number",
            ),
            (
                json!({"document_type": "414", "number": "E12345678"}),
                Code::SchemaViolation,
                "/subject/birth",
            ),
        ] {
            let refusal = refused(&value);
            assert_eq!(refusal.code, code, "{value}");
            assert_eq!(refusal.violations[0].pointer, pointer, "{value}");
            let said = serde_json::to_string(&refusal).unwrap();
            // What cannot be compared says what to do instead.
            for (kind, words) in [("999", "another document"), ("001", "its credit code (uscc)")] {
                assert!(value["document_type"] != kind || said.contains(words), "{said}");
            }
            assert!(!said.contains("19491231") && !said.contains("测一"), "{said}");
        }
    }

    #[test]
    fn shapes_are_told_apart() {
        let map = |value: Value| value.as_object().unwrap().clone();
        assert!(is_object(&map(json!({"uscc": "x"}))));
        assert!(is_object(&map(json!({"uscc": "x", "verification_source": "登记机关"}))));
        assert!(!is_object(&map(json!({"certificate": {"token": "x", "epoch": 1}}))));
        assert!(!is_object(&map(json!({"lease": "x", "kind": "y"}))));
        assert!(is_person(&map(json!({"document_type": "111"}))));
        assert!(!is_person(&map(json!({"authority": "qingpu", "number": "x"}))));
    }
}
