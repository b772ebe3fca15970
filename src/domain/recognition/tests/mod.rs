//! What recognition must never do, as properties over chosen schemes and classes; and, in files of
//! their own, effects, preconditions, hours, services and scopes, each with what makes it true, what
//! does not, and the last day or tenth on either side.

mod agreement;
mod copies;
mod effects;
mod hours;
mod order;
mod origin;
mod preconditions;
mod services;
mod words;

use jiff::civil::date;
use proptest::prelude::*;

use super::testing::{credential, rule};
use super::*;
use crate::domain::place::NO_CONTACT;
use crate::domain::text::Language;

const SUBJECT: &str = "试甲";
/// Neither names nor contacts.
const NOTHING: Told<'_> = Told { names: &NoNames, contact: NO_CONTACT };

fn question(at: &str) -> Question<String> {
    Question {
        subject: SUBJECT.into(),
        about: None,
        at: at.parse().unwrap(),
        for_purpose: RecognitionPurpose::Housing,
        service: None,
        valid_at: date(2024, 6, 1),
    }
}

fn ask(credential: Credential, rules: Vec<LoggedRule>, question: &Question<String>) -> Recognition {
    let holdings = Holdings { credentials: vec![credential], ..Holdings::default() };
    recognise(&MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules), question)
}

/// The rule `id` gives `scheme`/`class` here the meaning of a local class.
fn treated_as(mut logged: LoggedRule, scheme: &str, class: &str) -> LoggedRule {
    let class = ClassRef { scheme: scheme.into(), class: class.into() };
    logged.rule.local = Some(LocalMeaning::Class { class });
    logged
}

fn class() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["A", "B", "C", "D", "E", "F", "顶尖", "高端", "高级", "基础"])
}

proptest! {
    #[test]
    fn never_transitive(a in class(), b in class(), c in class()) {
        let rules = vec![
            treated_as(rule("r1", "jiashan", "s-a", a, "qingpu"), "s-b", b),
            treated_as(rule("r2", "qingpu", "s-b", b, "wujiang"), "s-c", c),
        ];
        let held = credential("jiashan", "1", "s-a", a);
        let there = ask(held.clone(), rules.clone(), &question("qingpu"));
        prop_assert_eq!(there.outcome, Outcome::Recognised);
        let beyond = ask(held, rules, &question("wujiang"));
        prop_assert_eq!(beyond.outcome, Outcome::NoRule);
        prop_assert!(beyond.records.iter().all(|r| r.rules.is_empty()));
    }

    #[test]
    fn never_symmetric(a in class(), b in class()) {
        let rules = vec![treated_as(rule("r1", "jiashan", "s-a", a, "qingpu"), "s-b", b)];
        let back = ask(credential("qingpu", "1", "s-b", b), rules, &question("jiashan"));
        prop_assert_eq!(back.outcome, Outcome::NoRule);
    }

    #[test]
    fn never_by_letter_or_rank(ruled in class(), held in class()) {
        let rules = vec![rule("r1", "jiashan", "s", ruled, "qingpu")];
        let answer = ask(credential("jiashan", "1", "s", held), rules.clone(), &question("qingpu"));
        let expected = if ruled == held { Outcome::Recognised } else { Outcome::NoRule };
        prop_assert_eq!(answer.outcome, expected);
        // The same letter in another scheme means nothing.
        let other = ask(credential("jiashan", "1", "t", ruled), rules, &question("qingpu"));
        prop_assert_eq!(other.outcome, Outcome::NoRule);
    }

    #[test]
    fn rules_for_other_purposes_or_places_change_nothing(n in 0_usize..40, a in class()) {
        let mut rules: Vec<_> = (0..n)
            .map(|i| rule(&format!("x{i}"), "jiashan", "s", a, "wujiang"))
            .collect();
        for logged in rules.iter_mut().step_by(2) {
            logged.rule.purposes = vec![RecognitionPurpose::Points];
        }
        let mut points = rule("p", "jiashan", "s", a, "qingpu");
        points.rule.purposes = vec![RecognitionPurpose::Points];
        rules.push(points);
        let answer = ask(credential("jiashan", "1", "s", a), rules, &question("qingpu"));
        prop_assert_eq!(answer.outcome, Outcome::NoRule);
    }

    #[test]
    fn the_order_of_the_log_does_not_change_the_answer(a in class(), swap in any::<bool>()) {
        let mut no = rule("r2", "jiashan", "s", a, "qingpu");
        no.rule.effect = Effect::NotRecognised;
        let mut rules = vec![rule("r1", "jiashan", "s", a, "qingpu"), no];
        if swap {
            rules.reverse();
        }
        let answer = ask(credential("jiashan", "1", "s", a), rules, &question("qingpu"));
        prop_assert_eq!(answer.outcome, Outcome::NoRule);
        prop_assert_eq!(&answer.records[0].flags, &vec![Flag::RulesConflict]);
        let ids: Vec<_> = answer.records[0].rules.iter().map(|r| r.rule.as_str()).collect();
        prop_assert_eq!(ids, ["r1", "r2"]);
    }

    #[test]
    fn what_is_logged_later_does_not_change_the_answer_for_an_earlier_log(size in 2_u64..100) {
        let held = credential("jiashan", "1", "s", "A");
        let early = vec![rule("r1", "jiashan", "s", "A", "qingpu")];
        let mut late = early.clone();
        let mut withdrawn = rule("r1", "jiashan", "s", "A", "qingpu");
        (withdrawn.position, withdrawn.rule.revision) = (size, 2);
        withdrawn.rule.withdrawn = true;
        late.push(withdrawn);
        let holdings = Holdings { credentials: vec![held], ..Holdings::default() };
        let at = |rules, size| {
            let view = MemoryView::new(size, [(SUBJECT.to_owned(), holdings.clone())], rules);
            recognise(&view, &question("qingpu"))
        };
        prop_assert_eq!(at(early, size), at(late.clone(), size));
        prop_assert_eq!(at(late, size + 1).outcome, Outcome::NoRule);
    }
}

