//! Facts that only the case knows: never shown to other districts, erased with the case. Unknown
//! is never no.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::record::life_cycle::AttestationLevel;
use crate::domain::time::MonthSpan;

/// One fact of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFact {
    /// Code from the list in `docs/facts.md`: `self-renting-in-district`, `newly-introduced` …
    pub code: String,
    /// What is known.
    pub value: CaseValue,
    /// The day that it was seen to hold.
    pub as_of: Date,
    /// The months that it speaks for; absent for the whole application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<MonthSpan>,
    /// Where it comes from: a register, a contract, the person. No personal data.
    pub source: String,
    /// How far it was checked.
    pub attestation: AttestationLevel,
    /// SHA-256 of the evidence that the district keeps, lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_sha256: Option<String>,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum CaseValue {
    /// Yes, no, or nobody knows.
    Answer(Answer),
    /// A band of a published list.
    Band(String),
    /// A day.
    Date(Date),
    /// A whole number with its unit.
    Integer {
        /// The number, within ±(2^53 − 1).
        value: i64,
        /// Its unit.
        unit: FactUnit,
    },
}

/// Yes, no, or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// Nobody knows; never read as no.
    Unknown,
}

/// Units of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactUnit {
    /// 分
    Fen,
    /// ‰
    Permille,
    /// Points of a points system.
    Points,
    /// Months.
    Months,
    /// Persons.
    Persons,
}

impl FactUnit {
    /// Its code in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fen => "fen",
            Self::Permille => "permille",
            Self::Points => "points",
            Self::Months => "months",
            Self::Persons => "persons",
        }
    }
}
