//! The race of holds, as four districts run it at once over mutual TLS.

use std::sync::Arc;

use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::directory::Standing;
use talent_gateway::projection::{HOLDS, HoldRow, HoldState};
use tokio::task::JoinSet;

use crate::support::*;

/// The districts, each with a rent policy of its own. Four race, the last comes later.
const RENTS: [(&str, &str); 5] = [
    ("qingpu", "qingpu/housing-rent/D"),
    ("jiashan", "jiashan/example-rent"),
    ("wujiang", "wujiang/example-rent"),
    ("changning", "changning/returnee-apartment-rent"),
    ("hongkou", "hongkou/rent"),
];
const RACING: usize = 4;
const HOLDS_AT_ONCE: usize = 64;

/// The districts, allowed to hold, with their policies published.
async fn funders(world: &World) -> Arc<Vec<District>> {
    let catalogue = Catalogue::embedded().unwrap();
    let mut districts = Vec::new();
    for (name, policy) in RENTS {
        let district = world.district(name);
        let known =
            [&world.qingpu, &world.jiashan, &world.wujiang].iter().any(|d| d.id == district.id);
        let mut participant = body(name, if known { 2 } else { 1 }, Standing::Active);
        participant.may_send.extend(["funding.policy/1", "funding.hold/1"].map(str::to_owned));
        world.gateway.enrol(&participant).await.unwrap();
        if !known {
            world.register(&district).await;
        }
        let policy = catalogue.policies.iter().find(|p| p.id == policy).unwrap();
        assert_eq!(world.push(&district, "funding.policy/1", &json!(policy)).await.status, 200);
        districts.push(district);
    }
    Arc::new(districts)
}

fn hold(id: &str, policy: &str, expires_in: i64) -> Value {
    json!({
        "hold": id,
        "application": {
            "kind": "grant", "policy": { "id": policy, "version": 1 }, "subject": token(7),
            "beneficiary": "person", "months": { "first": "2026-12", "last": "2027-11" },
            "date": "2026-09-20", "amount": { "monthly": 150_000 }
        },
        "expires": NOW.plus_seconds(expires_in),
        "context": {
            "case": format!("CASE-{id}"), "purpose": "funding-check",
            "legal_basis": { "document": "虚构〔2020〕1号", "article": "第一条" },
            "operator": { "id": "op-1", "role": "window" }
        }
    })
}

async fn held(world: &World) -> Vec<HoldRow> {
    let mut rows = world.gateway.read_blocking(|s| HOLDS.all(s)).await.unwrap();
    rows.sort_by_key(|row| row.pos);
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn of_holds_sent_at_once_one_is_first_and_its_expiry_promotes_the_next() {
    let world = World::new().await;
    let districts = funders(&world).await;
    let mut tasks = JoinSet::new();
    for n in 0..HOLDS_AT_ONCE {
        let districts = Arc::clone(&districts);
        let at = n % RACING;
        // Each runs out at a moment of its own, so that the end of one is not the end of all.
        let expires_in = 3_600 + i64::try_from(n).unwrap() * 60;
        let body = hold(&format!("h{n}"), RENTS[at].1, expires_in);
        let message = world.compose(&districts[at], "funding.hold/1", &body);
        tasks.spawn(async move { (n, districts[at].send(&message.compact).await) });
    }
    let mut outcomes = Vec::new();
    for (n, reply) in tasks.join_all().await {
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        let signed = world.signed(&reply);
        outcomes.push((signed.index, n, signed.claims["res"]["hold"].clone(), signed.claims));
    }
    outcomes.sort_by_key(|outcome| outcome.0);
    assert_eq!(outcomes[0].2, "first", "the lowest position");
    for (before, (_, n, rank, claims)) in outcomes.iter().enumerate().skip(1) {
        assert_eq!(*rank, "contested", "h{n}");
        let assessment = &claims["res"]["assessment"];
        assert_eq!(assessment["against"].as_array().unwrap().len(), before, "h{n}");
        let call = &assessment["contacts"][0]["district"];
        assert_eq!(*call, RENTS[outcomes[0].1 % RACING].0, "whom to call first");
    }
    let late = hold("late", RENTS[RACING].1, 86_400);
    let late = world.push(&districts[RACING], "funding.hold/1", &late).await.claims;
    assert_eq!(late["res"]["hold"], "contested");

    let first = held(&world).await.remove(0);
    world.clock.set(first.hold.expires.plus_seconds(1));
    world.gateway.tick().await.unwrap();
    let entries = world.gateway.read_blocking(|s| s.entries(0, 1_000)).await.unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.mt == "clock/1").count(), 1);
    let rows = held(&world).await;
    assert_eq!(rows[0].state, HoldState::Expired);
    let mut live = rows.iter().filter(|row| row.state == HoldState::Live);
    let next = live.next().unwrap();
    assert!(next.is_first() && !live.any(HoldRow::is_first), "the next, and it alone");
    let at = RENTS.iter().position(|(name, _)| *name == next.owner.as_str()).unwrap();
    let page: Value =
        serde_json::from_slice(&districts[at].get("/v1/feed?after=0").await.body).unwrap();
    let entries = page["entries"].as_array().unwrap();
    let told: Vec<_> = entries.iter().filter(|e| e["change"] == "hold-promoted").collect();
    assert_eq!(told.len(), 1, "{entries:?}");
    assert_eq!(told[0]["concerns"], next.hold.hold.as_str());
    assert_eq!(told[0]["case"], format!("CASE-{}", next.hold.hold));
    assert_eq!(world.gateway.check_rebuild().await.unwrap(), []);
}
