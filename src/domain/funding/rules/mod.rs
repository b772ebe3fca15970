//! The rules, one file each, in the order of tests of the rule catalogue: integrity, written
//! conditions, the same district, household, caps, other districts.

mod additive;
mod alternatives;
mod apartment_cap;
mod cap;
mod class;
mod co_funding;
mod conditions;
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
mod matching;
mod points;
mod points_cap;
mod points_lapse;
mod points_target;
mod real_amounts;
mod rent_cap;
mod returnee_cap;
mod same_group;
mod same_kind;
mod self_renting;
mod tied;
mod versions;

use super::report::Rule;

/// Every rule, in the order of tests. R10, R19, R23, R28, R31, R33 and R35 have no file: R33 is in
/// the benefit months themselves, the others are carried as data and never judged by the gateway.
pub const RULES: &[&dyn Rule] = &[
    &versions::PolicyVersions,
    &debarment::Debarment,
    &employer_integrity::EmployerIntegrity,
    &class::ClassHeld,
    &entry::EntryTime,
    &tied::TiedToDistrict,
    &flexible::FlexibleTalent,
    &points::PointsThreshold,
    &points_target::PointsTarget,
    &points_lapse::PointsLapse,
    &self_renting::SelfRenting,
    &founder::OneFounder,
    &real_amounts::RealAmounts,
    &same_group::SameGroup,
    &same_kind::SameKind,
    &same_kind::BetterHigher,
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
    &cross_funding::CrossFunding,
];
