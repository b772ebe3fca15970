//! Equal passports of two districts are a suspicion until a person has compared them.

use serde_json::{Value, json};
use talent_gateway::domain::code::Code;
use talent_gateway::domain::subject::TokenRef;

use super::support::{Hub, certification, context, id, payload, rule, token};
use super::world::{
    RENT, START, accepted, agreement, application, check, feed, finding, grant, hub, objection,
    operators, rebuild_agrees, refused, tier,
};

const NEIGHBOUR: &str = "wujiang/example-rent";

/// The token of a passport.
fn passport(n: u64) -> TokenRef {
    TokenRef { composite: true, ..token(n) }
}

/// Qingpu certifies, Wujiang pays rent, under one passport.
async fn both(hub: &Hub) {
    let body = certification("q1", 1, "issue", passport(1));
    accepted(&hub.send("qingpu", "certification/1", &body).await);
    accepted(&hub.send("wujiang", "funding.grant/1", &grant("w1", NEIGHBOUR, passport(1))).await);
}

fn link(revision: u32, kind: &str, holder: &str) -> Value {
    json!({
        "link": "l1", "revision": revision, "kind": kind, "holder": holder,
        "subjects": [passport(1), passport(1)], "validity": { "from": "2026-01-01" },
        "evidence": "documents-examined", "operators": operators()
    })
}

/// Sends a link that is taken; what consents name.
async fn linked(hub: &Hub, from: &str, link: &Value) -> Value {
    let message = hub.compose(from, "subject.link/1", link);
    accepted(&hub.gateway.accept(&id(from), message.compact.as_bytes()).await.unwrap());
    json!({ "iss": from, "jti": message.jti })
}

async fn approve(hub: &Hub, from: &str, target: &Value) -> Option<Code> {
    let body = json!({ "target": target, "decision": "approve", "date": "2026-11-21" });
    refused(&hub.send(from, "consent/1", &body).await)
}

/// What is found of the applicant's rent in another district: rule, reason, outcome.
async fn across(hub: &Hub, district: &str, policy: &str, subject: TokenRef) -> Vec<[String; 3]> {
    let (_, assessment) = check(hub, district, policy, subject).await;
    found(&assessment)
}

fn found(assessment: &Value) -> Vec<[String; 3]> {
    let findings = assessment["findings"].as_array().unwrap().iter();
    let of = findings.filter(|f| f["rule"] == "R05" || f["rule"] == "R06");
    of.map(|f| ["rule", "reason", "outcome"].map(|m| f[m].as_str().unwrap().to_owned())).collect()
}

fn suspicion() -> Vec<[String; 3]> {
    vec![["R06", "same-passport", "REFER"].map(str::to_owned)]
}

