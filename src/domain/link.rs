//! `subject.link/1`: two subjects are the same, different, spouses or a team; dated, reversible.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::context::Operator;
use super::participant::ParticipantId;
use super::subject::TokenRef;
use super::time::Validity;

/// What a link says of its two subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// One person with two documents.
    Same,
    /// Certified as two persons.
    Different,
    /// 夫妻
    Spouse,
    /// Members of one team.
    Team,
}

impl LinkKind {
    /// Does it certify that its subjects are two persons? Nobody is married to oneself.
    pub const fn is_of_two(self) -> bool {
        matches!(self, Self::Different | Self::Spouse)
    }
}

/// Evidence of a link, without files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkEvidence {
    /// Both documents were shown together.
    DocumentsExamined,
    /// A register (marriage, population) says so.
    Register,
    /// The person declared it.
    SelfDeclared,
}

/// Are two subjects of one person certified as two ([`LinkKind::is_of_two`])? `different` are such pairs.
pub fn is_parted<S: Ord>(
    person: &BTreeSet<S>,
    different: impl IntoIterator<Item = [S; 2]>,
) -> bool {
    different.into_iter().any(|pair| pair.iter().all(|subject| person.contains(subject)))
}

/// One revision of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkBody {
    /// Id of the link in the sender's system.
    pub link: String,
    /// 1, 2, 3 … without gaps.
    pub revision: u32,
    /// What it says.
    pub kind: LinkKind,
    /// The two subjects. Both must occur in the sender's records; the second in those of `holder`,
    /// where one is named.
    pub subjects: [TokenRef; 2],
    /// Whose records of a passport the second subject is: another district's records of one passport
    /// are a subject of their own. Absent, it is the sender's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<ParticipantId>,
    /// When it holds in the world.
    pub validity: Validity,
    /// Evidence.
    pub evidence: LinkEvidence,
    /// Two distinct operators for `same`; one suffices for `suspected`.
    pub operators: Vec<Operator>,
    /// Is the link taken back by this revision?
    #[serde(default)]
    pub withdrawn: bool,
}
