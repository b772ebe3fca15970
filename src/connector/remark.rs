//! What the connector says about identifiers and region codes that it took: 提示 and 异常 for the officer, and
//! who vouches for a credit code whose check digit does not hold. Nothing here repeats an identifier.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::id::{Notice, VerificationSource};

/// A remark about one identifier or region code of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where it stands in the request.
    pub pointer: String,
    /// What is to be said.
    pub notice: Notice,
}

impl Remark {
    /// As replies show it: `pointer`, `notice`, `severity`, `text` in both languages.
    pub(super) fn shown(&self) -> Value {
        let text = self.notice.text();
        json!({
            "pointer": self.pointer,
            "notice": self.notice.as_str(),
            "severity": self.notice.severity().as_str(),
            "text": text,
        })
    }
}

/// Adds remarks to a reply; none leaves it as it is.
pub(super) fn into(mut reply: Value, remarks: &[Remark]) -> Value {
    if !remarks.is_empty() {
        reply["remarks"] = remarks.iter().map(Remark::shown).collect();
    }
    reply
}

/// Who saw, and where, that the code at a place of a message is a real one though its check digit
/// does not hold (`standards.md` §3). Kept with the message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verification {
    /// Where the token of the code stands in the message.
    pub pointer: String,
    /// Where it was verified.
    pub source: String,
    /// By whom: an opaque operator id.
    pub operator: String,
}

impl Verification {
    pub(super) fn new(pointer: &str, evidence: &VerificationSource) -> Self {
        Self {
            pointer: pointer.to_owned(),
            source: evidence.source().to_owned(),
            operator: evidence.operator().to_owned(),
        }
    }

    /// The same in a bulk message, where the body that it was read in is item `n`.
    pub(super) fn of_item(mut self, n: usize) -> Self {
        self.pointer.insert_str(0, &format!("/items/{n}"));
        self
    }
}
