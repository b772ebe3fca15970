//! A case file: facts, rules and a question, for policy writers, tests and `recognise --case`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::alliance::{Alliance, Alliances};
use super::answer::{Flag, HoursOfYear, Outcome, Proof, Recognition, RecordFinding};
use super::catalogue::{self, CatalogueError};
use super::effect::Effect;
use super::entitlement::entitlement;
use super::query::Question;
use super::recognise::recognise;
use super::view::{Holdings, LoggedRule, MemoryView};

/// A case. Talents are labels of its own (`试甲`), never names of persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecognitionCase {
    /// What the case shows; begins with the outcome.
    pub title: String,
    /// Size of the log that is known.
    pub known_at: u64,
    /// Talents and what is recorded of them.
    pub talents: Vec<Talent>,
    /// Rules in the log.
    #[serde(default)]
    pub rules: Vec<LoggedRule>,
    /// Are the rules that ship with the binary known too, as if logged at position 0?
    #[serde(default)]
    pub catalogue: bool,
    /// Alliances beside those that ship with the binary, or in place of one with the same code.
    #[serde(default)]
    pub alliances: Vec<Alliance>,
    /// The question.
    pub question: Question<String>,
    /// What must come out, where the case is a test.
    #[serde(default)]
    pub expected: Option<Expected>,
}

/// The part of an answer that a case fixes; words and copies of the rules are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Outcome over all records.
    pub outcome: Outcome,
    /// Per record, in the order of the answer.
    #[serde(default)]
    pub records: Vec<ExpectedRecord>,
    /// Sums of hours.
    #[serde(default)]
    pub hours: Vec<HoursOfYear>,
    /// Whether the service is open to the talent; only where the question names one.
    #[serde(default)]
    pub entitled: Option<bool>,
    /// Fellow members of an alliance that are listed but not covered, by their English names.
    #[serde(default)]
    pub not_connected: Vec<String>,
}

/// What must come out for one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedRecord {
    /// The record.
    pub record: String,
    /// Its outcome.
    pub outcome: Outcome,
    /// Its effect, if any.
    #[serde(default)]
    pub effect: Option<Effect>,
    /// Its flags.
    #[serde(default)]
    pub flags: Vec<Flag>,
    /// Ids of the rules listed.
    #[serde(default)]
    pub rules: Vec<String>,
    /// How far the preconditions of those rules are proven, in order.
    #[serde(default)]
    pub proofs: Vec<Proof>,
    /// Log positions.
    pub evidence: Vec<u64>,
}

impl From<&Recognition> for Expected {
    fn from(answer: &Recognition) -> Self {
        Self {
            outcome: answer.outcome,
            records: answer.records.iter().map(ExpectedRecord::from).collect(),
            hours: answer.hours.clone(),
            entitled: entitlement(answer).map(|e| e.entitled),
            not_connected: answer.not_connected.iter().map(|m| m.name.en.clone()).collect(),
        }
    }
}

impl From<&RecordFinding> for ExpectedRecord {
    fn from(finding: &RecordFinding) -> Self {
        let preconditions = finding.rules.iter().flat_map(|r| &r.preconditions);
        Self {
            record: finding.record.clone(),
            outcome: finding.outcome,
            effect: finding.effect(),
            flags: finding.flags.clone(),
            rules: finding.rules.iter().map(|r| r.rule.clone()).collect(),
            proofs: preconditions.map(|p| p.proof).collect(),
            evidence: finding.evidence.clone(),
        }
    }
}

/// A talent of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Talent {
    /// Label that the question refers to.
    pub label: String,
    /// What is recorded.
    pub holdings: Holdings,
}

impl RecognitionCase {
    /// Does it hold what its question leaves out, because it was logged later?
    pub fn looks_back(&self) -> bool {
        let size = self.known_at;
        let later = |talent: &Talent| talent.holdings.known_at(size) != talent.holdings;
        self.rules.iter().any(|logged| logged.position >= size) || self.talents.iter().any(later)
    }

    /// Answers the case's question. Fails only where the catalogue of the binary is broken.
    pub fn answer(&self) -> Result<Recognition, CatalogueError> {
        let shipped = if self.catalogue { catalogue::rules()? } else { Vec::new() };
        let known = if self.catalogue { catalogue::alliances()? } else { Alliances::default() };
        let known = known.all().iter().chain(&self.alliances).cloned();
        let alliances = Arc::new(Alliances::new(known));
        let shipped = shipped.into_iter().map(|rule| LoggedRule { position: 0, rule });
        let talents = self.talents.iter().map(|t| (t.label.clone(), t.holdings.clone()));
        let rules = shipped.chain(self.rules.iter().cloned());
        let view = MemoryView::new(self.known_at, talents, rules)
            .with_alliances(alliances)
            .with_places(catalogue::places()?);
        Ok(recognise(&view, &self.question))
    }
}
