//! Reading tables, and the changes that a fold makes to them.

use std::collections::BTreeMap;

use crate::domain::subject::SubjectId;

/// Number of a table; never changes for a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u8);

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub key: Vec<u8>,
    /// Its value, JSON.
    pub value: Vec<u8>,
}

/// Why a table could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// The storage failed; trying again may help.
    #[error("storage failed: {0}")]
    Storage(String),
    /// A row is not what this code wrote: a broken invariant, not a client's fault.
    #[error("inconsistent row in table {table}: {what}")]
    Inconsistent {
        /// Number of the table.
        table: u8,
        /// What was wrong.
        what: &'static str,
    },
}

/// A consistent state of all tables.
pub trait View {
    /// The value under `key`.
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError>;
    /// The row with the largest key that starts with `prefix`.
    fn last(&self, table: TableId, prefix: &[u8]) -> Result<Option<Row>, ViewError>;
    /// Up to `limit` rows whose keys start with `prefix` and lie after `after`, in key order.
    fn range(
        &self,
        table: TableId,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Row>, ViewError>;
    /// The rows of a subject, in key order.
    fn of_subject(&self, table: TableId, subject: SubjectId) -> Result<Vec<Row>, ViewError>;
}

/// One change of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writes the row, over an older one if there is one.
    Put {
        /// Table.
        table: TableId,
        /// Key.
        key: Vec<u8>,
        /// Subject to find the row by.
        subject: Option<SubjectId>,
        /// Value, JSON.
        value: Vec<u8>,
    },
    /// Removes the row.
    Delete {
        /// Table.
        table: TableId,
        /// Key.
        key: Vec<u8>,
    },
}

/// Subject and value of a row.
type Cell = (Option<SubjectId>, Vec<u8>);
/// A changed row: where it is, and its value before.
type Replaced = (TableId, Vec<u8>, Option<Vec<u8>>);
/// Changed rows; `None` where one was removed.
type Cells = BTreeMap<(TableId, Vec<u8>), Option<Cell>>;

/// A view with changes on top that are not yet applied; reads see them.
pub struct Overlay<'v> {
    below: &'v dyn View,
    cells: Cells,
}

impl<'v> Overlay<'v> {
    /// No changes yet.
    pub fn new(below: &'v dyn View) -> Self {
        Self { below, cells: BTreeMap::new() }
    }

    /// Adds a change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Put { table, key, subject, value } => {
                self.cells.insert((table, key), Some((subject, value)));
            }
            Change::Delete { table, key } => {
                self.cells.insert((table, key), None);
            }
        }
    }

    /// All changes, one per row, in key order.
    pub fn into_changes(self) -> Vec<Change> {
        self.cells
            .into_iter()
            .map(|((table, key), cell)| match cell {
                Some((subject, value)) => Change::Put { table, key, subject, value },
                None => Change::Delete { table, key },
            })
            .collect()
    }

    /// Rows of some tables that the changes write over, remove or add: key, and the value below.
    pub(super) fn replaced(
        &self,
        tables: impl Fn(TableId) -> bool,
    ) -> Result<Vec<Replaced>, ViewError> {
        let mut replaced = Vec::new();
        for ((table, key), cell) in self.cells.iter().filter(|((table, _), _)| tables(*table)) {
            let before = self.below.get(*table, key)?;
            if before.as_ref() != cell.as_ref().map(|(_, value)| value) {
                replaced.push((*table, key.clone(), before));
            }
        }
        Ok(replaced)
    }

    fn cells_under<'a>(
        &'a self,
        table: TableId,
        prefix: &'a [u8],
    ) -> impl DoubleEndedIterator<Item = (&'a Vec<u8>, Option<&'a Vec<u8>>)> {
        self.cells
            .range((table, prefix.to_vec())..)
            .take_while(move |((t, key), _)| *t == table && key.starts_with(prefix))
            .map(|((_, key), cell)| (key, cell.as_ref().map(|(_, value)| value)))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

impl View for Overlay<'_> {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        if !self.cells.is_empty()
            && let Some(cell) = self.cells.get(&(table, key.to_vec()))
        {
            return Ok(cell.as_ref().map(|(_, value)| value.clone()));
        }
        self.below.get(table, key)
    }

    fn last(&self, table: TableId, prefix: &[u8]) -> Result<Option<Row>, ViewError> {
        if self.cells_under(table, prefix).next().is_none() {
            return self.below.last(table, prefix);
        }
        // Rows under one prefix are few where `last` is used together with an overlay.
        Ok(self.range(table, prefix, None, usize::MAX)?.pop())
    }

    fn range(
        &self,
        table: TableId,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Row>, ViewError> {
        let mut hidden = 0;
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        let mine: Vec<_> = self
            .cells_under(table, prefix)
            .filter(|(key, _)| after.is_none_or(|after| key.as_slice() > after))
            .collect();
        hidden += mine.len();
        for row in self.below.range(table, prefix, after, limit.saturating_add(hidden))? {
            rows.insert(row.key, row.value);
        }
        for (key, value) in mine {
            match value {
                Some(value) => rows.insert(key.clone(), value.clone()),
                None => rows.remove(key),
            };
        }
        Ok(rows.into_iter().take(limit).map(|(key, value)| Row { key, value }).collect())
    }

    fn of_subject(&self, table: TableId, subject: SubjectId) -> Result<Vec<Row>, ViewError> {
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        for row in self.below.of_subject(table, subject)? {
            rows.insert(row.key, row.value);
        }
        for ((_, key), cell) in
            self.cells.range((table, Vec::new())..).take_while(|((t, _), _)| *t == table)
        {
            match cell {
                Some((Some(s), value)) if *s == subject => {
                    rows.insert(key.clone(), value.clone());
                }
                _ => {
                    rows.remove(key);
                }
            }
        }
        Ok(rows.into_iter().map(|(key, value)| Row { key, value }).collect())
    }
}

