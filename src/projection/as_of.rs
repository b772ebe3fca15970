//! The tables as they were when the log had fewer entries: every answer that rests on a [`View`]
//! can be put to an earlier state, and comes out as it did then.
//!
//! Nothing is approximated. Each table that answers read has its way back here: rows that are
//! never written over count from their position on, grants and holds carry the positions of what
//! happened to them, and of the others the rows before are kept (`past`). Any other table
//! is an error to read, so that a new one cannot be forgotten in silence.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::decision::{JOINT_RULES, RULINGS, SANCTIONS};
use super::fold::{REFERENCES_BITS, SUBJECTS};
use super::funding::{
    CLAIMS, GRANTS, GRANTS_OF, GRANTS_OF_PROJECT, HOLDS, POLICIES, RECOGNITION_RULES, owned_key,
};
use super::link::LINKS;
use super::objection::OBJECTIONS;
use super::past::{PAST, PAST_SINCE, is_kept, key_of, past_prefix};
use super::precision::PRECISION;
use super::record::RECORDS;
use super::table::{Key, Table};
use super::view::{Row, TableId, View, ViewError};
use crate::domain::subject::SubjectId;

/// Most rows that one as-of question looks at: a second of work. The rows of one person are
/// hundreds at most; more is refused, never cut short.
pub const AS_OF_ROWS_MAX: usize = 100_000;
/// Rows that are read at once.
const PAGE: usize = 1_024;

/// The state when the log had `size` entries.
pub struct AsOf<'v> {
    now: &'v dyn View,
    size: u64,
    looked_at: Cell<usize>,
}

/// What rows without a history say of themselves: since when they are there.
#[derive(Deserialize)]
struct Since {
    pos: u64,
}

/// How the rows of a table are brought back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// They stand from their `pos` on and never change in what answers read.
    Position,
    /// A subject's id holds the position of the message that made it known.
    Subject,
    /// A grant loses what happened to it later.
    Grant,
    /// A hold that ended later is live.
    Hold,
    /// They name a grant, and are there with it.
    NamesGrant,
    /// They name a hold, are there with it, and are kept when removed.
    NamesHold,
    /// They are written over, and what they said is kept; they say since when they are there.
    Kept,
    /// As `Kept`; the first row is marked too.
    Marked,
}

/// Keys of rows that may have been there, with what they say now.
type Found = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

impl<'v> AsOf<'v> {
    /// The state behind `now` when the log had `size` entries; `None` where it cannot be brought
    /// back, because the tables keep what rows said from a later entry on.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn new(now: &'v dyn View, size: u64) -> Result<Option<Self>, ViewError> {
        let since = PAST_SINCE.get(now, &Key::new())?;
        let known = since.is_some_and(|since| since <= size);
        Ok(known.then_some(Self { now, size, looked_at: Cell::new(0) }))
    }

    /// Did a question look at more than [`AS_OF_ROWS_MAX`] rows? Its answer is then no answer.
    pub fn is_exhausted(&self) -> bool {
        self.looked_at.get() > AS_OF_ROWS_MAX
    }

    fn way(table: TableId) -> Result<Way, ViewError> {
        const POSITION: [TableId; 7] = [
            RECORDS.id(),
            OBJECTIONS.id(),
            SANCTIONS.id(),
            RULINGS.id(),
            JOINT_RULES.id(),
            POLICIES.id(),
            RECOGNITION_RULES.id(),
        ];
        if POSITION.contains(&table) {
            return Ok(Way::Position);
        }
        const WAYS: [(TableId, Way); 7] = [
            (SUBJECTS.id(), Way::Subject),
            (GRANTS.id(), Way::Grant),
            (HOLDS.id(), Way::Hold),
            (GRANTS_OF.id(), Way::NamesGrant),
            (GRANTS_OF_PROJECT.id(), Way::NamesGrant),
            (CLAIMS.id(), Way::NamesHold),
            (PRECISION.id(), Way::Marked),
        ];
        if let Some((_, way)) = WAYS.iter().find(|(id, _)| *id == table) {
            return Ok(*way);
        }
        if is_kept(table) {
            return Ok(Way::Kept);
        }
        Err(ViewError::Inconsistent { table: table.0, what: "has no way back" })
    }

    /// One more row; nothing is read any more once there were too many.
    fn look(&self, rows: usize) -> bool {
        self.looked_at.set(self.looked_at.get().saturating_add(rows));
        !self.is_exhausted()
    }

    /// What the row under `key` said then, of what it says now.
    fn back(
        &self,
        table: TableId,
        key: &[u8],
        now: Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, ViewError> {
        if !self.look(1) {
            return Ok(None);
        }
        let way = Self::way(table)?;
        let value = match way {
            Way::Kept | Way::Marked | Way::NamesHold => match self.before(table, key)? {
                Some(before) => before,
                None => now,
            },
            _ => now,
        };
        let Some(value) = value else { return Ok(None) };
        let there = match way {
            Way::Position | Way::Kept => position(table, &value)?.pos < self.size,
            Way::Subject => SUBJECTS.value(&value)?.0 >> REFERENCES_BITS < self.size,
            Way::Marked => true,
            Way::NamesGrant => {
                let named = GRANTS_OF.value(&value)?;
                self.is_there(&GRANTS, &owned_key(&named.owner, &named.grant))?
            }
            Way::NamesHold => {
                let named = CLAIMS.value(&value)?;
                self.is_there(&HOLDS, &owned_key(&named.owner, &named.hold))?
            }
            Way::Grant => {
                let row = GRANTS.value(&value)?.as_of(self.size);
                return row.map(|row| written(table, &row)).transpose();
            }
            Way::Hold => {
                let row = HOLDS.value(&value)?.as_of(self.size);
                return row.map(|row| written(table, &row)).transpose();
            }
        };
        Ok(there.then_some(value))
    }

    fn is_there<V>(&self, table: &Table<V>, key: &Key) -> Result<bool, ViewError>
    where
        V: serde::Serialize + serde::de::DeserializeOwned,
    {
        let value = self.now.get(table.id(), key.as_bytes())?;
        let since = value.map(|value| position(table.id(), &value)).transpose()?;
        Ok(since.is_some_and(|since| since.pos < self.size))
    }

    /// What a row said until the first entry from the size on that changed it; `None` where none
    /// did. Keys of one table are of one form, so none is the beginning of another.
    fn before(&self, table: TableId, key: &[u8]) -> Result<Option<Option<Vec<u8>>>, ViewError> {
        let prefix = past_prefix(table, key);
        let after = self.size.checked_sub(1).map(|last| prefix.clone().number(last));
        let changed = PAST.range(self.now, &prefix, after.as_ref(), 1)?.pop();
        changed.map(|row| row.before.map(|value| written(table, &value)).transpose()).transpose()
    }

    /// Keys of rows that were there once, each once.
    fn gone(&self, rows: Vec<Row>, keys: &mut Found) -> Result<(), ViewError> {
        self.look(rows.len());
        for row in rows {
            let key =
                key_of(&row.key).ok_or_else(|| PAST.inconsistent("a key that is too short"))?;
            keys.entry(key.to_vec()).or_default();
        }
        Ok(())
    }

    fn all_back(&self, table: TableId, keys: Found) -> Result<Vec<Row>, ViewError> {
        let mut rows = Vec::with_capacity(keys.len());
        for (key, now) in keys {
            if let Some(value) = self.back(table, &key, now)? {
                rows.push(Row { key, value });
            }
        }
        Ok(rows)
    }
}

