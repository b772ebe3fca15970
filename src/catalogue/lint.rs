//! Checks on the catalogue that types cannot make.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use super::Catalogue;
use super::policy_lint::{Fault, faults, succession};
use crate::domain::calendar::{Holiday, WORKING_DAYS_MAX};
use crate::domain::funding::message::Policy;

/// One thing that is wrong with the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The policy, kind or clause.
    pub entry: String,
    /// JSON Pointer to the member of a policy; empty where the entry as a whole is meant.
    pub at: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A kind is not on the shared list.
    UnknownKind,
    /// A policy has no kind; every comparison would be REFER Q13.
    NoKind,
    /// A sum without a unit that it can be a cap of.
    CapWithoutUnit,
    /// A unit that needs a sum or a percentage has none.
    UnitWithoutCap,
    /// A clause or source without an article.
    NoArticle,
    /// A clause, source, cap or condition without the phrase that it rests on.
    NoPhrase,
    /// A clause id that the clause list lacks.
    UnknownClause,
    /// The clause is cited elsewhere than the clause list says.
    ClauseDiffers,
    /// A rule that does not exist, or a cap of a rule that reads none.
    UnknownRule,
    /// A condition or criterion on a fact that nothing carries.
    UnknownFact,
    /// A condition with two lower bounds.
    TwoBounds,
    /// A cap with neither months nor a sum.
    CapWithoutLimit,
    /// A cap, or its wider scope, without a key that months are counted under.
    EmptyScope,
    /// A policy for nobody.
    NoBeneficiary,
    /// A policy id that does not begin with its district.
    ForeignId,
    /// Two entries with one id and version.
    Duplicate,
    /// Versions of one policy that are in force on the same day.
    ValidityOverlap,
    /// Days between two versions on which none is in force.
    ValidityGap,
    /// A validity that ends before it begins.
    ValidityEmpty,
    /// A notice of working days without a number, or a clock without an article.
    NoSource,
    /// A holiday that ends before it begins, lasts too long, or lies in another year.
    HolidayDates,
    /// A make-up working day that is no weekend day, lies in a holiday or in another year.
    WorkdayDates,
    /// Years between two notices that no notice speaks about.
    CalendarGap,
    /// A threshold of precision that no sample or every sample falls below.
    PrecisionThreshold,
    /// A clock without days, or with a longest period that is not longer.
    ClockDays,
    /// A scheme or class that the scheme catalogue lacks.
    UnknownClass,
    /// A recognition rule that does not fit itself or names what there is not.
    RuleUnfit,
    /// An authority, issuer or sender that is not known, or sends for a region that it does not lie in.
    UnknownIssuer,
    /// A scheme whose id does not begin with a known authority.
    UnknownAuthority,
    /// A region code that is not in the table.
    UnknownRegion,
    /// A scheme that is neither open nor has a class.
    NoClass,
    /// A code list, or a column of it, that does not exist at that version.
    UnknownList,
    /// A code that its list lacks.
    UnknownCode,
    /// A list without an entry, or an entry without a name.
    Empty,
    /// A question that has neither readings nor a reason why a ruling computes nothing, or both.
    NoReading,
    /// A code of a mapped list without a row and without a reason for all others.
    MappingIncomplete,
}

pub fn lint(catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = Vec::new();
    for question in &catalogue.questions {
        if question.readings.is_empty() == question.no_effect.is_none() {
            let entry = question.id.to_string();
            let (at, kind) = (String::new(), ProblemKind::NoReading);
            problems.push(Problem { entry, at, kind });
        }
    }
    for policy in &catalogue.policies {
        let found = faults(catalogue, policy).into_iter();
        problems.extend(found.map(|Fault { kind, at }| Problem {
            entry: policy.id.clone(),
            at,
            kind,
        }));
    }
    for kind in &catalogue.kinds {
        if kind.doubtful.iter().any(|d| !catalogue.kinds.iter().any(|k| k.code == *d)) {
            let entry = kind.code.clone();
            problems.push(Problem { entry, at: String::new(), kind: ProblemKind::UnknownKind });
        }
    }
    versions(catalogue, &mut problems);
    calendar(catalogue, &mut problems);
    clocks(catalogue, &mut problems);
    let threshold = catalogue.precision;
    if threshold.sample_min == 0 || !(1..1_000).contains(&threshold.permille_min) {
        let (entry, kind) = ("precision".to_owned(), ProblemKind::PrecisionThreshold);
        problems.push(Problem { entry, at: String::new(), kind });
    }
    problems
}

