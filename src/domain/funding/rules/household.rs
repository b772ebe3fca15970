//! R11: spouses may not both enjoy the points rent subsidy (附件4 二（二） “夫妻双方不重复享受”). The
//! sentence limits enjoying, not registering. It is paid once a year, so a marriage that covers
//! only a part of an award year is REFER Q06 for that year; so is a spouse's other housing benefit.

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::ledger::LinkFact;
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::{Draft, Report, Rule};
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
        for (spouse, link) in case.spouses() {
            for held in case.held_by(spouse) {
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
        }
    }
}

impl Spouses {
    fn both(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, link): (&Held<'_>, &LinkFact),
        clause: &Citation,
    ) {
        let Some(Meet::Months(meet)) = case.meet(held) else { return };
        let married = link.validity.months();
        for year in years(meet) {
            let both = married.and_then(|m| m.overlap(year));
            let Some(both) = both else { continue };
            let class = (FindingClass::Ineligible, Verdict::Ineligible);
            let stands = || Draft::new(self, Reason::Spouses, class, clause.clone());
            let ruling = case.ruled(SCOPE, &[WHOLE_YEAR, BY_MONTH]);
            let by_month = ruling.is_some_and(|f| f.ruling.reading == BY_MONTH);
            let draft = if both == year {
                stands()
            } else if let Some(fact) = ruling {
                stands().ruled(fact)
            } else {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                Draft::new(self, Reason::SpousesOpen, class, clause.clone())
                    .reading(reading(WHOLE_YEAR, Verdict::Ineligible, left(case, Some(year))))
                    .reading(reading(BY_MONTH, Verdict::Ineligible, left(case, Some(both))))
            };
            report.find(
                draft
                    .months(Some(if by_month { both } else { year }))
                    .evidence(held.evidence())
                    .evidence(link_evidence(held, link))
                    .step(Label::MonthsOverlap, u64::from(both.count())),
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
    Evidence {
        district: held.entry.district.clone(),
        what: "link".to_owned(),
        id: "spouse".to_owned(),
        position: link.position,
    }
}

/// Rent, purchase and apartments: what 重复 might reach beyond points.
fn is_housing(case: &Case<'_>, held: &Held<'_>) -> bool {
    let in_group = held
        .policy
        .is_some_and(|p| p.exclusivity.is_some() && p.exclusivity == case.policy.exclusivity);
    in_group || case.likeness(held) == Some(Likeness::Same)
}

/// A span cut at the turn of years.
fn years(span: MonthSpan) -> Vec<MonthSpan> {
    let mut out = Vec::new();
    let mut first = span.first;
    while first <= span.last && out.len() < YEARS_MAX {
        let end = Month::new(first.year(), 12).unwrap_or(span.last).min(span.last);
        out.extend(MonthSpan::new(first, end));
        first = end.plus(1);
    }
    out
}
