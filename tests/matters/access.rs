//! Access is a record: whoever was looked at on the way finds it in the own report.

use serde_json::{Value, json};

use super::support::{Hub, context, payload, token};
use super::world::{RENT, accepted, application, check, hub, operators, rebuild_agrees, tier};
use talent_gateway::domain::subject::TokenRef;

/// The one policy with a clause on spouses.
const HOUSEHOLD: &str = "qingpu/points-rent/tier-1";

async fn report(hub: &Hub, subject: TokenRef) -> Vec<(String, Value)> {
    let query = json!({ "context": context("subject-access"), "subject": subject });
    let reply = hub.send("qingpu", "query.access/1", &query).await;
    accepted(&reply);
    let rows = payload(&reply.compact)["body"]["accesses"].as_array().unwrap().clone();
    let own = |row: &Value| row["query"] != "query.access/1";
    let told = |row: &Value| (row["query"].as_str().unwrap().to_owned(), row["reached_as"].clone());
    rows.iter().filter(|row| own(row)).map(told).collect()
}

fn link(id: &str, kind: &str, subjects: [u64; 2]) -> Value {
    json!({
        "link": id, "revision": 1, "kind": kind, "subjects": subjects.map(token),
        "validity": { "from": "2026-01-01" }, "evidence": "register", "operators": operators()
    })
}

#[tokio::test]
async fn a_spouse_finds_who_looked_where_a_clause_reaches_them() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    for n in [1, 2, 3] {
        let body = tier(&format!("c{n}"), 1, "issue", token(n));
        accepted(&hub.send("wujiang", "certification/1", &body).await);
    }
    let mut suspected = link("l2", "same", [1, 3]);
    suspected["operators"] = json!([operators()[0]]);
    accepted(&hub.send("wujiang", "subject.link/1", &link("l1", "spouse", [1, 2])).await);
    accepted(&hub.send("wujiang", "subject.link/1", &suspected).await);
    // No clause of this policy, and no grant of the spouse: the spouse is not read.
    check(&hub, "qingpu", RENT, token(1)).await;
    assert_eq!(report(&hub, token(2)).await, []);
    let query = ("query.funding/1".to_owned(), json!("possibly-same"));
    assert_eq!(report(&hub, token(3)).await, [query]);
    check(&hub, "qingpu", HOUSEHOLD, token(1)).await;
    let spouse = |mt: &str| (mt.to_owned(), json!("spouse"));
    assert_eq!(report(&hub, token(2)).await, [spouse("query.funding/1")]);
    let hold = json!({
        "hold": "h1", "application": application(HOUSEHOLD, token(1), 100_000),
        "expires": super::world::START + 3_600, "context": context("funding-check")
    });
    accepted(&hub.send("qingpu", "funding.hold/1", &hold).await);
    assert_eq!(report(&hub, token(2)).await, ["query.funding/1", "funding.hold/1"].map(spouse));
    let own: Vec<Value> = report(&hub, token(1)).await.into_iter().map(|(_, how)| how).collect();
    assert_eq!(own, vec![Value::Null; 3], "who was asked about was asked about, three times");
    rebuild_agrees(&hub).await;
}
