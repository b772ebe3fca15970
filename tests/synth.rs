//! The generator: the same for ever, every rule labelled both ways, and the engine finds what is there
//! and nothing else.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "cli/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::facts::RuleFacts;
use talent_gateway::domain::funding::id::RuleId;
use talent_gateway::domain::registry::MessageType;
use talent_gateway::schema::Registry;
use talent_gateway::synth::{self, Act, Score, Story};

const SEED: u64 = 11;
const TALENTS: usize = 2_000;

fn rules(catalogue: &Catalogue) -> Arc<RuleFacts> {
    let mut rules = RuleFacts::default();
    catalogue.policies.iter().cloned().for_each(|p| rules.add_policy(p));
    catalogue.kinds.iter().cloned().for_each(|k| rules.add_kind(k));
    synth::prelude::fill(&mut rules).unwrap();
    Arc::new(rules)
}

fn generated() -> impl Iterator<Item = Story> {
    synth::stories(SEED, 0..TALENTS)
}

#[test]
fn a_seed_is_the_same_for_ever_and_in_any_range() {
    let some: Vec<Story> = synth::stories(SEED, 0..400).collect();
    assert!(synth::stories(SEED, 0..400).eq(some.iter().cloned()));
    assert!(synth::stories(SEED, 100..130).eq(some[100..130].iter().cloned()));
    assert!(!synth::stories(SEED + 1, 0..400).eq(some));
}

#[test]
fn every_rule_has_a_kind_that_shows_it_and_one_that_only_looks_like_it() {
    let mut names = BTreeSet::new();
    let (mut shown, mut resembled) = (BTreeSet::new(), BTreeSet::new());
    for kind in synth::kinds() {
        assert!(names.insert(kind.name), "{} twice", kind.name);
        assert!(kind.shows.iter().all(|r| !kind.resembles.contains(r)), "{}", kind.name);
        shown.extend(kind.shows.iter().copied());
        resembled.extend(kind.resembles.iter().copied());
    }
    let all: BTreeSet<u8> = (1..=35).collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), Vec::<&u8>::new(), "not shown");
    assert_eq!(all.difference(&resembled).collect::<Vec<_>>(), Vec::<&u8>::new(), "no look-alike");
}

/// What a kind says of itself is what its truth says.
#[test]
fn the_truth_of_a_story_is_that_of_its_kind() {
    let kinds: BTreeMap<_, _> = synth::kinds().map(|k| (k.name, k)).collect();
    let mut told = BTreeSet::new();
    for story in generated() {
        let kind = kinds[story.kind];
        told.insert(story.kind);
        assert!(story.truths().count() > 0, "{} checks nothing", story.kind);
        let found: BTreeSet<u8> =
            story.truths().flat_map(|t| &t.findings).map(|l| l.rule.number()).collect();
        assert_eq!(found, kind.shows.iter().copied().collect(), "{}", story.kind);
        for rule in kind.resembles {
            assert!(story.truths().all(|t| !t.has(RuleId::new(*rule))), "{}", story.kind);
        }
    }
    assert_eq!(told.len(), kinds.len(), "every kind is told");
}

#[test]
fn the_engine_finds_what_is_there_and_nothing_else() {
    let catalogue = Catalogue::embedded().unwrap();
    let rules = rules(&catalogue);
    let mut score = Score::default();
    for story in generated() {
        let name = (story.index, story.kind);
        synth::play(&story, &rules, |truth, found| score.add(name, truth, found)).unwrap();
    }
    assert!(score.errors.is_empty(), "{:#?}", score.errors);
    assert_eq!(score.rules.len(), 35, "{:?}", score.rules.keys());
    assert_eq!(score.least_permille(), Some(1_000));
    assert_eq!(score.verdicts_right, score.checks);
}

/// A score that cannot fail says nothing: a truth that is bent is noticed.
#[test]
fn a_wrong_truth_lowers_the_score() {
    let catalogue = Catalogue::embedded().unwrap();
    let rules = rules(&catalogue);
    let mut stories = generated().filter(|s| s.kind == "same-kind-twice");
    let mut story = stories.next().unwrap();
    for act in &mut story.acts {
        if let Some(truth) = &mut act.truth {
            truth.findings.clear();
        }
    }
    let mut score = Score::default();
    synth::play(&story, &rules, |truth, found| score.add((0, "bent"), truth, found)).unwrap();
    assert_eq!(score.least_permille(), Some(0));
    assert_eq!((score.verdicts_right, score.errors.len()), (0, 2));
}

