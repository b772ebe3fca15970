//! Papers and look-ups of the stories: labelled, stated and derived alike, and found by the engine.

use std::collections::{BTreeMap, BTreeSet};

use talent_gateway::domain::recognition::{Effect, Outcome};
use talent_gateway::domain::registry::MessageType;
use talent_gateway::synth::{self, Answered, LookUps, Rulebook, Stated, Story};

use super::{SEED, TALENTS, generated};

/// Stories with papers, enough of them for each kind to occur several times.
fn told() -> impl Iterator<Item = Story> {
    synth::stories(SEED, 0..2 * TALENTS).filter(|story| story.papers.is_some())
}

fn judged(stories: impl Iterator<Item = Story>) -> LookUps {
    let rulebook = Rulebook::shipped().unwrap();
    let mut score = LookUps::default();
    for story in stories {
        let name = (story.index, story.look_up_kind());
        synth::look_up(&story, &rulebook, |at, truth, found| {
            score.add(name, at.id(), &truth.expected, found);
        })
        .unwrap();
    }
    score
}

/// Every question has a truth, and nothing else has one; whatever a writer states is what is derived, and
/// a writer states all that is not drawn at random.
#[test]
fn every_look_up_is_labelled_and_as_its_writer_states() {
    let kinds: BTreeMap<_, _> = synth::paper_kinds().map(|k| (k.name, k)).collect();
    assert_eq!(kinds.len(), synth::paper_kinds().count(), "a name occurs twice");
    let mut told_of = BTreeSet::new();
    for story in told() {
        let kind = kinds[story.papers.unwrap()];
        for act in &story.acts {
            let asks = [MessageType::RecognitionQuery, MessageType::EntitlementQuery];
            assert_eq!(asks.contains(&act.message), act.look_up.is_some(), "{}", kind.name);
        }
        assert!(story.look_ups().count() > 0, "{} asks nothing", kind.name);
        for truth in story.look_ups() {
            assert_eq!(truth.stated.is_none(), kind.combined, "{}", kind.name);
            assert!(truth.is_as_stated(), "{} {}: {truth:#?}", story.index, kind.name);
        }
        told_of.insert(kind.name);
    }
    assert_eq!(told_of.len(), kinds.len(), "every kind is told");
    assert!(generated().filter(|s| s.papers.is_none()).all(|s| s.look_ups().count() == 0));
}

/// Writers state every outcome, every legal effect, and both answers about a service.
#[test]
fn every_outcome_effect_and_answer_is_stated_by_some_writer() {
    let stated: Vec<Stated> =
        told().flat_map(|s| s.look_ups().filter_map(|l| l.stated).collect::<Vec<_>>()).collect();
    let says = |wanted: Stated| stated.contains(&wanted);
    for effect in [
        Effect::ValidDirectly,
        Effect::ValidAfterFiling,
        Effect::AppointableWithoutReview,
        Effect::HoursAccumulate,
        Effect::PermitValid,
    ] {
        assert!(says(Stated::Outcome(Outcome::Recognised, Some(effect))), "{effect:?}");
    }
    for outcome in
        [Outcome::Conditional, Outcome::NotRecognised, Outcome::NoRule, Outcome::NotValid]
    {
        assert!(says(Stated::Outcome(outcome, None)), "{outcome:?}");
    }
    assert!(says(Stated::Outcome(Outcome::NoRecord, None)));
    for (entitled, person_decides) in [(true, false), (false, true), (false, false)] {
        assert!(says(Stated::Service { entitled, person_decides }), "{entitled} {person_decides}");
    }
}

