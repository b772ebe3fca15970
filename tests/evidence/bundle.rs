//! The bundle: it holds for ever, and no part of it can be changed or exchanged.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use talent_gateway::domain::code::{Code, Refusal};
use talent_gateway::evidence::{
    Bundle, Check, DirectoryPart, EvidenceError, Fault, Part, Pin, Report, SchemaPart, Verdict,
};
use talent_gateway::jws::{
    Acceptance, Digest, ItemOutcome, MessageClaims, Resolution, SchemaPin, SigningKey,
};
use talent_gateway::log::LeafKind;
use talent_gateway::message::Message;

use crate::fixture::{Log, NOW, ORIGIN, World, id, jti, key, receipt_claims, row, sign};

/// A bundle about `message` with the resolution `res`, and its schema.
fn bundle_of(world: &World, message: &Message, mt: &str, res: Resolution) -> Bundle {
    let directory = world.directory_compact();
    let mut log = Log::with_directory(&directory);
    log.fill(6);
    let index = log.next();
    let mut claims = receipt_claims(message, index);
    claims.res = res;
    let reply = claims.seal(&world.receipt_key).unwrap();
    log.put(LeafKind::Receipt, &reply);
    log.fill(2);
    let schema = &world.schemas.get(mt).unwrap().document;
    Bundle {
        message: Some(message.compact.clone()),
        reply,
        proof: log.proof(index, &world.log_key, ORIGIN).to_string(),
        directory: DirectoryPart {
            earlier: Vec::new(),
            compact: directory,
            proof: log.proof(0, &world.log_key, ORIGIN).to_string(),
        },
        schema: Some(SchemaPart {
            mt: mt.parse().unwrap(),
            uri: schema.uri.to_owned(),
            sha256: Digest(schema.sha256),
            text: schema.text.to_owned(),
        }),
        exported_at: NOW.plus_seconds(99),
    }
}

fn bundle() -> (World, Bundle) {
    let world = World::new();
    let message = world.message("certification/1", 1);
    let bundle = bundle_of(&world, &message, "certification/1", accepted());
    (world, bundle)
}

fn accepted() -> Resolution {
    Resolution::Accepted(Acceptance::default())
}

/// A message with any body, signed as if its sender had not looked at the schema.
fn raw(world: &World, mt: &str, body: &Value, key: &SigningKey) -> Message {
    let document = &world.schemas.get(mt).unwrap().document;
    let claims = MessageClaims {
        iss: id("qingpu"),
        aud: id("hub"),
        to: None,
        iat: NOW,
        exp: NOW.plus_seconds(60),
        jti: jti(1),
        mt: mt.parse().unwrap(),
        sch: SchemaPin { uri: document.uri.to_owned(), sha256: Digest(document.sha256) },
        irt: None,
    };
    let compact = claims.seal(body, key).unwrap();
    Message { jti: jti(1), exp: claims.exp, compact }
}

fn verdicts(report: &Report) -> Vec<(Check, Verdict)> {
    report.steps.iter().map(|step| (step.check, step.verdict)).collect()
}

#[test]
fn a_bundle_holds_and_says_what_was_checked() {
    let (world, bundle) = bundle();
    let file = bundle.to_json().unwrap();
    let read = Bundle::parse(file.as_bytes()).unwrap();
    assert_eq!(read, bundle);
    let report = read.verify(&world.pin()).unwrap();
    assert!(report.is_complete());
    let checks: Vec<_> = report.steps.iter().map(|step| step.check).collect();
    let expected = [
        Check::Directory,
        Check::DirectoryInclusion,
        Check::Reply,
        Check::ReplyInclusion,
        Check::Message,
        Check::Binding,
        Check::Schema,
    ];
    assert_eq!(checks, expected);
    let said = serde_json::to_string(&report).unwrap();
    let message_digest = Digest::of(bundle.message.as_deref().unwrap()).to_string();
    for id in [&jti(1).to_string(), "hub#receipt-1", "qingpu#message-1", ORIGIN, &message_digest] {
        assert!(said.contains(id), "{id} is not in {said}");
    }
}

#[test]
fn a_report_holds_nothing_of_the_body() {
    fn texts(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::String(text) => out.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
            Value::Object(members) => members.values().for_each(|item| texts(item, out)),
            _ => {}
        }
    }
    let (world, bundle) = bundle();
    let report = serde_json::to_string(&bundle.verify(&world.pin()).unwrap()).unwrap();
    let body = crate::fixture::payload(bundle.message.as_deref().unwrap())["body"].clone();
    let mut values = Vec::new();
    texts(&body, &mut values);
    assert!(values.len() > 3);
    for value in values.iter().filter(|value| value.len() > 8) {
        assert!(!report.contains(value.as_str()), "{value}");
    }
}

