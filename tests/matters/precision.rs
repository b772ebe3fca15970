//! Precision per rule is measured from outcomes; below the threshold a rule only hints.

use std::sync::Arc;

use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use serde_json::json;
use talent_gateway::api::metrics::GatewayCollector;

use super::support::token;
use super::world::{RENT, accepted, check, finding, hub, operators, rebuild_agrees, worklist};

#[tokio::test]
async fn a_rule_that_people_keep_excluding_becomes_a_hint() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let sanction = json!({
        "sanction": "s1", "kind": "person-debarred", "subject": token(1), "start": "2026-01-01",
        "end": { "years": 3 }, "ground": 1,
        "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）4" }
    });
    accepted(&hub.send("qingpu", "integrity.sanction/1", &sanction).await);
    let (position, assessment) = check(&hub, "qingpu", RENT, token(1)).await;
    let found = finding(&assessment, "R22").unwrap().clone();
    let rule = found["rule"].as_str().unwrap().to_owned();
    let strict = assessment["verdict"].clone();
    let outcome = |position: u64, id: &serde_json::Value, what: &str| {
        let reason = if what == "confirmed" { "condition-unmet" } else { "different-benefit" };
        json!({
            "assessment": { "jti": "01920000-0000-7000-8000-000000000001", "position": position },
            "finding": id, "outcome": what, "reason": reason, "operators": operators()
        })
    };
    let hint = async || {
        let (_, assessment) = check(&hub, "qingpu", RENT, token(1)).await;
        let found = finding(&assessment, &rule).unwrap().clone();
        (found["hint"] == true, found["outcome"].clone(), found["class"].clone(), assessment)
    };
    assert!(!hint().await.0);
    // The same finding twice counts once: the later outcome stands.
    accepted(
        &hub.send("qingpu", "finding.outcome/1", &outcome(position, &found["id"], "confirmed"))
            .await,
    );
    accepted(
        &hub.send("qingpu", "finding.outcome/1", &outcome(position, &found["id"], "excluded"))
            .await,
    );
    for n in 1..30 {
        assert!(!hint().await.0, "{n}: a small sample says nothing");
        let (position, _) = check(&hub, "qingpu", RENT, token(1)).await;
        accepted(
            &hub.send("qingpu", "finding.outcome/1", &outcome(position, &found["id"], "excluded"))
                .await,
        );
    }
    let (hinted, outcome, class, assessment) = hint().await;
    assert!(hinted, "{assessment:#}");
    assert_eq!((outcome, class), (json!("REFER"), json!("notice")));
    assert_eq!(strict, "BARRED", "it was stricter before");
    let text = finding(&assessment, &rule).unwrap()["text"]["zh"].to_string();
    assert!(text.contains("仅作提示"), "{text}");
    let list = worklist(&hub, "jiashan", json!({ "include": ["precision"] })).await;
    let row = &list["precision"]["rules"][0];
    assert_eq!(row["rule"], json!(rule));
    assert_eq!(row["counted"], json!({ "confirmed": 0, "excluded": 30, "pending": 0 }));
    assert_eq!((&row["permille"], &row["hint"]), (&json!(0), &json!(true)));
    let mut registry = Registry::default();
    registry.register_collector(Box::new(GatewayCollector(Arc::clone(&hub.gateway))));
    hub.gateway.measure_precision().await.unwrap();
    let mut text = String::new();
    encode(&mut text, &registry).unwrap();
    for line in [
        "ydt_rule_decided{rule=\"R22\"} 30",
        "ydt_rule_precision_permille{rule=\"R22\"} 0",
        "ydt_rule_hint{rule=\"R22\"} 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("qingpu"), "rules only:\n{text}");
    rebuild_agrees(&hub).await;
}
