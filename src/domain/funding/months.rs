//! Sets of months, kept as spans: benefits run for years, so a set is a handful of spans however
//! many months it holds. Records hold by the day, so a month has a set of days, too (Q34).

use jiff::civil::Date;

use crate::domain::time::{Month, MonthSpan, Validity};

/// Neighbouring months of a span that come out the same, as spans.
pub fn runs<T: PartialEq>(whole: MonthSpan, of_month: impl Fn(Month) -> T) -> Vec<(MonthSpan, T)> {
    let mut out: Vec<(MonthSpan, T)> = Vec::new();
    for month in whole.months() {
        let outcome = of_month(month);
        match out.last_mut() {
            Some((span, last)) if *last == outcome => span.last = month,
            _ => out.push((MonthSpan { first: month, last: month }, outcome)),
        }
    }
    out
}

/// Days of one month: day `n` is bit `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days(u32);

impl Days {
    /// Every day of `month`.
    pub fn all(month: Month) -> Self {
        Self::between(month.first_day(), month.last_day())
    }

    /// One day of its month.
    pub fn on(day: Date) -> Self {
        Self::between(day, day)
    }

    /// The days of `month` that a period holds.
    pub fn held(month: Month, period: &Validity) -> Self {
        let last = month.last_day();
        Self::between(
            period.from.max(month.first_day()),
            period.until.map_or(last, |u| u.min(last)),
        )
    }

    /// The days of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The days that `other` lacks.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Is there a day that both hold?
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// How many days there are.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Is there no day?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// From one day to another of the same month; none where the last lies before the first.
    fn between(first: Date, last: Date) -> Self {
        if first > last {
            return Self::default();
        }
        let bit = |day: i8| 1_u32.checked_shl(u32::from(day.unsigned_abs())).unwrap_or(0);
        Self((first.day()..=last.day()).fold(0, |days, day| days | bit(day)))
    }
}

/// A set of months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthSet {
    /// In order; between two of them lies at least one month.
    spans: Vec<MonthSpan>,
}

impl MonthSet {
    /// Adds the months of a span.
    pub fn insert(&mut self, span: MonthSpan) {
        if !self.append(span) {
            self.spans.push(span);
            self.settle();
        }
    }

    /// Adds a span that begins no earlier than the last one; else does nothing and says so.
    fn append(&mut self, span: MonthSpan) -> bool {
        match self.spans.last_mut() {
            Some(last) if span.first < last.first => return false,
            Some(last) if span.first <= last.last.plus(1) => last.last = last.last.max(span.last),
            _ => self.spans.push(span),
        }
        true
    }

    /// Puts spans as they came in order, and joins neighbours.
    fn settle(&mut self) {
        self.spans.sort_unstable();
        self.spans.dedup_by(|next, span| {
            let joins = next.first <= span.last.plus(1);
            if joins {
                span.last = span.last.max(next.last);
            }
            joins
        });
    }

    /// Adds one month.
    pub fn insert_month(&mut self, month: Month) {
        self.insert(MonthSpan { first: month, last: month });
    }

    /// Does the set hold `month`?
    pub fn contains(&self, month: Month) -> bool {
        self.spans.iter().any(|s| s.contains(month))
    }

    /// How many months there are.
    pub fn count(&self) -> u32 {
        self.spans.iter().fold(0, |n, s| s.count().saturating_add(n))
    }

    /// Is there no month?
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Its spans in order.
    pub fn spans(&self) -> &[MonthSpan] {
        &self.spans
    }

    /// Its months in order.
    pub fn months(&self) -> impl Iterator<Item = Month> {
        self.spans.iter().flat_map(|s| s.months())
    }

    /// The months that both sets hold, and those that only `self` holds.
    pub fn split(&self, other: &Self) -> (Self, Self) {
        let (mut both, mut only) = (Self::default(), Self::default());
        for month in self.months() {
            if other.contains(month) { &mut both } else { &mut only }.insert_month(month);
        }
        (both, only)
    }

    /// The months before `first`, and those from it on.
    pub fn split_at(&self, first: Month) -> (Self, Self) {
        let before = |s: &MonthSpan| MonthSpan::new(s.first, s.last.min(first.plus(-1)));
        let since = |s: &MonthSpan| MonthSpan::new(s.first.max(first), s.last);
        let of = |part: &dyn Fn(&MonthSpan) -> Option<MonthSpan>| {
            self.spans.iter().filter_map(part).collect()
        };
        (of(&before), of(&since))
    }

