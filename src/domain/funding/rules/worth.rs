//! What two benefits are weighed by where only the higher one stays (就高, Q12): what each of them in fact pays.
//!
//! - A sum that the text fixes in all and pays in instalments (R17) is one award: who names twelve of its 120
//!   months names a part of it, and the part tells of the whole.
//! - A benefit by the month has no sum in all but that of the months which somebody happened to name. Two of
//!   them are weighed by the months in which they meet: in the others neither shuts the other out.
//! - What the caps do not leave is not paid, so it makes no benefit the higher one: in months beyond a cap
//!   the one asked for is worth nothing, and the one held stays.
//!
//! What is left of an award on which something was paid is no third measure: the months before are over for
//! both, and whether what was paid is set off is asked beside (Q14, in Q12 “paid or remaining”).

use std::cmp::Ordering;

use super::instalment_plan::Plan;
use super::{apartment_cap, instalments, points_cap, real_amounts, rent_cap, returnee_cap};
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::Verdict;
use crate::domain::funding::held::Payable;
use crate::domain::funding::ledger::total;
use crate::domain::funding::message::{Amount, AmountUnit, Policy};
use crate::domain::funding::months::MonthSet;
use crate::domain::funding::report::{Report, Rule};
use crate::domain::funding::safe::{Asked, cut};
use crate::domain::money::Fen;
use crate::domain::time::MonthSpan;

/// The rules that cut sums and months.
const CAPS: [&dyn Rule; 6] = [
    &real_amounts::RealAmounts,
    &rent_cap::RentCap,
    &points_cap::PointsCap,
    &apartment_cap::ApartmentCap,
    &returnee_cap::ReturneeCap,
    &instalments::PurchaseInstalments,
];

/// What one benefit comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// In all.
    pub total: Option<Fen>,
    /// By the month.
    pub monthly: Option<Fen>,
}

impl Worth {
    const NOTHING: Self = Self { total: Some(Fen::ZERO), monthly: Some(Fen::ZERO) };
}

/// Two benefits in months in which they meet.
#[derive(Clone, Copy, Debug)]
pub struct Weighed {
    /// The months.
    pub meet: Meet,
    /// What is asked for.
    pub asked: Worth,
    /// What is held.
    pub held: Worth,
    /// Are both given by the month?
    pub by_the_month: bool,
}

impl Weighed {
    /// How the one asked for compares in all.
    pub fn by_total(&self) -> Option<Ordering> {
        Some(self.asked.total?.cmp(&self.held.total?))
    }

    /// How it compares by the month.
    pub fn by_month(&self) -> Option<Ordering> {
        Some(self.asked.monthly?.cmp(&self.held.monthly?))
    }

    /// Do the two ways to compare disagree?
    pub fn is_open(&self) -> bool {
        matches!((self.by_total(), self.by_month()), (Some(a), Some(b)) if a.is_ne() && b.is_ne() && a != b)
    }
}

/// Weighs `held` against the application where they meet: in one piece, or apart for the months that a cap
/// shuts and those that all caps leave.
pub fn weigh(case: &Case<'_>, held: &Held<'_>, meet: Meet) -> Vec<Weighed> {
    let left = Left::of(case);
    let both = is_by_the_month(Some(case.policy), case.app.amount)
        && is_by_the_month(held.policy, Some(held.entry.grant.approved));
    let piece = |meet: Meet, shut: bool| {
        let shared = meet.months().filter(|_| both);
        let asked = if shut { Worth::NOTHING } else { left.asked(case, shared) };
        Weighed { meet, asked, held: held_worth(held, shared), by_the_month: shared.is_some() }
    };
    let shut_in = |span: MonthSpan| MonthSet::from_iter([span]).split(&left.shut);
    match meet {
        Meet::Months(span) if !left.shut.is_empty() => {
            let (shut, open) = shut_in(span);
            let of = |set: &MonthSet, is_shut: bool| {
                let spans = set.spans().iter();
                spans.map(|span| (*span, is_shut)).collect::<Vec<_>>()
            };
            let mut spans = [of(&open, false), of(&shut, true)].concat();
            spans.sort_unstable();
            spans.into_iter().map(|(span, is_shut)| piece(Meet::Months(span), is_shut)).collect()
        }
        _ => vec![piece(meet, false)],
    }
}

