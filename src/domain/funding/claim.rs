//! Which holds race each other: claim keys meet and benefit months meet, lawful stacking excepted
//! (DESIGN §7).

use std::collections::BTreeSet;

use super::beneficiary::{enterprises, is_told_apart};
use super::case::meet;
use super::kind::Likeness;
use super::message::{Application, Beneficiary, Policy};
use super::sameness::NumberForm;
use super::stacking::{Side, is_lawful};
use super::view::FundingView;
use crate::domain::subject::SubjectId;

/// What an application lays claim to. Two applications with a common key may conflict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKey {
    /// A talent. The gateway closes talents over confirmed `same` links before it compares.
    Talent(SubjectId),
    /// A lease, unit, certificate or enterprise.
    Object(SubjectId),
    /// A project, by its number: under another authority's name it may be the same.
    Project(NumberForm),
}

/// The keys of an application. The employer is a key only of what the enterprise or a team of it
/// receives: otherwise it applies for many.
pub fn claim_keys(application: &Application<SubjectId>) -> BTreeSet<ClaimKey> {
    let terms = &application.terms;
    let mut keys = BTreeSet::from([ClaimKey::Talent(terms.subject)]);
    keys.extend(terms.objects.iter().map(|o| ClaimKey::Object(o.object)));
    keys.extend(terms.project.as_ref().map(|p| ClaimKey::Project(p.form())));
    if matches!(terms.beneficiary, Beneficiary::Enterprise | Beneficiary::Team) {
        keys.extend(enterprises(terms).into_iter().map(ClaimKey::Object));
    }
    keys
}

/// Do two applications conflict? They do when a key, the kind and the benefit months meet, unless
/// the two are meant to be held together: matching funds, co-funding under one agreement,
/// registrations and certifications. `closure` replaces a talent by the smallest number that
/// confirmed `same` links join to it. Symmetric.
pub fn conflicts(
    view: &dyn FundingView,
    a: &Application<SubjectId>,
    b: &Application<SubjectId>,
    closure: impl Fn(SubjectId) -> SubjectId,
) -> bool {
    let close = |key: ClaimKey| match key {
        ClaimKey::Talent(s) => ClaimKey::Talent(closure(s)),
        other => other,
    };
    let keys: BTreeSet<ClaimKey> = claim_keys(a).into_iter().map(close).collect();
    let shared = claim_keys(b).into_iter().map(close).any(|k| keys.contains(&k));
    shared
        && a.kind.claims_money()
        && b.kind.claims_money()
        && meet(a.terms.months, b.terms.months).is_some()
        && kinds_meet(view, a, b)
        && !is_lawful(view, side(view, a), side(view, b))
        && !is_told_apart(&a.terms, &b.terms)
}

fn side<'a>(view: &'a dyn FundingView, application: &'a Application<SubjectId>) -> Side<'a> {
    Side { terms: &application.terms, policy: view.policy(&application.terms.policy) }
}

fn kinds_meet(
    view: &dyn FundingView,
    a: &Application<SubjectId>,
    b: &Application<SubjectId>,
) -> bool {
    let (Some(pa), Some(pb)) = (view.policy(&a.terms.policy), view.policy(&b.terms.policy)) else {
        // An unknown policy is compared with everything: it is for people to tell them apart.
        return true;
    };
    if pa.exclusivity.is_some() && pa.exclusivity == pb.exclusivity && pa.district == pb.district {
        return true;
    }
    pa.kinds.is_empty() || pb.kinds.is_empty() || any_alike(view, pa, pb)
}

fn any_alike(view: &dyn FundingView, pa: &Policy, pb: &Policy) -> bool {
    pa.kinds.iter().any(|ka| {
        pb.kinds.iter().any(|kb| match (view.kind(ka), view.kind(kb)) {
            (Some(ka), Some(kb)) => ka.likeness(kb) != Likeness::Different,
            _ => true,
        })
    })
}
