//! `funding.policy/1`: one entry of the policy catalogue. Code holds kinds of rules, data holds the
//! rules: which clause of a policy switches which rule on stands here.

use serde::{Deserialize, Serialize};

use super::application::Beneficiary;
use super::criteria::ClassCriteria;
use crate::domain::citation::Citation;
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::money::Fen;
use crate::domain::participant::ParticipantId;
use crate::domain::text::Text;
use crate::domain::time::Validity;

/// A policy, as its document writes it. What the document does not state is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// `qingpu/housing-rent/D`; begins with the district.
    pub id: String,
    /// 1, 2, 3 …; a new version never changes an old one.
    pub version: u32,
    /// Who funds.
    pub district: ParticipantId,
    /// Its name.
    pub name: Text,
    /// Kinds of the shared list, at least one. Empty kinds are unmapped: REFER Q13.
    pub kinds: Vec<String>,
    /// Whose policy it is.
    pub level: Level,
    /// Who may receive.
    pub beneficiaries: Vec<Beneficiary>,
    /// The classes that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<PolicyClass>,
    /// The groups that it is for, where the document lists groups and no class; one is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<ClassCriteria>,
    /// The tier that it is for, where an award is drawn in tiers (附件4 二（二） 三个档次): 1 to 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<u8>,
    /// How much at most.
    pub amount: PolicyAmount,
    /// How it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<Payout>,
    /// Limits on months and sums.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    /// Clauses that govern it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<ClauseRef>,
    /// Written conditions on facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Policies of one group exclude each other even across kinds (R02): `annex4` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusivity: Option<String>,
    /// Where it stands.
    pub source: Citation,
    /// When it is in force; absent end means that the document states none (Q27).
    pub validity: Validity,
    /// May it be computed with?
    pub status: PolicyStatus,
    /// Open questions that bear on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionId>,
}

/// Whose policy it is; a conflicting lower one yields where a clause says so (R10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 国家
    National,
    /// 市、省
    City,
    /// 区、县
    District,
}

/// May a policy be computed with?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyStatus {
    /// 有效
    InForce,
    /// 审议稿: never computed with.
    Draft,
    /// An invented example, for demonstrations and tests.
    Example,
}

/// Classes of one scheme.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyClass {
    /// `qingpu-housing` …
    pub scheme: String,
    /// `A`, `D` …
    pub classes: Vec<String>,
    /// The policy's own criteria, where it writes some; a certification decides before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criteria: Option<ClassCriteria>,
    /// The question whether the criteria stand beside the classes or are asked for in addition
    /// (附件2 三（四） “以及”, Q35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<QuestionId>,
}

impl PolicyClass {
    /// Is the policy for this class? A letter counts only inside its scheme.
    pub fn includes(&self, scheme: &str, class: &str) -> bool {
        self.scheme == scheme && self.classes.iter().any(|c| c == class)
    }
}

/// How much at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyAmount {
    /// What the cap is a cap of.
    pub unit: AmountUnit,
    /// Upper limit in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Fen>,
    /// Upper limit in percent of the rent or the fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// What the sum depends on: 视实际贡献, 视地方贡献.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discretion: Option<String>,
    /// Caps that may be meant by a reference, and the question that asks which (Q37).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<AmountDoubt>,
}

/// An open question about the cap of a policy that refers to others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountDoubt {
    /// The question.
    pub question: QuestionId,
    /// Monthly caps by reading, 2 to 8.
    pub caps: Vec<AmountReading>,
}

/// A cap under one reading.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountReading {
    /// Code of the reading.
    pub reading: String,
    /// The cap by the month, fen.
    pub cap: Fen,
}

/// What an amount is an amount of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmountUnit {
    /// In all.
    Total,
    /// By the month.
    Month,
    /// Once.
    Once,
    /// Percent of the appraised rent.
    RentPercent,
    /// Percent of a fee.
    FeePercent,
    /// 上不封顶
    Uncapped,
    /// By reference to another policy.
    Reference,
    /// Not stated.
    Unspecified,
}

