//! R17: a purchase subsidy runs for ten years in 120 monthly instalments (附件4 一（三） “购房补贴总额
//! 分十年按月发放”; 附件2 三（一）1), so it is compared as a running benefit, no month is paid more than its
//! instalment, and nothing is paid after the last one. 5,000,000 / 120 does not divide: the rounding is Q22,
//! leaving early is Q15. An application that names fewer months asks for the sum of these: whatever the award
//! is, they come to no more than that part of the highest one; the slip says that the others were not checked.

use super::exclusive::taken_off;
use super::instalment_plan::{DROPPED, Plan, ROUNDING, WITH_LAST};
use crate::domain::citation::Citation;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{Amount, ApplicationKind};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::money::Fen;
use crate::domain::time::MonthSpan;

/// What becomes of the instalments of somebody who leaves, or loses the class: Q15.
pub const LEAVING: QuestionId = QuestionId::new(15);
/// The readings of [`LEAVING`] with what they lead to.
pub const LEAVING_READINGS: [(&str, Verdict); 2] =
    [("instalments-continue", Verdict::Clear), ("instalments-stop", Verdict::Ineligible)];

/// Is the application about instalments that run already, to go on with them or to look at them again?
/// Conditions of the award are written; that they must go on for ten years is not.
pub fn is_running(case: &Case<'_>) -> bool {
    let instalments = case.policy.payout.as_ref().and_then(|p| p.instalments);
    let goes_on = matches!(case.app.kind, ApplicationKind::Continuation | ApplicationKind::Review);
    goes_on && instalments.is_some_and(|n| n > 1)
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
        let (Some(months), Some(asked)) = (case.months, case.asked_total()) else { return };
        let citation = payout.citation.as_ref().unwrap_or(&case.policy.source);
        let plan = Plan::new(case, months, count);
        let inside = plan.months().and_then(|all| all.overlap(months));
        self.beyond((&plan, report), months, citation);
        let Some(inside) = inside else { return };
        let left = payable(case, months, inside);
        let off = taken_off(case, report);
        let due = Due { asked, payable: left, told: left.minus(off), months, inside };
        if due.payable == Fen::ZERO {
            return;
        }
        match plan.due(inside).filter(|most| due.payable > *most) {
            Some(most) => self.faster((&plan, report), &due, most, citation),
            None if is_rest_asked(&plan, &due) => self.last((&plan, report), &due, citation),
            None if due.told == Fen::ZERO => {}
            None => self.instalments((&plan, report), &due, citation),
        }
    }
}

