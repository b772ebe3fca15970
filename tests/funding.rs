//! The ledger through the gateway: policies, checks, the race of holds, grants and what follows.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use serde_json::{Value, json};
use support::{Hub, context, payload, token};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::subject::TokenRef;
use talent_gateway::gateway::Reply;
use talent_gateway::projection::FeedChange;

const RENT_D: &str = "qingpu/housing-rent/D";

async fn hub(dir: &std::path::Path) -> Hub {
    let hub = Hub::new(dir).await;
    for policy in &Catalogue::embedded().unwrap().policies {
        let reply = hub.send(policy.district.as_str(), "funding.policy/1", &json!(policy)).await;
        assert_eq!(refused(&reply), None, "{}: {:?}", policy.id, reply.refusal);
    }
    for owner in support::DISTRICTS {
        let grants: Vec<Value> =
            ["funding", "certification", "affiliation", "occupancy", "points", "quota", "fact"]
                .iter()
                .map(|kind| json!({ "kind": kind, "purposes": ["funding-check"], "fields": [] }))
                .collect();
        let agreement = json!({
            "agreement": "a1", "revision": 1, "grants": grants,
            "legal_basis": { "document": "示范区互认办法", "article": "一" },
            "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
        });
        let reply = hub.send(owner, "agreement/1", &agreement).await;
        assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
    }
    hub
}

fn refused(reply: &Reply) -> Option<Code> {
    reply.refusal.as_ref().map(|r| r.code)
}

fn application(policy: &str, subject: TokenRef, first: &str, last: &str, monthly: u64) -> Value {
    json!({
        "kind": "grant",
        "policy": { "id": policy, "version": 1 },
        "subject": subject,
        "beneficiary": "person",
        "months": { "first": first, "last": last },
        "date": "2026-11-21",
        "amount": { "monthly": monthly }
    })
}

fn hold(id: &str, application: &Value) -> Value {
    json!({
        "hold": id,
        "application": application,
        "expires": support::START + 3_600,
        "context": context("funding-check")
    })
}

fn grant(id: &str, hold: Option<&str>, policy: &str, subject: TokenRef) -> Value {
    let mut grant = json!({
        "grant": id,
        "policy": { "id": policy, "version": 1 },
        "subject": subject,
        "beneficiary": "person",
        "months": { "first": "2026-12", "last": "2027-11" },
        "approved": { "monthly": 400_000 },
        "schedule": "monthly",
        "decided_on": "2026-11-21",
        "payers": [{ "tier": "district", "payer": "区财政（测试）", "share": { "percent": 100 } }],
        "fiscal_source": "区人才发展资金"
    });
    match hold {
        Some(hold) => grant["hold"] = json!(hold),
        None => {
            grant["override"] = json!({
                "reason": "补录历史资助",
                "operators": [{ "id": "op-1", "role": "window" }, { "id": "op-2", "role": "reviewer" }]
            });
        }
    }
    grant
}

#[tokio::test]
async fn overlapping_rent_across_districts_is_referred_never_refused_r05() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let paid = grant("w1", None, "wujiang/example-rent", token(1));
    let reply = hub.send("wujiang", "funding.grant/1", &paid).await;
    assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
    let query = json!({
        "context": context("funding-check"),
        "application": application(RENT_D, token(1), "2027-11", "2028-10", 400_000)
    });
    let reply = hub.send("qingpu", "query.funding/1", &query).await;
    assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
    let answer = payload(&reply.compact);
    let assessment = &answer["body"]["assessment"];
    assert_eq!(assessment["verdict"], "REFER", "{assessment:#}");
    let r05 =
        assessment["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "R05").unwrap();
    assert_eq!(r05["months"], json!({ "first": "2027-11", "last": "2027-11" }));
    assert!(r05["text"]["zh"].as_str().unwrap().contains("2027-11"), "{r05:#}");
    let stranger = json!({
        "context": context("funding-check"),
        "application": application(RENT_D, token(2), "2027-11", "2028-10", 400_000)
    });
    let answer = payload(&hub.send("qingpu", "query.funding/1", &stranger).await.compact);
    let findings = answer["body"]["assessment"]["findings"].as_array().unwrap().clone();
    assert!(!findings.iter().any(|f| f["rule"] == "R05"), "{findings:#?}");
}

