//! Receipts and answers: what the gateway signs about a message (`formats.md` §1.6).

use super::answer::Answer;
use super::judge::Judged;
use super::reply::internal;
use super::shared::Shared;
use crate::domain::code::Refusal;
use crate::domain::time::UtcSeconds;
use crate::jws::{
    Acceptance, AnswerClaims, Digest, ItemOutcome, Jti, LogPosition, MessageClaims, MessageRef,
    ReceiptClaims, Resolution,
};

/// The message that a reply is about, and where the reply stands in the log.
pub(super) struct About<'a> {
    pub claims: &'a MessageClaims,
    pub digest: Digest,
    pub at: UtcSeconds,
    pub index: u64,
}

/// Signs a receipt.
pub(super) fn sign(shared: &Shared, about: &About<'_>, res: Resolution) -> Result<String, Refusal> {
    let claims = ReceiptClaims {
        iss: shared.id.clone(),
        aud: about.claims.iss.clone(),
        iat: about.at,
        jti: new_jti(shared)?,
        msg: about.message(),
        res,
        log: about.position(shared),
    };
    claims.seal(&shared.receipt_key)
}

/// Signs an answer.
pub(super) fn sign_answer(
    shared: &Shared,
    about: &About<'_>,
    answer: Answer,
) -> Result<String, Refusal> {
    let claims = AnswerClaims {
        iss: shared.id.clone(),
        aud: about.claims.iss.clone(),
        iat: about.at,
        jti: new_jti(shared)?,
        msg: about.message(),
        irt: about.claims.jti,
        log: Some(about.position(shared)),
        known_at: Some(answer.known_at),
        coverage: Some(answer.coverage),
        body: answer.body,
    };
    claims.seal(&shared.receipt_key)
}

/// What a receipt says of an accepted message.
pub(super) fn acceptance(judged: &Judged) -> Resolution {
    let items = judged.items.iter().filter(|_| judged.itemised);
    let items = (0..).zip(items).map(|(index, item)| match item {
        Ok(()) => ItemOutcome::accepted(index),
        Err(refusal) => ItemOutcome::rejected(index, refusal.code),
    });
    Resolution::Accepted(Acceptance {
        hold: judged.hold,
        items: items.collect(),
        assessment: judged.assessment.clone(),
    })
}

impl About<'_> {
    fn message(&self) -> MessageRef {
        MessageRef { iss: self.claims.iss.clone(), jti: self.claims.jti, sha256: self.digest }
    }

    fn position(&self, shared: &Shared) -> LogPosition {
        LogPosition { origin: shared.origin.to_string(), index: self.index }
    }
}

fn new_jti(shared: &Shared) -> Result<Jti, Refusal> {
    Jti::new(shared.ids.uuid_v7()).ok_or_else(|| internal("the source of ids gave no UUIDv7"))
}
