//! Shared services and alliances through a live gateway: by messages, under agreements.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use serde_json::{Value, json};
use support::{Hub, certification, context, payload, token};
use talent_gateway::domain::code::Code;
use talent_gateway::domain::recognition::{RecognitionRule, RuleStatus, SourceCheck, rules};

/// A rule of the catalogue as its recogniser sends it.
fn shipped(id: &str) -> RecognitionRule {
    rules().unwrap().into_iter().find(|r| r.rule == id).unwrap()
}

/// The same as if its recogniser had decided it: examples open nothing.
fn decided(id: &str, revision: u32) -> RecognitionRule {
    let (status, source_check) = (RuleStatus::InForce, SourceCheck::OfficialText);
    RecognitionRule { status, source_check, revision, ..shipped(id) }
}

fn senior(record: &str) -> Value {
    let mut body = certification(record, 1, "issue", token(5));
    body["authority"] = json!({ "name": "嘉善县人才工作机关（虚构）", "region": "330421" });
    body["scheme"] = json!("jiaxing-talent");
    body["scheme_version"] = json!("2023");
    body["class"] = json!("高级");
    body
}

fn agreement(purpose: &str, fields: &[&str]) -> Value {
    json!({
        "agreement": format!("a-{purpose}"), "revision": 1, "users": ["wujiang"],
        "grants": [{ "kind": "certification", "purposes": [purpose], "fields": fields }],
        "legal_basis": { "document": "示范区服务共享（虚构）", "article": "一" },
        "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
    })
}

fn question(service: &str, purpose: &str) -> Value {
    json!({
        "context": context(purpose), "subject": token(5), "service": service,
        "at": "wujiang", "valid_at": "2026-11-21"
    })
}

async fn asked(hub: &Hub, body: &Value) -> Value {
    let reply = hub.send("wujiang", "query.entitlement/1", body).await;
    assert_eq!(reply.refusal, None);
    payload(&reply.compact)
}

#[tokio::test]
async fn an_entitlement_is_yes_and_the_class_under_an_agreement_for_services_only() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    hub.send("jiashan", "certification/1", &senior("secret-record")).await;
    let rule = json!(shipped("example-jiaxing-medical"));
    assert_eq!(hub.send("wujiang", "recognition.rule/1", &rule).await.refusal, None);
    let entitled = |answer: &Value| answer["body"]["entitlement"]["entitled"].as_bool().unwrap();
    let reason = |answer: &Value| {
        let lines = answer["coverage"].as_array().unwrap().iter();
        let mut of = lines.filter(|l| l["district"] == "jiashan" && l["kind"] == "certification");
        of.next().unwrap()["reason"].clone()
    };

    let denied = asked(&hub, &question("medical", "service")).await;
    assert!(!entitled(&denied));
    assert_eq!(reason(&denied), "no-agreement", "the answer says what was not looked at");
    // An agreement for recognition is none for services.
    hub.send("jiashan", "agreement/1", &agreement("recognition", &["class"])).await;
    assert!(!entitled(&asked(&hub, &question("medical", "service")).await));

    hub.send("jiashan", "agreement/1", &agreement("service", &[])).await;
    // An example says which rule would open it, and leaves it to a person.
    let answer = asked(&hub, &question("medical", "service")).await;
    let told = &answer["body"]["entitlement"];
    assert_eq!((&told["entitled"], &told["person_decides"]), (&json!(false), &json!(true)));
    assert_eq!((&told["basis"][0]["example"], &told["classes"]), (&json!(true), &Value::Null));
    let rule = json!(decided("example-jiaxing-medical", 2));
    assert_eq!(hub.send("wujiang", "recognition.rule/1", &rule).await.refusal, None);
    let answer = asked(&hub, &question("medical", "service")).await;
    assert!(entitled(&answer), "{answer}");
    assert_eq!(reason(&answer), "never-reconciled");
    let told = &answer["body"]["entitlement"];
    assert_eq!(told["classes"], json!([{ "scheme": "jiaxing-talent", "class": "高级" }]));
    assert_eq!(told["basis"][0]["example"], false);
    let body = answer["body"].to_string();
    assert!(!body.contains("secret-record") && !body.contains("jiashan"), "{body}");
    assert!(!entitled(&asked(&hub, &question("sports", "service")).await));

    // Who asked is on record for the talent.
    let query = json!({ "context": context("subject-access"), "subject": token(5) });
    let reply = hub.send("wujiang", "query.access/1", &query).await;
    let accesses = payload(&reply.compact)["body"]["accesses"].clone();
    let queries: Vec<_> = accesses.as_array().unwrap().iter().map(|a| a["query"].clone()).collect();
    assert_eq!(queries, ["query.entitlement/1"; 5]);
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn a_revoked_certification_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let mut issued = senior("r1");
    issued["certificate"] = json!(token(77));
    hub.send("jiashan", "certification/1", &issued).await;
    hub.send("jiashan", "agreement/1", &agreement("service", &[])).await;
    let rule = json!(decided("example-jiaxing-medical", 1));
    hub.send("wujiang", "recognition.rule/1", &rule).await;
    // Wujiang filed a copy of the certificate; it does not outlive the revocation.
    let mut copy = senior("copy");
    copy["certificate"] = json!(token(77));
    copy["attestation"]["level"] = json!("copy-seen");
    copy["validity"]["from"] = json!("2026-02-01");
    let entitled = async || {
        let answer = asked(&hub, &question("medical", "service")).await;
        answer["body"]["entitlement"]["entitled"].clone()
    };
    assert_eq!(entitled().await, true);
    assert_eq!(hub.send("wujiang", "certification/1", &copy).await.refusal, None);
    let mut revoked = issued;
    revoked["revision"] = json!(2);
    revoked["action"] = json!("revoke");
    revoked["validity"] = json!({ "from": "2026-11-20" });
    assert_eq!(hub.send("jiashan", "certification/1", &revoked).await.refusal, None);
    assert_eq!(entitled().await, false);
}

