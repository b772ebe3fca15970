//! What the CA hands out: certificates, and keys that stay out of logs.

use std::fmt;

use zeroize::Zeroizing;

use super::Serial;
use crate::domain::time::UtcSeconds;

/// A private key as PKCS #8 PEM. `Debug` hides it and memory is wiped on drop.
pub struct PrivateKeyPem(Zeroizing<String>);

impl PrivateKeyPem {
    pub(super) fn new(pem: String) -> Self {
        Self(Zeroizing::new(pem))
    }

    /// The PEM text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateKeyPem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKeyPem(..)")
    }
}

/// A certificate that the CA issued.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The certificate as PEM.
    pub pem: String,
    /// Its serial number, by which it can be revoked.
    pub serial: Serial,
    /// Last second of its life.
    pub not_after: UtcSeconds,
}

/// A certificate together with the key the CA made for it.
#[derive(Debug)]
pub struct Credential {
    /// The certificate.
    pub leaf: Leaf,
    /// Its private key.
    pub key: PrivateKeyPem,
}
