//! From a plain identifier of a story to the number of its subject, by way of the bytes that its token
//! would be made of.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::id::{
    Document, DocumentType, IdRefusal, MatchInput, ObjectKind, PassportIdentity, Uscc,
    VerificationSource,
};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, SubjectId};

/// A day on which every number of a story exists.
const TODAY: Date = Date::constant(2026, 1, 1);

/// Who vouches for credit codes of stories whose check digit is wrong.
const OPERATOR: &str = "op-synth";

/// A message of a story that is not of the form of its type. Holds no value of it.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Its body.
    #[error("a body is not of the form of its type")]
    Body(#[from] serde_json::Error),
    /// An identifier.
    #[error("an identifier is refused: {}", .0.reason.as_str())]
    Identifier(IdRefusal),
    /// Something that stories do not hold.
    #[error("{0} does not occur in stories")]
    Unexpected(&'static str),
}

impl From<IdRefusal> for Unreadable {
    fn from(refusal: IdRefusal) -> Self {
        Self::Identifier(refusal)
    }
}

/// Subjects by what their tokens are made of, those of passports by whose records they are of too.
#[derive(Default)]
pub(super) struct Subjects(BTreeMap<(Vec<u8>, Option<ParticipantId>), SubjectId>);

impl Subjects {
    /// The number of a subject in what `owner` says; a new one gets the next.
    pub(super) fn number(
        &mut self,
        plain: &Ref<Value>,
        owner: &ParticipantId,
    ) -> Result<SubjectId, Unreadable> {
        let input = match plain {
            Ref::Talent(person) => talent(person)?,
            Ref::Object(object) => thing(object)?,
        };
        let next = SubjectId(u64::try_from(self.0.len()).unwrap_or(u64::MAX));
        let owner = input.is_composite().then(|| owner.clone());
        Ok(*self.0.entry((input.expose().to_vec(), owner)).or_insert(next))
    }

    /// Pairs of subjects that are two districts' records of one passport.
    pub(super) fn of_one_passport(&self) -> impl Iterator<Item = [SubjectId; 2]> {
        let passports = || self.0.iter().filter(|((_, owner), _)| owner.is_some());
        passports().flat_map(move |((one, _), a)| {
            let others = passports().filter(move |((other, _), b)| one == other && *a < **b);
            others.map(move |(_, b)| [*a, *b])
        })
    }
}

/// What the token of a person is made of.
pub(super) fn talent(person: &Value) -> Result<MatchInput, Unreadable> {
    let text = |name: &str| person[name].as_str().unwrap_or_default();
    let document_type = DocumentType::parse(text("document_type"));
    let document_type = document_type.ok_or(Unreadable::Unexpected("another document"))?;
    let document = Document::parse(document_type, text("number"), TODAY)?;
    if document_type == DocumentType::Passport {
        let birth = read(&person["birth"])?;
        let identity =
            PassportIdentity::parse(text("nationality"), &document, birth, text("latin_name"))?;
        return Ok(MatchInput::talent(identity.person_key())?);
    }
    let key = document.person_key().ok_or(Unreadable::Unexpected("a number that is no key"))?;
    Ok(MatchInput::talent(key)?)
}

fn thing(object: &Value) -> Result<MatchInput, Unreadable> {
    if let Some(code) = object["uscc"].as_str() {
        let code = match object["verification_source"].as_str() {
            None => Uscc::parse(code)?,
            Some(source) => {
                Uscc::parse_with_evidence(code, VerificationSource::parse(source, OPERATOR)?)?
            }
        };
        return Ok(MatchInput::employer(&code)?);
    }
    if let Some(number) = object["certificate"].as_str() {
        return Ok(MatchInput::object(ObjectKind::Certificate, number)?);
    }
    let lease = object["lease"].as_str().ok_or(Unreadable::Unexpected("another object"))?;
    Ok(MatchInput::object(ObjectKind::Lease, lease)?)
}

/// A body as its type.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Unreadable> {
    Ok(T::deserialize(value)?)
}
