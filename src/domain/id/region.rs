//! Region codes (GB/T 2260) with their history since 1981.
//!
//! The table holds every province, prefecture and county of China as of the end of each year from
//! 1981 to 2024 (`catalogue/regions/README.md`). A later change is not in it, nor is what the years
//! do not show, so an unknown code under a known province is a remark, never a refusal. Codes of
//! statistics bureaus (320576) and of residence permits for Taiwan residents (830000) are
//! deliberately not in it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::participant::ParticipantId;

/// A six-digit code of an administrative division: well-formed, not necessarily known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(u32);

/// The districts that found the alliance, with their codes. Later members bring their code in
/// `participant/1`.
pub const FOUNDING_DISTRICTS: [(&str, RegionCode); 6] = [
    ("qingpu", RegionCode(310_118)),
    ("jiashan", RegionCode(330_421)),
    ("wujiang", RegionCode(320_509)),
    ("changning", RegionCode(310_105)),
    ("hongkou", RegionCode(310_109)),
    ("yangpu", RegionCode(310_110)),
];

impl RegionCode {
    /// Parses six ASCII digits, the first not zero.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let code = digits.then(|| text.parse().ok()).flatten()?;
        (code >= 100_000).then_some(Self(code))
    }

    /// The province: the first two digits and four zeros.
    #[must_use]
    pub const fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The prefecture: the first four digits and two zeros.
    #[must_use]
    pub const fn prefecture(self) -> Self {
        Self(self.0 / 100 * 100)
    }

    /// Is `other` this province, prefecture or county, or a place inside it by its code?
    pub const fn encloses(self, other: Self) -> bool {
        let width = if self.0.is_multiple_of(10_000) {
            10_000
        } else if self.0.is_multiple_of(100) {
            100
        } else {
            1
        };
        self.0 / width == other.0 / width
    }

    /// What the table says about the code today.
    pub fn standing(self) -> Standing {
        match self.history().last() {
            Some(division) if division.until.is_none() => Standing::Current(division),
            Some(division) => Standing::Abolished(division),
            None if self.province().history().next().is_some() => Standing::UnknownDivision,
            None => Standing::UnknownProvince,
        }
    }

    /// Every division that had this code, oldest first.
    pub fn history(self) -> impl Iterator<Item = &'static Division> {
        let start = TABLE.partition_point(|d| d.code < self);
        TABLE.iter().skip(start).take_while(move |d| d.code == self)
    }

    /// The division that had this code in `year`. The table knows years, not days: in the year of
    /// a change the newer division is given.
    pub fn in_year(self, year: u16) -> Option<&'static Division> {
        let held = |d: &&Division| d.from <= year && d.until.is_none_or(|until| year < until);
        self.history().filter(held).last()
    }

    /// The codes in use today that the area of an abolished code went to, whole or in parts, at any
    /// time; itself when in use, nothing when unknown. Several when the area was divided. An abolished
    /// prefecture may have none: its area went where its counties went.
    pub fn heirs(self) -> Vec<Self> {
        let mut seen = BTreeSet::from([self]);
        let mut open = vec![self];
        let mut heirs = Vec::new();
        while let Some(code) = open.pop() {
            match code.standing() {
                Standing::Current(_) => heirs.push(code),
                Standing::Abolished(_) => {
                    let successors = code.history().flat_map(|d| &d.successors).map(|s| s.code);
                    open.extend(successors.filter(|c| seen.insert(*c)));
                }
                Standing::UnknownDivision | Standing::UnknownProvince => {}
            }
        }
        heirs.sort_unstable();
        heirs
    }

    /// The one code in use today for the area: itself, or the code that a renamed or merged division
    /// has now. Nothing where the area was divided or the code is unknown: it names no single place.
    #[must_use]
    pub fn today(self) -> Option<Self> {
        match self.standing() {
            // The common case needs no walk through history.
            Standing::Current(_) => Some(self),
            _ => match self.heirs().as_slice() {
                [one] => Some(*one),
                _ => None,
            },
        }
    }

    /// Do both codes name one place, whatever it was renamed to since? 320584 吴江市 is 320509 吴江区.
    pub fn is_same_place(self, other: Self) -> bool {
        self == other || self.today().is_some_and(|code| other.today() == Some(code))
    }

    /// Is this the place itself, or the province or prefecture that it lies in?
    pub fn governs(self, place: Self) -> bool {
        if self.is_same_place(place) {
            return true;
        }
        let (above, below) = (self.today().unwrap_or(self), place.today().unwrap_or(place));
        let prefecture = Self(below.0 / 100 * 100);
        above == below.province() || above == prefecture
    }

    /// The code of a founding district.
    pub fn of_district(district: &ParticipantId) -> Option<Self> {
        FOUNDING_DISTRICTS.iter().find(|(id, _)| *id == district.as_str()).map(|(_, code)| *code)
    }

    /// The founding district with this code, as the text of its participant id.
    pub fn district(self) -> Option<&'static str> {
        FOUNDING_DISTRICTS.iter().find(|(_, code)| *code == self).map(|(id, _)| *id)
    }
}

