//! Points of Qingpu: R12, R18 to R21.

use serde_json::{Value, json};

use super::super::act::Truth;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{TALENT, Teller};
use super::{Kind, YEAR, housing_rent, kind, later, points_rent};
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::MessageType;

pub(super) const KINDS: &[Kind] = &[
    kind("points-below", &[18], &[19], |t| registering(t, 44)),
    kind("points-exactly-forty-five", &[], &[18], |t| registering(t, 45)),
    kind("points-not-selected", &[18], &[14], not_selected),
    kind("points-direct-group", &[18], &[], direct_group),
    kind("points-posts-counted-twice", &[19], &[18], |t| items(t, 60)),
    kind("points-posts-counted-once", &[], &[19], |t| items(t, 46)),
    kind("points-veto", &[19], &[], veto),
    kind("contract-dissolved", &[20], &[], |t| contract(t, Some(true))),
    kind("contract-expired", &[20], &[], |t| contract(t, Some(false))),
    kind("contract-runs", &[], &[20], |t| contract(t, None)),
    kind("class-e-asks-for-points", &[21], &[30], |t| certified(t, "qingpu-housing", "E", false)),
    kind("class-e-ended", &[], &[21], |t| certified(t, "qingpu-housing", "E", true)),
    kind("class-of-another-scheme", &[], &[21], |t| certified(t, "wujiang-example", "C", false)),
    kind("family-owns-a-home", &[12], &[], |t| housed(t, Home::Owned)),
    kind("rents-nearby-for-work", &[12], &[], |t| housed(t, Home::Nearby)),
    kind("owns-a-home-and-asks-for-class-d", &[12], &[], owner_of_class_d),
];

/// Registers the talent with general points, selected in every year of these stories.
pub(super) fn register(t: &mut Teller, general: u32) {
    register_as(t, TALENT, general);
}

pub(super) fn register_as(t: &mut Teller, role: usize, general: u32) {
    let body = registration(general, &json!({}));
    t.record(District::Qingpu, MessageType::Points, (role, 0), body);
}

fn registration(general: u32, more: &Value) -> Value {
    let years: Vec<Value> = (2020..2028)
        .map(|year| json!({ "year": year, "minimum": 46, "selected": true, "tier": 1 }))
        .collect();
    let mut body = json!({
        "validity": { "from": "2018-01-15" },
        "scores": scores(general),
        "veto": false,
        "years": years,
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more.clone());
    }
    body
}

fn scores(general: u32) -> Value {
    json!({ "general": general, "industry": 0, "contribution": 0, "deduction": 0, "total": general })
}

fn record(t: &mut Teller, general: u32, more: &Value) {
    let body = registration(general, more);
    t.record(District::Qingpu, MessageType::Points, (TALENT, 0), body);
}

fn to_register(t: &mut Teller) -> Draft {
    let day = t.january().first_day();
    let draft = Draft::of("qingpu/points-rent/tier-1").set("kind", json!("registration"));
    draft.set("date", json!(day)).yes(&TIED).yes(&["below-high-level-standard"])
}

/// 45 is tested on the general points, not on the total.
fn registering(t: &mut Teller, general: u32) {
    let total = json!({ "general": general, "industry": 10, "contribution": 5, "deduction": 0, "total": general + 15 });
    record(t, general, &json!({ "scores": total }));
    let asked = to_register(t);
    let below = Truth::clear().and(18, Verdict::Ineligible, &[]);
    t.check(asked, if general < 45 { below } else { Truth::clear() });
}

/// Registration is no award: the year's selection decides.
fn not_selected(t: &mut Teller) {
    let first = t.january();
    let years = json!([{ "year": first.year(), "minimum": 60, "selected": false }]);
    record(t, 50, &json!({ "years": years }));
    t.check(points_rent(first), Truth::clear().and(18, Verdict::Ineligible, &[]));
}

fn direct_group(t: &mut Teller) {
    let group = t.rng.u8(1..=5);
    record(t, 45, &json!({ "direct_group": group }));
    let asked = to_register(t);
    t.check(asked, Truth::clear().and(18, Verdict::Clear, &[]));
}

