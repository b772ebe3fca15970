//! Links through the gateway: who has to confirm that two subjects are one person, and what that
//! does to holds that are open.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use serde_json::{Value, json};
use support::{Hub, certification, context, id, payload, token};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::subject::TokenRef;
use talent_gateway::gateway::Reply;
use talent_gateway::projection::{FeedRow, HOLDS, HoldRow, HoldState, same_person};

const QINGPU_RENT: &str = "qingpu/housing-rent/D";
const RENTS: [(&str, &str); 3] = [
    ("qingpu", QINGPU_RENT),
    ("jiashan", "jiashan/example-rent"),
    ("wujiang", "wujiang/example-rent"),
];

async fn hub(dir: &std::path::Path) -> Hub {
    let hub = Hub::new(dir).await;
    let catalogue = Catalogue::embedded().unwrap();
    let policies = &catalogue.policies;
    for policy in policies.iter().filter(|p| RENTS.iter().any(|(_, id)| p.id == *id)) {
        taken(&hub.send(policy.district.as_str(), "funding.policy/1", &json!(policy)).await);
    }
    hub
}

fn refused(reply: &Reply) -> Option<Code> {
    reply.refusal.as_ref().map(|r| r.code)
}

fn taken(reply: &Reply) -> Value {
    assert_eq!(refused(reply), None, "{:?}", reply.refusal);
    payload(&reply.compact)
}

/// A certification of each person in the district's records.
async fn known(hub: &Hub, district: &str, persons: &[u64]) {
    for n in persons {
        let body = certification(&format!("{district}-r{n}"), 1, "issue", token(*n));
        taken(&hub.send(district, "certification/1", &body).await);
    }
}

fn link(id: &str, revision: u32, kind: &str, subjects: [u64; 2], operators: usize) -> Value {
    let operators: Vec<_> =
        (1..=operators).map(|n| json!({ "id": format!("op-{n}"), "role": "window" })).collect();
    json!({
        "link": id, "revision": revision, "kind": kind, "subjects": subjects.map(token),
        "validity": { "from": "2026-01-01" }, "evidence": "documents-examined",
        "operators": operators
    })
}

fn withdrawn(mut link: Value) -> Value {
    link["withdrawn"] = json!(true);
    link
}

/// Sends a link that is taken; what consents name.
async fn linked(hub: &Hub, from: &str, link: &Value) -> Value {
    let message = hub.compose(from, "subject.link/1", link);
    let reply = hub.gateway.accept(&id(from), message.compact.as_bytes()).await.unwrap();
    taken(&reply);
    json!({ "iss": from, "jti": message.jti })
}

async fn consent(hub: &Hub, from: &str, target: &Value, decision: &str) -> Option<Code> {
    let body = json!({ "target": target, "decision": decision, "date": "2026-11-20" });
    refused(&hub.send(from, "consent/1", &body).await)
}

fn application(policy: &str, subject: TokenRef, first: &str) -> Value {
    json!({
        "kind": "grant", "policy": { "id": policy, "version": 1 }, "subject": subject,
        "beneficiary": "person", "months": { "first": first, "last": "2027-11" },
        "date": "2026-11-21", "amount": { "monthly": 190_000 }
    })
}

async fn hold(hub: &Hub, district: usize, id: &str, subject: u64) -> Reply {
    let (from, policy) = RENTS[district];
    let body = json!({
        "hold": id, "application": application(policy, token(subject), "2026-12"),
        "expires": support::START + 86_400, "context": context("funding-check")
    });
    hub.send(from, "funding.hold/1", &body).await
}

async fn feed(hub: &Hub, of: &str) -> Vec<FeedRow> {
    hub.gateway.feed(&id(of), 0).await.unwrap()
}

async fn changes(hub: &Hub, of: &str) -> Vec<Value> {
    feed(hub, of).await.iter().map(|e| serde_json::to_value(e.change).unwrap()).collect()
}

