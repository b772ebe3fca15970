//! R14: points rent for at most five years in all, paid once a year (附件4 二（二） “每年发放一次，累计
//! 享受不超过 5年”). Five awards or 60 months: Q04. Shared with the rent cap: Q02.

use super::cap::{Count, YEARLY};
use crate::domain::funding::case::Case;
use crate::domain::funding::id::RuleId;
use crate::domain::funding::report::{Report, Rule};
use crate::domain::time::MonthSpan;

/// R14.
pub struct PointsCap;

impl Rule for PointsCap {
    fn id(&self) -> RuleId {
        RuleId::new(14)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        if let Some(cap) = case.policy.cap(self.id()) {
            let mut count = Count::new(case, cap);
            // Where nothing was drawn, the readings part only if the months asked for lie in more years.
            let awards = cap.months.map_or(usize::MAX, |m| usize::try_from(m / 12).unwrap_or(0));
            let many = |asked: MonthSpan| asked.years().count() > awards;
            if !count.used.is_empty() || case.months.is_some_and(many) {
                count.choose(YEARLY, ["months", "yearly-awards"]);
            }
            count.report(self, case, report);
        }
    }
}
