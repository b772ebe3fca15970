//! Header members, algorithm names and types: longer than other files because it is all tables.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};

use super::vector::{HEADER, Vector, b64, claims, key, seal};

pub fn vectors() -> Vec<Vector> {
    let mut all = algorithms();
    all.extend(types_and_key_ids());
    all.extend(members());
    all.extend(texts());
    all
}

/// A well-signed message whose header has `member` set, or taken away by null.
fn with(member: &str, value: Value) -> String {
    let mut header: Value = serde_json::from_str(HEADER).unwrap();
    match value {
        Value::Null => drop(header.as_object_mut().unwrap().remove(member)),
        value => header[member] = value,
    }
    seal("qingpu#message-1", header.to_string(), claims().to_string())
}

fn algorithms() -> Vec<Vector> {
    let refused = |id: &str, name: &str| {
        let (zh, en) = (format!("alg 为 {name}"), format!("alg named {name}"));
        Vector::new(id, &zh, &en, with("alg", json!(name)), "algorithm-not-allowed")
    };
    let mut all: Vec<_> = [
        ("alg-none", "none"),
        ("alg-none-case", "nOnE"),
        ("alg-hs256-name", "HS256"),
        ("alg-rs256", "RS256"),
        ("alg-es256", "ES256"),
        ("alg-ed448", "Ed448"),
        ("alg-case", "eddsa"),
        ("alg-sm2", "urn:oid:1.2.156.10197.1.501"),
        ("alg-empty", ""),
    ]
    .map(|(id, name)| refused(id, name))
    .into();
    let unsigned = |alg: &str| {
        let header = HEADER.replace("EdDSA", alg);
        format!("{}.{}", b64(header), b64(claims().to_string()))
    };
    // Key confusion: the public key, which everyone knows, used as an HMAC secret.
    let public = *key("qingpu#message-1").public().as_bytes();
    let mut mac_256 = Hmac::<Sha256>::new_from_slice(&public).unwrap();
    mac_256.update(unsigned("HS256").as_bytes());
    let mac_256 = b64(mac_256.finalize().into_bytes());
    let mut mac_512 = Hmac::<Sha512>::new_from_slice(&public).unwrap();
    mac_512.update(unsigned("HS512").as_bytes());
    let mac_512 = b64(mac_512.finalize().into_bytes());
    all.extend([
        Vector::new(
            "alg-none-unsigned",
            "alg 为 none 且无签名",
            "alg none without a signature",
            format!("{}.", unsigned("none")),
            "jws-malformed",
        ),
        Vector::new(
            "alg-hs256",
            "以公钥作 HMAC 密钥（HS256）",
            "the public key as HMAC secret (HS256)",
            format!("{}.{mac_256}", unsigned("HS256")),
            "jws-malformed",
        ),
        Vector::new(
            "alg-hs512",
            "以公钥作 HMAC 密钥（HS512，64 字节）",
            "the public key as HMAC secret (HS512, 64 bytes)",
            format!("{}.{mac_512}", unsigned("HS512")),
            "algorithm-not-allowed",
        ),
        Vector::new("alg-missing", "缺少 alg", "no alg", with("alg", Value::Null), "jws-header"),
        Vector::new(
            "alg-list",
            "alg 为数组",
            "alg is an array",
            with("alg", json!(["EdDSA"])),
            "jws-header",
        ),
        Vector::new(
            "alg-not-for-key",
            "该密钥只允许 EdDSA",
            "the key allows EdDSA only",
            with("alg", json!("Ed25519")),
            "algorithm-not-allowed",
        )
        .key_member("alg", json!(["EdDSA"])),
    ]);
    all
}

fn types_and_key_ids() -> Vec<Vector> {
    let long = format!("qingpu#{}", "a".repeat(122));
    [
        ("typ-missing", "缺少 typ", "no typ", with("typ", Value::Null), "jws-header"),
        (
            "typ-case",
            "typ 大小写不符",
            "typ in another case",
            with("typ", json!("YDT-MSG+JWT")),
            "jws-type",
        ),
        ("typ-jwt", "typ 为 JWT", "typ named JWT", with("typ", json!("JWT")), "jws-type"),
        (
            "typ-media-type",
            "typ 带 application/ 前缀",
            "typ with the prefix application/",
            with("typ", json!("application/ydt-msg+jwt")),
            "jws-type",
        ),
        (
            "typ-receipt",
            "消息入口收到回执类型",
            "a receipt at the entry point for messages",
            with("typ", json!("ydt-receipt+jwt")),
            "jws-type",
        ),
        (
            "typ-reserved",
            "保留类型 ydt-enc+jwt",
            "the reserved type ydt-enc+jwt",
            with("typ", json!("ydt-enc+jwt")),
            "jws-type",
        ),
        ("kid-missing", "缺少 kid", "no kid", with("kid", Value::Null), "jws-header"),
        (
            "kid-path",
            "kid 为路径",
            "kid is a path",
            with("kid", json!("../../etc/passwd#x")),
            "jws-header",
        ),
        (
            "kid-sql",
            "kid 含 SQL",
            "kid holds SQL",
            with("kid", json!("qingpu#x' OR '1'='1")),
            "jws-header",
        ),
        (
            "kid-url",
            "kid 为网址",
            "kid is an address",
            with("kid", json!("https://example.com/keys#1")),
            "jws-header",
        ),
        (
            "kid-no-name",
            "kid 无密钥名",
            "kid without a key name",
            with("kid", json!("qingpu")),
            "jws-header",
        ),
        ("kid-long", "kid 为 129 字节", "kid of 129 bytes", with("kid", json!(long)), "jws-header"),
    ]
    .map(|(id, zh, en, compact, expect)| Vector::new(id, zh, en, compact, expect))
    .into()
}

