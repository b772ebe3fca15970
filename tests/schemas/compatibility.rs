//! Releases: whatever a released version of a major accepts, the current one accepts too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::Digest as _;
use talent_gateway::schema::{Break, Registry, Role, Source, compat, release_files};

use super::{examples, registry, value};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/released")
}

fn index() -> BTreeMap<String, Vec<String>> {
    serde_json::from_str(&std::fs::read_to_string(folder().join("index.json")).unwrap()).unwrap()
}

fn released(mt: &str, digest: &str) -> Value {
    let file = folder().join(mt.replace('/', ".")).join(format!("{}.json", &digest[..12]));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{mt} {digest}: {e}"));
    value(&text)
}

#[test]
fn current_schemas_take_what_released_ones_took() {
    let registry = registry();
    for (mt, digests) in index() {
        let current = registry.document(&mt).unwrap_or_else(|| panic!("{mt} was released"));
        for digest in &digests {
            let old = released(&mt, digest);
            let breaks = compat(&old, &value(current.text));
            let words: Vec<_> = breaks.iter().map(ToString::to_string).collect();
            assert!(breaks.is_empty(), "{mt} {digest}: {words:?}; take a new major version");
            for example in examples(&old) {
                if let Some(schema) = registry.get(&mt) {
                    assert_eq!(schema.validate(&example), Ok(()), "{mt} {digest}");
                }
            }
        }
    }
}

#[test]
fn released_files_are_the_bytes_that_the_index_names() {
    for (mt, digests) in index() {
        for digest in digests {
            let folder = folder().join(mt.replace('/', "."));
            let bytes = std::fs::read(folder.join(format!("{}.json", &digest[..12]))).unwrap();
            assert_eq!(sha256_hex(&bytes), digest, "{mt}");
        }
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha2::Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, b| text + &format!("{b:02x}"))
}

/// Writes the current schemas as a release: `cargo test --test schemas release_now -- --ignored`.
#[test]
#[ignore = "writes schemas/released; run when a release is made"]
fn release_now() {
    for file in release_files(&registry(), &index()) {
        let path = folder().join(file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.text).unwrap();
    }
}

#[test]
fn a_release_adds_what_changed_and_nothing_twice() {
    let registry = registry();
    let first = release_files(&registry, &BTreeMap::new());
    assert_eq!(first.len(), registry.documents().len() + 1);
    let last = first.last().unwrap();
    assert_eq!(last.path, "index.json");
    let index = serde_json::from_str(&last.text).unwrap();
    assert_eq!(release_files(&registry, &index).len(), 1, "only the index again");
}

#[test]
fn the_release_before_is_accepted_and_older_ones_are_not() {
    const TEXT: &str = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema",
                           "$id": "urn:ydt:schema:sample:1", "type": "object"}"#;
    let uri = "urn:ydt:schema:sample:1";
    let source = Source { mt: "sample/1", uri, role: Role::Message, text: TEXT };
    let (old, before) = ([1_u8; 32], [2_u8; 32]);
    let own = sha256_hex(TEXT.as_bytes());
    // The current schema may or may not be released already.
    for list in [vec![hex(&old), hex(&before)], vec![hex(&old), hex(&before), own]] {
        let index = json!({ "sample/1": list }).to_string();
        let registry = Registry::from_sources(&[source], &index).unwrap();
        let schema = registry.get("sample/1").unwrap();
        assert!(schema.accepts_pin(uri, &schema.document.sha256));
        assert!(schema.accepts_pin(uri, &before));
        assert!(!schema.accepts_pin(uri, &old));
    }
}

fn base() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:ydt:schema:sample:1",
        "title": "样例 / Sample",
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[a-z]+$" },
            "kind": { "enum": ["a", "b"] },
            "sum": { "type": "integer", "minimum": 0, "maximum": 9 },
            "day": { "type": "string", "format": "date" },
            "list": { "type": "array", "minItems": 1, "maxItems": 4, "items": { "const": "x" } },
            "who": { "$ref": "urn:ydt:schema:common:1#/$defs/operator" },
            "open": { "type": "object" }
        },
        "$defs": { "line": { "type": "string", "maxLength": 4 } },
        "not": { "required": ["never"] }
    })
}

