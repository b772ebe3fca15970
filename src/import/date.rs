//! Dates as spreadsheets hold them: written in several forms, incomplete, open, or as a number of
//! days. Forms that different people read differently (3/1/2026, 26-3-1) are refused.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::fault::FaultKind;
use super::mapping::Partial;
use crate::domain::partial_date::is_open_end;
use crate::domain::time::Month;

/// How a workbook and a card reader write a period without an end as a day.
const OPEN_DAY: Date = jiff::civil::date(9999, 12, 31);
/// Serial number of 29 February 1900, which Excel counts and which never was.
const LEAP_BUG: i64 = 60;
/// Serial numbers above this are no dates of this world (31 December 9999).
const SERIAL_MAX: f64 = 2_958_465.0;
/// Years that a number without separators may mean: six digits are a year and a month, and a bare
/// number of a workbook is a day, only within them. Who is alive was born after the first; anything
/// else (190301 for 1 March 2019) is more likely meant otherwise.
pub const YEARS_LIKELY: RangeInclusive<i16> = 1930..=2099;

/// A written date, as complete as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// A day.
    Day(Date),
    /// A year and a month.
    Month(Month),
    /// A year alone.
    Year(i16),
    /// No end.
    Open,
}

impl Written {
    /// Reads `2026-03-01`, `2026/3/1`, `2026.3.1`, `2026年3月1日`, `20260301`, the same without day or
    /// month (`202603` within [`YEARS_LIKELY`]), and an open end ([`is_open_end`]). A time of 00:00
    /// beside it is ignored.
    pub fn parse(text: &str) -> Result<Self, FaultKind> {
        let text = half_width(text);
        let text = without_midnight(&text)?;
        if is_open_end(text) {
            return Ok(Self::Open);
        }
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if is_digits(text) {
            return match text.len() {
                4 => year(text).map(Self::Year),
                6 => match (text.get(..4), text.get(4..)) {
                    (Some(y), Some(m)) if YEARS_LIKELY.contains(&year(y)?) => {
                        month(y, m).map(Self::Month)
                    }
                    _ => Err(FaultKind::DateUnreadable),
                },
                8 => day(text.get(..4), text.get(4..6), text.get(6..)),
                _ => Err(FaultKind::DateUnreadable),
            };
        }
        let chinese = text.contains('年');
        let text = if chinese {
            text.trim_end_matches('日').replace(['年', '月'], "-")
        } else {
            text.replace(['/', '.'], "-")
        };
        let text = if chinese { text.trim_end_matches('-') } else { text.as_str() };
        let parts: Vec<_> = text.split('-').collect();
        if !parts.iter().all(|part| is_digits(part)) {
            return Err(FaultKind::DateUnreadable);
        }
        match parts[..] {
            [y] => year(y).map(Self::Year),
            [y, m] => month(y, m).map(Self::Month),
            [y, m, d] => day(Some(y), Some(m), Some(d)),
            _ => Err(FaultKind::DateUnreadable),
        }
    }

    /// A day as a workbook counts it; the last one of its calendar stands for 长期.
    pub fn of_day(day: Date) -> Self {
        if day == OPEN_DAY { Self::Open } else { Self::Day(day) }
    }

    /// The day that stands for it; `None` for an open end.
    pub fn day(self, partial: Option<Partial>) -> Result<Option<Date>, FaultKind> {
        let edge = |first: Month, last: Month| match partial {
            Some(Partial::FirstDay) => Ok(Some(first.first_day())),
            Some(Partial::LastDay) => Ok(Some(last.last_day())),
            None => Err(FaultKind::DateIncomplete),
        };
        match self {
            Self::Day(day) => Ok(Some(day)),
            Self::Open => Ok(None),
            Self::Month(month) => edge(month, month),
            Self::Year(year) => match (Month::new(year, 1), Month::new(year, 12)) {
                (Some(first), Some(last)) => edge(first, last),
                _ => Err(FaultKind::DateNone),
            },
        }
    }

    /// As complete as it is written: nothing is made up to a day.
    pub fn as_given(self) -> Result<String, FaultKind> {
        match self {
            Self::Day(day) => Ok(day.to_string()),
            Self::Month(month) => Ok(month.to_string()),
            Self::Year(year) => Ok(format!("{year:04}")),
            Self::Open => Err(FaultKind::DateOpen),
        }
    }

    /// The month; a day stands for the month that holds it.
    pub fn month(self) -> Result<Month, FaultKind> {
        match self {
            Self::Month(month) => Ok(month),
            Self::Day(day) => Ok(Month::of(day)),
            Self::Year(_) => Err(FaultKind::DateIncomplete),
            Self::Open => Err(FaultKind::DateOpen),
        }
    }
}

