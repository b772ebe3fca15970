//! Acts that several must approve: which logged messages await consents, and who has consented.

use serde::{Deserialize, Serialize};

use super::directory::CONSENTS;
use super::fold::EventMeta;
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::directory::{ConsentDecision, MessageRef};
use crate::domain::participant::ParticipantId;

/// Messages that consents may name, keyed by (sender, message id).
pub const JOINT_ACTS: Table<JointAct> = Table::new(16);

/// What a message that awaits consents is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JointAct {
    /// A joint rule, by its id at the proposer.
    JointRule(String),
    /// One revision of a link, by its id at the sender.
    Link(String),
}

/// Key of a message that consents may name.
pub fn joint_act_key(target: &MessageRef) -> Key {
    Key::new().text(target.iss.as_str()).bytes(target.jti.as_bytes())
}

/// Is the last word of `by` about a message that it approves, under no key that has leaked?
pub fn has_consented(
    view: &dyn View,
    target: &MessageRef,
    by: &ParticipantId,
) -> Result<bool, ViewError> {
    let consent = CONSENTS.get(view, &joint_act_key(target).text(by.as_str()))?;
    Ok(consent.is_some_and(|row| row.body.decision == ConsentDecision::Approve && !row.suspect))
}

/// Takes note that a message awaits consents.
pub(super) fn await_consents(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    act: &JointAct,
) -> Result<(), ViewError> {
    let target = MessageRef { iss: meta.iss.clone(), jti: meta.jti };
    state.apply(JOINT_ACTS.put(joint_act_key(&target), None, act)?);
    Ok(())
}
