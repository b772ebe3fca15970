//! Changes reach earlier askers: which answers rest on what, what has changed since, and what came
//! of looking again.
//!
//! The fold only notes that something changed, at a cost that follows what the message is about. The
//! gateway puts the questions again afterwards and logs the result as `answer.review/1`, whose fold
//! tells the askers. So the fold never judges, and `rebuild` needs no answer computed again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, FeedRow, notify};
use super::fold::EventMeta;
use super::funding;
pub use super::given::{Given, POSSIBLY_SAME, Topic, assessed_digest};
use super::link::ties;
use super::record::{RECORDS, teams_of};
use super::subject::siblings;
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::link::LinkKind;
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::RecognitionRule;
use crate::domain::review::{AnswerReview, Because};
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::time::UtcSeconds;
use crate::jws::Digest;

/// Answers that are looked at again when something changes, keyed by log position.
pub const GIVEN: Table<GivenRow> = Table::new(67);
/// Log positions of answers by topic, keyed by (topic, position).
pub const WATCHED: Table<u64> = Table::new(68);
/// Changes that are not worked on to their end, keyed by (position of the cause, digest of the
/// topic).
pub const TOUCHED: Table<TouchedRow> = Table::new(69);

/// How long an answer is looked at again, in seconds: two years. The case behind it is closed long
/// before; a payment that runs longer is assessed anew at its continuation.
pub const REVIEW_SECONDS_MAX: i64 = 2 * 366 * 86_400;
/// Most persons and objects that one answer is found by.
const SUBJECTS_MAX: usize = 64;
/// Most topics that an answer grows to.
const TOPICS_MAX: usize = 256;
/// Most answers that one new link carries over to the other side.
const LINKED_MAX: usize = 256;
/// Most changes not yet worked on that one look goes through; where there are more, any of them may
/// concern the answer.
const WAITING_MAX: usize = 256;
/// Answers past their time that are dropped whenever one is added.
const DROPPED_AT_ONCE: usize = 2;

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenRow {
    /// Who asked.
    pub by: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When.
    pub at: UtcSeconds,
    /// The asker's case number.
    pub case: String,
    /// Id of the hold whose assessment it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// Digest of what was told last.
    pub sha256: String,
    /// What it rests on.
    pub topics: Vec<Topic>,
}

/// A change that answers rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchedRow {
    /// Log position of the message that changed it.
    pub cause: u64,
    /// Whose it is.
    pub by: ParticipantId,
    /// In which case it was done, where it was done in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    /// What changed.
    pub topic: Topic,
    /// What kind of thing.
    pub because: Because,
    /// Last answer that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

/// A hold or a grant, and what became of it: what a district does in a case itself. Its records, sanctions,
/// links and objections are decided elsewhere, by other offices of the same district too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// In the case with this number.
    Case(String),
    /// Under this policy, by a grant that consumed no hold and so names no case.
    Policy(String),
}

/// What changed something, and in which case it was done.
pub(super) struct Cause<'a> {
    /// Log position.
    pub pos: u64,
    /// Whose doing it is.
    pub by: &'a ParticipantId,
    /// The case, where it was done in one.
    pub act: Option<Act>,
}

impl TouchedRow {
    /// Did the asker do this itself in the case that the answer is about? Then it knows.
    pub fn is_known_to(&self, given: &GivenRow) -> bool {
        let in_it = match &self.act {
            Some(Act::Case(case)) => given.case == *case,
            Some(Act::Policy(id)) => given.topics.contains(&Topic::Policy(id.clone())),
            None => false,
        };
        in_it && given.by == self.by
    }

    /// Which of the changes of its cause, as `answer.review/1` names it.
    pub fn part(&self) -> String {
        part(&self.topic)
    }
}

