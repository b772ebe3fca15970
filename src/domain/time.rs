//! Instants, dates, calendar months and spans of months. The only place that knows what a month is.
//!
//! Benefits are compared by calendar month (R33; the unit itself is open question Q34), records by
//! civil date in UTC+8, messages by UTC seconds.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in whole UTC seconds since 1970, as in `iat` and `exp` (RFC 7519 NumericDate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UtcSeconds(pub i64);

impl UtcSeconds {
    /// The civil date of this instant in China Standard Time (UTC+8, no daylight saving).
    pub fn date_cst(self) -> Date {
        let days = (self.0.saturating_add(8 * 3600)).div_euclid(86_400);
        // Bounded to jiff's range; an instant outside it cannot be a date of this world.
        let days = days.clamp(-719_162, 2_932_896);
        let epoch = jiff::civil::date(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(days))
    }

    /// This instant moved by a number of seconds.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl fmt::Display for UtcSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(t) => t.fmt(f),
            Err(_) => self.0.fmt(f),
        }
    }
}

/// Text that is not what the type asks for; carries no part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct ParseTimeError {
    /// What was expected, as a format.
    pub expected: &'static str,
}

/// A calendar month, `YYYY-MM`, years 1900 to 9998.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// First month that is accepted.
    pub const MIN: Self = Self(1900 * 12);
    /// Last month that is accepted.
    pub const MAX: Self = Self(9998 * 12 + 11);

    /// The month that holds `date`, kept inside the bounds.
    pub fn of(date: Date) -> Self {
        let n = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        Self(n.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// `year`, `month` 1–12.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let ok = (1900..=9998).contains(&year) && (1..=12).contains(&month);
        ok.then(|| Self(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// Calendar year.
    pub fn year(self) -> i16 {
        i16::try_from(self.0.div_euclid(12)).unwrap_or(i16::MAX)
    }

    /// Month of the year, 1–12.
    pub fn month(self) -> i8 {
        i8::try_from(self.0.rem_euclid(12) + 1).unwrap_or(1)
    }

    /// The month `n` months later (earlier when negative), kept inside the bounds.
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        Self(self.0.saturating_add(n).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Whole months from `earlier` to `self`; negative when `self` is before it.
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// First day of the month.
    pub fn first_day(self) -> Date {
        jiff::civil::date(self.year(), self.month(), 1)
    }

    /// Last day of the month.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Month {
    type Err = ParseTimeError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let err = ParseTimeError { expected: "YYYY-MM" };
        let (y, m) = s.split_once('-').ok_or(err)?;
        let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(y, 4) || !digits(m, 2) {
            return Err(err);
        }
        let year = y.parse().map_err(|_| err)?;
        let month = m.parse().map_err(|_| err)?;
        Self::new(year, month).ok_or(err)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

/// Months from `first` to `last`, both included; `first <= last` always holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MonthSpan {
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
}

impl MonthSpan {
    /// A span; `None` when `last` lies before `first`.
    pub fn new(first: Month, last: Month) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// `count` months from `first` on; `None` for no month at all.
    pub fn from_count(first: Month, count: u32) -> Option<Self> {
        let n = i32::try_from(count).ok()?.checked_sub(1)?;
        Self::new(first, first.plus(n))
    }

    /// Number of months, at least one.
    pub fn count(self) -> u32 {
        u32::try_from(self.last.since(self.first) + 1).unwrap_or(1)
    }

    /// The months that both spans hold.
    pub fn overlap(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// Does the span hold `month`?
    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }

    /// The span cut at the turn of each calendar year, in order.
    pub fn years(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |rest| Self::new(rest.year_end().plus(1), rest.last))
            .map(|rest| Self { first: rest.first, last: rest.year_end() })
    }

    /// The last month of the first year, or of the span where that comes before.
    fn year_end(self) -> Month {
        Month::new(self.first.year(), 12).unwrap_or(self.last).min(self.last)
    }

    /// Every month of the span in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        (self.first.0..=self.last.0).map(Month)
    }
}

impl fmt::Display for MonthSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            self.first.fmt(f)
        } else {
            write!(f, "{}..{}", self.first, self.last)
        }
    }
}

