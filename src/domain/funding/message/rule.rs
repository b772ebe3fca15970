//! What authorities decide beside the policies: `integrity.sanction/1`, `funding.ruling/1`,
//! `funding.joint-rule/1`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::citation::Citation;
use crate::domain::funding::id::QuestionId;
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, TokenRef};
use crate::domain::time::Validity;

/// `integrity.sanction/1`: a person is debarred, or an employer has lost the right to apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sanction<S = TokenRef> {
    /// Id in the sender's system.
    pub sanction: String,
    /// 1, 2, 3 … without gaps; a later one replaces the earlier.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub revision: u32,
    /// What it takes away.
    pub kind: SanctionKind,
    /// The person (domain `talent`) or the employer (domain `object`), as `kind` says.
    pub subject: S,
    /// First day, as decided. The text does not say which day that is (Q08).
    pub start: Date,
    /// When it ends.
    pub end: SanctionEnd,
    /// Clause that it rests on.
    pub basis: Citation,
    /// Ground: 1 提供虚假材料, 2 侵犯权益, 3 严重失信, 4 其他违法.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<u8>,
    /// What the record means, in the issuer's own words; no personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// Is the sanction lifted by this revision (撤销、解除)? Then it counts no more, for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

const fn first() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_first(revision: &u32) -> bool {
    *revision == 1
}

/// What a sanction takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SanctionKind {
    /// 不得再次申报 (R22)
    PersonDebarred,
    /// 取消该单位申请补贴的资格 (R24)
    EmployerBarred,
    /// A person is in an integrity file or has left a scheme (退出机制), in the issuer's own terms;
    /// without effect elsewhere (R35).
    PersonRecorded,
    /// The same of an employer.
    EmployerRecorded,
}

/// When a sanction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SanctionEnd {
    /// The decision names the last day that is still barred.
    LastDay(Date),
    /// The decision names years; whether the anniversary is still barred is open (Q08).
    Years(u8),
    /// Nothing is decided; only another decision ends it (Q11).
    Open,
}

/// `funding.ruling/1`: the authority that an open question belongs to settles it from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// The question.
    pub question: QuestionId,
    /// Code of the reading that holds, as findings print it: `shared`, `separate` …
    pub reading: String,
    /// When the ruling is in force.
    pub validity: Validity,
    /// The document.
    pub citation: Citation,
}

/// `funding.joint-rule/1`: a rule across districts, effective with the others' consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointRule {
    /// Its id.
    pub rule: String,
    /// Districts that it binds.
    pub districts: Vec<ParticipantId>,
    /// Kinds that it compares; empty means all comparable kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// What an overlap leads to.
    pub effect: JointEffect,
    /// When it is in force.
    pub validity: Validity,
    /// The document.
    pub citation: Citation,
}

/// What an overlap across districts leads to under a joint rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JointEffect {
    /// Only the higher one.
    OneOnly,
    /// Both may be held.
    Allowed,
}

impl<S> Sanction<S> {
    /// Does it end no earlier than it begins?
    pub fn is_ordered(&self) -> bool {
        !matches!(self.end, SanctionEnd::LastDay(last) if last < self.start)
    }

    /// The same sanction with its subject replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Sanction<T>, E> {
        let subject = match self.kind {
            SanctionKind::PersonDebarred | SanctionKind::PersonRecorded => {
                f(Ref::Talent(self.subject))?
            }
            SanctionKind::EmployerBarred | SanctionKind::EmployerRecorded => {
                f(Ref::Object(self.subject))?
            }
        };
        Ok(Sanction {
            sanction: self.sanction,
            revision: self.revision,
            kind: self.kind,
            subject,
            start: self.start,
            end: self.end,
            basis: self.basis,
            ground: self.ground,
            terms: self.terms,
            withdrawn: self.withdrawn,
        })
    }
}
