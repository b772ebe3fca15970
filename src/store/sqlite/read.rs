//! Reads: the same SQL for reader connections and for the writer's open transaction.

use rusqlite::{Connection, OptionalExtension, Params, Row as SqlRow};

use super::storage;
use crate::domain::participant::ParticipantId;
use crate::domain::subject::SubjectId;
use crate::domain::time::UtcSeconds;
use crate::gateway::EachRow;
use crate::gateway::ports::{Entry, Outcome, Snapshot};
use crate::log::Hash;
use crate::projection::{Row, TableId, View, ViewError};

const ENTRY: &str = "SELECT pos, at, iss, jti, mt, digest, outcome, leaf, reply_digest, reply, \
                     wrapped_key, body FROM entry ";

/// A state of the database inside an open transaction.
pub(super) struct SqliteSnapshot<'c>(pub(super) &'c Connection);

impl SqliteSnapshot<'_> {
    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&SqlRow<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, ViewError> {
        let mut statement = self.0.prepare_cached(sql).map_err(storage)?;
        let rows = statement.query_map(params, read).map_err(storage)?;
        rows.collect::<Result<_, _>>().map_err(storage)
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&SqlRow<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, ViewError> {
        let mut statement = self.0.prepare_cached(sql).map_err(storage)?;
        statement.query_row(params, read).optional().map_err(storage)
    }
}

impl View for SqliteSnapshot<'_> {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        self.one(
            "SELECT value FROM projection WHERE tbl = ?1 AND key = ?2",
            (table.0, key),
            |row| row.get(0),
        )
    }

    fn last(&self, table: TableId, prefix: &[u8]) -> Result<Option<Row>, ViewError> {
        match end_of(prefix) {
            Some(end) => self.one(
                "SELECT key, value FROM projection WHERE tbl = ?1 AND key >= ?2 AND key < ?3 \
                 ORDER BY key DESC LIMIT 1",
                (table.0, prefix, end),
                row,
            ),
            None => self.one(
                "SELECT key, value FROM projection WHERE tbl = ?1 AND key >= ?2 \
                 ORDER BY key DESC LIMIT 1",
                (table.0, prefix),
                row,
            ),
        }
    }

    fn range(
        &self,
        table: TableId,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Row>, ViewError> {
        // A key after `after` is at least `after` with a zero byte.
        let first = match after {
            Some(after) if after >= prefix => [after, &[0]].concat(),
            _ => prefix.to_vec(),
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        match end_of(prefix) {
            Some(end) => self.all(
                "SELECT key, value FROM projection WHERE tbl = ?1 AND key >= ?2 AND key < ?3 \
                 ORDER BY key LIMIT ?4",
                (table.0, first, end, limit),
                row,
            ),
            None => self.all(
                "SELECT key, value FROM projection WHERE tbl = ?1 AND key >= ?2 \
                 ORDER BY key LIMIT ?3",
                (table.0, first, limit),
                row,
            ),
        }
    }

    fn of_subject(&self, table: TableId, subject: SubjectId) -> Result<Vec<Row>, ViewError> {
        // Left to itself, the planner walks the whole table in key order to save the sort.
        self.all(
            "SELECT key, value FROM projection INDEXED BY projection_subject \
             WHERE subject = ?1 AND tbl = ?2 ORDER BY key",
            (signed(subject.0), table.0),
            row,
        )
    }
}

impl Snapshot for SqliteSnapshot<'_> {
    fn size(&self) -> Result<u64, ViewError> {
        let last: Option<Option<i64>> =
            self.one("SELECT max(pos) FROM entry", [], |row| row.get(0))?;
        Ok(last.flatten().map_or(0, |pos| unsigned(pos) + 1))
    }

    fn entry_of(&self, iss: &ParticipantId, jti: uuid::Uuid) -> Result<Option<Entry>, ViewError> {
        let sql = entry_where("WHERE iss = ?1 AND jti = ?2 AND outcome <> 3");
        self.one(&sql, (iss.as_str(), jti.as_bytes().as_slice()), entry)?.transpose()
    }

    fn equivocation_of(
        &self,
        iss: &ParticipantId,
        jti: uuid::Uuid,
    ) -> Result<Option<Entry>, ViewError> {
        let sql = entry_where("WHERE iss = ?1 AND jti = ?2 AND outcome = 3 ORDER BY pos LIMIT 1");
        self.one(&sql, (iss.as_str(), jti.as_bytes().as_slice()), entry)?.transpose()
    }

    fn entries(&self, pos: u64, limit: usize) -> Result<Vec<Entry>, ViewError> {
        let sql = entry_where("WHERE pos >= ?1 ORDER BY pos LIMIT ?2");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(&sql, (signed(pos), limit), entry)?.into_iter().collect()
    }

    fn leaves(&self, pos: u64, limit: usize) -> Result<Vec<Hash>, ViewError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(
            "SELECT leaf FROM entry WHERE pos >= ?1 ORDER BY pos LIMIT ?2",
            (signed(pos), limit),
            |row| row.get(0).map(Hash),
        )
    }

    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<Hash>>, ViewError> {
        let hashes: Option<Vec<u8>> = self.one(
            "SELECT hashes FROM tile WHERE level = ?1 AND idx = ?2",
            (level, signed(index)),
            |row| row.get(0),
        )?;
        Ok(hashes.map(|bytes| {
            let (chunks, _) = bytes.as_chunks::<32>();
            chunks.iter().map(|chunk| Hash(*chunk)).collect()
        }))
    }

    fn tile_roots(&self, level: u8, index: u64, limit: usize) -> Result<Vec<Hash>, ViewError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(
            "SELECT root FROM tile WHERE level = ?1 AND idx >= ?2 ORDER BY idx LIMIT ?3",
            (level, signed(index), limit),
            |row| row.get(0).map(Hash),
        )
    }

    fn each_row(&self, f: EachRow<'_>) -> Result<(), ViewError> {
        let mut statement = self
            .0
            .prepare_cached("SELECT tbl, key, subject, value FROM projection ORDER BY tbl, key")
            .map_err(storage)?;
        let mut rows = statement.query([]).map_err(storage)?;
        while let Some(row) = rows.next().map_err(storage)? {
            let blob = |column| row.get_ref(column).and_then(|v| Ok(v.as_blob()?));
            let subject: Option<i64> = row.get(2).map_err(storage)?;
            let table = TableId(row.get(0).map_err(storage)?);
            let (key, value) = (blob(1).map_err(storage)?, blob(3).map_err(storage)?);
            f(table, key, subject.map(|s| SubjectId(unsigned(s))), value);
        }
        Ok(())
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, ViewError> {
        self.one("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
    }
}

/// Numbers of the log and of subjects stay below 2^63, as SQLite's integers do.
pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

pub(super) fn outcome_number(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Accepted => 0,
        Outcome::Rejected => 1,
        Outcome::Answered => 2,
        Outcome::Equivocation => 3,
    }
}

