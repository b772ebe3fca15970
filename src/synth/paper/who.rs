//! Whose papers they are: documents of every kind (standards.md §2), one person under two numbers, namesakes.

use serde_json::{Value, json};

use super::super::person::{PlainDocument, PlainPassport, hong_kong_pair};
use super::super::plain::District;
use super::super::teller::{OTHER, TALENT, Teller, says};
use super::{PaperKind, SIDES, day, kind, moved, permit, sides, title_of};
use crate::domain::id::DocumentType;
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("officer-card", |t| under(t, 0, true)).after(|t| t.documents(vec![officer(t)])),
    kind("officer-card-not-linked", |t| under(t, 1, false)).after(officer_and_resident),
    kind("officer-card-linked", linked).after(officer_and_resident).linked(),
    kind("number-of-fifteen-digits-in-one-district", |t| under(t, 1, true)).after(fifteen_digits),
    kind("number-typed-in-full-width", |t| under(t, 1, true)).after(full_width),
    kind("travel-permit-issued-again", |t| under(t, 1, true)).after(issued_again),
    kind("travel-and-residence-permit-linked", linked).after(hong_kong).linked(),
    kind("passport-in-two-districts", two_districts).after(|t| t.documents(vec![passport(t)])),
    kind("passport-and-residence-card-linked", card).after(passport_and_card).linked(),
    kind("title-of-a-namesake", namesake),
    kind("nothing-filed", nothing),
];

fn resident(number: String) -> PlainDocument {
    PlainDocument::new(DocumentType::ResidentId, number)
}

/// 军官证, as printed.
fn officer(t: &Teller) -> PlainDocument {
    PlainDocument::new(DocumentType::OfficerCard, t.draw().officer())
}

fn passport(t: &Teller) -> PlainDocument {
    let draw = t.draw();
    let mut document = PlainDocument::new(DocumentType::Passport, draw.passport('P'));
    let latin_name = "XU CESHI".to_owned();
    document.passport = Some(PlainPassport { nationality: "CAN", birth: draw.birth, latin_name });
    document
}

fn number(t: &Teller) -> String {
    t.draw().resident(&District::Qingpu.region().to_string())
}

/// Lives in Qingpu, whose files hold the first document.
fn officer_and_resident(t: &mut Teller) {
    t.settle(District::Qingpu);
    t.documents(vec![resident(number(t)), officer(t)]);
}

fn hong_kong(t: &mut Teller) {
    t.settle(District::Qingpu);
    t.documents(hong_kong_pair(t.draw()));
}

fn passport_and_card(t: &mut Teller) {
    t.settle(District::Qingpu);
    let card = t.draw().permanent_new("31", "124");
    let card = PlainDocument::new(DocumentType::PermanentResident, card);
    t.documents(vec![card, passport(t)]);
}

/// 18 digits here, 15 in the files of another district; who was born later has 18 in both.
fn fifteen_digits(t: &mut Teller) {
    let now = number(t);
    let old = t.draw().resident_old(&District::Qingpu.region().to_string());
    t.documents(vec![resident(now.clone()), resident(old.unwrap_or(now))]);
}

/// As an input method makes it, with white space around.
fn full_width(t: &mut Teller) {
    let now = number(t);
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c);
    let typed = format!("\u{3000}{} ", now.chars().map(wide).collect::<String>());
    t.documents(vec![resident(now), resident(typed)]);
}

fn issued_again(t: &mut Teller) {
    let of = |again| {
        let number = t.draw().hong_kong_macao('M', again);
        PlainDocument::new(DocumentType::HongKongMacaoPermit, number)
    };
    t.documents(vec![of(3), of(0)]);
}

const FREE: Option<Effect> = Some(Effect::AppointableWithoutReview);

/// A title filed under the document of that place, asked about under the first.
fn under(t: &mut Teller, document: usize, found: bool) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file_as((TALENT, document), title);
    moved(t, from, to);
    let day = day(t);
    let stated =
        if found { says(Outcome::Recognised, FREE) } else { says(Outcome::NoRecord, None) };
    t.ask((to.district, "appointment", Some("title")), &day, stated);
}

fn since() -> Value {
    json!({ "from": "2020-01-01" })
}

/// Filed by Jiashan under the second document; Qingpu knows both and links them.
fn linked(t: &mut Teller) {
    let (qingpu, jiashan) = (SIDES[0], SIDES[1]);
    let title = title_of(t, jiashan);
    t.file_as((TALENT, 1), title);
    moved(t, jiashan, qingpu);
    // A district links only what stands in its own records.
    for document in 0..2 {
        t.certify_as((TALENT, document), District::Qingpu, "qingpu-housing", "D");
    }
    let asked = (District::Qingpu, "appointment", Some("title"));
    let day = day(t);
    t.ask(asked, &day, says(Outcome::NoRecord, None));
    t.link(District::Qingpu, "same", [(TALENT, 0), (TALENT, 1)], &since());
    t.ask(asked, &day, says(Outcome::NoRecord, None));
    t.confirm(District::Jiashan);
    t.ask(asked, &day, says(Outcome::Recognised, FREE));
}

/// One passport in the files of two districts: nobody has compared it.
fn two_districts(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title);
    moved(t, from, to);
    let day = day(t);
    let asked = "appointment";
    t.ask((to.district, asked, Some("title")), &day, says(Outcome::NoRecord, None));
    // In its own files the passport is one person.
    t.ask((from.district, asked, Some("title")), &day, says(Outcome::NoRule, None));
}

/// A permit under the passport in Jiashan, a permanent resident card in Qingpu.
fn card(t: &mut Teller) {
    let paper = permit::permit(t, SIDES[1], "A", Some("2025-12-31"));
    t.file_as((TALENT, 1), paper);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let asked = (District::Qingpu, "work", Some("work-permit"));
    t.ask(asked, "2024-05-01", says(Outcome::NoRecord, None));
    t.link_with(District::Qingpu, District::Jiashan, [(TALENT, 0), (TALENT, 1)], &since());
    t.ask(asked, "2024-05-01", says(Outcome::NoRecord, None));
    t.confirm(District::Jiashan);
    t.ask(asked, "2024-05-01", says(Outcome::Recognised, Some(Effect::PermitValid)));
}

/// Somebody else of the same name has a title.
fn namesake(t: &mut Teller) {
    let (from, to) = sides(t);
    t.name_twin();
    let title = title_of(t, from);
    t.file_as((OTHER, 0), title);
    moved(t, from, to);
    let day = day(t);
    t.ask((to.district, "appointment", Some("title")), &day, says(Outcome::NoRecord, None));
}

fn nothing(t: &mut Teller) {
    let (_, to) = sides(t);
    let day = day(t);
    t.ask((to.district, "title-review", Some("title")), &day, says(Outcome::NoRecord, None));
}
