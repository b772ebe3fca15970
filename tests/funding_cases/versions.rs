//! A rule whose outcomes change gets a new version. `versions.json` keeps, for each rule at its version,
//! a digest of what it finds in each case, and a digest of each case's facts: where the facts are the
//! same and a finding is not, the version in `domain::funding::rules` must be raised.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use talent_gateway::domain::funding::case_file::CaseFile;
use talent_gateway::domain::funding::id::RuleId;
use talent_gateway::domain::funding::rule_version::version_of;
use talent_gateway::jws::Digest;

use super::{cases, run};

/// Letters of a digest that are kept; a slip among a few hundred is still found.
const LETTERS: usize = 12;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Table {
    /// Digest of each case's facts and applications, without what it expects.
    cases: BTreeMap<String, String>,
    rules: BTreeMap<RuleId, Outcomes>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Outcomes {
    version: u32,
    /// Digest of what the rule finds, by case; cases in which it finds nothing are left out.
    findings: BTreeMap<String, String>,
}

fn digest(value: &Value) -> String {
    Digest::of(value.to_string()).to_string().chars().take(LETTERS).collect()
}

fn facts_of(case: &CaseFile) -> Value {
    let mut value = serde_json::to_value(case).unwrap();
    for member in ["id", "title", "shows"] {
        value.as_object_mut().unwrap().remove(member);
    }
    for step in value["steps"].as_array_mut().unwrap() {
        step.as_object_mut().unwrap().remove("expect");
    }
    value
}

fn computed() -> Table {
    let rule = |n: u8| {
        (
            RuleId::new(n),
            Outcomes { version: version_of(RuleId::new(n)), findings: BTreeMap::new() },
        )
    };
    let mut table = Table { cases: BTreeMap::new(), rules: (1..=35).map(rule).collect() };
    for (name, case) in cases() {
        table.cases.insert(name.clone(), digest(&facts_of(&case)));
        let mut found: BTreeMap<RuleId, Vec<Value>> = BTreeMap::new();
        for (step, assessment) in run(case).into_iter().enumerate() {
            for finding in assessment.findings {
                let mut value = serde_json::to_value(&finding).unwrap();
                value.as_object_mut().unwrap().remove("rule_version");
                found.entry(finding.rule).or_default().push(json!([step, value]));
            }
        }
        for (rule, findings) in found {
            let outcomes = table.rules.get_mut(&rule).unwrap();
            outcomes.findings.insert(name.clone(), digest(&json!(findings)));
        }
    }
    table
}

#[test]
fn a_rule_whose_outcomes_change_has_a_new_version() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept = std::fs::read_to_string(root.join("tests/funding_cases/versions.json"));
    let kept: Option<Table> = kept.ok().map(|text| serde_json::from_str(&text).unwrap());
    let now = computed();
    if kept.as_ref() == Some(&now) {
        return;
    }
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("versions.json");
    std::fs::write(&made, serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
    let changed = kept.iter().flat_map(|kept| changed(kept, &now)).collect::<Vec<_>>();
    assert!(
        changed.is_empty(),
        "raise the version in src/domain/funding/rule_version.rs of: {changed:?}"
    );
    panic!("cases or versions are new: copy {} over tests/funding_cases", made.display());
}

/// Rules that find something else on the same facts at the same version, with the first such case.
fn changed(kept: &Table, now: &Table) -> Vec<(RuleId, String)> {
    let same: Vec<&String> = kept
        .cases
        .iter()
        .filter(|(name, facts)| now.cases.get(*name) == Some(facts))
        .map(|(name, _)| name)
        .collect();
    let differs = |(rule, before): (&RuleId, &Outcomes)| {
        let after = now.rules.get(rule)?;
        let case = same.iter().find(|n| before.findings.get(**n) != after.findings.get(**n))?;
        (before.version == after.version).then(|| (*rule, (*case).clone()))
    };
    kept.rules.iter().filter_map(differs).collect()
}

#[test]
fn a_change_without_a_new_version_is_noticed() {
    let kept = computed();
    let mut now = computed();
    let rule = RuleId::new(13);
    let outcomes = now.rules.get_mut(&rule).unwrap();
    let case = outcomes.findings.keys().next().unwrap().clone();
    outcomes.findings.insert(case.clone(), "other".to_owned());
    assert_eq!(changed(&kept, &now), [(rule, case.clone())]);
    now.rules.get_mut(&rule).unwrap().version += 1;
    assert_eq!(changed(&kept, &now), []);
    now.rules.get_mut(&rule).unwrap().version -= 1;
    now.cases.insert(case, "other facts".to_owned());
    assert_eq!(changed(&kept, &now), []);
}
