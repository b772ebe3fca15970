//! R11: spouses may not both enjoy the points rent subsidy (附件4 二（二） “夫妻双方不重复享受”). The
//! sentence limits enjoying, not registering. It is paid once a year, so the award year counts, which
//! is a calendar year (“按年度公布”): a marriage that covers only a part of one is REFER Q06 for that year, and
//! so are months of it in which only one of the two draws. So is a spouse's other housing benefit, an
//! apartment known from its occupancy alone included.

use std::collections::BTreeSet;

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, Meet, bounded, evidence_of, meet};
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::ledger::LinkFact;
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::months::MonthSet;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::occupancy::OccupancyKind;
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

const SCOPE: QuestionId = QuestionId::new(6);
const WHOLE_YEAR: &str = "whole-year";
const BY_MONTH: &str = "by-month";
/// The number of the one rule that reaches a spouse.
pub const SPOUSES: RuleId = RuleId::new(11);

/// R11.
pub struct Spouses;

impl Rule for Spouses {
    fn id(&self) -> RuleId {
        SPOUSES
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        if case.app.kind == ApplicationKind::Registration {
            return;
        }
        let own = case.policy.clause(self.id()).map(|c| &c.citation);
        let mut seen = BTreeSet::new();
        for (spouse, link) in case.spouses() {
            // A spouse with two documents is one person.
            let spouse = case.person(spouse);
            for held in case.held_by_any(&spouse) {
                let married = (link.validity.from, link.validity.until);
                if !seen.insert((held.evidence(), married)) {
                    continue;
                }
                let theirs = held.policy.and_then(|p| p.clause(self.id())).map(|c| &c.citation);
                let here = held.entry.district == case.policy.district;
                match (own, theirs) {
                    (Some(clause), Some(_)) if here => {
                        self.both((case, report), (&held, link), clause);
                    }
                    (Some(clause), _) | (_, Some(clause)) if is_housing(case, &held) => {
                        self.open((case, report), (&held, link), clause);
                    }
                    _ => {}
                }
            }
            if let Some(clause) = own {
                self.lives((case, report), (spouse, link), clause);
            }
        }
    }
}

impl Spouses {
    /// Both draw the subsidy. It is awarded by the calendar year, so each year in which both draw it is
    /// judged, whether or not the months meet.
    fn both(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, link): (&Held<'_>, &LinkFact),
        clause: &Citation,
    ) {
        let (Some(asked), Some(drawn)) = (case.months, held.months) else { return };
        for ours in bounded(asked).years() {
            let Some(year) = calendar_year(ours) else { continue };
            let Some(married) = link.validity.months().and_then(|m| m.overlap(year)) else {
                continue;
            };
            if drawn.overlap(year).is_none() {
                continue;
            }
            let both = ours.overlap(drawn).and_then(|met| met.overlap(married));
            let shared = Shared { held, link, ours, both };
            if lasts_through(link, year) {
                self.married_throughout((case, report), &shared, clause);
            } else {
                self.married_for_a_part((case, report), &shared, clause);
            }
        }
    }

    /// Married through the whole of the award year. In the months that both draw every reading bars it;
    /// in the others of the year the readings differ.
    fn married_throughout(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        shared: &Shared<'_>,
        clause: &Citation,
    ) {
        let Shared { ours, both, .. } = *shared;
        if let Some(both) = both {
            let class = (FindingClass::Ineligible, Verdict::Ineligible);
            let draft = Draft::new(self, Reason::Spouses, class, clause.clone());
            report.find(shared.told(case, draft.months(Some(both))));
        }
        let (_, others) = MonthSet::from_iter([ours]).split(&both.into_iter().collect());
        for months in others.spans() {
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            let draft = Draft::new(self, Reason::SpousesSameYear, class, clause.clone())
                .reading(reading(WHOLE_YEAR, Verdict::Ineligible, left(case, Some(ours))))
                .reading(reading(BY_MONTH, Verdict::Clear, shared.by_month(case)));
            report.find(shared.resting(case, draft.months(Some(*months))));
        }
    }

    /// Married for a part of the award year only: REFER Q06 for the year.
    fn married_for_a_part(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        shared: &Shared<'_>,
        clause: &Citation,
    ) {
        let Shared { ours, both, .. } = *shared;
        let ruling = case.ruled(SCOPE, &[WHOLE_YEAR, BY_MONTH]);
        let by_month = ruling.is_some_and(|f| f.ruling.reading == BY_MONTH);
        let each = both.map_or(Verdict::Clear, |_| Verdict::Ineligible);
        let draft = if let Some(fact) = ruling {
            let outcome = if by_month { each } else { Verdict::Ineligible };
            let class = (outcome.class(), outcome);
            Draft::new(self, Reason::Spouses, class, clause.clone()).ruled(fact)
        } else {
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            Draft::new(self, Reason::SpousesOpen, class, clause.clone())
                .reading(reading(WHOLE_YEAR, Verdict::Ineligible, left(case, Some(ours))))
                .reading(reading(BY_MONTH, each, shared.by_month(case)))
        };
        let months = both.filter(|_| by_month).unwrap_or(ours);
        report.find(shared.told(case, draft.months(Some(months))));
    }

