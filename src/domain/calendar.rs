//! Working days (工作日) as the State Council's yearly notices make them: weekends, holidays and
//! make-up working days (调休). A year without a notice has no answer; nothing is guessed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::text::Text;
use super::time::UtcSeconds;

/// First day of December that the next year's notice may still change: the notice for 2019 made
/// 29 December 2018 a working day.
const NEXT_NOTICE_FROM_DAY: i8 = 29;
/// Most working days that are counted at once; no clock of this domain is longer.
pub const WORKING_DAYS_MAX: u32 = 250;

/// The notice of one year, as `catalogue/calendar/<year>.json` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearNotice {
    /// The year.
    pub year: i16,
    /// Numbers of the notices (国办发明电), the later one changing the earlier.
    pub sources: Vec<String>,
    /// Days off, weekends inside them included.
    pub holidays: Vec<Holiday>,
    /// Weekend days that are worked.
    pub workdays: Vec<Date>,
}

/// Days off in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Its name.
    pub name: Text,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub until: Date,
}

/// A day that no notice speaks about: the calendar of this year is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("calendar-missing: no notice of {year}")]
pub struct CalendarMissing {
    /// The year whose notice is needed.
    pub year: i16,
}

/// The working days of the years whose notices are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    notices: BTreeMap<i16, YearNotice>,
    off: BTreeSet<Date>,
    worked: BTreeSet<Date>,
}

impl WorkingCalendar {
    /// From the notices; a later one of the same year replaces an earlier one.
    pub fn new(notices: impl IntoIterator<Item = YearNotice>) -> Self {
        let notices: BTreeMap<i16, YearNotice> =
            notices.into_iter().map(|notice| (notice.year, notice)).collect();
        let mut calendar = Self::default();
        for notice in notices.values() {
            calendar.off.extend(notice.holidays.iter().flat_map(Holiday::days));
            calendar.worked.extend(notice.workdays.iter().copied());
        }
        Self { notices, ..calendar }
    }

    /// The notices in order of year.
    pub fn notices(&self) -> impl Iterator<Item = &YearNotice> {
        self.notices.values()
    }

    /// Is this a working day?
    pub fn is_working_day(&self, day: Date) -> Result<bool, CalendarMissing> {
        self.covers(day.year())?;
        if day.month() == 12 && day.day() >= NEXT_NOTICE_FROM_DAY {
            self.covers(day.year().saturating_add(1))?;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(self.worked.contains(&day) || (!weekend && !self.off.contains(&day)))
    }

    /// The last day of a period of `days` working days that begins on `day`. The day it begins on
    /// does not count; no days at all end on it.
    pub fn after_working_days(&self, day: Date, days: u32) -> Result<Date, CalendarMissing> {
        let mut last = day;
        for _ in 0..days.min(WORKING_DAYS_MAX) {
            last = self.next_working_day(last)?;
        }
        Ok(last)
    }

    /// The second at which a period of `days` working days that begins on `day` is over: the end of
    /// its last day in UTC+8.
    pub fn deadline(&self, day: Date, days: u32) -> Result<UtcSeconds, CalendarMissing> {
        Ok(end_of_day(self.after_working_days(day, days)?))
    }

    fn next_working_day(&self, day: Date) -> Result<Date, CalendarMissing> {
        let mut next = day;
        loop {
            // The last day that can be written has no next one; no notice speaks about it either.
            next = next.tomorrow().map_err(|_| CalendarMissing { year: day.year() })?;
            if self.is_working_day(next)? {
                return Ok(next);
            }
        }
    }

    fn covers(&self, year: i16) -> Result<(), CalendarMissing> {
        if self.notices.contains_key(&year) { Ok(()) } else { Err(CalendarMissing { year }) }
    }
}

/// The first second after a day in UTC+8.
pub fn end_of_day(day: Date) -> UtcSeconds {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = day.duration_since(epoch).as_hours() / 24;
    UtcSeconds((days + 1) * 86_400 - 8 * 3_600)
}

impl Holiday {
    /// Longest holiday that is read; more is a slip in the data.
    pub const DAYS_MAX: usize = 31;

    /// Its days, at most [`Self::DAYS_MAX`].
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let until = self.until;
        std::iter::successors(Some(self.from), |day| day.tomorrow().ok())
            .take_while(move |day| *day <= until)
            .take(Self::DAYS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::Catalogue;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn calendar() -> WorkingCalendar {
        Catalogue::embedded().unwrap().calendar.clone()
    }

    #[test]
    fn notices_decide_over_weekends() {
        let calendar = calendar();
        for (day, working) in [
            ("2026-11-20", true),
            ("2026-11-21", false),
            ("2026-02-14", true),  // Saturday, worked
            ("2026-02-16", false), // Monday, Spring Festival
            ("2026-10-08", true),
            ("2026-10-10", true),  // Saturday, worked
            ("2020-01-31", false), // Friday, by the second notice of 2020
            ("2020-02-01", false), // Saturday, worked by the first notice only
            ("2020-01-19", true),  // Sunday, worked
        ] {
            assert_eq!(calendar.is_working_day(date(day)), Ok(working), "{day}");
        }
    }

    #[test]
    fn periods_begin_the_day_after() {
        let calendar = calendar();
        for (from, days, last) in [
            ("2026-11-20", 1, "2026-11-23"),
            ("2026-11-21", 1, "2026-11-23"),
            ("2026-11-21", 5, "2026-11-27"),
            ("2026-11-21", 20, "2026-12-18"),
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-14", 1, "2026-02-24"),
            ("2025-12-26", 5, "2026-01-05"),
            ("2026-03-02", 0, "2026-03-02"),
        ] {
            assert_eq!(
                calendar.after_working_days(date(from), days),
                Ok(date(last)),
                "{from} {days}"
            );
        }
        let deadline = calendar.deadline(date("2026-11-20"), 1).unwrap();
        assert_eq!(deadline.to_string(), "2026-11-23T16:00:00Z");
    }

    #[test]
    fn a_year_without_a_notice_is_missing_not_guessed() {
        let calendar = calendar();
        let missing = |year| Err(CalendarMissing { year });
        assert_eq!(calendar.is_working_day(date("2027-03-01")), missing(2027));
        assert_eq!(calendar.is_working_day(date("2019-12-28")), missing(2019));
        // The end of December waits for the notice of the next year.
        assert_eq!(calendar.is_working_day(date("2026-12-28")), Ok(true));
        assert_eq!(calendar.is_working_day(date("2026-12-29")), missing(2027));
        let end = calendar.after_working_days(date("2026-12-24"), 5);
        assert_eq!(end, Err(CalendarMissing { year: 2027 }));
    }

    proptest! {
        /// Counting written a second way: every day up to the deadline, one by one.
        #[test]
        fn the_last_day_is_the_nth_working_day(offset in 0i64..2_000, days in 1u32..60) {
            let calendar = calendar();
            let from = date("2020-01-01").saturating_add(jiff::Span::new().days(offset));
            if let Ok(last) = calendar.after_working_days(from, days) {
                let span = std::iter::successors(from.tomorrow().ok(), |d| d.tomorrow().ok());
                let working = span
                    .take_while(|d| *d <= last)
                    .filter(|d| calendar.is_working_day(*d) == Ok(true));
                prop_assert_eq!(working.count(), days as usize);
                prop_assert_eq!(calendar.is_working_day(last), Ok(true));
                prop_assert_eq!(UtcSeconds(end_of_day(last).0 - 1).date_cst(), last);
            }
        }
    }
}
