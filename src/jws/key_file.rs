//! Private keys in files: nobody but the owner may read them.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::signing::{ParsePrivateKeyError, SigningKey};
use crate::domain::code::Refusal;
use crate::domain::participant::KeyId;

/// Largest key file, in bytes; an Ed25519 key takes about 120.
const SIZE_MAX_BYTES: u64 = 8 * 1024;

/// Mode of a new key file: read and write for the owner.
const MODE: u32 = 0o600;

/// Why a key file could not be used. Says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file system said no.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others may read the file.
    #[error("{path}: others can read this private key (mode {mode:04o}); run `chmod 600` on it, and register a new key if anyone may have read it", path = .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not a private key.
    #[error("{path}: {source}", path = .path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What was expected.
        source: ParsePrivateKeyError,
    },
    /// The key could not be encoded.
    #[error("{0}")]
    Encode(#[from] Refusal),
}

/// Writes a key to a new file with mode 0600 and syncs it. Never overwrites one.
///
/// # Errors
/// [`KeyFileError::Io`], also if the file exists.
pub fn write_private_pem(path: &Path, key: &SigningKey) -> Result<(), KeyFileError> {
    let pem = key.to_pkcs8_pem()?;
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(path)?;
        file.write_all(pem.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| KeyFileError::Io { path: path.to_owned(), source })
}

/// Reads a key; refuses a file that group or others can read.
///
/// # Errors
/// [`KeyFileError`].
pub fn read_private_pem(path: &Path, kid: KeyId) -> Result<SigningKey, KeyFileError> {
    let io = |source| KeyFileError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    // Asked of the open file, so that what was checked is what is read.
    let mode = file.metadata().map_err(io)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Exposed { path: path.to_owned(), mode });
    }
    let mut pem = Zeroizing::new(String::new());
    file.take(SIZE_MAX_BYTES).read_to_string(&mut pem).map_err(io)?;
    SigningKey::from_pkcs8_pem(kid, &pem)
        .map_err(|source| KeyFileError::Parse { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_private_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let kid: KeyId = "qingpu#message-1".parse().unwrap();
        let key = SigningKey::from_seed(kid.clone(), &[7; 32]);
        write_private_pem(&path, &key).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(write_private_pem(&path, &key), Err(KeyFileError::Io { .. })));
        assert_eq!(read_private_pem(&path, kid.clone()).unwrap().public(), key.public());

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = read_private_pem(&path, kid.clone()).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");

        let other = folder.path().join("other.pem");
        std::fs::write(&other, "secret text").unwrap();
        std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o600)).unwrap();
        let error = read_private_pem(&other, kid).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
