//! Names of persons, as the connector and `import` compare them for display. A name is never a key
//! and never part of a message; the original is kept as written and never normalised.

use std::fmt;

use super::notice::{IdRefusal, Notice, Reason};

/// The separator of names: U+00B7 (民委发〔2016〕33号, JR/T 0253-2022).
pub const SEPARATOR: char = '\u{B7}';

/// Longest name, in characters. The notice asks for room for at least 50.
pub const NAME_MAX_CHARS: usize = 200;

/// A name as it was given, kept letter for letter: normalising it would change legal glyphs (NFC
/// turns U+F92C into U+90CE). What is compared is [`PersonName::match_form`].
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName {
    given: String,
    private_use: bool,
}

impl PersonName {
    /// Keeps `name` if it is not empty, bounded and without control characters. No character is
    /// refused for its plane; one of the private use area (造字) is remarked on.
    pub fn parse(name: &str) -> Result<Self, IdRefusal> {
        if name.trim().is_empty() {
            return Err(Reason::Empty.into());
        }
        let mut private_use = false;
        for (i, c) in name.chars().enumerate() {
            if i >= NAME_MAX_CHARS {
                return Err(Reason::TooLong.into());
            }
            if c.is_control() {
                return Err(IdRefusal::at(Reason::Character, i + 1));
            }
            private_use |= ('\u{E000}'..='\u{F8FF}').contains(&c);
        }
        Ok(Self { given: name.to_owned(), private_use })
    }

    /// The name as it was given. The name is a warning: never log, never send.
    pub fn expose(&self) -> &str {
        &self.given
    }

    /// The form for comparison, weak evidence only: see [`comparison_form`].
    pub fn match_form(&self) -> String {
        comparison_form(&self.given)
    }

    /// Remarks for the officer.
    pub fn notices(&self) -> &'static [Notice] {
        if self.private_use { &[Notice::PrivateUse] } else { &[] }
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(..)")
    }
}

/// The form for display comparison: separators folded to U+00B7, no white space, Latin letters
/// and digits half-width, letters upper case. Canonical composition (NFC) is left out: it would join compatibility
/// ideographs that can be the legal glyph, so at worst two spellings compare as different.
pub fn comparison_form(name: &str) -> String {
    let fold = |c: char| match c {
        '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{30FB}' | '\u{FF65}' | '\u{387}'
        | '\u{FF0E}' | '.' => SEPARATOR,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        c => c,
    };
    let shown = name.chars().filter(|c| !c.is_whitespace());
    shown.map(|c| fold(c).to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dot_is_one_dot() {
        for dot in ['·', '•', '‧', '∙', '⋅', '・', '･', '\u{387}', '．', '.'] {
            assert_eq!(comparison_form(&format!("试甲{dot} 测乙")), "试甲·测乙", "{dot:?}");
        }
        assert_eq!(comparison_form("ｓhi JIA"), "SHIJIA");
        // Supplementary planes and compatibility ideographs stay as they are.
        assert_eq!(comparison_form("𠮷\u{F9DC}"), "𠮷\u{F9DC}");
    }

    #[test]
    fn a_name_is_kept_as_given_and_matched_apart() {
        let name = PersonName::parse("买买提•𠮷 \u{F92C}").unwrap();
        assert_eq!(name.expose(), "买买提•𠮷 \u{F92C}");
        assert_eq!(name.match_form(), "买买提·𠮷\u{F92C}");
        assert_eq!((name.notices(), format!("{name:?}")), ([].as_slice(), "PersonName(..)".into()));
    }

    #[test]
    fn private_use_needs_a_person() {
        let flagged = PersonName::parse("试\u{E001}").unwrap();
        assert_eq!(flagged.notices(), [Notice::PrivateUse]);
        assert!(PersonName::parse(&"试".repeat(NAME_MAX_CHARS)).is_ok());
        let long = PersonName::parse(&"试".repeat(NAME_MAX_CHARS + 1)).unwrap_err();
        assert_eq!(long.reason, Reason::TooLong);
        assert!(PersonName::parse(" ").is_err());
        let refused = PersonName::parse("试\n甲").unwrap_err();
        assert_eq!(refused, IdRefusal::at(Reason::Character, 2));
    }
}
