//! The records of the case: the applicant's, the employer's, and whose word on them counts.

use super::{Case, PART_MONTH, PART_MONTH_COUNTS, PART_MONTH_FREE, evidence_of};
use crate::domain::funding::beneficiary::enterprises;
use crate::domain::funding::finding::Evidence;
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::outlived::{ended_original, is_outlived};
use crate::domain::funding::view::FundingView;
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::{Affiliation, AffiliationMode};
use crate::domain::record::certification::Certification;
use crate::domain::record::credence;
use crate::domain::record::life_cycle::State;
use crate::domain::record::occupancy::Occupancy;
use crate::domain::record::quota::Quota;
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

impl<'a> Case<'a> {
    /// Active records of the applicant of one kind, with those that only once held.
    pub fn records(&self, kind: RecordKind) -> impl Iterator<Item = &'a HeldRecord> {
        self.records_of(self.persons.clone(), kind)
    }

    /// Affiliations of the applicant in one mode, in a fixed order.
    pub fn affiliations(
        &self,
        mode: AffiliationMode,
    ) -> Vec<(&'a HeldRecord, &'a Affiliation<SubjectId>)> {
        let mut found: Vec<_> = self
            .records(RecordKind::Affiliation)
            .filter_map(|r| match &r.record {
                Record::Affiliation(a) if a.mode == mode => Some((r, a)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(r, a)| (a.head.validity.from, r.district.clone(), &a.head.record));
        found
    }

    /// Employments and appointments of the applicant: who works where.
    pub fn engagements(&self) -> Vec<(&'a HeldRecord, &'a Affiliation<SubjectId>)> {
        let modes = [AffiliationMode::Employment, AffiliationMode::Appointment];
        modes.into_iter().flat_map(|mode| self.affiliations(mode)).collect()
    }

    /// Certifications of the applicant, whatever their state, by those who may certify: the id of a
    /// scheme begins with its authority, and what a district certifies nobody else certifies.
    pub fn certifications(
        &self,
    ) -> impl Iterator<Item = (&'a HeldRecord, &'a Certification<SubjectId>)> {
        let view = self.view;
        let here = &self.policy.district;
        let records = self.persons.clone().into_iter().flat_map(move |p| view.records(p));
        records.filter_map(move |r| certification(view, here, r))
    }

    /// Whom a fact of the application may be about: the applicant, and the enterprises.
    pub(super) fn about(&self) -> Vec<SubjectId> {
        self.persons.iter().copied().chain(enterprises(&self.app.terms)).collect()
    }

    /// Months of the application after the known end of a record that `evidence` names.
    pub fn after_end(&self, evidence: &Evidence) -> Option<MonthSpan> {
        let asked = self.months?;
        let named = |r: &&HeldRecord| {
            let head = r.record.head();
            (&r.district, r.record.kind().as_str(), &head.record)
                == (&evidence.district, evidence.what.as_str(), &evidence.id)
        };
        let of = |s| self.view.records(s).iter().chain(self.view.team_records(s));
        let until =
            self.about().into_iter().flat_map(of).find(named)?.record.head().validity.until?;
        MonthSpan::new(Month::of(until).plus(1).max(asked.first), asked.last)
    }

    /// Occupancies of the applicant in this district.
    pub fn occupancies_here(&self) -> Vec<(&'a HeldRecord, &'a Occupancy<SubjectId>)> {
        self.occupancies(true)
    }

    /// Occupancies of the applicant in other districts.
    pub fn occupancies_elsewhere(&self) -> Vec<(&'a HeldRecord, &'a Occupancy<SubjectId>)> {
        self.occupancies(false)
    }

    fn occupancies(&self, here: bool) -> Vec<(&'a HeldRecord, &'a Occupancy<SubjectId>)> {
        let mut found: Vec<_> = self
            .records(RecordKind::Occupancy)
            .filter(|r| (r.district == self.policy.district) == here)
            .filter_map(|r| match &r.record {
                Record::Occupancy(o) => Some((r, o)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(_, o)| (o.head.validity.from, &o.head.record));
        found
    }

    /// What a ruling says of a part month (Q34): that it counts, or not.
    pub fn ruled_part_month(&self) -> Option<bool> {
        let ruling = self.ruled(PART_MONTH, &[PART_MONTH_COUNTS, PART_MONTH_FREE])?;
        Some(ruling.ruling.reading == PART_MONTH_COUNTS)
    }

    /// Does a ruling say that a part month does not count (Q34)?
    pub fn is_part_month_free(&self) -> bool {
        self.ruled_part_month() == Some(false)
    }

    /// Months of an occupancy until the day of the application, those that it fills in part among them.
    pub fn touched(&self, occupancy: &Occupancy<SubjectId>) -> Option<MonthSpan> {
        let validity = &occupancy.head.validity;
        let until = validity.until.unwrap_or(self.app.date);
        MonthSpan::new(Month::of(validity.from), Month::of(until))
    }

    /// Months of an occupancy. A month that it fills in part counts as a whole one, unless a ruling says
    /// otherwise (Q34).
    pub fn lived(&self, occupancy: &Occupancy<SubjectId>) -> Option<MonthSpan> {
        let (from, until) = (occupancy.head.validity.from, occupancy.head.validity.until);
        let (mut first, mut end) = (Month::of(from), until.map(Month::of));
        if self.is_part_month_free() {
            if from > first.first_day() {
                first = first.plus(1);
            }
            if let (Some(day), Some(month)) = (until, end)
                && day < month.last_day()
            {
                end = Some(month.plus(-1));
            }
        }
        match end {
            Some(end) => MonthSpan::new(first, end),
            None => occupancy.head.validity.months().and_then(|m| MonthSpan::new(first, m.last)),
        }
    }

    /// The employer's quotas in this district on the day, in a fixed order.
    pub fn quotas(&self) -> Vec<(&'a HeldRecord, &'a Quota<SubjectId>)> {
        let employers = enterprises(&self.app.terms).into_iter().collect();
        let mut found: Vec<_> = self
            .records_of(employers, RecordKind::Quota)
            .filter(|r| r.district == self.policy.district)
            .filter_map(|r| match &r.record {
                Record::Quota(q) if q.head.validity.contains(self.app.date) => Some((r, q)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(_, q)| &q.head.record);
        found
    }

    /// Records of the applicant that their authority has ended elsewhere, each with the authority's own.
    pub fn ended_copies(&self) -> Vec<(&'a HeldRecord, &'a HeldRecord)> {
        let view = self.view;
        let records = self.persons.iter().flat_map(|p| view.records(*p));
        let active = records.filter(|r| r.state == State::Active);
        let ended = |r| Some((r, ended_original(view, &self.persons, r)?));
        let mut found: Vec<_> = active.filter_map(ended).collect();
        found.sort_by_key(|(copy, _)| evidence_of(copy));
        found
    }

    /// Active records of some subjects of one kind, copies of what its authority ended left out.
    pub fn records_of(
        &self,
        subjects: Vec<SubjectId>,
        kind: RecordKind,
    ) -> impl Iterator<Item = &'a HeldRecord> + use<'a> {
        let view = self.view;
        subjects
            .clone()
            .into_iter()
            .flat_map(move |p| view.records(p))
            .filter(move |r| r.record.kind() == kind && r.state == State::Active)
            .filter(move |r| !is_outlived(view, &subjects, r))
    }
}

/// Was the record checked as far as a condition needs it?
pub fn is_checked(held: &HeldRecord) -> bool {
    credence::is_checked(held.record.head().attestation.level)
}

/// The record as a certification that counts here: seen by somebody, and sent by who may certify.
pub fn certification<'a>(
    view: &dyn FundingView,
    here: &ParticipantId,
    held: &'a HeldRecord,
) -> Option<(&'a HeldRecord, &'a Certification<SubjectId>)> {
    match &held.record {
        Record::Certification(c) if is_checked(held) && certifies(view, here, held, c) => {
            Some((held, c))
        }
        _ => None,
    }
}

/// May the sender certify under the scheme? Where a district owns it, that district alone.
fn certifies(
    view: &dyn FundingView,
    here: &ParticipantId,
    held: &HeldRecord,
    certification: &Certification<SubjectId>,
) -> bool {
    let scheme = certification.scheme.as_str();
    let owner = credence::owner_of(scheme);
    let is_district = |d: &ParticipantId| d.as_str() == owner;
    is_district(&held.district)
        || !(is_district(here) || view.coverage().iter().any(|c| is_district(&c.district)))
}