impl View for AsOf<'_> {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        self.back(table, key, self.now.get(table, key)?)
    }

    fn last(&self, table: TableId, prefix: &[u8]) -> Result<Option<Row>, ViewError> {
        // Used for the revisions of one record or rule, which are few.
        Ok(self.range(table, prefix, None, usize::MAX)?.pop())
    }

    fn range(
        &self,
        table: TableId,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Row>, ViewError> {
        // Of the tables here only claims lose rows; under one claim there were never many.
        let mut gone = BTreeMap::new();
        if Self::way(table)? == Way::NamesHold {
            let past = past_prefix(table, prefix);
            self.gone(
                self.now.range(PAST.id(), past.as_bytes(), None, AS_OF_ROWS_MAX)?,
                &mut gone,
            )?;
            gone.retain(|key, _| after.is_none_or(|after| key.as_slice() > after));
        }
        let mut rows = Vec::new();
        let mut read_to = after.map(<[u8]>::to_vec);
        loop {
            let page = self.now.range(table, prefix, read_to.as_deref(), PAGE)?;
            let more = page.len() == PAGE;
            let mut keys = match page.last().filter(|_| more) {
                // What is gone comes in its place between the rows that are there.
                Some(last) => {
                    let later = gone.split_off([last.key.as_slice(), &[0]].concat().as_slice());
                    std::mem::replace(&mut gone, later)
                }
                None => std::mem::take(&mut gone),
            };
            read_to = page.last().map(|row| row.key.clone());
            keys.extend(page.into_iter().map(|row| (row.key, Some(row.value))));
            rows.extend(self.all_back(table, keys)?);
            if rows.len() >= limit || !more || self.is_exhausted() {
                rows.truncate(limit);
                return Ok(rows);
            }
        }
    }

    fn of_subject(&self, table: TableId, subject: SubjectId) -> Result<Vec<Row>, ViewError> {
        let mut keys = BTreeMap::new();
        if table == LINKS.id() {
            // An earlier revision of a link may have been about somebody else.
            self.gone(self.now.of_subject(PAST.id(), subject)?, &mut keys)?;
            for (key, now) in &mut keys {
                *now = self.now.get(table, key)?;
            }
        }
        let rows = self.now.of_subject(table, subject)?;
        keys.extend(rows.into_iter().map(|row| (row.key, Some(row.value))));
        let mut rows = self.all_back(table, keys)?;
        if table == LINKS.id() {
            let mut of_subject = Vec::with_capacity(rows.len());
            for row in rows {
                if LINKS.value(&row.value)?.subject == subject {
                    of_subject.push(row);
                }
            }
            rows = of_subject;
        }
        Ok(rows)
    }
}

fn position(table: TableId, value: &[u8]) -> Result<Since, ViewError> {
    serde_json::from_slice(value)
        .map_err(|_| ViewError::Inconsistent { table: table.0, what: "cannot be read" })
}

fn written(table: TableId, value: &impl serde::Serialize) -> Result<Vec<u8>, ViewError> {
    serde_json::to_vec(value)
        .map_err(|_| ViewError::Inconsistent { table: table.0, what: "cannot be written" })
}