/// Number of records that a query about a person answers with: those of the person's other
/// subjects count once a link does.
async fn records(hub: &Hub, subject: u64) -> usize {
    let query = json!({
        "context": context("funding-check"), "subject": token(subject),
        "kinds": ["certification"], "history": false
    });
    let answer = taken(&hub.send("qingpu", "query.records/1", &query).await);
    answer["body"]["records"].as_array().unwrap().len()
}

/// Why a query about a person says that there may be more records.
async fn possibly(hub: &Hub, subject: u64) -> Value {
    let query = json!({
        "context": context("funding-check"), "subject": token(subject),
        "kinds": ["certification"], "history": false
    });
    let answer = taken(&hub.send("qingpu", "query.records/1", &query).await);
    answer["body"]["possibly_same"][0]["why"].clone()
}

async fn held(hub: &Hub) -> Vec<HoldRow> {
    let mut rows = hub.gateway.read_blocking(|s| HOLDS.all(s)).await.unwrap();
    rows.sort_by_key(|row| row.pos);
    rows
}

async fn rebuilt(hub: &Hub) {
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn a_same_link_counts_when_every_other_holder_of_records_has_consented() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    known(&hub, "qingpu", &[1, 2]).await;
    known(&hub, "jiashan", &[1]).await;
    taken(&hold(&hub, 2, "w1", 2).await);
    let target = linked(&hub, "qingpu", &link("l1", 1, "same", [1, 2], 2)).await;
    assert_eq!(records(&hub, 1).await, 1, "suspected only");
    // Records that come later ask nobody: the set was fixed with the link.
    known(&hub, "hongkou", &[1]).await;
    let told = feed(&hub, "jiashan").await.pop().unwrap();
    assert_eq!(serde_json::to_value(told.change).unwrap(), "link-awaits-consent");
    assert_eq!(told.concerns.as_deref(), Some("jiashan-r1"), "its own record, no token");
    assert_eq!(json!(told.target), target);
    assert_eq!(feed(&hub, "wujiang").await.pop().unwrap().concerns.as_deref(), Some("w1"));
    assert_eq!(changes(&hub, "hongkou").await, Vec::<Value>::new());

    assert_eq!(consent(&hub, "jiashan", &target, "approve").await, None);
    assert_eq!(records(&hub, 1).await, 1, "one of two");
    assert_eq!(consent(&hub, "wujiang", &target, "approve").await, None);
    assert_eq!(records(&hub, 1).await, 2, "confirmed");
    for district in ["qingpu", "jiashan", "wujiang"] {
        assert_eq!(changes(&hub, district).await.last().unwrap(), "link-confirmed", "{district}");
    }
    assert_eq!(consent(&hub, "jiashan", &target, "withdraw").await, None);
    assert_eq!(records(&hub, 1).await, 1, "a consent was taken back");
    assert_eq!(changes(&hub, "qingpu").await.last().unwrap(), "link-unconfirmed");
    assert_eq!(consent(&hub, "jiashan", &target, "approve").await, None);
    assert_eq!(records(&hub, 1).await, 2, "and given again");
    linked(&hub, "qingpu", &withdrawn(link("l1", 2, "same", [1, 2], 2))).await;
    assert_eq!(records(&hub, 1).await, 1, "the link was taken back");
    assert_eq!(
        consent(&hub, "jiashan", &target, "approve").await,
        Some(Code::ConsentNotDue),
        "an earlier revision"
    );
    rebuilt(&hub).await;
}

