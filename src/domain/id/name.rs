//! Names of persons, as the connector and `import` compare them for display. A name is never a key
//! and never part of a message; the original is kept as written and never normalised.

use super::notice::{IdRefusal, Reason};

/// The separator of names: U+00B7 (民委发〔2016〕33号, JR/T 0253-2022).
pub const SEPARATOR: char = '\u{B7}';

/// Longest name, in characters. The notice asks for room for at least 50.
pub const NAME_MAX_CHARS: usize = 200;

/// Checks that `name` can be kept: not empty, bounded, no control and no private-use character
/// (U+E000–F8FF: each office shows another glyph). No character is refused for its plane.
pub fn check(name: &str) -> Result<(), IdRefusal> {
    if name.trim().is_empty() {
        return Err(Reason::Empty.into());
    }
    for (i, c) in name.chars().enumerate() {
        if i >= NAME_MAX_CHARS {
            return Err(Reason::TooLong.into());
        }
        if ('\u{E000}'..='\u{F8FF}').contains(&c) {
            return Err(IdRefusal::at(Reason::PrivateUse, i + 1));
        }
        if c.is_control() {
            return Err(IdRefusal::at(Reason::Character, i + 1));
        }
    }
    Ok(())
}

/// The form for display comparison: separators folded to U+00B7, no white space, Latin letters
/// half-width and upper case. Canonical composition (NFC) is left out: it would join compatibility
/// ideographs that can be the legal glyph, so at worst two spellings compare as different.
pub fn comparison_form(name: &str) -> String {
    let fold = |c: char| match c {
        '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{30FB}' | '\u{FF65}' | '\u{387}'
        | '\u{FF0E}' | '.' => SEPARATOR,
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
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
    fn private_use_needs_a_person() {
        assert_eq!(check("试\u{E001}").unwrap_err(), IdRefusal::at(Reason::PrivateUse, 2));
        assert!(check("试𠮷").is_ok());
        assert!(check(&"试".repeat(NAME_MAX_CHARS)).is_ok());
        assert_eq!(check(&"试".repeat(NAME_MAX_CHARS + 1)).unwrap_err().reason, Reason::TooLong);
        assert!(check(" ").is_err() && check("试\n甲").is_err());
    }
}
