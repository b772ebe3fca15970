//! One vector, the keys and the message that most vectors vary.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use talent_gateway::jws::{Digest, SigningKey};

pub const NOW: i64 = 1_790_000_000;
/// Seeds of RFC 8032 §7.1: TEST 1, 2, 3, 1024 and SHA(abc).
const KEYS: [(&str, &str, &str); 5] = [
    (
        "qingpu#message-1",
        "message",
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    ),
    (
        "jiashan#message-1",
        "message",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    ),
    (
        "gateway#receipt-1",
        "receipt",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    ),
    (
        "gateway#directory-1",
        "directory",
        "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
    ),
    (
        "qingpu#credential-1",
        "credential",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    ),
];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    pub id: String,
    pub description_zh: String,
    pub description_en: String,
    pub typ: String,
    pub compact: String,
    pub keys: Vec<Value>,
    pub now: i64,
    pub audience: String,
    pub peer: String,
    pub lifetime_max_seconds: i64,
    pub expect: String,
}

impl Vector {
    /// `compact` at the entry point for messages, with the usual surroundings.
    pub fn new(id: &str, zh: &str, en: &str, compact: String, expect: &str) -> Self {
        Self {
            id: id.into(),
            description_zh: zh.into(),
            description_en: en.into(),
            typ: "ydt-msg+jwt".into(),
            keys: directory(&compact),
            compact,
            now: NOW,
            audience: "gateway".into(),
            peer: "qingpu".into(),
            lifetime_max_seconds: 900,
            expect: expect.into(),
        }
    }

    pub fn typ(mut self, typ: &str, audience: &str) -> Self {
        (self.typ, self.audience) = (typ.into(), audience.into());
        self
    }

    pub fn now(mut self, now: i64) -> Self {
        self.now = now;
        self
    }

    /// Changes a member of the record of `qingpu#message-1`.
    pub fn key_member(mut self, member: &str, value: Value) -> Self {
        self.keys[0][member] = value;
        self
    }
}

/// The record of `qingpu#message-1`, then that of the key that the header names, if another.
fn directory(compact: &str) -> Vec<Value> {
    let header = compact.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header = String::from_utf8(header.unwrap_or_default()).unwrap_or_default();
    let entry = |(kid, key_use, _): &(&str, &str, &str)| {
        json!({
            "kid": kid, "participant": kid.split('#').next(), "use": key_use,
            "alg": ["EdDSA", "Ed25519"], "jwk": key(kid).public().to_jwk(),
            "nbf": 1_780_000_000, "exp": 1_800_000_000,
        })
    };
    let named = |(kid, ..): &&(&str, &str, &str)| *kid == KEYS[0].0 || header.contains(*kid);
    KEYS.iter().filter(named).map(entry).collect()
}

pub fn key(kid: &str) -> SigningKey {
    let (_, _, seed) = KEYS.iter().find(|(k, _, _)| *k == kid).unwrap();
    let seed: Digest = seed.parse().unwrap();
    SigningKey::from_seed(kid.parse().unwrap(), seed.as_bytes())
}

pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn unb64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// Signs any header and payload bytes with the key `kid`, whatever the header says.
pub fn seal(kid: &str, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let input = format!("{}.{}", b64(header), b64(payload));
    let signature = key(kid).sign_bytes(input.as_bytes());
    format!("{input}.{}", b64(signature))
}

pub const HEADER: &str = r#"{"alg":"EdDSA","typ":"ydt-msg+jwt","kid":"qingpu#message-1"}"#;

/// The claims of a good message.
pub fn claims() -> Value {
    json!({
        "iss": "qingpu", "aud": "gateway", "iat": NOW - 10, "exp": NOW + 290,
        "jti": "01999999-0000-7000-8000-000000000001", "mt": "certification/1",
        "sch": {"uri": "certification/1", "sha256": "ab".repeat(32)},
        "body": {"scheme": "qingpu-2024", "class": "B"},
    })
}

/// The good message with a member replaced, added, or (by null) taken away.
pub fn claims_with(member: &str, value: Value) -> Value {
    let mut claims = claims();
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(member)),
        value => claims[member] = value,
    }
    claims
}

pub fn message(claims: &Value) -> String {
    seal("qingpu#message-1", HEADER, claims.to_string())
}
