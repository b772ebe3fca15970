//! What the ledger takes: an application, a grant, a payment, a stop, a recovery. The gateway asks in
//! the order of the log, before anything is folded; a case file is asked before it is judged.
//!
//! Pointers are those of the messages: `/body/…`.

mod payers;

use jiff::civil::Date;

use super::case_facts;
use super::ledger::{LedgerEntry, monthly, total};
use super::message::{
    Amount, Application, Beneficiary, Grant, Payment, Policy, Recovery, Schedule, Terms,
};
use crate::domain::code::{Code, Refusal};
use crate::domain::money::Fen;
use crate::domain::time::{Month, MonthSpan};

/// Largest sum of one grant: one thousand million yuan. More is a slip of the decimal point.
pub const GRANT_MAX: Fen = Fen::from_yuan(1_000_000_000);
/// Longest benefit: one hundred years.
pub const BENEFIT_MONTHS_MAX: u32 = 1_200;

/// An application: possible months, a beneficiary that the policy has, a sum that can be meant, case
/// facts that are known and fit. What the view lacks, the policy among it, the assessment asks for.
pub fn application<S>(body: &Application<S>, policy: Option<&Policy>) -> Result<(), Refusal> {
    terms(&body.terms, policy)?;
    body.amount.map_or(Ok(()), |amount| sum(amount, body.terms.months, "/body/amount"))?;
    case_facts::check(&body.case_facts, policy, "/body/case_facts")
}

/// A grant, by itself.
pub fn grant<S>(body: &Grant<S>, policy: Option<&Policy>) -> Result<(), Refusal> {
    terms(&body.terms, policy)?;
    sum(body.approved, body.terms.months, "/body/approved")?;
    payers::parts(body, policy)?;
    match &body.override_ {
        Some(over) if !over.is_distinct() => Err(Refusal::new(Code::TwoOperators)
            .at("/body/override/operators", "two distinct operators")),
        _ => Ok(()),
    }
}

fn terms<S>(terms: &Terms<S>, policy: Option<&Policy>) -> Result<(), Refusal> {
    if terms.months.is_some_and(|m| m.count() > BENEFIT_MONTHS_MAX) {
        return Err(Refusal::new(Code::DateImpossible).at("/body/months", "at most 1200 months"));
    }
    match policy {
        Some(policy) if !policy.beneficiaries.contains(&terms.beneficiary) => {
            let known: Vec<_> = policy.beneficiaries.iter().map(|b| beneficiary(*b)).collect();
            Err(Refusal::new(Code::BeneficiaryUnfit).at("/body/beneficiary", known.join(", ")))
        }
        _ => Ok(()),
    }
}

const fn beneficiary(beneficiary: Beneficiary) -> &'static str {
    match beneficiary {
        Beneficiary::Person => "person",
        Beneficiary::Team => "team",
        Beneficiary::Enterprise => "enterprise",
        Beneficiary::Project => "project",
    }
}

fn sum(amount: Amount, months: Option<MonthSpan>, pointer: &str) -> Result<(), Refusal> {
    let (Amount::Monthly(fen) | Amount::Total(fen)) = amount;
    if fen == Fen::ZERO || fen.max(total(amount, months).unwrap_or(fen)) > GRANT_MAX {
        return Err(absurd(pointer, "more than nothing, at most 10^11 fen in all"));
    }
    Ok(())
}

/// A payment of a grant as it stands. Sums are those of all payments less what came back: what was
/// recovered may be paid again.
pub fn payment(
    entry: &LedgerEntry,
    policy: Option<&Policy>,
    body: &Payment,
) -> Result<(), Refusal> {
    if entry.payments.iter().any(|p| p.voucher == body.voucher) {
        return Err(voucher_taken());
    }
    paid_sum(body)?;
    payers::of_payment(entry, body)?;
    if body.paid_on < entry.grant.decided_on {
        return Err(impossible("/body/paid_on", "the day of the decision, or later"));
    }
    within(body.months, entry.months(policy))?;
    let due = entry.total(policy).unwrap_or_default();
    let mut after = entry.clone();
    after.payments.push(body.clone());
    if after.paid() > due {
        let refusal = Refusal::new(Code::PaymentAboveGrant);
        return Err(match entry.stopped {
            None => refusal.at("/body/amount", "within the approved sum"),
            Some(_) => refusal.at("/body/amount", "within what was due until the stop").detail(
                "资助已停发，累计支付超过停发前应付金额",
                "the grant was stopped, and payments exceed what was due until then",
            ),
        });
    }
    if body.months.is_some_and(|months| overpaid(&after, policy, months)) {
        return Err(Refusal::new(Code::PaymentAboveGrant)
            .at("/body/months", "months that are not paid yet")
            .detail(
                "所列月份的累计支付（扣除追回）超过这些月份的批准金额",
                "payments for these months, less what came back, exceed what was approved for them",
            ));
    }
    Ok(())
}

/// The sum of a payment, by itself.
pub fn paid_sum(body: &Payment) -> Result<(), Refusal> {
    if body.amount == Fen::ZERO {
        return Err(absurd("/body/amount", "more than nothing"));
    }
    Ok(())
}

