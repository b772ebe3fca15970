//! Does what a message says fit itself and the catalogue? Asked by the gateway of records and
//! applications, and of those in a case file.

use super::Catalogue;
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::message::Terms;
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::record::life_cycle::Action;

impl Catalogue {
    /// Dates in order, and entries that can hold together.
    pub fn check_content<S>(&self, record: &Record<S>) -> Result<(), Refusal>
    where
        S: PartialEq,
    {
        if !record.head().validity.is_ordered() {
            return Err(Refusal::new(Code::DateImpossible).at("/body/validity", "order"));
        }
        match record.contradiction() {
            Some(place) => Err(Refusal::new(Code::RecordContradiction)
                .at(format!("/body{place}"), "entries that can hold together")),
            None => Ok(()),
        }
    }

    /// Schemes, classes and codes that the catalogue knows are named as it knows them. Who has a
    /// complete list certifies under a scheme of it, or of another authority that is known.
    pub fn check_classes<S>(
        &self,
        record: &Record<S>,
        sender: &ParticipantId,
    ) -> Result<(), Refusal> {
        let schemes = &self.schemes;
        match record {
            Record::Certification(record) => {
                let complete = schemes.authority(sender.as_str()).is_some_and(|a| a.complete);
                let says = matches!(record.head.action, Action::Issue | Action::Amend);
                if says && complete && schemes.owner(&record.scheme).is_none() {
                    return Err(Refusal::new(Code::SchemeUnknown)
                        .at("/body/scheme", "a scheme of a known authority"));
                }
                schemes.check_certification(record)
            }
            Record::Qualification(record) => schemes.check_qualification(&self.codes, record),
            _ => Ok(()),
        }
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
