//! `records`, `subject`, `feed`: what a district may see of a subject, and what concerns it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Deserialize as _;
use serde_json::Value;

use super::failure::Outcome;
use super::file::read_json;
use super::language::Lang;
use super::output::{Form, local_time, pairs, table};
use super::session::As;
use super::token::TokenCommand;
use crate::domain::registry::MessageType;
use crate::domain::review::Because;
use crate::domain::text::Language;
use crate::domain::time::UtcSeconds;
use crate::projection::FeedChange;

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
    /// The token of a person, whose number is read from standard input; the tokeniser sees a blinded value only
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
                    let mut answer = answer.clone();
                    let list = answer.pointer_mut("/body/accesses").and_then(Value::as_array_mut);
                    for access in list.into_iter().flatten() {
                        if let Some(at) = access["at"].as_i64() {
                            access["at"] = local_time(UtcSeconds(at)).into();
                        }
                    }
                    let members =
                        ["/pos", "/at", "/by", "/query", "/context/case", "/context/purpose"];
                    let heads = ["log", "time (UTC+8)", "by", "query", "case", "purpose"];
                    table(&heads, rows(&answer, "/body/accesses", &members))
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
    /// Language of what changed and why
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    #[command(flatten)]
    district: As,
}

impl Feed {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let session = self.district.open()?;
        let path = format!("/v1/feed?after={}&wait={}", self.after, self.wait);
        let page = session.get_json(&path).await?;
        form.print(&page, |page| {
            let heads =
                ["seq", "log", "time (UTC+8)", "change", "because", "case", "concerns", "answer"];
            let next = page.get("next").cloned().unwrap_or_default();
            let entries = entries_in_words(page, self.lang.into());
            let entries = table(&heads, rows(&entries, "", &FEED_MEMBERS));
            format!("{entries}\n{}", pairs([("next --after", next.to_string())]))
        })
    }
}

/// Columns of the feed.
const FEED_MEMBERS: [&str; 8] =
    ["/seq", "/pos", "/at", "/change", "/because", "/case", "/concerns", "/answer"];

/// The entries of a page with local time, and in words what changed and why. What a newer gateway tells
/// stays as it says it.
fn entries_in_words(page: &Value, language: Language) -> Value {
    let mut entries = page.get("entries").cloned().unwrap_or_default();
    for entry in entries.as_array_mut().into_iter().flatten() {
        if let Some(at) = entry["at"].as_i64() {
            entry["at"] = local_time(UtcSeconds(at)).into();
        }
        if let Ok(change) = FeedChange::deserialize(&entry["change"]) {
            entry["change"] = change.name(language).into();
        }
        if let Ok(because) = Because::deserialize(&entry["because"]) {
            entry["because"] = because.name(language).into();
        }
    }
    entries
}

/// Members (JSON pointers) of each object of a list as cells.
pub(super) fn rows(value: &Value, list: &str, members: &[&str]) -> Vec<Vec<String>> {
    let list = value.pointer(list).and_then(Value::as_array);
    let cell = |row: &Value, member: &str| match row.pointer(member) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        Some(other) => other.to_string(),
    };
    list.into_iter().flatten().map(|row| members.iter().map(|m| cell(row, m)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_feed_says_when_what_and_why() {
        let page = json!({ "entries": [
            { "seq": 1, "pos": 90, "at": 1_795_219_200, "change": "basis-changed",
              "because": "sanction", "answer": 42, "case": "QP-1" },
            { "seq": 2, "pos": 91, "at": 1_795_219_260, "change": "of-a-newer-release" }
        ] });
        let read = |language| rows(&entries_in_words(&page, language), "", &FEED_MEMBERS);
        let zh = read(Language::Zh);
        let first =
            ["1", "90", "2026-11-21 08:00:00", "以前的答复已有变化", "失信决定", "QP-1", "", "42"];
        assert_eq!(zh[0], first);
        assert_eq!(zh[1][3..5], ["of-a-newer-release", ""]);
        assert_eq!(read(Language::En)[0][4], "a sanction");
    }
}
