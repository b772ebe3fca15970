//! The grants that stand beside the application, and the one that it is about.

use super::Case;
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::ledger::LedgerEntry;
use crate::domain::funding::message::{Application, ApplicationKind, NumberRef, Policy};
use crate::domain::funding::view::FundingView;
use crate::domain::money::Fen;
use crate::domain::subject::SubjectId;
use crate::domain::time::MonthSpan;

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

    /// Grants of this district that stand beside the application: all but the one under review.
    pub fn held_here(&self) -> impl Iterator<Item = &Held<'a>> {
        self.held.iter().filter(|h| h.entry.district == self.policy.district)
    }

    /// Of the grant under review the months before those that are looked at: drawn like any others.
    pub fn reviewed_before(&self) -> Option<Held<'a>> {
        let (held, asked) = (self.reviewed?, self.months?);
        let before = held.months?;
        let before = MonthSpan::new(before.first, before.last.min(asked.first.plus(-1)))?;
        Some(Held { months: Some(before), ..held })
    }

    /// Where a grant meets the application in time. What is continued is one with it, and meets it nowhere.
    pub fn meet(&self, held: &Held<'_>) -> Option<Meet> {
        if self.is_continued(held) { None } else { meet(self.months, held.months) }
    }

    /// Is it the grant that the application continues?
    pub fn is_continued(&self, held: &Held<'_>) -> bool {
        is_one(self.continued, held.entry)
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

/// Where two spans meet; a missing span meets everything.
pub fn meet(a: Option<MonthSpan>, b: Option<MonthSpan>) -> Option<Meet> {
    match (a, b) {
        (Some(a), Some(b)) => a.overlap(b).map(Meet::Months),
        _ => Some(Meet::Undated),
    }
}

pub(super) fn held_by<'a>(view: &'a dyn FundingView, subjects: &[SubjectId]) -> Vec<Held<'a>> {
    held_among(view, subjects.iter().flat_map(|s| view.entries(*s)))
}

/// Grants that ever began, each once, in a fixed order.
fn held_among<'a>(
    view: &'a dyn FundingView,
    entries: impl IntoIterator<Item = &'a LedgerEntry>,
) -> Vec<Held<'a>> {
    let key = |e: &&'a LedgerEntry| (&e.district, &e.grant.grant);
    let mut entries: Vec<&LedgerEntry> = entries.into_iter().filter(|e| !e.is_void()).collect();
    entries.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    entries.dedup_by(|a, b| key(a) == key(b));
    let held = |entry: &'a LedgerEntry| {
        let policy = view.policy(&entry.grant.terms.policy);
        Held { entry, policy, months: entry.months(policy) }
    };
    entries.into_iter().map(held).collect()
}

/// The grant that a review or a continuation is about: of those under the policy and for its months (of a
/// continuation, for some of them; a review may look at a part of the months approved) the one that agrees
/// best with it, in its months first. A second one like it stays and is found.
pub(super) fn about<'a>(
    app: &Application<SubjectId>,
    months: Option<MonthSpan>,
    held: &[Held<'a>],
) -> Option<Held<'a>> {
    let terms = &app.terms;
    let whole = |h: &Held<'_>| h.months == months || h.entry.grant.terms.months == terms.months;
    let holds = |h: &Held<'_>| {
        let approved = h.entry.approved_months(h.policy).zip(months);
        approved.is_some_and(|(approved, asked)| approved.overlap(asked) == Some(asked))
    };
    let in_time = |h: &Held<'_>| match app.kind {
        ApplicationKind::Review => whole(h) || holds(h),
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
        let part = app.kind == ApplicationKind::Review && !whole(h);
        (part, other_sum, other_terms, own.employer != terms.employer)
    })
}

/// Is `entry` the grant that a review or a continuation is about?
pub(super) fn is_one(about: Option<Held<'_>>, entry: &LedgerEntry) -> bool {
    let is = |h: Held<'_>| {
        h.entry.district == entry.district && h.entry.grant.grant == entry.grant.grant
    };
    about.is_some_and(is)
}
