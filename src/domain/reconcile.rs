//! Daily reconciliation (对账) and what time alone brings about.

use serde::{Deserialize, Serialize};

use super::matter::Overdue;
use super::participant::ParticipantId;
use super::time::UtcSeconds;

/// `reconcile/1`: what a district says it has sent, per record kind. Coverage comes from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileBody {
    /// One line per record kind.
    pub kinds: Vec<ReconcileLine>,
}

/// The state of one record kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileLine {
    /// Record kind: `certification`, `funding` …
    pub kind: String,
    /// Everything that the district decided up to this second has been sent.
    pub complete_until: UtcSeconds,
    /// Number of accepted records of this kind.
    pub count: u64,
    /// SHA-256 of the sorted `jti/item` lines of its accepted records, lower-case hex.
    pub digest: String,
    /// Known gaps in words, without personal data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
}

/// `clock/1`, sent by the gateway itself: what time alone brings about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockBody {
    /// The second that this tick stands for.
    pub at: UtcSeconds,
    /// Holds that end at or before it.
    pub expired_holds: Vec<HoldRef>,
    /// Objections and enquiries whose clock ran out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overdue: Vec<Overdue>,
}

/// A hold, by owner and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRef {
    /// Who holds.
    pub owner: ParticipantId,
    /// Id of the hold in the owner's system.
    pub hold: String,
}
