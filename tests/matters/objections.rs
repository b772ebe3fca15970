//! Objections: the mark, who ends it, what it does to answers, and the clocks.

use serde_json::{Value, json};
use talent_gateway::domain::code::Code;

use super::support::{context, payload, rule, token};
use super::world::{
    DAY, RENT, accepted, check, feed, finding, grant, hub, move_to, objection, outcome,
    rebuild_agrees, recognise, refused, tier, worklist,
};

fn entry(
    change: &str,
    case: Option<&str>,
    concerns: &str,
) -> (String, Option<String>, Option<String>) {
    (change.to_owned(), case.map(str::to_owned), Some(concerns.to_owned()))
}

#[tokio::test]
async fn a_record_under_objection_is_not_valid_until_it_is_corrected() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("qingpu", "recognition.rule/1", &rule(1, false)).await);
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    assert_eq!(recognise(&hub, token(1)).await.1["outcome"], "recognised");
    let before = accepted(
        &hub.send("qingpu", "objection/1", &objection("o1", "certification", "t1", token(1))).await,
    );
    let flagged = async || {
        let (_, answer) = recognise(&hub, token(1)).await;
        let flags = answer["records"][0]["flags"].as_array().cloned().unwrap_or_default();
        assert_eq!(flags.contains(&json!("objection-pending")), answer["outcome"] == "not-valid");
        flags.contains(&json!("objection-pending"))
    };
    assert!(flagged().await);
    let query = json!({
        "context": context("recognition"), "subject": token(1), "kinds": ["certification"]
    });
    let seen = payload(&hub.send("qingpu", "query.records/1", &query).await.compact);
    assert_eq!(seen["body"]["records"][0]["objections"], json!([before]));
    // Upheld: the owner says that the record is wrong, so it must not count as right meanwhile.
    accepted(&hub.send("jiashan", "objection.outcome/1", &outcome("qingpu", "o1", "upheld")).await);
    assert!(flagged().await);
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 2, "amend", token(1))).await);
    assert!(!flagged().await);
    let qingpu = feed(&hub, "qingpu", 0).await;
    assert_eq!(qingpu, vec![entry("objection-decided", Some("YY-1"), "o1"); 2]);
    assert_eq!(feed(&hub, "jiashan", 0).await, [entry("objection-raised", None, "t1")]);
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn an_answer_of_then_knows_the_objections_of_then() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    let raised = accepted(
        &hub.send("qingpu", "objection/1", &objection("o1", "certification", "t1", token(1))).await,
    );
    let ended = accepted(
        &hub.send("jiashan", "objection.outcome/1", &outcome("qingpu", "o1", "rejected")).await,
    );
    for (known_at, pending) in
        [(raised, false), (raised + 1, true), (ended, true), (ended + 1, false)]
    {
        let query = json!({
            "context": context("recognition"), "subject": token(1), "at": "qingpu",
            "for_purpose": "housing", "valid_at": "2026-11-20", "known_at": known_at
        });
        let answer = payload(&hub.send("qingpu", "query.recognition/1", &query).await.compact);
        let flags = answer["body"]["recognition"]["records"][0]["flags"].to_string();
        assert_eq!(flags.contains("objection-pending"), pending, "{known_at}");
    }
}

