//! The sums of two benefits of which the higher stays (R02) and of what is to come back (R23), added up a
//! second way: month by month, payment by payment.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use talent_gateway::domain::funding::finding::{Finding, Label, Reason, Verdict};

use super::second::{YearMonth, walk};
use super::{Held, grant, month, of_rule, rent_case, run};

/// A grant of this policy, each of its months paid or not, and of some of these all returned. What was paid
/// for up to `together` months on end is one payment.
fn paid_grant(
    index: usize,
    policy: &str,
    held: &Held,
    (paid, together): (&[(bool, bool)], usize),
) -> Value {
    let mut value = grant(index, "applicant", held);
    value["district"] = policy.split('/').next().unwrap().into();
    value["grant"]["policy"]["id"] = policy.into();
    let id = value["grant"]["grant"].clone();
    let at = |n: usize| month(held.first + u16::try_from(n).unwrap());
    let span = |n: usize, count: usize| json!({ "first": at(n), "last": at(n + count - 1) });
    let (mut payments, mut recoveries) = (Vec::new(), Vec::new());
    let months = months_of(held, paid);
    let mut n = 0;
    while n < months.len() {
        let on_end = months[n..].iter().take(together).take_while(|(paid, _)| *paid).count();
        if on_end > 0 {
            payments.push(json!({
                "grant": id, "voucher": format!("p-{n}"), "budget_year": 2025,
                "amount": held.monthly * on_end as u64, "months": span(n, on_end),
                "tier": "district", "paid_on": at(n).last_day(),
            }));
        }
        n += on_end.max(1);
    }
    for (n, _) in months.iter().enumerate().filter(|(_, month)| **month == (true, true)) {
        recoveries.push(json!({
            "grant": id, "voucher": format!("r-{n}"), "amount": held.monthly,
            "months": span(n, 1), "reason": "test", "date": "2029-01-01",
        }));
    }
    (value["payments"], value["recoveries"]) = (payments.into(), recoveries.into());
    value
}

/// Of each month of a grant: was it paid, and did it come back?
fn months_of(held: &Held, paid: &[(bool, bool)]) -> Vec<(bool, bool)> {
    paid.iter().copied().chain(std::iter::repeat((false, false))).take(held.count.into()).collect()
}

/// What of each month was paid and did not come back.
fn book(held: &Held, paid: &[(bool, bool)]) -> BTreeMap<YearMonth, u64> {
    let months = walk(held.first, held.count).into_iter().zip(months_of(held, paid));
    months.map(|(m, (paid, back))| (m, if paid && !back { held.monthly } else { 0 })).collect()
}

fn lived(first: std::ops::Range<u16>) -> impl Strategy<Value = Held> {
    (first, 1_u16..20, 1_u64..300_000).prop_map(|(first, count, monthly)| Held {
        policy: 0,
        first,
        count,
        monthly,
        stopped_after: None,
    })
}

