//! Papers that another district filed than the one whose office gave them, and several records of one
//! certificate.

use serde_json::json;

use super::super::look_up::Stated;
use super::super::plain::District;
use super::super::teller::{Paper, Teller, says};
use super::class::{elsewhere, jiaxing};
use super::{PaperKind, Side, day, kind, moved, occupational, sides, third, title_of};
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("copy-filed-here", filed_here),
    kind("copy-only-declared", declared),
    kind("copy-of-a-revoked-title", |t| of_ended(t, "revoke")),
    kind("copy-of-a-suspended-title", |t| of_ended(t, "suspend")),
    kind("copy-of-a-title-under-objection", of_objected),
    kind("copy-of-another-class", another_class),
    kind("copies-of-two-classes", two_classes),
    kind("copy-beside-a-declared-one", beside_declared),
    kind("copy-of-a-third-district", |t| third_district(t, false)),
    kind("copy-of-a-third-district-that-gives-too", |t| third_district(t, true)),
    kind("copy-of-another-certificate", another_certificate),
    kind("copy-of-a-certification-without-a-number", without_number).after(elsewhere),
];

const FREE: Option<Effect> = Some(Effect::AppointableWithoutReview);

fn numbered(t: &mut Teller, from: Side) -> Paper {
    let paper = title_of(t, from);
    paper.with("certificate", t.certificate(1))
}

fn ask(t: &mut Teller, to: Side, outcome: Outcome, effect: Option<Effect>) {
    let day = day(t);
    t.ask((to.district, "appointment", Some("title")), &day, says(outcome, effect));
}

/// The receiving district saw the certificate, the office that gave it sent nothing.
fn filed_here(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = numbered(t, from);
    t.file(paper.copied_by(to.district));
    moved(t, from, to);
    ask(t, to, Outcome::Recognised, FREE);
}

fn declared(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = numbered(t, from);
    t.file(paper.copied_by(to.district).seen("declared"));
    moved(t, from, to);
    ask(t, to, Outcome::Conditional, FREE);
}

/// No copy outlives its original.
fn of_ended(t: &mut Teller, action: &str) {
    let (from, to) = sides(t);
    let paper = numbered(t, from);
    let original = t.file(paper.clone());
    t.file(paper.copied_by(to.district));
    moved(t, from, to);
    t.revise(&original, action, json!({ "validity": { "from": "2021-11-01" } }));
    ask(t, to, Outcome::NotValid, None);
}

fn of_objected(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = numbered(t, from);
    let original = t.file(paper.clone());
    t.file(paper.copied_by(to.district));
    moved(t, from, to);
    let objection = t.object(from.district, (from.district, "qualification", &original));
    ask(t, to, Outcome::NotValid, None);
    t.take_back(from.district, &objection);
    ask(t, to, Outcome::Recognised, FREE);
}

/// The original counts; the copy that says otherwise is left to a person.
fn another_class(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = numbered(t, from);
    t.file(paper.clone().with("class", json!("420")));
    t.file(paper.copied_by(to.district).with("class", json!("412")));
    moved(t, from, to);
    ask(t, to, Outcome::Recognised, FREE);
}

/// Two copies, two classes, and nobody sent the original.
fn two_classes(t: &mut Teller) {
    let (from, to) = sides(t);
    let other = third(from, to);
    let paper = numbered(t, from);
    t.file(paper.clone().copied_by(to.district).with("class", json!("420")));
    t.file(paper.copied_by(other.district).with("class", json!("412")));
    moved(t, from, to);
    ask(t, to, Outcome::NoRule, None);
}

/// What is only declared puts no checked copy in doubt.
fn beside_declared(t: &mut Teller) {
    let (from, to) = sides(t);
    let other = third(from, to);
    let paper = numbered(t, from);
    t.file(paper.clone().copied_by(to.district).with("class", json!("420")));
    let said = paper.copied_by(other.district).with("class", json!("411"));
    t.file(said.seen("declared"));
    moved(t, from, to);
    ask(t, to, Outcome::Recognised, FREE);
}

/// A copy in the files of neither who gave nor who asks meets no rule, also where rules name both of the
/// others as those who give.
fn third_district(t: &mut Teller, gives_too: bool) {
    let (from, to) = sides(t);
    let other = third(from, to);
    if gives_too {
        let paper = occupational::exam(t, from);
        t.file(paper.copied_by(other.district));
        let day = day(t);
        let asked = (to.district, "appointment", Some("occupational"));
        return t.ask(asked, &day, says(Outcome::NoRule, None));
    }
    let paper = title_of(t, from);
    t.file(paper.copied_by(other.district));
    moved(t, from, to);
    ask(t, to, Outcome::NoRule, None);
}

/// Numbers that differ join nothing: the other certificate was revoked, this one was not.
fn another_certificate(t: &mut Teller) {
    let (from, to) = sides(t);
    let paper = numbered(t, from);
    let revoked = t.file(paper.clone());
    t.revise(&revoked, "revoke", json!({ "validity": { "from": "2021-11-01" } }));
    let copy = paper.copied_by(to.district);
    t.file(copy.with("certificate", t.certificate(2)));
    moved(t, from, to);
    ask(t, to, Outcome::Recognised, FREE);
}

/// A certification is known by its class and first day.
fn without_number(t: &mut Teller) {
    let original = t.file(jiaxing("高端"));
    t.file(jiaxing("高端").copied_by(District::Qingpu));
    let service = |entitled| Some(Stated::Service { entitled, person_decides: false });
    let asked = (District::Qingpu, "medical");
    t.ask_service(asked, "2024-08-01", service(true));
    t.revise(&original, "revoke", json!({ "validity": { "from": "2024-07-01" } }));
    t.ask_service(asked, "2024-08-01", service(false));
}
