//! Messages that are accepted, once and again.

use serde_json::{Value, json};
use talent_gateway::domain::code::Code;

use crate::support::*;

#[tokio::test]
async fn a_push_gets_a_proven_receipt() {
    let world = World::new().await;
    let before = world.size();
    let record = certification("QP-1", 1, 1);
    let receipt = world.push(&world.qingpu, "certification/1", &record).await;
    assert_eq!(receipt.status, 200);
    assert_eq!(receipt.claims["res"], json!({ "outcome": "accepted" }));
    assert_eq!(receipt.claims["aud"], "qingpu");
    assert_eq!((receipt.index, world.size()), (before, before + 1));
}

#[tokio::test]
async fn the_same_bytes_get_the_same_receipt() {
    let world = World::new().await;
    let message = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 1, 1));
    let first = world.qingpu.send(&message.compact).await;
    assert!(first.headers.get("idempotent-replayed").is_none());
    let size = world.size();
    world.push(&world.jiashan, "certification/1", &certification("JS-1", 1, 2)).await;
    // Long after it expired, and with the log grown in between.
    world.clock.set(message.exp.plus_seconds(3_600));
    let again = world.qingpu.send(&message.compact).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(world.signed(&first).compact, world.signed(&again).compact);
    assert_eq!(world.size(), size + 1, "the replay added nothing");
}

#[tokio::test]
async fn a_bulk_push_judges_each_item() {
    let world = World::new().await;
    let items = json!({ "items": [
        certification("QP-1", 1, 1),
        certification("QP-1", 3, 1),
        certification("QP-2", 1, 2),
    ] });
    let receipt = world.push(&world.qingpu, "certification/1", &items).await;
    let outcomes: Vec<_> = receipt.claims["res"]["items"].as_array().unwrap().iter().collect();
    let of = |index: usize| outcomes.iter().find(|o| o["index"] == index).copied();
    assert_eq!(of(0).unwrap()["outcome"], "accepted");
    assert_eq!(
        of(1).map(|o| (&o["outcome"], &o["code"])),
        Some((&json!("rejected"), &json!("revision-gap")))
    );
    assert_eq!(of(2).unwrap()["outcome"], "accepted");
}

#[tokio::test]
async fn a_receipt_is_given_again_to_those_whom_it_concerns() {
    let world = World::new().await;
    let record = certification("QP-1", 1, 1);
    let to = Some(&world.jiashan);
    let message = world.compose_to(&world.qingpu, "certification/1", &record, to);
    let sent = world.signed(&world.qingpu.send(&message.compact).await);
    let path = format!("/v1/messages/qingpu/{}", message.jti);
    for district in [&world.qingpu, &world.jiashan] {
        let reply = district.get(&path).await;
        assert_eq!(world.signed(&reply).compact, sent.compact);
        let value: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(value["message"], message.compact);
    }
    world.wujiang.refused_get(&path, Code::NotFound).await;
    world
        .qingpu
        .refused_get(&format!("/v1/messages/jiashan/{}", message.jti), Code::NotFound)
        .await;
    for malformed in [format!("/v1/messages/Q/{}", message.jti), "/v1/messages/qingpu/7".to_owned()]
    {
        let problem = world.qingpu.refused_get(&malformed, Code::BadRequest).await;
        assert!(problem.get("errors").is_none(), "no pointer into a message: {problem}");
    }
}

#[tokio::test]
async fn of_a_refused_message_the_receipt_is_kept() {
    let world = World::new().await;
    let message = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 2, 1));
    assert_eq!(world.qingpu.send(&message.compact).await.status, 409);
    let reply = world.qingpu.get(&format!("/v1/messages/qingpu/{}", message.jti)).await;
    assert_eq!(world.signed(&reply).claims["res"]["code"], "revision-gap");
    let value: Value = serde_json::from_slice(&reply.body).unwrap();
    assert!(value.get("message").is_none(), "its text is not");
}
