//! The seal through its public interface, in one file because the steps are only meaningful
//! together. Attacks with fixed bytes are in `tests/vectors/jws`.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::KeyId;
use crate::domain::time::UtcSeconds;
use crate::json::Bounds;

const NOW: UtcSeconds = UtcSeconds(1_790_000_000);

fn key(kid: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(kid.parse().unwrap(), &[seed; 32])
}

fn entry(key: &SigningKey, key_use: KeyUse) -> KeyEntry {
    KeyEntry {
        kid: key.kid().clone(),
        participant: key.kid().participant().unwrap(),
        key_use,
        alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
        jwk: key.public().to_jwk(),
        nbf: UtcSeconds(1_780_000_000),
        exp: UtcSeconds(1_800_000_000),
        revoked_from: None,
        suspect_from: None,
    }
}

fn record(key: &SigningKey, key_use: KeyUse) -> Arc<KeyRecord> {
    Arc::new(entry(key, key_use).try_into().unwrap())
}

fn jti(n: u8) -> Jti {
    format!("01999999-0000-7000-8000-0000000000{n:02x}").parse().unwrap()
}

fn claims() -> MessageClaims {
    MessageClaims {
        iss: "qingpu".parse().unwrap(),
        aud: "gateway".parse().unwrap(),
        to: None,
        iat: NOW,
        exp: NOW.plus_seconds(600),
        jti: jti(1),
        mt: "certification/1".parse().unwrap(),
        sch: SchemaPin { uri: "certification/1".into(), sha256: Digest::of("schema") },
        irt: None,
    }
}

fn verify(text: &str, typ: Typ, key: &Arc<KeyRecord>) -> Result<Verified, Refusal> {
    Compact::parse(text, &Bounds::MESSAGE)?.header(typ)?.verify(key, NOW)
}

#[test]
fn a_message_makes_the_round() {
    let key = key("qingpu#message-1", 1);
    let text = claims().seal(&json!({"姓": [1]}), &key).unwrap();
    let compact = Compact::parse(&text, &Bounds::MESSAGE).unwrap();
    assert_eq!(compact.digest(), Digest::of(&text));
    let message = verify(&text, Typ::Message, &record(&key, KeyUse::Message)).unwrap();
    let message = message.into_message(|_, key_use| key_use == KeyUse::Message).unwrap();
    assert_eq!(*message.claims(), claims());
    assert_eq!(*message.body(), json!({"姓": [1]}));
    assert_eq!(message.digest(), Digest::of(&text));
    assert_eq!(message.check_peer(&"qingpu".parse().unwrap()), Ok(()));
    assert_eq!(
        message.check_peer(&"jiashan".parse().unwrap()),
        Err(Refusal::new(Code::PeerMismatch))
    );
}

#[test]
fn the_registry_decides_which_use_signs_which_message() {
    let key = key("gateway#directory-1", 1);
    let text = MessageClaims { iss: "gateway".parse().unwrap(), ..claims() };
    let text = text.seal(&json!({}), &key).unwrap();
    let verified = verify(&text, Typ::Message, &record(&key, KeyUse::Directory)).unwrap();
    let refusal = verified.into_message(|mt, key_use| {
        assert_eq!(mt.as_str(), "certification/1");
        key_use == KeyUse::Message
    });
    assert_eq!(refusal.unwrap_err().code, Code::KeyUse);
}

#[test]
fn uses_and_types_fit_in_one_way() {
    for typ in Typ::ALL {
        for key_use in [KeyUse::Log, KeyUse::Cosign, KeyUse::Tls, KeyUse::Oprf] {
            assert!(!typ.permits(key_use), "{typ:?} {key_use:?}");
        }
        assert!(typ.permits(KeyUse::Message) == (typ == Typ::Message));
    }
    let key = key("gateway#receipt-1", 1);
    for typ in Typ::ALL {
        let text = key.sign(typ, b"{}");
        for entry_point in Typ::ALL.into_iter().filter(|other| *other != typ) {
            let refusal = Compact::parse(&text, &Bounds::MESSAGE).unwrap().header(entry_point);
            assert_eq!(refusal.err().unwrap().code, Code::JwsType);
        }
    }
}

#[test]
fn the_time_window_has_exact_ends() {
    let claims = claims();
    let check = |offset: i64, lifetime_max| {
        claims.check_time(NOW.plus_seconds(offset), lifetime_max).map_err(|r| r.code)
    };
    assert_eq!(check(-120, 600), Ok(()));
    assert_eq!(check(-121, 600), Err(Code::NotYetValid));
    assert_eq!(check(600 + 120, 600), Ok(()));
    assert_eq!(check(600 + 121, 600), Err(Code::Expired));
    assert_eq!(check(0, 599), Err(Code::LifetimeTooLong));
}

