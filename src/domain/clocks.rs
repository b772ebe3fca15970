//! Clocks of objections (异议处理时限) by province, in working days. A province whose rules nobody
//! has read has no clock: its objections are listed without a deadline, never with a guessed one.

use serde::{Deserialize, Serialize};

use super::citation::Citation;
use super::recognition::SourceCheck;

/// The clocks of one province.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionClock {
    /// First two digits of the region codes that it binds (GB/T 2260): `31` Shanghai.
    pub province: String,
    /// From the day the person came until the record is marked 异议处理中.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark_days: Option<u32>,
    /// From the day the person came until the owner of the record has it, where another office was
    /// asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_days: Option<u32>,
    /// Until the owner decides.
    pub decide_days: u32,
    /// Until the owner decides, once it has extended the period; absent where it may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide_days_max: Option<u32>,
    /// From an upheld objection until the record is corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct_days: Option<u32>,
    /// Where it stands.
    pub sources: Vec<Citation>,
    /// How far the text was checked.
    pub check: SourceCheck,
}

impl ObjectionClock {
    /// Does it bind an office in this region?
    pub fn binds(&self, region: &str) -> bool {
        region.starts_with(&self.province)
    }
}
