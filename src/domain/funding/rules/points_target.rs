//! R21: points are for those who do not yet meet the high-level purchase or rent standard (附件4 二
//! “因暂不符合高层次人才购房、租房补贴标准”). The text looks at the standard, not at a grant: Q14.

use super::conditions;
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::life_cycle::State;

const STANDARD_OR_GRANT: QuestionId = QuestionId::new(14);
const HIGH_LEVEL_SCHEME: &str = "qingpu-housing";

/// R21.
pub struct PointsTarget;

impl Rule for PointsTarget {
    fn id(&self) -> RuleId {
        RuleId::new(21)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for condition in conditions::of(case, self) {
            let certified = case
                .certifications()
                .filter(|(r, c)| {
                    c.scheme == HIGH_LEVEL_SCHEME
                        && r.state == State::Active
                        && c.head.validity.contains(case.app.date)
                })
                .map(|(r, _)| evidence_of(r))
                .min();
            let before = report.findings.len();
            match certified {
                Some(evidence) => {
                    let class = (FindingClass::Ineligible, Verdict::Ineligible);
                    let citation = condition.citation.clone();
                    let draft = Draft::new(self, Reason::HighLevelStandard, class, citation);
                    report.find(draft.evidence(evidence));
                }
                None => {
                    conditions::judge(self, Reason::HighLevelStandard, (case, report), condition);
                }
            }
            if report.findings.len() > before {
                report.note(self.id(), STANDARD_OR_GRANT);
            }
        }
    }
}
