//! `evidence`: one file that proves a message for years, and its check without any server.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::failure::Outcome;
use super::file::read_bytes;
use super::output::{Form, table};
use super::session::{As, payload, unverified};
use crate::domain::participant::ParticipantId;
use crate::evidence::{Bundle, DirectoryPart, Report, SchemaPart};
use crate::jws::{Digest, Jti};
use crate::service::pin;

const EXAMPLES: &str = "\
Examples:
  talent-gateway evidence export qingpu 0192… --as dev/districts/qingpu --out case.json
  talent-gateway evidence verify case.json --pinned dev/pinned.json

`verify` opens no connection. Exit code 4: a check does not hold.";

/// Export and verify evidence
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct EvidenceCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Fetch message, reply, proofs, directory and schema into one file; it is verified first
    Export {
        /// Sender of the message
        iss: ParticipantId,
        /// Its id
        jti: Jti,
        /// File to write; must not exist
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        district: As,
    },
    /// Check a file offline
    Verify {
        /// The file
        file: PathBuf,
        /// The operator and its directory key
        #[arg(long, value_name = "FILE")]
        pinned: PathBuf,
    },
}

impl EvidenceCommand {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::Export { iss, jti, out, district } => {
                let session = district.open()?;
                let body = session.get_json(&format!("/v1/messages/{iss}/{jti}")).await?;
                let text = |name| body.get(name).and_then(Value::as_str).map(str::to_owned);
                let (_, directory) = session.directory().await?;
                let message = text("message");
                let schema = message.as_deref().and_then(|m| schema_of(m, &session.schemas));
                let reply = text("receipt").or_else(|| text("answer"));
                let bundle = Bundle {
                    reply: reply.ok_or_else(|| anyhow!("the gateway gave no signed reply"))?,
                    proof: text("proof").unwrap_or_default(),
                    directory: DirectoryPart {
                        earlier: Vec::new(),
                        compact: directory.compact,
                        proof: directory.proof,
                    },
                    schema,
                    exported_at: session.ports.clock.now(),
                    message,
                };
                let report = bundle.verify(&pin(&session.config.pinned)?).map_err(unverified)?;
                let json = bundle.to_json()?;
                write_new(&out, &json).with_context(|| out.display().to_string())?;
                form.print(&report, told)
            }
            Verb::Verify { file, pinned } => {
                let bundle = Bundle::parse(&read_bytes(&file)?).map_err(unverified)?;
                let report = bundle.verify(&pin(&pinned)?).map_err(unverified)?;
                form.print(&report, told)
            }
        }
    }
}

/// The schema that the message pins, when it is one of this release.
fn schema_of(message: &str, registry: &crate::schema::Registry) -> Option<SchemaPart> {
    let claims = payload(message).ok()?;
    let mt = claims.get("mt")?.as_str()?;
    let document = registry.document(mt)?;
    let pinned = claims.pointer("/sch/sha256")?.as_str()?;
    if pinned != document.sha256_hex() {
        return None;
    }
    Some(SchemaPart {
        mt: mt.parse().ok()?,
        uri: document.uri.to_owned(),
        sha256: Digest(document.sha256),
        text: document.text.to_owned(),
    })
}

fn write_new(file: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;

    let mut new = std::fs::OpenOptions::new().write(true).create_new(true).open(file)?;
    new.write_all(text.as_bytes())?;
    new.sync_all()
}

fn told(report: &Report) -> String {
    fn word(value: &impl serde::Serialize) -> String {
        let value = serde_json::to_value(value).unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    }
    let rows = report
        .steps
        .iter()
        .map(|step| vec![word(&step.check), word(&step.verdict), step.text.en.clone()]);
    let steps = table(&["check", "verdict", "what"], rows);
    let end = if report.is_complete() { "everything holds" } else { "holds, with remarks" };
    format!("{steps}\n{end}")
}
