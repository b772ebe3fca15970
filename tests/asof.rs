//! Two times everywhere: what an answer said when the log had so many entries is said again, word
//! for word, whatever was pushed since; and records as they stand on a day of the world.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "asof/acts.rs"]
mod acts;
#[path = "asof/records.rs"]
mod records;
mod support;

use acts::{ACTS, hub};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Hub, context, payload, token};
use talent_gateway::domain::code::Code;
use talent_gateway::gateway::vault::Vault;
use talent_gateway::gateway::{Pseudonyms, rebuild};
use talent_gateway::projection::{PAST_SINCE, TableId};
use talent_gateway::store::sqlite::SqliteStore;

/// What was asked, and what was said.
struct Said {
    by: &'static str,
    mt: &'static str,
    question: Value,
    size: u64,
    body: Value,
    coverage: Value,
}

/// The questions that are put again and again: about both persons that a link may join.
fn questions() -> Vec<(&'static str, &'static str, Value)> {
    let application = |policy: &str, version: u32, n: u64| {
        json!({
            "kind": "grant", "policy": { "id": policy, "version": version }, "subject": token(n),
            "beneficiary": "person", "months": { "first": "2027-01", "last": "2027-12" },
            "date": "2026-11-21", "amount": { "monthly": 190_000 }
        })
    };
    let check = |policy: &str, version: u32, n: u64| {
        let application = application(policy, version, n);
        json!({ "context": context("funding-check"), "application": application })
    };
    let kinds = ["certification", "affiliation", "fact"];
    vec![
        ("qingpu", "query.funding/1", check(acts::RENT, 1, 1)),
        ("wujiang", "query.funding/1", check("wujiang/example-rent", 1, 2)),
        (
            "qingpu",
            "query.records/1",
            json!({
                "context": context("recognition"), "subject": token(1),
                "kinds": kinds, "history": true
            }),
        ),
        ("qingpu", "query.funding/1", check(acts::RENT, 2, 1)),
        (
            "qingpu",
            "query.recognition/1",
            json!({
                "context": context("recognition"), "subject": token(2), "at": "qingpu",
                "for_purpose": "housing", "valid_at": "2026-11-21"
            }),
        ),
        (
            "wujiang",
            "query.entitlement/1",
            json!({
                "context": context("service"), "subject": token(1), "at": "wujiang",
                "service": "medical", "valid_at": "2026-11-21"
            }),
        ),
    ]
}

async fn ask(hub: &Hub, by: &str, mt: &str, question: &Value) -> Value {
    let reply = hub.send(by, mt, question).await;
    assert_eq!(reply.refusal, None, "{mt}");
    payload(&reply.compact)
}

async fn ask_all(hub: &Hub, said: &mut Vec<Said>) {
    for (by, mt, question) in questions() {
        let answer = ask(hub, by, mt, &question).await;
        let size = answer["known_at"].as_u64().unwrap();
        let (body, coverage) = (answer["body"].clone(), answer["coverage"].clone());
        said.push(Said { by, mt, question, size, body, coverage });
    }
}

/// Asks everything again as it was known then; every answer must be the same to the letter.
async fn all_come_out_the_same(hub: &Hub, said: &[Said]) {
    for Said { by, mt, question, size, body, coverage } in said {
        let mut question = question.clone();
        question["known_at"] = json!(size);
        let again = ask(hub, by, mt, &question).await;
        assert_eq!(again["known_at"], json!(size), "{mt}");
        assert_eq!(again["body"], *body, "{mt} at {size}");
        assert_eq!(again["coverage"], *coverage, "{mt} at {size}");
    }
}

