//! The feed: dense, private, and quick to tell.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use talent_gateway::api::ApiLimits;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::directory::Standing;

use crate::support::*;

async fn read(district: &District, query: &str) -> Value {
    let reply = district.get(&format!("/v1/feed{query}")).await;
    assert_eq!(reply.status, 200);
    serde_json::from_slice(&reply.body).unwrap()
}

async fn address(world: &World, record: &str) {
    let body = certification(record, 1, 1);
    let to = Some(&world.jiashan);
    let message = world.compose_to(&world.qingpu, "certification/1", &body, to);
    assert_eq!(world.qingpu.send(&message.compact).await.status, 200);
}

#[tokio::test]
async fn entries_are_numbered_for_each_participant() {
    let world = World::new().await;
    assert_eq!(read(&world.jiashan, "").await, json!({ "entries": [], "next": 0 }));
    address(&world, "QP-1").await;
    address(&world, "QP-2").await;
    let page = read(&world.jiashan, "?after=0").await;
    let numbers: Vec<_> = page["entries"].as_array().unwrap().iter().map(|e| &e["seq"]).collect();
    assert_eq!((numbers, &page["next"]), (vec![&json!(1), &json!(2)], &json!(2)));
    assert_eq!(page["entries"][0]["change"], "addressed");
    let rest = read(&world.jiashan, "?after=1").await;
    assert_eq!(rest["entries"].as_array().unwrap().len(), 1);
    assert_eq!(read(&world.jiashan, "?after=2").await, json!({ "entries": [], "next": 2 }));
    assert_eq!(read(&world.wujiang, "").await["entries"], json!([]), "not of others");
}

#[tokio::test]
async fn a_long_poll_ends_with_the_first_entry() {
    let world = World::new().await;
    let started = Instant::now();
    let poll = read(&world.jiashan, "?wait=9");
    let send = async {
        // Time for the poll to begin; if it has not, it finds the entry at once.
        tokio::time::sleep(Duration::from_millis(200)).await;
        address(&world, "QP-1").await;
    };
    let (page, ()) = tokio::join!(poll, send);
    assert_eq!(page["next"], 1);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_long_poll_ends_when_its_time_is_over() {
    let world = World::new().await;
    let started = Instant::now();
    assert_eq!(read(&world.jiashan, "?wait=1").await["entries"], json!([]));
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_stop_ends_every_long_poll() {
    let world = World::new().await;
    let started = Instant::now();
    let stop = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.state.end_polls();
    };
    let (page, ()) = tokio::join!(read(&world.jiashan, "?wait=9"), stop);
    assert_eq!(page["entries"], json!([]));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn suspension_ends_a_long_poll() {
    let world = World::new().await;
    let suspend = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.gateway.enrol(&body("jiashan", 2, Standing::Suspended)).await.unwrap();
    };
    let (reply, ()) = tokio::join!(world.jiashan.get("/v1/feed?wait=9"), suspend);
    assert_eq!(reply.status, 403);
}

#[tokio::test]
async fn polls_and_parameters_are_bounded() {
    let world = World::with(ApiLimits { polls: 0, ..ApiLimits::default() }).await;
    world.jiashan.refused_get("/v1/feed?wait=1", Code::TooManyRequests).await;
    assert_eq!(read(&world.jiashan, "?wait=0").await["next"], 0, "a look needs no poll");
    for query in ["?wait=31", "?wait=-1", "?after=x", "?after=18446744073709551616", "?more=1"] {
        let path = format!("/v1/feed{query}");
        let problem = world.jiashan.refused_get(&path, Code::BadRequest).await;
        assert!(problem["detail"].as_str().unwrap().contains("30"), "the bound is named");
    }
    assert_eq!(read(&world.jiashan, &format!("?after={}", u64::MAX)).await["entries"], json!([]));
}
