//! Bodies that are too large or too slow, in both languages.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;
use talent_gateway::net::client::{Client, ClientError};
use talent_gateway::net::limits::Limits;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::*;

#[tokio::test]
async fn a_body_over_the_cap_is_413_in_both_languages() {
    let world = World::new();
    let server = Server::start(Some(world.mutual_tls()), app(), Limits::default()).await;
    let client = world.https(server.addr, Some(&world.client("qingpu")));
    for (language, title, detail) in [
        ("zh-CN", "请求体超过上限", "上限为 1024 字节"),
        ("en", "the body is larger than the bound", "the bound is 1024 bytes"),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", HeaderValue::from_static(language));
        let body = Bytes::from(vec![b'x'; BODY.bytes_max + 1]);
        let reply = client.call(Method::POST, "/echo", headers, body, PATIENCE).await.unwrap();
        assert_eq!(reply.status, 413);
        assert_eq!(reply.headers["content-type"], "application/problem+json");
        let problem: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(problem["type"], "urn:ydt:problem:body-too-large");
        assert_eq!(problem["title"], title);
        assert_eq!(problem["detail"], detail);
        assert_eq!(problem["request_id"], reply.headers["x-request-id"].to_str().unwrap());
    }
    let body = Bytes::from(vec![b'x'; BODY.bytes_max]);
    let reply = client.post("/echo", "text/plain", body.clone(), PATIENCE).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.body), (200, body), "the cap itself is allowed");
}

#[tokio::test]
async fn a_chunked_body_cannot_hide_its_length() {
    let server = Server::start(None, app(), Limits::default()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let head = "POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\
                connection: close\r\n\r\n";
    let chunk = format!("{:x}\r\n{}\r\n", 600, "x".repeat(600));
    let reply = talk(&mut stream, format!("{head}{chunk}{chunk}0\r\n\r\n").as_bytes()).await;
    assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
}

#[tokio::test]
async fn a_slow_body_is_408() {
    let server = Server::start(None, app(), Limits::default()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let head =
        "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\nconnection: close\r\n\r\n12";
    let reply = talk(&mut stream, head.as_bytes()).await;
    assert!(reply.starts_with("HTTP/1.1 408 "), "{reply}");
    assert!(reply.contains("\"code\":\"request-timeout\""), "{reply}");
    assert!(reply.contains("retry-after: 2\r\n"), "{reply}");
}

#[tokio::test]
async fn the_client_bounds_time_and_says_who_is_to_blame() {
    let slow = axum::Router::new().route(
        "/slow",
        axum::routing::get(|| async {
            tokio::time::sleep(PATIENCE).await;
            "late"
        }),
    );
    let limits = Limits { drain: Duration::from_millis(100), ..Limits::default() };
    let server = Server::start(None, slow, limits).await;
    let client = Client::loopback(&format!("http://{}", server.addr)).unwrap();
    let outcome = client.get("/slow", Duration::from_millis(100)).await;
    assert_eq!(outcome.err(), Some(ClientError::Timeout));
    assert_eq!(client.get("slow", PATIENCE).await.err(), Some(ClientError::Address));
    server.stop().await;
    assert_eq!(client.get("/slow", PATIENCE).await.err(), Some(ClientError::Connect));
}

#[tokio::test]
async fn a_broken_off_request_is_forgotten() {
    let server = Server::start(None, app(), Limits::default()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    stream
        .write_all(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12")
        .await
        .unwrap();
    drop(stream);
    assert_eq!(server.stop().await.aborted, 0);
}
