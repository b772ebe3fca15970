//! What the applicant drew before under the policy. “最高给予…” says what one person gets (附件4 一（二）
//! 1 “最高给予”), not what one application gets: whoever stopped early and asks again gets the rest.

use super::{Case, Held};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{Amount, AmountUnit, ApplicationKind, Beneficiary};
use crate::domain::funding::sameness::Sameness;
use crate::domain::money::Fen;

/// Rules that let only the higher of two benefits stand: R01, R02, R04.
const HIGHER_ONLY: [u8; 3] = [1, 2, 4];

impl<'a> Case<'a> {
    /// Earlier grants that count toward the policy's cap on a sum in all: of the same policy, in any of
    /// its versions, for the same person or team. Not those that R01, R02 or R04 compares with the
    /// application: of these one stays, and what was paid on the other is set off or not (Q14). Nor the
    /// grant that a continuation continues. Whether an enterprise or a project is funded for one matter
    /// no record says (R06).
    pub fn drawn(&self) -> Vec<&Held<'a>> {
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
            .filter(|h| !(one_stays && self.meet(h).is_some()))
            .collect()
    }

    /// What they come to, less what came back.
    pub fn drawn_fen(&self) -> Fen {
        self.drawn().into_iter().map(Held::drawn).sum()
    }

    /// The cap on what may be granted; no cap is one without end.
    pub(super) fn cap_of_sums(&self) -> Amount {
        let amount = &self.policy.amount;
        let cap = amount.cap.filter(|_| self.beyond_cap().is_none());
        match (amount.unit, cap) {
            (AmountUnit::Month, Some(cap)) => Amount::Monthly(cap),
            (AmountUnit::Total | AmountUnit::Once, Some(cap)) => {
                Amount::Total(cap.minus(self.drawn_fen()))
            }
            _ => Amount::Monthly(Fen::MAX),
        }
    }
}

impl Held<'_> {
    /// What of it counts toward a cap on a sum.
    pub fn drawn(&self) -> Fen {
        self.entry.drawn(self.policy)
    }
}