/// What the caps leave of an application.
struct Left {
    /// Months beyond a cap under every reading.
    shut: MonthSet,
    total: Option<Fen>,
    monthly: Option<Fen>,
}

impl Left {
    fn of(case: &Case<'_>) -> Self {
        let (total, monthly) = (case.asked_total(), case.asked_monthly());
        let asked = Asked { months: case.months, total, monthly };
        let mut report = Report::default();
        for rule in CAPS {
            rule.judge(case, &mut report);
        }
        report.settle(case);
        let shut = report.findings.iter().filter(|f| f.outcome == Verdict::Capped);
        let shut = shut.filter(|f| cut(f).is_none()).filter_map(|f| f.months.or(case.months));
        let payable = Payable::of(&report.findings, asked).unwrap_or_default();
        Self {
            shut: shut.collect(),
            total: least(case.grantable_total(), payable.sum(asked)),
            monthly: least(case.grantable_monthly(), payable.monthly),
        }
    }

    /// Of a benefit by the month what it comes to in the `shared` months.
    fn asked(&self, case: &Case<'_>, shared: Option<MonthSpan>) -> Worth {
        let Some(count) = instalments_of(Some(case.policy)) else {
            let in_shared = shared.zip(self.monthly).map(|(span, sum)| sum.times(span.count()));
            return Worth { total: least(self.total, in_shared), monthly: self.monthly };
        };
        let whole = asked_whole(case, count);
        let each = whole.map(|whole| whole.part(1, count.into()));
        Worth { total: whole, monthly: least(self.monthly, each) }
    }
}

fn asked_whole(case: &Case<'_>, count: u32) -> Option<Fen> {
    let months = case.months?;
    let plan = Plan::new(case, months, count);
    if plan.continued {
        return plan.whole;
    }
    Some(whole(case.app.amount?, months, count)?.min(case.left_in_all()))
}

fn held_worth(held: &Held<'_>, shared: Option<MonthSpan>) -> Worth {
    let monthly = held.monthly();
    let in_shared = shared.zip(monthly).map(|(span, sum)| sum.times(span.count()));
    let total = in_shared.or_else(|| held_whole(held)).or_else(|| held.total());
    Worth { total, monthly }
}

/// All instalments of an award that was approved for some of them; one that was stopped has no others.
fn held_whole(held: &Held<'_>) -> Option<Fen> {
    let (policy, grant) = (held.policy?, &held.entry.grant);
    let count = instalments_of(Some(policy)).filter(|_| held.entry.stopped.is_none())?;
    let months = held.entry.approved_months(Some(policy))?;
    let whole = whole(grant.approved, months, count).filter(|_| months.count() < count)?;
    let cap = policy.amount.cap.filter(|_| grant.terms.case_by_case.is_none());
    Some(whole.min(cap.unwrap_or(Fen::MAX)))
}

/// What all instalments come to: a total that names all of them, or more months, is the whole.
fn whole(amount: Amount, months: MonthSpan, count: u32) -> Option<Fen> {
    let sum = total(amount, Some(months))?;
    Some(match amount {
        Amount::Total(_) if months.count() >= count => sum,
        _ => sum.part(count.into(), months.count().into()),
    })
}

fn instalments_of(policy: Option<&Policy>) -> Option<u32> {
    policy?.payout.as_ref()?.instalments.filter(|n| *n > 1)
}

/// Is it given by the month, without a sum in all that the text fixes?
fn is_by_the_month(policy: Option<&Policy>, amount: Option<Amount>) -> bool {
    let of_the_month = policy.is_some_and(|p| p.amount.unit == AmountUnit::Month);
    let named = matches!(amount, Some(Amount::Monthly(_)));
    instalments_of(policy).is_none() && (of_the_month || named)
}

fn least(a: Option<Fen>, b: Option<Fen>) -> Option<Fen> {
    a.into_iter().chain(b).min()
}
