//! The generator: the same for ever, every rule labelled both ways, and the engine finds what is there
//! and nothing else.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "synth/look_ups.rs"]
mod look_ups;
#[path = "cli/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::facts::RuleFacts;
use talent_gateway::domain::funding::id::RuleId;
use talent_gateway::domain::funding::view::FundingView as _;
use talent_gateway::domain::registry::MessageType;
use talent_gateway::domain::subject::{Token, TokenRef};
use talent_gateway::jws::Digest;
use talent_gateway::schema::Registry;
use talent_gateway::synth::{self, Act, Crowd, Kind, Match, Score, Story, Truth};

const SEED: u64 = 11;
const TALENTS: usize = 2_400;
/// SHA-256 of the first stories of [`SEED`].
const GOLDEN: &str = "fcb49c2ff64127e4930f3bc32a302294433cda51adeb8c7c3e2f5243bdf4e561";

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

/// Stories that were generated once stay as they are: whoever keeps a truth of this seed keeps it right. A
/// change of the generator that moves them changes this line, and says so in its commit.
#[test]
fn stories_of_a_seed_are_those_of_the_first_day() {
    let mut text = String::new();
    let apart = synth::stories_apart(SEED, 0..synth::kinds_apart().count());
    for story in synth::stories(SEED, 0..700).chain(apart) {
        writeln!(text, "{} {} {:?}", story.index, story.kind, story.papers).unwrap();
        for act in &story.acts {
            writeln!(text, "{} {} {}", act.district.id(), act.path(), act.body).unwrap();
            if let Some(truth) = &act.truth {
                writeln!(text, "{} {}", json!(truth.findings), truth.lacks).unwrap();
            }
            if let Some(truth) = &act.look_up {
                writeln!(text, "{}", json!(truth.expected)).unwrap();
            }
        }
    }
    assert_eq!(Digest::of(text).to_string(), GOLDEN);
}

/// Kinds of the shared exchange and those apart.
fn all_kinds() -> impl Iterator<Item = &'static Kind> {
    synth::kinds().chain(synth::kinds_apart())
}

/// Stories of every kind: the generated ones and two of each kind apart.
fn everything() -> impl Iterator<Item = Story> {
    generated().chain(synth::stories_apart(SEED, 0..2 * synth::kinds_apart().count()))
}

