//! `rebuild`: the tables again, from the log alone.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use serde_json::json;

use super::failure::{Exit, Failure, Outcome};
use super::output::{Form, progress, table};
use crate::config::{self, GatewayConfig};
use crate::gateway::ports::{Snapshot, read};
use crate::gateway::{Difference, differences, rebuild};
use crate::projection::{MemoryView, ViewError};
use crate::service::{Store, open_store};

const EXAMPLES: &str = "\
Examples:
  talent-gateway rebuild check --config dev     may run beside the gateway
  talent-gateway rebuild apply --config dev     stop the gateway first

Every table is a fold over the log: the same log gives the same rows. `check` fails with exit code 4
when a row differs; `apply` writes what the log says, in one transaction.";

/// Fold the log again and compare, or write the tables anew
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Rebuild {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Args)]
struct Of {
    /// Configuration file of the gateway, or the folder that holds it
    #[arg(long, value_name = "FILE", default_value = ".")]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Compare the tables with the log
    Check(Of),
    /// Write the tables anew from the log
    Apply(Of),
}

impl Rebuild {
    pub(super) fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::Check(of) => check(&of.open()?, form),
            Verb::Apply(of) => apply(&of.open()?, form),
        }
    }
}

impl Of {
    fn open(&self) -> Outcome<Store> {
        let config: GatewayConfig = config::load(&self.config)?;
        Ok(open_store(&config)?)
    }
}

fn check(store: &Store, form: Form) -> Outcome {
    let bar = progress(0, "entries");
    let found = read(&store.reads(), |snapshot| {
        let tables = folded(store, snapshot, &bar)?;
        Ok((snapshot.size()?, differences(snapshot, &tables)?))
    });
    bar.finish_and_clear();
    let (entries, found) = found.map_err(anyhow::Error::from)?;
    let value = json!({ "entries": entries, "differences": found.len() });
    form.print(&value, |_| match found.len() {
        0 => format!("{entries} entries: the tables are what the log says"),
        n => format!("{entries} entries: {n} rows differ\n{}", told(&found)),
    })?;
    if found.is_empty() {
        return Ok(());
    }
    let failure = Failure::text(Exit::Unverified, format!("{} rows differ", found.len()));
    Err(failure.hint("keep a copy of the database, then `talent-gateway rebuild apply`"))
}

fn apply(store: &Store, form: Form) -> Outcome {
    let bar = progress(0, "entries");
    let rows = store.sqlite.rewrite(|snapshot| folded(store, snapshot, &bar));
    bar.finish_and_clear();
    let rows = rows.map_err(anyhow::Error::from)?;
    form.print(&json!({ "rows": rows }), |_| format!("{rows} rows written from the log"))
}

fn folded(
    store: &Store,
    snapshot: &dyn Snapshot,
    bar: &ProgressBar,
) -> Result<MemoryView, ViewError> {
    bar.set_length(snapshot.size()?);
    let mut done = |n| bar.set_position(n);
    rebuild(snapshot, &store.vault, &store.pseudonyms, &mut done)
}

/// The first rows that differ; keys may hold pseudonyms, so only tables and sides are told.
fn told(found: &[Difference]) -> String {
    const SHOWN_MAX: usize = 20;
    let rows = found.iter().take(SHOWN_MAX).map(|d| {
        let said = |there| if there { "has the row" } else { "lacks it" }.to_owned();
        vec![d.table.0.to_string(), said(d.live), said(d.rebuilt)]
    });
    table(&["table", "database", "log"], rows)
}
