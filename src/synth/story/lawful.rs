//! What may stand side by side, and what only looks like it: R06 to R09, R31, R33.

use serde_json::{Value, json};

use super::super::act::Truth;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{OTHER, Teller, month};
use super::{Kind, YEAR, housing_rent, industry_rent, kind, later, neighbour_rent};
use crate::domain::funding::finding::Verdict;

pub(super) const KINDS: &[Kind] = &[
    kind("same-lease", &[6], &[5], |t| lease(t, 0, 0)),
    kind("same-lease-other-months", &[], &[6], |t| lease(t, 0, YEAR)),
    kind("other-lease", &[], &[6, 5], |t| lease(t, 1, 0)),
    kind("team-award-to-the-enterprise", &[6], &[1], team_award),
    kind("other-kind-beside", &[7], &[1], |t| other_kind(t, 0)),
    kind("other-kind-later", &[], &[7], |t| other_kind(t, YEAR)),
    kind("matching", &[8], &[1, 4, 10], |t| matching(t, true)),
    kind("matching-without-plan", &[], &[8], |t| matching(t, false)),
    kind("plan-matched-twice", &[5, 8], &[], matched_twice),
    kind("co-funding", &[9], &[5], |t| co_funding(t, Some("XY-1"))),
    kind("co-funding-of-two-agreements", &[5, 9], &[], |t| co_funding(t, Some("XY-2"))),
    kind("co-funding-unproven", &[9], &[], co_funding_unproven),
    kind("training-project", &[], &[8, 9], training),
    kind("employer-pays-itself", &[31], &[1], |t| own_money(t, Money::Own)),
    kind("employer-paid-other-months", &[], &[31, 1], |t| own_money(t, Money::Before)),
    kind("employer-reimbursed", &[31], &[], |t| own_money(t, Money::Reimbursed)),
    kind("employer-grant-partly-public", &[1], &[31], |t| own_money(t, Money::PartlyPublic)),
    kind("paid-later", &[33], &[5, 13], |t| paid(t, true)),
    kind("paid-within", &[], &[33], |t| paid(t, false)),
];

/// Two persons, one lease.
fn lease(t: &mut Teller, other: usize, after: u32) {
    let first = t.month();
    let held = neighbour_rent(t, first).set("objects", t.lease(other));
    t.grant_to((OTHER, 0), held);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let asked = housing_rent(later(first, after), 3_500).set("objects", t.lease(0));
    let met = other == 0 && after < YEAR;
    let shown = Truth::clear().and(6, Verdict::Clear, &[]);
    t.check(asked, if met { shown } else { Truth::clear() });
}

/// The enterprise was awarded for its team; the talent asks for himself.
fn team_award(t: &mut Teller) {
    let first = t.month();
    let award = Draft::of("qingpu/innovation-team-award").total(1_200_000);
    let award = award.set("beneficiary", json!("enterprise")).set("employer", t.firm());
    t.grant_to((OTHER, 0), award);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.check(housing_rent(first, 3_500), Truth::clear().and(6, Verdict::Clear, &[]));
}

/// Annex 2: only the same kind excludes.
fn other_kind(t: &mut Teller, after: u32) {
    let first = t.month();
    t.grant(industry_rent(first, 3_000));
    t.certify(District::Qingpu, "qingpu-industry", "C");
    let asked = Draft::of("qingpu/industry-special-contribution").total(50_000).yes(&TIED[..3]);
    let asked = asked.yes(&["key-industry-field"]).number("annual-salary-fen", 60_000_000, "fen");
    let asked = asked.months(later(first, after), YEAR);
    let beside = Truth::clear().and(7, Verdict::Clear, &[]);
    t.check(asked, if after < YEAR { beside } else { Truth::clear() });
}

fn plan(t: &mut Teller) -> Value {
    json!({ "authority": "国家人才计划办（虚构）", "number": format!("虚构-{}", t.rng.u32(..)) })
}

/// Matching funds are meant to be stacked on the plan that they name.
fn matching(t: &mut Teller, named: bool) {
    let day = t.month().first_day();
    t.grant(Draft::of("changning/example-national-award").total(1_000_000));
    let asked = Draft::of("changning/plan-matching").total(300_000).set("date", json!(day));
    if named {
        let plan = plan(t);
        let truth = Truth::clear().and(8, Verdict::Clear, &[]);
        t.check(asked.set("parent_plan", plan), truth);
    } else {
        t.check(asked, Truth::clear().lacking());
    }
}