#[tokio::test]
async fn questions_and_rules_that_cannot_mean_anything_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let code = async |from: &str, mt: &str, body: &Value| {
        hub.send(from, mt, body).await.refusal.map(|r| (r.code, r.violations[0].pointer.clone()))
    };
    let refused = |code, pointer: &str| Some((code, pointer.to_owned()));
    let query = "query.entitlement/1";
    assert_eq!(
        code("wujiang", query, &question("medical", "recognition")).await,
        refused(Code::PurposeNotAllowed, "/body/context/purpose")
    );
    assert_eq!(
        code("wujiang", query, &question("teleport", "service")).await,
        refused(Code::ServiceUnknown, "/body/service")
    );
    let rule = "recognition.rule/1";
    let mut unknown = shipped("example-jiaxing-medical");
    unknown.services = vec!["teleport".to_owned()];
    assert_eq!(
        code("wujiang", rule, &json!(unknown)).await,
        refused(Code::ServiceUnknown, "/body/services")
    );
    // Changning is no member of the zone, whatever its rule writes out.
    let mut stranger = json!(shipped("example-jiaxing-medical"));
    stranger["recogniser"] = json!("changning");
    stranger["scope"]["districts"] = json!(["changning", "jiashan"]);
    assert_eq!(
        code("changning", rule, &stranger).await,
        refused(Code::RuleUnknown, "/body/scope/alliance")
    );
}

#[tokio::test]
async fn alliance_members_outside_the_directory_are_listed_in_the_answer() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let query = |at: &str| {
        json!({
            "context": context("recognition"), "subject": token(5), "at": at,
            "for_purpose": "funding", "valid_at": "2026-11-21"
        })
    };
    let outside = async |at: &str| {
        let reply = hub.send("yangpu", "query.recognition/1", &query(at)).await;
        let answer = payload(&reply.compact);
        let districts = answer["coverage"].as_array().unwrap().iter();
        let covered: Vec<_> = districts.map(|l| l["district"].clone()).collect();
        assert!(!covered.contains(&json!("hangzhou")));
        answer["body"]["recognition"]["not_connected"].clone()
    };
    let listed = outside("yangpu").await;
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|m| &m["name"]["zh"]).collect();
    assert!(names.contains(&&json!("杭州市")), "{listed}");
    assert_eq!(outside("qingpu").await, Value::Null, "the zone has no member outside");
}

#[tokio::test]
async fn a_certificate_that_two_districts_sent_counts_once() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    for id in ["zone-2020-hours-zhejiang", "zone-2020-hours-jiangsu"] {
        let rule = rules().unwrap();
        let rule = rule.into_iter().find(|r| r.rule == id && r.recogniser.as_str() == "qingpu");
        let reply = hub.send("qingpu", "recognition.rule/1", &json!(rule.unwrap())).await;
        assert_eq!(reply.refusal, None);
    }
    let hours = |scheme: &str, region: &str, certificate: u64, level: &str| {
        json!({
            "record": format!("h-{certificate}"), "revision": 1, "action": "issue",
            "subject": token(5), "authority": { "name": "机关（测试）", "region": region },
            "attestation": { "level": level, "as_of": "2025-12-31" },
            "validity": { "from": "2025-12-31" }, "object": "education-hours",
            "scheme": scheme, "class": "continuing-education",
            "certificate": token(certificate),
            "hours": { "year": 2025, "general_tenths": 100, "professional_tenths": 205 }
        })
    };
    for from in ["jiashan", "wujiang"] {
        let mut allowed = agreement("recognition", &["hours"]);
        allowed["users"] = json!(["qingpu"]);
        allowed["grants"][0]["kind"] = json!("qualification");
        assert_eq!(hub.send(from, "agreement/1", &allowed).await.refusal, None);
    }
    // The receiving district filed a copy of Jiashan's certificate.
    for (from, level) in [("jiashan", "issued"), ("qingpu", "copy-seen")] {
        let certificate = hours("zhejiang-hours", "330421", 77, level);
        assert_eq!(hub.send(from, "qualification/1", &certificate).await.refusal, None);
    }
    let other = hours("jiangsu-hours", "320509", 78, "issued");
    assert_eq!(hub.send("wujiang", "qualification/1", &other).await.refusal, None);
    let query = json!({
        "context": context("recognition"), "subject": token(5), "at": "qingpu",
        "for_purpose": "title-review", "valid_at": "2026-11-21"
    });
    let answer = payload(&hub.send("qingpu", "query.recognition/1", &query).await.compact);
    let sum = &answer["body"]["recognition"]["hours"][0]["recognised"];
    assert_eq!(*sum, json!({ "general_tenths": 200, "professional_tenths": 410 }), "{answer}");
    let text = answer["body"]["text"]["zh"].as_str().unwrap();
    assert!(text.contains("同一证书") && text.contains("20.0"), "{text}");
}

