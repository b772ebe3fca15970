//! Claims, audience and time; receipts and answers: longer than other files because it is all tables.

use serde_json::{Value, json};

use super::vector::{HEADER, NOW, Vector, claims, claims_with, message, seal};

pub fn vectors() -> Vec<Vector> {
    let mut all = malformed();
    all.extend(audience_and_time());
    all.extend(receipts());
    all
}

#[expect(clippy::too_many_lines, reason = "one table")]
fn malformed() -> Vec<Vector> {
    let changed = |(id, zh, en, member, value): (&str, &str, &str, &str, Value)| {
        Vector::new(id, zh, en, message(&claims_with(member, value)), "claims-invalid")
    };
    let mut all: Vec<_> = ["iss", "aud", "iat", "exp", "jti", "mt", "sch", "body"]
        .map(|name| {
            let (id, zh, en) = (format!("no-{name}"), format!("缺少 {name}"), format!("no {name}"));
            changed((&id, &zh, &en, name, Value::Null))
        })
        .into();
    let digest = "AB".repeat(32);
    all.extend(
        [
            ("aud-array", "aud 为数组", "aud is an array", "aud", json!(["gateway"])),
            (
                "aud-array-two",
                "aud 为两项数组",
                "aud is an array of two",
                "aud",
                json!(["gateway", "tokeniser"]),
            ),
            ("iss-case", "iss 大写", "iss in upper case", "iss", json!("Qingpu")),
            (
                "jti-case",
                "jti 大写",
                "jti in upper case",
                "jti",
                json!("01999999-0000-7000-8000-00000000000A"),
            ),
            (
                "jti-v4",
                "jti 为 UUIDv4",
                "jti is a UUIDv4",
                "jti",
                json!("01999999-0000-4000-8000-000000000001"),
            ),
            (
                "jti-plain",
                "jti 无连字符",
                "jti without hyphens",
                "jti",
                json!("01999999000070008000000000000001"),
            ),
            (
                "jti-braces",
                "jti 带括号",
                "jti in braces",
                "jti",
                json!("{01999999-0000-7000-8000-000000000001}"),
            ),
            ("iat-text", "iat 为文本", "iat is text", "iat", json!("1790000000")),
            ("iat-negative", "iat 为负", "iat is negative", "iat", json!(-1)),
            ("exp-before-iat", "exp 早于 iat", "exp before iat", "exp", json!(NOW - 11)),
            (
                "mt-no-major",
                "mt 无主版本",
                "mt without a major version",
                "mt",
                json!("certification"),
            ),
            (
                "mt-zero",
                "mt 主版本带前导零",
                "major version of mt with a leading zero",
                "mt",
                json!("certification/01"),
            ),
            (
                "sch-case",
                "sch 摘要为大写",
                "digest of sch in upper case",
                "sch",
                json!({"uri": "x", "sha256": digest}),
            ),
            (
                "sch-open",
                "sch 有多余成员",
                "another member in sch",
                "sch",
                json!({"uri": "x", "sha256": "ab".repeat(32), "url": "x"}),
            ),
            ("unknown-claim", "未知声明", "an unknown claim", "admin", json!(true)),
            ("nbf", "含 nbf", "a claim nbf", "nbf", json!(NOW)),
            ("vc", "含 vc", "a claim vc", "vc", json!({})),
            ("irt-text", "irt 不是 UUID", "irt is no UUID", "irt", json!("x")),
            ("body-array", "body 为数组", "body is an array", "body", json!([])),
        ]
        .map(changed),
    );
    for (id, zh, en, payload) in [
        ("array", "载荷为数组", "the payload is an array", "[]"),
        ("null", "载荷为 null", "the payload is null", "null"),
    ] {
        let compact = seal("qingpu#message-1", HEADER, payload);
        all.push(Vector::new(id, zh, en, compact, "claims-invalid"));
    }
    all
}

