//! Who is who: several documents, old numbers, retired codes, names that meet. Longer than other files:
//! one function for each kind of document.

use serde_json::{Value, json};

use super::super::act::Truth;
use super::super::person::{PlainDocument, PlainPassport, hong_kong_pair};
use super::super::plain::District;
use super::super::teller::{OTHER, TALENT, Teller};
use super::across::refer_qingpu;
use super::ordinary::scheme;
use super::{Kind, Match, housing_rent, kind, later, neighbour_rent};
use crate::domain::funding::finding::Verdict;
use crate::domain::id::DocumentType;

pub(super) const KINDS: &[Kind] = &[
    kind("two-documents", &[5, 6], &[], two_documents).matching(Match::Link),
    kind("three-documents", &[5, 6], &[], three_documents).matching(Match::Link),
    kind("name-twin", &[], &[5, 6], name_twin).matching(Match::Never),
    kind("name-with-another-dot", &[], &[5, 6], dotted_twin).matching(Match::Never),
    kind("number-of-fifteen-digits", &[5], &[], |t| renumbered(t, old_number))
        .matching(Match::Number),
    kind("retired-region-code", &[5], &[], |t| renumbered(t, retired_code)).matching(Match::Number),
    kind("region-code-not-on-the-list", &[5], &[], |t| renumbered(t, unknown_code))
        .matching(Match::Number),
    kind("permit-issued-again", &[5], &[], |t| renumbered(t, permit_again)).matching(Match::Number),
    kind("latin-name-written-otherwise", &[5, 6], &[], one_passport).matching(Match::Link),
    kind("passport-renewed", &[], &[5, 6], |t| unlinked(t, passports)).matching(Match::Never),
    kind("passport-renewed-and-linked", &[5, 6], &[], |t| linked(t, passports))
        .matching(Match::Link),
    kind("passport-number-of-another-state", &[], &[5, 6], other_state).matching(Match::Never),
    kind("residence-card-of-the-new-form", &[], &[5, 6], |t| unlinked(t, cards))
        .matching(Match::Never),
    kind("residence-card-linked", &[5, 6], &[], |t| linked(t, cards)).matching(Match::Link),
    kind("certified-as-two-persons", &[], &[5, 6], two_persons).matching(Match::Never),
];

/// Funded under the travel permit in one district, applying under the residence permit in another.
fn two_documents(t: &mut Teller) {
    linked(t, |t| hong_kong_pair(t.draw()));
}

/// Nothing is seen until the documents are linked, a suspicion until the first district, which holds
/// records too, has confirmed it.
fn linked(t: &mut Teller, documents: fn(&mut Teller) -> Vec<PlainDocument>) {
    let documents = documents(t);
    let passport = documents.iter().any(|d| d.passport.is_some());
    t.documents(documents);
    let first = t.month();
    let held = neighbour_rent(t, first);
    let there = held.district;
    t.certify_as((TALENT, 1), District::Qingpu, "qingpu-housing", "D");
    t.grant(held);
    let asked = housing_rent(later(first, 6), 3_500);
    t.check_as(1, asked.clone(), Truth::clear());
    if passport {
        // The neighbour's records of a passport are a subject of their own, which the link names.
        t.link_with(District::Qingpu, there, [(TALENT, 1), (TALENT, 0)], &since());
    } else {
        // A district links only what stands in its own records: the first document was shown too.
        t.certify(District::Qingpu, "qingpu-housing", "D");
        t.link(District::Qingpu, "same", [(TALENT, 0), (TALENT, 1)], &since());
    }
    t.check_as(1, asked.clone(), Truth::clear().and(6, Verdict::Clear, &[]));
    t.confirm(there);
    t.check_as(1, asked, refer_qingpu());
}

fn since() -> Value {
    json!({ "from": "2020-01-01" })
}

/// Travel permit, residence permit, and the number of a resident who settled later: one person by
/// two links.
fn three_documents(t: &mut Teller) {
    let mut documents = hong_kong_pair(t.draw());
    documents.push(resident(t.draw().resident(&t.home().region().to_string())));
    t.documents(documents);
    let first = t.month();
    let held = neighbour_rent(t, first);
    let there = held.district;
    t.grant(held);
    let (scheme, class) = scheme(there);
    t.certify_as((TALENT, 1), there, scheme, class);
    for document in 0..3 {
        t.certify_as((TALENT, document), District::Qingpu, "qingpu-housing", "D");
    }
    let asked = housing_rent(later(first, 6), 3_500);
    t.link(District::Qingpu, "same", [(TALENT, 1), (TALENT, 2)], &since());
    t.confirm(there);
    t.check_as(2, asked.clone(), Truth::clear());
    t.link(District::Qingpu, "same", [(TALENT, 0), (TALENT, 1)], &since());
    // A new link is a suspicion, and it leads from a document that is linked already.
    t.check_as(2, asked.clone(), Truth::clear().and(6, Verdict::Clear, &[]));
    t.confirm(there);
    t.check_as(2, asked, refer_qingpu());
}

/// Somebody else of the same name is funded for the same months.
fn name_twin(t: &mut Teller) {
    t.name_twin();
    somebody_else(t);
}

