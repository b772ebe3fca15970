//! The assessment: rules in the order of tests, then the outcome by months and over all.

use std::collections::BTreeSet;

use super::ask;
use super::case::Case;
use super::finding::{AsOf, Assessment, Finding, Missing, Noted, Segment, Verdict};
use super::held::Payable;
use super::id::{QuestionId, RuleId};
use super::message::{Application, PolicyRef};
use super::report::Report;
use super::rules::RULES;
use super::safe::{Asked, safe};
use super::view::FundingView;
use crate::domain::coverage::remedy;
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

/// Assesses an application. Pure: the same view, application and times give the same result.
///
/// Cost follows the applicant's own records. A policy that the view lacks gives REFER with
/// `missing`, never a refusal.
pub fn assess(
    view: &dyn FundingView,
    application: &Application<SubjectId>,
    as_of: AsOf,
) -> Assessment {
    let mut report = Report::default();
    let terms = &application.terms;
    let mut asked = Asked { months: terms.months, total: None, monthly: None };
    match view.policy(&application.terms.policy) {
        Some(policy) => {
            let case = Case::new(view, application, policy, as_of);
            let (total, monthly) = (case.asked_total(), case.asked_monthly());
            asked = Asked { months: case.months, total, monthly };
            report = Report::over(case.doubts());
            for rule in RULES {
                rule.judge(&case, &mut report);
            }
            unknown_policies(&case, &mut report);
            report.cap_set_off(asked);
            report.settle(&case);
            report.refer_doubts();
            report.lower_hints(view.hints());
        }
        None => report.lacks(POLICY, "operator", None),
    }
    gaps(view, &terms.policy, &mut report);
    conclude(view, report, asked, as_of)
}

/// A grant whose policy nobody knows might stand under the same cap.
fn unknown_policies(case: &Case<'_>, report: &mut Report) {
    for held in case.held_here().filter(|h| h.policy.is_none()) {
        report.lacks(POLICY, held.entry.district.as_str(), None);
    }
}

/// A district whose data were not in is a gap, not a finding. Who applies a policy is whose it is.
fn gaps(view: &dyn FundingView, policy: &PolicyRef, report: &mut Report) {
    let own = view.policy(policy).map(|policy| &policy.district);
    for coverage in view.coverage().iter().filter(|c| !c.covered) {
        let own = own == Some(&coverage.district);
        let todo = remedy(coverage.reason, own, coverage.complete_until);
        report.lacks_words(COVERAGE, ask::with(COVERAGE, &todo), coverage.district.as_str());
    }
}

/// Code of a missing policy in [`Missing::what`].
const POLICY: &str = "policy";
/// Code of a missing district in [`Missing::what`].
pub const COVERAGE: &str = "coverage";

fn conclude(view: &dyn FundingView, report: Report, asked: Asked, as_of: AsOf) -> Assessment {
    let Report { findings, mut noted, mut missing, .. } = report;
    let open: BTreeSet<QuestionId> = findings.iter().flat_map(|f| f.questions.clone()).collect();
    noted.retain(|n| !open.contains(&n.question));
    noted.sort();
    missing.sort_by(|a, b| (&a.what, &a.from, a.months).cmp(&(&b.what, &b.from, b.months)));
    let segments = segments(&findings, &missing, asked.months);
    let verdict = segments.iter().map(|s| s.verdict).max().unwrap_or(Verdict::Clear);
    let mut coverage = view.coverage().to_vec();
    coverage.sort_by(|a, b| a.district.cmp(&b.district));
    let safe = safe(&findings, &missing, asked);
    let payable = Payable::of(&findings, asked);
    Assessment { as_of, verdict, segments, findings, noted, missing, safe, payable, coverage }
}

/// The outcome by months: cut where a finding begins or ends, neighbours alike joined.
fn segments(findings: &[Finding], missing: &[Missing], months: Option<MonthSpan>) -> Vec<Segment> {
    let spans: Vec<(Option<MonthSpan>, Verdict)> = findings
        .iter()
        .map(|f| (f.months, f.outcome))
        .chain(missing.iter().map(|m| (m.months, Verdict::Refer)))
        .collect();
    let Some(whole) = months else {
        let verdict = spans.iter().map(|(_, v)| *v).max().unwrap_or(Verdict::Clear);
        return vec![Segment { months: None, verdict }];
    };
    let mut starts: BTreeSet<Month> = BTreeSet::from([whole.first]);
    for span in spans.iter().filter_map(|(m, _)| *m) {
        starts.extend([span.first, span.last.plus(1)].into_iter().filter(|m| whole.contains(*m)));
    }
    let starts: Vec<Month> = starts.into_iter().collect();
    let mut out: Vec<Segment> = Vec::new();
    for (i, first) in starts.iter().enumerate() {
        let last = starts.get(i + 1).map_or(whole.last, |next| next.plus(-1));
        let holds = |m: &Option<MonthSpan>| m.is_none_or(|m| m.contains(*first));
        let verdict = spans.iter().filter(|(m, _)| holds(m)).map(|(_, v)| *v).max();
        let verdict = verdict.unwrap_or(Verdict::Clear);
        match out.last_mut() {
            Some(Segment { months: Some(span), verdict: v }) if *v == verdict => span.last = last,
            _ => out.push(Segment { months: MonthSpan::new(*first, last), verdict }),
        }
    }
    out
}

impl Assessment {
    /// Findings of one rule.
    pub fn by_rule(&self, rule: RuleId) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.rule == rule)
    }

    /// Questions that the outcome turns on.
    pub fn questions(&self) -> BTreeSet<QuestionId> {
        self.findings.iter().flat_map(|f| f.questions.iter().copied()).collect()
    }

    /// Questions that only bear on the case.
    pub fn noted_questions(&self) -> BTreeSet<QuestionId> {
        self.noted.iter().map(|n: &Noted| n.question).collect()
    }
}
