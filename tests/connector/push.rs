//! From plain JSON to a receipt: once, whatever happens between, and without an identifier.

use std::fs;
use std::sync::atomic::Ordering;

use http::{Method, StatusCode};
use serde_json::json;

use crate::captured;
use crate::plain::{certification, document, person, record};
use crate::world::{Office, WINDOW, World, payload};

const RECORDS: &str = "/local/v1/records";
const WAITING: &str = "/local/v1/records?wait=20";

#[tokio::test]
async fn a_plain_record_is_in_the_log_with_a_token() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let (status, reply) = office.post(WAITING, &certification("r1", &person(0))).await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    assert_eq!(reply["result"]["outcome"], "accepted");
    assert!(reply["proof"].as_str().unwrap().starts_with("c2sp.org/tlog-proof@v1"));
    assert_eq!(payload(reply["receipt"].as_str().unwrap())["msg"]["jti"], reply["jti"]);

    let bodies = world.bodies("certification/1").await;
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["subject"]["epoch"], 1);
    assert_eq!(bodies[0]["certificate"]["epoch"], 1);
    assert_ne!(bodies[0]["subject"]["token"], bodies[0]["certificate"]["token"]);

    // The universal endpoint, bulk, and the same person again: one token, and no second question.
    let calls = world.tokeniser_calls.load(Ordering::SeqCst);
    let mut items = [record("r2"), record("r3")];
    for item in &mut items {
        item["subject"] = document(&person(0));
    }
    let path = "/local/v1/messages/certification/1?wait=20";
    let (status, reply) = office.post(path, &json!({ "items": items })).await;
    assert_eq!(
        (status, &reply["result"]["items"][0]["outcome"]),
        (StatusCode::OK, &json!("accepted")),
        "{reply}"
    );
    let again = world.bodies("certification/1").await;
    assert_eq!(again[1]["items"][0]["subject"], bodies[0]["subject"]);
    assert_eq!(world.tokeniser_calls.load(Ordering::SeqCst), calls, "remembered");
    office.stop().await;
}

#[tokio::test]
async fn what_is_odd_about_a_number_is_said_and_who_vouches_for_a_code_is_kept() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let mut body = record("a1");
    for name in ["scheme", "scheme_version", "class", "basis"] {
        body.as_object_mut().unwrap().remove(name);
    }
    // A fictitious number under a code that was abolished in 2012.
    body["subject"] = json!({ "document_type": "111", "number": "32058419800615332X" });
    body["mode"] = json!("employment");
    body["region"] = json!("310118");
    body["employer"] =
        json!({ "uscc": "91350203M0001QAY9B", "verification_source": "登记机关网站" });
    let path = "/local/v1/messages/affiliation/1?wait=20";
    let (status, reply) = office.post(path, &body).await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    let said: Vec<_> = reply["remarks"].as_array().unwrap().iter().collect();
    let of = |place: &str| said.iter().find(|r| r["pointer"] == place).unwrap();
    assert_eq!(of("/subject")["severity"], "hint", "{reply}");
    assert_eq!(of("/employer")["severity"], "anomaly", "{reply}");
    assert!(of("/subject")["text"]["zh"].as_str().unwrap().contains("已撤销"), "{reply}");

    let (_, item) = office.get(&format!("/local/v1/outbox/{}", reply["outbox"])).await;
    let kept = json!([{
        "pointer": "/employer", "source": "登记机关网站", "operator": item["operator"]["id"]
    }]);
    assert_eq!(item["verifications"], kept, "{item}");

    // Stated as they are, the item brings its remarks, also when nothing is sent.
    body.as_object_mut().unwrap().remove("action");
    for expected in ["unchanged", "unchanged"] {
        let stated = json!({ "items": [body] });
        let (_, reply) = office.call(Method::PUT, path, Some(WINDOW), &stated).await;
        assert_eq!(reply["items"][0]["outcome"], expected, "{reply}");
        assert_eq!(reply["items"][0]["remarks"].as_array().unwrap().len(), 2, "{reply}");
    }
    office.stop().await;
}

#[tokio::test]
async fn while_the_gateway_is_down_the_outbox_keeps_it_and_then_sends_it_once() {
    let mut world = World::new().await;
    let office = Office::start(world.open_connector());
    office.post(WAITING, &certification("r0", &person(1))).await;
    world.hub_down().await;
    let (status, reply) = office.post(RECORDS, &certification("r1", &person(0))).await;
    assert_eq!((status, &reply["state"]), (StatusCode::ACCEPTED, &json!("waiting")), "{reply}");
    let (_, counts) = office.get("/local/v1/outbox").await;
    assert_eq!(counts["waiting"], 1);
    // The connector itself may go down meanwhile.
    office.stop().await;
    let office = Office::start(world.open_connector());
    world.hub_up().await;
    let item = office.until(&reply["outbox"], "done").await;
    assert_eq!(item["jti"], reply["jti"], "{item}");
    assert_eq!(world.logged("certification/1").await, 2);
    office.stop().await;
}

#[tokio::test]
async fn a_lost_reply_is_asked_for_with_the_same_bytes() {
    let world = World::new().await;
    world.faults.lose_reply.store(2, Ordering::SeqCst);
    let office = Office::start(world.open_connector());
    let (status, reply) = office.post(WAITING, &certification("r1", &person(0))).await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    assert_eq!(reply["attempts"], 2, "{reply}");
    assert_eq!(world.faults.messages.load(Ordering::SeqCst), 3);
    assert_eq!(world.logged("certification/1").await, 1);
    office.stop().await;
}

