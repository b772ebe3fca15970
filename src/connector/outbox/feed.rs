//! The copy of the feed.

use rusqlite::TransactionBehavior;
use serde_json::Value;

use super::{Outbox, OutboxError, signed, unsigned};

/// Most feed entries that are kept; older ones can be asked of the gateway again.
pub const FEED_ENTRIES_MAX: u64 = 100_000;
/// Most feed entries in one local reply.
pub const FEED_PAGE_MAX: u32 = 500;

impl Outbox {
    pub(in crate::connector) fn feed_last(&self) -> Result<u64, OutboxError> {
        let last = self.db().query_row("SELECT max(seq) FROM feed", [], |row| row.get(0));
        Ok(last.map(|seq: Option<i64>| unsigned(seq.unwrap_or(0)))?)
    }

    /// Adds entries; the sequence has no gaps, so a number that is there already is the same entry.
    pub(in crate::connector) fn feed_add(
        &self,
        entries: &[(u64, String)],
    ) -> Result<(), OutboxError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (seq, entry) in entries {
            tx.execute(
                "INSERT OR IGNORE INTO feed (seq, entry) VALUES (?1, ?2)",
                (signed(*seq), entry),
            )?;
        }
        if let Some((last, _)) = entries.last() {
            let kept_from = last.saturating_sub(FEED_ENTRIES_MAX);
            tx.execute("DELETE FROM feed WHERE seq <= ?1", [signed(kept_from)])?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Entries after a number, at most [`FEED_PAGE_MAX`].
    pub(in crate::connector) fn feed_after(&self, after: u64) -> Result<Vec<Value>, OutboxError> {
        let db = self.db();
        let mut query =
            db.prepare_cached("SELECT entry FROM feed WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let mut rows = query.query((signed(after), FEED_PAGE_MAX))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            let entry = serde_json::from_str(&text);
            entries.push(entry.map_err(|_| OutboxError::Damaged("a feed entry"))?);
        }
        Ok(entries)
    }
}
