//! R30: conditions at entry: newly introduced (附件2 三（一）1 “对新引进的”), and for 青峰 at most one
//! year of work in the district at the recognition (附件1 一 “认定时未在本区工作，或者在本区工作不超过一年”; a
//! year to the day is inside). For how long one is 新引进 is not written, nor whether the word stands for class A
//! alone: Q26, noted where nobody has said whether one is. It is asked for all the same.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::conditions;
use crate::domain::funding::case::{Case, Known, evidence_of, is_checked};
use crate::domain::funding::finding::{DayLabel, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::team::LEADS_TEAM;
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::record::life_cycle::State;
use crate::domain::time::Validity;

/// R30, entry-time conditions.
pub struct EntryTime;

/// The fact that employment records decide.
const AT_MOST_ONE_YEAR: &str = "works-in-district-at-most-one-year";
/// Facts that records of postdocs decide.
const POSTDOC_IN_STATION: &str = "postdoc-in-station";
const POSTDOC_LEFT_STATION: &str = "postdoc-left-station";
/// The fact that the Talent Office says case by case.
const NEWLY_INTRODUCED: &str = "newly-introduced";
/// How long one is newly introduced, of which classes that is asked, and which of Annex 2 and Annex 4
/// binds who fits both: Q26.
pub const WHICH_ANNEX: QuestionId = QuestionId::new(26);

impl Rule for EntryTime {
    fn id(&self) -> RuleId {
        RuleId::new(30)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        // Who leads a team is the certification's to say.
        for condition in conditions::of(case, self).filter(|c| c.fact != LEADS_TEAM) {
            if condition.fact == NEWLY_INTRODUCED && case.known(&condition.fact) == Known::Unknown {
                report.note(self.id(), WHICH_ANNEX);
                if let conditions::Binding::Open(_) = conditions::binding(case, condition) {
                    conditions::ask((case, report), &condition.fact, None);
                }
            }
            if let Some(record) = postdoc(case, &condition.fact) {
                let on = (condition.fact.as_str(), &condition.citation);
                conditions::rests(self, (case, report), on, &evidence_of(record), None);
                continue;
            }
            let work = match condition.fact.as_str() {
                AT_MOST_ONE_YEAR => worked(case),
                _ => Work::NotOnRecord,
            };
            match work {
                Work::LongerThanAYear(record) => {
                    let class = (FindingClass::Ineligible, Verdict::Ineligible);
                    let citation = condition.citation.clone();
                    let draft = Draft::new(self, Reason::EntryCondition, class, citation)
                        .about(&condition.fact)
                        .day(DayLabel::RecognisedOn, recognised_on(case))
                        .day(DayLabel::WorksSince, record.record.head().validity.from);
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

/// The record that proves a condition on a postdoc: in a station of the district on the day (changning-
/// 2020-2 二（四）14 “在站博士后人员”), or out of every one by then (“出站博士后”).
fn postdoc<'a>(case: &Case<'a>, fact: &str) -> Option<&'a HeldRecord> {
    let on = case.app.date;
    let mut stays = case.affiliations(AffiliationMode::Postdoc);
    stays.retain(|(record, _)| is_checked(record));
    let still_there = stays.iter().any(|(_, a)| a.head.validity.contains(on));
    let proves = stays.into_iter().filter(|(_, a)| match fact {
        POSTDOC_IN_STATION => {
            a.head.validity.contains(on) && Some(a.region.as_str()) == case.region()
        }
        POSTDOC_LEFT_STATION => {
            !still_there && a.head.validity.until.is_some_and(|until| until < on)
        }
        _ => false,
    });
    proves.min_by_key(|(record, _)| record.is_doubted()).map(|(record, _)| record)
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
