//! Two districts: R05 and what only looks like it, with the joint rule of the prelude.

use serde_json::json;

use super::super::act::Truth;
use super::super::plain::{District, Draft};
use super::super::prelude;
use super::super::teller::{OTHER, Teller, month};
use super::ordinary::scheme;
use super::{Kind, YEAR, housing_rent, kind, later, neighbour_rent};
use crate::domain::funding::finding::Verdict;
use crate::domain::time::Month;

pub(super) const KINDS: &[Kind] = &[
    kind("one-month-overlap", &[5], &[1, 4], |t| overlap(t, 1)),
    kind("one-district-after-the-other", &[], &[5], |t| overlap(t, 0)),
    kind("overlap-asked-by-the-neighbour", &[5], &[1], asked_by_the_neighbour),
    kind("certified-twice-funded-once", &[], &[5, 30], certified_twice),
    kind("other-kind-across", &[], &[5, 7], other_kind),
    kind("open-hold-across", &[5], &[], |t| open_hold(t, 3)),
    kind("open-hold-back-to-back", &[], &[5], |t| open_hold(t, YEAR)),
    kind("joint-rule", &[5], &[1], |t| purchase(t, prelude::joint_rule_from())),
    kind("joint-rule-not-yet", &[5], &[], |t| purchase(t, month(2022, 1))),
    kind("stopped-before-moving", &[], &[5], stopped),
];

/// R05 of a policy of Qingpu: it rests on tax paid here (R25), so both places are asked for.
pub(super) fn refer_qingpu() -> Truth {
    Truth::clear().and(5, Verdict::Refer, &[1]).lacking()
}

fn overlap(t: &mut Teller, shared: u32) {
    let first = t.month();
    let held = neighbour_rent(t, first);
    let (scheme, class) = scheme(held.district);
    t.certify(held.district, scheme, class);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(held);
    let asked = housing_rent(later(first, YEAR - shared), t.up_to(4_000));
    t.check(asked, if shared > 0 { refer_qingpu() } else { Truth::clear() });
}

fn asked_by_the_neighbour(t: &mut Teller) {
    let (first, shared) = (t.month(), t.rng.u32(1..12));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(housing_rent(first, 3_000));
    let asked = neighbour_rent(t, later(first, YEAR - shared));
    t.check(asked, Truth::clear().and(5, Verdict::Refer, &[1]));
}

fn certified_twice(t: &mut Teller) {
    let first = t.month();
    t.certify(District::Jiashan, "jiaxing-talent", "高级");
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let asked = housing_rent(first, t.up_to(4_000));
    t.check(asked, Truth::clear());
}

/// Purchase there, rent here: different kinds.
fn other_kind(t: &mut Teller) {
    let first = t.month();
    t.grant(Draft::of("wujiang/example-purchase").months(first, 120).total(600_000));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let asked = housing_rent(later(first, 6), t.up_to(4_000));
    t.check(asked, Truth::clear());
}

/// Nobody there has decided yet.
fn open_hold(t: &mut Teller, after: u32) {
    let first = t.month();
    let claimed = neighbour_rent(t, first);
    t.hold(claimed);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let truth = Truth::clear();
    let found = truth.clone().and(5, Verdict::Refer, &[1]);
    let asked = housing_rent(later(first, after), t.up_to(4_000));
    t.check(asked, if after < YEAR { found } else { truth });
}

/// Purchase in Wujiang and in Jiashan: one only from the day of the joint rule on.
fn purchase(t: &mut Teller, first: Month) {
    let first = first.plus(t.rng.i32(0..10));
    t.grant(Draft::of("wujiang/example-purchase").months(first, YEAR).total(480_000));
    let asked = Draft::of("jiashan/example-settling").months(first, YEAR).total(240_000);
    let truth = if first >= prelude::joint_rule_from() {
        Truth::clear().and(5, Verdict::OneOnly, &[])
    } else {
        Truth::clear().and(5, Verdict::Refer, &[1])
    };
    t.check(asked, truth);
}

/// The neighbour stopped paying the month before.
fn stopped(t: &mut Teller) {
    let first = t.month();
    let held = neighbour_rent(t, first);
    let district = held.district;
    let grant = t.grant(held);
    t.stop(district, &grant, later(first, 5));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    // Somebody of the same name is still paid there.
    t.name_twin();
    let twin = neighbour_rent(t, first).set("employer", json!(t.other_firm()));
    t.grant_to((OTHER, 0), twin);
    let asked = housing_rent(later(first, 6), t.up_to(4_000));
    t.check(asked, Truth::clear());
}
