//! 人才认定: a district certifies a talent under a scheme. A class letter means nothing without its
//! scheme (T43: Annex 2 C is not Annex 4 C).

use serde::{Deserialize, Serialize};

use super::life_cycle::RecordHead;
use crate::domain::citation::Citation;
use crate::domain::partial_date::PartialDate;
use crate::domain::subject::{Ref, TokenRef};

/// One revision of a certification (`certification/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub struct Certification<S = TokenRef> {
    /// Shared members.
    #[serde(flatten)]
    pub head: RecordHead<S>,
    /// Scheme: `qingpu-housing`, `qingpu-industry`, `jiaxing-talent` …
    pub scheme: String,
    /// Version of the scheme, usually the year of its document.
    pub scheme_version: String,
    /// Class inside the scheme: `A`, `D`, `高级` …
    pub class: String,
    /// Document and article that the decision rests on.
    pub basis: Citation,
    /// Ground code of the scheme, where it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The other members of a certified team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<TeamMember<S>>,
    /// Date of issue (发证日期) as the certificate gives it: day, month or year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<PartialDate>,
    /// Certificate number, tokenised under the domain `object`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<S>,
}

/// A member of a certified team and the role there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamMember<S = TokenRef> {
    /// The member.
    pub subject: S,
    /// What the member is in the team.
    pub role: TeamRole,
}

/// Roles in a team (附件3 二（一）: 带头人, 成员; advisers and directors do not count).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TeamRole {
    /// 带头人
    Leader,
    /// 成员
    Member,
    /// 顾问, not counted as a member.
    Adviser,
}

impl<S> Certification<S> {
    /// A team lists each member once, and has one leader (附件3 二（一）).
    pub(super) fn contradiction(&self) -> Option<&'static str>
    where
        S: PartialEq,
    {
        let again = |(n, m): (usize, &TeamMember<S>)| {
            self.members.iter().take(n).any(|before| before.subject == m.subject)
        };
        let leaders = self.members.iter().filter(|m| m.role == TeamRole::Leader).count();
        (leaders > 1 || self.members.iter().enumerate().any(again)).then_some("/members")
    }

    /// The same record with every subject and object replaced.
    pub fn map<T, E>(
        self,
        f: &mut impl FnMut(Ref<S>) -> Result<T, E>,
    ) -> Result<Certification<T>, E> {
        Ok(Certification {
            head: self.head.map(f)?,
            scheme: self.scheme,
            scheme_version: self.scheme_version,
            class: self.class,
            basis: self.basis,
            ground: self.ground,
            members: self
                .members
                .into_iter()
                .map(|m| Ok(TeamMember { subject: f(Ref::Talent(m.subject))?, role: m.role }))
                .collect::<Result<_, E>>()?,
            issued_on: self.issued_on,
            certificate: self.certificate.map(|o| f(Ref::Object(o))).transpose()?,
        })
    }
}
