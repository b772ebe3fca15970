//! The high-level standard of R21 as certifications tell of it: by benefit month and on one day.

use jiff::civil::Date;

use crate::domain::funding::case::{Case, bounded, evidence_of};
use crate::domain::funding::finding::Evidence;
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::months::{Days, runs};
use crate::domain::record::life_cycle::State;
use crate::domain::time::{Month, MonthSpan, Validity};

/// The scheme whose classes are the standard (附件4 一（一）).
pub const HIGH_LEVEL_SCHEME: &str = "qingpu-housing";

/// On which days of a month a class is certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// On all.
    Always,
    /// On some; a ruling may say what such a month is (Q34).
    Partly,
    /// On none.
    Never,
}

/// The applicant's certifications under the scheme, the undoubted first.
pub struct Certified<'a>(Vec<(&'a HeldRecord, Validity)>);

impl<'a> Certified<'a> {
    /// Those of the case.
    pub fn of(case: &Case<'a>) -> Self {
        let mut found: Vec<_> = case
            .certifications()
            .filter(|(r, c)| c.scheme == HIGH_LEVEL_SCHEME && r.state == State::Active)
            .map(|(r, c)| (r, c.head.validity))
            .collect();
        found.sort_by_key(|(r, _)| (r.is_doubted(), evidence_of(r)));
        Self(found)
    }

    /// One in force on a day.
    pub fn on(&self, day: Date) -> Option<Evidence> {
        self.0.iter().find(|(_, v)| v.contains(day)).map(|(r, _)| evidence_of(r))
    }

    /// How the standard stands by benefit month, neighbours alike joined; on the day of the application
    /// where there are no months. One entry without months where it is the same throughout.
    pub fn by_month(&self, case: &Case<'_>) -> Vec<(Option<MonthSpan>, Holds)> {
        let Some(asked) = case.months.map(bounded) else {
            let holds = if self.on(case.app.date).is_some() { Holds::Always } else { Holds::Never };
            return vec![(None, holds)];
        };
        let part = case.ruled_part_month();
        let runs = runs(asked, |month| match (self.holds(month), part) {
            (Holds::Partly, Some(true)) => Holds::Always,
            (Holds::Partly, Some(false)) => Holds::Never,
            (holds, _) => holds,
        });
        match runs.as_slice() {
            [(_, holds)] => vec![(None, *holds)],
            _ => runs.into_iter().map(|(span, holds)| (Some(span), holds)).collect(),
        }
    }

    /// Does a certification fill one of the benefit months in part?
    pub fn has_part_month(&self, case: &Case<'_>) -> bool {
        let months = case.months.map(bounded).into_iter().flat_map(MonthSpan::months);
        months.map(|month| self.holds(month)).any(|holds| holds == Holds::Partly)
    }

    /// Those in force in these months: of the undoubted, where there is one.
    pub fn evidence(&self, months: Option<MonthSpan>) -> Vec<Evidence> {
        let of = |v: &Validity| months.zip(v.months()).is_some_and(|(m, v)| v.overlap(m).is_some());
        let found: Vec<_> = self.0.iter().filter(|(_, v)| of(v)).collect();
        let sound = found.iter().any(|(r, _)| !r.is_doubted());
        let wanted = found.into_iter().filter(|(r, _)| !(sound && r.is_doubted()));
        wanted.map(|(r, _)| evidence_of(r)).collect()
    }

    fn holds(&self, month: Month) -> Holds {
        let held = self.0.iter().map(|(_, v)| Days::held(month, v));
        let held = held.fold(Days::default(), Days::with);
        match () {
            () if held.is_empty() => Holds::Never,
            () if Days::all(month).without(held).is_empty() => Holds::Always,
            () => Holds::Partly,
        }
    }
}
