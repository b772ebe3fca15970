//! R27: one enterprise, one agricultural founder (附件3 二（二）1 “1家企业只能申报 1名创业人才”). At
//! one time or ever is not said: Q29.

use super::conditions;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::report::{Draft, Report, Rule};

const ONE_OR_EVER: QuestionId = QuestionId::new(29);

/// R27, and the written conditions of agricultural teams and founders.
pub struct OneFounder;

impl Rule for OneFounder {
    fn id(&self) -> RuleId {
        RuleId::new(27)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for condition in conditions::of(case, self) {
            conditions::judge(self, Reason::EntryCondition, (case, report), condition);
        }
        let Some(clause) = case.policy.clause(self.id()) else { return };
        let Some(employer) = case.app.terms.employer else { return };
        for held in case.held_by(employer) {
            let founder = held.policy.is_some_and(|p| p.clause(self.id()).is_some());
            let other = !case.persons.contains(&held.entry.grant.terms.subject);
            if founder && other && held.entry.district == case.policy.district {
                let class = (FindingClass::Ineligible, Verdict::Ineligible);
                let citation = clause.citation.clone();
                let draft = Draft::new(self, Reason::FounderTaken, class, citation);
                report.find(draft.evidence(held.evidence()));
                report.note(self.id(), ONE_OR_EVER);
            }
        }
    }
}
