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

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::recognition::case::Expected;
use talent_gateway::domain::recognition::{
    Effect, Entitlement, EntitlementQuery, Flag, Outcome, Recognition, RecognitionCase,
    RecognitionQuery, RecognitionRule, Told, explain,
};
use talent_gateway::domain::text::Language;
use talent_gateway::schema::Registry;

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
    conditional_change_of_employer_unproven
    conditional_contradicting_facts
    conditional_permit_longer_than_five_years
    conditional_refuted_by_data
    conditional_service_apartment
    conditional_title_partly_proven
    conditional_upload_missing
    no_record
    no_record_member_outside_the_exchange
    no_record_of_that_kind
    no_rule_alliance_member_left
    no_rule_before_it_begins
    no_rule_conflict_registration_unknown
    no_rule_conflict_yes_and_no
    no_rule_draft
    no_rule_other_class
    no_rule_other_purpose
    no_rule_reversed
    no_rule_service_not_named
    no_rule_withdrawn
    not_recognised_rule_says_so
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
    recognised_change_of_employer
    recognised_directly_unregistered
    recognised_hours_accumulate
    recognised_hours_certificate_counted_once
    recognised_hours_copies_differ
    recognised_hours_minimum_reached
    recognised_hours_minimum_short
    recognised_one_of_two_records
    recognised_permit_at_the_five_year_bound
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
    assert_eq!(flags.len(), 13, "{flags:?}");
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
