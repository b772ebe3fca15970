//! What is there before the first story: example policies that some stories need and no document
//! holds, and one joint rule. Both say that they are examples.

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
