//! What rows said before they were written over, so that a question can be put to the state of an
//! earlier size of the log ([`super::AsOf`]).
//!
//! Most rows that answers rest on are never written over, or carry the log positions of what
//! happened to them. Of the others the row before is kept here, at the end of the event that
//! changed it. It is itself a fold of the log, so `rebuild` makes it again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::directory::{CONSENTS, KEYS, PARTICIPANTS};
use super::funding::CLAIMS;
use super::link::LINKS;
use super::precision::PRECISION;
use super::reconcile::RECONCILED;
use super::table::{Key, Table};
use super::view::{Overlay, TableId, ViewError};
use crate::domain::subject::SubjectId;

/// Rows as they were, keyed by (table, key of the row, position of the entry that changed it) and
/// found by the subject that they had.
pub const PAST: Table<PastRow> = Table::new(17);
/// Log position from which on changes are kept, in one row. A log that began under a release which
/// kept none has none until its tables are rebuilt.
pub const PAST_SINCE: Table<u64> = Table::new(18);

/// Tables whose rows are written over or removed, and whose earlier rows answers need.
const KEPT: [TableId; 7] = [
    LINKS.id(),
    PARTICIPANTS.id(),
    KEYS.id(),
    CONSENTS.id(),
    RECONCILED.id(),
    CLAIMS.id(),
    PRECISION.id(),
];

/// A row as it was before an entry changed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRow {
    /// Its value; absent where there was no row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
}

/// Is the row before kept when a row of this table changes?
pub(super) fn is_kept(table: TableId) -> bool {
    KEPT.contains(&table)
}

/// Keys of what rows of `table` said whose keys start with `prefix` start with this.
pub(super) fn past_prefix(table: TableId, prefix: &[u8]) -> Key {
    Key::new().byte(table.0).bytes(prefix)
}

/// Key of the row that a row of [`PAST`] is about, of the key of the latter.
pub(super) fn key_of(past: &[u8]) -> Option<&[u8]> {
    past.get(1..past.len().checked_sub(size_of::<u64>())?)
}

/// Begins to keep what rows said, with the first entry that the log has: it registers the operator.
pub(super) fn begin(state: &mut Overlay<'_>, pos: u64) -> Result<(), ViewError> {
    if PAST_SINCE.get(state, &Key::new())?.is_none() {
        state.apply(PAST_SINCE.put(Key::new(), None, &pos)?);
    }
    Ok(())
}

/// Keeps the rows that the entry at `pos` has changed, at the end of its fold.
pub(super) fn keep(state: &mut Overlay<'_>, pos: u64) -> Result<(), ViewError> {
    for (table, key, before) in state.replaced(is_kept)? {
        let before = before.map(|value| value_of(table, &value)).transpose()?;
        // A new row says itself since when it is there; a count does not.
        if before.is_none() && table != PRECISION.id() {
            continue;
        }
        let subject = before.as_ref().and_then(|value| subject_of(table, value));
        let place = past_prefix(table, &key).number(pos);
        state.apply(PAST.put(place, subject, &PastRow { before })?);
    }
    Ok(())
}

fn value_of(table: TableId, value: &[u8]) -> Result<Value, ViewError> {
    serde_json::from_slice(value)
        .map_err(|_| ViewError::Inconsistent { table: table.0, what: "cannot be read" })
}

/// The subject that the row was found by; of the kept tables only links have one.
fn subject_of(table: TableId, value: &Value) -> Option<SubjectId> {
    (table == LINKS.id()).then(|| value.get("subject")?.as_u64().map(SubjectId))?
}
