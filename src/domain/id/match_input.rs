//! The exact bytes that a matching token is made of (`formats.md` §6.1):
//! `ydt-match/v1` LF domain LF document type LF number.

use std::fmt;

use zeroize::Zeroizing;

use super::notice::{IdRefusal, Reason};
use super::number::{PersonKey, clean};
use super::uscc::Uscc;
use crate::domain::subject::{Token, TokenRef};

/// First line of every input. A change of any rule of normalisation needs a new one.
pub const LABEL: &str = "ydt-match/v1";

/// Longest number of an object, in bytes.
pub const OBJECT_NUMBER_MAX: usize = 192;

/// What people write where there is no number. As an input it would join every such lease.
const NO_NUMBER: [&str; 9] = ["无", "暂无", "不详", "未知", "无编号", "NONE", "NULL", "N/A", "NA"];

/// Keeps apart what must not be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Domain {
    /// Persons: certifications, grants and sanctions of one person must meet.
    Talent,
    /// Leases, property units, certificates, employers.
    Object,
}

impl Domain {
    /// The word in the input.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Talent => "talent",
            Self::Object => "object",
        }
    }
}

/// Objects that have a number of their own but no parser here; an employer enters as [`Uscc`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// 租赁合同备案号: number of a registered lease.
    Lease,
    /// 不动产单元号: number of a property unit.
    PropertyUnit,
    /// Number of a certificate (职业资格, 技能等级 …).
    Certificate,
}

impl ObjectKind {
    /// The word that stands where a document type stands for persons. Employers use `001`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lease => "lease",
            Self::PropertyUnit => "property-unit",
            Self::Certificate => "certificate",
        }
    }
}

/// An input for the VOPRF. Only made from parsed parts, so that one thing has one input; wiped from
/// memory on drop, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct MatchInput {
    bytes: Zeroizing<Vec<u8>>,
    composite: bool,
}

impl MatchInput {
    /// Of a person.
    pub fn talent(key: &PersonKey) -> Result<Self, IdRefusal> {
        let input = Self::assemble(Domain::Talent, key.document_type().code(), key.expose())?;
        Ok(Self { composite: key.is_composite(), ..input })
    }

    /// Of an employer.
    pub fn employer(code: &Uscc) -> Result<Self, IdRefusal> {
        Self::assemble(Domain::Object, "001", code.as_str())
    }

    /// Of a lease, a property unit or a certificate: trimmed, half-width, upper case, no white space
    /// inside, at most 64 characters and [`OBJECT_NUMBER_MAX`] bytes.
    pub fn object(kind: ObjectKind, number: &str) -> Result<Self, IdRefusal> {
        let number = clean(number)?;
        if number.len() > OBJECT_NUMBER_MAX {
            return Err(Reason::TooLong.into());
        }
        let zeros = number.chars().all(|c| c == '0' || !c.is_alphanumeric());
        if zeros || NO_NUMBER.contains(&number.as_str()) {
            return Err(Reason::Placeholder.into());
        }
        Self::assemble(Domain::Object, kind.as_str(), &number)
    }

    /// The bytes to blind.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Is a match of it a candidate only, because it is made of the data of a passport?
    pub fn is_composite(&self) -> bool {
        self.composite
    }

    /// The reference for messages, around the token that was made of this input.
    pub fn reference(&self, token: Token, epoch: u32) -> TokenRef {
        TokenRef { token, epoch, composite: self.composite }
    }

    fn assemble(domain: Domain, kind: &str, number: &str) -> Result<Self, IdRefusal> {
        // A control character would let two different parts make the same bytes.
        if let Some(i) = number.chars().position(char::is_control) {
            return Err(IdRefusal::at(Reason::Character, i + 1));
        }
        let text = Zeroizing::new(format!("{LABEL}\n{}\n{kind}\n{number}", domain.as_str()));
        Ok(Self { bytes: Zeroizing::new(text.as_bytes().to_vec()), composite: false })
    }
}

impl fmt::Debug for MatchInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MatchInput(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::id::{Document, DocumentType, PassportIdentity};

    const TODAY: jiff::civil::Date = jiff::civil::date(2026, 1, 1);

    fn talent(document_type: DocumentType, text: &str) -> MatchInput {
        let document = Document::parse(document_type, text, TODAY).unwrap();
        MatchInput::talent(document.person_key().unwrap()).unwrap()
    }

    #[test]
    fn the_bytes_are_these() {
        let input = talent(DocumentType::ResidentId, " 11010519491231002ｘ");
        assert_eq!(input.expose(), b"ydt-match/v1\ntalent\n111\n11010519491231002X");
        let code = Uscc::parse("91350200ma2yj1xr9g").unwrap();
        let input = MatchInput::employer(&code).unwrap();
        assert_eq!(input.expose(), b"ydt-match/v1\nobject\n001\n91350200MA2YJ1XR9G");
        let input = MatchInput::object(ObjectKind::Lease, "沪青租2023-0001").unwrap();
        assert_eq!(input.expose(), "ydt-match/v1\nobject\nlease\n沪青租2023-0001".as_bytes());
        assert_eq!(format!("{input:?}"), "MatchInput(..)");
    }

    #[test]
    fn the_token_of_a_passport_alone_is_a_candidate() {
        let passport = Document::parse(DocumentType::Passport, "X1234567", TODAY).unwrap();
        let birth = jiff::civil::date(1980, 2, 29);
        let identity = PassportIdentity::parse("CAN", &passport, birth, "XU CESHI").unwrap();
        let token = Token::from_bytes([1; 32]);
        let marked = |input: MatchInput| input.reference(token, 1).composite;
        assert!(marked(MatchInput::talent(identity.person_key()).unwrap()));
        assert!(!marked(talent(DocumentType::ResidentId, "11010519491231002X")));
        assert!(!marked(MatchInput::object(ObjectKind::Certificate, "X1234567").unwrap()));
    }

    #[test]
    fn what_stands_for_no_number_is_none() {
        for text in ["无", " 暂无 ", "0", "000000", "-", "/", "n/a", "null", "0-0"] {
            let refused = MatchInput::object(ObjectKind::Certificate, text).unwrap_err();
            assert_eq!(refused.reason, Reason::Placeholder, "{text}");
        }
        assert!(MatchInput::object(ObjectKind::PropertyUnit, "A-0").is_ok());
    }

    #[test]
    fn a_reissued_permit_and_an_old_number_stay_the_same_person() {
        let permit = DocumentType::HongKongMacaoPermit;
        assert_eq!(talent(permit, "H1234567800"), talent(permit, "h1234567803"));
        let id = DocumentType::ResidentId;
        assert_eq!(talent(id, "110105491231002"), talent(id, "11010519491231002X"));
    }

    proptest! {
        #[test]
        fn no_object_number_brings_a_line_of_its_own(text in "[\\PC\u{0}-\u{9f}]{0,80}") {
            if let Ok(input) = MatchInput::object(ObjectKind::Certificate, &text) {
                prop_assert_eq!(input.expose().split(|b| *b == b'\n').count(), 4);
            }
        }
    }
}
