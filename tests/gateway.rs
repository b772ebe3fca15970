//! The gateway's promises on a real store: acceptance, idempotence, revisions, agreements, rebuild.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use serde_json::json;
use support::{Hub, certification, context, id, payload, token};
use talent_gateway::domain::code::Code;
use talent_gateway::gateway::ports::Outcome;
use talent_gateway::jws::Digest;
use talent_gateway::log::{Leaf, LeafKind, NoteVerifier, Proof, SignatureType};

fn refused(reply: &talent_gateway::gateway::Reply) -> Option<Code> {
    reply.refusal.as_ref().map(|r| r.code)
}

#[tokio::test]
async fn a_push_gets_a_receipt_that_the_log_proves() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let message =
        hub.compose("qingpu", "certification/1", &certification("r1", 1, "issue", token(9)));
    let reply = hub.gateway.accept(&id("qingpu"), message.compact.as_bytes()).await.unwrap();
    assert_eq!(reply.outcome, Outcome::Accepted, "{:?}", reply.refusal);
    let receipt = payload(&reply.compact);
    assert_eq!(receipt["res"]["outcome"], "accepted");
    assert_eq!(receipt["msg"]["sha256"], Digest::of(&message.compact).to_string());
    let log_key = support::key("gateway#log-1", 4);
    let origin = "gateway.test/log".parse().unwrap();
    let verifier = NoteVerifier::new(
        "gateway.test/log".parse().unwrap(),
        SignatureType::Ed25519,
        log_key.public().as_bytes(),
    )
    .unwrap();
    let leaf = Leaf { kind: LeafKind::Receipt, digest: *Digest::of(&reply.compact).as_bytes() };
    let proof: Proof = reply.proof.parse().unwrap();
    let proven = proof.verify(&leaf.hash(), &origin, &[verifier]).unwrap();
    assert_eq!(json!(proven.index()), receipt["log"]["index"]);
}

#[tokio::test]
async fn the_same_bytes_get_the_same_receipt_even_after_they_expired() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let message =
        hub.compose("qingpu", "certification/1", &certification("r1", 1, "issue", token(9)));
    let qingpu = id("qingpu");
    let send = || hub.gateway.accept(&qingpu, message.compact.as_bytes());
    let first = send().await.unwrap();
    let again = send().await.unwrap();
    assert_eq!((&again.compact, again.replayed), (&first.compact, true));
    hub.clock.advance(10 * 86_400);
    let late = send().await.unwrap();
    assert_eq!((&late.compact, late.replayed), (&first.compact, true));
}

#[tokio::test]
async fn other_bytes_under_a_used_jti_are_equivocation() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let composer = talent_gateway::message::Composer {
        schemas: &hub.schemas,
        key: hub.key("qingpu"),
        aud: &id("gateway"),
    };
    let ty = talent_gateway::domain::registry::MessageType::Certification;
    let jti = talent_gateway::domain::ports::Ids::uuid_v7(&*hub.ids);
    let now = talent_gateway::domain::ports::Clock::now(&*hub.clock);
    let mut outcomes = Vec::new();
    for record in ["r1", "r2", "r3", "r2"] {
        let body = certification(record, 1, "issue", token(9));
        let message = composer.compose(ty, &body, now, jti, None).unwrap();
        let reply = hub.gateway.accept(&id("qingpu"), message.compact.as_bytes()).await.unwrap();
        outcomes.push((reply.outcome, refused(&reply)));
    }
    let size = hub.gateway.load().size;
    assert_eq!(outcomes[3], outcomes[1]);
    let body = certification("r2", 1, "issue", token(9));
    let again = composer.compose(ty, &body, now, jti, None).unwrap();
    let again = hub.gateway.accept(&id("qingpu"), again.compact.as_bytes()).await.unwrap();
    assert!(again.replayed, "the kept conflict is refused as before");
    assert_eq!(hub.gateway.load().size, size, "and nothing more is logged");
    assert_eq!(outcomes[0], (Outcome::Accepted, None));
    assert_eq!(outcomes[1], (Outcome::Equivocation, Some(Code::Equivocation)));
    assert_eq!(outcomes[2], (Outcome::Equivocation, Some(Code::Equivocation)));
}

