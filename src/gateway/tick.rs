//! What time alone brings about: holds that run out, clocks of objections and enquiries. Each has an
//! entry of its own, a signed `clock/1`, which stands in the log before any message that is taken later
//! (DESIGN §7).

use std::sync::atomic::Ordering;

use super::Gateway;
use super::deadline::{enquiry_deadline, is_over, objection_deadline};
use super::directory::Directory;
use super::group::{Group, Message};
use super::judge::Objection;
use super::reply::payload_unverified;
use super::vault::Part;
use crate::catalogue::Catalogue;
use crate::domain::calendar::end_of_day;
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
            self.clock(ClockBody { at: self.at, expired_holds, overdue: Vec::new() })?;
        }
    }

    /// Logs which clocks of objections and enquiries ran out, before the message that may settle one
    /// of them: what is settled late was overdue first, and both sides were told. Deadlines end with a
    /// day, so that one look a day is enough, and one after whatever may begin or move a clock.
    pub(super) fn run_out(&mut self) -> Result<(), ViewError> {
        if self.at < self.clocks_due {
            return Ok(());
        }
        self.clocks_due = end_of_day(self.at.date_cst());
        loop {
            let shared = self.shared;
            let view = self.tx.snapshot();
            let overdue = overdue(view, &shared.catalogue, &self.directory, self.at)?;
            let more = overdue.len() == OVERDUE_MAX;
            if !overdue.is_empty() {
                self.clock(ClockBody { at: self.at, expired_holds: Vec::new(), overdue })?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    fn clock(&mut self, body: ClockBody) -> Result<(), ViewError> {
        self.log_clock(body).map_err(|objection| match objection {
            Objection::View(error) => error,
            Objection::Refused(refusal) => {
                tracing::error!(code = refusal.code.as_str(), "the clock was refused");
                ViewError::Inconsistent { table: 0, what: "a clock that its own rules refuse" }
            }
        })
    }

    fn log_clock(&mut self, body: ClockBody) -> Result<(), Objection> {
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
    /// Lets time pass: if a hold has run out, a clock of an objection or enquiry may have, or the
    /// directory document is about to, the writer acts now; earlier answers are looked at again where
    /// something changed. Called every second by the service; a message that arrives first has the
    /// same effect on holds and clocks.
    pub async fn tick(&self) -> Result<(), Refusal> {
        self.clocks_and_directory().await?;
        for _ in 0..REVIEW_STEPS_PER_TICK {
            if !self.review().await? {
                break;
            }
        }
        Ok(())
    }

    async fn clocks_and_directory(&self) -> Result<(), Refusal> {
        let now = self.shared.clock.now();
        let waiting = self.read_blocking(move |s| due(s, now).map(|due| !due.is_empty())).await?;
        let document = self.document().is_some_and(|document| document.is_due(now));
        let clocks = now.0 >= self.shared.clocks_due.load(Ordering::Relaxed);
        if waiting || document || clocks { self.probe().await } else { Ok(()) }
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
