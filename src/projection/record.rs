//! Records: one row per revision, found by owner and id or by subject; certifications of teams also by
//! their members.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::participant::ParticipantId;
use crate::domain::record::life_cycle::State;
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::UtcSeconds;

/// Every revision of every record, keyed by (kind, owner, record id, revision).
pub const RECORDS: Table<RecordRow> = Table::new(2);

/// Certifications of teams by member, keyed by (member, owner, record id), found by that member. A member
/// who has left stays in it; the last revision says who belongs.
pub const TEAMS_OF: Table<RecordRef> = Table::new(4);

/// The certification of a team that lists somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordRef {
    /// Who sent it.
    pub owner: ParticipantId,
    /// Id of the record in the owner's system.
    pub record: String,
    /// Log position of the first revision that listed the member.
    pub pos: u64,
}

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

/// The last revisions of the certifications of teams that ever listed `subject` beside their head.
pub fn teams_of(view: &dyn View, subject: SubjectId) -> Result<Vec<RecordRow>, ViewError> {
    let mut rows = Vec::new();
    for reference in TEAMS_OF.of_subject(view, subject)? {
        let prefix = record_prefix(RecordKind::Certification, &reference.owner, &reference.record);
        rows.extend(RECORDS.last(view, &prefix)?);
    }
    Ok(rows)
}

/// Everybody whom a record is about: its subject, and the members of a certified team.
pub(super) fn subjects(record: &Record<SubjectId>) -> BTreeSet<SubjectId> {
    let members = match record {
        Record::Certification(team) => team.members.as_slice(),
        _ => &[],
    };
    members.iter().map(|m| m.subject).chain([record.head().subject]).collect()
}

pub(super) fn write(state: &mut Overlay<'_>, row: &RecordRow) -> Result<(), ViewError> {
    let head = row.record.head();
    let key = record_key(row.record.kind(), &row.owner, &head.record, head.revision);
    state.apply(RECORDS.put(key, Some(head.subject), row)?);
    for member in subjects(&row.record).into_iter().filter(|s| *s != head.subject) {
        let key = Key::new().number(member.0).text(row.owner.as_str()).text(&head.record);
        // The first one stays, so that an earlier state finds it (`as_of`).
        if TEAMS_OF.get(state, &key)?.is_none() {
            let (owner, record) = (row.owner.clone(), head.record.clone());
            let reference = RecordRef { owner, record, pos: row.pos };
            state.apply(TEAMS_OF.put(key, Some(member), &reference)?);
        }
    }
    Ok(())
}
