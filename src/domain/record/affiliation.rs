//! Employment, appointment, tax place, insurance place, secondment, postdoc base: mode and dates, no
//! amounts, no files.

use serde::{Deserialize, Serialize};

use super::life_cycle::RecordHead;
use crate::domain::subject::{Ref, TokenRef};

/// What ties a talent to a place or employer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AffiliationMode {
    /// 劳动关系
    Employment,
    /// 聘任
    Appointment,
    /// 个人所得税缴纳地
    IncomeTax,
    /// 社会保险参保地
    SocialInsurance,
    /// 挂职 / 柔性流动
    Secondment,
    /// 博士后站点
    Postdoc,
}

/// One revision of an affiliation (`affiliation/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affiliation<S = TokenRef> {
    /// Shared members; `validity` holds start and end.
    #[serde(flatten)]
    pub head: RecordHead<S>,
    /// What ties.
    pub mode: AffiliationMode,
    /// GB/T 2260 code of the place, six digits.
    pub region: String,
    /// The employer, tokenised USCC under the domain `object`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employer: Option<S>,
    /// Was the relation dissolved (解除) before its term? Bears on R20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dissolved: Option<bool>,
}

impl<S> Affiliation<S> {
    /// The same record with every subject and object replaced.
    pub fn map<T, E>(
        self,
        f: &mut impl FnMut(Ref<S>) -> Result<T, E>,
    ) -> Result<Affiliation<T>, E> {
        Ok(Affiliation {
            head: self.head.map(f)?,
            mode: self.mode,
            region: self.region,
            employer: self.employer.map(|o| f(Ref::Object(o))).transpose()?,
            dissolved: self.dissolved,
        })
    }
}
