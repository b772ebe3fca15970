//! R13: a person enjoys the rent subsidy of the district for at most five years (附件4 一（三） “最长不
//! 超过五年”; 附件2 三（一）2). Per person, so a new employer does not start it anew; “本区”, so months
//! drawn elsewhere do not count. One cap with points and agricultural rent, or one each: Q02. Paid
//! months or running years: Q03.

use super::cap::Count;
use crate::domain::funding::case::Case;
use crate::domain::funding::id::RuleId;
use crate::domain::funding::report::{Report, Rule};

/// R13.
pub struct RentCap;

impl Rule for RentCap {
    fn id(&self) -> RuleId {
        RuleId::new(13)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        if let Some(cap) = case.policy.cap(self.id()) {
            Count::new(case, cap).report(self, case, report);
        }
    }
}