#[test]
fn an_erased_message_leaves_proof_of_its_reply() {
    let (world, mut bundle) = bundle();
    bundle.message = None;
    assert_eq!(bundle.verify(&world.pin()), Err(EvidenceError::SchemaStray));
    bundle.schema = None;
    let report = bundle.verify(&world.pin()).unwrap();
    assert!(!report.is_complete());
    let open: Vec<_> =
        verdicts(&report).into_iter().filter(|(_, v)| *v == Verdict::NotChecked).collect();
    assert_eq!(open.len(), 3);
    assert!(report.steps[4].text.en.contains("erased"));
    assert_eq!(Bundle::parse(bundle.to_json().unwrap().as_bytes()), Ok(bundle));
}

#[test]
fn the_schema_is_the_one_that_the_message_names() {
    let (world, good) = bundle();
    let with = |change: &dyn Fn(&mut SchemaPart)| {
        let mut bundle = good.clone();
        change(bundle.schema.as_mut().unwrap());
        bundle.verify(&world.pin()).unwrap_err()
    };
    assert_eq!(with(&|s| s.text.push(' ')), EvidenceError::SchemaDigest);
    assert_eq!(with(&|s| s.sha256 = Digest::of("")), EvidenceError::SchemaDigest);
    let looser = |s: &mut SchemaPart| {
        s.text = r#"{"$id":"urn:ydt:schema:certification:1"}"#.to_owned();
        s.sha256 = Digest::of(&s.text);
    };
    assert_eq!(with(&looser), EvidenceError::SchemaPin);
    assert_eq!(with(&|s| s.uri.push('0')), EvidenceError::SchemaPin);
    assert_eq!(with(&|s| s.mt = "fact/1".parse().unwrap()), EvidenceError::SchemaPin);
    let mut without = good.clone();
    without.schema = None;
    assert_eq!(without.verify(&world.pin()), Err(EvidenceError::SchemaMissing));
}

#[test]
fn what_took_effect_fits_its_schema() {
    let world = World::new();
    let message = raw(&world, "certification/1", &json!({ "no": "such" }), &world.district_key);
    let of = |res| bundle_of(&world, &message, "certification/1", res);
    let error = of(accepted()).verify(&world.pin()).unwrap_err();
    assert_eq!((error.code(), error.fault()), ("schema-violation", Fault::Gateway));
    // Refused, it proves that the refusal was right, with or without its schema.
    let refused = || Resolution::Rejected(Refusal::new(Code::SchemaViolation));
    let report = of(refused()).verify(&world.pin()).unwrap();
    assert!(report.steps[6].text.en.contains("does not fit"));
    assert!(report.steps[2].text.en.contains("rejected (schema-violation)"));
    let mut bundle = of(refused());
    bundle.schema = None;
    let report = bundle.verify(&world.pin()).unwrap();
    assert_eq!(report.steps[6].verdict, Verdict::NotChecked);
}

#[test]
fn a_refused_item_of_a_bulk_message_need_not_fit() {
    let world = World::new();
    let schema: Value =
        serde_json::from_str(world.schemas.get("certification/1").unwrap().document.text).unwrap();
    let body = json!({ "items": [schema["examples"][0], { "no": "such" }] });
    let message = raw(&world, "certification/1", &body, &world.district_key);
    let verify = |second| {
        let items = vec![ItemOutcome::accepted(0), second];
        let res = Resolution::Accepted(Acceptance { items, ..Acceptance::default() });
        bundle_of(&world, &message, "certification/1", res).verify(&world.pin())
    };
    assert!(verify(ItemOutcome::rejected(1, Code::SchemaViolation)).is_ok());
    assert_eq!(verify(ItemOutcome::accepted(1)), Err(EvidenceError::SchemaViolation));
}

#[test]
fn parts_of_two_bundles_do_not_mix() {
    let (world, good) = bundle();
    let second = world.message("certification/1", 2);
    let other = bundle_of(&world, &second, "certification/1", accepted());
    let with = |change: &dyn Fn(&mut Bundle)| {
        let mut bundle = good.clone();
        change(&mut bundle);
        bundle.verify(&world.pin()).unwrap_err().code()
    };
    assert_eq!(with(&|b| b.message.clone_from(&other.message)), "other-message");
    assert_eq!(with(&|b| b.reply.clone_from(&other.reply)), "reply-proof");
    assert_eq!(with(&|b| b.proof.clone_from(&other.proof)), "reply-proof");
    assert_eq!(with(&|b| b.proof.clone_from(&good.directory.proof)), "other-index");
    assert_eq!(with(&|b| b.directory.proof.clone_from(&good.proof)), "other-index");
    assert_eq!(with(&|b| b.directory.compact.clone_from(&good.reply)), "directory-seal");
    assert_eq!(with(&|b| b.directory.earlier.push(good.reply.clone())), "directory-seal");
    let stranger = Pin { operator: id("hub"), key: key("hub#directory-1", 9).public().clone() };
    let error = good.verify(&stranger).unwrap_err();
    let expected = EvidenceError::Seal { part: Part::Directory, code: Code::SignatureInvalid };
    assert_eq!(error, expected);
}

