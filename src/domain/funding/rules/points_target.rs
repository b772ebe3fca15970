//! R21: points are for those who do not yet meet the high-level purchase or rent standard (附件4 二
//! “因暂不符合高层次人才购房、租房补贴标准”). The text looks at the standard, not at a grant: Q14.

use super::conditions::{self, Met};
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::life_cycle::State;

const STANDARD_OR_GRANT: QuestionId = QuestionId::new(14);
const STANDARD: &str = "standard-excludes";
const GRANT: &str = "grant-excludes";
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
            let meets = certified.or_else(|| match conditions::test(case, condition) {
                Met::No(evidence, _) => Some(evidence),
                Met::Yes(_) => None,
                Met::Unknown => {
                    conditions::ask(report, &condition.fact);
                    None
                }
            });
            let Some(evidence) = meets else { continue };
            let class = (FindingClass::Ineligible, Verdict::Ineligible);
            let citation = condition.citation.clone();
            let draft = Draft::new(self, Reason::HighLevelStandard, class, citation);
            let draft = draft.evidence(evidence);
            report.note(self.id(), STANDARD_OR_GRANT);
            report.find(match case.ruled(STANDARD_OR_GRANT, &[STANDARD, GRANT]) {
                // What is granted beside points is R02's to judge.
                Some(fact) if fact.ruling.reading == GRANT => {
                    draft.outcome(Verdict::Clear).ruled(fact)
                }
                Some(fact) => draft.ruled(fact),
                None => draft,
            });
        }
    }
}
