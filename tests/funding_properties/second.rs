//! The arithmetic of months, caps and payments a second time, in plain sets and loops: months are found by
//! walking days, caps are spent month by month, payments are laid into their months. It knows the words
//! of the documents (“最长不超过五年”, “累计不超过6年”, “每年发放一次”) and takes nothing of the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, date};

/// A month as year and month.
pub type YearMonth = (i16, i8);

/// The first month under the document of 2020.
pub const BEGAN: YearMonth = (2020, 6);

/// Each month after 2018-01 in turn, met while walking the days of thirty years.
static CALENDAR: LazyLock<Vec<YearMonth>> = LazyLock::new(|| {
    let (mut day, end): (Date, Date) = (date(2018, 1, 1), date(2048, 1, 1));
    let mut months = Vec::new();
    while day < end {
        let month = (day.year(), day.month());
        if months.last() != Some(&month) {
            months.push(month);
        }
        day = day.tomorrow().unwrap();
    }
    months
});

/// `count` months from the `first` one after 2018-01.
pub fn walk(first: u16, count: u16) -> Vec<YearMonth> {
    CALENDAR.iter().skip(first.into()).take(count.into()).copied().collect()
}

/// A choice on each open question on how to count: those that are read as their second reading.
///
/// Q02: points, rent and agricultural rent under one cap. Q03: five years on end from the first month. Q04: five
/// yearly awards. Q19: months in cash or at full rent count. Q27: months before the document count. Q38:
/// months that were returned count.
pub type Reading = BTreeSet<&'static str>;

/// All readings of `questions` that agree with what was ruled on them.
pub fn readings(questions: &[&'static str], ruled: &BTreeMap<&str, bool>) -> BTreeSet<Reading> {
    let mut all = BTreeSet::from([Reading::new()]);
    for question in questions {
        let second = all.iter().map(|reading| reading.iter().chain([question]).copied().collect());
        let second: BTreeSet<Reading> = second.collect();
        match ruled.get(question) {
            Some(false) => {}
            Some(true) => all = second,
            None => all.extend(second),
        }
    }
    all
}

/// Months that were drawn, and under which readings they count.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The months.
    pub months: BTreeSet<YearMonth>,
    /// Those of them for which money came back.
    pub returned: BTreeSet<YearMonth>,
    /// Do they count only where the caps are shared?
    pub if_shared: bool,
    /// Do they count only where cash and full rent do?
    pub if_cash: bool,
}

/// Months used under one reading.
pub fn used(drawn: &[Drawn], reading: &Reading) -> BTreeSet<YearMonth> {
    let mut used = BTreeSet::new();
    for d in drawn {
        if (d.if_shared && !reading.contains("Q02")) || (d.if_cash && !reading.contains("Q19")) {
            continue;
        }
        for month in &d.months {
            let back = d.returned.contains(month) && !reading.contains("Q38");
            let early = *month < BEGAN && !reading.contains("Q27");
            if !back && !early {
                used.insert(*month);
            }
        }
    }
    used
}

/// Of the months asked for, those that a cap leaves under one reading. A month that is drawn already is
/// not counted twice; one that does not count is not cut.
pub fn left(
    asked: &[YearMonth],
    drawn: &[Drawn],
    cap: usize,
    reading: &Reading,
) -> BTreeSet<YearMonth> {
    let used = used(drawn, reading);
    let counts = |m: &YearMonth| reading.contains("Q27") || *m >= BEGAN;
    let mut left: BTreeSet<YearMonth> = asked.iter().copied().filter(|m| !counts(m)).collect();
    let asked = asked.iter().copied().filter(counts);
    if reading.contains("Q03")
        && let Some(first) = used.first()
    {
        let start = asked.clone().chain([*first]).min().unwrap_or(*first);
        let window: Vec<_> = CALENDAR.iter().copied().filter(|m| *m >= start).take(cap).collect();
        left.extend(asked.filter(|m| window.contains(m)));
        return left;
    }
    let mut months = used.len();
    let mut years: BTreeSet<i16> = used.iter().map(|(year, _)| *year).collect();
    for month in asked {
        let free = if reading.contains("Q04") {
            years.contains(&month.0) || years.len() < cap / 12
        } else {
            used.contains(&month) || months < cap
        };
        if free {
            left.insert(month);
            years.insert(month.0);
            months += usize::from(!used.contains(&month));
        }
    }
    left
}

/// Is there a way to lay each payment into its months so that no month holds more than `monthly`? Month by
/// month, what has to be gone first is laid in first.
pub fn fits(months: usize, monthly: u64, payments: &[((usize, usize), u64)]) -> bool {
    let mut open: Vec<((usize, usize), u64)> = payments.to_vec();
    for month in 0..months {
        let mut room = monthly;
        loop {
            let ready = open
                .iter_mut()
                .filter(|((first, last), rest)| *rest > 0 && (*first..=*last).contains(&month));
            let Some((_, rest)) = ready.min_by_key(|((_, last), _)| *last) else { break };
            let now = room.min(*rest);
            if now == 0 {
                break;
            }
            (room, *rest) = (room - now, *rest - now);
        }
    }
    open.iter().all(|(_, rest)| *rest == 0)
}
