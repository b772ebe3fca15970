//! The directory document that a reader trusts: participants, keys, log (`formats.md` §1.6, §2).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::document::{Agreement, Document, KeyRow};
use super::error::{EvidenceError, Part};
use crate::domain::directory::{ParticipantBody, ParticipantKind};
use crate::domain::participant::{KeyId, ParticipantId};
use crate::domain::time::UtcSeconds;
use crate::json::Bounds;
use crate::jws::{
    Algorithm, Compact, Digest, KeyEntry, KeyLookup, KeyRecord, KeyUse, LogPosition, PublicKey, Typ,
};
use crate::log::{KeyName, NoteVerifier, SignatureType};
use crate::oprf;

/// What a reader knows by other means than the network: whose directory it trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The operator of the gateway.
    pub operator: ParticipantId,
    /// Its directory key, compared by fingerprint.
    pub key: PublicKey,
}

/// A log and the keys whose checkpoints of it are believed, and cosigners if the reader knows some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKeys {
    /// The log's name.
    pub origin: KeyName,
    /// Keys of the log itself, named like it, and of cosigners.
    pub verifiers: Vec<NoteVerifier>,
}

/// A directory document whose signature leads to the pin. Only [`Self::open`] and
/// [`Self::succeed`] make one.
#[derive(Clone, Debug)]
pub struct TrustedDirectory {
    digest: Digest,
    version: u64,
    issuer: ParticipantId,
    issued_at: UtcSeconds,
    next_update: UtcSeconds,
    position: LogPosition,
    participants: BTreeMap<ParticipantId, ParticipantBody>,
    agreements: Vec<Agreement>,
    keys: HashMap<KeyId, Arc<KeyRecord>>,
    oprf: BTreeMap<u32, oprf::PublicKey>,
    log: LogKeys,
}

impl TrustedDirectory {
    /// Opens a document that the pinned key signed. `seen_version` is the newest version that the
    /// reader ever held.
    ///
    /// # Errors
    /// [`EvidenceError::DirectoryKey`] for another signer, [`EvidenceError::Seal`],
    /// [`EvidenceError::DirectoryForm`], [`EvidenceError::DirectoryRollback`].
    pub fn open(
        compact: &str,
        pin: &Pin,
        seen_version: Option<u64>,
    ) -> Result<Self, EvidenceError> {
        let pinned = |kid: &KeyId| {
            // The key is what is pinned, under whatever name its owner gives it.
            let owner = kid.participant().filter(|owner| *owner == pin.operator)?;
            let entry = KeyEntry {
                kid: kid.clone(),
                participant: owner,
                key_use: KeyUse::Directory,
                alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
                jwk: pin.key.to_jwk(),
                nbf: UtcSeconds(0),
                exp: UtcSeconds(i64::MAX),
                revoked_from: None,
                suspect_from: None,
            };
            KeyRecord::try_from(entry).ok().map(Arc::new)
        };
        let directory = Self::verified(compact, &pin.operator, pinned)?;
        match seen_version {
            Some(seen) if directory.version < seen => {
                Err(EvidenceError::DirectoryRollback { version: directory.version, seen })
            }
            _ => Ok(directory),
        }
    }

    /// Opens a later document that a directory key of *this* one signed: how trust passes on when
    /// the operator has changed its directory key, and how a reader takes up each new version.
    ///
    /// # Errors
    /// As [`Self::open`], and [`EvidenceError::DirectoryFork`] when the document is the next one
    /// but names another predecessor, or has this version and other bytes.
    pub fn succeed(&self, compact: &str) -> Result<Self, EvidenceError> {
        let listed = |kid: &KeyId| self.key(kid).filter(|key| *key.participant() == self.issuer);
        let (next, previous) = Self::verified_with_previous(compact, &self.issuer, listed)?;
        let version = next.version;
        if version < self.version {
            return Err(EvidenceError::DirectoryRollback { version, seen: self.version });
        }
        let same = version == self.version && next.digest == self.digest;
        let adjacent = version.checked_sub(1) == Some(self.version);
        let follows = if adjacent { previous == Some(self.digest) } else { version > self.version };
        if same || follows { Ok(next) } else { Err(EvidenceError::DirectoryFork { version }) }
    }

    /// SHA-256 of the exact document.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// 1, 2, 3 …: keep the newest one that was seen, for [`Self::open`].
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The operator.
    pub fn issuer(&self) -> &ParticipantId {
        &self.issuer
    }

    /// When it was signed.
    pub fn issued_at(&self) -> UtcSeconds {
        self.issued_at
    }

    /// Is a newer document due at `now`? A stale one still proves what it proves, but a revocation
    /// may be missing from it: a warning, not an error.
    pub fn is_stale(&self, now: UtcSeconds) -> bool {
        self.next_update <= now
    }

    /// Where the document's own leaf lies.
    pub fn position(&self) -> &LogPosition {
        &self.position
    }

    /// A participant: kind, names, contact of the office, standing.
    pub fn participant(&self, id: &ParticipantId) -> Option<&ParticipantBody> {
        self.participants.get(id)
    }

    /// Every participant, by id.
    pub fn participants(&self) -> impl Iterator<Item = &ParticipantBody> {
        self.participants.values()
    }

    /// Every agreement, with the owner of the data.
    pub fn agreements(&self) -> &[Agreement] {
        &self.agreements
    }

    /// The log, with every log key of the operator that is not revoked.
    ///
    /// A checkpoint has no time, so validity in time cannot be asked of a log key: one that has
    /// expired still verifies what it signed, and a revoked one verifies nothing. Evidence whose
    /// checkpoint a revoked key signed needs a new proof, which the log can give for ever.
    pub fn log(&self) -> &LogKeys {
        &self.log
    }

