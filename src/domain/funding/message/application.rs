//! What is asked for: under which policy, for whom, for which months, how much.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case_fact::CaseFact;
use crate::domain::citation::Citation;
use crate::domain::money::Fen;
use crate::domain::subject::{Ref, TokenRef};
use crate::domain::time::MonthSpan;

/// What the applicant wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationKind {
    /// 新申请
    Grant,
    /// 续发
    Continuation,
    /// 积分登记
    Registration,
    /// 人才认定
    Certification,
    /// 存量核查: a review of what is held already
    Review,
}

/// Who receives the benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beneficiary {
    /// 个人
    Person,
    /// 团队
    Team,
    /// 企业
    Enterprise,
    /// 项目
    Project,
}

/// A policy of the catalogue, by id and version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRef {
    /// `qingpu/housing-rent/D`; begins with the district.
    pub id: String,
    /// 1, 2, 3 …
    pub version: u32,
}

/// A class inside its scheme; a letter alone means nothing (T43).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRef {
    /// `qingpu-housing`, `qingpu-industry` …
    pub scheme: String,
    /// `A`, `D` …
    pub class: String,
}

/// A sum, by the month or in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// Fen a month.
    Monthly(Fen),
    /// Fen in all.
    Total(Fen),
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    /// 租赁合同
    Lease,
    /// 房屋
    Unit,
    /// 证书
    Certificate,
    /// 企业
    Enterprise,
}

/// An object that the benefit hangs on; the same object elsewhere is a key of detection (R06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectRef<S = TokenRef> {
    /// What it is.
    pub kind: ObjectKind,
    /// Its number, tokenised under the domain `object`.
    pub object: S,
}

/// A project or a parent plan: public, so by authority and number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberRef {
    /// Who gave the number.
    pub authority: String,
    /// The number.
    pub number: String,
}

/// A co-funding agreement (共担机制, R09).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoFunding {
    /// Number of the agreement.
    pub agreement: String,
    /// Agreed cost, where the agreement states one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Fen>,
    /// Who pays which share. A funder outside the directory is listed, not asked.
    pub funders: Vec<CoFunder>,
}

/// A funder of a co-funding agreement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoFunder {
    /// Public name, or the id of a participant.
    pub name: String,
    /// Share in permille.
    pub share_permille: u16,
}

/// What an application and a grant have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub struct Terms<S = TokenRef> {
    /// Under which policy.
    pub policy: PolicyRef,
    /// The talent; for an enterprise or a project the person named as its head.
    pub subject: S,
    /// Who receives.
    pub beneficiary: Beneficiary,
    /// The employer, which is the applying subject (用人单位为申请主体).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employer: Option<S>,
    /// Objects that the benefit hangs on, at most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectRef<S>>,
    /// The class relied on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassRef>,
    /// Benefit months, not payment dates (R33).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
    /// Rent discount in percent, for apartments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<u8>,
    /// The national or city grant that this one matches (配套, R08).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_plan: Option<NumberRef>,
    /// The project funded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<NumberRef>,
    /// The co-funding agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub co_funding: Option<CoFunding>,
    /// The grant of the same district that this one tops up to a higher class (提档补差).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_up_of: Option<String>,
    /// 一事一议: the decision that allows it; may go beyond caps (Q30).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_by_case: Option<Citation>,
}

/// An application, as `query.funding/1` and `funding.hold/1` carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub struct Application<S = TokenRef> {
    /// What is wanted.
    pub kind: ApplicationKind,
    /// Under which terms.
    #[serde(flatten)]
    pub terms: Terms<S>,
    /// Day of the application.
    pub date: Date,
    /// The sum that the authority would approve, not the cap (R29).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Facts that only the case knows, at most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub case_facts: Vec<CaseFact>,
}

impl ApplicationKind {
    /// Does it lay claim to money? A registration or certification does not yet.
    pub const fn claims_money(self) -> bool {
        matches!(self, Self::Grant | Self::Continuation)
    }
}

impl<S> Terms<S> {
    /// The same terms with every talent and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Terms<T>, E> {
        Ok(Terms {
            policy: self.policy,
            subject: f(Ref::Talent(self.subject))?,
            beneficiary: self.beneficiary,
            employer: self.employer.map(|o| f(Ref::Object(o))).transpose()?,
            objects: self
                .objects
                .into_iter()
                .map(|o| Ok(ObjectRef { kind: o.kind, object: f(Ref::Object(o.object))? }))
                .collect::<Result<_, E>>()?,
            class: self.class,
            months: self.months,
            discount_percent: self.discount_percent,
            parent_plan: self.parent_plan,
            project: self.project,
            co_funding: self.co_funding,
            top_up_of: self.top_up_of,
            case_by_case: self.case_by_case,
        })
    }
}

impl<S> Application<S> {
    /// The same application with every talent and object replaced.
    pub fn map<T, E>(
        self,
        f: &mut impl FnMut(Ref<S>) -> Result<T, E>,
    ) -> Result<Application<T>, E> {
        Ok(Application {
            kind: self.kind,
            terms: self.terms.map(f)?,
            date: self.date,
            amount: self.amount,
            case_facts: self.case_facts,
        })
    }
}