/// Versions of one policy follow each other without overlap and without a gap.
fn versions(catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut by_id: BTreeMap<&str, Vec<&Policy>> = BTreeMap::new();
    for policy in &catalogue.policies {
        by_id.entry(&policy.id).or_default().push(policy);
    }
    for (id, mut versions) in by_id {
        versions.sort_by_key(|p| p.version);
        let pairs = versions.windows(2).filter_map(|pair| match pair {
            [before, after] => succession(before, after),
            _ => None,
        });
        problems.extend(pairs.map(|kind| Problem {
            entry: id.to_owned(),
            at: "/validity".to_owned(),
            kind,
        }));
    }
}

/// Each notice has a number; its days are such days and lie in its year.
pub fn calendar(catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut before: Option<i16> = None;
    for notice in catalogue.calendar.notices() {
        let entry = || notice.year.to_string();
        let mut add = |kind| problems.push(Problem { entry: entry(), at: String::new(), kind });
        if notice.sources.is_empty() || notice.sources.iter().any(|s| s.trim().is_empty()) {
            add(ProblemKind::NoSource);
        }
        // A holiday of the new year may begin, and be made up for, at the end of the year before.
        let near = |day: Date| {
            day.year() == notice.year || (day.year() + 1 == notice.year && day.month() == 12)
        };
        let holidays = &notice.holidays;
        let fits = |h: &Holiday| {
            let days = h.days().count();
            near(h.from) && near(h.until) && (1..Holiday::DAYS_MAX).contains(&days)
        };
        if holidays.is_empty() || !holidays.iter().all(fits) {
            add(ProblemKind::HolidayDates);
        }
        let fits = |day: &Date| {
            let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            let free = holidays.iter().all(|h| *day < h.from || h.until < *day);
            near(*day) && weekend && free
        };
        if !notice.workdays.iter().all(fits) {
            add(ProblemKind::WorkdayDates);
        }
        if before.is_some_and(|year| year + 1 != notice.year) {
            add(ProblemKind::CalendarGap);
        }
        before = Some(notice.year);
    }
}

