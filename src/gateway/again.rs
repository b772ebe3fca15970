//! A message that was taken before: its reply again, for the same bytes and for those whom it concerns.

use std::sync::Arc;

use super::Gateway;
use super::accept::Received;
use super::group::refusal_of;
use super::log_reads::Place;
use super::ports::{Entry, Outcome};
use super::reply::{Reply, Unproven, internal, payload_unverified, reply_text};
use super::vault::Part;
use crate::domain::code::Refusal;
use crate::domain::participant::ParticipantId;
use crate::jws::Jti;

/// A message that was taken before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its receipt or answer, with a proof of now.
    pub reply: Reply,
    /// The exact message; `None` when it was not kept or is erased.
    pub message: Option<String>,
}

impl Gateway {
    /// A message again with its reply, for its sender; for its addressee too, unless it is a query,
    /// whose answer belongs to the asker alone. `None` for everybody else, as for one that was
    /// never taken.
    pub async fn taken(
        &self,
        peer: &ParticipantId,
        iss: &ParticipantId,
        jti: Jti,
    ) -> Result<Option<Taken>, Refusal> {
        let Some((entry, reply)) = self.reply_of(iss, jti).await? else { return Ok(None) };
        let message = self.message_text(&entry)?;
        let addressed = || {
            entry.outcome != Outcome::Answered
                && message.as_deref().and_then(addressee).is_some_and(|to| to == peer.as_str())
        };
        Ok((peer == iss || addressed()).then_some(Taken { reply, message }))
    }

    /// The stored reply to these exact bytes from this peer, if they were answered before.
    pub(super) async fn replayed(&self, received: &Received<'_>) -> Option<Result<Reply, Refusal>> {
        // The payload is not believed: it only says where to look, and the digest decides.
        let payload = payload_unverified(received.compact())?;
        let iss: ParticipantId = payload.get("iss")?.as_str()?.parse().ok()?;
        let jti: Jti = payload.get("jti")?.as_str()?.parse().ok()?;
        if iss != *received.peer() {
            return None;
        }
        match self.reply_of(&iss, jti).await {
            Ok(Some((entry, reply))) if entry.digest == *received.digest().as_bytes() => {
                Some(Ok(reply))
            }
            Ok(_) => None,
            Err(refusal) => Some(Err(refusal)),
        }
    }

    /// The entry and reply of a message, with a proof of now.
    pub async fn reply_of(
        &self,
        iss: &ParticipantId,
        jti: Jti,
    ) -> Result<Option<(Entry, Reply)>, Refusal> {
        let (shared, iss) = (Arc::clone(&self.shared), iss.clone());
        let found = self
            .read_blocking(move |snapshot| {
                let Some(entry) = snapshot.entry_of(&iss, *jti.as_uuid())? else { return Ok(None) };
                // Read after the snapshot was opened, a checkpoint could be ahead of it.
                let place = Place::of(snapshot, entry.pos)?;
                Ok(Some((entry, place)))
            })
            .await?;
        let Some((entry, Place { path, size, root })) = found else { return Ok(None) };
        let compact = reply_text(&shared.vault, &entry)?;
        let refusal = refusal_of(entry.outcome, &compact);
        let unproven = Unproven {
            outcome: entry.outcome,
            refusal,
            compact,
            index: entry.pos,
            path,
            replayed: true,
        };
        // Size and root come from a committed state, so this checkpoint agrees with every other.
        let note = shared.checkpoint_of(size, root).ok_or_else(|| internal("no checkpoint"))?;
        Ok(Some((entry, unproven.prove(&note))))
    }

    /// The message behind an entry, opened; `None` when it was not kept or is erased.
    pub fn message_text(&self, entry: &Entry) -> Result<Option<String>, Refusal> {
        let (Some(wrapped), Some(body)) = (&entry.wrapped_key, &entry.body) else {
            return Ok(None);
        };
        let bytes = self
            .shared
            .vault
            .unwrap(wrapped)
            .and_then(|key| key.open(Part::Message, body))
            .map_err(|_| internal("a stored message does not open"))?;
        String::from_utf8(bytes).map(Some).map_err(|_| internal("a stored message is not text"))
    }
}

/// `to` of a message that this gateway verified when it took it.
fn addressee(compact: &str) -> Option<String> {
    Some(payload_unverified(compact)?.get("to")?.as_str()?.to_owned())
}
