//! Checks on one policy and on the versions of it: run on what ships, on the file of a policy writer,
//! and by the gateway on `funding.policy/1`.

use super::Catalogue;
use super::lint::ProblemKind;
use crate::domain::citation::Citation;
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::carriers::{is_attested_fact, is_case_fact};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{
    AmountUnit, ClassGround, ClauseRef, Criterion, Policy, PolicyStatus,
};

/// Rules that a cap may feed.
const CAP_RULES: [u8; 4] = [13, 14, 15, 16];

/// One thing that is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// What.
    pub kind: ProblemKind,
    /// JSON Pointer to the member.
    pub at: String,
}

/// Everything that is wrong with a policy by itself.
pub(super) fn faults(catalogue: &Catalogue, policy: &Policy) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |kind, at: String| faults.push(Fault { kind, at });
    kinds(catalogue, policy, &mut add);
    amount(policy, &mut add);
    cited(policy, &mut add);
    rules(catalogue, policy, &mut add);
    clauses(catalogue, policy, &mut add);
    facts(policy, &mut add);
    caps(policy, &mut add);
    if policy.beneficiaries.is_empty() {
        add(ProblemKind::NoBeneficiary, "/beneficiaries".to_owned());
    }
    if !policy.id.starts_with(&format!("{}/", policy.district)) {
        add(ProblemKind::ForeignId, "/id".to_owned());
    }
    if !policy.validity.is_ordered() {
        add(ProblemKind::ValidityEmpty, "/validity".to_owned());
    }
    faults
}

fn kinds(catalogue: &Catalogue, policy: &Policy, add: &mut impl FnMut(ProblemKind, String)) {
    if policy.kinds.is_empty() {
        add(ProblemKind::NoKind, "/kinds".to_owned());
    }
    for (i, kind) in policy.kinds.iter().enumerate() {
        if !catalogue.kinds.iter().any(|k| k.code == *kind) {
            add(ProblemKind::UnknownKind, format!("/kinds/{i}"));
        }
    }
}

fn amount(policy: &Policy, add: &mut impl FnMut(ProblemKind, String)) {
    let amount = &policy.amount;
    match amount.unit {
        AmountUnit::Total | AmountUnit::Month | AmountUnit::Once if amount.cap.is_none() => {
            add(ProblemKind::UnitWithoutCap, "/amount/cap".to_owned());
        }
        AmountUnit::RentPercent | AmountUnit::FeePercent if amount.percent.is_none() => {
            add(ProblemKind::UnitWithoutCap, "/amount/percent".to_owned());
        }
        AmountUnit::Uncapped | AmountUnit::Unspecified | AmountUnit::Reference
            if amount.cap.is_some() =>
        {
            add(ProblemKind::CapWithoutUnit, "/amount/unit".to_owned());
        }
        _ => {}
    }
}

/// Grounds of a class or of a target group, with their places.
fn grounds(policy: &Policy) -> impl Iterator<Item = (String, &ClassGround)> {
    let class = policy.class.iter().filter_map(|c| c.criteria.as_ref());
    let class = class.flat_map(|c| &c.grounds).enumerate();
    let target = policy.target.iter().flat_map(|c| &c.grounds).enumerate();
    let class = class.map(|(i, ground)| (format!("/class/criteria/grounds/{i}"), ground));
    class.chain(target.map(|(i, ground)| (format!("/target/grounds/{i}"), ground)))
}

/// A condition on a fact that nothing carries could never be met.
fn facts(policy: &Policy, add: &mut impl FnMut(ProblemKind, String)) {
    let known = |fact: &str| is_case_fact(fact) || is_attested_fact(fact);
    for (at, ground) in grounds(policy) {
        for (i, criterion) in ground.all.iter().enumerate() {
            let carried = match criterion {
                Criterion::Fact { fact } | Criterion::AtLeast { fact, .. } => known(fact),
                Criterion::FactOnDates { fact, dates, .. } => {
                    dates.iter().all(|date| known(&format!("{fact}-on-{date}")))
                }
                _ => true,
            };
            if !carried {
                add(ProblemKind::UnknownFact, format!("{at}/all/{i}"));
            }
        }
    }
    for (i, condition) in policy.conditions.iter().enumerate() {
        if !known(&condition.fact) {
            add(ProblemKind::UnknownFact, format!("/conditions/{i}/fact"));
        }
        if condition.at_least.is_some() && condition.above.is_some() {
            add(ProblemKind::TwoBounds, format!("/conditions/{i}/above"));
        }
    }
}

