//! Versions of the rules' code, as findings name them.

use super::id::RuleId;

/// Versions of the rules from R01 on. A version is raised with every change that alters a finding on
/// the same facts, catalogue and rulings; `tests/funding_cases/versions.rs` holds the cases against it.
const VERSIONS: [u32; 35] = [
    9, 8, 5, 8, 7, 8, 1, 4, 6, 2, // R01 to R10
    6, 4, 5, 5, 5, 4, 5, 6, 4, 5, // R11 to R20
    5, 5, 3, 5, 8, 5, 4, 3, 5, 9, // R21 to R30
    2, 5, 1, 3, 2, // R31 to R35
];

/// The version of a rule.
pub fn version_of(rule: RuleId) -> u32 {
    let index = usize::from(rule.number()).checked_sub(1);
    index.and_then(|i| VERSIONS.get(i)).copied().unwrap_or(1)
}
