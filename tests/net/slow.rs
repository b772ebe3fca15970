//! Slow and many clients: nobody holds up the others.

use std::time::{Duration, Instant};

use talent_gateway::net::limits::Limits;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::support::*;

#[tokio::test]
async fn a_slow_handshake_holds_up_nobody_and_is_cut() {
    let world = World::new();
    let limits = Limits { handshake: Duration::from_millis(400), ..Limits::default() };
    let server = Server::start(Some(world.mutual_tls()), app(), limits).await;
    let mut silent = TcpStream::connect(server.addr).await.unwrap();
    let started = Instant::now();

    let client = world.https(server.addr, Some(&world.client("qingpu")));
    assert_eq!(client.get("/who", Duration::from_secs(5)).await.unwrap().status, 200);

    let closed = tokio::time::timeout(PATIENCE, silent.read(&mut [0; 16])).await.unwrap();
    assert!(matches!(closed, Ok(0) | Err(_)), "the server closes");
    assert!(started.elapsed() >= limits.handshake, "but not before its time");
}

#[tokio::test]
async fn a_slow_head_is_cut() {
    let limits = Limits { header_read: Duration::from_millis(200), ..Limits::default() };
    let server = Server::start(None, app(), limits).await;
    // Nothing at all, half a head, and silence on a kept connection after a whole request.
    for sent in ["", "GET /who HT", "GET /who HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.addr).await.unwrap();
        talk(&mut stream, sent.as_bytes()).await;
    }
}

#[tokio::test]
async fn a_head_over_the_bound_is_refused() {
    let server = Server::start(None, app(), Limits::default()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let head = format!("GET /who HTTP/1.1\r\nhost: x\r\nx-a: {}\r\n\r\n", "a".repeat(20_000));
    let reply = talk(&mut stream, head.as_bytes()).await;
    assert!(reply.starts_with("HTTP/1.1 431 "), "{reply}");
}

#[tokio::test]
async fn connections_are_bounded() {
    let limits =
        Limits { connections: 1, header_read: Duration::from_millis(300), ..Limits::default() };
    let server = Server::start(None, app(), limits).await;
    let _first = TcpStream::connect(server.addr).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let started = Instant::now();
    let mut second = TcpStream::connect(server.addr).await.unwrap();
    let reply = talk(&mut second, b"GET /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(reply.starts_with("HTTP/1.1 404 "), "{reply}");
    assert!(started.elapsed() >= Duration::from_millis(150), "it had to wait for the first");
}
