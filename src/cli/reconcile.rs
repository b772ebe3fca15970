//! `reconcile`: what a district has sent, counted by its connector and compared by the gateway.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::failure::{Exit, Failure, Outcome};
use super::output::{Form, local_time, table};
use super::session::read_input;
use crate::connector::WAIT_SECONDS_MAX;
use crate::domain::calendar::end_of_day;
use crate::domain::reconcile::CountedKind;
use crate::domain::time::UtcSeconds;
use crate::net::client::Client;

/// Longest wait for the connector's reply, beside its own wait for the receipt.
const REPLY_TIME: Duration = Duration::from_secs(30);

const EXAMPLES: &str = "\
Examples:
  talent-gateway reconcile --connector http://127.0.0.1:9101 --token-file op.token
  talent-gateway reconcile --connector http://127.0.0.1:9101 --token-file op.token \\
    --through 2026-11-20 --kind certification --kind funding

The connector states that everything decided until then was handed to it, and how much of it the
gateway has accepted. Answers to other districts count these data as covered because of it. A
connector with `[reconcile]` in its configuration does the same once a day.

Exit code 4: the gateway counts something else (docs/connector.md says what to do).";

/// State what was sent, so that answers cover it (对账, reconcile/1)
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Reconcile {
    /// The connector's address on this machine
    #[arg(long, value_name = "URL")]
    connector: String,
    /// File with an operator's token
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
    /// A kind that was handed over in full; those of the connector's configuration if absent
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<CountedKind>,
    /// Everything decided until the end of this day was handed over; until now if absent
    #[arg(long, value_name = "YYYY-MM-DD")]
    through: Option<Date>,
}

impl Reconcile {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let client = Client::loopback(&self.connector).map_err(|error| {
            Failure::new(Exit::Usage, error)
                .hint("the connector on this machine: http://127.0.0.1:PORT")
        })?;
        let token = read_input(&self.token_file)?;
        let mut headers = HeaderMap::new();
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
            .map_err(|_| Failure::text(Exit::Usage, "the token file holds no token"))?;
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut body = json!({});
        if !self.kinds.is_empty() {
            body["kinds"] = json!(self.kinds);
        }
        if let Some(day) = self.through {
            body["complete_until"] = json!(end_of_day(day));
        }
        let path = format!("/local/v1/reconcile?wait={WAIT_SECONDS_MAX}");
        let within = REPLY_TIME + Duration::from_secs(WAIT_SECONDS_MAX);
        let reply =
            client.call(Method::POST, &path, headers, body.to_string().into(), within).await?;
        let told: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        if !reply.status.is_success() {
            let part = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            let text = format!("{}: {} {}", part("code"), part("title"), part("detail"));
            return Err(Failure::text(Exit::Refused, text));
        }
        form.print(&told, |told| {
            let lines = told["kinds"].as_array().into_iter().flatten().map(|line| {
                let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
                let until = line["complete_until"].as_i64().unwrap_or_default();
                let matched =
                    if line["matched"] == json!(true) { "相符 yes" } else { "不符 no" };
                let until = local_time(UtcSeconds(until));
                vec![
                    text("kind"),
                    line["count"].to_string(),
                    until,
                    matched.to_owned(),
                    text("digest"),
                ]
            });
            table(&["kind", "count", "complete until", "matched", "digest"], lines)
        })?;
        compared(&told)
    }
}

fn compared(told: &Value) -> Outcome {
    let Some(lines) = told["kinds"].as_array() else {
        return Err(Failure::text(Exit::Unreachable, "no receipt yet").hint(
            "it is in the outbox and goes out when the gateway answers: see /local/v1/health",
        ));
    };
    let differ = lines.iter().filter(|line| line["matched"] == json!(false));
    let differ: Vec<&str> = differ.filter_map(|line| line["kind"].as_str()).collect();
    if differ.is_empty() {
        return Ok(());
    }
    let text = format!("the gateway counts something else of {}", differ.join(", "));
    Err(Failure::text(Exit::Unverified, text)
        .hint("was something sent past this connector, or is its file an older copy?"))
}
