//! The answer: per record an outcome, the rules it rests on, preconditions, flags and evidence.
//! It is the `result` of the body of `answer.recognition/1`; coverage is added by the gateway.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::alliance::OutsideMember;
use super::effect::{Effect, Object, RecognitionPurpose};
use super::rule::{HoursMinimum, LocalMeaning, Precondition, RuleStatus, SourceCheck};
use crate::domain::citation::Citation;
use crate::domain::partial_date::PartialDate;
use crate::domain::participant::ParticipantId;
use crate::domain::record::life_cycle::{Attestation, Authority};
use crate::domain::time::Validity;

/// What came of a look-up (DESIGN §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 认可, with a legal effect.
    Recognised,
    /// 有条件认可: preconditions are listed with how each is proven.
    Conditional,
    /// 不予认可: a rule says so.
    NotRecognised,
    /// 无对应规则，需人工: no rule in force, examples left aside, or rules that contradict each other, or a
    /// copy that its original contradicts; a person decides.
    NoRule,
    /// 记录无效: expired, suspended, revoked, objection pending – flagged.
    NotValid,
    /// 无记录
    NoRecord,
}

/// What an officer must know about a record or about the rules that meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// 未生效: the day lies before the record's first day. Makes the record not valid.
    NotYetValid,
    /// 已过期. Makes the record not valid.
    Expired,
    /// 已暂停. Makes the record not valid.
    Suspended,
    /// 已撤销. Makes the record not valid.
    Revoked,
    /// 异议处理中. Makes the record not valid.
    ObjectionPending,
    /// 存疑: signed with a leaked key, not confirmed yet. Makes the record not valid.
    Suspect,
    /// Suspended or revoked by a revision that takes effect after the day asked.
    EndsLater,
    /// Rules in force lead to different results; all are listed and a person decides.
    RulesConflict,
    /// Rests on an example without legal effect.
    ExampleRule,
    /// Rests on a rule whose official text nobody has checked.
    SourceUnchecked,
    /// Decided by an authority of the receiving district, or of the city or province it lies in,
    /// whoever sent it: it needs no recognition there.
    OwnRecord,
    /// A copy of a certificate that another record of the answer counts.
    CertificateCountedOnce,
    /// Records of one certificate number state different hours, or a copy another class than the original;
    /// a person clears it.
    CopiesDiffer,
    /// A copy: that it ended, or is in doubt, says the authority's own record of the certificate.
    ByOriginal,
}

impl Flag {
    /// Does the flag make the record not valid?
    pub const fn invalidates(self) -> bool {
        match self {
            Self::NotYetValid
            | Self::Expired
            | Self::Suspended
            | Self::Revoked
            | Self::ObjectionPending
            | Self::Suspect => true,
            Self::EndsLater
            | Self::RulesConflict
            | Self::ExampleRule
            | Self::SourceUnchecked
            | Self::OwnRecord
            | Self::CertificateCountedOnce
            | Self::CopiesDiffer
            | Self::ByOriginal => false,
        }
    }
}

/// How far a precondition is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// 数据已证明
    Proven,
    /// 须上传材料
    ToBeUploaded,
    /// 情况不明: no data, or data that contradict each other.
    Unknown,
    /// 数据不符: data say the opposite; a person decides.
    Refuted,
}

/// A precondition and how far it is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreconditionFinding {
    /// The precondition as the rule states it.
    pub precondition: Precondition,
    /// How far it is proven.
    pub proof: Proof,
    /// Log positions of what proves or refutes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<u64>,
    /// Records that bear on it and prove nothing, each with why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<SetAside>,
    /// Who says what of other records bears on it, those set aside among them, in the order found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// Who says what bears on a precondition, how surely and for when: an officer must be able to weigh it
/// without looking it up (DESIGN §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Log position of the record.
    pub position: u64,
    /// Who sent it; left out where a case file does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<ParticipantId>,
    /// How far it was checked, and as of when; left out where a case file does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<Attestation>,
    /// When it holds.
    pub validity: Validity,
    /// What it says of a fact: that it holds, or that it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<bool>,
}

/// A record that bears on a precondition and proves nothing. It is shown, so that an officer reads
/// 异议处理中 and not only that a document is lacking (standards.md §8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Log position of the record.
    pub position: u64,
    /// Why it proves nothing.
    pub reasons: Vec<SetAsideReason>,
    /// Log positions of the objections against it that are not decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objections: Vec<u64>,
    /// The day from which it is suspended or revoked, with the reasons `suspended` and `revoked`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops: Option<Date>,
    /// Who suspended or revoked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<Authority>,
}

/// Why a record proves nothing. Those that a record itself may have are called as its [`Flag`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetAsideReason {
    /// 异议处理中
    ObjectionPending,
    /// 存疑: signed with a leaked key, not confirmed yet.
    Suspect,
    /// 仅为申报: nobody saw a paper.
    Declared,
    /// 他区陈述: a fact or tie of the receiving district that another district states.
    OtherDistrict,
    /// 未注明报送方: nobody is named who says so (case files only).
    SenderUnknown,
    /// 相互矛盾: facts that count say the opposite of each other.
    Contradicting,
    /// 未生效: another record that is asked for holds only later.
    NotYetValid,
    /// 已过期: another record that is asked for has ended.
    Expired,
    /// 已暂停: another record that is asked for is suspended; no paper of it proves anything meanwhile.
    Suspended,
    /// 已撤销: another record that is asked for was revoked; nor does a paper of it.
    Revoked,
    /// 内容不一致: a copy of another class than its original.
    CopiesDiffer,
}