#[test]
fn a_key_is_in_force_from_nbf_until_before_exp_or_revocation() {
    let key = key("qingpu#message-1", 1);
    let entry = entry(&key, KeyUse::Message);
    let (nbf, exp) = (entry.nbf, entry.exp);
    let revoked = KeyEntry { revoked_from: Some(NOW), ..entry.clone() };
    let (plain, revoked) =
        (KeyRecord::try_from(entry).unwrap(), KeyRecord::try_from(revoked).unwrap());
    let check = |record: &KeyRecord, at| record.check_in_force(at).map_err(|r| r.code);
    assert_eq!(check(&plain, nbf.plus_seconds(-1)), Err(Code::KeyNotValid));
    assert_eq!(check(&plain, nbf), Ok(()));
    assert_eq!(check(&plain, exp.plus_seconds(-1)), Ok(()));
    assert_eq!(check(&plain, exp), Err(Code::KeyNotValid));
    assert_eq!(check(&revoked, NOW.plus_seconds(-1)), Ok(()));
    assert_eq!(check(&revoked, NOW), Err(Code::KeyRevoked));
}

#[test]
fn old_evidence_verifies_as_issued_and_not_as_of_today() {
    let key = key("qingpu#message-1", 1);
    let text = claims().seal(&json!({}), &key).unwrap();
    let later =
        KeyEntry { revoked_from: Some(NOW.plus_seconds(1)), ..entry(&key, KeyUse::Message) };
    let later = Arc::new(KeyRecord::try_from(later).unwrap());
    let unverified =
        || Compact::parse(&text, &Bounds::MESSAGE).unwrap().header(Typ::Message).unwrap();
    let years_later = NOW.plus_seconds(300_000_000);
    assert_eq!(unverified().verify(&later, years_later).unwrap_err().code, Code::KeyRevoked);
    assert!(unverified().verify_as_issued(&later).is_ok());
    let before = KeyEntry { revoked_from: Some(NOW), ..entry(&key, KeyUse::Message) };
    let before = Arc::new(KeyRecord::try_from(before).unwrap());
    assert_eq!(unverified().verify_as_issued(&before).unwrap_err().code, Code::KeyRevoked);
}

fn message_ref() -> MessageRef {
    MessageRef { iss: "qingpu".parse().unwrap(), jti: jti(1), sha256: Digest::of("message") }
}

fn receipt(res: Resolution) -> ReceiptClaims {
    ReceiptClaims {
        iss: "gateway".parse().unwrap(),
        aud: "qingpu".parse().unwrap(),
        iat: NOW,
        jti: jti(2),
        msg: message_ref(),
        res,
        log: LogPosition { origin: "log.example/2026".into(), index: 7 },
    }
}

#[test]
fn receipts_make_the_round_and_are_closed() {
    let key = key("gateway#receipt-1", 1);
    let record = record(&key, KeyUse::Receipt);
    let items = vec![ItemOutcome::accepted(0), ItemOutcome::rejected(1, Code::RevisionGap)];
    let held = Acceptance { hold: Some(HoldRank::Contested), assessment: Some(json!({})), items };
    let refused = Refusal::new(Code::SchemaViolation).detail("错", "wrong").at("/body", "required");
    let all = [
        Resolution::Accepted(Acceptance::default()),
        Resolution::Accepted(held),
        Resolution::Rejected(refused),
    ];
    for res in all {
        let claims = receipt(res);
        let verified = verify(&claims.seal(&key).unwrap(), Typ::Receipt, &record).unwrap();
        assert_eq!(verified.into_receipt().unwrap(), claims);
    }
    let good = serde_json::to_value(receipt(Resolution::Accepted(Acceptance::default()))).unwrap();
    assert_eq!(good["res"], json!({"outcome": "accepted"}));
    for (pointer, value) in [
        ("/res", json!({"outcome": "accepted", "code": "expired"})),
        ("/res", json!({"outcome": "rejected"})),
        ("/res", json!({"outcome": "rejected", "code": "no-such-code"})),
        ("/res", json!({"outcome": "accepted", "items": [{"index": 0, "outcome": "rejected"}]})),
        ("/aud", json!("jiashan")),
        ("/log", json!({"origin": "x", "index": -1})),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert_eq!(ReceiptClaims::from_payload(bad).unwrap_err().code, Code::ClaimsInvalid);
    }
}

#[test]
fn answers_reply_to_the_message_that_they_bind() {
    let key = key("gateway#receipt-1", 1);
    let claims = AnswerClaims {
        iss: "gateway".parse().unwrap(),
        aud: "qingpu".parse().unwrap(),
        iat: NOW,
        jti: jti(2),
        msg: message_ref(),
        irt: jti(1),
        log: None,
        known_at: Some(9),
        coverage: Some(json!({"districts": []})),
        body: json!({"records": []}),
    };
    let text = claims.seal(&key).unwrap();
    let verified = verify(&text, Typ::Answer, &record(&key, KeyUse::Receipt)).unwrap();
    assert_eq!(verified.into_answer().unwrap(), claims);
    let other = AnswerClaims { irt: jti(3), ..claims };
    let other = serde_json::to_value(other).unwrap();
    assert_eq!(AnswerClaims::from_payload(other).unwrap_err().code, Code::ClaimsInvalid);
}

