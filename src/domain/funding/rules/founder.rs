//! R27: one enterprise, one agricultural founder (附件3 二（二）1 “1家企业只能申报 1名创业人才”). At
//! one time or ever is not said, nor whether a team of the same enterprise may be rewarded beside its
//! founder: Q29. Leader and founder in one person are R01's.

use super::conditions;
use super::exclusive::returned;
use super::same_kind::{LEADER_AND_FOUNDER, ONE_AWARD, TWO_AWARDS};
use crate::domain::funding::beneficiary::enterprises;
use crate::domain::funding::case::{Case, Held};
use crate::domain::funding::finding::{DayLabel, FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::report::{Draft, Report, Rule};

/// R27, and the written conditions of agricultural teams and founders.
pub struct OneFounder;

impl Rule for OneFounder {
    fn id(&self) -> RuleId {
        RuleId::new(27)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for condition in conditions::of(case, self) {
            conditions::judge(self, Reason::EntryCondition, (case, report), condition);
        }
        let enterprises: Vec<_> = enterprises(&case.app.terms).into_iter().collect();
        let of_another = |h: &&Held<'_>| {
            h.entry.district == case.policy.district
                && !case.persons.contains(&h.entry.grant.terms.subject)
        };
        for held in case.held_by_any(&enterprises).iter().filter(of_another) {
            self.beside((case, report), held);
        }
    }
}

impl OneFounder {
    /// A grant of the same enterprise that names somebody else.
    fn beside(&self, (case, report): (&Case<'_>, &mut Report), held: &Held<'_>) {
        let ours = case.policy.clause(self.id());
        let theirs = held.policy.and_then(|p| p.clause(self.id()));
        let raised = case.policy.questions.contains(&LEADER_AND_FOUNDER)
            && held.policy.is_some_and(|p| p.questions.contains(&LEADER_AND_FOUNDER));
        match (ours, theirs) {
            (Some(clause), Some(_)) => {
                let citation = &clause.citation;
                if let Some(open) = returned(self, Verdict::Ineligible, case, held, citation) {
                    return report.find(open);
                }
                let class = (FindingClass::Ineligible, Verdict::Ineligible);
                let citation = clause.citation.clone();
                let draft = Draft::new(self, Reason::FounderTaken, class, citation);
                let draft = draft.day(DayLabel::GrantedOn, held.entry.grant.decided_on);
                report.find(draft.told_back(held).evidence(held.evidence()));
                report.note(self.id(), LEADER_AND_FOUNDER);
            }
            (Some(clause), None) | (None, Some(clause)) if raised => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let citation = clause.citation.clone();
                let draft = Draft::new(self, Reason::TeamAndFounder, class, citation)
                    .cite_sources(case, held)
                    .evidence(held.evidence());
                let readings = [(ONE_AWARD, Verdict::OneOnly), (TWO_AWARDS, Verdict::Clear)];
                report.find(draft.readings(LEADER_AND_FOUNDER, &readings));
            }
            _ => {}
        }
    }
}
