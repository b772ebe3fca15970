//! R10: where a district rule conflicts with one of the nation or the city, the latter prevails
//! (changning-2020-2 三 “以国家、本市相关政策、规定为准”). Only Changning writes it. Whether two benefits
//! of one kind do conflict is for people to see, so the district's stands on that condition.

use crate::domain::funding::case::{Case, Held};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{Level, Policy};
use crate::domain::funding::report::{Draft, Report, Rule};

use super::exclusive::stacks;

/// R10.
pub struct HigherLevelPrevails;

impl Rule for HigherLevelPrevails {
    fn id(&self) -> RuleId {
        RuleId::new(10)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for held in case.held.iter().filter(|h| !stacks(case, h)) {
            let Some(clause) = self.yielding(case.policy, held) else { continue };
            let alike = case.likeness(held) == Some(Likeness::Same);
            let (true, Some(meet)) = (alike, case.meet(held)) else { continue };
            let class = (FindingClass::Condition, Verdict::ClearCond);
            report.find(
                Draft::new(self, Reason::HigherLevelPrevails, class, clause.citation.clone())
                    .cite_sources(case, held)
                    .months(meet.months())
                    .evidence(held.evidence()),
            );
        }
    }
}

impl HigherLevelPrevails {
    /// The clause by which the district policy of the pair yields to the other one.
    fn yielding<'a>(
        &self,
        own: &'a Policy,
        held: &Held<'a>,
    ) -> Option<&'a crate::domain::funding::message::ClauseRef> {
        let theirs = held.policy?;
        match (own.level, theirs.level) {
            (Level::District, Level::National | Level::City) => own.clause(self.id()),
            (Level::National | Level::City, Level::District) => theirs.clause(self.id()),
            _ => None,
        }
    }
}
