//! `directory`: who takes part, with which keys, under which agreements.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Outcome;
use super::file::read_input;
use super::output::{Form, table};
use super::session::{As, payload, unverified};
use crate::evidence::TrustedDirectory;
use crate::service::pin;

const EXAMPLES: &str = "\
Examples:
  talent-gateway directory show --as dev/districts/qingpu
  talent-gateway directory verify dev/tokeniser/directory.jwt --pinned dev/pinned.json";

/// Show and verify the signed directory
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Directories {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Fetch the directory, verify it from the pin and show it
    Show(As),
    /// Verify a kept directory document offline
    Verify {
        /// File with the document (JWS compact); - for standard input
        file: PathBuf,
        /// The operator and its directory key
        #[arg(long, value_name = "FILE")]
        pinned: PathBuf,
    },
}

impl Directories {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::Show(district) => {
                let (_, signed) = district.open()?.directory().await?;
                form.print(&payload(&signed.compact)?, told)
            }
            Verb::Verify { file, pinned } => {
                let text = read_input(&file)?;
                let pin = pin(&pinned)?;
                let directory =
                    TrustedDirectory::open(text.trim_end(), &pin, None).map_err(unverified)?;
                let value = json!({
                    "verified": true,
                    "version": directory.version(),
                    "issuer": directory.issuer(),
                    "sha256": directory.digest(),
                    "participants": directory.participants().count(),
                });
                form.print(&value, |_| {
                    format!(
                        "version {} of {}, signed at {}: the pinned key vouches for it",
                        directory.version(),
                        directory.issuer(),
                        directory.issued_at()
                    )
                })
            }
        }
    }
}

fn told(document: &Value) -> String {
    let list = |name| document.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, pointer: &str| match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let columns = |rows: Vec<Value>, pointers: &'static [&'static str]| {
        let row = move |row: &Value| pointers.iter().map(|p| text(row, p)).collect::<Vec<_>>();
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let participants = columns(
        list("participants"),
        &["/participant", "/kind", "/region", "/name/zh", "/contact", "/standing"],
    );
    let keys = columns(list("keys"), &["/kid", "/use", "/jwk/crv", "/revoked_from"]);
    let agreements = columns(
        list("agreements"),
        &["/owner", "/agreement/agreement", "/agreement/residence", "/agreement/validity/until"],
    );
    format!(
        "version {}\n{}\n\n{}\n\n{}",
        text(document, "/version"),
        table(&["participant", "kind", "region", "name", "contact", "standing"], participants),
        table(&["key", "use", "curve", "revoked from"], keys),
        table(&["owner", "agreement", "residence", "until"], agreements),
    )
}
