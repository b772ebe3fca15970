//! `catalogue lint`: checks that types cannot make.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::catalogue::{Catalogue, Problem};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::file::{fits, read_json, typed, wrong};
use crate::cli::output::{Form, table};
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::message::Policy;
use crate::schema::Registry;

/// Schema of a policy.
const SCHEMA: &str = "funding.policy/1";

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
        let problems = Faults(catalogue.lint());
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

/// What is wrong with policies, as both forms of output show it.
#[derive(Debug)]
pub(super) struct Faults(pub Vec<Problem>);

impl Faults {
    /// A table; `None` where nothing is wrong.
    pub(super) fn text(&self) -> Option<String> {
        let rows = self.0.iter().map(|p| {
            let (zh, en) = p.kind.words();
            vec![p.entry.clone(), p.at.clone(), format!("{zh} / {en}")]
        });
        (!self.0.is_empty()).then(|| table(&["entry", "member", "problem"], rows))
    }

    /// The end of the command.
    pub(super) fn into_outcome(self) -> Outcome {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Failure::text(Exit::Unverified, format!("{} problems", self.0.len())))
    }
}

impl Serialize for Faults {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|p| {
            let (zh, en) = p.kind.words();
            let problem = format!("{:?}", p.kind);
            json!({ "entry": p.entry, "at": p.at, "problem": problem, "zh": zh, "en": en })
        }))
    }
}

pub(super) fn embedded() -> Outcome<Arc<Catalogue>> {
    Ok(Catalogue::embedded().map_err(anyhow::Error::from)?)
}

/// Policies of a file in the form of `catalogue/policies`.
pub(super) fn policies(file: &Path) -> Outcome<Vec<Policy>> {
    let hint = "catalogue/policies has examples of the form; funding.policy/1 is its schema";
    let mut value = read_json(file)?;
    let list = value.get_mut("policies").map(Value::take);
    let Some(Value::Array(list)) = list else {
        let expected = "required policies: an array of bodies of funding.policy/1";
        let refusal = Refusal::new(Code::SchemaViolation).at("", expected);
        return Err(wrong(file, &[refusal]).hint(hint));
    };
    let registry = Registry::load().map_err(anyhow::Error::from)?;
    let (mut policies, mut found) = (Vec::new(), Vec::new());
    for (i, policy) in list.into_iter().enumerate() {
        let place = format!("/policies/{i}");
        let id = policy.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let read = fits(&registry, SCHEMA, &policy, &place).and_then(|()| typed(policy, &place));
        match read {
            Ok(policy) => policies.push(policy),
            Err(refusal) => {
                found.push(refusal.detail(format!("政策 {id}"), format!("policy {id}")));
            }
        }
    }
    if found.is_empty() { Ok(policies) } else { Err(wrong(file, &found).hint(hint)) }
}
