//! Runs every case file of `tests/recognition/`: one named test per file, so that a failure names
//! the outcome and the article.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests stop the test, as the tests themselves may"
)]

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use serde_json::json;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::code::{Code, Refusal};
use talent_gateway::domain::recognition::case::Expected;
use talent_gateway::domain::recognition::{
    Effect, Entitlement, EntitlementQuery, Flag, Object, Outcome, Precondition, Recognition,
    RecognitionCase, RecognitionPurpose, RecognitionQuery, RecognitionRule, Requirement, Told,
    entitlement, explain, explain_entitlement, rules,
};
use talent_gateway::domain::text::Language;
use talent_gateway::schema::Registry;

fn words(answer: &Recognition, language: Language) -> String {
    let catalogue = Catalogue::embedded().unwrap();
    explain(answer, Told { names: &*catalogue, contact: &|_| None }, language)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recognition")
}

fn load(name: &str) -> RecognitionCase {
    let text = std::fs::read_to_string(folder().join(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn run(name: &str) {
    let case = load(name);
    let answer = case.answer().unwrap();
    let expected = case.expected.as_ref().expect("a case of the tests says what it expects");
    assert_eq!(&Expected::from(&answer), expected, "{}", case.title);
    for language in [Language::Zh, Language::En] {
        let told = Told { names: &*Catalogue::embedded().unwrap(), contact: &|_| None };
        let text = explain(&answer, told, language);
        for record in &answer.records {
            assert!(text.contains(&record.record), "{text}");
            for rule in &record.rules {
                assert!(text.contains(&rule.rule), "{text}");
                assert!(text.contains(&rule.citation.document), "{text}");
                assert!(text.contains(&rule.citation.article), "{text}");
            }
        }
    }
}

macro_rules! cases {
    ($($name:ident)*) => {
        $(#[test] fn $name() { run(stringify!($name)); })*

        const NAMES: &[&str] = &[$(stringify!($name),)*];
    };
}

cases! {
    conditional_certificate_only_declared
    conditional_change_of_employer_unproven
    conditional_contradicting_facts
    conditional_employment_said_by_another_district
    conditional_fact_only_declared
    conditional_fact_under_objection
    conditional_fact_without_a_sender
    conditional_facts_of_two_districts_contradict
    conditional_home_here_though_none_there
    conditional_home_said_by_another_district
    conditional_hours_copies_differ
    conditional_hours_declared_in_a_copy
    conditional_permit_extended
    conditional_permit_longer_than_five_years
    conditional_permit_suspended_and_reinstated
    conditional_refuted_by_data
    conditional_registration_unknown
    conditional_service_apartment
    conditional_title_partly_proven
    conditional_upload_missing
    no_record
    no_record_member_outside_the_exchange
    no_record_of_that_kind
    no_rule_alliance_member_left
    no_rule_authority_outside_the_rule
    no_rule_before_it_begins
    no_rule_conflict_yes_and_no
    no_rule_copy_of_a_third_district
    no_rule_draft
    no_rule_other_class
    no_rule_other_purpose
    no_rule_own_city_sent_by_another_district
    no_rule_own_talent_own_service
    no_rule_reversed
    no_rule_service_by_an_example
    no_rule_service_not_named
    no_rule_two_examples_differ
    no_rule_withdrawn
    not_recognised_beside_an_example
    not_recognised_rule_says_so
    not_valid_copy_of_a_revoked_certification
    not_valid_copy_of_a_revoked_title
    not_valid_copy_of_a_suspended_title
    not_valid_copy_of_revoked_hours
    not_valid_copy_under_objection
    not_valid_expired
    not_valid_not_yet
    not_valid_objection_pending
    not_valid_revoked
    not_valid_suspect
    not_valid_suspended
    recognised_after_filing
    recognised_alliance_member
    recognised_as_known_before_the_revocation
    recognised_as_local_class
    recognised_before_a_later_revocation
    recognised_by_the_better_proven_of_two_rules
    recognised_change_of_employer
    recognised_copy_filed_by_the_receiving_district
    recognised_copy_of_another_certificate
    recognised_directly_unregistered
    recognised_hours_accumulate
    recognised_hours_beside_a_declared_copy
    recognised_hours_certificate_counted_once
    recognised_hours_minimum_reached
    recognised_hours_minimum_short
    recognised_hours_of_two_years_in_one_booklet
    recognised_hours_one_number_of_two_provinces
    recognised_in_a_renamed_region
    recognised_one_of_two_records
    recognised_original_though_a_copy_differs
    recognised_permit_at_the_five_year_bound
    recognised_registered_for_appointment
    recognised_registered_for_registration
    recognised_rule_in_force_outranks_example
    recognised_service_apartment
    recognised_service_medical
    recognised_title_without_review
    recognised_work_permit
}

#[test]
fn every_file_is_run_and_every_outcome_occurs() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|f| f.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, NAMES.iter().map(|&n| n.to_owned()).collect());
    let seen: BTreeSet<Outcome> = NAMES.iter().map(|n| load(n).answer().unwrap().outcome).collect();
    assert_eq!(seen.len(), 6, "{seen:?}");
    let answers: Vec<Recognition> = NAMES.iter().map(|n| load(n).answer().unwrap()).collect();
    let records = || answers.iter().flat_map(|a| &a.records);
    let effects: HashSet<Effect> = records().flat_map(|r| &r.rules).map(|r| r.effect).collect();
    assert_eq!(effects.len(), 6, "{effects:?}");
    let flags: HashSet<Flag> = records().flat_map(|r| r.flags.iter().copied()).collect();
    assert_eq!(flags.len(), 14, "{flags:?}");
}

/// Each outcome has its phrase, and none promises more than the records carry.
#[test]
fn headlines_say_what_the_records_carry() {
    let table = [
        ("recognised_after_filing", "认可", "recognised"),
        ("recognised_registered_for_appointment", "认可", "recognised"),
        ("conditional_registration_unknown", "有条件认可", "recognised under conditions"),
        (
            "conditional_permit_longer_than_five_years",
            "数据与条件不符，由人判断",
            "data contradict the conditions, a person decides",
        ),
        (
            "conditional_refuted_by_data",
            "数据与条件不符，由人判断",
            "data contradict the conditions, a person decides",
        ),
        ("recognised_as_local_class", "认可", "recognised"),
        ("no_rule_service_by_an_example", "仅示例，无规则", "an example only, no rule"),
        ("no_rule_two_examples_differ", "仅示例，无规则", "an example only, no rule"),
        (
            "no_rule_own_city_sent_by_another_district",
            "本地记录，无需互认",
            "an own record, no recognition needed",
        ),
        ("no_rule_other_purpose", "无对应规则，需人工", "no rule decides, a person must"),
    ];
    for (name, zh, en) in table {
        let answer = load(name).answer().unwrap();
        let text = words(&answer, Language::Zh);
        assert!(text.starts_with(&format!("结论：{zh}。")), "{name}: {text}");
        let text = words(&answer, Language::En);
        assert!(text.starts_with(&format!("Result: {en}.")), "{name}: {text}");
        for action in ["可直接作为依据办理", "仅就此用途按本地", "条件证明后"]
        {
            let offers = words(&answer, Language::Zh).contains(action);
            assert!(!offers || zh.ends_with("认可"), "{name}: {action}");
        }
    }
    let service = |name| entitlement(&load(name).answer().unwrap()).unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let names = Told { names: &*catalogue, contact: &|_| None };
    let told = |name| explain_entitlement(&service(name), names, Language::Zh);
    assert!(told("no_rule_service_by_an_example").starts_with("结论：仅示例，无规则。"));
    assert!(told("no_rule_own_talent_own_service").starts_with("结论：本地记录，按本地规定。"));
}

/// What is in doubt is told with its flag and position, not left out.
#[test]
fn evidence_in_doubt_is_told() {
    let answer = load("conditional_fact_under_objection").answer().unwrap();
    let text = words(&answer, Language::Zh);
    let said = "异议处理中；嘉善县报送称“是”；作出机关的原始记录，数据时间 2019-12-01；有效期 2019-12-01 起，长期；\
                日志第 20 条；异议：日志第 50 条";
    for part in [said, "尚未确认；青浦区报送；", "日志第 21 条"] {
        assert!(text.contains(part), "{part} missing in {text}");
    }
    let answer = load("conditional_home_said_by_another_district").answer().unwrap();
    let text = words(&answer, Language::En);
    assert!(text.contains("stated by another district") && text.contains("20"), "{text}");
}

#[test]
fn every_case_fits_the_published_schema() {
    let registry = Registry::load().unwrap();
    let schema = registry.get("recognition-case/1").unwrap();
    for name in NAMES {
        let text = std::fs::read_to_string(folder().join(name).with_extension("json")).unwrap();
        let case: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(schema.validate(&case), Ok(()), "{name}");
        let mut wrong = case;
        wrong["talents"][0]["name"] = "x".into();
        assert!(schema.validate(&wrong).is_err(), "{name}: the schema is closed");
    }
}

/// The example that the page shows, and the first block of JSON after a heading of it.
fn documented(heading: &str) -> String {
    let page = include_str!("../docs/recognition.md");
    let after = page.split_once(heading).unwrap().1;
    let block = after.split_once("```json\n").unwrap().1;
    block.split_once("```").unwrap().0.to_owned()
}

#[test]
fn every_kind_of_precondition_is_documented_in_a_form_that_a_rule_takes() {
    let shown: Vec<Precondition> =
        serde_json::from_str(&documented("### Preconditions as JSON")).unwrap();
    let registry = Registry::load().unwrap();
    let text = registry.document("recognition.rule/1").unwrap().text;
    let schema: serde_json::Value = serde_json::from_str(text).unwrap();
    let kinds = schema["$defs"]["requirement"]["oneOf"].as_array().unwrap().iter();
    let kinds: BTreeSet<_> =
        kinds.map(|kind| kind["properties"]["kind"]["const"].as_str().unwrap()).collect();
    let of = |p: &Precondition| json!(p.need)["kind"].as_str().unwrap().to_owned();
    let documented: BTreeSet<_> = shown.iter().map(of).collect();
    assert_eq!(documented.iter().map(String::as_str).collect::<BTreeSet<_>>(), kinds);
    // Each in a rule of an object that can carry it, by schema, sense and catalogue.
    let catalogue = Catalogue::embedded().unwrap();
    for precondition in shown {
        let id = match precondition.need {
            Requirement::Registered { .. } => "zone-2020-occupational",
            _ => "zone-2020-title-zhejiang",
        };
        let mut rule = rules().unwrap().into_iter().find(|r| r.rule == id).unwrap();
        if matches!(precondition.need, Requirement::FullTime { .. }) {
            rule.object = Object::Education;
            rule.scheme = "education-gbt4658".into();
            rule.classes = vec!["10".into()];
            rule.effect = Effect::ValidDirectly;
            rule.purposes = vec![RecognitionPurpose::Points];
        }
        let kind = of(&precondition);
        rule.preconditions = vec![precondition];
        let body = json!(rule);
        assert_eq!(registry.get("recognition.rule/1").unwrap().validate(&body), Ok(()), "{kind}");
        let checked = catalogue.check_recognition_rule(&rule, &catalogue.alliances);
        assert_eq!(checked.map_err(|r| r.violations), Ok(()), "{kind}");
    }
}

/// The case of the page reads as the page says.
#[test]
fn the_case_of_the_page_is_told_as_the_page_tells_it() {
    let case: RecognitionCase = serde_json::from_str(&documented("## Case files")).unwrap();
    let told = words(&case.answer().unwrap(), Language::Zh);
    let page = include_str!("../docs/recognition.md");
    let shown = page.split_once("```\n结论：").unwrap().1.split_once("```").unwrap().0;
    for (told, shown) in told.lines().zip(format!("结论：{shown}").lines()) {
        // The page cuts the long citation short.
        let (start, cut) = shown.split_once('…').map_or((shown, false), |(a, _)| (a, true));
        assert!(if cut { told.starts_with(start) } else { told == start }, "{told}\n{shown}");
    }
}

/// The file of a case as it stands.
fn read(name: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(folder().join(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What is wrong with a case, each with its place.
fn found(case: serde_json::Value) -> Vec<(Code, String)> {
    let (registry, catalogue) = (Registry::load().unwrap(), Catalogue::embedded().unwrap());
    let case: RecognitionCase = serde_json::from_value(case).unwrap();
    let found = catalogue.check_recognition_case(&registry, &case);
    let place = |r: Refusal| (r.code, r.violations[0].pointer.clone());
    found.into_iter().map(place).collect()
}

/// What is said beside records is checked as they are, and of one sender one word about one fact.
#[test]
fn facts_and_dates_of_a_case_are_such_as_the_gateway_takes() {
    // What the certificate dates to the month or year is taken as that; only what cannot be is refused.
    let issued = |on: &str| {
        let mut case = read("recognised_title_without_review");
        case["talents"][0]["holdings"]["credentials"][0]["revisions"][0]["issued_on"] = json!(on);
        found(case).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    for (on, expected) in [
        ("2019", &[][..]),
        ("2019-12", &[]),
        ("2019-12-01", &[]),
        ("2019-12-02", &[Code::DateImpossible]),
        ("2020", &[Code::DateImpossible]),
    ] {
        assert_eq!(issued(on), expected, "{on}");
    }
    // One sender has one word about one fact, and what is said beside records is checked as they are.
    let mut opposite = read("conditional_contradicting_facts");
    opposite["talents"][0]["holdings"]["facts"][1]["attestation"]["level"] = json!("issued");
    let second = "/talents/0/holdings/facts/1";
    assert_eq!(found(opposite), [(Code::RecordContradiction, format!("{second}/value"))]);
    for (member, value, code) in [
        ("name", json!("owns-no-home-in-distrikt"), Code::FactUnknown),
        ("validity", json!({ "from": "2024-02-01", "until": "2024-01-01" }), Code::DateImpossible),
    ] {
        let mut case = read("conditional_contradicting_facts");
        case["talents"][0]["holdings"]["facts"][1][member] = value;
        assert_eq!(found(case), [(code, format!("{second}/{member}"))]);
    }
}

/// A case that the gateway could not hold is refused, with the place.
#[test]
fn records_of_a_case_are_such_as_the_gateway_takes() {
    for name in NAMES {
        assert_eq!(found(read(name)), [], "{name}");
    }
    let hours = json!({ "year": 2024, "general_tenths": 1, "professional_tenths": 1 });
    let many = json!({ "year": 2024, "general_tenths": 100_001, "professional_tenths": 1 });
    let (title, tier) = ("recognised_title_without_review", "recognised_as_local_class");
    let (sums, held) = ("recognised_hours_accumulate", "not_valid_suspended");
    let record = "/talents/0/holdings/credentials/0";
    let table = [
        (held, "/revisions/0/revision", json!(2), Code::RevisionGap, "/revisions/0/revision"),
        (held, "/revisions/2/revision", json!(2), Code::RevisionStale, "/revisions/2/revision"),
        (held, "/revisions/1/position", json!(3), Code::RevisionStale, "/revisions/1/position"),
        (held, "/revisions/0/action", json!("revoke"), Code::RecordUnknown, "/revisions/0/action"),
        (held, "/revisions/1/action", json!("revoke"), Code::RecordClosed, "/revisions/2/action"),
        (held, "/revisions/1/action", json!("issue"), Code::RecordState, "/revisions/1/action"),
        (tier, "/revisions/0/class", json!("Z"), Code::ClassUnknown, "/revisions/0/class"),
        (tier, "/revisions/0/registered", json!(true), Code::SchemaViolation, "/revisions/0"),
        (title, "/revisions/0/class", json!("413"), Code::ClassUnknown, "/revisions/0/class"),
        (title, "/object", json!("skill"), Code::SchemeUnknown, "/revisions/0/scheme"),
        (title, "/revisions/0/hours", hours, Code::SchemaViolation, "/revisions/0"),
        (title, "/revisions/0/full_time", json!(true), Code::SchemaViolation, "/revisions/0"),
        (sums, "/revisions/0/hours", json!(null), Code::SchemaViolation, "/revisions/0"),
        (sums, "/revisions/0/hours", many, Code::SchemaViolation, "/revisions/0"),
    ];
    for (name, pointer, value, code, at) in table {
        let mut case = read(name);
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        case.pointer_mut(&format!("{record}{parent}")).unwrap()[member] = value;
        // A schema names the member or the object that it stands in.
        let (found, place) = found(case).into_iter().next().unwrap();
        let at = format!("{record}{at}");
        let there = place == at || (code == Code::SchemaViolation && place.starts_with(&at));
        assert!(found == code && there, "{name} {pointer}: {found:?} {place}");
    }
    let mut twice = read(title);
    let again = twice["talents"][0]["holdings"]["credentials"][0].clone();
    twice["talents"][0]["holdings"]["credentials"].as_array_mut().unwrap().push(again);
    let taken = "/talents/0/holdings/credentials/1/record".to_owned();
    assert_eq!(found(twice), [(Code::RecordTaken, taken)]);
    let asked = |member: &str, value: serde_json::Value| {
        let mut case = read("recognised_service_medical");
        case["question"][member] = value;
        found(case).into_iter().next()
    };
    let refused = |code, at: &str| Some((code, at.to_owned()));
    assert_eq!(asked("subject", json!("试乙")), refused(Code::SubjectUnknown, "/question/subject"));
    assert_eq!(asked("service", json!("spa")), refused(Code::ServiceUnknown, "/question/service"));
    assert_eq!(
        asked("for_purpose", json!("housing")),
        refused(Code::PurposeNotAllowed, "/question/for_purpose")
    );
    assert_eq!(
        asked("about", json!({ "object": "certification", "class": "高级" })),
        refused(Code::SchemaViolation, "/question/about/scheme")
    );
}

/// The example of a schema, and what is left of it after it went through its Rust type.
fn round_trip<T>(name: &str) -> (serde_json::Value, serde_json::Value)
where
    T: serde::de::DeserializeOwned + serde::Serialize,
{
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let example = schema["examples"][0].clone();
    let typed: T =
        serde_json::from_value(example.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
    (example, serde_json::to_value(typed).unwrap())
}

#[test]
fn the_examples_of_the_schemas_are_the_types() {
    let (example, again) = round_trip::<RecognitionRule>("recognition.rule.1.json");
    assert_eq!(example, again);
    let (example, again) = round_trip::<RecognitionQuery>("query.recognition.1.json");
    assert_eq!(example, again);
    let (example, again) = round_trip::<Recognition>("answer.recognition.1.json");
    assert_eq!(example, again);
    let (example, again) = round_trip::<EntitlementQuery>("query.entitlement.1.json");
    assert_eq!(example, again);
    let (example, again) = round_trip::<Entitlement>("answer.entitlement.1.json");
    assert_eq!(example, again);
}
