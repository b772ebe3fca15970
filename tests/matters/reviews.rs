//! Changes reach earlier askers: who was told something else before is told that it changed, what
//! kind of thing changed, and nothing of its content.

use serde_json::json;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::subject::TokenRef;
use talent_gateway::projection::{FeedChange, FeedRow, HOLDS};

use super::support::{Hub, certification, context, id, rule, token};
use super::world::{
    RENT, accepted, application, check, finding, grant, hub, objection, outcome, rebuild_agrees,
    recognise, refused, tier,
};

/// The entries that tell a district of a changed answer: answer and kind of cause.
async fn changed(hub: &Hub, district: &str) -> Vec<(u64, String)> {
    hub.gateway.tick().await.unwrap();
    let rows = hub.gateway.feed(&id(district), 0).await.unwrap();
    let told = |row: FeedRow| {
        assert_eq!(row.case.as_deref(), Some("QP-2026-0001"), "the asker's own case number");
        assert!(row.concerns.is_none_or(|own| own == "h1"), "a hold of its own, or nothing");
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
    // A rule is for everybody, so that its own publisher is told which of its cases it changes.
    accepted(&hub.send("qingpu", "recognition.rule/1", &rule(1, false)).await);
    let told = changed(&hub, "qingpu").await;
    assert!(told[1..].contains(&pair(norule, "recognition-rule")), "{told:?}");
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

/// A version that begins ends the one before it: whoever asked under that one is told, the publisher's own
/// windows too, for they cannot know which cases it changes. Who asked about days before it is not.
#[tokio::test]
async fn a_new_version_of_a_policy_reaches_those_who_asked_under_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let rent = "jiashan/example-rent";
    let (own, before) = check(&hub, "jiashan", rent, token(1)).await;
    let (other, _) = check(&hub, "qingpu", rent, token(1)).await;
    let mut earlier = application(rent, token(1), 150_000);
    earlier["date"] = json!("2026-05-31");
    let earlier = json!({ "context": context("funding-check"), "application": earlier });
    // Filed in time, for months in which the second version is in force: which one governs them is Q27.
    let in_time = accepted(&hub.send("jiashan", "query.funding/1", &earlier).await);
    let asks = |told: &serde_json::Value| {
        let missing = told["missing"].as_array().unwrap();
        missing.iter().find(|m| m["what"] == "policy-version").cloned()
    };
    assert_eq!(asks(&before), None);
    let policies = &talent_gateway::catalogue::Catalogue::embedded().unwrap().policies;
    let mut second = json!(policies.iter().find(|p| p.id == rent).unwrap());
    second["version"] = json!(2);
    second["validity"] = json!({ "from": "2026-06-01" });
    accepted(&hub.send("jiashan", "funding.policy/1", &second).await);
    assert_eq!(changed(&hub, "jiashan").await, [pair(own, "policy"), pair(in_time, "policy")]);
    assert_eq!(changed(&hub, "qingpu").await, [pair(other, "policy")]);
    let (_, now) = check(&hub, "jiashan", rent, token(1)).await;
    assert_eq!(now["verdict"], "REFER");
    let text = asks(&now).unwrap()["text"].clone();
    assert!(text["zh"].as_str().unwrap().contains("第2版（自2026-06-01起）"), "{text}");
    assert!(text["en"].as_str().unwrap().contains("version 2 is in force"), "{text}");
    assert_eq!(finding(&now, "R32").unwrap()["questions"], json!(["Q27"]));
    rebuild_agrees(&hub).await;
}

/// Certifying and paying are two offices of one district: what the one decides, the other is told. Only what
/// the district did in the case itself it is not.
#[tokio::test]
async fn a_district_is_told_of_its_own_decisions_outside_the_case() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let person = token(1);
    accepted(
        &hub.send("qingpu", "certification/1", &certification("c1", 1, "issue", person)).await,
    );
    let (position, _) = check(&hub, "qingpu", RENT, person).await;
    let held = accepted(&hub.send("qingpu", "funding.hold/1", &hold(person)).await);
    assert_eq!(changed(&hub, "qingpu").await, [], "its own hold in the case");
    accepted(
        &hub.send("qingpu", "certification/1", &certification("c1", 2, "revoke", person)).await,
    );
    let mut told = vec![pair(position, "record"), pair(held, "record")];
    assert_eq!(changed(&hub, "qingpu").await, told);
    let sanction = json!({
        "sanction": "s1", "revision": 1, "kind": "person-debarred", "subject": person,
        "start": "2026-01-01", "end": { "years": 3 }, "ground": 1,
        "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）4" }
    });
    accepted(&hub.send("qingpu", "integrity.sanction/1", &sanction).await);
    told.extend([pair(position, "sanction"), pair(held, "sanction")]);
    assert_eq!(changed(&hub, "qingpu").await, told);
    // A grant under another policy is of another case; one under this policy is not.
    let other = grant("q2", "qingpu/industry-rent/D", person);
    accepted(&hub.send("qingpu", "funding.grant/1", &other).await);
    told.extend([pair(position, "grant"), pair(held, "grant")]);
    assert_eq!(changed(&hub, "qingpu").await, told);
    accepted(&hub.send("qingpu", "funding.grant/1", &grant("q1", RENT, person)).await);
    let release = json!({ "hold": "h1", "reason": "withdrawn" });
    accepted(&hub.send("qingpu", "funding.release/1", &release).await);
    assert_eq!(changed(&hub, "qingpu").await, told);
    rebuild_agrees(&hub).await;
}

