//! R13, R14 and R15 against the second way of counting: under every ruling and with every question open,
//! with grants that stop, months that are returned, flats that are lived in.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use talent_gateway::domain::funding::finding::{Assessment, Label, Verdict};
use talent_gateway::domain::money::Fen;

use super::second::{Drawn, Reading, YearMonth, left, readings, used, walk};
use super::{CAP_MONTHS, by_days, month, of_rule, rent_case, ruling, run};

/// What a cap is on, in the words of its article.
struct Cap {
    rule: u8,
    /// The policy asked for.
    policy: &'static str,
    months: usize,
    /// Open questions on how to count.
    questions: &'static [&'static str],
    /// Grants: policy, discount, and what it is to the cap.
    grants: &'static [(&'static str, Option<u8>, Scope)],
    /// Are flats lived in under it?
    flats: bool,
}

/// What a grant is to a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Under it.
    Under,
    /// Under it where the caps are shared (Q02).
    IfShared,
    /// Under it where cash and full rent count (Q19).
    IfCash,
    /// Another district's, or another benefit.
    Outside,
}

const RENT: Cap = Cap {
    rule: 13,
    policy: "qingpu/housing-rent/E",
    months: CAP_MONTHS,
    questions: &["Q02", "Q03", "Q27", "Q38"],
    grants: &[
        ("qingpu/housing-rent/E", None, Scope::Under),
        ("qingpu/industry-rent/D", None, Scope::Under),
        ("qingpu/points-rent/tier-1", None, Scope::IfShared),
        ("qingpu/agri-rent", None, Scope::IfShared),
        ("wujiang/example-rent", None, Scope::Outside),
    ],
    flats: false,
};

const POINTS: Cap = Cap {
    rule: 14,
    policy: "qingpu/points-rent/tier-1",
    months: CAP_MONTHS,
    questions: &["Q02", "Q04", "Q27", "Q38"],
    grants: &[
        ("qingpu/points-rent/tier-1", None, Scope::Under),
        ("qingpu/points-rent/tier-3", None, Scope::Under),
        ("qingpu/housing-rent/D", None, Scope::IfShared),
        ("jiashan/example-rent", None, Scope::Outside),
        ("qingpu/apartment/cash", None, Scope::Outside),
    ],
    flats: false,
};

const APARTMENT: Cap = Cap {
    rule: 15,
    policy: "qingpu/apartment/in-kind",
    months: 72,
    questions: &["Q19", "Q27", "Q38"],
    grants: &[
        ("qingpu/apartment/in-kind", Some(20), Scope::Under),
        ("qingpu/apartment/in-kind", Some(0), Scope::IfCash),
        ("qingpu/apartment/cash", None, Scope::IfCash),
        ("qingpu/housing-rent/E", None, Scope::Outside),
        ("wujiang/example-rent", None, Scope::Outside),
    ],
    flats: true,
};

/// A grant in small numbers: which one, first month after 2018-01, months, months until a stop, and the
/// months from one on that were returned.
#[derive(Clone, Copy, Debug)]
struct Held {
    grant: usize,
    first: u16,
    count: u16,
    kept: Option<u16>,
    back: Option<(u16, u16)>,
}

/// A flat: first month, months, and whether its rent was lowered.
type Flat = (u16, u16, bool);

fn held() -> impl Strategy<Value = Held> {
    let stop = proptest::option::weighted(0.2, 0_u16..12);
    let back = proptest::option::weighted(0.2, (0_u16..29, 1_u16..9));
    (0_usize..5, 0_u16..130, 1_u16..30, stop, back)
        .prop_map(|(grant, first, count, kept, back)| Held { grant, first, count, kept, back })
}

/// What is ruled on each question; left out where it is open.
fn rulings(cap: &Cap) -> impl Strategy<Value = BTreeMap<&'static str, bool>> + use<> {
    let questions = cap.questions;
    proptest::collection::vec(proptest::option::of(any::<bool>()), questions.len()).prop_map(
        move |picks| {
            questions.iter().zip(picks).filter_map(|(q, pick)| Some((*q, pick?))).collect()
        },
    )
}

impl Held {
    fn json(&self, cap: &Cap, index: usize) -> Value {
        let (policy, discount, _) = cap.grants[self.grant];
        let (first, last) = (month(self.first), month(self.first + self.count - 1));
        let mut value = json!({
            "district": policy.split('/').next(),
            "grant": {
                "grant": format!("g-{index}"), "policy": { "id": policy, "version": 1 },
                "subject": "applicant", "beneficiary": "person",
                "months": { "first": first, "last": last }, "approved": { "monthly": 100 },
                "schedule": "monthly", "decided_on": first.first_day(),
                "payers": [{ "tier": "district", "payer": "区财政", "share": { "percent": 100 } }],
                "fiscal_source": "区人才发展资金",
            },
        });
        if let Some(percent) = discount {
            value["grant"]["discount_percent"] = percent.into();
        }
        if let Some(kept) = self.kept {
            // Nothing kept: stopped before it began.
            value["stopped"] = json!(first.plus(i32::from(kept.min(self.count)) - 1));
        }
        if let Some((from, count)) = self.returned() {
            value["recoveries"] = json!([{
                "grant": format!("g-{index}"), "voucher": "v", "amount": 1, "reason": "test",
                "months": { "first": month(from), "last": month(from + count - 1) },
                "date": "2030-01-01",
            }]);
        }
        value
    }

