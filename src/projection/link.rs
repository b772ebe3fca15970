//! Links between subjects, who is the same person, and what has to happen before a link counts.
//!
//! A `same` link is born suspected. It counts once two operators of its owner have signed it and
//! each other district that held records of either person when it was logged has consented; so does a
//! `different` between two districts' records of one passport, which leave a suspicion until then. Every
//! revision stands for itself: consents to an earlier one do not carry over. A link that a leaked
//! key may have signed, or that is under objection, is suspected again until that is settled.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::decision::SANCTIONS;
use super::feed::{FeedChange, FeedRow, notify};
use super::fold::EventMeta;
use super::funding::{HOLDS, grants_of};
use super::joint::{JOINT_ACTS, JointAct, await_consents, has_consented, joint_act_key};
use super::race::{self, Persons};
use super::record::RECORDS;
use super::subject::siblings;
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use super::{directory, objection, review};
use crate::domain::directory::MessageRef;
use crate::domain::link::{LinkBody, LinkEvidence, LinkKind};
use crate::domain::objection::{ObjectedKind, ObjectedRecord};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::SubjectId;
use crate::domain::time::{UtcSeconds, Validity};

/// Links, one row per side, keyed by (owner, link, side) and found by subject.
pub const LINKS: Table<LinkRow> = Table::new(3);

/// Most subjects that one person can be known under; more is a data error that people look at.
pub const SAME_PERSON_MAX: usize = 16;

/// A link seen from one of its subjects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each has a cause and an end of its own")]
pub struct LinkRow {
    /// Who says so.
    pub owner: ParticipantId,
    /// Id of the link in the owner's system.
    pub link: String,
    /// Revision.
    pub revision: u32,
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// Id of its message, which consents name.
    pub jti: uuid::Uuid,
    /// What it says.
    pub kind: LinkKind,
    /// This side.
    pub subject: SubjectId,
    /// The other side.
    pub other: SubjectId,
    /// When it holds in the world.
    pub validity: Validity,
    /// Evidence.
    pub evidence: LinkEvidence,
    /// Have two operators of the owner signed it?
    pub second_operator: bool,
    /// The other districts that held records of either person when a link that asks for their consent was
    /// logged.
    pub awaits: Vec<ParticipantId>,
    /// Is it confirmed? A `same`, and a `different` across districts, is with two operators and every
    /// consent; until then it is a suspicion, or nothing. The other kinds are at once.
    pub confirmed: bool,
    /// Was it taken back?
    pub withdrawn: bool,
    /// May a leaked key have signed it? The owner's next revision clears it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// Is it under objection?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub objected: bool,
}

impl LinkRow {
    /// Does it make one person of its two subjects?
    pub fn joins(&self) -> bool {
        self.kind == LinkKind::Same && self.counts()
    }

    /// Does it count, and not as a suspicion alone?
    pub fn counts(&self) -> bool {
        self.confirmed && !self.withdrawn && !self.suspect && !self.objected
    }

    /// What consents to it name.
    pub fn target(&self) -> MessageRef {
        MessageRef { iss: self.owner.clone(), jti: self.jti }
    }
}

/// Prefix of both rows of a link.
pub fn link_key(owner: &ParticipantId, link: &str) -> Key {
    Key::new().text(owner.as_str()).text(link)
}

/// What joins two subjects, or may: a link, or passports that agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Who says so; absent where nobody does and passports agree.
    pub owner: Option<ParticipantId>,
    /// What it says.
    pub kind: LinkKind,
    /// From here.
    pub subject: SubjectId,
    /// To here.
    pub other: SubjectId,
    /// When it holds in the world.
    pub validity: Validity,
    /// Does it count, and not as a suspicion alone?
    pub counts: bool,
    /// Log position of the link; absent where nobody said so and passports agree.
    pub link: Option<u64>,
    /// Who can settle it: whoever stated the link and was asked to consent, or whose records of the
    /// passport the other side is.
    pub parties: Vec<ParticipantId>,
}

impl Tie {
    /// May it make one person of its two subjects?
    pub fn is_same(&self) -> bool {
        self.kind == LinkKind::Same
    }