/// A division that has or had a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub code: RegionCode,
    /// Its name in those years: `吴江市`.
    pub name: &'static str,
    /// First year in use.
    pub from: u16,
    /// Year in which it was renamed or abolished; `None` while in use.
    pub until: Option<u16>,
    /// Where its area went, whole or in parts.
    pub successors: Vec<Successor>,
}

/// A code that took over an area or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The code that took over.
    pub code: RegionCode,
    /// In which year.
    pub year: u16,
}

/// What is known about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In use.
    Current(&'static Division),
    /// No longer in use; numbers issued under it stay valid.
    Abolished(&'static Division),
    /// Not in the table, under a province that exists.
    UnknownDivision,
    /// No such province.
    UnknownProvince,
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// Text that is not six digits; carries no part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a region code of six digits (GB/T 2260)")]
pub struct ParseRegionError;

impl FromStr for RegionCode {
    type Err = ParseRegionError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::parse(s).ok_or(ParseRegionError)
    }
}

impl Serialize for RegionCode {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RegionCode {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

const SOURCE: &str = include_str!("../../../catalogue/regions/gbt2260.csv");

/// The table, sorted by code and year; read at its first use, not at the start. A test shows that
/// every line of the source is in it.
static TABLE: LazyLock<Vec<Division>> = LazyLock::new(|| lines().filter_map(division).collect());

fn lines() -> impl Iterator<Item = &'static str> {
    SOURCE.lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
}

fn division(line: &'static str) -> Option<Division> {
    let mut cells = line.split(',');
    let code = RegionCode::parse(cells.next()?)?;
    let name = cells.next()?;
    let from = cells.next()?.parse().ok()?;
    let until = match cells.next()? {
        "" => None,
        year => Some(year.parse().ok()?),
    };
    let successor = |cell: &str| {
        let (code, year) = match cell.split_once('@') {
            Some((code, year)) => (code, year.parse().ok()?),
            None => (cell, until?),
        };
        Some(Successor { code: RegionCode::parse(code)?, year })
    };
    let successors = cells.next()?.split_whitespace().map(successor).collect::<Option<_>>()?;
    Some(Division { code, name, from, until, successors })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(TABLE.len(), lines().count());
        assert!(TABLE.is_sorted_by_key(|d| (d.code, d.from)));
        let codes: BTreeSet<_> = TABLE.iter().map(|d| d.code).collect();
        assert_eq!((TABLE.len(), codes.len()), (6_823, 6_450), "as README.md says");
        let provinces = codes.iter().filter(|c| **c == c.province());
        assert_eq!(provinces.count(), 34, "provinces, regions and municipalities");
        let current = TABLE.iter().filter(|d| d.until.is_none());
        assert_eq!(current.count(), 34 + 333 + 2_846, "provinces, prefectures, counties");
    }

    #[test]
    fn a_renamed_place_stays_the_same_and_a_divided_one_is_none() {
        let same = |a, b| code(a).is_same_place(code(b)) && code(b).is_same_place(code(a));
        assert!(same("320584", "320509") && same("320525", "320584"), "吴江");
        assert!(same("310118", "310118") && same("310229", "310118"), "青浦");
        assert!(!same("310118", "310000") && !same("310118", "310117"));
        assert!(
            !same("399998", "399999") && same("399999", "399999"),
            "unknown codes are themselves"
        );
    }

    #[test]
    fn a_place_is_governed_by_itself_its_prefecture_and_its_province() {
        let governs = |above| code(above).governs(code("330421"));
        assert!(["330421", "330400", "330000"].into_iter().all(governs));
        assert!(!["330402", "330500", "310000", "330499"].into_iter().any(governs));
        assert!(code("320584").governs(code("320509")) && code("310000").governs(code("310118")));
        assert!(!code("310118").governs(code("310000")), "a district is not the city");
    }

    #[test]
    fn years_follow_each_other() {
        for d in TABLE.iter() {
            assert!((1981..=2024).contains(&d.from), "{d:?}");
            assert!(d.until.is_none_or(|until| d.from < until && until <= 2024), "{d:?}");
        }
        for pair in TABLE.windows(2).filter(|p| p[0].code == p[1].code) {
            assert!(pair[0].until.is_some_and(|until| until <= pair[1].from), "{pair:?}");
        }
    }

    #[test]
    fn a_county_never_vanishes() {
        for d in TABLE.iter() {
            for s in &d.successors {
                assert!(s.code.history().next().is_some(), "{d:?}");
                assert!((d.from..=2024).contains(&s.year), "{d:?}");
                assert!(d.until.is_none_or(|until| s.year <= until), "{d:?}");
            }
            if d.until.is_some() && d.code.0 % 100 != 0 {
                assert_ne!(d.successors, [], "{d:?}");
                assert_ne!(d.code.heirs(), [], "{d:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn heirs_are_in_use(number in 0_u32..=999_999, known in 0_usize..10_000, year in 0_u16..=9_999) {
            let known = TABLE.get(known % TABLE.len()).map(|d| d.code);
            for code in RegionCode::parse(&format!("{number:06}")).into_iter().chain(known) {
                let current = |c: &RegionCode| matches!(c.standing(), Standing::Current(_));
                let heirs = code.heirs();
                proptest::prop_assert!(heirs.iter().all(current));
                proptest::prop_assert!(heirs.is_sorted_by(|a, b| a < b), "each once");
                proptest::prop_assert!(!current(&code) || heirs == [code]);
                proptest::prop_assert!(code.in_year(year).is_none_or(|d| d.from <= year));
                proptest::prop_assert_eq!(RegionCode::parse(&code.to_string()), Some(code));
            }
        }
    }

    #[test]
    fn abolished_codes_lead_to_today() {
        let table: &[(&str, u16, &[&str])] = &[
            ("310102", 2000, &["310101", "310115"]),
            ("310103", 2011, &["310101"]),
            ("310108", 2015, &["310106"]),
            ("310119", 2009, &["310115"]),
            ("310229", 1999, &["310118"]),
            ("310230", 2016, &["310151"]),
            ("320584", 2012, &["320509"]),
            ("320525", 1992, &["320509"]),
            ("320586", 2000, &["320506", "320507"]),
            ("310225", 2001, &["310115"]),
            ("310111", 1988, &["310113"]),
            ("460033", 2001, &["469027"]),
            ("110103", 2010, &["110101"]),
            ("132100", 1993, &[]),
        ];
        for (old, year, heirs) in table {
            let Standing::Abolished(division) = code(old).standing() else { panic!("{old}") };
            assert_eq!(division.until, Some(*year), "{old}");
            let expected: Vec<_> = heirs.iter().map(|c| code(c)).collect();
            assert_eq!(code(old).heirs(), expected, "{old}");
        }
    }

    #[test]
    fn the_six_districts_are_in_use() {
        let names = ["青浦区", "嘉善县", "吴江区", "长宁区", "虹口区", "杨浦区"];
        for ((id, code), name) in FOUNDING_DISTRICTS.iter().zip(names) {
            let Standing::Current(division) = code.standing() else { panic!("{id}") };
            assert_eq!(division.name, name);
            assert_eq!(code.district(), Some(*id));
            assert_eq!(RegionCode::of_district(&id.parse().unwrap()), Some(*code));
        }
    }

    #[test]
    fn a_code_is_looked_up_in_a_year() {
        let name = |text, year| code(text).in_year(year).map(|d| d.name);
        let table = [
            ("320584", 1991, None),
            ("320584", 1992, Some("吴江市")),
            ("320584", 2011, Some("吴江市")),
            ("320584", 2012, None),
            ("320509", 2012, Some("吴江区")),
            ("330421", 2026, Some("嘉善县")),
            ("310118", 1998, None),
        ];
        for (text, year, expected) in table {
            assert_eq!(name(text, year), expected, "{text} {year}");
        }
        assert_ne!(name("330402", 1990), name("330402", 2026), "one code, two names");
    }

    #[test]
    fn a_code_keeps_its_history() {
        let names: Vec<_> = code("330402").history().map(|d| d.name).collect();
        assert_eq!(names, ["城区", "秀城区", "南湖区"]);
        assert_eq!(code("320576").standing(), Standing::UnknownDivision);
        assert_eq!(code("330421").history().count(), 1, "unchanged since 1983");
        assert_eq!(
            code("830000").standing(),
            Standing::UnknownProvince,
            "only in residence permits"
        );
        assert!(matches!(code("710000").standing(), Standing::Current(d) if d.name == "台湾省"));
        assert_eq!(code("990000").standing(), Standing::UnknownProvince);
        for bad in ["31011", "3101180", "31011a", "３１０１１８", "010101", ""] {
            assert_eq!(RegionCode::parse(bad), None, "{bad}");
        }
    }
}