#[test]
fn trust_passes_on_through_earlier_directories() {
    let (world, mut bundle) = bundle();
    let new_key = key("hub#directory-2", 11);
    let mut first = world.directory_payload(1, None, 0);
    first["keys"].as_array_mut().unwrap().push(row(&new_key, "directory"));
    let first = sign(&world.directory_key, &first);
    let second = sign(&new_key, &{
        let mut second = world.directory_payload(2, Some(Digest::of(&first)), 1);
        second["keys"][0] = row(&new_key, "directory");
        second
    });
    let mut log = Log::with_directory(&first);
    log.put(LeafKind::Directory, &second);
    let index = log.next();
    let receipt = world.receipt(&world.message("certification/1", 1), index);
    log.put(LeafKind::Receipt, &receipt);
    bundle.reply = receipt;
    bundle.proof = log.proof(index, &world.log_key, ORIGIN).to_string();
    let proof = log.proof(1, &world.log_key, ORIGIN).to_string();
    bundle.directory = DirectoryPart { earlier: vec![first], compact: second, proof };
    assert!(bundle.verify(&world.pin()).unwrap().is_complete());
    bundle.directory.earlier.clear();
    assert_eq!(bundle.verify(&world.pin()).unwrap_err().code(), "directory-seal");
}

#[test]
fn files_are_read_strictly() {
    let (_, bundle) = bundle();
    let good = bundle.to_json().unwrap();
    let code = |text: &str| Bundle::parse(text.as_bytes()).unwrap_err().code();
    assert_eq!(code("{}"), "bundle-format");
    assert_eq!(code("[]"), "bundle-form");
    assert_eq!(code(&good.replace("ydt-evidence/1", "ydt-evidence/2")), "bundle-format");
    assert_eq!(code(&good.replacen('{', r#"{"more":1,"#, 1)), "bundle-form");
    assert_eq!(code(&good.replacen('{', r#"{"reply":"","#, 1)), "bundle-form");
    assert_eq!(code(&format!("{good}x")), "bundle-form");
    assert_eq!(code(&good.replacen("1790000099", "1790000098", 1)), "bundle-checksum");
    // Layout is free.
    let value: Value = serde_json::from_str(&good).unwrap();
    assert_eq!(Bundle::parse(value.to_string().as_bytes()), Ok(bundle));
}

static SAMPLE: LazyLock<(Pin, Bundle, String)> = LazyLock::new(|| {
    let (world, bundle) = bundle();
    let file = bundle.to_json().unwrap();
    (world.pin(), bundle, file)
});

#[test]
fn no_bit_of_a_file_can_flip() {
    let (pin, _, file) = &*SAMPLE;
    for at in 0..file.len() * 8 {
        let mut bytes = file.clone().into_bytes();
        bytes[at / 8] ^= 1 << (at % 8);
        let white = |byte: u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        if white(bytes[at / 8]) && white(file.as_bytes()[at / 8]) {
            continue;
        }
        let verdict = Bundle::parse(&bytes).and_then(|bundle| bundle.verify(pin));
        assert!(verdict.is_err(), "bit {} of byte {}", at % 8, at / 8);
    }
}

/// The parts that a forger can exchange, who also makes the checksum fit.
fn part(bundle: &mut Bundle, n: usize) -> &mut String {
    let schema = bundle.schema.as_mut().unwrap();
    match n {
        0 => bundle.message.as_mut().unwrap(),
        1 => &mut bundle.reply,
        2 => &mut bundle.proof,
        3 => &mut bundle.directory.compact,
        4 => &mut bundle.directory.proof,
        5 => &mut schema.uri,
        _ => &mut schema.text,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_bit_of_a_part_can_flip(n in 0_usize..7, at in any::<prop::sample::Index>(), bit in 0..8) {
        let (pin, bundle, _) = &*SAMPLE;
        let mut forged = bundle.clone();
        let text = part(&mut forged, n);
        let mut bytes = text.clone().into_bytes();
        bytes[at.index(text.len())] ^= 1_u8 << bit;
        // What is not UTF-8 cannot even stand in the file.
        if let Ok(flipped) = String::from_utf8(bytes) {
            *text = flipped;
            prop_assert!(forged.verify(pin).is_err());
        }
    }

    #[test]
    fn no_part_can_be_cut(n in 0_usize..7, at in any::<prop::sample::Index>()) {
        let (pin, bundle, _) = &*SAMPLE;
        let mut forged = bundle.clone();
        let text = part(&mut forged, n);
        let end = text.floor_char_boundary(at.index(text.len()));
        text.truncate(end);
        prop_assert!(forged.verify(pin).is_err());
    }
}
