//! R33: benefits overlap by benefit month and not by the day of payment (附件4 一（三） “租房补贴按月发
//! 放”, 二（二） “租房补贴每年发放一次”: points are paid once a year for months gone by). The overlap itself
//! is `case::meet`, which every rule uses; this rule shows where a payment falls into the months asked
//! for and its benefit does not. Whether a part month counts as a whole one is Q34.

use crate::domain::funding::case::{Case, Held, PART_MONTH};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::Month;

/// R33.
pub struct TimeOverlap;

impl Rule for TimeOverlap {
    fn id(&self) -> RuleId {
        RuleId::new(33)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(asked) = case.months else { return };
        let paid_in =
            |h: &&Held<'_>| h.entry.payments.iter().any(|p| asked.contains(Month::of(p.paid_on)));
        for held in case.held.iter().filter(paid_in) {
            let comparable = case.likeness(held) != Some(Likeness::Different);
            let (true, None) = (comparable, case.meet(held)) else { continue };
            let class = (FindingClass::Info, Verdict::Clear);
            let schedule = case.policy.payout.as_ref().and_then(|p| p.citation.as_ref());
            let clause = schedule.unwrap_or(&case.policy.source).clone();
            report.find(
                Draft::new(self, Reason::MonthsApart, class, clause)
                    .cite_sources(case, held)
                    .evidence(held.evidence()),
            );
        }
        for (_, occupancy) in case.occupancies_here() {
            let validity = &occupancy.head.validity;
            let cut_in = validity.from > Month::of(validity.from).first_day();
            let starts_apart = cut_in && asked.contains(Month::of(validity.from));
            let ends_apart = validity.until.is_some_and(|day| {
                let month = Month::of(day);
                day < month.last_day() && asked.contains(month)
            });
            if starts_apart || ends_apart {
                report.note(self.id(), PART_MONTH);
            }
        }
    }
}
