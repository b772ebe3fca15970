//! R31: housing help that an employer pays from its own money is no public grant (附件5 三（二）6
//! “支持用人企业通过提供购房房贷贴息、房租补贴等形式解决人才住房困难”). If the employer is reimbursed from
//! public money, it is one, and has to be compared like one. A grant of the ledger is the employer's
//! own when no payer and no payment is public; such a grant meets no other rule. Which fund pays D/E rent is
//! not written (附件4 一（四） names the purchase subsidy alone): Q24, noted.

use super::conditions;
use crate::domain::funding::case::{Case, Known};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::Condition;
use crate::domain::funding::report::{Draft, Report, Rule};

const EMPLOYER_PAYS: &str = "employer-pays-housing-help";
/// Which fund pays: Q24. It bears on where the money comes from and not on who may have it.
const FISCAL_SOURCE: QuestionId = QuestionId::new(24);

/// R31.
pub struct OwnBenefit;

impl Rule for OwnBenefit {
    fn id(&self) -> RuleId {
        RuleId::new(31)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        if case.policy.questions.contains(&FISCAL_SOURCE) && case.app.kind.claims_money() {
            report.note(self.id(), FISCAL_SOURCE);
        }
        for condition in conditions::of(case, self) {
            for held in case.own_benefits.iter().filter(|h| case.meet(h).is_some()) {
                let evidence = held.evidence();
                self.find(report, condition, evidence, true);
            }
            let Known::Yes(paid) = case.known(EMPLOYER_PAYS) else { continue };
            match case.known(&condition.fact) {
                Known::Yes(evidence) => self.find(report, condition, evidence, true),
                Known::No(evidence) => self.find(report, condition, evidence, false),
                Known::Unknown => {
                    conditions::ask((case, report), &condition.fact, None);
                    self.find(report, condition, paid, true);
                }
            }
        }
    }
}

impl OwnBenefit {
    fn find(&self, report: &mut Report, condition: &Condition, evidence: Evidence, own: bool) {
        let (reason, class) = if own {
            (Reason::EmployerBenefit, (FindingClass::Info, Verdict::Clear))
        } else {
            (Reason::EmployerBenefitPublic, (FindingClass::Notice, Verdict::Refer))
        };
        let draft = Draft::new(self, reason, class, condition.citation.clone());
        report.find(draft.evidence(evidence));
    }
}