#[test]
fn rules_that_came_one_by_one_are_found_like_rules_read_at_once() {
    let a = rule("r1", "jiashan", "s", "A", "qingpu");
    let mut b = rule("r1", "jiashan", "s", "B", "qingpu");
    (b.position, b.rule.revision) = (3, 2);
    let mut c = rule("r2", "jiashan", "s", "A", "qingpu");
    c.position = 5;
    let all = vec![a, b, c];
    let mut grown = std::sync::Arc::new(RuleIndex::default());
    for logged in all.clone() {
        // A view that is being read keeps what it has.
        let (read, size) = (std::sync::Arc::clone(&grown), logged.position);
        std::sync::Arc::make_mut(&mut grown).extend([logged]);
        for (index, known) in [(&read, size), (&grown, size + 1)] {
            let once: RuleIndex = all.iter().filter(|l| l.position < known).cloned().collect();
            for class in ["A", "B"] {
                let key = RuleKey {
                    object: Object::Certification,
                    scheme: "s".into(),
                    class: class.into(),
                    at: "qingpu".parse().unwrap(),
                    purpose: RecognitionPurpose::Housing,
                };
                let day = date(2026, 1, 1);
                assert_eq!(index.find(&key, day, known), once.find(&key, day, u64::MAX));
            }
        }
    }
}

#[test]
fn a_class_that_a_revision_drops_is_not_recognised_by_the_old_revision() {
    let old = rule("r1", "jiashan", "s", "A", "qingpu");
    let mut new = rule("r1", "jiashan", "s", "B", "qingpu");
    (new.position, new.rule.revision) = (5, 2);
    let rules = vec![old, new];
    let a = ask(credential("jiashan", "1", "s", "A"), rules.clone(), &question("qingpu"));
    let b = ask(credential("jiashan", "1", "s", "B"), rules, &question("qingpu"));
    assert_eq!((a.outcome, b.outcome), (Outcome::NoRule, Outcome::Recognised));
}

