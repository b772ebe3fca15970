//! A receipt or answer: is it the gateway's, is it about this message, is it in the log?

use serde_json::Value;

use super::directory::{LogKeys, TrustedDirectory};
use super::error::{Binding, EvidenceError, Part};
use crate::domain::code::{Code, Refusal};
use crate::domain::directory::ParticipantKind;
use crate::domain::participant::{KeyId, ParticipantId};
use crate::domain::registry::{Class, MessageType};
use crate::domain::time::UtcSeconds;
use crate::json::Bounds;
use crate::jws::{
    AnswerClaims, Compact, Digest, Jti, KeyLookup as _, KeyRecord, KeyUse, LogPosition, MessageRef,
    ReceiptClaims, Typ, Verified, VerifiedMessage,
};
use crate::log::{Leaf, LeafKind, Proof, VerifiedCheckpoint, VerifiedInclusion};

/// What the gateway said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyClaims {
    /// What became of a message.
    Receipt(ReceiptClaims),
    /// The answer to a query.
    Answer(AnswerClaims),
}

/// A receipt or answer that its gateway signed, that is about the message given, and that lies in
/// the log where it says. Only this module makes one.
#[derive(Clone, Debug)]
pub struct VerifiedReply {
    claims: ReplyClaims,
    kid: KeyId,
    digest: Digest,
    suspect: bool,
    inclusion: VerifiedInclusion,
    message: Option<VerifiedMessage>,
}

/// An answer of the tokeniser: signed and bound to its question; it keeps no log.
#[derive(Clone, Debug)]
pub struct VerifiedTokenAnswer {
    claims: AnswerClaims,
    kid: KeyId,
}

/// Verifies a reply against the exact bytes of the message that it is about.
///
/// # Errors
/// [`EvidenceError`]: the first check that does not hold.
pub fn verify_reply(
    directory: &TrustedDirectory,
    log: &LogKeys,
    message: &str,
    reply: &str,
    proof: &str,
) -> Result<VerifiedReply, EvidenceError> {
    let mut verified = verify_reply_alone(directory, log, reply, proof)?;
    let claims = &verified.claims;
    let service = claims.issuer();
    let message = bound_message(directory, message, claims.message(), service)?;
    let signed_at = claims.issued_at();
    verified.suspect |= is_suspect(message.key(), signed_at);
    verified.message = Some(message);
    Ok(verified)
}

/// Verifies a reply whose message is not at hand, because it was erased. What the message said is
/// then unknown; that the gateway gave this reply about a message of that digest is not.
///
/// # Errors
/// As [`verify_reply`].
pub fn verify_reply_alone(
    directory: &TrustedDirectory,
    log: &LogKeys,
    reply: &str,
    proof: &str,
) -> Result<VerifiedReply, EvidenceError> {
    let (claims, key, digest) = signed_reply(directory, reply)?;
    if !directory.is_kind(claims.issuer(), ParticipantKind::Gateway) {
        return Err(EvidenceError::ReplySigner);
    }
    let position = claims.position().ok_or(EvidenceError::AnswerForm)?;
    let leaf = Leaf { kind: claims.leaf_kind(), digest: digest.0 };
    let inclusion = verify_inclusion(Part::Reply, log, position, leaf, proof)?;
    let suspect = is_suspect(&key, claims.issued_at());
    Ok(VerifiedReply { claims, kid: key.kid().clone(), digest, suspect, inclusion, message: None })
}

/// Verifies an answer of the tokeniser to the exact bytes of `message`.
///
/// # Errors
/// As [`verify_reply`]; [`EvidenceError::AnswerForm`] when it claims a place in a log.
pub fn verify_token_answer(
    directory: &TrustedDirectory,
    message: &str,
    reply: &str,
) -> Result<VerifiedTokenAnswer, EvidenceError> {
    let (claims, key, _) = signed_reply(directory, reply)?;
    let ReplyClaims::Answer(claims) = claims else { return Err(EvidenceError::ReplyType) };
    if !directory.is_kind(&claims.iss, ParticipantKind::Tokeniser) {
        return Err(EvidenceError::ReplySigner);
    }
    if claims.log.is_some() || claims.known_at.is_some() || claims.coverage.is_some() {
        return Err(EvidenceError::AnswerForm);
    }
    bound_message(directory, message, &claims.msg, &claims.iss)?;
    Ok(VerifiedTokenAnswer { claims, kid: key.kid().clone() })
}

impl ReplyClaims {
    /// The service that gave it.
    pub fn issuer(&self) -> &ParticipantId {
        match self {
            Self::Receipt(claims) => &claims.iss,
            Self::Answer(claims) => &claims.iss,
        }
    }

    /// Its own id.
    pub fn id(&self) -> Jti {
        match self {
            Self::Receipt(claims) => claims.jti,
            Self::Answer(claims) => claims.jti,
        }
    }

    /// When it was given.
    pub fn issued_at(&self) -> UtcSeconds {
        match self {
            Self::Receipt(claims) => claims.iat,
            Self::Answer(claims) => claims.iat,
        }
    }

    /// The message it is about.
    pub fn message(&self) -> &MessageRef {
        match self {
            Self::Receipt(claims) => &claims.msg,
            Self::Answer(claims) => &claims.msg,
        }
    }

    /// What its leaf is.
    pub fn leaf_kind(&self) -> LeafKind {
        match self {
            Self::Receipt(_) => LeafKind::Receipt,
            Self::Answer(_) => LeafKind::Answer,
        }
    }

    /// Its place; `None` for an answer without what the gateway's answers have.
    fn position(&self) -> Option<&LogPosition> {
        match self {
            Self::Receipt(claims) => Some(&claims.log),
            Self::Answer(claims) => {
                let whole = claims.known_at.is_some() && claims.coverage.is_some();
                claims.log.as_ref().filter(|_| whole)
            }
        }
    }
}

