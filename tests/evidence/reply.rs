//! Receipts, answers and token answers: what holds, and every substitution that must not.

use serde_json::json;
use talent_gateway::domain::code::Code;
use talent_gateway::evidence::{
    Binding, EvidenceError, Fault, Part, ReplyClaims, TrustedDirectory, VerifiedReply,
    VerifiedTokenAnswer, verify_reply, verify_reply_alone, verify_token_answer,
};
use talent_gateway::jws::{ReceiptClaims, Typ};
use talent_gateway::log::{CheckpointError, LeafKind, NoteError, ProofError, VerifyError};

use crate::fixture::{
    Log, NOW, ORIGIN, World, about, answer_claims, id, jti, key, position, receipt_claims, sign,
    token_claims,
};

/// A world with one receipt in its log.
struct Case {
    world: World,
    directory: TrustedDirectory,
    log: Log,
    message: String,
    reply: String,
    index: u64,
}

fn receipt_with(change: impl FnOnce(&World, &mut ReceiptClaims)) -> Case {
    let world = World::new();
    let directory = world.directory();
    let mut log = Log::with_directory(&world.directory_compact());
    log.fill(4);
    let index = log.next();
    let message = world.message("certification/1", 1);
    let mut claims = receipt_claims(&message, index);
    change(&world, &mut claims);
    let reply = claims.seal(&world.receipt_key).unwrap();
    log.put(LeafKind::Receipt, &reply);
    log.fill(3);
    Case { world, directory, log, message: message.compact, reply, index }
}

fn receipt() -> Case {
    receipt_with(|_, _| ())
}

impl Case {
    fn proof(&self) -> String {
        self.log.proof(self.index, &self.world.log_key, ORIGIN).to_string()
    }

    fn verify(&self) -> Result<ReplyClaims, EvidenceError> {
        self.verify_proof(&self.proof())
    }

    fn verify_proof(&self, proof: &str) -> Result<ReplyClaims, EvidenceError> {
        verify_reply(&self.directory, self.directory.log(), &self.message, &self.reply, proof)
            .map(VerifiedReply::into_claims)
    }
}

fn seal(part: Part, code: Code) -> EvidenceError {
    EvidenceError::Seal { part, code }
}

#[test]
fn a_receipt_holds_with_and_without_its_message() {
    let case = receipt();
    let (directory, proof) = (&case.directory, case.proof());
    let verified =
        verify_reply(directory, directory.log(), &case.message, &case.reply, &proof).unwrap();
    assert!(matches!(verified.claims(), ReplyClaims::Receipt(c) if c.aud == id("qingpu")));
    assert_eq!(verified.index(), 5);
    assert_eq!(verified.checkpoint().checkpoint().size, 9);
    assert_eq!(verified.kid().as_str(), "hub#receipt-1");
    assert_eq!(verified.message().unwrap().claims().jti, jti(1));
    assert!(!verified.is_suspect());

    let alone = verify_reply_alone(directory, directory.log(), &case.reply, &proof).unwrap();
    assert_eq!(alone.claims(), verified.claims());
    assert!(alone.message().is_none());
}

#[test]
fn an_answer_holds() {
    let mut case = receipt();
    let message = case.world.message("query.records/1", 2);
    case.index = case.log.next();
    let claims = answer_claims(&message, case.index);
    case.reply = claims.seal(&case.world.receipt_key).unwrap();
    case.message = message.compact;
    case.log.put(LeafKind::Answer, &case.reply);
    assert_eq!(case.verify(), Ok(ReplyClaims::Answer(claims)));
}

