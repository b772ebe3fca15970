//! Each legal effect: the object it fits, what brings it about, what does not.

use super::*;

/// An object, an effect that it may have, and a purpose that it is asked for.
const EFFECTS: [(Object, Effect, RecognitionPurpose); 6] = [
    (Object::Occupational, Effect::ValidDirectly, RecognitionPurpose::Registration),
    (Object::Occupational, Effect::ValidAfterFiling, RecognitionPurpose::Practice),
    (Object::Title, Effect::AppointableWithoutReview, RecognitionPurpose::Appointment),
    (Object::EducationHours, Effect::HoursAccumulate, RecognitionPurpose::Evaluation),
    (Object::WorkPermit, Effect::PermitValid, RecognitionPurpose::Work),
    (Object::Certification, Effect::NotRecognised, RecognitionPurpose::Funding),
];

fn outcome_of(
    (object, effect, purpose): (Object, Effect, RecognitionPurpose),
    change: impl Fn(&mut Credential, &mut RecognitionRule, &mut Question<String>),
) -> (Outcome, Option<Effect>) {
    let mut held = credential("jiashan", "1", "s", "A");
    held.object = object;
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    (logged.rule.object, logged.rule.effect) = (object, effect);
    logged.rule.purposes = vec![purpose];
    let mut question = question("qingpu");
    question.for_purpose = purpose;
    assert!(logged.rule.check().is_ok(), "{effect:?}");
    change(&mut held, &mut logged.rule, &mut question);
    let answer = ask(held, vec![logged], &question);
    (answer.outcome, answer.records[0].effect())
}

#[test]
fn each_effect_comes_about_by_a_rule_for_its_object_and_purpose() {
    for case in EFFECTS {
        let expected = match case.1 {
            Effect::NotRecognised => (Outcome::NotRecognised, None),
            effect => (Outcome::Recognised, Some(effect)),
        };
        assert_eq!(outcome_of(case, |_, _, _| ()), expected, "{case:?}");
    }
}

#[test]
fn no_effect_comes_about_for_another_purpose_object_or_invalid_record() {
    for case in EFFECTS {
        let other = outcome_of(case, |_, rule, _| rule.purposes = vec![RecognitionPurpose::Points]);
        assert_eq!(other, (Outcome::NoRule, None), "{case:?}: purpose");
        let other = outcome_of(case, |held, _, _| held.object = Object::Education);
        assert_eq!(other, (Outcome::NoRule, None), "{case:?}: object");
        let other = outcome_of(case, |held, _, _| held.objections = vec![9]);
        assert_eq!(other, (Outcome::NotValid, None), "{case:?}: objection");
    }
}

#[test]
fn each_effect_holds_from_the_first_to_the_last_day_of_record_and_rule() {
    for case in EFFECTS {
        let on = |day| outcome_of(case, |_, _, question| question.valid_at = day).0;
        let yes = outcome_of(case, |_, _, _| ()).0;
        // The record holds for 2023 to 2027.
        let days = [(2022, 12, 31), (2023, 1, 1), (2027, 12, 31), (2028, 1, 1)];
        let expected = [Outcome::NotValid, yes, yes, Outcome::NotValid];
        assert_eq!(days.map(|(y, m, d)| on(date(y, m, d))), expected, "{case:?}: record");
        let rule_ends = |day| {
            outcome_of(case, |_, rule, question| {
                rule.validity.until = Some(date(2024, 6, 30));
                question.valid_at = day;
            })
        };
        assert_eq!(rule_ends(date(2024, 6, 30)).0, yes, "{case:?}: last day of the rule");
        assert_eq!(rule_ends(date(2024, 7, 1)).0, Outcome::NoRule, "{case:?}: the day after");
    }
}

#[test]
fn an_effect_that_does_not_fit_its_object_is_refused() {
    let check = |change: &dyn Fn(&mut RecognitionRule)| {
        let mut rule = rule("r1", "jiashan", "s", "A", "qingpu").rule;
        change(&mut rule);
        rule.check().map_err(|refusal| refusal.violations[0].pointer.clone())
    };
    let refused = |pointer: &str| Err(pointer.to_owned());
    for effect in [Effect::HoursAccumulate, Effect::PermitValid, Effect::AppointableWithoutReview] {
        assert_eq!(check(&|r| r.effect = effect), refused("/effect"), "{effect:?}");
    }
    let minimum = HoursMinimum { general_tenths: 0, professional_tenths: 0, total_tenths: 900 };
    assert_eq!(check(&|r| r.minimum = Some(minimum)), refused("/minimum"));
    assert_eq!(check(&|r| r.services = vec!["medical".into()]), refused("/purposes"));
    let service = |r: &mut RecognitionRule| {
        r.services = vec!["medical".into()];
        r.purposes = vec![RecognitionPurpose::Service];
    };
    assert_eq!(check(&service), Ok(()));
    let class = LocalMeaning::Class { class: ClassRef { scheme: "s-b".into(), class: "B".into() } };
    let treated = |r: &mut RecognitionRule| r.local = Some(class.clone());
    assert_eq!(check(&treated), Ok(()));
    let refusal = |r: &mut RecognitionRule| {
        r.local = Some(class.clone());
        r.effect = Effect::NotRecognised;
    };
    assert_eq!(check(&refusal), refused("/local"));
    let permit = |r: &mut RecognitionRule| {
        r.local = Some(class.clone());
        (r.object, r.effect) = (Object::WorkPermit, Effect::PermitValid);
    };
    assert_eq!(check(&permit), refused("/local"));
}

#[test]
fn a_local_class_holds_for_the_purpose_of_its_rule_only() {
    let rules = vec![treated_as(rule("r1", "jiashan", "s", "A", "qingpu"), "s-b", "D")];
    let held = credential("jiashan", "1", "s", "A");
    let housing = ask(held.clone(), rules.clone(), &question("qingpu"));
    assert!(housing.records[0].rules[0].local.is_some());
    let mut points = question("qingpu");
    points.for_purpose = RecognitionPurpose::Points;
    let answer = ask(held, rules, &points);
    assert_eq!((answer.outcome, answer.records[0].rules.len()), (Outcome::NoRule, 0));
}