#[tokio::test]
async fn a_finding_on_a_grant_under_objection_only_refers() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(
        &hub.send("jiashan", "funding.grant/1", &grant("g1", "jiashan/example-rent", token(2)))
            .await,
    );
    let reason = async || {
        let (_, assessment) = check(&hub, "qingpu", RENT, token(2)).await;
        let r05 = finding(&assessment, "R05").unwrap().clone();
        assert_eq!(r05["outcome"], "REFER");
        (r05["reason"].clone(), r05["text"]["zh"].to_string().contains("异议处理中"))
    };
    assert_eq!(reason().await, (json!("cross-district"), false));
    accepted(&hub.send("qingpu", "objection/1", &objection("o1", "funding", "g1", token(2))).await);
    assert_eq!(reason().await, (json!("under-objection"), true));
    accepted(
        &hub.send("qingpu", "objection.outcome/1", &outcome("qingpu", "o1", "withdrawn")).await,
    );
    assert_eq!(reason().await, (json!("cross-district"), false));
    let jiashan = feed(&hub, "jiashan", 0).await;
    let expected = ["objection-raised", "objection-decided"].map(|c| entry(c, None, "g1"));
    assert_eq!(jiashan, expected);
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn objections_are_refused_by_what_is_wrong_with_them() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    move_to(&hub, "jiashan", "310118").await;
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    accepted(&hub.send("jiashan", "certification/1", &tier("t2", 1, "issue", token(3))).await);
    let good = |id: &str| objection(id, "certification", "t1", token(1));
    let with = |member: &str, value: Value| {
        let mut body = good("o2");
        body[member] = value;
        body
    };
    for (body, expected) in [
        (objection("o1", "certification", "t9", token(1)), Some(Code::RecordUnknown)),
        (objection("o1", "funding", "t1", token(1)), Some(Code::RecordUnknown)),
        (objection("o1", "certification", "t1", token(3)), Some(Code::SubjectMismatch)),
        (objection("o1", "certification", "t1", token(77)), Some(Code::SubjectMismatch)),
        (with("received_on", json!("2026-11-22")), Some(Code::DateImpossible)),
        (with("subject", json!({ "token": token(1).token, "epoch": 9 })), Some(Code::EpochUnknown)),
        (good("o1"), None),
        (good("o1"), Some(Code::RecordTaken)),
        (good("o2"), Some(Code::ObjectionPending)),
    ] {
        let reply = hub.send("qingpu", "objection/1", &body).await;
        assert_eq!(refused(&reply), expected, "{body}");
    }
    let alone = {
        let mut body = outcome("qingpu", "o1", "rejected");
        body["operators"] = json!([{ "id": "op-1", "role": "window" }]);
        body
    };
    let early = {
        let mut body = outcome("qingpu", "o1", "rejected");
        body["decided_on"] = json!("2026-11-19");
        body
    };
    let because = |decision: &str, reason: &str| {
        let mut body = outcome("qingpu", "o1", decision);
        body["reason"] = json!(reason);
        body
    };
    for (from, body, expected) in [
        ("jiashan", outcome("qingpu", "o9", "upheld"), Some(Code::ObjectionUnknown)),
        ("qingpu", outcome("qingpu", "o1", "upheld"), Some(Code::NotOwner)),
        ("wujiang", outcome("qingpu", "o1", "rejected"), Some(Code::NotOwner)),
        ("jiashan", outcome("qingpu", "o1", "withdrawn"), Some(Code::NotOwner)),
        ("jiashan", alone, Some(Code::TwoOperators)),
        ("jiashan", early, Some(Code::DateImpossible)),
        ("jiashan", because("rejected", "person-withdrew"), Some(Code::RecordContradiction)),
        ("jiashan", because("upheld", "matches-source"), Some(Code::RecordContradiction)),
        ("qingpu", because("withdrawn", "data-error"), Some(Code::RecordContradiction)),
        // Shanghai has no longer period.
        ("jiashan", outcome("qingpu", "o1", "extended"), Some(Code::ObjectionState)),
        ("jiashan", outcome("qingpu", "o1", "rejected"), None),
        ("jiashan", outcome("qingpu", "o1", "upheld"), Some(Code::ObjectionState)),
        ("qingpu", outcome("qingpu", "o1", "withdrawn"), Some(Code::ObjectionState)),
    ] {
        let reply = hub.send(from, "objection.outcome/1", &body).await;
        assert_eq!(refused(&reply), expected, "{from} {body}");
    }
    let clock = json!({ "at": super::world::START, "expired_holds": [] });
    let reply = hub.send("qingpu", "clock/1", &clock).await;
    assert_eq!(refused(&reply), Some(Code::NotPermitted));
    let review = json!({ "reviews": [{ "cause": 1, "part": "0".repeat(64), "done": true }] });
    let reply = hub.send("qingpu", "answer.review/1", &review).await;
    assert_eq!(refused(&reply), Some(Code::NotPermitted), "districts are told, they do not tell");
    rebuild_agrees(&hub).await;
}

