//! Caps on months and money: R13 to R17, R29, at and beside the limit.

use serde_json::json;

use super::super::act::Truth;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{OTHER, TALENT, Teller, month};
use super::same_district::since_returnees;
use super::{Kind, YEAR, apartment, housing_rent, kind, later, points_rent};
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::MessageType;

pub(super) const KINDS: &[Kind] = &[
    kind("rent-cap-nearly-used", &[13], &[], |t| rent(t, false)),
    kind("rent-cap-exactly-used", &[], &[13], |t| rent(t, true)),
    kind("rent-cap-with-a-gap", &[13], &[], rent_with_gap),
    kind("rent-months-elsewhere", &[], &[13, 5], rent_elsewhere),
    kind("points-years-used", &[14], &[13], |t| points_years(t, 5, 12)),
    kind("points-fifth-year", &[], &[14], |t| points_years(t, 4, 12)),
    kind("points-part-years", &[14], &[], |t| points_years(t, 5, 6)),
    kind("apartment-cap-nearly-used", &[15], &[], |t| flat(t, Flat::Discount)),
    kind("apartment-cap-exactly-used", &[], &[15], |t| flat(t, Flat::AtTheCap)),
    kind("apartment-at-full-rent", &[15], &[], |t| flat(t, Flat::FullRent)),
    kind("apartment-months-elsewhere", &[], &[15], |t| flat(t, Flat::Elsewhere)),
    kind("returnee-months-of-a-namesake", &[], &[16], returnee_namesake),
    kind("returnee-above-cap", &[16], &[29], returnee_above),
    kind("returnee-at-cap", &[], &[16, 29], returnee_at),
    kind("returnee-months-used", &[16], &[4], returnee_used),
    kind("purchase-in-instalments", &[17], &[29], |t| purchase(t, 1_000_000)),
    kind("purchase-above-cap", &[17, 29], &[], |t| purchase(t, 1_200_000)),
    kind("purchase-paid-at-once", &[], &[17], paid_at_once),
    kind("purchase-of-another-district", &[], &[17, 29], purchase_elsewhere),
    kind("rent-above-cap", &[29], &[13], rent_above),
    kind("case-by-case", &[17, 29], &[], case_by_case),
];

/// Months without a gap, so "five years" and "sixty months" (Q03) agree.
fn rent(t: &mut Teller, exactly: bool) {
    let first = month(2020, 7).plus(t.rng.i32(0..12));
    let used = if exactly { 48 } else { t.rng.u32(49..60) };
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(housing_rent(first, 3_000).months(first, used));
    let asked = housing_rent(later(first, used), t.up_to(4_000));
    let capped = Truth::clear().and(13, Verdict::Capped, &[]);
    t.check(asked, if exactly { Truth::clear() } else { capped });
}

/// Three years, two years without, and more: running years have ended, paid months have not.
fn rent_with_gap(t: &mut Teller) {
    let first = month(2020, 6).plus(t.rng.i32(0..6));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(housing_rent(first, 3_000).months(first, 36));
    let asked = housing_rent(later(first, 60), 3_500);
    t.check(asked, Truth::clear().and(13, Verdict::Refer, &[3]));
}

/// 本区: five years in another district count for nothing here.
fn rent_elsewhere(t: &mut Teller) {
    let first = month(2018, 1).plus(t.rng.i32(0..12));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.grant(Draft::of("jiashan/example-rent").months(first, 60).monthly(2_000));
    t.check(housing_rent(later(first, 60), 3_500), Truth::clear());
}

/// Awards of `months` in each of `years` years, and another one: five awards or sixty months (Q04)?
fn points_years(t: &mut Teller, years: u32, months: u32) {
    let first = month(2021, 1);
    super::points::register(t, 60);
    for year in 0..years {
        let start = later(first, YEAR * year);
        t.grant(points_rent(start).months(start, months).set("beneficiary", json!("person")));
    }
    let truth = match (years, months) {
        (5, 12) => Truth::clear().and(14, Verdict::Capped, &[]),
        (5, _) => Truth::clear().and(14, Verdict::Refer, &[4]),
        _ => Truth::clear(),
    };
    t.check(points_rent(later(first, YEAR * years)), truth);
}

#[derive(Clone, Copy)]
enum Flat {
    Discount,
    AtTheCap,
    FullRent,
    Elsewhere,
}

