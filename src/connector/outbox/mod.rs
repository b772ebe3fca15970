//! The connector's own SQLite file: outbox, copy of the feed, newest directory. Durable before
//! anything is answered (`synchronous=FULL`); one connection, since a district sends little.
//! Nothing here ever sees an identifier: bodies arrive with tokens in them.

mod accepted;
mod feed;
mod item;
mod queue;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use serde::Serialize;

pub use self::feed::FEED_ENTRIES_MAX;
pub use self::item::{Counts, ItemState};
pub(super) use self::item::{Ending, Item, NewItem, Next, Signed};
pub use self::queue::{ENDED_ITEMS_MAX, OPEN_ITEMS_MAX};

/// How long a statement waits for a lock that another process (a backup) holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The version that began to keep what was accepted.
const ACCEPTED: u32 = 4;

const MIGRATIONS: &[(u32, &str)] = &[
    (1, include_str!("../migrations/0001_outbox.sql")),
    (2, include_str!("../migrations/0002_revisions.sql")),
    (3, include_str!("../migrations/0003_addressee.sql")),
    (ACCEPTED, include_str!("../migrations/0004_accepted.sql")),
    (5, include_str!("../migrations/0005_verifications.sql")),
];

/// Why the file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// SQLite said no.
    #[error("the outbox file cannot be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file cannot be created.
    #[error("the outbox file cannot be created: {0}")]
    Io(#[from] std::io::Error),
    /// Written by a newer release.
    #[error("the outbox file has version {0}, which this release does not know")]
    Newer(u32),
    /// A row does not read back.
    #[error("the outbox file is damaged: {0}")]
    Damaged(&'static str),
    /// [`OPEN_ITEMS_MAX`] messages wait already.
    #[error("the outbox is full")]
    Full,
}

/// The file.
pub(super) struct Outbox(Mutex<Connection>);

impl Outbox {
    pub(super) fn open(path: &Path) -> Result<Self, OutboxError> {
        create_private(path)?;
        let mut db = Connection::open(path)?;
        db.busy_timeout(BUSY_TIMEOUT)?;
        db.pragma_update(None, "journal_mode", "wal")?;
        // "In the outbox" is a promise to the district's system: it must survive a power cut.
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "secure_delete", true)?;
        migrate(&mut db)?;
        Ok(Self(Mutex::new(db)))
    }

    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, OutboxError> {
        let db = self.db();
        let value = db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |r| r.get(0));
        Ok(value.optional()?)
    }

    /// A value that is made at first use and then stays: `fresh` is kept unless there is one.
    pub(super) fn meta_once(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, OutboxError> {
        let db = self.db();
        db.execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
            (name, fresh),
        )?;
        Ok(db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |r| r.get(0))?)
    }

    pub(super) fn put_meta(&self, name: &str, value: &[u8]) -> Result<(), OutboxError> {
        self.db().execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )?;
        Ok(())
    }
}

/// Only the connector's own user reads it: SQLite gives its side files the mode of this one.
#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if path == Path::new(":memory:") {
        return Ok(());
    }
    let file = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    file.map(drop)
}

#[cfg(not(unix))]
fn create_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Brings the file to the newest version, which SQLite keeps in its header.
fn migrate(db: &mut Connection) -> Result<(), OutboxError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if MIGRATIONS.last().is_some_and(|(newest, _)| version > *newest) {
        return Err(OutboxError::Newer(version));
    }
    for (number, sql) in MIGRATIONS.iter().filter(|(number, _)| *number > version) {
        tx.execute_batch(sql)?;
        if *number == ACCEPTED {
            accepted::take_up(&tx)?;
        }
        tx.pragma_update(None, "user_version", number)?;
    }
    tx.commit()?;
    Ok(())
}

/// SQLite has no unsigned integers; what is counted here never comes near the difference.
fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn json(value: &impl Serialize) -> Result<String, OutboxError> {
    serde_json::to_string(value).map_err(|_| OutboxError::Damaged("a value cannot be written"))
}
