//! Written conditions: R25 to R28, R30, R32. Longer than other files: a kind and what only looks like
//! it stand side by side.

use serde_json::{Value, json};

use super::super::act::Truth;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{OTHER, TALENT, Teller, month};
use super::{Kind, YEAR, apartment_cash, housing_rent, kind, later};
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::MessageType;

pub(super) const KINDS: &[Kind] = &[
    kind("tax-moved-away", &[25], &[5], |t| tax(t, Tax::Moved)),
    kind("tax-in-two-places", &[25], &[], |t| tax(t, Tax::Twice)),
    kind("tax-here-all-the-time", &[], &[25], |t| tax(t, Tax::Here)),
    kind("civil-service-like", &[25], &[], civil_service),
    kind("flexible-talent", &[26], &[25], |t| seconded(t, Stay::AllMonths)),
    kind("secondment-ends-early", &[26], &[], |t| seconded(t, Stay::AllButTheLast)),
    kind("secondment-over", &[], &[26], |t| seconded(t, Stay::Before)),
    kind("founder-taken", &[27], &[], |t| founder(t, true)),
    kind("secondment-to-another-district", &[], &[26], |t| seconded(t, Stay::Elsewhere)),
    kind("founder-of-another-firm", &[], &[27], |t| founder(t, false)),
    kind("another-award-in-the-firm", &[], &[27, 6], another_award),
    kind("quota-used-up", &[28], &[], |t| quota(t, Places::None)),
    kind("quota-last-place", &[], &[28], |t| quota(t, Places::One)),
    kind("quota-of-another-firm", &[], &[28], |t| quota(t, Places::OfAnother)),
    kind("quota-of-the-year-before", &[], &[28], |t| quota(t, Places::LastYear)),
    kind("not-newly-introduced", &[30], &[], |t| introduced(t, false)),
    kind("newly-introduced", &[], &[30], |t| introduced(t, true)),
    kind("class-ended", &[], &[21, 30], class_ended),
    kind("class-derived", &[30], &[], class_derived),
    kind("class-letter-of-another-scheme", &[], &[30], other_letter),
    kind("one-year-and-a-day-in-the-district", &[30], &[], |t| top_talent(t, 1)),
    kind("one-year-in-the-district", &[], &[30], |t| top_talent(t, 0)),
    kind("policy-first-day", &[], &[32], first_day),
    kind("policy-spent", &[32], &[], |t| hongkou(t, "2021-01-01", 1)),
    kind("policy-outlived", &[32], &[], |t| hongkou(t, "2020-11-30", YEAR)),
    kind("policy-last-day", &[], &[32], |t| hongkou(t, "2020-12-31", 1)),
];

#[derive(Clone, Copy)]
enum Tax {
    Moved,
    Twice,
    Here,
}

fn place(t: &mut Teller, district: District, mode: &str, validity: &Value) {
    let region = district.region().to_string();
    let body = json!({ "mode": mode, "region": region, "validity": validity });
    t.record(district, MessageType::Affiliation, (TALENT, 0), body);
}

/// Where income tax was paid, month by month, looked at from the last month asked for.
fn tax(t: &mut Teller, tax: Tax) {
    let first = t.month();
    let turn = later(first, t.rng.u32(2..10));
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let stays = json!({ "from": "2020-01-01" });
    let mut here = stays.clone();
    if matches!(tax, Tax::Moved) {
        here["until"] = json!(turn.plus(-1).last_day());
    }
    place(t, District::Qingpu, "income-tax", &here);
    place(t, District::Qingpu, "social-insurance", &stays);
    if !matches!(tax, Tax::Here) {
        place(t, District::Hongkou, "income-tax", &json!({ "from": turn.first_day() }));
    }
    let truth = match tax {
        Tax::Moved => Truth::clear().and(25, Verdict::Ineligible, &[]),
        Tax::Twice => Truth::clear().and(25, Verdict::Refer, &[]),
        Tax::Here => Truth::clear(),
    };
    let asked = Draft::of("qingpu/housing-rent/D").months(first, YEAR).monthly(3_500);
    let asked = asked.set("kind", json!("continuation"));
    let asked = asked.set("date", json!(later(first, YEAR - 1).last_day()));
    t.check(asked.yes(&[TIED[0], TIED[1], TIED[3]]), truth);
}

