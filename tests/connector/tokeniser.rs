//! The tokeniser alone: what it checks before it evaluates.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use talent_gateway::domain::id::{MatchInput, ObjectKind};
use talent_gateway::domain::ports::Clock as _;
use talent_gateway::domain::ports::Ids as _;
use talent_gateway::domain::registry::MessageType;
use talent_gateway::message::Composer;
use talent_gateway::oprf::client::{blind, finalize_batch};
use talent_gateway::oprf::server::Key;
use talent_gateway::oprf::{EvaluatedElement, Proof};
use talent_gateway::schema::Registry;
use talent_gateway::system::SystemIds;

use crate::world::{OPRF_SEED, World, district_key, entropy, id, payload};

fn compose(world: &World, from: &str, aud: &str, body: &Value) -> String {
    let schemas = Registry::load().unwrap();
    let (key, aud) = (district_key(from), id(aud));
    let composer = Composer { schemas: &schemas, key: &key, aud: &aud };
    let ty = MessageType::TokenEvaluate;
    let message = composer.compose(ty, body, world.clock.now(), SystemIds.uuid_v7(), None).unwrap();
    message.compact
}

async fn send(world: &World, peer: &str, compact: String) -> (u16, Value) {
    let client = world.client(world.tokeniser.addr, &world.certificate(peer));
    let within = Duration::from_secs(10);
    let reply =
        client.post("/v1/tokens", "application/jose", Bytes::from(compact), within).await.unwrap();
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
}

#[tokio::test]
async fn it_evaluates_a_batch_with_a_proof_that_holds() {
    let world = World::new().await;
    let entropy = entropy();
    let (blinds, elements): (Vec<_>, Vec<_>) = ["a", "b"]
        .iter()
        .map(|n| blind(&MatchInput::object(ObjectKind::Lease, n).unwrap(), &*entropy).unwrap())
        .unzip();
    let elements: Vec<_> = elements.iter().map(ToString::to_string).collect();
    let compact =
        compose(&world, "qingpu", "tokeniser", &json!({"epoch": 1, "elements": elements}));
    for _ in 0..2 {
        // The same message again is answered again.
        let (status, reply) = send(&world, "qingpu", compact.clone()).await;
        assert_eq!(status, 200, "{reply}");
        let claims = payload(reply["answer"].as_str().unwrap());
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!("tokeniser"), &json!("qingpu")));
        assert_eq!(claims.get("log"), None);
        let body = &claims["body"];
        let evaluated: Vec<_> = body["elements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| EvaluatedElement::parse(e.as_str().unwrap()).unwrap())
            .collect();
        let proof = Proof::parse(body["proof"].as_str().unwrap()).unwrap();
        let key = Key::derive(&OPRF_SEED, 1).unwrap().public();
        assert_eq!(finalize_batch(&blinds, &evaluated, &proof, &key).unwrap().len(), 2);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_code_and_a_place() {
    let world = World::new().await;
    let good = blind(&MatchInput::object(ObjectKind::Lease, "a").unwrap(), &*entropy()).unwrap().1;
    let good = json!({"epoch": 1, "elements": [good.to_string()]});
    // Canonical base64url of 32 bytes that is no element: the identity.
    let bad = json!({"epoch": 1, "elements": [good["elements"][0], "A".repeat(43)]});
    let later = json!({"epoch": 2, "elements": good["elements"]});
    let cases = [
        (
            compose(&world, "qingpu", "tokeniser", &bad),
            "qingpu",
            400,
            "element-malformed",
            Some("/body/elements/1"),
        ),
        (
            compose(&world, "qingpu", "tokeniser", &later),
            "qingpu",
            422,
            "epoch-unknown",
            Some("/body/epoch"),
        ),
        (compose(&world, "qingpu", "gateway", &good), "qingpu", 400, "audience-mismatch", None),
        (compose(&world, "qingpu", "tokeniser", &good), "jiashan", 403, "peer-mismatch", None),
        ("not.a.jws".to_owned(), "qingpu", 400, "jws-malformed", None),
        ("x".repeat(17 * 1024), "qingpu", 413, "body-too-large", None),
    ];
    for (compact, peer, status, code, pointer) in cases {
        let (got, problem) = send(&world, peer, compact).await;
        assert_eq!((got, &problem["code"]), (status, &json!(code)), "{problem}");
        if let Some(pointer) = pointer {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
    }
    let old = compose(&world, "qingpu", "tokeniser", &good);
    world.clock.advance(3600);
    let (_, problem) = send(&world, "qingpu", old).await;
    assert_eq!(problem["code"], "expired", "{problem}");
}
