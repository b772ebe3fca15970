//! The days that a finding turns on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayLabel {
    /// The first day of a debarment.
    BarredFrom,
    /// Its last day for certain, included; without one it has no end.
    BarredUntil,
    /// The day of the recognition (认定时).
    RecognisedOn,
    /// The first day of work in the district without a break.
    WorksSince,
    /// The day on which the grant held was decided.
    GrantedOn,
}

/// One day that a finding turns on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// What the day is.
    pub label: DayLabel,
    /// The day.
    pub on: Date,
}
