//! Enquiries: structured questions, one reply, a clock.

use serde_json::{Value, json};
use talent_gateway::domain::code::Code;

use super::support::token;
use super::world::{
    DAY, RENT, accepted, check, feed, finding, grant, hub, rebuild_agrees, refused, send_to,
    worklist,
};

fn enquiry(id: &str, about: &Value) -> Value {
    json!({
        "enquiry": id, "case": "XC-1", "about": about,
        "questions": ["months-correct", "actually-paid"], "within_days": 3,
        "operator": { "id": "op-1", "role": "window" }
    })
}

fn reply(id: &str, questions: &[&str]) -> Value {
    let answers: Vec<Value> =
        questions.iter().map(|q| json!({ "question": q, "answer": "yes" })).collect();
    json!({
        "enquiry": { "by": "qingpu", "enquiry": id }, "answers": answers,
        "operator": { "id": "op-9", "role": "window" }
    })
}

#[tokio::test]
async fn a_district_asks_about_a_finding_and_gets_one_reply() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(
        &hub.send("wujiang", "funding.grant/1", &grant("w1", "wujiang/example-rent", token(1)))
            .await,
    );
    let (position, assessment) = check(&hub, "qingpu", RENT, token(1)).await;
    let r05 = finding(&assessment, "R05").unwrap()["id"].clone();
    let about = json!({ "position": position, "finding": r05 });
    let record = json!({ "record": { "owner": "wujiang", "kind": "funding", "record": "w1" } });
    let asked = |id: &str| enquiry(id, &about);
    let foreign = json!({ "record": { "owner": "jiashan", "kind": "funding", "record": "w1" } });
    let unknown = json!({ "record": { "owner": "wujiang", "kind": "funding", "record": "w9" } });
    for (from, to, body, expected) in [
        ("qingpu", "qingpu", asked("e1"), Some(Code::AddresseeMissing)),
        ("qingpu", "tokeniser", asked("e1"), Some(Code::AddresseeMissing)),
        ("jiashan", "wujiang", asked("e1"), Some(Code::FindingUnknown)),
        ("qingpu", "wujiang", enquiry("e1", &foreign), Some(Code::NotOwner)),
        ("qingpu", "wujiang", enquiry("e1", &unknown), Some(Code::RecordUnknown)),
        (
            "qingpu",
            "wujiang",
            enquiry("e1", &json!({ "position": 1_000_000 })),
            Some(Code::RecordUnknown),
        ),
        ("qingpu", "wujiang", asked("e1"), None),
        ("qingpu", "wujiang", asked("e1"), Some(Code::RecordTaken)),
        ("qingpu", "wujiang", enquiry("e2", &record), None),
    ] {
        assert_eq!(refused(&send_to(&hub, from, to, "enquiry/1", &body).await), expected, "{body}");
    }
    let nobody = hub.send("qingpu", "enquiry/1", &asked("e3")).await;
    assert_eq!(refused(&nobody), Some(Code::AddresseeMissing));
    let all = ["months-correct", "actually-paid"];
    for (from, body, expected) in [
        ("wujiang", reply("e9", &all), Some(Code::EnquiryUnknown)),
        ("jiashan", reply("e1", &all), Some(Code::NotOwner)),
        ("wujiang", reply("e1", &all[..1]), Some(Code::AnswersIncomplete)),
        ("wujiang", reply("e1", &["months-correct", "same-person"]), Some(Code::AnswersIncomplete)),
        ("wujiang", reply("e1", &all), None),
        ("wujiang", reply("e1", &all), Some(Code::EnquiryState)),
    ] {
        assert_eq!(refused(&hub.send(from, "enquiry.reply/1", &body).await), expected, "{body}");
    }
    let list = worklist(&hub, "wujiang", json!({ "include": ["enquiries"] })).await;
    assert_eq!(list["enquiries"].as_array().unwrap().len(), 1, "what is answered is closed");
    assert_eq!(list["enquiries"][0]["about"], record);
    assert_eq!(list["enquiries"][0]["case"], Value::Null, "the case is the asker's");
    let all = worklist(&hub, "qingpu", json!({ "include": ["enquiries"], "closed": true })).await;
    assert_eq!(all["enquiries"].as_array().unwrap().len(), 2);
    assert_eq!(all["enquiries"][1]["replied"]["answers"][0]["answer"], "yes");
    let others =
        worklist(&hub, "jiashan", json!({ "include": ["enquiries"], "closed": true })).await;
    assert_eq!(others["enquiries"], json!([]));
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn an_enquiry_that_nobody_answers_is_overdue() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let position = accepted(
        &hub.send("wujiang", "funding.grant/1", &grant("w1", "wujiang/example-rent", token(1)))
            .await,
    );
    let body = enquiry("e1", &json!({ "position": position }));
    accepted(&send_to(&hub, "qingpu", "wujiang", "enquiry/1", &body).await);
    // Three working days from Saturday 21 November: Wednesday 25 November.
    hub.clock.advance(4 * DAY);
    hub.gateway.tick().await.unwrap();
    let changes = async |district| {
        feed(&hub, district, 0).await.into_iter().map(|(change, ..)| change).collect::<Vec<_>>()
    };
    assert_eq!(changes("qingpu").await, Vec::<String>::new());
    hub.clock.advance(DAY);
    hub.gateway.tick().await.unwrap();
    assert_eq!(changes("qingpu").await, ["enquiry-overdue"]);
    assert_eq!(changes("wujiang").await, ["enquiry-received", "enquiry-overdue"]);
    let late = reply("e1", &["months-correct", "actually-paid"]);
    accepted(&hub.send("wujiang", "enquiry.reply/1", &late).await);
    assert_eq!(changes("qingpu").await, ["enquiry-overdue", "enquiry-replied"]);
    rebuild_agrees(&hub).await;
}