#[test]
fn the_engine_answers_what_is_true_and_nothing_else() {
    let score = judged(told());
    assert!(score.errors.is_empty(), "{:#?}", score.errors);
    assert_eq!((score.right, score.least_permille()), (score.asked, Some(1_000)));
    assert_eq!((score.outcomes.len(), score.effects.len(), score.hours.len()), (6, 5, 3));
    // Every rule of the zone's measures and of the prelude that is no example.
    let rules = talent_gateway::domain::recognition::rules().unwrap();
    let zone = rules.iter().filter(|r| r.rule.starts_with("zone-"));
    let prelude = synth::prelude::recognition_rules();
    let services = ["synth-jiaxing", "synth-qingpu", "synth-skilled"];
    let asked_alone = prelude.iter().filter_map(|(_, body)| body["rule"].as_str());
    let asked_alone = asked_alone.filter(|id| !services.iter().any(|s| id.starts_with(s)));
    assert_eq!(score.rules.len(), zone.count() + asked_alone.count(), "{:?}", score.rules.keys());
    for (name, counts) in score.tables().into_iter().flat_map(|(_, table)| table) {
        assert!(counts.positives > 0 && counts.hits > 0, "{name} {counts:?}");
    }
}

/// A score that cannot fail says nothing: each thing that is compared is noticed when it is bent.
#[test]
fn a_wrong_truth_of_a_look_up_lowers_the_score() {
    let bent = |kind: &str, bend: &dyn Fn(&mut Answered)| {
        let mut story = told().find(|s| s.papers == Some(kind)).unwrap();
        let asked = story.look_ups().count() as u64;
        for act in &mut story.acts {
            act.look_up.iter_mut().for_each(|l| bend(&mut l.expected));
        }
        let score = judged(std::iter::once(story));
        assert_eq!((score.asked, score.right), (asked, 0), "{kind}");
        assert_eq!(score.least_permille(), Some(0), "{kind}");
        assert!(!score.errors.is_empty(), "{kind}");
    };
    let recognition = |bend: fn(&mut synth::Recognised)| {
        move |truth: &mut Answered| {
            if let Answered::Recognition(truth) = truth {
                bend(truth);
            }
        }
    };
    bent("title-of-who-moved", &recognition(|t| t.outcome = Outcome::NoRule));
    bent("title-of-who-moved", &recognition(|t| t.records.clear()));
    bent(
        "qualification-registered",
        &recognition(|t| {
            t.records.values_mut().for_each(|r| r.effect = Some(Effect::ValidDirectly));
        }),
    );
    bent(
        "qualification-registered",
        &recognition(|t| t.records.values_mut().for_each(|r| r.rules.clear())),
    );
    bent("hours-counted-once", &recognition(|t| t.hours.clear()));
    bent("service-as-a-local-class", &|truth| {
        if let Answered::Entitlement(truth) = truth {
            truth.classes.clear();
        }
    });
}

/// The hard cases of standards.md that papers add, each where its label puts it.
#[test]
fn documents_places_and_codes_of_the_standards_occur() {
    let mut seen: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for story in told() {
        for act in &story.acts {
            let mut see = |what: String| {
                seen.entry(what).or_default().insert(story.look_up_kind());
            };
            let member = |name: &str| act.body[name].as_str().map(str::to_owned);
            let number = act.body["subject"]["number"].as_str().unwrap_or_default();
            if let Some(kind) = act.body["subject"]["document_type"].as_str() {
                see(format!("document {kind} of {}", number.chars().count()));
            }
            if let Some(region) = act.body["authority"]["region"].as_str() {
                see(format!("office {region}"));
            }
            if let (Some(scheme), Some(class)) = (member("scheme"), member("class")) {
                see(format!("{scheme} {class}"));
            }
        }
    }
    for what in [
        "document 114 of 12",
        "document 111 of 15",
        "document 111 of 20",
        "document 516 of 11",
        "document 414 of 9",
        "document 553 of 15",
        "document 553 of 18",
        "office 320525",
        "office 320584",
        "office 310229",
        "office 320576",
        "education-gbt4658 22",
        "education-gbt4658 23",
        "degree-gbt6864 1",
    ] {
        assert!(seen.contains_key(what), "{what} in {:?}", seen.keys());
    }
}
