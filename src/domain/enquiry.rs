//! Enquiries between districts (协查): a person asks a person, by structured questions with a
//! deadline in working days. `to` of the envelope names who is asked. No free text travels: what
//! cannot be asked by a code is asked by telephone, and the contact is in the directory.

use serde::{Deserialize, Serialize};

use super::context::Operator;
use super::objection::ObjectedRecord;
use super::participant::ParticipantId;

/// `enquiry/1`: questions about a record, or about what an answer to the asker rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnquiryBody {
    /// Id in the sender's system, unique per sender.
    pub enquiry: String,
    /// 办件号 in the sender's system; shown to the sender alone.
    pub case: String,
    /// What it is about; at least one member.
    pub about: EnquiryAbout,
    /// What is asked, each question once.
    pub questions: Vec<EnquiryQuestion>,
    /// Working days that the other side has, 1 to [`Self::DAYS_MAX`].
    pub within_days: u32,
    /// Who asks.
    pub operator: Operator,
}

impl EnquiryBody {
    /// Longest period of an enquiry in working days: four weeks.
    pub const DAYS_MAX: u32 = 20;
}

/// What an enquiry is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnquiryAbout {
    /// A record or grant of the district that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<ObjectedRecord>,
    /// Log position: of an assessment that was given to the asker where `finding` is there, else of
    /// evidence that an answer named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    /// Id of the finding inside that assessment: `R05-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnquiryQuestion {
    /// 是否本人
    SamePerson,
    /// 记录是否仍有效
    StillInForce,
    /// 月份是否正确
    MonthsCorrect,
    /// 是否已实际发放
    ActuallyPaid,
    /// 是否将停发或追回
    WillBeStopped,
    /// 是否属于同一事项
    SamePurpose,
    /// 依据是否可提供
    BasisAvailable,
    /// 是否存在未上报记录
    MoreNotReported,
}

/// An enquiry, by who asked and its id there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnquiryRef {
    /// Who asked.
    pub by: ParticipantId,
    /// Its id in that system.
    pub enquiry: String,
}

/// `enquiry.reply/1`: the answers, one for each question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnquiryReply {
    /// The enquiry.
    pub enquiry: EnquiryRef,
    /// One answer for each question that was asked.
    pub answers: Vec<EnquiryAnswer>,
    /// Who answers.
    pub operator: Operator,
}

/// The answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnquiryAnswer {
    /// The question.
    pub question: EnquiryQuestion,
    /// The answer.
    pub answer: EnquirySaid,
}

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnquirySaid {
    /// 是
    Yes,
    /// 否
    No,
    /// 部分
    Partly,
    /// 不掌握
    NotKnown,
    /// 将更正记录: see the next revision.
    WillCorrect,
    /// 请电话联系
    Call,
}
