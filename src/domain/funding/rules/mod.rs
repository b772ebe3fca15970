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
mod household;
mod instalments;
mod integrity_elsewhere;
mod matching;
mod open_holds;
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

pub use self::household::SPOUSES;
use super::id::RuleId;
use super::report::Rule;

/// Versions of the rules from R01 on. A version is raised with every change that alters a finding on
/// the same facts, catalogue and rulings; `tests/funding_cases/versions.rs` holds the cases against it.
const VERSIONS: [u32; 35] = [
    6, 6, 4, 6, 5, 5, 1, 3, 4, 2, // R01 to R10
    4, 3, 3, 3, 3, 3, 3, 4, 2, 4, // R11 to R20
    3, 2, 2, 3, 5, 3, 2, 1, 4, 6, // R21 to R30
    1, 3, 1, 3, 1, // R31 to R35
];

/// The version of a rule.
pub fn version_of(rule: RuleId) -> u32 {
    let index = usize::from(rule.number()).checked_sub(1);
    index.and_then(|i| VERSIONS.get(i)).copied().unwrap_or(1)
}

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
    &cross_district::CrossDistrict,
    &open_holds::OpenHolds,
    &cross_funding::CrossFunding,
];
