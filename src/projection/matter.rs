//! Matters that wait for a person, whatever their kind: who is concerned, and which clocks run.
//!
//! Deadlines are not kept here: they need the calendar, which may be mended later. The gateway reads
//! the matters whose clock runs, computes, and logs what is overdue as `clock/1`.

use serde::{Deserialize, Serialize};

use super::fold::EventMeta;
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use super::{enquiry, objection};
use crate::domain::enquiry::EnquiryRef;
use crate::domain::matter::{Overdue, Stage};
use crate::domain::objection::ObjectionRef;
use crate::domain::participant::ParticipantId;

/// Matters by whom they concern, keyed by (participant, log position).
pub const MATTERS: Table<MatterRef> = Table::new(63);
/// Matters whose clock runs, keyed by log position.
pub const RUNNING: Table<MatterRef> = Table::new(64);
/// Number of open matters that a participant has begun, keyed by participant.
pub const OPEN_MATTERS: Table<u64> = Table::new(65);

/// An objection or an enquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatterRef {
    /// An objection.
    Objection(ObjectionRef),
    /// An enquiry.
    Enquiry(EnquiryRef),
}

/// Number of open matters that a participant has begun.
pub fn open_matters(view: &dyn View, by: &ParticipantId) -> Result<u64, ViewError> {
    Ok(OPEN_MATTERS.get(view, &Key::new().text(by.as_str()))?.unwrap_or(0))
}

/// A matter begins: both sides find it, its clock runs.
pub(super) fn open(
    state: &mut Overlay<'_>,
    pos: u64,
    matter: &MatterRef,
    sides: [&ParticipantId; 2],
) -> Result<(), ViewError> {
    for side in sides {
        state.apply(MATTERS.put(Key::new().text(side.as_str()).number(pos), None, matter)?);
    }
    count(state, sides[0], 1)?;
    watch(state, pos, matter)
}

/// A clock of the matter runs from here on.
pub(super) fn watch(
    state: &mut Overlay<'_>,
    pos: u64,
    matter: &MatterRef,
) -> Result<(), ViewError> {
    state.apply(RUNNING.put(Key::new().number(pos), None, matter)?);
    Ok(())
}

/// A matter is over.
pub(super) fn close(
    state: &mut Overlay<'_>,
    pos: u64,
    by: &ParticipantId,
) -> Result<(), ViewError> {
    state.apply(RUNNING.delete(Key::new().number(pos)));
    count(state, by, -1)
}

/// Clocks ran out. What was settled between the look and the entry is passed over.
pub(super) fn overdue(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    list: &[Overdue],
) -> Result<(), ViewError> {
    for Overdue { position, stage } in list {
        let key = Key::new().number(*position);
        let told = match (RUNNING.get(state, &key)?, stage) {
            (Some(MatterRef::Objection(reference)), Stage::Decide | Stage::Correct) => {
                objection::overdue(state, meta, &reference, *stage)?
            }
            (Some(MatterRef::Enquiry(reference)), Stage::Reply) => {
                enquiry::overdue(state, meta, &reference)?
            }
            _ => false,
        };
        if told {
            state.apply(RUNNING.delete(key));
        }
    }
    Ok(())
}

fn count(state: &mut Overlay<'_>, by: &ParticipantId, change: i64) -> Result<(), ViewError> {
    let number = open_matters(state, by)?.saturating_add_signed(change);
    state.apply(OPEN_MATTERS.put(Key::new().text(by.as_str()), None, &number)?);
    Ok(())
}
