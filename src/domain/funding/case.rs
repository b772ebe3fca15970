//! The case that rules judge: the application with what the view knows about it, in a fixed order,
//! so that the order of facts cannot change a finding.

mod drawn;
mod evidence;
mod rulings;
mod said;

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::beneficiary::enterprises;
use super::finding::{AsOf, Evidence};
use super::id::{QuestionId, RuleId};
use super::kind::Likeness;
use super::ledger::{HeldRecord, LedgerEntry, LinkFact, approved_months, monthly, total};
use super::message::{
    Amount, Application, ApplicationKind, ClauseRef, NumberRef, Policy, PolicyRef,
};
use super::months::MonthSet;
use super::view::FundingView;
use crate::domain::citation::Citation;
use crate::domain::link::LinkKind;
use crate::domain::money::Fen;
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::{Affiliation, AffiliationMode};
use crate::domain::record::certification::Certification;
use crate::domain::record::credence;
use crate::domain::record::life_cycle::State;
use crate::domain::record::occupancy::Occupancy;
use crate::domain::record::points::Points;
use crate::domain::record::quota::Quota;
use crate::domain::record::{Record, RecordKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

pub use self::evidence::{evidence_of, hold_evidence, sanction_evidence};
pub use self::said::Known;

/// Longest span of months that is counted one by one: 100 years. Longer ones are cut.
pub const MONTHS_COUNTED_MAX: u32 = 1_200;
/// Most subjects that confirmed `same` links may join into one person.
pub const PERSON_TOKENS_MAX: usize = 64;

/// Does a part month count as a whole one: Q34.
pub const PART_MONTH: QuestionId = QuestionId::new(34);
/// Reading of [`PART_MONTH`]: it counts.
pub const PART_MONTH_COUNTS: &str = "part-month-counts";
/// Reading of [`PART_MONTH`]: it does not.
pub const PART_MONTH_FREE: &str = "part-month-free";

/// An application with everything that the view knows about it.
pub struct Case<'a> {
    /// The facts.
    pub view: &'a dyn FundingView,
    /// The application.
    pub app: &'a Application<SubjectId>,
    /// Its policy.
    pub policy: &'a Policy,
    /// The two times.
    pub as_of: AsOf,
    /// The applicant under all confirmed tokens.
    pub persons: Vec<SubjectId>,
    /// Benefit months of the application.
    pub months: Option<MonthSpan>,
    /// The applicant's public grants, in every district.
    pub held: Vec<Held<'a>>,
    /// Benefits of the applicant that the employer pays from its own money (R31).
    pub own_benefits: Vec<Held<'a>>,
    /// The one grant that a review is about: it does not duplicate itself.
    reviewed: Option<&'a LedgerEntry>,
    /// The grant that a continuation goes on with: its months count, yet it stands in nobody's way.
    pub continued: Option<Held<'a>>,
}

/// A grant with its policy and benefit months.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The grant.
    pub entry: &'a LedgerEntry,
    /// Its policy; `None` when the catalogue lacks it.
    pub policy: Option<&'a Policy>,
    /// Its benefit months.
    pub months: Option<MonthSpan>,
}

/// Where two benefits meet in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meet {
    /// In these months.
    Months(MonthSpan),
    /// One of them has no months, so nothing keeps them apart.
    Undated,
}

impl Meet {
    /// The months.
    pub fn months(self) -> Option<MonthSpan> {
        match self {
            Self::Months(span) => Some(span),
            Self::Undated => None,
        }
    }
}

impl<'a> Case<'a> {
    /// Gathers what the view knows.
    pub fn new(
        view: &'a dyn FundingView,
        app: &'a Application<SubjectId>,
        policy: &'a Policy,
        as_of: AsOf,
    ) -> Self {
        let persons = same_person(view, app.terms.subject);
        let months = approved_months(&app.terms, Some(policy), app.date);
        let mut held = held_by(view, &persons);
        let about = about(app, months, &held);
        let reviewed = about.filter(|_| app.kind == ApplicationKind::Review).map(|held| held.entry);
        let continued = about.filter(|_| app.kind == ApplicationKind::Continuation);
        held.retain(|h| !is_one(reviewed, h.entry));
        let (held, own_benefits) = held.into_iter().partition(|h| h.entry.is_public());
        Self { view, app, policy, as_of, persons, months, held, own_benefits, reviewed, continued }
    }

