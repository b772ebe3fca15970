//! The schemas of this release: rules, examples, typed bodies, pins, masked violations, releases,
//! and one verdict with a second validator.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod compatibility;
mod load;
mod referee;
mod typed;

use serde_json::Value;
use talent_gateway::schema::{Registry, Role, dictionary, lint};

fn registry() -> Registry {
    Registry::load().unwrap()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn examples(schema: &Value) -> Vec<Value> {
    schema["examples"].as_array().cloned().unwrap_or_default()
}

/// `(mt, schema, example)` for every example of every schema that instances are checked against.
fn all_examples(registry: &Registry) -> Vec<(&'static str, Value, Value)> {
    let typed = registry.documents().into_iter().filter(|d| d.role != Role::Shared);
    typed
        .flat_map(|d| {
            let schema = value(d.text);
            examples(&schema).into_iter().map(move |e| (d.mt, schema.clone(), e))
        })
        .collect()
}

#[test]
fn schemas_keep_the_rules() {
    for document in registry().documents() {
        assert_eq!(lint(&value(document.text)), Vec::<String>::new(), "{}", document.mt);
    }
}

#[test]
fn every_file_of_the_folder_is_in_the_registry() {
    let registry = registry();
    let known: Vec<_> =
        registry.documents().iter().map(|d| format!("{}.json", d.mt.replace('/', "."))).collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "released" || known.contains(&name), "{name} is in no registry entry");
    }
}

#[test]
fn examples_are_valid() {
    let registry = registry();
    for (mt, _, example) in all_examples(&registry) {
        assert_eq!(registry.get(mt).unwrap().validate(&example), Ok(()), "{mt}");
    }
}

#[test]
fn pins_are_by_exact_bytes() {
    let registry = registry();
    let schema = registry.get("certification/1").unwrap();
    let uri = "urn:ydt:schema:certification:1";
    assert!(schema.accepts_pin(uri, &schema.document.sha256));
    assert!(!schema.accepts_pin("urn:ydt:schema:fact:1", &schema.document.sha256));
    assert!(!schema.accepts_pin(uri, &[0; 32]));
    assert_eq!(schema.document.sha256_hex().len(), 64);
    assert!(registry.get("common/1").is_none(), "definitions are no message type");
    assert!(registry.document("common/1").is_some(), "but they are served");
}

#[test]
fn the_dictionary_names_every_member_of_a_body() {
    let registry = registry();
    let text = dictionary(&registry);
    for document in registry.documents() {
        assert!(text.contains(&format!("## `{}` ", document.mt)), "{}", document.mt);
        let schema = value(document.text);
        for name in schema["properties"].as_object().into_iter().flat_map(|p| p.keys()) {
            assert!(text.contains(&format!("| `{name}` | ")), "{} {name}", document.mt);
        }
    }
    for line in [
        "| `class` | 等级 | Class | *class* | 1–32 | 必填 / yes |",
        "| `members[].role` | 角色 | Role | `leader` `member` `adviser` |  | 必填 / yes |",
        "| `jwk.crv` | 曲线 | Curve | `Ed25519` `ristretto255` |  | 必填 / yes |",
        "| `suspect_from` | 存疑时刻 | Suspect from | *utc_seconds* | 0–253402300799 | 可选 / no |",
    ] {
        assert!(text.contains(line), "{line}");
    }
}