/// Another district's claim changes what a check would be told while it stands: who asked before is told
/// when it comes, and when it is released or runs out. Its holder knows.
#[tokio::test]
async fn a_hold_reaches_those_who_checked_before_and_so_does_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let there = "wujiang/example-rent";
    let (position, _) = check(&hub, "qingpu", RENT, token(1)).await;
    check(&hub, "wujiang", there, token(1)).await;
    check(&hub, "qingpu", RENT, token(2)).await;
    let hold = |id: &str, lasts: i64| {
        json!({
            "hold": id, "application": application(there, token(1), 100_000),
            "expires": super::world::START + lasts, "context": context("funding-check")
        })
    };
    let told = async |times: usize| {
        assert_eq!(changed(&hub, "qingpu").await, vec![pair(position, "hold"); times]);
    };
    accepted(&hub.send("wujiang", "funding.hold/1", &hold("w1", 3_600)).await);
    told(1).await;
    let release = json!({ "hold": "w1", "reason": "withdrawn" });
    accepted(&hub.send("wujiang", "funding.release/1", &release).await);
    told(2).await;
    accepted(&hub.send("wujiang", "funding.hold/1", &hold("w2", 3_600)).await);
    told(3).await;
    hub.clock.advance(3_601);
    told(4).await;
    let rows = hub.gateway.feed(&id("wujiang"), 0).await.unwrap();
    assert!(rows.iter().all(|row| row.change != FeedChange::BasisChanged), "{rows:?}");
    rebuild_agrees(&hub).await;
}

fn hold(subject: TokenRef) -> serde_json::Value {
    json!({
        "hold": "h1", "application": application(RENT, subject, 400_000),
        "expires": super::world::START + 86_400, "context": context("funding-check")
    })
}

/// The grant that consumes the hold, without anybody who overrides.
fn consuming(subject: TokenRef) -> serde_json::Value {
    let mut body = grant("q1", RENT, subject);
    body["hold"] = json!("h1");
    body.as_object_mut().unwrap().remove("override");
    body
}

async fn verdict(hub: &Hub) -> serde_json::Value {
    let rows = hub.gateway.read_blocking(|s| HOLDS.all(s)).await.unwrap();
    serde_json::to_value(rows[0].verdict).unwrap()
}

