//! What is wrong with a file of policies: what does not fit the schema and what the lint finds, in one
//! list, so that a writer sees everything at once.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::catalogue::{Problem, ProblemKind};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::file::{fits, read_json, typed, wrong};
use crate::cli::output::table;
use crate::domain::code::{Code, Refusal, Violation};
use crate::domain::funding::message::Policy;
use crate::domain::text::Language;
use crate::schema::Registry;

/// Schema of a policy.
const SCHEMA: &str = "funding.policy/1";

/// One line of the list.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Found {
    entry: String,
    at: String,
    problem: String,
    zh: String,
    en: String,
}

/// What is wrong with policies, as both forms of output show it.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Faults(Vec<Found>);

impl Faults {
    /// Adds what the lint found.
    pub(super) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.0.extend(problems.into_iter().map(Found::from));
    }

    /// A table; `None` where nothing is wrong.
    pub(super) fn text(&self) -> Option<String> {
        let line = |f: &Found| vec![f.entry.clone(), f.at.clone(), format!("{} / {}", f.zh, f.en)];
        let rows = self.0.iter().map(line);
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

impl From<Problem> for Found {
    fn from(Problem { entry, at, kind }: Problem) -> Self {
        let (zh, en) = kind.words();
        let (zh, en) = (zh.to_owned(), en.to_owned());
        Self { entry, at, problem: format!("{kind:?}"), zh, en }
    }
}

impl Found {
    /// What the schema refuses. A member that the lint has a name for is called by it whether it is
    /// absent or empty.
    fn unfit(entry: &str, code: Code, Violation { pointer, expected }: Violation) -> Self {
        let entry = entry.to_owned();
        let absent = expected.strip_prefix("required ").unwrap_or_default();
        let (holder, member) = if absent.is_empty() {
            pointer.rsplit_once('/').unwrap_or_default()
        } else {
            (pointer.as_str(), absent)
        };
        let kind = match (holder, member) {
            ("/amount", "unit") => ProblemKind::CapWithoutUnit,
            (_, "article" | "document" | "citation" | "source") => ProblemKind::NoArticle,
            _ => {
                let (zh, en) = (code.title(Language::Zh), code.title(Language::En));
                let (zh, en) = (format!("{zh}：{expected}"), format!("{en}: {expected}"));
                let problem = "SchemaViolation".to_owned();
                return Self { entry, at: pointer, problem, zh, en };
            }
        };
        Problem { entry, at: format!("{holder}/{member}"), kind }.into()
    }
}

/// Policies of a file in the form of `catalogue/policies`, and what is wrong with those that are none.
pub(super) fn policies(file: &Path) -> Outcome<(Vec<Policy>, Faults)> {
    let mut value = read_json(file)?;
    let list = value.get_mut("policies").map(Value::take);
    let Some(Value::Array(list)) = list else {
        let expected = "required policies: an array of bodies of funding.policy/1";
        let refusal = Refusal::new(Code::SchemaViolation).at("", expected);
        let hint = "catalogue/policies has examples of the form; funding.policy/1 is its schema";
        return Err(wrong(file, &[refusal]).hint(hint));
    };
    let registry = Registry::load().map_err(anyhow::Error::from)?;
    let (mut policies, mut faults) = (Vec::new(), Faults::default());
    for (i, policy) in list.into_iter().enumerate() {
        let id = policy.get("id").and_then(Value::as_str);
        let entry = id.map_or_else(|| format!("/policies/{i}"), str::to_owned);
        match fits(&registry, SCHEMA, &policy, "").and_then(|()| typed(policy, "")) {
            Ok(policy) => policies.push(policy),
            Err(Refusal { code, violations, .. }) => {
                faults.0.extend(violations.into_iter().map(|v| Found::unfit(&entry, code, v)));
            }
        }
    }
    // A text that is empty is also too short.
    faults.0.dedup();
    Ok((policies, faults))
}
