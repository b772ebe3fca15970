//! Whatever a district logs about a person or an enterprise can be objected to by them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use talent_gateway::domain::code::Code;
use talent_gateway::domain::objection::ObjectedKind;
use talent_gateway::domain::registry::{Class, MessageType};
use talent_gateway::domain::subject::TokenRef;

use super::support::{Hub, context, payload, token};
use super::world::{
    RENT, accepted, application, check, feed, finding, grant, hub, objection, operators, outcome,
    rebuild_agrees, refused, tier, worklist,
};

fn schema(ty: MessageType) -> Value {
    let name = ty.as_str().replace('/', ".");
    let path = format!("{}/schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A type whose body holds a token says something about somebody, unless it only asks or is itself
/// part of an objection.
#[test]
fn no_message_type_about_somebody_is_left_out() {
    for ty in MessageType::ALL {
        let about = schema(*ty).to_string().contains("token_ref");
        let asks = matches!(ty.class(), Class::Query | Class::Tokeniser);
        if about && !asks && *ty != MessageType::Objection {
            assert!(ObjectedKind::of(*ty).is_some(), "{}", ty.as_str());
        }
    }
}

fn sanction(revision: u32, subject: TokenRef) -> Value {
    json!({
        "sanction": "s1", "revision": revision, "kind": "person-debarred", "subject": subject,
        "start": "2026-01-01", "end": { "years": 3 }, "ground": 1,
        "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）4" }
    })
}

fn link(revision: u32, withdrawn: bool) -> Value {
    json!({
        "link": "l1", "revision": revision, "kind": "same", "subjects": [token(1), token(2)],
        "validity": { "from": "2026-01-01" }, "evidence": "documents-examined",
        "operators": operators(), "withdrawn": withdrawn
    })
}

/// One thing of every kind about token 1, logged by Jiashan: kind and id. Records are the examples
/// of their schemas.
async fn one_of_each(hub: &Hub) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for ty in MessageType::ALL.iter().filter(|ty| ty.class() == Class::Record) {
        let mut body = schema(*ty)["examples"][0].clone();
        let record = format!("r-{}", ty.name());
        body["record"] = json!(record);
        body["revision"] = json!(1);
        body["action"] = json!("issue");
        body["subject"] = json!(token(1));
        accepted(&hub.send("jiashan", ty.as_str(), &body).await);
        all.push((ty.name(), record));
    }
    accepted(&hub.send("jiashan", "certification/1", &tier("t2", 1, "issue", token(2))).await);
    accepted(&hub.send("jiashan", "subject.link/1", &link(1, false)).await);
    accepted(&hub.send("jiashan", "integrity.sanction/1", &sanction(1, token(1))).await);
    let rent = "jiashan/example-rent";
    let hold = json!({
        "hold": "h1", "application": application(rent, token(1), 400_000),
        "expires": super::world::START + 86_400, "context": context("funding-check")
    });
    accepted(&hub.send("jiashan", "funding.hold/1", &hold).await);
    accepted(&hub.send("jiashan", "funding.grant/1", &grant("g1", rent, token(1))).await);
    let payment = json!({
        "grant": "g1", "voucher": "v1", "budget_year": 2026, "tier": "district",
        "months": { "first": "2026-12", "last": "2026-12" }, "amount": 400_000,
        "paid_on": "2026-11-21"
    });
    accepted(&hub.send("jiashan", "funding.payment/1", &payment).await);
    all.extend([("link", "l1"), ("sanction", "s1"), ("hold", "h1"), ("funding", "g1")].map(own));
    all
}

fn own((kind, id): (&'static str, &str)) -> (&'static str, String) {
    (kind, id.to_owned())
}

#[tokio::test]
async fn every_kind_is_marked_and_strangers_mark_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let all = one_of_each(&hub).await;
    let kinds: BTreeSet<String> = MessageType::ALL
        .iter()
        .filter_map(|ty| ObjectedKind::of(*ty))
        .map(|kind| serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, all.iter().map(|(kind, _)| (*kind).to_owned()).collect());
    accepted(&hub.send("jiashan", "certification/1", &tier("t9", 1, "issue", token(9))).await);
    for (kind, record) in &all {
        let stranger = objection(&format!("x-{kind}"), kind, record, token(9));
        let reply = hub.send("qingpu", "objection/1", &stranger).await;
        assert_eq!(refused(&reply), Some(Code::SubjectMismatch), "{kind}");
        let raised = objection(&format!("o-{kind}"), kind, record, token(1));
        accepted(&hub.send("qingpu", "objection/1", &raised).await);
    }
    let list = worklist(&hub, "jiashan", json!({ "include": ["objections"] })).await;
    assert_eq!(list["objections"].as_array().unwrap().len(), all.len());
    let told = feed(&hub, "jiashan", 0).await;
    let told: BTreeSet<String> = told
        .into_iter()
        .filter(|(change, ..)| change == "objection-raised")
        .filter_map(|(.., concerns)| concerns)
        .collect();
    assert_eq!(told, all.into_iter().map(|(_, record)| record).collect(), "its own ids");
    // A payment is named inside its grant.
    let mut raised = objection("o-payment", "funding", "g1", token(1));
    raised["voucher"] = json!("v9");
    let reply = hub.send("changning", "objection/1", &raised).await;
    assert_eq!(refused(&reply), Some(Code::RecordUnknown));
    raised["voucher"] = json!("v1");
    accepted(&hub.send("changning", "objection/1", &raised).await);
    let list = worklist(&hub, "changning", json!({ "include": ["objections"] })).await;
    assert_eq!(list["objections"][0]["voucher"], "v1");
    // What is under objection is not granted on without a reason and two operators.
    let mut consuming = grant("g2", "jiashan/example-rent", token(1));
    consuming["hold"] = json!("h1");
    consuming.as_object_mut().unwrap().remove("override");
    let reply = hub.send("jiashan", "funding.grant/1", &consuming).await;
    assert_eq!(refused(&reply), Some(Code::OverrideRequired));
    rebuild_agrees(&hub).await;
}

