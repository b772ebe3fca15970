//! Looking again: earlier questions are put once more after something that their answers rest on
//! has changed, and what comes out differently is logged as `answer.review/1` (DESIGN §7).
//!
//! This runs beside the log, never inside a commit group, in bounded steps: a step reads a
//! consistent state, answers a few questions and sends one message. What changes meanwhile is
//! noted by its own entry and looked at in a later step.

use super::Gateway;
use super::answer::{Desk, answer, as_it_was, assessed, told};
use super::directory::Directory;
use super::judge::Objection;
use super::ports::Snapshot;
use super::rebuild::message;
use super::rulebook::Rulebook;
use super::shared::Shared;
use crate::domain::code::Refusal;
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::{Body, MessageType};
use crate::domain::review::{AnswerReview, ChangedAnswer, Review};
use crate::domain::time::UtcSeconds;
use crate::projection::{GIVEN, Given, GivenRow, Key, TOUCHED, TouchedRow, ViewError, watching};

/// Most answers that one step looks at: a few milliseconds of work.
const ANSWERS_PER_STEP: usize = 64;

impl Gateway {
    /// Looks at the next earlier answers, if something changed. Gives back whether there was work.
    pub async fn review(&self) -> Result<bool, Refusal> {
        let shared = std::sync::Arc::clone(&self.shared);
        let now = shared.clock.now();
        let directory = self.directory();
        let reviews = self.read_blocking(move |s| {
            let rules = Rulebook::of(&shared.rulebook, s, &shared.catalogue, s.size()?)?;
            step(&Step { shared: &shared, s, directory: &directory, rules: &rules, now })
        });
        let body = AnswerReview { reviews: reviews.await? };
        if body.reviews.is_empty() {
            return Ok(false);
        }
        self.operate(MessageType::AnswerReview, &body).await?;
        Ok(true)
    }
}

/// One step over one consistent state.
struct Step<'a> {
    shared: &'a Shared,
    s: &'a dyn Snapshot,
    directory: &'a Directory,
    rules: &'a Rulebook,
    now: UtcSeconds,
}

fn step(step: &Step<'_>) -> Result<Vec<Review>, ViewError> {
    let touched = TOUCHED.range(step.s, &Key::new(), None, AnswerReview::REVIEWS_MAX)?;
    let mut reviews = Vec::with_capacity(touched.len());
    let mut left = ANSWERS_PER_STEP;
    for (at, row) in touched.iter().enumerate() {
        if left == 0 {
            break;
        }
        let positions = watching(step.s, &row.topic, row.after, left)?;
        let done = positions.len() < left;
        left -= positions.len();
        let mut review = Review {
            cause: row.cause,
            part: row.part(),
            last: positions.last().copied().or(row.after),
            done,
            changed: Vec::new(),
        };
        for position in positions {
            let Some(given) = GIVEN.get(step.s, &Key::new().number(position))? else { continue };
            let later = touched.get(at + 1..).unwrap_or_default();
            review.changed.extend(changed(step, (row, later), &given)?);
        }
        reviews.push(review);
    }
    Ok(reviews)
}

/// Does the question of an earlier answer have another answer now? Where causes that nobody has looked at
/// yet follow, one that changed nothing by itself is left to them: the asker is told what did.
fn changed(
    step: &Step<'_>,
    (touched, later): (&TouchedRow, &[TouchedRow]),
    given: &GivenRow,
) -> Result<Option<ChangedAnswer>, ViewError> {
    // What came after the change rests on it already.
    if given.pos > touched.cause {
        return Ok(None);
    }
    let Some((ty, body)) = question(step, given.pos)? else { return Ok(None) };
    let desk = Desk {
        view: step.s,
        known_at: step.s.size()?,
        directory: step.directory,
        rules: step.rules,
        catalogue: &step.shared.catalogue,
        resolution: &step.shared.pseudonyms,
        asker: &given.by,
        now: step.now,
    };
    // A question that may no longer be put has no other answer to be told.
    let put = |desk: &Desk<'_>| match put_again(desk, ty, &body, given.pos) {
        Err(Objection::Refused(_)) => Ok((None, None)),
        answered => answered,
    };
    let view_error = |objection| match objection {
        Objection::View(error) => Err(error),
        Objection::Refused(_) => Ok((None, None)),
    };
    let (now, verdict) = put(&desk).or_else(view_error)?;
    let Some(now) = now.filter(|now| now.sha256 != given.sha256) else { return Ok(None) };
    // What the asker did in the case itself it is not told of; where that completes what another began, it
    // is told of the beginning.
    let follows = |row: &TouchedRow| {
        let told = !row.is_known_to(given);
        row.cause > touched.cause
            && given.topics.contains(&row.topic)
            && row.after.is_none_or(|after| after < given.pos)
            && (told || row.because != touched.because)
    };
    let mut sha256 = now.sha256;
    if later.iter().any(follows) {
        let log = (step.s, &step.shared.pinned);
        let (then, _) = as_it_was(&desk, log, touched.cause + 1, &body, put).or_else(view_error)?;
        match then {
            Some(then) if then.sha256 == given.sha256 => return Ok(None),
            // The rest is for what follows.
            Some(then) => sha256 = then.sha256,
            None => {}
        }
    }
    Ok(Some(ChangedAnswer { position: given.pos, sha256, verdict }))
}

/// The answer to a question, or the assessment of the hold at log position `pos`, as one desk gives it.
fn put_again(
    desk: &Desk<'_>,
    ty: MessageType,
    body: &Body,
    pos: u64,
) -> Result<(Option<Given>, Option<Verdict>), Objection> {
    let Body::FundingHold(hold) = body else {
        return Ok((answer(desk, ty, body)?.given, None));
    };
    let application = hold.application.clone().map(&mut |r| desk.resolve(r))?;
    let (assessment, _) = assessed(desk, &application, hold.context.purpose, pos)?;
    Ok((Given::of(body, &told(desk, &assessment)), Some(assessment.verdict)))
}

/// The question, or the hold, at a log position. `None` once it is erased.
fn question(step: &Step<'_>, pos: u64) -> Result<Option<(MessageType, Body)>, ViewError> {
    let entry = step.s.entries(pos, 1)?.pop();
    let Some(entry) = entry.filter(|entry| entry.pos == pos) else { return Ok(None) };
    let payload = message(&step.shared.vault, &entry);
    let body = payload.as_ref().and_then(|payload| payload.get("body"));
    let ty = MessageType::parse(&entry.mt);
    Ok(ty.zip(body).and_then(|(ty, body)| Some((ty, Body::parse(ty, body, &|_| Ok(())).ok()?))))
}
