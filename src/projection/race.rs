//! The race of holds when links change who is one person (DESIGN §7).
//!
//! Bookkeeping over rows, like the end of a hold: a hold's row keeps all that it is compared by, so
//! that two holds can be compared again at any later log position with the same result. Only pairs
//! that the link joined or parted are looked at; whatever else stands between holds stays.

use std::collections::{BTreeMap, BTreeSet};

use super::feed::FeedChange;
use super::fold::EventMeta;
use super::funding::{
    CLAIMS, HOLDS, HoldRow, HoldState, POLICIES, WAITING, claim_key, notify_holder, owned_key,
    policy_key,
};
use super::link::same_person;
use super::view::{Overlay, View, ViewError};
use crate::domain::funding::claim::{ClaimKey, conflicts};
use crate::domain::funding::facts::Facts;
use crate::domain::funding::kind::Kind;
use crate::domain::funding::message::Application;
use crate::domain::reconcile::HoldRef;
use crate::domain::subject::SubjectId;

/// Most live holds on one claim key that are compared: the districts' share of one person
/// ([`HOLDS_OF_PERSON_MAX`]) many times over.
pub const RIVALS_MAX: usize = 1_000;
/// Most live holds of one participant on one person, who applies for a handful of benefits at once.
/// With it the work that one link or one more hold can cause is bounded.
pub const HOLDS_OF_PERSON_MAX: usize = 16;

/// Who is one person with whom, as far as some subjects are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Persons(BTreeSet<BTreeSet<SubjectId>>);

impl Persons {
    /// The persons behind `subjects` as links stand now.
    pub(super) fn of(view: &dyn View, subjects: &[SubjectId]) -> Result<Self, ViewError> {
        let mut persons: BTreeSet<BTreeSet<SubjectId>> = BTreeSet::new();
        for subject in subjects {
            if !persons.iter().any(|person| person.contains(subject)) {
                persons.insert(same_person(view, *subject)?.into_iter().collect());
            }
        }
        Ok(Self(persons))
    }

    fn subjects(&self) -> impl Iterator<Item = SubjectId> {
        self.0.iter().flatten().copied()
    }

    /// One subject that stands for the whole person.
    fn person(&self, subject: SubjectId) -> SubjectId {
        let person = self.0.iter().find(|person| person.contains(&subject));
        person.and_then(BTreeSet::first).copied().unwrap_or(subject)
    }
}

/// What applications are compared by: their policies, and their kinds as the shared list had them.
/// Of two versions of a kind the later one counts.
pub fn comparison<'a>(
    view: &dyn View,
    applications: impl IntoIterator<Item = (&'a Application<SubjectId>, &'a [Kind])>,
) -> Result<Facts, ViewError> {
    let mut facts = Facts::default();
    for (application, kinds) in applications {
        if let Some(row) = POLICIES.get(view, &policy_key(&application.terms.policy))? {
            facts.add_policy(row.policy);
        }
        for kind in kinds {
            facts.add_kind(kind.clone());
        }
    }
    Ok(facts)
}

/// Holds whose persons a link has joined stand behind one another in the order of the log; those
/// that it has parted do so no longer.
pub(super) fn rerun(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    before: &Persons,
    after: &Persons,
) -> Result<(), ViewError> {
    if before == after {
        return Ok(());
    }
    let holds = holds(state, before.subjects().chain(after.subjects()))?;
    let compared = holds.values().map(|row| (&row.hold.application, row.kinds.as_slice()));
    let facts = comparison(state, compared)?;
    let mut news = Vec::new();
    for (pos, later) in holds.iter().filter(|(_, row)| row.state == HoldState::Live) {
        let (mut joined, mut parted) = (Vec::new(), Vec::new());
        for earlier in holds.range(..pos).map(|(_, row)| row) {
            let (a, b) = (&earlier.hold.application, &later.hold.application);
            let meet = |persons: &Persons| conflicts(&facts, a, b, |s| persons.person(s));
            let one = |persons: &Persons| {
                persons.person(a.terms.subject) == persons.person(b.terms.subject)
            };
            let live = earlier.state == HoldState::Live;
            match (one(before), one(after)) {
                (false, true) if live && meet(after) && !meet(before) => {
                    joined.push(reference(earlier));
                }
                (true, false) if meet(before) && !meet(after) => parted.push(reference(earlier)),
                _ => {}
            }
        }
        if !joined.is_empty() || !parted.is_empty() {
            place(state, &holds, later, (&joined, &parted), &mut news)?;
        }
    }
    for (hold, change) in news {
        notify_holder(state, meta, &hold, change)?;
    }
    Ok(())
}

