//! `records`, `subject`, `feed`: what a district may see of a subject, and what concerns it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::failure::Outcome;
use super::file::read_json;
use super::output::{Form, pairs, table};
use super::session::As;
use super::token::TokenCommand;
use crate::domain::registry::MessageType;

const RECORDS: &str = "\
Example:
  talent-gateway message new query.records/1 > query.json
  talent-gateway records query.json --as dev/districts/qingpu

`valid_at` in the query is a day in the world, `known_at` a size of the log: the records as they stood on
that day, as the log knew them when it had so many entries. `history` gives every revision.";

/// Ask for the records of a subject (query.records/1); the answer is verified
#[derive(Debug, Args)]
#[command(after_long_help = RECORDS)]
pub struct Records {
    /// File with the body of the query; - for standard input
    query: PathBuf,
    #[command(flatten)]
    district: As,
}

impl Records {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let session = self.district.open()?;
        let answer = session.ask(MessageType::RecordsQuery, &read_json(&self.query)?).await?;
        form.print(&answer, |answer| {
            let records = rows(
                answer,
                "/body/records",
                &[
                    "/owner",
                    "/kind",
                    "/record",
                    "/revision",
                    "/state",
                    "/standing",
                    "/position",
                    "/content",
                ],
            );
            let coverage =
                rows(answer, "/coverage", &["/district", "/kind", "/covered", "/reason"]);
            format!(
                "{}\n\n{}",
                table(
                    &["owner", "kind", "record", "rev", "state", "standing", "log", "content"],
                    records
                ),
                table(&["district", "kind", "covered", "reason"], coverage)
            )
        })
    }
}

const SUBJECT: &str = "\
Examples:
  echo NUMBER | talent-gateway subject token --document-type 111 --as dev/districts/qingpu
  talent-gateway message new query.access/1 > query.json
  talent-gateway subject access query.json --as dev/districts/qingpu

The number is read from standard input, so that it is in no list of processes and no history.";

/// Make a token, or ask who looked at a subject
#[derive(Debug, Args)]
#[command(after_long_help = SUBJECT)]
pub struct Subject {
    #[command(subcommand)]
    verb: SubjectVerb,
}

#[derive(Debug, Subcommand)]
enum SubjectVerb {
    /// The token of a person, by the tokeniser: it sees a blinded value only
    Token(TokenCommand),
    /// Who asked about a subject, why (query.access/1); the answer is verified
    Access {
        /// File with the body of the query; - for standard input
        query: PathBuf,
        #[command(flatten)]
        district: As,
    },
}

impl Subject {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            SubjectVerb::Token(command) => command.run(form).await,
            SubjectVerb::Access { query, district } => {
                let session = district.open()?;
                let answer = session.ask(MessageType::AccessQuery, &read_json(&query)?).await?;
                form.print(&answer, |answer| {
                    let members =
                        ["/pos", "/at", "/by", "/query", "/context/case", "/context/purpose"];
                    let heads = ["log", "at", "by", "query", "case", "purpose"];
                    table(&heads, rows(answer, "/body/accesses", &members))
                })
            }
        }
    }
}

const FEED: &str = "\
Examples:
  talent-gateway feed --as dev/districts/qingpu
  talent-gateway feed --as dev/districts/qingpu --after 12 --wait 25";

/// Longest wait that the gateway takes, in seconds.
const WAIT_SECONDS_MAX: u64 = 25;

/// What concerns a district, by its own sequence number
#[derive(Debug, Args)]
#[command(after_long_help = FEED)]
pub struct Feed {
    /// Last sequence number that is known
    #[arg(long, default_value_t = 0)]
    after: u64,
    /// Seconds to wait for an entry when there is none
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=WAIT_SECONDS_MAX))]
    wait: u64,
    #[command(flatten)]
    district: As,
}

impl Feed {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let session = self.district.open()?;
        let path = format!("/v1/feed?after={}&wait={}", self.after, self.wait);
        let page = session.get_json(&path).await?;
        form.print(&page, |page| {
            let heads = ["seq", "pos", "at", "change", "case", "concerns"];
            let members = ["/seq", "/pos", "/at", "/change", "/case", "/concerns"];
            let next = page.get("next").cloned().unwrap_or_default();
            let entries = table(&heads, rows(page, "/entries", &members));
            format!("{entries}\n{}", pairs([("next --after", next.to_string())]))
        })
    }
}

/// Members (JSON pointers) of each object of a list as cells.
pub(super) fn rows(value: &Value, list: &str, members: &[&str]) -> Vec<Vec<String>> {
    let list = value.pointer(list).and_then(Value::as_array);
    let cell = |row: &Value, member: &str| match row.pointer(member) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    list.into_iter().flatten().map(|row| members.iter().map(|m| cell(row, m)).collect()).collect()
}