#[test]
fn a_reply_binds_exactly_one_message() {
    let mut case = receipt();
    case.message = case.world.message("certification/1", 2).compact;
    assert_eq!(case.verify(), Err(EvidenceError::OtherMessage(Binding::Digest)));

    // The right digest, beside the id or sender of another message.
    let case = receipt_with(|_, claims| claims.msg.jti = jti(2));
    assert_eq!(case.verify(), Err(EvidenceError::OtherMessage(Binding::Id)));
    let case = receipt_with(|_, claims| {
        (claims.msg.iss, claims.aud) = (id("jiashan"), id("jiashan"));
    });
    assert_eq!(case.verify(), Err(EvidenceError::OtherMessage(Binding::Sender)));
    // Shown to another: `aud` and `msg.iss` differ.
    let case = receipt_with(|_, claims| claims.aud = id("jiashan"));
    assert_eq!(case.verify(), Err(seal(Part::Reply, Code::ClaimsInvalid)));

    // A receipt of the gateway for a message to the tokeniser.
    let elsewhere =
        |world: &World| world.message_to("tokens", &world.district_key, "certification/1", 1);
    let mut case = receipt_with(|world, claims| claims.msg = about(&elsewhere(world)));
    case.message = elsewhere(&case.world).compact;
    assert_eq!(case.verify(), Err(EvidenceError::OtherMessage(Binding::Service)));
}

#[test]
fn an_answer_shown_to_another_asker_is_refused() {
    let mut case = receipt();
    let world = &case.world;
    let ours = world.message_by(&world.other_district_key, "query.records/1", 2);
    let theirs = world.message("query.records/1", 2);
    case.index = case.log.next();
    case.reply = answer_claims(&theirs, case.index).seal(&world.receipt_key).unwrap();
    case.message = ours.compact;
    case.log.put(LeafKind::Answer, &case.reply);
    assert_eq!(case.verify(), Err(EvidenceError::OtherMessage(Binding::Digest)));
}

#[test]
fn the_position_is_the_signed_one() {
    let case = receipt();
    let other = case.log.proof(4, &case.world.log_key, ORIGIN).to_string();
    let error = EvidenceError::OtherIndex { part: Part::Reply, signed: 5, proven: 4 };
    assert_eq!(case.verify_proof(&other), Err(error));

    let case = receipt_with(|_, claims| claims.log.index = 4);
    let error = EvidenceError::OtherIndex { part: Part::Reply, signed: 4, proven: 5 };
    assert_eq!(case.verify(), Err(error));

    let case = receipt_with(|_, claims| claims.log.origin = "other.example.org/log".into());
    assert_eq!(case.verify(), Err(EvidenceError::OtherOrigin { part: Part::Reply }));
}

#[test]
fn the_proof_is_the_logs_own() {
    let case = receipt();
    let proof = |error| Err(EvidenceError::Proof { part: Part::Reply, error });
    let elsewhere = case.log.proof(5, &case.world.log_key, "other.example.org/log").to_string();
    let unknown = ProofError::Checkpoint(CheckpointError::Note(NoteError::NoKnownSignature));
    assert_eq!(case.verify_proof(&elsewhere), proof(unknown.clone()));
    let forged = case.log.proof(5, &key("hub#log-1", 9), ORIGIN).to_string();
    assert_eq!(case.verify_proof(&forged), proof(unknown));

    let good = case.proof();
    let short: String = good.lines().filter(|l| !l.starts_with("c2sp")).collect();
    assert!(matches!(case.verify_proof(&short), Err(EvidenceError::Proof { .. })));
    for end in 0..good.len() {
        let Some(cut) = good.get(..end) else { continue };
        let verdict = case.verify_proof(cut);
        assert!(matches!(verdict, Err(EvidenceError::Proof { .. })), "{end}: {verdict:?}");
    }
    let mut other = case.log.proof(5, &case.world.log_key, ORIGIN);
    other.path.pop();
    let error = ProofError::Path(VerifyError::PathLength);
    assert_eq!(case.verify_proof(&other.to_string()), proof(error));

    // Logged as something else, or not at all.
    let mut case = receipt();
    case.index = case.log.next();
    let claims = ReceiptClaims {
        log: position(case.index),
        ..receipt_claims(&case.world.message("certification/1", 1), 0)
    };
    case.reply = claims.seal(&case.world.receipt_key).unwrap();
    case.log.put(LeafKind::Answer, &case.reply);
    assert_eq!(case.verify(), proof(ProofError::Path(VerifyError::RootMismatch)));
}