/// Gives a hold its new place in the race and notes who has to hear of it.
fn place(
    state: &mut Overlay<'_>,
    holds: &BTreeMap<u64, HoldRow>,
    later: &HoldRow,
    (joined, parted): (&[HoldRef], &[HoldRef]),
    news: &mut Vec<(HoldRef, FeedChange)>,
) -> Result<(), ViewError> {
    let own = reference(later);
    let mut row = later.clone();
    row.against.retain(|earlier| !parted.contains(earlier));
    let new: Vec<&HoldRef> = joined.iter().filter(|e| !row.against.contains(e)).collect();
    let kept: BTreeSet<HoldRef> = row.against.iter().chain(new).cloned().collect();
    // In the order of the log: the first is the one to be talked to.
    row.against = holds.values().map(reference).filter(|hold| kept.contains(hold)).collect();
    for earlier in parted {
        state.apply(WAITING.delete(owned_key(&earlier.owner, &earlier.hold).number(row.pos)));
    }
    for earlier in joined {
        let key = owned_key(&earlier.owner, &earlier.hold).number(row.pos);
        state.apply(WAITING.put(key, None, &own)?);
    }
    let mut tell = |hold: &HoldRef, change: FeedChange| {
        if !news.iter().any(|(known, told)| known == hold && *told == change) {
            news.push((hold.clone(), change));
        }
    };
    if !joined.is_empty() {
        tell(&own, FeedChange::HoldContested);
    } else if row.is_first() {
        tell(&own, FeedChange::HoldPromoted);
    }
    if let Some(first) = row.against.first().filter(|first| joined.contains(first)) {
        tell(first, FeedChange::HoldContested);
    }
    let live = |hold: &HoldRef| {
        holds.values().any(|row| row.state == HoldState::Live && reference(row) == *hold)
    };
    if let Some(first) = later.against.first().filter(|f| parted.contains(f) && live(f)) {
        tell(first, FeedChange::BasisChanged);
    }
    let key = owned_key(&row.owner, &row.hold.hold);
    state.apply(HOLDS.put(key, Some(row.hold.application.terms.subject), &row)?);
    Ok(())
}

/// The live holds on some subjects by log position, and those before them that a grant consumed.
fn holds(
    view: &dyn View,
    subjects: impl Iterator<Item = SubjectId>,
) -> Result<BTreeMap<u64, HoldRow>, ViewError> {
    let mut open = BTreeSet::new();
    for subject in subjects.collect::<BTreeSet<_>>() {
        let claim = claim_key(&ClaimKey::Talent(subject));
        open.extend(CLAIMS.range(view, &claim, None, RIVALS_MAX)?);
    }
    let mut rows = BTreeMap::new();
    let mut before = BTreeSet::new();
    for hold in &open {
        if let Some(row) = HOLDS.get(view, &owned_key(&hold.owner, &hold.hold))? {
            before.extend(row.against.iter().cloned());
            rows.insert(row.pos, row);
        }
    }
    for hold in before.difference(&open) {
        if let Some(row) = HOLDS.get(view, &owned_key(&hold.owner, &hold.hold))? {
            rows.insert(row.pos, row);
        }
    }
    Ok(rows)
}

fn reference(row: &HoldRow) -> HoldRef {
    HoldRef { owner: row.owner.clone(), hold: row.hold.hold.clone() }
}
