//! `objection`, `enquiry`, `precision`: what waits for a person, and how precise rules have proved.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::{Exit, Failure, Outcome};
use super::file::read_json;
use super::message;
use super::output::{Form, table};
use super::query::rows;
use super::session::{As, Session};
use crate::domain::calendar::end_of_day;
use crate::domain::participant::ParticipantId;
use crate::domain::registry::MessageType;
use crate::domain::time::UtcSeconds;

const OBJECTION: &str = "\
Examples:
  talent-gateway message new objection/1 > body.json
  talent-gateway objection new body.json --as dev/districts/qingpu
  talent-gateway objection list --overdue --as dev/districts/jiashan
  talent-gateway objection decide qingpu QP-YY-2026-0004 upheld --reason data-error \\
    --operator op-1 --operator op-2 --as dev/districts/jiashan";

/// Objections to records (异议): raise, decide, and see which are open or overdue
#[derive(Debug, Args)]
#[command(after_long_help = OBJECTION)]
pub struct Objections {
    #[command(subcommand)]
    verb: ObjectionVerb,
}

#[derive(Debug, Subcommand)]
enum ObjectionVerb {
    /// Objections raised by the district or against its records (query.worklist/1)
    List(List),
    /// Raise an objection (objection/1); the record is marked 异议处理中 at once
    New {
        /// File with the body; - for standard input
        file: PathBuf,
        #[command(flatten)]
        district: As,
    },
    /// Decide, extend or withdraw an objection (objection.outcome/1)
    Decide(Decide),
}

#[derive(Debug, Args)]
struct List {
    /// Only what is overdue
    #[arg(long)]
    overdue: bool,
    /// Closed ones too
    #[arg(long)]
    closed: bool,
    /// Only those from log positions before this one
    #[arg(long, value_name = "POSITION")]
    before: Option<u64>,
    #[command(flatten)]
    district: As,
}

#[derive(Debug, Args)]
struct Decide {
    /// Who raised the objection
    by: ParticipantId,
    /// Its id there
    objection: String,
    /// upheld, rejected, extended (owner of the record), or withdrawn (who raised it)
    #[arg(value_parser = ["upheld", "rejected", "extended", "withdrawn"])]
    decision: String,
    /// Why. Upheld: data-error, source-changed, evidence-insufficient. Rejected: matches-source,
    /// evidence-insufficient. Withdrawn: person-withdrew, matches-source. Extended:
    /// under-investigation
    #[arg(long)]
    reason: String,
    /// Operator who decides; given twice, the second one checked
    #[arg(long = "operator", value_name = "OPERATOR", required = true)]
    operators: Vec<String>,
    /// Day of the decision; today if absent
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<jiff::civil::Date>,
    #[command(flatten)]
    district: As,
}

impl Objections {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            ObjectionVerb::List(list) => list.run("objections", form).await,
            ObjectionVerb::New { file, district } => {
                let session = district.open()?;
                send(&session, MessageType::Objection, &read_json(&file)?, None, form).await
            }
            ObjectionVerb::Decide(decide) => {
                let session = decide.district.open()?;
                let body = json!({
                    "objection": { "by": decide.by, "objection": decide.objection },
                    "decision": decide.decision,
                    "reason": decide.reason,
                    "decided_on": decide.on.unwrap_or(session.ports.clock.now().date_cst()),
                    "operators": operators(&decide.operators),
                });
                send(&session, MessageType::ObjectionOutcome, &body, None, form).await
            }
        }
    }
}

const ENQUIRY: &str = "\
Examples:
  talent-gateway message new enquiry/1 > body.json
  talent-gateway enquiry new body.json --to wujiang --as dev/districts/qingpu
  talent-gateway enquiry list --as dev/districts/wujiang
  talent-gateway enquiry reply qingpu QP-XC-2026-0002 months-correct=yes actually-paid=no \\
    --operator op-1 --as dev/districts/wujiang";

/// Enquiries between districts (协查): ask, answer, and see which are open or overdue
#[derive(Debug, Args)]
#[command(after_long_help = ENQUIRY)]
pub struct Enquiries {
    #[command(subcommand)]
    verb: EnquiryVerb,
}

#[derive(Debug, Subcommand)]
enum EnquiryVerb {
    /// Enquiries from and to the district (query.worklist/1)
    List(List),
    /// Ask another district (enquiry/1)
    New {
        /// File with the body; - for standard input
        file: PathBuf,
        /// The district that is asked
        #[arg(long, value_name = "PARTICIPANT")]
        to: ParticipantId,
        #[command(flatten)]
        district: As,
    },
    /// Answer an enquiry (enquiry.reply/1), every question at once
    Reply(Reply),
}

#[derive(Debug, Args)]
struct Reply {
    /// Who asks
    by: ParticipantId,
    /// Id of the enquiry there
    enquiry: String,
    /// Answers as QUESTION=ANSWER: yes, no, partly, not-known, will-correct or call
    #[arg(required = true, value_name = "QUESTION=ANSWER")]
    answers: Vec<String>,
    /// Operator who answers
    #[arg(long)]
    operator: String,
    #[command(flatten)]
    district: As,
}