/// Members that a header may never hold.
fn forbidden() -> Vec<(&'static str, &'static str, Value)> {
    let jwk = json!(key("qingpu#message-1").public().to_jwk());
    vec![
        ("crit-empty", "crit", json!([])),
        ("crit-exp", "crit", json!(["exp"])),
        ("crit-b64", "crit", json!(["b64"])),
        ("jwk", "jwk", jwk),
        ("jku", "jku", json!("https://example.com/jwks.json")),
        ("x5u", "x5u", json!("https://example.com/chain.pem")),
        ("x5c", "x5c", json!(["MIIB"])),
        ("x5t", "x5t", json!("AAAA")),
        ("x5t-s256", "x5t#S256", json!("AAAA")),
        ("b64-true", "b64", json!(true)),
        ("b64-false", "b64", json!(false)),
        ("zip", "zip", json!("DEF")),
    ]
}

fn members() -> Vec<Vector> {
    let mut all = Vec::new();
    for (id, member, value) in forbidden() {
        let (zh, en) = (format!("消息头部含 {member}"), format!("{member} in a message header"));
        all.push(Vector::new(id, &zh, &en, with(member, value.clone()), "jws-header"));
        let mut header = json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": "qingpu#credential-1"});
        header[member] = value;
        let compact = seal("qingpu#credential-1", header.to_string(), "{}");
        let (zh, en) = (format!("凭证头部含 {member}"), format!("{member} in a credential header"));
        let vector = Vector::new(&format!("vc-{id}"), &zh, &en, compact, "jws-header");
        all.push(vector.typ("vc+jwt", "qingpu"));
    }
    let other =
        json!({"alg": "EdDSA", "typ": "vc+jwt", "cty": "jwt", "kid": "qingpu#credential-1"});
    let other = seal("qingpu#credential-1", other.to_string(), "{}");
    all.extend([
        Vector::new(
            "cty-message",
            "消息头部含 cty",
            "cty in a message header",
            with("cty", json!("vc")),
            "jws-header",
        ),
        Vector::new(
            "unknown-member",
            "未知头部成员",
            "an unknown header member",
            with("iat", json!(1)),
            "jws-header",
        ),
        Vector::new(
            "vc-cty",
            "凭证 cty 不是 vc",
            "cty of a credential is not vc",
            other,
            "jws-header",
        )
        .typ("vc+jwt", "qingpu"),
    ]);
    all
}

fn texts() -> Vec<Vector> {
    let sealed = |header: &[u8]| seal("qingpu#message-1", header, claims().to_string());
    let start = HEADER.trim_end_matches('}');
    let duplicate = |member: &str| sealed(format!("{start},{member}}}").as_bytes());
    let bom = [b"\xef\xbb\xbf", HEADER.as_bytes()].concat();
    [
        (
            "duplicate-alg",
            "alg 重复",
            "alg twice",
            duplicate(r#""alg":"none""#),
            "json-duplicate-key",
        ),
        (
            "duplicate-kid",
            "kid 重复",
            "kid twice",
            duplicate(r#""kid":"jiashan#message-1""#),
            "json-duplicate-key",
        ),
        (
            "duplicate-escaped",
            "以转义写出的重复成员",
            "a repetition hidden by an escape",
            duplicate(r#""\u0061lg":"EdDSA""#),
            "json-duplicate-key",
        ),
        ("not-object", "头部不是对象", "the header is no object", sealed(b"[]"), "jws-header"),
        ("not-json", "头部不是 JSON", "the header is no JSON", sealed(b"alg"), "json-malformed"),
        ("bom", "头部有 BOM", "byte order mark in the header", sealed(&bom), "json-malformed"),
        (
            "trailing-data",
            "头部之后有多余数据",
            "data after the header",
            sealed(format!("{HEADER}{{}}").as_bytes()),
            "json-malformed",
        ),
        (
            "number",
            "头部含小数",
            "a fraction in the header",
            duplicate(r#""n":1.5"#),
            "json-number",
        ),
    ]
    .map(|(id, zh, en, compact, expect)| Vector::new(id, zh, en, compact, expect))
    .into()
}
