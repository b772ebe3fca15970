//! The log against `tests/vectors/log`, made by another implementation, and a proof for others to
//! verify (`tests/interop/go`).

#![expect(clippy::unwrap_used, reason = "a vector that cannot be read fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer as _, SigningKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use talent_gateway::log::{
    Checkpoint, Hash, Leaf, LeafKind, NoteSigner, NoteVerifier, Proof, SignatureType, TileError,
    TilePath, Tree, leaf_hash, verify_consistency,
};

fn vectors<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/log").join(name);
    let cases: Vec<T> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases
}

#[derive(Deserialize)]
struct ProofCase {
    name: String,
    origin: String,
    keys: Vec<String>,
    leaf: String,
    proof: String,
    error: Option<String>,
    #[serde(default)]
    cosigned_at: Vec<u64>,
}

#[test]
fn proofs() {
    for case in vectors::<ProofCase>("proofs.json") {
        let keys: Vec<NoteVerifier> = case.keys.iter().map(|key| key.parse().unwrap()).collect();
        let leaf = Leaf::parse(case.leaf.as_bytes()).unwrap().hash();
        let origin = case.origin.parse().unwrap();
        let verified = case.proof.parse::<Proof>().and_then(|p| p.verify(&leaf, &origin, &keys));
        match (verified, case.error) {
            (Ok(verified), None) => {
                let seen = verified.checkpoint().cosigners().iter().map(|seen| seen.time);
                assert_eq!(seen.collect::<Vec<_>>(), case.cosigned_at, "{}", case.name);
                let again = case.proof.parse::<Proof>().unwrap().to_string();
                assert_eq!(again, case.proof, "{}", case.name);
            }
            (verified, expected) => {
                let error = verified.err().map(|error| error.to_string());
                assert_eq!(error, expected, "{}", case.name);
            }
        }
    }
}

#[derive(Deserialize)]
struct ConsistencyCase {
    name: String,
    old_size: u64,
    old_root: String,
    new_size: u64,
    new_root: String,
    path: Vec<String>,
    error: Option<String>,
}

#[test]
fn consistency() {
    let hash = |text: &String| Hash::from_base64(text).unwrap();
    for case in vectors::<ConsistencyCase>("consistency.json") {
        let path: Vec<_> = case.path.iter().map(hash).collect();
        let (old, new) = (hash(&case.old_root), hash(&case.new_root));
        let verified = verify_consistency(case.old_size, &old, case.new_size, &new, &path);
        assert_eq!(verified.err().map(|e| e.to_string()), case.error, "{}", case.name);
    }
}

#[derive(Deserialize)]
struct TileCase {
    path: String,
    error: Option<String>,
}

#[test]
fn tile_paths() {
    for case in vectors::<TileCase>("tile_paths.json") {
        let parsed = case.path.parse::<TilePath>();
        let error = parsed.err().map(|error| match error {
            TileError::Form => "form",
            TileError::Level => "level",
            TileError::Index => "index",
            TileError::Width => "width",
        });
        assert_eq!(error, case.error.as_deref(), "{}", case.path);
        if let Ok(path) = parsed {
            assert_eq!(path.to_string(), case.path);
        }
    }
}

/// A log key out of the first published test seed of RFC 8032 §7.1.
struct LogKey(SigningKey);

const ORIGIN: &str = "log.example.org/ydt";
const SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

impl NoteSigner for LogKey {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// Makes the files that `tests/interop/go/verify_log.go` verifies, past two tile levels.
#[test]
fn a_proof_for_other_implementations() {
    let entry = |at: u64| {
        let digest = leaf_hash(&at.to_be_bytes()).0;
        Leaf { kind: LeafKind::Receipt, digest }.entry()
    };
    let (size, index) = (65_793, 65_600);
    let mut tree = Tree::new();
    for at in 0..size {
        tree.append(leaf_hash(&entry(at)));
    }
    let key = LogKey(SigningKey::from_bytes(&SEED));
    let origin = ORIGIN.parse().unwrap();
    let verifier = NoteVerifier::new(origin, SignatureType::Ed25519, &key.public()).unwrap();
    let checkpoint =
        Checkpoint { origin: verifier.name().clone(), size: tree.size(), root: tree.root() };
    let proof = Proof {
        extra: None,
        index,
        path: tree.inclusion_proof(index).unwrap(),
        checkpoint: checkpoint.sign(&key).unwrap(),
    };
    let keys = std::slice::from_ref(&verifier);
    let shown = proof.verify(&leaf_hash(&entry(index)), verifier.name(), keys);
    assert_eq!(shown.unwrap().checkpoint().checkpoint(), &checkpoint);

    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("log-interop");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("vkey"), format!("{verifier}\n")).unwrap();
    fs::write(folder.join("proof.tlog-proof"), proof.to_string()).unwrap();
    fs::write(folder.join("leaf"), entry(index)).unwrap();
}