#[test]
fn a_changed_byte_anywhere_in_a_reply_is_found() {
    let case = receipt();
    let proof = case.proof();
    let log = case.directory.log();
    for at in 0..case.reply.len() {
        let mut bytes = case.reply.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        let verdict = verify_reply(&case.directory, log, &case.message, &changed, &proof);
        let error = verdict.unwrap_err();
        let sealed = matches!(error, EvidenceError::Seal { part: Part::Reply, .. });
        // A changed `typ` is no reply at all.
        assert!(sealed || error == EvidenceError::ReplyType, "{at}: {error:?}");
    }
}

#[test]
fn only_a_receipt_key_of_the_right_service_signs() {
    // A key of another use, of the same owner.
    let mut case = receipt();
    let claims = receipt_claims(&case.world.message("certification/1", 1), 5);
    case.reply = claims.seal(&case.world.directory_key).unwrap();
    assert_eq!(case.verify(), Err(seal(Part::Reply, Code::KeyUse)));
    case.reply = claims.seal(&key("hub#receipt-9", 2)).unwrap();
    assert_eq!(case.verify(), Err(seal(Part::Reply, Code::KeyUnknown)));
    case.reply = claims.seal(&key("hub#receipt-1", 9)).unwrap();
    assert_eq!(case.verify(), Err(seal(Part::Reply, Code::SignatureInvalid)));
    // The tokeniser's receipt key, for itself and for the gateway.
    case.reply = claims.seal(&case.world.tokeniser_key).unwrap();
    assert_eq!(case.verify(), Err(seal(Part::Reply, Code::IssuerMismatch)));
    let own = ReceiptClaims { iss: id("tokens"), ..claims.clone() };
    case.reply = own.seal(&case.world.tokeniser_key).unwrap();
    assert_eq!(case.verify(), Err(EvidenceError::ReplySigner));
    // Another type of JWS under the same signature.
    let text = serde_json::to_vec(&claims).unwrap();
    case.reply = case.world.receipt_key.sign(Typ::Message, &text);
    assert_eq!(case.verify(), Err(EvidenceError::ReplyType));
}

#[test]
fn the_key_counts_as_it_stood_at_iat() {
    let after =
        |seconds| receipt_with(move |_, claims| claims.iat = NOW.plus_seconds(seconds)).verify();
    assert!(after(999).is_ok());
    assert_eq!(after(1000), Err(seal(Part::Reply, Code::KeyNotValid)));
    assert_eq!(after(-1001), Err(seal(Part::Reply, Code::KeyNotValid)));
    // The message is far beyond its `exp` and its key beyond its own by now: neither matters,
    // since no clock is asked.
}

#[test]
fn revocation_and_suspicion_reach_back_to_their_time_only() {
    let world = World::new();
    let with = |revoked: i64, suspect: i64| {
        let mut case = receipt();
        let mut payload = world.directory_payload(1, None, 0);
        payload["keys"][1]["revoked_from"] = json!(NOW.plus_seconds(revoked));
        payload["keys"][1]["suspect_from"] = json!(NOW.plus_seconds(suspect));
        let compact = sign(&world.directory_key, &payload);
        case.directory = TrustedDirectory::open(&compact, &world.pin(), None).unwrap();
        let log = case.directory.log();
        verify_reply(&case.directory, log, &case.message, &case.reply, &case.proof())
            .map(|verified| verified.is_suspect())
    };
    assert_eq!(with(2, 2), Ok(false));
    assert_eq!(with(2, 1), Ok(true));
    assert_eq!(with(1, 1), Err(seal(Part::Reply, Code::KeyRevoked)));
}

