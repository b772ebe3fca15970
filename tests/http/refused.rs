//! Messages that are refused. Each test is one kind of bad input; the harness checks status, code,
//! both languages, and that nothing was half done.

use serde_json::json;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::directory::Standing;

use crate::support::*;

const MT: &str = "certification/1";

#[tokio::test]
async fn what_is_no_sealed_message_leaves_no_trace() {
    let world = World::new().await;
    let (qingpu, good) = (&world.qingpu, certification("QP-1", 1, 1));
    let text = |claims: &serde_json::Value| qingpu.sign(&claims.to_string());
    let claims = || world.claims(qingpu, MT, &good);

    let twice = claims().to_string().replacen('{', "{\"iss\":\"jiashan\",", 1);
    let mut deep = json!(0);
    for _ in 0..20 {
        deep = json!([deep]);
    }
    let mut nested = claims();
    nested["body"]["deep"] = deep;
    let mut fraction = claims();
    fraction["body"]["revision"] = json!(1.5);
    let mut other_service = claims();
    other_service["aud"] = json!("tokeniser");
    let mut no_jti = claims();
    no_jti.as_object_mut().unwrap().remove("jti");
    let forged = {
        let (head, _) =
            text(&claims()).rsplit_once('.').map(|(a, b)| (a.to_owned(), b.len())).unwrap();
        let (_, other) =
            qingpu.sign("{}").rsplit_once('.').map(|(a, b)| (a.len(), b.to_owned())).unwrap();
        format!("{head}.{other}")
    };
    for (compact, code) in [
        ("not a message".to_owned(), Code::JwsMalformed),
        (qingpu.sign(&twice), Code::JsonDuplicateKey),
        (text(&nested), Code::JsonTooDeep),
        (text(&fraction), Code::JsonNumber),
        (text(&other_service), Code::AudienceMismatch),
        (text(&no_jti), Code::ClaimsInvalid),
        (forged, Code::SignatureInvalid),
    ] {
        world.refused(qingpu, &compact, code).await;
    }
}

#[tokio::test]
async fn time_is_bounded_on_both_sides() {
    let world = World::new().await;
    let qingpu = &world.qingpu;
    for (iat, exp, code) in [
        (-1_000, -200, Code::Expired),
        (200, 500, Code::NotYetValid),
        (0, 2 * 86_400, Code::LifetimeTooLong),
    ] {
        let mut claims = world.claims(qingpu, MT, &certification("QP-1", 1, 1));
        claims["iat"] = json!(NOW.plus_seconds(iat));
        claims["exp"] = json!(NOW.plus_seconds(exp));
        world.refused(qingpu, &qingpu.sign(&claims.to_string()), code).await;
    }
}

#[tokio::test]
async fn a_certificate_without_a_participant_is_refused_everywhere() {
    let world = World::new().await;
    let stranger = world.stranger();
    let message = world.compose(&stranger, MT, &certification("X-1", 1, 1));
    world.refused(&stranger, &message.compact, Code::PeerUnknown).await;
    for path in
        ["/v1/feed", "/v1/directory", "/v1/schemas", "/log/checkpoint", "/docs", "/openapi.json"]
    {
        stranger.refused_get(path, Code::PeerUnknown).await;
    }
}

#[tokio::test]
async fn a_suspended_participant_is_refused_at_once() {
    let world = World::new().await;
    let message = world.compose(&world.qingpu, MT, &certification("QP-1", 1, 1));
    assert_eq!(world.qingpu.send(&message.compact).await.status, 200);
    world.gateway.enrol(&body("qingpu", 2, Standing::Suspended)).await.unwrap();
    // On the connection that is open, and for a message that was answered before, too.
    world.refused(&world.qingpu, &message.compact, Code::PeerSuspended).await;
    world.qingpu.refused_get("/v1/feed", Code::PeerSuspended).await;
}

#[tokio::test]
async fn another_participants_message_is_refused() {
    let world = World::new().await;
    let message = world.compose(&world.qingpu, MT, &certification("QP-1", 1, 1));
    world.refused(&world.jiashan, &message.compact, Code::PeerMismatch).await;
    // The rightful sender is not hindered by that.
    assert_eq!(world.qingpu.send(&message.compact).await.status, 200);
}