fn civil_service(t: &mut Teller) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let asked = Draft::of("qingpu/housing-rent/D").months(first, YEAR).monthly(3_500);
    let facts = [TIED[0], TIED[1], TIED[2], TIED[4]];
    let truth = Truth::clear().and(25, Verdict::Ineligible, &[]);
    t.check(asked.yes(&facts).no(TIED[3]), truth);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stay {
    AllMonths,
    AllButTheLast,
    Before,
    Elsewhere,
}

/// 正文 四（一）: a secondment opens the months that it covers; the others need tax and insurance here.
fn seconded(t: &mut Teller, stay: Stay) {
    let first = t.month();
    let (from, until) = match stay {
        Stay::AllMonths | Stay::Elsewhere => (first, later(first, YEAR - 1)),
        Stay::AllButTheLast => (first, later(first, YEAR - 2)),
        Stay::Before => (first.plus(-12), first.plus(-1)),
    };
    let validity = json!({ "from": from.first_day(), "until": until.last_day() });
    let to = if stay == Stay::Elsewhere { District::Hongkou } else { District::Qingpu };
    place(t, to, "secondment", &validity);
    let asked = match stay {
        Stay::AllMonths => Draft::of("qingpu/apartment/cash").months(first, YEAR).monthly(900),
        Stay::AllButTheLast | Stay::Before | Stay::Elsewhere => apartment_cash(first),
    };
    let flexible = Truth::clear().and(26, Verdict::ClearCond, &[]);
    let none = matches!(stay, Stay::Before | Stay::Elsewhere);
    let asked = asked.yes(&["home-in-yangtze-delta"]);
    t.check(asked, if none { Truth::clear() } else { flexible });
}

fn founder(t: &mut Teller, same_firm: bool) {
    let first = t.month();
    let award = || Draft::of("qingpu/agri-founder-award").total(250_000);
    let firm = if same_firm { t.firm() } else { t.other_firm() };
    t.grant_to((OTHER, 0), award().set("employer", firm).set("schedule", json!("once")));
    t.certify(District::Qingpu, "qingpu-agri-founder", "founder");
    let asked = award().set("date", json!(first.first_day())).yes(&TIED[..3]);
    let asked = a_founder(asked);
    let taken = Truth::clear().and(27, Verdict::Ineligible, &[]);
    t.check(asked, if same_firm { taken } else { Truth::clear() });
}

/// Somebody else of the enterprise was awarded for something else.
fn another_award(t: &mut Teller) {
    let first = t.month();
    let other = Draft::of("qingpu/industry-special-contribution").total(50_000);
    let other = other.set("employer", t.firm()).set("schedule", json!("once"));
    t.grant_to((OTHER, 0), other);
    t.certify(District::Qingpu, "qingpu-agri-founder", "founder");
    let asked = a_founder(Draft::of("qingpu/agri-founder-award").total(250_000));
    t.check(asked.set("date", json!(first.first_day())).yes(&TIED[..3]), Truth::clear());
}

/// What 附件3 二（二）3 asks of a founder and the enterprise.
fn a_founder(draft: Draft) -> Draft {
    let draft = draft.yes(&["main-founder", "largest-shareholder"]);
    draft.number("paid-in-cash-fen", 200_000_000, "fen")
}

#[derive(Clone, Copy)]
enum Places {
    None,
    One,
    OfAnother,
    LastYear,
}

