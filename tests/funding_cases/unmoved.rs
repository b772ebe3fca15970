//! What leaves every case as it is: facts of somebody else, another order of the same facts, asking again.

use serde_json::Value;
use talent_gateway::domain::funding::case_file::CaseFile;

use super::{cases, run};

/// Facts of another case, under labels of their own: somebody else's.
fn of_somebody_else(case: &CaseFile) -> CaseFile {
    let mut value = serde_json::to_value(case).unwrap();
    rename(&mut value);
    serde_json::from_value(value).unwrap()
}

fn rename(value: &mut Value) {
    const LABELS: [&str; 5] = ["subject", "subjects", "employer", "object", "grant"];
    match value {
        Value::Object(members) => {
            // In a qualification it is the kind of object and no label.
            let is_kind = members.contains_key("scheme");
            for (key, member) in members.iter_mut() {
                let label = LABELS.contains(&key.as_str()) && !(is_kind && key == "object");
                // A project is found by its number alone.
                if key == "project"
                    && let Some(Value::String(s)) = member.get_mut("number")
                {
                    s.push_str("999");
                }
                match member {
                    Value::String(s) if label => s.push_str(" (other)"),
                    Value::Array(items) if label => {
                        let texts = items.iter_mut().filter(|item| item.is_string());
                        texts.for_each(|s| *s = format!("{} (other)", s.as_str().unwrap()).into());
                    }
                    other => rename(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(rename),
        _ => {}
    }
}

/// The same case with the facts of a stranger among its own.
fn among(case: &CaseFile, stranger: CaseFile) -> CaseFile {
    let mut mixed = case.clone();
    mixed.records.extend(stranger.records);
    mixed.grants.extend(stranger.grants);
    mixed.holds.extend(stranger.holds);
    mixed.links.extend(stranger.links);
    mixed.sanctions.extend(stranger.sanctions);
    mixed.policies.extend(stranger.policies);
    mixed
}

/// Another order, the same items; `turn` orders differ.
fn turn<T>(items: &mut [T], turn: usize) {
    if !items.is_empty() {
        items.reverse();
        let n = items.len();
        items.rotate_left(turn % n);
    }
}

fn turned(case: &CaseFile, by: usize) -> CaseFile {
    let mut turned = case.clone();
    turn(&mut turned.records, by);
    turn(&mut turned.grants, by);
    turn(&mut turned.holds, by);
    turn(&mut turned.links, by);
    turn(&mut turned.sanctions, by);
    turn(&mut turned.districts, by);
    turn(&mut turned.policies, by);
    for grant in &mut turned.grants {
        turn(&mut grant.payments, by);
        turn(&mut grant.recoveries, by);
        turn(&mut grant.grant.terms.objects, by);
    }
    for step in &mut turned.steps {
        turn(&mut step.application.case_facts, by);
        turn(&mut step.application.terms.objects, by);
    }
    turned
}

#[test]
fn facts_of_somebody_else_change_nothing() {
    let all = cases();
    for (i, (name, case)) in all.iter().enumerate() {
        // Each case meets another one from afar, so that the strangers are of all kinds.
        let (other, stranger) = &all[(i * 7 + all.len() / 2) % all.len()];
        let mixed = among(case, of_somebody_else(stranger));
        assert_eq!(run(mixed), run(case.clone()), "{name} beside {other}");
    }
}

#[test]
fn the_order_of_facts_changes_nothing() {
    for (i, (name, case)) in cases().iter().enumerate() {
        assert_eq!(run(turned(case, i % 5)), run(case.clone()), "{name}");
    }
}

#[test]
fn the_same_facts_give_the_same_answer() {
    for (name, case) in cases() {
        let text = serde_json::to_string(&case).unwrap();
        let again: CaseFile = serde_json::from_str(&text).unwrap();
        assert_eq!(again, case, "{name} does not read back");
        assert_eq!(run(again), run(case), "{name}");
    }
}