#[tokio::test]
async fn a_revoked_key_signs_nothing_more() {
    let world = World::new().await;
    let revocation = json!({
        "action": "revoke",
        "kid": "qingpu#message-1",
        "revoked_from": NOW,
        "reason": "leaked",
    });
    assert_eq!(world.push(&world.qingpu, "key/1", &revocation).await.status, 200);
    let message = world.compose(&world.qingpu, MT, &certification("QP-1", 1, 1));
    world.refused(&world.qingpu, &message.compact, Code::KeyRevoked).await;
}

#[tokio::test]
async fn a_schema_must_be_one_that_is_served() {
    let world = World::new().await;
    let mut claims = world.claims(&world.qingpu, MT, &certification("QP-1", 1, 1));
    claims["sch"]["sha256"] = json!("00".repeat(32));
    let compact = world.qingpu.sign(&claims.to_string());
    world.refused_signed(&world.qingpu, &compact, Code::SchemaUnknown).await;
}

#[tokio::test]
async fn a_violation_names_its_place_and_no_value() {
    let world = World::new().await;
    let mut record = certification("QP-1", 1, 1);
    record["class"] = json!({ "secret": "value" });
    let compact = world.qingpu.sign(&world.claims(&world.qingpu, MT, &record).to_string());
    let problem = world.refused_signed(&world.qingpu, &compact, Code::SchemaViolation).await;
    assert_eq!(problem["errors"][0]["pointer"], "/body/class");
    assert!(!problem["errors"].to_string().contains("secret"), "{problem}");
}

#[tokio::test]
async fn revisions_follow_each_other() {
    let world = World::new().await;
    let qingpu = &world.qingpu;
    let message = |revision| world.compose(qingpu, MT, &certification("QP-1", revision, 1)).compact;
    assert_eq!(qingpu.send(&message(1)).await.status, 200);
    world.refused_signed(qingpu, &message(1), Code::RevisionStale).await;
    world.refused_signed(qingpu, &message(3), Code::RevisionGap).await;
    assert_eq!(qingpu.send(&message(2)).await.status, 200);
}

#[tokio::test]
async fn one_jti_never_names_two_messages() {
    let world = World::new().await;
    let qingpu = &world.qingpu;
    let mut claims = world.claims(qingpu, MT, &certification("QP-1", 1, 1));
    let first = qingpu.sign(&claims.to_string());
    assert_eq!(qingpu.send(&first).await.status, 200);
    claims["body"] = certification("QP-1", 1, 2);
    let other = qingpu.sign(&claims.to_string());
    let reply = qingpu.send(&other).await;
    problem(&reply, Code::Equivocation, talent_gateway::domain::text::Language::Zh);
    assert_eq!(world.signed(&reply).claims["res"]["code"], "equivocation");
    let again = qingpu.send(&first).await;
    assert_eq!(again.headers["idempotent-replayed"], "true", "the first one stands");
}

#[tokio::test]
async fn a_type_that_is_not_granted_is_refused() {
    let world = World::new().await;
    let participant = serde_json::to_value(body("qingpu", 2, Standing::Active)).unwrap();
    let message = world.compose(&world.qingpu, "participant/1", &participant);
    world.refused_signed(&world.qingpu, &message.compact, Code::NotPermitted).await;
}

#[tokio::test]
async fn a_token_of_an_unknown_epoch_is_refused() {
    let world = World::new().await;
    let mut record = certification("QP-1", 1, 1);
    record["subject"]["epoch"] = json!(7);
    let message = world.compose(&world.qingpu, MT, &record);
    world.refused_signed(&world.qingpu, &message.compact, Code::EpochUnknown).await;
}

#[tokio::test]
async fn an_unknown_type_is_refused() {
    let world = World::new().await;
    let mut claims = world.claims(&world.qingpu, MT, &certification("QP-1", 1, 1));
    claims["mt"] = json!("poem/1");
    let compact = world.qingpu.sign(&claims.to_string());
    let problem = world.refused_signed(&world.qingpu, &compact, Code::MessageTypeUnknown).await;
    assert_eq!(problem["errors"][0]["pointer"], "/mt");
}
