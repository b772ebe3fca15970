//! Encryption at rest: a key of its own for every entry, wrapped by a key outside the database, so
//! that a body is erased by forgetting its wrapped key (DESIGN §8).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::domain::entropy::{Entropy, EntropyError};

const KEY_LEN: usize = 32;

/// Which part of an entry is sealed; each part has a nonce of its own under the entry's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The message.
    Message,
    /// The reply.
    Reply,
}

/// Why something could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The library refused to encrypt: the operator's problem, never a client's.
    #[error("the content could not be sealed")]
    Seal,
    /// Another key, or changed bytes.
    #[error("sealed content does not open: another key, or changed bytes")]
    Open,
}

/// The key outside the database (key encryption key).
pub struct Vault {
    kek: LessSafeKey,
}

/// The key of one entry.
pub struct EntryKey {
    key: LessSafeKey,
    wrapped: Vec<u8>,
}

impl Vault {
    /// A vault under this key.
    pub fn new(kek: &[u8; KEY_LEN]) -> Result<Self, VaultError> {
        Ok(Self { kek: key(kek)? })
    }

    /// A new key for one entry.
    pub fn entry_key(&self, entropy: &dyn Entropy) -> Result<EntryKey, VaultError> {
        let mut random = Zeroizing::new([0; KEY_LEN + NONCE_LEN]);
        entropy.fill(random.as_mut_slice())?;
        let (raw, nonce) = random.split_at(KEY_LEN);
        let mut nonce_bytes = [0; NONCE_LEN];
        nonce_bytes.copy_from_slice(nonce);
        let mut wrapped = raw.to_vec();
        self.kek
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce_bytes),
                Aad::empty(),
                &mut wrapped,
            )
            .map_err(|_| VaultError::Seal)?;
        wrapped.extend_from_slice(&nonce_bytes);
        Ok(EntryKey { key: key(raw)?, wrapped })
    }

    /// The key of an entry from its wrapped form.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<EntryKey, VaultError> {
        let at = wrapped.len().checked_sub(NONCE_LEN).ok_or(VaultError::Open)?;
        let (sealed, nonce) = wrapped.split_at(at);
        let mut nonce_bytes = [0; NONCE_LEN];
        nonce_bytes.copy_from_slice(nonce);
        let mut buffer = Zeroizing::new(sealed.to_vec());
        let raw = self
            .kek
            .open_in_place(Nonce::assume_unique_for_key(nonce_bytes), Aad::empty(), &mut buffer)
            .map_err(|_| VaultError::Open)?;
        Ok(EntryKey { key: key(raw)?, wrapped: wrapped.to_vec() })
    }
}

impl EntryKey {
    /// The wrapped form, kept beside the entry.
    pub fn wrapped(&self) -> &[u8] {
        &self.wrapped
    }

    /// Seals one part. Each part of an entry is sealed once, so its nonce is used once.
    pub fn seal(&self, part: Part, content: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut buffer = Vec::with_capacity(content.len() + AES_256_GCM.tag_len());
        buffer.extend_from_slice(content);
        self.key
            .seal_in_place_append_tag(nonce(part), Aad::empty(), &mut buffer)
            .map_err(|_| VaultError::Seal)?;
        Ok(buffer)
    }

    /// Opens one part.
    pub fn open(&self, part: Part, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut buffer = sealed.to_vec();
        let len = self
            .key
            .open_in_place(nonce(part), Aad::empty(), &mut buffer)
            .map_err(|_| VaultError::Open)?
            .len();
        buffer.truncate(len);
        Ok(buffer)
    }
}

fn key(raw: &[u8]) -> Result<LessSafeKey, VaultError> {
    UnboundKey::new(&AES_256_GCM, raw).map(LessSafeKey::new).map_err(|_| VaultError::Open)
}

fn nonce(part: Part) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[0] = match part {
        Part::Message => 1,
        Part::Reply => 2,
    };
    Nonce::assume_unique_for_key(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Entropy for Counting {
        fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
            for (i, b) in out.iter_mut().enumerate() {
                *b = u8::try_from(i % 251).unwrap();
            }
            Ok(())
        }
    }

    #[test]
    fn opens_only_what_was_sealed_under_this_key_and_part() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let entry = vault.entry_key(&Counting).unwrap();
        let sealed = entry.seal(Part::Message, b"content").unwrap();
        assert!(!sealed.windows(7).any(|w| w == b"content"));
        let again = vault.unwrap(entry.wrapped()).unwrap();
        assert_eq!(again.open(Part::Message, &sealed).unwrap(), b"content");
        assert_eq!(again.open(Part::Reply, &sealed), Err(VaultError::Open));
        let mut changed = sealed.clone();
        changed[0] ^= 1;
        assert_eq!(again.open(Part::Message, &changed), Err(VaultError::Open));
        let other = Vault::new(&[8; 32]).unwrap();
        assert!(matches!(other.unwrap(entry.wrapped()), Err(VaultError::Open)));
        assert!(matches!(vault.unwrap(b"x"), Err(VaultError::Open)));
    }
}