/// One name, two separators: an input method's and that of the rule. No name is ever sent.
fn dotted_twin(t: &mut Teller) {
    t.dotted_twin();
    somebody_else(t);
}

/// Passports of two states may have one number.
fn other_state(t: &mut Teller) {
    let mut documents = passports(t);
    documents.truncate(1);
    t.documents(documents.clone());
    for passport in documents.iter_mut().filter_map(|d| d.passport.as_mut()) {
        passport.nationality = "FRA";
    }
    t.documents_of_other(documents);
    somebody_else(t);
}

/// Two of one name and one birthday are certified to be two persons.
fn two_persons(t: &mut Teller) {
    t.name_twin();
    t.certify_as((OTHER, 0), District::Qingpu, "qingpu-industry", "D");
    t.certify(District::Qingpu, "qingpu-industry", "D");
    t.link(District::Qingpu, "different", [(TALENT, 0), (OTHER, 0)], &since());
    somebody_else(t);
}

fn somebody_else(t: &mut Teller) {
    let first = t.month();
    let held = neighbour_rent(t, first).set("employer", t.other_firm());
    t.grant_to((OTHER, 0), held);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.check(housing_rent(first, 3_500), Truth::clear());
}

/// Funded under the second form of a number, applying under the first: one person all the same.
pub(super) fn renumbered(t: &mut Teller, documents: fn(&mut Teller) -> Vec<PlainDocument>) {
    two_forms(t, documents, refer_qingpu());
}

/// Two districts know one passport, written in two ways: a suspicion until both have compared it, though
/// all its data agree, as its number is no lifelong one.
fn one_passport(t: &mut Teller) {
    let documents = spelled(t);
    t.documents(documents);
    let first = t.month();
    let held = neighbour_rent(t, first);
    let there = held.district;
    t.grant_to((TALENT, 1), held);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let asked = housing_rent(later(first, 3), 3_500);
    let suspicion = Truth::clear().and(6, Verdict::Refer, &[]).lacking();
    t.check(asked.clone(), suspicion.clone());
    t.link_with(District::Qingpu, there, [(TALENT, 0), (TALENT, 1)], &since());
    t.check(asked.clone(), suspicion);
    t.confirm(there);
    t.check(asked, refer_qingpu());
}

/// Funded under a document that nobody has linked with the one shown now: nothing can be seen.
fn unlinked(t: &mut Teller, documents: fn(&mut Teller) -> Vec<PlainDocument>) {
    two_forms(t, documents, Truth::clear());
}

fn two_forms(t: &mut Teller, documents: fn(&mut Teller) -> Vec<PlainDocument>, truth: Truth) {
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
fn old_number(t: &mut Teller) -> Vec<PlainDocument> {
    let (draw, region) = (t.draw(), t.home().region().to_string());
    let now = draw.resident(&region);
    let old = draw.resident_old(&region).unwrap_or_else(|| now.clone());
    vec![resident(now), resident(old)]
}

/// Codes of 吴江县, 吴江市, 青浦县, 卢湾, 南市, 闸北 and 南汇, all abolished: who was registered there keeps
/// the number.
const RETIRED: [&str; 7] = ["320525", "320584", "310229", "310103", "310102", "310108", "310119"];

fn retired_code(t: &mut Teller) -> Vec<PlainDocument> {
    let code = RETIRED[t.rng.usize(0..RETIRED.len())];
    cases(&t.draw().resident(code))
}

/// An abolished code of another province, which the table does not hold: a hint, never a refusal.
fn unknown_code(t: &mut Teller) -> Vec<PlainDocument> {
    cases(&t.draw().resident("460033"))
}

/// A number, and the same in lower case, as old systems keep the check digit.
fn cases(number: &str) -> Vec<PlainDocument> {
    vec![resident(number.to_owned()), resident(number.to_lowercase())]
}

/// In the machine-readable zone and as somebody typed it.
fn spelled(t: &mut Teller) -> Vec<PlainDocument> {
    let draw = t.draw();
    let of = |name: &str| {
        let mut document = PlainDocument::new(DocumentType::Passport, draw.passport('K'));
        let latin_name = name.to_owned();
        document.passport =
            Some(PlainPassport { nationality: "CAN", birth: draw.birth, latin_name });
        document
    };
    vec![of("XU<<CE SHI"), of("Xu Ce-shi")]
}

/// The last two digits of a travel permit count how often it was issued.
fn permit_again(t: &mut Teller) -> Vec<PlainDocument> {
    let of = |again| {
        let number = t.draw().hong_kong_macao('M', again);
        PlainDocument::new(DocumentType::HongKongMacaoPermit, number)
    };
    vec![of(2), of(1)]
}

/// A renewed passport has a new number.
fn passports(t: &mut Teller) -> Vec<PlainDocument> {
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
fn cards(t: &mut Teller) -> Vec<PlainDocument> {
    let draw = t.draw();
    let of = |number| PlainDocument::new(DocumentType::PermanentResident, number);
    vec![of(draw.permanent_new("31", "124")), of(draw.permanent_old("CAN", "3100"))]
}
