//! Records of whoever may be the person that was asked about: by a link that does not count yet, or by
//! a passport that another district knows too. They prove nothing, so no answer uses them; each says
//! that they are there, and what has to be done about it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Desk, newest, persons};
use crate::domain::context::Purpose;
use crate::domain::participant::ParticipantId;
use crate::domain::place;
use crate::domain::record::RecordKind;
use crate::domain::subject::{SubjectId, TokenRef};
use crate::domain::text::Language;
use crate::projection::{POSSIBLY_SAME, REACHED_MAX, RECORDS, Tie, ViewError, is_settled, ties};

/// Why somebody may be the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// Passports agree, and nobody has compared them.
    Passport,
    /// A link does not count yet.
    Link,
}

impl Why {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::Link => "link",
        }
    }

    /// What is there, and what to do.
    const fn words(self) -> [&'static str; 2] {
        match self {
            Self::Passport => [
                "有同一护照信息（国籍、号码、出生日期、拉丁字母姓名均相同）的记录，护照号码不是终身号码，未作依据；请核对护照原件，确属同一人的提交同一人关联，不是的登记为不同人",
                "there are records under the same passport data (nationality, number, birth date and Latin name), which prove nothing, as a passport number is no lifelong number: compare the passport, and link the two as the same person or as different",
            ],
            Self::Link => [
                "有疑似同一人另行登记（或持另一证件）的记录，该关联尚未经各方确认，未作依据；请核对后确认或撤回关联",
                "there are records of somebody who may be the same person, registered apart or under another document, which prove nothing, as the link is not confirmed: compare, then confirm or withdraw it",
            ],
        }
    }
}

/// Whose records there are, why, and of which kinds.
pub(super) struct Suspected(BTreeMap<(ParticipantId, Why), BTreeSet<RecordKind>>);

impl Suspected {
    /// Looks for records of `kinds` that the asker may use for `purpose`.
    pub(super) fn of(
        desk: &Desk<'_>,
        token: &TokenRef,
        purpose: Purpose,
        kinds: &[&str],
    ) -> Result<Self, ViewError> {
        let mut found: BTreeMap<_, BTreeSet<RecordKind>> = BTreeMap::new();
        for (subject, why) in reached(desk, token)? {
            for row in newest(RECORDS.of_subject(desk.view, subject)?) {
                let kind = row.record.kind();
                // A quota is about an enterprise, and told to nobody else.
                let asked = kind != RecordKind::Quota && kinds.contains(&kind.as_str());
                if asked && desk.may_use(&row.owner, kind.as_str(), purpose) {
                    found.entry((row.owner, why)).or_default().insert(kind);
                }
            }
        }
        Ok(Self(found))
    }

    /// Tells whom to call, in a member of its own and behind the words of the answer.
    pub(super) fn tell(&self, desk: &Desk<'_>, body: &mut Value) {
        let lines = self.0.iter().map(|((district, why), kinds)| {
            let [zh, en] = why.words();
            let contact = |district: &ParticipantId| desk.contact(district);
            let office = |language| place::office(district, &contact, language);
            let text = [
                format!("{}：{zh}。", office(Language::Zh)),
                format!("{}: {en}.", office(Language::En)),
            ];
            let line = json!({
                "district": district,
                "why": why.as_str(),
                "kinds": kinds,
                "contact": contact(district).unwrap_or_default(),
            });
            (line, text)
        });
        put(body, lines.collect());
    }

    /// The same for an answer that names no records: that there is something to be asked for.
    pub(super) fn tell_unnamed(&self, body: &mut Value) {
        let why: BTreeSet<Why> = self.0.keys().map(|(_, why)| *why).collect();
        let lines = why.into_iter().map(|why| {
            let [zh, en] = why.words();
            (json!({ "why": why.as_str() }), [format!("{zh}。"), format!("{en}.")])
        });
        put(body, lines.collect());
    }
}

fn put(body: &mut Value, lines: Vec<(Value, [String; 2])>) {
    let Some(members) = body.as_object_mut().filter(|_| !lines.is_empty()) else { return };
    let mut told = Vec::with_capacity(lines.len());
    for (mut line, [zh, en]) in lines {
        for (language, words) in [("zh", &zh), ("en", &en)] {
            let place = members.get_mut("text").and_then(|text| text.get_mut(language));
            if let Some(Value::String(text)) = place {
                if !text.ends_with('\n') {
                    text.push('\n');
                }
                text.push_str(words);
            }
        }
        if let Some(line) = line.as_object_mut() {
            line.insert("text".to_owned(), json!({ "zh": zh, "en": en }));
        }
        told.push(line);
    }
    members.insert(POSSIBLY_SAME.to_owned(), told.into());
}

/// The subjects that may be the person, each by the first reason that leads to it. Who is certified as
/// somebody else is not met by way of a third either.
fn reached(desk: &Desk<'_>, token: &TokenRef) -> Result<Vec<(SubjectId, Why)>, ViewError> {
    let own = persons(desk, token)?;
    let asked = own.first().copied();
    let settled = |other| asked.map_or(Ok(false), |asked| is_settled(desk.view, asked, other));
    let mut seen: BTreeSet<SubjectId> = own.iter().copied().collect();
    let mut order: Vec<(SubjectId, Option<Why>)> = own.into_iter().map(|s| (s, None)).collect();
    let mut next = 0;
    while let Some((from, why)) = order.get(next).copied().filter(|_| next < REACHED_MAX) {
        next += 1;
        for tie in ties(desk.view, from)?.into_iter().filter(Tie::is_same) {
            // What ties the person directly was looked at with the tie.
            if why.is_some() && settled(tie.other)? {
                continue;
            }
            if seen.insert(tie.other) {
                let here = if tie.link.is_none() { Why::Passport } else { Why::Link };
                order.push((tie.other, why.or(Some(here))));
            }
        }
    }
    Ok(order.into_iter().filter_map(|(subject, why)| Some((subject, why?))).collect())
}
