//! `synth report`: precision and recall per rule. Longer than other files by its help text and its tests.

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
use crate::cli::demo;
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::output::{Form, progress, table};
use crate::domain::funding::facts::RuleFacts;
use crate::synth::{self, Counts, Score, Story, Unreadable};

/// Print precision and recall per rule against the truth
///
/// Each message body is read as the type that the gateway reads, each identifier becomes the bytes
/// that its token would be made of, and `assess` judges the facts: the same function that answers
/// the server. Signatures, tokens, log and fold are left out; --live plays hard cases through the
/// whole of them. One story in fifty more needs an exchange of its own (rulings, leaked keys) and is
/// judged beside the others. A finding is right when rule, outcome and open questions are those of the
/// truth. CLEAR findings of R13-R16, R19 and R28 only show arithmetic and do not count. Positives,
/// negatives and near misses are checks: those in which a rule has something to find, the others,
/// and those of the others that were written to look like it.
///
/// Exit code 4 when precision or recall of a rule is below --least, or a verdict is wrong.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// Number of generated talents; 100000 without --live, 300 with it
    #[arg(long, value_name = "N", value_parser = talents())]
    talents: Option<u32>,
    /// Seed of the generator
    #[arg(long, value_name = "S", default_value_t = 2026)]
    seed: u64,
    /// Least precision and recall of every rule, in permille
    #[arg(long, value_name = "PERMILLE", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(..=1_000))]
    least: u64,
    /// Play the first N talents with a hard case through a gateway and six connectors made for it
    #[arg(long)]
    live: bool,
}

/// Talents without and with `--live`.
const TALENTS: [u32; 2] = [100_000, 300];
/// Most talents of `--live`: their stories are kept in memory.
const LIVE_MAX: u32 = 20_000;
/// One story apart for so many talents, and each kind once at least.
const APART_EVERY: usize = 50;

/// Stories that a worker takes at a time.
const PORTION: usize = 500;
/// Most workers.
const WORKERS_MAX: usize = 16;

/// The report as it is printed.
#[derive(Debug, Serialize)]
struct Reported {
    talents: u32,
    apart: usize,
    live: bool,
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
    negatives: u64,
    #[serde(flatten)]
    counts: Counts,
    precision_permille: Option<u64>,
    recall_permille: Option<u64>,
}

impl Report {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
        let talents = self.talents.unwrap_or(TALENTS[usize::from(self.live)]);
        let count = usize::try_from(talents).unwrap_or(usize::MAX);
        let started = Instant::now();
        let (score, apart) = if self.live {
            if talents > LIVE_MAX {
                let text = format!("--live takes at most {LIVE_MAX} talents");
                return Err(Failure::text(Exit::Usage, text));
            }
            let hard = synth::stories(self.seed, 0..usize::MAX).filter(|s| s.kind != ORDINARY);
            let hard: Vec<Story> = hard.take(count).collect();
            (demo::played(&hard, self.seed).await?, 0)
        } else {
            let apart = (count / APART_EVERY).max(synth::kinds_apart().count());
            let rules = rules(&catalogue)?;
            let bar = progress(u64::try_from(count + apart).unwrap_or(0), "judging");
            let mut score = judge(0..count, &rules, &bar, |r| synth::stories(self.seed, r))?;
            let more = judge(0..apart, &rules, &bar, |r| synth::stories_apart(self.seed, r))?;
            bar.finish_and_clear();
            score.merge(more);
            (score, apart)
        };
        let seconds = started.elapsed().as_secs_f64();
        let per_second =
            |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / seconds.max(1e-9);
        let reported = Reported {
            talents,
            apart,
            live: self.live,
            seed: self.seed,
            seconds,
            findings_per_s: per_second(score.findings),
            checks_per_s: per_second(score.checks),
            rules: lines(&catalogue, &score),
            score,
        };
        form.print(&reported, told)?;
        held_to(&reported.score, self.least)
    }
}

/// Name of the stories in which there is nothing to find.
const ORDINARY: &str = "ordinary";

/// A truth that was missed, an alarm that was false, a wrong verdict: the report says no.
fn held_to(score: &Score, least: u64) -> Outcome {
    let below = score.least_permille().is_some_and(|l| l < least);
    if below || score.checks > score.verdicts_right {
        let text = format!("a rule is below {least} permille, or a verdict is wrong");
        return Err(Failure::text(Exit::Unverified, text));
    }
    Ok(())
}

/// Judges a range of stories on all cores; memory does not grow with the range.
fn judge<S: Iterator<Item = Story>>(
    range: Range<usize>,
    rules: &Arc<RuleFacts>,
    bar: &ProgressBar,
    stories: impl Fn(Range<usize>) -> S + Sync,
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
            for story in stories(from..to) {
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
            negatives: score.checks - counts.positives,
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
    let mut out = table(&heads, rows);
    let Score { checks, findings, verdicts_right, errors, .. } = &reported.score;
    let more = match (reported.live, reported.apart) {
        (true, _) => " through gateway and connectors".to_owned(),
        (false, apart) => format!(" and {apart} apart"),
    };
    let _ = write!(
        out,
        "\n\n{} talents of seed {}{more}: {checks} checks, {findings} findings, {verdicts_right} verdicts right\n\
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::Act;

    /// The exit code that a story of this kind leads to when its truth is `bent`.
    fn exit(kind: &str, bent: impl Fn(&mut Act)) -> Outcome {
        let rules = rules(&Catalogue::embedded().unwrap()).unwrap();
        let mut score = Score::default();
        let mut stories = synth::stories(5, 0..5_000);
        let mut story = stories.find(|s| s.kind == kind).unwrap();
        story.acts.iter_mut().for_each(bent);
        synth::play(&story, &rules, |truth, found| score.add((0, "bent"), truth, found)).unwrap();
        held_to(&score, 1_000)
    }

    #[test]
    fn a_truth_that_is_missed_and_a_false_alarm_fail_the_report() {
        exit("same-kind-twice", |_| ()).unwrap();
        let found_though_not_there = exit("same-kind-twice", |act| {
            act.truth.iter_mut().for_each(|t| t.findings.clear());
        });
        found_though_not_there.unwrap_err();
        let mut stories = synth::stories(5, 0..5_000);
        let other = stories.find(|s| s.kind == "integrity-record").unwrap();
        let shown = other.truths().next().unwrap().findings.clone();
        // The verdict is right all the same: R35 shows a record, and decides nothing.
        let missed = exit("ordinary", |act| {
            act.truth.iter_mut().for_each(|t| t.findings.extend(shown.clone()));
        });
        missed.unwrap_err();
    }
}
