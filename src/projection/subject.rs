//! From tokens to subjects, and which subjects may be one person because their passports agree.
//!
//! A token that is made of a number that stays with its holder is one subject, whoever sends it. A
//! composite one, of the data of a passport, is a candidate only: each district's records of it are a
//! subject of its own. Subjects of one such token are siblings; [`super::ties`] lets questions meet
//! them as it lets them meet a link that nobody has confirmed.
//!
//! Tokens of passports came without their mark before there was one, and come so from whoever does not
//! know of it: then all are one subject. Once the mark is seen, that subject is a sibling too, and who has
//! records of it goes on with it under the marked token; what several districts had sent by then stays one
//! subject, as nobody can tell any more whose it was meant to be.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::fold::EventMeta;
use super::link::holders_of;
use super::review;
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, SubjectId, TokenRef};
use crate::jws::Digest;

/// Subjects, keyed by the keyed hash of their token.
pub const SUBJECTS: Table<SubjectId> = Table::new(1);

/// Subjects of passports, keyed by (keyed hash of the token alone, owner) and found by subject: as many
/// of one passport as participants have records of it.
pub const CANDIDATES: Table<CandidateRow> = Table::new(5);

/// Most references in one message, so that internal ids of one log position never run into the
/// next: 2^16.
pub(super) const REFERENCES_BITS: u32 = 16;

/// One participant's records of a passport.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateRow {
    /// The subject.
    pub subject: SubjectId,
    /// Whose records it is of; absent for that of the same token without its mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<ParticipantId>,
    /// Keyed hash of the token alone.
    pub lookup: Digest,
    /// Log position of the message that made a candidate of it.
    pub pos: u64,
}

/// Turns tokens into table keys: `HMAC-SHA-256(k_M, domain ‖ epoch ‖ token)`, followed by the owner
/// where there is one (`formats.md` §6.4).
pub trait Resolution {
    /// The key that a token has alone, or in the records of `owner`.
    fn lookup(&self, token: Ref<&TokenRef>, owner: Option<&ParticipantId>) -> [u8; 32];
}

/// The subject that a token stands for in what `owner` says or asks, where the log knows it.
pub fn subject_of(
    view: &dyn View,
    resolution: &dyn Resolution,
    token: Ref<&TokenRef>,
    owner: &ParticipantId,
) -> Result<Option<SubjectId>, ViewError> {
    match SUBJECTS.get(view, &subject_key(resolution, token, owner))? {
        None => before_the_mark(view, resolution, token, owner),
        known => Ok(known),
    }
}

/// The subject of a passport that came without its mark, where `owner` has records of it: they are of that
/// passport, and what it sends with the mark goes on with them.
fn before_the_mark(
    view: &dyn View,
    resolution: &dyn Resolution,
    token: Ref<&TokenRef>,
    owner: &ParticipantId,
) -> Result<Option<SubjectId>, ViewError> {
    if !matches!(token, Ref::Talent(token) if token.composite) {
        return Ok(None);
    }
    let alone = Key::new().bytes(&resolution.lookup(token, None));
    let Some(unmarked) = SUBJECTS.get(view, &alone)? else { return Ok(None) };
    Ok(holders_of(view, [unmarked])?.contains_key(owner).then_some(unmarked))
}

fn subject_key(resolution: &dyn Resolution, token: Ref<&TokenRef>, owner: &ParticipantId) -> Key {
    // Objects have numbers of their own: a mark on one would only hide it.
    let composite = matches!(token, Ref::Talent(token) if token.composite);
    Key::new().bytes(&resolution.lookup(token, composite.then_some(owner)))
}

/// The other subjects of the same passport.
pub fn siblings(view: &dyn View, subject: SubjectId) -> Result<Vec<CandidateRow>, ViewError> {
    let mut found = Vec::new();
    for row in CANDIDATES.of_subject(view, subject)? {
        let of_token = Key::new().bytes(row.lookup.as_bytes());
        found.extend(CANDIDATES.range(view, &of_token, None, usize::MAX)?);
    }
    found.retain(|row| row.subject != subject);
    Ok(found)
}