/// Adverse credit data are what one objects to (上海市社会信用条例 36): the sanction is flagged until it
/// is decided, and an upheld one until its owner has mended or lifted it.
#[tokio::test]
async fn a_sanction_under_objection_only_refers_until_it_is_lifted() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    accepted(&hub.send("qingpu", "integrity.sanction/1", &sanction(1, token(1))).await);
    let found = async || {
        let (_, assessment) = check(&hub, "qingpu", RENT, token(1)).await;
        finding(&assessment, "R22").map(|f| (f["outcome"].clone(), f["reason"].clone()))
    };
    let barred = Some((json!("BARRED"), json!("debarred")));
    let flagged = Some((json!("REFER"), json!("under-objection")));
    assert_eq!(found().await, barred);
    let raised = |id: &str| {
        let mut body = objection(id, "sanction", "s1", token(1));
        body["record"]["owner"] = json!("qingpu");
        body
    };
    accepted(&hub.send("jiashan", "objection/1", &raised("o1")).await);
    assert_eq!(found().await, flagged);
    let list = worklist(&hub, "qingpu", json!({ "include": ["objections"] })).await;
    // Shanghai: five working days from Saturday 21 November, when the log told Qingpu.
    let end = super::world::START + 6 * super::world::DAY + 16 * 3_600;
    assert_eq!(list["objections"][0]["deadline"], json!({ "at": end }));
    let decided = |what: &str, id: &str| outcome("jiashan", id, what);
    accepted(&hub.send("qingpu", "objection.outcome/1", &decided("rejected", "o1")).await);
    assert_eq!(found().await, barred);
    accepted(&hub.send("jiashan", "objection/1", &raised("o2")).await);
    accepted(&hub.send("qingpu", "objection.outcome/1", &decided("upheld", "o2")).await);
    assert_eq!(found().await, flagged, "its own owner says that it is wrong");
    let mut lifted = sanction(2, token(1));
    lifted["withdrawn"] = json!(true);
    let with = |member: &str, value: Value| {
        let mut body = lifted.clone();
        body[member] = value;
        body
    };
    for (body, expected) in [
        (sanction(1, token(1)), Some(Code::RecordTaken)),
        (with("revision", json!(3)), Some(Code::RevisionGap)),
        (with("subject", json!(token(2))), Some(Code::SubjectMismatch)),
        (with("kind", json!("person-recorded")), Some(Code::SubjectMismatch)),
        (lifted.clone(), None),
        (with("revision", json!(3)), Some(Code::RecordClosed)),
    ] {
        let reply = hub.send("qingpu", "integrity.sanction/1", &body).await;
        assert_eq!(refused(&reply), expected, "{body}");
    }
    assert_eq!(found().await, None, "lifted");
    let told = feed(&hub, "jiashan", 0).await;
    assert_eq!(told.last().unwrap().0, "objection-decided", "corrected");
    rebuild_agrees(&hub).await;
}

/// A link under objection is a suspicion until it is decided: nobody is two persons in one by what
/// one of them disputes.
#[tokio::test]
async fn a_link_under_objection_counts_as_suspected() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    for n in [1, 2] {
        let body = tier(&format!("c{n}"), 1, "issue", token(n));
        accepted(&hub.send("jiashan", "certification/1", &body).await);
    }
    accepted(&hub.send("jiashan", "subject.link/1", &link(1, false)).await);
    let joined = async || {
        let query = json!({
            "context": context("recognition"), "subject": token(1), "kinds": ["certification"]
        });
        let reply = hub.send("qingpu", "query.records/1", &query).await;
        payload(&reply.compact)["body"]["records"].as_array().unwrap().len() == 2
    };
    assert!(joined().await);
    // Either of the two may object.
    accepted(&hub.send("qingpu", "objection/1", &objection("o1", "link", "l1", token(2))).await);
    assert!(!joined().await);
    let told = feed(&hub, "jiashan", 0).await;
    let changes: Vec<&str> = told.iter().map(|(change, ..)| change.as_str()).collect();
    assert_eq!(changes, ["link-confirmed", "objection-raised", "link-unconfirmed"]);
    accepted(
        &hub.send("jiashan", "objection.outcome/1", &outcome("qingpu", "o1", "rejected")).await,
    );
    assert!(joined().await);
    accepted(&hub.send("qingpu", "objection/1", &objection("o2", "link", "l1", token(1))).await);
    accepted(&hub.send("jiashan", "objection.outcome/1", &outcome("qingpu", "o2", "upheld")).await);
    assert!(!joined().await);
    accepted(&hub.send("jiashan", "subject.link/1", &link(2, true)).await);
    accepted(&hub.send("jiashan", "subject.link/1", &link(3, false)).await);
    assert!(joined().await, "corrected, and said anew");
    rebuild_agrees(&hub).await;
}