impl SetAsideReason {
    /// Is it a record that is there and does not hold on the day?
    pub const fn is_of_standing(self) -> bool {
        matches!(
            self,
            Self::NotYetValid
                | Self::Expired
                | Self::Suspended
                | Self::Revoked
                | Self::CopiesDiffer
        )
    }

    /// Was it stopped by whoever decided, so that its paper proves nothing either?
    pub const fn is_stopped(self) -> bool {
        matches!(self, Self::Suspended | Self::Revoked)
    }
}

/// A rule that meets a record, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFinding {
    /// Id of the rule.
    pub rule: String,
    /// Its revision.
    pub revision: u32,
    /// Log position of that revision.
    pub position: u64,
    /// The body that decided.
    pub decided_by: String,
    /// Document and article.
    pub citation: Citation,
    /// Version of the document.
    pub document_version: String,
    /// How far the citation was checked.
    pub source_check: SourceCheck,
    /// In force, or an example, which decides nothing.
    pub status: RuleStatus,
    /// Its effect.
    pub effect: Effect,
    /// What the record means in the receiving district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<LocalMeaning>,
    /// Fewest continuing-education hours of a year that it asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<HoursMinimum>,
    /// What it leads to on this record alone; `no-rule` of an example.
    pub outcome: Outcome,
    /// Its preconditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<PreconditionFinding>,
}

/// What came of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordFinding {
    /// Who sent the record.
    pub sender: ParticipantId,
    /// Its id at the sender.
    pub record: String,
    /// The revision whose content counts.
    pub revision: u32,
    /// Who decided it: whom to call about the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// How far the sender checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<Attestation>,
    /// First and last day of the content that counts; a suspension or revocation does not change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Validity>,
    /// Date of issue as the certificate gives it, perhaps the month or year alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<PartialDate>,
    /// The day from which it is suspended or revoked; with the flags `suspended`, `revoked` and
    /// `ends-later`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops: Option<Date>,
    /// What it is.
    pub object: Object,
    /// Its scheme.
    pub scheme: String,
    /// Its class.
    pub class: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Flags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The rules that meet it, those that decide first. They agree, or the flag `rules-conflict`
    /// is set, or only one of them can come true, or data refute a precondition of those that follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleFinding>,
    /// Log positions of the revisions and objections that the outcome rests on.
    pub evidence: Vec<u64>,
}

/// Hours in tenths, by kind of subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursByKind {
    /// 公需科目, tenths of an hour.
    pub general_tenths: u64,
    /// 专业科目, tenths of an hour.
    pub professional_tenths: u64,
}

/// Continuing-education hours of one calendar year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursOfYear {
    /// Calendar year.
    pub year: u16,
    /// From the receiving district's own records, which need no recognition there.
    #[serde(default, skip_serializing_if = "HoursByKind::is_zero")]
    pub own: HoursByKind,
    /// From records with outcome `recognised`.
    pub recognised: HoursByKind,
    /// From records with outcome `conditional`, and from copies that differ: not counted until a
    /// person has cleared them.
    pub conditional: HoursByKind,
    /// The minimums that rules name for the year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minimums: Vec<MinimumFinding>,
}

impl HoursByKind {
    /// No hours at all?
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

/// Do the hours of a year reach the minimum that a rule names?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumFinding {
    /// Id of the rule.
    pub rule: String,
    /// The minimum.
    pub minimum: HoursMinimum,
    /// How the sum stands to it.
    pub standing: MinimumStanding,
    /// What own and recognised hours lack of each kind.
    pub missing: HoursByKind,
    /// What they lack of the sum of both kinds, tenths of an hour.
    pub missing_total_tenths: u64,
}

/// How a sum of hours stands to a minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MinimumStanding {
    /// 已达到: own and recognised hours suffice.
    Reached,
    /// 待证明: they would with the conditional ones.
    Open,
    /// 不足
    Short,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recognition {
    /// The receiving district.
    pub at: ParticipantId,
    /// What for.
    pub for_purpose: RecognitionPurpose,
    /// For which shared service, where the question was bound to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The day in the world.
    pub valid_at: Date,
    /// Size of the log that the answer rests on.
    pub known_at: u64,
    /// The best that any single record reaches; `no-record` when there is none.
    pub outcome: Outcome,
    /// One finding per record, in the order of sender and record id.
    pub records: Vec<RecordFinding>,
    /// Sums of continuing-education hours, by year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<HoursOfYear>,
    /// Fellow members of an alliance of the receiving district that do not take part in the
    /// exchange: listed, not covered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_connected: Vec<OutsideMember>,
}
