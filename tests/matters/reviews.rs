//! Changes reach earlier askers: who was told something else before is told that it changed, what
//! kind of thing changed, and nothing of its content.

use serde_json::json;
use talent_gateway::projection::{FeedChange, FeedRow};

use super::support::{Hub, context, id, token};
use super::world::{
    RENT, accepted, application, check, finding, grant, hub, objection, rebuild_agrees, recognise,
    rule, tier,
};

/// The entries that tell a district of a changed answer: answer and kind of cause.
async fn changed(hub: &Hub, district: &str) -> Vec<(u64, String)> {
    hub.gateway.tick().await.unwrap();
    let rows = hub.gateway.feed(&id(district), 0).await.unwrap();
    let told = |row: FeedRow| {
        assert_eq!(row.case.as_deref(), Some("QP-2026-0001"), "the asker's own case number");
        assert_eq!(row.concerns, None);
        let because = serde_json::to_value(row.because.unwrap()).unwrap();
        (row.answer.unwrap(), because.as_str().unwrap().to_owned())
    };
    rows.into_iter()
        .filter(|r| r.change == FeedChange::BasisChanged && r.answer.is_some())
        .map(told)
        .collect()
}

fn pair(position: u64, because: &str) -> (u64, String) {
    (position, because.to_owned())
}

#[tokio::test]
async fn a_late_grant_reaches_whoever_checked_before() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let (position, before) = check(&hub, "qingpu", RENT, token(1)).await;
    assert!(finding(&before, "R05").is_none());
    let (other, _) = check(&hub, "qingpu", RENT, token(2)).await;
    assert_ne!(position, other);
    assert_eq!(changed(&hub, "qingpu").await, []);
    accepted(
        &hub.send("wujiang", "funding.grant/1", &grant("w1", "wujiang/example-rent", token(1)))
            .await,
    );
    assert_eq!(changed(&hub, "qingpu").await, [pair(position, "grant")]);
    assert_eq!(changed(&hub, "wujiang").await, []);
    // A payment changes nothing of the answer, so nobody is told.
    let payment = json!({
        "grant": "w1", "voucher": "v1", "budget_year": 2026, "tier": "district",
        "months": { "first": "2026-12", "last": "2026-12" }, "amount": 400_000,
        "paid_on": "2026-11-21"
    });
    accepted(&hub.send("wujiang", "funding.payment/1", &payment).await);
    assert_eq!(changed(&hub, "qingpu").await.len(), 1);
    // Its own grant changes its own answer; it knows.
    accepted(&hub.send("qingpu", "funding.grant/1", &grant("q1", RENT, token(1))).await);
    assert_eq!(changed(&hub, "qingpu").await.len(), 1);
    // And what it was told last is what the next change is compared with.
    accepted(
        &hub.send(
            "wujiang",
            "funding.stop/1",
            &json!({
                "grant": "w1", "last_month": "2026-11", "reason": "moved"
            }),
        )
        .await,
    );
    assert_eq!(changed(&hub, "qingpu").await.len(), 2);
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn recognition_follows_records_rules_and_objections() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let (none, answer) = recognise(&hub, token(1)).await;
    assert_eq!(answer["outcome"], "no-record");
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    assert_eq!(changed(&hub, "qingpu").await, [pair(none, "record")]);
    let (norule, answer) = recognise(&hub, token(1)).await;
    assert_eq!(answer["outcome"], "no-rule");
    // Qingpu's own rule: it is not told, others would be; a rule of another class touches nobody.
    accepted(&hub.send("qingpu", "recognition.rule/1", &rule(1, false)).await);
    assert_eq!(changed(&hub, "qingpu").await.len(), 1);
    let _ = norule;
    let (position, answer) = recognise(&hub, token(1)).await;
    assert_eq!(answer["outcome"], "recognised");
    accepted(
        &hub.send("wujiang", "objection/1", &objection("o1", "certification", "t1", token(1)))
            .await,
    );
    let told = changed(&hub, "qingpu").await;
    assert!(told.contains(&pair(position, "objection")), "{told:?}");
    let known = told.len();
    let mut revoked = tier("t1", 2, "revoke", token(1));
    revoked["validity"] = json!({ "from": "2026-11-01" });
    accepted(&hub.send("jiashan", "certification/1", &revoked).await);
    let told = changed(&hub, "qingpu").await;
    assert!(told[known..].contains(&pair(position, "record")), "{told:?}");
    // Amending nothing that counts tells nobody; a stranger's record tells nobody.
    let known = told.len();
    accepted(&hub.send("jiashan", "certification/1", &tier("t9", 1, "issue", token(9))).await);
    assert_eq!(changed(&hub, "qingpu").await.len(), known);
    rebuild_agrees(&hub).await;
}