    /// The tokeniser's public key of an epoch; `None` too if it is revoked or no group element.
    pub fn oprf_key(&self, epoch: u32) -> Option<&oprf::PublicKey> {
        self.oprf.get(&epoch)
    }

    /// The epochs with a key that can be used, oldest first.
    pub fn oprf_epochs(&self) -> impl Iterator<Item = u32> {
        self.oprf.keys().copied()
    }

    /// Keys of one participant and use, in force or not.
    pub fn keys_of<'a>(
        &'a self,
        owner: &'a ParticipantId,
        key_use: KeyUse,
    ) -> impl Iterator<Item = &'a Arc<KeyRecord>> {
        let fits = move |k: &&Arc<KeyRecord>| k.participant() == owner && k.key_use() == key_use;
        self.keys.values().filter(fits)
    }

    /// Is this participant of that kind?
    pub(super) fn is_kind(&self, id: &ParticipantId, kind: ParticipantKind) -> bool {
        self.participants.get(id).is_some_and(|body| body.kind == kind)
    }

    fn verified(
        compact: &str,
        operator: &ParticipantId,
        trusted: impl Fn(&KeyId) -> Option<Arc<KeyRecord>>,
    ) -> Result<Self, EvidenceError> {
        Self::verified_with_previous(compact, operator, trusted).map(|(directory, _)| directory)
    }

    fn verified_with_previous(
        compact: &str,
        operator: &ParticipantId,
        trusted: impl Fn(&KeyId) -> Option<Arc<KeyRecord>>,
    ) -> Result<(Self, Option<Digest>), EvidenceError> {
        let seal = EvidenceError::seal(Part::Directory);
        let unverified = Compact::parse(compact, &Bounds::BULK)
            .and_then(|compact| compact.header(Typ::Directory))
            .map_err(&seal)?;
        let signer = trusted(unverified.kid()).ok_or(EvidenceError::DirectoryKey)?;
        let verified = unverified.verify_as_issued(&signer).map_err(&seal)?;
        let digest = verified.digest();
        let document = Document::parse(verified.into_payload())?;
        if document.iss != *operator {
            return Err(EvidenceError::DirectoryKey);
        }
        let previous = document.previous;
        Ok((Self::of(document, digest, &signer)?, previous))
    }

    fn of(
        document: Document,
        digest: Digest,
        signer: &Arc<KeyRecord>,
    ) -> Result<Self, EvidenceError> {
        let form = EvidenceError::DirectoryForm;
        let origin: KeyName = document.log.origin.parse().map_err(|_| form("the origin"))?;
        let mut directory = Self {
            digest,
            version: document.version,
            issuer: document.iss,
            issued_at: document.iat,
            next_update: document.next_update,
            position: document.log,
            participants: BTreeMap::new(),
            agreements: document.agreements,
            keys: HashMap::new(),
            oprf: BTreeMap::new(),
            log: LogKeys { origin, verifiers: Vec::new() },
        };
        for body in document.participants {
            if directory.participants.insert(body.participant.clone(), body).is_some() {
                return Err(form("a participant occurs twice"));
            }
        }
        for row in document.keys {
            directory.add(row)?;
        }
        directory.check_signer(signer)?;
        directory.add_log_keys()?;
        Ok(directory)
    }

    fn add(&mut self, row: KeyRow) -> Result<(), EvidenceError> {
        let form = EvidenceError::DirectoryForm;
        if row.is_oprf() {
            // A key that is no group element serves nobody, but must not take the receipts' keys
            // down with it; and tokens of a leaked key prove nothing any more.
            let usable = row.oprf_key().filter(|_| row.revoked_from.is_none());
            let Some((epoch, key)) = usable else { return Ok(()) };
            let before = self.oprf.insert(epoch, key);
            return if before.is_some() { Err(form("an epoch has two keys")) } else { Ok(()) };
        }
        let record = row.record().ok_or(form("a key"))?;
        let before = self.keys.insert(record.kid().clone(), Arc::new(record));
        if before.is_some() { Err(form("a key occurs twice")) } else { Ok(()) }
    }

    /// What the document says of its own signer must let it sign: a document cannot be signed by a
    /// key that it declares revoked, or by another key under the same name.
    fn check_signer(&mut self, signer: &Arc<KeyRecord>) -> Result<(), EvidenceError> {
        let Some(listed) = self.keys.get(signer.kid()) else {
            self.keys.insert(signer.kid().clone(), Arc::clone(signer));
            return Ok(());
        };
        let same = listed.public() == signer.public() && listed.key_use() == KeyUse::Directory;
        if same && listed.check_in_force(self.issued_at).is_ok() {
            Ok(())
        } else {
            Err(EvidenceError::DirectoryForm("it disowns the key that signed it"))
        }
    }

    fn add_log_keys(&mut self) -> Result<(), EvidenceError> {
        let keys = self.keys_of(&self.issuer, KeyUse::Log).filter(|k| k.revoked_from().is_none());
        let verifier = |key: &Arc<KeyRecord>| {
            let name = self.log.origin.clone();
            NoteVerifier::new(name, SignatureType::Ed25519, key.public().as_bytes())
        };
        let verifiers: Result<Vec<_>, _> = keys.map(verifier).collect();
        self.log.verifiers = verifiers.map_err(|_| EvidenceError::DirectoryForm("a log key"))?;
        Ok(())
    }
}

impl KeyLookup for TrustedDirectory {
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>> {
        self.keys.get(kid).map(Arc::clone)
    }
}
