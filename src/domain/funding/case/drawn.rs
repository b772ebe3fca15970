//! What the applicant drew before under the policy. “最高给予…” says what one person gets (附件4 一（二）
//! 1 “最高给予”), not what one application gets: whoever stopped early and asks again gets the rest.

use super::{Case, Held, is_one};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::ledger::total;
use crate::domain::funding::message::{Amount, AmountUnit, ApplicationKind, Beneficiary};
use crate::domain::funding::sameness::Sameness;
use crate::domain::money::Fen;
use crate::domain::time::MonthSpan;

/// Rules that let only the higher of two benefits stand: R01, R02, R04.
const HIGHER_ONLY: [u8; 3] = [1, 2, 4];

impl<'a> Case<'a> {
    /// Earlier grants that count toward the policy's cap on a sum in all: of the same policy, in any of
    /// its versions, for the same person or team. Not those that R01, R02 or R04 compares with the
    /// application: of these one stays, and what was paid on the other is set off or not (Q14). Nor the
    /// grant that a continuation continues. Whether an enterprise or a project is funded for one matter
    /// no record says (R06). And what the application tops up, whatever its policy.
    pub fn drawn(&self) -> Vec<&Held<'a>> {
        let topped = self.topped_up();
        let mut drawn = self.drawn_under_policy();
        drawn.retain(|h| !topped.iter().any(|t| is_one(Some(**t), h.entry)));
        [topped, drawn].concat()
    }

    fn drawn_under_policy(&self) -> Vec<&Held<'a>> {
        let personal =
            matches!(self.app.terms.beneficiary, Beneficiary::Person | Beneficiary::Team);
        let in_all = matches!(self.policy.amount.unit, AmountUnit::Total | AmountUnit::Once);
        if !personal || !in_all {
            return Vec::new();
        }
        let one_stays = HIGHER_ONLY.iter().any(|n| self.policy.clause(RuleId::new(*n)).is_some())
            || self.app.kind == ApplicationKind::Continuation;
        self.held_here()
            .filter(|h| h.entry.grant.terms.policy.id == self.policy.id)
            .filter(|h| self.same_beneficiary(h) == Sameness::Same)
            .filter(|h| !self.is_continued(h))
            .filter(|h| !(one_stays && self.meet(h).is_some()))
            .collect()
    }

    /// Of the grant that the application continues: what was approved in all, and what is left of it.
    pub fn rest_of_continued(&self) -> Option<(Held<'a>, Fen, Fen)> {
        let held = self.continued?;
        let approved = held.total()?;
        Some((held, approved, approved.minus(held.entry.paid())))
    }

    /// Of the same: what was approved for the months that it was approved for, whether or not it was stopped.
    pub fn award_continued(&self) -> Option<(Fen, u32)> {
        let held = self.continued?;
        let months = held.entry.approved_months(held.policy)?;
        Some((total(held.entry.grant.approved, Some(months))?, months.count()))
    }

    /// The policy's cap on a sum in all, unless a decision lifts it.
    pub fn cap_in_all(&self) -> Option<Fen> {
        let amount = &self.policy.amount;
        let in_all = matches!(amount.unit, AmountUnit::Total | AmountUnit::Once);
        amount.cap.filter(|_| in_all && self.beyond_cap().is_none())
    }

    /// What that cap leaves beside what was drawn before; without one, no end.
    pub fn left_in_all(&self) -> Fen {
        self.cap_in_all().map_or(Fen::MAX, |cap| cap.minus(self.drawn_fen()))
    }

    /// What they come to, less what came back.
    pub fn drawn_fen(&self) -> Fen {
        self.drawn().into_iter().map(|h| self.weight(h)).sum()
    }

    /// What of a grant stands beside the application under the cap of its policy: of a cap by the month
    /// the monthly sum.
    fn weight(&self, held: &Held<'_>) -> Fen {
        match self.policy.amount.unit {
            AmountUnit::Month => held.monthly().unwrap_or_default(),
            _ => held.drawn(),
        }
    }

    /// The cap on what may be granted; no cap is one without end.
    pub(super) fn cap_of_sums(&self) -> Amount {
        let amount = &self.policy.amount;
        match amount.cap.filter(|_| self.beyond_cap().is_none()) {
            Some(cap) if amount.unit == AmountUnit::Month => {
                Amount::Monthly(cap.minus(self.drawn_fen()))
            }
            Some(_) if self.cap_in_all().is_some() => Amount::Total(self.left_in_all()),
            _ => Amount::Monthly(Fen::MAX),
        }
    }
}

impl Held<'_> {
    /// What was paid for months of `span`, so far as that is certain: a payment that names no months is for those
    /// of the whole grant, and what came back without naming any may have come back of these.
    pub fn paid_in(&self, span: MonthSpan) -> Fen {
        let whole = self.entry.approved_months(self.policy);
        let share = |months: MonthSpan, amount: Fen| {
            let inside = months.overlap(span).map_or(0, MonthSpan::count);
            amount.part(inside.into(), months.count().into())
        };
        let paid = self.entry.payments.iter().map(|p| match (p.months, whole) {
            (Some(months), _) => share(months, p.amount),
            (None, Some(whole)) if whole.overlap(span) == Some(whole) => p.amount,
            (None, _) => Fen::ZERO,
        });
        let returned = self.entry.recoveries.iter();
        let returned =
            returned.map(|r| r.months.map_or(r.amount, |months| share(months, r.amount)));
        paid.sum::<Fen>().minus(returned.sum()).min(self.entry.paid())
    }

    /// What of it counts toward a cap on a sum.
    pub fn drawn(&self) -> Fen {
        self.entry.drawn(self.policy)
    }
}
