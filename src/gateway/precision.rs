//! Measured precision as monitoring sees it: by rule, never by district or case.

use std::sync::Arc;

use super::Gateway;
use crate::domain::code::Refusal;
use crate::domain::funding::precision::Counted;
use crate::projection::PRECISION;

/// What came of the findings of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePrecision {
    /// The rule: `R13`.
    pub rule: String,
    /// How many of what.
    pub counted: Counted,
    /// Is the rule shown as a hint only?
    pub hint: bool,
}

impl Gateway {
    /// Reads how precise each rule has proved, for [`Self::precision`].
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub async fn measure_precision(&self) -> Result<(), Refusal> {
        let rows = self.read_blocking(|snapshot| PRECISION.all(snapshot)).await?;
        let threshold = self.shared.catalogue.precision;
        let rules = rows.into_iter().map(|row| RulePrecision {
            hint: row.counted.is_hint(threshold),
            rule: row.rule,
            counted: row.counted,
        });
        self.shared.precision.store(Arc::new(rules.collect()));
        Ok(())
    }

    /// How precise each rule had proved when it was last measured, in the order of rules.
    pub fn precision(&self) -> Arc<Vec<RulePrecision>> {
        self.shared.precision.load_full()
    }
}