    /// Public grants of another person or an object.
    pub fn held_by(&self, subject: SubjectId) -> Vec<Held<'a>> {
        self.held_by_any(&[subject])
    }

    /// Public grants of any of several subjects, each once.
    pub fn held_by_any(&self, subjects: &[SubjectId]) -> Vec<Held<'a>> {
        self.beside(held_by(self.view, subjects))
    }

    /// Public grants that fund a project of this number: the same, or one that may be.
    pub fn held_for(&self, project: &NumberRef) -> Vec<Held<'a>> {
        self.beside(held_among(self.view, self.view.project_entries(project)))
    }

    fn beside(&self, mut held: Vec<Held<'a>>) -> Vec<Held<'a>> {
        held.retain(|h| h.entry.is_public() && !is_one(self.reviewed, h.entry));
        held
    }

    /// The person that `subject` is, under all confirmed tokens.
    pub fn person(&self, subject: SubjectId) -> Vec<SubjectId> {
        same_person(self.view, subject)
    }

    /// Grants of this district that stand beside the application: all but the one under review.
    pub fn held_here(&self) -> impl Iterator<Item = &Held<'a>> {
        self.held.iter().filter(|h| h.entry.district == self.policy.district)
    }

    /// Where a grant meets the application in time. What is continued is one with it, and meets it nowhere.
    pub fn meet(&self, held: &Held<'_>) -> Option<Meet> {
        if self.is_continued(held) { None } else { meet(self.months, held.months) }
    }

    /// Is it the grant that the application continues?
    pub fn is_continued(&self, held: &Held<'_>) -> bool {
        is_one(self.continued.map(|h| h.entry), held.entry)
    }

    /// How the kinds of a grant and of the application compare; `None` when one is not on the list.
    pub fn likeness(&self, held: &Held<'_>) -> Option<Likeness> {
        let theirs = &held.policy?.kinds;
        if held.entry.grant.terms.policy.id == self.policy.id && !theirs.is_empty() {
            return Some(Likeness::Same);
        }
        let mut best = None;
        for a in &self.policy.kinds {
            for b in theirs {
                let likeness = self.view.kind(a)?.likeness(self.view.kind(b)?);
                best = best.max(Some(likeness));
            }
        }
        best
    }

    /// The first month under a policy: that of its first version, where the view has it. A later version
    /// goes on with the rule.
    pub fn began(&self, policy: &Policy) -> Month {
        let first = PolicyRef { id: policy.id.clone(), version: 1 };
        let first = self.view.policy(&first).unwrap_or(policy);
        Month::of(first.validity.from)
    }

    /// Sum asked for in all.
    pub fn asked_total(&self) -> Option<Fen> {
        total(self.app.amount?, self.months)
    }

    /// The decision 一事一议 that may lift the policy's cap on a sum, with the clause that knows such
    /// decisions (R29). Without a clause no decision does.
    pub fn beyond_cap(&self) -> Option<(&'a Citation, &'a ClauseRef)> {
        self.app.terms.case_by_case.as_ref().zip(self.policy.clause(RuleId::new(29)))
    }

    /// Sum asked for in all, as far as the policy's cap reaches (R29) beside what was drawn under it
    /// before: what lies above it is not granted, so it makes no benefit the higher one.
    pub fn grantable_total(&self) -> Option<Fen> {
        let asked = self.asked_total()?;
        let months = self.months.map_or(1, MonthSpan::count);
        Some(match self.cap_of_sums() {
            Amount::Total(cap) => asked.min(cap),
            Amount::Monthly(cap) => asked.min(cap.times(months)),
        })
    }

    /// The same by the month.
    pub fn grantable_monthly(&self) -> Option<Fen> {
        let asked = self.asked_monthly()?;
        Some(match self.cap_of_sums() {
            Amount::Total(cap) => asked.min(monthly(Amount::Total(cap), self.months)?),
            Amount::Monthly(cap) => asked.min(cap),
        })
    }

    /// Sum asked for by the month.
    pub fn asked_monthly(&self) -> Option<Fen> {
        monthly(self.app.amount?, self.months)
    }

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

    /// Months of the application that `covered` lacks.
    pub fn outside(&self, covered: &MonthSet) -> Vec<MonthSpan> {
        let asked: MonthSet = self.months.map(bounded).into_iter().collect();
        asked.split(covered).1.spans().to_vec()
    }

    /// Whom a fact of the application may be about: the applicant, and the enterprises.
    fn about(&self) -> Vec<SubjectId> {
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
        let about = self.about().into_iter();
        let until =
            about.flat_map(|s| self.view.records(s)).find(named)?.record.head().validity.until?;
        MonthSpan::new(Month::of(until).plus(1).max(asked.first), asked.last)
    }

    /// Occupancies of the applicant in this district.
    pub fn occupancies_here(&self) -> Vec<(&'a HeldRecord, &'a Occupancy<SubjectId>)> {
        let mut found: Vec<_> = self
            .records(RecordKind::Occupancy)
            .filter(|r| r.district == self.policy.district)
            .filter_map(|r| match &r.record {
                Record::Occupancy(o) => Some((r, o)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(_, o)| (o.head.validity.from, &o.head.record));
        found
    }

    /// Does a ruling say that a part month does not count (Q34)?
    pub fn is_part_month_free(&self) -> bool {
        let ruling = self.ruled(PART_MONTH, &[PART_MONTH_COUNTS, PART_MONTH_FREE]);
        ruling.is_some_and(|f| f.ruling.reading == PART_MONTH_FREE)
    }

    /// Months of an occupancy until `last`. A month that it fills in part counts as a whole one, unless
    /// a ruling says otherwise (Q34).
    pub fn lived(&self, occupancy: &Occupancy<SubjectId>, last: Option<Date>) -> Option<MonthSpan> {
        let from = occupancy.head.validity.from;
        let until = occupancy.head.validity.until.or(last);
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

    /// The applicant's last registration of points in this district, lapsed or not.
    pub fn points(&self) -> Option<(&'a HeldRecord, &'a Points<SubjectId>)> {
        let here = self.records(RecordKind::Points).filter(|r| r.district == self.policy.district);
        here.filter_map(|r| match &r.record {
            Record::Points(p) if p.head.validity.from <= self.app.date => Some((r, p)),
            _ => None,
        })
        .max_by_key(|(_, p)| (p.head.validity.from, &p.head.record))
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

    /// Confirmed spouses with the time of the marriage.
    pub fn spouses(&self) -> Vec<(SubjectId, &'a LinkFact)> {
        self.linked(|l| l.kind == LinkKind::Spouse && l.confirmed)
    }

    /// Those who may be the applicant under another document, by links that are not confirmed.
    pub fn suspected(&self) -> Vec<(SubjectId, &'a LinkFact)> {
        self.linked(|l| l.kind == LinkKind::Same && !l.confirmed)
    }

    fn linked(&self, wanted: impl Fn(&LinkFact) -> bool) -> Vec<(SubjectId, &'a LinkFact)> {
        let mut found: Vec<_> = self
            .persons
            .iter()
            .flat_map(|p| self.view.links(*p))
            .filter(|l| wanted(l))
            .flat_map(|l| l.subjects.map(|s| (s, l)))
            .filter(|(s, _)| !self.persons.contains(s))
            .collect();
        found.sort_by_key(|(s, l)| (*s, l.validity.from));
        found
    }

    /// Region code of this district.
    pub fn region(&self) -> Option<&'a str> {
        self.view.region(&self.policy.district)
    }

    /// Active records of some subjects of one kind.
    pub fn records_of(
        &self,
        subjects: Vec<SubjectId>,
        kind: RecordKind,
    ) -> impl Iterator<Item = &'a HeldRecord> + use<'a> {
        let view = self.view;
        subjects
            .into_iter()
            .flat_map(move |p| view.records(p))
            .filter(move |r| r.record.kind() == kind && r.state == State::Active)
    }
}

impl Held<'_> {
    /// Approved sum in all.
    pub fn total(&self) -> Option<Fen> {
        self.entry.total(self.policy)
    }

    /// Approved sum by the month.
    pub fn monthly(&self) -> Option<Fen> {
        self.entry.monthly(self.policy)
    }
}

/// Was the record checked as far as a condition needs it?
pub fn is_checked(held: &HeldRecord) -> bool {
    credence::is_checked(held.record.head().attestation.level)
}

/// The record as a certification that counts here: seen by somebody, and sent by who may certify.
pub(super) fn certification<'a>(
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

/// Where two spans meet; a missing span meets everything.
pub fn meet(a: Option<MonthSpan>, b: Option<MonthSpan>) -> Option<Meet> {
    match (a, b) {
        (Some(a), Some(b)) => a.overlap(b).map(Meet::Months),
        _ => Some(Meet::Undated),
    }
}

/// A span cut to [`MONTHS_COUNTED_MAX`].
pub fn bounded(span: MonthSpan) -> MonthSpan {
    let longest = MonthSpan::from_count(span.first, MONTHS_COUNTED_MAX);
    longest.and_then(|l| l.overlap(span)).unwrap_or(span)
}

fn held_by<'a>(view: &'a dyn FundingView, subjects: &[SubjectId]) -> Vec<Held<'a>> {
    held_among(view, subjects.iter().flat_map(|s| view.entries(*s)))
}