impl<'de> Deserialize<'de> for MonthSpan {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            first: Month,
            last: Month,
        }
        let raw = Raw::deserialize(d)?;
        Self::new(raw.first, raw.last)
            .ok_or_else(|| serde::de::Error::custom("last month lies before the first"))
    }
}

/// A period of days in the world; `until` is the last day, `None` means open (长期).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// First day.
    pub from: Date,
    /// Last day, included; absent when open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Validity {
    /// Is there a day in both?
    pub fn meets(&self, other: &Self) -> bool {
        let begins_by = |a: &Self, b: &Self| b.until.is_none_or(|until| a.from <= until);
        begins_by(self, other) && begins_by(other, self)
    }

    /// Does it end no earlier than it begins?
    pub fn is_ordered(&self) -> bool {
        self.until.is_none_or(|until| self.from <= until)
    }

    /// Does the period hold `day`?
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Does it last no longer than `months` calendar months? The first day does not count (民法典
    /// art. 201), so that five years from 1 January end with 1 January. `None` when it is open.
    pub fn lasts_at_most(&self, months: u32) -> Option<bool> {
        let span = jiff::Span::new().try_months(months).ok();
        // Beyond the calendar there is no day that lies too late.
        let last = span.and_then(|span| self.from.checked_add(span).ok()).unwrap_or(Date::MAX);
        Some(self.until? <= last)
    }

    /// The calendar months that the period touches.
    pub fn months(&self) -> Option<MonthSpan> {
        let last = self.until.map_or(Month::MAX, Month::of);
        MonthSpan::new(Month::of(self.from), last)
    }
}

/// JSON Pointer to the first period of a body that ends before it begins: `first` and `last` of months,
/// `from` and `until` of days. A schema cannot say so.
pub fn reversed_period(body: &serde_json::Value) -> Option<String> {
    use serde_json::Value;

    match body {
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            let months = |name| text(name).and_then(|t| t.parse::<Month>().ok());
            let days = |name| text(name).and_then(|t| t.parse::<Date>().ok());
            let after = |a: bool| a.then(String::new);
            let months = months("first").zip(months("last")).and_then(|(a, b)| after(a > b));
            let days = days("from").zip(days("until")).and_then(|(a, b)| after(a > b));
            months.or(days).or_else(|| {
                members
                    .iter()
                    .find_map(|(name, member)| Some(format!("/{name}{}", reversed_period(member)?)))
            })
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(i, item)| Some(format!("/{i}{}", reversed_period(item)?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_that_ends_before_it_begins_is_found() {
        let body = serde_json::json!({
            "a": [{ "first": "2024-01", "last": "2024-01" }, { "x": { "first": "2024-02", "last": "2024-01" } }],
            "validity": { "from": "2024-01-01", "until": "2024-01-01" }
        });
        assert_eq!(reversed_period(&body).as_deref(), Some("/a/1/x"));
        let day =
            serde_json::json!({ "validity": { "from": "2024-01-02", "until": "2024-01-01" } });
        assert_eq!(reversed_period(&day).as_deref(), Some("/validity"));
        assert_eq!(reversed_period(&serde_json::json!({ "from": "here", "until": "there" })), None);
    }

    #[test]
    fn months_parse_and_count() {
        let a: Month = "2023-12".parse().unwrap();
        assert_eq!(a.plus(1).to_string(), "2024-01");
        assert_eq!(a.last_day().to_string(), "2023-12-31");
        assert!("2023-13".parse::<Month>().is_err());
        assert!("23-1".parse::<Month>().is_err());
        let span = MonthSpan::from_count("2020-07".parse().unwrap(), 59).unwrap();
        assert_eq!(span.last.to_string(), "2025-05");
        assert_eq!(MonthSpan::from_count(a, 0), None);
    }

    #[test]
    fn instants_become_dates_in_china() {
        assert_eq!(UtcSeconds(0).date_cst().to_string(), "1970-01-01");
        assert_eq!(UtcSeconds(57_600).date_cst().to_string(), "1970-01-02");
        assert_eq!(UtcSeconds(i64::MAX).date_cst().year(), 9999);
    }
}
