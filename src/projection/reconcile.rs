//! What each district last said it has sent, and whether the gateway found the same.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::table::Table;
use crate::domain::participant::ParticipantId;
use crate::domain::reconcile::ReconcileLine;
use crate::domain::time::UtcSeconds;
use crate::jws::Digest;

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

/// Count and digest of accepted messages and their items, as both sides of a reconciliation make
/// them: one line `jti/item` with LF for each, 0 for a message that is no bulk, sorted as text;
/// SHA-256 of the lines one after the other.
pub fn tally(accepted: impl IntoIterator<Item = (Uuid, u32)>) -> (u64, Digest) {
    let mut lines: Vec<String> =
        accepted.into_iter().map(|(jti, item)| format!("{jti}/{item}\n")).collect();
    lines.sort_unstable();
    (u64::try_from(lines.len()).unwrap_or(u64::MAX), Digest::of(lines.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of `docs/api.md`.
    #[test]
    fn lines_are_sorted_as_text() {
        let a = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
        let b = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0002);
        let (count, digest) = tally([(b, 0), (a, 2), (a, 10)]);
        let text = "01920000-0000-7000-8000-000000000001/10\n\
                    01920000-0000-7000-8000-000000000001/2\n\
                    01920000-0000-7000-8000-000000000002/0\n";
        assert_eq!((count, digest), (3, Digest::of(text)));
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(tally([]).1.to_string(), nothing);
    }
}
