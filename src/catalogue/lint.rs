//! Checks on the catalogue that types cannot make.

use std::collections::{BTreeMap, BTreeSet};

use super::Catalogue;
use crate::domain::citation::Citation;
use crate::domain::funding::message::{AmountUnit, Policy, PolicyStatus};

/// One thing that is wrong with the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The policy, kind or clause.
    pub entry: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A kind is not on the shared list.
    UnknownKind,
    /// A policy has no kind; every comparison would be REFER Q13.
    NoKind,
    /// A sum without a unit that it can be a cap of.
    CapWithoutUnit,
    /// A unit that needs a sum or a percentage has none.
    UnitWithoutCap,
    /// A clause or source without an article.
    NoArticle,
    /// A clause, source, cap or condition without the phrase that it rests on.
    NoPhrase,
    /// A clause id that the clause list lacks.
    UnknownClause,
    /// The clause is cited elsewhere than the clause list says.
    ClauseDiffers,
    /// A policy id that does not begin with its district.
    ForeignId,
    /// Two entries with one id and version.
    Duplicate,
    /// Versions of one policy that are in force on the same day.
    ValidityOverlap,
    /// Days between two versions on which none is in force.
    ValidityGap,
    /// A validity that ends before it begins.
    ValidityEmpty,
    /// A scheme or class that the scheme catalogue lacks.
    UnknownClass,
    /// A scheme whose id does not begin with a known authority.
    UnknownAuthority,
    /// A region code that is not in the table.
    UnknownRegion,
    /// A scheme that is neither open nor has a class.
    NoClass,
    /// A code list, or a column of it, that does not exist at that version.
    UnknownList,
    /// A code that its list lacks.
    UnknownCode,
    /// A list without an entry, or an entry without a name.
    Empty,
    /// A code of a mapped list without a row and without a reason for all others.
    MappingIncomplete,
}

pub fn lint(catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = Vec::new();
    for policy in &catalogue.policies {
        let mut add = |kind| problems.push(Problem { entry: policy.id.clone(), kind });
        kinds(catalogue, policy, &mut add);
        amount(policy, &mut add);
        clauses(catalogue, policy, &mut add);
        if !policy.id.starts_with(&format!("{}/", policy.district)) {
            add(ProblemKind::ForeignId);
        }
    }
    for kind in &catalogue.kinds {
        if kind.doubtful.iter().any(|d| !catalogue.kinds.iter().any(|k| k.code == *d)) {
            problems.push(Problem { entry: kind.code.clone(), kind: ProblemKind::UnknownKind });
        }
    }
    versions(catalogue, &mut problems);
    problems
}

fn kinds(catalogue: &Catalogue, policy: &Policy, add: &mut impl FnMut(ProblemKind)) {
    if policy.kinds.is_empty() {
        add(ProblemKind::NoKind);
    }
    let known: BTreeSet<&str> = catalogue.kinds.iter().map(|k| k.code.as_str()).collect();
    if policy.kinds.iter().any(|k| !known.contains(k.as_str())) {
        add(ProblemKind::UnknownKind);
    }
}

fn amount(policy: &Policy, add: &mut impl FnMut(ProblemKind)) {
    let amount = &policy.amount;
    match amount.unit {
        AmountUnit::Total | AmountUnit::Month | AmountUnit::Once if amount.cap.is_none() => {
            add(ProblemKind::UnitWithoutCap);
        }
        AmountUnit::RentPercent | AmountUnit::FeePercent if amount.percent.is_none() => {
            add(ProblemKind::UnitWithoutCap);
        }
        AmountUnit::Uncapped | AmountUnit::Unspecified | AmountUnit::Reference
            if amount.cap.is_some() =>
        {
            add(ProblemKind::CapWithoutUnit);
        }
        _ => {}
    }
}

/// Everything that a policy rests on.
pub(super) fn citations(policy: &Policy) -> impl Iterator<Item = &Citation> {
    let own = policy.caps.iter().map(|c| &c.citation);
    let own = own.chain(policy.conditions.iter().map(|c| &c.citation));
    let criteria = policy.class.iter().filter_map(|c| c.criteria.as_ref());
    let own = own.chain(criteria.flat_map(|c| &c.grounds).map(|g| &g.citation));
    let own = own.chain(policy.payout.iter().filter_map(|p| p.citation.as_ref()));
    own.chain(policy.clauses.iter().map(|c| &c.citation)).chain([&policy.source])
}

