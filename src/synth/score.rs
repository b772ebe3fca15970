//! Precision and recall of findings against the truth of stories, per rule. A finding is right when
//! rule, outcome and open questions are those of the truth.

mod look_up;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

pub use self::look_up::LookUps;
use super::act::{Label, Truth, counts};
use crate::domain::funding::finding::{Assessment, Verdict};
use crate::domain::funding::id::RuleId;

/// Errors that are kept.
const ERRORS_KEPT: usize = 10;

/// Counts of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Found, and there.
    pub hits: u64,
    /// Found, but not there.
    pub false_alarms: u64,
    /// There, but not found.
    pub misses: u64,
    /// Checks in which the rule has something to find; in all the others it has not.
    pub positives: u64,
    /// Checks that only look like it.
    pub near_misses: u64,
    /// Near misses that the rule fell for.
    pub fooled: u64,
}

impl Counts {
    /// Of what was found, how much was there; in permille, rounded down. `None` when nothing was found.
    pub fn precision_permille(self) -> Option<u64> {
        (self.hits * 1_000).checked_div(self.hits + self.false_alarms)
    }

    /// Of what was there, how much was found; in permille, rounded down. `None` when nothing was there.
    pub fn recall_permille(self) -> Option<u64> {
        (self.hits * 1_000).checked_div(self.hits + self.misses)
    }

    fn add(&mut self, other: Self) {
        self.hits += other.hits;
        self.false_alarms += other.false_alarms;
        self.misses += other.misses;
        self.positives += other.positives;
        self.near_misses += other.near_misses;
        self.fooled += other.fooled;
    }

    /// Was it found, or should it have been?
    fn is_rated(self) -> bool {
        self.hits + self.false_alarms + self.misses > 0
    }
}

/// Where findings and truth differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Difference {
    /// Index of the story.
    pub story: usize,
    /// Its kind.
    pub kind: &'static str,
    /// What differs: `missed R05 REFER Q01`, `found R13 CAPPED`, `verdict CLEAR, not REFER`.
    pub what: String,
}

/// The score so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Checks.
    pub checks: u64,
    /// Findings that count, of all checks.
    pub findings: u64,
    /// Checks whose verdict over all is that of the truth.
    pub verdicts_right: u64,
    /// Verdicts as they came.
    pub verdicts: BTreeMap<String, u64>,
    /// Per rule.
    pub rules: BTreeMap<String, Counts>,
    /// The first differences, by story.
    pub errors: BTreeSet<Difference>,
}

impl Score {
    /// Adds a check that was assessed here.
    pub fn add(&mut self, story: (usize, &'static str), truth: &Truth, assessment: &Assessment) {
        let found = assessment.findings.iter().map(|f| Label {
            rule: f.rule,
            outcome: f.outcome,
            questions: f.questions.iter().copied().collect(),
        });
        let found = found.filter(|l| counts(l.rule, l.outcome)).collect();
        self.compare(story, truth, &found, assessment.verdict);
    }

    /// Adds a check that the gateway answered.
    pub fn add_answer(&mut self, story: (usize, &'static str), truth: &Truth, assessment: &Value) {
        let findings = assessment["findings"].as_array().into_iter().flatten();
        let found = findings.filter_map(|finding| {
            let outcome = serde_json::from_value(finding["outcome"].clone()).ok()?;
            let rule: RuleId = finding["rule"].as_str()?.parse().ok()?;
            let questions = serde_json::from_value(finding["questions"].clone()).ok()?;
            Some(Label { rule, outcome, questions })
        });
        let found = found.filter(|l| counts(l.rule, l.outcome)).collect();
        let verdict = serde_json::from_value(assessment["verdict"].clone());
        self.compare(story, truth, &found, verdict.unwrap_or(Verdict::Clear));
    }

    /// Adds what another part of the stories gave.
    pub fn merge(&mut self, other: Self) {
        self.checks += other.checks;
        self.findings += other.findings;
        self.verdicts_right += other.verdicts_right;
        for (verdict, n) in other.verdicts {
            *self.verdicts.entry(verdict).or_default() += n;
        }
        for (rule, counts) in other.rules {
            self.rules.entry(rule).or_default().add(counts);
        }
        for error in other.errors {
            keep(&mut self.errors, error);
        }
    }

    /// The least precision or recall of any rule that was found or should have been.
    pub fn least_permille(&self) -> Option<u64> {
        least_permille(&self.rules)
    }

    fn compare(
        &mut self,
        (story, kind): (usize, &'static str),
        truth: &Truth,
        found: &BTreeSet<Label>,
        verdict: Verdict,
    ) {
        self.checks += 1;
        self.findings += u64::try_from(found.len()).unwrap_or(0);
        *self.verdicts.entry(word(verdict)).or_default() += 1;
        let rules = |labels: &BTreeSet<Label>| -> BTreeSet<RuleId> {
            labels.iter().map(|l| l.rule).collect()
        };
        for rule in rules(&truth.findings) {
            self.rules.entry(rule.to_string()).or_default().positives += 1;
        }
        let found_rules = rules(found);
        for rule in &truth.near {
            let counts = self.rules.entry(rule.to_string()).or_default();
            counts.near_misses += 1;
            counts.fooled += u64::from(found_rules.contains(rule));
        }
        let mut differ = |what: String| {
            keep(&mut self.errors, Difference { story, kind, what });
        };
        if verdict == truth.verdict() {
            self.verdicts_right += 1;
        } else {
            differ(format!("verdict {}, not {}", word(verdict), word(truth.verdict())));
        }
        for label in found.union(&truth.findings) {
            let rule = self.rules.entry(label.rule.to_string()).or_default();
            match (found.contains(label), truth.findings.contains(label)) {
                (true, true) => rule.hits += 1,
                (true, false) => {
                    rule.false_alarms += 1;
                    differ(format!("found {}", told(label)));
                }
                _ => {
                    rule.misses += 1;
                    differ(format!("missed {}", told(label)));
                }
            }
        }
    }
}

/// The least precision or recall of those that were found or should have been.
fn least_permille(counts: &BTreeMap<String, Counts>) -> Option<u64> {
    let both = |c: &Counts| [c.precision_permille().unwrap_or(0), c.recall_permille().unwrap_or(0)];
    counts.values().filter(|c| c.is_rated()).flat_map(both).min()
}

/// Keeps the first differences.
fn keep(errors: &mut BTreeSet<Difference>, error: Difference) {
    errors.insert(error);
    if errors.len() > ERRORS_KEPT {
        errors.pop_last();
    }
}

fn word(verdict: Verdict) -> String {
    let word = serde_json::to_value(verdict).ok();
    word.and_then(|w| w.as_str().map(str::to_owned)).unwrap_or_default()
}

fn told(label: &Label) -> String {
    let questions: Vec<String> = label.questions.iter().map(ToString::to_string).collect();
    format!("{} {} {}", label.rule, word(label.outcome), questions.join(" ")).trim_end().to_owned()
}
