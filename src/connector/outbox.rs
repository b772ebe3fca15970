//! The connector's own SQLite file: outbox, copy of the feed, newest directory. Durable before
//! anything is answered (`synchronous=FULL`); one connection, since a district sends little.
//!
//! Long, because it holds every SQL statement of the connector. Nothing here ever sees an
//! identifier: bodies arrive with tokens in them.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use serde::Serialize;
use serde_json::Value;

use super::revisions::{self, Logged, Revision};
use crate::domain::code::Refusal;
use crate::domain::context::Operator;
use crate::domain::participant::ParticipantId;
use crate::domain::registry::MessageType;
use crate::domain::time::UtcSeconds;
use crate::jws::Jti;

/// Most messages that wait to be sent or approved: weeks of a large district's work.
pub const OPEN_ITEMS_MAX: u64 = 100_000;
/// Most finished messages that are kept with receipt and proof; the log keeps them all.
pub const ENDED_ITEMS_MAX: u64 = 200_000;
/// Most feed entries that are kept; older ones can be asked of the gateway again.
pub const FEED_ENTRIES_MAX: u64 = 100_000;
/// Most feed entries in one local reply.
pub const FEED_PAGE_MAX: u32 = 500;
/// Most items in one list.
pub const LIST_MAX: u32 = 200;
/// How long a statement waits for a lock that another process (a backup) holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const MIGRATIONS: &[(u32, &str)] = &[
    (1, include_str!("migrations/0001_outbox.sql")),
    (2, include_str!("migrations/0002_revisions.sql")),
    (3, include_str!("migrations/0003_addressee.sql")),
];
const COLUMNS: &str = "id, mt, state, body, operator, jti, compact, exp, attempt, due_ms, reply, proof, problem, created, ended, addressee";

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

/// Where a message of the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemState {
    /// Waits for a second operator.
    Parked,
    /// Waits to be sent, or for its receipt.
    Waiting,
    /// Accepted; receipt and proof were verified.
    Done,
    /// Refused with a signed receipt, which was verified.
    Refused,
    /// Given up unsigned: sending the same again cannot help, and nothing was logged.
    Failed,
}

/// A message of the outbox.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub id: i64,
    pub ty: MessageType,
    pub state: ItemState,
    pub body: Value,
    pub operator: Operator,
    pub jti: Jti,
    pub signed: Option<Signed>,
    pub attempt: u32,
    pub due_ms: i64,
    pub reply: Option<String>,
    pub proof: Option<String>,
    pub problem: Option<Refusal>,
    pub created: UtcSeconds,
    pub ended: Option<UtcSeconds>,
    pub to: Option<ParticipantId>,
}

/// The exact bytes of a message, kept until there is a receipt for them.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub compact: String,
    pub exp: UtcSeconds,
}

/// A message to be put in.
pub(super) struct NewItem<'a> {
    pub ty: MessageType,
    pub state: ItemState,
    /// Items of one lane are sent one after the other; without a lane, everything before and after
    /// waits.
    pub lane: Option<String>,
    pub body: &'a Value,
    pub operator: &'a Operator,
    /// The participant behind the gateway that it is for.
    pub to: Option<&'a ParticipantId>,
    pub jti: Jti,
    pub now: UtcSeconds,
    /// The revisions that `body` holds, one per item.
    pub revisions: &'a [Option<Revision>],
}

/// How a message ended.
pub(super) struct Ending<'a> {
    pub state: ItemState,
    pub reply: Option<(&'a str, &'a str)>,
    pub problem: Option<&'a Refusal>,
    /// What of it was accepted.
    pub logged: Option<&'a Logged>,
}

/// What can be sent now.
pub(super) enum Next {
    /// These, side by side.
    Send(Vec<Item>),
    /// Nothing before this time in milliseconds.
    At(i64),
    /// Nothing at all.
    Idle,
}

