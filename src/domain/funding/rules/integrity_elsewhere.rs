//! R35: integrity and exit records are carried with the issuer's own terms, as fact and without any
//! effect here (changning-2020-2 二（五）20 “健全人才政策诚信体系和退出机制”; yangpu-2021-19 四（四）3 for
//! result transfer). Their contents are not defined, and three years are Qingpu's alone: no period is
//! assumed. How far they reach is Q10. Debarments and lost rights are R22's and R24's to report.

use super::debarment::{SCOPE, Standing, evidence, sorted, standing};
use crate::domain::funding::beneficiary::enterprises;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::SanctionKind;
use crate::domain::funding::report::{Draft, Report, Rule};

/// R35.
pub struct IntegrityElsewhere;

impl Rule for IntegrityElsewhere {
    fn id(&self) -> RuleId {
        RuleId::new(35)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let persons = case.persons.iter().map(|p| (*p, SanctionKind::PersonRecorded));
        let enterprises = enterprises(&case.app.terms).into_iter();
        let enterprises = enterprises.map(|e| (e, SanctionKind::EmployerRecorded));
        for (subject, kind) in persons.chain(enterprises) {
            for fact in sorted(case, subject, kind) {
                if standing(fact, case.app.date) == Standing::Outside {
                    continue;
                }
                let class = (FindingClass::Info, Verdict::Clear);
                let basis = fact.sanction.basis.clone();
                let draft = Draft::new(self, Reason::IntegrityRecord, class, basis);
                report.find(draft.evidence(evidence(fact)));
                report.note(self.id(), SCOPE);
            }
        }
    }
}
