//! Payments, stops and recoveries against a book kept a second way: what a grant owes month by month, what
//! was paid for which months, what came back.

use std::convert::Infallible;

use proptest::prelude::*;
use serde_json::json;
use talent_gateway::domain::code::{Code, Refusal};
use talent_gateway::domain::funding::bookkeeping;
use talent_gateway::domain::funding::case_file::CaseGrant;
use talent_gateway::domain::funding::ledger::LedgerEntry;
use talent_gateway::domain::funding::message::{Payment, Recovery};
use talent_gateway::domain::money::Fen;
use talent_gateway::domain::subject::SubjectId;

use super::second::fits;
use super::{Held, grant, month};

/// First month of each grant.
const FIRST: u16 = 80;

/// Months of a grant, counted from its first; the first may lie before it and the last after it.
type Months = Option<(i32, i32)>;

#[derive(Clone, Copy, Debug)]
enum Act {
    Pay(Months, u64),
    Return(Months, u64),
    /// Months that were kept.
    Stop(i32),
}

/// How a grant of `months` was approved.
#[derive(Clone, Copy, Debug)]
enum Approved {
    Monthly(u64),
    /// In all, paid by the month or in steps.
    Total(u64, bool),
}

/// A grant and its book.
#[derive(Clone, Debug)]
struct Book {
    months: i32,
    approved: Approved,
    kept: Option<i32>,
    paid: Vec<(Months, u64)>,
    back: Vec<(Months, u64)>,
}

fn sum(moved: &[(Months, u64)]) -> u64 {
    moved.iter().map(|(_, fen)| fen).sum()
}

impl Book {
    fn net(&self) -> u64 {
        sum(&self.paid) - sum(&self.back)
    }

    /// What it comes to: every month its sum; of a total that was stopped the part until then, or what was
    /// paid, where that is more.
    fn due(&self) -> u64 {
        let kept = self.kept.unwrap_or(self.months);
        match self.approved {
            _ if kept == 0 => self.net(),
            Approved::Monthly(fen) => (0..kept).map(|_| fen).sum(),
            Approved::Total(fen, _) if kept == self.months => fen,
            Approved::Total(fen, _) => {
                let part = fen * u64::try_from(kept).unwrap() / u64::try_from(self.months).unwrap();
                part.max(self.net())
            }
        }
    }

    /// Each span of months by itself: what was paid inside it, less what came back of it.
    fn a_span_is_overpaid(&self) -> bool {
        let count = u64::try_from(self.months).unwrap();
        let (each, spare) = match self.approved {
            Approved::Monthly(fen) => (fen, 0),
            Approved::Total(fen, true) => (fen / count, fen % count),
            Approved::Total(_, false) => return false,
        };
        let spans = (0..self.months).flat_map(|a| (a..self.months).map(move |b| (a, b)));
        spans.into_iter().any(|(a, b)| {
            let inside = |m: &Months| m.is_some_and(|(first, last)| a <= first && last <= b);
            let meets = |m: &Months| m.is_none_or(|(first, last)| first <= b && a <= last);
            let of = |moved: &[(Months, u64)], there: &dyn Fn(&Months) -> bool| -> u64 {
                moved.iter().filter(|(m, _)| there(m)).map(|(_, fen)| fen).sum()
            };
            let whole = (a..=b).map(|_| each).sum::<u64>() + spare;
            of(&self.paid, &inside) > whole + of(&self.back, &meets)
        })
    }

    /// Why an act is refused; it is written where it is not.
    fn take(&mut self, act: Act) -> Result<(), Code> {
        let within = |m: Months, end: i32| match m {
            Some((first, last)) if first < 0 || last >= end => Err(Code::MonthsOutsideGrant),
            _ => Ok(()),
        };
        match act {
            Act::Pay(_, 0) | Act::Return(_, 0) => Err(Code::AmountAbsurd),
            Act::Pay(months, fen) => {
                within(months, self.kept.unwrap_or(self.months))?;
                let mut after = self.clone();
                after.paid.push((months, fen));
                if after.net() > self.due() || (months.is_some() && after.a_span_is_overpaid()) {
                    return Err(Code::PaymentAboveGrant);
                }
                *self = after;
                Ok(())
            }
            Act::Return(_, fen) if fen > self.net() => Err(Code::RecoveryAbovePaid),
            Act::Return(months, fen) => {
                within(months, self.months)?;
                self.back.push((months, fen));
                Ok(())
            }
            Act::Stop(_) if self.kept.is_some() => Err(Code::GrantState),
            Act::Stop(kept) if !(0..=self.months).contains(&kept) => Err(Code::MonthsOutsideGrant),
            Act::Stop(kept) => {
                self.kept = Some(kept);
                Ok(())
            }
        }
    }
}