impl Enquiries {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            EnquiryVerb::List(list) => list.run("enquiries", form).await,
            EnquiryVerb::New { file, to, district } => {
                let session = district.open()?;
                send(&session, MessageType::Enquiry, &read_json(&file)?, Some(to), form).await
            }
            EnquiryVerb::Reply(reply) => {
                let session = reply.district.open()?;
                let body = json!({
                    "enquiry": { "by": reply.by, "enquiry": reply.enquiry },
                    "answers": answers(&reply.answers)?,
                    "operator": { "id": reply.operator, "role": "window" },
                });
                send(&session, MessageType::EnquiryReply, &body, None, form).await
            }
        }
    }
}

const PRECISION: &str = "\
Example:
  talent-gateway precision --as dev/districts/qingpu";

/// How often people confirmed what each rule found; below the threshold a rule only hints (仅提示)
#[derive(Debug, Args)]
#[command(after_long_help = PRECISION)]
pub struct Precision {
    #[command(flatten)]
    district: As,
}

impl Precision {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let session = self.district.open()?;
        let body = json!({ "include": ["precision"] });
        let answer = session.ask(MessageType::WorklistQuery, &body).await?;
        form.print(&answer, |answer| {
            let heads = ["rule", "title", "confirmed", "excluded", "pending", "permille", "hint"];
            let members = [
                "/rule",
                "/title/zh",
                "/counted/confirmed",
                "/counted/excluded",
                "/counted/pending",
                "/permille",
                "/hint",
            ];
            table(&heads, rows(answer, "/body/precision/rules", &members))
        })
    }
}

impl List {
    async fn run(self, what: &str, form: Form) -> Outcome {
        let session = self.district.open()?;
        let mut body = json!({ "include": [what] });
        if self.closed {
            body["closed"] = json!(true);
        }
        if let Some(before) = self.before {
            body["before"] = json!(before);
        }
        let mut answer = session.ask(MessageType::WorklistQuery, &body).await?;
        let list = answer.pointer_mut(&format!("/body/{what}")).and_then(Value::as_array_mut);
        for item in list.into_iter().flatten() {
            item["due"] = json!(due(item.get("deadline")));
        }
        if self.overdue
            && let Some(list) =
                answer.pointer_mut(&format!("/body/{what}")).and_then(Value::as_array_mut)
        {
            list.retain(|item| item.get("overdue") == Some(&json!(true)));
        }
        form.print(&answer, |answer| {
            let list = format!("/body/{what}");
            if what == "objections" {
                let heads = [
                    "log",
                    "by",
                    "objection",
                    "record of",
                    "record",
                    "reason",
                    "state",
                    "due",
                    "overdue",
                    "late",
                ];
                let members = [
                    "/position",
                    "/by",
                    "/objection",
                    "/record/owner",
                    "/record/record",
                    "/reason",
                    "/state",
                    "/due",
                    "/overdue",
                    "/late",
                ];
                table(&heads, rows(answer, &list, &members))
            } else {
                let heads =
                    ["log", "by", "enquiry", "to", "questions", "answers", "due", "overdue"];
                let members = [
                    "/position",
                    "/by",
                    "/enquiry",
                    "/to",
                    "/questions",
                    "/replied/answers",
                    "/due",
                    "/overdue",
                ];
                table(&heads, rows(answer, &list, &members))
            }
        })
    }
}

/// The last day of a deadline, or why there is none.
fn due(deadline: Option<&Value>) -> String {
    let deadline = deadline.unwrap_or(&Value::Null);
    if let Some(end) = deadline.get("at").and_then(Value::as_i64) {
        let last = UtcSeconds(end.saturating_sub(1)).date_cst();
        debug_assert_eq!(end_of_day(last).0, end);
        return last.to_string();
    }
    match deadline.get("calendar-missing") {
        Some(year) => format!(
            "{year}年放假通知未收录：请网关运行方将 {year}.json 放入 [calendar] 所指文件夹并重启 / no notice of {year}: \
             the gateway's operator puts {year}.json into the folder of [calendar] and restarts it"
        ),
        None => deadline.as_str().unwrap_or_default().to_owned(),
    }
}

fn operators(ids: &[String]) -> Value {
    let roles = ["window", "reviewer"].into_iter().chain(std::iter::repeat("reviewer"));
    ids.iter().zip(roles).map(|(id, role)| json!({ "id": id, "role": role })).collect()
}

fn answers(given: &[String]) -> Outcome<Value> {
    let pair = |text: &String| {
        text.split_once('=').map(|(q, a)| json!({ "question": q, "answer": a })).ok_or_else(|| {
            Failure::text(Exit::Usage, "an answer is QUESTION=ANSWER")
                .hint("such as months-correct=yes")
        })
    };
    given.iter().map(pair).collect()
}

async fn send(
    session: &Session,
    ty: MessageType,
    body: &Value,
    to: Option<ParticipantId>,
    form: Form,
) -> Outcome {
    let message = session.compose(ty, body, to)?;
    message::send(session, &message.compact, form).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_a_day_or_what_is_missing_for_it() {
        let end = json!({ "at": 1_764_518_400 });
        assert_eq!(due(Some(&end)), "2025-11-30");
        assert_eq!(due(Some(&json!("clock-unknown"))), "clock-unknown");
        let missing = due(Some(&json!({ "calendar-missing": 2027 })));
        assert!(missing.contains("2027.json") && missing.contains("[calendar]"), "{missing}");
    }
}
