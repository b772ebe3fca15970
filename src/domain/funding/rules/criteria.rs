//! Whether the written grounds of a class are met: yes, no, open, or unknown for want of named facts.
//! A record or fact that nobody sent is never read as no.

use jiff::civil::Date;

use crate::domain::funding::carriers::certified_under;
use crate::domain::funding::case::{Case, Known, evidence_of, is_checked};
use crate::domain::funding::finding::{Evidence, Verdict};
use crate::domain::funding::id::QuestionId;
use crate::domain::funding::ledger::{HeldRecord, RulingFact};
use crate::domain::funding::message::{ClassCriteria, ClassGround, Criterion};
use crate::domain::record::affiliation::{Affiliation, AffiliationMode};
use crate::domain::record::life_cycle::State;
use crate::domain::record::qualification::{Qualification, QualificationObject};
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::Validity;

/// A title of another province counts once it is recognised here.
pub const TITLE_RECOGNISED: &str = "title-recognised";
/// Code under which education is asked for.
pub const EDUCATION: &str = "education-record";
/// Code under which a title is asked for.
pub const TITLE: &str = "title-record";
/// Code under which an engagement in the district is asked for.
pub const ENGAGEMENT: &str = "engagement-in-district";

/// Code under which a certification is asked for.
pub const CERTIFICATION: &str = "certification";

/// How a criterion, a ground or all grounds came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Met, on this evidence.
    Met(Vec<Evidence>),
    /// Proven not to be met.
    NotMet(Vec<Evidence>),
    /// The readings of a question differ: each with whether it is met.
    Open(QuestionId, Vec<(String, bool)>, Vec<Evidence>),
    /// Not known for want of these facts.
    Unknown(Vec<String>),
}

/// Under which code what a criterion rests on is asked for again, once it has ended.
pub fn asked_as(evidence: &Evidence) -> &'static str {
    match evidence.what.as_str() {
        "affiliation" => ENGAGEMENT,
        "certification" => CERTIFICATION,
        "fact" => TITLE_RECOGNISED,
        _ => TITLE,
    }
}

/// How the grounds came out, with the ground that decides.
pub fn evaluate<'a>(
    case: &Case<'_>,
    criteria: &'a ClassCriteria,
) -> Option<(&'a ClassGround, Outcome)> {
    let outcomes: Vec<_> = criteria.grounds.iter().map(|g| (g, ground(case, g))).collect();
    let first = |fits: fn(&Outcome) -> bool| outcomes.iter().find(|(_, o)| fits(o)).cloned();
    let unknown = || {
        let (ground, _) = first(|o| matches!(o, Outcome::Unknown(_)))?;
        let mut missing: Vec<String> = Vec::new();
        for (_, outcome) in &outcomes {
            let Outcome::Unknown(facts) = outcome else { continue };
            missing
                .extend(facts.iter().filter(|f| !missing.contains(f)).cloned().collect::<Vec<_>>());
        }
        Some((ground, Outcome::Unknown(missing)))
    };
    first(|o| matches!(o, Outcome::Met(_)))
        .or_else(|| first(|o| matches!(o, Outcome::Open(..))))
        .or_else(unknown)
        .or_else(|| first(|o| matches!(o, Outcome::NotMet(_))))
}

/// What the readings of an open outcome lead to. Under one that does not meet the ground, another ground may
/// be met for all that is known, or the authority may find one that a list ending in 等 leaves to it: then a
/// person decides.
pub fn verdicts<'r>(
    case: &Case<'_>,
    criteria: &ClassCriteria,
    readings: &'r [(String, bool)],
) -> Vec<(&'r str, Verdict)> {
    let not_met = |outcome: Outcome| matches!(outcome, Outcome::NotMet(_) | Outcome::Open(..));
    let shut = criteria.exhaustive && criteria.grounds.iter().all(|g| not_met(ground(case, g)));
    let otherwise = if shut { Verdict::Ineligible } else { Verdict::Refer };
    let verdict = |met| if met { Verdict::Clear } else { otherwise };
    readings.iter().map(|(code, met)| (code.as_str(), verdict(*met))).collect()
}