impl VerifiedReply {
    /// What was said.
    pub fn claims(&self) -> &ReplyClaims {
        &self.claims
    }

    /// Receipt or answer, for good.
    pub fn into_claims(self) -> ReplyClaims {
        self.claims
    }

    /// The key that signed.
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// SHA-256 of the exact reply.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Position in the log, from 0.
    pub fn index(&self) -> u64 {
        self.inclusion.index()
    }

    /// The checkpoint that covers it, and who cosigned.
    pub fn checkpoint(&self) -> &VerifiedCheckpoint {
        self.inclusion.checkpoint()
    }

    /// Its place in the log.
    pub fn inclusion(&self) -> &VerifiedInclusion {
        &self.inclusion
    }

    /// The message, unless it was verified without.
    pub fn message(&self) -> Option<&VerifiedMessage> {
        self.message.as_ref()
    }

    /// Was it given after the signing key of the reply or of the message came under suspicion
    /// (`suspect_from`)? It then counts only once its signer confirms it.
    pub fn is_suspect(&self) -> bool {
        self.suspect
    }
}

impl VerifiedTokenAnswer {
    /// The claims.
    pub fn claims(&self) -> &AnswerClaims {
        &self.claims
    }

    /// The answer itself.
    pub fn into_body(self) -> Value {
        self.claims.body
    }

    /// The key that signed.
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }
}

/// Checks that `leaf` lies at the signed `position` of `log`.
pub(super) fn verify_inclusion(
    part: Part,
    log: &LogKeys,
    position: &LogPosition,
    leaf: Leaf,
    proof: &str,
) -> Result<VerifiedInclusion, EvidenceError> {
    if position.origin != log.origin.as_str() {
        return Err(EvidenceError::OtherOrigin { part });
    }
    let at = |error| EvidenceError::Proof { part, error };
    let proof: Proof = proof.parse().map_err(at)?;
    let (signed, proven) = (position.index, proof.index);
    if signed != proven {
        return Err(EvidenceError::OtherIndex { part, signed, proven });
    }
    proof.verify(&leaf.hash(), &log.origin, &log.verifiers).map_err(at)
}

type SignedReply = (ReplyClaims, std::sync::Arc<KeyRecord>, Digest);

/// Signature and claims of a reply, with a receipt key that was in force at `iat`.
fn signed_reply(directory: &TrustedDirectory, reply: &str) -> Result<SignedReply, EvidenceError> {
    let seal = EvidenceError::seal(Part::Reply);
    let is_other_type = |refusal: &Refusal| refusal.code == Code::JwsType;
    let (verified, typ) = match as_issued(directory, reply, Typ::Receipt) {
        Err(refusal) if is_other_type(&refusal) => {
            (as_issued(directory, reply, Typ::Answer), Typ::Answer)
        }
        other => (other, Typ::Receipt),
    };
    let verified = verified.map_err(|refusal| {
        if is_other_type(&refusal) { EvidenceError::ReplyType } else { seal(refusal) }
    })?;
    let (key, digest) = (std::sync::Arc::clone(verified.key()), verified.digest());
    let claims = match typ {
        Typ::Answer => verified.into_answer().map(ReplyClaims::Answer),
        _ => verified.into_receipt().map(ReplyClaims::Receipt),
    };
    Ok((claims.map_err(seal)?, key, digest))
}

/// The message, which must be exactly the one that the reply is about, sent to the service that
/// gave the reply.
fn bound_message(
    directory: &TrustedDirectory,
    message: &str,
    about: &MessageRef,
    service: &ParticipantId,
) -> Result<VerifiedMessage, EvidenceError> {
    let other = |binding| Err(EvidenceError::OtherMessage(binding));
    // Before the signature: bytes that the reply is not about need no verdict of their own.
    if Digest::of(message) != about.sha256 {
        return other(Binding::Digest);
    }
    let message = as_issued(directory, message, Typ::Message)
        .and_then(|verified| {
            let sender = verified.key().participant().clone();
            verified.into_message(|mt, key_use| signs(directory, &sender, mt.as_str(), key_use))
        })
        .map_err(EvidenceError::seal(Part::Message))?;
    let claims = message.claims();
    match claims {
        _ if claims.iss != about.iss => other(Binding::Sender),
        _ if claims.jti != about.jti => other(Binding::Id),
        _ if claims.aud != *service => other(Binding::Service),
        _ => Ok(message),
    }
}

/// The signature, under a key that was in force at the payload's `iat`; `exp` is not looked at.
fn as_issued(directory: &TrustedDirectory, compact: &str, typ: Typ) -> Result<Verified, Refusal> {
    let unverified = Compact::parse(compact, &Bounds::BULK)?.header(typ)?;
    let key = directory.key(unverified.kid()).ok_or(Code::KeyUnknown)?;
    unverified.verify_as_issued(&key)
}

/// The operator signs its messages about the directory with a directory key; everything else is
/// signed with a message key.
fn signs(directory: &TrustedDirectory, sender: &ParticipantId, mt: &str, key_use: KeyUse) -> bool {
    let of_directory = MessageType::parse(mt).is_some_and(|ty| ty.class() == Class::Directory);
    let by_operator = directory.is_kind(sender, ParticipantKind::Gateway);
    let wanted = if of_directory && by_operator { KeyUse::Directory } else { KeyUse::Message };
    key_use == wanted
}

fn is_suspect(key: &KeyRecord, at: UtcSeconds) -> bool {
    key.suspect_from().is_some_and(|from| from <= at)
}
