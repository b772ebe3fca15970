//! R21: points are for those who do not yet meet the high-level purchase or rent standard (附件4 二
//! “因暂不符合高层次人才购房、租房补贴标准”). The text looks at the standard, not at a grant: Q14. Where nobody
//! has certified, the records are held against the criteria of the purchase and rent subsidies.

use super::conditions::{self, Met};
use super::criteria::{Outcome, evaluate};
use crate::domain::funding::case::{Case, Known, evidence_of};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ClassGround, Condition};
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
            let derived = if certified.is_none() { standard(case) } else { None };
            if let Some((ground, outcome)) = derived {
                self.derived((case, report), (condition, ground), outcome);
                continue;
            }
            let meets = certified.or_else(|| match conditions::test(case, condition) {
                Met::No(evidence, _) => Some(evidence),
                Met::Yes(evidence) => {
                    let on = (condition.fact.as_str(), &condition.citation);
                    conditions::rests(self, (case, report), on, &evidence, None);
                    None
                }
                Met::Unknown => {
                    conditions::ask(report, &condition.fact);
                    None
                }
            });
            let Some(evidence) = meets else { continue };
            let class = (FindingClass::Ineligible, Verdict::Ineligible);
            let citation = condition.citation.clone();
            let draft = Draft::new(self, Reason::HighLevelStandard, class, citation);
            self.find((case, report), draft.evidence(evidence));
        }
    }
}

impl PointsTarget {
    /// As far as the standard counts and not the grant.
    fn find(&self, (case, report): (&Case<'_>, &mut Report), draft: Draft) {
        report.note(self.id(), STANDARD_OR_GRANT);
        report.find(match case.ruled(STANDARD_OR_GRANT, &[STANDARD, GRANT]) {
            // What is granted beside points is R02's to judge.
            Some(fact) if fact.ruling.reading == GRANT => draft.outcome(Verdict::Clear).ruled(fact),
            Some(fact) => draft.ruled(fact),
            None => draft,
        });
    }

    /// By the records the standard is met, whatever the case says.
    fn derived(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (condition, ground): (&Condition, &ClassGround),
        outcome: Outcome,
    ) {
        let below = match case.known(&condition.fact) {
            Known::Yes(evidence) => Some(evidence),
            _ => None,
        };
        let (class, question, evidence) = match outcome {
            Outcome::Met(evidence) if below.is_some() => {
                ((FindingClass::ContradictoryFacts, Verdict::Refer), None, evidence)
            }
            Outcome::Met(evidence) => {
                ((FindingClass::Ineligible, Verdict::Ineligible), None, evidence)
            }
            Outcome::Open(question, _, evidence) => {
                ((FindingClass::OpenQuestion, Verdict::Refer), Some(question), evidence)
            }
            Outcome::NotMet(_) | Outcome::Unknown(_) => return,
        };
        let citation = condition.citation.clone();
        let draft = Draft::new(self, Reason::HighLevelStandard, class, citation);
        let draft = question.into_iter().fold(draft.cite(ground.citation.clone()), Draft::question);
        let draft = evidence.into_iter().chain(below).fold(draft, Draft::evidence);
        self.find((case, report), draft);
    }
}

/// A ground of the high-level standard that the records meet, or may meet.
fn standard<'a>(case: &Case<'a>) -> Option<(&'a ClassGround, Outcome)> {
    let policies = case.view.of_scheme(HIGH_LEVEL_SCHEME).into_iter();
    let in_force = policies.filter(|p| p.validity.contains(case.app.date));
    let criteria = in_force.filter_map(|p| p.class.as_ref()?.criteria.as_ref());
    let outcomes: Vec<_> = criteria.filter_map(|c| evaluate(case, c)).collect();
    let met = outcomes.iter().find(|(_, o)| matches!(o, Outcome::Met(_)));
    let open = || outcomes.iter().find(|(_, o)| matches!(o, Outcome::Open(..)));
    met.or_else(open).cloned()
}
