//! What stands in for a person key when all there is is a passport.

use std::fmt;

use jiff::civil::Date;

use super::document::Document;
use super::document_type::DocumentType;
use super::nationality;
use super::notice::{IdRefusal, Reason};
use super::number::PersonKey;

/// Nationality, passport number, birth date and Latin name together (the number changes with each
/// renewal). Equal identities are evidence for a person to confirm, never a match by themselves.
#[derive(Clone, PartialEq, Eq)]
pub struct PassportIdentity {
    key: PersonKey,
}

/// Longest Latin name, in characters (the machine-readable zone holds 39; this leaves room).
const LATIN_NAME_MAX: usize = 100;

impl PassportIdentity {
    /// `country` is the nationality in three letters (ISO 3166-1 alpha-3, or what ICAO Doc 9303 adds), `passport` a parsed document of type 414,
    /// `latin_name` in the order of the machine-readable zone: letters, spaces, `-`, `'`, `<`. In the
    /// name only letters count: `O'BRIEN<<ANN MARIE` and `OBRIEN ANN-MARIE` are the same.
    pub fn parse(
        country: &str,
        passport: &Document,
        birth: Date,
        latin_name: &str,
    ) -> Result<Self, IdRefusal> {
        if passport.document_type() != DocumentType::Passport {
            return Err(Reason::DocumentType.into());
        }
        let country = country.trim().to_ascii_uppercase();
        if !nationality::is_of_passport(&country) {
            return Err(Reason::Nationality.into());
        }
        let name = letters(latin_name)?;
        let text = format!("{country}/{}/{birth}/{name}", passport.number().expose());
        Ok(Self { key: PersonKey::new(DocumentType::Passport, text) })
    }

    /// The identity as a key. A match of it is a suspicion until a person confirms the link.
    pub fn person_key(&self) -> &PersonKey {
        &self.key
    }
}

impl fmt::Debug for PassportIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassportIdentity(..)")
    }
}

fn letters(name: &str) -> Result<String, IdRefusal> {
    let allowed = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'' | '<' | '.');
    if name.chars().count() > LATIN_NAME_MAX {
        return Err(Reason::TooLong.into());
    }
    if let Some(i) = name.chars().position(|c| !allowed(c)) {
        return Err(IdRefusal::at(Reason::LatinName, i + 1));
    }
    let only: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    if only.is_empty() { Err(Reason::LatinName.into()) } else { Ok(only.to_ascii_uppercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 1, 1);
    const BIRTH: Date = jiff::civil::date(1980, 2, 29);

    fn passport(number: &str) -> Document {
        Document::parse(DocumentType::Passport, number, TODAY).unwrap()
    }

    #[test]
    fn the_number_alone_is_no_key() {
        assert_eq!(passport("e12345678").person_key(), None);
    }

    #[test]
    fn the_same_person_written_twice() {
        let p = passport("X1234567");
        let a = PassportIdentity::parse("pak", &p, BIRTH, "O'BRIEN<<ANN MARIE").unwrap();
        let b = PassportIdentity::parse("PAK", &p, BIRTH, "Obrien Ann-Marie").unwrap();
        assert_eq!(a, b);
        let c = PassportIdentity::parse("IND", &p, BIRTH, "Obrien Ann-Marie").unwrap();
        assert_ne!(a, c);
        assert!(!format!("{a:?}").contains("1234567"));
    }

    #[test]
    fn refuses_what_would_blur_the_parts() {
        let p = passport("X1234567");
        for (country, name) in
            [("PA", "A"), ("P/K", "A"), ("ZZZ", "A"), ("PAK", "A/B"), ("PAK", " "), ("PAK", "李")]
        {
            assert!(PassportIdentity::parse(country, &p, BIRTH, name).is_err(), "{country} {name}");
        }
        let id = Document::parse(DocumentType::ResidentId, "31011819900101001X", TODAY).unwrap();
        assert!(PassportIdentity::parse("CHN", &id, BIRTH, "A").is_err());
    }
}