fn ground(case: &Case<'_>, ground: &ClassGround) -> Outcome {
    let (mut met, mut missing, mut open) = (Vec::new(), Vec::new(), None);
    for criterion in &ground.all {
        match test(case, criterion) {
            Outcome::NotMet(evidence) => return Outcome::NotMet(evidence),
            Outcome::Unknown(facts) => missing.extend(facts),
            Outcome::Open(question, readings, evidence) => {
                open = open.or(Some((question, readings, evidence)));
            }
            Outcome::Met(evidence) => met.extend(evidence),
        }
    }
    match open {
        _ if !missing.is_empty() => Outcome::Unknown(missing),
        Some((question, readings, evidence)) => Outcome::Open(question, readings, evidence),
        None => Outcome::Met(met),
    }
}

fn test(case: &Case<'_>, criterion: &Criterion) -> Outcome {
    match criterion {
        Criterion::Education { levels, full_time } => {
            let fits = |q: &Qualification<SubjectId>| {
                q.object == QualificationObject::Education
                    && levels.contains(&q.class)
                    && (!full_time || q.full_time == Some(true))
            };
            match held(case, fits).first() {
                Some((record, _)) => Outcome::Met(vec![evidence_of(record)]),
                None => unknown(EDUCATION),
            }
        }
        Criterion::Title { levels } => title(case, levels),
        Criterion::Engaged {} => engaged(case),
        Criterion::Certified { scheme, classes } => {
            certified(case, scheme, |class| classes.iter().any(|c| c == class))
        }
        Criterion::Fact { fact } => yes_or_no(case, fact),
        Criterion::FactOnDates { fact, dates, question } => {
            on_dates(case, (fact, dates), *question)
        }
        Criterion::AtLeast { fact, value, question } => at_least(case, (fact, *value), *question),
    }
}

fn unknown(fact: &str) -> Outcome {
    Outcome::Unknown(vec![fact.to_owned()])
}

/// A certification decides before the case fact that stands in for it; one that has ended, or was revoked or
/// suspended, leaves the fact unknown.
fn yes_or_no(case: &Case<'_>, fact: &str) -> Outcome {
    let scheme = certified_under(fact);
    if let Some(scheme) = scheme.filter(|s| case.certifications().any(|(_, c)| c.scheme == **s)) {
        return match certified(case, scheme, |_| true) {
            Outcome::Met(evidence) => Outcome::Met(evidence),
            _ => unknown(fact),
        };
    }
    match case.known(fact) {
        Known::Yes(evidence) => Outcome::Met(vec![evidence]),
        Known::No(evidence) => Outcome::NotMet(vec![evidence]),
        Known::Unknown => unknown(fact),
    }
}

/// Qualifications of the applicant in force on the day, in a fixed order.
fn held<'a>(
    case: &Case<'a>,
    fits: impl Fn(&Qualification<SubjectId>) -> bool,
) -> Vec<(&'a HeldRecord, &'a Qualification<SubjectId>)> {
    let mut found: Vec<_> = case
        .records(RecordKind::Qualification)
        .filter_map(|r| match &r.record {
            Record::Qualification(q) => Some((r, q)),
            _ => None,
        })
        .filter(|(r, q)| q.head.validity.contains(case.app.date) && is_checked(r) && fits(q))
        .collect();
    found.sort_by_key(|(r, q)| (r.is_doubted(), &r.district, &q.head.record));
    found
}

fn title(case: &Case<'_>, levels: &[String]) -> Outcome {
    let fits = |q: &Qualification<SubjectId>| {
        q.object == QualificationObject::Title && levels.contains(&q.class)
    };
    let titles = held(case, fits);
    let province = |region: &str| region.get(..2).map(str::to_owned);
    let here = case.region().and_then(province);
    let own = titles.iter().find(|(_, q)| province(&q.head.authority.region) == here);
    match (own, titles.first()) {
        (Some((record, _)), _) => Outcome::Met(vec![evidence_of(record)]),
        (None, Some((record, _))) => match yes_or_no(case, TITLE_RECOGNISED) {
            Outcome::Met(recognised) => {
                Outcome::Met([vec![evidence_of(record)], recognised].concat())
            }
            other => other,
        },
        (None, None) => unknown(TITLE),
    }
}