/// Bodies are ready to push: with tokens in place of identifiers, and what the connector and the moment
/// of sending add, each is valid under the schema of its type.
#[test]
fn bodies_are_valid_under_their_schemas() {
    let registry = Registry::load().unwrap();
    let mut types = BTreeSet::new();
    for story in synth::stories(SEED, 0..700) {
        for act in &story.acts {
            let mut body = tokens(act.body.clone());
            complete(act.message, &mut body);
            let schema = registry.get(act.message.as_str()).unwrap();
            let valid = schema.validate(&body);
            assert!(valid.is_ok(), "{} {}: {valid:?} {body:#}", story.kind, act.message.as_str());
            types.insert(act.message);
        }
    }
    assert!(types.len() >= 14, "{types:?}");
    let prelude = synth::prelude::policies().into_iter().map(|(_, body)| body);
    let policies = registry.get(MessageType::FundingPolicy.as_str()).unwrap();
    assert!(prelude.map(|p| policies.validate(&p)).all(|valid| valid.is_ok()));
    let joint = registry.get(MessageType::FundingJointRule.as_str()).unwrap();
    assert_eq!(joint.validate(&synth::prelude::joint_rule().1), Ok(()));
}

/// A token wherever the connector would put one.
fn tokens(value: Value) -> Value {
    match value {
        Value::Object(members)
            if ["document_type", "uscc", "lease"].iter().any(|m| members.contains_key(*m)) =>
        {
            let letters = json!(members).to_string();
            let letters = letters.chars().filter(char::is_ascii_alphanumeric).take(42);
            json!({ "token": format!("{:A<43}", letters.collect::<String>()), "epoch": 1 })
        }
        Value::Object(members) => members.into_iter().map(|(k, v)| (k, tokens(v))).collect(),
        Value::Array(items) => items.into_iter().map(tokens).collect(),
        other => other,
    }
}

fn complete(message: MessageType, body: &mut Value) {
    let operators = json!([
        { "id": "op-0001", "role": "window" },
        { "id": "op-0002", "role": "reviewer" },
    ]);
    if let Some(context) = body.get_mut("context") {
        context["operator"] = operators[0].clone();
        context["purpose"] = json!("funding-check");
    }
    match message {
        MessageType::FundingGrant => body["override"]["operators"] = operators,
        MessageType::Link => body["operators"] = operators,
        MessageType::FundingHold => body["expires"] = json!(1_775_000_000),
        MessageType::Consent => {
            body["target"] =
                json!({ "iss": "qingpu", "jti": "01890a5d-ac96-774b-bcce-b302099a8057" });
            body["date"] = json!("2024-01-05");
        }
        _ => {}
    }
}

/// Nobody is in two stories: what districts do around one talent reaches no other.
#[test]
fn people_and_ids_do_not_meet() {
    let (mut numbers, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for story in generated() {
        let own: BTreeSet<_> = story
            .people
            .iter()
            .flat_map(|p| &p.documents)
            .map(|d| (d.document_type, d.number.to_uppercase()))
            .collect();
        for number in own {
            assert!(numbers.insert(number), "{} shares a person", story.kind);
        }
        for Act { message, body, .. } in &story.acts {
            let name = match message {
                MessageType::FundingGrant => "grant",
                MessageType::Link => "link",
                MessageType::Sanction => "sanction",
                _ => "record",
            };
            let Some(id) = body[name].as_str() else { continue };
            assert!(ids.insert((name, id.to_owned())), "{id} twice");
        }
    }
}

#[test]
fn the_command_writes_the_same_files_and_reports_per_rule() {
    let dir = tempfile::tempdir().unwrap();
    let files = |name: &str| {
        let out = dir.path().join(name);
        let ran =
            support::run(&["synth", "write", "--talents", "60", "--out", out.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let read = |file: &str| std::fs::read_to_string(out.join(file)).unwrap();
        ["truth.jsonl", "prelude.jsonl", "qingpu.jsonl", "wujiang.jsonl"].map(read)
    };
    let written = files("a");
    assert_eq!(written, files("b"));
    let lines = |text: &str| -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let checks: BTreeSet<u64> =
        lines(&written[0]).iter().map(|truth| truth["seq"].as_u64().unwrap()).collect();
    assert!(checks.len() >= 60);
    for line in lines(&written[2]) {
        let is_check = line["path"] == "/local/v1/check";
        assert_eq!(checks.contains(&line["seq"].as_u64().unwrap()), is_check, "{line}");
    }
    let report = support::run(&["synth", "report", "--talents", "600", "--json"]).json();
    assert_eq!(report["rules"].as_array().unwrap().len(), 35);
    assert_eq!(report["score"]["errors"], json!([]));
}
