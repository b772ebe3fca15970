//! What the certifications under a policy's scheme say of its class, day by day. A class that ran out
//! before the application was filed has covered its months all the same: an application may look back
//! (附件4 一（三） “租房补贴按月发放”), and no document asks for the class on the day of filing beside them.
//! Nor does one say that a class expires: after the last day that a certification names, the gateway
//! only does not know.

use jiff::civil::Date;

use crate::domain::funding::case::{Case, bounded, evidence_of};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::PolicyClass;
use crate::domain::funding::months::{Days, runs};
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::time::{Month, MonthSpan, Validity};

/// Certifications under one scheme that speak of the time that an application is about.
#[derive(Clone, Debug)]
pub struct Certified<'a> {
    /// Of a class that the policy is for, whatever became of them, in the order of their first days.
    fitting: Vec<(&'a HeldRecord, Validity)>,
    /// Active ones of another class.
    other: Vec<(&'a HeldRecord, Validity)>,
    /// Is the benefit one award in instalments?
    instalments: bool,
}

/// Is the class held at a time?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// On every day of it.
    Held,
    /// On some days (Q34); on the others this stands against it.
    Part(Lack<'a>),
    /// On no day.
    Lacking(Lack<'a>),
}

/// Why a class is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack<'a> {
    /// Nobody certified it, or the certification ran out by its own last day: perhaps it was renewed.
    NotKnown,
    /// The applicant holds another class of the scheme.
    Other(&'a HeldRecord),
    /// Suspended, to be reinstated or revoked.
    Suspended(&'a HeldRecord),
    /// Revoked before.
    Revoked(&'a HeldRecord),
    /// Revoked later: whether that reaches back is not written.
    RevokedLater(&'a HeldRecord),
}

impl<'a> Certified<'a> {
    /// What is certified under the scheme of `class`; `None` where nothing speaks of the time asked for.
    /// A certification that begins after the filing counts beside one of the scheme that began by then, no further.
    pub fn of(case: &Case<'a>, class: &PolicyClass) -> Option<Self> {
        let (mut fitting, mut other) = (Vec::new(), Vec::new());
        for (record, cert) in case.class_certifications() {
            let validity = cert.head.validity;
            if class.includes(&cert.scheme, &cert.class) {
                fitting.push((record, validity));
            } else if cert.scheme == class.scheme && record.state == State::Active {
                other.push((record, validity));
            }
        }
        // Somebody who goes over from another class of the scheme is known to the authority by then.
        let known = fitting.iter().chain(&other).any(|(_, v)| v.from <= case.app.date);
        if !known {
            fitting.clear();
        }
        other.retain(|(_, v)| match case.months {
            Some(asked) => v.months().and_then(|m| m.overlap(asked)).is_some(),
            None => v.contains(case.app.date),
        });
        if fitting.is_empty() && other.is_empty() {
            return None;
        }
        fitting.sort_by_key(|(r, v)| (v.from, evidence_of(r)));
        other.sort_by_key(|(r, v)| (v.from, evidence_of(r)));
        let payout = case.policy.payout.as_ref();
        let instalments = payout.and_then(|p| p.instalments).is_some_and(|n| n > 1);
        Some(Self { fitting, other, instalments })
    }

    /// Is the benefit one award in instalments?
    pub const fn in_instalments(&self) -> bool {
        self.instalments
    }

    /// How the class stands by benefit month, neighbours alike joined; on the day of the application
    /// where there are no months.
    pub fn by_month(&self, case: &Case<'_>) -> Vec<(Option<MonthSpan>, Standing<'a>)> {
        match case.months {
            Some(asked) => {
                let runs = runs(bounded(asked), |month| self.standing(month, self.days(month)));
                runs.into_iter().map(|(span, standing)| (Some(span), standing)).collect()
            }
            None => vec![(None, self.on(case.app.date))],
        }
    }

    /// How the class stands on one day.
    pub fn on(&self, day: Date) -> Standing<'a> {
        self.standing(Month::of(day), Days::on(day))
    }

    /// The records that the class rests on: those that add a day, the undoubted first.
    pub fn needed(&self, case: &Case<'_>) -> Vec<&'a HeldRecord> {
        let date = case.app.date;
        let asked: Vec<(Month, Days)> = match case.months {
            Some(asked) => bounded(asked).months().map(|m| (m, self.days(m))).collect(),
            None => vec![(Month::of(date), Days::on(date))],
        };
        let mut records: Vec<_> = self.active().collect();
        records.sort_by_key(|(r, v)| (r.is_doubted(), !v.contains(date), v.from, evidence_of(r)));
        let mut lacking = asked;
        records.retain(|(_, validity)| {
            let mut adds = false;
            for (month, days) in &mut lacking {
                let rest = days.without(Days::held(*month, validity));
                adds |= rest != *days;
                *days = rest;
            }
            adds
        });
        records.into_iter().map(|(record, _)| record).collect()
    }

    /// The last fitting certification that began by the end of `month`.
    pub fn last_by(&self, month: Month) -> Option<&'a HeldRecord> {
        let begun = self.fitting.iter().filter(|(_, v)| Month::of(v.from) <= month);
        begun.map(|(record, _)| *record).next_back()
    }

    /// Fitting certifications in force on a day of these months.
    pub fn touching(&self, months: MonthSpan) -> Vec<&'a HeldRecord> {
        let of = |v: &Validity| v.months().and_then(|m| m.overlap(months)).is_some();
        self.active().filter(|(_, v)| of(v)).map(|(record, _)| record).collect()
    }

    /// The fitting certification from which the applicant changed to the class of `other`.
    pub fn former(&self, other: &HeldRecord) -> Option<&'a HeldRecord> {
        let changed = other.record.head().validity.from;
        self.active().filter(|(_, v)| v.from < changed).last().map(|(record, _)| record)
    }

    fn active(&self) -> impl Iterator<Item = (&'a HeldRecord, Validity)> {
        self.fitting.iter().filter(|(r, _)| r.state == State::Active).copied()
    }

    /// The days on which a month needs the class. An instalment is a part of one award, no benefit of
    /// its month: it needs the class that stands when the month is over.
    fn days(&self, month: Month) -> Days {
        if self.instalments { Days::on(month.last_day()) } else { Days::all(month) }
    }

    fn standing(&self, month: Month, wanted: Days) -> Standing<'a> {
        let held = self.active().map(|(_, v)| Days::held(month, &v));
        let lacking = wanted.without(held.fold(Days::default(), Days::with));
        match () {
            () if lacking.is_empty() => Standing::Held,
            () if lacking == wanted => Standing::Lacking(self.lack(month, lacking)),
            () => Standing::Part(self.lack(month, lacking)),
        }
    }

    /// The last word on the class counts: of fitting certifications the one that began last, and where
    /// that ran out or there is none, another class in force.
    fn lack(&self, month: Month, lacking: Days) -> Lack<'a> {
        let after = |from: Date| Days::held(month, &Validity { from, until: None });
        let stands = |state| state == State::Active;
        let begun = self.fitting.iter().filter(|(_, v)| after(v.from).meets(lacking));
        let last = begun.max_by_key(|(r, v)| (v.from, stands(r.state), evidence_of(r)));
        match last.map(|(record, _)| (*record, record.state)) {
            Some((record, State::Suspended)) => return Lack::Suspended(record),
            Some((record, State::Revoked)) => {
                // The record is shortened to the day from which the revocation works: after that it has ended.
                let ended = record.record.head().validity.until.and_then(|u| u.tomorrow().ok());
                let since = ended.map_or(revoked_on(record), |end| end.min(revoked_on(record)));
                let later = lacking.without(after(since));
                return if later.is_empty() {
                    Lack::Revoked(record)
                } else {
                    Lack::RevokedLater(record)
                };
            }
            Some((_, State::Active)) | None => {}
        }
        let mut in_force = self.other.iter().filter(|(_, v)| Days::held(month, v).meets(lacking));
        in_force.next_back().map_or(Lack::NotKnown, |(record, _)| Lack::Other(record))
    }
}

impl<'a> Lack<'a> {
    /// The record that says so.
    pub const fn record(self) -> Option<&'a HeldRecord> {
        match self {
            Self::NotKnown => None,
            Self::Other(r) | Self::Suspended(r) | Self::Revoked(r) | Self::RevokedLater(r) => {
                Some(r)
            }
        }
    }
}

/// The day on which a revoked record was seen to be so.
fn revoked_on(record: &HeldRecord) -> Date {
    record.record.head().attestation.as_of
}

/// The class that a record certifies, with its scheme.
pub fn class_of(record: &HeldRecord) -> Option<(&str, &str)> {
    match &record.record {
        Record::Certification(c) => Some((c.scheme.as_str(), c.class.as_str())),
        _ => None,
    }
}
