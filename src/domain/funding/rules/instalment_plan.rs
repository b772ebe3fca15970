//! How R17 counts instalments: of which award, from which month, and what is due in some of the months.

use crate::domain::funding::case::Case;
use crate::domain::funding::finding::Evidence;
use crate::domain::funding::id::QuestionId;
use crate::domain::funding::ledger::RulingFact;
use crate::domain::funding::message::ApplicationKind;
use crate::domain::funding::report::Draft;
use crate::domain::funding::sameness::Sameness;
use crate::domain::money::Fen;
use crate::domain::time::{Month, MonthSpan};

/// What becomes of what rounding leaves: Q22.
pub const ROUNDING: QuestionId = QuestionId::new(22);
/// Reading of [`ROUNDING`]: it comes with the last instalment.
pub const WITH_LAST: &str = "rest-with-last";
/// Reading of [`ROUNDING`]: it is dropped.
pub const DROPPED: &str = "rest-dropped";

/// The instalments of an award.
pub struct Plan<'a> {
    /// The month of the first one.
    first: Month,
    /// How many there are.
    pub count: u32,
    /// What they come to: the award that is continued, or the highest that there can be; `None` where a
    /// new award names all of its months, or nothing caps it.
    pub whole: Option<Fen>,
    /// Is it an award that is continued?
    pub continued: bool,
    /// What becomes of the remainder, where that is ruled.
    pub ruling: Option<&'a RulingFact>,
    /// The grants that a continuation goes on with.
    evidence: Vec<Evidence>,
}

impl<'a> Plan<'a> {
    /// That of an application for `months`, in `count` instalments.
    pub fn new(case: &Case<'a>, months: MonthSpan, count: u32) -> Self {
        let ruling = case.ruled(ROUNDING, &[WITH_LAST, DROPPED]);
        let goes_on = case.app.kind == ApplicationKind::Continuation;
        let (first, evidence) = (months.first, Vec::new());
        let mut plan = Self { first, count, whole: None, continued: false, ruling, evidence };
        let cap = case.cap_in_all();
        if let Some((award, named)) = case.award_continued() {
            // A grant of some of the months tells of the whole by their part.
            let whole = if named < count { award.part(count.into(), named.into()) } else { award };
            let decided =
                case.continued.is_some_and(|h| h.entry.grant.terms.case_by_case.is_some());
            let cap = cap.filter(|_| !decided);
            plan.whole = Some(cap.map_or(whole, |cap| whole.min(cap)));
            plan.continued = true;
        } else if goes_on || months.count() < count {
            plan.whole = cap;
        }
        if goes_on {
            plan.run_from_the_first(case);
        }
        plan
    }

    /// Grants of one award may be made year by year: the ten years run from the first month of all. One that
    /// was stopped was another award.
    fn run_from_the_first(&mut self, case: &Case<'a>) {
        let id = &case.policy.id;
        let of_award = case.held_here().filter(|h| {
            h.entry.grant.terms.policy.id == *id
                && case.same_beneficiary(h) == Sameness::Same
                && (h.entry.stopped.is_none() || case.is_continued(h))
        });
        for held in of_award {
            self.evidence.push(held.evidence());
            if let Some(months) = held.entry.approved_months(held.policy) {
                self.first = self.first.min(months.first);
            }
        }
    }

    /// The months in which instalments are due.
    pub fn months(&self) -> Option<MonthSpan> {
        MonthSpan::from_count(self.first, self.count)
    }

    /// One instalment of a sum, rounded down.
    pub fn each(&self, whole: Fen) -> Fen {
        whole.part(1, self.count.into())
    }

    /// What rounding leaves of it.
    pub fn rest(&self, whole: Fen) -> Fen {
        whole.minus(self.each(whole).times(self.count))
    }

    /// Is it ruled that what rounding leaves is dropped?
    pub fn is_dropped(&self) -> bool {
        self.ruling.is_some_and(|fact| fact.ruling.reading == DROPPED)
    }

    /// The most that is due in some of the months: their part of the whole, rounded down; what rounding
    /// leaves comes with the last instalment, unless it is ruled that it is dropped.
    pub fn due(&self, months: MonthSpan) -> Option<Fen> {
        let whole = self.whole?;
        let each = self.each(whole);
        Some(if self.is_dropped() {
            self.due_at_least(months)?
        } else if self.months().is_some_and(|all| all.last == months.last) {
            whole.minus(each.times(self.count.saturating_sub(months.count())))
        } else {
            whole.part(months.count().into(), self.count.into())
        })
    }

    /// What is due in them whatever becomes of what rounding leaves (Q22).
    pub fn due_at_least(&self, months: MonthSpan) -> Option<Fen> {
        Some(self.each(self.whole?).times(months.count()))
    }

    /// Do the months come to the last instalment, without a ruling on what comes with it?
    pub fn is_last_open(&self, months: MonthSpan) -> bool {
        self.ruling.is_none()
            && self.continued
            && self.months().is_some_and(|all| all.last == months.last)
    }

    /// Resting on the grants that it goes on with.
    pub fn told(&self, draft: Draft) -> Draft {
        self.evidence.iter().cloned().fold(draft, Draft::evidence)
    }
}
