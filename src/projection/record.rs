//! Records: one row per revision, found by owner and id or by subject.

use serde::{Deserialize, Serialize};

use super::table::{Key, Table};
use super::view::{Overlay, ViewError};
use crate::domain::participant::ParticipantId;
use crate::domain::record::life_cycle::State;
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::UtcSeconds;

/// Every revision of every record, keyed by (kind, owner, record id, revision).
pub const RECORDS: Table<RecordRow> = Table::new(2);

/// One revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// Who sent it.
    pub owner: ParticipantId,
    /// Log position: the revision is known from here on.
    pub pos: u64,
    /// Place in its message, 0 for a single record.
    pub item: u32,
    /// When the log took it.
    pub at: UtcSeconds,
    /// Id of its message, for reconciliation.
    pub jti: uuid::Uuid,
    /// State after this revision.
    pub state: State,
    /// The record with subjects and objects replaced by internal ids.
    pub record: Record<SubjectId>,
}

/// Keys of all revisions of one record start with this.
pub fn record_prefix(kind: RecordKind, owner: &ParticipantId, record: &str) -> Key {
    Key::new().byte(kind.number()).text(owner.as_str()).text(record)
}

/// Key of one revision.
pub fn record_key(kind: RecordKind, owner: &ParticipantId, record: &str, revision: u32) -> Key {
    record_prefix(kind, owner, record).number(u64::from(revision))
}

pub(super) fn write(state: &mut Overlay<'_>, row: &RecordRow) -> Result<(), ViewError> {
    let head = row.record.head();
    let key = record_key(row.record.kind(), &row.owner, &head.record, head.revision);
    state.apply(RECORDS.put(key, Some(head.subject), row)?);
    Ok(())
}
