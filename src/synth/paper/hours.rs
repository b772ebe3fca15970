//! 继续教育学时: hours of several years, 公需 and 专业, and certificates that two districts hold.

use serde_json::json;

use super::super::teller::{Paper, Teller, says};
use super::{PaperKind, Side, any, kind, sides};
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("hours-of-several-years", several_years),
    kind("hours-counted-once", counted_once),
    kind("hours-that-copies-state-differently", copies_differ),
    kind("hours-only-declared", declared),
    kind("hours-of-one-number-in-two-provinces", two_provinces),
    kind("hours-of-the-own-province", own),
    kind("hours-for-another-purpose", other_purpose),
];

const COUNT: Option<Effect> = Some(Effect::HoursAccumulate);
const ASKED_ON: &str = "2025-12-31";

/// Hours of a year that a side entered; decimal hours are tenths.
pub(super) fn hours(t: &mut Teller, from: Side, year: u16) -> Paper {
    let (general, professional) = (t.rng.u32(0..400), t.rng.u32(100..900));
    let paper = Paper::of(from.district, "education-hours", from.hours, "continuing-education");
    let paper = paper.by_office(from.province).valid(&format!("{year}-12-01"), None);
    paper.with("hours", tenths(year, general, professional))
}

fn tenths(year: u16, general: u32, professional: u32) -> serde_json::Value {
    json!({ "year": year, "general_tenths": general, "professional_tenths": professional })
}

fn ask(t: &mut Teller, to: Side, outcome: Outcome, effect: Option<Effect>) {
    let purposes = ["evaluation", "title-review", "appointment", "selection", "registration"];
    let purpose = any(t, &purposes, "evaluation");
    let asked = (to.district, purpose, Some("education-hours"));
    t.ask(asked, ASKED_ON, says(outcome, effect));
}

fn several_years(t: &mut Teller) {
    let (from, to) = sides(t);
    for year in 2021..=2024 {
        let paper = hours(t, from, year);
        t.file(paper);
        // What the receiving district counted itself stands beside it.
        let own = hours(t, to, year);
        if t.rng.bool() {
            t.file(own);
        }
    }
    ask(t, to, Outcome::Recognised, COUNT);
}

fn counted_once(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = hours(t, from, 2023).with("certificate", t.certificate(1));
    t.file(paper.clone());
    t.file(paper.clone().copied_by(to.district));
    // One booklet holds many years.
    let next = hours(t, from, 2024).with("certificate", t.certificate(1));
    t.file(next);
    ask(t, to, Outcome::Recognised, COUNT);
}

fn copies_differ(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = hours(t, from, 2023).with("certificate", t.certificate(1));
    let paper = paper.with("hours", tenths(2023, 100, 600));
    t.file(paper.clone());
    t.file(paper.copied_by(to.district).with("hours", tenths(2023, 300, 500)));
    ask(t, to, Outcome::Conditional, COUNT);
}

fn declared(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = hours(t, from, 2024);
    t.file(paper.seen("declared"));
    ask(t, to, Outcome::Conditional, COUNT);
}

/// Each province numbers for itself: one number, two certificates.
fn two_provinces(t: &mut Teller) {
    let (from, to) = sides(t);
    let other = super::third(from, to);
    for side in [from, other] {
        let paper = hours(t, side, 2023).with("certificate", t.certificate(1));
        t.file(paper);
    }
    ask(t, to, Outcome::Recognised, COUNT);
}

fn own(t: &mut Teller) {
    let (_, to) = sides(t);
    let paper = hours(t, to, 2023);
    t.file(paper);
    ask(t, to, Outcome::NoRule, None);
}

fn other_purpose(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = hours(t, from, 2022);
    t.file(paper);
    let purpose = any(t, &["practice", "housing", "points"], "practice");
    let asked = (to.district, purpose, Some("education-hours"));
    t.ask(asked, ASKED_ON, says(Outcome::NoRule, None));
}
