//! Attested yes/no facts about a subject or an enterprise (`fact/1`): registered and tax-paying,
//! 参公, no home owned in the district …

use serde::{Deserialize, Serialize};

use super::life_cycle::{Record, RecordHead};

/// One revision of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Shared members; `subject` is the person, or the enterprise where `about` says so.
    #[serde(flatten)]
    pub head: RecordHead,
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

impl Record for Fact {
    fn head(&self) -> &RecordHead {
        &self.head
    }
}
