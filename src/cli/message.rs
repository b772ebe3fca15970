//! `message`: write, sign, send and look at messages.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::{Exit, Failure, Outcome};
use super::file::{read_input, read_json};
use super::output::{Form, line, pairs};
use super::session::{As, Session, part, payload, refused};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::MessageType;
use crate::schema::Registry;
use crate::service::StartError;

const EXAMPLES: &str = "\
Examples:
  talent-gateway message new certification/1 > body.json
  talent-gateway message send body.json --type certification/1 --as dev/districts/qingpu
  talent-gateway message sign body.json --type certification/1 --as dev/districts/qingpu > m.jws
  talent-gateway message send m.jws --as dev/districts/qingpu
  talent-gateway message show m.jws

Keep the signed bytes until there is a receipt; sending the same bytes again gives the same receipt.";

/// Write, sign, send and look at messages
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Messages {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print an example body of a message type, to be edited
    New {
        /// Message type, such as certification/1
        #[arg(value_parser = message_type)]
        mt: MessageType,
    },
    /// Sign a body and print the message (JWS compact)
    Sign(Sign),
    /// Send a message, verify the receipt or answer and print it
    Send(Send),
    /// Show header, claims and body of a message, receipt or answer; checks no signature
    Show {
        /// File with a compact JWS; - for standard input
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Sign {
    /// File with the JSON body; - for standard input
    file: PathBuf,
    /// Message type
    #[arg(long = "type", value_name = "TYPE", value_parser = message_type)]
    mt: MessageType,
    /// Participant behind the gateway that the message is for
    #[arg(long, value_name = "PARTICIPANT")]
    to: Option<ParticipantId>,
    #[command(flatten)]
    district: As,
}

#[derive(Debug, Args)]
struct Send {
    /// File with a signed message, or with a JSON body when --type is given; - for standard input
    file: PathBuf,
    /// Sign the body as this type first
    #[arg(long = "type", value_name = "TYPE", value_parser = message_type)]
    mt: Option<MessageType>,
    /// Participant behind the gateway that the message is for
    #[arg(long, value_name = "PARTICIPANT", requires = "mt")]
    to: Option<ParticipantId>,
    #[command(flatten)]
    district: As,
}

/// A message type of this release.
pub fn message_type(text: &str) -> Result<MessageType, String> {
    MessageType::parse(text).ok_or_else(|| {
        let names: Vec<_> = MessageType::ALL.iter().map(|ty| ty.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

impl Messages {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::New { mt } => new(mt),
            Verb::Sign(sign) => {
                let session = sign.district.open()?;
                let message = session.compose(sign.mt, &read_json(&sign.file)?, sign.to)?;
                let value =
                    json!({ "jti": message.jti, "exp": message.exp, "message": message.compact });
                form.print(&value, |_| message.compact.clone())
            }
            Verb::Send(send) => send.run(form).await,
            Verb::Show { file } => show(&read_input(&file)?, form),
        }
    }
}

fn new(mt: MessageType) -> Outcome {
    let registry = Registry::load().map_err(StartError::from)?;
    let schema = registry.get(mt.as_str()).map_or("{}", |schema| schema.document.text);
    let schema: Value = serde_json::from_str(schema).map_err(anyhow::Error::from)?;
    let mut example = schema.pointer("/examples/0").cloned().unwrap_or_default();
    if let Some(example) = example.as_object_mut() {
        // A question as it was known then is for those who have an answer of then.
        example.remove("known_at");
    }
    line(&serde_json::to_string_pretty(&example).map_err(anyhow::Error::from)?)
}

impl Send {
    async fn run(self, form: Form) -> Outcome {
        let session = self.district.open()?;
        let compact = match self.mt {
            Some(mt) => session.compose(mt, &read_json(&self.file)?, self.to)?.compact,
            None => read_input(&self.file)?.trim_end().to_owned(),
        };
        send(&session, &compact, form).await
    }
}

/// Sends, verifies, prints. A signed refusal is printed and then fails the command.
pub async fn send(session: &Session, compact: &str, form: Form) -> Outcome {
    if !compact.starts_with("eyJ") {
        return Err(Failure::text(Exit::Usage, "the file holds no compact JWS")
            .hint("give --type to sign a JSON body first"));
    }
    let reply = session.post(session.gateway()?, "/v1/messages", compact).await?;
    let verified = session.verify(compact, &reply).await?;
    let payload = payload(&reply.compact)?;
    let value = json!({
        "verified": true,
        "index": verified.index(),
        "claims": payload,
        "reply": reply.compact,
        "proof": reply.proof,
    });
    form.print(&value, |_| told(&payload, verified.index(), verified.kid().as_str()))?;
    match refused(&payload) {
        Some(said) => Err(Failure::text(Exit::Refused, format!("refused: {said}"))
            .hint("the refusal is signed and logged; its jti is used up")),
        None => Ok(()),
    }
}

fn told(payload: &Value, index: u64, kid: &str) -> String {
    let text = |pointer| match payload.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let said = if payload.get("body").is_some() { "answer" } else { "receipt" };
    let mut rows = vec![
        ("reply", format!("{said} signed by {kid}, verified")),
        ("outcome", payload.get("res").map_or_else(|| "answered".to_owned(), ToString::to_string)),
        ("message", format!("{}/{}", text("/msg/iss"), text("/msg/jti"))),
        ("log", format!("{} index {index}, inclusion proven", text("/log/origin"))),
    ];
    if let Some(body) = payload.get("body") {
        rows.push(("body", serde_json::to_string_pretty(body).unwrap_or_default()));
    }
    pairs(rows)
}

fn show(text: &str, form: Form) -> Outcome {
    let usage = |error: anyhow::Error| {
        Failure::new(Exit::Usage, error.context("not a compact JWS"))
            .hint("three parts of base64url with dots between them")
    };
    let value = json!({
        "header": part(text, 0).map_err(usage)?,
        "payload": payload(text).map_err(usage)?,
        "sha256": crate::jws::Digest::of(text.trim_end()),
        "signature": "not checked",
    });
    form.print(&value, |value| serde_json::to_string_pretty(value).unwrap_or_default())
}
