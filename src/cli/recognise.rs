//! `recognise`: does a title or qualification count here? From a case file, or asked of the gateway.

use std::path::PathBuf;

use clap::Args;

use super::failure::{Exit, Failure, Outcome};
use super::language::Lang;
use super::output::Form;
use super::session::{MaybeAs, read_input, read_json};
use crate::domain::recognition::case::Expected;
use crate::domain::recognition::{Recognition, RecognitionCase, explain};
use crate::domain::registry::MessageType;

const EXAMPLES: &str = "\
Examples:
  talent-gateway recognise --case tests/recognition/recognised_after_filing.json
  talent-gateway message new query.recognition/1 > query.json
  talent-gateway recognise --query query.json --as dev/districts/qingpu --lang en

A case that states what it expects fails with exit code 4 when something else comes out.";

/// Look up recognition (互认)
///
/// The same function answers the server, this command and the tests: it finds and explains, a
/// person decides.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Recognise {
    /// Case file: records, rules and a question, offline
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

impl Recognise {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let lang = self.lang.into();
        if let (Some(query), Some(district)) = (&self.query, self.district.given()) {
            let answer =
                district.open()?.ask(MessageType::RecognitionQuery, &read_json(query)?).await?;
            return form.print(&answer, |answer| {
                let body = answer.get("body").cloned().unwrap_or_default();
                match serde_json::from_value::<Recognition>(body.clone()) {
                    Ok(recognition) => explain(&recognition, lang),
                    Err(_) => serde_json::to_string_pretty(&body).unwrap_or_default(),
                }
            });
        }
        let file = self.case.unwrap_or_default();
        let case: RecognitionCase = serde_json::from_str(&read_input(&file)?).map_err(|error| {
            Failure::text(Exit::Usage, format!("{}: {error}", file.display()))
                .hint("docs/recognition.md shows the form of a case file")
        })?;
        let answer = case.answer().map_err(anyhow::Error::from)?;
        form.print(&answer, |answer| explain(answer, lang))?;
        match &case.expected {
            Some(expected) if *expected != Expected::from(&answer) => Err(Failure::text(
                Exit::Unverified,
                "the answer is not the one that the case expects",
            )),
            _ => Ok(()),
        }
    }
}
