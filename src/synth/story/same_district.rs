//! One district twice: R01 to R04, R10, R34, and what only looks like them.

use serde_json::json;

use super::super::act::Truth;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{TALENT, Teller, month};
use super::{
    Kind, YEAR, apartment, apartment_cash, housing_rent, industry_rent, kind, later, points_rent,
};
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::MessageType;
use crate::domain::time::Month;

pub(super) const KINDS: &[Kind] = &[
    kind("same-kind-twice", &[1], &[2, 4], |t| same_kind(t, 6)),
    kind("same-kind-months-apart", &[], &[1], |t| same_kind(t, YEAR)),
    kind("switch-to-the-higher", &[1], &[7], switch),
    kind("cash-during-purchase", &[2], &[1, 3], |t| cash_during_purchase(t, false)),
    kind("cash-after-purchase-stopped", &[], &[2, 3], |t| cash_during_purchase(t, true)),
    kind("discounted-apartment", &[3], &[2], |t| apartment_and_rent(t, 5)),
    kind("apartment-after-rent", &[], &[2, 3], |t| apartment_and_rent(t, YEAR)),
    kind("apartment-with-points", &[3], &[2], apartment_and_points),
    kind("changning-twice", &[4], &[1, 34], |t| changning(t, true)),
    kind("changning-other-kind", &[], &[4, 7], |t| changning(t, false)),
    kind("city-grant-held", &[10], &[1, 4], |t| city(t, 0)),
    kind("city-grant-ended", &[], &[10], |t| city(t, YEAR)),
    kind("cash-and-apartment", &[34], &[4], |t| cash_and_flat(t, District::Changning, 0)),
    kind("moved-out-the-month-before", &[], &[34], |t| cash_and_flat(t, District::Changning, YEAR)),
    kind("apartment-of-another-district", &[], &[34], |t| cash_and_flat(t, District::Yangpu, 0)),
];

/// Rent of Annex 2, then of Annex 4.
fn same_kind(t: &mut Teller, after: u32) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(industry_rent(first, 4_000));
    let asked = housing_rent(later(first, after), t.up_to(4_000));
    let both = Truth::clear().and(1, Verdict::OneOnly, &[]);
    t.check(asked, if after < YEAR { both } else { Truth::clear() });
}

/// The higher one takes over, a month later, from one on which money was paid for some month: set-off is not
/// written.
fn switch(t: &mut Teller) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let grant = t.grant(industry_rent(first, 2_000));
    t.pay(District::Qingpu, &grant, 2_000, first.last_day());
    let truth = Truth::clear().and(1, Verdict::OneOnly, &[]).and(1, Verdict::Refer, &[14]);
    t.check(housing_rent(later(first, 1), 4_000), truth);
}

/// The purchase subsidy runs for ten years, whenever it was decided, unless it was stopped.
fn cash_during_purchase(t: &mut Teller, stopped: bool) {
    let (first, run) = (t.month(), t.rng.u32(12..48));
    t.certify(District::Qingpu, "qingpu-housing", "C");
    // Divisible by 120, so that no rounding (Q22) enters.
    let purchase = Draft::of("qingpu/housing-purchase/C").months(first, 120).total(600_000);
    let grant = t.grant(purchase);
    if stopped {
        t.stop(District::Qingpu, &grant, later(first, run).plus(-1));
    }
    let both = Truth::clear().and(2, Verdict::OneOnly, &[]);
    t.check(apartment_cash(later(first, run)), if stopped { Truth::clear() } else { both });
}

/// With a rent subsidy one may move in, on condition that there is no discount.
fn apartment_and_rent(t: &mut Teller, after: u32) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(housing_rent(first, 3_000));
    let condition = Truth::clear().and(3, Verdict::ClearCond, &[]);
    t.check(apartment(later(first, after)), if after < YEAR { condition } else { Truth::clear() });
}

/// Whether the exception covers points rent is open.
fn apartment_and_points(t: &mut Teller) {
    let first = t.january();
    t.grant(points_rent(first));
    t.check(apartment(later(first, 2)), Truth::clear().and(3, Verdict::Refer, &[5]));
}

/// A first month under the returnee policy of Changning, which is of April 2024.
pub(super) fn since_returnees(t: &mut Teller) -> Month {
    month(2024, 5).plus(t.rng.i32(0..12))
}

fn changning(t: &mut Teller, alike: bool) {
    let first = since_returnees(t);
    let held = if alike {
        "changning/returnee-apartment-rent"
    } else {
        "changning/key-industry-incentive"
    };
    t.grant(Draft::of(held).months(first, YEAR).monthly(3_000));
    let asked = Draft::of("changning/rent-cash-or-apartment").months(first, YEAR);
    let both = Truth::clear().and(4, Verdict::OneOnly, &[]);
    let asked = asked.monthly(t.up_to(3_000));
    t.check(asked, if alike { both } else { Truth::clear() });
}

/// A city's rent subsidy, paid out by Changning: the district's yields where they conflict.
fn city(t: &mut Teller, after: u32) {
    let first = t.month();
    t.grant(Draft::of("changning/example-city-rent").months(first, YEAR).monthly(3_000));
    let asked = Draft::of("changning/rent-cash-or-apartment").months(later(first, after), YEAR);
    let yields = Truth::clear().and(10, Verdict::ClearCond, &[]);
    t.check(asked.monthly(2_500), if after < YEAR { yields } else { Truth::clear() });
}

/// 货币化租房补贴，或推荐轮候入住人才公寓, of one district.
fn cash_and_flat(t: &mut Teller, lets: District, after: u32) {
    let first = t.month();
    let last = later(first, YEAR - 1).last_day();
    let flat = json!({
        "kind": "talent-apartment",
        "discount_percent": 0,
        "validity": { "from": first.first_day(), "until": last },
    });
    t.record(lets, MessageType::Occupancy, (TALENT, 0), flat);
    let asked = Draft::of("changning/rent-cash-or-apartment").months(later(first, after), YEAR);
    let open = Truth::clear().and(34, Verdict::Refer, &[13]);
    let here = lets == District::Changning && after < YEAR;
    t.check(asked.monthly(2_500).yes(&TIED[..1]), if here { open } else { Truth::clear() });
}
