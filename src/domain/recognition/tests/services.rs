//! Shared services, and alliances as scopes.

use std::sync::Arc;

use jiff::civil::Date;

use super::*;
use crate::domain::citation::Citation;
use crate::domain::recognition::alliance::{AllianceStatus, Member};
use crate::domain::text::Text;
use crate::domain::time::Validity;

/// A rule of Qingpu that opens `services` to class A of Jiashan.
fn opens(id: &str, services: &[&str]) -> LoggedRule {
    let mut logged = rule(id, "jiashan", "s", "A", "qingpu");
    logged.rule.purposes = vec![RecognitionPurpose::Service];
    logged.rule.services = services.iter().map(|s| (*s).to_owned()).collect();
    logged
}

fn service(code: Option<&str>) -> Question<String> {
    let mut question = question("qingpu");
    question.for_purpose = RecognitionPurpose::Service;
    question.service = code.map(str::to_owned);
    question
}

fn entitled(rules: Vec<LoggedRule>, code: &str, change: impl Fn(&mut Credential)) -> Entitlement {
    let mut held = credential("jiashan", "1", "s", "A");
    change(&mut held);
    entitlement(&ask(held, rules, &service(Some(code)))).unwrap()
}

#[test]
fn a_service_is_open_by_a_rule_that_names_it() {
    let rules = vec![opens("r1", &["medical", "education"])];
    let yes = entitled(rules.clone(), "medical", |_| ());
    assert!(yes.entitled && !yes.person_decides);
    assert_eq!(yes.classes, [ClassRef { scheme: "s".into(), class: "A".into() }]);
    assert_eq!(yes.basis[0].rule, "r1");
    let no = entitled(rules.clone(), "sports", |_| ());
    assert!(!no.entitled && !no.person_decides && no.classes.is_empty() && no.basis.is_empty());
    let other = entitled(rules, "medical", |held| held.revisions[0].class = "B".into());
    assert!(!other.entitled && !other.person_decides);
}

#[test]
fn rules_with_and_without_services_do_not_speak_for_each_other() {
    let general = opens("g", &[]);
    assert!(!entitled(vec![general.clone()], "medical", |_| ()).entitled);
    let held = credential("jiashan", "1", "s", "A");
    let named = ask(held.clone(), vec![opens("r1", &["medical"])], &service(None));
    assert_eq!(named.outcome, Outcome::NoRule);
    let answer = ask(held, vec![general, opens("r1", &["medical"])], &service(None));
    assert_eq!((answer.outcome, answer.records[0].rules.len()), (Outcome::Recognised, 1));
    assert!(entitlement(&answer).is_none(), "no service was asked about");
}

#[test]
fn the_class_is_the_local_one_where_the_rule_gives_one() {
    let local = treated_as(opens("r1", &["medical"]), "s-b", "D");
    let yes = entitled(vec![local], "medical", |_| ());
    assert_eq!(yes.classes, [ClassRef { scheme: "s-b".into(), class: "D".into() }]);
}

#[test]
fn a_person_decides_where_a_no_may_still_become_a_yes() {
    let rules = vec![opens("r1", &["medical"])];
    let disputed = entitled(rules.clone(), "medical", |held| held.objections = vec![5]);
    assert_eq!((disputed.entitled, disputed.person_decides), (false, true));
    let suspect = entitled(rules.clone(), "medical", |held| held.revisions[0].suspect = true);
    assert_eq!((suspect.entitled, suspect.person_decides), (false, true));
    let expired = entitled(rules.clone(), "medical", |held| {
        held.revisions[0].validity.until = Some(date(2024, 5, 31));
    });
    assert_eq!((expired.entitled, expired.person_decides), (false, false));
    let mut refused = opens("r2", &["medical"]);
    refused.rule.effect = Effect::NotRecognised;
    let conflict = entitled(vec![opens("r1", &["medical"]), refused.clone()], "medical", |_| ());
    assert_eq!((conflict.entitled, conflict.person_decides), (false, true));
    let no = entitled(vec![refused], "medical", |_| ());
    assert_eq!((no.entitled, no.person_decides), (false, false));
}