/// The day with this serial number. In the 1900 system day 1 is 1 January 1900 and day 60 is the
/// 29 February that Lotus 1-2-3 and Excel invented; in the 1904 system day 0 is 1 January 1904.
pub fn of_serial(serial: f64, from_1904: bool) -> Result<Date, FaultKind> {
    if !(0.0..=SERIAL_MAX).contains(&serial) {
        return Err(FaultKind::DateNone);
    }
    if serial.fract() != 0.0 {
        return Err(FaultKind::DateTime);
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and within SERIAL_MAX")]
    let days = serial as i64;
    let (epoch, days) = match (from_1904, days) {
        (true, days) => (jiff::civil::date(1904, 1, 1), days),
        (false, 0 | LEAP_BUG) => return Err(FaultKind::DateNone),
        (false, days) if days < LEAP_BUG => (jiff::civil::date(1899, 12, 31), days),
        (false, days) => (jiff::civil::date(1899, 12, 30), days),
    };
    let span = jiff::Span::new().try_days(days).map_err(|_| FaultKind::DateNone)?;
    epoch.checked_add(span).map_err(|_| FaultKind::DateNone)
}

fn year(text: &str) -> Result<i16, FaultKind> {
    let year = (text.len() == 4).then(|| text.parse().ok()).flatten();
    year.filter(|year| (1900..=2999).contains(year)).ok_or(FaultKind::DateUnreadable)
}

fn month(y: &str, m: &str) -> Result<Month, FaultKind> {
    let number = (m.len() <= 2).then(|| m.parse().ok()).flatten();
    let number = number.ok_or(FaultKind::DateUnreadable)?;
    Month::new(year(y)?, number).ok_or(FaultKind::DateNone)
}

fn day(y: Option<&str>, m: Option<&str>, d: Option<&str>) -> Result<Written, FaultKind> {
    let (Some(y), Some(m), Some(d)) = (y, m, d) else { return Err(FaultKind::DateUnreadable) };
    let month = month(y, m)?;
    let number = (d.len() <= 2).then(|| d.parse().ok()).flatten();
    let number = number.ok_or(FaultKind::DateUnreadable)?;
    let date = Date::new(month.year(), month.month(), number).map_err(|_| FaultKind::DateNone)?;
    Ok(Written::Day(date))
}

/// `2026-03-01 00:00:00` is a date that a database exported; any other time is a fault.
fn without_midnight(text: &str) -> Result<&str, FaultKind> {
    let Some((date, time)) = text.split_once([' ', 'T']) else { return Ok(text) };
    if time.trim().bytes().all(|b| matches!(b, b'0' | b':' | b'.')) {
        Ok(date)
    } else {
        Err(FaultKind::DateTime)
    }
}

/// Full-width digits, signs and blanks as half-width ones.
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        _ => c,
    };
    text.trim().chars().map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::partial_date::PartialDate;

    #[test]
    fn the_same_day_in_every_form() {
        for text in [
            "2026-03-01",
            "2026/3/1",
            "2026.3.1",
            "2026年3月1日",
            "2026年03月01日",
            "20260301",
            "２０２６／３／１",
            "2026-03-01 00:00:00",
            "2026/3/1 0:00",
        ] {
            let day = Written::parse(text).unwrap().day(None).unwrap().unwrap();
            assert_eq!(day.to_string(), "2026-03-01", "{text}");
        }
        assert_eq!(Written::parse("长期").unwrap().day(None), Ok(None));
        for open in ["9999-12-31", "99991231", "9999/12/31", "9999/12/31 0:00", "９９９９１２３１"]
        {
            assert_eq!(Written::parse(open), Ok(Written::Open), "{open}");
        }
        assert_eq!(Written::of_day(jiff::civil::date(9999, 12, 31)), Written::Open);
    }

    #[test]
    fn incomplete_dates_need_a_rule() {
        for (text, first, last) in [
            ("2024年2月", "2024-02-01", "2024-02-29"),
            ("2024-2", "2024-02-01", "2024-02-29"),
            ("202402", "2024-02-01", "2024-02-29"),
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024年", "2024-01-01", "2024-12-31"),
        ] {
            let written = Written::parse(text).unwrap();
            assert_eq!(written.day(None), Err(FaultKind::DateIncomplete));
            let given = written.as_given().unwrap();
            assert!(first.starts_with(&given) && given.parse::<PartialDate>().is_ok(), "{given}");
            let day = |partial| written.day(Some(partial)).unwrap().unwrap().to_string();
            assert_eq!(
                (day(Partial::FirstDay), day(Partial::LastDay)),
                (first.into(), last.into())
            );
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        use FaultKind::{DateNone, DateTime, DateUnreadable};
        for (text, fault) in [
            ("2026-02-29", DateNone),
            ("2026/13/1", DateNone),
            ("20260230", DateNone),
            ("3/1/2026", DateUnreadable),
            ("26-3-1", DateUnreadable),
            ("1/3", DateUnreadable),
            ("2026-03-01 08:30", DateTime),
            ("2026--1", DateUnreadable),
            ("民国90年", DateUnreadable),
            ("", DateUnreadable),
            ("0001-01-01", DateUnreadable),
            ("20260301123", DateUnreadable),
            ("202613", DateNone),
            ("190301", DateUnreadable),
            ("260301", DateUnreadable),
        ] {
            assert_eq!(Written::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn serial_days_of_both_systems() {
        for (serial, from_1904, expected) in [
            (1.0, false, Ok("1900-01-01")),
            (59.0, false, Ok("1900-02-28")),
            (60.0, false, Err(FaultKind::DateNone)),
            (61.0, false, Ok("1900-03-01")),
            (46_082.0, false, Ok("2026-03-01")),
            (46_082.0 - 1_462.0, true, Ok("2026-03-01")),
            (0.0, true, Ok("1904-01-01")),
            (0.0, false, Err(FaultKind::DateNone)),
            (46_082.5, false, Err(FaultKind::DateTime)),
            (-1.0, true, Err(FaultKind::DateNone)),
            (f64::NAN, false, Err(FaultKind::DateNone)),
            (2_958_465.0, false, Ok("9999-12-31")),
            (2_958_465.0, true, Err(FaultKind::DateNone)),
        ] {
            let day = of_serial(serial, from_1904).map(|day| day.to_string());
            assert_eq!(day, expected.map(str::to_owned), "{serial}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,20}", digits in "[0-9年月日/.\\- :T]{0,24}") {
            let _ = Written::parse(&text);
            let _ = Written::parse(&digits);
        }
    }
}
