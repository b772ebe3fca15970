//! Where a grant goes beyond its hold: what was not held was not assessed, and a cap allows only the
//! part under it. Such a grant stands against a finding, and needs an override (DESIGN §7).

use serde::{Deserialize, Serialize};

use super::bookkeeping::sums;
use super::finding::{Finding, Verdict};
use super::ledger::approved_months;
use super::message::{Amount, Application, Grant, NumberRef, Policy, Schedule};
use super::months::MonthSet;
use super::safe::{Asked, cut, payable_of};
use super::sameness::Sameness;
use crate::domain::code::Violation;
use crate::domain::money::Fen;
use crate::domain::time::MonthSpan;

/// What the caps leave of an application; absent members are not cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payable {
    /// Months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Fen by the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly: Option<Fen>,
    /// Fen in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Fen>,
}

impl Payable {
    /// What the findings of an assessment cut off; `None` where no cap cuts anything.
    pub fn of(findings: &[Finding], asked: Asked) -> Option<Self> {
        let mut capped = findings.iter().filter(|f| f.outcome == Verdict::Capped).peekable();
        capped.peek()?;
        let mut left = Self::default();
        let mut shut: Option<MonthSet> = None;
        for finding in capped {
            match cut(finding) {
                Some(fen) => {
                    if payable_of(finding, asked.total) {
                        left.total = Some(left.total.map_or(fen, |known| known.min(fen)));
                    }
                    if payable_of(finding, asked.monthly) {
                        left.monthly = Some(left.monthly.map_or(fen, |known| known.min(fen)));
                    }
                }
                None => shut.get_or_insert_default().extend(finding.months.or(asked.months)),
            }
        }
        if let (Some(shut), Some(asked)) = (shut, asked.months) {
            let (_, open) = MonthSet::from_iter([asked]).split(&shut);
            left.months = Some(open.count());
        }
        Some(left)
    }

    /// What that comes to in all.
    pub fn sum(&self, asked: Asked) -> Option<Fen> {
        let months = asked.months.map(MonthSpan::count);
        let open = self.months.or(months);
        let in_open = match (months, open) {
            (Some(all), Some(open)) => asked.total?.part(open.into(), all.into()),
            _ => asked.total?,
        };
        let by_month = self.monthly.zip(open).map(|(monthly, open)| monthly.times(open));
        [Some(in_open), self.total, by_month].into_iter().flatten().min()
    }
}

/// The members of a grant that go beyond what was held, or beyond what its assessment left payable.
pub fn beyond<S: PartialEq>(
    grant: &Grant<S>,
    held: &Application<S>,
    left: Option<&Payable>,
    policy: Option<&Policy>,
) -> Vec<Violation> {
    let (now, then) = (&grant.terms, &held.terms);
    let within = match (now.months, then.months) {
        (Some(now), Some(then)) => then.overlap(now) == Some(now),
        (now, then) => now == then,
    };
    let months = now.months.map_or(0, MonthSpan::count);
    let left_months = left.and_then(|l| l.months).is_none_or(|left| months <= left);
    let objects = now.objects.len() == then.objects.len()
        && now.objects.iter().all(|o| then.objects.contains(o));
    let over_sum = exceeds(grant, held, left, policy);
    let table = [
        ("beneficiary", now.beneficiary == then.beneficiary, "the beneficiary held"),
        ("employer", now.employer == then.employer, "the employer held"),
        ("objects", objects, "the objects held"),
        // The class may be decided after the hold.
        ("class", then.class.is_none() || now.class == then.class, "the class held"),
        ("months", within, "within the months held"),
        ("months", left_months, "at most the months that the cap leaves"),
        ("discount_percent", now.discount_percent <= then.discount_percent, "the discount held"),
        (
            "parent_plan",
            is_one(now.parent_plan.as_ref(), then.parent_plan.as_ref()),
            "the plan held",
        ),
        ("project", is_one(now.project.as_ref(), then.project.as_ref()), "the project held"),
        ("co_funding", now.co_funding == then.co_funding, "the co-funding held"),
        ("top_up_of", now.top_up_of == then.top_up_of, "the grant topped up that was held"),
        ("case_by_case", now.case_by_case == then.case_by_case, "the decision held"),
        ("approved", over_sum != Some(Over::Held), "at most the sum held"),
        ("approved", over_sum != Some(Over::Cap), "at most the sum that the cap leaves"),
    ];
    let beyond = table.into_iter().filter(|(_, fits, _)| !fits);
    beyond
        .map(|(member, _, expected)| Violation {
            pointer: format!("/body/{member}"),
            expected: expected.to_owned(),
        })
        .collect()
}

fn is_one(now: Option<&NumberRef>, then: Option<&NumberRef>) -> bool {
    match (now, then) {
        (Some(now), Some(then)) => now.sameness(then) == Sameness::Same,
        (now, then) => now == then,
    }
}

/// What the sum of a grant goes beyond.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Held,
    Cap,
}