#[tokio::test]
async fn a_match_of_passports_refers_until_a_link_makes_one_person_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    both(&hub).await;
    let (_, assessment) = check(&hub, "qingpu", RENT, passport(1)).await;
    assert_eq!(found(&assessment), suspicion(), "{assessment:#}");
    assert_eq!(assessment["verdict"], "REFER");
    let asked = assessment["missing"].as_array().unwrap().iter();
    let whom: Vec<_> = asked.filter(|m| m["what"] == "same-passport").map(|m| &m["from"]).collect();
    assert_eq!(whom, ["wujiang"]);
    let evidence = finding(&assessment, "R06").unwrap()["evidence"].to_string();
    assert!(evidence.contains("w1") && evidence.contains("passport"), "{evidence}");
    // The other district is told as much.
    let body = grant("q2", RENT, passport(1));
    accepted(&hub.send("qingpu", "funding.grant/1", &body).await);
    let theirs = across(&hub, "wujiang", NEIGHBOUR, passport(1)).await;
    assert!(theirs.contains(&suspicion()[0]) && theirs.iter().all(|f| f[0] != "R05"), "{theirs:?}");

    let target = linked(&hub, "qingpu", &link(1, "same", "wujiang")).await;
    let (change, _, concerns) = feed(&hub, "wujiang", 0).await.pop().unwrap();
    assert_eq!((change.as_str(), concerns.as_deref()), ("link-awaits-consent", Some("w1")));
    assert_eq!(
        across(&hub, "qingpu", RENT, passport(1)).await,
        suspicion(),
        "the other has not said yes"
    );
    assert_eq!(approve(&hub, "wujiang", &target).await, None);
    let one = across(&hub, "qingpu", RENT, passport(1)).await;
    assert!(one.iter().any(|f| f[0] == "R05" && f[2] == "REFER"), "{one:?}");
    assert!(one.iter().all(|f| f[1] != "same-passport"), "{one:?}");
    // A link that is taken back leaves the suspicion.
    let mut withdrawn = link(2, "same", "wujiang");
    withdrawn["withdrawn"] = json!(true);
    linked(&hub, "qingpu", &withdrawn).await;
    assert_eq!(across(&hub, "wujiang", NEIGHBOUR, passport(1)).await, theirs);
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn two_who_were_compared_and_differ_are_not_met_again() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    both(&hub).await;
    let target = linked(&hub, "qingpu", &link(1, "different", "wujiang")).await;
    // One district's word does not decide for the other: neither parts nor joins.
    assert_eq!(across(&hub, "qingpu", RENT, passport(1)).await, suspicion());
    let (change, _, concerns) = feed(&hub, "wujiang", 0).await.pop().unwrap();
    assert_eq!((change.as_str(), concerns.as_deref()), ("link-awaits-consent", Some("w1")));
    assert_eq!(approve(&hub, "wujiang", &target).await, None);
    let (change, ..) = feed(&hub, "qingpu", 0).await.pop().unwrap();
    assert_eq!(change, "link-confirmed");
    assert_eq!(across(&hub, "qingpu", RENT, passport(1)).await, Vec::<[String; 3]>::new());
    // A third district has not compared: it meets both.
    let (_, assessment) = check(&hub, "jiashan", "jiashan/example-rent", passport(1)).await;
    assert_eq!(found(&assessment), suspicion());
    // Having asked, it leads the two to each other no more than before.
    let (_, answer) = asked_of(&hub, "wujiang").await;
    assert_eq!(answer["possibly_same"], Value::Null, "{answer:#}");
    assert_eq!(across(&hub, "qingpu", RENT, passport(1)).await, Vec::<[String; 3]>::new());
    let mut same = link(1, "same", "wujiang");
    same["link"] = json!("l2");
    let reply = hub.send("qingpu", "subject.link/1", &same).await;
    assert_eq!(refused(&reply), Some(Code::LinkConflict));
    rebuild_agrees(&hub).await;
}

/// Who asks first is no part of the records: the answer is that of every other, and the same again
/// when the log has grown.
#[tokio::test]
async fn a_stranger_meets_the_passport_and_is_told_what_comes_later() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let none = Vec::<[String; 3]>::new();
    let (_, before) = check(&hub, "qingpu", RENT, passport(1)).await;
    assert_eq!(found(&before), none);
    let size = payload(
        &hub.send("wujiang", "funding.grant/1", &grant("w1", NEIGHBOUR, passport(1))).await.compact,
    )["log"]["index"]
        .as_u64()
        .unwrap()
        + 1;
    hub.clock.advance(60);
    hub.gateway.tick().await.unwrap();
    let told = feed(&hub, "qingpu", 0).await;
    assert_eq!(told.last().map(|(change, ..)| change.as_str()), Some("basis-changed"), "{told:?}");

    for district in ["changning", "hongkou"] {
        let (_, first) = check(&hub, district, RENT, passport(1)).await;
        assert_eq!(found(&first), suspicion(), "{district}");
    }
    // The number of a card, a renewed passport, and the same data in another domain meet nothing.
    assert_eq!(across(&hub, "jiashan", RENT, token(2)).await, none);
    assert_eq!(across(&hub, "jiashan", RENT, passport(2)).await, none);
    // A token that came without its mark, from who does not know of it, is a suspicion too.
    assert_eq!(across(&hub, "yangpu", RENT, token(1)).await, suspicion());

    linked_by_qingpu(&hub).await;
    let mut query = json!({
        "context": context("funding-check"), "application": application(RENT, passport(1), 400_000)
    });
    query["known_at"] = json!(size);
    let reply = hub.send("qingpu", "query.funding/1", &query).await;
    accepted(&reply);
    assert_eq!(
        found(&payload(&reply.compact)["body"]["assessment"]),
        suspicion(),
        "as it was then"
    );
    rebuild_agrees(&hub).await;
}

