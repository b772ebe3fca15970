//! 额度: the counter of an employer under a quota clause (附件2 六（二）, 附件4 四（二）3 “实行额度管
//! 理”). The text has no numbers: limit and unit are the district's. Never read across districts.

use serde::{Deserialize, Serialize};

use super::life_cycle::RecordHead;
use crate::domain::citation::Citation;
use crate::domain::subject::{Ref, TokenRef};

/// One revision of an employer's quota (`quota/1`); `validity` holds the period that it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota<S = TokenRef> {
    /// Shared members; `subject` is the employer (token domain `object`).
    #[serde(flatten)]
    pub head: RecordHead<S>,
    /// The quota clause; policies with a clause of this document and article count under it.
    pub basis: Citation,
    /// What is counted.
    pub unit: QuotaUnit,
    /// At most so much in the period.
    pub limit: u64,
    /// Used so far.
    pub used: u64,
}

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaUnit {
    /// 人数
    Persons,
    /// 金额（分）
    Fen,
}

impl<S> Quota<S> {
    /// Where this counts another number than another one of the same employer, clause, unit and days.
    pub(super) fn denies<T>(&self, other: &Quota<T>) -> Option<&'static str> {
        let one = self.unit == other.unit
            && (&self.basis.document, &self.basis.article)
                == (&other.basis.document, &other.basis.article)
            && self.head.attestation.level == other.head.attestation.level
            && self.head.validity.meets(&other.head.validity);
        if !one {
            None
        } else if self.limit != other.limit {
            Some("/limit")
        } else {
            (self.used != other.used).then_some("/used")
        }
    }

    /// The same record with every subject and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Quota<T>, E> {
        Ok(Quota {
            head: self.head.map(&mut |r: Ref<S>| f(Ref::Object(r.into_inner())))?,
            basis: self.basis,
            unit: self.unit,
            limit: self.limit,
            used: self.used,
        })
    }
}
