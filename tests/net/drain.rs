//! Shutdown: requests in flight finish, idle connections close, stragglers are cut.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use talent_gateway::net::client::Client;
use talent_gateway::net::limits::Limits;
use talent_gateway::net::listener::Drained;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::support::*;

/// `GET /held` says when it has begun and answers when released.
fn held(begun: Arc<Notify>, release: Arc<Notify>) -> Router {
    Router::new().route(
        "/held",
        get(move || async move {
            begun.notify_one();
            release.notified().await;
            "finished"
        }),
    )
}

#[tokio::test]
async fn requests_in_flight_finish_on_both_versions() {
    let world = World::new();
    for tls in [None, Some(world.mutual_tls())] {
        let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let app = held(begun.clone(), release.clone());
        let mut server = Server::start(tls.clone(), app, Limits::default()).await;
        let client = match tls {
            Some(_) => world.https(server.addr, Some(&world.client("qingpu"))),
            None => Client::loopback(&format!("http://{}", server.addr)).unwrap(),
        };
        let request = tokio::spawn(async move { client.get("/held", PATIENCE).await });
        begun.notified().await;
        server.ask_to_stop();
        // New connections are refused once the loop has seen the signal.
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(server.addr).await.is_ok() {
            assert!(Instant::now() < deadline, "still accepting");
            tokio::task::yield_now().await;
        }
        release.notify_one();
        assert_eq!(request.await.unwrap().unwrap().body, "finished");
        assert_eq!(server.stop().await.aborted, 0);
    }
}

#[tokio::test]
async fn stragglers_are_cut_after_the_bound() {
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let limits = Limits { drain: Duration::from_millis(200), ..Limits::default() };
    let server = Server::start(None, held(begun.clone(), release), limits).await;
    let client = Client::loopback(&format!("http://{}", server.addr)).unwrap();
    let request = tokio::spawn(async move { client.get("/held", PATIENCE).await });
    begun.notified().await;
    assert_eq!(server.stop().await, Drained { finished: 0, aborted: 1 });
    assert!(request.await.unwrap().is_err());
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_drain() {
    let world = World::new();
    let server = Server::start(Some(world.mutual_tls()), app(), Limits::default()).await;
    // Kept after a request (HTTP/2), never used (HTTP/1.1), and in the middle of a handshake.
    let client = world.https(server.addr, Some(&world.client("qingpu")));
    client.get("/who", PATIENCE).await.unwrap();
    let _unused = connect(server.addr, world.client_tls(Some(&world.client("jiashan")))).await;
    let _shaking = TcpStream::connect(server.addr).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let started = Instant::now();
    assert_eq!(server.stop().await.aborted, 0);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}
