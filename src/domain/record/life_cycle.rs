//! What all records share: identity, revision, action, authority, attestation, validity.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::code::{Code, Refusal};
use crate::domain::subject::{Ref, TokenRef};
use crate::domain::time::Validity;

/// What a revision does to its record. The first revision is `issue`; `revoke` is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// 认定 / 登记: the first revision.
    Issue,
    /// 变更: replaces the content.
    Amend,
    /// 暂停
    Suspend,
    /// 恢复
    Reinstate,
    /// 撤销: final.
    Revoke,
}

/// Where a record stands after its last revision. Expiry is not a state: it follows from
/// `validity` and the day that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// In force.
    Active,
    /// Suspended.
    Suspended,
    /// Revoked; final.
    Revoked,
}

impl State {
    /// The state that `action` leads to; `None` where the state does not allow it.
    /// `None` as the current state means that the record does not exist yet.
    pub fn after(current: Option<Self>, action: Action) -> Option<Self> {
        match (current, action) {
            (None, Action::Issue)
            | (Some(Self::Active), Action::Amend)
            | (Some(Self::Suspended), Action::Reinstate) => Some(Self::Active),
            (Some(Self::Active), Action::Suspend) | (Some(Self::Suspended), Action::Amend) => {
                Some(Self::Suspended)
            }
            (Some(Self::Active | Self::Suspended), Action::Revoke) => Some(Self::Revoked),
            _ => None,
        }
    }
}

/// The office that stands behind a record: who decided (认定机关), not who sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Public name of the office in Chinese.
    pub name: String,
    /// GB/T 2260 code of its region, six digits.
    pub region: String,
}

/// How far the sender checked. Rules state the least they need; the order is from strong to weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttestationLevel {
    /// 本机关作出: the sender's own authority decided it.
    Issued,
    /// 向来源核验: verified at the source.
    VerifiedAtSource,
    /// 验看材料: a copy or document was seen.
    CopySeen,
    /// 个人申报: the person declared it.
    Declared,
}

/// Evidence behind a record, without files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// How far it was checked.
    pub level: AttestationLevel,
    /// The day that the fact was seen to hold (数据时间).
    pub as_of: Date,
}

impl Attestation {
    /// Nothing is seen before its day.
    ///
    /// # Errors
    /// [`Code::DateImpossible`] when `as_of` lies after `today`.
    pub fn check_seen(&self, today: Date) -> Result<(), Refusal> {
        if self.as_of <= today {
            return Ok(());
        }
        Err(Refusal::new(Code::DateImpossible).at("/body/attestation/as_of", "not in the future"))
    }
}

/// Members that every record begins with; flattened into each record's JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordHead<S = TokenRef> {
    /// Id of the record in the sender's system, 1–64 of `A-Z a-z 0-9 . _ -`; unique per sender and
    /// record kind; no personal data.
    pub record: String,
    /// 1, 2, 3 … without gaps.
    pub revision: u32,
    /// What this revision does.
    pub action: Action,
    /// The talent.
    pub subject: S,
    /// Who decided.
    pub authority: Authority,
    /// How far the sender checked.
    pub attestation: Attestation,
    /// When the content holds in the world.
    pub validity: Validity,
}

impl<S> RecordHead<S> {
    /// The same head with its subject replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<RecordHead<T>, E> {
        Ok(RecordHead {
            record: self.record,
            revision: self.revision,
            action: self.action,
            subject: f(Ref::Talent(self.subject))?,
            authority: self.authority,
            attestation: self.attestation,
            validity: self.validity,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revoked_is_final_and_issue_is_first() {
        use Action::{Amend, Issue, Reinstate, Revoke, Suspend};
        for action in [Issue, Amend, Suspend, Reinstate, Revoke] {
            assert_eq!(State::after(Some(State::Revoked), action), None);
            assert_eq!(State::after(None, action).is_some(), action == Issue);
        }
        assert_eq!(State::after(Some(State::Active), Suspend), Some(State::Suspended));
        assert_eq!(State::after(Some(State::Active), Reinstate), None);
    }
}