    /// Months of the grant that came back, as first and count.
    fn returned(&self) -> Option<(u16, u16)> {
        let (from, count) = self.back?;
        let from = from.min(self.count - 1);
        Some((self.first + from, count.min(self.count - from)))
    }

    fn drawn(&self, cap: &Cap) -> Option<Drawn> {
        let scope = cap.grants[self.grant].2;
        let kept = self.kept.map_or(self.count, |kept| kept.min(self.count));
        let returned = self.returned().map(|(from, count)| walk(from, count));
        (scope != Scope::Outside).then(|| Drawn {
            months: walk(self.first, kept).into_iter().collect(),
            returned: returned.into_iter().flatten().collect(),
            if_shared: scope == Scope::IfShared,
            if_cash: scope == Scope::IfCash,
        })
    }
}

/// Lived in from the first day of its first month to the last day of its last.
fn flat(index: usize, (first, count, lowered): Flat) -> Value {
    json!({ "district": "qingpu", "state": "active", "record": { "occupancy": {
        "record": format!("o-{index}"), "revision": 1, "action": "issue", "subject": "applicant",
        "authority": { "name": "住建委", "region": "310118" },
        "attestation": { "level": "issued", "as_of": "2018-01-01" },
        "validity": {
            "from": month(first).first_day(), "until": month(first + count - 1).last_day(),
        },
        "kind": "talent-apartment", "discount_percent": if lowered { 20 } else { 0 },
    } } })
}

/// What came of it by the engine, and what should by the second way.
struct Both {
    assessment: Assessment,
    asked: Vec<YearMonth>,
    drawn: Vec<Drawn>,
    /// The months left under each reading that is open.
    left: BTreeMap<Reading, BTreeSet<YearMonth>>,
}

fn both(
    cap: &Cap,
    (held, flats): (&[Held], &[Flat]),
    asked: (u16, u16),
    monthly: u64,
    ruled: &BTreeMap<&'static str, bool>,
) -> Both {
    let grants: Vec<Value> = held.iter().enumerate().map(|(i, h)| h.json(cap, i)).collect();
    let mut case = rent_case(&grants, asked);
    case["steps"][0]["application"]["policy"]["id"] = cap.policy.into();
    case["steps"][0]["application"]["amount"]["monthly"] = monthly.into();
    let mut drawn: Vec<Drawn> = held.iter().filter_map(|h| h.drawn(cap)).collect();
    if cap.flats {
        // The flats that are asked about are those of the months before the application.
        let records = case["records"].as_array_mut().unwrap();
        records.extend(flats.iter().enumerate().map(|(i, f)| flat(i, *f)));
        drawn.extend(flats.iter().map(|(first, count, lowered)| Drawn {
            months: walk(*first, *count).into_iter().collect(),
            if_cash: !lowered,
            ..Drawn::default()
        }));
    }
    let codes = |question: &str| match question {
        "Q02" => ["separate", "shared"],
        "Q03" => ["paid-months", "running-years"],
        "Q04" => ["months", "yearly-awards"],
        _ => ["not-counted", "counted"],
    };
    let rulings = ruled.iter().map(|(q, pick)| ruling(q, codes(q)[usize::from(*pick)]));
    case["rulings"] = rulings.collect();
    let asked = walk(asked.0, asked.1);
    let left_under = |reading| {
        let left = left(&asked, &drawn, cap.months, &reading);
        (reading, left)
    };
    let left = readings(cap.questions, ruled).into_iter().map(left_under).collect();
    Both { assessment: run(&case), asked, drawn, left }
}

impl Both {
    /// Months of the rule's findings with this outcome.
    fn found(&self, rule: u8, outcome: Verdict) -> BTreeSet<YearMonth> {
        let found = of_rule(&self.assessment, rule).into_iter().filter(|f| f.outcome == outcome);
        found.flat_map(|f| by_days(f.months.unwrap())).collect()
    }