async fn linked_by_qingpu(hub: &Hub) {
    let body = certification("q1", 1, "issue", passport(1));
    accepted(&hub.send("qingpu", "certification/1", &body).await);
    let target = linked(hub, "qingpu", &link(1, "same", "wujiang")).await;
    assert_eq!(approve(hub, "wujiang", &target).await, None);
}

/// What two districts say of one passport cannot both count.
#[tokio::test]
async fn of_two_that_contradict_each_other_one_is_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    both(&hub).await;
    let different = linked(&hub, "qingpu", &link(1, "different", "wujiang")).await;
    let mut same = link(1, "same", "qingpu");
    same["link"] = json!("l2");
    let same = linked(&hub, "wujiang", &same).await;
    assert_eq!(approve(&hub, "qingpu", &same).await, None);
    assert_eq!(approve(&hub, "wujiang", &different).await, Some(Code::LinkConflict));
    rebuild_agrees(&hub).await;
}

/// Whoever has the passport in hand links it, be it without a record of its own.
#[tokio::test]
async fn a_district_links_the_passport_that_it_asked_about() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("qingpu", "recognition.rule/1", &rule(1, false)).await);
    let body = tier("j1", 1, "issue", passport(1));
    accepted(&hub.send("jiashan", "certification/1", &body).await);
    // Nobody links whom they have not asked about.
    let reply = hub.send("qingpu", "subject.link/1", &link(1, "same", "jiashan")).await;
    assert_eq!(refused(&reply), Some(Code::SubjectUnknown));
    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["recognition"]["outcome"], "no-record");
    let line = &answer["possibly_same"][0];
    assert_eq!(line["settled_by"], json!(["jiashan"]));
    assert!(line["text"]["zh"].as_str().unwrap().contains("holder 填嘉善县"), "{line}");
    // The path that the answer names, to its end.
    let target = linked(&hub, "qingpu", &link(1, "same", "jiashan")).await;
    assert_eq!(approve(&hub, "jiashan", &target).await, None);
    hub.gateway.tick().await.unwrap();
    assert_eq!(feed(&hub, "qingpu", 0).await.pop().unwrap().0, "basis-changed");
    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["possibly_same"], Value::Null);
    assert_eq!(answer["recognition"]["outcome"], "recognised", "{answer:#}");
    // A card that was asked about is nobody's own: its number is everybody's.
    let mut card = link(1, "same", "jiashan");
    (card["link"], card["subjects"][0]) = (json!("l2"), json!(token(7)));
    check(&hub, "qingpu", RENT, token(7)).await;
    let reply = hub.send("qingpu", "subject.link/1", &card).await;
    assert_eq!(refused(&reply), Some(Code::SubjectUnknown));
    rebuild_agrees(&hub).await;
}

/// What came before there was a mark is of the passport too, and goes on under the marked token.
#[tokio::test]
async fn records_of_a_passport_from_before_the_mark_go_on_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("qingpu", "recognition.rule/1", &rule(1, false)).await);
    let body = tier("j1", 1, "issue", token(1));
    accepted(&hub.send("jiashan", "certification/1", &body).await);
    // Another district meets it as it meets a marked one, and is told whose it is.
    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["recognition"]["outcome"], "no-record");
    assert_eq!(answer["possibly_same"][0]["settled_by"], json!(["jiashan"]));
    // Its own district goes on with it.
    let body = tier("j1", 2, "amend", passport(1));
    accepted(&hub.send("jiashan", "certification/1", &body).await);
    let (_, own) = asked_of(&hub, "jiashan").await;
    assert_eq!(own["records"].as_array().unwrap().len(), 1, "{own:#}");
    assert_eq!(own["possibly_same"], Value::Null, "{own:#}");
    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["possibly_same"].as_array().unwrap().len(), 1, "{answer:#}");
    let target = linked(&hub, "qingpu", &link(1, "same", "jiashan")).await;
    assert_eq!(approve(&hub, "jiashan", &target).await, None);
    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["recognition"]["outcome"], "recognised", "{answer:#}");
    rebuild_agrees(&hub).await;
}

