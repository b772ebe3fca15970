//! R30: whom a benefit is for, where the document lists groups and no class: talent apartments are for
//! four (附件4 三（一） “享受对象”), the rent subsidy and apartments of Annex 3 for members of teams and
//! founders (附件3 三（二）2 “对农业创业团队成员和农业创业人才”). One group that is met is enough.

use super::conditions;
use super::criteria::{self, Outcome, evaluate};
use super::entry::EntryTime;
use super::flexible::is_flexible;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::{Draft, Report, Rule};

/// R30, the groups that a benefit is for.
pub struct TargetGroup;

impl Rule for TargetGroup {
    fn id(&self) -> RuleId {
        EntryTime.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(target) = &case.policy.target else { return };
        // 可同等享受: a flexible talent needs none of the groups (正文 四（一）).
        if is_flexible(case) || case.app.kind == ApplicationKind::Certification {
            return;
        }
        let Some((ground, outcome)) = evaluate(case, target) else { return };
        let citation = &ground.citation;
        let draft = |class| Draft::new(self, Reason::EntryCondition, class, citation.clone());
        match outcome {
            Outcome::Met(evidence) => {
                for one in &evidence {
                    let on = (criteria::asked_as(one), citation);
                    conditions::rests(self, (case, report), on, one, None);
                }
            }
            Outcome::Unknown(facts) => facts.iter().for_each(|f| conditions::ask(report, f)),
            Outcome::Open(question, readings, evidence) => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let draft = evidence.into_iter().fold(draft(class), Draft::evidence);
                report.find(draft.readings(question, &criteria::verdicts(&readings)));
            }
            Outcome::NotMet(evidence) => {
                let class = (FindingClass::Ineligible, Verdict::Ineligible);
                report.find(evidence.into_iter().fold(draft(class), Draft::evidence));
            }
        }
    }
}
