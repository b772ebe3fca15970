//! R30: conditions at entry: newly introduced (附件2 三（一）1 “对新引进的”), and for 青峰 at most one
//! year of work in the district at the recognition (附件1 一 “认定时未在本区工作，或者在本区工作不超过一年”; a
//! year to the day is inside). 新引进 is undefined: Q26.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::conditions;
use crate::domain::funding::case::{Case, evidence_of, is_checked};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::team::LEADS_TEAM;
use crate::domain::record::life_cycle::State;
use crate::domain::time::Validity;

/// R30, entry-time conditions.
pub struct EntryTime;

/// The fact that employment records decide.
const AT_MOST_ONE_YEAR: &str = "works-in-district-at-most-one-year";

impl Rule for EntryTime {
    fn id(&self) -> RuleId {
        RuleId::new(30)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        // Who leads a team is the certification's to say.
        for condition in conditions::of(case, self).filter(|c| c.fact != LEADS_TEAM) {
            let work = match condition.fact.as_str() {
                AT_MOST_ONE_YEAR => worked(case),
                _ => Work::NotOnRecord,
            };
            match work {
                Work::LongerThanAYear(record) => {
                    let class = (FindingClass::Ineligible, Verdict::Ineligible);
                    let citation = condition.citation.clone();
                    let draft = Draft::new(self, Reason::EntryCondition, class, citation);
                    report.find(draft.evidence(evidence_of(record)));
                }
                Work::AtMostAYear(records) => {
                    for record in records {
                        report.rests(self, &condition.citation, &evidence_of(record), None);
                    }
                }
                // With a gap the text does not say how the year is counted: the district does.
                Work::NotOnRecord | Work::Broken => {
                    conditions::judge(self, Reason::EntryCondition, (case, report), condition);
                }
            }
        }
    }
}

/// How long the applicant has worked in the district, by its records.
enum Work<'a> {
    /// Without a break for no more than a year, on these records.
    AtMostAYear(Vec<&'a HeldRecord>),
    /// Without a break for longer; the record that it began with.
    LongerThanAYear(&'a HeldRecord),
    /// Longer only together with work before a gap.
    Broken,
    /// No work on the day is on record.
    NotOnRecord,
}

/// A new employer inside the district does not begin the year anew: 在本区工作 is said of the district.
fn worked<'a>(case: &Case<'a>) -> Work<'a> {
    let on = recognised_on(case);
    let mut here: Vec<_> = case
        .engagements()
        .into_iter()
        .filter(|(r, a)| {
            Some(a.region.as_str()) == case.region() && a.head.validity.from <= on && is_checked(r)
        })
        .map(|(r, a)| (a.head.validity, r))
        .collect();
    here.sort_by_key(|(v, r)| (std::cmp::Reverse(v.from), evidence_of(r)));
    let in_force = |(v, _): &&(Validity, &HeldRecord)| v.contains(on);
    let Some(first) = here.iter().filter(in_force).map(|(v, _)| v.from).min() else {
        return Work::NotOnRecord;
    };
    // Back from job to job, as long as each begins no later than the day after the one before it.
    let mut start = first;
    for (validity, _) in &here {
        let joins = validity.until.is_none_or(|until| until.tomorrow().is_ok_and(|t| t >= start));
        if joins {
            start = start.min(validity.from);
        }
    }
    let longer = |from: Date| on > from.saturating_add(1.year());
    let begins = here.iter().find(|(v, _)| v.from == start);
    match begins {
        Some((_, record)) if longer(start) => Work::LongerThanAYear(record),
        _ if here.last().is_some_and(|(v, _)| longer(v.from)) => Work::Broken,
        _ => Work::AtMostAYear(here.into_iter().map(|(_, r)| r).collect()),
    }
}

/// 认定时: the day of the certification, or of the application for one.
fn recognised_on(case: &Case<'_>) -> Date {
    let class = case.policy.class.as_ref();
    let certified = case.certifications().filter(|(r, c)| {
        r.state == State::Active && class.is_some_and(|k| k.includes(&c.scheme, &c.class))
    });
    let begun = certified.map(|(_, c)| c.head.validity).filter(|v| v.from <= case.app.date);
    let (in_force, ended): (Vec<_>, Vec<_>) = begun.partition(|v| v.contains(case.app.date));
    // One that has ended since says when the recognition was, all the same.
    let first = in_force.iter().map(|v| v.from).min();
    let recognised = first.or_else(|| ended.iter().map(|v| v.from).max());
    match case.app.kind {
        ApplicationKind::Certification => case.app.date,
        _ => recognised.unwrap_or(case.app.date),
    }
}
