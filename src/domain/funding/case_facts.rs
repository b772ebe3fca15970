//! Which case facts there are and what their values look like: a slip of the pen would otherwise be a
//! fact that nobody reads, and “unknown” where the officer said “no”.

use super::carriers::{FACTS, is_case_fact};
use super::message::Answer::Unknown;
use super::message::{CaseFact, CaseValue, Criterion, FactUnit, Policy};
use crate::domain::code::{Code, Refusal};
use crate::domain::near::distance;

/// What the value of a case fact looks like. Whoever does not know says `unknown`, whatever the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Yes or no about the day of the application.
    Answer,
    /// Yes or no about months: a `period` may say which.
    MonthlyAnswer,
    /// A whole number in this unit; in any, where a policy of a district names a fact of its own.
    Integer(Option<FactUnit>),
    /// A day.
    Date,
    /// One of these codes.
    Band(&'static [&'static str]),
}

/// Facts that hold by the month, so that a `period` may say for which.
const MONTHLY: &[&str] = &[
    "apartment-shortage",
    "employer-not-civil-service-like",
    "employer-pays-tax-in-district",
    "employer-registered-in-district",
    "family-owns-no-home-in-district",
    "income-tax-in-district",
    "self-renting-in-district",
    "self-renting-nearby-for-work",
    "social-insurance-in-shanghai",
];

/// Facts of a calendar year: a `period` names it; without one it is the year of the application.
const YEARLY: &[&str] = &["points-selected-this-year", "points-tier"];

/// Facts that are no yes or no.
const OTHER_FORMS: &[(&str, Form)] = &[
    ("annual-output-fen", Form::Integer(Some(FactUnit::Fen))),
    ("annual-salary-fen", Form::Integer(Some(FactUnit::Fen))),
    ("general-points", Form::Integer(Some(FactUnit::Points))),
    ("paid-in-cash-fen", Form::Integer(Some(FactUnit::Fen))),
    ("points-direct-group", Form::Band(&["1", "2", "3", "4", "5"])),
    ("points-registered-on", Form::Date),
    ("points-tier", Form::Band(&["1", "2", "3"])),
    ("registered-capital-fen", Form::Integer(Some(FactUnit::Fen))),
    ("team-members", Form::Integer(Some(FactUnit::Persons))),
    ("team-share-permille", Form::Integer(Some(FactUnit::Permille))),
];

/// Most near codes that a refusal names.
const NEAR_MAX: usize = 3;
/// Longest code that is compared letter by letter.
const CODE_LETTERS_MAX: usize = 64;
/// Most refused facts that one refusal names (as `Refusal::violations`).
const REFUSED_MAX: usize = 20;

/// What the value of the case fact with this code looks like; `None` for a code that neither the list
/// of facts nor the policy knows.
pub fn form(code: &str, policy: Option<&Policy>) -> Option<Form> {
    if let Some((_, form)) = OTHER_FORMS.iter().find(|(known, _)| *known == code) {
        return Some(*form);
    }
    if MONTHLY.contains(&code) {
        return Some(Form::MonthlyAnswer);
    }
    if is_case_fact(code) {
        return Some(Form::Answer);
    }
    policy.and_then(|p| own_form(code, p))
}

/// A fact that a district's own policy names and the list does not.
fn own_form(code: &str, policy: &Policy) -> Option<Form> {
    if let Some(condition) = policy.conditions.iter().find(|c| c.fact == code) {
        let whole = condition.least().map(|_| Form::Integer(None));
        return Some(whole.unwrap_or(Form::MonthlyAnswer));
    }
    let class = policy.class.iter().filter_map(|c| c.criteria.as_ref());
    let grounds = class.chain(&policy.target).flat_map(|c| &c.grounds);
    grounds.flat_map(|g| &g.all).find_map(|criterion| match criterion {
        Criterion::Fact { fact } if fact == code => Some(Form::Answer),
        Criterion::AtLeast { fact, .. } if fact == code => Some(Form::Integer(None)),
        Criterion::FactOnDates { fact, dates, .. } => {
            let date = code.strip_prefix(fact.as_str())?.strip_prefix("-on-")?;
            dates.iter().any(|d| d == date).then_some(Form::Answer)
        }
        _ => None,
    })
}