/// Management, professional and skill posts are one item, of which the highest counts.
fn items(t: &mut Teller, stated: u32) {
    let entries = json!([
        { "indicator": "general", "item": "education", "points": 26 },
        { "indicator": "general", "item": "title", "points": 20, "post": "professional" },
        { "indicator": "general", "item": "skill", "points": 14, "post": "skill" },
    ]);
    record(t, stated, &json!({ "entries": entries }));
    let asked = to_register(t);
    let twice = Truth::clear().and(19, Verdict::Refer, &[]);
    t.check(asked, if stated > 46 { twice } else { Truth::clear() });
}

fn veto(t: &mut Teller) {
    record(t, 60, &json!({ "veto": true }));
    let asked = to_register(t);
    t.check(asked, Truth::clear().and(19, Verdict::Refer, &[31]));
}

/// Employment that ended before the year, that ended by expiry, that runs.
fn contract(t: &mut Teller, dissolved: Option<bool>) {
    let first = t.january();
    register(t, 60);
    let region = District::Qingpu.region().to_string();
    let mut work = json!({ "mode": "employment", "region": region, "employer": t.firm() });
    work["validity"] = json!({ "from": "2017-03-01" });
    if let Some(dissolved) = dissolved {
        let day = later(first.plus(-3), t.rng.u32(0..3)).last_day();
        work["validity"] = json!({ "from": "2017-03-01", "until": day });
        work["dissolved"] = json!(dissolved);
    }
    t.record(District::Qingpu, MessageType::Affiliation, (TALENT, 0), work);
    let truth = match dissolved {
        Some(true) => Truth::clear().and(20, Verdict::Lapsed, &[]),
        Some(false) => Truth::clear().and(20, Verdict::Refer, &[23]),
        None => Truth::clear(),
    };
    t.check(points_rent(first), truth);
}

fn certified(t: &mut Teller, scheme: &str, class: &str, ended: bool) {
    let first = t.january();
    register(t, 60);
    let mut more = json!({
        "scheme": scheme,
        "scheme_version": "2020",
        "class": class,
        "basis": { "document": "演示数据", "article": "无" },
    });
    if ended {
        more["validity"] = json!({ "from": "2020-06-15", "until": first.plus(-1).last_day() });
    }
    let by = if scheme == "qingpu-housing" { District::Qingpu } else { District::Wujiang };
    t.record(by, MessageType::Certification, (TALENT, 0), more);
    let high = Truth::clear().and(21, Verdict::Ineligible, &[]);
    let stands = by == District::Qingpu && !ended;
    t.check(points_rent(first), if stands { high } else { Truth::clear() });
}

#[derive(Clone, Copy)]
enum Home {
    Owned,
    Nearby,
}

fn housed(t: &mut Teller, home: Home) {
    let first = t.january();
    register(t, 60);
    let draft = Draft::of("qingpu/points-rent/tier-1").months(first, YEAR).monthly(1_000);
    let draft = draft.yes(&TIED).yes(&["below-high-level-standard"]);
    let (owns_none, rents) = ("family-owns-no-home-in-district", "self-renting-in-district");
    let (draft, truth) = match home {
        Home::Owned => {
            (draft.no(owns_none).yes(&[rents]), Truth::clear().and(12, Verdict::Ineligible, &[]))
        }
        Home::Nearby => (
            draft.yes(&[owns_none, "self-renting-nearby-for-work"]).no(rents),
            Truth::clear().and(12, Verdict::ClearCond, &[]),
        ),
    };
    t.check(draft, truth);
}

/// The sentence on homes stands in the part on points only.
fn owner_of_class_d(t: &mut Teller) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    // Whether the condition binds every rent subsidy is not written.
    let open = Truth::clear().and(12, Verdict::Refer, &[7]);
    t.check(housing_rent(first, 3_500).no("family-owns-no-home-in-district"), open);
}