/// Months with discount count on every reading, months at full rent on one (Q19).
fn flat(t: &mut Teller, flat: Flat) {
    let first = month(2020, 6);
    let used = if matches!(flat, Flat::AtTheCap) { 60 } else { t.rng.u32(61..=66) };
    let discount = if matches!(flat, Flat::FullRent) { 0 } else { 20 };
    let stay = json!({
        "kind": "talent-apartment",
        "discount_percent": discount,
        "validity": { "from": first.first_day(), "until": later(first, used - 1).last_day() },
    });
    let lets = if matches!(flat, Flat::Elsewhere) { District::Changning } else { District::Qingpu };
    t.record(lets, MessageType::Occupancy, (TALENT, 0), stay);
    let truth = match flat {
        Flat::Discount => Truth::clear().and(15, Verdict::Capped, &[]),
        Flat::AtTheCap | Flat::Elsewhere => Truth::clear(),
        Flat::FullRent => Truth::clear().and(15, Verdict::Refer, &[19]),
    };
    t.check(apartment(later(first, used)), truth);
}

const RETURNEE: &str = "changning/returnee-apartment-rent";

fn returnee(t: &mut Teller) {
    let more = json!({
        "scheme": "changning-returnee",
        "scheme_version": "2024",
        "class": "returnee",
        "basis": { "document": "演示数据", "article": "无" },
        "validity": { "from": "2024-04-29" },
    });
    t.record(District::Changning, MessageType::Certification, (TALENT, 0), more);
}

/// Twelve months of more than 3,750 yuan.
fn returnee_above(t: &mut Teller) {
    let (first, yuan) = (since_returnees(t), 100 * t.rng.u64(38..=50));
    returnee(t);
    let asked = Draft::of(RETURNEE).months(first, YEAR).monthly(yuan);
    t.check(asked, Truth::clear().and(16, Verdict::Capped, &[]));
}

fn returnee_at(t: &mut Teller) {
    let first = since_returnees(t);
    returnee(t);
    let (months, yuan) = if t.rng.bool() { (12, 3_750) } else { (10, 4_500) };
    t.check(Draft::of(RETURNEE).months(first, months).monthly(yuan), Truth::clear());
}

/// Half of the twelve months were drawn before.
fn returnee_used(t: &mut Teller) {
    let first = since_returnees(t);
    returnee(t);
    t.grant(Draft::of(RETURNEE).months(first, 6).monthly(3_000));
    let asked = Draft::of(RETURNEE).months(later(first, 6), YEAR).monthly(3_000);
    // The months beyond are capped; whether one may come a second time for the rest is not written.
    t.check(asked, Truth::clear().and(16, Verdict::Capped, &[]).and(16, Verdict::Refer, &[21]));
}

/// Somebody of the same name has drawn all twelve months.
fn returnee_namesake(t: &mut Teller) {
    t.name_twin();
    let first = since_returnees(t);
    let firm = t.other_firm();
    let drawn = Draft::of(RETURNEE).months(first.plus(-12), YEAR).monthly(3_750);
    t.grant_to((OTHER, 0), drawn.set("employer", firm));
    returnee(t);
    t.check(Draft::of(RETURNEE).months(first, YEAR).monthly(3_750), Truth::clear());
}

/// Ten years are Qingpu's alone.
fn purchase_elsewhere(t: &mut Teller) {
    let first = t.month();
    let asked = Draft::of("wujiang/example-purchase").months(first, YEAR).total(480_000);
    t.check(asked, Truth::clear());
}

/// Of class C, asking for a purchase subsidy.
pub(super) fn class_c(t: &mut Teller, yuan: u64) -> Draft {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "C");
    let draft = Draft::of("qingpu/housing-purchase/C").set("date", json!(first.first_day()));
    draft.total(yuan).yes(&TIED)
}

fn purchase(t: &mut Teller, yuan: u64) {
    let asked = class_c(t, yuan);
    let instalments = Truth::clear().and(17, Verdict::Clear, &[]);
    let above = instalments.clone().and(29, Verdict::Capped, &[]);
    t.check(asked, if yuan > 1_000_000 { above } else { instalments });
}

/// The leader of an agricultural team gets a purchase subsidy too; no ten years are written there.
fn paid_at_once(t: &mut Teller) {
    let day = t.month().first_day();
    t.certify(District::Qingpu, "qingpu-agri-team", "C");
    let asked = Draft::of("qingpu/agri-leader-housing-purchase/C").set("date", json!(day));
    t.check(asked.total(300_000).yes(&TIED[..3]), Truth::clear());
}

fn rent_above(t: &mut Teller) {
    let (first, yuan) = (t.month(), 4_000 + 100 * t.rng.u64(1..=9));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.check(housing_rent(first, yuan), Truth::clear().and(29, Verdict::Capped, &[]));
}

/// Annex 4 knows no 一事一议: a decision under Annex 1 does not lift its cap.
fn case_by_case(t: &mut Teller) {
    let basis = json!({ "document": "qingpu-2020-88", "article": "附件1 三（二）" });
    let asked = class_c(t, 2_400_000).set("case_by_case", basis);
    let truth = Truth::clear().and(17, Verdict::Clear, &[]).and(29, Verdict::Capped, &[]);
    t.check(asked, truth);
}
