//! The life of a grant after the decision: `funding.grant/1`, `.payment/1`, `.stop/1`, `.recovery/1`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::application::{Amount, Terms};
use super::policy::Schedule;
use crate::domain::context::Operator;
use crate::domain::money::Fen;
use crate::domain::subject::{Ref, TokenRef};
use crate::domain::time::{Month, MonthSpan};

/// `funding.grant/1`: a district has decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub struct Grant<S = TokenRef> {
    /// Id in the sender's system, 1–64 of `A-Z a-z 0-9 . _ -`; unique per sender.
    pub grant: String,
    /// The hold that it consumes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// What was granted; `months` are the approved ones.
    #[serde(flatten)]
    pub terms: Terms<S>,
    /// The approved sum. "Higher" is computed on it, never on caps (R29).
    pub approved: Amount,
    /// How it is paid.
    pub schedule: Schedule,
    /// Day of the decision.
    pub decided_on: Date,
    /// Who pays which part, 1 to 8.
    pub payers: Vec<Payer>,
    /// Fiscal source (资金来源), e.g. 区人才发展资金.
    pub fiscal_source: String,
    /// Needed to grant without a hold, on a contested one, or against a finding.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub override_: Option<Override>,
}

/// A payer and its part.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payer {
    /// Its level.
    pub tier: PayerTier,
    /// Public name of the office.
    pub payer: String,
    /// Its part.
    pub share: Share,
}

/// Level of a payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayerTier {
    /// 国家
    National,
    /// 市、省
    City,
    /// 区、县
    District,
    /// 街镇
    Town,
    /// 用人单位
    Employer,
}

/// A part of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// Whole percent.
    Percent(u8),
    /// Fen.
    Fen(Fen),
}

/// An authority acts against a finding: a reason and two distinct operators (DESIGN §2.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Why; no personal data.
    pub reason: String,
    /// Who decided and who checked.
    pub operators: [Operator; 2],
}

/// `funding.payment/1`: money has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The grant.
    pub grant: String,
    /// 凭证号, unique per sender.
    pub voucher: String,
    /// 预算年度
    pub budget_year: u16,
    /// The months that it pays for; absent for a sum paid once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
    /// The sum.
    pub amount: Fen,
    /// Whose money.
    pub tier: PayerTier,
    /// The day that it was paid.
    pub paid_on: Date,
}

/// `funding.stop/1`: the benefit ends early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// The grant.
    pub grant: String,
    /// Last month that is still a benefit month.
    pub last_month: Month,
    /// Why; no personal data.
    pub reason: String,
}

/// `funding.recovery/1`: money has come back (追回).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// The grant.
    pub grant: String,
    /// 凭证号, unique per sender.
    pub voucher: String,
    /// The sum.
    pub amount: Fen,
    /// The months that it gives back. Whether they still count toward a cap is open (Q38).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
    /// Why; no personal data.
    pub reason: String,
    /// The day.
    pub date: Date,
}

impl Override {
    /// Are the two operators two?
    pub fn is_distinct(&self) -> bool {
        self.operators[0].id != self.operators[1].id
    }
}

impl<S> Grant<S> {
    /// The same grant with every talent and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Grant<T>, E> {
        Ok(Grant {
            grant: self.grant,
            hold: self.hold,
            terms: self.terms.map(f)?,
            approved: self.approved,
            schedule: self.schedule,
            decided_on: self.decided_on,
            payers: self.payers,
            fiscal_source: self.fiscal_source,
            override_: self.override_,
        })
    }
}
