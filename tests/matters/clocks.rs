//! Working-day clocks across the National Day holiday of 2026, district by district.

use jiff::civil::{Date, date};
use serde_json::{Value, json};
use talent_gateway::domain::time::UtcSeconds;

use super::support::{DISTRICTS, Hub, token};
use super::world::{accepted, feed, objection, outcome, rebuild_agrees, send_to, tier, worklist};

/// 12:00 in China.
fn noon(day: Date) -> UtcSeconds {
    let at = day.at(4, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
    UtcSeconds(at.timestamp().as_second())
}

/// 24:00 of a day in China, as the worklist tells it.
fn end_of(day: Date) -> Value {
    json!({ "at": noon(day).0 + 12 * 3_600 })
}

/// The certification `c1` of each district, and a hub whose log begins the day before the holiday.
async fn hub(dir: &std::path::Path) -> Hub {
    let hub = Hub::since(dir, noon(date(2026, 9, 30))).await;
    for district in DISTRICTS {
        let mut body = tier("c1", 1, "issue", token(1));
        body["attestation"]["as_of"] = json!("2026-09-01");
        accepted(&hub.send(district, "certification/1", &body).await);
    }
    hub
}

fn raised(id: &str, owner: &str) -> Value {
    let mut body = objection(id, "certification", "c1", token(1));
    body["record"]["owner"] = json!(owner);
    body["received_on"] = json!("2026-09-30");
    body
}

async fn objections(hub: &Hub, district: &str) -> Vec<Value> {
    let list = worklist(hub, district, json!({ "include": ["objections"] })).await;
    list["objections"].as_array().unwrap().clone()
}

/// Wednesday 30 September, then 1 to 7 October off, Saturday 10 October worked: five working days
/// end on Tuesday 13 October in Shanghai and Zhejiang, twenty on Tuesday 3 November.
#[tokio::test]
async fn deciding_takes_five_working_days_around_the_holiday() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    for owner in DISTRICTS {
        let by = if owner == "qingpu" { "changning" } else { "qingpu" };
        accepted(&hub.send(by, "objection/1", &raised(&format!("o-{owner}"), owner)).await);
    }
    let five = end_of(date(2026, 10, 13));
    for owner in DISTRICTS {
        let all = objections(&hub, owner).await;
        let own = all.iter().find(|o| o["record"]["owner"] == owner).unwrap();
        // Nobody has read Jiangsu's rules.
        let expected = if owner == "wujiang" { json!("clock-unknown") } else { five.clone() };
        assert_eq!((&own["deadline"], &own["overdue"]), (&expected, &json!(false)), "{owner}");
    }
    let mut longer = outcome("qingpu", "o-jiashan", "extended");
    longer["decided_on"] = json!("2026-09-30");
    accepted(&hub.send("jiashan", "objection.outcome/1", &longer).await);
    let jiashan = objections(&hub, "jiashan").await;
    assert_eq!(jiashan[0]["deadline"], end_of(date(2026, 11, 3)), "Zhejiang: up to 20");

    let overdue = async |now: i64| {
        hub.clock.set(UtcSeconds(now));
        hub.gateway.tick().await.unwrap();
        let mut told = Vec::new();
        for district in DISTRICTS {
            let list = objections(&hub, district).await;
            let own = list.iter().filter(|o| o["record"]["owner"] == district);
            told.extend(own.filter(|o| o["overdue"] == true).map(|_| district));
        }
        told
    };
    let end = five["at"].as_i64().unwrap();
    assert_eq!(overdue(end - 120).await, Vec::<&str>::new(), "the last day is not over");
    let shanghai = ["qingpu", "changning", "hongkou", "yangpu"];
    assert_eq!(overdue(end).await, shanghai);
    let longest = end_of(date(2026, 11, 3))["at"].as_i64().unwrap();
    assert_eq!(overdue(longest - 120).await, shanghai);
    assert_eq!(overdue(longest).await, ["qingpu", "jiashan", "changning", "hongkou", "yangpu"]);
    let told = feed(&hub, "hongkou", 0).await;
    let changes: Vec<&str> = told.iter().map(|(change, ..)| change.as_str()).collect();
    assert_eq!(changes, ["objection-raised", "objection-overdue"], "told once");
    rebuild_agrees(&hub).await;
}

