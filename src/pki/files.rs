//! Writing certificates and keys to disk with the right modes.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use super::PrivateKeyPem;

/// Mode of certificates and revocation lists: anyone may read them.
const PUBLIC_MODE: u32 = 0o644;
/// Mode of private keys: the owner only.
const PRIVATE_MODE: u32 = 0o600;

/// Writes a certificate or revocation list with mode 0644. An existing file is replaced in one
/// step, so that a reader sees the old list or the new one.
pub fn write_public(path: &Path, pem: &str) -> io::Result<()> {
    let mut staged = path.as_os_str().to_owned();
    staged.push(".new");
    let staged = Path::new(&staged);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(PUBLIC_MODE)
        .open(staged)?;
    // The process's umask may have taken bits away.
    file.set_permissions(Permissions::from_mode(PUBLIC_MODE))?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()?;
    fs::rename(staged, path)
}

/// Writes a private key with mode 0600; refuses to replace a file that exists.
pub fn write_private(path: &Path, key: &PrivateKeyPem) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE_MODE).open(path)?;
    file.write_all(key.expose().as_bytes())?;
    file.sync_all()
}
