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
        let Some(due) = due(case, report, &named).filter(|due| paid > *due) else { return };
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

/// The most that was due in the months that were paid, under all caps; `None` where no cap cuts anything.
fn due(case: &Case<'_>, report: &Report, paid: &MonthSet) -> Option<Fen> {
    let (total, monthly) = (case.asked_total(), case.asked_monthly());
    let asked = Asked { months: case.months, total, monthly };
    let left = Payable::of(&report.findings, asked)?;
    let in_all = left.sum(asked)?;
    let capped = report.findings.iter().filter(|f| f.outcome == Verdict::Capped);
    let shut = capped.filter(|f| cut(f).is_none()).filter_map(|f| f.months.or(case.months));
    let (_, open) = paid.split(&shut.collect());
    let instalments = case.policy.payout.as_ref().and_then(|p| p.instalments);
    let by_month = match (case.app.amount?, instalments.filter(|n| *n > 1)) {
        (Amount::Monthly(sum), _) => Some(left.monthly.unwrap_or(sum).min(sum).times(open.count())),
        // Instalments are even; what rounding leaves may have come with any of them.
        (Amount::Total(_), Some(_)) => {
            let months = left.months.or(case.months.map(MonthSpan::count))?;
            let each = in_all.part(1, months.into());
            Some(each.times(open.count()).plus(in_all.minus(each.times(months))))
        }
        (Amount::Total(_), None) => None,
    };
    Some(by_month.map_or(in_all, |sum| sum.min(in_all)))
}