/// The engine's ledger.
fn entry(months: i32, approved: Approved) -> LedgerEntry {
    let count = u16::try_from(months).unwrap();
    let held = Held { policy: 0, first: FIRST, count, monthly: 1, stopped_after: None };
    let mut value = grant(0, "applicant", &held);
    let (sum, schedule) = match approved {
        Approved::Monthly(fen) => (json!({ "monthly": fen }), "monthly"),
        Approved::Total(fen, true) => (json!({ "total": fen }), "monthly"),
        Approved::Total(fen, false) => (json!({ "total": fen }), "steps"),
    };
    (value["grant"]["approved"], value["grant"]["schedule"]) = (sum, schedule.into());
    let g: CaseGrant = serde_json::from_value(value).unwrap();
    let Ok(grant) = g.grant.map(&mut |_| Ok::<_, Infallible>(SubjectId(1)));
    LedgerEntry {
        district: g.district,
        grant,
        stopped: None,
        payments: Vec::new(),
        recoveries: Vec::new(),
        suspect: false,
        objected: false,
        position: None,
    }
}

fn take(entry: &mut LedgerEntry, act: Act, voucher: usize) -> Result<(), Refusal> {
    let at = |n: i32| month(FIRST).plus(n);
    let span = |m: Months| m.map(|(first, last)| json!({ "first": at(first), "last": at(last) }));
    let mut body = json!({ "grant": "g-applicant-0", "voucher": format!("v-{voucher}") });
    match act {
        Act::Pay(months, fen) => {
            (body["budget_year"], body["amount"]) = (2025.into(), fen.into());
            (body["tier"], body["paid_on"]) = ("district".into(), "2025-12-01".into());
            body["months"] = json!(span(months));
            let payment: Payment = serde_json::from_value(body).unwrap();
            bookkeeping::payment(entry, None, &payment)?;
            entry.payments.push(payment);
        }
        Act::Return(months, fen) => {
            (body["reason"], body["date"]) = ("test".into(), "2026-01-01".into());
            (body["amount"], body["months"]) = (fen.into(), json!(span(months)));
            let recovery: Recovery = serde_json::from_value(body).unwrap();
            bookkeeping::recovery(entry, None, &recovery)?;
            entry.recoveries.push(recovery);
        }
        Act::Stop(kept) => {
            bookkeeping::stop(entry, None, at(kept - 1))?;
            entry.stopped = Some(at(kept - 1));
        }
    }
    Ok(())
}

fn months() -> impl Strategy<Value = Months> {
    proptest::option::weighted(0.8, (-1_i32..9, 0_i32..4).prop_map(|(from, n)| (from, from + n)))
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (months(), 0_u64..40).prop_map(|(m, fen)| Act::Pay(m, fen)),
        3 => (months(), 0_u64..30).prop_map(|(m, fen)| Act::Return(m, fen)),
        1 => (-1_i32..11).prop_map(Act::Stop),
    ]
}

fn approved() -> impl Strategy<Value = Approved> {
    prop_oneof![
        (1_u64..25).prop_map(Approved::Monthly),
        (1_u64..150, any::<bool>()).prop_map(|(fen, by_month)| Approved::Total(fen, by_month)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_takes_what_the_book_takes(
        count in 1_i32..9,
        approved in approved(),
        acts in proptest::collection::vec(act(), 1..24),
    ) {
        let mut book =
            Book { months: count, approved, kept: None, paid: Vec::new(), back: Vec::new() };
        let mut entry = entry(count, approved);
        for (n, act) in acts.into_iter().enumerate() {
            let told = take(&mut entry, act, n).map_err(|refusal| refusal.code);
            prop_assert_eq!(told, book.take(act), "act {}: {:?} on {:?}", n, act, book);
            // Money is conserved: what was paid is what is held and what came back.
            prop_assert_eq!(entry.paid().get() + sum(&book.back), sum(&book.paid));
            let due = entry.total(None).map(Fen::get);
            prop_assert_eq!(due, Some(book.due()), "due after act {}", n);
            let drawn = book.due().saturating_sub(sum(&book.back)).max(book.net());
            prop_assert_eq!(entry.drawn(None).get(), drawn);
        }
    }

    /// “No month is paid twice” is to say: the payments can be laid into their months.
    #[test]
    fn payments_are_taken_while_they_fit_into_their_months(
        count in 1_i32..9,
        monthly in 1_u64..25,
        payments in proptest::collection::vec((0_i32..9, 0_i32..4, 1_u64..60), 1..16),
    ) {
        let mut entry = entry(count, Approved::Monthly(monthly));
        let mut laid = Vec::new();
        for (n, (from, more, fen)) in payments.into_iter().enumerate() {
            let first = from.min(count - 1);
            let last = (first + more).min(count - 1);
            let place = (usize::try_from(first).unwrap(), usize::try_from(last).unwrap());
            laid.push((place, fen));
            let fit = fits(usize::try_from(count).unwrap(), monthly, &laid);
            let taken = take(&mut entry, Act::Pay(Some((first, last)), fen), n).is_ok();
            prop_assert_eq!(taken, fit, "{:?}", laid);
            if !taken {
                laid.pop();
            }
        }
    }
}