    /// The span from the first to the last month.
    pub fn hull(&self) -> Option<MonthSpan> {
        MonthSpan::new(self.spans.first()?.first, self.spans.last()?.last)
    }
}

impl Extend<MonthSpan> for MonthSet {
    fn extend<I: IntoIterator<Item = MonthSpan>>(&mut self, spans: I) {
        let mut spans = spans.into_iter();
        // What comes in order needs no sorting; what does not is sorted once.
        let late = spans.find(|span| !self.append(*span));
        if let Some(span) = late {
            self.spans.push(span);
            self.spans.extend(spans);
            self.settle();
        }
    }
}

impl FromIterator<MonthSpan> for MonthSet {
    fn from_iter<I: IntoIterator<Item = MonthSpan>>(spans: I) -> Self {
        let mut set = Self::default();
        set.extend(spans);
        set
    }
}

impl FromIterator<Month> for MonthSet {
    fn from_iter<I: IntoIterator<Item = Month>>(months: I) -> Self {
        months.into_iter().map(|month| MonthSpan { first: month, last: month }).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn span() -> impl Strategy<Value = MonthSpan> {
        let first = Month::new(2020, 1).unwrap();
        (0..60_i32, 1..24_u32)
            .prop_map(move |(n, count)| MonthSpan::from_count(first.plus(n), count).unwrap())
    }

    #[test]
    fn a_month_is_whole_where_one_period_begins_the_day_after_another_ends() {
        let period = |from: &str, until: Option<&str>| Validity {
            from: from.parse().unwrap(),
            until: until.map(|u| u.parse().unwrap()),
        };
        let days = |month: &str, period: &Validity| Days::held(month.parse().unwrap(), period);
        let all = |month: &str| Days::all(month.parse().unwrap());
        let (first, next) = (period("2023-05-31", Some("2024-02-15")), period("2024-02-16", None));
        for (month, count) in
            [("2023-04", 0), ("2023-05", 1), ("2023-06", 30), ("2024-02", 15), ("2024-03", 0)]
        {
            assert_eq!(days(month, &first).count(), count, "{month}");
        }
        let february = days("2024-02", &first).with(days("2024-02", &next));
        assert_eq!(february, all("2024-02"));
        assert!(!days("2024-02", &first).meets(days("2024-02", &next)));
        // 2024 is a leap year; a day that is lacking is seen.
        let late = period("2024-02-17", None);
        let lacking = all("2024-02").without(days("2024-02", &first).with(days("2024-02", &late)));
        assert_eq!(lacking, Days::on("2024-02-16".parse().unwrap()));
        assert!(all("2024-02").without(february).is_empty());
    }

    proptest! {
        #[test]
        fn it_holds_what_a_set_of_single_months_holds(
            a in prop::collection::vec(span(), 0..6),
            b in prop::collection::vec(span(), 0..6),
        ) {
            let plain = |spans: &[MonthSpan]| -> BTreeSet<Month> {
                spans.iter().flat_map(|s| s.months()).collect()
            };
            let (set, other) = (MonthSet::from_iter(a.clone()), MonthSet::from_iter(b.clone()));
            let (months, others) = (plain(&a), plain(&b));
            prop_assert_eq!(set.months().collect::<BTreeSet<_>>(), months.clone());
            prop_assert_eq!(usize::try_from(set.count()).unwrap(), months.len());
            prop_assert_eq!(set.is_empty(), months.is_empty());
            // One set has one form, however it was made.
            prop_assert_eq!(&months.iter().rev().copied().collect::<MonthSet>(), &set);
            let (both, only) = set.split(&other);
            prop_assert_eq!(both, months.intersection(&others).copied().collect());
            prop_assert_eq!(only, months.difference(&others).copied().collect());
            if let Some(at) = b.first().map(|s| s.first) {
                let (before, since) = set.split_at(at);
                prop_assert_eq!(before, months.range(..at).copied().collect());
                prop_assert_eq!(since, months.range(at..).copied().collect());
            }
            let ends = months.first().zip(months.last()).and_then(|(f, l)| MonthSpan::new(*f, *l));
            prop_assert_eq!(set.hull(), ends);
        }
    }
}