fn clocks(catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for clock in &catalogue.clocks {
        let entry = format!("clock {}", clock.province);
        let at = String::new;
        let mut add = |kind| problems.push(Problem { entry: entry.clone(), at: at(), kind });
        let days = [clock.mark_days, clock.forward_days, clock.decide_days_max, clock.correct_days];
        let fits = |days: u32| (1..=WORKING_DAYS_MAX).contains(&days);
        let longer = clock.decide_days_max.is_none_or(|most| most > clock.decide_days);
        if !fits(clock.decide_days) || !days.into_iter().flatten().all(fits) || !longer {
            add(ProblemKind::ClockDays);
        }
        if clock.sources.is_empty() || clock.sources.iter().any(|c| c.article.trim().is_empty()) {
            add(ProblemKind::NoSource);
        }
        if clock.province.len() != 2 || !seen.insert(&clock.province) {
            add(ProblemKind::Duplicate);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::funding::id::RuleId;
    use crate::domain::funding::message::AmountUnit;

    type Break = fn(&mut Policy);

    #[test]
    fn each_problem_is_found() {
        use ProblemKind as K;
        let table: &[(Break, ProblemKind, &str)] = &[
            (|p| p.kinds = vec!["nonsense".into()], K::UnknownKind, "/kinds/0"),
            (|p| p.kinds.clear(), K::NoKind, "/kinds"),
            (|p| p.amount.unit = AmountUnit::Unspecified, K::CapWithoutUnit, "/amount/unit"),
            (|p| p.amount.cap = None, K::UnitWithoutCap, "/amount/cap"),
            (|p| p.source.article = " ".into(), K::NoArticle, "/source/article"),
            (|p| p.source.phrase = None, K::NoPhrase, "/source/phrase"),
            (|p| p.caps[0].rule = RuleId::new(20), K::UnknownRule, "/caps/0/rule"),
            (|p| p.clauses[0].id = "qingpu/annex9/none".into(), K::UnknownClause, "/clauses/0/id"),
            (|p| p.clauses[0].citation.article = "x".into(), K::ClauseDiffers, "/clauses/0"),
            (|p| p.conditions[0].fact = "nope".into(), K::UnknownFact, "/conditions/0/fact"),
            (
                |p| (p.conditions[0].at_least, p.conditions[0].above) = (Some(1), Some(1)),
                K::TwoBounds,
                "/conditions/0/above",
            ),
            (|p| p.caps[0].months = None, K::CapWithoutLimit, "/caps/0"),
            (|p| p.caps[0].scope = " ".into(), K::EmptyScope, "/caps/0/scope"),
            (|p| p.beneficiaries.clear(), K::NoBeneficiary, "/beneficiaries"),
            (|p| p.district = "jiashan".parse().unwrap(), K::ForeignId, "/id"),
            (
                |p| p.validity.until = p.validity.from.yesterday().ok(),
                K::ValidityEmpty,
                "/validity",
            ),
        ];
        for (break_it, expected, place) in table {
            let mut catalogue = Arc::unwrap_or_clone(Catalogue::embedded().unwrap());
            let policy = catalogue.policies.iter_mut().find(|p| p.id == "qingpu/housing-rent/D");
            break_it(policy.unwrap());
            let found = lint(&catalogue);
            let found: Vec<_> = found.iter().map(|p| (p.kind, p.at.as_str())).collect();
            assert_eq!(found, [(*expected, *place)]);
        }
    }

    #[test]
    fn the_calendar_is_checked_too() {
        use crate::domain::calendar::{WorkingCalendar, YearNotice};

        type Slip = fn(&mut YearNotice);
        let table: &[(Slip, ProblemKind)] = &[
            (|n| n.sources.clear(), ProblemKind::NoSource),
            (|n| n.holidays.clear(), ProblemKind::HolidayDates),
            (|n| n.holidays[0].from = "2025-11-30".parse().unwrap(), ProblemKind::HolidayDates),
            (|n| n.holidays[0].until = "2025-01-03".parse().unwrap(), ProblemKind::HolidayDates),
            (|n| n.workdays[0] = "2026-01-05".parse().unwrap(), ProblemKind::WorkdayDates),
            (|n| n.workdays[0] = "2026-01-03".parse().unwrap(), ProblemKind::WorkdayDates),
            (|n| n.workdays[0] = "2024-01-06".parse().unwrap(), ProblemKind::WorkdayDates),
        ];
        for (slip, expected) in table {
            let mut catalogue = Arc::unwrap_or_clone(Catalogue::embedded().unwrap());
            let mut notices: Vec<_> = catalogue.calendar.notices().cloned().collect();
            slip(notices.last_mut().unwrap());
            catalogue.calendar = WorkingCalendar::new(notices);
            let kinds: Vec<_> = lint(&catalogue).into_iter().map(|p| p.kind).collect();
            assert_eq!(kinds, [*expected]);
        }
        let mut catalogue = Arc::unwrap_or_clone(Catalogue::embedded().unwrap());
        let notices: Vec<_> = catalogue.calendar.notices().cloned().collect();
        catalogue.calendar = WorkingCalendar::new(notices.into_iter().filter(|n| n.year != 2023));
        catalogue.clocks[0].decide_days = 0;
        let kinds: Vec<_> = lint(&catalogue).into_iter().map(|p| p.kind).collect();
        assert_eq!(kinds, [ProblemKind::CalendarGap, ProblemKind::ClockDays]);
    }

    #[test]
    fn versions_follow_each_other() {
        let from = |p: &mut Policy, d: &str| p.validity.from = d.parse().unwrap();
        for (end, begin, expected) in [
            (Some("2024-12-31"), "2025-01-01", None),
            (Some("2024-12-30"), "2025-01-01", Some(ProblemKind::ValidityGap)),
            (Some("2025-01-01"), "2025-01-01", Some(ProblemKind::ValidityOverlap)),
            // As the gateway takes it: the first ends where the second begins.
            (None, "2025-01-01", None),
            (None, "2024-04-29", Some(ProblemKind::ValidityOverlap)),
            // A later version never begins before an earlier one.
            (None, "2019-01-01", Some(ProblemKind::ValidityOverlap)),
            (Some("2024-12-31"), "2019-01-01", Some(ProblemKind::ValidityOverlap)),
        ] {
            let mut catalogue = Arc::unwrap_or_clone(Catalogue::embedded().unwrap());
            let mut second = catalogue.policies[0].clone();
            catalogue.policies[0].validity.until = end.map(|day| day.parse().unwrap());
            second.version = 2;
            from(&mut second, begin);
            catalogue.policies.push(second);
            let kinds: Vec<_> = lint(&catalogue).into_iter().map(|p| p.kind).collect();
            assert_eq!(kinds, expected.into_iter().collect::<Vec<_>>(), "{end:?} {begin}");
        }
    }
}
