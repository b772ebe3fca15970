//! The directory: whose it is, that it only moves forward, what it yields.

use serde_json::{Value, json};
use talent_gateway::domain::code::Code;
use talent_gateway::domain::directory::ParticipantKind;
use talent_gateway::evidence::{EvidenceError, Fault, Part, Pin, TrustedDirectory};
use talent_gateway::jws::{Digest, KeyLookup, KeyUse};

use crate::fixture::{NOW, OPRF_KEY, ORIGIN, World, id, key, row, sign};

fn open(compact: &str, seen: Option<u64>) -> Result<u64, EvidenceError> {
    TrustedDirectory::open(compact, &World::new().pin(), seen).map(|d| d.version())
}

/// A second version, with a new directory key in place of the first.
fn rotated(world: &World, first: &str) -> Value {
    let mut payload = world.directory_payload(2, Some(Digest::of(first)), 7);
    payload["keys"][0] = row(&key("hub#directory-2", 11), "directory");
    payload
}

#[test]
fn it_yields_participants_keys_log_and_epochs() {
    let directory = World::new().directory();
    assert_eq!(directory.version(), 1);
    assert_eq!(directory.issuer(), &id("hub"));
    assert_eq!(directory.participant(&id("qingpu")).unwrap().kind, ParticipantKind::District);
    assert_eq!(directory.participant(&id("qingpu")).unwrap().contact, "021-00000000");
    assert_eq!(directory.participants().count(), 4);
    assert!(directory.key(&"qingpu#message-1".parse().unwrap()).is_some());
    assert!(directory.key(&"qingpu#message-2".parse().unwrap()).is_none());
    let tokens = id("tokens");
    let receipt: Vec<_> = directory.keys_of(&tokens, KeyUse::Receipt).collect();
    assert_eq!(receipt[0].kid().as_str(), "tokens#receipt-1");
    assert_eq!(directory.log().origin.as_str(), ORIGIN);
    assert_eq!(directory.log().verifiers.len(), 1);
    assert_eq!(directory.oprf_epochs().collect::<Vec<_>>(), [1]);
    assert_eq!(serde_json::to_value(directory.oprf_key(1).unwrap()).unwrap(), OPRF_KEY);
    assert!(!directory.is_stale(NOW));
    assert!(directory.is_stale(NOW.plus_seconds(86_400)));
}

#[test]
fn only_the_pinned_key_opens_it() {
    let world = World::new();
    let payload = world.directory_payload(1, None, 0);
    assert_eq!(open(&sign(&world.directory_key, &payload), None), Ok(1));
    // Another key under the pinned key's name: what is pinned is the key.
    let sealed = |code| Err(EvidenceError::Seal { part: Part::Directory, code });
    let foreign = sign(&key("hub#directory-1", 9), &payload);
    assert_eq!(open(&foreign, None), sealed(Code::SignatureInvalid));
    // A foreign operator with a directory of its own.
    let foreign = sign(&key("rogue#directory-1", 9), &payload);
    assert_eq!(open(&foreign, None), Err(EvidenceError::DirectoryKey));
    let pin = Pin { operator: id("rogue"), key: key("rogue#directory-1", 9).public().clone() };
    let error = TrustedDirectory::open(&foreign, &pin, None).unwrap_err();
    assert_eq!(error, EvidenceError::DirectoryKey, "iss is another than the signer");
    // A key that the document lists itself vouches for nothing.
    let mut own = payload.clone();
    own["keys"][0] = row(&key("hub#directory-2", 11), "directory");
    let own = sign(&key("hub#directory-2", 11), &own);
    assert_eq!(open(&own, None), sealed(Code::SignatureInvalid));
    assert_eq!(open("not a jws", None), sealed(Code::JwsMalformed));
    let receipt = world.receipt(&world.message("certification/1", 1), 5);
    assert_eq!(open(&receipt, None), sealed(Code::JwsType));
}

