//! Objections (异议): `objection/1` marks a record 异议处理中 from its log position on, and
//! `objection.outcome/1` ends the matter. A district speaks for the person it stands before.
//!
//! An objection that is upheld keeps its mark until the owner has corrected the record: a record
//! that its own owner calls wrong must not count as right in between.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::citation::Citation;
use super::context::Operator;
use super::participant::ParticipantId;
use super::record::RecordKind;
use super::registry::MessageType;
use super::subject::TokenRef;

/// `objection/1`: a person, through a district, says that a record is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionBody {
    /// Id of the objection in the sender's system, unique per sender.
    pub objection: String,
    /// 办件号 in the sender's system; shown to the sender alone.
    pub case: String,
    /// The record.
    pub record: ObjectedRecord,
    /// The person or enterprise that the record is about; it must be so.
    pub subject: TokenRef,
    /// Number of the one payment or recovery of a grant that is meant; the grant is marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<String>,
    /// What is said to be wrong.
    pub reason: ObjectionReason,
    /// The day the person came: clocks of marking and forwarding begin here.
    pub received_on: Date,
    /// Who took it.
    pub operator: Operator,
}

/// Something that a district has logged about a person or an enterprise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectedRecord {
    /// Whose record.
    pub owner: ParticipantId,
    /// Its kind.
    pub kind: ObjectedKind,
    /// Its id in the owner's system.
    pub record: String,
}

/// What can be objected to: whatever a district logs about a person or an enterprise
/// ([`Self::of`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectedKind {
    /// 人才认定
    Certification,
    /// 资格、职称、学历
    Qualification,
    /// 劳动、聘任、纳税、参保
    Affiliation,
    /// 公寓入住
    Occupancy,
    /// 核实的事实
    Fact,
    /// 积分登记
    Points,
    /// 名额
    Quota,
    /// 资助: a grant of the ledger, with its payments and recoveries.
    Funding,
    /// 预占: a claim that nobody has approved yet.
    Hold,
    /// 失信决定
    Sanction,
    /// 主体关联
    Link,
}

impl ObjectedKind {
    /// What messages of a type say about a person or an enterprise; `None` where they say nothing
    /// about either. A new message type is asked here.
    pub const fn of(ty: MessageType) -> Option<Self> {
        Some(match ty {
            MessageType::Certification => Self::Certification,
            MessageType::Qualification => Self::Qualification,
            MessageType::Affiliation => Self::Affiliation,
            MessageType::Occupancy => Self::Occupancy,
            MessageType::Points => Self::Points,
            MessageType::Quota => Self::Quota,
            MessageType::Fact => Self::Fact,
            MessageType::Link => Self::Link,
            MessageType::FundingHold | MessageType::FundingRelease => Self::Hold,
            MessageType::FundingGrant
            | MessageType::FundingPayment
            | MessageType::FundingStop
            | MessageType::FundingRecovery => Self::Funding,
            MessageType::Sanction => Self::Sanction,
            // The directory, rules, policies and what is decided about them; matters and reviews,
            // which have ends of their own; questions, which say nothing.
            MessageType::Participant
            | MessageType::Key
            | MessageType::Agreement
            | MessageType::Consent
            | MessageType::Reconcile
            | MessageType::Clock
            | MessageType::RecognitionRule
            | MessageType::FundingPolicy
            | MessageType::FindingOutcome
            | MessageType::FundingRuling
            | MessageType::FundingJointRule
            | MessageType::Objection
            | MessageType::ObjectionOutcome
            | MessageType::Enquiry
            | MessageType::EnquiryReply
            | MessageType::AnswerReview
            | MessageType::WorklistQuery
            | MessageType::RecognitionQuery
            | MessageType::EntitlementQuery
            | MessageType::FundingQuery
            | MessageType::RecordsQuery
            | MessageType::AccessQuery
            | MessageType::TokenEvaluate => return None,
        })
    }

