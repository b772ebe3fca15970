//! Dates as certificates and archives give them: a day, a month or only a year; and ends that may be
//! open (长期). Times that rules compute with stay [`Date`] and [`Month`]; these are for what people
//! wrote down (GB/T 35397: partial to the year).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time::{Month, ParseTimeError};

/// Years that are accepted, both included. `9999` stands for "unknown" in GB/T 35397 and is no year.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=9998;

/// A date that is known to the year, the month or the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// Known to the year.
    Year(PartialYear),
    /// Known to the month.
    Month(Month),
    /// Known to the day.
    Day(Date),
}

/// A calendar year, 1900 to 9998.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialYear(i16);

impl PartialYear {
    /// The number of the year.
    pub const fn get(self) -> i16 {
        self.0
    }
}

impl PartialDate {
    /// The earliest day that it can be.
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(year) => jiff::civil::date(year.0, 1, 1),
            Self::Month(month) => month.first_day(),
            Self::Day(day) => day,
        }
    }

    /// The latest day that it can be.
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(year) => jiff::civil::date(year.0, 12, 31),
            Self::Month(month) => month.last_day(),
            Self::Day(day) => day,
        }
    }

    /// Does it lie before `day`? `None` where it is known too coarsely to say.
    pub fn is_before(self, day: Date) -> Option<bool> {
        match (self.last_day() < day, self.first_day() < day) {
            (true, _) => Some(true),
            (false, false) => Some(false),
            (false, true) => None,
        }
    }

    /// Does it lie after `day`? `None` where it is known too coarsely to say.
    pub fn is_after(self, day: Date) -> Option<bool> {
        match (self.first_day() > day, self.last_day() > day) {
            (true, _) => Some(true),
            (false, false) => Some(false),
            (false, true) => None,
        }
    }
}

impl FromStr for PartialDate {
    type Err = ParseTimeError;

    /// Reads `YYYY`, `YYYY-MM`, `YYYYMM`, `YYYY-MM-DD` and `YYYYMMDD`.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let err = ParseTimeError { expected: "YYYY, YYYY-MM or YYYY-MM-DD" };
        let dash = |at: usize| s.as_bytes().get(at) == Some(&b'-');
        let (month, day) = match s.len() {
            4 => (None, None),
            6 => (Some(4..6), None),
            7 if dash(4) => (Some(5..7), None),
            8 => (Some(4..6), Some(6..8)),
            10 if dash(4) && dash(7) => (Some(5..7), Some(8..10)),
            _ => return Err(err),
        };
        let digits = |range: std::ops::Range<usize>| {
            let part = s.get(range).filter(|p| p.bytes().all(|b| b.is_ascii_digit())).ok_or(err)?;
            part.parse::<i16>().map_err(|_| err)
        };
        let small = |n: i16| i8::try_from(n).map_err(|_| err);
        let year = digits(0..4)?;
        if !YEARS.contains(&year) {
            return Err(err);
        }
        let Some(month) = month else { return Ok(Self::Year(PartialYear(year))) };
        let month = small(digits(month)?)?;
        let Some(day) = day else { return Month::new(year, month).map(Self::Month).ok_or(err) };
        Date::new(year, month, small(digits(day)?)?).map(Self::Day).map_err(|_| err)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{:04}", year.0),
            Self::Month(month) => month.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

/// Words for a validity without an end.
const OPEN_WORDS: [&str; 5] = ["长期", "长期有效", "永久", "永久有效", "无固定期限"];
/// What card readers and databases write in its place (unverified).
const OPEN_DAY: &str = "99991231";

/// Does this text say 长期: in words, or as the last day of the calendar in any way of writing it
/// (`99991231`, `9999-12-31`, `9999/12/31`, `9999年12月31日`)? An empty text does not: it is a cell
/// that nobody filled in; nor does `9999` alone, which GB/T 35397 writes for a year that is unknown.
pub fn is_open_end(text: &str) -> bool {
    let signs = |c: &char| !matches!(c, '-' | '/' | '.' | '年' | '月' | '日');
    OPEN_WORDS.contains(&text) || text.chars().filter(signs).eq(OPEN_DAY.chars())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_form_reads_and_has_its_bounds() {
        let table = [
            ("2020", "2020", date(2020, 1, 1), date(2020, 12, 31)),
            ("2020-02", "2020-02", date(2020, 2, 1), date(2020, 2, 29)),
            ("202002", "2020-02", date(2020, 2, 1), date(2020, 2, 29)),
            ("2020-02-29", "2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
            ("20200229", "2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
        ];
        for (text, shown, first, last) in table {
            let parsed: PartialDate = text.parse().unwrap();
            assert_eq!(parsed.to_string(), shown, "{text}");
            assert_eq!((parsed.first_day(), parsed.last_day()), (first, last), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for bad in [
            "",
            "9999",
            "1899",
            "20",
            "2020-13",
            "2020-00",
            "20210229",
            "2020-2-1",
            "2020--1",
            "-2020-1",
            "2020-02-",
            "２０２０",
            "2020/02",
            "202002-1",
            "2020-0201",
            "9999-12-31",
        ] {
            assert!(bad.parse::<PartialDate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_open_end_is_written_out() {
        for open in [
            "长期",
            "长期有效",
            "永久",
            "无固定期限",
            "99991231",
            "9999-12-31",
            "9999/12/31",
            "9999.12.31",
            "9999年12月31日",
        ] {
            assert!(is_open_end(open), "{open}");
        }
        for closed in ["", "9999", "9999-12", "99991230", "2030-06", "长期1", "-"] {
            assert!(!is_open_end(closed), "{closed}");
        }
    }

    #[test]
    fn coarse_dates_admit_what_they_do_not_know() {
        let year: PartialDate = "2020".parse().unwrap();
        assert_eq!(year.is_before(date(2021, 1, 1)), Some(true));
        assert_eq!(year.is_before(date(2020, 6, 1)), None);
        assert_eq!(year.is_before(date(2020, 1, 1)), Some(false));
        assert_eq!(year.is_after(date(2019, 12, 31)), Some(true));
        assert_eq!(year.is_after(date(2020, 6, 1)), None);
        assert_eq!(year.is_after(date(2020, 12, 31)), Some(false));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_reads_reads_back(text in "[0-9长期-]{0,12}") {
            if let Ok(date) = text.parse::<PartialDate>() {
                prop_assert_eq!(date.to_string().parse::<PartialDate>().unwrap(), date);
                prop_assert!(!is_open_end(&text), "no text is both");
            }
        }
    }
}