/// A title of Zhejiang, a fact and a tie about the talent, as Jiashan and Qingpu send them.
fn title_and_what_it_needs() -> [(&'static str, &'static str, Value); 4] {
    let head = |record: &str, region: &str, level: &str| {
        json!({
            "record": record, "revision": 1, "action": "issue", "subject": token(5),
            "authority": { "name": "机关（测试）", "region": region },
            "attestation": { "level": level, "as_of": "2025-12-31" },
            "validity": { "from": "2025-12-31" }
        })
    };
    let with = |mut body: Value, members: Value| {
        let (body_members, more) = (body.as_object_mut().unwrap(), members.as_object().unwrap());
        body_members.extend(more.clone());
        body
    };
    let fact = |record: &str, level: &str| {
        let name = "title-meets-national-standard";
        with(
            head(record, "330421", level),
            json!({ "about": "talent", "name": name, "value": true }),
        )
    };
    [
        (
            "jiashan",
            "qualification/1",
            with(
                head("ti", "330000", "issued"),
                json!({ "object": "title", "scheme": "zhejiang-title", "class": "412" }),
            ),
        ),
        (
            "qingpu",
            "affiliation/1",
            with(
                head("em", "310118", "issued"),
                json!({ "mode": "employment", "region": "310118" }),
            ),
        ),
        ("jiashan", "fact/1", fact("declared", "declared")),
        ("jiashan", "fact/1", fact("seen", "copy-seen")),
    ]
}

#[tokio::test]
async fn what_is_declared_or_under_objection_proves_nothing_and_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let rule = rules()
        .unwrap()
        .into_iter()
        .find(|r| r.rule == "zone-2020-title-zhejiang" && r.recogniser.as_str() == "qingpu");
    hub.send("qingpu", "recognition.rule/1", &json!(rule.unwrap())).await;
    let mut allowed = agreement("recognition", &[]);
    allowed["users"] = json!(["qingpu"]);
    allowed["grants"] = json!(
        ["qualification", "fact"]
            .map(|kind| { json!({ "kind": kind, "purposes": ["recognition"], "fields": [] }) })
    );
    assert_eq!(hub.send("jiashan", "agreement/1", &allowed).await.refusal, None);
    let query = json!({
        "context": context("recognition"), "subject": token(5), "at": "qingpu",
        "for_purpose": "appointment", "valid_at": "2026-11-21"
    });
    let asked = async || {
        let answer = payload(&hub.send("qingpu", "query.recognition/1", &query).await.compact);
        let record = answer["body"]["recognition"]["records"][0].clone();
        let standard = record["rules"][0]["preconditions"][1].clone();
        let aside: Vec<_> =
            standard["set_aside"].as_array().into_iter().flatten().cloned().collect();
        let reasons = aside.iter().map(|a| a["reasons"].clone()).collect::<Vec<_>>();
        let text = answer["body"]["text"]["zh"].as_str().unwrap().to_owned();
        (record["outcome"].clone(), standard["proof"].clone(), reasons, text)
    };
    let mut sent = title_and_what_it_needs().into_iter();
    for (from, kind, body) in sent.by_ref().take(3) {
        assert_eq!(hub.send(from, kind, &body).await.refusal, None);
    }
    let (outcome, proof, reasons, text) = asked().await;
    assert_eq!((outcome, proof), (json!("conditional"), json!("to-be-uploaded")));
    assert_eq!(reasons, [json!(["declared"])]);
    assert!(text.contains("仅为个人申报"), "{text}");
    for (from, kind, body) in sent {
        assert_eq!(hub.send(from, kind, &body).await.refusal, None);
    }
    assert_eq!(asked().await.0, "recognised");
    let objection = json!({
        "objection": "o-1", "case": "YY-1", "subject": token(5), "reason": "wrong-content",
        "record": { "owner": "jiashan", "kind": "fact", "record": "seen" },
        "received_on": "2026-11-20", "operator": { "id": "op-1", "role": "window" }
    });
    assert_eq!(hub.send("qingpu", "objection/1", &objection).await.refusal, None);
    let (outcome, proof, reasons, text) = asked().await;
    assert_eq!((outcome, proof), (json!("conditional"), json!("to-be-uploaded")));
    assert_eq!(reasons, [json!(["declared"]), json!(["objection-pending"])]);
    assert!(text.contains("异议处理中"), "{text}");
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}
