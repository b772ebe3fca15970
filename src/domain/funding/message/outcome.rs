//! `finding.outcome/1`: what came of a finding. Precision per rule is measured from it.

use serde::{Deserialize, Serialize};

use crate::domain::context::Operator;

/// A person's decision on one finding of one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingOutcome {
    /// The answer that held the finding.
    pub assessment: AssessmentRef,
    /// Id of the finding inside it: `R13-1`.
    pub finding: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Code of the reason, one of [`Outcome::reasons`].
    pub reason: String,
    /// Who decided and who checked.
    pub operators: [Operator; 2],
}

/// An answer or a hold's receipt of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentRef {
    /// Its id.
    pub jti: uuid::Uuid,
    /// Its position in the log.
    pub position: u64,
}

/// What came of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 确认
    Confirmed,
    /// 排除
    Excluded,
    /// 待补充
    Pending,
}

impl Outcome {
    /// Codes of the reasons that an outcome can have: with any other it contradicts itself, and would
    /// be counted for the wrong side of a rule's precision.
    pub const fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::Confirmed => &["duplicate-confirmed", "cap-reached", "condition-unmet"],
            Self::Excluded => &[
                "different-person",
                "different-benefit",
                "months-do-not-meet",
                "lawful-stacking",
                "data-error",
            ],
            Self::Pending => &["waiting-for-evidence"],
        }
    }
}