    /// The spouse lives in a talent apartment that no grant tells of: Q06 names it.
    fn lives(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (spouse, link): (Vec<SubjectId>, &LinkFact),
        clause: &Citation,
    ) {
        let records = case.records_of(spouse, RecordKind::Occupancy);
        let mut lived: Vec<_> = records
            .filter(|r| r.district == case.policy.district)
            .filter_map(|r| match &r.record {
                Record::Occupancy(o) if o.kind == OccupancyKind::TalentApartment => Some((r, o)),
                _ => None,
            })
            .collect();
        lived.sort_by_key(|(_, o)| (o.head.validity.from, &o.head.record));
        for (record, occupancy) in lived {
            let Some(lived) = case.lived(occupancy) else { continue };
            let Some(met) = meet(case.months, Some(lived)) else { continue };
            let Some(met) = married_in(link, met) else { continue };
            let draft = self.any_housing(Reason::SpouseInApartment, (case, met), clause);
            let marriage = case.link_evidence(link);
            report.find(draft.evidence(evidence_of(record)).evidence(marriage));
        }
    }

    fn open(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, link): (&Held<'_>, &LinkFact),
        clause: &Citation,
    ) {
        let Some(shared) = case.meet(held) else { return };
        let Some(met) = married_in(link, shared) else { return };
        let draft = self.any_housing(Reason::SpousesOpen, (case, met), clause);
        let marriage = case.link_evidence(link);
        report.find(draft.evidence(held.evidence()).evidence(marriage));
    }

    /// Does the sentence reach a spouse's other housing benefit?
    fn any_housing(
        &self,
        reason: Reason,
        (case, met): (&Case<'_>, Meet),
        clause: &Citation,
    ) -> Draft {
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        Draft::new(self, reason, class, clause.clone())
            .reading(reading("points-only", Verdict::Clear, case.months.map(MonthSpan::count)))
            .reading(reading("any-housing", Verdict::Ineligible, left(case, met.months())))
            .months(met.months())
    }
}

/// One award year in which both draw the subsidy.
struct Shared<'a> {
    held: &'a Held<'a>,
    link: &'a LinkFact,
    /// Months of the application in the year.
    ours: MonthSpan,
    /// Those that both draw while they are married.
    both: Option<MonthSpan>,
}

impl Shared<'_> {
    /// The grant and the marriage that it rests on.
    fn resting(&self, case: &Case<'_>, draft: Draft) -> Draft {
        draft.evidence(self.held.evidence()).evidence(case.link_evidence(self.link))
    }

    /// The same, with the months that both draw.
    fn told(&self, case: &Case<'_>, draft: Draft) -> Draft {
        self.resting(case, draft)
            .step(Label::MonthsOverlap, u64::from(self.both.map_or(0, MonthSpan::count)))
    }

    /// Months of the application that are left where only the shared ones are lost.
    fn by_month(&self, case: &Case<'_>) -> Option<u32> {
        self.both.map_or(case.months.map(MonthSpan::count), |both| left(case, Some(both)))
    }
}

/// Where the two benefits meet while the marriage lasts; `None` where they do not.
fn married_in(link: &LinkFact, shared: Meet) -> Option<Meet> {
    let Meet::Months(months) = shared else { return Some(Meet::Undated) };
    link.validity.months()?.overlap(months).map(Meet::Months)
}

fn reading(reading: &str, verdict: Verdict, months: Option<u32>) -> Reading {
    Reading { question: SCOPE, reading: reading.to_owned(), verdict, months, amount: None }
}

/// Months of the application without `lost`; none when nothing dates the overlap.
fn left(case: &Case<'_>, lost: Option<MonthSpan>) -> Option<u32> {
    let left = |all: MonthSpan| lost.map_or(0, |lost| all.count().saturating_sub(lost.count()));
    case.months.map(left)
}

/// Rent, purchase and apartments: what 重复 might reach beyond points.
fn is_housing(case: &Case<'_>, held: &Held<'_>) -> bool {
    let in_group = held
        .policy
        .is_some_and(|p| p.exclusivity.is_some() && p.exclusivity == case.policy.exclusivity);
    in_group || case.likeness(held) == Some(Likeness::Same)
}

/// Does the marriage cover every day of these months?
fn lasts_through(link: &LinkFact, months: MonthSpan) -> bool {
    let (from, until) = (link.validity.from, link.validity.until);
    from <= months.first.first_day() && until.is_none_or(|day| day >= months.last.last_day())
}

/// The calendar year that a span of months lies in.
fn calendar_year(part: MonthSpan) -> Option<MonthSpan> {
    let year = part.first.year();
    MonthSpan::new(Month::new(year, 1)?, Month::new(year, 12)?)
}
