//! The directory as of a log position: who takes part, with which keys, under which agreements.
//! A read-mostly snapshot: built from the tables when a directory message was committed, swapped
//! whole.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::domain::code::{Code, Refusal};
use crate::domain::context::Purpose;
use crate::domain::directory::{
    AgreementGrant, KeyRegistration, ParticipantBody, ParticipantKind, Residence, Standing,
};
use crate::domain::participant::{KeyId, ParticipantId};
use crate::domain::registry::{Class, MessageType};
use crate::domain::time::UtcSeconds;
use crate::jws::{Algorithm, Jwk, KeyEntry, KeyLookup, KeyRecord, KeyUse, PublicKey};
use crate::projection::{
    AGREEMENTS, AgreementRow, AsOf, KEYS, KeyRow, PARTICIPANTS, ParticipantRow, View, ViewError,
};

/// A snapshot of the directory.
#[derive(Debug, Default)]
pub struct Directory {
    participants: BTreeMap<ParticipantId, ParticipantRow>,
    keys: HashMap<KeyId, (Arc<KeyRecord>, KeyRow)>,
    oprf: BTreeMap<u32, KeyRow>,
    agreements: Vec<AgreementRow>,
    /// The day whose agreements count, where it is not the day asked about.
    agreed_on: Option<Date>,
    pinned: Option<Arc<KeyRecord>>,
}

/// What holds before the first message: the operator and its directory key, pinned in
/// configuration. The first messages of the log are signed with that key and register everything,
/// the key itself included.
#[derive(Clone, Debug)]
pub struct Pinned {
    /// The operator.
    pub participant: ParticipantBody,
    /// Its directory key.
    pub key: Arc<KeyRecord>,
}

impl Directory {
    /// Reads the directory from the tables.
    pub fn load(view: &dyn View, pinned: &Pinned) -> Result<Self, ViewError> {
        let directory = Self::without_agreements(view, pinned)?;
        Ok(Self { agreements: AGREEMENTS.all(view)?, ..directory })
    }

    fn without_agreements(view: &dyn View, pinned: &Pinned) -> Result<Self, ViewError> {
        let mut directory = Self::default();
        let operator = ParticipantRow { pos: 0, body: pinned.participant.clone() };
        directory.participants.insert(pinned.participant.participant.clone(), operator);
        directory.pinned = Some(Arc::clone(&pinned.key));
        for row in PARTICIPANTS.all(view)? {
            directory.participants.insert(row.body.participant.clone(), row);
        }
        for row in KEYS.all(view)? {
            if row.registration.use_ == "oprf" {
                directory.oprf.insert(row.registration.epoch.unwrap_or(0), row);
                continue;
            }
            let record = key_record(&row)
                .ok_or_else(|| KEYS.inconsistent("a registered key does not parse"))?;
            directory.keys.insert(row.registration.kid.clone(), (Arc::new(record), row));
        }
        Ok(directory)
    }

    /// The directory of an earlier state, `past`, with the agreements of `today`: whoever reads
    /// today needs leave today, whatever was allowed then.
    pub fn as_of(
        past: &AsOf<'_>,
        pinned: &Pinned,
        now: &Self,
        today: Date,
    ) -> Result<Self, ViewError> {
        let directory = Self::without_agreements(past, pinned)?;
        Ok(Self { agreements: now.agreements.clone(), agreed_on: Some(today), ..directory })
    }

    /// A participant.
    pub fn participant(&self, id: &ParticipantId) -> Option<&ParticipantRow> {
        self.participants.get(id)
    }

    /// Every participant in order of id.
    pub fn participants(&self) -> impl Iterator<Item = &ParticipantRow> {
        self.participants.values()
    }

    /// Every key in order of id.
    pub fn keys(&self) -> Vec<&KeyRow> {
        let mut keys: Vec<_> =
            self.keys.values().map(|(_, row)| row).chain(self.oprf.values()).collect();
        keys.sort_by(|a, b| a.registration.kid.cmp(&b.registration.kid));
        keys
    }

    /// Every agreement.
    pub fn agreements(&self) -> &[AgreementRow] {
        &self.agreements
    }

    /// The active districts: each must be covered by an answer.
    pub fn districts(&self) -> impl Iterator<Item = &ParticipantId> {
        self.participants
            .values()
            .filter(|row| row.body.kind == ParticipantKind::District)
            .map(|row| &row.body.participant)
    }

    /// Is the tokeniser's epoch known?
    pub fn has_epoch(&self, epoch: u32) -> bool {
        self.oprf.contains_key(&epoch)
    }