    /// The record kind; `None` for what is no record.
    pub const fn record_kind(self) -> Option<RecordKind> {
        match self {
            Self::Certification => Some(RecordKind::Certification),
            Self::Qualification => Some(RecordKind::Qualification),
            Self::Affiliation => Some(RecordKind::Affiliation),
            Self::Occupancy => Some(RecordKind::Occupancy),
            Self::Fact => Some(RecordKind::Fact),
            Self::Points => Some(RecordKind::Points),
            Self::Quota => Some(RecordKind::Quota),
            Self::Funding | Self::Hold | Self::Sanction | Self::Link => None,
        }
    }

    /// Number in table keys; never changes for a kind.
    pub const fn number(self) -> u8 {
        match self.record_kind() {
            Some(kind) => kind.number(),
            None => match self {
                Self::Hold => 101,
                Self::Sanction => 102,
                Self::Link => 103,
                _ => 0,
            },
        }
    }
}

impl From<RecordKind> for ObjectedKind {
    fn from(kind: RecordKind) -> Self {
        match kind {
            RecordKind::Certification => Self::Certification,
            RecordKind::Qualification => Self::Qualification,
            RecordKind::Affiliation => Self::Affiliation,
            RecordKind::Occupancy => Self::Occupancy,
            RecordKind::Fact => Self::Fact,
            RecordKind::Points => Self::Points,
            RecordKind::Quota => Self::Quota,
        }
    }
}

/// What is said to be wrong; a closed list, so that nothing personal travels in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectionReason {
    /// 非本人
    NotThisPerson,
    /// 内容有误
    WrongContent,
    /// 已失效
    OutOfDate,
    /// 并未发生
    NeverHappened,
    /// 原机关已更正
    CorrectedAtSource,
    /// 缺乏依据
    NoBasis,
}

/// An objection, by who raised it and its id there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionRef {
    /// Who raised it.
    pub by: ParticipantId,
    /// Its id in that system.
    pub objection: String,
}

/// `objection.outcome/1`: what came of an objection, or that it takes longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionOutcome {
    /// The objection.
    pub objection: ObjectionRef,
    /// The decision.
    pub decision: ObjectionDecision,
    /// Why.
    pub reason: OutcomeReason,
    /// Clause that the decision rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
    /// Day of the decision.
    pub decided_on: Date,
    /// Who decided and who checked; one suffices to withdraw or to extend.
    pub operators: Vec<Operator>,
}

/// What an outcome says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectionDecision {
    /// 异议成立: the owner will correct the record; the mark stays until it has.
    Upheld,
    /// 异议不成立: the mark ends.
    Rejected,
    /// 撤回, by who raised it: the mark ends.
    Withdrawn,
    /// 延长办理期限, once, where the law gives a longest period.
    Extended,
}

impl ObjectionDecision {
    /// The reasons that a decision can have: with any other it contradicts itself.
    pub const fn reasons(self) -> &'static [OutcomeReason] {
        use OutcomeReason as R;
        match self {
            // A record for which there is no evidence does not stand either.
            Self::Upheld => &[R::DataError, R::SourceChanged, R::EvidenceInsufficient],
            Self::Rejected => &[R::MatchesSource, R::EvidenceInsufficient],
            Self::Withdrawn => &[R::PersonWithdrew, R::MatchesSource],
            Self::Extended => &[R::UnderInvestigation],
        }
    }
}

/// Why an outcome was reached; a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeReason {
    /// 数据有误
    DataError,
    /// 来源已变更
    SourceChanged,
    /// 与来源一致
    MatchesSource,
    /// 证据不足
    EvidenceInsufficient,
    /// 申请人撤回
    PersonWithdrew,
    /// 需要调查
    UnderInvestigation,
}

impl OutcomeReason {
    /// Its code in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DataError => "data-error",
            Self::SourceChanged => "source-changed",
            Self::MatchesSource => "matches-source",
            Self::EvidenceInsufficient => "evidence-insufficient",
            Self::PersonWithdrew => "person-withdrew",
            Self::UnderInvestigation => "under-investigation",
        }
    }
}
