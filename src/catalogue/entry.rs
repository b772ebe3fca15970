//! Entries of the catalogue beside policies and kinds.

use serde::{Deserialize, Serialize};

use crate::domain::citation::Citation;
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::text::Text;

/// A clause that several policies share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// `qingpu/annex4/exclusivity-inner`
    pub id: String,
    /// Where it stands.
    pub citation: Citation,
    /// Where else the document says the same of another of its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Citation>,
    /// The rules that it switches on.
    pub rules: Vec<RuleId>,
    /// Does it come from a document and not from the list of clauses that was given?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub further: bool,
    /// The shares in percent that it parts people by, in the order of the tiers. The district draws the
    /// tiers; no rule computes with them (Q16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares_percent: Vec<u8>,
    /// What it means, in our words.
    pub meaning: Text,
}

impl Clause {
    /// Does it stand at this place?
    pub fn stands_at(&self, citation: &Citation) -> bool {
        self.citation == *citation || self.also.contains(citation)
    }
}

/// A rule of duplicate-funding checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleTitle {
    /// Its number.
    pub id: RuleId,
    /// Its title.
    pub title: Text,
    /// Where it stands.
    pub citations: Vec<Citation>,
    /// Open questions that bear on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionId>,
}
