//! Signatures that some verifiers take.

use serde_json::json;

use super::vector::{HEADER, Vector, b64, claims, claims_with, message, seal, unb64};

/// The order L of the base point, little-endian (RFC 8032 §5.1).
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub fn vectors() -> Vec<Vector> {
    let good = message(&claims());
    let (input, signature) = good.rsplit_once('.').unwrap();
    let bytes: [u8; 64] = unb64(signature).try_into().unwrap();
    let other = message(&claims_with("exp", json!(1_790_000_291)));
    let (other_input, other_signature) = other.rsplit_once('.').unwrap();
    let detached =
        b64(super::vector::key("qingpu#message-1").sign_bytes(claims().to_string().as_bytes()));
    let re_encoded = HEADER.replace(',', ", ");
    let mut flipped = bytes;
    flipped[0] ^= 1;
    let mut all: Vec<_> = [
        (
            "s-plus-l",
            "签名可塑性：S + L",
            "malleability: S + L",
            format!("{input}.{}", b64(plus_l(bytes))),
        ),
        ("zero", "全零签名", "a signature of zeros", format!("{input}.{}", b64([0; 64]))),
        (
            "identity-r",
            "R 为单位元，S 为零",
            "R the identity, S zero",
            format!("{input}.{}", b64(identity_signature())),
        ),
        (
            "flipped",
            "签名一位被改",
            "one bit of the signature flipped",
            format!("{input}.{}", b64(flipped)),
        ),
        (
            "other-signature",
            "另一消息的签名",
            "the signature of another message",
            format!("{input}.{other_signature}"),
        ),
        (
            "other-payload",
            "载荷被换",
            "the payload exchanged",
            format!("{other_input}.{signature}"),
        ),
        (
            "other-header",
            "头部重新编码",
            "the header written anew",
            format!("{}.{}.{signature}", b64(re_encoded), input.split_once('.').unwrap().1),
        ),
        ("payload-only", "只对载荷签名", "only the payload signed", format!("{input}.{detached}")),
        (
            "other-key",
            "由另一密钥签名",
            "signed by another key",
            seal("gateway#receipt-1", HEADER, claims().to_string()),
        ),
    ]
    .map(|(id, zh, en, compact)| Vector::new(id, zh, en, compact, "signature-invalid"))
    .into();
    all.extend(weak_keys());
    all
}

/// Under a key of small order one signature fits every message (identity) or one in a few.
fn weak_keys() -> Vec<Vector> {
    let forged =
        format!("{}.{}.{}", b64(HEADER), b64(claims().to_string()), b64(identity_signature()));
    let point = |first: u8, middle: u8, last: u8| {
        let mut bytes = [middle; 32];
        (bytes[0], bytes[31]) = (first, last);
        json!({"kty": "OKP", "crv": "Ed25519", "x": b64(bytes)})
    };
    [
        (
            "identity-key",
            "单位元公钥：一个签名适合任何消息",
            "identity-point key: one signature fits every message",
            point(1, 0, 0),
            "key-weak",
        ),
        ("order-2-key", "二阶公钥", "key of order 2", point(0xec, 0xff, 0x7f), "key-weak"),
        ("order-4-key", "四阶公钥", "key of order 4", point(0, 0, 0), "key-weak"),
        (
            "identity-key-sign-bit",
            "单位元公钥，符号位非零",
            "identity-point key with the sign bit set",
            point(1, 0, 0x80),
            "key-not-canonical",
        ),
        (
            "identity-key-plus-p",
            "单位元公钥，y = p + 1",
            "identity-point key written as y = p + 1",
            point(0xee, 0xff, 0x7f),
            "key-not-canonical",
        ),
        (
            "no-point-key",
            "不在曲线上的公钥",
            "key that is no point",
            point(2, 0, 0),
            "key-not-canonical",
        ),
    ]
    .map(|(id, zh, en, jwk, expect)| {
        Vector::new(id, zh, en, forged.clone(), expect).key_member("jwk", jwk)
    })
    .into()
}

fn identity_signature() -> [u8; 64] {
    let mut signature = [0; 64];
    signature[0] = 1;
    signature
}

fn plus_l(mut signature: [u8; 64]) -> [u8; 64] {
    let mut carry = 0;
    for (byte, l) in signature[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(l) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert_eq!(carry, 0, "S + L fits 256 bits");
    signature
}
