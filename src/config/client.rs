//! `[client]`: the certificate that a participant shows when it calls, and whom it believes.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::rebase;

/// Outbound TLS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSection {
    /// Own client certificate chain, leaf first (PEM); it names the participant in its SAN URI.
    pub certificate: PathBuf,
    /// Its private key (PEM), mode 0600.
    pub key: PathBuf,
    /// Roots of server certificates (PEM).
    pub roots: PathBuf,
    /// Revocation lists (PEM). Without a current one every server is refused.
    pub crl: PathBuf,
}

impl ClientSection {
    pub(super) fn rebase(&mut self, folder: &Path) {
        for path in [&mut self.certificate, &mut self.key, &mut self.roots, &mut self.crl] {
            rebase(path, folder);
        }
    }
}