#[tokio::test]
async fn exactly_one_hold_of_a_race_is_first_and_the_next_moves_up() {
    let dir = tempfile::tempdir().unwrap();
    let hub = std::sync::Arc::new(hub(dir.path()).await);
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..64_u32 {
        let hub = std::sync::Arc::clone(&hub);
        let (district, policy) = [
            ("qingpu", RENT_D),
            ("jiashan", "jiashan/example-rent"),
            ("wujiang", "wujiang/example-rent"),
            ("changning", "changning/returnee-apartment-rent"),
        ][n as usize % 4];
        tasks.spawn(async move {
            let mut body = application(policy, token(7), "2026-12", "2027-11", 300_000);
            body["beneficiary"] = json!("person");
            let reply = hub.send(district, "funding.hold/1", &hold(&format!("h{n}"), &body)).await;
            assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
            let receipt = payload(&reply.compact);
            let index = receipt["log"]["index"].as_u64().unwrap();
            (index, district, n, receipt["res"]["hold"].as_str().unwrap().to_owned())
        });
    }
    let mut outcomes = tasks.join_all().await;
    outcomes.sort();
    let first: Vec<_> = outcomes.iter().filter(|o| o.3 == "first").collect();
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].0, outcomes[0].0, "the lowest position is the first");
    hub.clock.advance(1_800);
    let release = json!({ "hold": format!("h{}", outcomes[0].2), "reason": "withdrawn" });
    let reply = hub.send(outcomes[0].1, "funding.release/1", &release).await;
    assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
    let next = &outcomes[1];
    let feed = hub.gateway.feed(&support::id(next.1), 0).await.unwrap();
    let promoted: Vec<_> = feed
        .iter()
        .filter(|e| serde_json::to_value(e.change).unwrap() == "hold-promoted")
        .collect();
    assert_eq!(promoted.len(), 1);
    assert_eq!(promoted[0].concerns.as_deref(), Some(format!("h{}", next.2).as_str()));
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn a_project_is_one_under_another_spelling_and_another_head() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let claim = |subject: u64, authority: &str, number: &str| {
        let mut body =
            application("hongkou/project-matching", token(subject), "2026-12", "2027-11", 1);
        body["beneficiary"] = json!("project");
        for member in ["project", "parent_plan"] {
            body[member] = json!({ "authority": authority, "number": number });
        }
        body
    };
    for (id, claim, place) in [
        ("h1", claim(1, "科技部", "示例-X1"), "first"),
        ("h2", claim(2, "国家科学技术部", "示例 ｘ１"), "contested"),
        ("h3", claim(3, "科技部", "示例-X2"), "first"),
    ] {
        let reply = hub.send("hongkou", "funding.hold/1", &hold(id, &claim)).await;
        assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
        assert_eq!(payload(&reply.compact)["res"]["hold"], place, "{id}");
    }
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn an_expired_hold_ends_in_an_entry_of_its_own_before_anything_later() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let body = application(RENT_D, token(3), "2026-12", "2027-11", 400_000);
    let first = payload(&hub.send("qingpu", "funding.hold/1", &hold("q1", &body)).await.compact);
    assert_eq!(first["res"]["hold"], "first");
    let body = application("jiashan/example-rent", token(3), "2026-12", "2027-11", 100_000);
    let mut second = hold("j1", &body);
    second["expires"] = json!(support::START + 86_400);
    let second = payload(&hub.send("jiashan", "funding.hold/1", &second).await.compact);
    assert_eq!(second["res"]["hold"], "contested");
    assert_eq!(second["res"]["assessment"]["contacts"][0]["district"], "qingpu");
    hub.clock.advance(3_601);
    hub.gateway.tick().await.unwrap();
    let changes = |feed: Vec<talent_gateway::projection::FeedRow>| -> Vec<Value> {
        feed.iter().map(|e| serde_json::to_value(e.change).unwrap()).collect()
    };
    let qingpu = changes(hub.gateway.feed(&support::id("qingpu"), 0).await.unwrap());
    assert_eq!(qingpu, ["hold-contested", "hold-expired"]);
    let jiashan = changes(hub.gateway.feed(&support::id("jiashan"), 0).await.unwrap());
    assert_eq!(jiashan, ["hold-promoted"]);
    let late = grant("g1", Some("q1"), RENT_D, token(3));
    let reply = hub.send("qingpu", "funding.grant/1", &late).await;
    assert_eq!(refused(&reply), Some(Code::HoldState));
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one table of steps that belong together")]
async fn the_ledger_refuses_what_would_make_it_inconsistent() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let no_override = {
        let mut g = grant("g0", None, RENT_D, token(4));
        g.as_object_mut().unwrap().remove("override");
        g
    };
    let payment = |voucher: &str, months: (&str, &str), amount: u64| {
        json!({
            "grant": "g1", "voucher": voucher, "budget_year": 2026,
            "months": { "first": months.0, "last": months.1 },
            "amount": amount, "tier": "district", "paid_on": "2026-11-22"
        })
    };
    let recovery = |amount: u64| json!({ "grant": "g1", "voucher": format!("r{amount}"), "amount": amount, "reason": "error", "date": "2026-11-22" });
    let same_operator = {
        let mut g = grant("g9", None, RENT_D, token(4));
        g["override"]["operators"][1]["id"] = json!("op-1");
        g
    };
    let steps = [
        (
            "funding.payment/1",
            payment("v1", ("2026-12", "2026-12"), 400_000),
            Some(Code::GrantUnknown),
        ),
        ("funding.grant/1", no_override, Some(Code::OverrideRequired)),
        ("funding.grant/1", same_operator, Some(Code::TwoOperators)),
        ("funding.grant/1", grant("g1", Some("none"), RENT_D, token(4)), Some(Code::HoldUnknown)),
        ("funding.grant/1", grant("g1", None, "qingpu/none", token(4)), Some(Code::PolicyUnknown)),
        (
            "funding.grant/1",
            grant("g1", None, "wujiang/example-rent", token(4)),
            Some(Code::NotOwner),
        ),
        ("funding.grant/1", grant("g1", None, RENT_D, token(4)), None),
        ("funding.grant/1", grant("g1", None, RENT_D, token(4)), Some(Code::RecordTaken)),
        (
            "funding.payment/1",
            payment("v1", ("2026-11", "2026-12"), 400_000),
            Some(Code::MonthsOutsideGrant),
        ),
        (
            "funding.payment/1",
            payment("v1", ("2026-12", "2026-12"), 4_800_001),
            Some(Code::PaymentAboveGrant),
        ),
        ("funding.payment/1", payment("v1", ("2026-12", "2026-12"), 400_000), None),
        (
            "funding.payment/1",
            payment("v1", ("2027-01", "2027-01"), 400_000),
            Some(Code::RecordTaken),
        ),
        ("funding.recovery/1", recovery(400_001), Some(Code::RecoveryAbovePaid)),
        ("funding.recovery/1", recovery(300_000), None),
        ("funding.recovery/1", recovery(100_001), Some(Code::RecoveryAbovePaid)),
        (
            "funding.stop/1",
            json!({ "grant": "g1", "last_month": "2028-01", "reason": "left" }),
            Some(Code::MonthsOutsideGrant),
        ),
        (
            "funding.stop/1",
            json!({ "grant": "g1", "last_month": "2027-02", "reason": "left" }),
            None,
        ),
        (
            "funding.stop/1",
            json!({ "grant": "g1", "last_month": "2027-02", "reason": "left" }),
            Some(Code::GrantState),
        ),
        (
            "funding.payment/1",
            payment("v2", ("2027-03", "2027-03"), 400_000),
            Some(Code::MonthsOutsideGrant),
        ),
    ];
    for (n, (mt, body, expected)) in steps.into_iter().enumerate() {
        let reply = hub.send("qingpu", mt, &body).await;
        assert_eq!(refused(&reply), expected, "step {n}: {:?}", reply.refusal);
    }
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn recognition_follows_a_logged_rule_and_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let mut sent = 0;
    for rule in talent_gateway::domain::recognition::rules().unwrap() {
        let from = rule.recogniser.as_str().to_owned();
        if support::DISTRICTS.contains(&from.as_str()) {
            let reply = hub.send(&from, "recognition.rule/1", &json!(rule)).await;
            assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
            sent += 1;
        }
    }
    assert!(sent > 0);
    let query = json!({
        "context": context("recognition"), "subject": token(5), "at": "qingpu",
        "for_purpose": "appointment", "valid_at": "2026-11-21"
    });
    let reply = hub.send("qingpu", "query.recognition/1", &query).await;
    let answer = payload(&reply.compact);
    assert_eq!(answer["body"]["recognition"]["outcome"], "no-record", "{answer:#}");
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn an_outcome_names_a_finding_of_an_own_assessment() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    hub.send("wujiang", "funding.grant/1", &grant("w1", None, "wujiang/example-rent", token(1)))
        .await;
    let body = application(RENT_D, token(1), "2026-12", "2027-11", 400_000);
    let held = payload(&hub.send("qingpu", "funding.hold/1", &hold("q1", &body)).await.compact);
    let finding = held["res"]["assessment"]["findings"][0]["id"].as_str().unwrap().to_owned();
    let outcome = |finding: &str, second: &str| {
        json!({
            "assessment": { "jti": held["jti"], "position": held["log"]["index"] },
            "finding": finding, "outcome": "excluded", "reason": "months-do-not-meet",
            "operators": [{ "id": "op-1", "role": "window" }, { "id": second, "role": "reviewer" }]
        })
    };
    let because = |what: &str, reason: &str| {
        let mut body = outcome(&finding, "op-2");
        (body["outcome"], body["reason"]) = (json!(what), json!(reason));
        body
    };
    for (from, body, expected) in [
        ("qingpu", outcome(&finding, "op-1"), Some(Code::TwoOperators)),
        ("qingpu", outcome("R99-1", "op-2"), Some(Code::FindingUnknown)),
        ("qingpu", because("excluded", "duplicate-confirmed"), Some(Code::RecordContradiction)),
        ("qingpu", because("confirmed", "different-person"), Some(Code::RecordContradiction)),
        ("qingpu", because("pending", "whatever"), Some(Code::RecordContradiction)),
        ("wujiang", outcome(&finding, "op-2"), Some(Code::FindingUnknown)),
        ("qingpu", outcome(&finding, "op-2"), None),
    ] {
        let reply = hub.send(from, "finding.outcome/1", &body).await;
        assert_eq!(refused(&reply), expected, "{:?}", reply.refusal);
    }
}

