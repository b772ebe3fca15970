//! What holds for every case: properties of the engine on random ledgers, and the arithmetic of months
//! and caps written a second time, day by day, and compared.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "funding_properties/caps.rs"]
mod caps;
#[path = "funding_properties/ledger.rs"]
mod ledger;
#[path = "funding_properties/second.rs"]
mod second;
#[path = "funding_properties/sums.rs"]
mod sums;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::case_file::CaseFile;
use talent_gateway::domain::funding::facts::Facts;
use talent_gateway::domain::funding::finding::{Assessment, Finding, Label, Segment, Verdict};
use talent_gateway::domain::funding::id::RuleId;
use talent_gateway::domain::time::{Month, MonthSpan};

/// A grant, in small numbers: which policy, first month after 2018-01, months, fen a month.
#[derive(Clone, Copy, Debug)]
struct Held {
    policy: usize,
    first: u16,
    count: u16,
    monthly: u64,
    stopped_after: Option<u16>,
}

/// Rent of the district itself, of two other districts, and a benefit of another kind.
const POLICIES: [&str; 5] = [
    "qingpu/housing-rent/E",
    "qingpu/industry-rent/D",
    "wujiang/example-rent",
    "jiashan/example-rent",
    "qingpu/district-selection-support",
];
const CAP_MONTHS: usize = 60;

fn held() -> impl Strategy<Value = Held> {
    let stop = proptest::option::weighted(0.2, 0_u16..12);
    (0..POLICIES.len(), 0_u16..130, 1_u16..30, 1_u64..400_000, stop).prop_map(
        |(policy, first, count, monthly, stopped_after)| Held {
            policy,
            first,
            count,
            monthly,
            stopped_after,
        },
    )
}

fn month(offset: u16) -> Month {
    Month::new(2018, 1).unwrap().plus(i32::from(offset))
}

fn grant(index: usize, subject: &str, held: &Held) -> Value {
    let (first, last) = (month(held.first), month(held.first + held.count - 1));
    let mut value = json!({
        "district": POLICIES[held.policy].split('/').next(),
        "grant": {
            "grant": format!("g-{subject}-{index}"),
            "policy": { "id": POLICIES[held.policy], "version": 1 },
            "subject": subject,
            "beneficiary": "person",
            "months": { "first": first, "last": last },
            "approved": { "monthly": held.monthly },
            "schedule": "monthly",
            "decided_on": first.first_day(),
            "payers": [{ "tier": "district", "payer": "区人才发展资金", "share": { "percent": 100 } }],
            "fiscal_source": "区人才发展资金",
        },
    });
    if let Some(after) = held.stopped_after {
        value["stopped"] = json!(month(held.first + after.min(held.count - 1)));
    }
    value
}

fn answer(code: &str) -> Value {
    json!({
        "code": code, "value": { "answer": "yes" }, "as_of": "2020-06-01",
        "source": "case", "attestation": "verified-at-source",
    })
}

fn ruling(question: &str, reading: &str) -> Value {
    json!({
        "district": "qingpu",
        "ruling": {
            "question": question, "reading": reading, "validity": { "from": "2018-01-01" },
            "citation": { "document": "test", "article": "1" },
        },
    })
}

/// A purchase subsidy of class C for these months, by the month or in all.
fn purchase_case(
    grants: &[Value],
    kind: &str,
    asked: (u16, u16),
    monthly: u64,
    in_all: bool,
) -> Value {
    let mut case = rent_case(grants, asked);
    case["records"][0]["record"]["certification"]["class"] = "C".into();
    let application = &mut case["steps"][0]["application"];
    application["policy"]["id"] = "qingpu/housing-purchase/C".into();
    application["kind"] = kind.into();
    let total = monthly * u64::from(asked.1);
    application["amount"] =
        if in_all { json!({ "total": total }) } else { json!({ "monthly": monthly }) };
    case
}

