//! Who may do what, and the second pair of eyes.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::plain::{certification, document, person};
use crate::world::{AUDITOR, Office, REVIEWER, WINDOW, World};

#[tokio::test]
async fn without_a_known_token_there_is_nothing() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let body = certification("r1", &person(0));
    let other = "another-token-0123456789abcdef0123456789abcdef";
    for token in [None, Some(other), Some("")] {
        for (method, path) in [
            (Method::POST, "/local/v1/records"),
            (Method::POST, "/local/v1/messages/certification/1"),
            (Method::POST, "/local/v1/query"),
            (Method::GET, "/local/v1/outbox"),
            (Method::GET, "/local/v1/feed"),
            (Method::POST, "/local/v1/pending/1/approve"),
        ] {
            let (status, problem) = office.call(method, path, token, &body).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(problem["code"], "unauthorized");
        }
    }
    let (status, problem) =
        office.call(Method::POST, "/local/v1/records", Some(AUDITOR), &body).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("not-permitted")));
    let (status, health) = office.call(Method::GET, "/local/v1/health", None, &Value::Null).await;
    assert_eq!((status, &health["participant"]), (StatusCode::OK, &json!("qingpu")));
    office.stop().await;
}

#[tokio::test]
async fn a_link_waits_for_a_second_operator() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    for n in [0, 1] {
        let body = certification(&format!("r{n}"), &person(n));
        office.post("/local/v1/records?wait=20", &body).await;
    }
    let link = json!({
        "link": "l1",
        "revision": 1,
        "kind": "same",
        "subjects": [document(&person(0)), document(&person(1))],
        "validity": { "from": "2026-01-01" },
        "evidence": "documents-examined",
    });
    let path = "/local/v1/messages/subject.link/1?wait=1";
    let (status, reply) = office.post(path, &link).await;
    assert_eq!((status, &reply["state"]), (StatusCode::ACCEPTED, &json!("parked")), "{reply}");
    let (_, pending) = office.get("/local/v1/pending").await;
    assert_eq!(pending["pending"][0]["body"]["kind"], "same", "{pending}");
    assert_eq!(world.logged("subject.link/1").await, 0);

    let approve = format!("/local/v1/pending/{}/approve?wait=20", reply["outbox"]);
    let call = |token| office.call(Method::POST, &approve, Some(token), &Value::Null);
    let (status, problem) = call(WINDOW).await;
    assert_eq!(problem["code"], "two-operators", "{status} {problem}");
    let (status, problem) = call(AUDITOR).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
    let (status, done) = call(REVIEWER).await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("done")), "{done}");
    let (status, _) = call(REVIEWER).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "approved once");

    let bodies = world.bodies("subject.link/1").await;
    assert_eq!(bodies.len(), 1);
    let operators: Vec<_> =
        bodies[0]["operators"].as_array().unwrap().iter().map(|o| o["id"].clone()).collect();
    assert_eq!(operators, ["op-window", "op-review"]);
    office.stop().await;
}

#[tokio::test]
async fn operators_named_in_a_request_are_refused() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let forged = json!([{"id": "op-a", "role": "window"}, {"id": "op-b", "role": "reviewer"}]);
    let link = json!({
        "link": "l1", "revision": 1, "kind": "same",
        "subjects": [document(&person(0)), document(&person(1))],
        "validity": { "from": "2026-01-01" }, "evidence": "register",
        "operators": forged,
    });
    let (status, problem) = office.post("/local/v1/messages/subject.link/1", &link).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/operators");
    office.stop().await;
}

/// The other side of a link: the feed says that one awaits this district's consent, with the record
/// of its own that it is about and what the consent has to name.
#[tokio::test]
async fn a_link_of_another_district_is_confirmed_from_the_feed() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    office.post("/local/v1/records?wait=20", &certification("r0", &person(0))).await;
    let subject = world.bodies("certification/1").await[0]["subject"].clone();
    let jti = world.link_by_jiashan(&subject).await;
    let entry = office.told("link-awaits-consent").await;
    assert_eq!((&entry["concerns"], &entry["target"]["jti"]), (&json!("r0"), &json!(jti)));
    assert!(entry.get("token").is_none() && entry["pos"].is_u64(), "{entry}");
    let mut consent = json!({
        "target": entry["target"], "decision": "approve", "date": "2026-11-21"
    });
    let path = "/local/v1/messages/consent/1?wait=20";
    let (status, done) = office.post(path, &consent).await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("done")), "{done}");
    assert_eq!(office.told("link-confirmed").await["target"], entry["target"]);
    consent["target"]["jti"] = json!("019aa0b4-6c00-7abc-8def-0123456789ab");
    let (status, problem) = office.post(path, &consent).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("target-unknown")),
        "{problem}"
    );
    office.stop().await;
}

/// An objection and an enquiry in plain JSON: the person by number, the operator by token, the other
/// district by name; a decision needs a second operator, and the worklist shows what is open.
#[tokio::test]
async fn objections_and_enquiries_are_plain_too() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    office.post("/local/v1/records?wait=20", &certification("r0", &person(0))).await;
    let mut objection = json!({
        "objection": "o1", "case": "QP-2026-0001", "person": document(&person(0)),
        "record": { "owner": "qingpu", "kind": "certification", "record": "r0" },
        "reason": "wrong-content", "received_on": "2026-11-20",
    });
    let path = "/local/v1/objection?wait=20";
    let (status, done) = office.post(path, &objection).await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("done")), "{done}");
    let logged = world.bodies("objection/1").await;
    assert_eq!(logged[0]["operator"], json!({ "id": "op-window", "role": "window" }));
    assert!(logged[0]["subject"]["token"].is_string(), "{}", logged[0]);
    objection["operator"] = json!({ "id": "op-a", "role": "window" });
    let (status, problem) = office.post(path, &objection).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/operator");

    let (status, answer) = office.post("/local/v1/worklist", &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let open = &answer["result"]["objections"][0];
    assert_eq!((&open["objection"], &open["stage"]), (&json!("o1"), &json!("decide")));

    let decision = json!({
        "objection": { "by": "qingpu", "objection": "o1" }, "decision": "rejected",
        "reason": "matches-source", "decided_on": "2026-11-21",
    });
    let (status, reply) = office.post("/local/v1/objection/outcome?wait=1", &decision).await;
    assert_eq!((status, &reply["state"]), (StatusCode::ACCEPTED, &json!("parked")), "{reply}");
    let approve = format!("/local/v1/pending/{}/approve?wait=20", reply["outbox"]);
    let (status, done) = office.call(Method::POST, &approve, Some(REVIEWER), &Value::Null).await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("done")), "{done}");

    let mut enquiry = json!({
        "enquiry": "e1", "case": "QP-2026-0001", "to": "jiashan", "about": { "position": 0 },
        "questions": ["still-in-force"], "within_days": 3,
    });
    let (status, done) = office.post("/local/v1/enquiry?wait=20", &enquiry).await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("done")), "{done}");
    let (_, answer) = office.post("/local/v1/worklist", &json!({})).await;
    assert_eq!(answer["result"]["enquiries"][0]["to"], "jiashan", "{answer}");
    assert_eq!(answer["result"]["objections"], json!([]), "decided");
    enquiry.as_object_mut().unwrap().remove("to");
    let (status, problem) = office.post("/local/v1/enquiry", &enquiry).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/to");
    office.stop().await;
}
