//! What must be taken, so that a verifier that refuses everything fails too.

use serde_json::{Value, json};

use super::claims::{answer, receipt};
use super::vector::{HEADER, NOW, Vector, claims, claims_with, message, seal};

pub fn vectors() -> Vec<Vector> {
    let mut all = messages();
    all.extend(other_types());
    all
}

fn messages() -> Vec<Vector> {
    let ok = |id, zh, en, compact| Vector::new(id, zh, en, compact, "ok");
    let plain = message(&claims());
    let header = HEADER.replace("EdDSA", "Ed25519");
    let spaced =
        "{ \"kid\" : \"qingpu#message-1\",\n\"typ\":\"ydt-msg+jwt\" , \"\\u0061lg\":\"EdDSA\"}";
    let mut deep = json!({});
    for _ in 0..13 {
        deep = json!([deep]);
    }
    let numbers = json!({"n": [9_007_199_254_740_991_i64, -9_007_199_254_740_991_i64, 0]});
    let escaped = claims().to_string().replace("qingpu-2024", r"\u9752\ud83d\ude00·");
    let mut replying = claims_with("to", json!("jiashan"));
    replying["irt"] = json!("01999999-0000-7000-8000-000000000000");
    vec![
        ok("message", "普通消息", "a plain message", plain.clone()),
        ok(
            "alg-ed25519",
            "alg 为 Ed25519",
            "alg named Ed25519",
            seal("qingpu#message-1", header, claims().to_string()),
        ),
        ok(
            "header-order",
            "头部成员次序、空白和转义不限",
            "header members in any order, with white space and escapes",
            seal("qingpu#message-1", spaced, claims().to_string()),
        ),
        ok("optional-claims", "含 to 与 irt", "with to and irt", message(&replying)),
        ok(
            "depth-16",
            "嵌套恰为 16 层",
            "nested exactly 16 deep",
            message(&claims_with("body", json!({"a": deep}))),
        ),
        ok(
            "integers",
            "整数恰在边界",
            "integers exactly at the bounds",
            message(&claims_with("body", numbers)),
        ),
        ok(
            "escapes",
            "合规的代理对转义",
            "a proper surrogate pair, escaped",
            seal("qingpu#message-1", HEADER, escaped),
        ),
        ok("skew-early", "签发时间超前 120 秒", "dated 120 s ahead", plain.clone()).now(NOW - 130),
        ok("skew-late", "过期 120 秒", "expired 120 s ago", plain).now(NOW + 410),
    ]
}

fn other_types() -> Vec<Vector> {
    let ok = |id, zh, en, compact| Vector::new(id, zh, en, compact, "ok");
    let typed = |kid: &str, typ: &str, payload: &Value| {
        let header = json!({"alg": "EdDSA", "typ": typ, "kid": kid});
        seal(kid, header.to_string(), payload.to_string())
    };
    let mut operator = claims_with("mt", json!("key/1"));
    operator["iss"] = json!("gateway");
    let mut own = ok(
        "directory-key-message",
        "运营方以 directory 密钥签发 key/1",
        "key/1 under the operator's directory key",
        typed("gateway#directory-1", "ydt-msg+jwt", &operator),
    );
    own.peer = "gateway".into();
    let mut rejected = receipt();
    rejected["res"] = json!({"outcome": "rejected", "code": "schema-violation"});
    let vc = json!({"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": "qingpu#credential-1", "x-note": [1]});
    let credential = json!({"iss": "qingpu", "issuer": "qingpu"}).to_string();
    vec![
        own,
        ok(
            "receipt",
            "回执",
            "a receipt",
            typed("gateway#receipt-1", "ydt-receipt+jwt", &receipt()),
        )
        .typ("ydt-receipt+jwt", "qingpu"),
        ok(
            "receipt-rejected",
            "拒收回执",
            "a refusal receipt",
            typed("gateway#receipt-1", "ydt-receipt+jwt", &rejected),
        )
        .typ("ydt-receipt+jwt", "qingpu"),
        ok("answer", "答复", "an answer", typed("gateway#receipt-1", "ydt-answer+jwt", &answer()))
            .typ("ydt-answer+jwt", "qingpu"),
        ok(
            "credential",
            "凭证：忽略不认识的头部成员（VC-JOSE-COSE）",
            "a credential: header members not understood are ignored (VC-JOSE-COSE)",
            seal("qingpu#credential-1", vc.to_string(), credential),
        )
        .typ("vc+jwt", "qingpu"),
    ]
}
