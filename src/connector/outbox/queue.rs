//! The queue: what waits to be sent or approved, and how it ended.

use rusqlite::{OptionalExtension as _, TransactionBehavior, params};
use serde_json::Value;

use super::accepted;
use super::item::COLUMNS;
use super::{Counts, Ending, Item, ItemState, NewItem, Next, Outbox, OutboxError, Signed};
use super::{json, signed, unsigned};
use crate::connector::revisions;
use crate::domain::code::Refusal;
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;
use crate::jws::Jti;

/// Most messages that wait to be sent or approved: weeks of a large district's work.
pub const OPEN_ITEMS_MAX: u64 = 100_000;
/// Most finished messages that are kept with receipt and proof; the log keeps them all.
pub const ENDED_ITEMS_MAX: u64 = 200_000;
/// Most items in one list.
pub const LIST_MAX: u32 = 200;

impl Outbox {
    pub(in crate::connector) fn add(&self, new: &NewItem<'_>) -> Result<i64, OutboxError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let open = tx.query_row(
            "SELECT count(*) FROM item WHERE state IN ('parked', 'waiting')",
            [],
            |row| row.get(0),
        )?;
        if unsigned(open) >= OPEN_ITEMS_MAX {
            return Err(OutboxError::Full);
        }
        tx.execute(
            "INSERT INTO item (mt, state, lane, body, operator, jti, created, addressee,
                 verifications)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                new.ty.as_str(),
                new.state.as_str(),
                new.lane,
                new.body.to_string().into_bytes(),
                json(new.operator)?,
                new.jti.to_string(),
                new.now.0,
                new.to.map(ParticipantId::as_str),
                if new.verifications.is_empty() { None } else { Some(json(&new.verifications)?) },
            ],
        )?;
        let id = tx.last_insert_rowid();
        revisions::begin(&tx, new.ty, id, new.revisions)?;
        tx.commit()?;
        Ok(id)
    }

    /// The first of the queue and, where lanes allow it, up to `limit` beside it.
    pub(in crate::connector) fn next(
        &self,
        now_ms: i64,
        limit: usize,
    ) -> Result<Next, OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS}, lane FROM item WHERE state = 'waiting' ORDER BY id LIMIT ?1"
        ))?;
        let mut rows = query.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let (mut items, mut lanes) = (Vec::new(), Vec::<String>::new());
        while let Some(row) = rows.next()? {
            let (item, lane) = (Item::read(row)?, row.get::<_, Option<String>>(17)?);
            if item.due_ms > now_ms {
                return Ok(if items.is_empty() {
                    Next::At(item.due_ms)
                } else {
                    Next::Send(items)
                });
            }
            match lane {
                Some(lane) if !lanes.contains(&lane) => lanes.push(lane),
                _ if items.is_empty() => return Ok(Next::Send(vec![item])),
                _ => break,
            }
            items.push(item);
        }
        Ok(if items.is_empty() { Next::Idle } else { Next::Send(items) })
    }

    /// Keeps the signed bytes, before they are sent.
    pub(in crate::connector) fn signed(
        &self,
        id: i64,
        jti: Jti,
        signed: &Signed,
    ) -> Result<(), OutboxError> {
        self.db().execute(
            "UPDATE item SET jti = ?2, compact = ?3, exp = ?4 WHERE id = ?1",
            params![id, jti.to_string(), signed.compact, signed.exp.0],
        )?;
        Ok(())
    }

    /// An attempt brought nothing: try again at `due_ms`.
    pub(in crate::connector) fn put_off(
        &self,
        id: i64,
        attempt: u32,
        due_ms: i64,
        problem: &Refusal,
    ) -> Result<(), OutboxError> {
        self.db().execute(
            "UPDATE item SET attempt = ?2, due_ms = ?3, problem = ?4 WHERE id = ?1",
            params![id, attempt, due_ms, json(problem)?],
        )?;
        Ok(())
    }

    /// Ends an item. Its body goes: the signed bytes hold it, where they were logged.
    pub(in crate::connector) fn end(
        &self,
        id: i64,
        ending: &Ending<'_>,
        now: UtcSeconds,
    ) -> Result<(), OutboxError> {
        let (reply, proof) = ending.reply.unzip();
        let problem = ending.problem.map(json).transpose()?;
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute(
            "UPDATE item SET state = ?2, reply = ?3, proof = ?4, problem = ?5, ended = ?6,
                 body = CAST('null' AS BLOB) WHERE id = ?1",
            params![id, ending.state.as_str(), reply, proof, problem, now.0],
        )?;
        revisions::settle(&tx, id, ending.logged)?;
        if let Some(logged) = ending.logged {
            accepted::keep(&tx, id, &logged.accepted)?;
        }
        tx.execute(
            "DELETE FROM item WHERE state IN ('done', 'refused', 'failed') AND id <= ?1",
            [id.saturating_sub(signed(ENDED_ITEMS_MAX))],
        )?;
        tx.commit()?;
        Ok(())
    }

    /// Lets a parked item go, with the body that both operators stand for. `false` when it is not
    /// parked any more.
    pub(in crate::connector) fn release(&self, id: i64, body: &Value) -> Result<bool, OutboxError> {
        let changed = self.db().execute(
            "UPDATE item SET state = 'waiting', body = ?2 WHERE id = ?1 AND state = 'parked'",
            params![id, body.to_string().into_bytes()],
        )?;
        Ok(changed == 1)
    }

    /// Ends a parked item that will never be sent. `false` when it is not parked any more.
    pub(in crate::connector) fn withdraw(
        &self,
        id: i64,
        problem: &Refusal,
        now: UtcSeconds,
    ) -> Result<bool, OutboxError> {
        let mut db = self.db();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let changed = tx.execute(
            "UPDATE item SET state = 'failed', problem = ?2, ended = ?3,
                 body = CAST('null' AS BLOB) WHERE id = ?1 AND state = 'parked'",
            params![id, json(problem)?, now.0],
        )?;
        if changed == 1 {
            revisions::settle(&tx, id, None)?;
        }
        tx.commit()?;
        Ok(changed == 1)
    }

    pub(in crate::connector) fn item(&self, id: i64) -> Result<Option<Item>, OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached(&format!("SELECT {COLUMNS} FROM item WHERE id = ?1"))?;
        let mut rows = query.query([id])?;
        rows.next()?.map(Item::read).transpose()
    }

    /// Items that wait for a second operator, oldest first, at most [`LIST_MAX`].
    pub(in crate::connector) fn parked(&self) -> Result<Vec<Item>, OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM item WHERE state = 'parked' ORDER BY id LIMIT ?1"
        ))?;
        let mut rows = query.query([LIST_MAX])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(Item::read(row)?);
        }
        Ok(items)
    }

    pub(in crate::connector) fn counts(&self) -> Result<Counts, OutboxError> {
        let db = self.db();
        let mut counts = Counts::default();
        let mut query = db.prepare_cached("SELECT state, count(*) FROM item GROUP BY state")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let n = unsigned(row.get(1)?);
            match ItemState::parse(row.get_ref(0)?.as_str().unwrap_or_default()) {
                Some(ItemState::Parked) => counts.parked = n,
                Some(ItemState::Waiting) => counts.waiting = n,
                Some(ItemState::Done) => counts.done = n,
                Some(ItemState::Refused) => counts.refused = n,
                Some(ItemState::Failed) => counts.failed = n,
                None => return Err(OutboxError::Damaged("the state of an item")),
            }
        }
        let oldest: Option<(i64, Option<String>)> = db
            .query_row(
                "SELECT created, problem FROM item WHERE state = 'waiting' ORDER BY id LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        if let Some((created, problem)) = oldest {
            counts.oldest_waiting = Some(created);
            counts.problem = problem.as_deref().and_then(|text| serde_json::from_str(text).ok());
        }
        Ok(counts)
    }
}
