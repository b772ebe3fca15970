//! Attested yes/no facts about a subject or an enterprise (`fact/1`): registered and tax-paying,
//! 参公, no home owned in the district …

use serde::{Deserialize, Serialize};

use super::life_cycle::{AttestationLevel, RecordHead};
use crate::domain::subject::{Ref, TokenRef};
use crate::domain::time::Validity;

/// One revision of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact<S = TokenRef> {
    /// Shared members; `subject` is the person, or the enterprise where `about` says so.
    #[serde(flatten)]
    pub head: RecordHead<S>,
    /// Whom the fact is about.
    pub about: FactSubject,
    /// Name of the fact from the versioned list in `docs/facts.md`: `owns-no-home-in-district` …
    pub name: String,
    /// Does it hold?
    pub value: bool,
}

/// What a sender says of a fact of one subject, as two words of one sender are compared.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// Name of the fact.
    pub name: &'a str,
    /// Does it hold?
    pub value: bool,
    /// How far it was checked.
    pub level: AttestationLevel,
    /// When.
    pub validity: Validity,
}

impl Statement<'_> {
    /// Is the other word of the same sender the opposite of this one for a day that both are about? A sender
    /// has one word about one fact of one subject in one period. What was checked better or less well may
    /// differ: the better counts.
    pub fn contradicts(&self, other: &Statement<'_>) -> bool {
        self.name == other.name
            && self.value != other.value
            && self.level == other.level
            && self.validity.meets(&other.validity)
    }
}

/// Whom a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactSubject {
    /// A talent (token domain `talent`).
    Talent,
    /// An enterprise (token domain `object`).
    Enterprise,
}

impl<S> Fact<S> {
    /// What it says.
    pub fn statement(&self) -> Statement<'_> {
        let (level, validity) = (self.head.attestation.level, self.head.validity);
        Statement { name: &self.name, value: self.value, level, validity }
    }

    /// The same record with every subject and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Fact<T>, E> {
        let about = self.about;
        let mut in_domain = |r: Ref<S>| match about {
            FactSubject::Talent => f(r),
            FactSubject::Enterprise => f(Ref::Object(r.into_inner())),
        };
        Ok(Fact {
            head: self.head.map(&mut in_domain)?,
            about: self.about,
            name: self.name,
            value: self.value,
        })
    }
}
