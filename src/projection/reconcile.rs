//! What each district last said it has sent, and whether the gateway found the same.

use serde::{Deserialize, Serialize};

use super::table::Table;
use crate::domain::participant::ParticipantId;
use crate::domain::reconcile::ReconcileLine;
use crate::domain::time::UtcSeconds;

/// Last reconciliation, keyed by (owner, kind).
pub const RECONCILED: Table<ReconciledRow> = Table::new(14);

/// The last reconciliation of one record kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciledRow {
    /// Whose records.
    pub owner: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// What the district said.
    pub line: ReconcileLine,
    /// Did the gateway count the same records?
    pub matched: bool,
}
