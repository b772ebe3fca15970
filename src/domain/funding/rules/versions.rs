//! R32: a policy is computed with only while its document is in force (附件4 四（三） “自颁布之日起生
//! 效”). Whether a document without an end is still in force is Q27; a draft is never computed with.

use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::PolicyStatus;
use crate::domain::funding::report::{Draft, Report, Rule};

const IN_FORCE: QuestionId = QuestionId::new(27);

/// R32.
pub struct PolicyVersions;

impl Rule for PolicyVersions {
    fn id(&self) -> RuleId {
        RuleId::new(32)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let in_force = case.policy.validity.contains(case.app.date);
        if in_force && case.policy.status != PolicyStatus::Draft {
            return;
        }
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        let draft = Draft::new(self, Reason::PolicyNotInForce, class, case.policy.source.clone());
        // What ended may run on; a draft, or a day before the first, no ruling can help.
        let ended = case.policy.validity.until.is_some_and(|last| last < case.app.date);
        report.find(if ended && case.policy.status != PolicyStatus::Draft {
            let readings =
                [("still-in-force", Verdict::Clear), ("no-longer-in-force", Verdict::Ineligible)];
            draft.readings(IN_FORCE, &readings)
        } else {
            draft.question(IN_FORCE)
        });
    }
}
