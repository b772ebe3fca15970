//! 人才公寓入住: months in a talent apartment with the discount flag (R03, R15).

use serde::{Deserialize, Serialize};

use super::life_cycle::{Record, RecordHead};
use crate::domain::subject::TokenRef;

/// One revision of an occupancy (`occupancy/1`); `validity` holds moving in and out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupancy {
    /// Shared members.
    #[serde(flatten)]
    pub head: RecordHead,
    /// What is occupied.
    pub kind: OccupancyKind,
    /// Rent discount in percent of the appraised rent, 0 to 30 (附件4 三（二）1).
    pub discount_percent: u8,
    /// The unit, tokenised under the domain `object`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<TokenRef>,
}

/// Kinds of housing that are occupied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OccupancyKind {
    /// 人才公寓
    TalentApartment,
    /// 青年驿站
    YouthStation,
}

impl Record for Occupancy {
    fn head(&self) -> &RecordHead {
        &self.head
    }
}