/// The verdict that a hold was given follows what is logged later: a link that begins to count, an
/// objection, a withdrawal of the link.
#[tokio::test]
async fn the_verdict_of_a_live_hold_follows_links_and_objections() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let person = token(1);
    for n in [1, 2, 3] {
        let body = tier(&format!("c{n}"), 1, "issue", token(n));
        accepted(&hub.send("wujiang", "certification/1", &body).await);
    }
    let link = |id: &str, revision: u32, subjects: [u64; 2], withdrawn: bool| {
        json!({
            "link": id, "revision": revision, "kind": "same", "subjects": subjects.map(token),
            "validity": { "from": "2026-01-01" }, "evidence": "documents-examined",
            "operators": super::world::operators(), "withdrawn": withdrawn
        })
    };
    // 2 and 3 are one person already; the grant is on 3.
    accepted(&hub.send("wujiang", "subject.link/1", &link("l0", 1, [2, 3], false)).await);
    accepted(&hub.send("qingpu", "funding.hold/1", &hold(person)).await);
    let clean = verdict(&hub).await;
    let confirmed = async |revision| {
        let message =
            hub.compose("wujiang", "subject.link/1", &link("l1", revision, [1, 2], false));
        accepted(&hub.gateway.accept(&id("wujiang"), message.compact.as_bytes()).await.unwrap());
        let target = json!({ "iss": "wujiang", "jti": message.jti });
        let body = json!({ "target": target, "decision": "approve", "date": "2026-11-21" });
        accepted(&hub.send("qingpu", "consent/1", &body).await);
    };
    confirmed(1).await;
    assert_eq!(changed(&hub, "qingpu").await, [], "the link alone changes nothing");
    let other = grant("w1", "wujiang/example-rent", token(3));
    accepted(&hub.send("wujiang", "funding.grant/1", &other).await);
    assert_eq!(changed(&hub, "qingpu").await.len(), 1, "a grant on the far side of two links");
    assert_eq!(verdict(&hub).await, "REFER");
    accepted(&hub.send("wujiang", "subject.link/1", &link("l1", 2, [1, 2], true)).await);
    assert_eq!(changed(&hub, "qingpu").await[1].1, "link");
    assert_eq!(verdict(&hub).await, clean, "as it was before");
    confirmed(3).await;
    // Before anybody has looked again: what consumes the hold is judged by what the log holds.
    assert_eq!(verdict(&hub).await, clean);
    let reply = hub.send("qingpu", "funding.grant/1", &consuming(person)).await;
    assert_eq!(refused(&reply), Some(Code::OverrideRequired));
    assert_eq!(changed(&hub, "qingpu").await.len(), 3, "the link of Wujiang");
    assert_eq!(verdict(&hub).await, "REFER");
    let mut raised = objection("o1", "funding", "w1", token(3));
    raised["record"]["owner"] = json!("wujiang");
    accepted(&hub.send("changning", "objection/1", &raised).await);
    assert_eq!(changed(&hub, "qingpu").await[3].1, "objection");
    let ended = outcome("changning", "o1", "rejected");
    accepted(&hub.send("wujiang", "objection.outcome/1", &ended).await);
    assert_eq!(changed(&hub, "qingpu").await[4].1, "objection");
    rebuild_agrees(&hub).await;
}

/// Yes and no for a shared service is an answer like others: a certification, a rule that opens the
/// service, a revocation and a leaked key reach who asked.
#[tokio::test]
async fn entitlements_are_looked_at_again() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let ask = async |service: &str| {
        let query = json!({
            "context": context("service"), "subject": token(1), "service": service,
            "at": "qingpu", "valid_at": "2026-11-20"
        });
        let reply = hub.send("changning", "query.entitlement/1", &query).await;
        let position = accepted(&reply);
        let told = super::support::payload(&reply.compact)["body"]["entitlement"].clone();
        (position, told["entitled"] == true)
    };
    let (position, entitled) = ask("medical").await;
    assert!(!entitled);
    let (school, _) = ask("education").await;
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    assert_eq!(changed(&hub, "changning").await, [], "no rule yet, so it is still no");
    let mut opens = rule(1, false);
    opens["purposes"] = json!(["service"]);
    opens["services"] = json!(["medical"]);
    accepted(&hub.send("qingpu", "recognition.rule/1", &opens).await);
    assert_eq!(changed(&hub, "changning").await, [pair(position, "recognition-rule")]);
    assert_ne!(position, school, "the other service is not opened");
    let raised = objection("o1", "certification", "t1", token(1));
    accepted(&hub.send("wujiang", "objection/1", &raised).await);
    assert_eq!(changed(&hub, "changning").await[1..], [pair(position, "objection")]);
    accepted(
        &hub.send("jiashan", "objection.outcome/1", &outcome("wujiang", "o1", "rejected")).await,
    );
    let (asked_again, entitled) = ask("medical").await;
    assert!(entitled);
    let known = changed(&hub, "changning").await.len();
    hub.add_key("jiashan", "message-2", 99).await;
    let revoke = json!({
        "action": "revoke", "kid": "jiashan#message-1", "revoked_from": super::world::START,
        "suspect_from": super::world::START, "reason": "leaked"
    });
    accepted(&hub.send_with("jiashan", "message-2", "key/1", &revoke).await);
    let told = changed(&hub, "changning").await;
    assert!(told[known..].contains(&pair(asked_again, "suspect")), "{told:?}");
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
