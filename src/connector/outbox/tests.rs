//! The outbox on a real file.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;

use super::{Ending, ItemState, NewItem, Next, Outbox, OutboxError, Signed};
use crate::connector::remark::Verification;
use crate::domain::code::{Code, Refusal};
use crate::domain::context::{Operator, OperatorRole};
use crate::domain::registry::MessageType;
use crate::domain::time::UtcSeconds;
use crate::jws::Jti;

const NOW: UtcSeconds = UtcSeconds(1_795_219_200);

fn jti(n: u128) -> Jti {
    Jti::new(uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + n)).unwrap()
}

fn add(outbox: &Outbox, n: u128, lane: Option<&str>) -> i64 {
    let operator = Operator { id: "op-1".to_owned(), role: OperatorRole::Window };
    let new = NewItem {
        ty: MessageType::Certification,
        state: ItemState::Waiting,
        lane: lane.map(str::to_owned),
        body: &json!({ "n": n.to_string() }),
        operator: &operator,
        to: None,
        jti: jti(n),
        now: NOW,
        revisions: &[],
        verifications: &[],
    };
    outbox.add(&new).unwrap()
}

#[test]
fn who_vouches_for_a_code_outlives_the_body() {
    let outbox = Outbox::open(Path::new(":memory:")).unwrap();
    let operator = Operator { id: "op-1".to_owned(), role: OperatorRole::Window };
    let seen = [Verification {
        pointer: "/employer".to_owned(),
        source: "登记机关网站".to_owned(),
        operator: "op-1".to_owned(),
    }];
    let new = NewItem {
        ty: MessageType::Affiliation,
        state: ItemState::Waiting,
        lane: None,
        body: &json!({}),
        operator: &operator,
        to: None,
        jti: jti(1),
        now: NOW,
        revisions: &[],
        verifications: &seen,
    };
    let id = outbox.add(&new).unwrap();
    let ending = Ending { state: ItemState::Done, reply: None, problem: None, logged: None };
    outbox.end(id, &ending, NOW).unwrap();
    let item = outbox.item(id).unwrap().unwrap();
    assert_eq!((item.body, item.verifications), (serde_json::Value::Null, seen.to_vec()));
    let other = add(&outbox, 2, None);
    assert_eq!(outbox.item(other).unwrap().unwrap().verifications, []);
}

fn ready(outbox: &Outbox, now_ms: i64) -> Vec<i64> {
    match outbox.next(now_ms, 16).unwrap() {
        Next::Send(items) => items.iter().map(|item| item.id).collect(),
        Next::At(_) | Next::Idle => Vec::new(),
    }
}

#[test]
fn lanes_run_side_by_side_and_everything_else_in_order() {
    let outbox = Outbox::open(Path::new(":memory:")).unwrap();
    let lanes = [Some("a"), Some("b"), Some("a"), None, Some("c")];
    let ids: Vec<_> = lanes.iter().zip(1..).map(|(lane, n)| add(&outbox, n, *lane)).collect();
    let done = |id| {
        let reply = Some(("r", "p"));
        let ending = Ending { state: ItemState::Done, reply, problem: None, logged: None };
        outbox.end(id, &ending, NOW).unwrap();
    };
    assert_eq!(ready(&outbox, 0), ids[..2], "the second of lane a waits for the first");
    done(ids[0]);
    assert_eq!(ready(&outbox, 0), ids[1..3]);
    done(ids[1]);
    done(ids[2]);
    assert_eq!(ready(&outbox, 0), ids[3..4], "alone");
    done(ids[3]);
    assert_eq!(ready(&outbox, 0), ids[4..]);
    done(ids[4]);
    assert!(matches!(outbox.next(0, 16).unwrap(), Next::Idle));
    assert_eq!(outbox.counts().unwrap().done, 5);
}

#[test]
fn what_is_put_off_holds_up_what_is_behind() {
    let outbox = Outbox::open(Path::new(":memory:")).unwrap();
    let first = add(&outbox, 1, Some("a"));
    add(&outbox, 2, Some("b"));
    outbox.put_off(first, 1, 500, &Refusal::new(Code::Overloaded)).unwrap();
    assert!(matches!(outbox.next(499, 16).unwrap(), Next::At(500)));
    assert_eq!(ready(&outbox, 500).len(), 2);
    let counts = outbox.counts().unwrap();
    assert_eq!((counts.waiting, counts.problem.unwrap().code), (2, Code::Overloaded));
}

#[test]
fn items_outlive_the_process_with_the_bytes_they_were_sent_as() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let id = {
        let outbox = Outbox::open(&path).unwrap();
        let id = add(&outbox, 1, None);
        let signed = Signed { compact: "a.b.c".to_owned(), exp: NOW };
        outbox.signed(id, jti(7), &signed).unwrap();
        id
    };
    let item = Outbox::open(&path).unwrap().item(id).unwrap().unwrap();
    assert_eq!((item.jti, item.signed.unwrap().compact), (jti(7), "a.b.c".to_owned()));
}

#[test]
fn a_newer_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    drop(Outbox::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Outbox::open(&path), Err(OutboxError::Newer(99))));
}

#[test]
fn the_feed_is_kept_once_and_in_order() {
    let outbox = Outbox::open(Path::new(":memory:")).unwrap();
    let entry = |seq: u64| (seq, json!({ "seq": seq }).to_string());
    outbox.feed_add(&[entry(1), entry(2)]).unwrap();
    outbox.feed_add(&[entry(2), entry(3)]).unwrap();
    assert_eq!(outbox.feed_last().unwrap(), 3);
    assert_eq!(outbox.feed_after(1).unwrap(), [json!({"seq": 2}), json!({"seq": 3})]);
}

#[test]
fn what_an_earlier_release_sent_is_counted() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("outbox.db");
    let receipt = |res: &serde_json::Value| {
        let payload = json!({ "res": res, "log": { "index": 7 } }).to_string();
        format!("e30.{}.s", URL_SAFE_NO_PAD.encode(payload))
    };
    let single = receipt(&json!({ "outcome": "accepted" }));
    let bulk = receipt(&json!({ "outcome": "accepted", "items": [
        { "index": 0, "outcome": "accepted" },
        { "index": 1, "outcome": "rejected", "code": "revision-gap" },
        { "index": 2, "outcome": "accepted" }
    ] }));
    {
        let outbox = Outbox::open(&file).unwrap();
        for (n, reply, state) in [
            (1, &single, ItemState::Done),
            (2, &bulk, ItemState::Done),
            (3, &single, ItemState::Refused),
        ] {
            let id = add(&outbox, n, None);
            let reply = Some((reply.as_str(), "p"));
            outbox.end(id, &Ending { state, reply, problem: None, logged: None }, NOW).unwrap();
        }
        let db = outbox.db();
        let older = "DROP TABLE accepted; ALTER TABLE item DROP COLUMN verifications;
            PRAGMA user_version = 3";
        db.execute_batch(older).unwrap();
    }
    let outbox = Outbox::open(&file).unwrap();
    let counted = outbox.tally("certification".parse().unwrap()).unwrap();
    let expected = [(jti(1), 0), (jti(2), 0), (jti(2), 2)].map(|(j, item)| (*j.as_uuid(), item));
    assert_eq!(counted, crate::projection::tally(expected));
    assert_eq!(outbox.tally("fact".parse().unwrap()).unwrap().0, 0);
}
