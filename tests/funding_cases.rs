//! Every case of `tests/cases` against the rules of the catalogue, and what holds for all of them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail loudly")]

#[path = "funding_cases/adds_up.rs"]
mod adds_up;
#[path = "funding_cases/beneficiaries.rs"]
mod beneficiaries;
#[path = "funding_cases/cited.rs"]
mod cited;
#[path = "funding_cases/documented.rs"]
mod documented;
#[path = "funding_cases/facts.rs"]
mod facts;
#[path = "funding_cases/neighbours.rs"]
mod neighbours;
#[path = "funding_cases/own.rs"]
mod own;
#[path = "funding_cases/plans.rs"]
mod plans;
#[path = "funding_cases/points.rs"]
mod points;
#[path = "funding_cases/questions.rs"]
mod questions;
#[path = "funding_cases/refer.rs"]
mod refer;
#[path = "funding_cases/rulings.rs"]
mod rulings;
#[path = "funding_cases/sides.rs"]
mod sides;
#[path = "funding_cases/unmoved.rs"]
mod unmoved;
#[path = "funding_cases/versions.rs"]
mod versions;
#[path = "funding_cases/words.rs"]
mod words;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::explain;
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::case_facts;
use talent_gateway::domain::funding::case_file::{CaseFile, Step};
use talent_gateway::domain::funding::claim::conflicts;
use talent_gateway::domain::funding::facts::Facts;
use talent_gateway::domain::funding::finding::{Assessment, FindingClass, Reason, Verdict};
use talent_gateway::domain::funding::message::{
    Application, ApplicationKind, Beneficiary, NumberRef,
};
use talent_gateway::domain::funding::view::FundingView as _;
use talent_gateway::domain::subject::SubjectId;
use talent_gateway::domain::text::Language;
use talent_gateway::domain::time::MonthSpan;

/// The case files of some folders of `tests/cases`.
fn case_files(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|e| e == "json")).collect()
}

/// Every case, with those of the districts in `own` and `reader`, by the name of its file.
fn cases() -> Vec<(String, CaseFile)> {
    static CASES: LazyLock<Vec<(String, CaseFile)>> = LazyLock::new(|| {
        let read = |path: PathBuf| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let case = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, case)
        };
        let mut cases: Vec<_> = case_files(&["", "own", "reader"]).into_iter().map(read).collect();
        cases.sort_by(|a, b| a.0.cmp(&b.0));
        cases
    });
    CASES.clone()
}

/// How the name of the file of a case begins: `T09-`, or `qingpu-05-` for case `Qingpu05`.
fn prefix(id: &str) -> String {
    match id.find(|c: char| c.is_ascii_digit()) {
        Some(at) if at > 1 => format!("{}-{}-", id[..at].to_lowercase(), &id[at..]),
        _ => format!("{id}-"),
    }
}

