//! R11: spouses may not both enjoy the points rent subsidy (附件4 二（二） “夫妻双方不重复享受”). The
//! sentence limits enjoying, not registering. It is paid once a year, so a marriage that covers
//! only a part of an award year, which is a calendar year (“按年度公布”), is REFER Q06 for that year; so is a
//! spouse's other housing benefit, an apartment known from its occupancy alone included.

use std::collections::BTreeSet;

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, Meet, evidence_of, meet};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::ledger::LinkFact;
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::participant::ParticipantId;
use crate::domain::record::occupancy::OccupancyKind;
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

const SCOPE: QuestionId = QuestionId::new(6);
const WHOLE_YEAR: &str = "whole-year";
const BY_MONTH: &str = "by-month";
/// Most award years that one application is cut into.
const YEARS_MAX: usize = 100;

/// R11.
pub struct Spouses;

impl Rule for Spouses {
    fn id(&self) -> RuleId {
        RuleId::new(11)
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
    /// Both draw the subsidy. It is awarded by the calendar year, so only a marriage through the whole of
    /// an award year decides; of part of it, the readings differ.
    fn both(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, link): (&Held<'_>, &LinkFact),
        clause: &Citation,
    ) {
        let Some(Meet::Months(meet)) = case.meet(held) else { return };
        let married = link.validity.months();
        for (year, met) in years(meet) {
            if married.and_then(|m| m.overlap(year)).is_none() {
                continue;
            }
            let both = married.and_then(|m| m.overlap(met));
            let whole = lasts_through(link, year);
            let ruling = case.ruled(SCOPE, &[WHOLE_YEAR, BY_MONTH]).filter(|_| !whole);
            let by_month = ruling.is_some_and(|f| f.ruling.reading == BY_MONTH);
            let stands = || {
                let class = match both {
                    None if by_month => (FindingClass::Info, Verdict::Clear),
                    _ => (FindingClass::Ineligible, Verdict::Ineligible),
                };
                Draft::new(self, Reason::Spouses, class, clause.clone())
            };
            let draft = if whole {
                stands()
            } else if let Some(fact) = ruling {
                stands().ruled(fact)
            } else {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let each = both.map_or(Verdict::Clear, |_| Verdict::Ineligible);
                let rest = both.map_or(case.months.map(MonthSpan::count), |b| left(case, Some(b)));
                Draft::new(self, Reason::SpousesOpen, class, clause.clone())
                    .reading(reading(WHOLE_YEAR, Verdict::Ineligible, left(case, Some(met))))
                    .reading(reading(BY_MONTH, each, rest))
            };
            report.find(
                draft
                    .months(if by_month { both.or(Some(met)) } else { Some(met) })
                    .evidence(held.evidence())
                    .evidence(link_evidence(held, link))
                    .step(Label::MonthsOverlap, u64::from(both.map_or(0, MonthSpan::count))),
            );
        }
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
            let Some(lived) = case.lived(occupancy, None) else { continue };
            let Some(met) = meet(case.months, Some(lived)) else { continue };
            let months = match (met.months(), link.validity.months()) {
                (Some(met), Some(married)) => match married.overlap(met) {
                    Some(both) => Some(both),
                    None => continue,
                },
                _ => None,
            };
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            let evidence = evidence_of(record);
            let marriage = marriage(record.district.clone(), link);
            report.find(
                Draft::new(self, Reason::SpouseInApartment, class, clause.clone())
                    .reading(reading(
                        "points-only",
                        Verdict::Clear,
                        case.months.map(MonthSpan::count),
                    ))
                    .reading(reading("any-housing", Verdict::Ineligible, left(case, months)))
                    .months(months)
                    .evidence(evidence)
                    .evidence(marriage),
            );
        }
    }

    fn open(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, link): (&Held<'_>, &LinkFact),
        clause: &Citation,
    ) {
        let Some(meet) = case.meet(held) else { return };
        let married = link.validity.months();
        let months = match meet.months() {
            Some(span) => match married.and_then(|m| m.overlap(span)) {
                Some(both) => Some(both),
                None => return,
            },
            None => None,
        };
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        report.find(
            Draft::new(self, Reason::SpousesOpen, class, clause.clone())
                .reading(reading("points-only", Verdict::Clear, case.months.map(MonthSpan::count)))
                .reading(reading("any-housing", Verdict::Ineligible, left(case, months)))
                .months(months)
                .evidence(held.evidence())
                .evidence(link_evidence(held, link)),
        );
    }
}

fn reading(reading: &str, verdict: Verdict, months: Option<u32>) -> Reading {
    Reading { question: SCOPE, reading: reading.to_owned(), verdict, months, amount: None }
}

/// Months of the application without `lost`; none when nothing dates the overlap.
fn left(case: &Case<'_>, lost: Option<MonthSpan>) -> Option<u32> {
    let left = |all: MonthSpan| lost.map_or(0, |lost| all.count().saturating_sub(lost.count()));
    case.months.map(left)
}

/// A spouse is answered with the link and the grant's number only, no more.
fn link_evidence(held: &Held<'_>, link: &LinkFact) -> Evidence {
    marriage(held.entry.district.clone(), link)
}

fn marriage(district: ParticipantId, link: &LinkFact) -> Evidence {
    Evidence { district, what: "link".to_owned(), id: "spouse".to_owned(), position: link.position }
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

/// The calendar years that a span touches, each with the part of the span in it.
fn years(span: MonthSpan) -> Vec<(MonthSpan, MonthSpan)> {
    let years = span.first.year()..=span.last.year();
    let whole = |year| MonthSpan::new(Month::new(year, 1)?, Month::new(year, 12)?);
    let cut = |year| {
        let whole = whole(year)?;
        Some((whole, whole.overlap(span)?))
    };
    years.take(YEARS_MAX).filter_map(cut).collect()
}