fn paid() -> impl Strategy<Value = Vec<(bool, bool)>> {
    proptest::collection::vec((any::<bool>(), proptest::bool::weighted(0.3)), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// “就高不重复” (附件4 四（二）2): rent of class D held, rent of class E asked for.
    #[test]
    fn the_higher_of_two_is_added_up_month_by_month(
        held in lived(60..90),
        asks in lived(60..90),
        paid in paid(),
        together in 1_usize..5,
    ) {
        let before = paid_grant(0, "qingpu/housing-rent/D", &held, (&paid, together));
        let mut case = rent_case(&[before], (asks.first, asks.count));
        case["steps"][0]["application"]["amount"]["monthly"] = asks.monthly.into();
        let assessment = run(&case);
        let (ours, theirs) = (walk(asks.first, asks.count), walk(held.first, held.count));
        let both: Vec<_> = ours.iter().filter(|m| theirs.contains(m)).collect();
        let of = |reason: Reason| -> Option<&Finding> {
            assessment.findings.iter().find(|f| f.rule.number() == 2 && f.reason == reason)
        };
        prop_assert_eq!(of(Reason::SameGroup).is_some(), !both.is_empty());
        let Some(one) = of(Reason::SameGroup) else { return Ok(()) };
        let asked: u64 = ours.iter().map(|_| asks.monthly).sum();
        let had: u64 = theirs.iter().map(|_| held.monthly).sum();
        prop_assert_eq!(one.outcome, Verdict::OneOnly);
        prop_assert_eq!(one.step(Label::MonthsOverlap), Some(both.len() as u64));
        prop_assert_eq!(one.step(Label::AskedFen), Some(asked));
        prop_assert_eq!(one.step(Label::HeldFen), Some(had));
        // Paid by the month, the two are weighed in the months in which they meet.
        let in_both = |monthly: u64| both.iter().map(|_| monthly).sum::<u64>();
        let (ask, have) = (in_both(asks.monthly), in_both(held.monthly));
        prop_assert_eq!(one.step(Label::HigherFen), Some(ask.max(have)));
        prop_assert_eq!(one.step(Label::DifferenceFen), Some(ask.abs_diff(have)));
        prop_assert_eq!(one.readings.len(), 0, "in all and by the month are one");
        let takes_over = ask > have;
        let book = book(&held, &paid);
        let twice: u64 = both.iter().map(|m| book[m]).sum();
        let whole: u64 = book.values().sum();
        // What was paid for the months of both is taken off; on the rest the readings differ (Q14).
        let off = takes_over && twice > 0;
        prop_assert_eq!(one.step(Label::PaidFen), off.then_some(twice));
        let rest = asked.saturating_sub(twice);
        prop_assert_eq!(one.step(Label::PayableFen), off.then_some(rest));
        let open = of(Reason::SetOff);
        prop_assert_eq!(open.is_some(), takes_over && whole > twice);
        if let Some(open) = open {
            let sums: Vec<_> = open.readings.iter().map(|r| r.amount.unwrap().get()).collect();
            prop_assert_eq!(sums, [rest, asked.saturating_sub(whole)]);
        }
    }

    /// “必须返还包括但不限于全部补贴、资助和奖励” (附件4 四（二）4): of each grant what was paid and did not come
    /// back, under the rule itself or another one of the district, decided before the debarment.
    #[test]
    fn what_is_to_come_back_is_added_up_payment_by_payment(
        grants in proptest::collection::vec((lived(40..100), 0_usize..3, paid()), 0..5),
        start in 40_u16..100,
    ) {
        const POLICIES: [(&str, Option<Reason>); 3] = [
            ("qingpu/housing-rent/E", Some(Reason::Clawback)),
            ("qingpu/industry-rent/D", Some(Reason::ClawbackScope)),
            ("wujiang/example-rent", None),
        ];
        let start = month(start).first_day();
        let held: Vec<Value> = grants
            .iter()
            .enumerate()
            .map(|(i, (held, policy, paid))| paid_grant(i, POLICIES[*policy].0, held, (paid, i + 1)))
            .collect();
        let mut case = rent_case(&held, (130, 12));
        case["sanctions"] = json!([{ "district": "qingpu", "sanction": {
            "sanction": "s-1", "kind": "person-debarred", "subject": "applicant",
            "start": start, "end": { "years": 3 },
            "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）4" },
        } }]);
        let mut due = Vec::new();
        for (held, policy, paid) in &grants {
            let before = month(held.first).first_day() <= start;
            let left: u64 = book(held, paid).values().sum();
            let all = months_of(held, paid).iter().filter(|(paid, _)| *paid).count();
            if let (true, true, Some(reason)) = (before, left > 0, POLICIES[*policy].1) {
                due.push((reason, all as u64 * held.monthly, left));
            }
        }
        let assessment = run(&case);
        let mut told: Vec<_> = of_rule(&assessment, 23)
            .iter()
            .map(|f| (f.reason, f.step(Label::PaidFen).unwrap(), f.step(Label::LeftFen).unwrap()))
            .collect();
        told.sort_unstable();
        due.sort_unstable();
        prop_assert_eq!(told, due);
    }
}
