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
