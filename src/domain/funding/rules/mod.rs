//! The rules, one file each, in the order of tests of the rule catalogue: integrity, written
//! conditions, the same district, household, caps, other districts.

mod additive;
mod alternatives;
mod apartment_cap;
mod cap;
mod certified;
mod class;
mod clawback;
mod co_funding;
mod conditions;
mod contract_end;
mod criteria;
mod cross_district;
mod cross_funding;
mod debarment;
mod employer_integrity;
mod entry;
mod exclusive;
mod flexible;
mod founder;
mod high_level;
mod household;
mod instalment_plan;
mod instalments;
mod integrity_elsewhere;
mod matching;
mod open_holds;
mod overpaid;
mod own_benefit;
mod points;
mod points_cap;
mod points_count;
mod points_lapse;
mod points_target;
mod precedence;
mod quota;
mod real_amounts;
mod rent_cap;
mod returnee_cap;
mod same_group;
mod same_kind;
mod self_renting;
mod target;
mod team_leader;
mod tied;
mod time_overlap;
mod versions;
mod worth;

pub use self::exclusive::{BY_MONTH, BY_TOTAL};
pub use self::household::SPOUSES;
use super::report::Rule;

/// Every rule, in the order of tests. R03 is judged with R02, which it excepts.
pub const RULES: &[&dyn Rule] = &[
    &versions::PolicyVersions,
    &debarment::Debarment,
    &clawback::Clawback,
    &employer_integrity::EmployerIntegrity,
    &integrity_elsewhere::IntegrityElsewhere,
    &class::ClassHeld,
    &entry::EntryTime,
    &team_leader::TeamLeader,
    &target::TargetGroup,
    &tied::TiedToDistrict,
    &flexible::FlexibleTalent,
    &points_count::PointsCount,
    &points::PointsThreshold,
    &points_target::PointsTarget,
    &points_lapse::PointsLapse,
    &self_renting::SelfRenting,
    &founder::OneFounder,
    &quota::EmployerQuota,
    &real_amounts::RealAmounts,
    &own_benefit::OwnBenefit,
    &time_overlap::TimeOverlap,
    &same_group::SameGroup,
    &same_kind::SameKind,
    &same_kind::BetterHigher,
    &precedence::HigherLevelPrevails,
    &alternatives::Alternatives,
    &additive::DifferentKinds,
    &matching::Matching,
    &co_funding::CoFundingRule,
    &household::Spouses,
    &rent_cap::RentCap,
    &points_cap::PointsCap,
    &apartment_cap::ApartmentCap,
    &returnee_cap::ReturneeCap,
    &instalments::PurchaseInstalments,
    &overpaid::PaidAboveDue,
    &cross_district::CrossDistrict,
    &open_holds::OpenHolds,
    &cross_funding::CrossFunding,
];
