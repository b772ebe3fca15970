//! What time alone brings about: holds that run out. The end of a hold has an entry of its own, a
//! signed `clock/1`, which stands in the log before any message that is taken later (DESIGN §7).

use super::Gateway;
use super::commit::{Group, Message};
use super::judge::Objection;
use super::reply::payload_unverified;
use super::vault::Part;
use crate::domain::code::Refusal;
use crate::domain::reconcile::{ClockBody, HoldRef};
use crate::domain::registry::{Body, MessageType};
use crate::domain::time::UtcSeconds;
use crate::jws::{Digest, MessageClaims};
use crate::message::Composer;
use crate::projection::{EXPIRIES, View, ViewError};

/// Most holds that end in one `clock/1`; the rest ends in the next.
const EXPIRED_MAX: usize = 256;

impl Group<'_> {
    /// Ends every hold whose time is over, before anything else of the group is judged.
    pub(super) fn expire(&mut self) -> Result<(), ViewError> {
        loop {
            let expired_holds = due(self.tx.snapshot(), self.at)?;
            if expired_holds.is_empty() {
                return Ok(());
            }
            let body = ClockBody { at: self.at, expired_holds };
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
    /// now. Called every second by the service; a message that arrives first has the same effect.
    pub async fn tick(&self) -> Result<(), Refusal> {
        let now = self.shared.clock.now();
        let waiting = self.read_blocking(move |s| due(s, now).map(|due| !due.is_empty())).await?;
        let due = self.document().is_some_and(|document| document.is_due(now));
        if waiting || due { self.probe().await } else { Ok(()) }
    }
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
