//! Rules that agree, that wait for one open question, and that contradict each other; and the headlines.

use super::*;
use crate::domain::citation::Citation;
use crate::domain::text::Text;

fn asks(mut logged: LoggedRule, need: Requirement) -> LoggedRule {
    logged.rule.preconditions.push(Precondition {
        need,
        text: Text::new("某项条件", "some condition"),
        by_upload: true,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    });
    logged
}

fn plain(id: &str) -> LoggedRule {
    rule(id, "jiashan", "s", "A", "qingpu")
}

fn with_effect(mut logged: LoggedRule, effect: Effect) -> LoggedRule {
    logged.rule.effect = effect;
    logged
}

fn registered(logged: LoggedRule, value: bool) -> LoggedRule {
    asks(logged, Requirement::Registered { value })
}

fn judged(rules: Vec<LoggedRule>, change: impl Fn(&mut Credential)) -> Recognition {
    let mut held = credential("jiashan", "1", "s", "A");
    change(&mut held);
    ask(held, rules, &question("qingpu"))
}

fn form() -> Requirement {
    Requirement::Document { code: "form".into() }
}

#[test]
fn rules_that_agree_decide_by_the_one_that_is_proven_best() {
    let answer = judged(vec![asks(plain("a"), form()), plain("b")], |_| ());
    assert_eq!(answer.outcome, Outcome::Recognised);
    let ids: Vec<_> = answer.records[0].rules.iter().map(|r| r.rule.as_str()).collect();
    assert_eq!(ids, ["b", "a"], "the one that decides comes first");
    assert!(answer.records[0].flags.is_empty());
    let both = judged(vec![asks(plain("a"), form()), asks(plain("b"), form())], |_| ());
    assert_eq!(both.outcome, Outcome::Conditional);
}

#[test]
fn rules_conflict_on_effect_local_meaning_or_yes_and_no_only() {
    let conflict = |other: LoggedRule| {
        let answer = judged(vec![plain("a"), other], |_| ());
        (answer.outcome, answer.records[0].flags.contains(&Flag::RulesConflict))
    };
    assert_eq!(conflict(plain("b")), (Outcome::Recognised, false));
    let differ = [
        with_effect(plain("b"), Effect::NotRecognised),
        with_effect(plain("b"), Effect::ValidAfterFiling),
        treated_as(plain("b"), "t", "D"),
        // Unproven, but nothing of the first rule keeps them apart.
        with_effect(registered(plain("b"), true), Effect::ValidAfterFiling),
    ];
    for other in differ {
        assert_eq!(conflict(other), (Outcome::NoRule, true));
    }
}

#[test]
fn of_rules_that_exclude_each_other_what_is_unknown_is_asked_for() {
    let pair = || {
        let filing = with_effect(registered(plain("b"), true), Effect::ValidAfterFiling);
        vec![registered(plain("a"), false), filing]
    };
    let open = judged(pair(), |_| ());
    assert_eq!(open.outcome, Outcome::Conditional);
    let record = &open.records[0];
    assert_eq!((record.effect(), record.alternatives().len()), (None, 2));
    assert!(record.flags.is_empty());
    for (language, parts) in [
        (Language::Zh, ["有条件认可", "查明是哪一种情形", "备案后方可执业", "可直接作为依据办理"]),
        (
            Language::En,
            ["under conditions", "find out which it is", "the enterprise files", "rely on"],
        ),
    ] {
        let text = explain(&open, NOTHING, language);
        for part in parts {
            assert!(text.contains(part), "{part} missing in {text}");
        }
    }
    let known = |value| judged(pair(), move |held| held.revisions[0].registered = Some(value));
    assert_eq!(known(false).records[0].effect(), Some(Effect::ValidDirectly));
    assert_eq!(known(true).records[0].effect(), Some(Effect::ValidAfterFiling));
    assert!(known(true).records[0].alternatives().is_empty());
    // A third rule that is not kept apart from both makes a conflict of it.
    let mut three = pair();
    three.push(with_effect(asks(plain("c"), form()), Effect::NotRecognised));
    assert_eq!(judged(three, |_| ()).records[0].flags, [Flag::RulesConflict]);
    // Two facts of one name and opposite values, too; of two names, no.
    let fact = |id: &str, name: &str, value| {
        let effect = if value { Effect::ValidDirectly } else { Effect::NotRecognised };
        asks(with_effect(plain(id), effect), Requirement::Fact { name: name.into(), value })
    };
    let apart = judged(vec![fact("a", "f", true), fact("b", "f", false)], |_| ());
    assert_eq!(apart.outcome, Outcome::Conditional);
    let together = judged(vec![fact("a", "f", true), fact("b", "g", false)], |_| ());
    assert_eq!(together.outcome, Outcome::NoRule);
}

#[test]
fn what_data_refute_has_a_headline_of_its_own_and_no_action() {
    let rules = || vec![registered(plain("a"), false)];
    let answer = judged(rules(), |held| held.revisions[0].registered = Some(true));
    assert_eq!(answer.outcome, Outcome::Conditional);
    let text = explain(&answer, NOTHING, Language::Zh);
    assert!(text.starts_with("结论：数据与条件不符，由人判断。"), "{text}");
    assert!(!text.contains("条件证明后") && !text.contains("可直接作为依据办理"), "{text}");
    let text = explain(&answer, NOTHING, Language::En);
    assert!(text.starts_with("Result: data contradict the conditions"), "{text}");
    // Several rules that data refute all alike are no contradiction of rules.
    let mut two = rules();
    two.push(with_effect(registered(plain("b"), false), Effect::NotRecognised));
    let answer = judged(two, |held| held.revisions[0].registered = Some(true));
    assert_eq!((answer.outcome, answer.records[0].flags.len()), (Outcome::Conditional, 0));
}

#[test]
fn an_example_heads_nothing_and_no_action_follows_from_it() {
    for effect in [Effect::ValidDirectly, Effect::NotRecognised] {
        let mut example = with_effect(plain("a"), effect);
        example.rule.status = RuleStatus::Example;
        let answer = judged(vec![example.clone()], |_| ());
        let found = &answer.records[0];
        assert_eq!((answer.outcome, found.effect()), (Outcome::NoRule, None));
        assert_eq!(found.flags, [Flag::ExampleRule]);
        // Two that differ contradict nothing that is in force.
        let mut other = with_effect(plain("b"), Effect::ValidAfterFiling);
        other.rule.status = RuleStatus::Example;
        assert_eq!(judged(vec![example, other], |_| ()).records[0].flags, [Flag::ExampleRule]);
        let text = explain(&answer, NOTHING, Language::Zh);
        assert!(text.starts_with("结论：仅示例，无规则。"), "{text}");
        assert!(!text.contains("可直接作为依据办理") && text.contains("没有现行规则"), "{text}");
        assert!(text.contains("☎ 联系：青浦区"), "{text}");
        let text = explain(&answer, NOTHING, Language::En);
        assert!(text.starts_with("Result: an example only, no rule."), "{text}");
    }
}

#[test]
fn a_no_that_is_not_proven_yet_is_not_headed_as_a_yes() {
    let answer = judged(vec![asks(with_effect(plain("a"), Effect::NotRecognised), form())], |_| ());
    assert_eq!(answer.outcome, Outcome::Conditional);
    let text = explain(&answer, NOTHING, Language::Zh);
    assert!(text.starts_with("结论：条件证实则不予认可。"), "{text}");
}