/// Two districts match one plan of one talent: nobody has written what follows.
fn matched_twice(t: &mut Teller) {
    let (day, plan) = (t.month().first_day(), plan(t));
    let held = Draft::of("changning/plan-matching").total(50_000);
    t.grant(held.set("parent_plan", plan.clone()));
    let asked = Draft::of("qingpu/plan-matching").total(50_000).set("date", json!(day));
    let truth = Truth::clear().and(8, Verdict::Clear, &[]).and(5, Verdict::Refer, &[1]);
    t.check(asked.set("parent_plan", plan).yes(&["parent-plan-awarded"]), truth);
}

fn agreement(number: &str) -> Value {
    json!({ "agreement": number, "funders": [
        { "name": "yangpu", "share_permille": 500 },
        { "name": "jiashan", "share_permille": 500 },
    ] })
}

fn since_yangpu(t: &mut Teller) -> crate::domain::time::Month {
    month(2021, 11).plus(t.rng.i32(0..24))
}

fn shared(first: crate::domain::time::Month) -> Draft {
    Draft::of("yangpu/postdoc-alliance-cofunding").months(first, YEAR).monthly(1_000)
}

/// Shares of one agreement are one design; of two, they are two grants.
fn co_funding(t: &mut Teller, number: Option<&str>) {
    let first = since_yangpu(t);
    let held = Draft::of("jiashan/example-cofunding").months(first, YEAR).monthly(1_000);
    t.grant(held.set("co_funding", agreement("XY-1")));
    let number = number.unwrap_or("XY-1");
    let one = Truth::clear().and(9, Verdict::Clear, &[]);
    let two = one.clone().and(5, Verdict::Refer, &[1]);
    let asked = shared(first).set("co_funding", agreement(number));
    t.check(asked, if number == "XY-1" { one } else { two });
}

fn co_funding_unproven(t: &mut Teller) {
    let first = since_yangpu(t);
    t.check(shared(first), Truth::clear().and(9, Verdict::Refer, &[32]));
}

fn training(t: &mut Teller) {
    let first = since_yangpu(t);
    let asked = Draft::of("yangpu/training-project").months(first, YEAR).monthly(1_000);
    t.check(asked, Truth::clear());
}

#[derive(Clone, Copy)]
enum Money {
    Own,
    Before,
    Reimbursed,
    PartlyPublic,
}

/// Housing help from the employer's own money is no grant; reimbursed from public money it is one.
fn own_money(t: &mut Teller, money: Money) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let asked = housing_rent(first, 3_000);
    if matches!(money, Money::Reimbursed) {
        let asked = asked.yes(&["employer-pays-housing-help"]).no("employer-help-is-own-money");
        return t.check(asked, Truth::clear().and(31, Verdict::Refer, &[]));
    }
    let payers =
        json!([{ "tier": "employer", "payer": "用人单位（虚构）", "share": { "percent": 100 } }]);
    let start = if matches!(money, Money::Before) { first.plus(-12) } else { first };
    let grant = t.grant(industry_rent(start, 3_000).set("payers", payers));
    if matches!(money, Money::PartlyPublic) {
        t.pay(District::Qingpu, &grant, 1, first.last_day());
    }
    let truth = match money {
        Money::Own => Truth::clear().and(31, Verdict::Clear, &[]),
        Money::PartlyPublic => Truth::clear().and(1, Verdict::OneOnly, &[]),
        Money::Before | Money::Reimbursed => Truth::clear(),
    };
    t.check(asked, truth);
}

/// What was paid in the months asked for was for the months before.
fn paid(t: &mut Teller, later_on: bool) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let grant = t.grant(housing_rent(first, 3_000));
    let next = later(first, YEAR);
    let day = if later_on { next.first_day() } else { next.plus(-1).last_day() };
    t.pay(District::Qingpu, &grant, 36_000, day);
    let shown = Truth::clear().and(33, Verdict::Clear, &[]);
    t.check(housing_rent(next, 3_500), if later_on { shown } else { Truth::clear() });
}
