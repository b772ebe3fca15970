//! `synth`: generated districts with ground truth, and how well the rules find it.

mod report;
mod write;

use clap::{Args, Subcommand};
use serde_json::json;

use self::report::Report;
use self::write::Write;
use super::failure::Outcome;
use super::output::{Form, table};
use crate::synth::{self, Match, PaperKind};

const EXAMPLES: &str = "\
Examples:
  talent-gateway synth report                          100,000 talents: precision and recall
  talent-gateway synth report --talents 2000 --json
  talent-gateway synth report --live --talents 300     the same through gateway and connectors
  talent-gateway synth write --talents 600 --out synth
  talent-gateway synth kinds                           what each kind of story shows and resembles

The people do not exist, but a number with right check digits may be somebody's: for test systems only.
See docs/synth.md.";

/// Generate fictitious districts with ground truth (虚构数据)
///
/// Seeded: one seed gives the same people, messages and expected findings for ever. Most talents
/// are ordinary, every third has a hard case: of each rule kinds that must be found and kinds that
/// only look like it, and combinations of them; every sixth carries papers of several
/// districts, with questions whether they count. The truth is stated where a story is written, or
/// derived from its messages in a second way, and never asked of the engine.
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
    /// List the kinds of stories, with the rules that each shows or only resembles, and of papers
    Kinds,
}

/// Numbers of persons do not meet below this many talents.
const TALENTS_MAX: i64 = 10_000_000;

fn talents() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=TALENTS_MAX)
}

impl Synth {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::Report(report) => report.run(form).await,
            Verb::Write(write) => write.run(form),
            Verb::Kinds => kinds(form),
        }
    }
}

/// Kinds of papers show no rule of funding.
fn paper_line(kind: &PaperKind) -> serde_json::Value {
    json!({ "kind": kind.name, "papers": true, "combined": kind.combined, "linked": kind.linked })
}

fn kinds(form: Form) -> Outcome {
    let names = |rules: &[u8]| rules.iter().map(|r| format!("R{r:02}")).collect::<Vec<_>>();
    let kinds = synth::kinds().map(|k| (k, false));
    let kinds: Vec<_> = kinds.chain(synth::kinds_apart().map(|k| (k, true))).collect();
    let value = kinds.iter().map(|(kind, apart)| {
        json!({
            "kind": kind.name,
            "shows": names(kind.shows),
            "resembles": names(kind.resembles),
            "matching": kind.matching,
            "combined": kind.combined,
            "apart": apart,
        })
    });
    let value: Vec<_> = value.chain(synth::paper_kinds().map(paper_line)).collect();
    form.print(&value, |_| {
        let rows = kinds.iter().map(|(kind, apart)| {
            let matching = match kind.matching {
                None => "",
                Some(Match::Number) => "one person by number",
                Some(Match::Link) => "one person by link",
                Some(Match::Never) => "no match",
            };
            let combined = if kind.combined { "drawn, derived" } else { matching };
            let more = if *apart { "exchange of its own" } else { combined };
            let rules = [kind.shows, kind.resembles].map(|rules| names(rules).join(" "));
            let [shows, resembles] = rules;
            vec![kind.name.to_owned(), shows, resembles, more.to_owned()]
        });
        let papers = synth::paper_kinds().map(|kind| {
            let more = if kind.combined { "papers, drawn" } else { "papers" };
            vec![kind.name.to_owned(), String::new(), String::new(), more.to_owned()]
        });
        let rows = rows.chain(papers);
        table(&["kind", "shows", "resembles", ""], rows)
    })
}
