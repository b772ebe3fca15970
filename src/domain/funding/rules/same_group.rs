//! R02: inside Annex 4 only the higher, even across kinds (附件4 四（二）2 “多项政策按照就高不重复的
//! 原则实施”). R03: except that a purchase or rent subsidy may go with an apartment of the district
//! without rent discount (附件4 四（二）2 “以不享受租金优惠为前提申请入住本区人才公寓”).

use super::exclusive::{clause_of, one_only, set_off, stacks};
use super::same_kind::is_same_group;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, evidence_of, meet};
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ApplicationKind, Policy};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::money::Fen;
use crate::domain::record::occupancy::OccupancyKind;
use crate::domain::time::{Month, MonthSpan};

/// Does the exception cover points rent: Q05.
const POINTS_IN_APARTMENT: QuestionId = QuestionId::new(5);
/// Do full-rent months count toward the six years: Q19.
const FULL_RENT_COUNTED: QuestionId = QuestionId::new(19);

const APARTMENT: &str = "apartment-in-kind";
const POINTS: &str = "rent-points";
const PURCHASE: &str = "housing-purchase";
const RENT: &str = "rent";
const WITH_APARTMENT: [&str; 2] = [PURCHASE, RENT];

/// R02 with its exception R03.
pub struct SameGroup;
/// R03, named in findings of the exception.
struct ApartmentException;

impl Rule for SameGroup {
    fn id(&self) -> RuleId {
        RuleId::new(2)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for held in case.held_here().filter(|h| is_same_group(case, h) && !stacks(case, h)) {
            let Some(met) = case.meet(held) else {
                // Whether 就高 looks at one time or at a lifetime is not written (T42).
                if is_raised(case, held) {
                    set_off(self, (case, report), (held, Fen::ZERO), Verdict::Clear);
                }
                continue;
            };
            let Some(clause) = clause_of(case, held, self) else { continue };
            match held.policy.map(|p| exception(case.policy, p)) {
                Some(Exception::None) | None => {
                    one_only(self, Reason::SameGroup, (case, report), (held, met), clause);
                }
                Some(exception) => {
                    let discount = discount_of(case, held);
                    let own = clause_of(case, held, &ApartmentException).unwrap_or(clause);
                    let draft = apartment(exception, discount, own).evidence(held.evidence());
                    find_by_month((case, report), draft, (exception, discount), met.months());
                    note(report, discount);
                }
            }
        }
        occupied(case, report);
    }
}

impl Rule for ApartmentException {
    fn id(&self) -> RuleId {
        RuleId::new(3)
    }
    fn judge(&self, _: &Case<'_>, _: &mut Report) {}
}

/// Has the class risen from one that rents to one that buys, and the rent ended before (E→C, D→C)?
fn is_raised(case: &Case<'_>, held: &Held<'_>) -> bool {
    let is = |p: &Policy, kind: &str| p.kinds.iter().any(|k| k == kind);
    let ended = case.months.zip(held.months).is_some_and(|(asked, had)| had.last < asked.first);
    let rented = held.policy.is_some_and(|p| is(p, RENT));
    ended && rented && is(case.policy, PURCHASE) && !case.is_continued(held)
}

/// Does the exception reach a pair?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exception {
    /// Purchase or rent with an apartment.
    Covered,
    /// Points rent with an apartment: Q05.
    Open,
    /// Any other pair.
    None,
}

fn exception(a: &Policy, b: &Policy) -> Exception {
    let is = |p: &Policy, kind: &str| p.kinds.iter().any(|k| k == kind);
    let with = |p: &Policy| WITH_APARTMENT.iter().any(|k| is(p, k));
    for (flat, other) in [(a, b), (b, a)] {
        if is(flat, APARTMENT) && with(other) {
            return Exception::Covered;
        }
        if is(flat, APARTMENT) && is(other, POINTS) {
            return Exception::Open;
        }
    }
    Exception::None
}

fn discount_of(case: &Case<'_>, held: &Held<'_>) -> u8 {
    let own = case.app.terms.discount_percent;
    own.max(held.entry.grant.terms.discount_percent).unwrap_or(0)
}

fn note(report: &mut Report, discount: u8) {
    if discount == 0 {
        report.note(ApartmentException.id(), FULL_RENT_COUNTED);
    }
}

fn apartment(exception: Exception, discount: u8, clause: Citation) -> Draft {
    let rule = &ApartmentException;
    let draft = if exception == Exception::Open {
        let reading = |reading: &str, verdict| Reading {
            question: POINTS_IN_APARTMENT,
            reading: reading.to_owned(),
            verdict,
            months: None,
            amount: None,
        };
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        Draft::new(rule, Reason::ApartmentAndPoints, class, clause)
            .reading(reading("covered", Verdict::ClearCond))
            .reading(reading("not-covered", Verdict::OneOnly))
    } else {
        let class = (FindingClass::Condition, Verdict::ClearCond);
        Draft::new(rule, Reason::ApartmentWithoutDiscount, class, clause)
    };
    draft.step(Label::DiscountPercent, u64::from(discount))
}

/// “以不享受租金优惠为前提”: a condition that a month ahead can meet, and a month that is over with the discount
/// cannot. A review finds both held in these, and the higher of the two stays.
fn find_by_month(
    (case, report): (&Case<'_>, &mut Report),
    draft: Draft,
    (exception, discount): (Exception, u8),
    months: Option<MonthSpan>,
) {
    let taken =
        exception == Exception::Covered && discount > 0 && case.app.kind == ApplicationKind::Review;
    let now = Month::of(case.app.date);
    let Some(months) = months.filter(|_| taken) else {
        return report.find(draft.months(months));
    };
    if let Some(over) = MonthSpan::new(months.first, months.last.min(now)) {
        let draft = draft.clone().because(Reason::ApartmentWithDiscount);
        report.find(draft.outcome(Verdict::OneOnly).months(Some(over)));
    }
    if let Some(ahead) = MonthSpan::new(months.first.max(now.plus(1)), months.last) {
        report.find(draft.months(Some(ahead)));
    }
}

/// Apartments that are known from occupancy records and not from a grant.
fn occupied(case: &Case<'_>, report: &mut Report) {
    let clause = |rule: &dyn Rule| case.policy.clause(rule.id());
    let Some(clause) = clause(&SameGroup).map(|inner| clause(&ApartmentException).unwrap_or(inner))
    else {
        return;
    };
    let is = |kind: &str| case.policy.kinds.iter().any(|k| k == kind);
    let exception = match () {
        () if WITH_APARTMENT.iter().any(|k| is(k)) => Exception::Covered,
        () if is(POINTS) => Exception::Open,
        () => return,
    };
    let homes = case.occupancies_here().into_iter();
    // A youth station is no talent apartment (yangpu-2021-19 四（四）2 names the two side by side).
    for (record, occupancy) in homes.filter(|(_, o)| o.kind == OccupancyKind::TalentApartment) {
        let Some(lived) = case.lived(occupancy) else { continue };
        let Some(met) = meet(case.months, Some(lived)) else { continue };
        let draft = apartment(exception, occupancy.discount_percent, clause.citation.clone());
        let draft = draft.evidence(evidence_of(record));
        let discount = occupancy.discount_percent;
        find_by_month((case, report), draft, (exception, discount), met.months());
        note(report, occupancy.discount_percent);
    }
}
