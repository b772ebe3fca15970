//! `log`: the transparency log, checked from the outside or on a database at rest.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::{Exit, Failure, Outcome};
use super::output::{Form, line, progress};
use super::session::{As, MaybeAs, Session};
use crate::gateway::Tiles;
use crate::gateway::ports::{Reads, Snapshot, read};
use crate::log::{
    Checkpoint, Hash, TILE_WIDTH, TileKind, TilePath, Tree, entries, leaf_hash, root_at,
};
use crate::projection::ViewError;
use crate::service::StartError;
use crate::store::sqlite::SqliteStore;

const EXAMPLES: &str = "\
Examples:
  talent-gateway log verify --as dev/districts/qingpu
  talent-gateway log verify --db dev/gateway/gateway.db
  talent-gateway log checkpoint --as dev/districts/qingpu
  talent-gateway log export-vkey --as dev/districts/qingpu > gateway.vkey";

/// Verify and show the transparency log
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct LogCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Read every entry, compute the root again and compare it with the signed checkpoint
    Verify(Verify),
    /// The newest checkpoint, verified (C2SP tlog-checkpoint)
    Checkpoint(As),
    /// The key of the log as a verifier key (C2SP signed-note)
    ExportVkey(As),
}

#[derive(Debug, Args)]
struct Verify {
    #[command(flatten)]
    district: MaybeAs,
    /// Database to read instead
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "folder",
        required_unless_present = "folder"
    )]
    db: Option<PathBuf>,
}

impl LogCommand {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::Verify(Verify { district, db }) => match (district.given(), db) {
                (Some(district), _) => verify_served(&district.open()?, form).await,
                (None, db) => verify_stored(&db.unwrap_or_default(), form),
            },
            Verb::Checkpoint(district) => {
                let (checkpoint, note) = checkpoint(&district.open()?).await?;
                let root = checkpoint.root.to_base64();
                let value = json!({
                    "origin": checkpoint.origin.as_str(),
                    "size": checkpoint.size,
                    "root": root,
                });
                form.print(&value, |_| note)
            }
            Verb::ExportVkey(district) => {
                let (directory, _) = district.open()?.directory().await?;
                let keys = directory.log().verifiers.iter().map(ToString::to_string);
                line(&keys.collect::<Vec<_>>().join("\n"))
            }
        }
    }
}

/// The served checkpoint, signed by a log key of the trusted directory.
async fn checkpoint(session: &Session) -> Outcome<(Checkpoint, String)> {
    let (directory, _) = session.directory().await?;
    let reply = session.get("/log/checkpoint").await?;
    let note = String::from_utf8(reply.body.to_vec()).context("the checkpoint is not text")?;
    let log = directory.log();
    let verified = Checkpoint::open(&note, &log.verifiers, &log.origin)
        .map_err(|error| Failure::new(Exit::Unverified, error))?;
    Ok((verified.checkpoint().clone(), note))
}

/// Entries and hashes as anyone may fetch them: both must lead to the signed root.
async fn verify_served(session: &Session, form: Form) -> Outcome {
    let (checkpoint, _) = checkpoint(session).await?;
    let bar = progress(checkpoint.size, "entries");
    let mut tree = Tree::new();
    while tree.size() < checkpoint.size {
        let index = tree.size() / u64::from(TILE_WIDTH);
        let left = checkpoint.size - tree.size();
        let width = u16::try_from(left).map_or(TILE_WIDTH, |left| left.min(TILE_WIDTH));
        let partial = u8::try_from(width).ok().and_then(std::num::NonZeroU8::new);
        let bundle = tile(session, TilePath { kind: TileKind::Entries, index, partial }).await?;
        let hashes = tile(session, TilePath { kind: TileKind::Hashes(0), index, partial }).await?;
        let entries = entries(&bundle, width).map_err(|e| Failure::new(Exit::Unverified, e))?;
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        if !leaves.iter().flat_map(|leaf| leaf.0).eq(hashes.iter().copied()) {
            return Err(contradiction("entries and hashes of a tile differ"));
        }
        for leaf in leaves {
            tree.append(leaf);
        }
        bar.set_position(tree.size());
    }
    bar.finish_and_clear();
    if tree.root() != checkpoint.root {
        return Err(contradiction("the entries lead to another root than the signed one"));
    }
    verified(checkpoint.origin.as_str(), checkpoint.size, checkpoint.root, form)
}

async fn tile(session: &Session, path: TilePath) -> Outcome<Vec<u8>> {
    Ok(session.get(&format!("/log{path}")).await?.body.to_vec())
}

/// Leaves of the database: hashed anew from receipts and answers, compared with its tiles.
fn verify_stored(db: &std::path::Path, form: Form) -> Outcome {
    if !db.is_file() {
        let text = format!("{}: no such database", db.display());
        return Err(Failure::text(Exit::Usage, text));
    }
    let store_error = |source| StartError::Store { file: db.to_owned(), source };
    let store: Arc<dyn Reads> = Arc::new(SqliteStore::open(db).map_err(store_error)?);
    let (size, computed, kept) =
        read(&store, |snapshot| roots(snapshot)).map_err(|e| Failure::new(Exit::Unverified, e))?;
    if computed != kept {
        return Err(contradiction("the entries lead to another root than the tiles"));
    }
    verified(&db.display().to_string(), size, computed, form)
}

/// Entries that are read at once.
const BATCH: usize = 256;

fn roots(snapshot: &dyn Snapshot) -> Result<(u64, Hash, Hash), ViewError> {
    let size = snapshot.size()?;
    let bar = progress(size, "entries");
    let mut tree = Tree::new();
    while tree.size() < size {
        let leaves = snapshot.leaves(tree.size(), BATCH)?;
        if leaves.is_empty() {
            return Err(ViewError::Inconsistent { table: 0, what: "the log has a gap" });
        }
        for leaf in leaves {
            tree.append(leaf);
        }
        bar.set_position(tree.size());
    }
    bar.finish_and_clear();
    let broken = ViewError::Inconsistent { table: 0, what: "a tile of the log is missing" };
    let kept = root_at(size, &Tiles(snapshot)).map_err(|_| broken)?;
    Ok((size, tree.root(), kept))
}

fn verified(what: &str, size: u64, root: Hash, form: Form) -> Outcome {
    let root = root.to_base64();
    form.print(&json!({ "verified": true, "log": what, "size": size, "root": root }), |_| {
        format!("{what}: {size} entries lead to root {root}")
    })
}

fn contradiction(what: &'static str) -> Failure {
    Failure::new(Exit::Unverified, anyhow!(what))
        .hint("keep what you have: a log that contradicts itself is evidence against its operator")
}
