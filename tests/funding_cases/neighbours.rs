//! A boundary is where one step makes a difference. `neighbours.json` names, for each rule, a boundary case,
//! one value of it, the value one step beside it (a day, a month, a fen, a point, one more or less), and
//! what the rule finds in either. A case that calls itself a boundary and finds the same on both sides of
//! the step is none.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::case_file::CaseFile;
use talent_gateway::domain::funding::finding::{Finding, Label};
use talent_gateway::domain::funding::id::RuleId;
use talent_gateway::domain::time::Month;

use super::{case_files, load};

/// One step over a boundary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Neighbour {
    rule: RuleId,
    case: String,
    /// The application that is judged.
    step: String,
    /// The value, as a pointer into the case.
    at: String,
    /// What stands there.
    is: Value,
    /// What stands one step beside it.
    beside: Value,
    /// What the rule finds in the case.
    finds: Vec<String>,
    /// What it finds beside it.
    then: Vec<String>,
}

fn neighbours() -> Vec<Neighbour> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("tests/funding_cases/neighbours.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn file(name: &str) -> Value {
    let is_it = |path: &&std::path::PathBuf| path.file_stem().is_some_and(|stem| stem == name);
    let files = case_files(&["", "own", "reader"]);
    let path = files.iter().find(is_it).unwrap_or_else(|| panic!("no case {name}"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Are two values one step apart? Numbers written within a name are numbers.
fn is_one_step(a: &Value, b: &Value) -> bool {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        return a.abs_diff(b) == 1;
    }
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else { return false };
    if let (Ok(a), Ok(b)) = (a.parse::<Date>(), b.parse::<Date>()) {
        return a.tomorrow().is_ok_and(|next| next == b)
            || b.tomorrow().is_ok_and(|next| next == a);
    }
    if let (Ok(a), Ok(b)) = (a.parse::<Month>(), b.parse::<Month>()) {
        return a.plus(1) == b || b.plus(1) == a;
    }
    let number = |text: &str| -> Option<(String, i64)> {
        let at = text.find(|c: char| c.is_ascii_digit())?;
        Some((text[..at].to_owned(), text[at..].parse().ok()?))
    };
    number(a).zip(number(b)).is_some_and(|((a, n), (b, m))| a == b && n.abs_diff(m) == 1)
}

/// What a finding says, for comparing: outcome, reason, months, the sum payable, and the grants it rests on.
fn told(finding: &Finding) -> String {
    let mut told = vec![word(&finding.outcome), word(&finding.reason)];
    told.extend(finding.months.map(|m| format!("{}..{}", m.first, m.last)));
    told.extend(finding.step(Label::PayableFen).map(|fen| format!("{fen} fen")));
    let grants = finding.evidence.iter().filter(|e| e.what == "grant").map(|e| e.id.as_str());
    let grants: Vec<&str> = grants.collect();
    told.extend((!grants.is_empty()).then(|| format!("({})", grants.join(", "))));
    told.join(" ")
}

/// A value as it stands in JSON, where that is a word.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn found(case: &Value, step: &str, rule: RuleId) -> Vec<String> {
    let case: CaseFile = serde_json::from_value(case.clone()).unwrap();
    let refused = Catalogue::embedded().unwrap().check_case(&case);
    assert_eq!(refused, [], "{}: it could not stand in the log", case.id);
    let (facts, steps) = load(case);
    let step = steps.iter().find(|s| s.name == step).unwrap_or_else(|| panic!("no step {step}"));
    let assessment = assess(&facts, &step.application, step.as_of);
    let told: BTreeSet<String> = assessment.by_rule(rule).map(told).collect();
    told.into_iter().collect()
}

#[test]
fn every_rule_finds_something_else_one_step_beside_its_boundary() {
    let (mut shown, mut failures) = (BTreeSet::new(), Vec::new());
    for row in neighbours() {
        let what = format!("{} {} {}", row.rule, row.case, row.at);
        let case = file(&row.case);
        let label = format!("{}-bound", row.rule);
        let labels = case["shows"].as_array().unwrap_or_else(|| panic!("{what}: no labels"));
        assert!(labels.iter().any(|l| *l == label), "{what}: it does not call itself {label}");
        assert_eq!(case.pointer(&row.at), Some(&row.is), "{what}");
        assert!(is_one_step(&row.is, &row.beside), "{what}: {} is no step", row.beside);
        let mut beside = case.clone();
        *beside.pointer_mut(&row.at).unwrap() = row.beside.clone();
        let (here, there) =
            (found(&case, &row.step, row.rule), found(&beside, &row.step, row.rule));
        if (&here, &there) != (&row.finds, &row.then) {
            failures.push(format!("{what}: finds {here:?}, then {there:?}"));
        }
        assert_ne!(here, there, "{what}: no boundary");
        shown.insert(row.rule);
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let lacking: Vec<RuleId> =
        (1..=35).map(RuleId::new).filter(|rule| !shown.contains(rule)).collect();
    assert!(lacking.is_empty(), "no step over a boundary of {lacking:?}");
}

#[test]
fn a_step_is_a_day_a_month_or_one() {
    let json = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    for (a, b, step) in [
        (r#""2024-02-29""#, r#""2024-03-01""#, true),
        (r#""2024-02-28""#, r#""2024-03-01""#, false),
        (r#""2023-12""#, r#""2024-01""#, true),
        (r#""2023-12""#, r#""2024-02""#, false),
        ("300000", "300001", true),
        ("300000", "300000", false),
        ("300000", "300002", false),
        (r#""示例-2""#, r#""示例-3""#, true),
        (r#""示例-2""#, r#""某例-3""#, false),
        (r#""yes""#, r#""no""#, false),
        ("true", "false", false),
    ] {
        assert_eq!(is_one_step(&json(a), &json(b)), step, "{a} {b}");
        assert_eq!(is_one_step(&json(b), &json(a)), step, "{b} {a}");
    }
}
