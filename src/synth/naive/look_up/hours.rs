//! 学时累计: one certificate counts once in a year.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::super::look_up::Hours;
use super::files::{is_checked, office};

/// Where hours are counted, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Own,
    Recognised,
    Conditional,
}

/// What the papers come to.
pub(super) struct Sums {
    pub(super) years: BTreeMap<u16, Hours>,
    /// Places of the papers that another one of the certificate contradicts.
    pub(super) contradicted: BTreeSet<usize>,
}

/// A paper: was it seen, where is it counted, which hours, and at which place it stands.
type Copy = (bool, Column, [u64; 2], usize);

/// Sums by year.
pub(super) fn sums(papers: &[(&Value, Column)]) -> Option<Sums> {
    let mut certificates: BTreeMap<(u16, String), Vec<Copy>> = BTreeMap::new();
    for (n, (body, column)) in papers.iter().enumerate() {
        let hours = &body["hours"];
        let tenths = [hours["general_tenths"].as_u64()?, hours["professional_tenths"].as_u64()?];
        let year = u16::try_from(hours["year"].as_u64()?).ok()?;
        let number = body["certificate"]["certificate"].as_str();
        let province = office(body).get(..2).unwrap_or_default();
        // Without a number it is a certificate of its own.
        let known = number.map_or_else(|| format!("#{n}"), |number| format!("{province}/{number}"));
        let copy = (is_checked(body), *column, tenths, n);
        certificates.entry((year, known)).or_default().push(copy);
    }
    let mut years: BTreeMap<u16, Hours> = BTreeMap::new();
    let mut contradicted = BTreeSet::new();
    for ((year, _), copies) in certificates {
        let (column, tenths, open) = one_of(copies)?;
        contradicted.extend(open);
        let line = years.entry(year).or_default();
        let sum = match column {
            Column::Own => &mut line.own,
            Column::Recognised => &mut line.recognised,
            Column::Conditional => &mut line.conditional,
        };
        *sum = [sum[0] + tenths[0], sum[1] + tenths[1]];
    }
    Some(Sums { years, contradicted })
}

/// Copies that somebody saw and that differ prove nothing: what all of them grant is left to a person, and
/// so is each of them.
fn one_of(mut copies: Vec<Copy>) -> Option<(Column, [u64; 2], Vec<usize>)> {
    if copies.iter().any(|copy| copy.0) {
        copies.retain(|copy| copy.0);
    }
    let best = copies.iter().map(|copy| copy.1).min()?;
    let first = copies.first()?.2;
    if copies.iter().all(|copy| copy.2 == first) {
        return Some((best, first, Vec::new()));
    }
    let least = |kind: usize| copies.iter().map(|copy| copy.2[kind]).min();
    let open = copies.iter().map(|copy| copy.3).collect();
    Some((Column::Conditional, [least(0)?, least(1)?], open))
}
