//! Lawful stacking (DESIGN §7): benefits that are meant to be held together, so that neither duplicates
//! the other.
//!
//! *Matching* 配套: a district adds to a national or city award (正文 三（三） “给予配套资助支持”;
//! changning-2020-2 二（五）16 “按规定落实相关配套扶持政策”). It must be marked as such (R08): a policy of
//! kind `matching`, and the plan that it matches. A plan named under any other policy changes nothing;
//! two plans are two only where their numbers say so.
//! *Co-funding* 共担: shares of one agreement (R09).
//! *Top-up* 提档补差 is one award of the ledger beside another, so the case knows it
//! ([`Case::is_topped_up`](super::case::Case::is_topped_up)).

use super::kind::Likeness;
use super::message::{Level, NumberRef, Policy, Terms};
use super::sameness::{NumberForm, Sameness};
use super::view::FundingView;
use crate::domain::subject::SubjectId;

/// Kind of policies that match the award of a national or city plan.
pub const MATCHING: &str = "matching";

/// One of two benefits: its terms, and its policy where the catalogue has it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Under which terms.
    pub terms: &'a Terms<SubjectId>,
    /// Under which policy; `None` when the catalogue lacks it.
    pub policy: Option<&'a Policy>,
}

/// Are the two meant to be held together? Symmetric. An unknown policy never is: it is for people to
/// see what it funds.
pub fn is_lawful(view: &dyn FundingView, a: Side<'_>, b: Side<'_>) -> bool {
    let two_plans = plans(a, b) == Some(Sameness::Other);
    is_co_funded(a.terms, b.terms) || two_plans || a.matches(view, b) || b.matches(view, a)
}

/// Do two matching policies match one plan? One that names none may match any. `None` where one of them
/// matches nothing. Symmetric.
pub fn plans(a: Side<'_>, b: Side<'_>) -> Option<Sameness> {
    if ![a, b].iter().all(|side| side.policy.is_some_and(is_matching)) {
        return None;
    }
    Some(match (&a.terms.parent_plan, &b.terms.parent_plan) {
        (Some(x), Some(y)) => x.sameness(y),
        _ => Sameness::Perhaps,
    })
}

/// Are the two funded under one agreement?
pub fn is_co_funded(a: &Terms<SubjectId>, b: &Terms<SubjectId>) -> bool {
    match (&a.co_funding, &b.co_funding) {
        (Some(x), Some(y)) => NumberForm::of(&x.agreement) == NumberForm::of(&y.agreement),
        _ => false,
    }
}

impl<'a> Side<'a> {
    /// The plan that it matches.
    fn plan(self) -> Option<&'a NumberRef> {
        self.terms.parent_plan.as_ref().filter(|_| self.policy.is_some_and(is_matching))
    }

    /// Does it match an award, and the other one is such an award (national or city level) or funds
    /// something of another kind?
    fn matches(self, view: &dyn FundingView, other: Self) -> bool {
        let (Some(own), Some(theirs)) = (self.policy, other.policy) else { return false };
        self.plan().is_some()
            && !is_matching(theirs)
            && (theirs.level != Level::District || is_of_another_kind(view, own, theirs))
    }
}

/// Is it a policy of matching funds?
pub fn is_matching(policy: &Policy) -> bool {
    policy.kinds.iter().any(|kind| kind == MATCHING)
}

/// Leaving the matching aside, is there nothing that both fund? A kind that is not on the shared list
/// may be anything.
fn is_of_another_kind(view: &dyn FundingView, own: &Policy, theirs: &Policy) -> bool {
    let own: Vec<&String> = own.kinds.iter().filter(|kind| *kind != MATCHING).collect();
    let apart = |kind: &String| {
        let Some(theirs) = view.kind(kind) else { return false };
        own.iter().all(|k| view.kind(k).is_some_and(|k| k.likeness(theirs) == Likeness::Different))
    };
    !theirs.kinds.is_empty() && theirs.kinds.iter().all(apart)
}
