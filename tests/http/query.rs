//! Queries: signed like everything else, answered under the agreements of the moment.

use serde_json::{Value, json};
use talent_gateway::domain::code::Code;

use crate::support::*;

fn question(person: u8) -> Value {
    json!({
        "context": {
            "case": "JS-2026-0815",
            "purpose": "recognition",
            "legal_basis": { "document": "虚构〔2020〕1号", "article": "第二条" },
            "operator": { "id": "op-7f3a", "role": "window" },
        },
        "subject": token(person),
        "kinds": ["certification"],
        "history": false,
    })
}

fn agreement(users: &[&str]) -> Value {
    json!({
        "agreement": "QP-XY-1",
        "revision": 1,
        "users": users,
        "grants": [{
            "kind": "certification",
            "purposes": ["recognition"],
            "fields": ["scheme", "class"],
        }],
        "legal_basis": { "document": "虚构协议", "article": "第三条" },
        "validity": { "from": "2026-01-01", "until": "2028-12-31" },
        "residence": "hub",
        "max_age_hours": 36,
        "withdrawn": false,
    })
}

#[tokio::test]
async fn records_are_shown_under_an_agreement_only() {
    let world = World::new().await;
    world.push(&world.qingpu, "certification/1", &certification("QP-1", 1, 1)).await;
    let ask = async || {
        let answer = world.push(&world.jiashan, "query.records/1", &question(1)).await;
        assert_eq!(answer.status, 200);
        answer.claims
    };
    let without = ask().await;
    assert_eq!(without["body"]["records"], json!([]));
    let line = |claims: &Value| {
        let lines = claims["coverage"].as_array().unwrap().clone();
        lines.into_iter().find(|line| line["district"] == "qingpu").unwrap()
    };
    assert_eq!(line(&without)["reason"], "no-agreement", "never a silent gap");

    world.push(&world.qingpu, "agreement/1", &agreement(&["jiashan"])).await;
    let with = ask().await;
    let records = with["body"]["records"].as_array().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["content"], json!({ "scheme": "qingpu-industry", "class": "B" }));
    assert_eq!(line(&with)["reason"], "never-reconciled");

    let other = world.push(&world.wujiang, "query.records/1", &question(1)).await;
    assert_eq!(other.claims["body"]["records"], json!([]), "an agreement is with its users");
}

#[tokio::test]
async fn an_answer_belongs_to_the_asker() {
    let world = World::new().await;
    let to = Some(&world.qingpu);
    let message = world.compose_to(&world.jiashan, "query.records/1", &question(1), to);
    let answer = world.signed(&world.jiashan.send(&message.compact).await);
    assert_eq!(answer.claims["irt"], message.jti.to_string());
    let path = format!("/v1/messages/jiashan/{}", message.jti);
    assert_eq!(world.signed(&world.jiashan.get(&path).await).compact, answer.compact);
    world.qingpu.refused_get(&path, Code::NotFound).await;
}

#[tokio::test]
async fn a_question_needs_a_basis() {
    let world = World::new().await;
    let mut question = question(1);
    question["context"].as_object_mut().unwrap().remove("legal_basis");
    let claims = world.claims(&world.jiashan, "query.records/1", &question);
    let compact = world.jiashan.sign(&claims.to_string());
    let before = world.size();
    let reply = world.jiashan.send(&compact).await;
    assert!(reply.status.is_client_error());
    assert_eq!(world.signed(&reply).claims["res"]["outcome"], "rejected");
    assert_eq!(world.size(), before + 1);
}

#[tokio::test]
async fn many_subjects_in_one_case_are_enumeration() {
    let world = World::new().await;
    for person in 1..=64 {
        let answer = world.push(&world.jiashan, "query.records/1", &question(person)).await;
        assert_eq!(answer.status, 200, "{person}");
    }
    let next = world.compose(&world.jiashan, "query.records/1", &question(65));
    world.refused(&world.jiashan, &next.compact, Code::QuotaExceeded).await;
    let again = world.push(&world.jiashan, "query.records/1", &question(64)).await;
    assert_eq!(again.status, 200, "a subject of the case is asked about as often as needed");
    let mut other = question(65);
    other["context"]["case"] = "JS-2026-0816".into();
    assert_eq!(world.push(&world.jiashan, "query.records/1", &other).await.status, 200);
}
