//! The feed of each participant: a dense sequence of what concerns it.

use serde::{Deserialize, Serialize};

use super::table::{Key, Table};
use super::view::{Overlay, ViewError};
use crate::domain::directory::MessageRef;
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;

/// Feed entries, keyed by (participant, sequence).
pub const FEED: Table<FeedRow> = Table::new(20);

/// What happened that a participant should know. Content comes only by query, under the agreement
/// of the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedChange {
    /// A message was addressed to the participant.
    Addressed,
    /// A hold of the participant and another one meet: the earlier stays first, the later waits.
    HoldContested,
    /// A contested hold of the participant has become the first.
    HoldPromoted,
    /// A hold of the participant ran out.
    HoldExpired,
    /// A grant was made against a hold or finding that concerns the participant.
    GrantOverridden,
    /// A key of the participant was revoked.
    KeyRevoked,
    /// Something that an answer to the participant rested on has changed.
    BasisChanged,
    /// A link between persons of the participant's records awaits its consent.
    LinkAwaitsConsent,
    /// A link counts from now on: everybody who had to confirm it has.
    LinkConfirmed,
    /// A link counts no longer, or awaits no consent any more: it was changed or taken back, or a
    /// consent was.
    LinkUnconfirmed,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    /// 1, 2, 3 … without gaps, per participant.
    pub seq: u64,
    /// Log position of what happened.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// What happened.
    pub change: FeedChange,
    /// The participant's own case number, where it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The participant's own record, hold or grant, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concerns: Option<String>,
    /// The message that awaits a consent of the participant, or awaited one: what `consent/1` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<MessageRef>,
}

/// Adds an entry to a participant's feed; the sequence number is given here.
pub(super) fn notify(
    state: &mut Overlay<'_>,
    participant: &ParticipantId,
    entry: FeedRow,
) -> Result<(), ViewError> {
    let prefix = Key::new().text(participant.as_str());
    let seq = FEED.last(state, &prefix)?.map_or(0, |row| row.seq) + 1;
    let row = FeedRow { seq, ..entry };
    state.apply(FEED.put(prefix.number(seq), None, &row)?);
    Ok(())
}