fn entry_where(rest: &str) -> String {
    [ENTRY, rest].concat()
}

fn row(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row { key: row.get(0)?, value: row.get(1)? })
}

fn entry(row: &SqlRow<'_>) -> rusqlite::Result<Result<Entry, ViewError>> {
    let iss: String = row.get(2)?;
    let outcome: u8 = row.get(6)?;
    let broken = |what| ViewError::Inconsistent { table: 0, what };
    let (Ok(iss), Some(outcome)) = (
        iss.parse::<ParticipantId>(),
        [Outcome::Accepted, Outcome::Rejected, Outcome::Answered, Outcome::Equivocation]
            .into_iter()
            .find(|o| outcome_number(*o) == outcome),
    ) else {
        return Ok(Err(broken("sender or outcome of an entry")));
    };
    Ok(Ok(Entry {
        pos: unsigned(row.get(0)?),
        at: UtcSeconds(row.get(1)?),
        iss,
        jti: uuid::Uuid::from_bytes(row.get(3)?),
        mt: row.get(4)?,
        digest: row.get(5)?,
        outcome,
        leaf: Hash(row.get(7)?),
        reply_digest: row.get(8)?,
        reply: row.get(9)?,
        wrapped_key: row.get(10)?,
        body: row.get(11)?,
    }))
}

/// The first key after all keys that start with `prefix`; `None` when there is none.
fn end_of(prefix: &[u8]) -> Option<Vec<u8>> {
    let keep = prefix.iter().rposition(|b| *b != u8::MAX)?;
    let mut end = prefix[..=keep].to_vec();
    end[keep] += 1;
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::end_of;

    #[test]
    fn prefixes_end() {
        assert_eq!(end_of(b"a").as_deref(), Some(b"b".as_slice()));
        assert_eq!(end_of(b"a\xff").as_deref(), Some(b"b".as_slice()));
        assert_eq!(end_of(b"\xff\xff"), None);
        assert_eq!(end_of(b""), None);
    }
}