/// Five places for the employer in the year.
fn quota(t: &mut Teller, places: Places) {
    let first = t.january();
    let from = if matches!(places, Places::LastYear) { first.plus(-12) } else { first };
    let subject = if matches!(places, Places::OfAnother) { t.other_firm() } else { t.firm() };
    let body = json!({
        "subject": subject,
        "validity": { "from": from.first_day(), "until": from.plus(11).last_day() },
        "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）3" },
        "unit": "persons",
        "limit": 5,
        "used": if matches!(places, Places::One) { 4 } else { 5 },
    });
    t.record(District::Qingpu, MessageType::Quota, (TALENT, 0), body);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let full = Truth::clear().and(28, Verdict::Refer, &[]);
    let none = matches!(places, Places::None);
    t.check(housing_rent(first, 3_500), if none { full } else { Truth::clear() });
}

fn introduced(t: &mut Teller, newly: bool) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-industry", "D");
    let asked = Draft::of("qingpu/industry-rent/D").months(first, YEAR).monthly(3_500);
    let asked = asked.yes(&TIED[..3]);
    if newly {
        t.check(asked.yes(&["newly-introduced"]), Truth::clear());
    } else {
        let truth = Truth::clear().and(30, Verdict::Ineligible, &[]);
        t.check(asked.no("newly-introduced"), truth);
    }
}

/// It ran out the month before: perhaps it was renewed, so it is asked for.
fn class_ended(t: &mut Teller) {
    let first = t.month();
    let more = json!({
        "scheme": "qingpu-housing",
        "scheme_version": "2020",
        "class": "D",
        "basis": { "document": "演示数据", "article": "无" },
        "validity": { "from": "2020-06-15", "until": first.plus(-1).last_day() },
    });
    t.record(District::Qingpu, MessageType::Certification, (TALENT, 0), more);
    t.check(housing_rent(first, 3_500), Truth::clear().lacking());
}

/// 附件4 一（一）4: a full-time master with a senior title, engaged in the district.
fn class_derived(t: &mut Teller) {
    let first = t.month();
    let qualified = |t: &mut Teller, more| {
        t.record(District::Qingpu, MessageType::Qualification, (TALENT, 0), more);
    };
    qualified(
        t,
        json!({ "object": "education", "scheme": "education", "class": "14", "full_time": true }),
    );
    qualified(t, json!({ "object": "title", "scheme": "shanghai-title", "class": "412" }));
    place(t, District::Qingpu, "appointment", &json!({ "from": "2021-01-01" }));
    t.check(housing_rent(first, 3_500), Truth::clear().and(30, Verdict::Clear, &[]));
}

/// D of Annex 2 is not D of Annex 4: the certification is asked for, nothing is refused.
fn other_letter(t: &mut Teller) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-industry", "D");
    t.check(housing_rent(first, 3_500), Truth::clear().lacking());
}

/// 青峰 at recognition: at most one year of work in the district, the last day included.
fn top_talent(t: &mut Teller, late: i64) {
    let start = t.month().first_day();
    let region = District::Qingpu.region().to_string();
    let work = json!({ "mode": "employment", "region": region, "validity": { "from": start } });
    t.record(District::Qingpu, MessageType::Affiliation, (TALENT, 0), work);
    let day = crate::domain::time::Month::of(start).plus(12).first_day();
    let day = if late > 0 { day.tomorrow().unwrap_or(day) } else { day };
    let asked = Draft::of("qingpu/qingfeng-housing-purchase").set("kind", json!("certification"));
    let more = Truth::clear().and(30, Verdict::Ineligible, &[]);
    t.check(asked.set("date", json!(day)), if late > 0 { more } else { Truth::clear() });
}

/// 附件4 四（三）: in force from the day of its promulgation, 1 June 2020.
fn first_day(t: &mut Teller) {
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.check(housing_rent(month(2020, 6), 3_500), Truth::clear());
}

/// Hongkou's plan ends with 2020; whether it is spent, for an application or for months after it, is open.
fn hongkou(t: &mut Teller, day: &str, months: u32) {
    let asked = Draft::of("hongkou/rent").months(month(2020, 12), months).monthly(2_500);
    let in_force = day < "2021-01-01" && months == 1;
    let spent = Truth::clear().and(32, Verdict::Refer, &[27]);
    t.check(asked.set("date", json!(day)), if in_force { Truth::clear() } else { spent });
}