/// Positions of up to `limit` answers that rest on a topic, after one of them.
pub fn watching(
    view: &dyn View,
    topic: &Topic,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<u64>, ViewError> {
    let prefix = topic.key();
    let after = after.map(|pos| prefix.clone().number(pos));
    WATCHED.range(view, &prefix, after.as_ref(), limit)
}

/// Has something changed that the answer at `pos` rests on, and was it not looked at again yet?
pub fn is_due(view: &dyn View, pos: u64) -> Result<bool, ViewError> {
    let Some(given) = GIVEN.get(view, &Key::new().number(pos))? else { return Ok(false) };
    let waiting = TOUCHED.range(view, &Key::new(), None, WAITING_MAX)?;
    let concerns = |touched: &TouchedRow| {
        touched.cause > pos
            && touched.after.is_none_or(|after| after < pos)
            && given.topics.contains(&touched.topic)
    };
    Ok(waiting.len() == WAITING_MAX || waiting.iter().any(concerns))
}

/// Notes that something changed, if an answer rests on it.
pub(super) fn touch(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    topic: &Topic,
    because: Because,
) -> Result<(), ViewError> {
    touch_of(state, &Cause { pos: meta.pos, by: &meta.iss, act: None }, topic, because)
}

/// The same for what was done in a case, whoever sent the message.
pub(super) fn touch_of(
    state: &mut Overlay<'_>,
    cause: &Cause<'_>,
    topic: &Topic,
    because: Because,
) -> Result<(), ViewError> {
    if watching(state, topic, None, 1)?.is_empty() {
        return Ok(());
    }
    let (by, act, topic) = (cause.by.clone(), cause.act.clone(), topic.clone());
    let row = TouchedRow { cause: cause.pos, by, act, topic, because, after: None };
    state.apply(TOUCHED.put(touched_key(cause.pos, &row.part()), None, &row)?);
    Ok(())
}

/// Notes that a recognition rule changed, for every question that it answers or did answer, and for
/// every service that it opens or did open.
pub(super) fn touch_rule(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    rules: [Option<&RecognitionRule>; 2],
) -> Result<(), ViewError> {
    let text = |value: serde_json::Result<serde_json::Value>| match value {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    };
    let mut topics = BTreeSet::new();
    for rule in rules.into_iter().flatten() {
        let object = text(serde_json::to_value(rule.object));
        let at = rule.recogniser.as_str();
        topics.extend(rule.services.iter().map(|s| Topic::Service([at.to_owned(), s.clone()])));
        for purpose in &rule.purposes {
            let purpose = text(serde_json::to_value(purpose));
            for class in &rule.classes {
                let at = at.to_owned();
                let scheme = rule.scheme.clone();
                topics.insert(Topic::Rule([
                    at,
                    purpose.clone(),
                    object.clone(),
                    scheme,
                    class.clone(),
                ]));
            }
        }
    }
    topics.iter().try_for_each(|topic| touch(state, meta, topic, Because::RecognitionRule))
}

/// Keeps an answer. `subjects` are the resolved subjects of the question.
pub(super) fn give(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    given: Given,
    subjects: Vec<Ref<SubjectId>>,
) -> Result<(), ViewError> {
    drop_old(state, meta.at)?;
    let mut topics: BTreeSet<Topic> = given.topics.into_iter().collect();
    let reached = reach(state, subjects)?;
    if given.unnamed {
        for subject in &reached {
            let mut rows = RECORDS.of_subject(state, *subject)?;
            rows.extend(teams_of(state, *subject)?);
            topics.extend(rows.into_iter().map(|row| Topic::District(row.owner)));
        }
    }
    topics.extend(reached.into_iter().map(Topic::Subject));
    let topics: Vec<Topic> = topics.into_iter().collect();
    for topic in &topics {
        state.apply(WATCHED.put(topic.key().number(meta.pos), None, &meta.pos)?);
    }
    let row = GivenRow {
        by: meta.iss.clone(),
        pos: meta.pos,
        at: meta.at,
        case: given.case,
        hold: given.hold,
        sha256: given.sha256,
        topics,
    };
    state.apply(GIVEN.put(Key::new().number(meta.pos), None, &row)?);
    Ok(())
}

/// Drops an answer: its case is over.
pub(super) fn forget(state: &mut Overlay<'_>, pos: u64) -> Result<(), ViewError> {
    let key = Key::new().number(pos);
    let Some(row) = GIVEN.get(state, &key)? else { return Ok(()) };
    for topic in &row.topics {
        state.apply(WATCHED.delete(topic.key().number(pos)));
    }
    state.apply(GIVEN.delete(key));
    Ok(())
}

/// A link changed. Where it joins two persons, or may, answers about one rest on the other, and on
/// everybody who is joined to the other already, from here on.
pub(super) fn link(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    subjects: [SubjectId; 2],
) -> Result<(), ViewError> {
    let joined = reach(state, vec![Ref::Talent(subjects[0])])?;
    let linked = joined.contains(&subjects[1]);
    let joined: Vec<Topic> = joined.into_iter().map(Topic::Subject).collect();
    let subjects = subjects.map(Topic::Subject);
    subjects.iter().try_for_each(|subject| touch(state, meta, subject, Because::Link))?;
    for from in subjects.iter().filter(|_| linked) {
        for pos in watching(state, from, None, LINKED_MAX)? {
            let key = Key::new().number(pos);
            let Some(mut row) = GIVEN.get(state, &key)? else { continue };
            joined.iter().try_for_each(|to| rest_on(state, &mut row, to))?;
            state.apply(GIVEN.put(key, None, &row)?);
        }
    }
    Ok(())
}

/// A passport is known in one more district: answers about its other records rest on these too.
pub(super) fn met(state: &mut Overlay<'_>, subject: SubjectId) -> Result<(), ViewError> {
    for sibling in siblings(state, subject)? {
        for pos in watching(state, &Topic::Subject(sibling.subject), None, LINKED_MAX)? {
            let key = Key::new().number(pos);
            let Some(mut row) = GIVEN.get(state, &key)? else { continue };
            rest_on(state, &mut row, &Topic::Subject(subject))?;
            state.apply(GIVEN.put(key, None, &row)?);
        }
    }
    Ok(())
}

/// An answer rests on one more thing.
fn rest_on(state: &mut Overlay<'_>, row: &mut GivenRow, topic: &Topic) -> Result<(), ViewError> {
    if row.topics.len() < TOPICS_MAX && !row.topics.contains(topic) {
        row.topics.push(topic.clone());
        state.apply(WATCHED.put(topic.key().number(row.pos), None, &row.pos)?);
    }
    Ok(())
}

/// What came of looking again: askers are told, and what is worked on to its end is dropped.
pub(super) fn reviewed(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    body: &AnswerReview,
) -> Result<(), ViewError> {
    for review in &body.reviews {
        let key = touched_key(review.cause, &review.part);
        let Some(mut touched) = TOUCHED.get(state, &key)? else { continue };
        for changed in &review.changed {
            let given_key = Key::new().number(changed.position);
            let Some(mut row) = GIVEN.get(state, &given_key)? else { continue };
            // Two things of one cause may lead to the same answer: it is told once.
            if row.sha256 == changed.sha256 {
                continue;
            }
            row.sha256.clone_from(&changed.sha256);
            // Whoever changed it is part of what the answer rests on.
            rest_on(state, &mut row, &Topic::District(touched.by.clone()))?;
            if let (Some(hold), Some(verdict)) = (&row.hold, changed.verdict) {
                funding::rejudged(state, &row.by, hold, verdict)?;
            }
            let (case, hold) = (Some(row.case.clone()), row.hold.clone());
            let entry = FeedRow {
                answer: Some(row.pos),
                because: Some(touched.because),
                ..meta.feed_entry(FeedChange::BasisChanged, case, hold)
            };
            if !touched.is_known_to(&row) {
                notify(state, &row.by, entry)?;
            }
            state.apply(GIVEN.put(given_key, None, &row)?);
        }
        if review.done {
            state.apply(TOUCHED.delete(key));
        } else {
            touched.after = review.last.or(touched.after);
            state.apply(TOUCHED.put(key, None, &touched)?);
        }
    }
    Ok(())
}

fn drop_old(state: &mut Overlay<'_>, now: UtcSeconds) -> Result<(), ViewError> {
    let limit = now.plus_seconds(-REVIEW_SECONDS_MAX);
    for row in GIVEN.range(state, &Key::new(), None, DROPPED_AT_ONCE)? {
        if row.at < limit {
            forget(state, row.pos)?;
        }
    }
    Ok(())
}

/// The subjects with everybody whom a confirmed or suspected tie joins to a talent among them.
fn reach(
    state: &Overlay<'_>,
    subjects: Vec<Ref<SubjectId>>,
) -> Result<BTreeSet<SubjectId>, ViewError> {
    let mut seen: BTreeSet<SubjectId> = BTreeSet::new();
    let mut open = Vec::new();
    for subject in subjects {
        match subject {
            Ref::Talent(s) => open.push(s),
            Ref::Object(s) => {
                seen.insert(s);
            }
        }
    }
    while let Some(next) = open.pop() {
        if seen.len() >= SUBJECTS_MAX || !seen.insert(next) {
            continue;
        }
        for tie in ties(state, next)? {
            if matches!(tie.kind, LinkKind::Same | LinkKind::Spouse) {
                open.push(tie.other);
            }
        }
    }
    Ok(seen)
}

fn part(topic: &Topic) -> String {
    Digest::of(topic.key().as_bytes()).to_string()
}

fn touched_key(cause: u64, part: &str) -> Key {
    Key::new().number(cause).text(part)
}