fn clauses(catalogue: &Catalogue, policy: &Policy, add: &mut impl FnMut(ProblemKind)) {
    let empty = |c: &Citation| c.article.trim().is_empty() || c.document.trim().is_empty();
    let cited: Vec<_> = citations(policy).collect();
    if cited.iter().any(|c| empty(c)) {
        add(ProblemKind::NoArticle);
    }
    // An example rests on no document, so there is nothing to quote.
    if policy.status != PolicyStatus::Example && cited.iter().any(|c| c.phrase.is_none()) {
        add(ProblemKind::NoPhrase);
    }
    for clause in &policy.clauses {
        match catalogue.clauses.iter().find(|c| c.id == clause.id) {
            None => add(ProblemKind::UnknownClause),
            Some(known) if known.citation != clause.citation || known.rules != clause.rules => {
                add(ProblemKind::ClauseDiffers);
            }
            Some(_) => {}
        }
    }
}

/// Versions of one policy follow each other without overlap and without a gap.
fn versions(catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let mut by_id: BTreeMap<&str, Vec<&Policy>> = BTreeMap::new();
    for policy in &catalogue.policies {
        by_id.entry(&policy.id).or_default().push(policy);
    }
    for (id, mut versions) in by_id {
        let mut add = |kind| problems.push(Problem { entry: id.to_owned(), kind });
        versions.sort_by_key(|p| (p.validity.from, p.version));
        for policy in &versions {
            if policy.validity.until.is_some_and(|u| u < policy.validity.from) {
                add(ProblemKind::ValidityEmpty);
            }
        }
        for pair in versions.windows(2) {
            let [before, after] = pair else { continue };
            if before.version == after.version {
                add(ProblemKind::Duplicate);
                continue;
            }
            match before.validity.until.and_then(|u| u.tomorrow().ok()) {
                Some(next) if next < after.validity.from => add(ProblemKind::ValidityGap),
                Some(next) if next == after.validity.from => {}
                _ => add(ProblemKind::ValidityOverlap),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    type Break = fn(&mut Policy);

    #[test]
    fn each_problem_is_found() {
        let table: &[(Break, ProblemKind)] = &[
            (|p| p.kinds = vec!["nonsense".into()], ProblemKind::UnknownKind),
            (|p| p.kinds.clear(), ProblemKind::NoKind),
            (|p| p.amount.unit = AmountUnit::Unspecified, ProblemKind::CapWithoutUnit),
            (|p| p.amount.cap = None, ProblemKind::UnitWithoutCap),
            (|p| p.source.article = " ".into(), ProblemKind::NoArticle),
            (|p| p.source.phrase = None, ProblemKind::NoPhrase),
            (|p| p.clauses[0].id = "qingpu/annex9/none".into(), ProblemKind::UnknownClause),
            (|p| p.clauses[0].citation.article = "x".into(), ProblemKind::ClauseDiffers),
            (|p| p.district = "jiashan".parse().unwrap(), ProblemKind::ForeignId),
            (|p| p.validity.until = p.validity.from.yesterday().ok(), ProblemKind::ValidityEmpty),
        ];
        for (break_it, expected) in table {
            let mut catalogue = Arc::unwrap_or_clone(Catalogue::embedded().unwrap());
            let policy = catalogue.policies.iter_mut().find(|p| p.id == "qingpu/housing-rent/D");
            break_it(policy.unwrap());
            let kinds: Vec<_> = lint(&catalogue).into_iter().map(|p| p.kind).collect();
            assert_eq!(kinds, [*expected]);
        }
    }

    #[test]
    fn versions_follow_each_other() {
        let until = |p: &mut Policy, d: &str| p.validity.until = Some(d.parse().unwrap());
        let from = |p: &mut Policy, d: &str| p.validity.from = d.parse().unwrap();
        for (end, begin, expected) in [
            ("2024-12-31", "2025-01-01", None),
            ("2024-12-30", "2025-01-01", Some(ProblemKind::ValidityGap)),
            ("2025-01-01", "2025-01-01", Some(ProblemKind::ValidityOverlap)),
        ] {
            let mut catalogue = Arc::unwrap_or_clone(Catalogue::embedded().unwrap());
            let mut second = catalogue.policies[0].clone();
            until(&mut catalogue.policies[0], end);
            second.version = 2;
            from(&mut second, begin);
            catalogue.policies.push(second);
            let kinds: Vec<_> = lint(&catalogue).into_iter().map(|p| p.kind).collect();
            assert_eq!(kinds, expected.into_iter().collect::<Vec<_>>(), "{end} {begin}");
        }
    }
}