/// How a benefit is paid.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    /// The rhythm.
    pub schedule: Schedule,
    /// Number of instalments, where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalments: Option<u32>,
    /// Where it stands, when elsewhere than the policy itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation: Option<Citation>,
}

/// Rhythm of payment. The benefit months decide about overlap, not the rhythm (R33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// 按月
    Monthly,
    /// 每年一次
    Yearly,
    /// 一次性
    Once,
    /// 分步到位
    Steps,
    /// In kind: an apartment.
    InKind,
}

/// A limit on months or sums that several policies may share.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// The rule that it feeds: R13, R14, R15 or R16.
    pub rule: RuleId,
    /// Policies with the same key count together: `qingpu/rent`.
    pub scope: String,
    /// At most so many months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// At most so much in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Fen>,
    /// Does the document say 累计, so that gaps are allowed?
    pub cumulative: bool,
    /// A wider scope that may be meant, and the question that asks so (Q02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<CapDoubt>,
    /// Where it stands.
    pub citation: Citation,
}

/// An open question about how far a cap reaches.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapDoubt {
    /// Policies with the same key count together, if the cap is shared.
    pub scope: String,
    /// The question.
    pub question: QuestionId,
}

/// A clause that governs a policy, and the rules that it switches on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseRef {
    /// `qingpu/annex4/exclusivity-inner`
    pub id: String,
    /// The rules that it switches on; none for clauses that are only shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleId>,
    /// Where it stands.
    pub citation: Citation,
}

/// A written condition on a fact of the case or the records.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The rule that tests it.
    pub rule: RuleId,
    /// Name of the fact that must hold.
    pub fact: String,
    /// For a whole number: the least that it must be (inclusive).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// For a whole number: what it must exceed (exclusive, 超过); beside `at_least` neither is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<i64>,
    /// The question whether it binds this policy at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<ConditionDoubt>,
    /// Where it stands.
    pub citation: Citation,
}

/// An open question whether a condition binds a policy: the text writes it elsewhere (Q07, Q36), or
/// may mean something else by it (Q35).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionDoubt {
    /// The question.
    pub question: QuestionId,
    /// Code of the reading under which it binds.
    pub binds: String,
    /// Code of the reading under which it does not.
    pub otherwise: String,
}

impl Condition {
    /// The least whole number that meets it, where it is on one.
    pub fn least(&self) -> Option<i64> {
        self.at_least.or_else(|| self.above?.checked_add(1))
    }
}

impl Policy {
    /// The citation of the first clause that switches `rule` on.
    pub fn clause(&self, rule: RuleId) -> Option<&ClauseRef> {
        self.clauses.iter().find(|c| c.rules.contains(&rule))
    }

    /// Everything in it that calls on `rule`: clauses, conditions and caps.
    pub fn resting_on(&self, rule: RuleId) -> impl Iterator<Item = &Citation> {
        let clauses = self.clauses.iter().filter(move |c| c.rules.contains(&rule));
        let conditions = self.conditions.iter().filter(move |c| c.rule == rule);
        let caps = self.caps.iter().filter(move |c| c.rule == rule);
        let clauses = clauses.map(|c| &c.citation).chain(conditions.map(|c| &c.citation));
        clauses.chain(caps.map(|c| &c.citation))
    }

    /// Everything that it rests on: what it gives, to whom, on which conditions, how far.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        let class = self.class.iter().filter_map(|c| c.criteria.as_ref());
        let grounds = class.chain(&self.target).flat_map(|criteria| &criteria.grounds);
        let payout = self.payout.iter().filter_map(|p| p.citation.as_ref());
        let own = [&self.source].into_iter().chain(grounds.map(|g| &g.citation)).chain(payout);
        let own = own.chain(self.caps.iter().map(|c| &c.citation));
        let own = own.chain(self.conditions.iter().map(|c| &c.citation));
        own.chain(self.clauses.iter().map(|c| &c.citation))
    }

    /// The cap that feeds `rule`.
    pub fn cap(&self, rule: RuleId) -> Option<&Cap> {
        self.caps.iter().find(|c| c.rule == rule)
    }
}