#[tokio::test]
async fn a_debarment_bars_and_only_its_owner_rules_on_a_question_r22() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let sanction = json!({
        "sanction": "s1", "kind": "person-debarred", "subject": token(8), "start": "2026-01-01",
        "end": { "years": 3 }, "ground": 1,
        "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）4" }
    });
    assert_eq!(refused(&hub.send("qingpu", "integrity.sanction/1", &sanction).await), None);
    let again = hub.send("qingpu", "integrity.sanction/1", &sanction).await;
    assert_eq!(refused(&again), Some(Code::RecordTaken));
    let query = json!({
        "context": context("funding-check"),
        "application": application(RENT_D, token(8), "2026-12", "2027-11", 400_000)
    });
    let answer = payload(&hub.send("qingpu", "query.funding/1", &query).await.compact);
    assert_eq!(answer["body"]["assessment"]["verdict"], "BARRED", "{answer:#}");
    let ruling = json!({
        "question": "Q02", "reading": "separate", "validity": { "from": "2026-01-01" },
        "citation": { "document": "青浦区人才办答复（虚构）", "article": "一" }
    });
    for (from, expected) in [("wujiang", Some(Code::QuestionNotOwned)), ("qingpu", None)] {
        let reply = hub.send(from, "funding.ruling/1", &ruling).await;
        assert_eq!(refused(&reply), expected, "{:?}", reply.refusal);
    }
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn a_strange_reading_fact_value_or_day_is_refused_at_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let ruling = json!({
        "question": "Q02", "reading": "sometimes", "validity": { "from": "2026-01-01" },
        "citation": { "document": "青浦区人才办答复（虚构）", "article": "一" }
    });
    let reply = hub.send("qingpu", "funding.ruling/1", &ruling).await;
    assert_eq!(refused(&reply), Some(Code::ReadingUnknown));
    let fact = |code: &str, value: &Value| {
        json!({
            "code": code, "value": value,
            "as_of": "2026-01-01", "source": "case", "attestation": "declared"
        })
    };
    let months = json!({ "integer": { "value": 1, "unit": "months" } });
    for (code, value, expected) in [
        ("newly-introducd", json!({ "answer": "yes" }), Code::FactUnknown),
        ("newly-introduced", months.clone(), Code::FactValue),
        ("annual-salary-fen", months, Code::FactValue),
    ] {
        let mut asked = application(RENT_D, token(8), "2026-12", "2027-11", 400_000);
        asked["case_facts"] = json!([fact(code, &value)]);
        let query = json!({ "context": context("funding-check"), "application": asked });
        let reply = hub.send("qingpu", "query.funding/1", &query).await;
        assert_eq!(refused(&reply), Some(expected), "{code}: {:?}", reply.refusal);
    }
    let early = json!({
        "scheme": "qingpu-housing", "scheme_version": "2020", "class": "D",
        "basis": { "document": "qingpu-2020-88", "article": "附件4 一（一）4" }
    });
    let mut early = record("c1", 1, "issue", token(8), &early);
    early["validity"] = json!({ "from": "2020-05-31" });
    let reply = hub.send("qingpu", "certification/1", &early).await;
    assert_eq!(refused(&reply), Some(Code::SchemeNotInForce), "{:?}", reply.refusal);
}

