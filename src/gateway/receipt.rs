//! Receipts and answers: what the gateway signs about a message (`formats.md` §1.6).

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::judge::Judged;
use super::shared::Shared;
use crate::domain::code::Refusal;
use crate::domain::time::UtcSeconds;
use crate::jws::{MessageClaims, Typ};

/// The message that a reply is about, and where the reply stands in the log.
pub(super) struct About<'a> {
    pub claims: &'a MessageClaims,
    pub digest: [u8; 32],
    pub at: UtcSeconds,
    pub index: u64,
}

/// What a receipt says.
pub(super) enum Verdict<'a> {
    /// Taken.
    Accepted(&'a Judged),
    /// Refused.
    Rejected(&'a Refusal),
}

/// Signs a receipt.
pub(super) fn sign(shared: &Shared, about: &About<'_>, verdict: &Verdict<'_>) -> String {
    let result = match verdict {
        Verdict::Accepted(judged) => accepted(judged),
        Verdict::Rejected(refusal) => {
            let mut result = json!({ "outcome": "rejected", "code": refusal.code });
            if let Some(detail) = &refusal.detail {
                result["detail"] = json!(detail);
            }
            if !refusal.violations.is_empty() {
                result["violations"] = json!(refusal.violations);
            }
            result
        }
    };
    let mut payload = binding(shared, about);
    payload["res"] = result;
    shared.receipt_key.sign(Typ::Receipt, payload.to_string().as_bytes())
}

/// Signs an answer.
pub(super) fn sign_answer(shared: &Shared, about: &About<'_>, answer: &Answer) -> String {
    let mut payload = binding(shared, about);
    payload["irt"] = json!(about.claims.jti);
    payload["known_at"] = json!(answer.known_at);
    payload["coverage"] = answer.coverage.clone();
    payload["body"] = answer.body.clone();
    shared.receipt_key.sign(Typ::Answer, payload.to_string().as_bytes())
}

/// SHA-256.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn binding(shared: &Shared, about: &About<'_>) -> Value {
    json!({
        "iss": shared.id,
        "aud": about.claims.iss,
        "iat": about.at,
        "jti": shared.ids.uuid_v7(),
        "msg": {
            "iss": about.claims.iss,
            "jti": about.claims.jti,
            "sha256": hex(&about.digest),
        },
        "log": { "origin": shared.origin.as_str(), "index": about.index },
    })
}

fn accepted(judged: &Judged) -> Value {
    let mut result = json!({ "outcome": "accepted" });
    // A single record's outcome is the message's own.
    if judged.items.len() > 1 || judged.items.iter().any(Result::is_err) {
        let items: Vec<Value> = judged
            .items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Ok(()) => json!({ "index": index, "outcome": "accepted" }),
                Err(refusal) => {
                    let mut item = json!({ "index": index, "outcome": "rejected" });
                    if let (Some(to), Value::Object(from)) =
                        (item.as_object_mut(), json!(refusal))
                    {
                        to.extend(from);
                    }
                    item
                }
            })
            .collect();
        result["items"] = json!(items);
    }
    if let Some(hold) = judged.hold {
        result["hold"] = json!(hold);
    }
    if let Some(assessment) = &judged.assessment {
        result["assessment"] = assessment.clone();
    }
    result
}
