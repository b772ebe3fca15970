//! `synth`: generated districts with ground truth, and how well the rules find it.

mod report;
mod write;

use clap::{Args, Subcommand};
use serde_json::json;

use self::report::Report;
use self::write::Write;
use super::failure::Outcome;
use super::output::{Form, table};
use crate::synth;

const EXAMPLES: &str = "\
Examples:
  talent-gateway synth report                          100,000 talents: precision and recall per rule
  talent-gateway synth report --talents 2000 --json
  talent-gateway synth write --talents 600 --out synth
  talent-gateway synth kinds                           what each kind of story shows and resembles

The people do not exist, but a number with right check digits may be somebody's: for test systems only.
See docs/synth.md.";

/// Generate fictitious districts with ground truth (虚构数据)
///
/// Seeded: one seed gives the same people, messages and expected findings for ever. Most talents
/// are ordinary, every third has a hard case: of each rule one kind that must be found and one that
/// only looks like it. The truth is stated where a story is written and never asked of the engine.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Synth {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Report(Report),
    Write(Write),
    /// List the kinds of stories: the rules that each shows and the rules that it only resembles
    Kinds,
}

/// Numbers of persons do not meet below this many talents.
const TALENTS_MAX: i64 = 10_000_000;

fn talents() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=TALENTS_MAX)
}

impl Synth {
    pub(super) fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::Report(report) => report.run(form),
            Verb::Write(write) => write.run(form),
            Verb::Kinds => kinds(form),
        }
    }
}

fn kinds(form: Form) -> Outcome {
    let names = |rules: &[u8]| rules.iter().map(|r| format!("R{r:02}")).collect::<Vec<_>>();
    let kinds: Vec<_> =
        synth::kinds().map(|k| (k.name, names(k.shows), names(k.resembles))).collect();
    let value: Vec<_> = kinds
        .iter()
        .map(|(kind, shows, resembles)| json!({ "kind": kind, "shows": shows, "resembles": resembles }))
        .collect();
    form.print(&value, |_| {
        let rows = kinds.iter().map(|(k, s, r)| vec![(*k).to_owned(), s.join(" "), r.join(" ")]);
        table(&["kind", "shows", "resembles"], rows)
    })
}