#[test]
fn a_revoked_log_key_proves_nothing() {
    let mut case = receipt();
    let mut payload = case.world.directory_payload(1, None, 0);
    payload["keys"][2]["revoked_from"] = json!(NOW.plus_seconds(500));
    let compact = sign(&case.world.directory_key, &payload);
    case.directory = TrustedDirectory::open(&compact, &case.world.pin(), None).unwrap();
    let error = ProofError::Checkpoint(CheckpointError::Note(NoteError::NoKnownSignature));
    assert_eq!(case.verify(), Err(EvidenceError::Proof { part: Part::Reply, error }));
}

#[test]
fn the_message_must_be_its_senders() {
    // The gateway vouched for a message that its sender's key did not sign.
    let forged =
        |world: &World| world.message_by(&key("qingpu#message-1", 9), "certification/1", 1);
    let mut case = receipt_with(|world, claims| claims.msg = about(&forged(world)));
    case.message = forged(&case.world).compact;
    assert_eq!(case.verify(), Err(seal(Part::Message, Code::SignatureInvalid)));

    // A directory key signs messages about the directory and nothing else.
    let by_operator = |world: &World, mt| world.message_by(&world.directory_key, mt, 1);
    for (mt, verdict) in [("participant/1", None), ("certification/1", Some(Code::KeyUse))] {
        let mut case = receipt_with(|world, claims| {
            claims.msg = about(&by_operator(world, mt));
            claims.aud = id("hub");
        });
        case.message = by_operator(&case.world, mt).compact;
        let expected = verdict.map(|code| seal(Part::Message, code));
        assert_eq!(case.verify().err(), expected, "{mt}");
    }
    assert_eq!(seal(Part::Message, Code::KeyUse).fault(), Fault::Sender);
    assert_eq!(seal(Part::Message, Code::SignatureInvalid).fault(), Fault::Carrier);
}

#[test]
fn an_answer_has_the_members_of_its_service() {
    let mut case = receipt();
    let message = case.world.message("query.records/1", 2);
    case.message.clone_from(&message.compact);
    let whole = answer_claims(&message, 5);
    for lacking in ["log", "known_at", "coverage"] {
        let mut claims = serde_json::to_value(&whole).unwrap();
        claims.as_object_mut().unwrap().remove(lacking);
        case.reply = case.world.receipt_key.sign_json(Typ::Answer, &claims).unwrap();
        assert_eq!(case.verify(), Err(EvidenceError::AnswerForm), "{lacking}");
    }
}

#[test]
fn token_answers_are_bound_but_not_logged() {
    let world = World::new();
    let directory = world.directory();
    let ask = |n| world.message_to("tokens", &world.district_key, "token.evaluate/1", n);
    let (question, other) = (ask(1), ask(2));
    let good = token_claims(&question);
    let verify = |message: &str, key, claims: &talent_gateway::jws::AnswerClaims| {
        let reply = claims.seal(key).unwrap();
        verify_token_answer(&directory, message, &reply).map(VerifiedTokenAnswer::into_body)
    };
    let own = &world.tokeniser_key;
    assert_eq!(verify(&question.compact, own, &good), Ok(good.body.clone()));
    let digest = Err(EvidenceError::OtherMessage(Binding::Digest));
    assert_eq!(verify(&other.compact, own, &good), digest);
    let mismatch = Err(seal(Part::Reply, Code::IssuerMismatch));
    assert_eq!(verify(&question.compact, &world.receipt_key, &good), mismatch);

    let logged = answer_claims(&question, 5);
    let as_gateway = verify(&question.compact, &world.receipt_key, &logged);
    assert_eq!(as_gateway, Err(EvidenceError::ReplySigner));
    let logged = talent_gateway::jws::AnswerClaims { iss: id("tokens"), ..logged };
    assert_eq!(verify(&question.compact, own, &logged), Err(EvidenceError::AnswerForm));

    let receipt = ReceiptClaims { iss: id("tokens"), ..receipt_claims(&question, 5) };
    let receipt = receipt.seal(own).unwrap();
    let verdict = verify_token_answer(&directory, &question.compact, &receipt);
    assert_eq!(verdict.err(), Some(EvidenceError::ReplyType));
}
