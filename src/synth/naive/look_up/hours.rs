//! 学时累计: one certificate counts once in a year.

use std::collections::BTreeMap;

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

/// Sums by year.
pub(super) fn sums(papers: &[(&Value, Column)]) -> Option<BTreeMap<u16, Hours>> {
    let mut certificates: BTreeMap<(u16, String), Vec<(bool, Column, [u64; 2])>> = BTreeMap::new();
    for (n, (body, column)) in papers.iter().enumerate() {
        let hours = &body["hours"];
        let tenths = [hours["general_tenths"].as_u64()?, hours["professional_tenths"].as_u64()?];
        let year = u16::try_from(hours["year"].as_u64()?).ok()?;
        let number = body["certificate"]["certificate"].as_str();
        let province = office(body).get(..2).unwrap_or_default();
        // Without a number it is a certificate of its own.
        let known = number.map_or_else(|| format!("#{n}"), |number| format!("{province}/{number}"));
        let copy = (is_checked(body), *column, tenths);
        certificates.entry((year, known)).or_default().push(copy);
    }
    let mut years: BTreeMap<u16, Hours> = BTreeMap::new();
    for ((year, _), copies) in certificates {
        let (column, tenths) = one_of(copies)?;
        let line = years.entry(year).or_default();
        let sum = match column {
            Column::Own => &mut line.own,
            Column::Recognised => &mut line.recognised,
            Column::Conditional => &mut line.conditional,
        };
        *sum = [sum[0] + tenths[0], sum[1] + tenths[1]];
    }
    Some(years)
}

/// Copies that somebody saw and that differ prove nothing: what all of them grant is left to a person.
fn one_of(mut copies: Vec<(bool, Column, [u64; 2])>) -> Option<(Column, [u64; 2])> {
    if copies.iter().any(|(checked, _, _)| *checked) {
        copies.retain(|(checked, _, _)| *checked);
    }
    let best = copies.iter().map(|(_, column, _)| *column).min()?;
    let (_, _, first) = copies.first()?;
    if copies.iter().all(|(_, _, tenths)| tenths == first) {
        return Some((best, *first));
    }
    let least = |kind: usize| copies.iter().map(|(_, _, tenths)| tenths[kind]).min();
    Some((Column::Conditional, [least(0)?, least(1)?]))
}
