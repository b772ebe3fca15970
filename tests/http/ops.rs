//! The operations listener.

use talent_gateway::domain::code::Code;

use crate::support::*;

#[tokio::test]
async fn alive_and_ready_without_a_trace_in_the_log() {
    let world = World::new().await;
    let before = world.size();
    for path in ["/healthz", "/readyz"] {
        let reply = world.ops.get(path, PATIENCE).await.unwrap();
        assert_eq!(reply.status, 200, "{path}");
    }
    assert_eq!(world.size(), before, "a self-test is no entry");
    let receipt = world.push(&world.qingpu, "certification/1", &certification("QP-1", 1, 1)).await;
    assert_eq!(receipt.index, before, "nor does it leave a gap");
}

#[tokio::test]
async fn metrics_count_without_telling_who() {
    let world = World::new().await;
    let jti = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 1, 1));
    world.qingpu.send(&jti.compact).await;
    world.qingpu.send(&jti.compact).await;
    world.refused(&world.qingpu, "not a message", Code::JwsMalformed).await;
    world.qingpu.get(&format!("/v1/messages/qingpu/{}", jti.jti)).await;
    world.qingpu.get("/secret").await;
    let reply = world.ops.get("/metrics", PATIENCE).await.unwrap();
    assert!(reply.headers["content-type"].to_str().unwrap().contains("openmetrics"));
    let text = std::str::from_utf8(&reply.body).unwrap();
    for line in [
        "ydt_http_requests_total{method=\"POST\",route=\"/v1/messages\",status=\"200\"} 2",
        "ydt_http_requests_total{method=\"GET\",route=\"/v1/messages/{iss}/{jti}\",status=\"200\"} 1",
        "ydt_http_requests_total{method=\"GET\",route=\"-\",status=\"404\"} 1",
        "ydt_messages_total{outcome=\"accepted\"} 1",
        "ydt_messages_total{outcome=\"replayed\"} 1",
        "ydt_refusals_total{code=\"jws-malformed\"} 2",
        "ydt_feed_waits 0",
        "ydt_writer_waiting 0",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(text.contains(&format!("ydt_log_entries {}\n", world.size())), "{text}");
    for hidden in ["qingpu", "secret", &jti.jti.to_string()] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}
