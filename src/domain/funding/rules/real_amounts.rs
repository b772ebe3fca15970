//! R29: amounts are caps (附件4 一（二）1 “视实际贡献，最高给予”): what is asked for above one is cut,
//! unless a clause of the policy's own rules knows 一事一议 (附件1 三（二）, 附件2 三（四）, 附件3 二（二）) and a
//! decision is named. Annex 4 has no such clause, so no decision lifts a cap of it. Whether 就高不重复 still
//! binds such a grant is Q30.

use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::AmountUnit;
use crate::domain::funding::report::{Draft, Report, Rule};

const CASE_BY_CASE: QuestionId = QuestionId::new(30);

/// R29.
pub struct RealAmounts;

impl Rule for RealAmounts {
    fn id(&self) -> RuleId {
        RuleId::new(29)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let decided = case.beyond_cap();
        if decided.is_some() {
            report.note(self.id(), CASE_BY_CASE);
        }
        let amount = &case.policy.amount;
        let asked = match amount.unit {
            AmountUnit::Month => case.asked_monthly(),
            AmountUnit::Total | AmountUnit::Once => case.asked_total(),
            _ => None,
        };
        // A sum with a cap of its own rule is cut there, month by month (R16).
        let own_rule = case.policy.caps.iter().any(|c| c.total.is_some());
        let (Some(asked), Some(cap), false) = (asked, amount.cap, own_rule) else { return };
        if asked <= cap {
            return;
        }
        if let Some((decision, clause)) = decided {
            let class = (FindingClass::Info, Verdict::Clear);
            let draft = Draft::new(self, Reason::CaseByCase, class, clause.citation.clone());
            let draft = draft.cite(decision.clone()).step(Label::AskedFen, asked.get());
            return report.find(draft.step(Label::CapFen, cap.get()));
        }
        let class = (FindingClass::Capped, Verdict::Capped);
        report.find(
            Draft::new(self, Reason::AboveCap, class, case.policy.source.clone())
                .step(Label::AskedFen, asked.get())
                .step(Label::CapFen, cap.get())
                .step(Label::PayableFen, cap.get()),
        );
    }
}