#[test]
fn a_draft_replaces_nothing() {
    let mut draft = rule("r1", "jiashan", "s", "B", "qingpu");
    (draft.position, draft.rule.revision, draft.rule.status) = (5, 2, RuleStatus::Draft);
    let rules = vec![rule("r1", "jiashan", "s", "A", "qingpu"), draft];
    let a = ask(credential("jiashan", "1", "s", "A"), rules.clone(), &question("qingpu"));
    let b = ask(credential("jiashan", "1", "s", "B"), rules, &question("qingpu"));
    assert_eq!((a.outcome, b.outcome), (Outcome::Recognised, Outcome::NoRule));
}

#[test]
fn a_sender_outside_the_circle_is_not_recognised() {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    logged.rule.issuer = IssuerMatch::new(vec![], vec!["330421".into()], vec![]).unwrap();
    let inside =
        ask(credential("jiashan", "1", "s", "A"), vec![logged.clone()], &question("qingpu"));
    let outside = ask(credential("yangpu", "1", "s", "A"), vec![logged], &question("qingpu"));
    assert_eq!((inside.outcome, outside.outcome), (Outcome::Recognised, Outcome::NoRule));
}

#[test]
fn issuer_and_scheme_version_must_be_those_of_the_rule() {
    let ask_with = |change: &dyn Fn(&mut RecognitionRule)| {
        let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
        change(&mut logged.rule);
        let mut held = credential("jiashan", "1", "s", "A");
        held.revisions[0].scheme_version = Some("2023".into());
        ask(held, vec![logged], &question("qingpu")).outcome
    };
    let region = |code: &str| IssuerMatch::new(vec![], vec![code.into()], vec![]).unwrap();
    assert_eq!(ask_with(&|r| r.issuer = region("330421")), Outcome::Recognised);
    assert_eq!(ask_with(&|r| r.issuer = region("330000")), Outcome::NoRule, "a province is itself");
    assert_eq!(ask_with(&|r| r.scheme_versions = vec!["2023".into()]), Outcome::Recognised);
    assert_eq!(ask_with(&|r| r.scheme_versions = vec!["2024".into()]), Outcome::NoRule);
}

#[test]
fn an_own_record_reads_as_needing_none_and_calls_nobody() {
    let told = |at: &str| {
        let credential = credential("jiashan", "c-1", "jiaxing-talent", "高级");
        let answer = ask(credential, Vec::new(), &question(at));
        assert_eq!(answer.outcome, Outcome::NoRule);
        explain(&answer, NOTHING, Language::Zh)
    };
    let own = told("jiashan");
    assert!(own.contains("本地记录，无需互认") && !own.contains("无对应规则"), "{own}");
    assert!(own.contains("按本地规定直接使用该记录") && !own.contains('☎'), "{own}");
    let other = told("qingpu");
    assert!(other.contains("无对应规则，需人工") && other.contains('☎'), "{other}");
}

#[test]
fn both_languages_name_rule_document_and_positions() {
    let rules = vec![rule("r1", "jiashan", "s", "A", "qingpu")];
    let answer = ask(credential("jiashan", "rec-1", "s", "A"), rules, &question("qingpu"));
    for language in [Language::Zh, Language::En] {
        let text = explain(&answer, NOTHING, language);
        let logged = if language == Language::Zh { "日志第 1 条" } else { "log 1" };
        for part in ["rec-1", "r1", "2020", logged, "2024-06-01"] {
            assert!(text.contains(part), "{part} missing in {text}");
        }
    }
}

#[test]
fn an_issuer_must_be_named() {
    assert!(serde_json::from_str::<IssuerMatch>("{}").is_err());
    assert!(serde_json::from_str::<IssuerMatch>(r#"{"regions":["330421"]}"#).is_ok());
}

#[test]
fn a_rule_speaks_inside_its_circle_only() {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    assert!(logged.rule.check().is_ok());
    logged.rule.effect = Effect::HoursAccumulate;
    assert!(logged.rule.check().is_err(), "hours of a certification");
    logged.rule.effect = Effect::ValidDirectly;
    logged.rule.recogniser = "wujiang".parse().unwrap();
    assert!(logged.rule.check().is_err(), "recogniser outside its own circle");
}
