//! `synth report`: precision and recall per rule.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;

use super::talents;
use crate::catalogue::{Catalogue, RuleTitle};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::output::{Form, progress, table};
use crate::domain::funding::facts::RuleFacts;
use crate::synth::{self, Counts, Score, Unreadable};

/// Print precision and recall per rule against the truth
///
/// Each message body is read as the type that the gateway reads, each identifier becomes the bytes
/// that its token would be made of, and `assess` judges the facts: the same function that answers
/// the server. Signatures, tokens, log and fold are left out; `demo` plays the same stories through
/// the whole of them. A finding is right when rule, outcome and open questions are those of the
/// truth. CLEAR findings of R13-R16, R19 and R28 only show arithmetic and do not count.
///
/// Exit code 4 when precision or recall of a rule is below --least, or a verdict is wrong.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// Number of generated talents
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = talents())]
    talents: u32,
    /// Seed of the generator
    #[arg(long, value_name = "S", default_value_t = 2026)]
    seed: u64,
    /// Least precision and recall of every rule, in permille
    #[arg(long, value_name = "PERMILLE", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(..=1_000))]
    least: u64,
}

/// Stories that a worker takes at a time.
const PORTION: usize = 500;
/// Most workers.
const WORKERS_MAX: usize = 16;

/// The report as it is printed.
#[derive(Debug, Serialize)]
struct Reported {
    talents: u32,
    seed: u64,
    seconds: f64,
    findings_per_s: f64,
    checks_per_s: f64,
    rules: Vec<RuleLine>,
    score: Score,
}

#[derive(Debug, Serialize)]
struct RuleLine {
    rule: String,
    title: String,
    expected: u64,
    found: u64,
    #[serde(flatten)]
    counts: Counts,
    precision_permille: Option<u64>,
    recall_permille: Option<u64>,
}

impl Report {
    pub(super) fn run(&self, form: Form) -> Outcome {
        let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
        let rules = rules(&catalogue)?;
        let bar = progress(u64::from(self.talents), "judging");
        let started = Instant::now();
        let count = usize::try_from(self.talents).unwrap_or(usize::MAX);
        let score = judge(self.seed, 0..count, &rules, &bar)?;
        let seconds = started.elapsed().as_secs_f64();
        bar.finish_and_clear();
        let per_second =
            |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / seconds.max(1e-9);
        let lines = lines(&catalogue, &score);
        let reported = Reported {
            talents: self.talents,
            seed: self.seed,
            seconds,
            findings_per_s: per_second(score.findings),
            checks_per_s: per_second(score.checks),
            score,
            rules: lines,
        };
        form.print(&reported, told)?;
        let below = reported.score.least_permille().is_some_and(|least| least < self.least);
        let wrong = reported.score.checks - reported.score.verdicts_right;
        if below || wrong > 0 {
            let text = format!("a rule is below {} permille, or a verdict is wrong", self.least);
            return Err(Failure::text(Exit::Unverified, text));
        }
        Ok(())
    }
}

/// Judges a range of stories on all cores; memory does not grow with the range.
fn judge(
    seed: u64,
    range: Range<usize>,
    rules: &Arc<RuleFacts>,
    bar: &ProgressBar,
) -> Result<Score, Failure> {
    let next = AtomicUsize::new(range.start);
    let work = || -> Result<Score, Unreadable> {
        let mut score = Score::default();
        loop {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            if from >= range.end {
                return Ok(score);
            }
            let to = from.saturating_add(PORTION).min(range.end);
            for story in synth::stories(seed, from..to) {
                let name = (story.index, story.kind);
                synth::play(&story, rules, |truth, found| score.add(name, truth, found))?;
            }
            bar.inc(u64::try_from(to - from).unwrap_or(0));
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get().min(WORKERS_MAX));
    let parts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let mut score = Score::default();
    for part in parts {
        let part = part.map_err(|_| Failure::text(Exit::Failed, "a worker ended early"))?;
        score.merge(part.map_err(anyhow::Error::from)?);
    }
    Ok(score)
}

/// The rules of the catalogue with those of the prelude.
fn rules(catalogue: &Catalogue) -> Result<Arc<RuleFacts>, Failure> {
    let mut rules = RuleFacts::default();
    catalogue.policies.iter().cloned().for_each(|p| rules.add_policy(p));
    catalogue.kinds.iter().cloned().for_each(|k| rules.add_kind(k));
    synth::prelude::fill(&mut rules).map_err(anyhow::Error::from)?;
    Ok(Arc::new(rules))
}

fn lines(catalogue: &Catalogue, score: &Score) -> Vec<RuleLine> {
    let line = |rule: &RuleTitle| {
        let counts = score.rules.get(&rule.id.to_string()).copied().unwrap_or_default();
        RuleLine {
            rule: rule.id.to_string(),
            title: rule.title.en.clone(),
            expected: counts.hits + counts.misses,
            found: counts.hits + counts.false_alarms,
            counts,
            precision_permille: counts.precision_permille(),
            recall_permille: counts.recall_permille(),
        }
    };
    catalogue.rules.iter().map(line).collect()
}

/// The table and the sums. Writing to a string does not fail.
fn told(reported: &Reported) -> String {
    let percent = |permille: Option<u64>| {
        permille.map_or("–".to_owned(), |p| format!("{}.{} %", p / 10, p % 10))
    };
    let rows = reported.rules.iter().map(|line| {
        let Counts { hits, false_alarms, misses } = line.counts;
        let numbers = [line.expected, line.found, hits, false_alarms, misses];
        let mut row = vec![line.rule.clone(), line.title.clone()];
        row.extend(numbers.map(|n| n.to_string()));
        row.extend([percent(line.precision_permille), percent(line.recall_permille)]);
        row
    });
    let heads =
        ["rule", "title", "expected", "found", "true", "false", "missed", "precision", "recall"];
    let mut out = table(&heads, rows);
    let Score { checks, findings, verdicts_right, errors, .. } = &reported.score;
    let _ = write!(
        out,
        "\n\n{} talents of seed {}: {checks} checks, {findings} findings, {verdicts_right} verdicts right\n\
         {:.1} s, {:.0} checks/s, {:.0} findings/s\n",
        reported.talents,
        reported.seed,
        reported.seconds,
        reported.checks_per_s,
        reported.findings_per_s,
    );
    for error in errors {
        let _ = writeln!(out, "  story {} ({}): {}", error.story, error.kind, error.what);
    }
    out
}
