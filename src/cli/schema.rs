//! `schema`: what may be in a message.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::{Exit, Failure, Outcome, describe};
use super::file::{fits, read_json};
use super::output::{Form, line, table};
use crate::domain::registry::bulk_items;
use crate::schema::{Registry, dictionary};
use crate::service::StartError;

const EXAMPLES: &str = "\
Examples:
  talent-gateway schema list
  talent-gateway schema show certification/1 > certification.1.json
  talent-gateway schema check certification/1 body.json
  talent-gateway schema dictionary > schemas.md";

/// List, show and apply the JSON Schemas of this release
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Schemas {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Every schema with its digest, the `sch` of messages
    List,
    /// The exact text of a schema
    Show {
        /// Name, such as certification/1 or common/1
        mt: String,
    },
    /// Check a body, or each item of a bulk body; exit code 4 when it does not fit
    Check {
        /// Message type
        mt: String,
        /// File with the JSON body; - for standard input
        file: PathBuf,
    },
    /// Every data element in both languages, as Markdown
    Dictionary,
}

impl Schemas {
    pub(super) fn run(self, form: Form) -> Outcome {
        let registry = Registry::load().map_err(StartError::from)?;
        let unknown = |mt: &str| {
            Failure::text(Exit::Usage, format!("no schema {mt} in this release"))
                .hint("talent-gateway schema list shows them")
        };
        match self.verb {
            Verb::List => list(&registry, form),
            Verb::Show { mt } => line(registry.document(&mt).ok_or_else(|| unknown(&mt))?.text),
            Verb::Dictionary => line(&dictionary(&registry)),
            Verb::Check { mt, file } => {
                registry.get(&mt).ok_or_else(|| unknown(&mt))?;
                let body = read_json(&file)?;
                let bulk = bulk_items(&body).is_some();
                let items = bulk_items(&body).transpose()?.unwrap_or(std::slice::from_ref(&body));
                for (n, item) in items.iter().enumerate() {
                    let place = if bulk { format!("/items/{n}") } else { String::new() };
                    fits(&registry, &mt, item, &place)
                        .map_err(|refusal| Failure::text(Exit::Unverified, describe(&refusal)))?;
                }
                let value = json!({ "type": mt, "items": items.len(), "valid": true });
                form.print(&value, |_| format!("{mt}: {} valid", items.len()))
            }
        }
    }
}

fn list(registry: &Registry, form: Form) -> Outcome {
    let documents = registry.documents();
    let rows: Vec<_> = documents
        .iter()
        .map(|d| json!({ "mt": d.mt, "uri": d.uri, "sha256": d.sha256_hex() }))
        .collect();
    form.print(&rows, |_| {
        let rows = documents.iter().map(|d| {
            vec![d.mt.to_owned(), d.uri.to_owned(), d.sha256_hex().chars().take(16).collect()]
        });
        table(&["type", "$id", "sha256 (first 16)"], rows)
    })
}
