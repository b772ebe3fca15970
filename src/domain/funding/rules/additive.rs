//! R07: where only the same-kind rule applies, different kinds may be held together (附件2 三), and
//! 附件3 三（一） says so outright: “除按规定给予享受农业产业项目相关支持、扶持政策外，给予一次性奖励”.

use super::exclusive::{clause_of, stacks};
use super::same_kind::{SameKind, is_same_group};
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::report::{Draft, Report, Rule};

/// R07.
pub struct DifferentKinds;

impl Rule for DifferentKinds {
    fn id(&self) -> RuleId {
        RuleId::new(7)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for held in case.held_here().filter(|h| !is_same_group(case, h) && !stacks(case, h)) {
            let different = case.likeness(held) == Some(Likeness::Different);
            let (true, Some(meet)) = (different, case.meet(held)) else { continue };
            let additive = clause_of(case, held, self);
            let Some(clause) = additive.or_else(|| clause_of(case, held, &SameKind)) else {
                continue;
            };
            let class = (FindingClass::Info, Verdict::Clear);
            report.find(
                Draft::new(self, Reason::Additive, class, clause)
                    .cite_sources(case, held)
                    .months(meet.months())
                    .evidence(held.evidence()),
            );
        }
    }
}
