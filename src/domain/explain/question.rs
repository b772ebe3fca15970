//! Who decides an open question, and what its readings are called: the words of
//! [`funding::question`](crate::domain::funding::question).

use std::collections::BTreeSet;

use super::office::{Reader, named};
use crate::domain::funding::finding::Finding;
use crate::domain::funding::id::QuestionId;
use crate::domain::funding::question::question;
use crate::domain::participant::ParticipantId;
use crate::domain::text::{Language, Text};

/// Who decides the questions of a finding, each office once with the numbers of its questions.
pub fn deciders(finding: &Finding, reader: Reader<'_>, language: Language) -> Vec<String> {
    let others: BTreeSet<_> = finding.evidence.iter().map(|e| &e.district).collect();
    let mut offices: Vec<(String, Vec<String>)> = Vec::new();
    for id in &finding.questions {
        let office = authority(*id, reader, &others, language);
        match offices.iter_mut().find(|(known, _)| *known == office) {
            Some((_, numbers)) => numbers.push(id.to_string()),
            None => offices.push((office, vec![id.to_string()])),
        }
    }
    let offices = offices.into_iter();
    offices
        .map(|(office, numbers)| match language {
            Language::Zh => format!("{office}（{}）", numbers.join("、")),
            Language::En => format!("{office} ({})", numbers.join(", ")),
        })
        .collect()
}

/// Who decides `id`; its number where the list lacks it. Where each district decides for itself, the one
/// whose policy is applied for is named, with `others` that the case reaches.
pub fn authority(
    id: QuestionId,
    reader: Reader<'_>,
    others: &BTreeSet<&ParticipantId>,
    language: Language,
) -> String {
    let Some(question) = question(id) else { return id.to_string() };
    let (Some(each), Some(own)) = (&question.each, reader.district) else {
        return question.authority.get(language).to_owned();
    };
    let name = |district| {
        let (name, reached) = named(district, reader, language);
        name + &reached
    };
    let others = others.iter().filter(|d| **d != own).map(|d| name(*d));
    let all: Vec<_> = std::iter::once(name(own)).chain(others).collect();
    let and = if language == Language::Zh { "、" } else { " and " };
    each.get(language).replace("{own}", &name(own)).replace("{all}", &all.join(and))
}

/// What the reading of `id` with this code is called; the code where the list lacks it.
pub fn reading(id: QuestionId, code: &str) -> Text {
    let named = question(id).and_then(|q| q.readings.iter().find(|r| r.code == code));
    named.map_or_else(|| Text::new(code, code), |reading| reading.name.clone())
}
