//! Earlier answers looked at again: `answer.review/1`, which the gateway signs after it has put the
//! same question once more because something that the answer rested on changed.

use serde::{Deserialize, Serialize};

use super::funding::finding::Verdict;
use super::text::Language;

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// A record was issued, amended, suspended or revoked.
    Record,
    /// A grant was made, paid, stopped or recovered.
    Grant,
    /// A link between subjects was made or withdrawn.
    Link,
    /// A sanction was decided.
    Sanction,
    /// An objection was raised or ended.
    Objection,
    /// A recognition rule was published, changed or withdrawn.
    RecognitionRule,
    /// A new version of a policy was published.
    Policy,
    /// An open question was settled.
    Ruling,
    /// A joint rule, or a consent to one.
    JointRule,
    /// A key was revoked and what it may have signed is suspect.
    Suspect,
    /// Another claim was held, or its hold was released or ran out.
    Hold,
}

impl Because {
    /// In a few words.
    pub const fn name(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Record => ("记录变动", "a record changed"),
            Self::Grant => ("资助变动", "a grant changed"),
            Self::Link => ("关联变动", "a link changed"),
            Self::Sanction => ("失信决定", "a sanction"),
            Self::Objection => ("异议", "an objection"),
            Self::RecognitionRule => ("互认规则变动", "a recognition rule changed"),
            Self::Policy => ("政策新版本", "a new version of a policy"),
            Self::Ruling => ("问题已裁定", "a question was settled"),
            Self::JointRule => ("联合规则变动", "a joint rule changed"),
            Self::Suspect => ("密钥吊销，数据存疑", "a key was revoked, data are suspect"),
            Self::Hold => ("预占变动", "a hold changed"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// `answer.review/1`: what came of looking again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerReview {
    /// One entry for each cause that was worked on.
    pub reviews: Vec<Review>,
}

impl AnswerReview {
    /// Most causes in one message.
    pub const REVIEWS_MAX: usize = 64;
    /// Most changed answers of one cause in one message.
    pub const CHANGED_MAX: usize = 64;
}

/// One cause, and the answers that it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Log position of the message that changed something.
    pub cause: u64,
    /// Which of the things that it changed: a digest that only the gateway can read.
    pub part: String,
    /// Position of the last answer that was looked at; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// Were all answers that rest on it looked at?
    pub done: bool,
    /// The answers that come out differently now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<ChangedAnswer>,
}

/// An answer that comes out differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedAnswer {
    /// Its log position.
    pub position: u64,
    /// SHA-256 of what would be told now, lower-case hex: the next review compares with it.
    pub sha256: String,
    /// For a live hold: the verdict that counts from now on, when a grant consumes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}
