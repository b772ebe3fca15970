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
//! ```compile_fail
//! use talent_gateway::jws::{Typ, Verified};
//! let forged = Verified { typ: Typ::Message, payload: serde_json::json!({"iss": "qingpu"}) };
//! ```
//!
//! and from an [`Unverified`] one learns nothing but the `kid`:
//!
//! ```compile_fail
//! fn peek(message: talent_gateway::jws::Unverified<'_>) -> serde_json::Value {
//!     message.payload
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
pub use self::possession::{check_proof, prove, signing_input as proof_signing_input};
pub use self::receipt::{
    Acceptance, AnswerClaims, HoldRank, ItemOutcome, LogPosition, MessageRef, Outcome,
    ReceiptClaims, Resolution,
};
pub use self::signing::{ParsePrivateKeyError, SigningKey};
pub use self::verified::{Verified, VerifiedMessage};

#[cfg(test)]
mod tests;