#[tokio::test]
async fn revisions_are_chained_and_the_life_cycle_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let steps = [
        (2, "amend", token(9), Some(Code::RevisionGap)),
        (1, "amend", token(9), Some(Code::RecordUnknown)),
        (1, "issue", token(9), None),
        (1, "issue", token(9), Some(Code::RevisionStale)),
        (2, "reinstate", token(9), Some(Code::RecordState)),
        (2, "amend", token(8), Some(Code::SubjectMismatch)),
        (2, "suspend", token(9), None),
        (3, "revoke", token(9), None),
        (4, "amend", token(9), Some(Code::RecordClosed)),
    ];
    for (revision, action, subject, expected) in steps {
        let body = certification("r1", revision, action, subject);
        let reply = hub.send("qingpu", "certification/1", &body).await;
        assert_eq!(refused(&reply), expected, "{revision} {action}");
    }
}

#[tokio::test]
async fn a_class_is_taken_only_as_its_scheme_knows_it() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let steps = [
        ("c1", "qingpu-housing", "2020", "F", Some(Code::ClassUnknown)),
        ("c1", "qingpu-industry", "2020", "E", Some(Code::ClassUnknown)),
        ("c1", "qingpu-housing", "2019", "D", Some(Code::SchemeUnknown)),
        ("c1", "qingpu-talent", "2020", "D", Some(Code::SchemeUnknown)),
        ("c1", "qingpu-housing", "2020", "E", None),
        // Known, and decided by an office of another province.
        ("c2", "jiaxing-talent", "2020", "高级", Some(Code::IssuerUnfit)),
        ("c3", "jiaxing-talent", "2020", "C", Some(Code::ClassUnknown)),
        ("c3", "nantong-talent", "2020", "C", None),
    ];
    for (record, scheme, version, class, expected) in steps {
        let mut body = certification(record, 1, "issue", token(9));
        (body["scheme"], body["scheme_version"]) = (scheme.into(), version.into());
        body["class"] = class.into();
        let reply = hub.send("qingpu", "certification/1", &body).await;
        assert_eq!(refused(&reply), expected, "{scheme} {version} {class}");
    }
}

#[tokio::test]
async fn a_record_that_contradicts_itself_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let member = |n, role: &str| json!({ "subject": token(n), "role": role });
    for (members, expected) in [
        (json!([member(2, "leader"), member(3, "leader")]), Some(Code::RecordContradiction)),
        (json!([member(2, "member"), member(2, "adviser")]), Some(Code::RecordContradiction)),
        (json!([member(2, "leader"), member(3, "member")]), None),
    ] {
        let mut body = certification("t1", 1, "issue", token(1));
        body["members"] = members.clone();
        let reply = hub.send("qingpu", "certification/1", &body).await;
        assert_eq!(refused(&reply), expected, "{members}");
    }
    let points = |years| {
        let mut body = certification("p1", 1, "issue", token(1));
        for gone in ["scheme", "scheme_version", "class", "basis"] {
            body.as_object_mut().unwrap().remove(gone);
        }
        body["scores"] =
            json!({ "general": 45, "industry": 0, "contribution": 0, "deduction": 0, "total": 45 });
        (body["veto"], body["years"]) = (false.into(), years);
        body
    };
    for (years, expected) in [
        (json!([{ "year": 2025, "minimum": 50, "selected": false, "tier": 1 }]), true),
        (json!([{ "year": 2025, "minimum": 50 }, { "year": 2025, "minimum": 52 }]), true),
        (json!([{ "year": 2025, "minimum": 50, "selected": true, "tier": 1 }]), false),
    ] {
        let reply = hub.send("qingpu", "points/1", &points(years.clone())).await;
        assert_eq!(refused(&reply), expected.then_some(Code::RecordContradiction), "{years}");
    }
}