/// A link that waits is settled by those whose it is.
#[tokio::test]
async fn who_can_settle_a_link_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let body = tier("j1", 1, "issue", passport(1));
    accepted(&hub.send("jiashan", "certification/1", &body).await);
    accepted(&hub.send("wujiang", "certification/1", &tier("w1", 1, "issue", passport(2))).await);
    let mut waits = link(1, "same", "wujiang");
    waits["subjects"][1] = json!(passport(2));
    linked(&hub, "jiashan", &waits).await;
    let query = json!({
        "context": context("recognition"), "subject": passport(2), "kinds": ["certification"]
    });
    let reply = hub.send("wujiang", "query.records/1", &query).await;
    accepted(&reply);
    let answer = payload(&reply.compact)["body"].clone();
    let line = &answer["possibly_same"][0];
    assert_eq!(
        (&line["why"], &line["settled_by"]),
        (&json!("link"), &json!(["jiashan", "wujiang"]))
    );
    assert!(line["text"]["en"].as_str().unwrap().contains("(Jiashan, Wujiang)"), "{line}");
}

/// A hold of another district under the passport is shown to whoever asks or holds later, and is what the
/// feed says has changed.
#[tokio::test]
async fn a_hold_under_a_passport_is_seen_before_the_two_are_one_person() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let (_, before) = check(&hub, "qingpu", RENT, passport(1)).await;
    assert_eq!(found(&before), Vec::<[String; 3]>::new());
    let hold = |id: &str, policy: &str| {
        json!({
            "hold": id, "application": application(policy, passport(1), 400_000),
            "expires": START + 86_400, "context": context("funding-check")
        })
    };
    let assessment = |reply: &talent_gateway::gateway::Reply| {
        accepted(reply);
        payload(&reply.compact)["res"]["assessment"].clone()
    };
    let first = hub.send("wujiang", "funding.hold/1", &hold("h1", NEIGHBOUR)).await;
    assert_eq!(found(&assessment(&first)), Vec::<[String; 3]>::new());
    hub.gateway.tick().await.unwrap();
    let row = hub.gateway.feed(&id("qingpu"), 0).await.unwrap().pop().unwrap();
    let because = serde_json::to_value(row.because).unwrap();
    assert_eq!(because, "hold");
    let (_, now) = check(&hub, "qingpu", RENT, passport(1)).await;
    assert_eq!(found(&now), suspicion());
    let evidence = finding(&now, "R06").unwrap()["evidence"].to_string();
    assert!(evidence.contains("\"hold\"") && evidence.contains("h1"), "{evidence}");
    let second = assessment(&hub.send("qingpu", "funding.hold/1", &hold("h2", RENT)).await);
    assert_eq!((found(&second), &second["verdict"]), (suspicion(), &json!("REFER")));
    // The later one is no reason against the first.
    while hub.gateway.review().await.unwrap() {}
    let told = feed(&hub, "wujiang", 0).await;
    assert!(told.iter().all(|(change, ..)| change != "basis-changed"), "{told:?}");
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn holds_of_one_passport_race_once_it_is_one_person() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let hold = |id: &str, policy: &str| {
        json!({
            "hold": id, "application": application(policy, passport(1), 400_000),
            "expires": START + 86_400, "context": context("funding-check")
        })
    };
    let rank = |reply: &talent_gateway::gateway::Reply| {
        accepted(reply);
        payload(&reply.compact)["res"]["hold"].clone()
    };
    let first = hub.send("wujiang", "funding.hold/1", &hold("h1", NEIGHBOUR)).await;
    let second = hub.send("qingpu", "funding.hold/1", &hold("h2", RENT)).await;
    assert_eq!((rank(&first), rank(&second)), (json!("first"), json!("first")));
    // What the first of them grants stands against the other from then on.
    let mut granted = grant("w1", NEIGHBOUR, passport(1));
    granted["hold"] = json!("h1");
    accepted(&hub.send("wujiang", "funding.grant/1", &granted).await);
    let mut granted = grant("q2", RENT, passport(1));
    granted["hold"] = json!("h2");
    granted.as_object_mut().unwrap().remove("override");
    let reply = hub.send("qingpu", "funding.grant/1", &granted).await;
    assert_eq!(refused(&reply), Some(Code::OverrideRequired));
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn links_of_passports_that_cannot_be_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    both(&hub).await;
    let body = certification("q2", 1, "issue", token(2));
    accepted(&hub.send("qingpu", "certification/1", &body).await);
    accepted(&hub.send("wujiang", "funding.grant/1", &grant("w2", NEIGHBOUR, token(2))).await);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = link(1, "same", "wujiang");
        change(&mut body);
        body
    };
    for (body, code) in [
        (with(&|b| b["holder"] = json!("qingpu")), Code::LinkConflict),
        (with(&|b| drop(b.as_object_mut().unwrap().remove("holder"))), Code::LinkConflict),
        (with(&|b| b["holder"] = json!("jiashan")), Code::SubjectUnknown),
        (with(&|b| b["kind"] = json!("spouse")), Code::RecordContradiction),
        (with(&|b| b["subjects"][1] = json!(token(2))), Code::RecordContradiction),
    ] {
        let reply = hub.send("qingpu", "subject.link/1", &body).await;
        assert_eq!(refused(&reply), Some(code), "{body}");
    }
    // Another document of the sender's records and the passport of the neighbour's are two subjects.
    let card = with(&|b| b["subjects"][0] = json!(token(2)));
    let target = linked(&hub, "qingpu", &card).await;
    assert_eq!(approve(&hub, "wujiang", &target).await, None);
    let one = across(&hub, "qingpu", RENT, token(2)).await;
    assert!(one.iter().any(|f| f[0] == "R05"), "{one:?}");
    rebuild_agrees(&hub).await;
}