    /// Questions of which one reading, all else equal, leaves other months than the other.
    fn mattering(&self, questions: &[&'static str]) -> BTreeSet<&'static str> {
        let matters = |q: &&&'static str| {
            self.left.iter().any(|(reading, months)| {
                let other = reading ^ &Reading::from([**q]);
                self.left.get(&other).is_some_and(|there| there != months)
            })
        };
        questions.iter().filter(matters).copied().collect()
    }

    fn agree(&self, cap: &Cap) -> Result<(), TestCaseError> {
        let asked: BTreeSet<YearMonth> = self.asked.iter().copied().collect();
        let some: BTreeSet<YearMonth> = self.left.values().flatten().copied().collect();
        let every = |m: &YearMonth| self.left.values().all(|left| left.contains(m));
        let open: BTreeSet<_> = some.iter().filter(|m| !every(m)).copied().collect();
        let none: BTreeSet<_> = asked.difference(&some).copied().collect();
        prop_assert_eq!(self.found(cap.rule, Verdict::Capped), none.clone(), "beyond the cap");
        prop_assert_eq!(self.found(cap.rule, Verdict::Refer), open.clone(), "open");
        let found = of_rule(&self.assessment, cap.rule);
        let clear = found.iter().filter(|f| f.outcome == Verdict::Clear).count();
        prop_assert_eq!(clear, usize::from(none.is_empty() && open.is_empty()));
        // Of the questions that are open the first reading.
        let first = self.left.keys().min_by_key(|reading| reading.len()).unwrap();
        let count = used(&self.drawn, first).len();
        let mattering = self.mattering(cap.questions);
        // Ruled so that years count and not months, the numbers are those of years.
        let by_years = self.left.keys().all(|r| r.contains("Q03") || r.contains("Q04"));
        for finding in found {
            let used = finding.step(Label::MonthsUsed);
            prop_assert!(by_years || used == Some(count as u64), "used {used:?}, not {count}");
            let rest = used.map(|used| (cap.months as u64).saturating_sub(used));
            prop_assert_eq!(finding.step(Label::MonthsLeft), rest);
            if finding.outcome != Verdict::Refer {
                continue;
            }
            let questions: BTreeSet<String> =
                finding.questions.iter().map(ToString::to_string).collect();
            prop_assert_eq!(questions, mattering.iter().map(|q| (*q).to_owned()).collect());
            for reading in &finding.readings {
                let question = reading.question.to_string();
                let second = !["separate", "paid-months", "months", "not-counted"]
                    .contains(&reading.reading.as_str());
                let is = |reading: &Reading| reading.contains(question.as_str()) == second;
                let of_it = self.left.iter().filter(|(reading, _)| is(reading));
                let least = of_it.map(|(_, left)| left.len()).min().unwrap();
                prop_assert_eq!(reading.months, Some(u32::try_from(least).unwrap()));
                let whole = least == asked.len();
                let verdict = if whole { Verdict::Clear } else { Verdict::Capped };
                prop_assert_eq!(reading.verdict, verdict);
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// “最长不超过五年” (附件4 一（三）).
    #[test]
    fn the_rent_cap_agrees_under_every_reading(
        held in proptest::collection::vec(held(), 0..6),
        asked in (20_u16..130, 1_u16..80),
        ruled in rulings(&RENT),
    ) {
        both(&RENT, (&held, &[]), asked, 100, &ruled).agree(&RENT)?;
    }

    /// “每年发放一次，累计享受不超过5年” (附件4 二（二）).
    #[test]
    fn the_points_cap_agrees_under_every_reading(
        held in proptest::collection::vec(held(), 0..7),
        asked in (20_u16..130, 1_u16..80),
        ruled in rulings(&POINTS),
    ) {
        both(&POINTS, (&held, &[]), asked, 100, &ruled).agree(&POINTS)?;
    }

    /// “累计不超过6年” (附件4 三（三）).
    #[test]
    fn the_apartment_cap_agrees_under_every_reading(
        held in proptest::collection::vec(held(), 0..5),
        flats in proptest::collection::vec((0_u16..100, 1_u16..40, any::<bool>()), 0..4),
        asked in (20_u16..130, 1_u16..90),
        ruled in rulings(&APARTMENT),
    ) {
        both(&APARTMENT, (&held, &flats), asked, 100, &ruled).agree(&APARTMENT)?;
    }

    /// Paid out month by month under both caps of a rent subsidy, 60 months and 3,000 yuan: what is payable
    /// and what is withheld make up what was asked for.
    #[test]
    fn payable_and_withheld_make_up_what_was_asked(
        held in proptest::collection::vec(held(), 0..6),
        asked in (60_u16..130, 1_u16..80),
        monthly in 1_u64..600_000,
        picks in any::<[bool; 4]>(),
    ) {
        let ruled: BTreeMap<_, _> = RENT.questions.iter().copied().zip(picks).collect();
        let both = both(&RENT, (&held, &[]), asked, monthly, &ruled);
        let (_, left) = both.left.first_key_value().unwrap();
        let (mut paid, mut withheld) = (0, 0);
        for month in &both.asked {
            let now = if left.contains(month) { monthly.min(300_000) } else { 0 };
            (paid, withheld) = (paid + now, withheld + monthly - now);
        }
        prop_assert_eq!(paid + withheld, monthly * both.asked.len() as u64);
        let payable = both.assessment.payable.unwrap_or_default();
        let months = payable.months.map_or(both.asked.len() as u64, u64::from);
        let each = payable.monthly.map_or(monthly, Fen::get);
        // Where one month is asked for, its sum is the sum in all; a cap on months cuts beside it.
        let in_all = payable.total.map_or(u64::MAX, Fen::get);
        prop_assert_eq!((months * each).min(in_all), paid);
        prop_assert_eq!(both.assessment.payable.is_some(), withheld > 0);
    }
}
