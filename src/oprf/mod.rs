//! Matching tokens: VOPRF(ristretto255, SHA-512), mode 0x01 of RFC 9497, for both sides.
//!
//! The client (a connector) blinds an input, the server (the tokeniser) evaluates it without seeing
//! it and proves for the whole batch that it used the published key of the epoch; the client checks
//! that proof and finalises. Owns the group elements and their wire forms; leaves the input bytes to
//! `domain::id::match_input`, quotas to `tokeniser`, epochs and their key list to the directory.
//!
//! The crate `voprf` stays behind the types of this module.

pub mod client;
mod draw;
mod element;
pub mod possession;
pub mod server;
#[cfg(test)]
mod vectors;

use crate::domain::code::{Code, Refusal};
use crate::domain::entropy::EntropyError;

pub use element::{BlindedElement, EvaluatedElement, Proof, PublicKey};

/// The suite: ristretto255 with SHA-512.
type Suite = voprf::Ristretto255;

/// Most elements in one batch; keeps an evaluation below ten milliseconds.
pub const BATCH_MAX: usize = 64;

/// Why a token was not made. Carries no bytes of any element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OprfError {
    /// Not a canonical encoding, or the identity, or a malformed proof.
    #[error("element or proof is malformed")]
    Element,
    /// No element, more than [`BATCH_MAX`], or not as many answers as questions.
    #[error("batch is empty, too large or of another length")]
    Batch,
    /// The proof does not hold for this key: another key, another epoch, or changed elements.
    #[error("the tokeniser's proof does not hold")]
    Proof,
    /// The input cannot be blinded, or no key comes of the seed: unreachable for honest values.
    #[error("input or seed cannot be used")]
    Input,
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl From<OprfError> for Refusal {
    fn from(error: OprfError) -> Self {
        match error {
            OprfError::Element | OprfError::Input => Self::new(Code::ElementMalformed),
            OprfError::Batch => Self::new(Code::ElementMalformed).detail(
                format!("每批须有1至{BATCH_MAX}个元素，且应答数与请求数一致"),
                format!("a batch holds 1 to {BATCH_MAX} elements, as many answers as questions"),
            ),
            OprfError::Proof => Self::new(Code::OprfProof),
            OprfError::Entropy(_) => Self::new(Code::Internal),
        }
    }
}
