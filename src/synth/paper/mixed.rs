//! Papers drawn at random: any object, any office, any life, copies, ties and facts, and questions about
//! one object or all. The truth is derived alone.

use serde_json::json;

use super::super::plain::District;
use super::super::teller::{Paper, Teller};
use super::{SIDES, Side, any, class, day, hours, occupational, permit, sides, title_of};

const PURPOSES: [&str; 12] = [
    "registration",
    "practice",
    "appointment",
    "title-review",
    "evaluation",
    "selection",
    "work",
    "employer-change",
    "housing",
    "points",
    "service",
    "funding",
];
const OBJECTS: [&str; 7] = [
    "certification",
    "occupational",
    "title",
    "skill",
    "education-hours",
    "work-permit",
    "education",
];

pub(super) fn mixed(t: &mut Teller) {
    let (from, to) = sides(t);
    for n in 0..t.rng.usize(2..=5) {
        let side = if t.rng.u8(0..4) == 0 { any(t, &SIDES, from) } else { from };
        let paper = drawn(t, side);
        // Some share a number.
        let number = t.rng.usize(0..2) + n / 2;
        let numbered = paper.with("certificate", t.certificate(number));
        live(t, side, numbered, to);
    }
    if t.rng.u8(0..3) > 0 {
        let knows = any(t, &[to, to, from], to).district;
        t.file(Paper::tie(knows, "employment", to.district));
    }
    if t.rng.u8(0..3) > 0 {
        let meets = t.rng.u8(0..5) > 0;
        t.file(Paper::fact(from.district, "title-meets-national-standard", meets));
    }
    if t.rng.bool() {
        let left = t.rng.bool();
        t.file(Paper::fact(from.district, "left-china-since-permit", left));
    }
    questions(t, to);
}

fn drawn(t: &mut Teller, side: Side) -> Paper {
    match t.rng.u8(0..7) {
        0 => occupational::exam(t, side).with("registered", json!(t.rng.bool())),
        1 => {
            let year = t.rng.u16(2021..=2025);
            hours::hours(t, side, year)
        }
        2 => {
            let class = any(t, &["A", "A", "B"], "A");
            let until = any(t, &["2025-12-31", "2026-03-01", "2027-06-30"], "2025-12-31");
            permit::permit(t, side, class, Some(until))
        }
        3 => {
            let class = any(t, &["一级", "三级"], "一级");
            let paper = Paper::of(side.district, "skill", "skill-level-five", class);
            paper.by_office(side.province)
        }
        4 => {
            let class = any(t, &["11", "12", "21", "23", "31"], "21");
            let paper = Paper::of(side.district, "education", "education-gbt4658", class);
            paper.by_office(side.province).with("full_time", json!(t.rng.bool()))
        }
        5 => class::jiaxing(any(t, &["顶尖", "高端", "高级", "基础"], "高级")),
        _ => title_of(t, side),
    }
}

/// Filed first-hand or as a copy or both, and what became of it.
fn live(t: &mut Teller, side: Side, paper: Paper, to: Side) {
    let copied = t.rng.u8(0..3) == 0 && side.district != to.district;
    if copied {
        t.file(paper.clone().copied_by(to.district));
    }
    if copied && t.rng.bool() {
        return;
    }
    let level = any(t, &["issued", "issued", "issued", "verified-at-source", "declared"], "issued");
    let record = t.file(paper.seen(level));
    let at = |from: &str| json!({ "validity": { "from": from } });
    match t.rng.u8(0..10) {
        0 => t.revise(&record, "suspend", at("2023-05-01")),
        1 => t.revise(&record, "revoke", at("2024-02-15")),
        2 => {
            t.revise(&record, "suspend", at("2022-09-01"));
            t.revise(&record, "revoke", at("2024-08-01"));
        }
        _ => {}
    }
}

fn questions(t: &mut Teller, to: Side) {
    for _ in 0..2 {
        let (day, purpose) = (day(t), any(t, &PURPOSES, "appointment"));
        let object = any(t, &OBJECTS, "title");
        let object = t.rng.bool().then_some(object);
        let at = any(t, &SIDES, to);
        let at = if t.rng.u8(0..4) > 0 { to } else { at };
        t.ask((at.district, purpose, object), &day, None);
    }
    let services = ["medical", "education", "talent-apartment", "public-training", "sports"];
    let service = any(t, &services, "medical");
    let at = any(t, &[to.district, to.district, District::Changning], to.district);
    let day = day(t);
    t.ask_service((at, service), &day, None);
}
