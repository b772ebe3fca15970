//! When a rule's findings are shown as hints only (仅提示): its precision, measured from what people
//! decided, has fallen below the threshold of the catalogue.

use serde::{Deserialize, Serialize};

/// The threshold, as `catalogue/precision.json` holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrecisionThreshold {
    /// Fewest decided findings of a rule before its precision says anything.
    pub sample_min: u64,
    /// Least share of confirmed ones among the decided, in permille.
    pub permille_min: u64,
}

impl Default for PrecisionThreshold {
    /// Never a hint: there is no sample that large.
    fn default() -> Self {
        Self { sample_min: u64::MAX, permille_min: 0 }
    }
}

/// What came of the findings of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// 确认
    pub confirmed: u64,
    /// 排除
    pub excluded: u64,
    /// 待补充; decides nothing yet.
    pub pending: u64,
}

impl Counted {
    /// Confirmed among the decided in permille, rounded down; `None` where none is decided.
    pub fn permille(self) -> Option<u64> {
        let decided = self.confirmed.saturating_add(self.excluded);
        self.confirmed.saturating_mul(1_000).checked_div(decided)
    }

    /// Is the rule shown as a hint only?
    pub fn is_hint(self, threshold: PrecisionThreshold) -> bool {
        let decided = self.confirmed.saturating_add(self.excluded);
        decided >= threshold.sample_min
            && self.permille().is_some_and(|measured| measured < threshold.permille_min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_sample_says_nothing() {
        let threshold = PrecisionThreshold { sample_min: 30, permille_min: 500 };
        for (confirmed, excluded, permille, hint) in [
            (0, 0, None, false),
            (0, 29, Some(0), false),
            (0, 30, Some(0), true),
            (14, 16, Some(466), true),
            (15, 15, Some(500), false),
            (30, 0, Some(1_000), false),
        ] {
            let counted = Counted { confirmed, excluded, pending: 99 };
            assert_eq!(counted.permille(), permille);
            assert_eq!(counted.is_hint(threshold), hint, "{confirmed} {excluded}");
            assert!(!counted.is_hint(PrecisionThreshold::default()));
        }
    }
}
