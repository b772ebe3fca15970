//! What stops the registry from loading, and what violations look like.

use serde_json::{Value, json};
use talent_gateway::schema::{Registry, Role, SchemaError, Source, VIOLATIONS_MAX};

use super::{all_examples, registry};

const SHARED: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:ydt:schema:shared:1",
  "$defs": { "name": { "type": "string", "maxLength": 3 } }
}"#;

fn load(text: &'static str) -> Result<Registry, SchemaError> {
    let shared =
        Source { mt: "shared/1", uri: "urn:ydt:schema:shared:1", role: Role::Shared, text: SHARED };
    let sample =
        Source { mt: "sample/1", uri: "urn:ydt:schema:sample:1", role: Role::Message, text };
    Registry::from_sources(&[shared, sample], "{}")
}

macro_rules! sample {
    ($rest:literal) => {
        concat!(
            r##"{"$schema": "https://json-schema.org/draft/2020-12/schema", "##,
            r##""$id": "urn:ydt:schema:sample:1", "##,
            $rest,
            "}"
        )
    };
}

#[test]
fn references_inside_the_registry_resolve() {
    let registry = load(sample!(r##""$ref": "urn:ydt:schema:shared:1#/$defs/name""##)).unwrap();
    let schema = registry.get("sample/1").unwrap();
    assert!(schema.validate(&json!("abc")).is_ok());
    let violations = schema.validate(&json!("abcd")).unwrap_err();
    assert_eq!(violations[0].pointer, "/body");
    assert_eq!(violations[0].expected, "maxLength 3");
}

#[test]
fn what_cannot_be_trusted_does_not_load() {
    let not_compiled = [
        ("unknown resource", sample!(r#""$ref": "urn:ydt:schema:other:1""#)),
        ("network address", sample!(r#""$ref": "https://schemas.example/x""#)),
        ("file", sample!(r#""$ref": "file:///etc/hostname""#)),
        ("unknown definition", sample!(r##""$ref": "urn:ydt:schema:shared:1#/$defs/x""##)),
        ("look-ahead", sample!(r#""type": "string", "pattern": "^(?!a)b$""#)),
        ("look-behind", sample!(r#""type": "string", "pattern": "(?<=a)b$""#)),
        ("back-reference", sample!(r#""type": "string", "pattern": "^(a)\\1$""#)),
        ("pattern too large", sample!(r#""type": "string", "pattern": "^(a{1000}){1000}$""#)),
        ("unknown format", sample!(r#""type": "string", "format": "no-such-format""#)),
        ("malformed keyword", sample!(r#""type": "text""#)),
    ];
    for (name, text) in not_compiled {
        assert!(matches!(load(text), Err(SchemaError::Compile { .. })), "{name}");
    }
    assert!(matches!(load("{"), Err(SchemaError::Unreadable { .. })));
    let other = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema",
                    "$id": "urn:ydt:schema:other:1"}"#;
    assert!(matches!(load(other), Err(SchemaError::Identity { .. })));
    let draft = r#"{"$schema": "http://json-schema.org/draft-07/schema#",
                    "$id": "urn:ydt:schema:sample:1"}"#;
    assert!(matches!(load(draft), Err(SchemaError::Identity { .. })));
}

#[test]
fn an_unused_definition_is_compiled_too() {
    let shared = Source {
        mt: "shared/1",
        uri: "urn:ydt:schema:shared:1",
        role: Role::Shared,
        text: r#"{"$schema": "https://json-schema.org/draft/2020-12/schema",
                  "$id": "urn:ydt:schema:shared:1",
                  "$defs": { "name": { "type": "string", "pattern": "^(?=a)" } } }"#,
    };
    assert!(Registry::from_sources(&[shared], "{}").is_err());
}

/// The example number of GB 11643; nobody's.
const EXAMPLE_NUMBER: &str = "11010519491231002X";

/// Replaces every scalar below `value` by something that is never valid and easy to find again.
fn poison(value: &mut Value, secret: &str) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(|v| poison(v, secret));
            object.insert(secret.to_owned(), json!(secret));
        }
        Value::Array(items) => items.iter_mut().for_each(|v| poison(v, secret)),
        scalar => *scalar = json!(format!("{secret}\n{}", secret.repeat(60))),
    }
}

#[test]
fn violations_are_bounded_and_hold_no_value_of_the_message() {
    let registry = registry();
    let secret = EXAMPLE_NUMBER;
    for (mt, _, mut example) in all_examples(&registry) {
        poison(&mut example, secret);
        let violations = registry.get(mt).unwrap().validate(&example).unwrap_err();
        assert!((1..=VIOLATIONS_MAX).contains(&violations.len()), "{mt}");
        let text = format!("{violations:?}");
        assert!(!text.contains("110105"), "{mt}: {text}");
        assert!(violations.iter().all(|v| v.pointer.starts_with("/body")), "{mt}: {text}");
    }
}

/// Of alternatives, each is told with what it would need, in the schema's words alone.
#[test]
fn violations_of_alternatives_name_what_each_would_need() {
    let registry = registry();
    let schema = registry.get("funding.grant/1").unwrap();
    let (_, _, mut body) =
        all_examples(&registry).into_iter().find(|(mt, ..)| *mt == "funding.grant/1").unwrap();
    body["payers"][0]["share"] = json!({ "amount": 7_654_321, "王某": 1 });
    let found = schema.validate(&body).unwrap_err();
    let told: Vec<_> = found.iter().map(|v| (v.pointer.as_str(), v.expected.as_str())).collect();
    let [(place, expected)] = told[..] else { panic!("{told:?}") };
    assert_eq!(place, "/body/payers/0/share");
    for part in ["oneOf: (1) ", "(2) ", "required percent", "required fen"] {
        assert!(expected.contains(part), "{expected}");
    }
    assert!(!expected.contains("765") && !expected.contains('王'), "{expected}");
}

#[test]
fn violations_say_where_and_what() {
    let registry = registry();
    let schema = registry.get("certification/1").unwrap();
    let (_, _, good) =
        all_examples(&registry).into_iter().find(|(mt, ..)| *mt == "certification/1").unwrap();
    let cases = [
        ("/validity/from", json!("2026-02-30"), "/body/validity/from", "format date"),
        ("/revision", json!(0), "/body/revision", "minimum 1"),
        ("/revision", json!("1"), "/body/revision", "type integer"),
        ("/members/0/role", json!("boss"), "/body/members/0/role", "enum "),
        ("/authority/region", json!("990000"), "/body/authority/region", "pattern "),
        ("/authority/region", json!("190000"), "/body/authority/region", "format region-code"),
        ("/authority", json!({"name": "某局"}), "/body/authority", "required region"),
        ("/record", json!("R-11010519491231002X"), "/body/record", "not"),
        ("/authority/name", json!("王某 13800000000"), "/body/authority/name", "not"),
        ("/authority/name", json!("某\u{e000}局"), "/body/authority/name", "pattern "),
        ("/subject", json!({"token": "x", "epoch": 1, "a": 1}), "/body/subject", "additional"),
    ];
    for (place, wrong, pointer, expected) in cases {
        let mut body = good.clone();
        *body.pointer_mut(place).unwrap() = wrong;
        let violations = schema.validate(&body).unwrap_err();
        let hit = |v: &&talent_gateway::domain::code::Violation| {
            v.pointer == pointer && v.expected.starts_with(expected)
        };
        assert!(violations.iter().any(|v| hit(&v)), "{place}: {violations:?}");
    }
}
