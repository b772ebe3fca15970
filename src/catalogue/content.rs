//! Does what a message says fit itself and the catalogue? Asked by the gateway of records and
//! applications, and of those in a case file.

use super::Catalogue;
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::carriers::recognition_facts;
use crate::domain::funding::message::{Ruling, Terms};
use crate::domain::near::slip_of;
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::record::life_cycle::Action;

impl Catalogue {
    /// Dates in order, entries that can hold together, and hours that a year can have.
    pub fn check_content<S>(&self, record: &Record<S>) -> Result<(), Refusal>
    where
        S: PartialEq,
    {
        if !record.head().validity.is_ordered() {
            return Err(Refusal::new(Code::DateImpossible).at("/body/validity", "order"));
        }
        if let Record::Qualification(qualification) = record
            && let Some(hours) = &qualification.hours
        {
            hours.check(qualification.head.attestation.as_of)?;
        }
        // A certificate is not seen before it is issued; where its month or year does not tell, nothing is
        // said against it.
        let as_of = record.head().attestation.as_of;
        if record.issued_on().and_then(|issued| issued.is_after(as_of)) == Some(true) {
            return Err(Refusal::new(Code::DateImpossible)
                .at("/body/issued_on", "not after attestation/as_of"));
        }
        match record.contradiction() {
            Some(place) => Err(Refusal::new(Code::RecordContradiction)
                .at(format!("/body{place}"), "entries that can hold together")),
            None => Ok(()),
        }
    }

    /// Schemes, classes and codes that the catalogue knows are named as it knows them, and decided by
    /// whom it knows to issue. The scheme of a member outside the directory is taken on its word, as
    /// long as it says whose it is and is no slip in the id of a known one; so is a fact of a district's own. Without a `sender`, what only some may send is not asked.
    pub fn check_classes<S>(
        &self,
        record: &Record<S>,
        sender: Option<&ParticipantId>,
    ) -> Result<(), Refusal> {
        let schemes = &self.schemes;
        match record {
            Record::Certification(record) => {
                let says = matches!(record.head.action, Action::Issue | Action::Amend);
                let known = !schemes.versions(&record.scheme).is_empty();
                if says && !known && !record.scheme.contains('-') {
                    return Err(Refusal::new(Code::SchemeUnknown)
                        .at("/body/scheme", "a scheme whose id begins with its authority"));
                }
                if says && !known {
                    self.no_slip(&record.scheme)?;
                }
                schemes.check_certification(record)?;
                // A certification may be filed by another district for the one that decided.
                schemes.check_issuer(&record.scheme, &record.head, None)
            }
            Record::Qualification(record) => {
                let says = matches!(record.head.action, Action::Issue | Action::Amend);
                if says && schemes.qualification(&record.scheme).is_none() {
                    self.no_slip(&record.scheme)?;
                }
                schemes.check_qualification(&self.codes, record)?;
                schemes.check_issuer(&record.scheme, &record.head, sender)
            }
            Record::Fact(record) => match slip_of(&record.name, recognition_facts()) {
                Some(near) => Err(Refusal::new(Code::FactUnknown).at("/body/name", near).detail(
                    "没有这一事实，名称与所列事实只差一两个字母，请核对",
                    "no such fact; the name is a letter or two away from a known one",
                )),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// A slip of the pen in a known scheme would be a record that no rule ever reads.
    fn no_slip(&self, scheme: &str) -> Result<(), Refusal> {
        match self.near_scheme(scheme) {
            Some(near) => Err(Refusal::new(Code::SchemeUnknown).at("/body/scheme", near).detail(
                "没有这一体系，编号与已知体系只差一两个字母，请核对",
                "no such scheme; the id is a letter or two away from a known one",
            )),
            None => Ok(()),
        }
    }

    /// A ruling settles a question for those whose question it is: the owners that the catalogue names,
    /// or, where it names none, each district for itself. It chooses a reading that the question has; one
    /// that computes nothing is kept and cited in its own words.
    pub fn check_ruling(&self, ruling: &Ruling, district: &ParticipantId) -> Result<(), Refusal> {
        let question = self.question(ruling.question);
        let owned = question.filter(|q| q.owners.is_empty() || q.owners.contains(district));
        let Some(question) = owned else {
            return Err(Refusal::new(Code::QuestionNotOwned)
                .at("/body/question", "a question of the sender"));
        };
        let readings: Vec<&str> = question.readings.iter().map(|r| r.code.as_str()).collect();
        if !readings.is_empty() && !readings.contains(&ruling.reading.as_str()) {
            let expected = readings.join(", ");
            return Err(Refusal::new(Code::ReadingUnknown).at("/body/reading", expected));
        }
        if ruling.validity.is_ordered() {
            return Ok(());
        }
        Err(Refusal::new(Code::DateImpossible).at("/body/validity", "order"))
    }

    /// The class that an application or a grant relies on exists, as far as anybody here can say.
    pub fn check_class<S>(&self, terms: &Terms<S>) -> Result<(), Refusal> {
        let Some(class) = &terms.class else { return Ok(()) };
        match self.schemes.has_class(&self.codes, &class.scheme, &class.class) {
            Some(false) => {
                Err(Refusal::new(Code::ClassUnknown).at("/body/class", "a class of its scheme"))
            }
            _ => Ok(()),
        }
    }
}
