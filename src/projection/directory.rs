//! Participants, keys, agreements and consents as the log left them.

use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, notify};
use super::fold::EventMeta;
use super::joint::joint_act_key;
use super::link;
use super::past;
use super::review::{self, Topic};
use super::table::{Key, Table};
use super::view::{Overlay, ViewError};
use crate::domain::directory::{
    AgreementBody, ConsentBody, KeyBody, KeyRegistration, KeyRevocation, MessageRef,
    ParticipantBody,
};
use crate::domain::participant::ParticipantId;
use crate::domain::review::Because;
use crate::domain::time::UtcSeconds;

/// Participants, keyed by id.
pub const PARTICIPANTS: Table<ParticipantRow> = Table::new(10);
/// Keys, keyed by key id.
pub const KEYS: Table<KeyRow> = Table::new(11);
/// Agreements, keyed by (owner, agreement).
pub const AGREEMENTS: Table<AgreementRow> = Table::new(12);
/// Consents, keyed by (target sender, target id, who consents).
pub const CONSENTS: Table<ConsentRow> = Table::new(13);

/// A participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantRow {
    /// Log position of the last revision.
    pub pos: u64,
    /// The last revision.
    pub body: ParticipantBody,
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// Log position of the registration.
    pub pos: u64,
    /// The registration.
    pub registration: KeyRegistration,
    /// Its revocation and the position of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation: Option<(u64, KeyRevocation)>,
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementRow {
    /// The data owner.
    pub owner: ParticipantId,
    /// Log position of the last revision.
    pub pos: u64,
    /// The last revision.
    pub body: AgreementBody,
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRow {
    /// Who consents.
    pub by: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// The consent.
    pub body: ConsentBody,
    /// May a leaked key have signed it? Then it is none until it is sent again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
}

pub(super) fn participant(
    state: &mut Overlay<'_>,
    event: &EventMeta,
    body: &ParticipantBody,
) -> Result<(), ViewError> {
    let row = ParticipantRow { pos: event.pos, body: body.clone() };
    state.apply(PARTICIPANTS.put(Key::new().text(body.participant.as_str()), None, &row)?);
    past::begin(state, event.pos)
}

pub(super) fn key(
    state: &mut Overlay<'_>,
    event: &EventMeta,
    body: &KeyBody,
) -> Result<(), ViewError> {
    let row = match body {
        KeyBody::Register(registration) => {
            KeyRow { pos: event.pos, registration: registration.clone(), revocation: None }
        }
        KeyBody::Revoke(revocation) => {
            let key = Key::new().text(revocation.kid.as_str());
            let row = KEYS
                .get(state, &key)?
                .ok_or_else(|| KEYS.inconsistent("a key that was revoked is absent"))?;
            if let Some(owner) = revocation.kid.participant() {
                let concerns = Some(revocation.kid.to_string());
                notify(state, &owner, event.feed_entry(FeedChange::KeyRevoked, None, concerns))?;
                if let Some(from) = revocation.suspect_from {
                    link::suspect(state, event, &owner, from)?;
                    // Consents to joint rules are suspect as well.
                    review::touch(state, event, &Topic::CrossDistrict, Because::Suspect)?;
                    review::touch(state, event, &Topic::District(owner), Because::Suspect)?;
                }
            }
            KeyRow { revocation: Some((event.pos, revocation.clone())), ..row }
        }
    };
    state.apply(KEYS.put(Key::new().text(row.registration.kid.as_str()), None, &row)?);
    Ok(())
}

pub(super) fn agreement(
    state: &mut Overlay<'_>,
    event: &EventMeta,
    body: &AgreementBody,
) -> Result<(), ViewError> {
    let row = AgreementRow { owner: event.iss.clone(), pos: event.pos, body: body.clone() };
    let key = Key::new().text(event.iss.as_str()).text(&body.agreement);
    state.apply(AGREEMENTS.put(key, None, &row)?);
    Ok(())
}

pub(super) fn consent(
    state: &mut Overlay<'_>,
    event: &EventMeta,
    body: &ConsentBody,
) -> Result<(), ViewError> {
    let (by, body) = (event.iss.clone(), body.clone());
    let row = ConsentRow { by, pos: event.pos, at: event.at, body, suspect: false };
    state.apply(CONSENTS.put(consent_key(&row), None, &row)?);
    Ok(())
}

/// A key of `by` has leaked: marks its consents since `from`, and gives back what they were to.
pub(super) fn suspect_consents(
    state: &mut Overlay<'_>,
    by: &ParticipantId,
    from: UtcSeconds,
) -> Result<Vec<MessageRef>, ViewError> {
    let mut targets = Vec::new();
    for mut row in CONSENTS.all(state)? {
        if row.by == *by && from <= row.at && !row.suspect {
            row.suspect = true;
            targets.push(row.body.target.clone());
            state.apply(CONSENTS.put(consent_key(&row), None, &row)?);
        }
    }
    Ok(targets)
}

fn consent_key(row: &ConsentRow) -> Key {
    joint_act_key(&row.body.target).text(row.by.as_str())
}
