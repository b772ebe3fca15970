//! Business rules that depend on the order of the log: judged inside the commit group, on the state
//! that every earlier entry left. What a rule allows, the fold then applies without asking again.

use jiff::civil::Date;

use crate::domain::code::{Code, Refusal};
use crate::domain::link::{LinkBody, LinkKind};
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::subject::{Ref, TokenRef};
use crate::projection::{
    Key, LINKS, RECORDS, Resolution, SUBJECTS, View, ViewError, record_prefix, same_person,
};

/// A refusal, or a storage error that undoes the group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// The sender's message may not happen.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The state could not be read.
    #[error(transparent)]
    View(#[from] ViewError),
}

impl From<Code> for Objection {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

/// What judging needs besides the message.
pub struct Bench<'a> {
    /// The state so far.
    pub view: &'a dyn View,
    /// Table keys of tokens.
    pub resolution: &'a dyn Resolution,
    /// Sender.
    pub iss: &'a ParticipantId,
    /// Day of acceptance in UTC+8.
    pub today: Date,
}

/// May this revision of a record follow what is there?
pub fn record(bench: &Bench<'_>, record: &Record) -> Result<(), Objection> {
    let head = record.head();
    let until_before_from = head.validity.until.is_some_and(|until| until < head.validity.from);
    if until_before_from || head.attestation.as_of > bench.today {
        return Err(Refusal::new(Code::DateImpossible)
            .at(if until_before_from { "/body/validity" } else { "/body/attestation/as_of" }, "order")
            .into());
    }
    let prefix = record_prefix(record.kind(), bench.iss, &head.record);
    let last = RECORDS.last(bench.view, &prefix)?;
    let known = last.as_ref().map_or(0, |row| row.record.head().revision);
    match head.revision.checked_sub(known) {
        Some(1) => {}
        Some(0) | None => return Err(revision(Code::RevisionStale, known).into()),
        Some(_) => return Err(revision(Code::RevisionGap, known).into()),
    }
    let state = last.as_ref().map(|row| row.state);
    if State::after(state, head.action).is_none() {
        let code = match state {
            Some(State::Revoked) => Code::RecordClosed,
            None => Code::RecordUnknown,
            Some(_) => Code::RecordState,
        };
        return Err(Refusal::new(code).at("/body/action", "an action that the state allows").into());
    }
    if let Some(row) = last {
        let about = SUBJECTS.get(bench.view, &subject_key(bench, record))?;
        if about != Some(row.record.head().subject) {
            return Err(Refusal::new(Code::SubjectMismatch)
                .at("/body/subject", "the subject of the first revision")
                .into());
        }
    }
    Ok(())
}

/// May these two subjects be linked like this?
pub fn link(bench: &Bench<'_>, body: &LinkBody) -> Result<(), Objection> {
    let [a, b] = &body.subjects;
    if a == b {
        return Err(Refusal::new(Code::LinkConflict).at("/body/subjects", "two subjects").into());
    }
    let prefix = Key::new().text(bench.iss.as_str()).text(&body.link);
    let known = LINKS.last(bench.view, &prefix)?.map_or(0, |row| row.revision);
    match body.revision.checked_sub(known) {
        Some(1) => {}
        Some(0) | None => return Err(revision(Code::RevisionStale, known).into()),
        Some(_) => return Err(revision(Code::RevisionGap, known).into()),
    }
    if let [first, second, ..] = body.operators.as_slice()
        && first.id == second.id
    {
        return Err(Refusal::new(Code::TwoOperators).at("/body/operators", "distinct").into());
    }
    let mut ids = Vec::with_capacity(2);
    for (index, token) in body.subjects.iter().enumerate() {
        let id = SUBJECTS.get(bench.view, &talent_key(bench, token))?;
        let mut mine = false;
        if let Some(id) = id {
            let rows = RECORDS.of_subject(bench.view, id)?;
            mine = rows.iter().any(|row| row.owner == *bench.iss);
            ids.push(id);
        }
        if !mine {
            return Err(Refusal::new(Code::SubjectUnknown)
                .at(format!("/body/subjects/{index}"), "a subject of the sender's records")
                .into());
        }
    }
    let [a, b] = ids[..] else { return Ok(()) };
    if body.withdrawn {
        return Ok(());
    }
    let joined = same_person(bench.view, a)?;
    match body.kind {
        LinkKind::Same => {
            let others = same_person(bench.view, b)?;
            for one in &joined {
                for link in LINKS.of_subject(bench.view, *one)? {
                    let different = link.kind == LinkKind::Different && !link.withdrawn;
                    if different && others.contains(&link.other) {
                        return Err(Code::LinkConflict.into());
                    }
                }
            }
        }
        LinkKind::Different if joined.contains(&b) => return Err(Code::LinkConflict.into()),
        LinkKind::Different | LinkKind::Spouse | LinkKind::Team => {}
    }
    Ok(())
}

fn revision(code: Code, known: u32) -> Refusal {
    Refusal::new(code).at("/body/revision", format!("{}", known.saturating_add(1))).detail(
        format!("网关最后收到的修订号为 {known}"),
        format!("the last revision here is {known}"),
    )
}

fn subject_key(bench: &Bench<'_>, record: &Record) -> Key {
    let subject = &record.head().subject;
    let of_enterprise = matches!(
        record,
        Record::Fact(fact) if fact.about == crate::domain::record::fact::FactSubject::Enterprise
    );
    let reference = if of_enterprise { Ref::Object(subject) } else { Ref::Talent(subject) };
    Key::new().bytes(&bench.resolution.lookup(reference))
}

fn talent_key(bench: &Bench<'_>, token: &TokenRef) -> Key {
    Key::new().bytes(&bench.resolution.lookup(Ref::Talent(token)))
}