    fn of_link(row: &LinkRow) -> Self {
        Self {
            owner: Some(row.owner.clone()),
            kind: row.kind,
            subject: row.subject,
            other: row.other,
            validity: row.validity,
            counts: row.counts(),
            link: Some(row.pos),
            parties: [&row.owner].into_iter().chain(&row.awaits).cloned().collect(),
        }
    }

    fn of_passports([subject, other]: [SubjectId; 2], parties: Vec<ParticipantId>) -> Self {
        let validity = Validity { from: Date::MIN, until: None };
        let (owner, kind, link) = (None, LinkKind::Same, None);
        Self { owner, kind, subject, other, validity, counts: false, link, parties }
    }
}

/// All that joins a subject to others, or may: its links that were not taken back, of whatever kind,
/// and the other districts' records of its passport, until a link has settled who they are of.
pub fn ties(view: &dyn View, subject: SubjectId) -> Result<Vec<Tie>, ViewError> {
    let links = LINKS.of_subject(view, subject)?;
    let mut ties: Vec<Tie> = links.iter().filter(|r| !r.withdrawn).map(Tie::of_link).collect();
    for sibling in siblings(view, subject)? {
        if !is_settled(view, subject, sibling.subject)? {
            let parties = match sibling.owner {
                Some(owner) => vec![owner],
                None => holders_of(view, [sibling.subject])?.into_keys().collect(),
            };
            ties.push(Tie::of_passports([subject, sibling.subject], parties));
        }
    }
    Ok(ties)
}