#[tokio::test]
async fn whoever_shows_the_passport_of_a_record_may_object_to_it_anywhere() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(
        &hub.send("jiashan", "certification/1", &certification("j1", 1, "issue", passport(1)))
            .await,
    );
    let of = |subject| objection("o1", "certification", "j1", subject);
    let reply = hub.send("qingpu", "objection/1", &of(passport(2))).await;
    assert_eq!(refused(&reply), Some(Code::SubjectMismatch));
    accepted(&hub.send("qingpu", "objection/1", &of(passport(1))).await);
    rebuild_agrees(&hub).await;
}

/// Records of a passport that another district sent prove nothing, and are not kept from the asker.
#[tokio::test]
async fn recognition_tells_of_the_passport_and_does_not_use_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("qingpu", "recognition.rule/1", &rule(1, false)).await);
    let (_, before) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(before["possibly_same"], Value::Null);
    let body = tier("j1", 1, "issue", passport(1));
    accepted(&hub.send("jiashan", "certification/1", &body).await);
    hub.gateway.tick().await.unwrap();
    let told = feed(&hub, "qingpu", 0).await;
    assert_eq!(told.last().map(|(change, ..)| change.as_str()), Some("basis-changed"));

    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["recognition"]["outcome"], "no-record");
    let line = &answer["possibly_same"][0];
    assert_eq!((&line["district"], &line["why"]), (&json!("jiashan"), &json!("passport")));
    assert_eq!(line["kinds"], json!(["certification"]));
    assert_eq!(line["contact"], "rencai@jiashan.example");
    for language in ["zh", "en"] {
        let text = answer["text"][language].as_str().unwrap();
        assert!(text.contains(line["text"][language].as_str().unwrap()), "{text}");
    }
    let (_, answer) = asked(&hub, "query.records/1", "recognition").await;
    assert_eq!(answer["records"], json!([]));
    assert_eq!(answer["possibly_same"][0]["district"], "jiashan");
    // What a service is told names no district.
    let (_, answer) = asked(&hub, "query.entitlement/1", "service").await;
    assert_eq!(answer["possibly_same"][0]["why"], "passport");
    // Nobody is sent away before somebody has compared the passport.
    let entitlement = &answer["entitlement"];
    assert_eq!(
        (&entitlement["entitled"], &entitlement["person_decides"]),
        (&json!(false), &json!(true))
    );
    assert!(answer["text"]["zh"].as_str().unwrap().starts_with("结论：尚未证明，由人判断"));
    assert!(!answer.to_string().contains("jiashan"), "{answer}");
    // Jiashan's own subject was looked at on the way.
    assert_eq!(report(&hub, "jiashan").await, vec![json!("possibly-same"); 3]);

    // Without leave to read it, there is nothing to tell.
    let mut none = agreement(2);
    none["grants"] = json!([{ "kind": "funding", "purposes": ["funding-check"], "fields": [] }]);
    accepted(&hub.send("jiashan", "agreement/1", &none).await);
    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["possibly_same"], Value::Null);
    accepted(&hub.send("jiashan", "agreement/1", &agreement(3)).await);

    let body = certification("q1", 1, "issue", passport(1));
    accepted(&hub.send("qingpu", "certification/1", &body).await);
    let target = linked(&hub, "qingpu", &link(1, "same", "jiashan")).await;
    assert_eq!(approve(&hub, "jiashan", &target).await, None);
    let (_, answer) = asked(&hub, "query.recognition/1", "recognition").await;
    assert_eq!(answer["possibly_same"], Value::Null);
    assert_eq!(answer["recognition"]["records"][0]["sender"], "jiashan");
    rebuild_agrees(&hub).await;
}

