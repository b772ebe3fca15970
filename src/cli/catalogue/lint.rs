//! `catalogue lint`: checks that types cannot make.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::output::{Form, table};
use crate::cli::session::read_input;
use crate::domain::funding::message::Policy;

/// Find unknown kinds, clauses without an article or phrase, overlapping versions and the like
#[derive(Debug, Args)]
pub struct Lint {
    /// Policies to check together with those that ship with this binary
    file: Option<PathBuf>,
}

impl Lint {
    pub(super) fn run(self, form: Form) -> Outcome {
        let mut catalogue = Arc::unwrap_or_clone(embedded()?);
        if let Some(file) = self.file {
            catalogue.policies.extend(policies(&file)?);
        }
        let problems = catalogue.lint();
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
            "problems": problems
                .iter()
                .map(|p| json!({ "entry": p.entry, "problem": format!("{:?}", p.kind) }))
                .collect::<Vec<_>>(),
        });
        form.print(&value, |_| {
            let found = problems.iter().map(|p| vec![p.entry.clone(), format!("{:?}", p.kind)]);
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

pub(super) fn embedded() -> Outcome<Arc<Catalogue>> {
    Ok(Catalogue::embedded().map_err(anyhow::Error::from)?)
}

/// Policies of a file in the form of `catalogue/policies`.
pub(super) fn policies(file: &Path) -> Outcome<Vec<Policy>> {
    Catalogue::read_policies(&file.display().to_string(), &read_input(file)?)
        .map_err(|error| Failure::new(Exit::Usage, error))
}