#[tokio::test]
async fn one_operator_suspects_and_whoever_holds_all_records_needs_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    known(&hub, "qingpu", &[1, 2, 3]).await;
    linked(&hub, "qingpu", &link("l1", 1, "same", [1, 2], 1)).await;
    assert_eq!(records(&hub, 1).await, 1, "one operator");
    assert_eq!(possibly(&hub, 1).await, "link", "not used, and not hidden");
    linked(&hub, "qingpu", &link("l1", 2, "same", [1, 2], 2)).await;
    assert_eq!(records(&hub, 1).await, 2, "two, and nobody else has records");
    assert_eq!(possibly(&hub, 1).await, Value::Null);
    // Through the confirmed link, Jiashan's records of 2 are of the person that 3 would join.
    known(&hub, "jiashan", &[2]).await;
    let target = linked(&hub, "qingpu", &link("l2", 1, "same", [1, 3], 1)).await;
    assert_eq!(consent(&hub, "jiashan", &target, "approve").await, None);
    assert_eq!(records(&hub, 3).await, 1, "every district, but one operator");
    let target = linked(&hub, "qingpu", &link("l2", 2, "same", [1, 3], 2)).await;
    assert_eq!(records(&hub, 3).await, 1, "each revision stands for itself");
    assert_eq!(consent(&hub, "jiashan", &target, "approve").await, None);
    assert_eq!(records(&hub, 3).await, 3);
    rebuilt(&hub).await;
}

#[tokio::test]
async fn certified_different_persons_are_never_joined() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    known(&hub, "qingpu", &[1, 2, 3]).await;
    known(&hub, "jiashan", &[1, 2, 3]).await;
    linked(&hub, "jiashan", &link("d1", 1, "different", [1, 3], 1)).await;
    let send =
        async |from: &str, body: &Value| refused(&hub.send(from, "subject.link/1", body).await);
    let direct = link("l0", 1, "same", [3, 1], 2);
    assert_eq!(send("qingpu", &direct).await, Some(Code::LinkConflict));
    let first = linked(&hub, "qingpu", &link("l1", 1, "same", [1, 2], 2)).await;
    let second = linked(&hub, "qingpu", &link("l2", 1, "same", [2, 3], 2)).await;
    assert_eq!(consent(&hub, "jiashan", &first, "approve").await, None);
    let by_the_way = consent(&hub, "jiashan", &second, "approve").await;
    assert_eq!(by_the_way, Some(Code::LinkConflict), "1 and 3 would meet through 2");
    let certified = link("d2", 1, "different", [1, 2], 1);
    assert_eq!(send("jiashan", &certified).await, Some(Code::LinkConflict), "one person by now");
    // What is taken back stands in nobody's way.
    linked(&hub, "jiashan", &withdrawn(link("d1", 2, "different", [1, 3], 1))).await;
    assert_eq!(consent(&hub, "jiashan", &second, "approve").await, None);
    assert_eq!(records(&hub, 1).await, 3, "three of its own");
    rebuilt(&hub).await;
}

/// Nobody is married to oneself, whoever says it; and one sender names one spouse of a person at a time. What
/// another district knows of another marriage is taken beside it.
#[tokio::test]
async fn spouses_are_two_persons_and_a_sender_names_one_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    known(&hub, "qingpu", &[1, 2, 3, 4]).await;
    known(&hub, "jiashan", &[1, 3]).await;
    let send =
        async |from: &str, body: &Value| refused(&hub.send(from, "subject.link/1", body).await);
    linked(&hub, "qingpu", &link("s1", 1, "spouse", [1, 2], 1)).await;
    let same = link("l1", 1, "same", [1, 2], 2);
    assert_eq!(send("qingpu", &same).await, Some(Code::LinkConflict));
    let again = link("s2", 1, "spouse", [3, 1], 1);
    assert_eq!(send("qingpu", &again).await, Some(Code::RecordContradiction));
    assert_eq!(send("jiashan", &again).await, None, "another district's word");
    // The same marriage under another document, and the next one after the end of the first.
    linked(&hub, "qingpu", &link("l2", 1, "same", [2, 4], 2)).await;
    assert_eq!(send("qingpu", &link("s3", 1, "spouse", [1, 4], 1)).await, None);
    assert_eq!(send("qingpu", &link("s4", 1, "spouse", [2, 4], 1)).await, Some(Code::LinkConflict));
    for (id, other) in [("s1", 2), ("s3", 4)] {
        let mut ended = link(id, 2, "spouse", [1, other], 1);
        ended["validity"] = json!({ "from": "2026-01-01", "until": "2026-06-30" });
        linked(&hub, "qingpu", &ended).await;
    }
    assert_eq!(send("qingpu", &again).await, Some(Code::RecordContradiction));
    let mut next = again.clone();
    next["validity"] = json!({ "from": "2026-07-01" });
    assert_eq!(send("qingpu", &next).await, None);
    rebuilt(&hub).await;
}