#[test]
fn every_rule_has_a_kind_that_shows_it_and_one_that_only_looks_like_it() {
    let mut names = BTreeSet::new();
    let (mut shown, mut resembled) = (BTreeSet::new(), BTreeSet::new());
    for kind in all_kinds() {
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
    let kinds: BTreeMap<_, _> = all_kinds().map(|k| (k.name, k)).collect();
    let mut told = BTreeSet::new();
    for story in everything() {
        let kind = kinds[story.kind];
        told.insert(story.kind);
        assert!(story.truths().count() > 0, "{} checks nothing", story.kind);
        if kind.combined {
            continue;
        }
        let found: BTreeSet<u8> =
            story.truths().flat_map(|t| &t.findings).map(|l| l.rule.number()).collect();
        assert_eq!(found, kind.shows.iter().copied().collect(), "{}", story.kind);
        for rule in kind.resembles {
            let rule = RuleId::new(*rule);
            assert!(
                story.truths().all(|t| !t.has(rule) && t.near.contains(&rule)),
                "{}",
                kind.name
            );
        }
    }
    assert_eq!(told.len(), kinds.len(), "every kind is told");
}

/// Whether two identifiers of one person are found to be one is labelled: by the number always, by a link
/// once it is confirmed, else never.
#[test]
fn identity_is_labelled_with_and_without_a_link() {
    let kinds: BTreeMap<_, _> = synth::kinds().map(|k| (k.name, k)).collect();
    let mut seen = BTreeMap::new();
    for story in generated() {
        let Some(matching) = kinds[story.kind].matching else { continue };
        let across = |t: &Truth| t.has(RuleId::new(5));
        let (first, last) = (story.truths().next().unwrap(), story.truths().last().unwrap());
        let expected = match matching {
            Match::Number => (true, true),
            Match::Link => (false, true),
            Match::Never => (false, false),
        };
        assert_eq!((across(first), across(last)), expected, "{}", story.kind);
        *seen.entry(format!("{matching:?}")).or_insert(0) += 1;
        // No name leaves a district, so none can be matched.
        for act in &story.acts {
            let body = act.body.to_string();
            assert!(story.people.iter().all(|p| !body.contains(&p.name)), "{}", story.kind);
        }
    }
    assert!(seen.len() == 3 && seen.values().all(|n| *n > 5), "{seen:?}");
}

/// Combinations are many, hit several rules at once, and come near to others.
#[test]
fn combinations_hit_several_rules_at_once() {
    let kinds: BTreeMap<_, _> = synth::kinds().map(|k| (k.name, k)).collect();
    let (mut several, mut near, mut all) = (0, 0, BTreeSet::new());
    for story in generated().filter(|s| kinds[s.kind].combined) {
        for truth in story.truths() {
            let rules: BTreeSet<RuleId> = truth.findings.iter().map(|l| l.rule).collect();
            several += usize::from(rules.len() > 1);
            near += usize::from(!truth.near.is_empty());
            assert!(rules.is_disjoint(&truth.near));
            all.insert(rules);
        }
    }
    assert!(several > 60 && near > 60 && all.len() > 50, "{several} {near} {}", all.len());
}

/// The truths that writers state and the second, naive derivation agree wherever it speaks.
#[test]
fn stated_truths_are_derived_in_a_second_way() {
    let mut derived = BTreeSet::new();
    for story in everything() {
        for (n, act) in story.acts.iter().enumerate() {
            let Some(stated) = &act.truth else { continue };
            let Some(second) = synth::derive(&story.acts[..=n]) else { continue };
            let (a, b) = (&second.findings, &stated.findings);
            assert_eq!((a, second.lacks), (b, stated.lacks), "{} {}", story.index, story.kind);
            derived.insert(story.kind);
        }
    }
    assert!(derived.contains("combined-rent") && derived.contains("combined-points"));
    assert!(derived.len() >= 40, "{} {derived:?}", derived.len());
}

#[test]
fn the_engine_finds_what_is_there_and_nothing_else() {
    let catalogue = Catalogue::embedded().unwrap();
    let rules = rules(&catalogue);
    let mut score = Score::default();
    for story in everything() {
        let name = (story.index, story.kind);
        synth::play(&story, &rules, |truth, found| score.add(name, truth, found)).unwrap();
    }
    assert!(score.errors.is_empty(), "{:#?}", score.errors);
    assert_eq!(score.rules.len(), 35, "{:?}", score.rules.keys());
    assert_eq!(score.least_permille(), Some(1_000));
    assert_eq!(score.verdicts_right, score.checks);
    for (rule, counts) in &score.rules {
        assert!(counts.positives > 0 && counts.near_misses > 0, "{rule} {counts:?}");
        assert_eq!(counts.fooled, 0, "{rule}");
    }
}

/// What benchmarks assess is what they say: grants and links of the talent, and the answer does not
/// change with who else there is.
#[test]
fn a_crowd_holds_what_it_says() {
    let rules = rules(&Catalogue::embedded().unwrap());
    let mut told = Vec::new();
    for others in [0, 40] {
        let crowd = Crowd { grants: 20, links: 5, others };
        let judged = crowd.gather(SEED, &rules).unwrap();
        let subject = judged.application.terms.subject;
        assert_eq!(judged.facts.links(subject).len(), 5);
        let found = assess(&judged.facts, &judged.application, judged.as_of);
        assert!(found.by_rule(RuleId::new(5)).count() > 0, "{found:?}");
        told.push(found);
    }
    assert_eq!(told[0], told[1]);
    let (one, two) = (synth::certification(SEED, 1), synth::certification(SEED, 2));
    assert_ne!(one["subject"], two["subject"]);
    assert_eq!(synth::title(SEED, 1)["subject"], one["subject"]);
}

/// A score that cannot fail says nothing: a truth that is bent is noticed.
#[test]
fn a_wrong_truth_lowers_the_score() {
    let catalogue = Catalogue::embedded().unwrap();
    let rules = rules(&catalogue);
    let mut stories = synth::stories(SEED, 0..5_000).filter(|s| s.kind == "same-kind-twice");
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
    assert!(types.len() >= 17, "{types:?}");
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
            if ["document_type", "uscc", "lease"].iter().any(|m| members.contains_key(*m))
                || members.get("certificate").is_some_and(Value::is_string) =>
        {
            let digest = Digest::of(json!(members).to_string());
            json!(TokenRef { token: Token::from_bytes(digest.0), epoch: 1, composite: false })
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
        context["purpose"] = json!(match message {
            MessageType::RecognitionQuery => "recognition",
            MessageType::EntitlementQuery => "service",
            _ => "funding-check",
        });
    }
    match message {
        MessageType::FundingGrant => body["override"]["operators"] = operators,
        MessageType::Link | MessageType::ObjectionOutcome => body["operators"] = operators,
        MessageType::Objection => body["operator"] = operators[0].clone(),
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
            let revision = body["revision"].as_u64();
            assert!(ids.insert((name, id.to_owned(), revision)), "{id} twice");
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
        let asks = ["/local/v1/check", "/local/v1/recognise", "/local/v1/entitlement"];
        let is_check = asks.iter().any(|path| line["path"] == *path);
        assert_eq!(checks.contains(&line["seq"].as_u64().unwrap()), is_check, "{line}");
    }
    let report = support::run(&["synth", "report", "--talents", "600", "--json"]).json();
    assert_eq!(report["rules"].as_array().unwrap().len(), 35);
    assert_eq!(report["score"]["errors"], json!([]));
    assert_eq!(report["look_ups"]["errors"], json!([]));
    assert_eq!(report["look_ups"]["right"], report["look_ups"]["asked"]);
    let of = |kind: &str| {
        report["recognition"].as_array().unwrap().iter().filter(|l| l["of"] == kind).count()
    };
    assert_eq!((of("outcome"), of("effect")), (6, 5));
    assert!(of("rule") > 20 && of("hours") == 3 && of("service") >= 5, "{report:#}");
}

/// The files hold the stories, every message in its place: read in the order of `seq`, they are what
/// [`hard_cases_come_out_the_same_through_gateway_and_connectors`] sends, and nothing is kept of a
/// story once it is written, so the size has no bound but the disk's.
#[test]
fn the_files_read_in_order_are_the_stories() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("synth");
    let args = ["synth", "write", "--talents", "300", "--seed", "11", "--out"];
    let ran = support::run(&[&args[..], &[out.to_str().unwrap()]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let read = |name: &str| -> Vec<Value> {
        let text = std::fs::read_to_string(out.join(format!("{name}.jsonl"))).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let mut sent = BTreeMap::new();
    for district in ["qingpu", "jiashan", "wujiang", "changning", "hongkou", "yangpu"] {
        let lines = read(district);
        assert!(lines.is_sorted_by_key(|l| l["seq"].as_u64()), "{district}");
        for line in lines {
            let seq = line["seq"].as_u64().unwrap();
            assert!(sent.insert(seq, (district, line)).is_none(), "{seq} twice");
        }
    }
    let truths: BTreeMap<u64, Value> =
        read("truth").into_iter().map(|t| (t["seq"].as_u64().unwrap(), t)).collect();
    let mut seq = 0;
    for story in synth::stories(SEED, 0..300) {
        for act in &story.acts {
            let (district, line) = &sent[&seq];
            assert_eq!(*district, act.district.id());
            assert_eq!(line["path"], act.path().as_str());
            assert_eq!(line["body"], act.body);
            assert_eq!(line["story"], story.index);
            let truth = truths.get(&seq);
            assert_eq!(truth.is_some(), act.truth.is_some() || act.look_up.is_some());
            if let (Some(written), Some(truth)) = (truth, &act.look_up) {
                assert_eq!(written["look_up"], json!(truth.expected));
            }
            if let (Some(written), Some(truth)) = (truth, &act.truth) {
                assert_eq!(written["findings"], json!(truth.findings));
                assert_eq!(written["near"], json!(truth.near));
                assert_eq!(written["verdict"], json!(truth.verdict()));
            }
            seq += 1;
        }
    }
    assert_eq!(sent.len() as u64, seq);
}

/// The same stories through connectors, tokeniser, seal, log and fold: every message is taken, in order,
/// and every verdict is that of the truth. As many as it takes for each kind to occur.
#[test]
fn hard_cases_come_out_the_same_through_gateway_and_connectors() {
    let names = synth::kinds().map(|k| k.name).chain(synth::paper_kinds().map(|k| k.name));
    // A kind of story and one of papers may have one name.
    let kinds: BTreeSet<&str> = names.chain(["ordinary"]).collect();
    // A bound, so that a kind which never comes is an error and no endless search.
    let hard = synth::stories(SEED, 0..20_000);
    let hard = hard.filter(|s| s.kind != "ordinary" || s.papers.is_some());
    let mut kinds_met = BTreeSet::from(["ordinary"]);
    let needed = hard
        .take_while(|s| {
            let some_are_missing = kinds_met.len() < kinds.len();
            kinds_met.extend(std::iter::once(s.kind).chain(s.papers));
            some_are_missing
        })
        .count();
    assert_eq!(kinds_met, kinds);
    let (talents, seed) = (needed.to_string(), SEED.to_string());
    let args = ["synth", "report", "--live", "--json", "--seed", &seed, "--talents", &talents];
    let report = support::run(&args).json();
    assert_eq!(report["score"]["errors"], json!([]));
    assert_eq!(report["score"]["verdicts_right"], report["score"]["checks"]);
    assert!(report["score"]["checks"].as_u64().unwrap() > needed as u64);
    assert_eq!(report["look_ups"]["errors"], json!([]));
    assert_eq!(report["look_ups"]["right"], report["look_ups"]["asked"]);
}
