//! Every case of `tests/cases` against the rules of the catalogue, and what holds for all of them.

use std::path::Path;

use proptest::prelude::*;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::explain;
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::case_file::{CaseFile, Step};
use talent_gateway::domain::funding::facts::Facts;
use talent_gateway::domain::funding::finding::{Assessment, Verdict};
use talent_gateway::domain::text::Language;

fn cases() -> Vec<(String, CaseFile)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<(String, CaseFile)> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let case = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, case)
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

fn load(case: CaseFile) -> (Facts, Vec<Step>) {
    let mut facts = Facts::default();
    Catalogue::embedded().unwrap().fill(&mut facts);
    let steps = case.load(&mut facts);
    (facts, steps)
}

fn run(case: CaseFile) -> Vec<Assessment> {
    let (facts, steps) = load(case);
    steps.iter().map(|s| assess(&facts, &s.application, s.as_of)).collect()
}

#[test]
fn every_case_comes_out_as_its_article_says() {
    let mut failures = Vec::new();
    let mut judged = 0;
    for (name, case) in cases() {
        assert!(name.starts_with(&format!("{}-", case.id)), "{name} is not case {}", case.id);
        let (facts, steps) = load(case);
        for step in steps {
            let assessment = assess(&facts, &step.application, step.as_of);
            let expect = step.expect.unwrap_or_else(|| panic!("{name} expects nothing"));
            let silent = expect.verdict == Verdict::Clear;
            assert!(silent || !expect.citations.is_empty(), "{name} names no article");
            judged += 1;
            let differences = expect.differences(&assessment);
            failures.extend(differences.iter().map(|d| format!("{name} ({}): {d}", step.name)));
        }
    }
    assert!(judged >= 40, "only {judged} applications were judged");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn no_finding_without_a_clause() {
    for (name, case) in cases() {
        for finding in run(case).into_iter().flat_map(|a| a.findings) {
            let cited = finding.citations.first().expect("a clause");
            assert!(!cited.article.is_empty() && !cited.document.is_empty(), "{name}");
        }
    }
}

#[test]
fn findings_read_in_both_languages_and_refer_names_a_contact() {
    for (name, case) in cases() {
        for finding in run(case).into_iter().flat_map(|a| a.findings) {
            let zh = explain::explain(&finding, Language::Zh);
            let en = explain::explain(&finding, Language::En);
            let article = &finding.citations.first().expect("a clause").article;
            assert!(zh.contains(article) && en.contains(article), "{name}: {zh}");
            if finding.outcome == Verdict::Refer {
                assert!(zh.contains("请联系") && en.contains("Contact"), "{name}: {zh}");
            }
        }
    }
}

#[test]
fn an_uncovered_district_is_a_gap_and_at_least_refer() {
    for (name, mut case) in cases() {
        let before = run(case.clone());
        case.districts.last_mut().expect("a district").covered = false;
        for (was, is) in before.iter().zip(run(case)) {
            assert!(is.verdict >= Verdict::Refer.max(was.verdict), "{name}");
            assert_eq!(is.findings, was.findings, "{name}: a gap is no finding");
            assert!(is.missing.iter().any(|m| m.what == "coverage"), "{name}");
        }
    }
}

#[test]
fn explanations_agree_with_the_catalogue_on_who_decides() {
    for question in &Catalogue::embedded().unwrap().questions {
        assert_eq!(explain::authority(question.id), question.authority, "{}", question.id);
    }
}

/// Facts of another case, under labels of their own: somebody else's.
fn of_somebody_else(case: &CaseFile) -> CaseFile {
    let renamed = |mut value: serde_json::Value| {
        fn walk(value: &mut serde_json::Value) {
            match value {
                serde_json::Value::Object(members) => {
                    for (key, member) in members.iter_mut() {
                        let label = matches!(
                            key.as_str(),
                            "subject" | "subjects" | "employer" | "object" | "grant"
                        );
                        match member {
                            serde_json::Value::String(s) if label => s.push_str(" (other)"),
                            serde_json::Value::Array(items) if label => {
                                for item in items {
                                    if let serde_json::Value::String(s) = item {
                                        s.push_str(" (other)");
                                    }
                                }
                            }
                            other => walk(other),
                        }
                    }
                }
                serde_json::Value::Array(items) => items.iter_mut().for_each(walk),
                _ => {}
            }
        }
        walk(&mut value);
        value
    };
    let value = renamed(serde_json::to_value(case).unwrap());
    serde_json::from_value(value).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unrelated_facts_and_the_order_of_facts_change_nothing(
        which in 0_usize..1000,
        other in 0_usize..1000,
        turn in 0_usize..8,
    ) {
        let all = cases();
        let (_, case) = &all[which % all.len()];
        let stranger = of_somebody_else(&all[other % all.len()].1);
        let mut mixed = case.clone();
        mixed.records.extend(stranger.records);
        mixed.grants.extend(stranger.grants);
        mixed.links.extend(stranger.links);
        mixed.sanctions.extend(stranger.sanctions);
        mixed.policies.extend(stranger.policies);
        fn shuffle<T>(items: &mut [T], turn: usize) {
            if !items.is_empty() {
                items.reverse();
                let n = items.len();
                items.rotate_left(turn % n);
            }
        }
        shuffle(&mut mixed.records, turn);
        shuffle(&mut mixed.grants, turn);
        shuffle(&mut mixed.links, turn);
        shuffle(&mut mixed.sanctions, turn);
        shuffle(&mut mixed.districts, turn);
        for step in &mut mixed.steps {
            shuffle(&mut step.application.case_facts, turn);
        }
        let (before, after) = (run(case.clone()), run(mixed));
        prop_assert_eq!(before, after);
    }
}
