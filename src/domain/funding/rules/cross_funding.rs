//! R06: duplicate and cross funding to be avoided (changning-2020-2 二（五）20 “避免重复资助和交叉
//! 资助”). 交叉资助 is undefined (Q20), so links between person, team, enterprise, lease and
//! certificate are shown as information and decide nothing; so are grants of somebody who may be
//! the same person, and what such a person has reserved, a notice until the link is confirmed. Where two districts know one passport and
//! nobody has compared the papers yet, that is a fact that is missing: a person looks. 重复资助 needs no
//! definition: the same policy for the same beneficiary once more, where no clause on exclusivity
//! decides, is for a person to judge.

use std::collections::BTreeSet;

use super::alternatives::is_alternative;
use super::cross_district::is_comparable;
use super::exclusive::{clause_of, in_doubt, stacks};
use super::same_kind::{
    ANNEX_CONDITIONS, BY_DEPARTMENTS, BetterHigher, MAIN_TEXT, NO_CONDITIONS, SameKind,
    THROUGH_LINKS, WHAT_IS_CROSS, is_same_group, repeated,
};
use crate::domain::citation::Citation;
use crate::domain::funding::beneficiary::{enterprises, is_one_certificate, is_other_matter};
use crate::domain::funding::case::{Case, Held, Meet, hold_evidence, meet};
use crate::domain::funding::claim::conflicts;
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::ledger::{LinkFact, OpenHold};
use crate::domain::funding::message::{Beneficiary, ObjectKind};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::sameness::Sameness;
use crate::domain::subject::SubjectId;

/// Code of what is missing where passports agree.
const SAME_PASSPORT: &str = "same-passport";

/// R06.
pub struct CrossFunding;

impl Rule for CrossFunding {
    fn id(&self) -> RuleId {
        RuleId::new(6)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let terms = &case.app.terms;
        let mut found = self.repeats(case, report);
        for object in terms.objects.iter().filter(|o| o.kind != ObjectKind::Enterprise) {
            for held in
                case.held_by(object.object).iter().filter(|h| !found.contains(&h.evidence()))
            {
                let other = !case.persons.contains(&held.entry.grant.terms.subject);
                let elsewhere = held.entry.district != case.policy.district;
                let reason = match (other, elsewhere) {
                    (true, _) => Reason::SameObject,
                    (false, true) => Reason::SameObjectElsewhere,
                    (false, false) => continue,
                };
                if case.meet(held).is_some() {
                    self.show(reason, (case, report), held);
                }
            }
        }
        if let Some(project) = &terms.project {
            // Through another person, or through the same one as another kind of beneficiary.
            for held in case.held_for(project) {
                let other = case.same_beneficiary(&held) == Sameness::Other;
                if other && case.meet(&held).is_some() && found.insert(held.evidence()) {
                    let reason = in_doubt(case, &held).unwrap_or(Reason::SameProject);
                    self.show(reason, (case, report), &held);
                }
            }
        }
        self.suspected(case, report);
        let to_enterprise = |h: &Held<'_>| {
            h.entry.grant.terms.beneficiary == Beneficiary::Enterprise
                && terms.beneficiary != Beneficiary::Enterprise
        };
        let enterprises: Vec<_> = enterprises(terms).into_iter().collect();
        for held in case.held_by_any(&enterprises).iter().filter(|h| to_enterprise(h)) {
            if case.meet(held).is_some() {
                self.show(Reason::CrossFunding, (case, report), held);
                found.insert(held.evidence());
            }
        }
        for held in case.held.iter().filter(|h| is_as_another(case, h)) {
            if case.meet(held).is_some() && found.insert(held.evidence()) {
                self.show(Reason::OtherBeneficiary, (case, report), held);
            }
        }
    }
}

/// Is the applicant funded for the same kind elsewhere, as another kind of beneficiary, which R05 leaves?
fn is_as_another(case: &Case<'_>, held: &Held<'_>) -> bool {
    held.entry.district != case.policy.district
        && held.entry.grant.terms.beneficiary != case.app.terms.beneficiary
        && matches!(case.likeness(held), Some(Likeness::Same | Likeness::Doubtful))
        && !is_comparable(case, held)
        && !stacks(case, held)
}