/// Class E rent of Qingpu for `asked` months, with these grants.
fn rent_case(grants: &[Value], (first, count): (u16, u16)) -> Value {
    let start = month(first);
    json!({
        "id": "P1",
        "title": { "zh": "随机", "en": "random" },
        "districts": [
            { "district": "qingpu", "region": "310118", "covered": true },
            { "district": "wujiang", "region": "320509", "covered": true },
            { "district": "jiashan", "region": "330421", "covered": true },
        ],
        "records": [{
            "district": "qingpu", "state": "active",
            "record": { "certification": {
                "record": "r-1", "revision": 1, "action": "issue", "subject": "applicant",
                "authority": { "name": "人社局", "region": "310118" },
                "attestation": { "level": "issued", "as_of": "2018-01-01" },
                "validity": { "from": "2018-01-01" },
                "scheme": "qingpu-housing", "scheme_version": "2020", "class": "E",
                "basis": { "document": "qingpu-2020-88", "article": "附件4 一（一）" },
            } },
        }],
        "grants": grants,
        "steps": [{
            "name": "a",
            "application": {
                "kind": "grant",
                "policy": { "id": "qingpu/housing-rent/E", "version": 1 },
                "subject": "applicant", "beneficiary": "person", "employer": "employer",
                "date": start.first_day(),
                "months": { "first": start, "last": month(first + count - 1) },
                "amount": { "monthly": 300_000 },
                "case_facts": [
                    answer("employer-registered-in-district"),
                    answer("employer-pays-tax-in-district"),
                    answer("employer-not-civil-service-like"),
                    answer("income-tax-in-district"),
                    answer("social-insurance-in-shanghai"),
                ],
            },
        }],
    })
}

fn run(case: &Value) -> Assessment {
    static RULES: LazyLock<Facts> = LazyLock::new(|| {
        let mut facts = Facts::default();
        Catalogue::embedded().unwrap().fill(&mut facts);
        facts
    });
    let case: CaseFile = serde_json::from_value(case.clone()).unwrap();
    let mut facts = RULES.clone();
    let step = case.load(&mut facts).remove(0);
    assess(&facts, &step.application, step.as_of)
}

fn all(subject: &str, held: &[Held]) -> Vec<Value> {
    held.iter().enumerate().map(|(i, h)| grant(i, subject, h)).collect()
}

fn clear_months(assessment: &Assessment) -> u32 {
    let clear = assessment.segments.iter().filter(|s| s.verdict == Verdict::Clear);
    clear.filter_map(|s| s.months).map(MonthSpan::count).sum()
}

fn of_rule(assessment: &Assessment, rule: u8) -> Vec<&Finding> {
    assessment.by_rule(RuleId::new(rule)).collect()
}

/// Months of a span as (year, month), found by walking its days.
fn by_days(span: MonthSpan) -> BTreeSet<(i16, i8)> {
    let (mut day, last) = (span.first.first_day(), span.last.last_day());
    let mut months = BTreeSet::new();
    while day <= last {
        months.insert((day.year(), day.month()));
        day = day.tomorrow().unwrap();
    }
    months
}

