//! What reaches more than one talent, so that each story needs an exchange of its own: rulings on open
//! questions, another joint rule, a leaked key, the gateway's clock.

use super::super::act::Truth;
use super::super::plain::{District, Draft};
use super::super::teller::{Teller, month};
use super::across::refer_qingpu;
use super::caps::class_c;
use super::points::register;
use super::{Kind, YEAR, housing_rent, industry_rent, kind, later, neighbour_rent, points_rent};
use crate::domain::funding::finding::Verdict;

pub(super) const KINDS: &[Kind] = &[
    kind("ruled-running-years", &[13], &[], |t| running(t, "running-years", 0)),
    kind("ruled-paid-months", &[], &[13], |t| running(t, "paid-months", 0)),
    kind("ruling-not-yet-in-force", &[13], &[], |t| running(t, "paid-months", 1)),
    kind("ruled-yearly-awards", &[14], &[], |t| awards(t, "yearly-awards")),
    kind("ruled-months-of-points", &[], &[14], |t| awards(t, "months")),
    kind("ruled-shared-cap", &[13], &[], |t| shared(t, "shared")),
    kind("ruled-separate-caps", &[], &[13], |t| shared(t, "separate")),
    kind("joint-rule-allows", &[5], &[], |t| allowed(t, 0)),
    kind("joint-rule-allows-later", &[5], &[], |t| allowed(t, 1)),
    kind("key-leaked", &[5], &[], |t| leaked(t, None)),
    kind("key-of-a-third-district-leaked", &[5], &[], |t| leaked(t, Some(District::Hongkou))),
    kind("hold-expired", &[5], &[], expired),
    kind("rent-before-the-2020-document", &[13], &[], |t| former(t, None)),
    kind("ruled-former-months-count", &[13], &[], |t| former(t, Some("counted"))),
    kind("ruled-former-months-do-not-count", &[], &[13], |t| former(t, Some("not-counted"))),
    kind("purchase-faster-than-ten-years", &[17], &[29], faster),
    kind("purchase-past-ten-years", &[17], &[29], past_ten_years),
    kind("switch-in-the-same-months", &[1], &[], switch_at_once),
];

/// Sixty months, of which some were drawn before June 2020: do they count (Q27)?
fn former(t: &mut Teller, ruled: Option<&str>) {
    let first = month(2019, 6).plus(t.rng.i32(0..12));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(housing_rent(first, 3_000).months(first, 60));
    let asked = later(first, 60);
    if let Some(reading) = ruled {
        t.ruling("Q27", reading, first.first_day());
        // Without gaps the years run as the months do.
        let before = month(2020, 6).since(first).unsigned_abs();
        let asked = housing_rent(asked, 3_500).months(asked, before);
        let capped = Truth::clear().and(13, Verdict::Capped, &[]);
        return t.check(asked, if reading == "counted" { capped } else { Truth::clear() });
    }
    let (before, months) = (month(2020, 6).since(first), t.rng.i32(1..=12));
    let open = Truth::clear().and(13, Verdict::Refer, &[27]);
    let truth = if months > before { open.and(13, Verdict::Capped, &[]) } else { open };
    t.check(housing_rent(asked, 3_500).months(asked, months.unsigned_abs()), truth);
}

/// More in some of the months than a hundred and twentieth of the million in each.
fn faster(t: &mut Teller) {
    let (first, months) = (t.month(), t.rng.u32(1..120));
    let most = 1_000_000 * u64::from(months) / 120;
    let above = t.rng.u64(1..=1_000_000 - most);
    let asked = class_c(t, most + above).months(first, months);
    t.check(asked, Truth::clear().and(17, Verdict::Capped, &[]));
}

/// Months after the hundred and twentieth.
fn past_ten_years(t: &mut Teller) {
    let (first, months) = (t.month(), t.rng.u32(121..=132));
    let asked = class_c(t, 600_000).months(first, months);
    t.check(asked, Truth::clear().and(17, Verdict::Capped, &[]).and(17, Verdict::Clear, &[]));
}

