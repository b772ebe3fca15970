//! Top-up 提档补差 (DESIGN §7: lawful stacking, no finding): who rises to a higher class keeps the benefit of
//! the lower one and is granted the difference beside it. The two together are the one higher benefit, so
//! 就高 has nothing to object to, and the cap of the higher policy holds for both.
//!
//! A top-up names the grant that it tops up, and that one may name another: all of them count. It must be
//! one of the same district, kind and beneficiary, under a policy with a cap that tells what the higher
//! benefit is; what names any other is no top-up and is compared as it stands.

use super::{Case, Held};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::ledger::LedgerEntry;
use crate::domain::funding::message::AmountUnit;
use crate::domain::funding::sameness::Sameness;
use crate::domain::money::Fen;

impl<'a> Case<'a> {
    /// The grants that the application tops up, the nearest first.
    pub fn topped_up(&self) -> Vec<&Held<'a>> {
        let chain = self.chain(self.tops());
        if chain.iter().all(|h| self.may_top_up(h)) { chain } else { Vec::new() }
    }

    /// What a top-up of the grant, which is under another policy, could come to in all.
    pub fn room_above(&self, held: &Held<'_>) -> Option<Fen> {
        let other = held.entry.grant.terms.policy.id != self.policy.id;
        let cap = self.cap_in_all().filter(|_| other && self.may_top_up(held))?;
        Some(cap.minus(held.drawn())).filter(|room| *room > Fen::ZERO)
    }

    fn may_top_up(&self, held: &Held<'_>) -> bool {
        let amount = &self.policy.amount;
        let capped = amount.cap.is_some() && self.policy.caps.iter().all(|c| c.total.is_none());
        let by_sum =
            matches!(amount.unit, AmountUnit::Month | AmountUnit::Total | AmountUnit::Once);
        capped
            && by_sum
            && held.policy.is_some_and(|p| p.amount.unit == amount.unit)
            && self.likeness(held) == Some(Likeness::Same)
            && self.same_beneficiary(held) == Sameness::Same
    }

    /// Do the grant and the application top one another up?
    pub fn is_topped_up(&self, held: &Held<'_>) -> bool {
        let is = |entry: &LedgerEntry| {
            entry.district == held.entry.district && entry.grant.grant == held.entry.grant.grant
        };
        if self.topped_up().iter().any(|h| is(h.entry)) {
            return true;
        }
        let about = self.reviewed.or(self.continued);
        let tops = held.entry.grant.terms.top_up_of.as_deref();
        held.entry.district == self.policy.district
            && about.zip(tops).is_some_and(|(about, tops)| {
                let own = about.entry.grant.grant.as_str();
                let further = self.chain(Some(tops)).into_iter();
                let mut further = further.filter_map(|h| h.entry.grant.terms.top_up_of.as_deref());
                tops == own || further.any(|tops| tops == own)
            })
    }

    /// Does the application name a grant to top up that is none of those it can?
    pub fn tops_nothing(&self) -> bool {
        self.tops().is_some() && self.topped_up().is_empty()
    }

    /// The grant that the application names; of what goes on or is reviewed that of its grant.
    fn tops(&self) -> Option<&str> {
        let about = self.reviewed.or(self.continued);
        let granted = about.and_then(|h| h.entry.grant.terms.top_up_of.as_deref());
        self.app.terms.top_up_of.as_deref().or(granted)
    }

    /// A grant of this district by its id, the one that it tops up, and so on.
    fn chain(&self, first: Option<&str>) -> Vec<&Held<'a>> {
        let mut chain: Vec<&Held<'a>> = Vec::new();
        let mut next = first;
        while let Some(id) = next {
            let mut known = self.held_here();
            let Some(held) = known.find(|h| h.entry.grant.grant == id) else { break };
            if chain.iter().any(|h| h.entry.grant.grant == id) {
                break;
            }
            chain.push(held);
            next = held.entry.grant.terms.top_up_of.as_deref();
        }
        chain
    }
}