fn audience_and_time() -> Vec<Vector> {
    let plain = message(&claims());
    let long = message(&claims_with("exp", json!(NOW + 891)));
    let far = message(&claims_with("exp", json!(9_007_199_254_740_991_i64)));
    vec![
        Vector::new(
            "aud-other",
            "aud 为另一服务",
            "aud names another service",
            message(&claims_with("aud", json!("tokeniser"))),
            "audience-mismatch",
        ),
        Vector::new("expired", "已过期 121 秒", "expired 121 s ago", plain.clone(), "expired")
            .now(NOW + 411),
        Vector::new("future", "签发时间超前 121 秒", "dated 121 s ahead", plain, "not-yet-valid")
            .now(NOW - 131),
        Vector::new(
            "lifetime",
            "有效时长 901 秒",
            "a lifetime of 901 s",
            long,
            "lifetime-too-long",
        ),
        Vector::new(
            "lifetime-huge",
            "有效时长极大",
            "an enormous lifetime",
            far,
            "lifetime-too-long",
        ),
    ]
}

/// A good receipt, for the message of all vectors.
pub fn receipt() -> Value {
    json!({
        "iss": "gateway", "aud": "qingpu", "iat": NOW - 5,
        "jti": "01999999-0000-7000-8000-000000000002",
        "msg": {"iss": "qingpu", "jti": "01999999-0000-7000-8000-000000000001", "sha256": "cd".repeat(32)},
        "res": {"outcome": "accepted"},
        "log": {"origin": "log.example/2026", "index": 7},
    })
}

/// A good answer.
pub fn answer() -> Value {
    let mut answer = receipt();
    let members = answer.as_object_mut().unwrap();
    members.remove("res");
    members.insert("irt".into(), json!("01999999-0000-7000-8000-000000000001"));
    members.insert("known_at".into(), json!(7));
    members.insert("coverage".into(), json!({"districts": []}));
    members.insert("body".into(), json!({"records": []}));
    answer
}

#[expect(clippy::too_many_lines, reason = "one table")]
fn receipts() -> Vec<Vector> {
    let sealed = |typ: &str, payload: &Value| {
        let header = json!({"alg": "EdDSA", "typ": typ, "kid": "gateway#receipt-1"});
        seal("gateway#receipt-1", header.to_string(), payload.to_string())
    };
    let changed = |good: Value, member: &str, value: Value| {
        let mut bad = good;
        bad[member] = value;
        bad
    };
    let receipt_vector = |id, zh, en, payload: Value, expect| {
        Vector::new(id, zh, en, sealed("ydt-receipt+jwt", &payload), expect)
            .typ("ydt-receipt+jwt", "qingpu")
    };
    let irt = changed(answer(), "irt", json!("01999999-0000-7000-8000-000000000003"));
    let mut shown = receipt_vector(
        "receipt-other-reader",
        "把回执出示给他人",
        "a receipt shown to another",
        receipt(),
        "audience-mismatch",
    );
    shown.audience = "jiashan".into();
    vec![
        shown,
        receipt_vector(
            "receipt-exp",
            "回执含 exp",
            "a receipt with exp",
            changed(receipt(), "exp", json!(NOW)),
            "claims-invalid",
        ),
        receipt_vector(
            "receipt-aud",
            "aud 不是消息的签发方",
            "aud is not the issuer of the message",
            changed(receipt(), "aud", json!("jiashan")),
            "claims-invalid",
        ),
        receipt_vector(
            "receipt-accepted-code",
            "接受的回执含代码",
            "an accepting receipt with a code",
            changed(receipt(), "res", json!({"outcome": "accepted", "code": "expired"})),
            "claims-invalid",
        ),
        receipt_vector(
            "receipt-rejected-no-code",
            "拒收回执无代码",
            "a refusal without a code",
            changed(receipt(), "res", json!({"outcome": "rejected"})),
            "claims-invalid",
        ),
        receipt_vector(
            "receipt-iss",
            "iss 不是 kid 的所有者",
            "iss does not own kid",
            changed(receipt(), "iss", json!("tokeniser")),
            "issuer-mismatch",
        ),
        Vector::new(
            "answer-irt",
            "irt 与 msg.jti 不一致",
            "irt differs from msg.jti",
            sealed("ydt-answer+jwt", &irt),
            "claims-invalid",
        )
        .typ("ydt-answer+jwt", "qingpu"),
        Vector::new(
            "answer-as-receipt",
            "把答复当作回执",
            "an answer taken for a receipt",
            sealed("ydt-answer+jwt", &answer()),
            "jws-type",
        )
        .typ("ydt-receipt+jwt", "qingpu"),
    ]
}