/// Is more paid for some months than they come to, `months` among them? What was paid for months
/// inside a span must not exceed the sum of the span, whichever month inside each payment is for; what
/// came back of a month of the span, or of no month in particular, is taken off. A total is owed by
/// the month only where it is paid by the month or the year.
fn overpaid(entry: &LedgerEntry, policy: Option<&Policy>, months: MonthSpan) -> bool {
    let by_month = match entry.grant.approved {
        Amount::Monthly(_) => true,
        Amount::Total(_) => {
            matches!(entry.grant.schedule, Schedule::Monthly | Schedule::Yearly)
        }
    };
    let approved = entry.approved_months(policy);
    let (Some(monthly), Some(approved), true) = (entry.monthly(policy), approved, by_month) else {
        return false;
    };
    // What division leaves of a total may be paid in any month.
    let spare = match entry.grant.approved {
        Amount::Total(fen) => fen.minus(monthly.times(approved.count())),
        Amount::Monthly(_) => Fen::ZERO,
    };
    let paid = || entry.payments.iter().filter_map(|p| Some((p.months?, p.amount)));
    let mut by_last: Vec<_> = paid().collect();
    by_last.sort_unstable_by_key(|(span, _)| span.last);
    let starts = paid().map(|(span, _)| span.first).filter(|first| *first <= months.first);
    starts.into_iter().any(|first| {
        let mut sum = Fen::ZERO;
        by_last.iter().filter(|(span, _)| span.first >= first).any(|(span, amount)| {
            sum = sum.plus(*amount);
            MonthSpan::new(first, span.last.max(months.last)).is_some_and(|whole| {
                sum.minus(returned(entry, whole)) > monthly.times(whole.count()).plus(spare)
            })
        })
    })
}

fn returned(entry: &LedgerEntry, span: MonthSpan) -> Fen {
    let meets = |months: Option<MonthSpan>| months.is_none_or(|m| m.overlap(span).is_some());
    entry.recoveries.iter().filter(|r| meets(r.months)).map(|r| r.amount).sum()
}

/// The end of a grant that runs: a month of the grant, or the month before the first, which says that
/// nothing is benefit.
pub fn stop(entry: &LedgerEntry, policy: Option<&Policy>, last: Month) -> Result<(), Refusal> {
    if entry.stopped.is_some() {
        return Err(Refusal::new(Code::GrantState).at("/body/grant", "a grant that runs"));
    }
    let fits = entry.approved_months(policy).is_none_or(|all| {
        MonthSpan::new(all.first.plus(-1), all.last).is_some_and(|span| span.contains(last))
    });
    if fits { Ok(()) } else { Err(outside("/body/last_month", "a month of the grant")) }
}

/// Money that came back: at most what was paid, for months of the grant as it was approved: those
/// after a stop, paid in advance, come back too.
pub fn recovery(
    entry: &LedgerEntry,
    policy: Option<&Policy>,
    body: &Recovery,
) -> Result<(), Refusal> {
    if entry.recoveries.iter().any(|r| r.voucher == body.voucher) {
        return Err(voucher_taken());
    }
    if body.amount == Fen::ZERO {
        return Err(absurd("/body/amount", "more than nothing"));
    }
    if body.amount > entry.paid() {
        return Err(
            Refusal::new(Code::RecoveryAbovePaid).at("/body/amount", "at most what was paid")
        );
    }
    if entry.payments.iter().all(|paid| body.date < paid.paid_on) {
        return Err(impossible("/body/date", "the day of a payment, or later"));
    }
    within(body.months, entry.approved_months(policy))
}

fn within(months: Option<MonthSpan>, grant: Option<MonthSpan>) -> Result<(), Refusal> {
    match months {
        Some(months) if grant.is_none_or(|all| all.overlap(months) != Some(months)) => {
            Err(outside("/body/months", "months of the grant"))
        }
        _ => Ok(()),
    }
}

/// Both ways to state a sum: in all, and by the month.
pub(super) fn sums(amount: Amount, months: Option<MonthSpan>) -> (Option<Fen>, Option<Fen>) {
    (total(amount, months), monthly(amount, months))
}

/// What has happened is not dated in the future: at most the day after `today`, so that no clock has to
/// be exact at midnight.
pub fn happened(day: Date, today: Date, pointer: &str) -> Result<(), Refusal> {
    if today.tomorrow().is_ok_and(|tomorrow| day > tomorrow) {
        return Err(impossible(pointer, "not in the future"));
    }
    Ok(())
}

fn impossible(pointer: &str, expected: &str) -> Refusal {
    Refusal::new(Code::DateImpossible).at(pointer, expected)
}

fn outside(pointer: &str, expected: &str) -> Refusal {
    Refusal::new(Code::MonthsOutsideGrant).at(pointer, expected)
}

fn absurd(pointer: &str, expected: &str) -> Refusal {
    Refusal::new(Code::AmountAbsurd).at(pointer, expected)
}

fn voucher_taken() -> Refusal {
    Refusal::new(Code::RecordTaken).at("/body/voucher", "a new voucher")
}
