//! Precision and recall of the findings against the generator's ground truth, per rule.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::synth::PlainApplication;
use crate::synth::plain::LABELLED_RULES;

/// Counts of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Found, and there.
    pub hits: u32,
    /// Found, but not there.
    pub false_alarms: u32,
    /// There, but not found.
    pub misses: u32,
}

impl Counts {
    /// Of what was found, how much was there; in permille. `None` when nothing was found.
    pub fn precision_permille(self) -> Option<u32> {
        permille(self.hits, self.hits + self.false_alarms)
    }

    /// Of what was there, how much was found; in permille. `None` when nothing was there.
    pub fn recall_permille(self) -> Option<u32> {
        permille(self.hits, self.hits + self.misses)
    }
}

fn permille(part: u32, whole: u32) -> Option<u32> {
    (whole > 0).then(|| part * 1_000 / whole)
}

/// The score so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Per rule.
    pub rules: BTreeMap<String, Counts>,
    /// Checks that were asked.
    pub checks: u32,
    /// Verdicts as they came.
    pub verdicts: BTreeMap<String, u32>,
}

impl Score {
    /// Adds one check. Only the rules that the generator labels are compared.
    pub fn add(&mut self, application: &PlainApplication, assessment: &Value) {
        self.checks += 1;
        let verdict = assessment["verdict"].as_str().unwrap_or("?").to_owned();
        *self.verdicts.entry(verdict).or_default() += 1;
        let expected: BTreeSet<(String, String)> = application
            .expected
            .iter()
            .map(|e| (e.rule.to_owned(), e.outcome.as_str().to_owned()))
            .collect();
        let found: BTreeSet<(String, String)> = findings(assessment)
            .filter(|(rule, outcome)| LABELLED_RULES.contains(&rule.as_str()) && outcome != "CLEAR")
            .collect();
        for (rule, _) in expected.intersection(&found) {
            self.rules.entry(rule.clone()).or_default().hits += 1;
        }
        for (rule, _) in found.difference(&expected) {
            self.rules.entry(rule.clone()).or_default().false_alarms += 1;
        }
        for (rule, _) in expected.difference(&found) {
            self.rules.entry(rule.clone()).or_default().misses += 1;
        }
    }
}

fn findings(assessment: &Value) -> impl Iterator<Item = (String, String)> + '_ {
    assessment["findings"].as_array().into_iter().flatten().filter_map(|finding| {
        Some((finding["rule"].as_str()?.to_owned(), finding["outcome"].as_str()?.to_owned()))
    })
}