async fn asked(hub: &Hub, mt: &str, purpose: &str) -> (u64, Value) {
    let mut query = json!({ "context": context(purpose), "subject": passport(1) });
    match mt {
        "query.records/1" => query["kinds"] = json!(["certification"]),
        "query.entitlement/1" => {
            query["service"] = json!("talent-apartment");
            query["at"] = json!("qingpu");
            query["valid_at"] = json!("2026-11-20");
        }
        _ => {
            query["at"] = json!("qingpu");
            query["for_purpose"] = json!("housing");
            query["valid_at"] = json!("2026-11-20");
        }
    }
    let reply = hub.send("qingpu", mt, &query).await;
    (accepted(&reply), payload(&reply.compact)["body"].clone())
}

/// What `from` is told of certifications under the passport.
async fn asked_of(hub: &Hub, from: &str) -> (u64, Value) {
    let mut query = json!({ "context": context("recognition"), "subject": passport(1) });
    query["kinds"] = json!(["certification"]);
    let reply = hub.send(from, "query.records/1", &query).await;
    (accepted(&reply), payload(&reply.compact)["body"].clone())
}

#[tokio::test]
async fn who_looked_at_a_passport_on_the_way_is_on_record() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    both(&hub).await;
    check(&hub, "qingpu", RENT, passport(1)).await;
    assert_eq!(report(&hub, "qingpu").await, [Value::Null]);
    assert_eq!(report(&hub, "wujiang").await, [json!("possibly-same")]);
    rebuild_agrees(&hub).await;
}

/// How the accesses reached the passport of a district's own records.
async fn report(hub: &Hub, district: &str) -> Vec<Value> {
    let query = json!({ "context": context("subject-access"), "subject": passport(1) });
    let reply = hub.send(district, "query.access/1", &query).await;
    accepted(&reply);
    let rows = payload(&reply.compact)["body"]["accesses"].as_array().unwrap().clone();
    rows.iter().map(|row| row["reached_as"].clone()).collect()
}
