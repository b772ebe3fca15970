//! Secrets of 32 bytes in files: base64url on one line, mode 0600.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Largest file that is read, in bytes; a secret takes 43 and a line end.
const FILE_BYTES_MAX: u64 = 256;
/// Mode of a new file.
const MODE: u32 = 0o600;

/// Why a secret could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file system said no.
    #[error("{}: {source}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others may read the file.
    #[error("{}: others can read this secret (mode {mode:04o})", file.display())]
    Exposed {
        /// The file.
        file: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not 32 bytes in base64url.
    #[error("{}: not 32 bytes in base64url without padding", file.display())]
    Form {
        /// The file.
        file: PathBuf,
    },
}

/// Reads a secret; refuses a file that group or others can read.
///
/// # Errors
/// [`SecretError`].
pub fn read_secret(file: &Path) -> Result<Zeroizing<[u8; 32]>, SecretError> {
    let io = |source| SecretError::Io { file: file.to_owned(), source };
    let opened = File::open(file).map_err(io)?;
    let mode = opened.metadata().map_err(io)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(SecretError::Exposed { file: file.to_owned(), mode });
    }
    let mut text = Zeroizing::new(String::new());
    opened.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(io)?;
    let mut secret = Zeroizing::new([0; 32]);
    match URL_SAFE_NO_PAD.decode_slice(text.trim_end(), secret.as_mut_slice()) {
        Ok(32) => Ok(secret),
        _ => Err(SecretError::Form { file: file.to_owned() }),
    }
}

/// Writes text that only the owner may read to a new file, and syncs it. Never overwrites one.
///
/// # Errors
/// [`SecretError::Io`], also if the file exists.
pub fn write_secret(file: &Path, text: &str) -> Result<(), SecretError> {
    let write = || {
        let mut new = OpenOptions::new().write(true).create_new(true).mode(MODE).open(file)?;
        new.write_all(text.as_bytes())?;
        new.sync_all()
    };
    write().map_err(|source| SecretError::Io { file: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_private_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vault.key");
        write_secret(&file, &format!("{}\n", URL_SAFE_NO_PAD.encode([7; 32]))).unwrap();
        assert_eq!(*read_secret(&file).unwrap(), [7; 32]);
        assert!(matches!(write_secret(&file, "x"), Err(SecretError::Io { .. })));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(read_secret(&file), Err(SecretError::Exposed { mode: 0o640, .. })));
        for (name, text) in [("short", "AAAA".to_owned()), ("long", "A".repeat(200))] {
            let file = folder.path().join(name);
            write_secret(&file, &text).unwrap();
            assert!(matches!(read_secret(&file), Err(SecretError::Form { .. })), "{name}");
        }
    }
}
