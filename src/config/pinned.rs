//! `pinned.json`: the operator of the gateway and its directory key, compared by other means than
//! the network. Everything that the directory says is believed because of this file.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ConfigError, read_bounded};
use crate::domain::directory::ParticipantBody;
use crate::domain::participant::KeyId;
use crate::domain::time::UtcSeconds;
use crate::jws::{Algorithm, Digest, Jwk, KeyEntry, KeyRecord, KeyUse, PublicKey};

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedFile {
    /// The operator as the first entry of the log enrols it.
    pub operator: ParticipantBody,
    /// Its first directory key.
    pub key: PinnedKey,
}

/// A pinned key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedKey {
    /// Its id.
    pub kid: KeyId,
    /// The public key.
    pub jwk: Jwk,
    /// SHA-256 of the raw key: what was compared. Checked against `jwk`.
    pub fingerprint: Digest,
    /// First second of validity.
    pub nbf: UtcSeconds,
    /// First second after validity.
    pub exp: UtcSeconds,
}

impl PinnedFile {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`ConfigError`]; a fingerprint that is not that of the key is a contradiction.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = read_bounded(file)?;
        let pinned: Self =
            serde_json::from_str(&text).map_err(|error| ConfigError::json(file, &error))?;
        let contradiction = |what| ConfigError::Contradiction { file: file.to_owned(), what };
        let public = pinned.public().ok_or(contradiction("the key is not a sound Ed25519 key"))?;
        if public.fingerprint() != pinned.key.fingerprint {
            return Err(contradiction("the fingerprint is not that of the key"));
        }
        pinned.record().ok_or(contradiction("the key does not belong to the operator"))?;
        Ok(pinned)
    }

    /// The public key; `None` when it is no sound one, which [`Self::load`] refuses.
    pub fn public(&self) -> Option<PublicKey> {
        PublicKey::try_from(&self.key.jwk).ok()
    }

    /// The key as the seal checks it; `None` where [`Self::load`] refuses.
    pub fn record(&self) -> Option<Arc<KeyRecord>> {
        let entry = KeyEntry {
            kid: self.key.kid.clone(),
            participant: self.operator.participant.clone(),
            key_use: KeyUse::Directory,
            alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
            jwk: self.key.jwk.clone(),
            nbf: self.key.nbf,
            exp: self.key.exp,
            revoked_from: None,
            suspect_from: None,
        };
        KeyRecord::try_from(entry).ok().map(Arc::new)
    }
}