/// Refuses case facts with an unknown code (`fact-unknown`), with a value or period that does not fit
/// (`fact-value`), or that answer one question in two ways (`record-contradiction`). `pointer` leads to
/// the list of facts.
///
/// # Errors
/// The places, with what was expected there; never the value.
pub fn check(facts: &[CaseFact], policy: Option<&Policy>, pointer: &str) -> Result<(), Refusal> {
    let mut unknown = Refusal::new(Code::FactUnknown).detail(
        "个案事实代码须在 docs/facts.md 所列之中，或为所申请政策自己列出的事实",
        "the code of a case fact is one of docs/facts.md, or one that the policy itself names",
    );
    let mut unfit = Refusal::new(Code::FactValue).detail(
        "个案事实的取值类型、单位或所指月份与该事实不符",
        "the value, unit or period of a case fact does not fit the fact",
    );
    for (index, fact) in facts.iter().enumerate() {
        match form(&fact.code, policy) {
            None if unknown.violations.len() < REFUSED_MAX => {
                let near = near(&fact.code);
                unknown = unknown.at(format!("{pointer}/{index}/code"), expected(&near));
            }
            Some(form) if unfit.violations.len() < REFUSED_MAX => {
                if let Some((member, expected)) = misfit(form, fact) {
                    unfit = unfit.at(format!("{pointer}/{index}/{member}"), expected);
                }
            }
            _ => {}
        }
    }
    match (unknown.violations.is_empty(), unfit.violations.is_empty()) {
        (false, _) => Err(unknown),
        (true, false) => Err(unfit),
        (true, true) => agree(facts, pointer),
    }
}

/// One fact, seen on one day for the same months and checked as well, has one value. Statements that
/// were checked less well may differ from better ones: the better counts.
fn agree(facts: &[CaseFact], pointer: &str) -> Result<(), Refusal> {
    let says = |fact: &CaseFact| fact.value != CaseValue::Answer(Unknown);
    let meet = |a: &CaseFact, b: &CaseFact| match (a.period, b.period) {
        (Some(a), Some(b)) => a.overlap(b).is_some(),
        _ => true,
    };
    let clash = |a: &CaseFact, b: &CaseFact| {
        (&a.code, a.as_of, a.attestation) == (&b.code, b.as_of, b.attestation)
            && meet(a, b)
            && says(a)
            && says(b)
            && a.value != b.value
    };
    for (index, fact) in facts.iter().enumerate() {
        let before = facts.get(..index).unwrap_or_default();
        if let Some(other) = before.iter().position(|earlier| clash(earlier, fact)) {
            let expected =
                format!("the value of {pointer}/{other}, or another day or other months");
            return Err(Refusal::new(Code::RecordContradiction)
                .at(format!("{pointer}/{index}/value"), expected)
                .detail(
                    "同一事实在同一日、同样核验程度下有两个不同的答案，请核实后只填一个",
                    "one fact has two answers of the same day, checked alike: find out which holds",
                ));
        }
    }
    Ok(())
}

/// The member that does not fit, and what it should be.
fn misfit(form: Form, fact: &CaseFact) -> Option<(&'static str, String)> {
    let dated = form == Form::MonthlyAnswer || YEARLY.contains(&fact.code.as_str());
    if fact.period.is_some() && !dated {
        return Some(("period", "no period: the fact holds on a day".to_owned()));
    }
    let expected = match (form, &fact.value) {
        (_, CaseValue::Answer(Unknown))
        | (Form::Answer | Form::MonthlyAnswer, CaseValue::Answer(_))
        | (Form::Date, CaseValue::Date(_))
        | (Form::Integer(None), CaseValue::Integer { .. }) => return None,
        (Form::Integer(Some(wanted)), CaseValue::Integer { unit, .. }) if wanted == *unit => {
            return None;
        }
        (Form::Band(codes), CaseValue::Band(band)) if codes.contains(&band.as_str()) => {
            return None;
        }
        (Form::Answer | Form::MonthlyAnswer, _) => "answer: yes, no or unknown".to_owned(),
        (Form::Date, _) => "date".to_owned(),
        (Form::Integer(None), _) => "integer".to_owned(),
        (Form::Integer(Some(unit)), _) => format!("integer with unit {}", unit.as_str()),
        (Form::Band(codes), _) => format!("band: {}", codes.join(", ")),
    };
    Some(("value", expected))
}

fn expected(near: &[&str]) -> String {
    if near.is_empty() {
        return "a code of docs/facts.md".to_owned();
    }
    format!("a code of docs/facts.md; near: {}", near.join(", "))
}

/// Known codes that a slip of the pen may have meant, the nearest first.
fn near(code: &str) -> Vec<&'static str> {
    if code.len() > CODE_LETTERS_MAX {
        return Vec::new();
    }
    let allowed = code.len() / 3;
    let mut found: Vec<(usize, &'static str)> = codes()
        .map(|known| (distance(code, known), known))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    found.sort_unstable();
    found.truncate(NEAR_MAX);
    found.into_iter().map(|(_, known)| known).collect()
}

