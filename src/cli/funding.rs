//! `funding`: the duplicate-funding check, offline on a file of facts or asked of the gateway, and
//! the life of a grant.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::{Exit, Failure, Outcome};
use super::file::{read_as, read_json, wrong};
use super::language::Lang;
use super::message::send;
use super::output::{Form, line};
use super::session::As;
use crate::catalogue::Catalogue;
use crate::domain::explain::{Derivation, RuleInWords, Slip};
use crate::domain::funding::assess::assess;
use crate::domain::funding::case_file::{CaseFile, Step};
use crate::domain::funding::facts::Facts;
use crate::domain::funding::finding::Assessment;
use crate::domain::funding::view::FundingView as _;
use crate::domain::registry::MessageType;
use crate::domain::text::Language;

const EXAMPLES: &str = "\
Examples:
  talent-gateway funding assess tests/cases/T09-*.json
  talent-gateway funding assess case.json --lang en --json
  talent-gateway funding explain case.json         rule by rule

  talent-gateway message new query.funding/1 > query.json
  talent-gateway funding check query.json --as dev/districts/qingpu
  talent-gateway message new funding.hold/1 > hold.json
  talent-gateway funding hold hold.json --as dev/districts/qingpu

With `known_at` (the one of an earlier answer) check computes that answer again, as the log knew it then.

check, hold, grant, payment, stop, recovery, release and outcome sign the body of a file, send it and
verify the reply. An application that states what it expects fails with exit code 4 when something else comes out.";

/// Schema of case files.
const CASE_SCHEMA: &str = "case/1";

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
    Assess(CaseArgs),
    /// Show how an assessment came about: each rule, the clause that calls it, what it found
    Explain(CaseArgs),
    /// Ask the gateway before paying (query.funding/1)
    Check(BodyArgs),
    /// Hold a kind of funding for a talent while the case is decided (funding.hold/1)
    Hold(BodyArgs),
    /// Grant what is held (funding.grant/1)
    Grant(BodyArgs),
    /// Record a payment by its voucher (funding.payment/1)
    Payment(BodyArgs),
    /// End a grant before its months are over (funding.stop/1)
    Stop(BodyArgs),
    /// Record money that came back (funding.recovery/1)
    Recovery(BodyArgs),
    /// Give a hold up (funding.release/1)
    Release(BodyArgs),
    /// Say what came of a finding (finding.outcome/1)
    Outcome(BodyArgs),
}

#[derive(Debug, Args)]
struct BodyArgs {
    /// File with the JSON body; - for standard input
    body: PathBuf,
    #[command(flatten)]
    district: As,
}

#[derive(Debug, Args)]
struct CaseArgs {
    /// Case file; - for standard input
    file: PathBuf,
    /// Language of the explanation
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

/// A case that was read, and the facts that it is judged on.
struct Desk {
    catalogue: Arc<Catalogue>,
    facts: Facts,
    steps: Vec<Step>,
}

impl Funding {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let (ty, args) = match self.verb {
            Verb::Assess(args) => return assess_case(&args, form),
            Verb::Explain(args) => return explain_case(&args, form),
            Verb::Check(args) => (MessageType::FundingQuery, args),
            Verb::Hold(args) => (MessageType::FundingHold, args),
            Verb::Grant(args) => (MessageType::FundingGrant, args),
            Verb::Payment(args) => (MessageType::FundingPayment, args),
            Verb::Stop(args) => (MessageType::FundingStop, args),
            Verb::Recovery(args) => (MessageType::FundingRecovery, args),
            Verb::Release(args) => (MessageType::FundingRelease, args),
            Verb::Outcome(args) => (MessageType::FindingOutcome, args),
        };
        let session = args.district.open()?;
        let message = session.compose(ty, &read_json(&args.body)?, None)?;
        send(&session, &message.compact, form).await
    }
}

fn assess_case(args: &CaseArgs, form: Form) -> Outcome {
    let desk = Desk::read(&args.file)?;
    let mut differences = Vec::new();
    for step in &desk.steps {
        let assessment = assess(&desk.facts, &step.application, step.as_of);
        let value = json!({ "application": step.name, "assessment": assessment });
        form.print(&value, |_| {
            let lines = desk.slip(step, &assessment, args.lang.into());
            format!("[{}] {}\n", step.name, lines.join("\n    "))
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
    let count = differences.len();
    let text = format!("{count} 项与预期不符 / {count} expectations are not met");
    Err(Failure::text(Exit::Unverified, text))
}

fn explain_case(args: &CaseArgs, form: Form) -> Outcome {
    let desk = Desk::read(&args.file)?;
    for step in &desk.steps {
        let assessment = assess(&desk.facts, &step.application, step.as_of);
        let derivation = desk.derive(step, &assessment);
        let Derivation { policy, held, rules } = &derivation;
        let value = json!({
            "application": step.name, "policy": policy, "held": held, "rules": rules,
        });
        form.print(&value, |_| {
            let slip = desk.slip(step, &assessment, args.lang.into()).join("\n    ");
            let way = derivation.lines(args.lang.into()).join("\n");
            format!("[{}] {slip}\n{way}\n", step.name)
        })?;
    }
    Ok(())
}

/// A case that fits its schema and could stand in the log.
pub(super) fn read_case(file: &Path) -> Outcome<CaseFile> {
    let hint = "docs/cases.md describes the form; tests/cases has examples";
    let case: CaseFile = read_as(file, CASE_SCHEMA).map_err(|failure| failure.hint(hint))?;
    let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
    let found = catalogue.check_case(&case);
    if found.is_empty() { Ok(case) } else { Err(wrong(file, &found).hint(hint)) }
}

impl Desk {
    fn read(file: &Path) -> Outcome<Self> {
        let case = read_case(file)?;
        let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
        let mut facts = Facts::default();
        catalogue.fill(&mut facts);
        let steps = case.load(&mut facts);
        Ok(Self { catalogue, facts, steps })
    }

    fn slip(&self, step: &Step, assessment: &Assessment, language: Language) -> Vec<String> {
        let application = &step.application;
        let policy = self.facts.policy(&application.terms.policy);
        let title = |rule| self.catalogue.rule(rule).map(|r| &r.title);
        Slip { application, policy, assessment, title: &title }.lines(language)
    }

    fn derive(&self, step: &Step, assessment: &Assessment) -> Derivation {
        let rules = self.catalogue.rules.iter();
        let rules = rules.map(|r| RuleInWords { id: r.id, title: &r.title, written: &r.citations });
        Derivation::of(&self.facts, &step.application, assessment, rules)
    }
}
