//! What the gateway has accepted from here, as a reconciliation counts it: written in the transaction
//! that ends a message, from its verified receipt.

use rusqlite::{OptionalExtension as _, Transaction};
use uuid::Uuid;

use super::item::{COLUMNS, Item, ItemState};
use super::{Outbox, OutboxError};
use crate::connector::alias;
use crate::domain::reconcile::CountedKind;
use crate::domain::registry::MessageType;
use crate::jws::{Digest, Jti};
use crate::projection::tally;

impl Outbox {
    /// Count and digest of what was accepted of a kind.
    pub(in crate::connector) fn tally(
        &self,
        kind: CountedKind,
    ) -> Result<(u64, Digest), OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached("SELECT jti, item FROM accepted WHERE kind = ?1")?;
        let rows = query.query_map([kind.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows: Vec<(Vec<u8>, u32)> = rows.collect::<Result<_, _>>()?;
        let read = |(jti, item): (Vec<u8>, u32)| Some((Uuid::from_slice(&jti).ok()?, item));
        let rows: Option<Vec<_>> = rows.into_iter().map(read).collect();
        Ok(tally(rows.ok_or(OutboxError::Damaged("the id of an accepted message"))?))
    }

    /// The last reconciliation that has ended.
    pub(in crate::connector) fn last_reconciled(&self) -> Result<Option<Item>, OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM item WHERE mt = ?1 AND ended IS NOT NULL ORDER BY id DESC LIMIT 1"
        ))?;
        let mut rows = query.query([MessageType::Reconcile.as_str()])?;
        rows.next()?.map(Item::read).transpose()
    }
}

/// Keeps what was accepted of message `outbox`.
pub(super) fn keep(tx: &Transaction<'_>, outbox: i64, items: &[u32]) -> Result<(), OutboxError> {
    let found: Option<(String, String)> = tx
        .query_row("SELECT mt, jti FROM item WHERE id = ?1", [outbox], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    match found {
        Some((mt, jti)) => insert(tx, &mt, &jti, items),
        None => Ok(()),
    }
}

/// Takes up what earlier releases sent, from the receipts that are kept.
pub(super) fn take_up(tx: &Transaction<'_>) -> Result<(), OutboxError> {
    let mut query =
        tx.prepare("SELECT mt, jti, reply FROM item WHERE state = ?1 AND reply IS NOT NULL")?;
    let mut rows = query.query([ItemState::Done.as_str()])?;
    while let Some(row) = rows.next()? {
        let (mt, jti, reply): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        insert(tx, &mt, &jti, &accepted_items(&reply))?;
    }
    Ok(())
}

/// The items that an accepting receipt names as accepted; 0 where the message was no bulk.
fn accepted_items(receipt: &str) -> Vec<u32> {
    let result = alias::result_of(receipt);
    let Some(items) = result["items"].as_array() else { return vec![0] };
    let accepted = items.iter().filter(|item| item["outcome"] == "accepted");
    accepted.filter_map(|item| u32::try_from(item["index"].as_u64()?).ok()).collect()
}

fn insert(tx: &Transaction<'_>, mt: &str, jti: &str, items: &[u32]) -> Result<(), OutboxError> {
    let Some(kind) = MessageType::parse(mt).and_then(CountedKind::of) else { return Ok(()) };
    let jti: Jti = jti.parse().map_err(|_| OutboxError::Damaged("a jti"))?;
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO accepted (kind, jti, item) VALUES (?1, ?2, ?3)")?;
    for item in items {
        insert.execute((kind.as_str(), jti.as_uuid().as_bytes().as_slice(), item))?;
    }
    Ok(())
}