/// Every listed code of a case fact.
pub fn codes() -> impl Iterator<Item = &'static str> {
    FACTS.iter().filter_map(|f| match f.carrier {
        super::carriers::Carrier::Case(code) => Some(code),
        _ => f.stand_in,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::funding::message::Answer;
    use crate::domain::record::life_cycle::AttestationLevel;
    use crate::domain::time::MonthSpan;

    fn fact(code: &str, value: CaseValue) -> CaseFact {
        CaseFact {
            code: code.to_owned(),
            value,
            as_of: "2024-01-01".parse().unwrap(),
            period: None,
            source: "case".to_owned(),
            attestation: AttestationLevel::Declared,
            evidence_sha256: None,
        }
    }

    fn refused(fact: CaseFact) -> Option<(Code, String, String)> {
        let refusal = check(&[fact], None, "/f").err()?;
        let first = refusal.violations[0].clone();
        Some((refusal.code, first.pointer, first.expected))
    }

    #[test]
    fn what_is_listed_passes_and_a_slip_is_named() {
        let yes = CaseValue::Answer(Answer::Yes);
        for code in codes() {
            let unknown = CaseValue::Answer(Answer::Unknown);
            assert_eq!(refused(fact(code, unknown)), None, "{code}");
        }
        let (code, pointer, near) = refused(fact("newly-introducd", yes.clone())).unwrap();
        assert_eq!((code, pointer.as_str()), (Code::FactUnknown, "/f/0/code"));
        assert!(near.contains("newly-introduced"), "{near}");
        let (_, _, far) = refused(fact("x", yes)).unwrap();
        assert_eq!(far, "a code of docs/facts.md");
    }

    #[test]
    fn one_fact_has_one_answer() {
        let say = |answer: Answer| fact("self-renting-in-district", CaseValue::Answer(answer));
        let months = |text: &str| {
            let (first, last) = text.split_once('/').unwrap();
            MonthSpan::new(first.parse().unwrap(), last.parse().unwrap())
        };
        let (yes, no) = (say(Answer::Yes), say(Answer::No));
        let of = |period: &str| CaseFact { period: months(period), ..no.clone() };
        let other_day = CaseFact { as_of: "2024-02-01".parse().unwrap(), ..no.clone() };
        let better = CaseFact { attestation: AttestationLevel::Issued, ..no.clone() };
        let first = CaseFact { period: months("2024-01/2024-06"), ..yes.clone() };
        for (pair, clash) in [
            ([yes.clone(), no.clone()], true),
            ([first.clone(), of("2024-06/2024-12")], true),
            ([first.clone(), no.clone()], true),
            ([first, of("2024-07/2024-12")], false),
            ([yes.clone(), yes.clone()], false),
            ([yes.clone(), say(Answer::Unknown)], false),
            ([yes.clone(), other_day], false),
            ([yes, better], false),
        ] {
            let found = check(&pair, None, "/f").err();
            let found = found.map(|refusal| (refusal.code, refusal.violations[0].pointer.clone()));
            let expected = clash.then(|| (Code::RecordContradiction, "/f/1/value".to_owned()));
            assert_eq!(found, expected, "{pair:?}");
        }
    }

    #[test]
    fn a_value_has_the_form_of_its_fact() {
        let fen = |unit| CaseValue::Integer { value: 1, unit };
        let yes = CaseValue::Answer(Answer::Yes);
        let table = [
            ("annual-salary-fen", fen(FactUnit::Fen), None),
            ("annual-salary-fen", fen(FactUnit::Points), Some("integer with unit fen")),
            ("annual-salary-fen", yes.clone(), Some("integer with unit fen")),
            ("newly-introduced", fen(FactUnit::Months), Some("answer: yes, no or unknown")),
            ("points-direct-group", CaseValue::Band("6".into()), Some("band: 1, 2, 3, 4, 5")),
            ("points-direct-group", CaseValue::Band("5".into()), None),
            ("points-registered-on", yes.clone(), Some("date")),
            ("points-tier", CaseValue::Band("3".into()), None),
            ("points-tier", CaseValue::Band("0".into()), Some("band: 1, 2, 3")),
        ];
        for (code, value, expected) in table {
            let got = refused(fact(code, value));
            assert_eq!(got.as_ref().map(|(_, _, e)| e.as_str()), expected, "{code}");
            assert!(got.is_none_or(|(c, p, _)| c == Code::FactValue && p == "/f/0/value"));
        }
    }

    #[test]
    fn only_a_fact_of_months_or_years_has_a_period() {
        let month = "2024-01".parse().unwrap();
        let of = |code| CaseFact {
            period: MonthSpan::new(month, month),
            ..fact(code, CaseValue::Answer(Answer::No))
        };
        assert_eq!(refused(of("apartment-shortage")), None);
        assert_eq!(refused(of("points-selected-this-year")), None);
        let (code, pointer, _) = refused(of("newly-introduced")).unwrap();
        assert_eq!((code, pointer.as_str()), (Code::FactValue, "/f/0/period"));
    }
}
