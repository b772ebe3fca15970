//! `synth report`: precision and recall per rule. Longer than other files by its help text and its tests.

mod told;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;

use self::told::{LookUpLine, RuleLine, told};
use super::talents;
use crate::catalogue::Catalogue;
use crate::cli::demo;
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::output::{Form, progress};
use crate::domain::funding::facts::RuleFacts;
use crate::synth::{self, LookUps, Rulebook, Score, Story, Unreadable};

/// Print precision and recall per rule, legal effect and outcome against the truth
///
/// Each message body is read as the type that the gateway reads, each identifier becomes the bytes
/// that its token would be made of, and `assess` and `recognise` judge the facts: the same functions that
/// answer the server. Signatures, tokens, log and fold are left out; --live plays hard cases through the
/// whole of them. One story in fifty more needs an exchange of its own (rulings, leaked keys) and is
/// judged beside the others. A finding is right when rule, outcome and open questions are those of the
/// truth. CLEAR findings of R13-R16, R19 and R28 only show arithmetic and do not count. Positives,
/// negatives and near misses are checks: those in which a rule has something to find, the others,
/// and those of the others that were written to look like it. Look-ups ask whether papers count in
/// another district, or open a service there; outcome, effect and rules are right when they are those of
/// the truth for this very record.
///
/// Exit code 4 when precision or recall is below --least, or a verdict or a look-up is wrong.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// Number of generated talents; 100000 without --live, 300 with it
    #[arg(long, value_name = "N", value_parser = talents())]
    talents: Option<u32>,
    /// Seed of the generator
    #[arg(long, value_name = "S", default_value_t = 2026)]
    seed: u64,
    /// Least precision and recall of every rule, effect and outcome, in permille
    #[arg(long, value_name = "PERMILLE", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(..=1_000))]
    least: u64,
    /// Play the first N talents with a hard case or papers through a gateway and six connectors made for it
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
    recognition: Vec<LookUpLine>,
    score: Score,
    look_ups: LookUps,
}

/// What was judged so far.
#[derive(Debug, Default)]
struct Judged {
    score: Score,
    look_ups: LookUps,
}

/// What it is judged with.
#[derive(Debug)]
struct Rules {
    funding: Arc<RuleFacts>,
    recognition: Rulebook,
}

impl Report {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
        let talents = self.talents.unwrap_or(TALENTS[usize::from(self.live)]);
        let count = usize::try_from(talents).unwrap_or(usize::MAX);
        let started = Instant::now();
        let (judged, apart) = if self.live {
            if talents > LIVE_MAX {
                let text = format!("--live takes at most {LIVE_MAX} talents");
                return Err(Failure::text(Exit::Usage, text));
            }
            let hard = synth::stories(self.seed, 0..usize::MAX)
                .filter(|s| s.kind != ORDINARY || s.papers.is_some());
            let hard: Vec<Story> = hard.take(count).collect();
            let (score, look_ups) = demo::played(&hard, self.seed).await?;
            (Judged { score, look_ups }, 0)
        } else {
            let apart = (count / APART_EVERY).max(synth::kinds_apart().count());
            let rules = Rules::of(&catalogue)?;
            let bar = progress(u64::try_from(count + apart).unwrap_or(0), "judging");
            let mut judged = judge(0..count, &rules, &bar, |r| synth::stories(self.seed, r))?;
            let more = judge(0..apart, &rules, &bar, |r| synth::stories_apart(self.seed, r))?;
            bar.finish_and_clear();
            judged.merge(more);
            (judged, apart)
        };
        let seconds = started.elapsed().as_secs_f64();
        let per_second =
            |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / seconds.max(1e-9);
        let Judged { score, look_ups } = judged;
        let reported = Reported {
            talents,
            apart,
            live: self.live,
            seed: self.seed,
            seconds,
            findings_per_s: per_second(score.findings),
            checks_per_s: per_second(score.checks),
            rules: RuleLine::of(&catalogue, &score),
            recognition: LookUpLine::of(&look_ups),
            score,
            look_ups,
        };
        form.print(&reported, told)?;
        held_to(&reported.score, &reported.look_ups, self.least)
    }
}

/// Name of the stories in which there is nothing to find.
const ORDINARY: &str = "ordinary";

/// A truth that was missed, an alarm that was false, a wrong verdict or look-up: the report says no.
fn held_to(score: &Score, look_ups: &LookUps, least: u64) -> Outcome {
    let all = [score.least_permille(), look_ups.least_permille()];
    let below = all.into_iter().flatten().any(|l| l < least);
    if below || score.checks > score.verdicts_right || look_ups.asked > look_ups.right {
        let text = format!("a rule is below {least} permille, or a verdict or look-up is wrong");
        return Err(Failure::text(Exit::Unverified, text));
    }
    Ok(())
}

