//! `[listener]`: where participants connect, and which certificates count.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::rebase;

/// A TLS 1.3 listener that asks every client for a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenerSection {
    /// Where it listens; port 0 takes any free one.
    pub address: SocketAddr,
    /// Own certificate chain, leaf first (PEM).
    pub certificate: PathBuf,
    /// Its private key (PEM), mode 0600.
    pub key: PathBuf,
    /// Roots of client certificates (PEM).
    pub client_roots: PathBuf,
    /// Revocation lists (PEM). Without a current one every client is refused.
    pub crl: PathBuf,
}

impl ListenerSection {
    pub(super) fn rebase(&mut self, folder: &Path) {
        for path in [&mut self.certificate, &mut self.key, &mut self.client_roots, &mut self.crl] {
            rebase(path, folder);
        }
    }
}
