//! `boon`, a validator that shares no code with ours, gives the same verdict on every example and
//! on thousands of mutations of them.

use boon::{Compiler, Draft, Format, SchemaIndex, Schemas};
use serde_json::{Value, json};
use talent_gateway::schema::{Registry, is_region_code};

use super::{all_examples, registry, value};

struct Referee {
    compiler: Compiler,
    schemas: Schemas,
}

impl Referee {
    fn new(registry: &Registry) -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.register_format(Format {
            name: "region-code",
            func: |v| match v.as_str() {
                Some(s) if !is_region_code(s) => Err("no region code".into()),
                _ => Ok(()),
            },
        });
        for document in registry.documents() {
            compiler.add_resource(document.uri, value(document.text)).unwrap();
        }
        Self { compiler, schemas: Schemas::new() }
    }

    fn schema(&mut self, uri: &str) -> SchemaIndex {
        self.compiler.compile(uri, &mut self.schemas).unwrap()
    }
}

#[test]
fn two_validators_give_one_verdict() {
    let registry = registry();
    let mut referee = Referee::new(&registry);
    let (mut accepted, mut refused) = (0, 0);
    for (mt, schema, example) in all_examples(&registry) {
        let ours = registry.get(mt).unwrap();
        let theirs = referee.schema(schema["$id"].as_str().unwrap());
        assert!(referee.schemas.validate(&example, theirs).is_ok(), "{mt}: the example");
        for (what, mutant) in mutations(&example) {
            let verdict = ours.validate(&mutant).is_ok();
            let other = referee.schemas.validate(&mutant, theirs).is_ok();
            assert_eq!(verdict, other, "{mt} {what}");
            *(if verdict { &mut accepted } else { &mut refused }) += 1;
        }
    }
    assert!(refused > 2_000 && accepted > 100, "{refused} refused, {accepted} accepted");
}

/// Shared definitions are no message, so each is held against its own examples.
#[test]
fn shared_definitions_accept_their_examples() {
    let registry = registry();
    let mut referee = Referee::new(&registry);
    let common = value(registry.document("common/1").unwrap().text);
    for (name, definition) in common["$defs"].as_object().unwrap() {
        let theirs = referee.schema(&format!("urn:ydt:schema:common:1#/$defs/{name}"));
        for example in definition["examples"].as_array().unwrap() {
            let verdict = referee.schemas.validate(example, theirs);
            assert!(verdict.is_ok(), "{name}: {verdict:?}");
        }
    }
}

#[test]
fn unknown_and_missing_members_are_refused_everywhere() {
    let registry = registry();
    for (mt, schema, example) in all_examples(&registry) {
        let ours = registry.get(mt).unwrap();
        for (what, mutant) in mutations(&example) {
            if what.ends_with(" unknown member") {
                assert!(ours.validate(&mutant).is_err(), "{mt} {what}");
            }
        }
        for name in schema["required"].as_array().unwrap() {
            let mut mutant = example.clone();
            mutant.as_object_mut().unwrap().remove(name.as_str().unwrap());
            assert!(ours.validate(&mutant).is_err(), "{mt} without {name}");
        }
    }
}

/// Every place of `example` changed in every way that tends to go wrong, one change at a time.
pub fn mutations(example: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    pointers(example, String::new(), &mut places);
    let mut all = Vec::new();
    for place in places {
        let here = example.pointer(&place).unwrap();
        for (what, changed) in variants(here) {
            let mut mutant = example.clone();
            *mutant.pointer_mut(&place).unwrap() = changed;
            all.push((format!("{place} {what}"), mutant));
        }
    }
    all
}

fn pointers(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(name, v)| pointers(v, format!("{at}/{name}"), out));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| pointers(v, format!("{at}/{i}"), out));
        }
        _ => {}
    }
    out.push(at);
}

fn variants(value: &Value) -> Vec<(String, Value)> {
    let mut all: Vec<(String, Value)> =
        [json!(null), json!(true), json!(0), json!(-1), json!(7), json!(1.5), json!(1e300)]
            .into_iter()
            .chain([json!(9_007_199_254_740_992_u64), json!(""), json!("x"), json!([]), json!({})])
            .map(|v| (format!("as {v}"), v))
            .collect();
    let mut push = |what: &str, v: Value| all.push((what.to_owned(), v));
    match value {
        Value::Object(object) => {
            for name in object.keys() {
                let mut less = object.clone();
                less.remove(name);
                push(&format!("without {name}"), less.into());
            }
            let mut more = object.clone();
            more.insert("unknown".to_owned(), json!(1));
            push("unknown member", more.into());
        }
        Value::Array(items) => {
            for times in [2, 1_001] {
                let many: Vec<_> =
                    items.iter().cycle().take(items.len() * times).cloned().collect();
                push(&format!("{times} times"), many.into());
            }
        }
        Value::String(s) => texts(s).into_iter().for_each(|(what, t)| push(what, t.into())),
        Value::Number(n) => {
            let n = n.as_i64().unwrap_or_default();
            push("plus one", json!(n + 1));
            push("minus one", json!(n - 1));
        }
        _ => {}
    }
    all
}

fn texts(s: &str) -> Vec<(&'static str, String)> {
    let head: String = s.chars().take(s.chars().count().saturating_sub(1)).collect();
    vec![
        ("too long", s.repeat(600)),
        ("one more", format!("{s}a")),
        ("one less", head.clone()),
        ("last changed", format!("{head}9")),
        ("line feed", format!("{s}\n")),
        ("space", format!(" {s}")),
        ("nul", format!("{s}\0")),
        ("upper case", s.to_uppercase()),
        ("full-width", s.replace('1', "１")),
        ("beyond the BMP", format!("{s}𠮷")),
        ("private use", format!("{s}\u{e001}")),
        ("identity number", "11010519491231002X".to_owned()),
        ("hidden identity number", format!("{s}-11010519491231002x")),
        ("mobile number", format!("{s} 13800000000")),
        ("a month too far", s.replace("-03-", "-13-")),
        ("a day too far", s.replace("-03-01", "-02-29")),
        ("leap day", s.replace("2026-03-01", "2024-02-29")),
        ("far future", s.replace("2026", "9999")),
        ("compact date", s.replace('-', "")),
    ]
}
