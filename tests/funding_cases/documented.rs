//! `docs/cases.md` is enough to write a case: it names every part of the form, and for every rule a case
//! that shows it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use talent_gateway::domain::explain;
use talent_gateway::domain::funding::id::RuleId;
use talent_gateway::domain::text::Language;
use talent_gateway::schema::Registry;

use super::{cases, run};

fn document() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join("docs/cases.md")).unwrap()
}

#[test]
fn every_rule_has_an_example_that_shows_it() {
    let (document, all) = (document(), cases());
    for n in 1..=35 {
        let rule = RuleId::new(n);
        let row = document.lines().find(|l| l.starts_with(&format!("| {rule} ")));
        let row = row.unwrap_or_else(|| panic!("no example of {rule}"));
        let link = row.split("](../tests/cases/").nth(1).and_then(|r| r.split_once(".json)"));
        let path = link.unwrap_or_else(|| panic!("{rule}: no link")).0;
        let name = path.rsplit('/').next().unwrap();
        let (_, case) = all.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{path}"));
        assert!(row.contains(&case.title.zh) && row.contains(&case.title.en), "{rule}: title");
        let shown = run(case.clone()).into_iter().find(|a| a.by_rule(rule).next().is_some());
        let shown = shown.unwrap_or_else(|| panic!("{name} does not show {rule}"));
        let outcome = explain::verdict(shown.verdict, Language::Zh);
        assert!(row.contains(outcome), "{rule}: comes out as {outcome}");
    }
}

/// Names of members of a schema, at any depth; those of policies and records are told elsewhere.
fn members(schema: &Value, out: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                out.extend(properties.keys().cloned());
            }
            map.iter().filter(|(k, _)| *k != "examples").for_each(|(_, v)| members(v, out));
        }
        Value::Array(items) => items.iter().for_each(|v| members(v, out)),
        _ => {}
    }
}

#[test]
fn every_member_of_the_form_is_named() {
    let registry = Registry::load().unwrap();
    let schema: Value = serde_json::from_str(registry.document("case/1").unwrap().text).unwrap();
    let mut names = BTreeSet::new();
    members(&schema, &mut names);
    assert!(names.len() > 100, "{names:?}");
    let document = document();
    let unnamed: Vec<_> = names.iter().filter(|n| !document.contains(&format!("`{n}`"))).collect();
    assert!(unnamed.is_empty(), "docs/cases.md does not name {unnamed:?}");
}
