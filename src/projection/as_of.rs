//! The tables as they were when the log had fewer entries: every answer that rests on a [`View`]
//! can be put to an earlier state, and comes out as it did then.
//!
//! Nothing is approximated. Each table that answers read has its way back here: rows that are
//! never written over count from their position on, grants and holds carry the positions of what
//! happened to them, and of the others the rows before are kept (`past`). Any other table
//! is an error to read, so that a new one cannot be forgotten in silence. Longer than most files,
//! because the ways back and the four reads belong together.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::decision::{JOINT_RULES, RULINGS, SANCTIONS};
use super::funding::{
    CLAIMS, GRANTS, GRANTS_OF, GRANTS_OF_PROJECT, HOLDS, POLICIES, RECOGNITION_RULES, owned_key,
};
use super::link::LINKS;
use super::objection::OBJECTIONS;
use super::past::{PAST, PAST_SINCE, is_kept, key_of, past_prefix};
use super::precision::PRECISION;
use super::record::{RECORDS, TEAMS_OF};
use super::subject::{CANDIDATES, REFERENCES_BITS, SUBJECTS};
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

/// The ways of the tables that answers read, but for those that are `Kept`.
const WAYS: [(TableId, Way); 16] = [
    (RECORDS.id(), Way::Position),
    (TEAMS_OF.id(), Way::Position),
    (CANDIDATES.id(), Way::Position),
    (OBJECTIONS.id(), Way::Position),
    (SANCTIONS.id(), Way::Position),
    (RULINGS.id(), Way::Position),
    (JOINT_RULES.id(), Way::Position),
    (POLICIES.id(), Way::Position),
    (RECOGNITION_RULES.id(), Way::Position),
    (SUBJECTS.id(), Way::Subject),
    (GRANTS.id(), Way::Grant),
    (HOLDS.id(), Way::Hold),
    (GRANTS_OF.id(), Way::NamesGrant),
    (GRANTS_OF_PROJECT.id(), Way::NamesGrant),
    (CLAIMS.id(), Way::NamesHold),
    (PRECISION.id(), Way::Marked),
];

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
            Way::Kept | Way::Marked | Way::NamesHold => self.before(table, key, now)?,
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

    /// What a row said that says `now` today: what the first entry from the size on that changed it
    /// found. Keys of one table are of one form, so none is the beginning of another.
    fn before(
        &self,
        table: TableId,
        key: &[u8],
        now: Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, ViewError> {
        let prefix = past_prefix(table, key);
        let after = self.size.checked_sub(1).map(|last| prefix.clone().number(last));
        match PAST.range(self.now, &prefix, after.as_ref(), 1)?.pop() {
            Some(row) => row.before.map(|value| written(table, &value)).transpose(),
            None => Ok(now),
        }
    }

    /// The rows of a table that loses some, which are under one claim and never many.
    fn with_gone(&self, table: TableId, prefix: &[u8]) -> Result<Vec<Row>, ViewError> {
        let mut keys = Found::new();
        let past = past_prefix(table, prefix);
        self.gone(self.now.range(PAST.id(), past.as_bytes(), None, AS_OF_ROWS_MAX)?, &mut keys)?;
        let rows = self.now.range(table, prefix, None, AS_OF_ROWS_MAX)?;
        self.look(rows.len());
        keys.extend(rows.into_iter().map(|row| (row.key, Some(row.value))));
        self.all_back(table, keys)
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
        if Self::way(table)? == Way::NamesHold {
            let mut rows = self.with_gone(table, prefix)?;
            rows.retain(|row| after.is_none_or(|after| row.key.as_slice() > after));
            rows.truncate(limit);
            return Ok(rows);
        }
        let mut rows = Vec::new();
        let mut after = after.map(<[u8]>::to_vec);
        loop {
            let page = self.now.range(table, prefix, after.as_deref(), PAGE)?;
            let more = page.len() == PAGE;
            after = page.last().map(|row| row.key.clone());
            let found = page.into_iter().map(|row| (row.key, Some(row.value))).collect();
            rows.extend(self.all_back(table, found)?);
            if rows.len() >= limit || !more || self.is_exhausted() {
                rows.truncate(limit);
                return Ok(rows);
            }
        }
    }

    fn of_subject(&self, table: TableId, subject: SubjectId) -> Result<Vec<Row>, ViewError> {
        let mut keys = Found::new();
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

#[cfg(test)]
mod tests {
    use super::super::feed::FEED;
    use super::super::past::{begin, keep};
    use super::super::precision::PrecisionRow;
    use super::super::view::{MemoryView, Overlay};
    use super::*;
    use crate::domain::funding::precision::Counted;

    /// Folds one entry that writes a count, as an outcome does.
    fn count(tables: &mut MemoryView, pos: u64, rule: &str, confirmed: u64) {
        let mut overlay = Overlay::new(tables);
        begin(&mut overlay, pos).unwrap();
        let counted = Counted { confirmed, ..Counted::default() };
        let row = PrecisionRow { rule: rule.to_owned(), counted };
        overlay.apply(PRECISION.put(Key::new().text(rule), None, &row).unwrap());
        keep(&mut overlay, pos).unwrap();
        let changes = overlay.into_changes();
        tables.apply(changes);
    }

    #[test]
    fn a_row_says_what_it_said_at_each_size() {
        let mut tables = MemoryView::default();
        for (pos, rule, confirmed) in [(3, "R01", 1), (5, "R02", 1), (8, "R01", 2), (9, "R01", 3)] {
            count(&mut tables, pos, rule, confirmed);
        }
        let counted = |size: u64| {
            let past = AsOf::new(&tables, size).unwrap().unwrap();
            let rows = PRECISION.all(&past).unwrap();
            rows.into_iter().map(|row| (row.rule, row.counted.confirmed)).collect::<Vec<_>>()
        };
        let r = |rule: &str, n: u64| (rule.to_owned(), n);
        for (size, expected) in [
            (3, vec![]),
            (4, vec![r("R01", 1)]),
            (6, vec![r("R01", 1), r("R02", 1)]),
            (8, vec![r("R01", 1), r("R02", 1)]),
            (9, vec![r("R01", 2), r("R02", 1)]),
            (10, vec![r("R01", 3), r("R02", 1)]),
        ] {
            assert_eq!(counted(size), expected, "{size}");
        }
        assert!(AsOf::new(&tables, 2).unwrap().is_none(), "before anything was kept");
    }

    #[test]
    fn many_rows_are_read_in_pages_and_too_many_are_said_to_be() {
        let mut tables = MemoryView::default();
        let mut overlay = Overlay::new(&tables);
        begin(&mut overlay, 0).unwrap();
        let rows = 3 * u64::try_from(PAGE).unwrap();
        for n in 0..rows {
            // Every other subject was made known later.
            let id = SubjectId(if n % 2 == 0 { n } else { 9 << REFERENCES_BITS | n });
            overlay.apply(SUBJECTS.put(Key::new().number(n), None, &id).unwrap());
        }
        let changes = overlay.into_changes();
        tables.apply(changes);
        let past = AsOf::new(&tables, 9).unwrap().unwrap();
        assert_eq!(SUBJECTS.range(&past, &Key::new(), None, 1_000).unwrap().len(), 1_000);
        let all = SUBJECTS.all(&past).unwrap();
        assert!(all.iter().map(|id| id.0).eq((0..rows).step_by(2)));
        assert!(!past.is_exhausted());
        for _ in 0..AS_OF_ROWS_MAX / (2 * PAGE) {
            drop(SUBJECTS.all(&past).unwrap());
        }
        assert!(past.is_exhausted());
    }

    #[test]
    fn a_table_without_a_way_back_is_an_error() {
        let mut tables = MemoryView::default();
        count(&mut tables, 0, "R01", 1);
        let past = AsOf::new(&tables, 1).unwrap().unwrap();
        assert!(FEED.all(&past).is_err());
    }
}
