//! The directory: participants, keys, agreements, consents, as bodies of logged messages.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::citation::Citation;
use super::context::Purpose;
use super::participant::{KeyId, ParticipantId};
use super::text::Text;
use super::time::{UtcSeconds, Validity};

/// What a participant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParticipantKind {
    /// A district office.
    District,
    /// Read-only, case-bound, own quota.
    Auditor,
    /// The body that evaluates blinded identifiers.
    Tokeniser,
    /// The operator of the gateway.
    Gateway,
}

/// Standing of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// May send and ask.
    Active,
    /// Everything is refused, at once, until reinstated.
    Suspended,
}

/// `participant/1`, sent by the operator: creates or replaces a participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParticipantBody {
    /// The participant.
    pub participant: ParticipantId,
    /// 1, 2, 3 … without gaps.
    pub revision: u32,
    /// What it is.
    pub kind: ParticipantKind,
    /// GB/T 2260 code, six digits; absent for those that are no district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Names of the office.
    pub name: Text,
    /// Public contact of the office: a telephone or mail address of the office, not of a person.
    pub contact: String,
    /// Standing.
    pub standing: Standing,
    /// Message types (`certification/1`) that it may send.
    pub may_send: Vec<String>,
}

/// A public key as JWK (RFC 8037): `kty` OKP, `crv` Ed25519. An OPRF key uses `crv` ristretto255.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicJwk {
    /// `OKP`
    pub kty: String,
    /// `Ed25519` or `ristretto255`
    pub crv: String,
    /// 32 bytes, base64url
    pub x: String,
}

/// `key/1`: registers or revokes a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum KeyBody {
    /// A new key; sent by the operator after a fingerprint was compared by other means.
    Register(KeyRegistration),
    /// Revocation; sent by the operator or by the participant with any message key of its own.
    Revoke(KeyRevocation),
}

/// A new key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRegistration {
    /// Its id, `<participant>#<name>`.
    pub kid: KeyId,
    /// Its use: `message`, `receipt`, `directory`, `log`, `cosign`, `credential`, `tls`, `oprf`.
    #[serde(rename = "use")]
    pub use_: String,
    /// The public key.
    pub jwk: PublicJwk,
    /// First second of validity.
    pub nbf: UtcSeconds,
    /// Last second of validity.
    pub exp: UtcSeconds,
    /// Epoch of an `oprf` key, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// Nonce that the operator gave for the proof of possession; base64url of 16 bytes.
    pub nonce: String,
    /// Signature of the new key over the proof text (`formats.md` §2), base64url; for an `oprf`
    /// key a proof over a published input.
    pub proof: String,
}

/// A revocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRevocation {
    /// The key.
    pub kid: KeyId,
    /// From when on signatures fail.
    pub revoked_from: UtcSeconds,
    /// From when on records signed with it are suspect (a leaked key).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspect_from: Option<UtcSeconds>,
    /// Why.
    pub reason: String,
}

/// Where the data of an agreement lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Residence {
    /// At the gateway.
    Hub,
    /// At the source; shows as not covered.
    Source,
}

/// `agreement/1`, sent by the data owner: which participants may use which record kinds and fields
/// for which purposes (数据授权协议). Deny by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementBody {
    /// Id of the agreement in the owner's system.
    pub agreement: String,
    /// 1, 2, 3 … without gaps.
    pub revision: u32,
    /// Who may use the data; empty means every district.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<ParticipantId>,
    /// What may be used.
    pub grants: Vec<AgreementGrant>,
    /// Legal basis of the agreement.
    pub legal_basis: Citation,
    /// When it is in force.
    pub validity: Validity,
    /// Where the data lie.
    pub residence: Residence,
    /// Largest age of a `reconcile/1`, in hours, for the data to count as covered.
    pub max_age_hours: u32,
    /// Is it withdrawn by this revision?
    #[serde(default)]
    pub withdrawn: bool,
}

/// One line of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementGrant {
    /// Record kind: the part of the message type before `/`, `certification`, `funding` …
    pub kind: String,
    /// For which purposes.
    pub purposes: Vec<Purpose>,
    /// Fields that may be answered; empty means yes/no and months only.
    pub fields: Vec<String>,
}

/// `consent/1`: a participant approves or withdraws its approval of a joint act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// The message that needs approval.
    pub target: MessageRef,
    /// Approve or withdraw.
    pub decision: ConsentDecision,
    /// Day of the decision.
    pub date: Date,
}

/// What a consent says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentDecision {
    /// 同意
    Approve,
    /// 撤回
    Withdraw,
}

/// A logged message, by sender and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageRef {
    /// Its sender.
    pub iss: ParticipantId,
    /// Its id.
    pub jti: uuid::Uuid,
}
