//! Which key may sign what, for whom, when.

use serde_json::{Value, json};

use super::claims::receipt;
use super::vector::{HEADER, NOW, Vector, claims, claims_with, message, seal};

pub fn vectors() -> Vec<Vector> {
    let mut all = standing();
    all.extend(owners());
    all.extend(uses());
    all
}

fn standing() -> Vec<Vector> {
    let plain = message(&claims());
    let refused = |id, zh, en, expect| Vector::new(id, zh, en, plain.clone(), expect);
    vec![
        refused("revoked", "密钥已吊销", "the key is revoked", "key-revoked")
            .key_member("revoked_from", json!(NOW - 5)),
        refused(
            "revoked-now",
            "密钥此刻起吊销",
            "the key is revoked from this second on",
            "key-revoked",
        )
        .key_member("revoked_from", json!(NOW)),
        refused("expired", "密钥已过期", "the key has expired", "key-not-valid")
            .key_member("exp", json!(NOW)),
        refused("not-yet", "密钥尚未生效", "the key is not valid yet", "key-not-valid")
            .key_member("nbf", json!(NOW + 1)),
        refused(
            "not-at-iat",
            "密钥在 iat 时尚未生效",
            "the key was not valid at iat",
            "key-not-valid",
        )
        .key_member("nbf", json!(NOW - 1)),
        refused("unregistered", "未登记的密钥", "the key is not registered", "key-unknown")
            .key_member("kid", json!("qingpu#message-2")),
    ]
}

fn owners() -> Vec<Vector> {
    let plain = message(&claims());
    let mut stranger = Vector::new(
        "peer",
        "证书属于另一参与方",
        "the certificate names another participant",
        plain,
        "peer-mismatch",
    );
    stranger.peer = "jiashan".into();
    let other = HEADER.replace("qingpu", "jiashan");
    vec![
        stranger,
        Vector::new(
            "iss",
            "iss 不是 kid 的所有者",
            "iss does not own kid",
            message(&claims_with("iss", json!("jiashan"))),
            "issuer-mismatch",
        ),
        Vector::new(
            "borrowed-kid",
            "以自己的密钥冒用他人 kid",
            "signed by one's own key under another's kid",
            seal("jiashan#message-1", HEADER, claims().to_string()),
            "signature-invalid",
        ),
        Vector::new(
            "own-kid-other-iss",
            "以自己的 kid 冒用他人 iss",
            "one's own kid with another's iss",
            seal("jiashan#message-1", other, claims().to_string()),
            "issuer-mismatch",
        ),
    ]
}

fn uses() -> Vec<Vector> {
    let typed = |kid: &str, typ: &str, payload: &Value| {
        let header = json!({"alg": "EdDSA", "typ": typ, "kid": kid});
        seal(kid, header.to_string(), payload.to_string())
    };
    let gateway = claims_with("iss", json!("gateway"));
    let mut by_directory = Vector::new(
        "directory-for-record",
        "以 directory 密钥签发业务消息",
        "a directory key signs a record",
        typed("gateway#directory-1", "ydt-msg+jwt", &gateway),
        "key-use",
    );
    by_directory.peer = "gateway".into();
    let mut mine = receipt();
    mine["iss"] = json!("qingpu");
    vec![
        by_directory,
        Vector::new(
            "receipt-for-message",
            "以 receipt 密钥签发消息",
            "a receipt key signs a message",
            typed("gateway#receipt-1", "ydt-msg+jwt", &gateway),
            "key-use",
        ),
        Vector::new(
            "credential-for-message",
            "以 credential 密钥签发消息",
            "a credential key signs a message",
            typed("qingpu#credential-1", "ydt-msg+jwt", &claims()),
            "key-use",
        ),
        Vector::new(
            "message-for-receipt",
            "以 message 密钥签发回执",
            "a message key signs a receipt",
            typed("qingpu#message-1", "ydt-receipt+jwt", &mine),
            "key-use",
        )
        .typ("ydt-receipt+jwt", "qingpu"),
        Vector::new(
            "message-for-directory",
            "以 message 密钥签发目录",
            "a message key signs a directory",
            typed("qingpu#message-1", "ydt-directory+jwt", &json!({})),
            "key-use",
        )
        .typ("ydt-directory+jwt", "qingpu"),
        Vector::new(
            "message-for-credential",
            "以 message 密钥签发凭证",
            "a message key signs a credential",
            typed("qingpu#message-1", "vc+jwt", &json!({})),
            "key-use",
        )
        .typ("vc+jwt", "qingpu"),
        Vector::new(
            "message-for-participant",
            "以 message 密钥签发 participant/1",
            "a message key signs participant/1",
            message(&claims_with("mt", json!("participant/1"))),
            "key-use",
        ),
    ]
}