impl PurchaseInstalments {
    /// Months after the last instalment.
    fn beyond(
        &self,
        (plan, report): (&Plan<'_>, &mut Report),
        months: MonthSpan,
        clause: &Citation,
    ) {
        let Some(last) = plan.months().map(|all| all.last) else { return };
        let Some(beyond) = MonthSpan::new(months.first.max(last.plus(1)), months.last) else {
            return;
        };
        let class = (FindingClass::Capped, Verdict::Capped);
        let draft = Draft::new(self, Reason::InstalmentsOver, class, clause.clone())
            .months(Some(beyond))
            .step(Label::MonthsAsked, u64::from(months.count()))
            .step(Label::Instalments, u64::from(plan.count));
        report.find(plan.told(draft));
    }

    /// More in some of the months than their instalments come to.
    fn faster(
        &self,
        (plan, report): (&Plan<'_>, &mut Report),
        due: &Due,
        most: Fen,
        clause: &Citation,
    ) {
        let class = (FindingClass::Capped, Verdict::Capped);
        let whole = plan.whole.unwrap_or(Fen::MAX);
        let label = if plan.continued { Label::HeldFen } else { Label::CapFen };
        let draft = Draft::new(self, Reason::InstalmentsFaster, class, clause.clone())
            .months(Some(due.inside).filter(|inside| *inside != due.months))
            .step(Label::MonthsAsked, u64::from(due.inside.count()))
            .step(Label::AskedFen, due.asked.get())
            .step(label, whole.get())
            .step(Label::Instalments, u64::from(plan.count))
            .step(Label::InstalmentFen, plan.each(whole).get())
            .step(Label::PayableFen, most.get());
        let rest = plan.rest(whole);
        if rest > Fen::ZERO {
            report.note(self.id(), ROUNDING);
        }
        let ruling = plan.ruling.filter(|_| rest > Fen::ZERO);
        report.find(ruling.into_iter().fold(plan.told(draft), Draft::ruled));
    }

    /// The last instalment with what rounding left of the award: whether that comes with it is Q22.
    fn last(&self, (plan, report): (&Plan<'_>, &mut Report), due: &Due, clause: &Citation) {
        let (Some(whole), Some(least)) = (plan.whole, plan.due_at_least(due.inside)) else {
            return;
        };
        let reading = |reading: &str, verdict, amount| Reading {
            question: ROUNDING,
            reading: reading.to_owned(),
            verdict,
            months: None,
            amount: Some(amount),
        };
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        let draft = Draft::new(self, Reason::InstalmentsPart, class, clause.clone())
            .months(Some(due.inside).filter(|inside| *inside != due.months))
            .step(Label::MonthsAsked, u64::from(due.inside.count()))
            .step(Label::AskedFen, due.asked.get())
            .step(Label::HeldFen, whole.get())
            .step(Label::Instalments, u64::from(plan.count))
            .step(Label::InstalmentFen, plan.each(whole).get())
            .step(Label::RemainderFen, plan.rest(whole).get())
            .reading(reading(WITH_LAST, Verdict::Clear, due.payable))
            .reading(reading(DROPPED, Verdict::Capped, least));
        report.find(plan.told(draft));
    }

    /// What the instalments are. Whoever names twelve months is told that the others were not looked at.
    fn instalments(&self, (plan, report): (&Plan<'_>, &mut Report), due: &Due, clause: &Citation) {
        let named = u64::from(due.months.count());
        let part = due.months.count() < plan.count;
        let reason = if part { Reason::InstalmentsPart } else { Reason::Instalments };
        let class = (FindingClass::Info, Verdict::Clear);
        let mut draft = Draft::new(self, reason, class, clause.clone());
        if part {
            draft = draft.step(Label::MonthsAsked, named);
        }
        draft = draft
            .step(Label::AskedFen, due.asked.get())
            .step(Label::Instalments, u64::from(plan.count));
        // Of a part without the grant that it continues, only the month is known.
        let award = plan.whole.filter(|_| plan.continued).or((!part).then_some(due.told));
        let Some(award) = award else {
            let each = due.told.part(1, u64::from(due.inside.count()));
            return report.find(plan.told(draft.step(Label::InstalmentFen, each.get())));
        };
        let (each, rest) = (plan.each(award), plan.rest(award));
        let label = if plan.continued { Label::HeldFen } else { Label::PayableFen };
        draft = plan.told(draft);
        let unsettled = rest == Fen::ZERO || plan.ruling.is_none();
        draft = draft
            .fen(label, Some(award).filter(|a| *a != due.asked && (plan.continued || unsettled)))
            .step(Label::InstalmentFen, each.get())
            .step(Label::RemainderFen, rest.get());
        if rest > Fen::ZERO {
            report.note(self.id(), ROUNDING);
            if let Some(fact) = plan.ruling {
                let kept = if plan.is_dropped() { Fen::ZERO } else { rest };
                draft = draft
                    .step(Label::LastMonthFen, each.plus(kept).get())
                    .step(Label::PayableFen, award.minus(rest).plus(kept).get())
                    .ruled(fact);
            }
        }
        report.find(draft);
    }
}

/// Is something of what rounding left asked for with the last instalment, and is it not ruled whether it comes?
fn is_rest_asked(plan: &Plan<'_>, due: &Due) -> bool {
    let least = plan.due_at_least(due.inside);
    plan.is_last_open(due.inside) && least.is_some_and(|least| due.payable > least)
}

/// What an application asks for, and for which of its months instalments are due.
struct Due {
    asked: Fen,
    /// What the other caps leave of it for the months inside.
    payable: Fen,
    /// The same, less what was paid on a lower benefit so far as it is certainly taken off.
    told: Fen,
    months: MonthSpan,
    inside: MonthSpan,
}

/// What the caps on a sum leave of the months inside the ten years. A total that is spread over more months
/// than there are instalments comes with these.
fn payable(case: &Case<'_>, months: MonthSpan, inside: MonthSpan) -> Fen {
    let asked = case.asked_total().unwrap_or_default();
    let part = asked.part(inside.count().into(), months.count().into());
    let asked = match case.app.amount {
        Some(Amount::Total(total)) if case.app.kind != ApplicationKind::Continuation => total,
        _ => part,
    };
    let rest = case.rest_of_continued().map_or(Fen::MAX, |(_, _, left)| left);
    asked.min(rest).min(case.left_in_all())
}