#[tokio::test]
async fn a_joint_rule_binds_once_every_district_has_consented() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let paid = grant("w1", None, "wujiang/example-rent", token(1));
    hub.send("wujiang", "funding.grant/1", &paid).await;
    let query = json!({
        "context": context("funding-check"),
        "application": application(RENT_D, token(1), "2026-12", "2027-11", 400_000)
    });
    let r05 = async || {
        let answer = payload(&hub.send("qingpu", "query.funding/1", &query).await.compact);
        let findings = answer["body"]["assessment"]["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|f| f["rule"] == "R05").unwrap()["outcome"].clone()
    };
    assert_eq!(r05().await, "REFER");
    let rule = json!({
        "rule": "jr1", "districts": ["qingpu", "wujiang"], "effect": "one-only",
        "validity": { "from": "2026-01-01" },
        "citation": { "document": "示范区联合规则（虚构）", "article": "一" }
    });
    let message = hub.compose("qingpu", "funding.joint-rule/1", &rule);
    let sender = support::id("qingpu");
    let reply = hub.gateway.accept(&sender, message.compact.as_bytes()).await.unwrap();
    assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
    assert_eq!(r05().await, "REFER", "without the other's consent it does not bind");
    let asked = async |district: &str| {
        let rows = hub.gateway.feed(&support::id(district), 0).await.unwrap();
        let asks = rows.into_iter().filter(|row| row.change == FeedChange::JointRuleAwaitsConsent);
        asks.map(|row| row.target.unwrap().jti.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(asked("wujiang").await, [message.jti.to_string()]);
    assert_eq!((asked("qingpu").await.len(), asked("jiashan").await.len()), (0, 0));
    let consent = json!({
        "target": { "iss": "qingpu", "jti": message.jti }, "decision": "approve", "date": "2026-11-20"
    });
    for (from, expected) in [
        ("jiashan", Some(Code::ConsentNotDue)),
        ("qingpu", Some(Code::ConsentNotDue)),
        ("wujiang", None),
    ] {
        let reply = hub.send(from, "consent/1", &consent).await;
        assert_eq!(refused(&reply), expected, "{from}: {:?}", reply.refusal);
    }
    assert_eq!(r05().await, "ONE-ONLY");
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn what_a_leaked_key_may_have_signed_is_suspect_and_its_holds_freeze() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let paid = grant("w1", None, "wujiang/example-rent", token(1));
    assert_eq!(refused(&hub.send("wujiang", "funding.grant/1", &paid).await), None);
    let body = application("wujiang/example-rent", token(2), "2026-12", "2027-11", 190_000);
    assert_eq!(refused(&hub.send("wujiang", "funding.hold/1", &hold("h1", &body)).await), None);
    let query = json!({
        "context": context("funding-check"),
        "application": application(RENT_D, token(1), "2026-12", "2027-11", 400_000)
    });
    let suspect = async || {
        let answer = payload(&hub.send("qingpu", "query.funding/1", &query).await.compact);
        answer["body"]["assessment"].to_string().contains("suspect")
    };
    assert!(!suspect().await);
    hub.add_key("wujiang", "message-2", 99).await;
    let revoke = json!({
        "action": "revoke", "kid": "wujiang#message-1", "revoked_from": support::START,
        "suspect_from": support::START, "reason": "leaked"
    });
    let reply = hub.send_with("wujiang", "message-2", "key/1", &revoke).await;
    assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
    assert!(suspect().await);
    let consume = {
        let mut g = grant("w2", Some("h1"), "wujiang/example-rent", token(2));
        g["approved"] = json!({ "monthly": 190_000 });
        g
    };
    let reply = hub.send_with("wujiang", "message-2", "funding.grant/1", &consume).await;
    assert_eq!(refused(&reply), Some(Code::HoldState));
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

/// A record of Qingpu with `members` beside its head.
fn record(id: &str, revision: u32, action: &str, subject: TokenRef, members: &Value) -> Value {
    let mut record = json!({
        "record": id, "revision": revision, "action": action, "subject": subject,
        "authority": { "name": "青浦区人才办", "region": "310118" },
        "attestation": { "level": "issued", "as_of": "2026-01-01" },
        "validity": { "from": "2026-01-01" }
    });
    let members = members.as_object().unwrap().clone();
    record.as_object_mut().unwrap().extend(members);
    record
}

async fn assessed(hub: &Hub, from: &str, application: &Value) -> Value {
    let query = json!({ "context": context("funding-check"), "application": application });
    let reply = hub.send(from, "query.funding/1", &query).await;
    assert_eq!(refused(&reply), None, "{:?}", reply.refusal);
    payload(&reply.compact)["body"]["assessment"].clone()
}

fn reasons(assessment: &Value) -> Vec<String> {
    let findings = assessment["findings"].as_array().unwrap();
    findings.iter().map(|f| f["reason"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_query_shows_the_open_holds_of_other_districts_and_a_hold_does_not_r05() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let theirs = application("wujiang/example-rent", token(1), "2026-12", "2027-11", 190_000);
    assert_eq!(refused(&hub.send("wujiang", "funding.hold/1", &hold("w1", &theirs)).await), None);
    let own = application(RENT_D, token(1), "2027-06", "2028-05", 400_000);
    let assessment = assessed(&hub, "qingpu", &own).await;
    let findings = assessment["findings"].as_array().unwrap();
    let open = findings.iter().find(|f| f["reason"] == "open-hold").unwrap();
    assert_eq!(open["rule"], "R05");
    assert_eq!(open["outcome"], "REFER");
    assert_eq!(open["months"], json!({ "first": "2027-06", "last": "2027-11" }));
    assert_eq!(open["evidence"][0]["id"], "w1");
    for language in ["zh", "en"] {
        let words = open["text"][language].as_str().unwrap();
        assert!(words.contains("rencai@wujiang.example"), "whom to call, and how: {words}");
    }
    let missing = assessment["missing"].as_array().unwrap();
    for lacking in missing.iter().filter(|m| m["from"] == "jiashan") {
        let words = lacking["text"]["zh"].as_str().unwrap();
        assert!(words.ends_with("（联系：rencai@jiashan.example）"), "{lacking}");
    }
    let held = payload(&hub.send("qingpu", "funding.hold/1", &hold("q1", &own)).await.compact);
    assert_eq!(held["res"]["hold"], "contested");
    assert!(!reasons(&held["res"]["assessment"]).contains(&"open-hold".to_owned()));
    let theirs = assessed(&hub, "wujiang", &theirs).await;
    assert!(reasons(&theirs).contains(&"open-hold".to_owned()), "the other way round too");
    let release = json!({ "hold": "w1", "reason": "withdrawn" });
    hub.send("wujiang", "funding.release/1", &release).await;
    let after = assessed(&hub, "qingpu", &own).await;
    assert!(!reasons(&after).contains(&"open-hold".to_owned()), "an ended hold claims nothing");
}

#[tokio::test]
async fn points_decide_before_case_facts_and_a_quota_stays_in_its_district_r18_r28() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let scores = |general: u32| {
        json!({
            "scores": { "general": general, "industry": 9, "contribution": 0, "deduction": 0, "total": general + 9 },
            "veto": false
        })
    };
    let employer = token(900);
    let counter = json!({
        "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）3" },
        "unit": "persons", "limit": 2, "used": 2
    });
    for (mt, body) in [
        ("points/1", record("p1", 1, "issue", token(1), &scores(44))),
        ("quota/1", record("q1", 1, "issue", employer, &counter)),
    ] {
        let reply = hub.send("qingpu", mt, &body).await;
        assert_eq!(refused(&reply), None, "{mt}: {:?}", reply.refusal);
    }
    let mut own = application("qingpu/points-rent/tier-1", token(1), "2026-12", "2027-11", 100_000);
    own["employer"] = json!(employer);
    own["case_facts"] = json!([{
        "code": "general-points", "value": { "integer": { "value": 60, "unit": "points" } },
        "as_of": "2026-01-01", "source": "case", "attestation": "declared"
    }]);
    let before = reasons(&assessed(&hub, "qingpu", &own).await);
    assert!(before.contains(&"points-below".to_owned()), "{before:?}");
    assert!(before.contains(&"quota-used-up".to_owned()), "{before:?}");
    let raised = record("p1", 2, "amend", token(1), &scores(45));
    assert_eq!(refused(&hub.send("qingpu", "points/1", &raised).await), None);
    let after = reasons(&assessed(&hub, "qingpu", &own).await);
    assert!(!after.contains(&"points-below".to_owned()), "only the last revision stands");
    let shown = json!({
        "context": context("funding-check"), "subject": token(1), "kinds": ["points"]
    });
    let answer = payload(&hub.send("qingpu", "query.records/1", &shown).await.compact);
    let record = &answer["body"]["records"][0];
    assert_eq!(record["content"]["scores"]["general"], 45, "{answer:#}");
    let wujiang = application("wujiang/example-rent", token(1), "2026-12", "2027-11", 100_000);
    let mut wujiang = wujiang;
    wujiang["employer"] = json!(employer);
    let elsewhere = reasons(&assessed(&hub, "wujiang", &wujiang).await);
    assert!(!elsewhere.iter().any(|r| r.starts_with("quota")), "{elsewhere:?}");
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn a_revoked_certification_opens_nothing_r30() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let members = json!({
        "scheme": "qingpu-housing", "scheme_version": "2020", "class": "D",
        "basis": { "document": "qingpu-2020-88", "article": "附件4 一（一）4" }
    });
    let own = application(RENT_D, token(1), "2026-12", "2027-11", 400_000);
    let issue = record("c1", 1, "issue", token(1), &members);
    assert_eq!(refused(&hub.send("qingpu", "certification/1", &issue).await), None);
    assert!(!reasons(&assessed(&hub, "qingpu", &own).await).contains(&"class-revoked".to_owned()));
    let revoke = record("c1", 2, "revoke", token(1), &members);
    assert_eq!(refused(&hub.send("qingpu", "certification/1", &revoke).await), None);
    assert!(reasons(&assessed(&hub, "qingpu", &own).await).contains(&"class-revoked".to_owned()));
}

/// The outcome of a recognition of the title of `token(7)` at Qingpu with the size of the log that
/// it rests on and the rules that it names; at `known_at` when given.
async fn recognised(hub: &Hub, known_at: Option<u64>) -> (String, u64, Vec<String>) {
    let mut query = json!({
        "context": context("recognition"), "subject": token(7), "at": "qingpu",
        "for_purpose": "appointment", "valid_at": "2026-11-20"
    });
    if let Some(size) = known_at {
        query["known_at"] = json!(size);
    }
    let reply = hub.send("qingpu", "query.recognition/1", &query).await;
    let answer = payload(&reply.compact)["body"]["recognition"].clone();
    let rules = answer["records"][0]["rules"].as_array().cloned().unwrap_or_default();
    let names = rules.iter().map(|r| r["rule"].as_str().unwrap().to_owned()).collect();
    (answer["outcome"].as_str().unwrap().to_owned(), answer["known_at"].as_u64().unwrap(), names)
}

#[tokio::test]
async fn the_next_query_sees_a_rule_and_an_earlier_log_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let agreement = json!({
        "agreement": "a1", "revision": 1, "users": ["qingpu"],
        "grants": [{ "kind": "qualification", "purposes": ["recognition"], "fields": ["class"] }],
        "legal_basis": { "document": "示范区互认办法", "article": "一" },
        "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
    });
    hub.send("jiashan", "agreement/1", &agreement).await;
    let title = json!({
        "record": "t-1", "revision": 1, "action": "issue", "subject": token(7),
        "authority": { "name": "嘉善县人力社保局（测试）", "region": "330421" },
        "attestation": { "level": "verified-at-source", "as_of": "2026-11-01" },
        "validity": { "from": "2022-07-01" },
        "object": "title", "scheme": "zhejiang-title", "class": "420"
    });
    hub.send("jiashan", "qualification/1", &title).await;
    let before = recognised(&hub, None).await;
    assert_eq!((before.0.as_str(), before.2.len()), ("no-rule", 0));

    let rules = talent_gateway::domain::recognition::rules().unwrap();
    let mut rule = rules
        .into_iter()
        .find(|r| r.rule == "zone-2020-title-zhejiang" && r.recogniser.as_str() == "qingpu")
        .unwrap();
    hub.send("qingpu", "recognition.rule/1", &json!(rule)).await;
    let with = recognised(&hub, None).await;
    assert_ne!(with.0, "no-rule");
    assert_eq!(with.2, [rule.rule.as_str()]);
    assert_eq!(recognised(&hub, Some(before.1)).await, before);

    (rule.revision, rule.withdrawn) = (2, true);
    hub.send("qingpu", "recognition.rule/1", &json!(rule)).await;
    let without = recognised(&hub, None).await;
    assert_eq!(without.0, "no-rule");
    assert_eq!(recognised(&hub, Some(with.1)).await, with);

    // The rules that a restart reads from the tables are those that were built up message by
    // message, and those that the log alone gives.
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
    let again = support::open(dir.path(), &hub.clock, &hub.ids);
    let mut hub = hub;
    hub.gateway = std::sync::Arc::new(again);
    for known in [&before, &with, &without] {
        assert_eq!(recognised(&hub, Some(known.1)).await, *known);
    }
    assert_eq!(recognised(&hub, None).await.0, "no-rule");
}

/// Why a district's data were not in is told, and nobody is sent to telephone their own district.
#[tokio::test]
async fn what_is_not_covered_is_told_by_its_reason_and_by_whose_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let stated = json!({ "kinds": [{
        "kind": "funding", "complete_until": support::START, "count": 7, "digest": "0".repeat(64)
    }] });
    for district in ["qingpu", "wujiang"] {
        assert_eq!(refused(&hub.send(district, "reconcile/1", &stated).await), None);
    }
    let body = application(RENT_D, token(1), "2026-12", "2027-11", 400_000);
    let assessment = assessed(&hub, "qingpu", &body).await;
    let coverage = assessment["coverage"].as_array().unwrap();
    for (district, reason, said) in [
        ("qingpu", "mismatched", "本区与网关的对账数目不符"),
        ("wujiang", "mismatched", "该区与网关的对账数目不符"),
        ("jiashan", "never-reconciled", "请电话或发函向该区核实"),
    ] {
        let line = coverage.iter().find(|line| line["district"] == district).unwrap();
        assert_eq!((&line["covered"], &line["reason"]), (&json!(false), &json!(reason)));
        let missing = assessment["missing"].as_array().unwrap().iter();
        let missing = missing.filter(|m| m["what"] == "coverage" && m["from"] == district);
        let texts: Vec<_> = missing.map(|m| m["text"]["zh"].as_str().unwrap()).collect();
        assert!(texts.len() == 1 && texts[0].contains(said), "{district}: {texts:?}");
        assert_eq!(texts[0].contains("电话"), district != "qingpu", "{texts:?}");
    }
}
