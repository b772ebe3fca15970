//! A hub with policies, agreements of everybody for everything, and short words for messages.

use std::path::Path;

use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::registry::MessageType;
use talent_gateway::domain::subject::TokenRef;
use talent_gateway::gateway::Reply;

use super::support::{self, DISTRICTS, Hub, certification, context, id, payload};

pub const DAY: i64 = 86_400;
pub const RENT: &str = "qingpu/housing-rent/D";

pub async fn hub(dir: &Path) -> Hub {
    let hub = Hub::new(dir).await;
    for policy in &Catalogue::embedded().unwrap().policies {
        accepted(&hub.send(policy.district.as_str(), "funding.policy/1", &json!(policy)).await);
    }
    for owner in DISTRICTS {
        accepted(&hub.send(owner, "agreement/1", &agreement(1)).await);
    }
    hub
}

/// Everything for everybody.
pub fn agreement(revision: u32) -> Value {
    let kinds = ["funding", "certification", "qualification", "affiliation", "occupancy", "fact"];
    let grants: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            let purposes = ["funding-check", "recognition", "service"];
            json!({ "kind": kind, "purposes": purposes, "fields": ["class"] })
        })
        .collect();
    json!({
        "agreement": "a1", "revision": revision, "grants": grants,
        "legal_basis": { "document": "示范区互认办法", "article": "一" },
        "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
    })
}

/// Moves a district to another region, whose clocks bind it from then on.
pub async fn move_to(hub: &Hub, district: &str, region: &str) {
    let row = hub.gateway.directory().participant(&id(district)).unwrap().body.clone();
    let moved = talent_gateway::domain::directory::ParticipantBody {
        revision: row.revision + 1,
        region: Some(region.to_owned()),
        ..row
    };
    hub.gateway.enrol(&moved).await.unwrap();
}

pub fn refused(reply: &Reply) -> Option<Code> {
    reply.refusal.as_ref().map(|r| r.code)
}

/// The log position of a message that must have been taken.
pub fn accepted(reply: &Reply) -> u64 {
    assert_eq!(refused(reply), None, "{:?}", reply.refusal);
    payload(&reply.compact)["log"]["index"].as_u64().unwrap()
}

/// Sends to a participant behind the gateway.
pub async fn send_to(hub: &Hub, from: &str, to: &str, mt: &str, body: &Value) -> Reply {
    let aud = id("gateway");
    let (schemas, key) = (&hub.schemas, hub.key(from));
    let composer = talent_gateway::message::Composer { schemas, key, aud: &aud };
    let ty = MessageType::parse(mt).unwrap();
    let jti = talent_gateway::domain::ports::Ids::uuid_v7(&*hub.ids);
    let now = talent_gateway::domain::ports::Clock::now(&*hub.clock);
    let message = composer.compose(ty, body, now, jti, Some(id(to))).unwrap();
    hub.gateway.accept(&id(from), message.compact.as_bytes()).await.unwrap()
}

/// The feed of a district from an entry on: change, case, concerns.
pub async fn feed(
    hub: &Hub,
    district: &str,
    after: u64,
) -> Vec<(String, Option<String>, Option<String>)> {
    let rows = hub.gateway.feed(&id(district), after).await.unwrap();
    let text = |change| serde_json::to_value(change).unwrap().as_str().unwrap().to_owned();
    rows.into_iter().map(|row| (text(row.change), row.case, row.concerns)).collect()
}

pub async fn rebuild_agrees(hub: &Hub) {
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

pub async fn worklist(hub: &Hub, district: &str, body: Value) -> Value {
    let reply = hub.send(district, "query.worklist/1", &body).await;
    accepted(&reply);
    payload(&reply.compact)["body"].clone()
}

/// A tier certification of Jiashan.
pub fn tier(record: &str, revision: u32, action: &str, subject: TokenRef) -> Value {
    let mut body = certification(record, revision, action, subject);
    body["scheme"] = json!("jiaxing-talent");
    body["scheme_version"] = json!("2023");
    body["class"] = json!("高级");
    body["authority"] = json!({ "name": "嘉善县人才办（测试）", "region": "330421" });
    body
}

/// Qingpu asks whether the tier is recognised for housing.
pub async fn recognise(hub: &Hub, subject: TokenRef) -> (u64, Value) {
    let query = json!({
        "context": context("recognition"), "subject": subject, "at": "qingpu",
        "for_purpose": "housing", "valid_at": "2026-11-20"
    });
    let reply = hub.send("qingpu", "query.recognition/1", &query).await;
    let position = accepted(&reply);
    (position, payload(&reply.compact)["body"]["recognition"].clone())
}

pub fn application(policy: &str, subject: TokenRef, monthly: u64) -> Value {
    json!({
        "kind": "grant", "policy": { "id": policy, "version": 1 }, "subject": subject,
        "beneficiary": "person", "months": { "first": "2026-12", "last": "2027-11" },
        "date": "2026-11-21", "amount": { "monthly": monthly }
    })
}

/// A district asks whether it may fund.
pub async fn check(hub: &Hub, district: &str, policy: &str, subject: TokenRef) -> (u64, Value) {
    let query = json!({
        "context": context("funding-check"), "application": application(policy, subject, 400_000)
    });
    let reply = hub.send(district, "query.funding/1", &query).await;
    let position = accepted(&reply);
    (position, payload(&reply.compact)["body"]["assessment"].clone())
}

pub fn grant(id: &str, policy: &str, subject: TokenRef) -> Value {
    json!({
        "grant": id, "policy": { "id": policy, "version": 1 }, "subject": subject,
        "beneficiary": "person", "months": { "first": "2026-12", "last": "2027-11" },
        "approved": { "monthly": 400_000 }, "schedule": "monthly", "decided_on": "2026-11-21",
        "payers": [{ "tier": "district", "payer": "区财政（测试）", "share": { "percent": 100 } }],
        "fiscal_source": "区人才发展资金",
        "override": { "reason": "补录历史资助", "operators": operators() }
    })
}

pub fn operators() -> Value {
    json!([{ "id": "op-1", "role": "window" }, { "id": "op-2", "role": "reviewer" }])
}

pub fn finding<'a>(assessment: &'a Value, rule: &str) -> Option<&'a Value> {
    assessment["findings"].as_array().unwrap().iter().find(|f| f["rule"] == rule)
}

/// An objection of a district to a record of Jiashan.
pub fn objection(id: &str, kind: &str, record: &str, subject: TokenRef) -> Value {
    json!({
        "objection": id, "case": "YY-1",
        "record": { "owner": "jiashan", "kind": kind, "record": record },
        "subject": subject, "reason": "wrong-content", "received_on": "2026-11-20",
        "operator": { "id": "op-1", "role": "window" }
    })
}

pub fn outcome(by: &str, id: &str, decision: &str) -> Value {
    let reason = match decision {
        "upheld" => "data-error",
        "rejected" => "matches-source",
        "extended" => "under-investigation",
        _ => "person-withdrew",
    };
    json!({
        "objection": { "by": by, "objection": id }, "decision": decision, "reason": reason,
        "decided_on": "2026-11-21", "operators": operators()
    })
}

pub const START: i64 = support::START;
