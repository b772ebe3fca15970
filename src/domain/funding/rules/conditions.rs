//! What R12, R18, R21, R25, R26, R27 and R30 share: a written condition on a fact. A fact that nobody
//! stated is asked for; it is never read as no.

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Known};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::message::Condition;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::text::Text;

/// How a condition came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    /// Proven.
    Yes(Evidence),
    /// Proven not to hold; the number held, for a whole number.
    No(Evidence, Option<u64>),
    /// Nobody said.
    Unknown,
}

/// The conditions of the case's policy that `rule` tests.
pub fn of<'a>(case: &Case<'a>, rule: &dyn Rule) -> impl Iterator<Item = &'a Condition> {
    let id = rule.id();
    case.policy.conditions.iter().filter(move |c| c.rule == id)
}

/// How `condition` came out.
pub fn test(case: &Case<'_>, condition: &Condition) -> Met {
    let Some(least) = condition.at_least else {
        return match case.known(&condition.fact) {
            Known::Yes(evidence) => Met::Yes(evidence),
            Known::No(evidence) => Met::No(evidence, None),
            Known::Unknown => Met::Unknown,
        };
    };
    let evidence = case.case_evidence(&condition.fact);
    match case.integer(&condition.fact) {
        Some(n) if n >= least => Met::Yes(evidence),
        Some(n) => Met::No(evidence, u64::try_from(n).ok()),
        None => Met::Unknown,
    }
}

/// A condition holds on `evidence`: a doubt about it is referred, and for months after its known end
/// the fact is asked for.
pub fn rests(
    rule: &dyn Rule,
    (case, report): (&Case<'_>, &mut Report),
    (fact, citation): (&str, &Citation),
    evidence: &Evidence,
) {
    report.rests(rule, citation, evidence, None);
    if let Some(months) = case.after_end(evidence) {
        let text = Text::new(
            "所据记录在这些月份之前到期，请核实是否延续",
            "the record that this rests on ends before these months; ask whether it goes on",
        );
        report.lacks(fact, text, evidence.district.as_str(), Some(months));
    }
}

/// Tests `condition` and reports what fails or is not known.
pub fn judge(
    rule: &dyn Rule,
    reason: Reason,
    (case, report): (&Case<'_>, &mut Report),
    condition: &Condition,
) {
    match test(case, condition) {
        Met::Yes(evidence) => {
            rests(rule, (case, report), (&condition.fact, &condition.citation), &evidence);
        }
        Met::Unknown => ask(report, &condition.fact),
        Met::No(evidence, held) => {
            let class = (FindingClass::Ineligible, Verdict::Ineligible);
            let mut draft =
                Draft::new(rule, reason, class, condition.citation.clone()).evidence(evidence);
            if let (Some(held), Some(least)) = (held, condition.at_least) {
                let least = u64::try_from(least).unwrap_or_default();
                let (has, needs) = labels(&condition.fact);
                draft = draft.step(has, held).step(needs, least);
            }
            report.find(draft);
        }
    }
}

/// Points are named as such; other numbers carry their unit in the name of the fact.
fn labels(fact: &str) -> (Label, Label) {
    if fact == GENERAL_POINTS {
        (Label::PointsHeld, Label::PointsNeeded)
    } else {
        (Label::ValueHeld, Label::ValueNeeded)
    }
}

const GENERAL_POINTS: &str = "general-points";

/// Asks the applicant for a fact.
pub fn ask(report: &mut Report, fact: &str) {
    let text = Text::new(
        "缺少该项事实，请补充材料或向来源部门核实",
        "this fact is not known; ask for evidence or verify it at its source",
    );
    report.lacks(fact, text, "applicant", None);
}