/// A certification in force on the day, or in the months asked for; that nobody sent one proves nothing.
/// For months after its end it is asked for again, so one that lasts longer comes first.
fn certified(case: &Case<'_>, scheme: &str, fits_class: impl Fn(&str) -> bool) -> Outcome {
    let on = case.app.date;
    let of_months = |v: &Validity| {
        let met = case.months.and_then(|asked| v.months()?.overlap(asked));
        v.from <= on && met.is_some()
    };
    let fits = case.certifications().filter(|(r, c)| {
        let validity = &c.head.validity;
        c.scheme == scheme
            && fits_class(&c.class)
            && r.state == State::Active
            && (validity.contains(on) || of_months(validity))
    });
    let lasts = |v: &Validity| std::cmp::Reverse(v.until.unwrap_or(Date::MAX));
    let best = fits.min_by_key(|(r, c)| {
        let validity = &c.head.validity;
        (r.is_doubted(), !validity.contains(on), lasts(validity), evidence_of(r))
    });
    match best {
        Some((record, _)) => Outcome::Met(vec![evidence_of(record)]),
        None => unknown(CERTIFICATION),
    }
}

fn engaged(case: &Case<'_>) -> Outcome {
    let here = case.engagements().into_iter().filter(|(r, a)| {
        Some(a.region.as_str()) == case.region()
            && a.head.validity.contains(case.app.date)
            && is_checked(r)
    });
    // One that runs on carries the later months, too.
    let lasts = |a: &Affiliation<SubjectId>| a.head.validity.until.unwrap_or(Date::MAX);
    let is_job = |a: &Affiliation<SubjectId>| a.mode == AffiliationMode::Employment;
    match here.min_by_key(|(r, a)| (r.is_doubted(), std::cmp::Reverse(lasts(a)), is_job(a))) {
        Some((record, _)) => Outcome::Met(vec![evidence_of(record)]),
        None => unknown(ENGAGEMENT),
    }
}

fn on_dates(case: &Case<'_>, (fact, dates): (&str, &[String]), question: QuestionId) -> Outcome {
    let code = |date: &String| format!("{fact}-on-{date}");
    // A ruling says which day is meant.
    if let Some(fact) = ruled_date(case, dates, question) {
        return yes_or_no(case, &code(&fact.ruling.reading));
    }
    let (mut yes, mut no, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    let mut readings = Vec::new();
    for date in dates {
        match case.known(&code(date)) {
            Known::Yes(evidence) => {
                readings.push((date.clone(), true));
                yes.push(evidence);
            }
            Known::No(evidence) => {
                readings.push((date.clone(), false));
                no.push(evidence);
            }
            Known::Unknown => missing.push(code(date)),
        }
    }
    match (yes.is_empty(), no.is_empty(), missing.is_empty()) {
        (false, false, _) => Outcome::Open(question, readings, [yes, no].concat()),
        (_, _, false) => Outcome::Unknown(missing),
        (true, false, true) => Outcome::NotMet(no),
        _ => Outcome::Met(yes),
    }
}

fn at_least(case: &Case<'_>, (fact, value): (&str, i64), question: QuestionId) -> Outcome {
    let evidence = || vec![case.case_evidence(fact)];
    let Some(given) = case.integer(fact) else { return unknown(fact) };
    match given.cmp(&value) {
        std::cmp::Ordering::Greater => Outcome::Met(evidence()),
        std::cmp::Ordering::Less => Outcome::NotMet(evidence()),
        std::cmp::Ordering::Equal => match case.ruled(question, &THRESHOLD) {
            Some(fact) if fact.ruling.reading == THRESHOLD[0] => Outcome::Met(evidence()),
            Some(_) => Outcome::NotMet(evidence()),
            None => {
                let readings = THRESHOLD.map(|code| (code.to_owned(), code == THRESHOLD[0]));
                Outcome::Open(question, readings.to_vec(), evidence())
            }
        },
    }
}

/// Readings of 以上: with the number itself, or without it.
const THRESHOLD: [&str; 2] = ["with-the-number", "without-the-number"];

fn ruled_date<'a>(
    case: &Case<'a>,
    dates: &[String],
    question: QuestionId,
) -> Option<&'a RulingFact> {
    let codes: Vec<&str> = dates.iter().map(String::as_str).collect();
    case.ruled(question, &codes)
}

/// The rulings that decided how a ground was read.
pub fn rulings<'a>(case: &Case<'a>, ground: &ClassGround) -> Vec<&'a RulingFact> {
    let of = |criterion: &Criterion| match criterion {
        Criterion::FactOnDates { dates, question, .. } => ruled_date(case, dates, *question),
        Criterion::AtLeast { fact, value, question } if case.integer(fact) == Some(*value) => {
            case.ruled(*question, &THRESHOLD)
        }
        _ => None,
    };
    ground.all.iter().filter_map(of).collect()
}
