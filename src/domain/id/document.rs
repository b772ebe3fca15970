//! A number of a person's document, parsed by the rules of its type.

use std::fmt;

use jiff::civil::Date;

use super::document_type::DocumentType;
use super::layout;
use super::notice::{IdRefusal, Notice, Reason, Severity};
use super::number::{PersonKey, SecretNumber, clean};

/// Which of the layouts of its type a number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// 公民身份号码, GB 11643-1999; a 15-digit number is extended to it.
    ResidentId,
    /// 港澳台居民居住证 (2018 办法 art. 3): same layout, address 810000, 820000 or 830000. Enters under
    /// type 111: it is a number of the same system and stands for one person for life.
    ResidencePermit,
    /// 永久居留身份证 before 2023-12-01: 3 letters and 12 digits.
    PermanentResidentOld,
    /// 永久居留身份证 by GA 2102-2023: 18 digits that start with 9.
    PermanentResidentNew,
    /// A layout without inner structure that is used here.
    Plain,
}

/// Nationality as a permanent resident card holds it, in the code that its form uses; the list
/// `nationality` has both columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nationality<'a> {
    /// Three letters (old cards).
    Alpha3(&'a str),
    /// Three digits (cards by GA 2102-2023).
    Numeric(&'a str),
}

/// A parsed document number of a person. `Debug` shows masks only; memory is wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    kind: DocumentType,
    form: Form,
    number: SecretNumber,
    key: Option<PersonKey>,
    birth: Option<Date>,
    notices: Vec<Notice>,
}

impl Document {
    /// Parses `text` as a number of `document_type`; birth dates may not lie after `today`.
    ///
    /// Outer white space is dropped, full-width digits and letters become half-width, letters upper
    /// case. Entity types (001, 099) are refused: a credit code has a parser of its own
    /// ([`super::Uscc`]).
    pub fn parse(document_type: DocumentType, text: &str, today: Date) -> Result<Self, IdRefusal> {
        let number = clean(text)?;
        let read = match document_type {
            DocumentType::ResidentId => layout::resident::read(&number, today),
            DocumentType::PermanentResident => layout::permanent::read(&number, today),
            DocumentType::HongKongMacaoPermit => layout::permits::hong_kong_macao(&number),
            DocumentType::TaiwanPermit => layout::permits::taiwan(&number),
            DocumentType::Passport => layout::permits::passport(&number),
            DocumentType::OfficerCard => layout::permits::officer(&number),
            DocumentType::OtherPerson => layout::permits::other(&number),
            DocumentType::CreditCode | DocumentType::OtherEntity => {
                Err(Reason::DocumentType.into())
            }
        };
        let skipped = text.chars().take_while(|c| c.is_whitespace()).count();
        let read = read.map_err(|refusal| refusal.shifted(skipped))?;
        Ok(Self {
            kind: document_type,
            form: read.form,
            number: SecretNumber::new(read.extended.unwrap_or_else(|| number.to_string())),
            key: read.key.map(|key| PersonKey::new(document_type, key)),
            birth: read.birth,
            notices: read.notices,
        })
    }

    /// Type as declared.
    pub fn document_type(&self) -> DocumentType {
        self.kind
    }

    /// Layout of the number.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The number in its one written form.
    pub fn number(&self) -> &SecretNumber {
        &self.number
    }

    /// The part that stands for the person; `None` when the number alone does not (passports, see
    /// [`super::PassportIdentity`], and documents of unknown kind).
    pub fn person_key(&self) -> Option<&PersonKey> {
        self.key.as_ref()
    }

    /// Birth date, where the number holds a whole one. Never a residence: the address code is the
    /// place of first registration.
    pub fn birth(&self) -> Option<Date> {
        self.birth
    }