/// Numbers for the operator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Wait for a second operator.
    pub parked: u64,
    /// Wait to be sent.
    pub waiting: u64,
    /// Accepted.
    pub done: u64,
    /// Refused, signed.
    pub refused: u64,
    /// Given up.
    pub failed: u64,
    /// When the oldest one that waits came in, UTC seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_waiting: Option<i64>,
    /// Why the oldest one still waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Refusal>,
}

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

    // === items ===

    pub(super) fn add(&self, new: &NewItem<'_>) -> Result<i64, OutboxError> {
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
            "INSERT INTO item (mt, state, lane, body, operator, jti, created, addressee)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.ty.as_str(),
                new.state.as_str(),
                new.lane,
                new.body.to_string().into_bytes(),
                json(new.operator)?,
                new.jti.to_string(),
                new.now.0,
                new.to.map(ParticipantId::as_str),
            ],
        )?;
        let id = tx.last_insert_rowid();
        revisions::begin(&tx, new.ty, id, new.revisions)?;
        tx.commit()?;
        Ok(id)
    }

    /// The first of the queue and, where lanes allow it, up to `limit` beside it.
    pub(super) fn next(&self, now_ms: i64, limit: usize) -> Result<Next, OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS}, lane FROM item WHERE state = 'waiting' ORDER BY id LIMIT ?1"
        ))?;
        let mut rows = query.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let (mut items, mut lanes) = (Vec::new(), Vec::<String>::new());
        while let Some(row) = rows.next()? {
            let (item, lane) = (item(row)?, row.get::<_, Option<String>>(16)?);
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
    pub(super) fn signed(&self, id: i64, jti: Jti, signed: &Signed) -> Result<(), OutboxError> {
        self.db().execute(
            "UPDATE item SET jti = ?2, compact = ?3, exp = ?4 WHERE id = ?1",
            params![id, jti.to_string(), signed.compact, signed.exp.0],
        )?;
        Ok(())
    }

    /// An attempt brought nothing: try again at `due_ms`.
    pub(super) fn put_off(
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
    pub(super) fn end(
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
        tx.execute(
            "DELETE FROM item WHERE state IN ('done', 'refused', 'failed') AND id <= ?1",
            [id.saturating_sub(signed(ENDED_ITEMS_MAX))],
        )?;
        tx.commit()?;
        Ok(())
    }

    /// Lets a parked item go, with the body that both operators stand for. `false` when it is not
    /// parked any more.
    pub(super) fn release(&self, id: i64, body: &Value) -> Result<bool, OutboxError> {
        let changed = self.db().execute(
            "UPDATE item SET state = 'waiting', body = ?2 WHERE id = ?1 AND state = 'parked'",
            params![id, body.to_string().into_bytes()],
        )?;
        Ok(changed == 1)
    }

    pub(super) fn item(&self, id: i64) -> Result<Option<Item>, OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached(&format!("SELECT {COLUMNS} FROM item WHERE id = ?1"))?;
        let mut rows = query.query([id])?;
        rows.next()?.map(item).transpose()
    }

    /// Items that wait for a second operator, oldest first, at most [`LIST_MAX`].
    pub(super) fn parked(&self) -> Result<Vec<Item>, OutboxError> {
        let db = self.db();
        let mut query = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM item WHERE state = 'parked' ORDER BY id LIMIT ?1"
        ))?;
        let mut rows = query.query([LIST_MAX])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(item(row)?);
        }
        Ok(items)
    }

    pub(super) fn counts(&self) -> Result<Counts, OutboxError> {
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

    // === feed ===

    pub(super) fn feed_last(&self) -> Result<u64, OutboxError> {
        let last = self.db().query_row("SELECT max(seq) FROM feed", [], |row| row.get(0));
        Ok(last.map(|seq: Option<i64>| unsigned(seq.unwrap_or(0)))?)
    }

    /// Adds entries; the sequence has no gaps, so a number that is there already is the same entry.
    pub(super) fn feed_add(&self, entries: &[(u64, String)]) -> Result<(), OutboxError> {
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
    pub(super) fn feed_after(&self, after: u64) -> Result<Vec<Value>, OutboxError> {
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

    // === single values ===

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

impl ItemState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Parked => "parked",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Parked, Self::Waiting, Self::Done, Self::Refused, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
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

fn item(row: &Row<'_>) -> Result<Item, OutboxError> {
    let text = |column| row.get::<_, Option<String>>(column);
    let required = |column, what| text(column)?.ok_or(OutboxError::Damaged(what));
    let body: Vec<u8> = row.get(3)?;
    let problem = text(12)?.and_then(|text| serde_json::from_str(&text).ok());
    let signed = match (text(6)?, row.get::<_, Option<i64>>(7)?) {
        (Some(compact), Some(exp)) => Some(Signed { compact, exp: UtcSeconds(exp) }),
        _ => None,
    };
    let damaged = OutboxError::Damaged;
    Ok(Item {
        id: row.get(0)?,
        ty: MessageType::parse(&required(1, "no type")?).ok_or(damaged("an unknown type"))?,
        state: ItemState::parse(&required(2, "no state")?).ok_or(damaged("an unknown state"))?,
        body: serde_json::from_slice(&body).map_err(|_| damaged("a body"))?,
        operator: serde_json::from_str(&required(4, "no operator")?)
            .map_err(|_| damaged("an operator"))?,
        jti: required(5, "no jti")?.parse().map_err(|_| damaged("a jti"))?,
        signed,
        attempt: row.get(8)?,
        due_ms: row.get(9)?,
        reply: text(10)?,
        proof: text(11)?,
        problem,
        created: UtcSeconds(row.get(13)?),
        ended: row.get::<_, Option<i64>>(14)?.map(UtcSeconds),
        to: text(15)?.map(|id| id.parse()).transpose().map_err(|_| damaged("an addressee"))?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::code::Code;
    use crate::domain::context::OperatorRole;

    const NOW: UtcSeconds = UtcSeconds(1_795_219_200);

    fn jti(n: u128) -> Jti {
        Jti::new(uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + n)).unwrap()
    }

    fn add(outbox: &Outbox, n: u128, lane: Option<&str>) -> i64 {
        let operator = Operator { id: "op-1".to_owned(), role: OperatorRole::Window };
        let new = NewItem {
            ty: MessageType::Certification,
            state: ItemState::Waiting,
            lane: lane.map(str::to_owned),
            body: &json!({ "n": n.to_string() }),
            operator: &operator,
            to: None,
            jti: jti(n),
            now: NOW,
            revisions: &[],
        };
        outbox.add(&new).unwrap()
    }

    fn ready(outbox: &Outbox, now_ms: i64) -> Vec<i64> {
        match outbox.next(now_ms, 16).unwrap() {
            Next::Send(items) => items.iter().map(|item| item.id).collect(),
            Next::At(_) | Next::Idle => Vec::new(),
        }
    }

    #[test]
    fn lanes_run_side_by_side_and_everything_else_in_order() {
        let outbox = Outbox::open(Path::new(":memory:")).unwrap();
        let lanes = [Some("a"), Some("b"), Some("a"), None, Some("c")];
        let ids: Vec<_> = lanes.iter().zip(1..).map(|(lane, n)| add(&outbox, n, *lane)).collect();
        let done = |id| {
            let reply = Some(("r", "p"));
            let ending = Ending { state: ItemState::Done, reply, problem: None, logged: None };
            outbox.end(id, &ending, NOW).unwrap();
        };
        assert_eq!(ready(&outbox, 0), ids[..2], "the second of lane a waits for the first");
        done(ids[0]);
        assert_eq!(ready(&outbox, 0), ids[1..3]);
        done(ids[1]);
        done(ids[2]);
        assert_eq!(ready(&outbox, 0), ids[3..4], "alone");
        done(ids[3]);
        assert_eq!(ready(&outbox, 0), ids[4..]);
        done(ids[4]);
        assert!(matches!(outbox.next(0, 16).unwrap(), Next::Idle));
        assert_eq!(outbox.counts().unwrap().done, 5);
    }

    #[test]
    fn what_is_put_off_holds_up_what_is_behind() {
        let outbox = Outbox::open(Path::new(":memory:")).unwrap();
        let first = add(&outbox, 1, Some("a"));
        add(&outbox, 2, Some("b"));
        outbox.put_off(first, 1, 500, &Refusal::new(Code::Overloaded)).unwrap();
        assert!(matches!(outbox.next(499, 16).unwrap(), Next::At(500)));
        assert_eq!(ready(&outbox, 500).len(), 2);
        let counts = outbox.counts().unwrap();
        assert_eq!((counts.waiting, counts.problem.unwrap().code), (2, Code::Overloaded));
    }

    #[test]
    fn items_outlive_the_process_with_the_bytes_they_were_sent_as() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox.db");
        let id = {
            let outbox = Outbox::open(&path).unwrap();
            let id = add(&outbox, 1, None);
            let signed = Signed { compact: "a.b.c".to_owned(), exp: NOW };
            outbox.signed(id, jti(7), &signed).unwrap();
            id
        };
        let item = Outbox::open(&path).unwrap().item(id).unwrap().unwrap();
        assert_eq!((item.jti, item.signed.unwrap().compact), (jti(7), "a.b.c".to_owned()));
    }

    #[test]
    fn a_newer_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox.db");
        drop(Outbox::open(&path).unwrap());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(Outbox::open(&path), Err(OutboxError::Newer(99))));
    }

    #[test]
    fn the_feed_is_kept_once_and_in_order() {
        let outbox = Outbox::open(Path::new(":memory:")).unwrap();
        let entry = |seq: u64| (seq, json!({ "seq": seq }).to_string());
        outbox.feed_add(&[entry(1), entry(2)]).unwrap();
        outbox.feed_add(&[entry(2), entry(3)]).unwrap();
        assert_eq!(outbox.feed_last().unwrap(), 3);
        assert_eq!(outbox.feed_after(1).unwrap(), [json!({"seq": 2}), json!({"seq": 3})]);
    }
}
