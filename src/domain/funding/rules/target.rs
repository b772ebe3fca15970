//! R30: whom a benefit is for, where the document lists groups and no class: talent apartments are for
//! four (附件4 三（一） “享受对象”), the rent subsidy and apartments of Annex 3 for members of teams and
//! founders (附件3 三（二）2 “对农业创业团队成员和农业创业人才”). One group that is met is enough.

use super::conditions;
use super::criteria::{self, Outcome, evaluate};
use super::entry::EntryTime;
use super::flexible::unopened_months;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{ApplicationKind, ClassCriteria, ClassGround};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::MonthSpan;

/// R30, the groups that a benefit is for.
pub struct TargetGroup;

impl Rule for TargetGroup {
    fn id(&self) -> RuleId {
        EntryTime.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(target) = &case.policy.target else { return };
        if case.app.kind == ApplicationKind::Certification {
            return;
        }
        // 可同等享受: a flexible talent needs none of the groups (正文 四（一）), in the months of the secondment.
        let spans = unopened_months(case);
        if spans.is_empty() {
            return;
        }
        let Some((ground, outcome)) = evaluate(case, target) else { return };
        for months in spans {
            self.report((case, report), (target, ground), &outcome, months);
        }
    }
}

impl TargetGroup {
    fn report(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (target, ground): (&ClassCriteria, &ClassGround),
        outcome: &Outcome,
        months: Option<MonthSpan>,
    ) {
        let citation = &ground.citation;
        let draft = |class, on: &[Evidence]| {
            let draft = Draft::new(self, Reason::EntryCondition, class, citation.clone());
            on.iter().cloned().fold(draft.months(months), Draft::evidence)
        };
        match outcome {
            Outcome::Met(evidence) => {
                for one in evidence {
                    let on = (criteria::asked_as(one), citation);
                    conditions::rests(self, (case, report), on, one, months);
                }
            }
            Outcome::Unknown(facts) => {
                for fact in facts {
                    conditions::ask(report, fact, months);
                }
            }
            Outcome::Open(question, readings, evidence) => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let readings = criteria::verdicts(case, target, readings);
                report.find(draft(class, evidence).readings(*question, &readings));
            }
            Outcome::NotMet(evidence) => {
                let class = (FindingClass::Ineligible, Verdict::Ineligible);
                report.find(draft(class, evidence));
            }
        }
    }
}