/// The state in which whoever is asked about is known, as the fold of the answer will make it: under
/// a number that nothing else has. So a stranger meets its siblings like everybody.
pub fn introduced<'v>(
    view: &'v dyn View,
    resolution: &dyn Resolution,
    token: &TokenRef,
    asker: &ParticipantId,
) -> Result<Overlay<'v>, ViewError> {
    let mut state = Overlay::new(view);
    let key = subject_key(resolution, Ref::Talent(token), asker);
    if subject_of(view, resolution, Ref::Talent(token), asker)?.is_none() {
        let stranger = stranger(resolution.lookup(Ref::Talent(token), None));
        state.apply(SUBJECTS.put(key, None, &stranger)?);
        // Seen by nobody but this question, which rests on all that is there.
        enlist(&mut state, resolution, token, (asker, stranger), 0)?;
    }
    Ok(state)
}

/// A number for what the log does not know.
pub fn stranger(lookup: [u8; 32]) -> SubjectId {
    let [a, b, c, d, ..] = lookup;
    SubjectId(u64::MAX - u64::from(u32::from_be_bytes([a, b, c, d])))
}

/// Lists a new subject among those of its passport. Does it have siblings?
fn enlist(
    state: &mut Overlay<'_>,
    resolution: &dyn Resolution,
    token: &TokenRef,
    (owner, subject): (&ParticipantId, SubjectId),
    pos: u64,
) -> Result<bool, ViewError> {
    let lookup = resolution.lookup(Ref::Talent(token), None);
    let alone = Key::new().bytes(&lookup);
    let known = !CANDIDATES.range(state, &alone, None, 1)?.is_empty();
    let lookup = Digest(lookup);
    if token.composite {
        // The same token may have come without its mark, from a sender that does not know of it.
        let unmarked = if known { None } else { SUBJECTS.get(state, &alone)? };
        if let Some(subject) = unmarked {
            put(state, &CandidateRow { subject, owner: None, lookup, pos })?;
        }
        put(state, &CandidateRow { subject, owner: Some(owner.clone()), lookup, pos })?;
        return Ok(known || unmarked.is_some());
    }
    if known {
        put(state, &CandidateRow { subject, owner: None, lookup, pos })?;
    }
    Ok(known)
}

fn put(state: &mut Overlay<'_>, row: &CandidateRow) -> Result<(), ViewError> {
    let owner = row.owner.as_ref().map_or("", ParticipantId::as_str);
    let key = Key::new().bytes(row.lookup.as_bytes()).text(owner);
    state.apply(CANDIDATES.put(key, Some(row.subject), row)?);
    Ok(())
}

/// Gives internal ids to the tokens of one event.
pub(super) struct Subjects<'a> {
    pos: u64,
    owner: ParticipantId,
    given: u64,
    met: BTreeSet<SubjectId>,
    resolution: &'a dyn Resolution,
}

impl<'a> Subjects<'a> {
    /// For an event; tokens are those of its sender.
    pub(super) fn of(meta: &EventMeta, resolution: &'a dyn Resolution) -> Self {
        let (pos, owner) = (meta.pos, meta.iss.clone());
        Self { pos, owner, given: 0, met: BTreeSet::new(), resolution }
    }

    /// Was this subject unknown before this event, under whatever token? Then nobody can have asked
    /// about it.
    pub(super) fn is_new(&self, subject: SubjectId) -> bool {
        let here = self.given > 0 && subject.0 >> REFERENCES_BITS == self.pos;
        here && !self.met.contains(&subject)
    }

    /// The subject behind a token; a new one gets the next id of this log position.
    pub(super) fn resolve(
        &mut self,
        state: &mut Overlay<'_>,
        token: Ref<TokenRef>,
    ) -> Result<SubjectId, ViewError> {
        let owner = self.owner.clone();
        self.resolve_of(state, token, &owner)
    }

