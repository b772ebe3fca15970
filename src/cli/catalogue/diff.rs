//! `catalogue diff`: what other policies would change, for which cases.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::lint::{Faults, embedded, policies};
use crate::catalogue::{Catalogue, Change};
use crate::cli::failure::Outcome;
use crate::cli::funding::read_case;
use crate::cli::language::Lang;
use crate::cli::output::{Form, table};
use crate::domain::explain::Slip;
use crate::domain::funding::assess::assess;
use crate::domain::funding::case_file::CaseFile;
use crate::domain::funding::facts::Facts;
use crate::domain::funding::finding::{Assessment, Verdict};
use crate::domain::funding::view::FundingView as _;
use crate::domain::text::Language;

/// Show what other policies change: entry by entry, and in the slip of each case
///
/// A policy of FILE stands in for the shipped one of the same id and version; one with a new version
/// or id is added. Cases are files in the form of `funding assess`; of a slip, the lines that go
/// are marked - and those that come +. What `catalogue lint` finds wrong with FILE is shown first,
/// and ends the command with exit code 4.
#[derive(Debug, Args)]
pub struct Diff {
    /// Policies in the form of catalogue/policies
    file: PathBuf,
    /// Cases to judge under both
    cases: Vec<PathBuf>,
    /// Language of the slips
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
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
    payable: Value,
    slip: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Report {
    problems: Faults,
    entries: Vec<Change>,
    cases: usize,
    changed: Vec<CaseChange>,
}

impl Diff {
    pub(super) fn run(self, form: Form) -> Outcome {
        let before = embedded()?;
        let mut after = Arc::unwrap_or_clone(Arc::clone(&before));
        let entries = after.replace(policies(&self.file)?);
        let mut problems = after.lint();
        let known = before.lint();
        problems.retain(|problem| !known.contains(problem));
        let problems = Faults(problems);
        let mut report = Report { problems, entries, cases: 0, changed: Vec::new() };
        for file in &self.cases {
            report.compare(&read_case(file)?, &before, &after, self.lang.into())?;
        }
        form.print(&report, Report::text)?;
        report.problems.into_outcome()
    }
}

impl Report {
    fn compare(
        &mut self,
        case: &CaseFile,
        before: &Catalogue,
        after: &Catalogue,
        language: Language,
    ) -> Outcome {
        let old = judge(case, before, language)?;
        let new = judge(case, after, language)?;
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
        let mut out: Vec<String> = self.problems.text().into_iter().collect();
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
        out.extend(self.changed.iter().flat_map(CaseChange::lines));
        out.join("\n")
    }
}

impl CaseChange {
    /// The lines of the slip that go, then those that come.
    fn lines(&self) -> Vec<String> {
        let (before, after) = (&self.before.slip, &self.after.slip);
        let gone =
            before.iter().filter(|l| !after.contains(l)).map(|l| format!("  - {}", l.trim()));
        let come =
            after.iter().filter(|l| !before.contains(l)).map(|l| format!("  + {}", l.trim()));
        let head = format!("{} [{}]", self.case, self.application);
        [head].into_iter().chain(gone).chain(come).collect()
    }
}

fn judge(
    case: &CaseFile,
    catalogue: &Catalogue,
    language: Language,
) -> Outcome<Vec<(String, Outline)>> {
    let mut facts = Facts::default();
    catalogue.fill(&mut facts);
    let steps = case.clone().load(&mut facts);
    let mut outlines = Vec::with_capacity(steps.len());
    for step in steps {
        let application = &step.application;
        let assessment = assess(&facts, application, step.as_of);
        let policy = facts.policy(&application.terms.policy);
        let title = |rule| catalogue.rule(rule).map(|r| &r.title);
        let slip = Slip { application, policy, assessment: &assessment, title: &title };
        let lines = slip.lines(language);
        outlines.push((step.name, outline(&assessment, lines)?));
    }
    Ok(outlines)
}

fn outline(assessment: &Assessment, slip: Vec<String>) -> Outcome<Outline> {
    let value = |part: serde_json::Result<Value>| part.map_err(anyhow::Error::from);
    Ok(Outline {
        verdict: assessment.verdict,
        findings: assessment.findings.iter().map(|f| f.id.clone()).collect(),
        segments: value(serde_json::to_value(&assessment.segments))?,
        safe: value(serde_json::to_value(assessment.safe))?,
        payable: value(serde_json::to_value(assessment.payable))?,
        slip,
    })
}