/// Shanghai's offices mark within one working day and forward within two: by 8 and 9 October.
/// Zhejiang has neither clock.
#[tokio::test]
async fn marking_and_forwarding_count_working_days_too() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let days = [
        (date(2026, 10, 7), json!([])),
        (date(2026, 10, 8), json!([])),
        (date(2026, 10, 9), json!(["mark"])),
        (date(2026, 10, 10), json!(["mark", "forward"])),
    ];
    for ((day, late), by) in days.into_iter().zip(["qingpu", "changning", "hongkou", "yangpu"]) {
        hub.clock.set(noon(day));
        accepted(&hub.send(by, "objection/1", &raised("o1", "jiashan")).await);
        assert_eq!(objections(&hub, by).await[0]["late"], late, "{by} {day}");
    }
    accepted(&hub.send("jiashan", "objection/1", &raised("o1", "qingpu")).await);
    let jiashan = objections(&hub, "jiashan").await;
    let own = jiashan.iter().find(|o| o["by"] == "jiashan").unwrap();
    assert_eq!(own["late"], json!([]), "no such clock is known of Zhejiang");
    // Who decides had it on 10 October, a Saturday that is worked.
    assert_eq!(own["deadline"], end_of(date(2026, 10, 16)));
}

/// A minute after the deadline, before anything else happened: whoever asks is told, and a decision
/// that comes in that minute finds the clock in the log before it.
#[tokio::test]
async fn what_is_settled_late_leaves_a_trace_and_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("qingpu", "objection/1", &raised("o1", "changning")).await);
    let body = json!({
        "enquiry": "e1", "case": "XC-1", "about": { "position": 1 },
        "questions": ["still-in-force"], "within_days": 5,
        "operator": { "id": "op-1", "role": "window" }
    });
    accepted(&send_to(&hub, "qingpu", "changning", "enquiry/1", &body).await);
    // Both end on Tuesday 13 October.
    hub.clock.set(UtcSeconds(noon(date(2026, 10, 13)).0 + 12 * 3_600 - 1));
    let all = json!({ "include": ["objections", "enquiries"], "closed": true });
    let list = async || worklist(&hub, "qingpu", all.clone()).await;
    let told = |list: &Value| {
        (list["objections"][0]["overdue"] == true, list["enquiries"][0]["overdue"] == true)
    };
    assert_eq!(told(&list().await), (false, false));
    hub.clock.set(UtcSeconds(noon(date(2026, 10, 13)).0 + 12 * 3_600));
    let now = list().await;
    assert_eq!(told(&now), (true, true), "no tick came: {now:#}");
    assert_eq!(now["objections"][0]["late"], json!(["decide"]));

    let mut rejected = outcome("qingpu", "o1", "rejected");
    rejected["decided_on"] = json!("2026-10-13");
    accepted(&hub.send("changning", "objection.outcome/1", &rejected).await);
    let reply = json!({
        "enquiry": { "by": "qingpu", "enquiry": "e1" },
        "answers": [{ "question": "still-in-force", "answer": "yes" }],
        "operator": { "id": "op-9", "role": "window" }
    });
    accepted(&hub.send("changning", "enquiry.reply/1", &reply).await);
    let closed = list().await;
    assert_eq!(closed["objections"][0]["late"], json!(["decide"]), "{closed:#}");
    assert_eq!(told(&closed), (false, true), "the matter is closed, the reply was late");
    let changes = async |district| {
        let feed = feed(&hub, district, 0).await;
        feed.into_iter().map(|(change, ..)| change).collect::<Vec<_>>()
    };
    let late = ["objection-overdue", "enquiry-overdue"];
    assert_eq!(changes("qingpu").await[..2], late);
    assert_eq!(changes("changning").await[2..], late);
    rebuild_agrees(&hub).await;
}

/// An office that took an objection itself and enters it only after its own deadline was late before
/// it began.
#[tokio::test]
async fn an_objection_that_is_entered_too_late_is_overdue_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    hub.clock.set(noon(date(2026, 11, 20)));
    accepted(&hub.send("qingpu", "objection/1", &raised("o1", "qingpu")).await);
    let mut upheld = outcome("qingpu", "o1", "upheld");
    upheld["decided_on"] = json!("2026-11-20");
    accepted(&hub.send("qingpu", "objection.outcome/1", &upheld).await);
    let told = async || {
        let list = json!({ "include": ["objections"], "closed": true });
        worklist(&hub, "qingpu", list).await["objections"][0].clone()
    };
    let item = told().await;
    assert_eq!((&item["stage"], &item["overdue"]), (&json!("correct"), &json!(false)));
    assert_eq!(item["late"], json!(["mark", "decide"]), "{item:#}");
    let feed = feed(&hub, "qingpu", 0).await;
    assert!(feed.iter().any(|(change, ..)| change == "objection-overdue"), "{feed:?}");
    // Corrected a week later; three working days were allowed.
    hub.clock.set(noon(date(2026, 11, 27)));
    let mut body = tier("c1", 2, "amend", token(1));
    body["attestation"]["as_of"] = json!("2026-11-27");
    accepted(&hub.send("qingpu", "certification/1", &body).await);
    let item = told().await;
    assert_eq!((&item["state"], &item["overdue"]), (&json!("corrected"), &json!(false)));
    assert_eq!(item["late"], json!(["mark", "decide", "correct"]), "{item:#}");
    rebuild_agrees(&hub).await;
}
