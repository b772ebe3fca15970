//! R32: a policy is computed with only while its document is in force (附件4 四（三） “自颁布之日起生
//! 效”). Whether a document without an end is still in force is Q27; a draft is never computed with.

use crate::domain::citation::Citation;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{Policy, PolicyStatus};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::Month;

const IN_FORCE: QuestionId = QuestionId::new(27);

/// What ended may run on.
const AFTER: [(&str, Verdict); 2] =
    [("still-in-force", Verdict::Clear), ("no-longer-in-force", Verdict::Ineligible)];
/// The day of a document need not be the first day of what it tells of (changning-2024-135 二（三）).
const BEFORE: [(&str, Verdict); 2] =
    [("before-the-document", Verdict::Clear), ("from-the-document", Verdict::Ineligible)];

/// R32.
pub struct PolicyVersions;

impl Rule for PolicyVersions {
    fn id(&self) -> RuleId {
        RuleId::new(32)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Policy { source, validity, status, .. } = case.policy;
        let clause = case.policy.clause(self.id()).map_or(source, |c| &c.citation);
        let open = |clause: &Citation, readings: &[(&str, Verdict)]| {
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            Draft::new(self, Reason::PolicyNotInForce, class, clause.clone())
                .readings(IN_FORCE, readings)
        };
        let date = case.app.date;
        if *status == PolicyStatus::Draft {
            // No ruling makes a draft a rule.
            let class = (FindingClass::Notice, Verdict::Refer);
            return report.find(Draft::new(self, Reason::PolicyDraft, class, source.clone()));
        }
        if date < validity.from {
            return report.find(open(source, &BEFORE));
        }
        if !validity.contains(date) {
            return report.find(open(source, &AFTER));
        }
        // What was applied for in time may run on after the end; whether it may begin before is not written.
        for months in case.outside(&validity.months().into_iter().collect()) {
            if months.first < Month::of(validity.from) {
                report.find(open(clause, &BEFORE).months(Some(months)));
            } else {
                report.note(self.id(), IN_FORCE);
            }
        }
    }
}
