//! A private key: its id and its file.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::rebase;
use crate::domain::participant::KeyId;

/// Where an Ed25519 private key lies.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// Its id in the directory, `<participant>#<name>`.
    pub kid: KeyId,
    /// PKCS #8 PEM, mode 0600.
    pub file: PathBuf,
}

impl KeyFile {
    pub(super) fn rebase(&mut self, folder: &Path) {
        rebase(&mut self.file, folder);
    }
}
