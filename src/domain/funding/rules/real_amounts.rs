//! R29: amounts are caps (附件4 一（二）1 “视实际贡献，最高给予”): what is asked for above one is cut,
//! unless a clause of the policy's own rules knows 一事一议 (附件1 三（二）, 附件2 三（四）, 附件3 二（二）) and a
//! decision is named. Annex 4 has no such clause, so no decision lifts a cap of it. Whether 就高不重复 still
//! binds such a grant is Q30. A cap on a sum in all holds for the person: what was drawn under the policy
//! before counts toward it, and so does what a top-up tops up (提档补差, DESIGN §7). Where a sum is capped, the application says which sum it asks for.

use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{AmountDoubt, AmountReading, AmountUnit, ApplicationKind};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::money::Fen;

const CASE_BY_CASE: QuestionId = QuestionId::new(30);
/// Code of a missing sum.
const AMOUNT: &str = "amount";
/// Code of a missing grant that a top-up names.
const TOPPED_UP: &str = "topped-up";

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
        if case.app.amount.is_none() && needs_sum(case) {
            return report.lacks(AMOUNT, "applicant", None);
        }
        if case.tops_nothing() {
            report.lacks(TOPPED_UP, case.policy.district.as_str(), None);
        }
        self.beyond_rest((case, report));
        if let Some(doubt) = &amount.doubt {
            self.by_reference((case, report), doubt);
        }
        let asked = match amount.unit {
            AmountUnit::Month => case.asked_monthly(),
            AmountUnit::Total | AmountUnit::Once => case.asked_total(),
            _ => None,
        };
        // A sum with a cap of its own rule is cut there, month by month (R16).
        let own_rule = case.policy.caps.iter().any(|c| c.total.is_some());
        let (Some(asked), Some(cap), false) = (asked, amount.cap, own_rule) else { return };
        let drawn = case.drawn_fen();
        let left = cap.minus(drawn);
        if asked <= left {
            return;
        }
        // Names the unit of all sums of the finding where the cap is one on a month.
        let monthly = Some(asked).filter(|_| amount.unit == AmountUnit::Month);
        if let Some((decision, clause)) = decided {
            let class = (FindingClass::Info, Verdict::Clear);
            let draft = Draft::new(self, Reason::CaseByCase, class, clause.citation.clone());
            let draft = draft.cite(decision.clone()).step(Label::AskedFen, asked.get());
            let draft = draft.fen(Label::AskedMonthlyFen, monthly);
            return report.find(draft.step(Label::CapFen, cap.get()));
        }
        let reason = if drawn == Fen::ZERO { Reason::AboveCap } else { Reason::CapDrawn };
        let class = (FindingClass::Capped, Verdict::Capped);
        let draft = Draft::new(self, reason, class, case.policy.source.clone())
            .step(Label::AskedFen, asked.get())
            .fen(Label::AskedMonthlyFen, monthly)
            .step(Label::CapFen, cap.get())
            .fen(Label::HeldFen, Some(drawn).filter(|fen| *fen > Fen::ZERO))
            .step(Label::PayableFen, left.get());
        report.find(case.drawn().iter().fold(draft, |draft, h| draft.evidence(h.evidence())));
    }
}

/// Must the sum be named? Where none is capped there is nothing to hold it against; a registration and a
/// certification pay nothing.
fn needs_sum(case: &Case<'_>) -> bool {
    let pays =
        !matches!(case.app.kind, ApplicationKind::Registration | ApplicationKind::Certification);
    let amount = &case.policy.amount;
    let own_rule = case.policy.caps.iter().any(|c| c.total.is_some());
    pays && (amount.cap.is_some() || amount.doubt.is_some() || own_rule)
}

impl RealAmounts {
    /// A continuation pays what is left of its grant, no more.
    fn beyond_rest(&self, (case, report): (&Case<'_>, &mut Report)) {
        let Some(((held, approved, left), asked)) =
            case.rest_of_continued().zip(case.asked_total())
        else {
            return;
        };
        if asked <= left {
            return;
        }
        let class = (FindingClass::Capped, Verdict::Capped);
        let monthly = held.monthly().zip(case.asked_monthly()).filter(|(held, asked)| asked > held);
        let draft = Draft::new(self, Reason::RestOfGrant, class, case.policy.source.clone());
        report.find(
            draft
                .step(Label::AskedFen, asked.get())
                .step(Label::HeldFen, approved.get())
                .step(Label::PaidFen, held.entry.paid().get())
                .fen(Label::HeldMonthlyFen, monthly.map(|(held, _)| held))
                .fen(Label::AskedMonthlyFen, monthly.map(|(_, asked)| asked))
                .step(Label::PayableFen, left.get())
                .evidence(held.evidence()),
        );
    }

    /// “具体参照区有关政策执行”: which policy is meant is not said, so each cap is tried (Q37).
    fn by_reference(&self, (case, report): (&Case<'_>, &mut Report), doubt: &AmountDoubt) {
        let Some(asked) = case.asked_monthly() else { return };
        let source = case.policy.source.clone();
        let reading = |r: &AmountReading| {
            let verdict = if asked > r.cap { Verdict::Capped } else { Verdict::Clear };
            Reading {
                question: doubt.question,
                reading: r.reading.clone(),
                verdict,
                months: None,
                amount: case.months.map(|m| asked.min(r.cap).times(m.count())),
            }
        };
        let readings: Vec<Reading> = doubt.caps.iter().map(reading).collect();
        if readings.iter().all(|r| r.verdict == Verdict::Clear) {
            return report.note(self.id(), doubt.question);
        }
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        let draft = Draft::new(self, Reason::AboveCap, class, source);
        // The sums of the readings are those in all.
        let draft = draft
            .fen(Label::AskedFen, case.asked_total())
            .step(Label::AskedMonthlyFen, asked.get());
        report.find(readings.into_iter().fold(draft, Draft::reading));
    }
}