#[test]
fn a_talent_of_the_offering_district_is_never_sent_away_with_a_bare_no() {
    let told = |e: &Entitlement, l| explain_entitlement(e, NOTHING, l);
    let of = |sender: &str, until| {
        let mut held = credential(sender, "1", "s", "A");
        held.revisions[0].validity.until = until;
        entitlement(&ask(held, Vec::new(), &service(Some("medical")))).unwrap()
    };
    let own = of("qingpu", None);
    assert!(!own.entitled && own.own_record && own.person_decides);
    assert!(told(&own, Language::Zh).starts_with("结论：本地记录，按本地规定。"));
    assert!(told(&own, Language::En).starts_with("Result: an own record, local rules decide."));
    for other in [of("jiashan", None), of("qingpu", Some(date(2024, 5, 31)))] {
        assert!(!other.own_record && !other.person_decides);
        assert!(told(&other, Language::Zh).starts_with("结论：未见可享受的规则和记录。"));
    }
}

#[test]
fn what_data_refute_and_what_only_an_example_says_is_not_headed_as_a_yes() {
    let told = |e: &Entitlement| explain_entitlement(e, NOTHING, Language::Zh);
    let mut rules = vec![opens("r1", &["medical"])];
    rules[0].rule.preconditions = vec![Precondition {
        need: Requirement::Registered { value: true },
        text: Text::new("条件", "condition"),
        by_upload: true,
        citation: Citation { document: "d".into(), article: "2".into(), phrase: None },
    }];
    let refuted = entitled(rules.clone(), "medical", |h| h.revisions[0].registered = Some(false));
    assert!(!refuted.entitled && refuted.refuted && refuted.person_decides);
    assert!(told(&refuted).starts_with("结论：数据与条件不符，由人判断。"));
    let open = entitled(rules.clone(), "medical", |_| ());
    assert!(!open.refuted && told(&open).starts_with("结论：尚未证明，由人判断。"));
    rules[0].rule.preconditions.clear();
    assert!(told(&entitled(rules.clone(), "medical", |_| ())).starts_with("结论：可享受。"));
    rules[0].rule.status = RuleStatus::Example;
    let by_example = entitled(rules, "medical", |_| ());
    assert!(!by_example.entitled && by_example.person_decides && by_example.classes.is_empty());
    assert!(by_example.basis.len() == 1 && by_example.is_example());
    let example = told(&by_example);
    assert!(example.starts_with("结论：仅示例，无规则。"), "{example}");
    assert!(example.contains("由提供地人工判断"), "{example}");
}

#[test]
fn an_entitlement_names_no_record() {
    let rules = vec![opens("r1", &["medical"])];
    let yes = entitled(rules, "medical", |held| held.record = "secret-record".into());
    let told = serde_json::to_string(&yes).unwrap();
    let words = [Language::Zh, Language::En].map(|l| explain_entitlement(&yes, NOTHING, l));
    for text in [told.as_str(), words[0].as_str(), words[1].as_str()] {
        assert!(!text.contains("secret-record") && !text.contains("jiashan"), "{text}");
    }
}

// === alliances ===

fn alliance(members: &[(Option<&str>, Date, Option<Date>)]) -> Arc<Alliances> {
    let members = members.iter().map(|&(id, from, until)| Member {
        participant: id.map(|id| id.parse().unwrap()),
        name: Text::new(id.unwrap_or("宁波"), id.unwrap_or("Ningbo")),
        region: None,
        validity: Validity { from, until },
    });
    Arc::new(Alliances::new([Alliance {
        alliance: "one-plus-n".into(),
        name: Text::new("联盟", "alliance"),
        status: AllianceStatus::Established,
        citation: Citation { document: "d".into(), article: "1".into(), phrase: None },
        source_check: SourceCheck::Invented,
        note: None,
        members: members.collect(),
    }]))
}

