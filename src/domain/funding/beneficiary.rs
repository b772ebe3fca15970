//! Who receives, and what is paid for: is it the same person, team, enterprise or project? The person
//! that a grant names is the beneficiary only where the grant is personal; for an enterprise, a team or
//! a project it is its head, and another head does not make another beneficiary (R01 “同类”, changning-
//! 2020-2 三 “从优、从高、不重复”: both speak of what is received, not of who filed it).

use std::collections::BTreeSet;

use super::case::{Case, Held};
use super::message::{Beneficiary, ObjectKind, Terms};
use super::sameness::Sameness;
use super::stacking::{Side, plans};
use crate::domain::subject::SubjectId;

impl<'a> Case<'a> {
    /// Public grants to the enterprise, team or project of the application that name another person as
    /// its head, in every district.
    pub fn held_by_others(&self) -> Vec<Held<'a>> {
        let terms = &self.app.terms;
        let mut held = match (terms.beneficiary, &terms.project) {
            (Beneficiary::Enterprise | Beneficiary::Team, _) => {
                self.held_by_any(&enterprises(terms).into_iter().collect::<Vec<_>>())
            }
            (Beneficiary::Project, Some(project)) => self.held_for(project),
            (Beneficiary::Person | Beneficiary::Project, _) => Vec::new(),
        };
        held.retain(|h| {
            !self.persons.contains(&h.entry.grant.terms.subject)
                && self.same_beneficiary(h) != Sameness::Other
        });
        held
    }

    /// Does the grant benefit whom the application would? One enterprise under another head is *perhaps*:
    /// another team, or another matter, may stand behind it.
    pub fn same_beneficiary(&self, held: &Held<'_>) -> Sameness {
        let (ours, theirs) = (&self.app.terms, &held.entry.grant.terms);
        if ours.beneficiary != theirs.beneficiary || is_told_apart(ours, theirs) {
            return Sameness::Other;
        }
        let same_head = self.persons.contains(&theirs.subject);
        let joint = !enterprises(ours).is_disjoint(&enterprises(theirs));
        match (ours.beneficiary, projects(ours, theirs)) {
            (Beneficiary::Project, Some(project)) => project,
            _ if same_head => Sameness::Same,
            (Beneficiary::Team | Beneficiary::Enterprise, _) if joint => Sameness::Perhaps,
            _ => Sameness::Other,
        }
    }

    /// Does the grant benefit somebody else, for something else? Then it cannot repeat the application,
    /// whoever heads both: a leader is not the team (T29).
    pub fn is_for_another(&self, held: &Held<'_>) -> bool {
        let (ours, theirs) = (&self.app.terms, &held.entry.grant.terms);
        let sides = [(ours, Some(self.policy)), (theirs, held.policy)];
        let [a, b] = sides.map(|(terms, policy)| Side { terms, policy });
        let one = |sameness: Option<Sameness>| sameness.is_some_and(|s| s != Sameness::Other);
        self.same_beneficiary(held) == Sameness::Other
            && !one(projects(ours, theirs))
            && !one(plans(a, b))
            && !is_one_certificate(ours, theirs)
    }
}

/// Do the two name different enterprises, projects or certificates, so that the one cannot repeat the
/// other? Of two personal benefits nothing but the person counts: who moves house is one tenant.
pub fn is_told_apart(a: &Terms<SubjectId>, b: &Terms<SubjectId>) -> bool {
    let apart = |x: BTreeSet<SubjectId>, y: BTreeSet<SubjectId>| {
        !x.is_empty() && !y.is_empty() && x.is_disjoint(&y)
    };
    a.beneficiary == b.beneficiary
        && match a.beneficiary {
            Beneficiary::Person | Beneficiary::Team => false,
            Beneficiary::Enterprise => {
                apart(enterprises(a), enterprises(b)) || is_other_matter(a, b)
            }
            Beneficiary::Project => is_other_project(a, b),
        }
}

/// Do the two name different projects or certificates?
pub fn is_other_matter(a: &Terms<SubjectId>, b: &Terms<SubjectId>) -> bool {
    let (x, y) = (certificates(a), certificates(b));
    is_other_project(a, b) || (!x.is_empty() && !y.is_empty() && x.is_disjoint(&y))
}

/// Is one certificate named by both? Its fee is paid once (yangpu-2021-19 附件 四5).
pub fn is_one_certificate(a: &Terms<SubjectId>, b: &Terms<SubjectId>) -> bool {
    !certificates(a).is_disjoint(&certificates(b))
}

fn is_other_project(a: &Terms<SubjectId>, b: &Terms<SubjectId>) -> bool {
    projects(a, b) == Some(Sameness::Other)
}

/// Is it one project? `None` where one of them names none.
pub fn projects(a: &Terms<SubjectId>, b: &Terms<SubjectId>) -> Option<Sameness> {
    Some(a.project.as_ref()?.sameness(b.project.as_ref()?))
}

/// The enterprise of a benefit: the employer, which applies, and enterprises named as objects.
pub fn enterprises(terms: &Terms<SubjectId>) -> BTreeSet<SubjectId> {
    objects(terms, ObjectKind::Enterprise).chain(terms.employer).collect()
}

fn certificates(terms: &Terms<SubjectId>) -> BTreeSet<SubjectId> {
    objects(terms, ObjectKind::Certificate).collect()
}

fn objects(terms: &Terms<SubjectId>, kind: ObjectKind) -> impl Iterator<Item = SubjectId> {
    terms.objects.iter().filter(move |o| o.kind == kind).map(|o| o.object)
}
