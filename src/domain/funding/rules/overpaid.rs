//! R29 in a review: amounts are caps (附件4 一（二）1 “视实际贡献，最高给予”), so what was paid above what the caps
//! leave was never due. The documents order money back only on the grounds of a debarment (R23): what
//! becomes of the surplus is for the authority, which has to know the sum.

use super::real_amounts::RealAmounts;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::held::Payable;
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::Amount;
use crate::domain::funding::months::MonthSet;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::safe::{Asked, cut};
use crate::domain::money::Fen;
use crate::domain::time::MonthSpan;

/// R29, looking at a grant that was paid. Comes after all caps.
pub struct PaidAboveDue;

impl Rule for PaidAboveDue {
    fn id(&self) -> RuleId {
        RealAmounts.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(held) = case.reviewed else { return };
        let paid = held.entry.paid();
        let named = held.entry.payments.iter().filter_map(|p| p.months.or(case.months));
        let named: MonthSet = named.collect();
        let Some((due, spare)) = due(case, report, &named) else { return };
        if paid <= due.plus(spare) {
            return;
        }
        let class = (FindingClass::Notice, Verdict::Refer);
        report.find(
            Draft::new(self, Reason::PaidAboveDue, class, case.policy.source.clone())
                .months(named.hull())
                .evidence(held.evidence())
                .step(Label::PaidFen, paid.get())
                .step(Label::PayableFen, due.get())
                .step(Label::DifferenceFen, paid.minus(due).get()),
        );
    }
}

/// The most that was due in the months that were paid, under all caps, and what rounding left beside it, which may have
/// come with any instalment; `None` where no cap cuts anything.
fn due(case: &Case<'_>, report: &Report, paid: &MonthSet) -> Option<(Fen, Fen)> {
    let (total, monthly) = (case.asked_total(), case.asked_monthly());
    let asked = Asked { months: case.months, total, monthly };
    let left = Payable::of(&report.findings, asked)?;
    let in_all = left.sum(asked)?;
    let capped = report.findings.iter().filter(|f| f.outcome == Verdict::Capped);
    let shut = capped.filter(|f| cut(f).is_none()).filter_map(|f| f.months.or(case.months));
    let (_, open) = paid.split(&shut.collect());
    let instalments = case.policy.payout.as_ref().and_then(|p| p.instalments);
    let (by_month, spare) = match (case.app.amount?, instalments.filter(|n| *n > 1)) {
        (Amount::Monthly(sum), _) => {
            (left.monthly.unwrap_or(sum).min(sum).times(open.count()), Fen::ZERO)
        }
        (Amount::Total(_), Some(_)) => {
            let months = left.months.or(case.months.map(MonthSpan::count))?;
            let rest = in_all.minus(in_all.part(1, months.into()).times(months));
            (in_all.part(open.count().into(), months.into()), rest)
        }
        (Amount::Total(_), None) => (in_all, Fen::ZERO),
    };
    Some((by_month.min(in_all), spare))
}
