//! Attested yes/no facts about a subject or an enterprise (`fact/1`): registered and tax-paying,
//! 参公, no home owned in the district …

use serde::{Deserialize, Serialize};

use super::life_cycle::RecordHead;
use crate::domain::subject::{Ref, TokenRef};

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
    /// Where this says the opposite of another one of the same subject, below the body.
    pub fn denies<T>(&self, other: &Fact<T>) -> Option<&'static str> {
        (self.name == other.name && self.value != other.value).then_some("/value")
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
