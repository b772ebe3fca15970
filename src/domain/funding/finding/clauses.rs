//! What a finding rests on: never nothing.

use serde::{Deserialize, Serialize};

use crate::domain::citation::Citation;

/// A list of clauses that is never empty: no clause, no finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Citation>", into = "Vec<Citation>")]
pub struct Clauses(Vec<Citation>);

/// There was no clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a finding without a clause")]
pub struct NoClause;

impl TryFrom<Vec<Citation>> for Clauses {
    type Error = NoClause;

    fn try_from(clauses: Vec<Citation>) -> Result<Self, NoClause> {
        if clauses.is_empty() { Err(NoClause) } else { Ok(Self(clauses)) }
    }
}

impl From<Clauses> for Vec<Citation> {
    fn from(clauses: Clauses) -> Self {
        clauses.0
    }
}

impl Clauses {
    /// One clause.
    pub fn one(citation: Citation) -> Self {
        Self(vec![citation])
    }

    /// With one more; a repeated one is left out.
    #[must_use]
    pub fn and(mut self, citation: Citation) -> Self {
        if !self.0.contains(&citation) {
            self.0.push(citation);
        }
        self
    }

    /// The first clause.
    pub fn first(&self) -> Option<&Citation> {
        self.0.first()
    }

    /// The clauses in order.
    pub fn iter(&self) -> impl Iterator<Item = &Citation> {
        self.0.iter()
    }
}
