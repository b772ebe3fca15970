//! The tables of `synth report` and their lines as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::Reported;
use crate::catalogue::{Catalogue, RuleTitle};
use crate::cli::output::table;
use crate::synth::{Counts, LookUps, Score};

/// A rule of funding.
#[derive(Debug, Serialize)]
pub(super) struct RuleLine {
    rule: String,
    title: String,
    expected: u64,
    found: u64,
    negatives: u64,
    #[serde(flatten)]
    counts: Counts,
    precision_permille: Option<u64>,
    recall_permille: Option<u64>,
}

/// An outcome, legal effect, rule, column of hours or word about a service.
#[derive(Debug, Serialize)]
pub(super) struct LookUpLine {
    /// Which of them.
    of: &'static str,
    name: String,
    expected: u64,
    found: u64,
    /// Look-ups that have it.
    positives: u64,
    hits: u64,
    false_alarms: u64,
    misses: u64,
    precision_permille: Option<u64>,
    recall_permille: Option<u64>,
}

impl RuleLine {
    pub(super) fn of(catalogue: &Catalogue, score: &Score) -> Vec<Self> {
        let line = |rule: &RuleTitle| {
            let counts = score.rules.get(&rule.id.to_string()).copied().unwrap_or_default();
            Self {
                rule: rule.id.to_string(),
                title: rule.title.en.clone(),
                expected: counts.hits + counts.misses,
                found: counts.hits + counts.false_alarms,
                negatives: score.checks - counts.positives,
                counts,
                precision_permille: counts.precision_permille(),
                recall_permille: counts.recall_permille(),
            }
        };
        catalogue.rules.iter().map(line).collect()
    }
}

impl LookUpLine {
    pub(super) fn of(look_ups: &LookUps) -> Vec<Self> {
        let lines = look_ups.tables().into_iter().flat_map(|(of, counts)| {
            counts.iter().map(move |(name, c)| Self {
                of,
                name: name.clone(),
                expected: c.hits + c.misses,
                found: c.hits + c.false_alarms,
                positives: c.positives,
                hits: c.hits,
                false_alarms: c.false_alarms,
                misses: c.misses,
                precision_permille: c.precision_permille(),
                recall_permille: c.recall_permille(),
            })
        });
        lines.collect()
    }
}

fn percent(permille: Option<u64>) -> String {
    permille.map_or("–".to_owned(), |p| format!("{}.{} %", p / 10, p % 10))
}

/// The tables and the sums. Writing to a string does not fail.
pub(super) fn told(reported: &Reported) -> String {
    let mut out = funding(&reported.rules);
    out += "\n\nRecognition and services 互认与服务\n";
    out += &recognition(&reported.recognition);
    let Score { checks, findings, verdicts_right, errors, .. } = &reported.score;
    let more = match (reported.live, reported.apart) {
        (true, _) => " through gateway and connectors".to_owned(),
        (false, apart) => format!(" and {apart} apart"),
    };
    let _ = write!(
        out,
        "\n\n{} talents of seed {}{more}: {checks} checks, {findings} findings, {verdicts_right} verdicts right; \
         {} look-ups, {} right\n\
         {:.1} s, {:.0} checks/s, {:.0} findings/s\n",
        reported.talents,
        reported.seed,
        reported.look_ups.asked,
        reported.look_ups.right,
        reported.seconds,
        reported.checks_per_s,
        reported.findings_per_s,
    );
    for error in errors.iter().chain(&reported.look_ups.errors) {
        let _ = writeln!(out, "  story {} ({}): {}", error.story, error.kind, error.what);
    }
    out
}

fn funding(rules: &[RuleLine]) -> String {
    let rows = rules.iter().map(|line| {
        let Counts { hits, false_alarms, misses, positives, near_misses, .. } = line.counts;
        let numbers = [positives, line.negatives, near_misses, hits, false_alarms, misses];
        let mut row = vec![line.rule.clone(), line.title.clone()];
        row.extend(numbers.map(|n| n.to_string()));
        row.extend([percent(line.precision_permille), percent(line.recall_permille)]);
        row
    });
    let heads = [
        "rule",
        "title",
        "positives",
        "negatives",
        "near",
        "true",
        "false",
        "missed",
        "precision",
        "recall",
    ];
    table(&heads, rows)
}

fn recognition(lines: &[LookUpLine]) -> String {
    let rows = lines.iter().map(|line| {
        let mut row = vec![line.of.to_owned(), line.name.clone()];
        let numbers = [line.positives, line.hits, line.false_alarms, line.misses];
        row.extend(numbers.map(|n| n.to_string()));
        row.extend([percent(line.precision_permille), percent(line.recall_permille)]);
        row
    });
    let heads = ["", "name", "positives", "true", "false", "missed", "precision", "recall"];
    table(&heads, rows)
}
