//! The ledger as rules read it: grants with their lives, records, links, sanctions, coverage. Each
//! item carries the log position that proves it, where there is a log.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::message::{
    Amount, Application, Grant, PayerTier, Payment, Policy, Recovery, Ruling, Sanction, Terms,
};
use crate::domain::coverage::CoverageGap;
use crate::domain::link::LinkKind;
use crate::domain::money::Fen;
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan, Validity};

/// A grant and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Who funds.
    pub district: ParticipantId,
    /// The grant.
    pub grant: Grant<SubjectId>,
    /// Last benefit month, when it was stopped early.
    pub stopped: Option<Month>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// What came back.
    pub recoveries: Vec<Recovery>,
    /// Was it signed with a key that has leaked? Then it only leads to REFER.
    pub suspect: bool,
    /// Is it under objection? Then, too, it only leads to REFER.
    pub objected: bool,
    /// Log position of the grant.
    pub position: Option<u64>,
}

/// A record of a subject with its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// Who sent it.
    pub district: ParticipantId,
    /// The last revision.
    pub record: Record<SubjectId>,
    /// Where it stands.
    pub state: State,
    /// Was it signed with a key that has leaked? Then it only leads to REFER.
    pub suspect: bool,
    /// Is it under objection? Then, too, it only leads to REFER.
    pub objected: bool,
    /// Log position of the last revision.
    pub position: Option<u64>,
}

impl HeldRecord {
    /// Does it only lead to REFER?
    pub const fn is_doubted(&self) -> bool {
        self.suspect || self.objected
    }
}

/// Two subjects are linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFact {
    /// Who sent it; a case file leaves that to the district that asks.
    pub district: Option<ParticipantId>,
    /// How.
    pub kind: LinkKind,
    /// The two.
    pub subjects: [SubjectId; 2],
    /// When it holds.
    pub validity: Validity,
    /// Is it confirmed? A suspected link is a notice only.
    pub confirmed: bool,
    /// Is it no link that anybody stated, but the records of two districts under one passport? Then it
    /// is never confirmed, and a person has to compare.
    pub by_passport: bool,
    /// Log position.
    pub position: Option<u64>,
}

impl LinkFact {
    /// A link that somebody stated, without its sender and a place in a log.
    pub const fn stated(
        kind: LinkKind,
        subjects: [SubjectId; 2],
        validity: Validity,
        confirmed: bool,
    ) -> Self {
        let (district, by_passport, position) = (None, false, None);
        Self { district, kind, subjects, validity, confirmed, by_passport, position }
    }
}

/// A sanction and who decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SanctionFact {
    /// Who decided.
    pub district: ParticipantId,
    /// The sanction.
    pub sanction: Sanction<SubjectId>,
    /// Was it signed with a key that has leaked? Then it only leads to REFER.
    pub suspect: bool,
    /// Is it under objection? Then, too, it only leads to REFER.
    pub objected: bool,
    /// Log position.
    pub position: Option<u64>,
}

/// A live hold of some district: a claim that nobody has approved yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenHold {
    /// Who holds.
    pub district: ParticipantId,
    /// Its id in that district's system.
    pub hold: String,
    /// What is claimed. Case facts stay with the holder and are left out.
    pub application: Application<SubjectId>,
    /// Is it under objection?
    pub objected: bool,
    /// Log position.
    pub position: Option<u64>,
}

/// A ruling and who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulingFact {
    /// Whose ruling.
    pub district: ParticipantId,
    /// The ruling.
    pub ruling: Ruling,
    /// Log position.
    pub position: Option<u64>,
}

/// Were a district's data in the answer?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The district.
    pub district: ParticipantId,
    /// Were they?
    pub covered: bool,
    /// Complete until this instant, in UTC seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete_until: Option<crate::domain::time::UtcSeconds>,
    /// Why not, where somebody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<CoverageGap>,
}

impl LedgerEntry {
    /// Benefit months: the approved ones, or those of the instalments that the policy fixes (R17),
    /// cut where the grant was stopped. `None` when the benefit has no months.
    pub fn months(&self, policy: Option<&Policy>) -> Option<MonthSpan> {
        let span = self.approved_months(policy)?;
        match self.stopped {
            Some(last) => MonthSpan::new(span.first, span.last.min(last)),
            None => Some(span),
        }
    }

