//! What is there before the first story: example policies that some stories need and no document
//! holds, one joint rule, and rules of recognition in place of lists that nobody has decided yet. All of
//! them say that they are invented.

use serde_json::{Value, json};

use super::plain::District;
use super::teller::month;
use crate::domain::funding::facts::RuleFacts;
use crate::domain::time::Month;

/// From this month on Wujiang and Jiashan give one purchase benefit only.
pub(super) fn joint_rule_from() -> Month {
    month(2023, 1)
}

/// Policies that stories need beside the catalogue: `funding.policy/1` of their districts.
pub fn policies() -> Vec<(District, Value)> {
    let policy = |district: District, name: &str, zh: &str, kind: &str, level: &str| {
        let body = json!({
            "id": format!("{}/{name}", district.id()),
            "version": 1,
            "district": district.id(),
            "name": { "zh": format!("示例：{zh}"), "en": format!("Example: {name}") },
            "kinds": [kind],
            "level": level,
            "beneficiaries": ["person"],
            "amount": { "unit": "unspecified" },
            "source": { "document": format!("example-{}", district.id()), "article": "示例" },
            "validity": { "from": "2018-01-01" },
            "status": "example",
        });
        (district, body)
    };
    let changning = District::Changning;
    vec![
        policy(changning, "example-city-rent", "市级租房补贴", "rent-or-apartment", "city"),
        policy(changning, "example-national-award", "国家人才计划奖励", "award", "national"),
        policy(District::Jiashan, "example-cofunding", "博士后共担", "co-funding", "district"),
    ]
}

/// Rules of recognition beside those that ship with the binary: `recognition.rule/1` of their districts.
/// They open services, count diplomas and refuse, which no document that is held does. They are in force in
/// the exchange that is played, as examples decide nothing.
pub fn recognition_rules() -> Vec<(District, Value)> {
    [of_services(), of_purposes()].concat()
}

fn of_services() -> Vec<(District, Value)> {
    let jiaxing = json!({ "participants": ["jiashan"], "regions": ["330400", "330421"] });
    let senior = ["顶尖", "高端", "高级"];
    let medical = ["medical", "education"];
    let (q, w, c) = (District::Qingpu, District::Wujiang, District::Changning);
    let served = |to: District, id: &str, object: &str, issuer: &Value, more: Value| {
        let mut more = more;
        more["purposes"] = json!(["service"]);
        rule((to, id), (object, issuer), more)
    };
    let seconded = json!([{
        "need": { "kind": "affiliation", "mode": "secondment", "regions": ["320509"] },
        "text": { "zh": "来吴挂职或柔性流动", "en": "seconded to Wujiang" },
        "by_upload": true, "citation": cited(),
    }]);
    let class = json!({ "kind": "class", "class": { "scheme": "wujiang-example", "class": "C" } });
    vec![
        served(
            q,
            "synth-jiaxing-medical",
            "certification",
            &jiaxing,
            json!({
                "scheme": "jiaxing-talent", "classes": senior, "services": medical,
                "effect": "valid-directly",
            }),
        ),
        served(
            q,
            "synth-jiaxing-basic",
            "certification",
            &jiaxing,
            json!({
                "scheme": "jiaxing-talent", "classes": ["基础"], "services": medical,
                "effect": "not-recognised",
            }),
        ),
        served(
            w,
            "synth-qingpu-apartment",
            "certification",
            &json!({ "participants": ["qingpu"], "regions": ["310118"] }),
            json!({
                "scheme": "qingpu-housing", "classes": ["C", "D"], "services": ["talent-apartment"],
                "effect": "valid-directly", "local": class, "preconditions": seconded,
            }),
        ),
        served(
            c,
            "synth-skilled-training",
            "skill",
            &json!({ "participants": ["jiashan", "wujiang"], "regions": ["320000", "330000"] }),
            json!({
                "scheme": "skill-level-five", "classes": ["一级", "二级"],
                "services": ["public-training"], "effect": "valid-directly",
            }),
        ),
    ]
}

fn of_purposes() -> Vec<(District, Value)> {
    let full_time = json!([{
        "need": { "kind": "full-time", "value": true },
        "text": { "zh": "全日制学历", "en": "full-time study" },
        "by_upload": true, "citation": cited(),
    }]);
    vec![
        rule(
            (District::Wujiang, "synth-graduates"),
            (
                "education",
                &json!({ "participants": ["jiashan", "qingpu"], "regions": ["310000", "330000"] }),
            ),
            json!({
                "scheme": "education-gbt4658", "classes": ["11", "14", "21"],
                "purposes": ["points", "funding"], "effect": "valid-directly", "preconditions": full_time,
            }),
        ),
        rule(
            (District::Jiashan, "synth-apprentices"),
            ("skill", &json!({ "participants": ["qingpu"], "regions": ["310000"] })),
            json!({
                "scheme": "skill-level-eight", "classes": ["学徒工"], "purposes": ["appointment"],
                "effect": "not-recognised",
            }),
        ),
    ]
}

fn cited() -> Value {
    json!({ "document": "虚构：合成数据专用", "article": "虚构" })
}

fn rule(
    (to, id): (District, &str),
    (object, issuer): (&str, &Value),
    more: Value,
) -> (District, Value) {
    let from = issuer["participants"].as_array().into_iter().flatten();
    let districts: Vec<&str> =
        from.filter_map(Value::as_str).chain(std::iter::once(to.id())).collect();
    let mut body = json!({
        "rule": id, "revision": 1, "recogniser": to.id(), "object": object, "issuer": issuer,
        "scope": { "kind": "districts", "districts": districts },
        "decided_by": "虚构，未经任何机关决定", "citation": cited(), "document_version": "synth-1",
        "source_check": "reported", "validity": { "from": "2024-01-01" }, "status": "in-force",
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    (to, body)
}

/// The joint rule: `funding.joint-rule/1`, in effect once both districts have consented.
pub fn joint_rule() -> (District, Value) {
    let body = json!({
        "rule": "synth-one-purchase",
        "districts": [District::Wujiang.id(), District::Jiashan.id()],
        "kinds": ["housing-purchase", "settling-in-or-purchase"],
        "effect": "one-only",
        "validity": { "from": joint_rule_from().first_day() },
        "citation": { "document": "example-joint-rule", "article": "示例" },
    });
    (District::Wujiang, body)
}

/// Adds the prelude to the rules of the catalogue.
///
/// # Errors
/// When a body is not of the form of its type, which a test rules out.
pub fn fill(rules: &mut RuleFacts) -> Result<(), serde_json::Error> {
    for (_, body) in policies() {
        rules.add_policy(serde_json::from_value(body)?);
    }
    rules.add_joint_rule(serde_json::from_value(joint_rule().1)?);
    Ok(())
}
