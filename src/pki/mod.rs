//! Development CA, certificates and revocation lists, made at run time.
//!
//! Owns what a certificate says and how it is written to disk; the only module that names `rcgen`.
//! Leaves what TLS does with certificates to `net`. No key is ever part of the repository.

mod ca;
mod credential;
mod files;
mod profile;
mod serial;

pub use ca::{Ca, LOCAL_NAMES};
pub use credential::{Credential, Leaf, PrivateKeyPem};
pub use files::{write_private, write_public};
pub use profile::{CA_DAYS_MAX, CRL_HOURS_MAX, LEAF_DAYS_MAX, Profile};
pub use serial::Serial;

/// Why the CA made nothing.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// The profile is not the TOML that is expected, or a lifetime lies outside its bounds.
    #[error("CA profile: {0}")]
    Profile(String),
    /// A certificate or key on disk cannot be read, or the two do not belong together.
    #[error("CA certificate and key: {0}")]
    Load(&'static str),
    /// A certificate signing request is malformed, unproven, too large or has a key that is not
    /// P-256, P-384 or Ed25519.
    #[error("certificate signing request: {0}")]
    Request(&'static str),
    /// A name cannot stand in a certificate.
    #[error("not a DNS name or IP address")]
    Name,
    /// No randomness for a serial number.
    #[error(transparent)]
    Entropy(#[from] crate::domain::entropy::EntropyError),
    /// The library refused to build or sign.
    #[error("signing failed: {0}")]
    Sign(#[from] rcgen::Error),
}
