//! How records stand: on a day of the world, as known at a size of the log.

use serde_json::{Value, json};

use super::acts::{hub, taken};
use super::support::{Hub, certification, context, token};

async fn records(hub: &Hub, by: &str, more: Value) -> Vec<Value> {
    let mut question = json!({
        "context": context("recognition"), "subject": token(5), "kinds": ["certification"]
    });
    question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = super::ask(hub, by, "query.records/1", &question).await;
    answer["body"]["records"].as_array().unwrap().clone()
}

/// Revision and standing of each row.
fn short(records: &[Value]) -> Vec<(u64, &str)> {
    records
        .iter()
        .map(|r| (r["revision"].as_u64().unwrap(), r["standing"].as_str().unwrap_or("-")))
        .collect()
}

async fn revise(hub: &Hub, revision: u32, action: &str, from: &str) -> u64 {
    let mut body = certification("c5", revision, action, token(5));
    body["validity"] = json!({ "from": from, "until": "2027-12-31" });
    let reply = hub.send("qingpu", "certification/1", &body).await;
    taken(&reply);
    super::payload(&reply.compact)["log"]["index"].as_u64().unwrap()
}

#[tokio::test]
async fn each_day_and_each_size_of_the_log_has_its_revision_and_its_word() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let issued = revise(&hub, 1, "issue", "2026-01-01").await;
    let suspended = revise(&hub, 2, "suspend", "2026-06-01").await;
    let reinstated = revise(&hub, 3, "reinstate", "2026-09-01").await;
    let revoked = revise(&hub, 4, "revoke", "2026-12-01").await;
    for (valid_at, known_at, expected) in [
        (None, None, vec![(3, "in-force")]),
        (Some("2025-12-31"), None, vec![(1, "not-yet-effective")]),
        (Some("2026-01-01"), None, vec![(1, "in-force")]),
        (Some("2026-06-01"), None, vec![(2, "suspended")]),
        (Some("2026-12-01"), None, vec![(4, "revoked")]),
        (Some("2028-01-01"), Some(revoked), vec![(3, "expired")]),
        (Some("2026-12-01"), Some(revoked), vec![(3, "in-force")]),
        (Some("2026-12-01"), Some(reinstated), vec![(2, "suspended")]),
        (None, Some(suspended), vec![(1, "in-force")]),
        (None, Some(issued), vec![]),
        (None, Some(0), vec![]),
    ] {
        let mut more = json!({});
        if let Some(day) = valid_at {
            more["valid_at"] = json!(day);
        }
        if let Some(size) = known_at {
            more["known_at"] = json!(size);
        }
        let shown = records(&hub, "qingpu", more.clone()).await;
        assert_eq!(short(&shown), expected, "{more}");
    }
    let chain = records(&hub, "qingpu", json!({ "history": true, "known_at": revoked })).await;
    assert_eq!(short(&chain), [(1, "-"), (2, "-"), (3, "in-force")]);
    assert_eq!(chain[2]["ends_later"], false, "the revocation was not known");
    let chain = records(&hub, "qingpu", json!({ "history": true })).await;
    assert_eq!(short(&chain), [(1, "-"), (2, "-"), (3, "in-force"), (4, "-")]);
    assert_eq!((&chain[2]["ends_later"], &chain[2]["in_force"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn objections_and_leaked_keys_are_seen_from_when_they_were_known() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let body = certification("c5", 1, "issue", token(5));
    taken(&hub.send("jiashan", "certification/1", &body).await);
    let objection = json!({
        "objection": "o5", "case": "YY-5", "subject": token(5),
        "record": { "owner": "jiashan", "kind": "certification", "record": "c5" },
        "reason": "wrong-content", "received_on": "2026-11-20",
        "operator": { "id": "op-1", "role": "window" }
    });
    let reply = hub.send("qingpu", "objection/1", &objection).await;
    taken(&reply);
    let raised = super::payload(&reply.compact)["log"]["index"].as_u64().unwrap();
    let shown = records(&hub, "qingpu", json!({})).await;
    assert_eq!(short(&shown), [(1, "under-objection")]);
    assert_eq!(shown[0]["objections"], json!([raised]));
    super::acts::Act::Leak.play(&hub).await;
    let shown = records(&hub, "qingpu", json!({})).await;
    assert_eq!(short(&shown), [(1, "suspect")]);
    assert_eq!(shown[0]["suspect"], true);
    let then = records(&hub, "qingpu", json!({ "known_at": raised + 1 })).await;
    assert_eq!((short(&then), &then[0]["suspect"]), (vec![(1, "under-objection")], &json!(false)));
    let then = records(&hub, "qingpu", json!({ "known_at": raised })).await;
    assert_eq!(short(&then), [(1, "in-force")]);
}

#[tokio::test]
async fn a_fact_that_was_revoked_proves_nothing_from_its_day_on() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let mut tier = super::acts::tier(1, "issue", "2026-01-01");
    tier["subject"] = json!(token(5));
    taken(&hub.send("jiashan", "certification/1", &tier).await);
    let mut rule = super::support::rule(1, false);
    rule["preconditions"] = json!([{
        "need": { "kind": "affiliation", "mode": "employment", "regions": ["310118"] },
        "text": { "zh": "在本区工作", "en": "works here" }, "by_upload": false,
        "citation": { "document": "example", "article": "示例 1" }
    }]);
    taken(&hub.send("qingpu", "recognition.rule/1", &rule).await);
    let affiliation = |revision: u32, action: &str, from: &str| {
        json!({
            "record": "a5", "revision": revision, "action": action, "subject": token(5),
            "authority": { "name": "青浦区人社局（测试）", "region": "310118" },
            "attestation": { "level": "issued", "as_of": "2026-11-01" },
            "validity": { "from": from }, "mode": "employment", "region": "310118",
            "employer": token(9)
        })
    };
    let outcome = async |day: &str| {
        let question = json!({
            "context": context("recognition"), "subject": token(5), "at": "qingpu",
            "for_purpose": "housing", "valid_at": day
        });
        let answer = super::ask(&hub, "qingpu", "query.recognition/1", &question).await;
        answer["body"]["recognition"]["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(outcome("2026-11-21").await, "conditional");
    let reply = hub.send("qingpu", "affiliation/1", &affiliation(1, "issue", "2026-01-01")).await;
    taken(&reply);
    assert_eq!(outcome("2026-11-21").await, "recognised");
    let reply = hub.send("qingpu", "affiliation/1", &affiliation(2, "revoke", "2026-11-01")).await;
    taken(&reply);
    assert_eq!(outcome("2026-10-31").await, "recognised");
    assert_eq!(outcome("2026-11-21").await, "conditional");
}
