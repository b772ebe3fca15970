//! R32: a policy is computed with only while its document is in force (附件4 四（三） “自颁布之日起生
//! 效”). A later version of the same policy ends the one before it on the day before its own first day
//! (“同时废止”); the documents give no transitional clause. So a new application after that day is made
//! under the later version, which is named; whether what was decided under the earlier one runs on, and
//! whether a document without an end is still in force, is Q27. A draft is never computed with.

use super::super::ask::{self, POLICY_VERSION};
use crate::domain::citation::Citation;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ApplicationKind, Policy, PolicyStatus};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::text::Text;
use crate::domain::time::{Month, Validity};

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
        let Policy { source, status, .. } = case.policy;
        let others = others(case);
        let validity = until_the_next(case.policy, &others);
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
            report.find(Draft::new(self, Reason::PolicyDraft, class, source.clone()));
            return apply_under_another(case, &others, report);
        }
        if !validity.contains(date) {
            let readings = if date < validity.from { &BEFORE } else { &AFTER };
            report.find(open(source, readings));
            return apply_under_another(case, &others, report);
        }
        // Whether what was applied for in time runs on after the end, or begins before the day, is not written.
        for months in case.outside(&validity.months().into_iter().collect()) {
            if months.first < Month::of(validity.from) {
                report.find(open(clause, &BEFORE).months(Some(months)));
            } else {
                report.find(open(clause, &AFTER).months(Some(months)));
            }
        }
    }
}

/// The other versions of the policy that were issued, in order.
fn others<'a>(case: &Case<'a>) -> Vec<&'a Policy> {
    let mut versions = case.view.versions(&case.policy.id);
    versions.retain(|p| p.version != case.policy.version && p.status != PolicyStatus::Draft);
    versions
}

/// A version without an end ends where the next one begins, and so does one whose end is later.
fn until_the_next(policy: &Policy, others: &[&Policy]) -> Validity {
    let own = policy.validity;
    let later = others.iter().filter(|p| p.version > policy.version).map(|p| p.validity.from);
    let last = later.filter(|from| *from > own.from).min().and_then(|from| from.yesterday().ok());
    Validity { until: own.until.into_iter().chain(last).min(), ..own }
}

/// Names the version that a new application has to be made under. What is continued or reviewed was
/// decided under its own.
fn apply_under_another(case: &Case<'_>, others: &[&Policy], report: &mut Report) {
    let new = !matches!(case.app.kind, ApplicationKind::Continuation | ApplicationKind::Review);
    let meant = others.iter().rfind(|p| new && p.validity.contains(case.app.date));
    if let Some(Policy { version, validity: Validity { from, .. }, .. }) = meant {
        let todo = Text::new(
            format!("申请日施行的是第{version}版（自{from}起），请改按该版本申请并重新核查"),
            format!("version {version} is in force since {from}: apply under it, and check again"),
        );
        let district = case.policy.district.as_str();
        report.lacks_words(POLICY_VERSION, ask::with(POLICY_VERSION, &todo), district);
    }
}
