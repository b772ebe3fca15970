//! What the directory says about a key: owner, use, algorithms, time (`formats.md` §2).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::header::{Algorithm, Typ};
use super::key::{Jwk, PublicKey};
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::{KeyId, ParticipantId};
use crate::domain::time::UtcSeconds;

/// What a key is for. One key has one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyUse {
    /// Messages of a participant.
    Message,
    /// Receipts and answers.
    Receipt,
    /// The directory and the operator's messages about participants and keys.
    Directory,
    /// Checkpoints of a log.
    Log,
    /// Cosignatures of a witness.
    Cosign,
    /// Credentials and status lists.
    Credential,
    /// TLS certificates.
    Tls,
    /// Blinded evaluation.
    Oprf,
}

impl KeyUse {
    /// The text, as in key records and in the proof of possession.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Receipt => "receipt",
            Self::Directory => "directory",
            Self::Log => "log",
            Self::Cosign => "cosign",
            Self::Credential => "credential",
            Self::Tls => "tls",
            Self::Oprf => "oprf",
        }
    }
}

/// A key record as it is written; [`KeyRecord`] is made from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    /// Key id; its first part is the owner.
    pub kid: KeyId,
    /// Owner.
    pub participant: ParticipantId,
    /// The one use.
    #[serde(rename = "use")]
    pub key_use: KeyUse,
    /// Names of algorithms that the header may give, at least one.
    pub alg: Vec<Algorithm>,
    /// The public key.
    pub jwk: Jwk,
    /// First second of validity.
    pub nbf: UtcSeconds,
    /// First second after validity.
    pub exp: UtcSeconds,
    /// Signatures from this second on are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_from: Option<UtcSeconds>,
    /// What was logged from this second on is suspect until its district confirms it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspect_from: Option<UtcSeconds>,
}

/// A key that may be used, and what for. The owner is the one that `kid` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "KeyEntry", into = "KeyEntry")]
pub struct KeyRecord {
    kid: KeyId,
    participant: ParticipantId,
    key_use: KeyUse,
    alg: Vec<Algorithm>,
    public: PublicKey,
    nbf: UtcSeconds,
    exp: UtcSeconds,
    revoked_from: Option<UtcSeconds>,
    suspect_from: Option<UtcSeconds>,
}

impl KeyRecord {
    /// The key id.
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// The owner.
    pub fn participant(&self) -> &ParticipantId {
        &self.participant
    }

    /// The one use.
    pub fn key_use(&self) -> KeyUse {
        self.key_use
    }

    /// The public key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// From when on the key is refused, if ever.
    pub fn revoked_from(&self) -> Option<UtcSeconds> {
        self.revoked_from
    }

    /// From when on what the key signed is suspect, if ever.
    pub fn suspect_from(&self) -> Option<UtcSeconds> {
        self.suspect_from
    }

    /// May the key sign this type, under this algorithm name?
    ///
    /// # Errors
    /// [`Code::KeyUse`], [`Code::AlgorithmNotAllowed`].
    pub fn check_fit(&self, typ: Typ, alg: Algorithm) -> Result<(), Refusal> {
        if !typ.permits(self.key_use) {
            return Err(Code::KeyUse.into());
        }
        if !self.alg.contains(&alg) {
            return Err(Code::AlgorithmNotAllowed.into());
        }
        Ok(())
    }

    /// Is the key in force at `at`?
    ///
    /// # Errors
    /// [`Code::KeyRevoked`], [`Code::KeyNotValid`].
    pub fn check_in_force(&self, at: UtcSeconds) -> Result<(), Refusal> {
        if self.revoked_from.is_some_and(|from| from <= at) {
            return Err(Code::KeyRevoked.into());
        }
        if at < self.nbf || self.exp <= at {
            return Err(Code::KeyNotValid.into());
        }
        Ok(())
    }

    /// Both checks.
    ///
    /// # Errors
    /// Those of [`Self::check_fit`] and [`Self::check_in_force`].
    pub fn check(&self, typ: Typ, alg: Algorithm, at: UtcSeconds) -> Result<(), Refusal> {
        self.check_fit(typ, alg)?;
        self.check_in_force(at)
    }
}

/// Where keys are found: the directory snapshot, an evidence bundle, a test. Never the network.
pub trait KeyLookup {
    /// The record of `kid`.
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>>;
}

impl TryFrom<KeyEntry> for KeyRecord {
    type Error = Refusal;

    fn try_from(entry: KeyEntry) -> Result<Self, Refusal> {
        let public = PublicKey::try_from(&entry.jwk)?;
        let invalid = |pointer, expected| Refusal::new(Code::ClaimsInvalid).at(pointer, expected);
        if entry.kid.participant().as_ref() != Some(&entry.participant) {
            return Err(invalid("/participant", "the participant that kid names"));
        }
        if entry.alg.is_empty() {
            return Err(invalid("/alg", "at least one algorithm"));
        }
        if entry.exp <= entry.nbf {
            return Err(invalid("/exp", "later than nbf"));
        }
        let KeyEntry {
            kid, participant, key_use, alg, nbf, exp, revoked_from, suspect_from, ..
        } = entry;
        Ok(Self { kid, participant, key_use, alg, public, nbf, exp, revoked_from, suspect_from })
    }
}

impl From<KeyRecord> for KeyEntry {
    fn from(record: KeyRecord) -> Self {
        Self {
            jwk: record.public.to_jwk(),
            kid: record.kid,
            participant: record.participant,
            key_use: record.key_use,
            alg: record.alg,
            nbf: record.nbf,
            exp: record.exp,
            revoked_from: record.revoked_from,
            suspect_from: record.suspect_from,
        }
    }
}
