//! Typed tables: a number, a key built from parts, a JSON value.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::view::{Change, Row, TableId, View, ViewError};
use crate::domain::subject::SubjectId;

/// A table whose values are `V`.
pub struct Table<V> {
    id: TableId,
    value: PhantomData<fn() -> V>,
}

impl<V: Serialize + DeserializeOwned> Table<V> {
    /// The table with this number.
    pub const fn new(number: u8) -> Self {
        Self { id: TableId(number), value: PhantomData }
    }

    /// Its number.
    pub const fn id(&self) -> TableId {
        self.id
    }

    /// The value under `key`.
    pub fn get(&self, view: &dyn View, key: &Key) -> Result<Option<V>, ViewError> {
        view.get(self.id, key.as_bytes())?.map(|value| self.value(&value)).transpose()
    }

    /// The value with the largest key that starts with `prefix`.
    pub fn last(&self, view: &dyn View, prefix: &Key) -> Result<Option<V>, ViewError> {
        view.last(self.id, prefix.as_bytes())?.map(|row| self.value(&row.value)).transpose()
    }

    /// Up to `limit` values whose keys start with `prefix` and lie after `after`.
    pub fn range(
        &self,
        view: &dyn View,
        prefix: &Key,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<V>, ViewError> {
        let rows = view.range(self.id, prefix.as_bytes(), after.map(Key::as_bytes), limit)?;
        self.values(rows)
    }

    /// Every value.
    pub fn all(&self, view: &dyn View) -> Result<Vec<V>, ViewError> {
        self.range(view, &Key::new(), None, usize::MAX)
    }

    /// The values of a subject in key order.
    pub fn of_subject(&self, view: &dyn View, subject: SubjectId) -> Result<Vec<V>, ViewError> {
        self.values(view.of_subject(self.id, subject)?)
    }

    /// The change that writes a row.
    pub fn put(
        &self,
        key: Key,
        subject: Option<SubjectId>,
        value: &V,
    ) -> Result<Change, ViewError> {
        let value =
            serde_json::to_vec(value).map_err(|_| self.inconsistent("cannot be written"))?;
        Ok(Change::Put { table: self.id, key: key.0, subject, value })
    }

    /// The change that removes a row.
    pub fn delete(&self, key: Key) -> Change {
        Change::Delete { table: self.id, key: key.0 }
    }

    /// A broken invariant in this table.
    pub fn inconsistent(&self, what: &'static str) -> ViewError {
        ViewError::Inconsistent { table: self.id.0, what }
    }

    /// Reads a stored value, of a row or of the change that wrote it.
    pub fn value(&self, value: &[u8]) -> Result<V, ViewError> {
        serde_json::from_slice(value).map_err(|_| self.inconsistent("cannot be read"))
    }

    fn values(&self, rows: Vec<Row>) -> Result<Vec<V>, ViewError> {
        rows.into_iter().map(|row| self.value(&row.value)).collect()
    }
}

/// A key made of parts that keep their order: texts end with a zero byte, numbers are big-endian.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl Key {
    /// No part yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// With a text. Ids never hold a zero byte (they are parsed), so parts cannot run together.
    #[must_use]
    pub fn text(mut self, part: &str) -> Self {
        self.0.extend_from_slice(part.as_bytes());
        self.0.push(0);
        self
    }

    /// With a number.
    #[must_use]
    pub fn number(mut self, part: u64) -> Self {
        self.0.extend_from_slice(&part.to_be_bytes());
        self
    }

    /// With a single byte.
    #[must_use]
    pub fn byte(mut self, part: u8) -> Self {
        self.0.push(part);
        self
    }

    /// With raw bytes of a fixed length.
    #[must_use]
    pub fn bytes(mut self, part: &[u8]) -> Self {
        self.0.extend_from_slice(part);
        self
    }

    /// The key as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
