//! The feed of each participant: a dense sequence of what concerns it.

use serde::{Deserialize, Serialize};

use super::table::{Key, Table};
use super::view::{Overlay, ViewError};
use crate::domain::directory::MessageRef;
use crate::domain::participant::ParticipantId;
use crate::domain::review::Because;
use crate::domain::text::Language;
use crate::domain::time::UtcSeconds;

/// Feed entries, keyed by (participant, sequence).
pub const FEED: Table<FeedRow> = Table::new(20);

/// What happened that a participant should know. Content comes only by query, under the agreement
/// of the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedChange {
    /// A message was addressed to the participant.
    Addressed,
    /// A hold of the participant and another one meet: the earlier stays first, the later waits.
    HoldContested,
    /// A contested hold of the participant has become the first.
    HoldPromoted,
    /// A hold of the participant ran out.
    HoldExpired,
    /// A grant was made against a hold or finding that concerns the participant.
    GrantOverridden,
    /// A key of the participant was revoked.
    KeyRevoked,
    /// Something that an answer to the participant rested on has changed, and the same question
    /// has another answer now.
    BasisChanged,
    /// An objection was raised to a record of the participant.
    ObjectionRaised,
    /// An objection was decided, withdrawn or corrected.
    ObjectionDecided,
    /// The owner takes longer to decide an objection, as the law lets it.
    ObjectionExtended,
    /// An objection was not decided, or not corrected, in time.
    ObjectionOverdue,
    /// Another district asks.
    EnquiryReceived,
    /// An enquiry of the participant was answered.
    EnquiryReplied,
    /// An enquiry was not answered in time.
    EnquiryOverdue,
    /// A link between persons of the participant's records awaits its consent.
    LinkAwaitsConsent,
    /// A link counts from now on: everybody who had to confirm it has.
    LinkConfirmed,
    /// A link counts no longer, or awaits no consent any more: it was changed or taken back, or a
    /// consent was.
    LinkUnconfirmed,
    /// A joint rule that names the participant was proposed and awaits its consent.
    JointRuleAwaitsConsent,
}

impl FeedChange {
    /// Every change, as `docs/api.md` lists them.
    pub const ALL: [Self; 18] = [
        Self::Addressed,
        Self::HoldContested,
        Self::HoldPromoted,
        Self::HoldExpired,
        Self::GrantOverridden,
        Self::KeyRevoked,
        Self::BasisChanged,
        Self::ObjectionRaised,
        Self::ObjectionDecided,
        Self::ObjectionExtended,
        Self::ObjectionOverdue,
        Self::EnquiryReceived,
        Self::EnquiryReplied,
        Self::EnquiryOverdue,
        Self::LinkAwaitsConsent,
        Self::LinkConfirmed,
        Self::LinkUnconfirmed,
        Self::JointRuleAwaitsConsent,
    ];

    /// In a few words.
    pub const fn name(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Addressed => ("收到发给本单位的消息", "a message came"),
            Self::HoldContested => ("预占与他方相遇", "holds meet"),
            Self::HoldPromoted => ("预占升为第一", "hold is the first now"),
            Self::HoldExpired => ("预占到期", "hold ran out"),
            Self::GrantOverridden => ("他方推翻核查结果发放", "grant against a hold or finding"),
            Self::KeyRevoked => ("密钥已吊销", "key revoked"),
            Self::BasisChanged => ("以前的答复已有变化", "an earlier answer is another now"),
            Self::ObjectionRaised => ("收到异议", "objection raised"),
            Self::ObjectionDecided => ("异议已有结果", "objection decided"),
            Self::ObjectionExtended => ("异议延长办理", "objection takes longer"),
            Self::ObjectionOverdue => ("异议办理超期", "objection overdue"),
            Self::EnquiryReceived => ("收到协查", "enquiry came"),
            Self::EnquiryReplied => ("协查已答复", "enquiry answered"),
            Self::EnquiryOverdue => ("协查超期", "enquiry overdue"),
            Self::LinkAwaitsConsent => ("关联待本单位确认", "link awaits consent"),
            Self::LinkConfirmed => ("关联已确认", "link confirmed"),
            Self::LinkUnconfirmed => ("关联不再作数", "link counts no longer"),
            Self::JointRuleAwaitsConsent => ("联合规则待本单位同意", "joint rule awaits consent"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    /// 1, 2, 3 … without gaps, per participant.
    pub seq: u64,
    /// Log position of what happened.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// What happened.
    pub change: FeedChange,
    /// The participant's own case number, where it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The participant's own record, hold or grant, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concerns: Option<String>,
    /// For `basis-changed`: log position of the participant's earlier answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<u64>,
    /// For `basis-changed`: what kind of thing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// The message that awaits a consent of the participant, or awaited one: what `consent/1` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<MessageRef>,
}

/// Adds an entry to a participant's feed; the sequence number is given here.
pub(super) fn notify(
    state: &mut Overlay<'_>,
    participant: &ParticipantId,
    entry: FeedRow,
) -> Result<(), ViewError> {
    let prefix = Key::new().text(participant.as_str());
    let seq = FEED.last(state, &prefix)?.map_or(0, |row| row.seq) + 1;
    let row = FeedRow { seq, ..entry };
    state.apply(FEED.put(prefix.number(seq), None, &row)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change that is added is added to the list and to its page.
    #[test]
    fn every_change_is_listed_and_documented() {
        let page = include_str!("../../docs/api.md");
        for (index, change) in FeedChange::ALL.into_iter().enumerate() {
            assert_eq!(change as usize, index);
            let code = serde_json::to_value(change).unwrap();
            let code = format!("`{}`", code.as_str().unwrap());
            assert!(page.contains(&code), "docs/api.md lacks {code}");
        }
        assert_eq!(FeedChange::JointRuleAwaitsConsent as usize + 1, FeedChange::ALL.len());
    }
}
