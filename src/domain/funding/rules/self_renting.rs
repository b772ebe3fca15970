//! R12: for the points rent subsidy the family owns no housing in the district and the person rents
//! there by himself, or near Qingpu if work needs (附件4 二（二）). 家庭 is undefined (Q07), “青浦周边”
//! too (Q28). A home in another district is no bar.

use super::conditions::{self, Met};
use crate::domain::funding::case::{Case, Known};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::{Draft, Report, Rule};

const NEARBY: QuestionId = QuestionId::new(28);
const FAMILY: QuestionId = QuestionId::new(7);
const SELF_RENTING: &str = "self-renting-in-district";
const SELF_RENTING_NEARBY: &str = "self-renting-nearby-for-work";

/// R12.
pub struct SelfRenting;

impl Rule for SelfRenting {
    fn id(&self) -> RuleId {
        RuleId::new(12)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        // The sentence governs 申请租房补贴, not the registration of points.
        if case.app.kind == ApplicationKind::Registration {
            return;
        }
        for condition in conditions::of(case, self) {
            let rents = condition.fact == SELF_RENTING;
            if rents && let Known::Yes(evidence) = case.known(SELF_RENTING_NEARBY) {
                let class = (FindingClass::Condition, Verdict::ClearCond);
                let citation = condition.citation.clone();
                let draft = Draft::new(self, Reason::RentsNearby, class, citation);
                report.find(draft.evidence(evidence));
                report.note(self.id(), NEARBY);
                continue;
            }
            let reason = if rents { Reason::NotSelfRenting } else { Reason::FamilyHome };
            if !rents && matches!(conditions::test(case, condition), Met::No(..)) {
                report.note(self.id(), FAMILY);
            }
            conditions::judge(self, reason, (case, report), condition);
        }
    }
}