/// A cap limits something and says what counts toward it.
fn caps(policy: &Policy, add: &mut impl FnMut(ProblemKind, String)) {
    for (i, cap) in policy.caps.iter().enumerate() {
        if cap.months.is_none() && cap.total.is_none() {
            add(ProblemKind::CapWithoutLimit, format!("/caps/{i}"));
        }
        if cap.scope.trim().is_empty() {
            add(ProblemKind::EmptyScope, format!("/caps/{i}/scope"));
        }
        if cap.doubt.as_ref().is_some_and(|doubt| doubt.scope.trim().is_empty()) {
            add(ProblemKind::EmptyScope, format!("/caps/{i}/doubt/scope"));
        }
    }
}

/// Everything that a policy rests on, with its place.
fn placed(policy: &Policy) -> impl Iterator<Item = (String, &Citation)> {
    let at = |list: &'static str| move |i: usize| format!("/{list}/{i}/citation");
    let caps = policy.caps.iter().map(|c| &c.citation).enumerate();
    let conditions = policy.conditions.iter().map(|c| &c.citation).enumerate();
    let clauses = policy.clauses.iter().map(|c| &c.citation).enumerate();
    let payout = policy.payout.iter().filter_map(|p| p.citation.as_ref());
    let own = caps.map(move |(i, c)| (at("caps")(i), c));
    let own = own.chain(conditions.map(move |(i, c)| (at("conditions")(i), c)));
    let own = own.chain(grounds(policy).map(|(at, g)| (format!("{at}/citation"), &g.citation)));
    let own = own.chain(payout.map(|c| ("/payout/citation".to_owned(), c)));
    let own = own.chain(clauses.map(move |(i, c)| (at("clauses")(i), c)));
    own.chain([("/source".to_owned(), &policy.source)])
}

fn cited(policy: &Policy, add: &mut impl FnMut(ProblemKind, String)) {
    for (at, citation) in placed(policy) {
        for (member, text) in [("article", &citation.article), ("document", &citation.document)] {
            if text.trim().is_empty() {
                add(ProblemKind::NoArticle, format!("{at}/{member}"));
            }
        }
        // An example rests on no document, so there is nothing to quote.
        if policy.status != PolicyStatus::Example && citation.phrase.is_none() {
            add(ProblemKind::NoPhrase, format!("{at}/phrase"));
        }
    }
}

/// Rules that exist, and caps that a rule reads.
fn rules(catalogue: &Catalogue, policy: &Policy, add: &mut impl FnMut(ProblemKind, String)) {
    let known = |rule: RuleId| catalogue.rule(rule).is_some();
    for (i, cap) in policy.caps.iter().enumerate() {
        if !CAP_RULES.iter().any(|n| RuleId::new(*n) == cap.rule) {
            add(ProblemKind::UnknownRule, format!("/caps/{i}/rule"));
        }
    }
    for (i, condition) in policy.conditions.iter().enumerate() {
        if !known(condition.rule) {
            add(ProblemKind::UnknownRule, format!("/conditions/{i}/rule"));
        }
    }
    for (i, clause) in policy.clauses.iter().enumerate() {
        if !clause.rules.iter().all(|rule| known(*rule)) {
            add(ProblemKind::UnknownRule, format!("/clauses/{i}/rules"));
        }
    }
}

fn clauses(catalogue: &Catalogue, policy: &Policy, add: &mut impl FnMut(ProblemKind, String)) {
    for (i, clause) in policy.clauses.iter().enumerate() {
        match catalogue.clauses.iter().find(|c| c.id == clause.id) {
            None => add(ProblemKind::UnknownClause, format!("/clauses/{i}/id")),
            Some(known) if !known.stands_at(&clause.citation) || known.rules != clause.rules => {
                add(ProblemKind::ClauseDiffers, format!("/clauses/{i}"));
            }
            Some(_) => {}
        }
    }
}

