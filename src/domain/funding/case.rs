//! The case that rules judge: the application with what the view knows about it, in a fixed order,
//! so that the order of facts cannot change a finding.

mod drawn;
mod evidence;
mod held;
mod persons;
mod records;
mod registrations;
mod rulings;
mod said;
mod topped_up;

use super::finding::AsOf;
use super::id::{QuestionId, RuleId};
use super::ledger::{approved_months, monthly, total};
use super::message::{Amount, Application, ApplicationKind, ClauseRef, Policy, PolicyRef};
use super::months::MonthSet;
use super::view::FundingView;
use crate::domain::citation::Citation;
use crate::domain::money::Fen;
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

pub use self::evidence::{evidence_of, hold_evidence, sanction_evidence};
pub use self::held::{Held, Meet, meet};
use self::held::{about, held_by, is_one};
pub use self::persons::PERSON_TOKENS_MAX;
use self::persons::same_person;
pub use self::records::{certification, is_checked};
pub use self::registrations::{Registration, in_month};
pub use self::said::Known;

/// Longest span of months that is counted one by one: 100 years. Longer ones are cut.
pub const MONTHS_COUNTED_MAX: u32 = 1_200;

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
    pub reviewed: Option<Held<'a>>,
    /// The grant that a continuation goes on with: its months count, yet it stands in nobody's way.
    pub continued: Option<Held<'a>>,
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
        let reviewed = about.filter(|_| app.kind == ApplicationKind::Review);
        let continued = about.filter(|_| app.kind == ApplicationKind::Continuation);
        held.retain(|h| !is_one(reviewed, h.entry));
        let (held, own_benefits) = held.into_iter().partition(|h| h.entry.is_public());
        Self { view, app, policy, as_of, persons, months, held, own_benefits, reviewed, continued }
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

    /// Months of the application that `covered` lacks.
    pub fn outside(&self, covered: &MonthSet) -> Vec<MonthSpan> {
        let asked: MonthSet = self.months.map(bounded).into_iter().collect();
        asked.split(covered).1.spans().to_vec()
    }

    /// Region code of this district.
    pub fn region(&self) -> Option<&'a str> {
        self.view.region(&self.policy.district)
    }
}

/// A span cut to [`MONTHS_COUNTED_MAX`].
pub fn bounded(span: MonthSpan) -> MonthSpan {
    let longest = MonthSpan::from_count(span.first, MONTHS_COUNTED_MAX);
    longest.and_then(|l| l.overlap(span)).unwrap_or(span)
}
