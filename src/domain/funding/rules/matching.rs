//! R08: matching funds are meant to be stacked (正文 三（三） “给予配套资助支持”; changning-2020-2
//! 二（五）16; hongkou-13-5 四（二）), also when one district matches two plans of one talent. One plan
//! matched twice is no stacking: R04 judges it in a district, R05 across, R06 where no clause does.

use super::conditions;
use super::exclusive::stacks;
use crate::domain::funding::case::{Case, Held};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::Level;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::stacking::is_matching;

/// R08.
pub struct Matching;

impl Rule for Matching {
    fn id(&self) -> RuleId {
        RuleId::new(8)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let terms = &case.app.terms;
        // Only what is marked as such: a plan named under any other policy says nothing (DESIGN §7).
        if !is_matching(case.policy) {
            return;
        }
        if terms.parent_plan.is_none() {
            return report.lacks("parent-plan", "applicant", None);
        }
        let awarded = |h: &Held<'_>| h.policy.is_some_and(|p| p.level != Level::District);
        if !case.held.iter().any(awarded) {
            // The award that is matched is a condition; naming its plan does not prove it.
            for condition in conditions::of(case, self) {
                conditions::judge(self, Reason::EntryCondition, (case, report), condition);
            }
        }
        let class = (FindingClass::Info, Verdict::Clear);
        let mut draft = Draft::new(self, Reason::Matching, class, case.policy.source.clone());
        // What the award is added to, and what matches other plans; a district's own benefit of another
        // kind is neither.
        let beside = |h: &&Held<'_>| awarded(h) || h.policy.is_some_and(is_matching);
        for held in case.held.iter().filter(beside).filter(|h| stacks(case, h)) {
            draft = draft.evidence(held.evidence());
        }
        report.find(draft);
    }
}
