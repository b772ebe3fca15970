//! Reconciliation: the connector counts what was accepted, the gateway compares, coverage follows.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use talent_gateway::connector::Daily;
use talent_gateway::domain::reconcile::CountedKind;

use crate::plain::{certification, document, person, record};
use crate::world::{AUDITOR, Office, PATIENCE, World};

const RECONCILE: &str = "/local/v1/reconcile?wait=20";

fn line<'a>(reply: &'a Value, kind: &str) -> &'a Value {
    let lines = reply["kinds"].as_array().unwrap();
    lines.iter().find(|line| line["kind"] == kind).unwrap()
}

#[tokio::test]
async fn what_the_connector_counts_is_what_the_gateway_holds() {
    let mut world = World::new().await;
    let office = Office::start(world.open_connector());
    let (status, _) =
        office.post("/local/v1/records?wait=20", &certification("r1", &person(0))).await;
    assert_eq!(status, StatusCode::OK);
    // Of a bulk the items count that were taken: the second has no first revision.
    let mut items = [record("r2"), record("r3"), record("r4")];
    for item in &mut items {
        item["subject"] = document(&person(1));
    }
    items[1]["revision"] = json!(2);
    let path = "/local/v1/messages/certification/1?wait=20";
    let (_, reply) = office.post(path, &json!({ "items": items })).await;
    assert_eq!(reply["result"]["items"][1]["code"], "revision-gap", "{reply}");

    let (status, reply) = office.post(RECONCILE, &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    assert_eq!(reply["kinds"].as_array().unwrap().len(), CountedKind::all().count());
    assert_eq!(line(&reply, "certification")["count"], 3, "{reply}");
    assert!(reply["kinds"].as_array().unwrap().iter().all(|line| line["matched"] == json!(true)));

    // What waits before it is counted, although it is accepted only later.
    world.hub_down().await;
    office.post("/local/v1/records", &certification("r5", &person(0))).await;
    let (_, waiting) = office.post("/local/v1/reconcile", &json!({})).await;
    assert_eq!(waiting["state"], "waiting", "{waiting}");
    world.hub_up().await;
    let done = office.until(&waiting["outbox"], "done").await;
    assert_eq!(line(&done, "certification")["count"], 4, "{done}");
    assert_eq!(line(&done, "certification")["matched"], true);
    office.stop().await;
}

#[tokio::test]
async fn what_went_past_the_connector_is_said_to_differ() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    world.beside_the_connector().await;
    let (status, reply) =
        office.post(RECONCILE, &json!({ "kinds": ["certification", "fact"] })).await;
    assert_eq!(status, StatusCode::OK, "the statement itself is taken: {reply}");
    assert_eq!(line(&reply, "certification")["matched"], false, "{reply}");
    assert_eq!(line(&reply, "fact")["matched"], true);
    let (_, health) = office.get("/local/v1/health").await;
    assert_eq!(health["reconciled"]["differ"], json!(["certification"]), "{health}");
    office.stop().await;
}

#[tokio::test]
async fn a_statement_is_checked_before_it_goes() {
    let world = World::new().await;
    let office = Office::start(world.open_connector());
    for (body, code, pointer) in [
        (json!({ "kinds": ["grants"] }), "schema-violation", ""),
        (json!({ "kinds": [] }), "schema-violation", "/kinds"),
        (json!({ "complete_until": 4_000_000_000_i64 }), "date-impossible", "/complete_until"),
        (
            json!({ "kinds": ["fact"], "gaps": { "points": ["x"] } }),
            "schema-violation",
            "/gaps/points",
        ),
    ] {
        let (_, problem) = office.post(RECONCILE, &body).await;
        let told = (&problem["code"], &problem["errors"][0]["pointer"]);
        assert_eq!(told, (&json!(code), &json!(pointer)), "{body}: {problem}");
    }
    let (status, _) = office.call(Method::POST, RECONCILE, Some(AUDITOR), &json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let gap = json!({ "kinds": ["fact"], "gaps": { "fact": ["2019 年以前尚未录入"] } });
    let (status, reply) = office.post(RECONCILE, &gap).await;
    assert_eq!((status, &reply["kinds"][0]["gaps"][0]), (StatusCode::OK, &gap["gaps"]["fact"][0]));
    office.stop().await;
}

#[tokio::test]
async fn once_a_day_it_is_stated_by_itself() {
    let world = World::new().await;
    let at = jiff::civil::time(9, 0, 0, 0);
    let kinds = vec!["certification".parse().unwrap(), CountedKind::FUNDING];
    let office = Office::start(world.open_connector_daily(Some(Daily { at, kinds })));
    let (_, health) = office.get("/local/v1/health").await;
    assert_eq!(health["reconciled"], Value::Null);
    // 08:00 in China, then past 09:00.
    world.clock.advance(3_700);
    let until = Instant::now() + PATIENCE;
    let health = loop {
        let (_, health) = office.get("/local/v1/health").await;
        if !health["reconciled"].is_null() {
            break health;
        }
        assert!(Instant::now() < until, "never: {health}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(
        (&health["reconciled"]["state"], &health["reconciled"]["differ"]),
        (&json!("done"), &json!([]))
    );
    let stated = world.bodies("reconcile/1").await;
    assert_eq!(stated.len(), 1, "{stated:?}");
    let kinds: Vec<_> = stated[0]["kinds"].as_array().unwrap().iter().map(|l| &l["kind"]).collect();
    assert_eq!(kinds, ["certification", "funding"]);
    office.stop().await;
}