/// Compares in all and by the month, whichever way both sums are stated. What is given in kind has no
/// sum that could be held.
fn exceeds<S>(
    grant: &Grant<S>,
    held: &Application<S>,
    left: Option<&Payable>,
    policy: Option<&Policy>,
) -> Option<Over> {
    let months = approved_months(&grant.terms, policy, grant.decided_on);
    let (total, monthly) = sums(grant.approved, months);
    let above = |sum: Option<Fen>, most: Option<Fen>| match (sum, most) {
        (_, None) => false,
        (sum, Some(most)) => sum.is_none_or(|sum| sum > most),
    };
    let fits = match (grant.approved, held.amount) {
        (_, None) => grant.schedule == Schedule::InKind,
        (Amount::Monthly(now), Some(Amount::Monthly(then)))
        | (Amount::Total(now), Some(Amount::Total(then))) => now <= then,
        (_, Some(then)) => {
            let (then, _) = sums(then, approved_months(&held.terms, policy, held.date));
            then.is_some() && !above(total, then)
        }
    };
    if !fits {
        return Some(Over::Held);
    }
    let left = left?;
    (above(total, left.total) || above(monthly, left.monthly)).then_some(Over::Cap)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn capped(
        rule: &str,
        reason: &str,
        months: Option<(&str, &str)>,
        sums: Option<(u64, u64)>,
    ) -> Finding {
        let steps = sums.map_or(json!([]), |(asked, payable)| {
            json!([
                { "label": "asked-fen", "value": asked },
                { "label": "payable-fen", "value": payable },
            ])
        });
        let mut finding = json!({
            "id": format!("{rule}-1"), "rule": rule, "rule_version": 1, "class": "capped",
            "reason": reason, "outcome": "CAPPED", "questions": [], "evidence": [],
            "citations": [{ "document": "d", "article": "a" }], "arithmetic": steps,
        });
        if let Some((first, last)) = months {
            finding["months"] = json!({ "first": first, "last": last });
        }
        serde_json::from_value(finding).unwrap()
    }

    #[test]
    fn what_the_caps_leave() {
        let fen = Fen::new;
        let asked = Asked {
            months: serde_json::from_value(json!({ "first": "2024-01", "last": "2024-12" }))
                .unwrap(),
            total: fen(4_800),
            monthly: fen(400),
        };
        assert_eq!(Payable::of(&[], asked), None);
        let months = capped("R13", "cap-months", Some(("2024-02", "2024-12")), None);
        let total = capped("R16", "cap-total", Some(("2024-06", "2024-12")), Some((4_800, 2_000)));
        let monthly = capped("R29", "above-cap", None, Some((400, 300)));
        let left = Payable::of(&[months, total, monthly], asked);
        let expected = Payable { months: Some(1), monthly: fen(300), total: fen(2_000) };
        assert_eq!(left, Some(expected));
        // One month at 300; without the cap on months twelve at 300, and 2,000 in all.
        let sum = |left: Payable| left.sum(asked);
        assert_eq!(sum(expected), fen(300));
        assert_eq!(sum(Payable { months: None, ..expected }), fen(2_000));
        assert_eq!(sum(Payable { months: Some(7), ..Payable::default() }), fen(2_800));
        assert_eq!(sum(Payable::default()), fen(4_800));
    }

    #[test]
    fn months_beyond_a_cap_go_beyond_the_hold() {
        let terms = json!({
            "policy": { "id": "qingpu/x", "version": 1 }, "subject": 1, "beneficiary": "person",
            "months": { "first": "2024-01", "last": "2024-12" },
        });
        let mut held = terms.clone();
        held["kind"] = json!("grant");
        held["date"] = json!("2023-12-01");
        held["amount"] = json!({ "monthly": 400 });
        let held: Application<u64> = serde_json::from_value(held).unwrap();
        let mut grant = terms;
        for (member, value) in [
            ("grant", json!("g")),
            ("approved", json!({ "monthly": 400 })),
            ("schedule", json!("monthly")),
            ("decided_on", json!("2023-12-02")),
            ("payers", json!([])),
            ("fiscal_source", json!("x")),
        ] {
            grant[member] = value;
        }
        let mut grant: Grant<u64> = serde_json::from_value(grant).unwrap();
        let left = Payable { months: Some(1), ..Payable::default() };
        let places = |grant: &Grant<u64>, left: Option<&Payable>| {
            let found = beyond(grant, &held, left, None);
            found.into_iter().map(|v| v.pointer).collect::<Vec<_>>()
        };
        assert!(places(&grant, None).is_empty());
        assert_eq!(places(&grant, Some(&left)), ["/body/months"]);
        grant.terms.months =
            serde_json::from_value(json!({ "first": "2024-12", "last": "2024-12" })).unwrap();
        assert!(places(&grant, Some(&left)).is_empty(), "any one month");
        let plan = |authority: &str, number: &str| {
            Some(NumberRef { authority: authority.into(), number: number.into() })
        };
        let mut held = held.clone();
        (held.terms.parent_plan, grant.terms.parent_plan) =
            (plan("国家", "P-1"), plan("国家", "ｐ1"));
        assert!(beyond(&grant, &held, None, None).is_empty(), "one plan, spelled otherwise");
        grant.terms.parent_plan = plan("科技部", "P-1");
        assert_eq!(beyond(&grant, &held, None, None).len(), 1, "perhaps another plan");
        grant.terms.parent_plan = None;
        grant.terms.months = None;
        assert_eq!(
            places(&grant, None),
            ["/body/months"],
            "months that are left out count nowhere"
        );
    }
}
