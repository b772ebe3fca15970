//! `catalogue diff`: what other policies would change, for which cases.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::lint::embedded;
use super::problems::{Faults, policies};
use crate::catalogue::{Catalogue, Change};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::funding::read_case;
use crate::cli::language::Lang;
use crate::cli::output::{Form, table};
use crate::domain::explain::Slip;
use crate::domain::funding::assess::assess;
use crate::domain::funding::case_file::{CaseFile, Step};
use crate::domain::funding::facts::Facts;
use crate::domain::funding::finding::{Assessment, Verdict};
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::view::FundingView as _;
use crate::domain::text::Language;

/// Show what other policies change: entry by entry, and in the slip of each case
///
/// A policy of FILE stands in for the shipped one of the same id and version; one with a new version
/// or id is added. Cases are files in the form of `funding assess`; of a slip, the lines that go
/// are marked - and those that come +. An application is judged as it stands and, where another version
/// of its policy is in force on its day, under that version: so a new version shows what it does to
/// cases that name the one before. What `catalogue lint` finds wrong with FILE is shown first, and ends
/// the command with exit code 4.
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
    /// Versions of the policy that they were judged under.
    versions: [u32; 2],
}

/// One application under one catalogue.
struct Judged {
    name: String,
    /// Under the version that the case names.
    named: (u32, Outline),
    /// Under the version in force on its day, where that is another one.
    in_force: Option<(u32, Outline)>,
}

/// As much of an assessment as tells two apart for a person.
#[derive(Clone, Debug, Serialize)]
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
        let (policies, mut problems) = policies(&self.file)?;
        let entries = after.replace(policies);
        let known = before.lint();
        problems.extend(after.lint().into_iter().filter(|problem| !known.contains(problem)));
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
        for (old, new) in old.into_iter().zip(new) {
            self.cases += 1;
            let application = old.name.clone();
            if let Some(([from, to], before, after)) = old.differs(new) {
                let (case, versions) = (case.id.clone(), [from, to]);
                self.changed.push(CaseChange { case, application, before, after, versions });
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
        let head = match self.versions {
            [from, to] if from != to => {
                format!("{} [{}] version {from} → {to}", self.case, self.application)
            }
            _ => format!("{} [{}]", self.case, self.application),
        };
        [head].into_iter().chain(gone).chain(come).collect()
    }
}

impl Judged {
    /// What differs from `new`: under the versions in force; where that is the same version on both sides,
    /// also under the one that the case names. That an earlier version no longer decides is no difference:
    /// the slip of every case that names it would say so.
    fn differs(self, new: Self) -> Option<([u32; 2], Outline, Outline)> {
        let differ = |(from, before): (u32, Outline), (to, after): (u32, Outline)| {
            // The first line of a slip names policy and version; a new number alone is no difference.
            let head = usize::from(from != to);
            (!before.is_like(&after, head)).then_some(([from, to], before, after))
        };
        let decided = |judged: &Self| judged.in_force.clone().unwrap_or(judged.named.clone());
        let (old, now) = (decided(&self), decided(&new));
        let same = old.0 == now.0;
        differ(old, now).or_else(|| if same { differ(self.named, new.named) } else { None })
    }
}

impl Outline {
    fn is_like(&self, other: &Self, head: usize) -> bool {
        let Self { verdict, findings, segments, safe, payable, slip } = self;
        *verdict == other.verdict
            && *findings == other.findings
            && *segments == other.segments
            && *safe == other.safe
            && *payable == other.payable
            && slip.get(head..) == other.slip.get(head..)
    }
}

fn judge(case: &CaseFile, catalogue: &Catalogue, language: Language) -> Outcome<Vec<Judged>> {
    let mut facts = Facts::default();
    catalogue.fill(&mut facts);
    let steps = case.clone().load(&mut facts);
    let of = |step: &Step| {
        let version = step.application.terms.policy.version;
        Ok::<_, Failure>((version, judged(step, &facts, (catalogue, language))?))
    };
    let steps = steps.into_iter().map(|mut step| {
        let (name, named) = (step.name.clone(), of(&step)?);
        let asked = &step.application.terms.policy;
        let in_force = match facts.in_force(&asked.id, step.application.date) {
            // A review looks at a grant under the version that it was given under.
            Some(policy)
                if policy.version != asked.version
                    && step.application.kind != ApplicationKind::Review =>
            {
                step.application.terms.policy.version = policy.version;
                Some(of(&step)?)
            }
            _ => None,
        };
        Ok(Judged { name, named, in_force })
    });
    steps.collect()
}

fn judged(
    step: &Step,
    facts: &Facts,
    (catalogue, language): (&Catalogue, Language),
) -> Outcome<Outline> {
    let application = &step.application;
    let assessment = assess(facts, application, step.as_of);
    let policy = facts.policy(&application.terms.policy);
    let title = |rule| catalogue.rule(rule).map(|r| &r.title);
    let slip = Slip { application, policy, assessment: &assessment, title: &title };
    outline(&assessment, slip.lines(language))
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