    /// The same in the records of `owner`.
    pub(super) fn resolve_of(
        &mut self,
        state: &mut Overlay<'_>,
        token: Ref<TokenRef>,
        owner: &ParticipantId,
    ) -> Result<SubjectId, ViewError> {
        let key = subject_key(self.resolution, token.as_ref(), owner);
        if let Some(id) = SUBJECTS.get(state, &key)? {
            return Ok(id);
        }
        if let Some(id) = before_the_mark(state, self.resolution, token.as_ref(), owner)? {
            state.apply(SUBJECTS.put(key, None, &id)?);
            let lookup = Digest(self.resolution.lookup(token.as_ref(), None));
            let listed = Key::new().bytes(lookup.as_bytes()).text("");
            if CANDIDATES.get(state, &listed)?.is_none() {
                put(state, &CandidateRow { subject: id, owner: None, lookup, pos: self.pos })?;
            }
            return Ok(id);
        }
        if self.given >> REFERENCES_BITS != 0 {
            return Err(SUBJECTS.inconsistent("too many references in one message"));
        }
        let id = SubjectId((self.pos << REFERENCES_BITS) | self.given);
        self.given += 1;
        state.apply(SUBJECTS.put(key, None, &id)?);
        if let Ref::Talent(token) = token
            && enlist(state, self.resolution, &token, (owner, id), self.pos)?
        {
            self.met.insert(id);
            review::met(state, id)?;
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::link::{same_person, ties};
    use super::super::view::MemoryView;
    use super::*;
    use crate::domain::subject::Token;
    use crate::domain::time::UtcSeconds;

    /// A hash that keeps apart what the real one does.
    struct Plain;

    impl Resolution for Plain {
        fn lookup(&self, token: Ref<&TokenRef>, owner: Option<&ParticipantId>) -> [u8; 32] {
            let (domain, token) = match token {
                Ref::Talent(t) => ("t", t),
                Ref::Object(t) => ("o", t),
            };
            let owner = owner.map_or("", ParticipantId::as_str);
            Digest::of(format!("{domain} {} {} {owner}", token.token, token.epoch)).0
        }
    }

    fn meta(pos: u64, iss: &ParticipantId) -> EventMeta {
        let (at, jti) = (UtcSeconds(0), uuid::Uuid::nil());
        EventMeta { pos, at, iss: iss.clone(), jti, to: None }
    }

    proptest! {
        /// Without a link, two tokens are one subject where they are equal, unless a mark keeps them
        /// apart; then they are siblings, both ways, whoever came first.
        #[test]
        fn equal_passports_of_two_districts_are_two_subjects_that_know_each_other(
            said in prop::collection::vec((0..3_u8, 0..3_u8, any::<bool>()), 1..24)
        ) {
            let mut tables = MemoryView::default();
            let mut known = Vec::new();
            for (pos, (n, owner, composite)) in (0..).zip(said) {
                let owner: ParticipantId = format!("district-{owner}").parse().unwrap();
                let token = TokenRef { token: Token::from_bytes([n; 32]), epoch: 1, composite };
                let mut state = Overlay::new(&tables);
                let mut subjects = Subjects::of(&meta(pos, &owner), &Plain);
                let id = subjects.resolve(&mut state, Ref::Talent(token)).unwrap();
                let object = subjects.resolve(&mut state, Ref::Object(token)).unwrap();
                prop_assert_ne!(id, object);
                let changes = state.into_changes();
                tables.apply(changes);
                known.push((token, composite.then_some(owner), id));
            }
            for (one, of, id) in &known {
                prop_assert_eq!(same_person(&tables, *id).unwrap(), vec![*id]);
                let met: Vec<_> = ties(&tables, *id).unwrap().iter().map(|t| t.other).collect();
                for (other, whose, theirs) in &known {
                    let equal = one.token == other.token;
                    prop_assert_eq!(id == theirs, equal && of == whose);
                    let sibling = equal && of != whose;
                    prop_assert_eq!(met.contains(theirs), sibling);
                }
            }
        }
    }
}
