//! Migrations: numbered SQL files, each with the SHA-256 it had when it ran. A changed past file or
//! a newer database is refused.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

const MIGRATIONS: &[(u32, &str)] =
    &[(1, include_str!("migrations/0001_entries_and_projections.sql"))];

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// SQLite said no.
    #[error("the database cannot be opened: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A thread could not be started.
    #[error("a thread of the store cannot be started: {0}")]
    Thread(#[from] std::io::Error),
    /// The file of a migration that ran differs from what ran.
    #[error("migration {0} differs from the one this database ran")]
    Changed(u32),
    /// The database was written by a newer release.
    #[error(
        "the database has migration {0}, which this release does not know; use a newer release"
    )]
    Newer(u32),
}

/// Brings the database to the newest migration.
pub(super) fn run(connection: &mut Connection) -> Result<(), MigrateError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (
            number INTEGER PRIMARY KEY, sha256 BLOB NOT NULL
        ) STRICT",
    )?;
    let newest: Option<u32> =
        connection.query_row("SELECT max(number) FROM migration", [], |row| row.get(0))?;
    let known = MIGRATIONS.last().map_or(0, |(number, _)| *number);
    if let Some(newest) = newest.filter(|n| *n > known) {
        return Err(MigrateError::Newer(newest));
    }
    for (number, sql) in MIGRATIONS {
        let digest = Sha256::digest(sql.as_bytes());
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let ran: Option<Vec<u8>> = tx
            .query_row("SELECT sha256 FROM migration WHERE number = ?1", [number], |row| row.get(0))
            .optional()?;
        match ran {
            Some(ran) if ran == digest.as_slice() => {}
            Some(_) => return Err(MigrateError::Changed(*number)),
            None => {
                tx.execute_batch(sql)?;
                tx.execute(
                    "INSERT INTO migration (number, sha256) VALUES (?1, ?2)",
                    (number, digest.as_slice()),
                )?;
            }
        }
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_once_and_refuses_what_changed_or_is_newer() {
        let mut db = Connection::open_in_memory().unwrap();
        run(&mut db).unwrap();
        run(&mut db).unwrap();
        db.execute("UPDATE migration SET sha256 = x'00'", []).unwrap();
        assert!(matches!(run(&mut db), Err(MigrateError::Changed(1))));
        db.execute("INSERT INTO migration VALUES (9, x'00')", []).unwrap();
        assert!(matches!(run(&mut db), Err(MigrateError::Newer(9))));
    }
}
