//! The seal: JWS compact (RFC 7515) in the profile of this project, keys and their checks.
//!
//! Owns the header, the signature, the claims around a body, receipts, answers, keys and the proof
//! that someone has one. Leaves to `gateway` who may send what, and the order with replay and
//! schema. Nothing here reads a clock, opens a connection or draws randomness.
//!
//! The steps are types, so that nothing unverified can be used by mistake:
//!
//! ```text
//! &str ──Compact::parse──▶ Compact ──header(Typ)──▶ Unverified ──verify(key, now)──▶ Verified
//!   size, base64url, digest      strict header, kid only       signature, strict payload
//!
//! Verified ──into_message / into_receipt / into_answer──▶ claims and body
//!             closed claims, iss owns kid, key valid at iat
//! ```
//!
//! A [`Verified`] comes from the verifier alone; there is no other way to make one:
//!
//! ```compile_fail,E0451
//! # use talent_gateway::jws::{Digest, Header, KeyRecord, Verified};
//! # use std::sync::Arc;
//! fn forge(header: Header, key: Arc<KeyRecord>, digest: Digest) -> Verified {
//!     Verified { header, key, digest, payload: serde_json::json!({"iss": "qingpu"}) }
//! }
//! ```
//!
//! and an [`Unverified`] tells nothing but the `kid`:
//!
//! ```compile_fail,E0616
//! # use talent_gateway::jws::{Compact, Unverified};
//! fn peek(message: Unverified<'_>) -> Compact<'_> {
//!     message.compact
//! }
//! ```
//!
//! The one way through:
//!
//! ```
//! use talent_gateway::domain::{code::Refusal, participant::ParticipantId, time::UtcSeconds};
//! use talent_gateway::json::Bounds;
//! use talent_gateway::jws::{
//!     Compact, KeyLookup, KeyUse, LIFETIME_ONLINE_MAX_SECONDS, Typ, VerifiedMessage,
//! };
//!
//! fn receive(
//!     text: &str,
//!     keys: &dyn KeyLookup,
//!     peer: &ParticipantId,
//!     service: &ParticipantId,
//!     now: UtcSeconds,
//! ) -> Result<VerifiedMessage, Refusal> {
//!     let compact = Compact::parse(text, &Bounds::MESSAGE)?;
//!     let verified = compact.header(Typ::Message)?.verify_with(keys, now)?;
//!     let message = verified.into_message(|_mt, key_use| key_use == KeyUse::Message)?;
//!     message.check_peer(peer)?;
//!     message.claims().check_audience(service)?;
//!     message.claims().check_time(now, LIFETIME_ONLINE_MAX_SECONDS)?;
//!     Ok(message)
//! }
//! ```

mod base64url;
mod claims;
mod compact;
mod digest;
mod header;
mod key;
mod key_file;
mod key_record;
mod members;
mod possession;
mod receipt;
mod signing;
mod verified;

pub use self::claims::{
    CLOCK_SKEW_SECONDS, Jti, LIFETIME_ONLINE_MAX_SECONDS, MessageClaims, MessageType, SchemaPin,
};
pub use self::compact::{Compact, Unverified};
pub use self::digest::Digest;
pub use self::header::{Algorithm, Header, Typ};
pub use self::key::{Curve, Jwk, KeyType, PublicKey};
pub use self::key_file::{KeyFileError, read_private_pem, write_private_pem};
pub use self::key_record::{KeyEntry, KeyLookup, KeyRecord, KeyUse};
pub use self::possession::{check_proof, possession_text, prove};
pub use self::receipt::{
    Acceptance, AnswerClaims, HoldRank, ItemOutcome, LogPosition, MessageRef, Outcome,
    ReceiptClaims, Resolution,
};
pub use self::signing::{ParsePrivateKeyError, SigningKey};
pub use self::verified::{Verified, VerifiedMessage};

#[cfg(test)]
mod tests;