#[tokio::test]
async fn links_and_consents_that_cannot_be_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let many: Vec<u64> = (1..=18).collect();
    known(&hub, "qingpu", &many).await;
    known(&hub, "jiashan", &[1]).await;
    let send =
        async |from: &str, body: &Value| refused(&hub.send(from, "subject.link/1", body).await);
    let foreign = link("l1", 1, "same", [1, 2], 2);
    assert_eq!(send("jiashan", &foreign).await, Some(Code::SubjectUnknown));
    let mut alone = foreign.clone();
    alone["operators"] =
        json!([{ "id": "op-1", "role": "window" }, { "id": "op-1", "role": "reviewer" }]);
    assert_eq!(send("qingpu", &alone).await, Some(Code::TwoOperators));
    let target = linked(&hub, "qingpu", &foreign).await;
    assert_eq!(send("qingpu", &foreign).await, Some(Code::RevisionStale));
    let others = link("l1", 2, "same", [1, 3], 2);
    assert_eq!(send("qingpu", &others).await, Some(Code::SubjectMismatch));
    for n in 3..=17 {
        linked(&hub, "qingpu", &link(&format!("m{n}"), 1, "same", [2, n], 2)).await;
    }
    let seventeenth = link("m18", 1, "same", [2, 18], 2);
    assert_eq!(send("qingpu", &seventeenth).await, Some(Code::LinkLimit));

    let message =
        hub.compose("jiashan", "certification/1", &certification("j9", 1, "issue", token(9)));
    taken(&hub.gateway.accept(&id("jiashan"), message.compact.as_bytes()).await.unwrap());
    let record = json!({ "iss": "jiashan", "jti": message.jti });
    let nothing = json!({ "iss": "qingpu", "jti": "019aa0b4-6c00-7abc-8def-0123456789ab" });
    let spouses = linked(&hub, "qingpu", &link("s1", 1, "spouse", [1, 3], 1)).await;
    for (from, target, expected) in [
        ("jiashan", &nothing, Code::TargetUnknown),
        ("qingpu", &record, Code::TargetUnknown),
        ("jiashan", &spouses, Code::TargetUnknown),
        ("wujiang", &target, Code::ConsentNotDue),
        ("qingpu", &target, Code::ConsentNotDue),
        ("jiashan", &target, Code::LinkLimit),
    ] {
        assert_eq!(consent(&hub, from, target, "approve").await, Some(expected), "{from}");
    }
    rebuilt(&hub).await;
}

