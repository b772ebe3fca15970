//! `catalogue diff`: what other policies would change, for which cases.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::lint::{embedded, policies};
use crate::catalogue::{Catalogue, Change};
use crate::cli::failure::Outcome;
use crate::cli::funding::read_case;
use crate::cli::output::{Form, table};
use crate::domain::explain;
use crate::domain::funding::assess::assess;
use crate::domain::funding::case_file::{CaseFile, Step};
use crate::domain::funding::facts::Facts;
use crate::domain::funding::finding::{Assessment, Verdict};
use crate::domain::text::Language;

/// Show what other policies change: entry by entry, and in the outcome of each case
///
/// A policy of FILE stands in for the shipped one of the same id and version; one with a new version
/// or id is added. Cases are files in the form of `funding assess`.
#[derive(Debug, Args)]
pub struct Diff {
    /// Policies in the form of catalogue/policies
    file: PathBuf,
    /// Cases to judge under both
    cases: Vec<PathBuf>,
}

/// What came out differently.
#[derive(Debug, Serialize)]
struct CaseChange {
    case: String,
    application: String,
    before: Outline,
    after: Outline,
}

/// As much of an assessment as tells two apart for a person.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Outline {
    verdict: Verdict,
    findings: Vec<String>,
    segments: Value,
    safe: Value,
}

#[derive(Debug, Serialize)]
struct Report {
    entries: Vec<Change>,
    cases: usize,
    changed: Vec<CaseChange>,
}

impl Diff {
    pub(super) fn run(self, form: Form) -> Outcome {
        let before = embedded()?;
        let mut after = Arc::unwrap_or_clone(Arc::clone(&before));
        let entries = after.replace(policies(&self.file)?);
        let mut report = Report { entries, cases: 0, changed: Vec::new() };
        for file in &self.cases {
            report.compare(&read_case(file)?, &before, &after)?;
        }
        form.print(&report, Report::text)
    }
}

impl Report {
    fn compare(&mut self, case: &CaseFile, before: &Catalogue, after: &Catalogue) -> Outcome {
        let old = judge(case, before)?;
        let new = judge(case, after)?;
        for ((name, before), (_, after)) in old.into_iter().zip(new) {
            self.cases += 1;
            if before != after {
                let (case, application) = (case.id.clone(), name);
                self.changed.push(CaseChange { case, application, before, after });
            }
        }
        Ok(())
    }

    fn text(&self) -> String {
        let mut out = Vec::new();
        if self.entries.is_empty() {
            out.push("no policy differs".to_owned());
        } else {
            let rows = self.entries.iter().map(|c| {
                vec![
                    c.policy.clone(),
                    c.version.to_string(),
                    c.what.to_string(),
                    c.members.join(", "),
                ]
            });
            out.push(table(&["policy", "version", "change", "members"], rows));
        }
        out.push(format!("{} applications judged, {} differ", self.cases, self.changed.len()));
        if !self.changed.is_empty() {
            let rows = self.changed.iter().map(|c| {
                vec![format!("{} [{}]", c.case, c.application), c.before.text(), c.after.text()]
            });
            out.push(table(&["case", "before", "after"], rows));
        }
        out.join("\n")
    }
}

impl Outline {
    fn text(&self) -> String {
        format!("{}; {}", explain::verdict(self.verdict, Language::En), self.findings.join(" "))
    }
}

fn judge(case: &CaseFile, catalogue: &Catalogue) -> Outcome<Vec<(String, Outline)>> {
    let mut facts = Facts::default();
    catalogue.fill(&mut facts);
    let steps = case.clone().load(&mut facts);
    let outline = |step: Step| {
        let assessment = assess(&facts, &step.application, step.as_of);
        Ok((step.name.clone(), outline(&assessment)?))
    };
    steps.into_iter().map(outline).collect()
}

fn outline(assessment: &Assessment) -> Outcome<Outline> {
    let value = |part: serde_json::Result<Value>| part.map_err(anyhow::Error::from);
    Ok(Outline {
        verdict: assessment.verdict,
        findings: assessment.findings.iter().map(|f| f.id.clone()).collect(),
        segments: value(serde_json::to_value(&assessment.segments))?,
        safe: value(serde_json::to_value(assessment.safe))?,
    })
}
