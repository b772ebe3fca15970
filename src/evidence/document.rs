//! The payload of a `ydt-directory+jwt`, member by member.

use serde::Deserialize;
use serde_json::Value;

use super::error::EvidenceError;
use crate::domain::directory::{AgreementBody, ParticipantBody, PublicJwk};
use crate::domain::participant::{KeyId, ParticipantId};
use crate::domain::time::UtcSeconds;
use crate::jws::{Algorithm, Digest, Jwk, KeyEntry, KeyRecord, KeyUse, LogPosition};
use crate::oprf;

/// The payload. Closed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub iss: ParticipantId,
    pub iat: UtcSeconds,
    pub version: u64,
    pub previous: Option<Digest>,
    pub next_update: UtcSeconds,
    pub log: LogPosition,
    pub participants: Vec<ParticipantBody>,
    pub keys: Vec<KeyRow>,
    pub agreements: Vec<Agreement>,
}

/// An agreement and who owns the data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The data owner, who signed it.
    pub owner: ParticipantId,
    /// What was agreed.
    pub agreement: AgreementBody,
}

/// A key as the directory lists it; the owner is the one that `kid` names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyRow {
    kid: KeyId,
    #[serde(rename = "use")]
    key_use: KeyUse,
    jwk: PublicJwk,
    nbf: UtcSeconds,
    exp: UtcSeconds,
    epoch: Option<u32>,
    pub revoked_from: Option<UtcSeconds>,
    suspect_from: Option<UtcSeconds>,
}

impl Document {
    /// Reads a payload whose signature holds.
    pub(super) fn parse(payload: Value) -> Result<Self, EvidenceError> {
        let form = EvidenceError::DirectoryForm;
        let document: Self =
            serde_json::from_value(payload).map_err(|_| form("not the closed set of members"))?;
        match (document.version, document.previous) {
            (0, _) => Err(form("versions begin at 1")),
            (1, Some(_)) => Err(form("the first version has no predecessor")),
            (2.., None) => Err(form("a later version names its predecessor")),
            _ => Ok(document),
        }
    }
}

impl KeyRow {
    /// Does it evaluate blinded elements instead of signing?
    pub(super) fn is_oprf(&self) -> bool {
        self.key_use == KeyUse::Oprf
    }

    /// Epoch and key of an `oprf` row.
    pub(super) fn oprf_key(&self) -> Option<(u32, oprf::PublicKey)> {
        let shape = self.jwk.kty == "OKP" && self.jwk.crv == "ristretto255";
        let key = serde_json::from_value(Value::from(self.jwk.x.as_str())).ok()?;
        shape.then_some((self.epoch?, key))
    }

    /// The record of a key that signs.
    pub(super) fn record(self) -> Option<KeyRecord> {
        let PublicJwk { kty, crv, x } = self.jwk;
        let jwk: Jwk =
            serde_json::from_value(serde_json::json!({"kty": kty, "crv": crv, "x": x})).ok()?;
        let entry = KeyEntry {
            participant: self.kid.participant()?,
            kid: self.kid,
            key_use: self.key_use,
            alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
            jwk,
            nbf: self.nbf,
            exp: self.exp,
            revoked_from: self.revoked_from,
            suspect_from: self.suspect_from,
        };
        KeyRecord::try_from(entry).ok()
    }
}
