//! Registrations of points: one takes the place of the one before, and each speaks of its own months.

use super::{Case, bounded};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::months::runs;
use crate::domain::record::points::Points;
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

/// A registration and its record.
pub type Registration<'a> = (&'a HeldRecord, &'a Points<SubjectId>);

impl<'a> Case<'a> {
    /// The applicant's registrations in this district until the day of the application, lapsed or not, in
    /// the order of their days.
    pub fn registrations(&self) -> Vec<Registration<'a>> {
        let here = self.records(RecordKind::Points).filter(|r| r.district == self.policy.district);
        let mut found: Vec<Registration<'a>> = here
            .filter_map(|r| match &r.record {
                Record::Points(p) if p.head.validity.from <= self.app.date => Some((r, p)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(_, p)| (p.head.validity.from, &p.head.record));
        found
    }

    /// The benefit months with the registration that speaks of each: the last that was in force in it.
    /// One entry without months where it is the same for all, or none is of these months; then it is the
    /// last one.
    pub fn registrations_by_month(&self) -> Vec<(Option<MonthSpan>, Option<Registration<'a>>)> {
        let all = self.registrations();
        let last = vec![(None, all.last().copied())];
        let Some(asked) = self.months.map(bounded) else { return last };
        let runs = runs(asked, |month| in_month(&all, month));
        match runs.as_slice() {
            [(_, None)] => last,
            [(_, Some(at))] => vec![(None, all.get(*at).copied())],
            _ => runs
                .into_iter()
                .map(|(span, at)| (Some(span), at.and_then(|at| all.get(at).copied())))
                .collect(),
        }
    }
}

/// Which of the registrations was the last in force in a month.
pub fn in_month(all: &[Registration<'_>], month: Month) -> Option<usize> {
    let covers = |(_, p): &Registration<'_>| {
        let validity = &p.head.validity;
        Month::of(validity.from) <= month && validity.until.is_none_or(|u| month <= Month::of(u))
    };
    all.iter().rposition(covers)
}