/// `base()` with `value` at `pointer`; `null` removes what is there.
fn changed(pointer: &str, value: Value) -> Value {
    let mut schema = base();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = schema.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(key);
    } else {
        parent.insert(key.to_owned(), value);
    }
    schema
}

#[test]
fn each_kind_of_break_is_seen() {
    use Break as B;
    let cases = [
        ("/$id", json!("urn:ydt:schema:sample:2"), B::ChangedIdentity),
        ("/properties/kind", Value::Null, B::RemovedProperty),
        ("/$defs/line", Value::Null, B::RemovedDefinition),
        ("/$defs/line/maxLength", json!(3), B::TightenedLimit),
        ("/required", json!(["name", "kind"]), B::NewlyRequired),
        ("/properties/name/type", json!("integer"), B::NarrowedType),
        ("/properties/kind/type", json!("string"), B::NarrowedType),
        ("/properties/kind/enum", json!(["a"]), B::NarrowedValues),
        ("/properties/kind/enum", json!(["a", "c"]), B::NarrowedValues),
        ("/properties/name/enum", json!(["a"]), B::NarrowedValues),
        ("/properties/list/items/const", json!("y"), B::NarrowedValues),
        ("/properties/name/maxLength", json!(7), B::TightenedLimit),
        ("/properties/name/minLength", json!(2), B::TightenedLimit),
        ("/properties/day/maxLength", json!(10), B::TightenedLimit),
        ("/properties/sum/maximum", json!(8), B::TightenedLimit),
        ("/properties/sum/minimum", json!(1), B::TightenedLimit),
        ("/properties/list/maxItems", json!(3), B::TightenedLimit),
        ("/properties/list/minItems", json!(2), B::TightenedLimit),
        ("/properties/list/uniqueItems", json!(true), B::TightenedLimit),
        ("/properties/open/minProperties", json!(1), B::TightenedLimit),
        ("/properties/open/maxProperties", json!(9), B::TightenedLimit),
        ("/properties/name/pattern", json!("^[a-y]+$"), B::ChangedPattern),
        ("/properties/day/pattern", json!("^2"), B::ChangedPattern),
        ("/properties/day/format", json!("date-time"), B::ChangedFormat),
        ("/properties/name/format", json!("date"), B::ChangedFormat),
        ("/properties/who/$ref", json!("#/$defs/line"), B::ChangedReference),
        ("/properties/who/$ref", Value::Null, B::ChangedReference),
        ("/properties/open/additionalProperties", json!(false), B::Closed),
        ("/properties/open/properties", json!({"x": {"type": "string"}}), B::ChangedRule),
        ("/additionalProperties", Value::Null, B::Opened),
        ("/properties/name", json!(false), B::ChangedRule),
        ("/not", json!({ "required": ["name"] }), B::ChangedRule),
        ("/allOf", json!([{ "required": ["kind"] }]), B::ChangedRule),
        ("/properties/sum/multipleOf", json!(3), B::ChangedRule),
    ];
    for (pointer, value, expected) in cases {
        let breaks = compat(&base(), &changed(pointer, value));
        let all: Vec<_> = breaks.iter().map(|b| b.what).collect();
        assert!(all.contains(&expected), "{pointer}: {all:?}, expected {expected:?}");
    }
}