/// The lower benefit was paid for the very months of the higher one: it is taken off, and nothing is open.
fn switch_at_once(t: &mut Teller) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let grant = t.grant(industry_rent(first, 2_000));
    t.pay(District::Qingpu, &grant, 24_000, first.plus(11).last_day());
    t.check(housing_rent(first, 4_000), Truth::clear().and(1, Verdict::OneOnly, &[]));
}

/// Three years, two without, and more: Q03 is settled, from the day of the application or the day
/// after.
fn running(t: &mut Teller, reading: &str, late: i32) {
    let first = month(2020, 6).plus(t.rng.i32(0..6));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(housing_rent(first, 3_000).months(first, 36));
    let asked = later(first, 60);
    let day = if late > 0 { asked.plus(late).first_day() } else { asked.first_day() };
    t.ruling("Q03", reading, day);
    let truth = match (late, reading) {
        (0, "running-years") => Truth::clear().and(13, Verdict::Capped, &[]),
        (0, _) => Truth::clear(),
        _ => Truth::clear().and(13, Verdict::Refer, &[3]),
    };
    t.check(housing_rent(asked, 3_500), truth);
}

/// Half of each of five years: Q04 is settled.
fn awards(t: &mut Teller, reading: &str) {
    let first = month(2021, 1);
    register(t, 60);
    for year in 0..5 {
        let start = later(first, YEAR * year);
        t.grant(points_rent(start).months(start, YEAR / 2));
    }
    t.ruling("Q04", reading, first.first_day());
    let capped = Truth::clear().and(14, Verdict::Capped, &[]);
    let truth = if reading == "months" { Truth::clear() } else { capped };
    t.check(points_rent(later(first, YEAR * 5)), truth);
}

/// Four and a half years of rent after a year of points: Q02 is settled.
fn shared(t: &mut Teller, reading: &str) {
    let first = month(2020, 6);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(points_rent(first));
    let rent = later(first, YEAR);
    t.grant(housing_rent(rent, 3_000).months(rent, 42));
    t.ruling("Q02", reading, first.first_day());
    let capped = Truth::clear().and(13, Verdict::Capped, &[]);
    let truth = if reading == "shared" { capped } else { Truth::clear() };
    t.check(housing_rent(later(rent, 42), 3_500), truth);
}

/// Rent in two districts, which agree that both may be held, from the first day or the day after.
fn allowed(t: &mut Teller, late: i32) {
    let first = t.month();
    t.grant(Draft::of("wujiang/example-rent").months(first, YEAR).monthly(2_500));
    let day = first.plus(late).first_day();
    t.allow([District::Jiashan, District::Wujiang], "rent", day);
    let asked = Draft::of("jiashan/example-rent").months(first, YEAR).monthly(2_000);
    let shown = Truth::clear().and(5, Verdict::Clear, &[]);
    let refer = Truth::clear().and(5, Verdict::Refer, &[1]);
    t.check(asked, if late > 0 { refer } else { shown });
}

/// What a leaked key may have signed leads to REFER, whatever it would else lead to; other districts'
/// messages are not touched by it.
fn leaked(t: &mut Teller, of: Option<District>) {
    let first = t.month();
    let held = neighbour_rent(t, first);
    let there = held.district;
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(held);
    t.leak(of.unwrap_or(there));
    let doubted = Truth::clear().and(5, Verdict::Refer, &[]).lacking();
    let asked = housing_rent(later(first, 3), 3_500);
    t.check(asked, if of.is_some() { refer_qingpu() } else { doubted });
}

/// The time of a neighbour's hold runs out.
fn expired(t: &mut Teller) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let claimed = neighbour_rent(t, first);
    let district = claimed.district;
    let hold = t.hold(claimed);
    let asked = housing_rent(first, 3_500);
    t.check(asked.clone(), Truth::clear().and(5, Verdict::Refer, &[1]));
    t.expire(district, &hold);
    t.check(asked, Truth::clear());
}
