//! The parts of one push, each alone: JWS, JSON, schema, log.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot read its input fails")]

use std::hint::black_box;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{BenchmarkId, Criterion};
use serde_json::{Value, json};
use talent_gateway::domain::registry::{Body, MessageType};
use talent_gateway::domain::subject::{Token, TokenRef};
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::json::{self, Bounds};
use talent_gateway::jws::{
    Algorithm, Compact, Digest, KeyEntry, KeyRecord, KeyUse, SigningKey, Typ,
};
use talent_gateway::log::{Tree, leaf_hash};
use talent_gateway::message::Composer;
use talent_gateway::schema::Registry;
use talent_gateway::synth;

const NOW: UtcSeconds = UtcSeconds(1_795_219_200);
/// Seed of the generated talents.
const SEED: u64 = 2026;
/// Records in the bulk form.
const BULK: usize = 256;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let schemas = Registry::load().unwrap();
    let key = SigningKey::from_seed("qingpu#message-1".parse().unwrap(), &[7; 32]);
    for (name, body) in [("single", certification(0)), ("bulk of 256", bulk())] {
        message(&mut criterion, name, &body, &schemas, &key);
    }
    log(&mut criterion);
    criterion.final_summary();
}

fn message(c: &mut Criterion, name: &str, body: &Value, schemas: &Registry, key: &SigningKey) {
    let aud = "gateway".parse().unwrap();
    let composer = Composer { schemas, key, aud: &aud };
    let id = uuid::Uuid::from_bytes([1, 2, 3, 4, 5, 6, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1]);
    let ty = MessageType::Certification;
    let compact = composer.compose(ty, body, NOW, id, None).unwrap().compact;
    let record = Arc::new(record(key));
    c.bench_with_input(BenchmarkId::new("jws verify", name), &compact, |b, compact| {
        b.iter(|| {
            let jws = Compact::parse(black_box(compact), &Bounds::BULK).unwrap();
            jws.header(Typ::Message).unwrap().verify(&record, NOW).unwrap()
        });
    });
    let payload = URL_SAFE_NO_PAD.decode(compact.split('.').nth(1).unwrap()).unwrap();
    c.bench_with_input(BenchmarkId::new("json read", name), &payload, |b, payload| {
        b.iter(|| json::read(black_box(payload), &Bounds::BULK).unwrap());
    });
    let schema = schemas.get(ty.as_str()).unwrap();
    let check = |item: &Value| {
        assert!(schema.validate(item).is_ok());
        Ok(())
    };
    c.bench_with_input(BenchmarkId::new("schema and typed body", name), body, |b, body| {
        b.iter(|| Body::parse(ty, black_box(body), &check).unwrap());
    });
}

fn log(c: &mut Criterion) {
    for size in [10_000_u64, 100_000, 1_000_000] {
        let mut tree = Tree::new();
        for n in 0..size {
            tree.append(leaf_hash(&n.to_be_bytes()));
        }
        let leaf = leaf_hash(b"next");
        // The tree keeps its right edge only, so it may grow meanwhile; a clone for each append would
        // be a hundred times dearer than the append, and batches of clones would fill the memory.
        let mut growing = tree.clone();
        c.bench_with_input(BenchmarkId::new("log append", size), &leaf, |b, leaf| {
            b.iter(|| growing.append(black_box(*leaf)));
        });
        c.bench_with_input(BenchmarkId::new("log proof of the last", size), &tree, |b, tree| {
            b.iter(|| tree.inclusion_proof(black_box(size - 1)).unwrap());
        });
    }
}

fn record(key: &SigningKey) -> KeyRecord {
    KeyRecord::try_from(KeyEntry {
        kid: key.kid().clone(),
        participant: key.kid().participant().unwrap(),
        key_use: KeyUse::Message,
        alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
        jwk: key.public().to_jwk(),
        nbf: NOW.plus_seconds(-60),
        exp: NOW.plus_seconds(86_400),
        revoked_from: None,
        suspect_from: None,
    })
    .unwrap()
}

fn bulk() -> Value {
    json!({ "items": (0..BULK).map(certification).collect::<Vec<_>>() })
}

/// A certification of a generated talent, with a token in place of the identifier.
fn certification(n: usize) -> Value {
    let mut body = synth::certification(SEED, n);
    let person = Digest::of(body["subject"].to_string());
    body["subject"] =
        json!(TokenRef { token: Token::from_bytes(person.0), epoch: 1, composite: false });
    body
}
