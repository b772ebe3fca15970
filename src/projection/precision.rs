//! Measured precision: how often people confirmed what a rule had found.

use serde::{Deserialize, Serialize};

use super::funding::OutcomeRow;
use super::table::{Key, Table};
use super::view::{Overlay, ViewError};
use crate::domain::funding::message::{FindingOutcome, Outcome};
use crate::domain::funding::precision::Counted;

/// What came of each rule's findings, keyed by rule.
pub const PRECISION: Table<PrecisionRow> = Table::new(66);

/// What came of one rule's findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecisionRow {
    /// The rule: `R13`.
    pub rule: String,
    /// How many of what.
    pub counted: Counted,
}

/// Counts an outcome; the one that it replaces counts no more.
pub(super) fn count(
    state: &mut Overlay<'_>,
    before: Option<&OutcomeRow>,
    now: &FindingOutcome,
) -> Result<(), ViewError> {
    let rule = now.finding.split('-').next().unwrap_or_default();
    let key = Key::new().text(rule);
    let counted = PRECISION.get(state, &key)?.map(|row| row.counted).unwrap_or_default();
    let mut row = PrecisionRow { rule: rule.to_owned(), counted };
    if let Some(before) = before {
        let number = place(&mut row.counted, before.body.outcome);
        *number = number.saturating_sub(1);
    }
    let number = place(&mut row.counted, now.outcome);
    *number = number.saturating_add(1);
    state.apply(PRECISION.put(key, None, &row)?);
    Ok(())
}

fn place(counted: &mut Counted, outcome: Outcome) -> &mut u64 {
    match outcome {
        Outcome::Confirmed => &mut counted.confirmed,
        Outcome::Excluded => &mut counted.excluded,
        Outcome::Pending => &mut counted.pending,
    }
}
