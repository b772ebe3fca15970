//! One carrier per fact: the table in code against schemas, catalogue, case files and `docs/facts.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::carriers::{Carrier, FACTS, is_case_fact, table};
use talent_gateway::domain::funding::message::Criterion;
use talent_gateway::schema::Registry;

use super::cases;

#[test]
fn every_rule_needs_facts_and_every_fact_has_one_carrier() {
    let mut names = BTreeMap::new();
    let mut codes = BTreeSet::new();
    for fact in FACTS {
        let other = names.insert(fact.fact, fact.carrier);
        assert_eq!(other, None, "{} has two carriers", fact.fact);
        assert!(fact.rules.is_sorted() && !fact.rules.is_empty(), "{}", fact.fact);
        let code = match fact.carrier {
            Carrier::Case(code) => Some(code),
            _ => fact.stand_in,
        };
        if let Some(code) = code {
            assert!(codes.insert(code), "case fact {code} carries two facts");
        }
    }
    for rule in 1..=35 {
        assert!(FACTS.iter().any(|f| f.rules.contains(&rule)), "R{rule:02} needs no fact");
    }
}

fn schema(registry: &Registry, mt: &str) -> Value {
    let document = registry.document(mt).unwrap_or_else(|| panic!("no schema {mt}"));
    serde_json::from_str(document.text).unwrap()
}

/// Follows `path` through the members of a schema, its definitions and those of other schemas.
fn has_member(registry: &Registry, mt: &str, path: &str) -> bool {
    let mut root = schema(registry, mt);
    let mut at = root.clone();
    for name in path.split('/') {
        if let Some((other, definition)) =
            at["$ref"].as_str().and_then(|r| r.split_once("#/$defs/"))
        {
            if let Some(uri) = other.strip_prefix("urn:ydt:schema:") {
                root = schema(registry, &uri.replace(':', "/"));
            }
            at = root["$defs"][definition].clone();
        }
        at = at["properties"][name].clone();
    }
    !at.is_null()
}

#[test]
fn every_carrier_is_a_member_of_its_message() {
    let registry = Registry::load().unwrap();
    for fact in FACTS {
        let Carrier::Message(mt, path) = fact.carrier else { continue };
        assert!(has_member(&registry, mt, path), "{}: {mt} has no {path}", fact.fact);
    }
}

#[test]
fn no_case_fact_is_unknown_and_none_is_listed_in_vain() {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for policy in &Catalogue::embedded().unwrap().policies {
        used.extend(policy.conditions.iter().map(|c| c.fact.clone()));
        let criteria = policy.class.as_ref().and_then(|c| c.criteria.as_ref());
        let criteria = criteria.into_iter().chain(&policy.target);
        for criterion in criteria.flat_map(|c| &c.grounds).flat_map(|g| &g.all) {
            match criterion {
                Criterion::Fact { fact } | Criterion::AtLeast { fact, .. } => {
                    used.insert(fact.clone());
                }
                Criterion::FactOnDates { fact, dates, .. } => {
                    used.extend(dates.iter().map(|d| format!("{fact}-on-{d}")));
                }
                Criterion::Education { .. }
                | Criterion::Title { .. }
                | Criterion::Certified { .. }
                | Criterion::Engaged {} => {}
            }
        }
    }
    for (_, case) in cases() {
        let applications = case.steps.into_iter().map(|s| s.application);
        used.extend(applications.flat_map(|a| a.case_facts).map(|f| f.code));
    }
    let unknown: Vec<&String> = used.iter().filter(|code| !is_case_fact(code)).collect();
    assert!(unknown.is_empty(), "unknown case facts {unknown:?}");
    let listed = FACTS.iter().filter_map(|f| match f.carrier {
        Carrier::Case(code) => Some(code),
        _ => f.stand_in,
    });
    let in_vain: Vec<&str> = listed.filter(|code| !used.contains(*code)).collect();
    assert!(in_vain.is_empty(), "no condition or case uses {in_vain:?}");
}

#[test]
fn the_document_holds_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(root.join("docs/facts.md")).unwrap_or_default();
    if !document.ends_with(&table()) {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("facts-table.md");
        std::fs::write(&made, table()).unwrap();
        panic!("docs/facts.md does not end with {}", made.display());
    }
}
