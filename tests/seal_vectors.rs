//! The vectors in `tests/vectors/jws`: they are what the generator makes, and the library gives
//! each the verdict that it states.

#![expect(clippy::unwrap_used, reason = "a fixture that does not hold is a failed test")]

#[path = "vectors/generate/mod.rs"]
mod generate;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use generate::Vector;
use talent_gateway::domain::code::{Code, Refusal};
use talent_gateway::domain::participant::{KeyId, ParticipantId};
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::json::Bounds;
use talent_gateway::jws::{Compact, KeyEntry, KeyLookup, KeyRecord, KeyUse, Typ};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/jws");

/// Codes of the seal, of JSON and of claims, each with at least one vector.
const COVERED: &[Code] = &[
    Code::JwsMalformed,
    Code::JwsHeader,
    Code::JwsType,
    Code::KeyUnknown,
    Code::KeyUse,
    Code::KeyRevoked,
    Code::KeyNotValid,
    Code::KeyWeak,
    Code::KeyNotCanonical,
    Code::AlgorithmNotAllowed,
    Code::SignatureInvalid,
    Code::JsonMalformed,
    Code::JsonDuplicateKey,
    Code::JsonTooDeep,
    Code::JsonNumber,
    Code::JsonText,
    Code::JsonTooLarge,
    Code::ClaimsInvalid,
    Code::IssuerMismatch,
    Code::AudienceMismatch,
    Code::PeerMismatch,
    Code::Expired,
    Code::NotYetValid,
    Code::LifetimeTooLong,
];

#[test]
fn committed_files_are_what_the_generator_makes() {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vectors");
    let mut stale = Vec::new();
    for (file, vectors) in generate::files() {
        let name = format!("{file}.json");
        let text = serde_json::to_string_pretty(&vectors).unwrap() + "\n";
        if std::fs::read_to_string(Path::new(FOLDER).join(&name)).ok().as_deref() != Some(&text) {
            std::fs::create_dir_all(&fresh).unwrap();
            std::fs::write(fresh.join(&name), text).unwrap();
            stale.push(name);
        }
    }
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !generate::files().iter().any(|(file, _)| format!("{file}.json") == name) {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?} differ or are not made any more; if that is meant: cp {}/*.json tests/vectors/jws/",
        fresh.display()
    );
}

#[test]
fn every_vector_gets_its_verdict() {
    let mut wrong = Vec::new();
    for vector in committed() {
        let verdict = run(&vector).map_or_else(|r| r.code.as_str(), |()| "ok");
        if verdict != vector.expect {
            wrong.push(format!("{}: {verdict}, expected {}", vector.id, vector.expect));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_code_of_the_seal_has_a_vector_and_ids_are_unique() {
    let vectors = committed();
    let expected: BTreeSet<_> = vectors.iter().map(|v| v.expect.as_str()).collect();
    for code in COVERED {
        assert!(expected.contains(code.as_str()), "{code:?}");
    }
    let ids: BTreeSet<_> = vectors.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(ids.len(), vectors.len());
}

fn committed() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        vectors.extend(serde_json::from_str::<Vec<Vector>>(&text).unwrap());
    }
    vectors
}

struct Directory(BTreeMap<KeyId, Arc<KeyRecord>>);

impl KeyLookup for Directory {
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>> {
        self.0.get(kid).cloned()
    }
}

fn register(vector: &Vector) -> Result<Directory, Refusal> {
    let mut keys = BTreeMap::new();
    for key in &vector.keys {
        let entry: KeyEntry = serde_json::from_value(key.clone()).unwrap();
        let record = KeyRecord::try_from(entry)?;
        keys.insert(record.kid().clone(), Arc::new(record));
    }
    Ok(Directory(keys))
}

/// Steps 1, 2 and 4 to 9 of `formats.md` §1.3, in that order.
fn run(vector: &Vector) -> Result<(), Refusal> {
    let keys = register(vector)?;
    let typ = Typ::ALL.into_iter().find(|typ| typ.as_str() == vector.typ).unwrap();
    let now = UtcSeconds(vector.now);
    let audience: ParticipantId = vector.audience.parse().unwrap();
    let compact = Compact::parse(&vector.compact, &Bounds::MESSAGE)?;
    let verified = compact.header(typ)?.verify_with(&keys, now)?;
    let reader = match typ {
        Typ::Message => {
            let message = verified.into_message(|mt, key_use| match mt.as_str() {
                "participant/1" => key_use == KeyUse::Directory,
                "key/1" => matches!(key_use, KeyUse::Directory | KeyUse::Message),
                _ => key_use == KeyUse::Message,
            })?;
            message.check_peer(&vector.peer.parse().unwrap())?;
            message.claims().check_audience(&audience)?;
            return message.claims().check_time(now, vector.lifetime_max_seconds);
        }
        Typ::Receipt => verified.into_receipt()?.aud,
        Typ::Answer => verified.into_answer()?.aud,
        Typ::Directory | Typ::Credential => audience.clone(),
    };
    if reader == audience { Ok(()) } else { Err(Code::AudienceMismatch.into()) }
}