#[tokio::test]
async fn holds_that_a_link_joins_stand_behind_the_first_until_it_is_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    known(&hub, "qingpu", &[1, 2]).await;
    for (district, name, subject) in [(1, "j1", 1), (2, "w1", 2), (0, "q1", 1)] {
        taken(&hold(&hub, district, name, subject).await);
    }
    let against = async || -> Vec<Vec<String>> {
        let rows = held(&hub).await;
        rows.iter().map(|r| r.against.iter().map(|h| h.hold.clone()).collect()).collect()
    };
    assert_eq!(against().await, [vec![], vec![], vec!["j1".to_owned()]]);
    let target = linked(&hub, "qingpu", &link("l1", 1, "same", [1, 2], 2)).await;
    assert_eq!(consent(&hub, "jiashan", &target, "approve").await, None);
    assert_eq!(against().await[1], Vec::<String>::new(), "suspected links race nobody");
    let before = changes(&hub, "jiashan").await.len();
    assert_eq!(consent(&hub, "wujiang", &target, "approve").await, None);
    assert_eq!(against().await, [vec![], vec!["j1"], vec!["j1", "w1"]]);
    assert_eq!(changes(&hub, "jiashan").await[before..], ["link-confirmed", "hold-contested"]);
    let wujiang = feed(&hub, "wujiang").await.pop().unwrap();
    assert_eq!(serde_json::to_value(wujiang.change).unwrap(), "hold-contested");
    assert_eq!(
        (wujiang.concerns.as_deref(), wujiang.case.as_deref()),
        (Some("w1"), Some("QP-2026-0001"))
    );
    rebuilt(&hub).await;

    assert_eq!(consent(&hub, "wujiang", &target, "withdraw").await, None);
    assert_eq!(against().await, [vec![], vec![], vec!["j1"]]);
    assert_eq!(changes(&hub, "wujiang").await.last().unwrap(), "hold-promoted");
    assert_eq!(changes(&hub, "jiashan").await.last().unwrap(), "basis-changed");
    assert_eq!(consent(&hub, "wujiang", &target, "approve").await, None);
    // The end of the first promotes across the link as it does within one subject.
    let release = json!({ "hold": "j1", "reason": "withdrawn" });
    taken(&hub.send("jiashan", "funding.release/1", &release).await);
    assert_eq!(against().await, [vec![], vec![], vec!["w1".to_owned()]]);
    assert_eq!(changes(&hub, "wujiang").await.last().unwrap(), "hold-promoted");
    linked(&hub, "qingpu", &withdrawn(link("l1", 2, "same", [1, 2], 2))).await;
    assert_eq!(against().await[2], Vec::<String>::new());
    assert_eq!(changes(&hub, "qingpu").await.last().unwrap(), "hold-promoted");
    rebuilt(&hub).await;
}

/// What a leaked key may have signed makes nobody one person: neither a link nor a consent, until it
/// is sent again. Holds are compared again each time.
#[tokio::test]
async fn links_and_consents_of_a_leaked_key_are_suspect_until_they_are_sent_again() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    known(&hub, "qingpu", &[1, 2]).await;
    known(&hub, "jiashan", &[1]).await;
    for (district, name, subject) in [(2, "w1", 2), (0, "q1", 1)] {
        taken(&hold(&hub, district, name, subject).await);
    }
    let raced = async || held(&hub).await[1].against.len();
    let target = linked(&hub, "qingpu", &link("l1", 1, "same", [1, 2], 2)).await;
    for district in ["jiashan", "wujiang"] {
        assert_eq!(consent(&hub, district, &target, "approve").await, None);
    }
    assert_eq!((records(&hub, 1).await, raced().await), (2, 1));
    let leak = async |district: &str, seed: u8| {
        hub.add_key(district, "message-2", seed).await;
        let revoke = json!({
            "action": "revoke", "kid": format!("{district}#message-1"),
            "revoked_from": support::START, "suspect_from": support::START, "reason": "leaked"
        });
        taken(&hub.send_with(district, "message-2", "key/1", &revoke).await);
    };
    leak("jiashan", 98).await;
    assert_eq!((records(&hub, 1).await, raced().await), (1, 0), "a suspect consent is none");
    assert!(changes(&hub, "wujiang").await.contains(&json!("link-unconfirmed")));
    let again = json!({ "target": target, "decision": "approve", "date": "2026-11-21" });
    taken(&hub.send_with("jiashan", "message-2", "consent/1", &again).await);
    assert_eq!((records(&hub, 1).await, raced().await), (2, 1), "given again");
    rebuilt(&hub).await;
    leak("qingpu", 99).await;
    let query = json!({
        "context": context("funding-check"), "subject": token(1),
        "kinds": ["certification"], "history": false
    });
    let records = async || {
        let answer = taken(&hub.send_with("qingpu", "message-2", "query.records/1", &query).await);
        answer["body"]["records"].as_array().unwrap().len()
    };
    assert_eq!((records().await, raced().await), (1, 0), "a suspect link");
    let next = link("l1", 2, "same", [1, 2], 2);
    let receipt = taken(&hub.send_with("qingpu", "message-2", "subject.link/1", &next).await);
    let target = json!({ "iss": "qingpu", "jti": receipt["msg"]["jti"] });
    let mut again = again;
    again["target"] = target.clone();
    taken(&hub.send_with("jiashan", "message-2", "consent/1", &again).await);
    assert_eq!(consent(&hub, "wujiang", &target, "approve").await, None);
    assert_eq!((records().await, raced().await), (2, 1), "said anew under a new key");
    rebuilt(&hub).await;
}

