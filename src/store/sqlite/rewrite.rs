//! Every table anew, in one transaction: what `rebuild apply` does.

use rusqlite::TransactionBehavior;

use super::read::{SqliteSnapshot, signed};
use super::{SqliteStore, connect, storage};
use crate::gateway::ports::Snapshot;
use crate::projection::{MemoryView, ViewError};

impl SqliteStore {
    /// Replaces every row of every projection by those that `tables` makes of the log. Reading and
    /// writing happen in one transaction that holds the writer's lock, so nothing is lost to a
    /// commit in between; a gateway that runs beside keeps its snapshots until it is restarted.
    ///
    /// # Errors
    /// [`ViewError`]; nothing is changed then.
    pub fn rewrite(
        &self,
        tables: impl FnOnce(&dyn Snapshot) -> Result<MemoryView, ViewError>,
    ) -> Result<usize, ViewError> {
        let mut connection = connect(&self.path, false).map_err(storage)?;
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(storage)?;
        let tables = tables(&SqliteSnapshot(&tx))?;
        tx.execute("DELETE FROM projection", []).map_err(storage)?;
        let mut count = 0;
        {
            let mut insert = tx
                .prepare(
                    "INSERT INTO projection (tbl, key, subject, value) VALUES (?1, ?2, ?3, ?4)",
                )
                .map_err(storage)?;
            for (table, key, subject, value) in tables.rows() {
                let subject = subject.map(|s| signed(s.0));
                insert.execute((table.0, key, subject, value)).map_err(storage)?;
                count += 1;
            }
        }
        tx.commit().map_err(storage)?;
        Ok(count)
    }
}
