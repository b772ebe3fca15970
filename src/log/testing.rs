//! Keys and trees of the unit tests.

use ed25519_dalek::{Signer as _, SigningKey};

use super::{Checkpoint, Hash, KeyName, NoteSigner, NoteVerifier, SignatureType, leaf_hash, naive};

/// A key made of one repeated byte.
pub(super) struct TestKey(&'static str, u8);

pub(super) const LOG: TestKey = TestKey("log.example.org/ydt", 1);
pub(super) const OTHER_LOG: TestKey = TestKey("log.example.org/other", 2);
pub(super) const WITNESS: TestKey = TestKey("witness.example.org", 3);

impl TestKey {
    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(&[self.1; 32])
    }

    pub(super) fn key_name(&self) -> KeyName {
        self.0.parse().unwrap()
    }

    pub(super) fn verifier(&self) -> NoteVerifier {
        NoteVerifier::new(self.key_name(), SignatureType::Ed25519, &self.public()).unwrap()
    }

    pub(super) fn cosigner(&self) -> NoteVerifier {
        NoteVerifier::new(self.key_name(), SignatureType::CosignatureV1, &self.public()).unwrap()
    }
}

impl NoteSigner for TestKey {
    fn name(&self) -> &str {
        self.0
    }

    fn public(&self) -> [u8; 32] {
        self.key().verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key().sign(message).to_bytes()
    }
}

/// The checkpoint of [`LOG`] over `size` leaves, and their hashes.
pub(super) fn grown(size: usize) -> (Checkpoint, Vec<Hash>) {
    let leaves = leaves(size);
    let root = naive::root(&leaves);
    (Checkpoint { origin: LOG.key_name(), size: size as u64, root }, leaves)
}

/// Hashes of the leaves `0`, `1`, … written as little-endian u64.
pub(super) fn leaves(size: usize) -> Vec<Hash> {
    (0..size as u64).map(|i| leaf_hash(&i.to_le_bytes())).collect()
}
