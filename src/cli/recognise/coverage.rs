//! `recognise coverage`: which questions the rules answer, and which a person must.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::cli::failure::Outcome;
use crate::cli::file::{fits, read_json, typed, wrong};
use crate::cli::output::{Form, table};
use crate::domain::participant::ParticipantId;
use crate::domain::ports::Clock as _;
use crate::domain::recognition::rule_coverage::{Asked, CoverageOfRules, Covered};
use crate::domain::recognition::{
    Issued, LoggedRule, RecognitionRule, RuleCoverage, RuleIndex, issued_by_rules, joined,
    rule_coverage, rules,
};
use crate::schema::Registry;
use crate::system::SystemClock;

/// What is reported on.
#[derive(Debug, Args)]
pub(super) struct Coverage {
    /// Day that the rules must be in force on; today when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<Date>,
    /// Only records of this district
    #[arg(long, value_name = "DISTRICT")]
    from: Option<ParticipantId>,
    /// Only recognition in this district
    #[arg(long, value_name = "DISTRICT")]
    at: Option<ParticipantId>,
    /// Rules beside those that ship with this binary: a JSON array of recognition.rule/1
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

impl Coverage {
    pub(super) fn run(self, form: Form) -> Outcome {
        let on = self.on.unwrap_or_else(|| SystemClock.now().date_cst());
        let mut rules = rules().map_err(anyhow::Error::from)?;
        let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
        if let Some(file) = &self.rules {
            rules.extend(read_rules(file, &catalogue)?);
        }
        let issued = joined(issued_by_rules(&rules).into_iter().chain(catalogue.issued()));
        let districts = districts(&rules, &issued);
        let issued: Vec<_> = issued
            .into_iter()
            .filter(|i| self.from.as_ref().is_none_or(|d| *d == i.authority))
            .collect();
        let districts: Vec<_> =
            districts.into_iter().filter(|d| self.at.as_ref().is_none_or(|at| at == d)).collect();
        let index: RuleIndex =
            rules.into_iter().map(|rule| LoggedRule { position: 0, rule }).collect();
        let services: Vec<_> = catalogue.services.iter().map(|s| s.service.clone()).collect();
        let asked = Asked { issued: &issued, districts: &districts, services: &services, on };
        let report = rule_coverage(asked, &index, &catalogue.alliances);
        form.print(&report, human)
    }
}

fn read_rules(file: &std::path::Path, catalogue: &Catalogue) -> Outcome<Vec<RecognitionRule>> {
    let hint = "a JSON array of bodies of recognition.rule/1";
    let list: Vec<Value> =
        typed(read_json(file)?, "").map_err(|refusal| wrong(file, &[refusal]).hint(hint))?;
    let registry = Registry::load().map_err(anyhow::Error::from)?;
    let (mut rules, mut found) = (Vec::new(), Vec::new());
    for (i, rule) in list.into_iter().enumerate() {
        let place = format!("/{i}");
        let read = fits(&registry, "recognition.rule/1", &rule, &place);
        match read.and_then(|()| typed::<RecognitionRule>(rule, &place)) {
            Ok(rule) => {
                let checked = catalogue.check_recognition_rule(&rule, &catalogue.alliances);
                found.extend(checked.err().map(|refusal| refusal.under(&place)));
                rules.push(rule);
            }
            Err(refusal) => found.push(refusal),
        }
    }
    if found.is_empty() { Ok(rules) } else { Err(wrong(file, &found).hint(hint)) }
}

/// Every district that gives something out or has a rule, in order.
fn districts(rules: &[RecognitionRule], issued: &[Issued]) -> Vec<ParticipantId> {
    let recognising = rules.iter().map(|rule| rule.recogniser.clone());
    let giving = issued.iter().map(|given| given.authority.clone());
    let all: std::collections::BTreeSet<_> = recognising.chain(giving).collect();
    all.into_iter().collect()
}

/// One line per scheme and pair of districts: purposes by how far they are answered, with the
/// number of classes.
fn human(report: &RuleCoverage) -> String {
    type Pair<'a> = (&'a ParticipantId, &'a ParticipantId, &'a str);
    let mut pairs: BTreeMap<Pair<'_>, Vec<&CoverageOfRules>> = BTreeMap::new();
    for line in &report.lines {
        pairs.entry((&line.authority, &line.at, &line.scheme)).or_default().push(line);
    }
    let rows = pairs.into_iter().map(|((from, at, scheme), lines)| {
        let cell = |covered| purposes(lines.iter().copied().filter(|l| l.covered == covered));
        vec![
            from.to_string(),
            at.to_string(),
            scheme.to_owned(),
            cell(Covered::InForce),
            cell(Covered::ExampleOnly),
            cell(Covered::NoRule),
        ]
    });
    let heads = [
        "from 认定地",
        "at 接收地",
        "scheme 体系",
        "in force 有规则",
        "example 仅示例",
        "no rule 无规则",
    ];
    format!(
        "{}\n{}: {} questions answered by a rule in force, {} by an example only, {} by none.\n\
         A number is that of classes. --json lists every class with the ids of its rules.",
        table(&heads, rows),
        report.on,
        report.in_force,
        report.example_only,
        report.no_rule
    )
}

fn purposes<'a>(lines: impl Iterator<Item = &'a CoverageOfRules>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let name = serde_json::to_value(line.purpose).unwrap_or_default();
        let mut name = name.as_str().unwrap_or_default().to_owned();
        if let Some(service) = &line.service {
            name = format!("{name} {service}");
        }
        *counts.entry(name).or_default() += 1;
    }
    let texts: Vec<_> = counts.into_iter().map(|(name, n)| format!("{name} {n}")).collect();
    texts.join("\n")
}
