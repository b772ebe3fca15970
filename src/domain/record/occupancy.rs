//! 人才公寓入住: months in a talent apartment with the discount flag (R03, R15).

use serde::{Deserialize, Serialize};

use super::life_cycle::RecordHead;
use crate::domain::subject::{Ref, TokenRef};

/// One revision of an occupancy (`occupancy/1`); `validity` holds moving in and out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupancy<S = TokenRef> {
    /// Shared members.
    #[serde(flatten)]
    pub head: RecordHead<S>,
    /// What is occupied.
    pub kind: OccupancyKind,
    /// Rent discount in percent of the appraised rent, 0 to 30 (附件4 三（二）1).
    pub discount_percent: u8,
    /// The unit, tokenised under the domain `object`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<S>,
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

impl<S> Occupancy<S> {
    /// The same record with every subject and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Occupancy<T>, E> {
        Ok(Occupancy {
            head: self.head.map(f)?,
            kind: self.kind,
            discount_percent: self.discount_percent,
            unit: self.unit.map(|o| f(Ref::Object(o))).transpose()?,
        })
    }
}