#[tokio::test]
async fn a_district_has_a_bounded_number_of_holds_on_one_person() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    for n in 0..16 {
        taken(&hold(&hub, 0, &format!("q{n}"), 1).await);
    }
    assert_eq!(refused(&hold(&hub, 0, "q16", 1).await), Some(Code::HoldLimit));
    taken(&hold(&hub, 1, "j0", 1).await);
    taken(&hold(&hub, 0, "q16", 2).await);
}

/// Whatever the order of links, consents and holds: a live hold stands behind exactly the earlier
/// live holds of the same person, and the log gives the same rows again.
#[tokio::test]
async fn the_race_follows_the_links_in_any_order_of_events() {
    for seed in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let hub = hub(dir.path()).await;
        known(&hub, "qingpu", &[1, 2, 3, 4]).await;
        known(&hub, "jiashan", &[1, 2, 3, 4]).await;
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut targets = Vec::new();
        let mut links: Vec<(Value, u32)> = Vec::new();
        for step in 0..60 {
            match rng.u8(0..10) {
                0..=3 => {
                    drop(hold(&hub, rng.usize(0..3), &format!("h{step}"), rng.u64(1..=4)).await);
                }
                4 => {
                    if let Some(row) = held(&hub).await.iter().find(|r| r.state == HoldState::Live)
                    {
                        let body = json!({ "hold": row.hold.hold, "reason": "withdrawn" });
                        taken(&hub.send(row.owner.as_str(), "funding.release/1", &body).await);
                    }
                }
                5..=6 => {
                    let (a, b) = (rng.u64(1..=4), rng.u64(1..=3));
                    let pair = [a, if b >= a { b + 1 } else { b }];
                    let body = link(&format!("l{step}"), 1, "same", pair, rng.usize(1..=2));
                    targets.push(linked(&hub, "qingpu", &body).await);
                    links.push((body, 1));
                }
                7 if !links.is_empty() => {
                    let (mut body, revision) = links.swap_remove(rng.usize(0..links.len()));
                    body["revision"] = json!(revision + 1);
                    linked(&hub, "qingpu", &withdrawn(body)).await;
                }
                _ if !targets.is_empty() => {
                    let target = targets[rng.usize(0..targets.len())].clone();
                    let decision = ["approve", "approve", "withdraw"][rng.usize(0..3)];
                    for from in ["jiashan", "wujiang"] {
                        consent(&hub, from, &target, decision).await;
                    }
                }
                _ => {}
            }
            assert_races(&hub).await;
        }
        rebuilt(&hub).await;
    }
}

async fn assert_races(hub: &Hub) {
    let live: Vec<_> = held(hub).await.into_iter().filter(|r| r.state == HoldState::Live).collect();
    for (n, later) in live.iter().enumerate() {
        let subject = later.hold.application.terms.subject;
        let person = hub.gateway.read_blocking(move |s| same_person(s, subject)).await.unwrap();
        let expected: Vec<_> = live[..n]
            .iter()
            .filter(|earlier| person.contains(&earlier.hold.application.terms.subject))
            .map(|earlier| &earlier.hold.hold)
            .collect();
        let against: Vec<_> = later.against.iter().map(|h| &h.hold).collect();
        assert_eq!(against, expected, "{}", later.hold.hold);
    }
}
