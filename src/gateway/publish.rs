//! The signed directory document: participants, keys and agreements with a version and the hash of
//! the version before, so that a rollback shows (`formats.md` §1.6).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::directory::Directory;
use super::ports::{Entry, GroupTx, Outcome, Snapshot};
use super::shared::Shared;
use crate::domain::time::UtcSeconds;
use crate::jws::{Digest, Typ};
use crate::log::Leaf;
use crate::projection::ViewError;

/// Name of the value that holds the newest document.
const META: &str = "directory";
/// How long a document may be used before a newer one must be asked for, in seconds.
const NEXT_UPDATE_SECONDS: i64 = 24 * 3_600;

/// Age at which the document is signed anew although nothing changed: well before it runs out.
const SIGN_ANEW_SECONDS: i64 = NEXT_UPDATE_SECONDS / 2;

/// `mt` of the entries that hold directory documents.
pub const DIRECTORY_ENTRY: &str = "directory";

/// A signed directory document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// 1, 2, 3 …
    pub version: u64,
    /// When it was signed.
    pub at: UtcSeconds,
    /// Log position of its leaf.
    pub index: u64,
    /// The exact `ydt-directory+jwt`.
    pub compact: String,
}

impl Document {
    /// The newest document, if there is one.
    pub(super) fn load(snapshot: &dyn Snapshot) -> Result<Option<Self>, ViewError> {
        let broken = |_| ViewError::Inconsistent { table: 0, what: "the stored directory" };
        snapshot.meta(META)?.map(|value| serde_json::from_slice(&value).map_err(broken)).transpose()
    }

    /// Is it time to sign it anew?
    pub(super) fn is_due(&self, now: UtcSeconds) -> bool {
        self.at.plus_seconds(SIGN_ANEW_SECONDS) <= now
    }

    /// Its entry in the log.
    pub(super) fn entry(&self, shared: &Shared, leaf: Leaf, pos: u64, at: UtcSeconds) -> Entry {
        Entry {
            pos,
            at,
            iss: shared.id.clone(),
            jti: shared.ids.uuid_v7(),
            mt: DIRECTORY_ENTRY.to_owned(),
            digest: leaf.digest,
            outcome: Outcome::Accepted,
            leaf: leaf.hash(),
            reply_digest: leaf.digest,
            reply: self.compact.clone().into_bytes(),
            wrapped_key: None,
            body: None,
        }
    }
}

/// Signs the next document and keeps it.
pub(super) fn document(
    shared: &Shared,
    tx: &mut dyn GroupTx,
    directory: &Directory,
    at: UtcSeconds,
    index: u64,
) -> Result<Document, ViewError> {
    let previous = Document::load(tx.snapshot())?;
    let version = previous.as_ref().map_or(0, |d| d.version) + 1;
    let keys: Vec<_> = directory
        .keys()
        .into_iter()
        .map(|row| {
            json!({
                "kid": row.registration.kid,
                "use": row.registration.use_,
                "jwk": row.registration.jwk,
                "nbf": row.registration.nbf,
                "exp": row.registration.exp,
                "epoch": row.registration.epoch,
                "revoked_from": row.revocation.as_ref().map(|(_, r)| r.revoked_from),
                "suspect_from": row.revocation.as_ref().and_then(|(_, r)| r.suspect_from),
            })
        })
        .collect();
    let participants: Vec<_> = directory.participants().map(|row| &row.body).collect();
    let agreements: Vec<_> = directory
        .agreements()
        .iter()
        .map(|row| json!({ "owner": row.owner, "agreement": row.body }))
        .collect();
    let payload = json!({
        "iss": shared.id,
        "iat": at,
        "version": version,
        "previous": previous.as_ref().map(|d| Digest::of(&d.compact)),
        "next_update": at.plus_seconds(NEXT_UPDATE_SECONDS),
        "log": { "origin": shared.origin.as_str(), "index": index },
        "participants": participants,
        "keys": keys,
        "agreements": agreements,
    });
    let compact = shared.directory_key.sign(Typ::Directory, payload.to_string().as_bytes());
    let document = Document { version, at, index, compact };
    let value = serde_json::to_vec(&document)
        .map_err(|_| ViewError::Inconsistent { table: 0, what: "the directory document" })?;
    tx.put_meta(META, &value)?;
    Ok(document)
}
