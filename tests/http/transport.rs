//! Requests that are refused before anybody looks at a message.

use std::num::NonZeroU32;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use talent_gateway::api::ApiLimits;
use talent_gateway::domain::code::Code;
use talent_gateway::net::rate::Rate;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::*;

#[tokio::test]
async fn a_body_above_the_bound_is_refused() {
    let world = World::with(tight()).await;
    let problem = world.refused(&world.qingpu, &"x".repeat(4_097), Code::BodyTooLarge).await;
    assert!(problem["detail"].as_str().unwrap().contains("4096"), "the bound is named: {problem}");
}

#[tokio::test]
async fn a_single_message_may_not_use_the_bound_of_the_bulk_form() {
    let world = World::new().await;
    let mut record = certification("QP-1", 1, 1);
    record["class"] = "x".repeat(300 * 1024).into();
    let claims = world.claims(&world.qingpu, "certification/1", &record);
    let compact = world.qingpu.sign(&claims.to_string());
    world.refused_signed(&world.qingpu, &compact, Code::BodyTooLarge).await;
}

#[tokio::test]
async fn a_slow_body_is_refused() {
    let world = World::with(tight()).await;
    let before = world.size();
    for (language, title) in [("zh", "请求接收超时"), ("en", "took too long to arrive")] {
        let head = format!(
            "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/jose\r\n\
             accept-language: {language}\r\ncontent-length: 100\r\nconnection: close\r\n\r\nabc"
        );
        let reply = talk(&world, head.as_bytes()).await;
        assert!(reply.starts_with("HTTP/1.1 408 "), "{reply}");
        assert!(reply.contains("\"code\":\"request-timeout\""), "{reply}");
        assert!(reply.contains(title), "{reply}");
    }
    assert_eq!(world.size(), before);
}

/// Sends bytes as qingpu, over HTTP/1.1, and reads until the server closes.
async fn talk(world: &World, request: &[u8]) -> String {
    let mut tls = world.tls_of(&world.qingpu);
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let tcp = TcpStream::connect(world.addr).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(tls));
    let mut stream = connector.connect(name, tcp).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut reply = Vec::new();
    // The server closes without a TLS goodbye: an error here, with the bytes read so far.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut reply)).await.unwrap();
    String::from_utf8(reply).unwrap()
}

#[tokio::test]
async fn only_jose_is_taken() {
    let world = World::new().await;
    let message = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 1, 1));
    let before = world.size();
    for headers in [HeaderMap::new(), {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers
    }] {
        let code = Code::UnsupportedMediaType;
        let path = "/v1/messages";
        world.qingpu.problem_of(Method::POST, path, headers, &message.compact, code).await;
    }
    assert_eq!(world.size(), before);
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let world = World::new().await;
    let (none, qingpu) = (HeaderMap::new, &world.qingpu);
    for path in ["/", "/v1/nothing", "/v1/messages/qingpu", "/healthz", "/metrics"] {
        qingpu.refused_get(path, Code::NotFound).await;
    }
    for (method, path) in [
        (Method::GET, "/v1/messages"),
        (Method::DELETE, "/v1/feed"),
        (Method::POST, "/log/checkpoint"),
    ] {
        qingpu.problem_of(method, path, none(), "", Code::MethodNotAllowed).await;
    }
}

#[tokio::test]
async fn each_participant_has_a_rate_of_its_own() {
    let one = NonZeroU32::MIN;
    let rate = Rate::per_minute(one, one);
    let world = World::with(ApiLimits { rate, ..ApiLimits::default() }).await;
    let message = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 1, 1));
    assert_eq!(world.qingpu.send(&message.compact).await.status, 200);
    let late = world.compose(&world.qingpu, "certification/1", &certification("QP-2", 1, 2));
    world.refused(&world.qingpu, &late.compact, Code::TooManyRequests).await;
    let reply = world.qingpu.post("application/jose", Bytes::from(late.compact.clone())).await;
    let wait: i64 = reply.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    let other = world.compose(&world.jiashan, "certification/1", &certification("JS-1", 1, 3));
    assert_eq!(world.jiashan.send(&other.compact).await.status, 200);
    world.clock.set(NOW.plus_seconds(wait));
    assert_eq!(world.qingpu.send(&late.compact).await.status, 200, "waiting as told is enough");
}

#[tokio::test]
async fn refused_messages_have_a_rate_of_their_own() {
    let one = NonZeroU32::MIN;
    let refusals = Rate::per_minute(one, one);
    let world = World::with(ApiLimits { refusals, ..ApiLimits::default() }).await;
    let good = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 1, 1));
    assert_eq!(world.qingpu.send(&good.compact).await.status, 200, "accepted ones cost nothing");
    let gap = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 3, 1));
    let refused = world.qingpu.send(&gap.compact).await;
    assert_eq!(refused.status, 409, "judged and refused, with a receipt");
    let next = world.compose(&world.qingpu, "certification/1", &certification("QP-1", 2, 1));
    world.refused(&world.qingpu, &next.compact, Code::TooManyRefusals).await;
    let reply = world.qingpu.post("application/jose", Bytes::from(next.compact.clone())).await;
    let wait: i64 = reply.headers["retry-after"].to_str().unwrap().parse().unwrap();
    let other = world.compose(&world.jiashan, "certification/1", &certification("JS-1", 1, 3));
    assert_eq!(world.jiashan.send(&other.compact).await.status, 200, "others are not held up");
    world.clock.set(NOW.plus_seconds(wait));
    assert_eq!(world.qingpu.send(&next.compact).await.status, 200, "its jti was not used up");
}