#[test]
fn private_keys_survive_pem_and_hide() {
    let key = key("qingpu#message-1", 7);
    let pem = key.to_pkcs8_pem().unwrap();
    let back = SigningKey::from_pkcs8_pem(key.kid().clone(), &pem).unwrap();
    assert_eq!(back.public(), key.public());
    assert_eq!(back.sign(Typ::Message, b"{}"), key.sign(Typ::Message, b"{}"));
    assert_eq!(format!("{key:?}"), "SigningKey(qingpu#message-1, ..)");
    assert!(SigningKey::from_pkcs8_pem(key.kid().clone(), "-----BEGIN").is_err());
}

#[test]
fn rfc_8032_test_1_signs_as_published() {
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let seed: Digest = seed.parse().unwrap();
    let key = SigningKey::from_seed("qingpu#message-1".parse().unwrap(), seed.as_bytes());
    let signature = key.sign_bytes(b"");
    let hex = signature.map(|b| format!("{b:02x}")).concat();
    assert_eq!(
        hex,
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    );
}

#[test]
fn key_records_are_consistent_or_absent() {
    let key = key("qingpu#message-1", 1);
    let good = serde_json::to_value(entry(&key, KeyUse::Message)).unwrap();
    assert!(serde_json::from_value::<KeyRecord>(good.clone()).is_ok());
    for (member, value) in [
        ("participant", json!("jiashan")),
        ("alg", json!([])),
        ("alg", json!(["none"])),
        ("alg", json!(["HS256"])),
        ("exp", good["nbf"].clone()),
        ("use", json!("Message")),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        assert!(serde_json::from_value::<KeyRecord>(bad).is_err(), "{member}");
    }
}

#[test]
fn a_key_only_answers_to_its_own_name() {
    let key_1 = key("qingpu#message-1", 1);
    let key_2 = key("qingpu#message-2", 1);
    let text = key_1.sign(Typ::Message, b"{}");
    let refusal = verify(&text, Typ::Message, &record(&key_2, KeyUse::Message)).unwrap_err();
    assert_eq!(refusal.code, Code::KeyUnknown);
}

#[test]
fn the_size_is_checked_before_anything_is_decoded() {
    let text = "A".repeat(Compact::size_max_bytes(&Bounds::MESSAGE) + 1);
    let refusal = Compact::parse(&text, &Bounds::MESSAGE).err().unwrap();
    assert_eq!(refusal.code, Code::BodyTooLarge);
    let key = key("qingpu#message-1", 1);
    let body = "x".repeat(Bounds::MESSAGE.size_max_bytes - 2);
    let largest = key.sign(Typ::Message, format!("\"{body}\"").as_bytes());
    assert!(verify(&largest, Typ::Message, &record(&key, KeyUse::Message)).is_ok());
}

#[test]
fn no_flipped_bit_verifies() {
    let key = key("qingpu#message-1", 1);
    let record = record(&key, KeyUse::Message);
    let good = claims().seal(&json!({"n": 1}), &key).unwrap();
    for at in 0..good.len() {
        // The eighth bit would leave ASCII, and so `str`.
        for bit in 0..7 {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= 1_u8 << bit;
            let text = String::from_utf8(bytes).unwrap();
            assert!(verify(&text, Typ::Message, &record).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn debug_shows_no_payload() {
    let key = key("qingpu#message-1", 1);
    let text = claims().seal(&json!({"n": "SECRET"}), &key).unwrap();
    let verified = verify(&text, Typ::Message, &record(&key, KeyUse::Message)).unwrap();
    assert!(!format!("{verified:?}").contains("SECRET"));
    let message = verified.into_message(|_, _| true).unwrap();
    assert!(!format!("{message:?}").contains("SECRET"));
}

struct OneKey(Arc<KeyRecord>);

impl KeyLookup for OneKey {
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>> {
        (kid == self.0.kid()).then(|| Arc::clone(&self.0))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_signed_is_what_verifies(seed in any::<[u8; 32]>(), body in "\\PC{0,40}") {
        let kid: KeyId = "qingpu#message-1".parse().unwrap();
        let key = SigningKey::from_seed(kid, &seed);
        let payload = json!({ "body": body });
        let text = key.sign(Typ::Message, payload.to_string().as_bytes());
        let keys = OneKey(record(&key, KeyUse::Message));
        let unverified = Compact::parse(&text, &Bounds::MESSAGE).unwrap().header(Typ::Message);
        let verified = unverified.unwrap().verify_with(&keys, NOW);
        // `\PC` may draw a noncharacter, which the strict reader refuses.
        match verified {
            Ok(verified) => prop_assert_eq!(verified.into_payload(), payload),
            Err(refusal) => prop_assert_eq!(refusal.code, Code::JsonText),
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[A-Za-z0-9_.=-]{0,40}", any in "\\PC{0,40}") {
        for text in [text, any] {
            if let Ok(compact) = Compact::parse(&text, &Bounds::MESSAGE) {
                let _ = compact.header(Typ::Message);
            }
        }
    }

    #[test]
    fn no_header_value_makes_the_parser_panic(alg: u8, extra in "[a-z]{0,4}") {
        let header: Value = json!({"alg": alg, extra: null});
        prop_assert!(Header::parse(header.to_string().as_bytes(), Typ::Message).is_err());
    }
}
