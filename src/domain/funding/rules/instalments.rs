//! R17: a purchase subsidy runs for ten years in 120 monthly instalments (附件4 一（三） “购房补贴总额
//! 分十年按月发放”; 附件2 三（一）1), so it is compared as a running benefit. 5,000,000 / 120 does not
//! divide: the rounding is Q22, leaving early is Q15.

use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::report::{Draft, Report, Rule};

const ROUNDING: QuestionId = QuestionId::new(22);

/// R17.
pub struct PurchaseInstalments;

impl Rule for PurchaseInstalments {
    fn id(&self) -> RuleId {
        RuleId::new(17)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(payout) = &case.policy.payout else { return };
        let Some(count) = payout.instalments.filter(|n| *n > 1) else { return };
        let Some(total) = case.asked_total() else { return };
        let count = u64::from(count);
        let (instalment, rest) = (total.get() / count, total.get() % count);
        let citation = payout.citation.as_ref().unwrap_or(&case.policy.source);
        let class = (FindingClass::Info, Verdict::Clear);
        report.find(
            Draft::new(self, Reason::Instalments, class, citation.clone())
                .step(Label::AskedFen, total.get())
                .step(Label::Instalments, count)
                .step(Label::InstalmentFen, instalment)
                .step(Label::RemainderFen, rest),
        );
        if rest != 0 {
            report.note(self.id(), ROUNDING);
        }
    }
}
