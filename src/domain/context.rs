//! Why somebody asks: purpose, legal basis, case and operator. Every query and hold carries one
//! (PIPL art. 6, 13, 34; DESIGN §4).

use serde::{Deserialize, Serialize};

use super::citation::Citation;

/// What a query is for. The agreement lists what each purpose may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// 资助核查: duplicate-funding check before paying.
    FundingCheck,
    /// 互认查询: recognition of a certification or qualification.
    Recognition,
    /// 服务共享: entitlement of services, yes/no and class only.
    Service,
    /// 审计: case-bound audit.
    Audit,
    /// 本人查询: the subject asks through an office.
    SubjectAccess,
}

/// The role an operator acts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperatorRole {
    /// 窗口经办
    Window,
    /// 复核
    Reviewer,
    /// 审计
    Auditor,
    /// 系统自动
    System,
}

/// A person at a district's office, known to the gateway by an opaque id only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Opaque: `op-` and 1–32 of `a-z 0-9 -`; never a name or staff number.
    pub id: String,
    /// The role.
    pub role: OperatorRole,
}

/// Who asks, why, on which basis, in which case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryContext {
    /// 办件号 in the asker's system: 1–64 of `A-Z a-z 0-9 -`; no personal data.
    pub case: String,
    /// What for.
    pub purpose: Purpose,
    /// 法定职责依据: document and article. Either this or `consent` is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Citation>,
    /// Number of the subject's consent (同意书编号).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// Who asks.
    pub operator: Operator,
}

impl QueryContext {
    /// Is there a legal basis or a consent? With neither a query is refused (`basis-missing`).
    pub fn has_basis(&self) -> bool {
        self.legal_basis.is_some() || self.consent.is_some()
    }
}