impl CrossFunding {
    /// The same policy once more for the same person, enterprise, team, project or certificate, where no
    /// clause of the district decides: a second 全额报销 of one exam fee (yangpu-2021-19 附件 四5), the team
    /// award once more to one enterprise (正文 二（三）). What was told before is what is handed back.
    fn repeats(&self, case: &Case<'_>, report: &mut Report) -> BTreeSet<Evidence> {
        let mut found = BTreeSet::new();
        let terms = &case.app.terms;
        let objects: Vec<SubjectId> = terms.objects.iter().map(|o| o.object).collect();
        let mut held: Vec<Held<'_>> = case.held_here().copied().collect();
        held.extend(case.held_by_others());
        held.extend(case.held_by_any(&objects));
        for held in held.iter().filter(|h| is_repeat(case, h)) {
            let Some(meet) = case.meet(held).filter(|_| found.insert(held.evidence())) else {
                continue;
            };
            let mut draft = repeated(self, case, (held, meet), clause(case));
            if case.policy.questions.contains(&MAIN_TEXT) {
                draft = draft.readings(
                    MAIN_TEXT,
                    &[(ANNEX_CONDITIONS, Verdict::OneOnly), (NO_CONDITIONS, Verdict::Clear)],
                );
            }
            report.find(draft);
            report.note(self.id(), WHAT_IS_CROSS);
        }
        found
    }

    /// Two links to one person tell of its grants once.
    fn suspected(&self, case: &Case<'_>, report: &mut Report) {
        let mut persons = case.suspected();
        persons.dedup_by_key(|(person, _)| *person);
        for (person, link) in persons {
            let alike = |h: &Held<'_>| case.likeness(h) != Some(Likeness::Different);
            for held in case.held_by(person).iter().filter(|h| alike(h)) {
                let Some(meet) = case.meet(held) else { continue };
                let (reason, outcome) = suspicion(link);
                if outcome == Verdict::Refer {
                    report.lacks(SAME_PASSPORT, held.entry.district.as_str(), meet.months());
                }
                let class = (FindingClass::Notice, outcome);
                let draft = Draft::new(self, reason, class, clause(case))
                    .cite_sources(case, held)
                    .months(meet.months())
                    .evidence(held.evidence());
                report.find(draft.evidence(case.link_evidence(link)));
            }
            for hold in case.view.holds().iter().filter(|h| is_claim_of(case, h, person)) {
                self.claimed((case, report), hold, link);
            }
        }
    }

    /// What somebody who may be the same person has reserved in another district.
    fn claimed(&self, (case, report): (&Case<'_>, &mut Report), hold: &OpenHold, link: &LinkFact) {
        let months = meet(case.months, hold.application.terms.months).and_then(Meet::months);
        let (reason, outcome) = suspicion(link);
        if outcome == Verdict::Refer {
            report.lacks(SAME_PASSPORT, hold.district.as_str(), months);
        }
        let class = (FindingClass::Notice, outcome);
        let mut draft = Draft::new(self, reason, class, clause(case))
            .cite(case.policy.source.clone())
            .months(months)
            .evidence(hold_evidence(hold))
            .evidence(case.link_evidence(link));
        if let Some(theirs) = case.view.policy(&hold.application.terms.policy) {
            draft = draft.cite(theirs.source.clone());
        }
        report.find(draft);
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

/// Where passports agree, nobody has looked yet: unknown is never read as no. A link somebody has looked at,
/// and others are to confirm.
const fn suspicion(link: &LinkFact) -> (Reason, Verdict) {
    if link.by_passport {
        (Reason::SamePassport, Verdict::Refer)
    } else {
        (Reason::SuspectedPerson, Verdict::Clear)
    }
}

/// Would the claim meet the application if `person` were the applicant?
fn is_claim_of(case: &Case<'_>, hold: &OpenHold, person: SubjectId) -> bool {
    let (applicant, suspected) = (case.app.terms.subject, case.person(person));
    let closure = |s: SubjectId| {
        if case.persons.contains(&s) || suspected.contains(&s) { applicant } else { s }
    };
    hold.district != case.policy.district
        && suspected.contains(&hold.application.terms.subject)
        && conflicts(case.view, case.app, &hold.application, closure)
}

fn is_repeat(case: &Case<'_>, held: &Held<'_>) -> bool {
    let (ours, theirs) = (&case.app.terms, &held.entry.grant.terms);
    let same_policy = theirs.policy.id == case.policy.id;
    let same = case.same_beneficiary(held);
    let repeats = is_one_certificate(ours, theirs) || same != Sameness::Other;
    let clauses = [&SameKind as &dyn Rule, &BetterHigher];
    let by_clause = clauses.iter().any(|rule| clause_of(case, held, *rule).is_some());
    // Where it is one beneficiary, R01, R02, R04 or R34 decide.
    let decided = (by_clause || is_same_group(case, held)) && same != Sameness::Other;
    same_policy
        && repeats
        && !decided
        && !is_alternative(case.policy)
        && !is_other_matter(ours, theirs)
        && !stacks(case, held)
}

fn clause(case: &Case<'_>) -> Citation {
    let own = case.policy.clause(CrossFunding.id());
    own.or_else(|| case.policy.clause(RuleId::new(1)))
        .map_or_else(|| case.policy.source.clone(), |c| c.citation.clone())
}