#[test]
fn it_never_goes_back() {
    let world = World::new();
    let first = world.directory_compact();
    let error = EvidenceError::DirectoryRollback { version: 1, seen: 2 };
    assert_eq!(open(&first, Some(2)), Err(error.clone()));
    assert_eq!(error.fault(), Fault::Carrier);
    assert_eq!(open(&first, Some(1)), Ok(1));

    let held = world.directory();
    let payload = world.directory_payload(2, Some(held.digest()), 7);
    let second = held.succeed(&sign(&world.directory_key, &payload)).unwrap();
    assert_eq!(second.version(), 2);
    assert_eq!(second.succeed(&first).unwrap_err(), error);
    // The same again is no news; a gap is no fork.
    assert_eq!(held.succeed(&first).unwrap().version(), 1);
    let later = world.directory_payload(4, Some(Digest::of("3")), 9);
    assert_eq!(held.succeed(&sign(&world.directory_key, &later)).unwrap().version(), 4);
}

#[test]
fn forks_show() {
    let world = World::new();
    let held = world.directory();
    let stray = world.directory_payload(2, Some(Digest::of("another")), 7);
    let error = held.succeed(&sign(&world.directory_key, &stray)).unwrap_err();
    assert_eq!(error, EvidenceError::DirectoryFork { version: 2 });
    assert_eq!(error.fault(), Fault::Gateway);
    let twin = sign(&world.directory_key, &world.directory_payload(1, None, 1));
    assert_eq!(held.succeed(&twin).unwrap_err(), EvidenceError::DirectoryFork { version: 1 });
}

#[test]
fn trust_passes_on_to_a_listed_directory_key() {
    let world = World::new();
    let first = world.directory_compact();
    let new_key = key("hub#directory-2", 11);
    let mut overlap = world.directory_payload(2, Some(Digest::of(&first)), 7);
    overlap["keys"].as_array_mut().unwrap().push(row(&new_key, "directory"));
    let overlap = sign(&world.directory_key, &overlap);
    let held = world.directory().succeed(&overlap).unwrap();
    let mut third = rotated(&world, &overlap);
    third["version"] = json!(3);
    let third = sign(&new_key, &third);
    assert_eq!(held.succeed(&third).unwrap().version(), 3);
    // The document that lists the new key must be in between.
    let error = world.directory().succeed(&third).unwrap_err();
    assert_eq!(error, EvidenceError::DirectoryKey);
    // Neither a receipt key nor a participant's key signs directories.
    for (signer, error) in [
        (&world.receipt_key, EvidenceError::Seal { part: Part::Directory, code: Code::KeyUse }),
        (&world.district_key, EvidenceError::DirectoryKey),
    ] {
        let payload = world.directory_payload(2, Some(held.digest()), 7);
        assert_eq!(world.directory().succeed(&sign(signer, &payload)).unwrap_err(), error);
    }
}

#[test]
fn malformed_documents_are_the_operators_fault() {
    type Change = fn(&mut Value);
    let table: [(&str, Change); 11] = [
        ("unknown member", |d| d["more"] = json!(1)),
        ("member missing", |d| drop(d.as_object_mut().unwrap().remove("log"))),
        ("version 0", |d| d["version"] = json!(0)),
        ("previous of the first", |d| d["previous"] = json!("0".repeat(64))),
        ("no previous", |d| d["version"] = json!(2)),
        ("origin", |d| d["log"]["origin"] = json!("a b")),
        ("key twice", |d| d["keys"][3] = d["keys"][4].clone()),
        ("participant twice", |d| d["participants"][1] = d["participants"][2].clone()),
        ("weak key", |d| d["keys"][3]["jwk"]["x"] = json!(format!("AQ{}", "A".repeat(41)))),
        ("epoch twice", |d| d["keys"][5] = d["keys"][6].clone()),
        ("disowned", |d| d["keys"][0]["revoked_from"] = json!(NOW)),
    ];
    let world = World::new();
    for (name, change) in table {
        let mut payload = world.directory_payload(1, None, 0);
        change(&mut payload);
        let error = open(&sign(&world.directory_key, &payload), None).unwrap_err();
        assert!(matches!(error, EvidenceError::DirectoryForm(_)), "{name}: {error:?}");
        assert_eq!(error.fault(), Fault::Gateway);
    }
}