/// Shanghai: 5 working days to decide, 3 to correct. Raised on Saturday 21 November: the last day is
/// Friday 27 November.
#[tokio::test]
async fn what_is_overdue_is_logged_once_and_told_to_both() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    move_to(&hub, "jiashan", "310118").await;
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    accepted(
        &hub.send("qingpu", "objection/1", &objection("o1", "certification", "t1", token(1))).await,
    );
    let list = json!({ "include": ["objections"] });
    let item = async || worklist(&hub, "jiashan", list.clone()).await["objections"][0].clone();
    // 2026-11-27 24:00 in China is 16:00 UTC.
    assert_eq!(
        item().await["deadline"],
        json!({ "at": super::world::START + 6 * DAY + 16 * 3_600 })
    );
    assert_eq!(item().await["case"], Value::Null, "the case is the other district's");
    hub.clock.advance(6 * DAY + 16 * 3_600 - 1);
    hub.gateway.tick().await.unwrap();
    assert_eq!(item().await["overdue"], false);
    hub.clock.advance(61);
    hub.gateway.tick().await.unwrap();
    hub.clock.advance(DAY);
    hub.gateway.tick().await.unwrap();
    assert_eq!(item().await["overdue"], true);
    let jiashan = feed(&hub, "jiashan", 0).await;
    assert_eq!(jiashan[1..], [entry("objection-overdue", None, "t1")]);
    let qingpu = feed(&hub, "qingpu", 0).await;
    assert_eq!(qingpu, [entry("objection-overdue", Some("YY-1"), "o1")]);
    // Late, but upheld: another clock begins, that of the correction.
    let mut upheld = outcome("qingpu", "o1", "upheld");
    upheld["decided_on"] = json!("2026-11-28");
    accepted(&hub.send("jiashan", "objection.outcome/1", &upheld).await);
    assert_eq!(item().await["stage"], "correct");
    assert_eq!(item().await["overdue"], false);
    hub.clock.advance(6 * DAY);
    hub.gateway.tick().await.unwrap();
    assert_eq!(item().await["overdue"], true);
    rebuild_agrees(&hub).await;
}

/// Zhejiang: 5 working days, at most 20; the end of December waits for the next notice.
#[tokio::test]
async fn a_longer_period_and_a_missing_calendar_are_said_not_guessed() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    move_to(&hub, "jiashan", "330421").await;
    move_to(&hub, "wujiang", "320509").await;
    accepted(&hub.send("jiashan", "certification/1", &tier("t1", 1, "issue", token(1))).await);
    accepted(&hub.send("wujiang", "certification/1", &tier("w1", 1, "issue", token(1))).await);
    accepted(
        &hub.send("qingpu", "objection/1", &objection("o1", "certification", "t1", token(1))).await,
    );
    let mut jiangsu = objection("o2", "certification", "w1", token(1));
    jiangsu["record"]["owner"] = json!("wujiang");
    accepted(&hub.send("qingpu", "objection/1", &jiangsu).await);
    let deadlines = async || {
        let list = worklist(&hub, "qingpu", json!({ "include": ["objections"] })).await;
        let list = list["objections"].as_array().unwrap().clone();
        list.into_iter().map(|o| o["deadline"].clone()).collect::<Vec<_>>()
    };
    let end = |days: i64| json!({ "at": super::world::START + days * DAY + 16 * 3_600 });
    // Newest first: nobody has read Jiangsu's rules.
    assert_eq!(deadlines().await, [json!("clock-unknown"), end(6)]);
    let longer = outcome("qingpu", "o1", "extended");
    accepted(&hub.send("jiashan", "objection.outcome/1", &longer).await);
    assert_eq!(deadlines().await[1], end(27), "20 working days: Friday 18 December");
    let again = hub.send("jiashan", "objection.outcome/1", &longer).await;
    assert_eq!(refused(&again), Some(Code::ObjectionState));
    accepted(
        &hub.send("jiashan", "objection.outcome/1", &outcome("qingpu", "o1", "rejected")).await,
    );
    hub.clock.advance(36 * DAY);
    accepted(
        &hub.send("changning", "objection/1", &objection("o3", "certification", "t1", token(1)))
            .await,
    );
    let list = worklist(&hub, "changning", json!({ "include": ["objections"] })).await;
    assert_eq!(list["objections"][0]["deadline"], json!({ "calendar-missing": 2027 }));
    // The person came on 20 November: Shanghai's offices mark in 1 working day and forward in 2.
    assert_eq!(list["objections"][0]["late"], json!(["mark", "forward"]));
    hub.clock.advance(60 * DAY);
    hub.gateway.tick().await.unwrap();
    assert_eq!(feed(&hub, "changning", 0).await, [], "nothing is overdue by a guess");
    rebuild_agrees(&hub).await;
}
