//! R12: for the points rent subsidy the family owns no housing in the district and the person rents
//! there by himself, or near Qingpu if work needs (附件4 二（二）). 家庭 is undefined (Q07), “青浦周边”
//! too (Q28). A home in another district is no bar.

use super::conditions::{self, Met};
use crate::domain::funding::case::{Case, Held, Known};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{ApplicationKind, Condition};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::MonthSpan;

const NEARBY: QuestionId = QuestionId::new(28);
const FAMILY: QuestionId = QuestionId::new(7);
const SELF_RENTING: &str = "self-renting-in-district";
const SELF_RENTING_NEARBY: &str = "self-renting-nearby-for-work";

/// R12.
pub struct SelfRenting;

impl Rule for SelfRenting {
    fn id(&self) -> RuleId {
        RuleId::new(12)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        // The sentence governs 申请租房补贴, not the registration of points.
        if case.app.kind == ApplicationKind::Registration {
            return;
        }
        for condition in conditions::of(case, self) {
            let rents = condition.fact == SELF_RENTING;
            let nearby = if rents { self.nearby((case, report), condition) } else { Vec::new() };
            if nearby.contains(&None) {
                continue;
            }
            let nearby: Vec<MonthSpan> = nearby.into_iter().flatten().collect();
            let reason = if rents { Reason::NotSelfRenting } else { Reason::FamilyHome };
            let plain = condition.doubt.is_none();
            if !rents && plain && matches!(conditions::test(case, condition), Met::No(..)) {
                report.note(self.id(), FAMILY);
            }
            conditions::judge_except(self, reason, (case, report), condition, &nearby);
        }
    }
}

impl SelfRenting {
    /// The months in which the applicant rents near Qingpu for work; `None` for all of them.
    fn nearby(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        condition: &Condition,
    ) -> Vec<Option<MonthSpan>> {
        let mut nearby = Vec::new();
        for (months, known) in case.known_by_month(SELF_RENTING_NEARBY) {
            let Known::Yes(evidence) = known else { continue };
            let class = (FindingClass::Condition, Verdict::ClearCond);
            let citation = condition.citation.clone();
            let draft = Draft::new(self, Reason::RentsNearby, class, citation);
            report.find(draft.months(months).evidence(evidence));
            nearby.push(months);
        }
        if !nearby.is_empty() {
            report.note(self.id(), NEARBY);
            self.subsidy_there((case, report), condition);
        }
        nearby
    }

    /// A rent subsidy drawn where the home near Qingpu lies: does the lease exclude it?
    fn subsidy_there(&self, (case, report): (&Case<'_>, &mut Report), condition: &Condition) {
        let near = case.view.owners(NEARBY);
        let there = |h: &&Held<'_>| {
            h.entry.district != case.policy.district && near.contains(&h.entry.district)
        };
        for held in case.held.iter().filter(there) {
            let alike = case.likeness(held) == Some(Likeness::Same);
            let (true, Some(meet)) = (alike, case.meet(held)) else { continue };
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            let readings =
                [("lease-excludes", Verdict::OneOnly), ("lease-independent", Verdict::Clear)];
            report.find(
                Draft::new(self, Reason::RentsNearby, class, condition.citation.clone())
                    .months(meet.months())
                    .evidence(held.evidence())
                    .readings(NEARBY, &readings),
            );
        }
    }
}
