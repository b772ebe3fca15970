//! What standards.md names besides: officer cards, numbers in full width, credit codes of real firms whose
//! check digit is wrong (§2, §3).

use serde_json::json;

use super::super::act::Truth;
use super::super::person::PlainDocument;
use super::super::plain::District;
use super::super::teller::Teller;
use super::identity::renumbered;
use super::{Kind, Match, housing_rent, kind};
use crate::domain::funding::finding::Verdict;
use crate::domain::id::DocumentType;

pub(super) const KINDS: &[Kind] = &[
    kind("officer-card-in-two-districts", &[5], &[], |t| renumbered(t, officer_cards))
        .matching(Match::Number),
    kind("number-in-full-width", &[5], &[], |t| renumbered(t, full_width)).matching(Match::Number),
    kind("employer-barred-under-a-code-with-a-wrong-check", &[24], &[], |t| barred(t, true)),
    kind("employer-barred-under-a-code-that-differs-in-its-check", &[], &[24], |t| {
        barred(t, false);
    }),
];

/// As an input method makes digits and letters.
fn wide(number: &str) -> String {
    let wide = |c: char| if c.is_ascii() { u32::from(c) + 0xFEE0 } else { u32::from(c) };
    number.chars().filter_map(|c| char::from_u32(wide(c))).collect()
}

/// A number as printed, and in full width with white space around.
fn two_ways(document_type: DocumentType, number: String) -> Vec<PlainDocument> {
    let typed = format!("\u{3000}{} ", wide(&number));
    [number, typed].map(|number| PlainDocument::new(document_type, number)).into()
}

fn officer_cards(t: &mut Teller) -> Vec<PlainDocument> {
    two_ways(DocumentType::OfficerCard, t.draw().officer())
}

fn full_width(t: &mut Teller) -> Vec<PlainDocument> {
    let number = t.draw().resident(&t.home().region().to_string());
    two_ways(DocumentType::ResidentId, number)
}

/// The employer's code fails its check and somebody has seen the licence. Barred is that code, or the one
/// that the right check digit would make, which is somebody else's.
fn barred(t: &mut Teller, same: bool) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let right = t.firm();
    t.code_with_a_wrong_check();
    let subject = if same { t.firm() } else { right };
    t.sanction(
        District::Qingpu,
        json!({
            "kind": "employer-barred", "subject": subject, "start": "2021-01-01", "end": "open",
            "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）5" },
        }),
    );
    let found = Truth::clear().and(24, Verdict::Ineligible, &[]);
    t.check(housing_rent(first, 3_500), if same { found } else { Truth::clear() });
}
