//! The writer: one thread, one transaction per group of whatever has arrived.

use std::sync::mpsc::Receiver;

use rusqlite::{Connection, TransactionBehavior};

use super::checkpoint::CatchUp;
use super::read::{SqliteSnapshot, outcome_number, signed};
use super::storage;
use crate::gateway::ports::{Committer, Entry, GROUP_MAX, GroupTx, Snapshot};
use crate::log::Hash;
use crate::projection::{Change, ViewError};

/// Takes groups until every sender is gone.
pub(super) fn run<C: Committer>(
    mut connection: Connection,
    mut committer: C,
    receiver: &Receiver<C::Item>,
    catch_up: &CatchUp,
) {
    while let Ok(first) = receiver.recv() {
        let mut items = vec![first];
        items.extend(receiver.try_iter().take(GROUP_MAX - 1));
        match commit(&mut connection, &mut committer, items) {
            Ok(()) => committer.committed(),
            Err(error) => {
                tracing::error!(%error, "a commit group was undone");
                committer.rolled_back(&error);
            }
        }
        catch_up.after_group(&connection);
    }
}

fn commit<C: Committer>(
    connection: &mut Connection,
    committer: &mut C,
    items: Vec<C::Item>,
) -> Result<(), ViewError> {
    let tx =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(storage)?;
    committer.group(&mut SqliteGroup(SqliteSnapshot(&tx)), items)?;
    tx.commit().map_err(storage)
}

/// The writer's open transaction.
struct SqliteGroup<'c>(SqliteSnapshot<'c>);

impl GroupTx for SqliteGroup<'_> {
    fn snapshot(&self) -> &dyn Snapshot {
        &self.0
    }

    fn append(&mut self, entry: &Entry) -> Result<(), ViewError> {
        let mut statement = self.0.0.prepare_cached(
            "INSERT INTO entry (pos, at, iss, jti, mt, digest, outcome, leaf, reply_digest, reply, \
             wrapped_key, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        ).map_err(storage)?;
        statement
            .execute((
                signed(entry.pos),
                entry.at.0,
                entry.iss.as_str(),
                entry.jti.as_bytes().as_slice(),
                &entry.mt,
                entry.digest.as_slice(),
                outcome_number(entry.outcome),
                entry.leaf.0.as_slice(),
                entry.reply_digest.as_slice(),
                &entry.reply,
                &entry.wrapped_key,
                &entry.body,
            ))
            .map_err(storage)?;
        Ok(())
    }

    fn apply(&mut self, changes: Vec<Change>) -> Result<(), ViewError> {
        let mut put = self
            .0
            .0
            .prepare_cached(
                "INSERT INTO projection (tbl, key, subject, value) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (tbl, key) DO UPDATE SET subject = excluded.subject, \
             value = excluded.value",
            )
            .map_err(storage)?;
        for change in changes {
            match change {
                Change::Put { table, key, subject, value } => {
                    let subject = subject.map(|s| signed(s.0));
                    put.execute((table.0, key, subject, value)).map_err(storage)?;
                }
                Change::Delete { table, key } => {
                    let mut statement = self
                        .0
                        .0
                        .prepare_cached("DELETE FROM projection WHERE tbl = ?1 AND key = ?2")
                        .map_err(storage)?;
                    statement.execute((table.0, key)).map_err(storage)?;
                }
            }
        }
        Ok(())
    }

    fn put_tile(
        &mut self,
        level: u8,
        index: u64,
        hashes: &[Hash],
        root: Hash,
    ) -> Result<(), ViewError> {
        let bytes: Vec<u8> = hashes.iter().flat_map(|h| h.0).collect();
        self.0
            .0
            .execute(
                "INSERT INTO tile (level, idx, root, hashes) VALUES (?1, ?2, ?3, ?4)",
                (level, signed(index), root.0.as_slice(), bytes),
            )
            .map_err(storage)?;
        Ok(())
    }

    fn put_meta(&mut self, name: &str, value: &[u8]) -> Result<(), ViewError> {
        self.0
            .0
            .execute(
                "INSERT INTO meta (name, value) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
            .map_err(storage)?;
        Ok(())
    }
}
