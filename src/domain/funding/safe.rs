//! What may be granted whatever an authority decides on the open questions (“the amount that is safe
//! under all of them”, DESIGN §7). It errs downward: a month counts only where no finding, no reading
//! and no missing fact stands against it.

use std::collections::BTreeMap;

use super::finding::{Evidence, Finding, Label, Missing, Reading, Reason, Safe, Verdict};
use super::months::MonthSet;
use crate::domain::money::Fen;
use crate::domain::time::MonthSpan;

/// What an application asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Its benefit months.
    pub months: Option<MonthSpan>,
    /// In all.
    pub total: Option<Fen>,
    /// By the month, rounded down.
    pub monthly: Option<Fen>,
}

/// What is safe of `asked`; `None` where no finding turns on a reading.
pub fn safe(findings: &[Finding], missing: &[Missing], asked: Asked) -> Option<Safe> {
    if findings.iter().all(|f| f.readings.is_empty()) {
        return None;
    }
    let closed = findings.iter().filter(|f| closes(f)).map(|f| f.months);
    let closed: Vec<Option<MonthSpan>> = closed.chain(missing.iter().map(|m| m.months)).collect();
    let nothing = asked.total.and(Some(Fen::ZERO));
    let off = taken_off(findings);
    let Some(months) = asked.months else {
        let least = least(findings, asked).map(|least| least.minus(off));
        let amount = if closed.is_empty() { least } else { nothing };
        return Some(Safe { months: None, amount });
    };
    let all = MonthSet::from_iter([months]);
    let shut: MonthSet = closed.iter().map(|span| span.unwrap_or(months)).collect();
    let (shut, open) = all.split(&shut);
    let amount = if open.is_empty() {
        nothing
    } else {
        let cost = asked.monthly.map(|m| cost(m, shut.count(), asked));
        let least = least(findings, asked);
        let rest = least.zip(cost).map(|(least, cost)| least.minus(cost));
        // Where nothing cuts the sum, each month that is open brings at least its instalment.
        let each = asked.monthly.filter(|_| least == asked.total).map(|m| m.times(open.count()));
        let rest = rest.max(each);
        let capped = capped_monthly(findings, asked).map(|m| m.times(open.count()));
        rest.into_iter().chain(capped).min().map(|sum| sum.minus(off))
    };
    // Months for which nothing is paid are none.
    let count = if amount == Some(Fen::ZERO) { 0 } else { open.count() };
    Some(Safe { months: Some(count), amount })
}

/// What some of the months cost; a fen more for each where the monthly sum was rounded down.
fn cost(monthly: Fen, months: u32, asked: Asked) -> Fen {
    let exact = asked.months.map(|m| monthly.times(m.count())) == asked.total;
    let rounded = if exact { monthly } else { monthly.plus(Fen::new(1).unwrap_or(Fen::ZERO)) };
    rounded.times(months)
}

/// Is nothing of the application granted in the months of the finding, for certain or under one of
/// its readings?
fn closes(finding: &Finding) -> bool {
    match finding.outcome {
        Verdict::Clear | Verdict::ClearCond => false,
        Verdict::Capped => cut(finding).is_none(),
        // Only readings that name a sum are weighed by it.
        Verdict::Refer => {
            let nothing = |r: &Reading| r.amount.is_none_or(|a| a == Fen::ZERO);
            finding.readings.is_empty() || finding.readings.iter().any(nothing)
        }
        // What may be paid beside what was paid before is a sum, not a month.
        Verdict::OneOnly if finding.reason == Reason::SetOff => false,
        // The higher of the two stays, and it is the one asked for under every reading.
        Verdict::OneOnly => !finding.readings.is_empty() || !is_higher(finding),
        Verdict::Lapsed | Verdict::Ineligible | Verdict::Barred => true,
    }
}

fn is_higher(finding: &Finding) -> bool {
    let pair = |a, h| Some((finding.step(a)?, finding.step(h)?));
    let (asked, held) = finding.weighed();
    let totals = asked.zip(held).filter(|(a, h)| a != h);
    // A ruling may say that the lower sum in all is the higher one (Q12).
    if let (Some((asked, _)), Some(higher)) = (totals, finding.step(Label::HigherFen)) {
        return asked == higher;
    }
    let higher = totals.or_else(|| pair(Label::AskedMonthlyFen, Label::HeldMonthlyFen));
    higher.is_some_and(|(asked, held)| asked > held)
}

/// What was paid on lower benefits, so far as it may have to be taken off: of each of them the most, and of all
/// of them together.
fn taken_off(findings: &[Finding]) -> Fen {
    let mut each: BTreeMap<Option<&Evidence>, Fen> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.takes_over()) {
        // What the caps leave, where they leave less than was asked for.
        let whole = finding.step(Label::LeftFen).or_else(|| finding.step(Label::AskedFen));
        let rest = finding.readings.iter().filter_map(|r| r.amount).min().or(payable(finding));
        let Some((whole, rest)) = whole.and_then(Fen::new).zip(rest) else { continue };
        let held = finding.evidence.iter().find(|e| e.what == "grant");
        let off = each.entry(held).or_default();
        *off = whole.minus(rest).max(*off);
    }
    each.into_values().sum()
}

/// The least sum in all: under every reading that names one, and under every cap on it.
fn least(findings: &[Finding], asked: Asked) -> Option<Fen> {
    let read = findings.iter().filter(|f| !f.takes_over()).flat_map(|f| &f.readings);
    let read = read.filter_map(|r| r.amount);
    let caps = findings.iter().filter(|f| payable_of(f, asked.total)).filter_map(payable);
    read.chain(caps).chain(asked.total).min()
}

/// The sum that a monthly cap leaves.
fn capped_monthly(findings: &[Finding], asked: Asked) -> Option<Fen> {
    findings.iter().filter(|f| payable_of(f, asked.monthly)).filter_map(payable).min()
}

/// Is the sum that the finding cuts this one?
pub(super) fn payable_of(finding: &Finding, asked: Option<Fen>) -> bool {
    finding.outcome == Verdict::Capped
        && asked.is_some_and(|a| finding.step(Label::AskedFen) == Some(a.get()))
}

/// The sum that a cap leaves: a cut sum leaves a part, months beyond a cap leave nothing.
pub(super) fn cut(finding: &Finding) -> Option<Fen> {
    payable(finding).filter(|_| finding.reason != Reason::CapMonths)
}

/// The sum that the finding leaves.
fn payable(finding: &Finding) -> Option<Fen> {
    finding.step(Label::PayableFen).and_then(Fen::new)
}
