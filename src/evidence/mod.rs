//! Verification of everything that the gateway gives out, needing nothing of the server.
//!
//! Owns the trusted directory, the check of a receipt or answer against the message it is about
//! and its place in the log, and the one-file bundle that an auditor keeps. Leaves signatures to
//! `jws`, hashing and proofs to `log`, bodies to `schema`. No clock, no file, no connection: a pin
//! (operator and directory key, compared by other means) and texts go in, a verdict comes out.
//!
//! ```text
//! Pin ──▶ TrustedDirectory ──▶ verify_reply(message, reply, proof) ──▶ VerifiedReply
//!           keys, log keys       seal, binding, log position, inclusion
//! ```
//!
//! `exp` is never applied here: it says until when a message may be delivered, not until when it
//! counts (`formats.md` §1.4). The byte recipes for other languages are in `docs/verify.md`.

mod bundle;
mod directory;
mod document;
mod error;
mod reply;
mod report;

pub use self::bundle::{Bundle, DirectoryPart, SchemaPart};
pub use self::directory::{LogKeys, Pin, TrustedDirectory};
pub use self::document::Agreement;
pub use self::error::{Binding, EvidenceError, Fault, Part};
pub use self::reply::{
    ReplyClaims, VerifiedReply, VerifiedTokenAnswer, verify_reply, verify_reply_alone,
    verify_token_answer,
};
pub use self::report::{Check, Report, Step, Verdict};
