//! What districts do around one talent, as messages in the order of time, and what a check of them
//! must find. The truth is stated where a story is written, never worked out by the engine.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::look_up::LookUp;
use super::person::Person;
use super::plain::District;
use crate::domain::funding::finding::Verdict;
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::registry::MessageType;

/// One message of a district.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// Who sends it.
    pub district: District,
    /// Its type.
    pub message: MessageType,
    /// Its body with plain identifiers. What only the moment of sending knows is left out: `expires`
    /// of a hold, `target` and `date` of a consent.
    pub body: Value,
    /// What must be found: a check before paying has it, nothing else has.
    pub truth: Option<Truth>,
    /// What must be answered: a question of recognition or of entitlement has it, nothing else has.
    pub look_up: Option<LookUp>,
}

impl Act {
    /// Where the connector takes it.
    pub fn path(&self) -> String {
        match self.message {
            MessageType::FundingQuery => "/local/v1/check".to_owned(),
            MessageType::RecognitionQuery => "/local/v1/recognise".to_owned(),
            MessageType::EntitlementQuery => "/local/v1/entitlement".to_owned(),
            other => format!("/local/v1/messages/{}", other.as_str()),
        }
    }
}

/// A finding that must come out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Label {
    /// The rule.
    pub rule: RuleId,
    /// Its outcome.
    pub outcome: Verdict,
    /// The open questions that it turns on, complete.
    pub questions: BTreeSet<QuestionId>,
}

/// What one check must find: these and no others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// The findings, without repetition.
    pub findings: BTreeSet<Label>,
    /// Is a fact missing that somebody has to be asked for?
    pub lacks: bool,
    /// Rules that the case looks like and that must not be found: near misses.
    pub near: BTreeSet<RuleId>,
}

/// Rules whose CLEAR finding only shows the arithmetic or the counter; it is no finding in the sense
/// of precision and recall. A CLEAR finding of any other rule tells an officer something.
const ARITHMETIC: [u8; 6] = [13, 14, 15, 16, 19, 28];

/// Does a finding count for precision and recall?
pub fn counts(rule: RuleId, outcome: Verdict) -> bool {
    outcome != Verdict::Clear || !ARITHMETIC.contains(&rule.number())
}

impl Truth {
    /// Nothing stands against it.
    pub(super) fn clear() -> Self {
        Self::default()
    }

    /// With a finding.
    pub(super) fn and(mut self, rule: u8, outcome: Verdict, questions: &[u8]) -> Self {
        self.findings.insert(Label {
            rule: RuleId::new(rule),
            outcome,
            questions: questions.iter().map(|q| QuestionId::new(*q)).collect(),
        });
        self
    }

    /// A fact is missing.
    pub(super) fn lacking(self) -> Self {
        Self { lacks: true, ..self }
    }

    /// Looking like these rules, as far as they are not found.
    pub(super) fn near(mut self, rules: &[u8]) -> Self {
        let found: BTreeSet<RuleId> = self.findings.iter().map(|l| l.rule).collect();
        let near = rules.iter().map(|rule| RuleId::new(*rule));
        self.near.extend(near.filter(|rule| !found.contains(rule)));
        self
    }

    /// The strictest outcome.
    pub fn verdict(&self) -> Verdict {
        let found = self.findings.iter().map(|l| l.outcome).max().unwrap_or(Verdict::Clear);
        if self.lacks { found.max(Verdict::Refer) } else { found }
    }

    /// Is a finding of this rule expected?
    pub fn has(&self, rule: RuleId) -> bool {
        self.findings.iter().any(|l| l.rule == rule)
    }
}

/// What happens around one talent.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// Place in the sequence, from 0.
    pub index: usize,
    /// What it is about: a name of [`super::kinds`] or [`super::kinds_apart`].
    pub kind: &'static str,
    /// Which papers the talent carries besides: a name of [`super::paper_kinds`].
    pub papers: Option<&'static str>,
    /// The talent first, then whoever else occurs.
    pub people: Vec<Person>,
    /// Messages, in order. The order inside a story matters, between stories it does not.
    pub acts: Vec<Act>,
}

impl Story {
    /// The name under which its look-ups are told.
    pub fn look_up_kind(&self) -> &'static str {
        self.papers.unwrap_or(self.kind)
    }

    /// The checks with their truth.
    pub fn truths(&self) -> impl Iterator<Item = &Truth> {
        self.acts.iter().filter_map(|a| a.truth.as_ref())
    }

    /// The look-ups with their truth.
    pub fn look_ups(&self) -> impl Iterator<Item = &LookUp> {
        self.acts.iter().filter_map(|a| a.look_up.as_ref())
    }
}
