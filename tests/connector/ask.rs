//! Questions: plain in, verified answer out.

use http::StatusCode;
use serde_json::{Value, json};

use crate::plain::{certification, context, document, person};
use crate::world::{Office, World, payload};

fn question(extra: &Value) -> Value {
    let mut body = json!({ "person": document(&person(0)), "context": context() });
    for (name, value) in extra.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn records_are_found_by_plain_number_and_the_answer_comes_with_its_proof() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    office.post("/local/v1/records?wait=20", &certification("r1", &person(0))).await;
    let mut body = question(&json!({ "kinds": ["certification"] }));
    body["context"]["purpose"] = json!("funding-check");
    let (status, answer) = office.post("/local/v1/query", &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["result"]["records"][0]["record"], "r1", "{answer}");
    assert!(answer["coverage"].is_array() && answer["known_at"].is_u64(), "{answer}");
    let claims = payload(answer["answer"].as_str().unwrap());
    assert_eq!((&claims["body"], &claims["irt"]), (&answer["result"], &answer["jti"]));
    let asked = world.bodies("query.records/1").await;
    assert_eq!(asked[0]["context"]["operator"], json!({"id": "op-window", "role": "window"}));
    // Both times pass through.
    body["valid_at"] = json!("2020-01-01");
    let (_, before) = office.post("/local/v1/query", &body).await;
    assert_eq!(before["result"]["records"][0]["standing"], "not-yet-effective", "{before}");
    body["known_at"] = answer["known_at"].clone();
    let (_, then) = office.post("/local/v1/query", &body).await;
    assert_eq!((&then["known_at"], &then["result"]), (&answer["known_at"], &before["result"]));
    office.stop().await;
}

/// Quotas and some facts are about an enterprise, which is asked for by its credit code.
#[tokio::test]
async fn records_of_an_enterprise_are_found_by_its_credit_code() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let uscc = "91350200MA2YJ1XR9G";
    let mut quota = certification("q1", &person(0));
    for name in ["person", "certificate_number"] {
        quota.as_object_mut().unwrap().remove(name);
    }
    let record = quota["record"].as_object_mut().unwrap();
    record.retain(|name, _| {
        !["scheme", "scheme_version", "class", "ground"].contains(&name.as_str())
    });
    record.extend([
        ("unit".to_owned(), json!("persons")),
        ("limit".to_owned(), json!(10)),
        ("used".to_owned(), json!(3)),
    ]);
    quota["kind"] = json!("quota");
    quota["employer_uscc"] = json!(uscc);
    let (status, pushed) = office.post("/local/v1/records?wait=20", &quota).await;
    assert_eq!(status, StatusCode::OK, "{pushed}");
    let mut context = context();
    context["purpose"] = json!("funding-check");
    let by_code = json!({ "employer_uscc": uscc, "context": context, "kinds": ["quota"] });
    let by_type =
        json!({ "subject": { "uscc": uscc }, "context": context, "kinds": ["quota", "fact"] });
    for (path, body) in
        [("/local/v1/query", by_code), ("/local/v1/messages/query.records/1", by_type)]
    {
        let (status, answer) = office.post(path, &body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let found = &answer["result"]["records"][0];
        assert_eq!(
            (&found["record"], &found["content"]["limit"]),
            (&json!("q1"), &json!(10)),
            "{answer}"
        );
    }
    let asked = world.bodies("query.records/1").await;
    assert!(asked.iter().all(|body| body["about"] == "enterprise"), "{asked:?}");
    office.stop().await;
}

#[tokio::test]
async fn recognition_is_asked_the_same_way() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    office.post("/local/v1/records?wait=20", &certification("r1", &person(0))).await;
    let body = question(&json!({
        "at": "qingpu", "for_purpose": "housing", "valid_at": "2026-11-21",
    }));
    let (status, answer) = office.post("/local/v1/recognise", &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert!(answer["result"].is_object(), "{answer}");
    office.stop().await;
}

#[tokio::test]
async fn a_question_without_basis_is_refused_with_a_receipt() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let mut body = question(&json!({ "kinds": ["certification"] }));
    body["context"] = json!({ "case": "QP-1", "purpose": "funding-check" });
    let (status, problem) = office.post("/local/v1/query", &body).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::FORBIDDEN, &json!("basis-missing")),
        "{problem}"
    );
    assert!(problem["receipt"].is_string(), "{problem}");
    body["context"]["operator"] = json!({ "id": "op-9", "role": "window" });
    let (status, problem) = office.post("/local/v1/query", &body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/context/operator");
    office.stop().await;
}

#[tokio::test]
async fn a_message_to_the_district_shows_up_in_its_feed() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let entry = json!({ "after": 0 });
    let (status, page) = office.get("/local/v1/feed?after=0").await;
    assert_eq!((status, &page["next"]), (StatusCode::OK, &entry["after"]));
    world.address_qingpu().await;
    for _ in 0..500 {
        let (_, page) = office.get("/local/v1/feed").await;
        if page["next"] == json!(1) {
            assert_eq!(page["entries"][0]["change"], "addressed", "{page}");
            return office.stop().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nothing in the feed");
}

/// 附件4 一（二）4: a class D rent subsidy, before anything is held.
#[tokio::test]
async fn funding_is_checked_before_paying_with_plain_identifiers() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let catalogue = talent_gateway::catalogue::Catalogue::embedded().unwrap();
    let policy = catalogue.policies.iter().find(|p| p.id == "qingpu/housing-rent/D").unwrap();
    let path = "/local/v1/messages/funding.policy/1?wait=20";
    let (status, reply) = office.post(path, &json!(policy)).await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    let record = "/local/v1/records?wait=20";
    assert_eq!(office.post(record, &certification("r1", &person(0))).await.0, StatusCode::OK);
    let body = question(&json!({ "application": {
        "kind": "grant",
        "policy": { "id": policy.id, "version": policy.version },
        "beneficiary": "person",
        "class": { "scheme": "qingpu-housing", "class": "D" },
        "months": { "first": "2026-12", "last": "2027-11" },
        "date": "2026-11-21",
        "amount": { "monthly": 400_000 },
    } }));
    let (status, answer) = office.post("/local/v1/check", &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let assessment = &answer["result"]["assessment"];
    let cap = assessment["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "R13");
    let cap = cap.unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(cap["citations"][0]["article"], "附件4 一（三）", "{answer}");
    assert!(answer["coverage"].as_array().is_some_and(|c| !c.is_empty()), "{answer}");
    let claims = payload(answer["answer"].as_str().unwrap());
    assert_eq!(claims["body"], answer["result"]);
    let asked = world.bodies("query.funding/1").await;
    assert!(asked[0]["application"]["subject"]["token"].is_string(), "a token went out");
    office.stop().await;
}

#[tokio::test]
async fn shared_services_are_asked_by_plain_number_for_their_own_purpose() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    let body = question(&json!({
        "service": "medical", "at": "qingpu", "valid_at": "2026-11-21",
    }));
    let (status, answer) = office.post("/local/v1/entitlement", &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["result"]["entitlement"]["entitled"], false, "{answer}");
    let asked = world.bodies("query.entitlement/1").await;
    assert_eq!(asked[0]["context"]["purpose"], "service");
    let mut wrong = body;
    wrong["service"] = json!("teleport");
    let (_, problem) = office.post("/local/v1/entitlement", &wrong).await;
    assert_eq!(problem["code"], "service-unknown", "{problem}");
    office.stop().await;
}
