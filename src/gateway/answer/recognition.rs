//! `query.recognition/1`: gathers what is recorded of a talent and asks the engine.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::json;

use super::suspected::Suspected;
use super::{Answer, Desk, Known, check_context, is_same_record, persons};
use crate::domain::context::Purpose;
use crate::domain::id::RegionCode;
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::{
    Credential, Holdings, MemoryView, Object, Places, Question, Recognition, RecognitionQuery,
    Revision, SeenAffiliation, SeenFact, Told, Word, explain, recognise,
};
use crate::domain::record::Record;
use crate::domain::record::chain::standing;
use crate::domain::record::life_cycle::State;
use crate::domain::registry::MessageType;
use crate::domain::subject::{Ref, SubjectId, TokenRef};
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
    let recognition = recognised(desk, &token, &question, purpose)?;
    let contact = |participant: &ParticipantId| desk.contact(participant);
    let told = Told { names: desk.catalogue, contact: &contact };
    let mut body = json!({
        "recognition": recognition,
        "text": {
            "zh": explain(&recognition, told, Language::Zh),
            "en": explain(&recognition, told, Language::En),
        },
    });
    Suspected::of(desk, &token, purpose, &KINDS)?.tell(desk, &mut body);
    Ok(Answer {
        query,
        about: Some((Ref::Talent(token), q.context.clone())),
        known_at: desk.known_at,
        coverage: json!(coverage),
        body,
        findings: None,
        given: None,
    })
}

/// Answers a question from what agreements let the asker use for `purpose`.
pub(super) fn recognised(
    desk: &Desk<'_>,
    token: &TokenRef,
    question: &Question<SubjectId>,
    purpose: Purpose,
) -> Result<Recognition, ViewError> {
    let holdings = holdings(desk, token, purpose, question.valid_at)?;
    let rules = Arc::clone(&desk.rules.recognition);
    let alliances = &desk.catalogue.alliances;
    let view = MemoryView::over(desk.known_at, [(question.subject, holdings)], rules)
        .with_alliances(Arc::clone(alliances))
        .with_places(places(desk));
    let mut recognition = recognise(&view, question);
    // A member that has an id but never enrolled is as silent as one without.
    let enrolled = |id: &ParticipantId| desk.directory.participant(id).is_some();
    recognition.not_connected = alliances.outside(&question.at, question.valid_at, &enrolled);
    Ok(recognition)
}

/// Where participants and owners of schemes lie.
fn places(desk: &Desk<'_>) -> Places {
    let owners = desk.catalogue.schemes.authorities();
    let owners = owners.filter_map(|owner| Some((owner.id.clone(), owner.region?)));
    let participants = desk.directory.participants().filter_map(|row| {
        let region = RegionCode::parse(row.body.region.as_deref()?)?;
        Some((row.body.participant.to_string(), region))
    });
    owners.chain(participants).collect()
}

/// What is recorded of the person, as far as agreements let the asker use it.
fn holdings(
    desk: &Desk<'_>,
    token: &TokenRef,
    purpose: Purpose,
    valid_at: Date,
) -> Result<Holdings, ViewError> {
    let mut marks = Marks::default();
    let mut holdings = Holdings::default();
    for subject in persons(desk, token)? {
        marks.add(desk.view, subject, desk.known_at)?;
        let mut known = Vec::new();
        for row in RECORDS.of_subject(desk.view, subject)? {
            if desk.may_use(&row.owner, row.record.kind().as_str(), purpose) {
                known.push(Known::of(desk, row));
            }
        }
        for chain in known.chunk_by(|a, b| is_same_record(&a.row, &b.row)) {
            gather(&mut holdings, chain, &marks, valid_at);
        }
    }
    Ok(holdings)
}

/// Adds one record: a credential with all its revisions, an affiliation or a fact as it stands on
/// the day.
fn gather(holdings: &mut Holdings, chain: &[Known], marks: &Marks, valid_at: Date) {
    let Some(on_day) = standing(chain, valid_at) else { return };
    let row = &on_day.content.row;
    let (kind, id) = (row.record.kind(), &row.record.head().record);
    let objections = marks.on(&row.owner, kind.into(), id);
    let object = match &row.record {
        Record::Certification(_) => Object::Certification,
        Record::Qualification(body) => body.object.into(),
        Record::Affiliation(_) | Record::Fact(_) => {
            // What is suspended or revoked says nothing; what is in doubt is shown, and proves nothing.
            if on_day.state == State::Active {
                let word = Word {
                    sender: Some(row.owner.clone()),
                    attestation: Some(row.record.head().attestation),
                    suspect: on_day.suspect,
                    objections,
                };
                say(holdings, row, word);
            }
            return;
        }
        Record::Occupancy(_) | Record::Points(_) | Record::Quota(_) => return,
    };
    let revisions = chain.iter().filter_map(|known| match &known.row.record {
        Record::Certification(body) => {
            Some(Revision::of_certification(known.row.pos, known.suspect, body))
        }
        Record::Qualification(body) => {
            Some(Revision::of_qualification(known.row.pos, known.suspect, body))
        }
        _ => None,
    });
    holdings.credentials.push(Credential {
        sender: row.owner.clone(),
        record: id.clone(),
        object,
        revisions: revisions.collect(),
        objections,
    });
}

fn say(holdings: &mut Holdings, row: &RecordRow, word: Word) {
    let (position, validity) = (row.pos, row.record.head().validity);
    match &row.record {
        Record::Affiliation(body) => holdings.affiliations.push(SeenAffiliation {
            position,
            mode: body.mode,
            region: body.region.clone(),
            validity,
            word,
        }),
        Record::Fact(body) => holdings.facts.push(SeenFact {
            position,
            name: body.name.clone(),
            value: body.value,
            validity,
            word,
        }),
        _ => {}
    }
}