#[test]
fn branches_that_a_constant_tells_apart_may_grow() {
    let branch = |kind: &str, max: u32| {
        json!({
            "type": "object", "additionalProperties": false, "required": ["kind", "n"],
            "properties": {
                "kind": { "const": kind }, "n": { "type": "integer", "maximum": max }
            },
        })
    };
    let breaks = |old: Value, new: Value| {
        let found = compat(&json!({ "oneOf": old }), &json!({ "oneOf": new }));
        found.into_iter().map(|b| (b.pointer, b.what)).collect::<Vec<_>>()
    };
    let old = json!([branch("a", 9), branch("b", 9)]);
    assert_eq!(breaks(old.clone(), json!([branch("c", 9), branch("b", 9), branch("a", 9)])), []);
    let tighter = breaks(old.clone(), json!([branch("a", 9), branch("b", 8), branch("c", 9)]));
    let place = "/oneOf/1/properties/n/maximum".to_owned();
    assert_eq!(tighter, [(place, Break::TightenedLimit)]);
    let rule = [("/oneOf".to_owned(), Break::ChangedRule)];
    assert_eq!(breaks(old.clone(), json!([branch("a", 9), branch("c", 9)])), rule, "one is gone");
    assert_eq!(breaks(old.clone(), json!([branch("a", 9), branch("b", 9), branch("b", 5)])), rule);
    let mut free = branch("c", 9);
    free["required"] = json!(["n"]);
    assert_eq!(breaks(old, json!([branch("a", 9), branch("b", 9), free])), rule, "not required");
}

#[test]
fn a_renamed_member_is_two_breaks() {
    let mut new = base();
    let properties = new["properties"].as_object_mut().unwrap();
    let name = properties.remove("name").unwrap();
    properties.insert("full_name".to_owned(), name);
    new["required"] = json!(["full_name"]);
    let all: Vec<_> = compat(&base(), &new).into_iter().map(|b| (b.pointer, b.what)).collect();
    assert!(all.contains(&("/properties/name".to_owned(), Break::RemovedProperty)));
    assert!(all.contains(&("/properties/full_name".to_owned(), Break::NewlyRequired)));
}

#[test]
fn harmless_changes_are_let_through() {
    let cases = [
        ("/title", json!("另一标题 / Another title")),
        ("/properties/name/description", json!("说明 / Words")),
        ("/properties/name/examples", json!(["abc"])),
        ("/properties/note", json!({ "type": "string", "maxLength": 9 })),
        ("/$defs/more", json!({ "type": "string" })),
        ("/required", json!([])),
        ("/properties/kind/enum", json!(["a", "b", "c"])),
        ("/properties/name/maxLength", json!(9)),
        ("/properties/name/minLength", json!(0)),
        ("/properties/name/pattern", Value::Null),
        ("/properties/day/format", Value::Null),
        ("/properties/sum/maximum", json!(10)),
        ("/properties/list/maxItems", json!(5)),
        ("/properties/list/uniqueItems", json!(false)),
        ("/properties/name/type", json!(["string", "integer"])),
    ];
    for (pointer, value) in cases {
        assert_eq!(compat(&base(), &changed(pointer, value)), vec![], "{pointer}");
    }
    assert_eq!(compat(&base(), &base()), vec![]);
}

#[test]
fn alternatives_told_apart_by_their_member_may_be_added_and_not_removed() {
    let one = |name: &str| {
        json!({
            "type": "object", "additionalProperties": false, "required": [name],
            "properties": { name: { "type": "string" } }
        })
    };
    let of = |alternatives: &[&Value]| json!({ "oneOf": alternatives });
    let (a, b) = (&one("a"), &one("b"));
    let open = &json!({ "type": "object", "required": ["b"] });
    let rows = [
        (of(&[a]), of(&[a, b]), true),
        (of(&[a, b]), of(&[b, a]), true),
        (of(&[a, b]), of(&[a]), false),
        (of(&[a]), of(&[a, open]), false),
        (of(&[a]), of(&[a, a]), false),
        (json!({}), of(&[a]), false),
    ];
    for (old, new, harmless) in rows {
        assert_eq!(compat(&old, &new).is_empty(), harmless, "{old} {new}");
    }
}
