//! `funding assess`: the duplicate-funding check on a file of facts, offline.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::{Exit, Failure, Outcome};
use super::language::Lang;
use super::output::{Form, line};
use super::session::read_input;
use crate::catalogue::Catalogue;
use crate::domain::explain;
use crate::domain::funding::assess::assess;
use crate::domain::funding::case_file::CaseFile;
use crate::domain::funding::facts::Facts;

const EXAMPLES: &str = "\
Examples:
  talent-gateway funding assess tests/cases/T09-*.json
  talent-gateway funding assess case.json --lang en --json

Holds, grants and payments are messages: `message new funding.hold/1`, then `message send`.
An application that states what it expects fails with exit code 4 when something else comes out.";

/// Check funding before paying (重复资助核查)
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Funding {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Assess every application of a case file against its facts and the catalogue
    Assess {
        /// Case file; - for standard input
        file: PathBuf,
        /// Language of the explanation
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
}

impl Funding {
    pub(super) fn run(self, form: Form) -> Outcome {
        let Verb::Assess { file, lang } = self.verb;
        let case: CaseFile = serde_json::from_str(&read_input(&file)?).map_err(|error| {
            Failure::text(Exit::Usage, format!("{}: {error}", file.display()))
                .hint("the files in tests/cases show the form")
        })?;
        let mut facts = Facts::default();
        Catalogue::embedded().map_err(anyhow::Error::from)?.fill(&mut facts);
        let mut differences = Vec::new();
        for step in case.load(&mut facts) {
            let assessment = assess(&facts, &step.application, step.as_of);
            let value = json!({ "application": step.name, "assessment": assessment });
            form.print(&value, |_| {
                let lines = explain::summary(&assessment, lang.into());
                format!("[{}] {}", step.name, lines.join("\n    "))
            })?;
            let expected = step.expect.iter().flat_map(|e| e.differences(&assessment));
            differences.extend(expected.map(|d| format!("[{}] {d}", step.name)));
        }
        if differences.is_empty() {
            return Ok(());
        }
        if form == Form::Human {
            line(&differences.join("\n"))?;
        }
        Err(Failure::text(
            Exit::Unverified,
            format!("{} expectations are not met", differences.len()),
        ))
    }
}
