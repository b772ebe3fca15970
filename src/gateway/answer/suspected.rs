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

    /// What is there, and what to do; `named` are those who can settle it, where the answer names them.
    fn words(self, named: Option<&BTreeSet<ParticipantId>>) -> [String; 2] {
        let list = |language| {
            let offices = named.into_iter().flatten().map(|p| place::name(p.as_str(), language));
            offices.collect::<Vec<_>>().join(match language {
                Language::Zh => "、",
                Language::En => ", ",
            })
        };
        let (zh, en) = (list(Language::Zh), list(Language::En));
        match (self, named) {
            (Self::Passport, Some(_)) => [
                format!(
                    "{PASSPORT_ZH}；请核对护照原件，由经办区提交关联（subject.link/1，holder 填{zh}，本区尚无该人记录也可提交），写明是同一人还是不同人，经{zh}确认后作数"
                ),
                format!(
                    "{PASSPORT_EN}: compare the passport, and whoever asks links the two as the same person or as different (subject.link/1 with {en} as holder, also without a record of its own); it counts once {en} has confirmed it"
                ),
            ],
            (Self::Passport, None) => [
                format!(
                    "{PASSPORT_ZH}；请以互认或记录查询了解由哪个区登记，再核对护照原件、提交关联"
                ),
                format!(
                    "{PASSPORT_EN}: a query of recognition or records tells which district has them; compare the passport then, and link the two"
                ),
            ],
            (Self::Link, Some(_)) => [
                format!("{LINK_ZH}；请由提交和待确认该关联的各方（{zh}）核对后确认或撤回"),
                format!(
                    "{LINK_EN}: those who stated it or are to confirm it ({en}) compare, then confirm or withdraw it"
                ),
            ],
            (Self::Link, None) => [
                format!("{LINK_ZH}；由提交和待确认该关联的各方核对后确认或撤回"),
                format!(
                    "{LINK_EN}: those who stated it or are to confirm it compare, then confirm or withdraw it"
                ),
            ],
        }
    }
}

const PASSPORT_ZH: &str = "有同一护照信息（国籍、号码、出生日期、拉丁字母姓名均相同）的记录，护照号码不是终身号码，未作依据";
const PASSPORT_EN: &str = "there are records under the same passport data (nationality, number, birth date and Latin name), which prove nothing, as a passport number is no lifelong number";
const LINK_ZH: &str = "有疑似同一人另行登记（或持另一证件）的记录，该关联尚未经各方确认，未作依据";
const LINK_EN: &str = "there are records of somebody who may be the same person, registered apart or under another document, which prove nothing, as the link is not confirmed";

/// What there is for one reason at one district.
#[derive(Default)]
struct Found {
    kinds: BTreeSet<RecordKind>,
    /// Who can settle whether it is one person.
    parties: BTreeSet<ParticipantId>,
}

/// Whose records there are, why, of which kinds, and who can settle it.
pub(super) struct Suspected(BTreeMap<(ParticipantId, Why), Found>);

impl Suspected {
    /// Looks for records of `kinds` that the asker may use for `purpose`.
    pub(super) fn of(
        desk: &Desk<'_>,
        token: &TokenRef,
        purpose: Purpose,
        kinds: &[&str],
    ) -> Result<Self, ViewError> {
        let mut found: BTreeMap<_, Found> = BTreeMap::new();
        for (subject, Reason { why, parties }) in reached(desk, token)? {
            for row in newest(RECORDS.of_subject(desk.view, subject)?) {
                let kind = row.record.kind();
                // A quota is about an enterprise, and told to nobody else.
                let asked = kind != RecordKind::Quota && kinds.contains(&kind.as_str());
                if asked && desk.may_use(&row.owner, kind.as_str(), purpose) {
                    let found = found.entry((row.owner, why)).or_default();
                    found.kinds.insert(kind);
                    found.parties.extend(parties.iter().cloned());
                }
            }
        }
        Ok(Self(found))
    }

    /// Is there nothing?
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whom to call, in a member of its own and behind the words of the answer.
    pub(super) fn tell(&self, desk: &Desk<'_>, body: &mut Value) {
        let lines = self.0.iter().map(|((district, why), Found { kinds, parties })| {
            let [zh, en] = why.words(Some(parties));
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
                "settled_by": parties,
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
            let [zh, en] = why.words(None);
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

/// Why somebody may be the person, and who can settle it.
#[derive(Clone)]
struct Reason {
    why: Why,
    parties: Vec<ParticipantId>,
}

/// The subjects that may be the person, each by the first reason that leads to it. Who is certified as
/// somebody else is not met by way of a third either.
fn reached(desk: &Desk<'_>, token: &TokenRef) -> Result<Vec<(SubjectId, Reason)>, ViewError> {
    let own = persons(desk, token)?;
    let asked = own.first().copied();
    let settled = |other| asked.map_or(Ok(false), |asked| is_settled(desk.view, asked, other));
    let mut seen: BTreeSet<SubjectId> = own.iter().copied().collect();
    let mut order: Vec<(SubjectId, Option<Reason>)> = own.into_iter().map(|s| (s, None)).collect();
    let mut next = 0;
    while let Some((from, reason)) = order.get(next).cloned().filter(|_| next < REACHED_MAX) {
        next += 1;
        for tie in ties(desk.view, from)?.into_iter().filter(Tie::is_same) {
            // What ties the person directly was looked at with the tie.
            if reason.is_some() && settled(tie.other)? {
                continue;
            }
            if seen.insert(tie.other) {
                let why = if tie.link.is_none() { Why::Passport } else { Why::Link };
                let here = Reason { why, parties: tie.parties };
                order.push((tie.other, reason.clone().or(Some(here))));
            }
        }
    }
    Ok(order.into_iter().filter_map(|(subject, reason)| Some((subject, reason?))).collect())
}
