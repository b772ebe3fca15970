//! R06: duplicate and cross funding to be avoided (changning-2020-2 二（五）20 “避免重复资助和交叉
//! 资助”). 交叉资助 is undefined (Q20), so links between person, team, enterprise, lease and
//! certificate are shown as information and decide nothing; so are grants of somebody who may be
//! the same person, a notice until the link is confirmed.

use super::exclusive::clause_of;
use super::same_kind::{BetterHigher, SameKind};
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{ApplicationKind, Beneficiary, ObjectKind};
use crate::domain::funding::report::{Draft, Report, Rule};

const WHAT_IS_CROSS: QuestionId = QuestionId::new(20);
const BY_DEPARTMENTS: &str = "by-departments";
const THROUGH_LINKS: &str = "through-links";

/// R06.
pub struct CrossFunding;

impl Rule for CrossFunding {
    fn id(&self) -> RuleId {
        RuleId::new(6)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let terms = &case.app.terms;
        for object in &terms.objects {
            for held in case.held_by(object.object) {
                let other = !case.persons.contains(&held.entry.grant.terms.subject);
                let elsewhere = held.entry.district != case.policy.district;
                let employer = object.kind == ObjectKind::Enterprise;
                let shown = other || elsewhere || is_undecided_repeat(case, &held);
                if shown && !employer && case.meet(&held).is_some() {
                    self.show(Reason::SameObject, (case, report), &held);
                }
            }
        }
        self.suspected(case, report);
        let Some(employer) = terms.employer else { return };
        let to_enterprise = |h: &Held<'_>| {
            h.entry.grant.terms.beneficiary == Beneficiary::Enterprise
                && terms.beneficiary != Beneficiary::Enterprise
        };
        for held in case.held_by(employer).iter().filter(|h| to_enterprise(h)) {
            if case.meet(held).is_some() {
                self.show(Reason::CrossFunding, (case, report), held);
            }
        }
    }
}

impl CrossFunding {
    /// Two links to one person tell of its grants once.
    fn suspected(&self, case: &Case<'_>, report: &mut Report) {
        let mut persons = case.suspected();
        persons.dedup_by_key(|(person, _)| *person);
        for (person, link) in persons {
            let alike = |h: &Held<'_>| case.likeness(h) != Some(Likeness::Different);
            for held in case.held_by(person).iter().filter(|h| alike(h)) {
                let Some(meet) = case.meet(held) else { continue };
                let class = (FindingClass::Notice, Verdict::Clear);
                let draft = Draft::new(self, Reason::SuspectedPerson, class, clause(case))
                    .cite_sources(case, held)
                    .months(meet.months())
                    .evidence(held.evidence());
                report.find(draft.evidence(Evidence {
                    district: held.entry.district.clone(),
                    what: "link".to_owned(),
                    id: "same".to_owned(),
                    position: link.position,
                }));
            }
        }
    }

    fn show(&self, reason: Reason, (case, report): (&Case<'_>, &mut Report), held: &Held<'_>) {
        let months = case.meet(held).and_then(Meet::months);
        let class = (FindingClass::Info, Verdict::Clear);
        let draft = Draft::new(self, reason, class, clause(case))
            .cite_sources(case, held)
            .months(months)
            .evidence(held.evidence());
        // Only where the clause is the policy's own can a ruling on its word mean more.
        let own = case.policy.clause(self.id()).is_some();
        let ruling = case.ruled(WHAT_IS_CROSS, &[BY_DEPARTMENTS, THROUGH_LINKS]).filter(|_| own);
        report.find(match ruling {
            Some(fact) if fact.ruling.reading == THROUGH_LINKS => {
                draft.outcome(Verdict::Refer).ruled(fact)
            }
            Some(fact) => draft.ruled(fact),
            None => draft,
        });
        report.note(self.id(), WHAT_IS_CROSS);
        for question in held.policy.map(|p| p.questions.as_slice()).unwrap_or_default() {
            report.note(self.id(), *question);
        }
    }
}

/// The same policy once more for the same object, where no clause on exclusivity (R01, R04) decides:
/// a second 全额报销 of one exam fee (yangpu-2021-19 附件 四5).
fn is_undecided_repeat(case: &Case<'_>, held: &Held<'_>) -> bool {
    let same = held.entry.grant.terms.policy.id == case.policy.id;
    let decided = [&SameKind as &dyn Rule, &BetterHigher]
        .iter()
        .any(|rule| clause_of(case, held, *rule).is_some());
    same && !decided && case.app.kind != ApplicationKind::Review
}

fn clause(case: &Case<'_>) -> Citation {
    let own = case.policy.clause(CrossFunding.id());
    own.or_else(|| case.policy.clause(RuleId::new(1)))
        .map_or_else(|| case.policy.source.clone(), |c| c.citation.clone())
}