#[tokio::test]
async fn a_bulk_message_has_one_outcome_per_item() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let mut items = vec![
        certification("b1", 1, "issue", token(1)),
        certification("b1", 2, "amend", token(1)),
        certification("b2", 7, "issue", token(2)),
    ];
    items.push(certification("b3", 1, "issue", token(3)));
    let reply = hub.send("qingpu", "certification/1", &json!({ "items": items })).await;
    let receipt = payload(&reply.compact);
    let outcomes: Vec<_> = receipt["res"]["items"].as_array().unwrap().iter().collect();
    assert_eq!(outcomes.len(), 4);
    assert_eq!(outcomes[1]["outcome"], "accepted");
    assert_eq!(outcomes[2]["code"], "revision-gap");
    assert_eq!(outcomes[3]["outcome"], "accepted");
}

#[tokio::test]
async fn another_districts_records_are_seen_under_an_agreement_only() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    hub.send("jiashan", "certification/1", &certification("j1", 1, "issue", token(5))).await;
    let query = json!({
        "context": context("recognition"), "subject": token(5), "kinds": ["certification"]
    });
    let denied = payload(&hub.send("qingpu", "query.records/1", &query).await.compact);
    assert_eq!(denied["body"]["records"], json!([]));
    let gap = denied["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .find(|l| l["district"] == "jiashan")
        .unwrap()
        .clone();
    assert_eq!(gap["reason"], "no-agreement");
    let agreement = json!({
        "agreement": "a1", "revision": 1, "users": ["qingpu"],
        "grants": [{ "kind": "certification", "purposes": ["recognition"], "fields": ["class"] }],
        "legal_basis": { "document": "示范区互认办法", "article": "一" },
        "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
    });
    let made = hub.send("jiashan", "agreement/1", &agreement).await;
    assert_eq!(refused(&made), None);
    let seen = payload(&hub.send("qingpu", "query.records/1", &query).await.compact);
    assert_eq!(seen["body"]["records"][0]["content"], json!({ "class": "D" }));
    let gap = seen["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .find(|l| l["district"] == "jiashan")
        .unwrap()
        .clone();
    assert_eq!(gap["reason"], "never-reconciled");
    let other = payload(&hub.send("hongkou", "query.records/1", &query).await.compact);
    assert_eq!(other["body"]["records"], json!([]));
}

/// What is about an enterprise is asked for as such; its quota never crosses districts, its facts do.
#[tokio::test]
async fn records_of_an_enterprise_are_seen_and_its_quota_by_its_district_alone() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let mut quota = certification("e1", 1, "issue", token(5));
    for name in ["scheme", "scheme_version", "class"] {
        quota.as_object_mut().unwrap().remove(name);
    }
    let mut fact = quota.clone();
    fact.as_object_mut().unwrap().remove("basis");
    for (name, value) in [("unit", json!("persons")), ("limit", json!(10)), ("used", json!(3))] {
        quota[name] = value;
    }
    for (name, value) in [
        ("about", json!("enterprise")),
        ("name", json!("employer-registered-in-district")),
        ("value", json!(true)),
    ] {
        fact[name] = value;
    }
    assert_eq!(refused(&hub.send("jiashan", "quota/1", &quota).await), None);
    assert_eq!(refused(&hub.send("jiashan", "fact/1", &fact).await), None);
    let kinds = ["quota", "fact"].map(|kind| {
        json!({ "kind": kind, "purposes": ["recognition"], "fields": ["name", "value", "limit"] })
    });
    let agreement = json!({
        "agreement": "a1", "revision": 1, "users": ["qingpu"], "grants": kinds,
        "legal_basis": { "document": "示范区互认办法", "article": "一" },
        "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
    });
    assert_eq!(refused(&hub.send("jiashan", "agreement/1", &agreement).await), None);
    let seen = async |district: &str, about: Option<&str>| {
        let mut query = json!({
            "context": context("recognition"), "subject": token(5), "kinds": ["quota", "fact"]
        });
        if let Some(about) = about {
            query["about"] = json!(about);
        }
        let answer = payload(&hub.send(district, "query.records/1", &query).await.compact);
        let records = answer["body"]["records"].as_array().unwrap().clone();
        records.iter().map(|r| r["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen("jiashan", Some("enterprise")).await, ["fact", "quota"]);
    let own = json!({
        "context": context("recognition"), "subject": token(5), "about": "enterprise",
        "kinds": ["quota"]
    });
    let own = payload(&hub.send("jiashan", "query.records/1", &own).await.compact);
    let content = &own["body"]["records"][0]["content"];
    assert_eq!((&content["unit"], &content["limit"]), (&json!("persons"), &json!(10)));
    assert_eq!(seen("qingpu", Some("enterprise")).await, ["fact"]);
    assert_eq!(seen("hongkou", Some("enterprise")).await, [""; 0]);
    // A kind that is kept of no enterprise is no empty list of it.
    let of = async |kinds: serde_json::Value| {
        let query = json!({
            "context": context("recognition"), "subject": token(5), "about": "enterprise",
            "kinds": kinds
        });
        hub.send("jiashan", "query.records/1", &query).await
    };
    let reply = of(json!(["certification"])).await;
    let refusal = reply.refusal.as_ref().unwrap();
    let told = (&refusal.violations[0].pointer[..], &refusal.violations[0].expected[..]);
    assert_eq!((refusal.code, told), (Code::SchemaViolation, ("/body/kinds", "quota, fact")));
    let some = payload(&of(json!(["certification", "fact"])).await.compact);
    assert_eq!(some["body"]["records"].as_array().unwrap().len(), 1);
    assert_eq!(some["body"]["not_kept"], json!(["certification"]));
    assert_eq!(
        seen("jiashan", None).await,
        [""; 0],
        "the same token names nobody in the other domain"
    );
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn rebuilt_tables_equal_the_live_ones_also_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    for n in 0..5 {
        let record = format!("r{n}");
        hub.send("qingpu", "certification/1", &certification(&record, 1, "issue", token(n))).await;
        hub.send("qingpu", "certification/1", &certification(&record, 3, "amend", token(n))).await;
    }
    let query = json!({
        "context": context("recognition"), "subject": token(3), "kinds": ["certification"]
    });
    hub.send("qingpu", "query.records/1", &query).await;
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
    let checkpoint = hub.gateway.checkpoint();
    let Hub { gateway, clock, ids, .. } = hub;
    drop(gateway);
    let gateway = support::open(dir.path(), &clock, &ids);
    assert_eq!(gateway.checkpoint(), checkpoint);
    assert_eq!(gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn a_revoked_key_signs_nothing_more_and_a_suspended_participant_is_shut_out() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let revoke = json!({
        "action": "revoke", "kid": "hongkou#message-1", "revoked_from": support::START, "reason": "lost"
    });
    let reply = hub.send("hongkou", "key/1", &revoke).await;
    assert_eq!(refused(&reply), None);
    let message =
        hub.compose("hongkou", "certification/1", &certification("h1", 1, "issue", token(4)));
    let refusal = hub.gateway.accept(&id("hongkou"), message.compact.as_bytes()).await.unwrap_err();
    assert_eq!(refusal.code, Code::KeyRevoked);
    let foreign = json!({
        "action": "revoke", "kid": "yangpu#message-1", "revoked_from": support::START, "reason": "no"
    });
    assert_eq!(refused(&hub.send("qingpu", "key/1", &foreign).await), Some(Code::NotOwner));
}

#[tokio::test]
async fn the_directory_is_signed_anew_before_it_runs_out() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let first = hub.gateway.document().unwrap();
    hub.gateway.tick().await.unwrap();
    assert_eq!(hub.gateway.document().unwrap().version, first.version);
    hub.clock.advance(13 * 3_600);
    hub.gateway.tick().await.unwrap();
    let next = hub.gateway.document().unwrap();
    assert_eq!(next.version, first.version + 1);
    let previous = payload(&next.compact)["previous"].clone();
    assert_eq!(previous, Digest::of(&first.compact).to_string());
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn nobody_is_addressed_who_does_not_take_part() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    for (to, expected) in [("nobody", Some(Code::PeerUnknown)), ("jiashan", None)] {
        let aud = id("gateway");
        let key = hub.key("qingpu");
        let composer = talent_gateway::message::Composer { schemas: &hub.schemas, key, aud: &aud };
        let ty = talent_gateway::domain::registry::MessageType::Certification;
        let body = certification(&format!("to-{to}"), 1, "issue", token(1));
        let jti = talent_gateway::domain::ports::Ids::uuid_v7(&*hub.ids);
        let now = talent_gateway::domain::ports::Clock::now(&*hub.clock);
        let message = composer.compose(ty, &body, now, jti, Some(id(to))).unwrap();
        let reply = hub.gateway.accept(&id("qingpu"), message.compact.as_bytes()).await.unwrap();
        assert_eq!(refused(&reply), expected, "{to}");
    }
    let feed = hub.gateway.feed(&id("jiashan"), 0).await.unwrap();
    assert_eq!(feed.len(), 1);
    assert_eq!(hub.gateway.feed(&id("nobody"), 0).await.unwrap(), []);
}

#[tokio::test]
async fn a_tokenisers_key_is_registered_by_whoever_can_evaluate_under_it() {
    use talent_gateway::domain::registry::MessageType;
    use talent_gateway::jws::{KeyUse, possession_text};
    use talent_gateway::oprf::{possession, server::Key};
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let nonce = "0123456789abcdef01234A";
    let (key, thief) = (Key::derive(&[9; 32], 2).unwrap(), Key::derive(&[8; 32], 2).unwrap());
    let entropy = talent_gateway::synth::SeededEntropy::new(1);
    let proof = |by: &Key, kid: &str, of: &Key, nonce: &str| {
        let kid = kid.parse().unwrap();
        let text = possession_text(&kid, KeyUse::Oprf, &of.public().to_bytes(), nonce).unwrap();
        possession::prove(by, text.as_bytes(), &entropy).unwrap()
    };
    let kid = "tokeniser#oprf-2";
    let body = |epoch: u32, proof: &str| {
        json!({
            "action": "register", "kid": kid, "use": "oprf", "epoch": epoch, "nonce": nonce,
            "jwk": { "kty": "OKP", "crv": "ristretto255", "x": key.public().to_string() },
            "nbf": support::START, "exp": support::START + 86_400, "proof": proof
        })
    };
    let good = proof(&key, kid, &key, nonce);
    let old = Key::derive(&[9; 32], 1).unwrap();
    for (name, body, expected) in [
        ("nothing", body(2, &"A".repeat(128)), Code::KeyProof),
        ("a signature's length", body(2, &good[..86]), Code::KeyProof),
        ("another key", body(2, &proof(&thief, kid, &key, nonce)), Code::KeyProof),
        ("that of another key", body(2, &proof(&thief, kid, &thief, nonce)), Code::KeyProof),
        ("of the epoch before", body(2, &proof(&old, kid, &key, nonce)), Code::KeyProof),
        ("another name", body(2, &proof(&key, "tokeniser#oprf-3", &key, nonce)), Code::KeyProof),
        (
            "an old nonce",
            body(2, &proof(&key, kid, &key, &nonce.replace('0', "9"))),
            Code::KeyProof,
        ),
        ("an epoch that is", body(1, &good), Code::EpochUnknown),
    ] {
        let refusal = hub.gateway.operate(MessageType::Key, &body).await.unwrap_err();
        assert_eq!(refusal.code, expected, "{name}");
    }
    hub.gateway.operate(MessageType::Key, &body(2, &good)).await.unwrap();
    let again = hub.gateway.operate(MessageType::Key, &body(2, &good)).await.unwrap_err();
    assert_eq!(again.code, Code::KeyTaken);
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}
