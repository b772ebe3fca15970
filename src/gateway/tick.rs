//! What time alone brings about: holds that run out, clocks of objections and enquiries. The end of a hold has an entry of its own, a
//! signed `clock/1`, which stands in the log before any message that is taken later (DESIGN §7).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Gateway;
use super::deadline::{enquiry_deadline, is_over, objection_deadline};
use super::directory::Directory;
use super::group::{Group, Message};
use super::judge::Objection;
use super::ports::Snapshot;
use super::reply::payload_unverified;
use super::vault::Part;
use crate::catalogue::Catalogue;
use crate::domain::code::Refusal;
use crate::domain::matter::{Overdue, Stage};
use crate::domain::reconcile::{ClockBody, HoldRef};
use crate::domain::registry::{Body, MessageType};
use crate::domain::time::UtcSeconds;
use crate::jws::{Digest, MessageClaims};
use crate::message::Composer;
use crate::projection::{
    ENQUIRIES, EXPIRIES, Key, MatterRef, OBJECTIONS, RUNNING, View, ViewError, enquiry_key,
    objection_key,
};

/// Most holds that end in one `clock/1`; the rest ends in the next.
const EXPIRED_MAX: usize = 256;
/// Most overdue matters in one `clock/1`; the rest follows in the next.
const OVERDUE_MAX: usize = 256;
/// Most running clocks that one look computes: more than all districts may have open.
const RUNNING_MAX: usize = 20_000;
/// Seconds between two looks at the clocks.
const OVERDUE_LOOK_SECONDS: i64 = 60;
/// Most steps of review in one tick, so that ticks stay short.
const REVIEW_STEPS_PER_TICK: usize = 8;

impl Group<'_> {
    /// Ends every hold whose time is over, before anything else of the group is judged.
    pub(super) fn expire(&mut self) -> Result<(), ViewError> {
        loop {
            let expired_holds = due(self.tx.snapshot(), self.at)?;
            if expired_holds.is_empty() {
                return Ok(());
            }
            let body = ClockBody { at: self.at, expired_holds, overdue: Vec::new() };
            match self.clock(body) {
                Ok(()) => {}
                Err(Objection::View(error)) => return Err(error),
                Err(Objection::Refused(refusal)) => {
                    tracing::error!(code = refusal.code.as_str(), "the clock was refused");
                    return Err(EXPIRIES.inconsistent("a clock that its own rules refuse"));
                }
            }
        }
    }

    fn clock(&mut self, body: ClockBody) -> Result<(), Objection> {
        let composer = Composer {
            schemas: &self.shared.schemas,
            key: &self.shared.message_key,
            aud: &self.shared.id,
        };
        let id = self.shared.ids.uuid_v7();
        let signed = composer.compose(MessageType::Clock, &body, self.at, id, None)?;
        let broken = || ViewError::Inconsistent { table: 0, what: "a clock that cannot be read" };
        let payload = payload_unverified(&signed.compact).ok_or_else(broken)?;
        let (claims, _) = MessageClaims::from_payload(payload)?;
        let key = self.shared.vault.entry_key(&*self.shared.entropy).map_err(|_| broken())?;
        let sealed = key.seal(Part::Message, signed.compact.as_bytes()).map_err(|_| broken())?;
        let message = Message { claims, digest: Digest::of(&signed.compact), key, sealed };
        self.push(&message, MessageType::Clock, Body::Clock(body)).map(drop)
    }
}

impl Gateway {
    /// Lets time pass: if a hold has run out, or the directory document is about to, the writer acts
    /// now; clocks of objections and enquiries are looked at; earlier answers are looked at again
    /// where something changed. Called every second by the service; a message that arrives first has
    /// the same effect on holds.
    pub async fn tick(&self) -> Result<(), Refusal> {
        self.holds_and_directory().await?;
        self.overdue().await?;
        for _ in 0..REVIEW_STEPS_PER_TICK {
            if !self.review().await? {
                break;
            }
        }
        Ok(())
    }

    /// Logs which clocks ran out, at most [`OVERDUE_MAX`] at a time. Deadlines end with a day, so
    /// that a look a minute is soon enough.
    async fn overdue(&self) -> Result<(), Refusal> {
        let now = self.shared.clock.now();
        let next = self.shared.overdue_look.load(Ordering::Relaxed);
        if now.0 < next {
            return Ok(());
        }
        let (shared, directory) = (Arc::clone(&self.shared), self.directory());
        let look = move |s: &dyn Snapshot| overdue(s, &shared.catalogue, &directory, now);
        let overdue = self.read_blocking(look).await?;
        // More than fit into one message are told at the next tick.
        if overdue.len() < OVERDUE_MAX {
            let next = now.plus_seconds(OVERDUE_LOOK_SECONDS).0;
            self.shared.overdue_look.store(next, Ordering::Relaxed);
        }
        if overdue.is_empty() {
            return Ok(());
        }
        let body = ClockBody { at: now, expired_holds: Vec::new(), overdue };
        self.operate(MessageType::Clock, &body).await.map(drop)
    }

    async fn holds_and_directory(&self) -> Result<(), Refusal> {
        let now = self.shared.clock.now();
        let waiting = self.read_blocking(move |s| due(s, now).map(|due| !due.is_empty())).await?;
        let due = self.document().is_some_and(|document| document.is_due(now));
        if waiting || due { self.probe().await } else { Ok(()) }
    }
}

/// Objections and enquiries whose clock has run out at `now`.
fn overdue(
    view: &dyn View,
    catalogue: &Catalogue,
    directory: &Directory,
    now: UtcSeconds,
) -> Result<Vec<Overdue>, ViewError> {
    let mut overdue = Vec::new();
    for matter in RUNNING.range(view, &Key::new(), None, RUNNING_MAX)? {
        if overdue.len() == OVERDUE_MAX {
            break;
        }
        let found = match matter {
            MatterRef::Objection(reference) => {
                let row = OBJECTIONS.get(view, &objection_key(&reference))?;
                row.and_then(|row| {
                    let end = objection_deadline(catalogue, directory, &row)?;
                    Some((row.pos, row.stage()?, end))
                })
            }
            MatterRef::Enquiry(reference) => ENQUIRIES
                .get(view, &enquiry_key(&reference))?
                .map(|row| (row.pos, Stage::Reply, enquiry_deadline(catalogue, &row))),
        };
        if let Some((position, stage, end)) = found
            && is_over(end, now)
        {
            overdue.push(Overdue { position, stage });
        }
    }
    Ok(overdue)
}

/// Live holds whose time is over at `now`.
fn due(view: &dyn View, now: UtcSeconds) -> Result<Vec<HoldRef>, ViewError> {
    let seconds = u64::try_from(now.0).unwrap_or(0);
    let mut holds = Vec::new();
    for row in view.range(EXPIRIES.id(), &[], None, EXPIRED_MAX)? {
        // Keys begin with the second of expiry, big-endian, so the earliest come first.
        match row.key.first_chunk::<8>() {
            Some(expires) if u64::from_be_bytes(*expires) <= seconds => {
                let hold = serde_json::from_slice(&row.value)
                    .map_err(|_| EXPIRIES.inconsistent("cannot be read"))?;
                holds.push(hold);
            }
            _ => break,
        }
    }
    Ok(holds)
}