/// The first class of a policy that its scheme lacks. A policy's scheme is always known here, also
/// where its authority's list is not complete.
pub(super) fn unknown_class(catalogue: &Catalogue, policy: &Policy) -> Option<String> {
    let asked = policy.class.as_ref()?;
    let Catalogue { schemes, codes, .. } = catalogue;
    if schemes.versions(&asked.scheme).is_empty() {
        return Some("/class/scheme".to_owned());
    }
    let known = |class: &String| schemes.has_class(codes, &asked.scheme, class) != Some(false);
    let at = asked.classes.iter().position(|class| !known(class))?;
    Some(format!("/class/classes/{at}"))
}

/// How a version follows the one with the number before: later, without overlap and without a gap. One
/// without an end is in force until the next one begins.
pub(super) fn succession(before: &Policy, after: &Policy) -> Option<ProblemKind> {
    if before.version == after.version {
        return Some(ProblemKind::Duplicate);
    }
    if before.validity.until.is_none() && before.validity.from < after.validity.from {
        return None;
    }
    match before.validity.until.and_then(|u| u.tomorrow().ok()) {
        Some(next) if next < after.validity.from => Some(ProblemKind::ValidityGap),
        Some(next) if next == after.validity.from => None,
        _ => Some(ProblemKind::ValidityOverlap),
    }
}

impl Catalogue {
    /// May a district publish this policy beside the versions of it that it has published? The checks
    /// are those of the lint, but for four: a kind that the list lacks is left empty (Q13); what a
    /// document says need not be quoted; a condition may name a fact of the district's own; and a
    /// document that the clause list does not know brings clauses of the district's own.
    pub fn check_policy(&self, policy: &Policy, published: &[Policy]) -> Result<(), Refusal> {
        let own = |at: &str| {
            let index = at.strip_prefix("/clauses/").and_then(|rest| rest.split('/').next());
            let clause = index.and_then(|i| policy.clauses.get(i.parse::<usize>().ok()?));
            clause.is_some_and(|clause| self.is_own_clause(policy, clause))
        };
        let mut found: Vec<Fault> = faults(self, policy)
            .into_iter()
            .filter(|fault| match fault.kind {
                ProblemKind::NoKind | ProblemKind::NoPhrase | ProblemKind::UnknownFact => false,
                ProblemKind::UnknownClause => !own(&fault.at),
                _ => true,
            })
            .collect();
        let unknown = unknown_class(self, policy);
        found.extend(unknown.map(|at| Fault { kind: ProblemKind::UnknownClass, at }));
        let validity = "/validity".to_owned();
        found.extend(out_of_order(policy, published).map(|kind| Fault { kind, at: validity }));
        let Some(first) = found.first() else { return Ok(()) };
        let (zh, en) = first.kind.words();
        let mut refusal = Refusal::new(code(first.kind)).detail(zh, en);
        for fault in &found {
            let (_, en) = fault.kind.words();
            refusal = refusal.at(format!("/body{}", fault.at), en);
        }
        Err(refusal)
    }

    fn is_own_clause(&self, policy: &Policy, clause: &ClauseRef) -> bool {
        let listed = self.clauses.iter().any(|c| c.citation.document == clause.citation.document);
        !listed && clause.id.starts_with(&format!("{}/", policy.district))
    }
}

/// What is wrong between a policy and its neighbours among the published versions.
fn out_of_order(policy: &Policy, published: &[Policy]) -> Option<ProblemKind> {
    let mut versions: Vec<&Policy> = published.iter().chain([policy]).collect();
    versions.sort_by_key(|p| p.version);
    versions.windows(2).find_map(|pair| {
        let [before, after] = pair else { return None };
        let concerned = before.version == policy.version || after.version == policy.version;
        if concerned { succession(before, after) } else { None }
    })
}

/// The problem of a message that has this problem.
fn code(kind: ProblemKind) -> Code {
    match kind {
        ProblemKind::UnknownKind => Code::KindUnknown,
        ProblemKind::NoArticle => Code::BasisMissing,
        ProblemKind::UnknownClause | ProblemKind::ClauseDiffers | ProblemKind::UnknownRule => {
            Code::RuleUnknown
        }
        ProblemKind::UnknownClass => Code::ClassUnknown,
        ProblemKind::ForeignId => Code::NotOwner,
        ProblemKind::ValidityEmpty | ProblemKind::ValidityGap | ProblemKind::ValidityOverlap => {
            Code::DateImpossible
        }
        ProblemKind::Duplicate => Code::RevisionStale,
        _ => Code::RecordContradiction,
    }
}
