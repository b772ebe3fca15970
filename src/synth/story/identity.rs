//! Who is who: several documents, old numbers, retired codes, names that meet.

use serde_json::json;

use super::super::act::Truth;
use super::super::person::{PlainDocument, PlainPassport, hong_kong_pair};
use super::super::plain::District;
use super::super::teller::{OTHER, TALENT, Teller};
use super::across::refer_qingpu;
use super::{Kind, housing_rent, kind, later, neighbour_rent};
use crate::domain::funding::finding::Verdict;
use crate::domain::id::DocumentType;

pub(super) const KINDS: &[Kind] = &[
    kind("two-documents", &[5, 6], &[], two_documents),
    kind("name-twin", &[], &[5, 6], name_twin),
    kind("number-of-fifteen-digits", &[5], &[], |t| renumbered(t, old_number)),
    kind("retired-region-code", &[5], &[], |t| renumbered(t, retired_code)),
    kind("permit-issued-again", &[5], &[], |t| renumbered(t, permit_again)),
    kind("passport-renewed", &[], &[5, 6], |t| unlinked(t, passports)),
    kind("residence-card-of-the-new-form", &[], &[5, 6], |t| unlinked(t, cards)),
];

/// Funded under the travel permit in one district, applying under the residence permit in another:
/// nothing is seen until the documents are linked, a suspicion until the first district, which holds
/// records too, has confirmed it.
fn two_documents(t: &mut Teller) {
    let documents = hong_kong_pair(t.draw());
    t.documents(documents);
    let first = t.month();
    let held = neighbour_rent(t, first);
    let there = held.district;
    t.certify_as((TALENT, 1), District::Qingpu, "qingpu-housing", "D");
    t.grant(held);
    let asked = housing_rent(later(first, 6), 3_500);
    t.check_as(1, asked.clone(), Truth::clear());
    // A district links only what stands in its own records: the travel permit was shown too.
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let since = json!({ "from": "2020-01-01" });
    t.link(District::Qingpu, "same", [(TALENT, 0), (TALENT, 1)], &since);
    t.check_as(1, asked.clone(), Truth::clear().and(6, Verdict::Clear, &[]));
    t.confirm(there);
    t.check_as(1, asked, refer_qingpu());
}

/// Somebody else of the same name is funded for the same months.
fn name_twin(t: &mut Teller) {
    t.name_twin();
    let first = t.month();
    let held = neighbour_rent(t, first).set("employer", t.other_firm());
    t.grant_to((OTHER, 0), held);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.check(housing_rent(first, 3_500), Truth::clear());
}

/// Funded under the second form of a number, applying under the first: one person all the same.
fn renumbered(t: &mut Teller, documents: fn(&Teller) -> Vec<PlainDocument>) {
    two_forms(t, documents, refer_qingpu());
}

/// Funded under a document that nobody has linked with the one shown now: nothing can be seen.
fn unlinked(t: &mut Teller, documents: fn(&Teller) -> Vec<PlainDocument>) {
    two_forms(t, documents, Truth::clear());
}

fn two_forms(t: &mut Teller, documents: fn(&Teller) -> Vec<PlainDocument>, truth: Truth) {
    let documents = documents(t);
    t.documents(documents);
    let first = t.month();
    let held = neighbour_rent(t, first);
    t.grant_to((TALENT, 1), held);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.check(housing_rent(later(first, 3), 3_500), truth);
}

fn resident(number: String) -> PlainDocument {
    PlainDocument::new(DocumentType::ResidentId, number)
}

/// 18 digits now, 15 in the files of the nineties; who was born later has 18 in both.
fn old_number(t: &Teller) -> Vec<PlainDocument> {
    let (draw, region) = (t.draw(), t.home().region().to_string());
    let now = draw.resident(&region);
    let old = draw.resident_old(&region).unwrap_or_else(|| now.clone());
    vec![resident(now), resident(old)]
}

/// 吴江市 was abolished in 2012; who was born there keeps the number.
fn retired_code(t: &Teller) -> Vec<PlainDocument> {
    let number = t.draw().resident("320584");
    vec![resident(number.clone()), resident(number.to_lowercase())]
}

/// The last two digits of a travel permit count how often it was issued.
fn permit_again(t: &Teller) -> Vec<PlainDocument> {
    let of = |again| {
        let number = t.draw().hong_kong_macao('M', again);
        PlainDocument::new(DocumentType::HongKongMacaoPermit, number)
    };
    vec![of(2), of(1)]
}

/// A renewed passport has a new number.
fn passports(t: &Teller) -> Vec<PlainDocument> {
    let draw = t.draw();
    let of = |letter| {
        let number = draw.passport(letter);
        let mut document = PlainDocument::new(DocumentType::Passport, number);
        let latin_name = "XU CESHI".to_owned();
        document.passport =
            Some(PlainPassport { nationality: "CAN", birth: draw.birth, latin_name });
        document
    };
    vec![of('H'), of('G')]
}

/// Cards of the old and the new form share no number.
fn cards(t: &Teller) -> Vec<PlainDocument> {
    let draw = t.draw();
    let of = |number| PlainDocument::new(DocumentType::PermanentResident, number);
    vec![of(draw.permanent_new("31", "124")), of(draw.permanent_old("CAN", "3100"))]
}
