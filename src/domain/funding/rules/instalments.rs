//! R17: a purchase subsidy runs for ten years in 120 monthly instalments (附件4 一（三） “购房补贴总额
//! 分十年按月发放”; 附件2 三（一）1), so it is compared as a running benefit. 5,000,000 / 120 does not
//! divide: the rounding is Q22, leaving early is Q15. An application that names fewer months is judged for
//! these, and the slip says so.

use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::{Draft, Report, Rule};

const ROUNDING: QuestionId = QuestionId::new(22);
const WITH_LAST: &str = "rest-with-last";
const DROPPED: &str = "rest-dropped";
/// What becomes of the instalments of somebody who leaves, or loses the class: Q15.
pub const LEAVING: QuestionId = QuestionId::new(15);
/// The readings of [`LEAVING`] with what they lead to.
pub const LEAVING_READINGS: [(&str, Verdict); 2] =
    [("instalments-continue", Verdict::Clear), ("instalments-stop", Verdict::Ineligible)];

/// Is the application about instalments that run already? Conditions of the award are written; that
/// they must go on for ten years is not.
pub fn is_running(case: &Case<'_>) -> bool {
    let instalments = case.policy.payout.as_ref().and_then(|p| p.instalments);
    case.app.kind == ApplicationKind::Continuation && instalments.is_some_and(|n| n > 1)
}

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
        // Whoever names twelve months is told that the other instalments were not looked at.
        let named = case.app.terms.months.map(|m| u64::from(m.count())).filter(|n| *n < count);
        let reason = if named.is_some() { Reason::InstalmentsPart } else { Reason::Instalments };
        let class = (FindingClass::Info, Verdict::Clear);
        let mut draft = Draft::new(self, reason, class, citation.clone());
        if let Some(months) = named {
            draft = draft.step(Label::MonthsAsked, months);
        }
        draft = draft
            .step(Label::AskedFen, total.get())
            .step(Label::Instalments, count)
            .step(Label::InstalmentFen, instalment)
            .step(Label::RemainderFen, rest);
        if rest != 0 {
            report.note(self.id(), ROUNDING);
            if let Some(fact) = case.ruled(ROUNDING, &[WITH_LAST, DROPPED]) {
                let kept = if fact.ruling.reading == WITH_LAST { rest } else { 0 };
                draft = draft
                    .step(Label::LastMonthFen, instalment.saturating_add(kept))
                    .step(Label::PayableFen, total.get().saturating_sub(rest).saturating_add(kept))
                    .ruled(fact);
            }
        }
        report.find(draft);
    }
}