/// Grants that ever began, each once, in a fixed order.
fn held_among<'a>(
    view: &'a dyn FundingView,
    entries: impl IntoIterator<Item = &'a LedgerEntry>,
) -> Vec<Held<'a>> {
    let mut seen = BTreeSet::new();
    let mut held: Vec<Held<'a>> = entries
        .into_iter()
        .filter(|e| !e.is_void() && seen.insert((&e.district, &e.grant.grant)))
        .map(|entry| {
            let policy = view.policy(&entry.grant.terms.policy);
            Held { entry, policy, months: entry.months(policy) }
        })
        .collect();
    held.sort_by_key(|h| (&h.entry.district, &h.entry.grant.grant));
    held
}

/// The grant that a review or a continuation is about: of those under the policy and for its months (of a
/// continuation, for some of them) the one that agrees best with it otherwise. A second one like it stays
/// and is found.
fn about<'a>(
    app: &Application<SubjectId>,
    months: Option<MonthSpan>,
    held: &[Held<'a>],
) -> Option<Held<'a>> {
    let terms = &app.terms;
    let in_time = |h: &Held<'_>| match app.kind {
        ApplicationKind::Review => h.months == months || h.entry.grant.terms.months == terms.months,
        ApplicationKind::Continuation => match (h.months, months) {
            (Some(held), Some(asked)) => held.overlap(asked).is_some(),
            (held, asked) => held.is_none() && asked.is_none(),
        },
        _ => false,
    };
    let fits = |h: &&Held<'_>| h.entry.grant.terms.policy == terms.policy && in_time(h);
    held.iter().copied().filter(|h| fits(&h)).min_by_key(|h| {
        let own = &h.entry.grant.terms;
        let other_sum = app.amount.is_some_and(|sum| sum != h.entry.grant.approved);
        let other_terms = own.beneficiary != terms.beneficiary || own.objects != terms.objects;
        (other_sum, other_terms, own.employer != terms.employer)
    })
}

fn is_one(reviewed: Option<&LedgerEntry>, entry: &LedgerEntry) -> bool {
    reviewed.is_some_and(|r| r.district == entry.district && r.grant.grant == entry.grant.grant)
}

/// The subject and all that confirmed `same` links join to it.
fn same_person(view: &dyn FundingView, subject: SubjectId) -> Vec<SubjectId> {
    let mut joined = BTreeSet::from([subject]);
    let mut open = vec![subject];
    while let Some(next) = open.pop() {
        let links = view.links(next).iter().filter(|l| l.kind == LinkKind::Same && l.confirmed);
        for other in links.flat_map(|l| l.subjects) {
            if joined.len() < PERSON_TOKENS_MAX && joined.insert(other) {
                open.push(other);
            }
        }
    }
    joined.into_iter().collect()
}
