//! `recognise`: does a title or qualification count here? From a case file, or asked of the gateway.

mod coverage;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::Value;

use super::failure::{Exit, Failure, Outcome};
use super::file::{read_as, read_json, wrong};
use super::language::Lang;
use super::output::Form;
use super::session::{As, MaybeAs};
use crate::catalogue::Catalogue;
use crate::domain::coverage::{CoverageLine, in_words};
use crate::domain::place::NO_CONTACT;
use crate::domain::recognition::case::Expected;
use crate::domain::recognition::{RecognitionCase, Told, as_known_then, explain_with_service};
use crate::domain::registry::MessageType;
use crate::domain::text::Language;
use crate::schema::Registry;

const EXAMPLES: &str = "\
Examples:
  talent-gateway recognise --case tests/recognition/recognised_after_filing.json
  talent-gateway message new query.recognition/1 > query.json
  talent-gateway recognise --query query.json --as dev/districts/qingpu --lang en
  talent-gateway message new query.entitlement/1 > service.json
  talent-gateway recognise entitlement service.json --as dev/districts/wujiang
  talent-gateway recognise coverage --from jiashan --at qingpu

The form of a case file is the schema recognition-case/1; docs/recognition.md has an example per
outcome and per effect. A case that states what it expects fails with exit code 4 when something
else comes out.";

/// Schema of case files.
const CASE_SCHEMA: &str = "recognition-case/1";

/// Look up recognition (互认)
///
/// The same function answers the server, this command and the tests: it finds and explains, a
/// person decides.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Recognise {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Case file: records, rules and a question, offline; - for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "query")]
    case: Option<PathBuf>,
    /// Body of a query.recognition/1 for the gateway
    #[arg(long, value_name = "FILE", conflicts_with = "case", requires = "folder")]
    query: Option<PathBuf>,
    /// Language of the explanation
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    #[command(flatten)]
    district: MaybeAs,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Report which questions no rule answers: per scheme, class and purpose, between districts
    Coverage(coverage::Coverage),
    /// Ask whether a talent may use a shared service (query.entitlement/1): yes or no and the class
    Entitlement {
        /// File with the body of the query; - for standard input
        query: PathBuf,
        /// Language of the explanation
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
        #[command(flatten)]
        district: As,
    },
}

impl Recognise {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            Some(Verb::Coverage(report)) => return report.run(form),
            Some(Verb::Entitlement { query, lang, district }) => {
                return ask(&district, MessageType::EntitlementQuery, &query, lang, form).await;
            }
            None => {}
        }
        if let (Some(query), Some(district)) = (&self.query, self.district.given()) {
            return ask(&district, MessageType::RecognitionQuery, query, self.lang, form).await;
        }
        offline(&self.case.unwrap_or_default(), self.lang.into(), form)
    }
}

/// Asks the gateway; the verified answer brings its words along.
async fn ask(district: &As, ty: MessageType, query: &Path, lang: Lang, form: Form) -> Outcome {
    let query = read_json(query)?;
    let answer = district.open()?.ask(ty, &query).await?;
    form.print(&answer, |answer| {
        let language = match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        };
        let body = answer.get("body").cloned().unwrap_or_default();
        let text = match body.pointer(&format!("/text/{language}")).and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => serde_json::to_string_pretty(&body).unwrap_or_default(),
        };
        // What it rests on stands beside it: a "no record" means nothing without.
        let coverage = answer.get("coverage").cloned().unwrap_or_default();
        let coverage: Vec<CoverageLine> = serde_json::from_value(coverage).unwrap_or_default();
        let then = query.get("known_at").and_then(Value::as_u64);
        let then = then.map(|size| as_known_then(size, lang.into())).unwrap_or_default();
        text + &then + &in_words(&coverage, lang.into())
    })
}

/// Answers a case file by the function that answers the server.
fn offline(file: &Path, language: Language, form: Form) -> Outcome {
    let case = read_case(file)?;
    let answer = case.answer().map_err(anyhow::Error::from)?;
    let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
    let told = Told { names: &*catalogue, contact: NO_CONTACT };
    form.print(&answer, |answer| {
        let then = case.looks_back().then(|| as_known_then(case.known_at, language));
        explain_with_service(answer, told, language) + &then.unwrap_or_default()
    })?;
    match &case.expected {
        Some(expected) if *expected != Expected::from(&answer) => {
            let text = "与案例的预期不符 / the answer is not the one that the case expects";
            Err(Failure::text(Exit::Unverified, text))
        }
        _ => Ok(()),
    }
}

fn read_case(file: &Path) -> Outcome<RecognitionCase> {
    let hint = "docs/recognition.md shows the form of a case file";
    let case: RecognitionCase = read_as(file, CASE_SCHEMA).map_err(|failure| failure.hint(hint))?;
    let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
    let registry = Registry::load().map_err(anyhow::Error::from)?;
    let found = catalogue.check_recognition_case(&registry, &case);
    if found.is_empty() { Ok(case) } else { Err(wrong(file, &found).hint(hint)) }
}