    /// Nationality, where the number holds one.
    pub fn nationality(&self) -> Option<Nationality<'_>> {
        let number = self.number.expose();
        match self.form {
            Form::PermanentResidentOld => number.get(0..3).map(Nationality::Alpha3),
            Form::PermanentResidentNew => number.get(3..6).map(Nationality::Numeric),
            Form::ResidentId | Form::ResidencePermit | Form::Plain => None,
        }
    }

    /// Remarks for the officer.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The weight of the heaviest remark; `None` when there is none.
    pub fn severity(&self) -> Option<Severity> {
        self.notices.iter().map(|n| n.severity()).max()
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("type", &self.kind.code())
            .field("form", &self.form)
            .field("number", &self.number)
            .field("notices", &self.notices)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 1, 1);

    /// One line of `tests/vectors/identity/documents.json`.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Vector {
        r#type: DocumentType,
        text: String,
        #[serde(default)]
        number: Option<String>,
        #[serde(default)]
        key: Option<String>,
        #[serde(default)]
        birth: Option<Date>,
        #[serde(default)]
        notices: Vec<String>,
        #[serde(default)]
        refused: Option<String>,
        #[serde(default)]
        position: Option<usize>,
        #[serde(default, rename = "note")]
        _note: String,
    }

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../../tests/vectors/identity/documents.json");
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn vectors_hold() {
        for v in vectors() {
            let case = format!("{} {:?}", v.r#type, v.text);
            match Document::parse(v.r#type, &v.text, TODAY) {
                Ok(d) => {
                    assert_eq!(v.refused, None, "{case}");
                    assert_eq!(Some(d.number().expose()), v.number.as_deref(), "{case}");
                    assert_eq!(d.person_key().map(PersonKey::expose), v.key.as_deref(), "{case}");
                    assert_eq!(d.birth(), v.birth, "{case}");
                    let notices: Vec<_> = d.notices().iter().map(|n| n.as_str()).collect();
                    assert_eq!(notices, v.notices, "{case}");
                }
                Err(e) => {
                    assert_eq!(Some(e.reason.as_str()), v.refused.as_deref(), "{case}");
                    assert_eq!(e.position, v.position, "{case}");
                }
            }
        }
    }

    #[test]
    fn a_refusal_never_repeats_the_number() {
        for v in vectors().iter().filter(|v| v.refused.is_some() && v.text.trim().len() > 6) {
            let refused = Document::parse(v.r#type, &v.text, TODAY).unwrap_err();
            let shown = format!("{refused:?} {refused} {:?}", refused.text());
            assert!(!shown.contains(v.text.trim()), "{shown}");
        }
    }

    #[test]
    fn debug_shows_the_mask() {
        let d = Document::parse(DocumentType::ResidentId, "31011819900101001X", TODAY).unwrap();
        let shown = format!("{d:?} {:?}", d.person_key());
        assert!(shown.contains("310118********001X"), "{shown}");
        assert!(!shown.contains("19900101"), "{shown}");
    }

    #[test]
    fn a_permanent_resident_card_tells_the_nationality_in_its_own_code() {
        let read = |text| Document::parse(DocumentType::PermanentResident, text, TODAY).unwrap();
        assert_eq!(read("932682198501010017").nationality(), Some(Nationality::Numeric("682")));
        assert_eq!(read("PAK310080010103").nationality(), Some(Nationality::Alpha3("PAK")));
        let id = Document::parse(DocumentType::ResidentId, "31011819900101001X", TODAY).unwrap();
        assert_eq!((id.nationality(), id.severity()), (None, None));
        let odd = Document::parse(DocumentType::ResidentId, "990101199001010019", TODAY).unwrap();
        assert_eq!(odd.severity(), Some(Severity::Anomaly));
    }

    #[test]
    fn a_document_is_never_what_it_was_not_declared_to_be() {
        let number = "310118199001010010";
        assert!(Document::parse(DocumentType::CreditCode, number, TODAY).is_err());
        assert!(Document::parse(DocumentType::PermanentResident, number, TODAY).is_err());
    }

    proptest! {
        #[test]
        fn no_input_panics(kind in 0usize..9, text in "[\\PC\u{0}-\u{20}]{0,24}") {
            let _ = Document::parse(DocumentType::ALL[kind], &text, TODAY);
        }

        #[test]
        fn digits_do_not_panic(kind in 0usize..9, text in "[0-9XHM]{7,18}") {
            let _ = Document::parse(DocumentType::ALL[kind], &text, TODAY);
        }
    }
}
