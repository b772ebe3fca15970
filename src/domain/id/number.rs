//! Text of identifiers: cleaning, check digits, masks, and holders that do not leak.

use std::fmt;

use zeroize::Zeroizing;

use super::document_type::DocumentType;
use super::notice::{IdRefusal, Reason};

/// Longest text that is looked at, in characters. Longer than any number of any document.
pub const MAX_INPUT_CHARS: usize = 64;

/// A number that wipes itself from memory and shows only its mask.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretNumber(Zeroizing<String>);

impl SecretNumber {
    pub(super) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The number itself. The name is a warning: never log, never send.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The number as it may be shown: `310118********001X`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

impl fmt::Debug for SecretNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The part of a document's number that stands for the person, with the document's type. Equal keys
/// are the same person, unless they are composite; different keys say nothing (one person has several
/// documents).
#[derive(Clone, PartialEq, Eq)]
pub struct PersonKey {
    document_type: DocumentType,
    text: SecretNumber,
}

impl PersonKey {
    pub(super) fn new(document_type: DocumentType, text: String) -> Self {
        Self { document_type, text: SecretNumber::new(text) }
    }

    /// Type of the document that the key was taken from.
    pub fn document_type(&self) -> DocumentType {
        self.document_type
    }

    /// Is it put together from several data, because the document has no number that stays with its
    /// holder? Equal keys are then evidence for a person to confirm, never a match by themselves.
    pub fn is_composite(&self) -> bool {
        self.document_type == DocumentType::Passport
    }

    /// The key itself. The name is a warning: never log, never send.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonKey({}, {:?})", self.document_type.code(), self.text)
    }
}

/// A number as it may be shown (GB/T 35273, GB/T 37964): from 15 characters on the first six and
/// the last four, from seven on the first and the last two, otherwise nothing.
pub fn mask(number: &str) -> String {
    let n = number.chars().count();
    let (head, tail) = match n {
        15.. => (6, 4),
        7..=14 => (1, 2),
        _ => (0, 0),
    };
    let shown = |(i, c): (usize, char)| if i < head || i + tail >= n { c } else { '*' };
    number.chars().enumerate().map(shown).collect()
}

/// Trims outer white space, makes full-width digits and letters half-width, makes Latin letters
/// upper case (`x` → `X`); refuses white space inside, naming its place.
pub(super) fn clean(text: &str) -> Result<Zeroizing<String>, IdRefusal> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Reason::Empty.into());
    }
    if trimmed.chars().count() > MAX_INPUT_CHARS {
        return Err(Reason::TooLong.into());
    }
    let mut out = Zeroizing::new(String::with_capacity(trimmed.len()));
    let skipped = text.chars().take_while(|c| c.is_whitespace()).count();
    for (i, c) in trimmed.chars().enumerate() {
        let position = skipped + i + 1;
        if c.is_whitespace() {
            return Err(IdRefusal::at(Reason::InnerSpace, position));
        }
        if c.is_control() {
            return Err(IdRefusal::at(Reason::Character, position));
        }
        out.push(half_width(c).to_ascii_uppercase());
    }
    Ok(out)
}

/// Every character must satisfy `allowed`; names the first that does not. Positions count from 1
/// in the cleaned text.
pub(super) fn require(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), IdRefusal> {
    match text.chars().position(|c| !allowed(c)) {
        Some(i) => Err(IdRefusal::at(Reason::Character, i + 1)),
        None => Ok(()),
    }
}

/// Is it one character throughout, as `00000000` or `1`? Such a number stands for whoever filled in
/// a form in haste, and as a key it would join strangers.
pub(super) fn is_placeholder(digits: &str) -> bool {
    let mut rest = digits.chars();
    rest.next().is_none_or(|first| rest.all(|c| c == first))
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            // The full-width forms lie exactly 0xFEE0 above ASCII.
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        _ => c,
    }
}

/// Check character of GB 11643-1999 (ISO 7064 MOD 11-2) over 17 digits; `None` if `body` is not
/// that. The weight of place i (1–17) is 2^(18−i) mod 11.
pub fn check_mod_11_2(body: &str) -> Option<char> {
    if body.len() != 17 || !body.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Horner's rule: doubling at each step gives the weights without a table.
    let sum = body.bytes().fold(0u32, |sum, b| (sum + u32::from(b - b'0')) * 2 % 11);
    b"10X98765432".get(sum as usize).map(|&b| char::from(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn masks_show_place_and_end_only() {
        assert_eq!(mask("31011819900101001X"), "310118********001X");
        assert_eq!(mask("PAK310080010103"), "PAK310*****0103");
        assert_eq!(mask("H12345678"), "H******78");
        assert_eq!(mask("12345"), "*****");
    }

    #[test]
    fn the_weights_are_those_of_the_standard() {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        for body in ["11010519491231002", "31011819900101001", "99999999999999999"] {
            let sum: usize =
                body.bytes().zip(weights).map(|(b, w)| usize::from(b - b'0') * w).sum();
            let expected = "10X98765432".chars().nth(sum % 11);
            assert_eq!(check_mod_11_2(body), expected);
        }
        assert_eq!(check_mod_11_2("1101051949123100X"), None);
    }

    #[test]
    fn space_inside_is_named() {
        let refused = clean("  310118 19900101001X").unwrap_err();
        assert_eq!(refused, IdRefusal::at(Reason::InnerSpace, 9));
        assert_eq!(clean("\u{3000}３１０１１８ｘ ").unwrap().as_str(), "310118X");
        assert_eq!(clean(" \t").unwrap_err().reason, Reason::Empty);
        assert_eq!(clean("31\u{0}").unwrap_err().reason, Reason::Character);
    }

    proptest! {
        /// MOD 11-2 finds every single wrong digit and every swap of neighbours.
        #[test]
        fn one_wrong_digit_is_found(body in "[0-9]{17}", at in 0usize..17, by in 1u8..10) {
            let mut other = body.clone().into_bytes();
            other[at] = b'0' + (other[at] - b'0' + by) % 10;
            let other = String::from_utf8(other).unwrap();
            prop_assert_ne!(check_mod_11_2(&body), check_mod_11_2(&other));
        }

        #[test]
        fn cleaning_never_panics_and_is_stable(text in "\\PC{0,80}") {
            if let Ok(once) = clean(&text) {
                prop_assert_eq!(clean(&once).unwrap(), once);
            }
        }
    }
}