    /// Benefit months as approved, whether or not it was stopped early.
    pub fn approved_months(&self, policy: Option<&Policy>) -> Option<MonthSpan> {
        approved_months(&self.grant.terms, policy, self.grant.decided_on)
    }

    /// Was the benefit stopped before it began?
    pub fn is_void(&self) -> bool {
        matches!((self.grant.terms.months, self.stopped), (Some(m), Some(s)) if s < m.first)
    }

    /// Did all that was paid come back, with nothing more to come: the grant was stopped, or has no months that run?
    pub fn is_returned(&self, policy: Option<&Policy>) -> bool {
        let over = self.stopped.is_some() || self.approved_months(policy).is_none();
        over && !self.payments.is_empty() && self.paid() == Fen::ZERO
    }

    /// Does any of it come from public money? An employer's own benefit is no grant (R31).
    pub fn is_public(&self) -> bool {
        let paid = self.payments.iter().map(|p| p.tier);
        let mut tiers = self.grant.payers.iter().map(|p| p.tier).chain(paid).peekable();
        tiers.peek().is_none() || tiers.any(|t| t != PayerTier::Employer)
    }

    /// Sum of recoveries; `None` where nothing came back.
    pub fn returned(&self) -> Option<Fen> {
        let back: Fen = self.recoveries.iter().map(|r| r.amount).sum();
        (back > Fen::ZERO).then_some(back)
    }

    /// Sum of payments less recoveries.
    pub fn paid(&self) -> Fen {
        let paid: Fen = self.payments.iter().map(|p| p.amount).sum();
        paid.minus(self.recoveries.iter().map(|r| r.amount).sum())
    }

    /// The sum that it comes to in all: monthly sums times the benefit months; of a total that was
    /// stopped early the instalments due by then, rounded down, or what was paid where that is more.
    pub fn total(&self, policy: Option<&Policy>) -> Option<Fen> {
        let (approved, kept) = (self.approved_months(policy), self.months(policy));
        match (self.grant.approved, approved, kept) {
            (Amount::Total(fen), Some(approved), Some(kept)) if kept != approved => {
                let due = fen.part(u64::from(kept.count()), u64::from(approved.count()));
                Some(due.max(self.paid()))
            }
            // Stopped before it began: nothing was ever due.
            (_, Some(_), None) => Some(self.paid()),
            (amount, _, kept) => total(amount, kept),
        }
    }

    /// What of it counts toward a cap on a sum: what it comes to in all, less what came back. Money that
    /// was returned was not given; whether its months count all the same is another question (Q38).
    pub fn drawn(&self, policy: Option<&Policy>) -> Fen {
        let returned = self.recoveries.iter().map(|r| r.amount).sum();
        self.total(policy).unwrap_or_default().minus(returned).max(self.paid())
    }

    /// The approved sum by the month, rounded down: a total over the months it was approved for.
    pub fn monthly(&self, policy: Option<&Policy>) -> Option<Fen> {
        monthly(self.grant.approved, self.approved_months(policy))
    }
}

/// Benefit months that terms come to: those that they name, or those of the instalments that the policy
/// fixes (R17), counted from the day of the decision.
pub fn approved_months<S>(
    terms: &Terms<S>,
    policy: Option<&Policy>,
    decided_on: Date,
) -> Option<MonthSpan> {
    terms.months.or_else(|| {
        let count = policy?.payout.as_ref()?.instalments.filter(|n| *n > 1)?;
        MonthSpan::from_count(Month::of(decided_on), count)
    })
}

/// A sum in all; `None` for a monthly sum without months.
pub fn total(amount: Amount, months: Option<MonthSpan>) -> Option<Fen> {
    match amount {
        Amount::Total(fen) => Some(fen),
        Amount::Monthly(fen) => months.map(|m| fen.times(m.count())),
    }
}

/// A sum by the month, rounded down; `None` for a total without months.
pub fn monthly(amount: Amount, months: Option<MonthSpan>) -> Option<Fen> {
    match amount {
        Amount::Monthly(fen) => Some(fen),
        Amount::Total(fen) => months.and_then(|m| Fen::new(fen.get() / u64::from(m.count()))),
    }
}
