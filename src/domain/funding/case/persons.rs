//! Who the applicant is, and who is married to him: by links.

use std::collections::BTreeSet;

use super::Case;
use crate::domain::funding::ledger::LinkFact;
use crate::domain::funding::view::FundingView;
use crate::domain::link::LinkKind;
use crate::domain::subject::SubjectId;

/// Most subjects that confirmed `same` links may join into one person.
pub const PERSON_TOKENS_MAX: usize = 64;

impl<'a> Case<'a> {
    /// The person that `subject` is, under all confirmed tokens.
    pub fn person(&self, subject: SubjectId) -> Vec<SubjectId> {
        same_person(self.view, subject)
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
}

/// The subject and all that confirmed `same` links join to it.
pub(super) fn same_person(view: &dyn FundingView, subject: SubjectId) -> Vec<SubjectId> {
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