fn asked_in(alliances: &Arc<Alliances>, sender: &str, at: &str, day: Date) -> Recognition {
    let mut logged = rule("r1", "jiashan", "s", "A", at);
    logged.rule.issuer = IssuerMatch::new(vec![], vec!["330421".into()], vec![]).unwrap();
    logged.rule.scope = RuleScope::Alliance {
        alliance: "one-plus-n".into(),
        version: "1".into(),
        districts: ["yangpu", "jiashan", "hangzhou"].map(|id| id.parse().unwrap()).to_vec(),
    };
    let held =
        Holdings { credentials: vec![credential(sender, "1", "s", "A")], ..Holdings::default() };
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), held)], [logged])
        .with_alliances(Arc::clone(alliances));
    let mut question = question(at);
    question.valid_at = day;
    recognise(&view, &question)
}

#[test]
fn a_rule_for_an_alliance_reaches_its_members_of_the_day() {
    let first = date(2021, 1, 1);
    let (joins, leaves) = (date(2024, 1, 1), date(2024, 12, 31));
    let members =
        alliance(&[(Some("yangpu"), first, None), (Some("hangzhou"), joins, Some(leaves))]);
    let on = |day| asked_in(&members, "hangzhou", "yangpu", day).outcome;
    let days = [date(2023, 12, 31), joins, leaves, date(2025, 1, 1)];
    let expected = [Outcome::NoRule, Outcome::Recognised, Outcome::Recognised, Outcome::NoRule];
    assert_eq!(days.map(on), expected);
    // Written out in the rule, but never a member.
    assert_eq!(asked_in(&members, "jiashan", "yangpu", joins).outcome, Outcome::NoRule);
    // A member, but not written out: the rule was not made for it.
    let more = alliance(&[(Some("yangpu"), first, None), (Some("ningbo"), first, None)]);
    assert_eq!(asked_in(&more, "ningbo", "yangpu", joins).outcome, Outcome::NoRule);
}

#[test]
fn the_recognising_district_must_be_a_member_too() {
    let first = date(2021, 1, 1);
    let members =
        |until| alliance(&[(Some("yangpu"), first, until), (Some("hangzhou"), first, None)]);
    let day = date(2024, 6, 1);
    let at = |until| asked_in(&members(until), "hangzhou", "yangpu", day).outcome;
    assert_eq!(at(None), Outcome::Recognised);
    assert_eq!(at(Some(date(2024, 5, 31))), Outcome::NoRule);
}

#[test]
fn a_member_outside_the_exchange_is_listed_not_covered() {
    let first = date(2021, 1, 1);
    let members = alliance(&[(Some("yangpu"), first, None), (None, first, None)]);
    let answer = asked_in(&members, "jiashan", "yangpu", date(2024, 6, 1));
    let listed: Vec<_> = answer.not_connected.iter().map(|m| m.name.en.as_str()).collect();
    assert_eq!(listed, ["Ningbo"]);
    for language in [Language::Zh, Language::En] {
        assert!(
            explain(&answer, NOTHING, language)
                .contains(answer.not_connected[0].name.get(language))
        );
    }
    let elsewhere = asked_in(&members, "yangpu", "jiashan", date(2024, 6, 1));
    assert!(elsewhere.not_connected.is_empty(), "no member, no list");
}

#[test]
fn where_the_register_is_silent_the_rule_stands_as_written() {
    let answer = asked_in(&Arc::default(), "hangzhou", "yangpu", date(2024, 6, 1));
    assert_eq!(answer.outcome, Outcome::Recognised);
}

#[test]
fn shipped_alliances_hold_the_recognisers_of_shipped_rules() {
    let (rules, alliances) = (rules().unwrap(), alliances().unwrap());
    for rule in &rules {
        let RuleScope::Alliance { alliance, districts, .. } = &rule.scope else { continue };
        let known = alliances.get(alliance).unwrap();
        for district in districts {
            assert!(known.has(district, rule.validity.from), "{}: {district}", rule.rule);
        }
    }
    let services = services().unwrap();
    let named = rules.iter().flat_map(|r| &r.services);
    assert!(named.clone().count() > 0);
    for code in named {
        assert!(services.iter().any(|s| s.service == *code), "{code}");
    }
    let outside = alliances.outside(&"yangpu".parse().unwrap(), date(2024, 1, 1), &|_| true);
    let cities = ["杭州市", "宁波市", "台州市", "南通市"];
    for city in cities {
        assert_eq!(
            outside.iter().filter(|m| m.name.zh == city).count(),
            2,
            "{city}: both alliances"
        );
    }
}
