//! Links between subjects, and who is the same person.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::link::{LinkEvidence, LinkKind};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::SubjectId;
use crate::domain::time::Validity;

/// Links, one row per side, keyed by (owner, link, side) and found by subject.
pub const LINKS: Table<LinkRow> = Table::new(3);

/// Most subjects that one person can be known under; more is a data error that people look at.
pub const SAME_PERSON_MAX: usize = 16;

/// A link seen from one of its subjects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRow {
    /// Who says so.
    pub owner: ParticipantId,
    /// Id of the link in the owner's system.
    pub link: String,
    /// Revision.
    pub revision: u32,
    /// Log position.
    pub pos: u64,
    /// What it says.
    pub kind: LinkKind,
    /// This side.
    pub subject: SubjectId,
    /// The other side.
    pub other: SubjectId,
    /// When it holds in the world.
    pub validity: Validity,
    /// Evidence.
    pub evidence: LinkEvidence,
    /// Two operators have signed it, so a `same` counts; one is a suspicion only.
    pub confirmed: bool,
    /// Was it taken back?
    pub withdrawn: bool,
}

pub(super) fn write(state: &mut Overlay<'_>, row: &LinkRow) -> Result<(), ViewError> {
    for (side, subject, other) in [(0, row.subject, row.other), (1, row.other, row.subject)] {
        let key = Key::new().text(row.owner.as_str()).text(&row.link).byte(side);
        let row = LinkRow { subject, other, ..row.clone() };
        state.apply(LINKS.put(key, Some(subject), &row)?);
    }
    Ok(())
}

/// The subjects that are one person with `subject` by confirmed `same` links, itself first.
pub fn same_person(view: &dyn View, subject: SubjectId) -> Result<Vec<SubjectId>, ViewError> {
    let mut seen = BTreeSet::from([subject]);
    let mut order = vec![subject];
    let mut next = 0;
    while next < order.len() && order.len() < SAME_PERSON_MAX {
        for link in LINKS.of_subject(view, order[next])? {
            let counts = link.kind == LinkKind::Same && link.confirmed && !link.withdrawn;
            if counts && seen.insert(link.other) {
                order.push(link.other);
            }
        }
        next += 1;
    }
    Ok(order)
}