fn span(first: u16, count: u16) -> MonthSpan {
    MonthSpan::new(month(first), month(first + count - 1)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn months_agree_with_days(a in 0_u16..400, b in 0_u16..400, n in 1_u16..200, m in 1_u16..200) {
        let (left, right) = (span(a, n), span(b, m));
        let (days_left, days_right) = (by_days(left), by_days(right));
        prop_assert_eq!(usize::try_from(left.count()).unwrap(), days_left.len());
        let both: BTreeSet<_> = days_left.intersection(&days_right).copied().collect();
        let overlap = left.overlap(right).map(by_days).unwrap_or_default();
        prop_assert_eq!(overlap, both);
        prop_assert_eq!(left.last, left.first.plus(i32::from(n) - 1));
        let months: BTreeSet<_> = left.months().map(|m| (m.year(), m.month())).collect();
        prop_assert_eq!(months, days_left);
    }

    /// 12 months and 45,000 yuan, whichever comes first, paid out fen by fen.
    #[test]
    fn the_returnee_cap_agrees_and_money_is_conserved(
        monthly in 1_u64..1_000_000,
        months in 1_u16..20,
        earlier in proptest::option::of((1_u16..12, 1_u64..400_000)),
    ) {
        let first = 80_u16;
        let mut grants = Vec::new();
        let (mut left_months, mut left) = (12_u64, 4_500_000_u64);
        if let Some((count, sum)) = earlier {
            let mut before = grant(0, "applicant", &Held {
                policy: 0, first: first - count, count, monthly: sum, stopped_after: None,
            });
            before["district"] = "changning".into();
            before["grant"]["policy"]["id"] = "changning/returnee-apartment-rent".into();
            grants.push(before);
            left_months -= u64::from(count);
            left = left.saturating_sub(sum * u64::from(count));
        }
        let at_most = left;
        let mut case = rent_case(&grants, (first, months));
        case["districts"].as_array_mut().unwrap().push(
            json!({ "district": "changning", "region": "310105", "covered": true }));
        let application = &mut case["steps"][0]["application"];
        application["policy"]["id"] = "changning/returnee-apartment-rent".into();
        application["amount"]["monthly"] = monthly.into();
        let mut paid = 0_u64;
        for _ in 0..months {
            if left_months == 0 {
                break;
            }
            left_months -= 1;
            let now = monthly.min(left);
            paid += now;
            left -= now;
        }
        let assessment = run(&case);
        let found = of_rule(&assessment, 16);
        prop_assert_eq!(found[0].step(Label::PayableFen), Some(paid));
        prop_assert_eq!(found[0].step(Label::LeftFen), Some(left));
        prop_assert_eq!(paid + left, at_most, "nothing is lost and nothing is made");
        let asked = monthly * u64::from(months);
        prop_assert_eq!(found[0].outcome == Verdict::Capped, paid < asked);
    }

    #[test]
    fn instalments_add_up(total in 120_u64..600_000_000) {
        let mut case = rent_case(&[], (60, 1));
        case["records"][0]["record"]["certification"]["class"] = "A".into();
        let application = &mut case["steps"][0]["application"];
        application["policy"]["id"] = "qingpu/housing-purchase/A".into();
        application["amount"] = json!({ "total": total });
        application.as_object_mut().unwrap().remove("months");
        let assessment = run(&case);
        let found = of_rule(&assessment, 17);
        let step = |label| found[0].step(label).unwrap();
        let sum = step(Label::InstalmentFen) * step(Label::Instalments) + step(Label::RemainderFen);
        prop_assert_eq!(sum, total.min(500_000_000), "of what the cap leaves");
        prop_assert!(step(Label::RemainderFen) < step(Label::Instalments));
    }

    /// A hundred and twentieth of the highest award in each month, nothing after the last: paid out month by
    /// month, whatever is asked for.
    #[test]
    fn a_purchase_is_not_paid_faster_than_its_instalments(
        months in 1_u16..140,
        monthly in 1_u64..1_700_000,
        in_all in any::<bool>(),
    ) {
        let case = purchase_case(&[], "grant", (100, months), monthly, in_all);
        let assessment = run(&case);
        let asked = u128::from(monthly) * u128::from(months);
        // What each month brings under the cap in all, month by month, in 120ths of a fen.
        let (mut paid, mut most) = (0_u128, 0_u128);
        for _ in 0..months.min(120) {
            most += 100_000_000;
            paid += u128::from(monthly) * 120;
        }
        let faster = months < 120 && paid.min(100_000_000 * 120) > most;
        let found = of_rule(&assessment, 17);
        let over = found.iter().filter(|f| f.step(Label::InstalmentFen).is_none());
        let over: u32 = over.filter_map(|f| f.months).map(MonthSpan::count).sum();
        prop_assert_eq!(over, u32::from(months.saturating_sub(120)));
        let within = found.iter().find(|f| f.step(Label::InstalmentFen).is_some()).unwrap();
        prop_assert_eq!(within.outcome == Verdict::Capped, faster);
        if faster {
            let payable = u128::from(within.step(Label::PayableFen).unwrap());
            prop_assert_eq!(payable, most / 120);
        }
        prop_assert_eq!(of_rule(&assessment, 29).is_empty(), asked <= 100_000_000);
    }

    /// A continuation pays the instalments of its award for its months, and ends with it: those that are
    /// due before each month, taken off those that are due after it.
    #[test]
    fn a_continuation_keeps_to_its_award(
        approved in 120_u64..100_000_001,
        (from, months) in (0_u16..119, 1_u16..130),
        monthly in 1_u64..900_000,
    ) {
        let mut held = grant(0, "applicant", &Held {
            policy: 0, first: 40, count: 120, monthly: 1, stopped_after: None,
        });
        held["grant"]["policy"]["id"] = "qingpu/housing-purchase/C".into();
        held["grant"]["approved"] = json!({ "total": approved });
        let case = purchase_case(&[held], "continuation", (40 + from, months), monthly, false);
        let assessment = run(&case);
        let found = of_rule(&assessment, 17);
        let over: Vec<_> = found.iter().filter(|f| f.step(Label::InstalmentFen).is_none()).collect();
        let beyond = (from + months).saturating_sub(120);
        let told: u32 = over.iter().filter_map(|f| f.months).map(MonthSpan::count).sum();
        prop_assert_eq!(told, u32::from(beyond));
        let inside = months - beyond;
        // Each month brings the same; the last one also what rounding left.
        let each = approved / 120;
        let last = from + inside == 120;
        let rest = if last { approved - each * 120 } else { 0 };
        let asked = (monthly * u64::from(inside)).min(approved);
        let within = found.iter().find(|f| f.step(Label::InstalmentFen).is_some()).unwrap();
        let due = each * u64::from(inside) + rest;
        // Between its whole instalments and their exact part lies less than a fen a month.
        if asked <= due {
            // Whether what rounding left comes with the last instalment is Q22.
            let open = asked > each * u64::from(inside);
            let outcome = if open { Verdict::Refer } else { Verdict::Clear };
            prop_assert_eq!(within.outcome, outcome);
        } else if asked >= due + u64::from(inside) {
            prop_assert_eq!(within.outcome, Verdict::Capped);
            let payable = within.step(Label::PayableFen).unwrap();
            prop_assert!((due..due + u64::from(inside)).contains(&payable));
        }
    }

    /// “最高给予100万元” for a person: instalments until the stop, paid out fen by fen, less what came back,
    /// and what is left for the next application.
    #[test]
    fn the_purchase_cap_is_for_the_person(
        approved in 120_u64..100_000_001,
        months in 1_u16..60,
        returned in 0_u64..100_000_001,
        asked in 1_u64..120_000_000,
    ) {
        let due = approved * u64::from(months) / 120;
        let returned = returned.min(due);
        let mut before = grant(0, "applicant", &Held {
            policy: 0, first: 31, count: 1, monthly: 1, stopped_after: None,
        });
        before["grant"]["policy"]["id"] = "qingpu/housing-purchase/C".into();
        before["grant"]["approved"] = json!({ "total": approved });
        before["grant"].as_object_mut().unwrap().remove("months");
        before["stopped"] = json!(month(31 + months - 1));
        before["payments"] = json!([{
            "grant": "g-applicant-0", "voucher": "v-1", "budget_year": 2025, "amount": due,
            "tier": "district", "paid_on": "2025-01-01",
        }]);
        if returned > 0 {
            before["recoveries"] = json!([{
                "grant": "g-applicant-0", "voucher": "v-2", "amount": returned, "reason": "test",
                "date": "2025-06-01",
            }]);
        }
        let mut case = rent_case(&[before], (100, 1));
        case["records"][0]["record"]["certification"]["class"] = "C".into();
        let application = &mut case["steps"][0]["application"];
        application["policy"]["id"] = "qingpu/housing-purchase/C".into();
        application["amount"] = json!({ "total": asked });
        application.as_object_mut().unwrap().remove("months");
        let left = 100_000_000 - (due - returned);
        let assessment = run(&case);
        let found = of_rule(&assessment, 29);
        prop_assert_eq!(found.is_empty(), asked <= left);
        if let Some(finding) = found.first() {
            prop_assert_eq!(finding.outcome, Verdict::Capped);
            prop_assert_eq!(finding.step(Label::PayableFen), Some(left));
            prop_assert_eq!(finding.step(Label::HeldFen).unwrap_or(0) + left, 100_000_000);
        }
    }

    /// One more grant of a comparable kind never makes a month clear that was not.
    #[test]
    fn caps_are_monotone(
        held in proptest::collection::vec(held(), 0..5),
        more in held(),
        asked in (60_u16..130, 1_u16..70),
    ) {
        let fewer = run(&rent_case(&all("applicant", &held), asked));
        let with: Vec<Held> = held.iter().copied().chain([more]).collect();
        let with = run(&rent_case(&all("applicant", &with), asked));
        prop_assert!(clear_months(&with) <= clear_months(&fewer));
        // Where the readings left different months before, they may all leave none now: CAPPED, not REFER.
        prop_assert!(with.verdict >= fewer.verdict.min(Verdict::Capped) || more.policy == 4);
    }

    /// Whatever is ruled on how to count, what was called safe may be granted.
    #[test]
    fn what_is_safe_stays_grantable_under_every_ruling(
        held in proptest::collection::vec(held(), 0..5),
        asked in (60_u16..130, 1_u16..70),
    ) {
        let case = rent_case(&all("applicant", &held), asked);
        let Some(safe) = run(&case).safe else { return Ok(()) };
        for shared in ["separate", "shared"] {
            for running in ["paid-months", "running-years"] {
                for former in ["counted", "not-counted"] {
                    let mut ruled = case.clone();
                    let rulings = [("Q02", shared), ("Q03", running), ("Q27", former)];
                    ruled["rulings"] = json!(rulings.map(|(q, reading)| ruling(q, reading)));
                    let under = run(&ruled);
                    let open =
                        |s: &&Segment| !matches!(s.verdict, Verdict::Capped | Verdict::Refer);
                    let open = under.segments.iter().filter(open).filter_map(|s| s.months);
                    let months: u32 = open.map(MonthSpan::count).sum();
                    prop_assert!(safe.months.unwrap() <= months, "{shared} {running} {former}");
                }
            }
        }
    }

    #[test]
    fn strangers_and_unread_facts_change_nothing(
        held in proptest::collection::vec(held(), 0..4),
        strangers in proptest::collection::vec(held(), 1..4),
        asked in (60_u16..130, 1_u16..70),
    ) {
        let own = all("applicant", &held);
        let before = run(&rent_case(&own, asked));
        let mut mixed = own;
        mixed.extend(all("stranger", &strangers));
        let mut case = rent_case(&mixed, asked);
        let facts = case["steps"][0]["application"]["case_facts"].as_array_mut().unwrap();
        facts.extend([answer("apartment-shortage"), answer("key-industry-field")]);
        prop_assert_eq!(run(&case), before);
    }

    /// Only policies of kind `matching` stack (R08): a plan named anywhere else changes nothing.
    #[test]
    fn a_plan_named_under_other_policies_changes_nothing(
        held in proptest::collection::vec(held(), 0..6),
        named in proptest::collection::vec(any::<bool>(), 6),
        asked in (60_u16..130, 1_u16..70),
    ) {
        let mut grants = all("applicant", &held);
        let before = run(&rent_case(&grants, asked));
        let plan = json!({ "authority": "国家人才计划办", "number": "示例-1" });
        for (grant, _) in grants.iter_mut().zip(&named).filter(|(_, named)| **named) {
            grant["grant"]["parent_plan"] = plan.clone();
        }
        let mut case = rent_case(&grants, asked);
        case["steps"][0]["application"]["parent_plan"] = plan;
        prop_assert_eq!(run(&case), before);
    }

    #[test]
    fn the_order_of_facts_is_irrelevant(
        (held, mixed) in proptest::collection::vec(held(), 0..6).prop_flat_map(|held| {
            let grants: Vec<Value> = all("applicant", &held);
            (Just(grants.clone()), Just(grants).prop_shuffle())
        }),
        asked in (60_u16..130, 1_u16..70),
    ) {
        let mut turned = rent_case(&mixed, asked);
        for list in ["/districts", "/steps/0/application/case_facts"] {
            turned.pointer_mut(list).unwrap().as_array_mut().unwrap().reverse();
        }
        prop_assert_eq!(run(&turned), run(&rent_case(&held, asked)));
    }

    #[test]
    fn no_finding_without_a_clause(
        held in proptest::collection::vec(held(), 0..6),
        asked in (0_u16..130, 1_u16..70),
    ) {
        for finding in run(&rent_case(&all("applicant", &held), asked)).findings {
            let clause = finding.citations.first().unwrap();
            prop_assert!(!clause.document.is_empty() && !clause.article.is_empty());
            prop_assert!(finding.outcome > Verdict::Clear || finding.questions.is_empty());
        }
    }
}
