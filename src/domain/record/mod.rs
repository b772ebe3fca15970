//! Records that districts push: certifications, qualifications and the facts that rules read.
//!
//! The body of a record message is one record, or in the bulk form `{"items": [...]}` with 1 to
//! 1,000 records of the same type under one signature; items are judged singly and in order, and
//! the receipt has one outcome per item (DESIGN §5).

pub mod affiliation;
pub mod certificate;
pub mod certification;
pub mod chain;
pub mod credence;
pub mod fact;
pub mod life_cycle;
pub mod occupancy;
pub mod points;
pub mod qualification;
pub mod quota;
pub mod scheme;

use serde::{Deserialize, Serialize};

use self::affiliation::Affiliation;
use self::certification::Certification;
use self::fact::{Fact, FactSubject};
use self::life_cycle::RecordHead;
use self::occupancy::Occupancy;
use self::points::Points;
use self::qualification::Qualification;
use self::quota::Quota;
use crate::domain::partial_date::PartialDate;
use crate::domain::subject::{Ref, TokenRef};

/// Most records in one bulk message.
pub const BULK_ITEMS_MAX: usize = 1_000;

/// What a record is about: the part of its message type before the `/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// 人才认定
    Certification,
    /// 职业资格、职称、技能等级、学时、工作许可、学历
    Qualification,
    /// 劳动、聘任、纳税、参保、挂职
    Affiliation,
    /// 公寓入住
    Occupancy,
    /// 人才积分登记
    Points,
    /// 单位额度
    Quota,
    /// 核实的事实
    Fact,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Certification,
        Self::Qualification,
        Self::Affiliation,
        Self::Occupancy,
        Self::Points,
        Self::Quota,
        Self::Fact,
    ];

    /// The kind as it stands in message types, agreements and reconciliations.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certification => "certification",
            Self::Qualification => "qualification",
            Self::Affiliation => "affiliation",
            Self::Occupancy => "occupancy",
            Self::Points => "points",
            Self::Quota => "quota",
            Self::Fact => "fact",
        }
    }

    /// Can a record of the kind be about an enterprise, or a talent?
    pub const fn is_about(self, subject: FactSubject) -> bool {
        match (self, subject) {
            (Self::Fact, _) | (Self::Quota, FactSubject::Enterprise) => true,
            (Self::Quota, FactSubject::Talent) => false,
            (_, subject) => matches!(subject, FactSubject::Talent),
        }
    }

    /// Number in table keys; never changes for a kind.
    pub const fn number(self) -> u8 {
        match self {
            Self::Certification => 1,
            Self::Qualification => 2,
            Self::Affiliation => 3,
            Self::Occupancy => 4,
            Self::Fact => 5,
            Self::Points => 6,
            Self::Quota => 7,
        }
    }
}

/// One record of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", bound(deserialize = "S: Deserialize<'de>"))]
pub enum Record<S = TokenRef> {
    /// `certification/1`
    Certification(Certification<S>),
    /// `qualification/1`
    Qualification(Qualification<S>),
    /// `affiliation/1`
    Affiliation(Affiliation<S>),
    /// `occupancy/1`
    Occupancy(Occupancy<S>),
    /// `points/1`
    Points(Points<S>),
    /// `quota/1`
    Quota(Quota<S>),
    /// `fact/1`
    Fact(Fact<S>),
}

impl<S> Record<S> {
    /// The shared members.
    pub fn head(&self) -> &RecordHead<S> {
        match self {
            Self::Certification(r) => &r.head,
            Self::Qualification(r) => &r.head,
            Self::Affiliation(r) => &r.head,
            Self::Occupancy(r) => &r.head,
            Self::Points(r) => &r.head,
            Self::Quota(r) => &r.head,
            Self::Fact(r) => &r.head,
        }
    }

    /// The kind.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Certification(_) => RecordKind::Certification,
            Self::Qualification(_) => RecordKind::Qualification,
            Self::Affiliation(_) => RecordKind::Affiliation,
            Self::Occupancy(_) => RecordKind::Occupancy,
            Self::Points(_) => RecordKind::Points,
            Self::Quota(_) => RecordKind::Quota,
            Self::Fact(_) => RecordKind::Fact,
        }
    }

    /// Where the record says two things that cannot both be so, as a pointer below the body; `None`
    /// when nothing does. What a person must weigh (points that do not add up) is a finding, not this.
    pub fn contradiction(&self) -> Option<&'static str>
    where
        S: PartialEq,
    {
        match self {
            Self::Certification(r) => r.contradiction(),
            Self::Points(r) => r.contradiction(),
            _ => None,
        }
    }

    /// Date of issue of its certificate, as complete as that gives it.
    pub const fn issued_on(&self) -> Option<PartialDate> {
        match self {
            Self::Certification(r) => r.issued_on,
            Self::Qualification(r) => r.issued_on,
            Self::Affiliation(_)
            | Self::Occupancy(_)
            | Self::Points(_)
            | Self::Quota(_)
            | Self::Fact(_) => None,
        }
    }

    /// Where this says otherwise of one thing, for a day that both are about, than another record of the same
    /// sender and subject, as a pointer below the body. What was checked better or less well may differ: the
    /// better counts.
    pub fn denies<T>(&self, other: &Record<T>) -> Option<&'static str> {
        match (self, other) {
            (Self::Fact(fact), Record::Fact(other)) => {
                fact.statement().contradicts(&other.statement()).then_some("/value")
            }
            (Self::Quota(quota), Record::Quota(other)) => quota.denies(other),
            _ => None,
        }
    }

    /// Is the subject an enterprise (token domain `object`) and not a talent?
    pub fn is_about_enterprise(&self) -> bool {
        match self {
            Self::Fact(fact) => fact.about == FactSubject::Enterprise,
            Self::Quota(_) => true,
            _ => false,
        }
    }

    /// The same record with every subject and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Record<T>, E> {
        Ok(match self {
            Self::Certification(r) => Record::Certification(r.map(f)?),
            Self::Qualification(r) => Record::Qualification(r.map(f)?),
            Self::Affiliation(r) => Record::Affiliation(r.map(f)?),
            Self::Occupancy(r) => Record::Occupancy(r.map(f)?),
            Self::Points(r) => Record::Points(r.map(f)?),
            Self::Quota(r) => Record::Quota(r.map(f)?),
            Self::Fact(r) => Record::Fact(r.map(f)?),
        })
    }
}
