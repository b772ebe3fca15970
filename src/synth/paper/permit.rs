//! 外国人工作许可: A permits of at most five years, and a change of employer.

use serde_json::json;

use super::super::number::Draw;
use super::super::person::PlainDocument;
use super::super::teller::{Paper, Teller, says};
use super::{PaperKind, Side, any, kind, sides};
use crate::domain::id::DocumentType;
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("permit-of-five-years", |t| term(t, Some("2026-03-01"), Outcome::Recognised, PERMIT))
        .after(foreigner),
    kind("permit-of-five-years-and-a-day", |t| {
        term(t, Some("2026-03-02"), Outcome::Conditional, None);
    })
    .after(foreigner),
    kind("permit-without-end", |t| term(t, None, Outcome::Conditional, PERMIT)).after(foreigner),
    kind("permit-put-off", put_off).after(foreigner),
    kind("permit-suspended-and-reinstated", reinstated).after(foreigner),
    kind("permit-of-class-b", class_b).after(foreigner),
    kind("permit-change-of-employer", |t| employer(t, Some(false))).after(foreigner),
    kind("permit-change-after-leaving", |t| employer(t, Some(true))).after(foreigner),
    kind("permit-change-unproven", |t| employer(t, None)).after(foreigner),
    kind("permit-before-the-measure", before).after(foreigner),
];

const PERMIT: Option<Effect> = Some(Effect::PermitValid);
const FROM: &str = "2021-03-01";
const WITHIN: &str = "2024-06-15";

/// A permanent resident card of either form.
pub(super) fn foreigner(t: &mut Teller) {
    let draw: Draw = t.draw();
    let number = match draw.value % 2 {
        0 => draw.permanent_new("31", "124"),
        _ => draw.permanent_old("CAN", "3100"),
    };
    t.documents(vec![PlainDocument::new(DocumentType::PermanentResident, number)]);
}

pub(super) fn permit(t: &mut Teller, from: Side, class: &str, until: Option<&str>) -> Paper {
    let office = from.district.region().to_string();
    let office = any(t, &[from.province, office.as_str()], from.province).to_owned();
    let paper = Paper::of(from.district, "work-permit", "foreign-work-permit", class);
    paper.by_office(&office).valid(FROM, until)
}

fn ask(t: &mut Teller, to: Side, purpose: &str, outcome: Outcome, effect: Option<Effect>) {
    t.ask((to.district, purpose, Some("work-permit")), WITHIN, says(outcome, effect));
}

/// The first day does not count; what lasts longer data refute, and a person looks. An end that nobody
/// entered is to be asked for.
fn term(t: &mut Teller, until: Option<&str>, outcome: Outcome, effect: Option<Effect>) {
    let (from, to) = sides(t);
    let paper = permit(t, from, "A", until);
    t.file(paper);
    ask(t, to, "work", outcome, effect);
}

/// Put off once, each term is short enough and both together are not: open.
fn put_off(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = permit(t, from, "A", Some("2024-02-29"));
    let id = t.file(paper);
    let validity = json!({ "from": "2024-03-01", "until": "2027-02-28" });
    t.revise(&id, "amend", json!({ "validity": validity }));
    ask(t, to, "work", Outcome::Conditional, PERMIT);
}

/// A suspension begins no new term.
fn reinstated(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = permit(t, from, "A", Some("2026-02-28"));
    let id = t.file(paper);
    t.revise(&id, "suspend", json!({ "validity": { "from": "2023-01-10" } }));
    let again = json!({ "from": "2023-05-10", "until": "2026-02-28" });
    t.revise(&id, "reinstate", json!({ "validity": again }));
    let asked = (to.district, "work", Some("work-permit"));
    t.ask(asked, "2023-03-01", says(Outcome::NotValid, None));
    ask(t, to, "work", Outcome::Recognised, PERMIT);
}

fn class_b(t: &mut Teller) {
    let (from, to) = sides(t);
    let class = any(t, &["B", "C"], "B");
    let paper = permit(t, from, class, Some("2026-02-28"));
    t.file(paper);
    ask(t, to, "work", Outcome::NoRule, None);
}

fn employer(t: &mut Teller, left: Option<bool>) {
    let (from, to) = sides(t);
    let paper = permit(t, from, "A", Some("2025-02-28"));
    t.file(paper);
    if let Some(left) = left {
        let by = if t.rng.bool() { from } else { to };
        t.file(Paper::fact(by.district, "left-china-since-permit", left));
    }
    let (outcome, effect) = match left {
        Some(false) => (Outcome::Recognised, PERMIT),
        Some(true) => (Outcome::Conditional, None),
        None => (Outcome::Conditional, PERMIT),
    };
    ask(t, to, "employer-change", outcome, effect);
}

/// The day before the measure, and its first.
fn before(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = permit(t, from, "A", None);
    t.file(paper.valid("2020-01-01", Some("2024-12-31")));
    let asked = (to.district, "work", Some("work-permit"));
    t.ask(asked, "2020-08-31", says(Outcome::NoRule, None));
    t.ask(asked, "2020-09-01", says(Outcome::Recognised, PERMIT));
}
