//! R05, for claims that nobody has approved yet: another district holds a live reservation for the same
//! person, kind and months (附件2 六（四） “与本区其他相关政策”). Nothing forbids, so it is a notice for two
//! authorities, REFER Q01. Only a query shows it: a hold's receipt lists the holds before it itself.

use super::cross_district::{ACROSS, CrossDistrict, READINGS, joint_rule};
use super::same_kind::SameKind;
use crate::domain::funding::case::{Case, Meet, hold_evidence, meet};
use crate::domain::funding::claim::conflicts;
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::ledger::OpenHold;
use crate::domain::funding::message::JointEffect;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::subject::SubjectId;

/// R05, open holds.
pub struct OpenHolds;

impl Rule for OpenHolds {
    fn id(&self) -> RuleId {
        CrossDistrict.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let mut holds: Vec<&OpenHold> = case
            .view
            .holds()
            .iter()
            .filter(|h| h.district != case.policy.district && meets(case, h))
            .collect();
        holds.sort_by_key(|h| (&h.district, &h.hold));
        for hold in holds {
            report.find(self.draft(case, hold));
        }
    }
}

impl OpenHolds {
    fn draft(&self, case: &Case<'_>, hold: &OpenHold) -> Draft {
        let class = (FindingClass::Notice, Verdict::Refer);
        let clause = case.policy.clause(SameKind.id());
        let clause = clause.map_or(&case.policy.source, |c| &c.citation).clone();
        let met = meet(case.months, hold.application.terms.months);
        let months = met.and_then(Meet::months);
        let mut draft = Draft::new(self, Reason::OpenHold, class, clause)
            .cite(case.policy.source.clone())
            .months(months)
            .evidence(hold_evidence(hold));
        // A joint rule speaks of claims as of grants; a ruling settles the readings.
        draft = match joint_rule(case, &hold.district) {
            Some(rule) => draft
                .outcome(match rule.effect {
                    JointEffect::OneOnly => Verdict::OneOnly,
                    JointEffect::Allowed => Verdict::Clear,
                })
                .cite(rule.citation.clone()),
            None => draft.readings(ACROSS, &READINGS),
        };
        if let Some(theirs) = case.view.policy(&hold.application.terms.policy) {
            draft = draft.cite(theirs.source.clone());
        }
        match months {
            Some(span) => draft.step(Label::MonthsOverlap, u64::from(span.count())),
            None => draft,
        }
    }
}

fn meets(case: &Case<'_>, hold: &OpenHold) -> bool {
    // Whoever is one person with the applicant stands for the applicant.
    let applicant = case.app.terms.subject;
    let closure = |s: SubjectId| if case.persons.contains(&s) { applicant } else { s };
    conflicts(case.view, case.app, &hold.application, closure)
}