    /// The tokeniser's public key of an epoch, base64url.
    pub fn oprf_key(&self, epoch: u32) -> Option<&KeyRow> {
        self.oprf.get(&epoch)
    }

    /// Is there such a participant, and may it do anything at all?
    pub fn check_standing(&self, id: &ParticipantId) -> Result<&ParticipantRow, Refusal> {
        let row = self.participants.get(id).ok_or(Code::PeerUnknown)?;
        match row.body.standing {
            Standing::Active => Ok(row),
            Standing::Suspended => Err(Code::PeerSuspended.into()),
        }
    }

    /// May this participant send messages of this type with a key of this use?
    pub fn check_may_send(
        &self,
        id: &ParticipantId,
        ty: MessageType,
        key_use: KeyUse,
    ) -> Result<(), Refusal> {
        let row = self.check_standing(id)?;
        let wanted = match (ty.class(), row.body.kind) {
            (Class::Directory, ParticipantKind::Gateway) => KeyUse::Directory,
            _ => KeyUse::Message,
        };
        if key_use != wanted {
            return Err(Code::KeyUse.into());
        }
        // What the gateway tells of itself, it alone may send, and always.
        if ty.class() == Class::Internal {
            let own = row.body.kind == ParticipantKind::Gateway;
            return if own { Ok(()) } else { Err(Code::NotPermitted.into()) };
        }
        let listed = row.body.may_send.iter().any(|mt| mt == ty.as_str());
        if listed { Ok(()) } else { Err(Code::NotPermitted.into()) }
    }

    /// Is what `owner` sent at this time and log position suspect, because a key of its own has
    /// leaked since? It stays so until the owner sends it again, after the revocation and with
    /// another key. Every record of the time counts, whichever key signed it: a thief could have
    /// used any that was in reach.
    pub fn is_suspect(&self, owner: &ParticipantId, at: UtcSeconds, pos: u64) -> bool {
        self.keys.values().any(|(key, row)| {
            key.participant() == owner
                && row.revocation.as_ref().is_some_and(|(revoked, revocation)| {
                    pos < *revoked && revocation.suspect_from.is_some_and(|from| from <= at)
                })
        })
    }

    /// The line of an agreement by which `owner` lets `user` use records of `kind` for `purpose`.
    pub fn permission(
        &self,
        owner: &ParticipantId,
        user: &ParticipantId,
        kind: &str,
        purpose: Purpose,
        day: Date,
    ) -> Option<(&AgreementRow, &AgreementGrant)> {
        let day = self.agreed_on.unwrap_or(day);
        self.agreements
            .iter()
            .filter(|row| row.owner == *owner && row.body.residence == Residence::Hub)
            .filter(|row| !row.body.withdrawn && row.body.validity.contains(day))
            .filter(|row| row.body.users.is_empty() || row.body.users.contains(user))
            .find_map(|row| {
                let line = row
                    .body
                    .grants
                    .iter()
                    .find(|g| g.kind == kind && g.purposes.contains(&purpose))?;
                Some((row, line))
            })
    }
}

impl KeyLookup for Directory {
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>> {
        let registered = self.keys.get(kid).map(|(record, _)| Arc::clone(record));
        // Once the pinned key is registered, its row counts: it may have been revoked.
        registered.or_else(|| self.pinned.clone().filter(|key| key.kid() == kid))
    }
}

/// The key as the seal checks it; `None` when the row does not parse.
fn key_record(row: &KeyRow) -> Option<KeyRecord> {
    let registration = &row.registration;
    let (key_use, public) = parse_key(registration).ok()?;
    let entry = KeyEntry {
        kid: registration.kid.clone(),
        participant: registration.kid.participant()?,
        key_use,
        alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
        jwk: public.to_jwk(),
        nbf: registration.nbf,
        exp: registration.exp,
        revoked_from: row.revocation.as_ref().map(|(_, r)| r.revoked_from),
        suspect_from: row.revocation.as_ref().and_then(|(_, r)| r.suspect_from),
    };
    KeyRecord::try_from(entry).ok()
}

/// Use and public key of a registration, checked as `formats.md` §2 asks.
pub(super) fn parse_key(registration: &KeyRegistration) -> Result<(KeyUse, PublicKey), Refusal> {
    let key_use = KeyUse::deserialize(Value::from(registration.use_.as_str()))
        .map_err(|_| Refusal::new(Code::KeyUse).at("/body/use", "a key use"))?;
    let jwk = Jwk::deserialize(json!(registration.jwk))
        .map_err(|_| Refusal::new(Code::KeyNotCanonical).at("/body/jwk", "OKP, Ed25519, x"))?;
    Ok((key_use, PublicKey::try_from(&jwk)?))
}
