//! `docs/cases.md` is enough to write a case: it names every part of the form, and for every rule a case
//! that shows it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use talent_gateway::catalogue::Catalogue;
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

/// `Q02 `separate` `shared`；`: questions, then the readings that each of them has.
#[test]
fn every_reading_that_is_named_is_one() {
    let document = document();
    let rulings = document.split("rulings that change an outcome：").nth(1).unwrap();
    let rulings = rulings.split("裁定和联合规则").next().unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let mut named = 0;
    for group in rulings.split(['；', '。']).filter(|group| group.contains('`')) {
        let (questions, readings) = group.split_once('`').unwrap();
        let readings: Vec<_> = readings.split(['`', ' ']).filter(|code| !code.is_empty()).collect();
        for question in questions.trim().split('、') {
            let has = &catalogue.question(question.parse().unwrap()).unwrap().readings;
            for reading in &readings {
                named += 1;
                assert!(has.iter().any(|r| r.code == *reading), "{question}: {reading}");
            }
        }
    }
    assert!(named > 10, "{named}");
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