#[tokio::test]
async fn an_answer_computed_again_is_the_same_and_without_known_at_another() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let mut said = Vec::new();
    ask_all(&hub, &mut said).await;
    for act in ACTS {
        act.play(&hub).await;
        ask_all(&hub, &mut said).await;
    }
    // Each act is seen by some question, so that what is rolled back is really there. The time of
    // the answer is not what is looked at.
    let told = |said: &Said| {
        let mut body = said.body.clone();
        if let Some(assessment) = body.get_mut("assessment").and_then(Value::as_object_mut) {
            assessment.remove("as_of");
        }
        (body, said.coverage.clone())
    };
    let per_round = questions().len();
    for (act, rounds) in ACTS.iter().zip(said.windows(2 * per_round).step_by(per_round)) {
        let (before, after) = rounds.split_at(per_round);
        let seen = before.iter().zip(after).any(|(a, b)| told(a) != told(b));
        assert!(seen || act.is_silent(), "{act:?} changes no answer");
    }
    all_come_out_the_same(&hub, &said).await;
    let first = &said[0];
    let now = ask(&hub, first.by, first.mt, &first.question).await;
    assert_ne!(now["body"]["assessment"]["findings"], first.body["assessment"]["findings"]);
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn it_is_the_same_after_a_rebuild_and_refused_where_history_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let mut said = Vec::new();
    for act in ACTS {
        act.play(&hub).await;
        ask_all(&hub, &mut said).await;
    }
    // A log whose tables a release without history has made.
    let database = rusqlite::Connection::open(dir.path().join("gateway.db")).unwrap();
    let TableId(table) = PAST_SINCE.id();
    database.execute("DELETE FROM projection WHERE tbl = ?1", [table]).unwrap();
    for (by, mt, mut question) in questions() {
        question["known_at"] = json!(said[0].size);
        let reply = hub.send(by, mt, &question).await;
        assert_eq!(reply.refusal.unwrap().code, Code::NotRecomputable, "{mt}");
    }
    let store = SqliteStore::open(&dir.path().join("gateway.db")).unwrap();
    let (vault, pseudonyms) = (Vault::new(&[5; 32]).unwrap(), Pseudonyms::new(&[6; 32]));
    store.rewrite(|log| rebuild(log, &vault, &pseudonyms, &mut |_| {})).unwrap();
    all_come_out_the_same(&hub, &said).await;
}

#[tokio::test]
async fn a_size_beyond_the_log_is_refused_and_the_agreement_is_that_of_today() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    for act in ACTS.iter().take(3) {
        act.play(&hub).await;
    }
    let mut said = Vec::new();
    ask_all(&hub, &mut said).await;
    for (by, mt, mut question) in questions() {
        question["known_at"] = json!(1_000_000);
        let reply = hub.send(by, mt, &question).await;
        let refusal = reply.refusal.unwrap();
        assert_eq!(refusal.code, Code::BadRequest, "{mt}");
        assert_eq!(refusal.violations[0].pointer, "/body/known_at");
        let said = refusal.detail.unwrap();
        assert!(said.zh.contains("known_at 超出日志长度"), "{}", said.zh);
        assert!(said.en.contains("known_at lies beyond the log"), "{}", said.en);
    }
    // What was shared then is taken back: who asks today is not told, and is told why.
    let mut withdrawn = acts::agreement("jiashan", 2);
    withdrawn["withdrawn"] = json!(true);
    acts::taken(&hub.send("jiashan", "agreement/1", &withdrawn).await);
    let (by, mt, mut question) = questions().remove(2);
    let before = &said[2].body["records"];
    assert!(before.as_array().unwrap().iter().any(|r| r["owner"] == "jiashan"), "{before}");
    question["known_at"] = json!(said[2].size);
    let again = ask(&hub, by, mt, &question).await;
    let records = again["body"]["records"].as_array().unwrap();
    assert!(!records.iter().any(|r| r["owner"] == "jiashan"), "{records:?}");
    let lines = again["coverage"].as_array().unwrap();
    assert!(lines.iter().any(|l| l["district"] == "jiashan" && l["reason"] == "no-agreement"));
}

#[tokio::test]
async fn an_answer_of_then_is_not_watched_and_leaves_no_findings_to_decide_on() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    ACTS[0].play(&hub).await;
    let (by, mt, mut question) = questions().remove(0);
    let first = ask(&hub, by, mt, &question).await;
    question["known_at"] = first["known_at"].clone();
    let again = ask(&hub, by, mt, &question).await;
    assert_eq!(again["body"], first["body"]);
    let finding = first["body"]["assessment"]["findings"][0]["id"].clone();
    for (answer, expected) in [(&again, Some(Code::FindingUnknown)), (&first, None)] {
        let outcome = acts::outcome(answer, &finding);
        let reply = hub.send(by, "finding.outcome/1", &outcome).await;
        assert_eq!(reply.refusal.map(|r| r.code), expected);
    }
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

proptest! {
    // Each case is a gateway with some sixty messages and its answers asked twice.
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, max_shrink_iters: 8, ..ProptestConfig::default() })]

    /// In whatever order things happen, and whether or not each is taken.
    #[test]
    fn every_answer_is_the_same_later(order in Just(ACTS.to_vec()).prop_shuffle()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let hub = hub(dir.path()).await;
            let mut said = Vec::new();
            for act in order {
                act.play(&hub).await;
                ask_all(&hub, &mut said).await;
            }
            all_come_out_the_same(&hub, &said).await;
            assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
        });
    }
}