/// Tables in memory: for tests and for `rebuild`'s comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryView {
    rows: BTreeMap<(TableId, Vec<u8>), Cell>,
}

impl MemoryView {
    /// Applies changes.
    pub fn apply(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Put { table, key, subject, value } => {
                    self.rows.insert((table, key), (subject, value));
                }
                Change::Delete { table, key } => {
                    self.rows.remove(&(table, key));
                }
            }
        }
    }

    /// Every row in order: table, key, subject, value.
    pub fn rows(&self) -> impl Iterator<Item = (TableId, &[u8], Option<SubjectId>, &[u8])> {
        self.rows.iter().map(|((t, k), (s, v))| (*t, k.as_slice(), *s, v.as_slice()))
    }
}

impl View for MemoryView {
    fn get(&self, table: TableId, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        Ok(self.rows.get(&(table, key.to_vec())).map(|(_, v)| v.clone()))
    }

    fn last(&self, table: TableId, prefix: &[u8]) -> Result<Option<Row>, ViewError> {
        Ok(self.range(table, prefix, None, usize::MAX)?.pop())
    }

    fn range(
        &self,
        table: TableId,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Row>, ViewError> {
        Ok(self
            .rows
            .range((table, prefix.to_vec())..)
            .take_while(|((t, key), _)| *t == table && key.starts_with(prefix))
            .filter(|((_, key), _)| after.is_none_or(|after| key.as_slice() > after))
            .take(limit)
            .map(|((_, key), (_, value))| Row { key: key.clone(), value: value.clone() })
            .collect())
    }

    fn of_subject(&self, table: TableId, subject: SubjectId) -> Result<Vec<Row>, ViewError> {
        Ok(self
            .rows
            .iter()
            .filter(|((t, _), (s, _))| *t == table && *s == Some(subject))
            .map(|((_, key), (_, value))| Row { key: key.clone(), value: value.clone() })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: TableId = TableId(1);

    fn put(key: &[u8], subject: u64, value: &[u8]) -> Change {
        Change::Put {
            table: T,
            key: key.to_vec(),
            subject: Some(SubjectId(subject)),
            value: value.to_vec(),
        }
    }

    #[test]
    fn an_overlay_reads_like_its_changes_applied() {
        let mut below = MemoryView::default();
        below.apply(vec![put(b"a1", 1, b"x"), put(b"a2", 1, b"y"), put(b"b1", 2, b"z")]);
        let changes = vec![
            put(b"a3", 1, b"n"),
            Change::Delete { table: T, key: b"a1".to_vec() },
            put(b"b1", 1, b"m"),
        ];
        let mut overlay = Overlay::new(&below);
        for change in changes.clone() {
            overlay.apply(change);
        }
        let mut applied = below.clone();
        applied.apply(changes);
        for key in [b"a1".as_slice(), b"a2", b"a3", b"b1", b"c"] {
            assert_eq!(overlay.get(T, key), applied.get(T, key));
        }
        for prefix in [b"".as_slice(), b"a", b"b", b"c"] {
            assert_eq!(overlay.last(T, prefix), applied.last(T, prefix));
            for limit in [1, 2, 9] {
                let after = Some(b"a1".as_slice());
                assert_eq!(
                    overlay.range(T, prefix, None, limit),
                    applied.range(T, prefix, None, limit)
                );
                assert_eq!(
                    overlay.range(T, prefix, after, limit),
                    applied.range(T, prefix, after, limit)
                );
            }
        }
        for subject in [1, 2] {
            let s = SubjectId(subject);
            assert_eq!(overlay.of_subject(T, s), applied.of_subject(T, s));
        }
    }
}