/// Are two subjects one person, or certified as two?
pub fn is_settled(view: &dyn View, one: SubjectId, other: SubjectId) -> Result<bool, ViewError> {
    let persons = [same_person(view, one)?, same_person(view, other)?];
    if persons[0].contains(&other) {
        return Ok(true);
    }
    for subject in &persons[0] {
        let links = LINKS.of_subject(view, *subject)?;
        let parts = |row: &LinkRow| row.kind == LinkKind::Different && row.counts();
        if links.iter().any(|row| parts(row) && persons[1].contains(&row.other)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The subjects that are one person with `subject` by confirmed `same` links, itself first.
pub fn same_person(view: &dyn View, subject: SubjectId) -> Result<Vec<SubjectId>, ViewError> {
    let mut seen = BTreeSet::from([subject]);
    let mut order = vec![subject];
    let mut next = 0;
    while next < order.len() && order.len() < SAME_PERSON_MAX {
        for link in LINKS.of_subject(view, order[next])? {
            if link.joins() && seen.insert(link.other) {
                order.push(link.other);
            }
        }
        next += 1;
    }
    Ok(order)
}

pub(super) fn link(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    body: LinkBody,
    [subject, other]: [SubjectId; 2],
) -> Result<(), ViewError> {
    let before = LINKS.last(state, &link_key(&meta.iss, &body.link))?;
    let (owner, kind) = (meta.iss.clone(), ObjectedKind::Link);
    let record = ObjectedRecord { owner, kind, record: body.link.clone() };
    if before.is_some() {
        objection::corrected(state, meta, &record)?;
    }
    let mut touched = vec![subject, other];
    touched.extend(before.iter().flat_map(|row| [row.subject, row.other]));
    let persons = Persons::of(state, &touched)?;
    let joint = is_joint(&body, &meta.iss);
    let asks = joint && !body.withdrawn;
    let holders =
        if asks { holders(state, [subject, other], &meta.iss)? } else { BTreeMap::default() };
    let second_operator = body.operators.len() >= 2;
    let row = LinkRow {
        owner: meta.iss.clone(),
        link: body.link,
        revision: body.revision,
        pos: meta.pos,
        at: meta.at,
        jti: meta.jti,
        kind: body.kind,
        subject,
        other,
        validity: body.validity,
        evidence: body.evidence,
        second_operator,
        awaits: holders.keys().cloned().collect(),
        confirmed: !joint || (second_operator && holders.is_empty()),
        withdrawn: body.withdrawn,
        suspect: false,
        objected: objection::is_marked(state, &record)?,
    };
    if asks {
        await_consents(state, meta, &JointAct::Link(row.link.clone()))?;
    }
    write(state, &row)?;
    for (holder, own) in holders {
        tell(state, meta, (&holder, Some(own)), FeedChange::LinkAwaitsConsent, &row)?;
    }
    // The revision before counts no more, or needs no consent any more.
    if let Some(before) = before.filter(|b| b.joins() || (!b.withdrawn && !b.awaits.is_empty())) {
        tell_all(state, meta, FeedChange::LinkUnconfirmed, &before)?;
    }
    if joint && row.counts() {
        tell_all(state, meta, FeedChange::LinkConfirmed, &row)?;
    }
    race::rerun(state, meta, &persons, &Persons::of(state, &touched)?)
}

/// Does the link settle something between districts? A `same` does, and so does what says that the records of
/// one passport in two districts are of two persons: neither decides that alone for the other.
fn is_joint(body: &LinkBody, owner: &ParticipantId) -> bool {
    let across = body.holder.as_ref().is_some_and(|holder| holder != owner);
    match body.kind {
        LinkKind::Same => true,
        LinkKind::Different => across,
        LinkKind::Spouse | LinkKind::Team => false,
    }
}

/// A consent to a link was given or taken back: does the link count now?
pub(super) fn consent(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    target: &MessageRef,
) -> Result<(), ViewError> {
    let Some(JointAct::Link(link)) = JOINT_ACTS.get(state, &joint_act_key(target))? else {
        return Ok(());
    };
    // The row of the first side: written as the message has it.
    let row = LINKS.get(state, &link_key(&target.iss, &link).byte(0))?;
    let Some(before) = row.filter(|row| row.jti == target.jti) else { return Ok(()) };
    let confirmed = before.second_operator && all_consent(state, &before)?;
    update(state, meta, &before, &LinkRow { confirmed, ..before.clone() })
}

/// An objection to a link was raised or ended.
pub(super) fn objected(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    record: &ObjectedRecord,
    objected: bool,
) -> Result<(), ViewError> {
    match LINKS.get(state, &link_key(&record.owner, &record.record).byte(0))? {
        Some(before) => update(state, meta, &before, &LinkRow { objected, ..before.clone() }),
        None => Ok(()),
    }
}

/// A key of `owner` has leaked: its links and its consents to links of others since `from` are
/// suspect until it sends them again. Both are few beside records, and a key seldom leaks.
pub(super) fn suspect(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    owner: &ParticipantId,
    from: UtcSeconds,
) -> Result<(), ViewError> {
    let mut links: BTreeMap<String, LinkRow> = BTreeMap::new();
    for row in LINKS.range(state, &Key::new().text(owner.as_str()), None, usize::MAX)? {
        // Of the two rows of a link the one comes first that has the sides as the message has them.
        links.entry(row.link.clone()).or_insert(row);
    }
    for before in links.into_values().filter(|row| from <= row.at && !row.suspect) {
        update(state, meta, &before, &LinkRow { suspect: true, ..before.clone() })?;
    }
    for target in directory::suspect_consents(state, owner, from)? {
        consent(state, meta, &target)?;
    }
    Ok(())
}

/// Writes a link that something has changed. Where it begins to count, or ceases to, those
/// concerned are told, and answers and holds are compared again.
fn update(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    before: &LinkRow,
    row: &LinkRow,
) -> Result<(), ViewError> {
    if row == before {
        return Ok(());
    }
    let touched = [row.subject, row.other];
    let persons = Persons::of(state, &touched)?;
    write(state, row)?;
    if row.counts() == before.counts() {
        return Ok(());
    }
    if row.kind == LinkKind::Same || !row.awaits.is_empty() {
        let change =
            if row.counts() { FeedChange::LinkConfirmed } else { FeedChange::LinkUnconfirmed };
        tell_all(state, meta, change, row)?;
    }
    review::link(state, meta, touched)?;
    race::rerun(state, meta, &persons, &Persons::of(state, &touched)?)
}

fn write(state: &mut Overlay<'_>, row: &LinkRow) -> Result<(), ViewError> {
    for (side, subject, other) in [(0, row.subject, row.other), (1, row.other, row.subject)] {
        let row = LinkRow { subject, other, ..row.clone() };
        let key = link_key(&row.owner, &row.link).byte(side);
        state.apply(LINKS.put(key, Some(subject), &row)?);
    }
    Ok(())
}

fn all_consent(view: &dyn View, row: &LinkRow) -> Result<bool, ViewError> {
    for district in &row.awaits {
        if !has_consented(view, &row.target(), district)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The other participants with records, grants, holds or sanctions of either person, each with the
/// id of one of its own entries, by which its officers find the file.
fn holders(
    view: &dyn View,
    subjects: [SubjectId; 2],
    but: &ParticipantId,
) -> Result<BTreeMap<ParticipantId, String>, ViewError> {
    let mut persons = BTreeSet::new();
    for subject in subjects {
        persons.extend(same_person(view, subject)?);
    }
    let mut holders = holders_of(view, persons)?;
    holders.remove(but);
    Ok(holders)
}

/// Who has records, grants, holds or sanctions of these subjects, each with the id of one of them.
pub fn holders_of(
    view: &dyn View,
    subjects: impl IntoIterator<Item = SubjectId>,
) -> Result<BTreeMap<ParticipantId, String>, ViewError> {
    let mut holders = BTreeMap::new();
    let mut add = |owner: ParticipantId, own: String| {
        holders.entry(owner).or_insert(own);
    };
    for person in subjects {
        for row in RECORDS.of_subject(view, person)? {
            add(row.owner, row.record.head().record.clone());
        }
        for row in grants_of(view, person)? {
            add(row.owner, row.grant.grant);
        }
        for row in HOLDS.of_subject(view, person)? {
            add(row.owner, row.hold.hold);
        }
        for row in SANCTIONS.of_subject(view, person)? {
            add(row.owner, row.sanction.sanction);
        }
    }
    Ok(holders)
}

/// The owner and all who had to consent.
fn tell_all(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    change: FeedChange,
    row: &LinkRow,
) -> Result<(), ViewError> {
    tell(state, meta, (&row.owner, Some(row.link.clone())), change, row)?;
    for district in &row.awaits {
        tell(state, meta, (district, None), change, row)?;
    }
    Ok(())
}

fn tell(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    (to, own): (&ParticipantId, Option<String>),
    change: FeedChange,
    row: &LinkRow,
) -> Result<(), ViewError> {
    let target = Some(row.target());
    notify(state, to, FeedRow { target, ..meta.feed_entry(change, None, own) })
}

/// Most persons and objects that links are followed from, for one application.
pub const REACHED_MAX: usize = 64;

/// The subjects that a question about an application reaches.
pub struct Reached {
    /// Those named, and whoever may be the same under other tokens, in the order of the walk.
    pub own: Vec<SubjectId>,
    /// Spouses, under all their tokens.
    pub spouses: BTreeSet<SubjectId>,
}

/// Follows `same` and `spouse` ties from `named`, whether or not they count yet, and tells `each` tie
/// that it meets, of whatever kind; one between two of those reached is met from both sides.
pub fn reached(
    view: &dyn View,
    named: impl IntoIterator<Item = SubjectId>,
    mut each: impl FnMut(&Tie),
) -> Result<Reached, ViewError> {
    let mut own: Vec<SubjectId> = named.into_iter().collect();
    let mut seen: BTreeSet<SubjectId> = own.iter().copied().collect();
    let mut spouses = BTreeSet::new();
    let mut next = 0;
    while let Some(from) = own.get(next).copied().filter(|_| next < REACHED_MAX) {
        next += 1;
        for tie in ties(view, from)? {
            each(&tie);
            let leads = matches!(tie.kind, LinkKind::Same | LinkKind::Spouse);
            if leads && seen.insert(tie.other) {
                own.push(tie.other);
                if tie.kind == LinkKind::Spouse || spouses.contains(&from) {
                    spouses.insert(tie.other);
                }
            }
        }
    }
    own.retain(|subject| !spouses.contains(subject));
    Ok(Reached { own, spouses })
}
