//! R16: Changning's returnee subsidy: at most 12 months and at most 45,000 yuan, whichever comes
//! first (changning-2024-135 二（三） “最长 12 个月、最高 4.5 万元”). Once in a lifetime? Q21. Money that
//! came back was not given and leaves room again.

use std::collections::BTreeSet;

use crate::domain::funding::case::{Case, Held, bounded};
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ApplicationKind, Cap};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::money::Fen;
use crate::domain::time::MonthSpan;

const LIFETIME: QuestionId = QuestionId::new(21);
const ONCE: &str = "once-in-a-lifetime";
const WITHIN_CAPS: &str = "again-within-caps";

/// R16.
pub struct ReturneeCap;

impl Rule for ReturneeCap {
    fn id(&self) -> RuleId {
        RuleId::new(16)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(cap) = case.policy.cap(self.id()) else { return };
        let (Some(asked), Some(monthly)) = (case.months, case.asked_monthly()) else { return };
        let before = case.reviewed_before();
        let held: Vec<&Held<'_>> = case
            .held_here()
            .filter(|h| h.policy.is_some_and(|p| p.caps.iter().any(|c| c.scope == cap.scope)))
            .collect();
        let used_months: BTreeSet<_> =
            held.iter().filter_map(|h| h.months).flat_map(|m| bounded(m).months()).collect();
        let used_months: BTreeSet<_> = used_months
            .into_iter()
            .chain(before.and_then(|h| h.months).into_iter().flat_map(|m| bounded(m).months()))
            .collect();
        let used: Fen = held.iter().map(|h| h.drawn()).sum();
        let used = used.plus(before.and_then(drawn_before).unwrap_or_default());
        let left_months = left_months(cap, used_months.len());
        let left = cap.total.map_or(Fen::MAX, |total| total.minus(used));
        let total = case.asked_total().unwrap_or_default();
        let spent = spend(asked, (monthly, total), (left_months, left));
        let cut = spent.payable < total;
        let class = if cut {
            (FindingClass::Capped, Verdict::Capped)
        } else {
            (FindingClass::Info, Verdict::Clear)
        };
        let mut draft = Draft::new(self, Reason::CapTotal, class, cap.citation.clone())
            .months(if cut { spent.from.and_then(|f| MonthSpan::new(f, asked.last)) } else { None })
            .step(Label::MonthsUsed, count(used_months.len()))
            .fen(Label::CapFen, cap.total)
            .step(Label::AskedFen, total.get())
            .step(Label::PayableFen, spent.payable.get())
            .step(Label::LastMonthFen, spent.last.get())
            .step(Label::LeftFen, left.minus(spent.payable).get());
        if let Some(months) = cap.months {
            draft = draft.step(Label::MonthsCap, u64::from(months));
        }
        draft = held.iter().map(|h| h.evidence()).fold(draft, Draft::evidence);
        let again = !held.is_empty() && case.app.kind == ApplicationKind::Grant;
        if again && spent.payable > Fen::ZERO {
            self.again((case, report), draft, (cut, asked, &spent));
        } else {
            report.find(draft);
            if !held.is_empty() {
                report.note(self.id(), LIFETIME);
            }
        }
    }
}

impl ReturneeCap {
    /// A second application, with something left under both limits. “最长”, “最高” limit what one
    /// person gets, so that months beyond them are capped on the plain words. Whether somebody may
    /// come a second time for the rest is not written: once, nothing is left; within the caps, the
    /// rest is. A continuation is not a second time.
    fn again(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        counted: Draft,
        (cut, asked, spent): (bool, MonthSpan, &Spent),
    ) {
        let ruling = case.ruled(LIFETIME, &[ONCE, WITHIN_CAPS]);
        match ruling.map(|f| (f, f.ruling.reading.as_str())) {
            Some((fact, ONCE)) => {
                let draft = counted.months(None).outcome(Verdict::Ineligible);
                report.find(draft.ruled(fact));
            }
            Some((fact, _)) => report.find(counted.ruled(fact)),
            None => {
                let clause =
                    case.policy.cap(self.id()).map_or(&case.policy.source, |c| &c.citation);
                let rest = spent.from.map_or(asked.last, |from| from.plus(-1));
                // A month that is paid in part is open too.
                let part = spent.from.filter(|_| spent.partly);
                let open = MonthSpan::new(asked.first, part.unwrap_or(rest));
                let reading = |reading: &str, verdict, amount| Reading {
                    question: LIFETIME,
                    reading: reading.to_owned(),
                    verdict,
                    months: None,
                    amount: Some(amount),
                };
                let within = if cut { Verdict::Capped } else { Verdict::Clear };
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                if cut {
                    report.find(counted.clone());
                }
                report.find(
                    Draft::new(self, Reason::SecondTime, class, clause.clone())
                        .months(open)
                        .continuing(counted)
                        .reading(reading(ONCE, Verdict::Ineligible, Fen::ZERO))
                        .reading(reading(WITHIN_CAPS, within, spent.payable)),
                );
            }
        }
    }
}

/// What the months of a grant before those under review come to.
fn drawn_before(before: Held<'_>) -> Option<Fen> {
    Some(before.monthly()?.times(before.months?.count()))
}

fn left_months(cap: &Cap, used: usize) -> u64 {
    cap.months.map_or(u64::MAX, |m| u64::from(m).saturating_sub(count(used)))
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// What both limits leave.
struct Spent {
    payable: Fen,
    /// Paid in the last month that is paid at all.
    last: Fen,
    /// First month that is cut.
    from: Option<crate::domain::time::Month>,
    /// Is something paid in it all the same?
    partly: bool,
}

/// Pays month by month, the last month what rounding left of the total.
fn spend(
    asked: MonthSpan,
    (monthly, total): (Fen, Fen),
    (mut months, mut left): (u64, Fen),
) -> Spent {
    let mut spent = Spent { payable: Fen::ZERO, last: Fen::ZERO, from: None, partly: false };
    let asked = bounded(asked);
    let remainder = total.minus(monthly.times(asked.count()));
    for month in asked.months() {
        let due = if month == asked.last { monthly.plus(remainder) } else { monthly };
        let pay = if months == 0 { Fen::ZERO } else { due.min(left) };
        if pay < due && spent.from.is_none() {
            spent.from = Some(month);
            spent.partly = pay > Fen::ZERO;
        }
        if pay > Fen::ZERO {
            spent.last = pay;
        }
        spent.payable = spent.payable.plus(pay);
        left = left.minus(pay);
        months = months.saturating_sub(1);
    }
    spent
}