fn load(case: CaseFile) -> (Facts, Vec<Step>) {
    static RULES: LazyLock<Facts> = LazyLock::new(|| {
        let mut facts = Facts::default();
        Catalogue::embedded().unwrap().fill(&mut facts);
        facts
    });
    let mut facts = RULES.clone();
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
        assert!(name.starts_with(&prefix(&case.id)), "{name} is not case {}", case.id);
        let (facts, steps) = load(case);
        for step in steps {
            let policy = facts.policy(&step.application.terms.policy);
            let known = case_facts::check(&step.application.case_facts, policy, "");
            assert_eq!(known, Ok(()), "{name}");
            let assessment = assess(&facts, &step.application, step.as_of);
            let expect = step.expect.unwrap_or_else(|| panic!("{name} expects nothing"));
            // What only lacks a fact has no finding, and so no clause.
            let silent = expect.verdict == Verdict::Clear || !expect.missing.is_empty();
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
fn every_case_could_stand_in_the_log() {
    let catalogue = Catalogue::embedded().unwrap();
    for (name, case) in cases() {
        assert_eq!(catalogue.check_case(&case), [], "{name}");
    }
}

/// A case takes no opposite facts of one sender, as the gate takes none.
#[test]
fn a_sender_has_one_word_about_a_fact_in_a_case() {
    let catalogue = Catalogue::embedded().unwrap();
    let path = "R12-bound-no-home-in-another-district.json";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let text = std::fs::read_to_string(folder.join(path)).unwrap();
    let case: serde_json::Value = serde_json::from_str(&text).unwrap();
    let is_fact = |r: &serde_json::Value| r["record"].get("fact").is_some();
    let at = case["records"].as_array().unwrap().iter().position(is_fact).unwrap();
    let found = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut case = case.clone();
        let mut other = case["records"][at].clone();
        let fact = &mut other["record"]["fact"];
        (fact["record"], fact["value"]) =
            (serde_json::json!("other"), serde_json::json!(!fact["value"].as_bool().unwrap()));
        change(&mut other);
        case["records"].as_array_mut().unwrap().push(other);
        let case: CaseFile = serde_json::from_value(case).unwrap();
        let found = catalogue.check_case(&case);
        found.iter().map(|r| (r.code, r.violations[0].pointer.clone())).collect::<Vec<_>>()
    };
    let last = case["records"].as_array().unwrap().len();
    let place = format!("/records/{last}/record/fact/value");
    assert_eq!(found(&|_| ()), [(Code::RecordContradiction, place)]);
    // What was revoked, what a leaked key signed, another's word and what was checked otherwise may differ.
    assert_eq!(found(&|r| r["state"] = serde_json::json!("revoked")), []);
    assert_eq!(found(&|r| r["suspect"] = serde_json::json!(true)), []);
    assert_eq!(found(&|r| r["district"] = serde_json::json!("hongkou")), []);
    let level = |r: &mut serde_json::Value| {
        r["record"]["fact"]["attestation"]["level"] = serde_json::json!("declared");
    };
    assert_eq!(found(&level), []);
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
fn a_suspect_grant_leads_to_refer_and_no_further() {
    let (_, mut case) = cases().into_iter().find(|(n, _)| n.starts_with("T05-")).expect("T05");
    assert_eq!(run(case.clone())[0].verdict, Verdict::OneOnly);
    case.grants[0].suspect = true;
    assert_eq!(run(case)[0].verdict, Verdict::Refer);
}

#[test]
fn a_suspected_link_is_a_notice_that_decides_nothing() {
    let (_, mut case) = cases().into_iter().find(|(n, _)| n.starts_with("X08-")).expect("X08");
    let suspected = run(case.clone()).remove(0);
    let notice: Vec<_> =
        suspected.findings.iter().filter(|f| f.reason == Reason::SuspectedPerson).collect();
    assert_eq!(notice.len(), 1);
    assert_eq!((notice[0].class, notice[0].outcome), (FindingClass::Notice, Verdict::Clear));
    let without = {
        let mut case = case.clone();
        case.links.clear();
        run(case).remove(0)
    };
    assert_eq!(suspected.verdict, without.verdict);
    assert_eq!(suspected.findings.len(), without.findings.len() + 1, "the notice alone");
    case.links[0].confirmed = true;
    assert_eq!(run(case)[0].verdict, Verdict::OneOnly);
}

#[test]
fn holds_race_for_the_same_person_kind_and_months_only() {
    let by_name = |name: &str| {
        let (_, case) = cases().into_iter().find(|(n, _)| n.starts_with(name)).expect(name);
        load(case)
    };
    let (facts, steps) = by_name("T09-");
    let base = &steps[0].application;
    let race = |change: &dyn Fn(&mut Application<SubjectId>)| {
        let mut other = base.clone();
        change(&mut other);
        let there = conflicts(&facts, base, &other, |s| s);
        assert_eq!(there, conflicts(&facts, &other, base, |s| s), "symmetric");
        there
    };
    assert!(race(&|_| {}));
    assert!(race(&|a| a.terms.policy.id = "wujiang/example-rent".into()), "across districts");
    assert!(race(&|a| a.terms.policy.id = "qingpu/apartment/cash".into()), "one group");
    assert!(race(&|a| a.terms.policy.id = "unknown/policy".into()), "unknown");
    assert!(!race(&|a| a.terms.policy.id = "yangpu/outstanding-industry".into()), "other kind");
    assert!(!race(&|a| a.terms.subject = SubjectId(4711)), "somebody else");
    let months = MonthSpan::new("2030-01".parse().unwrap(), "2030-12".parse().unwrap());
    assert!(!race(&|a| a.terms.months = months), "other months");
    assert!(race(&|a| a.terms.months = None), "undated");
    assert!(!race(&|a| a.kind = ApplicationKind::Registration), "no money");
    let plan = |n: &str| Some(NumberRef { authority: "x".into(), number: n.into() });
    assert!(race(&|a| a.terms.parent_plan = plan("1")), "a plan makes no matching funds of rent");
    let asks = |policy: &str, change: &dyn Fn(&mut Application<SubjectId>)| {
        let mut other = base.clone();
        other.terms.policy.id = policy.into();
        change(&mut other);
        other
    };
    let matching = |n: &str| asks("changning/plan-matching", &|a| a.terms.parent_plan = plan(n));
    let meet = |a, b| conflicts(&facts, &a, &b, |s| s) && conflicts(&facts, &b, &a, |s| s);
    assert!(meet(matching("1"), matching("1")), "one plan matched twice");
    assert!(!meet(matching("1"), matching("2")), "two plans");
    assert!(meet(matching("示例-P1"), matching("示例 ｐ１")), "one plan, spelled otherwise");
    let under = |authority: &str| {
        let plan = Some(NumberRef { authority: authority.into(), number: "1".into() });
        asks("changning/plan-matching", &|a| a.terms.parent_plan.clone_from(&plan))
    };
    assert!(meet(under("国家"), under("科技部")), "perhaps one plan");
    assert!(meet(under("国家"), asks("changning/plan-matching", &|_| {})), "a plan not named");
    let project = |head: u64, authority: &str, n: &str| {
        asks("hongkou/competition", &|a| {
            (a.terms.beneficiary, a.terms.subject) = (Beneficiary::Project, SubjectId(head));
            a.terms.project = Some(NumberRef { authority: authority.into(), number: n.into() });
        })
    };
    assert!(meet(project(1, "示例", "X-1"), project(2, "示例（某）", "Ｘ１")), "two heads");
    assert!(!meet(project(1, "示例", "X-1"), project(2, "示例", "X-2")), "two projects");
    let award = |firm: u64, head: u64| {
        asks("qingpu/innovation-team-award", &|a| {
            a.terms.beneficiary = Beneficiary::Enterprise;
            (a.terms.employer, a.terms.subject) = (Some(SubjectId(firm)), SubjectId(head));
        })
    };
    assert!(meet(award(7001, 1), award(7001, 2)), "one enterprise, two heads");
    assert!(!meet(award(7001, 1), award(7002, 1)), "one head, two enterprises");
}

#[test]
fn cases_catalogue_and_examples_fit_their_schemas() {
    let registry = talent_gateway::schema::Registry::load().unwrap();
    let check = |mt: &str, value: &serde_json::Value, name: &str| {
        let schema = registry.get(mt).unwrap_or_else(|| panic!("no schema {mt}"));
        assert!(schema.validate(value).is_ok(), "{name} does not fit {mt}");
    };
    // The file as it stands, not what is read of it: `funding assess` checks the same.
    for path in case_files(&["", "own", "reader"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.display().to_string();
        check("case/1", &serde_json::from_str(&text).unwrap(), &name);
    }
    for policy in &Catalogue::embedded().unwrap().policies {
        check("funding.policy/1", &serde_json::to_value(policy).unwrap(), &policy.id);
    }
}