impl Judged {
    fn add(&mut self, story: &Story, rules: &Rules) -> Result<(), Unreadable> {
        let Self { score, look_ups } = self;
        let name = (story.index, story.kind);
        synth::play(story, &rules.funding, |truth, found| score.add(name, truth, found))?;
        let name = (story.index, story.look_up_kind());
        synth::look_up(story, &rules.recognition, |at, truth, found| {
            look_ups.add(name, at.id(), &truth.expected, found);
        })
    }

    fn merge(&mut self, other: Self) {
        self.score.merge(other.score);
        self.look_ups.merge(other.look_ups);
    }
}

/// Judges a range of stories on all cores; memory does not grow with the range.
fn judge<S: Iterator<Item = Story>>(
    range: Range<usize>,
    rules: &Rules,
    bar: &ProgressBar,
    stories: impl Fn(Range<usize>) -> S + Sync,
) -> Result<Judged, Failure> {
    let next = AtomicUsize::new(range.start);
    let work = || -> Result<Judged, Unreadable> {
        let mut judged = Judged::default();
        loop {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            if from >= range.end {
                return Ok(judged);
            }
            let to = from.saturating_add(PORTION).min(range.end);
            for story in stories(from..to) {
                judged.add(&story, rules)?;
            }
            bar.inc(u64::try_from(to - from).unwrap_or(0));
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get().min(WORKERS_MAX));
    let parts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let mut judged = Judged::default();
    for part in parts {
        let part = part.map_err(|_| Failure::text(Exit::Failed, "a worker ended early"))?;
        judged.merge(part.map_err(anyhow::Error::from)?);
    }
    Ok(judged)
}

impl Rules {
    /// The rules of the catalogue with those of the prelude.
    fn of(catalogue: &Catalogue) -> Result<Self, Failure> {
        let mut rules = RuleFacts::default();
        catalogue.policies.iter().cloned().for_each(|p| rules.add_policy(p));
        catalogue.kinds.iter().cloned().for_each(|k| rules.add_kind(k));
        synth::prelude::fill(&mut rules).map_err(anyhow::Error::from)?;
        let recognition = Rulebook::shipped().map_err(anyhow::Error::from)?;
        Ok(Self { funding: Arc::new(rules), recognition })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{Act, Answered};

    /// The exit code that the first such story leads to when its truth is `bent`.
    fn exit(is: impl Fn(&Story) -> bool, bent: impl Fn(&mut Act)) -> Outcome {
        let rules = Rules::of(&Catalogue::embedded().unwrap()).unwrap();
        let mut judged = Judged::default();
        let mut story = synth::stories(5, 0..5_000).find(is).unwrap();
        story.acts.iter_mut().for_each(bent);
        judged.add(&story, &rules).unwrap();
        held_to(&judged.score, &judged.look_ups, 1_000)
    }

    #[test]
    fn a_truth_that_is_missed_and_a_false_alarm_fail_the_report() {
        let twice = |s: &Story| s.kind == "same-kind-twice";
        exit(twice, |_| ()).unwrap();
        let found_though_not_there = exit(twice, |act| {
            act.truth.iter_mut().for_each(|t| t.findings.clear());
        });
        found_though_not_there.unwrap_err();
        let mut stories = synth::stories(5, 0..5_000);
        let other = stories.find(|s| s.kind == "integrity-record").unwrap();
        let shown = other.truths().next().unwrap().findings.clone();
        // The verdict is right all the same: R35 shows a record, and decides nothing.
        let missed = exit(
            |s| s.kind == "ordinary",
            |act| act.truth.iter_mut().for_each(|t| t.findings.extend(shown.clone())),
        );
        missed.unwrap_err();
    }

    #[test]
    fn a_look_up_that_comes_to_something_else_fails_the_report() {
        let moved = |s: &Story| s.papers == Some("title-of-who-moved");
        exit(moved, |_| ()).unwrap();
        let other = exit(moved, |act| {
            if let Some(Answered::Recognition(truth)) =
                act.look_up.as_mut().map(|l| &mut l.expected)
            {
                truth.records.values_mut().for_each(|r| r.effect = None);
            }
        });
        other.unwrap_err();
        let opens = |s: &Story| s.papers == Some("service-that-a-class-opens");
        exit(opens, |_| ()).unwrap();
        let other = exit(opens, |act| {
            if let Some(Answered::Entitlement(truth)) =
                act.look_up.as_mut().map(|l| &mut l.expected)
            {
                truth.entitled = false;
            }
        });
        other.unwrap_err();
    }
}