/// A rule of Qingpu's reaches a district that had asked for Qingpu.
#[tokio::test]
async fn a_changed_rule_reaches_the_other_askers_of_its_question() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    let ask = |purpose: &str| {
        json!({
            "context": context("recognition"), "subject": token(1), "at": "qingpu",
            "for_purpose": purpose, "valid_at": "2026-11-20"
        })
    };
    let housing = accepted(&hub.send("jiashan", "query.recognition/1", &ask("housing")).await);
    accepted(&hub.send("jiashan", "query.recognition/1", &ask("appointment")).await);
    accepted(&hub.send("qingpu", "recognition.rule/1", &rule(1, false)).await);
    assert_eq!(changed(&hub, "jiashan").await, [pair(housing, "recognition-rule")]);
    let mut withdrawn = rule(2, true);
    withdrawn["validity"] = json!({ "from": "2024-01-01" });
    accepted(&hub.send("qingpu", "recognition.rule/1", &withdrawn).await);
    assert_eq!(changed(&hub, "jiashan").await, vec![pair(housing, "recognition-rule"); 2]);
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn links_sanctions_and_leaked_keys_reach_them_too() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    for n in [1, 2] {
        let record = format!("c{n}");
        accepted(
            &hub.send("wujiang", "certification/1", &tier(&record, 1, "issue", token(n))).await,
        );
    }
    accepted(
        &hub.send("wujiang", "funding.grant/1", &grant("w1", "wujiang/example-rent", token(2)))
            .await,
    );
    let (position, before) = check(&hub, "qingpu", RENT, token(1)).await;
    assert!(finding(&before, "R05").is_none());
    let link = json!({
        "link": "l1", "revision": 1, "kind": "same", "subjects": [token(1), token(2)],
        "validity": { "from": "2026-01-01" }, "evidence": "documents-examined",
        "operators": super::world::operators()
    });
    accepted(&hub.send("wujiang", "subject.link/1", &link).await);
    let told = changed(&hub, "qingpu").await;
    assert_eq!(told, [pair(position, "link")]);
    // The other token counts from here on.
    accepted(
        &hub.send("jiashan", "funding.grant/1", &grant("j1", "jiashan/example-rent", token(2)))
            .await,
    );
    assert_eq!(changed(&hub, "qingpu").await[1..], [pair(position, "grant")]);
    hub.add_key("wujiang", "message-2", 99).await;
    let revoke = json!({
        "action": "revoke", "kid": "wujiang#message-1", "revoked_from": super::world::START,
        "suspect_from": super::world::START, "reason": "leaked"
    });
    accepted(&hub.send_with("wujiang", "message-2", "key/1", &revoke).await);
    let (after, _) = check(&hub, "qingpu", RENT, token(1)).await;
    let told = changed(&hub, "qingpu").await;
    assert!(!told.iter().any(|(pos, _)| *pos == after), "what came after rests on it already");
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn a_hold_is_told_while_it_lives_and_forgotten_with_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let hold = json!({
        "hold": "h1", "application": application(RENT, token(1), 400_000),
        "expires": super::world::START + 3_600, "context": context("funding-check")
    });
    let position = accepted(&hub.send("qingpu", "funding.hold/1", &hold).await);
    accepted(
        &hub.send("wujiang", "funding.grant/1", &grant("w1", "wujiang/example-rent", token(1)))
            .await,
    );
    assert_eq!(changed(&hub, "qingpu").await, [pair(position, "grant")]);
    let release = json!({ "hold": "h1", "reason": "withdrawn" });
    accepted(&hub.send("qingpu", "funding.release/1", &release).await);
    accepted(
        &hub.send("jiashan", "funding.grant/1", &grant("j1", "jiashan/example-rent", token(1)))
            .await,
    );
    assert_eq!(changed(&hub, "qingpu").await.len(), 1);
    rebuild_agrees(&hub).await;
}

/// Many answers on one person are worked through in bounded steps, and each asker is told once.
#[tokio::test]
async fn many_answers_are_looked_at_in_bounded_steps() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let mut positions = Vec::new();
    for _ in 0..150 {
        positions.push(check(&hub, "qingpu", RENT, token(1)).await.0);
    }
    let before = hub.gateway.load().size;
    accepted(
        &hub.send("wujiang", "funding.grant/1", &grant("w1", "wujiang/example-rent", token(1)))
            .await,
    );
    let told: Vec<u64> = changed(&hub, "qingpu").await.into_iter().map(|(pos, _)| pos).collect();
    assert_eq!(told, positions);
    assert!(hub.gateway.load().size - before <= 5, "a few entries for all of them");
    assert!(!hub.gateway.review().await.unwrap(), "nothing is left to do");
    rebuild_agrees(&hub).await;
}
