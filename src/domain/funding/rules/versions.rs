//! R32: a policy is computed with only while its document is in force (附件4 四（三） “自颁布之日起生
//! 效”). Whether a document without an end is still in force is Q27; a draft is never computed with.

use crate::domain::citation::Citation;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::PolicyStatus;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::Month;

const IN_FORCE: QuestionId = QuestionId::new(27);

const READINGS: [(&str, Verdict); 2] =
    [("still-in-force", Verdict::Clear), ("no-longer-in-force", Verdict::Ineligible)];

/// R32.
pub struct PolicyVersions;

impl Rule for PolicyVersions {
    fn id(&self) -> RuleId {
        RuleId::new(32)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let in_force = case.policy.validity.contains(case.app.date);
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        let draft = |clause: Citation| Draft::new(self, Reason::PolicyNotInForce, class, clause);
        let source = &case.policy.source;
        if !in_force || case.policy.status == PolicyStatus::Draft {
            // What ended may run on; a draft, or a day before the first, no ruling can help.
            let ended = case.policy.validity.until.is_some_and(|last| last < case.app.date);
            let draft = draft(source.clone());
            return report.find(if ended && case.policy.status != PolicyStatus::Draft {
                draft.readings(IN_FORCE, &READINGS)
            } else {
                draft.question(IN_FORCE)
            });
        }
        // What was applied for in time may run on after the end; nothing says that it may begin before.
        let clause = case.policy.clause(self.id()).map_or(source, |c| &c.citation);
        let validity = case.policy.validity;
        for months in case.outside(&validity.months().into_iter().collect()) {
            if months.first < Month::of(validity.from) {
                report.find(draft(clause.clone()).months(Some(months)).question(IN_FORCE));
            } else {
                report.note(self.id(), IN_FORCE);
            }
        }
    }
}
