//! 职业资格: certificates of provincial exams, registered or not.

use serde_json::json;

use super::super::teller::{Paper, Teller, says};
use super::{PaperKind, Side, any, day, kind, sides};
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("qualification-not-registered", |t| practice(t, Some(false))),
    kind("qualification-registered", |t| practice(t, Some(true))),
    kind("qualification-registration-unknown", |t| practice(t, None)),
    kind("qualification-for-registration", basis),
    kind("qualification-not-on-the-list", not_listed),
    kind("qualification-of-a-city", of_a_city),
];

/// 国家职业资格目录, as far as provinces run the exams.
pub(super) const EXAMS: [&str; 4] =
    ["二级建造师", "二级造价工程师", "二级注册计量师", "初级注册安全工程师"];

pub(super) fn exam(t: &mut Teller, from: Side) -> Paper {
    let class = any(t, &EXAMS, EXAMS[0]);
    let paper = Paper::of(from.district, "occupational", "national-occupational", class);
    paper.by_office(from.province)
}

fn practice(t: &mut Teller, registered: Option<bool>) {
    let (from, to) = sides(t);
    let mut paper = exam(t, from);
    if let Some(registered) = registered {
        paper = paper.with("registered", json!(registered));
    }
    t.file(paper);
    let stated = match registered {
        Some(true) => says(Outcome::Recognised, Some(Effect::ValidAfterFiling)),
        Some(false) => says(Outcome::Recognised, Some(Effect::ValidDirectly)),
        // Either, once the register has been looked at.
        None => says(Outcome::Conditional, None),
    };
    let day = day(t);
    t.ask((to.district, "practice", Some("occupational")), &day, stated);
}

/// The basis for registration and appointment, registered or not.
fn basis(t: &mut Teller) {
    let (from, to) = sides(t);
    let (paper, registered) = (exam(t, from), t.rng.bool());
    t.file(paper.with("registered", json!(registered)));
    let (day, purpose) = (day(t), any(t, &["registration", "appointment"], "registration"));
    let stated = says(Outcome::Recognised, Some(Effect::ValidDirectly));
    t.ask((to.district, purpose, Some("occupational")), &day, stated);
}

/// 一级: an exam of the state, which the measure does not speak of.
fn not_listed(t: &mut Teller) {
    let (from, to) = sides(t);
    let class = any(t, &["一级建造师", "一级造价工程师", "注册会计师"], "一级建造师");
    let paper = Paper::of(from.district, "occupational", "national-occupational", class);
    t.file(paper.by_office(from.province));
    ask(t, to);
}

/// Decided below the province, which runs no such exam.
fn of_a_city(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = exam(t, from);
    t.file(paper.by_office(&from.district.region().to_string()));
    ask(t, to);
}

fn ask(t: &mut Teller, to: Side) {
    let (day, purpose) = (day(t), any(t, &["practice", "registration"], "practice"));
    t.ask((to.district, purpose, Some("occupational")), &day, says(Outcome::NoRule, None));
}