#[tokio::test]
async fn a_proof_that_does_not_hold_ends_nothing() {
    let world = World::new().await;
    world.faults.break_proof.store(1, Ordering::SeqCst);
    let office = Office::start(world.open_connector());
    let (status, reply) = office.post(WAITING, &certification("r1", &person(0))).await;
    // Nothing was believed the first time; the same bytes then brought the right proof.
    assert_eq!((status, &reply["attempts"]), (StatusCode::OK, &json!(1)), "{reply}");
    assert_eq!(world.faults.messages.load(Ordering::SeqCst), 2);
    assert_eq!(world.logged("certification/1").await, 1);
    office.stop().await;
}

#[tokio::test]
async fn after_a_long_outage_it_is_signed_anew() {
    let mut world = World::new().await;
    let office = Office::start(world.open_connector());
    office.post(WAITING, &certification("r0", &person(1))).await;
    world.hub_down().await;
    let (_, reply) = office.post(RECORDS, &certification("r1", &person(0))).await;
    // Signed once, for an attempt that failed.
    let item = office.until(&reply["outbox"], "waiting").await;
    for _ in 0..200 {
        let (_, item) = office.get(&format!("/local/v1/outbox/{}", reply["outbox"])).await;
        if item["attempts"] != json!(0) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    world.clock.advance(2 * 86_400);
    world.hub_up().await;
    let done = office.until(&reply["outbox"], "done").await;
    assert_ne!(done["jti"], item["jti"], "{done}");
    assert_eq!(world.logged("certification/1").await, 2);
    office.stop().await;
}

#[tokio::test]
async fn a_signed_refusal_ends_the_message_with_its_receipt() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let mut body = certification("r1", &person(0));
    body["record"]["revision"] = json!(3);
    let (status, problem) = office.post(WAITING, &body).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("revision-gap")));
    assert!(problem["receipt"].is_string() && problem["proof"].is_string(), "{problem}");
    let (_, counts) = office.get("/local/v1/outbox").await;
    assert_eq!((&counts["refused"], &counts["waiting"]), (&json!(1), &json!(0)));
    office.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_found_before_anything_is_sent() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let number = person(0).documents[0].number.clone();
    let wrong_digit = match number.chars().last() {
        Some('0') => '1',
        _ => '0',
    };
    let mut bad_number = certification("r1", &person(0));
    bad_number["person"]["document_type"] = json!("111");
    bad_number["person"]["number"] = json!(format!("11010519491231002{wrong_digit}"));
    let mut bad_record = certification("r1", &person(0));
    bad_record["record"]["class"] = json!(null);
    let mut name = certification("r1", &person(0));
    name["person"]["name"] = json!("测一");
    let mut free_text = certification("r1", &person(0));
    free_text["record"]["basis"]["article"] = json!("11010519491231002X");
    for (body, code, pointer) in [
        (bad_number, "identifier-invalid", "/subject/number"),
        (bad_record, "schema-violation", "/class"),
        (name, "schema-violation", "/subject"),
        (free_text, "schema-violation", "/basis/article"),
    ] {
        let (status, problem) = office.post(WAITING, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(
            (&problem["code"], &problem["errors"][0]["pointer"]),
            (&json!(code), &json!(pointer)),
            "{problem}"
        );
        assert!(!problem.to_string().contains("110105"), "{problem}");
    }
    let (_, counts) = office.get("/local/v1/outbox").await;
    assert_eq!(counts["waiting"], 0);
    assert_eq!(world.logged("certification/1").await, 0);
    office.stop().await;
}

#[tokio::test]
async fn a_tokeniser_with_another_key_is_refused() {
    let world = World::with_tokeniser_key([77; 32]).await;
    let office = Office::start(world.open_connector());
    let (status, problem) = office.post(WAITING, &certification("r1", &person(0))).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("oprf-proof")),
        "{problem}"
    );
    let (_, counts) = office.get("/local/v1/outbox").await;
    assert_eq!((&counts["waiting"], &counts["done"]), (&json!(0), &json!(0)));
    assert_eq!(world.logged("certification/1").await, 0);
    office.stop().await;
}

#[tokio::test]
async fn no_identifier_is_written_anywhere() {
    captured::start();
    let mut world = World::new().await;
    let office = Office::start(world.open_connector());
    let people: Vec<_> = (0..4).map(person).collect();
    office.post(WAITING, &certification("r1", &people[0])).await;
    world.hub_down().await;
    for (n, person) in people.iter().enumerate().skip(1) {
        let mut body = certification(&format!("r{n}-x"), person);
        let (status, _) = office.post(RECORDS, &body).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        // A refused one must not leave traces either.
        body["record"]["class"] = json!(7);
        office.post(RECORDS, &body).await;
    }
    let mut seen = captured::text();
    for entry in fs::read_dir(world.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.is_empty() || !path.ends_with("outbox.db"));
        seen.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(seen.contains("in the outbox"), "the log was captured");
    assert!(seen.contains("qingpu-housing"), "the outbox file was read");
    for person in &people {
        for document in &person.documents {
            assert!(!seen.contains(&document.number), "a document number was written");
        }
        assert!(!seen.contains(&person.name), "a name was written");
    }
    assert!(!seen.contains("QP-CERT-"), "a certificate number was written");
    office.stop().await;
}
