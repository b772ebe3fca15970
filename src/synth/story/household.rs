//! Spouses: R11 limits enjoying points rent twice, no more.

use serde_json::{Value, json};

use super::super::act::Truth;
use super::super::plain::{District, Draft};
use super::super::teller::{OTHER, TALENT, Teller};
use super::points::{register, register_as};
use super::{Kind, YEAR, housing_rent, kind, later, points_rent};
use crate::domain::funding::finding::Verdict;
use crate::domain::time::Month;

pub(super) const KINDS: &[Kind] = &[
    kind("both-on-points", &[11], &[1], |t| married(t, Spouse::Points)),
    kind("married-for-part-of-the-year", &[11], &[], part_of_year),
    kind("divorced-the-year-before", &[], &[11], divorced),
    kind("spouse-with-rent", &[11], &[2], |t| married(t, Spouse::Rent)),
    kind("spouse-with-other-scheme", &[], &[11, 5], |t| married(t, Spouse::OtherScheme)),
    kind("spouse-with-points-last-year", &[], &[11], |t| married(t, Spouse::LastYear)),
    kind("registration-beside-spouse", &[], &[11], registration),
    kind("unmarried-with-points", &[], &[11], unmarried),
];

#[derive(Clone, Copy)]
enum Spouse {
    Points,
    Rent,
    OtherScheme,
    LastYear,
}

fn wed(t: &mut Teller, validity: &Value) {
    t.link(District::Qingpu, "spouse", [(TALENT, 0), (OTHER, 0)], validity);
}

fn married(t: &mut Teller, spouse: Spouse) {
    let first = t.january();
    register(t, 60);
    register_as(t, OTHER, 60);
    let (held, truth) = match spouse {
        Spouse::Points => (points_rent(first), Truth::clear().and(11, Verdict::Ineligible, &[])),
        Spouse::Rent => (housing_rent(first, 3_000), Truth::clear().and(11, Verdict::Refer, &[6])),
        Spouse::OtherScheme => (internship(first), Truth::clear()),
        Spouse::LastYear => (points_rent(first.plus(-12)), Truth::clear()),
    };
    t.grant_to((OTHER, 0), held);
    wed(t, &json!({ "from": "2015-05-01" }));
    t.check(points_rent(first), truth);
}

/// A living allowance of Changning is no rent subsidy of points.
fn internship(first: Month) -> Draft {
    Draft::of("changning/internship").months(first, YEAR).monthly(1_000)
}

/// Points rent is paid once a year: a wedding or a divorce in it is for a person to decide.
fn part_of_year(t: &mut Teller) {
    let first = t.january();
    register(t, 60);
    register_as(t, OTHER, 60);
    t.grant_to((OTHER, 0), points_rent(first));
    let turn = later(first, t.rng.u32(2..10));
    let validity = if t.rng.bool() {
        json!({ "from": turn.first_day() })
    } else {
        json!({ "from": "2015-05-01", "until": turn.last_day() })
    };
    wed(t, &validity);
    t.check(points_rent(first), Truth::clear().and(11, Verdict::Refer, &[6]));
}

fn divorced(t: &mut Teller) {
    let first = t.january();
    register(t, 60);
    register_as(t, OTHER, 60);
    t.grant_to((OTHER, 0), points_rent(first));
    wed(t, &json!({ "from": "2015-05-01", "until": first.plus(-1).last_day() }));
    t.check(points_rent(first), Truth::clear());
}

/// The sentence limits enjoying, not registering.
fn registration(t: &mut Teller) {
    let first = t.january();
    register(t, 60);
    register_as(t, OTHER, 60);
    t.grant_to((OTHER, 0), points_rent(first));
    wed(t, &json!({ "from": "2015-05-01" }));
    t.check(points_rent(first).set("kind", json!("registration")), Truth::clear());
}

/// Two of one firm who share a name and nothing else.
fn unmarried(t: &mut Teller) {
    t.name_twin();
    let first = t.january();
    register(t, 60);
    t.grant_to((OTHER, 0), points_rent(first));
    t.check(points_rent(first), Truth::clear());
}
