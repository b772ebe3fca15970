//! `catalogue`: what policy writers run on the policy data.

mod codes;
mod diff;
mod lint;
mod phrases;
mod problems;

use clap::{Args, Subcommand};

use self::codes::Codes;
use self::diff::Diff;
use self::lint::Lint;
use self::phrases::PhrasesCommand;
use super::failure::Outcome;
use super::output::Form;

const EXAMPLES: &str = "\
Examples:
  talent-gateway catalogue lint                    what ships with this binary
  talent-gateway catalogue lint my-policies.json   with a file in the form of catalogue/policies
  talent-gateway catalogue diff my-policies.json tests/cases/*.json
  talent-gateway catalogue codes                   code lists; NAME@VERSION prints one
  talent-gateway catalogue codes skill-level@eight --map 特级技师 --to skill-level@five
  talent-gateway catalogue phrases --documents DIR   each quoted phrase in the documents' own text";

/// Check the policy catalogue (政策目录)
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct CatalogueCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Codes(Codes),
    Lint(Lint),
    Diff(Diff),
    Phrases(PhrasesCommand),
}

impl CatalogueCommand {
    pub(super) fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::Codes(codes) => codes.run(form),
            Verb::Lint(lint) => lint.run(form),
            Verb::Diff(diff) => diff.run(form),
            Verb::Phrases(phrases) => phrases.run(form),
        }
    }
}
