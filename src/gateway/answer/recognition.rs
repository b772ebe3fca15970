//! `query.recognition/1`: gathers what is recorded of a talent and asks the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::{Answer, Desk, check_context, persons};
use crate::domain::context::Purpose;
use crate::domain::objection::ObjectedKind;
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::{
    Credential, Holdings, MemoryView, Object, Question, Recognition, RecognitionQuery, Revision,
    SeenAffiliation, SeenFact, explain_with, recognise,
};
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::registry::MessageType;
use crate::domain::subject::{SubjectId, TokenRef};
use crate::domain::text::Language;
use crate::gateway::coverage::coverage;
use crate::gateway::judge::Objection;
use crate::projection::{Marks, RECORDS, RecordRow, ViewError};

/// Record kinds that a recognition may rest on.
pub(super) const KINDS: [&str; 4] = ["certification", "qualification", "affiliation", "fact"];

pub(super) fn answer(
    desk: &Desk<'_>,
    query: MessageType,
    q: &RecognitionQuery,
) -> Result<Answer, Objection> {
    check_context(&q.context)?;
    let purpose = q.context.purpose;
    let coverage = coverage(desk.view, desk.directory, desk.asker, purpose, &KINDS, desk.now)?;
    let token = q.subject;
    let resolved = q.clone().map(&mut |r| desk.resolve(r))?;
    let (_, question) = resolved.into_question();
    let recognition = recognised(desk, &token, &question, desk.known_at, purpose)?;
    let contact = |participant: &ParticipantId| desk.contact(participant);
    Ok(Answer {
        query,
        about: Some((token, q.context.clone())),
        known_at: desk.known_at,
        coverage: json!(coverage),
        body: json!({
            "recognition": recognition,
            "text": {
                "zh": explain_with(&recognition, &contact, Language::Zh),
                "en": explain_with(&recognition, &contact, Language::En),
            },
        }),
        findings: None,
        given: None,
    })
}

/// Answers a question from what agreements let the asker use for `purpose`.
pub(super) fn recognised(
    desk: &Desk<'_>,
    token: &TokenRef,
    question: &Question<SubjectId>,
    known_at: u64,
    purpose: Purpose,
) -> Result<Recognition, ViewError> {
    let holdings = holdings(desk, token, purpose, known_at)?;
    let rules = Arc::clone(&desk.rules.recognition);
    let alliances = &desk.catalogue.alliances;
    let view = MemoryView::over(known_at, [(question.subject, holdings)], rules)
        .with_alliances(Arc::clone(alliances));
    let mut recognition = recognise(&view, question);
    // A member that has an id but never enrolled is as silent as one without.
    let enrolled = |id: &ParticipantId| desk.directory.participant(id).is_some();
    recognition.not_connected = alliances.outside(&question.at, question.valid_at, &enrolled);
    Ok(recognition)
}

/// What is recorded of the person, as far as agreements let the asker use it.
fn holdings(
    desk: &Desk<'_>,
    token: &TokenRef,
    purpose: Purpose,
    known_at: u64,
) -> Result<Holdings, ViewError> {
    let mut marks = Marks::default();
    let mut holdings = Holdings::default();
    let mut credentials: BTreeMap<(ParticipantId, String, Object), Vec<Revision>> = BTreeMap::new();
    for subject in persons(desk, token)? {
        marks.add(desk.view, subject, known_at)?;
        for row in RECORDS.of_subject(desk.view, subject)? {
            if desk.may_use(&row.owner, row.record.kind().as_str(), purpose) {
                let suspect = desk.directory.is_suspect(&row.owner, row.at, row.pos);
                let (kind, id) = (row.record.kind().into(), &row.record.head().record);
                let objected = !marks.on(&row.owner, kind, id).is_empty();
                gather(&mut holdings, &mut credentials, row, Doubt { suspect, objected });
            }
        }
    }
    holdings.credentials = credentials
        .into_iter()
        .map(|((sender, record, object), revisions)| {
            let kind = match object {
                Object::Certification => ObjectedKind::Certification,
                _ => ObjectedKind::Qualification,
            };
            let objections = marks.on(&sender, kind, &record);
            Credential { sender, record, object, revisions, objections }
        })
        .collect();
    Ok(holdings)
}

/// Why a record may not count.
#[derive(Clone, Copy)]
struct Doubt {
    /// Its key has leaked.
    suspect: bool,
    /// It is under objection.
    objected: bool,
}

fn gather(
    holdings: &mut Holdings,
    credentials: &mut BTreeMap<(ParticipantId, String, Object), Vec<Revision>>,
    row: RecordRow,
    doubt: Doubt,
) {
    let Doubt { suspect, objected } = doubt;
    let id = row.record.head().record.clone();
    let validity = row.record.head().validity;
    match row.record {
        Record::Certification(body) => {
            let revision = Revision::of_certification(row.pos, suspect, &body);
            let key = (row.owner, id, Object::Certification);
            credentials.entry(key).or_default().push(revision);
        }
        Record::Qualification(body) => {
            let revision = Revision::of_qualification(row.pos, suspect, &body);
            let key = (row.owner, id, body.object.into());
            credentials.entry(key).or_default().push(revision);
        }
        // What is suspect or under objection proves nothing.
        Record::Affiliation(_) | Record::Fact(_) if suspect || objected => {}
        Record::Affiliation(body) if row.state == State::Active => {
            holdings.affiliations.push(SeenAffiliation {
                position: row.pos,
                mode: body.mode,
                region: body.region,
                validity,
            });
        }
        Record::Fact(body) if row.state == State::Active => holdings.facts.push(SeenFact {
            position: row.pos,
            name: body.name,
            value: body.value,
            validity,
        }),
        Record::Affiliation(_)
        | Record::Fact(_)
        | Record::Occupancy(_)
        | Record::Points(_)
        | Record::Quota(_) => {}
    }
}
