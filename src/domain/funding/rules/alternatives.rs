//! R34: alternatives (或): Changning cash rent or apartment (changning-2020-2 二（五）18), Hongkou
//! settling-in or purchase (hongkou-13-5 四（六）居住). “或” as an exclusive or is the natural
//! reading, not a written prohibition: Q13.

use super::exclusive::clause_of;
use crate::domain::funding::case::{Case, evidence_of, meet};
use crate::domain::funding::finding::{FindingClass, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::Policy;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::occupancy::OccupancyKind;

const EXCLUSIVE_OR: QuestionId = QuestionId::new(13);
const ALTERNATIVES: [&str; 2] = ["rent-or-apartment", "settling-in-or-purchase"];

/// R34.
pub struct Alternatives;

impl Rule for Alternatives {
    fn id(&self) -> RuleId {
        RuleId::new(34)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        if !is_alternative(case.policy) {
            return;
        }
        let reading = |reading: &str, verdict| Reading {
            question: EXCLUSIVE_OR,
            reading: reading.to_owned(),
            verdict,
            months: None,
            amount: None,
        };
        let draft = || {
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            Draft::new(self, Reason::Alternatives, class, case.policy.source.clone())
                .reading(reading("exclusive", Verdict::OneOnly))
                .reading(reading("inclusive", Verdict::Clear))
        };
        for held in case.held_here() {
            let same = held.policy.is_some_and(|p| p.id == case.policy.id);
            // Where a clause of the district decides (R01, R04), no question is left.
            let decided = [1, 4].iter().any(|n| clause_of(case, held, &Numbered(*n)).is_some());
            if let (true, false, Some(met)) = (same, decided, case.meet(held)) {
                report.find(draft().months(met.months()).evidence(held.evidence()));
            }
        }
        let homes = case.occupancies_here().into_iter();
        for (record, occupancy) in homes.filter(|(_, o)| o.kind == OccupancyKind::TalentApartment) {
            let Some(lived) = case.lived(occupancy) else { continue };
            if let Some(met) = meet(case.months, Some(lived)) {
                report.find(draft().months(met.months()).evidence(evidence_of(record)));
            }
        }
    }
}

/// Is the policy written as one of two?
pub fn is_alternative(policy: &Policy) -> bool {
    policy.kinds.iter().any(|k| ALTERNATIVES.contains(&k.as_str()))
}

/// A rule's number alone, to look a clause up by.
struct Numbered(u8);

impl Rule for Numbered {
    fn id(&self) -> RuleId {
        RuleId::new(self.0)
    }
    fn judge(&self, _: &Case<'_>, _: &mut Report) {}
}
