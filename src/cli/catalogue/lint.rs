//! `catalogue lint`: checks that types cannot make.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::problems::{Faults, policies};
use crate::catalogue::Catalogue;
use crate::cli::failure::Outcome;
use crate::cli::output::Form;
use crate::config::CalendarSection;

/// Find unknown kinds, clauses without an article or phrase, overlapping versions and the like
///
/// Everything that is wrong is listed at once and ends the command with exit code 4: what does not fit
/// the schema of a policy, and in the policies that do, what a schema cannot say.
#[derive(Debug, Args)]
pub struct Lint {
    /// Policies to check together with those that ship with this binary
    file: Option<PathBuf>,
    /// Folder with further notices of working days (<year>.json), as [calendar] of the gateway names it
    #[arg(long, value_name = "DIR")]
    calendar: Option<PathBuf>,
}

impl Lint {
    pub(super) fn run(self, form: Form) -> Outcome {
        let mut catalogue = Arc::unwrap_or_clone(embedded()?);
        if let Some(folder) = self.calendar {
            CalendarSection { folder }.add_to(&mut catalogue)?;
        }
        let mut problems = Faults::default();
        if let Some(file) = self.file {
            let (policies, unfit) = policies(&file)?;
            catalogue.policies.extend(policies);
            problems = unfit;
        }
        problems.extend(catalogue.lint());
        let counts = catalogue.counts();
        let value = json!({
            "policies": counts.policies,
            "examples": counts.examples,
            "clauses": counts.clauses,
            "further_clauses": counts.further_clauses,
            "kinds": counts.kinds,
            "rules": counts.rules,
            "questions": counts.questions,
            "calendar_years": counts.years,
            "code_lists": counts.code_lists,
            "schemes": counts.schemes,
            "problems": problems,
        });
        form.print(&value, |_| {
            let head = format!(
                "{} policies, {} examples, {} clauses and {} further, {} kinds, {} rules, {} open questions, \
                 {} code lists, {} schemes, working days of {} years",
                counts.policies,
                counts.examples,
                counts.clauses,
                counts.further_clauses,
                counts.kinds,
                counts.rules,
                counts.questions,
                counts.code_lists,
                counts.schemes,
                counts.years
            );
            match problems.text() {
                None => format!("{head}: no problem"),
                Some(found) => format!("{head}\n{found}"),
            }
        })?;
        problems.into_outcome()
    }
}

pub(super) fn embedded() -> Outcome<Arc<Catalogue>> {
    Ok(Catalogue::embedded().map_err(anyhow::Error::from)?)
}
