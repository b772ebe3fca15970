//! `catalogue lint`: checks for policy writers.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::{Exit, Failure, Outcome};
use super::output::{Form, table};
use super::session::read_input;
use crate::catalogue::Catalogue;

const EXAMPLES: &str = "\
Examples:
  talent-gateway catalogue lint                    what ships with this binary
  talent-gateway catalogue lint my-policies.json   with a file in the form of catalogue/policies";

/// Check the policy catalogue
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct CatalogueCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Find unknown kinds, clauses without an article, overlapping versions and the like
    Lint {
        /// Policies to check together with those that ship with this binary
        file: Option<PathBuf>,
    },
}

impl CatalogueCommand {
    pub(super) fn run(self, form: Form) -> Outcome {
        let Verb::Lint { file } = self.verb;
        let shipped = Catalogue::embedded().map_err(anyhow::Error::from)?;
        let mut catalogue = Arc::unwrap_or_clone(shipped);
        if let Some(file) = file {
            let name = file.display().to_string();
            let policies = Catalogue::read_policies(&name, &read_input(&file)?)
                .map_err(|error| Failure::new(Exit::Usage, error))?;
            catalogue.policies.extend(policies);
        }
        let problems = catalogue.lint();
        let counts = catalogue.counts();
        let value = json!({
            "policies": counts.policies,
            "examples": counts.examples,
            "clauses": counts.clauses,
            "kinds": counts.kinds,
            "rules": counts.rules,
            "questions": counts.questions,
            "calendar_years": counts.years,
            "problems": problems
                .iter()
                .map(|p| json!({ "entry": p.entry, "problem": format!("{:?}", p.kind) }))
                .collect::<Vec<_>>(),
        });
        form.print(&value, |_| {
            let found = problems.iter().map(|p| vec![p.entry.clone(), format!("{:?}", p.kind)]);
            let head = format!(
                "{} policies, {} examples, {} clauses, {} kinds, {} rules, {} open questions, \
                 working days of {} years",
                counts.policies,
                counts.examples,
                counts.clauses,
                counts.kinds,
                counts.rules,
                counts.questions,
                counts.years
            );
            if problems.is_empty() {
                format!("{head}: no problem")
            } else {
                format!("{head}\n{}", table(&["entry", "problem"], found))
            }
        })?;
        if problems.is_empty() {
            return Ok(());
        }
        Err(Failure::text(Exit::Unverified, format!("{} problems", problems.len())))
    }
}
