//! Checks on code lists and schemes: what types cannot say.

use std::collections::BTreeSet;

use super::Catalogue;
use super::lint::{Problem, ProblemKind};
use super::policy_lint::unknown_class;
use crate::domain::codelist::{CodeList, Mapping, Target};
use crate::domain::id::{RegionCode, Standing};
use crate::domain::record::scheme::{QualificationClasses, Scheme, SchemeStatus};

pub(super) fn lint(catalogue: &Catalogue) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |entry: &str, kind| {
        problems.push(Problem { entry: entry.to_owned(), at: String::new(), kind });
    };
    for found in catalogue.codes.lists() {
        list(found, &mut add);
    }
    for mapping in catalogue.codes.mappings() {
        table(catalogue, mapping, &mut add);
    }
    for authority in catalogue.schemes.authorities() {
        let known = |r: RegionCode| matches!(r.standing(), Standing::Current(_));
        if !authority.region.is_none_or(known) {
            add(&authority.id, ProblemKind::UnknownRegion);
        }
        let outside = |sender| RegionCode::of_district(sender).is_none_or(|r| !authority.covers(r));
        if authority.senders.iter().any(outside) {
            add(&authority.id, ProblemKind::UnknownIssuer);
        }
    }
    let mut seen = BTreeSet::new();
    for found in catalogue.schemes.certifications() {
        scheme(catalogue, found, &mut add);
        if !seen.insert((&found.id, &found.version)) {
            add(&found.id, ProblemKind::Duplicate);
        }
    }
    for found in catalogue.schemes.qualifications() {
        let known = |id: &String| catalogue.schemes.authority(id).is_some();
        if found.issuers.is_empty() || !found.issuers.iter().all(known) {
            add(&found.id, ProblemKind::UnknownIssuer);
        }
        if let QualificationClasses::List(at) = &found.classes
            && catalogue.codes.list(at).is_none()
        {
            add(&found.id, ProblemKind::UnknownList);
        }
    }
    named_classes(catalogue, &mut add);
    problems
}

fn list(list: &CodeList, add: &mut impl FnMut(&str, ProblemKind)) {
    let name = format!("{}@{}", list.list, list.version);
    if list.entries.is_empty() {
        add(&name, ProblemKind::Empty);
    }
    if list.entries.windows(2).any(|p| p.first().map(|e| &e.code) == p.last().map(|e| &e.code)) {
        add(&name, ProblemKind::Duplicate);
    }
    for entry in &list.entries {
        let at = format!("{name}/{}", entry.code);
        if entry.zh.trim().is_empty() || entry.en.trim().is_empty() || entry.code.is_empty() {
            add(&at, ProblemKind::Empty);
        }
        if entry.also.len() != list.columns.len() {
            add(&at, ProblemKind::UnknownList);
        }
        if let (Some(from), Some(until)) = (entry.from, entry.until)
            && until.last_day() < from.first_day()
        {
            add(&at, ProblemKind::ValidityEmpty);
        }
    }
}

/// A table leads from codes that exist to codes that exist, and forgets none, unless it is from a
/// list to itself (former codes to current ones).
fn table(catalogue: &Catalogue, mapping: &Mapping, add: &mut impl FnMut(&str, ProblemKind)) {
    let name = format!(
        "{}@{} → {}@{}",
        mapping.from.list, mapping.from.version, mapping.to.list, mapping.to.version
    );
    let lists = (catalogue.codes.list(&mapping.from), catalogue.codes.list(&mapping.to));
    let (Some(from), Some(to)) = lists else { return add(&name, ProblemKind::UnknownList) };
    let mut seen = BTreeSet::new();
    for row in &mapping.rows {
        let leads = match &row.target {
            Target::To(code) => to.entry(code).is_some(),
            Target::Unmappable(_) => true,
        };
        if !leads || from.entry(&row.from).is_none() {
            add(&format!("{name}: {}", row.from), ProblemKind::UnknownCode);
        }
        if !seen.insert(&row.from) {
            add(&format!("{name}: {}", row.from), ProblemKind::Duplicate);
        }
    }
    let whole = mapping.otherwise.is_some() || mapping.from == mapping.to;
    if !whole && from.entries.iter().any(|e| !seen.contains(&e.code)) {
        add(&name, ProblemKind::MappingIncomplete);
    }
}

fn scheme(catalogue: &Catalogue, scheme: &Scheme, add: &mut impl FnMut(&str, ProblemKind)) {
    let owner = catalogue.schemes.owner(&scheme.id);
    if owner.is_none_or(|a| a.id != scheme.authority) {
        add(&scheme.id, ProblemKind::UnknownAuthority);
    }
    if scheme.classes.is_empty() && !scheme.open {
        add(&scheme.id, ProblemKind::NoClass);
    }
    if let (Some(from), Some(until)) = (scheme.from, scheme.until)
        && until.last_day() < from.first_day()
    {
        add(&scheme.id, ProblemKind::ValidityEmpty);
    }
    if scheme.source.article.trim().is_empty() {
        add(&scheme.id, ProblemKind::NoArticle);
    }
    let in_force = scheme.status == SchemeStatus::InForce;
    if in_force && scheme.source.phrase.is_none() {
        add(&scheme.id, ProblemKind::NoPhrase);
    }
    let mut classes = BTreeSet::new();
    for class in &scheme.classes {
        let at = format!("{}/{}", scheme.id, class.class);
        if !classes.insert(&class.class) {
            add(&at, ProblemKind::Duplicate);
        }
        let mut grounds = BTreeSet::new();
        for criterion in &class.criteria {
            if criterion.citation.article.trim().is_empty() {
                add(&at, ProblemKind::NoArticle);
            }
            if in_force && criterion.citation.phrase.is_none() {
                add(&at, ProblemKind::NoPhrase);
            }
            if !grounds.insert(&criterion.id) {
                add(&at, ProblemKind::Duplicate);
            }
        }
    }
}

/// Policies and recognition rules name classes that exist.
fn named_classes(catalogue: &Catalogue, add: &mut impl FnMut(&str, ProblemKind)) {
    for policy in &catalogue.policies {
        if unknown_class(catalogue, policy).is_some() {
            add(&policy.id, ProblemKind::UnknownClass);
        }
    }
    // Rules that cannot be read are reported where they are loaded.
    for rule in crate::domain::recognition::catalogue::rules().unwrap_or_default() {
        if catalogue.check_recognition_rule(&rule, &catalogue.alliances).is_err() {
            add(&rule.rule, ProblemKind::RuleUnfit);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::codelist::CodeLists;
    use crate::domain::record::scheme::{QualificationScheme, SchemeAuthority, Schemes};

    fn shipped() -> Catalogue {
        Arc::unwrap_or_clone(Catalogue::embedded().unwrap())
    }

    /// The catalogue with its lists, mappings and schemes passed through `change`.
    fn changed(
        change: impl Fn(&mut Vec<CodeList>, &mut Vec<Mapping>, &mut Vec<Scheme>),
    ) -> Vec<ProblemKind> {
        let mut catalogue = shipped();
        let mut lists: Vec<_> = catalogue.codes.lists().cloned().collect();
        let mut mappings: Vec<_> = catalogue.codes.mappings().cloned().collect();
        let mut schemes: Vec<_> = catalogue.schemes.certifications().cloned().collect();
        change(&mut lists, &mut mappings, &mut schemes);
        let authorities = catalogue.schemes.authorities().cloned().collect();
        let qualifications = catalogue.schemes.qualifications().cloned().collect();
        catalogue.codes = CodeLists::new(lists, mappings).unwrap();
        catalogue.schemes = Schemes::new(authorities, schemes, qualifications);
        let mut kinds: Vec<_> = lint(&catalogue).into_iter().map(|p| p.kind).collect();
        kinds.dedup();
        kinds
    }

    fn housing(schemes: &mut [Scheme]) -> &mut Scheme {
        schemes.iter_mut().find(|s| s.id == "qingpu-housing").unwrap()
    }

    #[test]
    fn what_ships_is_clean() {
        assert_eq!(lint(&shipped()), []);
    }

    #[test]
    fn a_scheme_that_a_policy_asks_for_says_what_is_derived() {
        let catalogue = shipped();
        let in_force = catalogue
            .policies
            .iter()
            .filter(|p| p.status == crate::domain::funding::message::PolicyStatus::InForce);
        for asked in in_force.filter_map(|p| p.class.as_ref()) {
            let versions = catalogue.schemes.versions(&asked.scheme);
            let told = versions.iter().all(|s| s.derivation.is_some());
            assert!(told && !versions.is_empty(), "{}", asked.scheme);
        }
    }

    #[test]
    fn an_issuer_is_somebody_and_a_sender_lies_inside() {
        let judged = |change: &dyn Fn(&mut Vec<SchemeAuthority>, &mut Vec<QualificationScheme>)| {
            let mut catalogue = shipped();
            let mut authorities: Vec<_> = catalogue.schemes.authorities().cloned().collect();
            let mut qualifications: Vec<_> = catalogue.schemes.qualifications().cloned().collect();
            change(&mut authorities, &mut qualifications);
            let schemes = catalogue.schemes.certifications().cloned().collect();
            catalogue.schemes = Schemes::new(authorities, schemes, qualifications);
            lint(&catalogue).into_iter().map(|p| (p.entry, p.kind)).collect::<Vec<_>>()
        };
        let zhejiang = |a: &mut Vec<SchemeAuthority>| a.iter().position(|a| a.id == "zhejiang");
        let found = judged(&|a, _| {
            let at = zhejiang(a).unwrap();
            a[at].senders.push("qingpu".parse().unwrap());
        });
        assert_eq!(found, [("zhejiang".to_owned(), ProblemKind::UnknownIssuer)]);
        let found = judged(&|_, q| q.iter_mut().for_each(|q| q.issuers.retain(|i| i != "jiangsu")));
        let entries: Vec<_> = found.iter().map(|(entry, _)| entry.as_str()).collect();
        assert_eq!(entries, ["jiangsu-hours", "jiangsu-title"]);
    }

    #[test]
    fn each_problem_is_found() {
        use ProblemKind as K;
        assert_eq!(changed(|l, _, _| l[0].entries[0].zh.clear()), [K::Empty]);
        assert_eq!(changed(|l, _, _| l[0].entries[0].also.push("x".into())), [K::UnknownList]);
        assert_eq!(
            changed(|l, _, _| {
                let e = l[0].entries[1].clone();
                l[0].entries.push(e);
            }),
            [K::Duplicate]
        );
        let to_level = |m: &Mapping| m.to.list == "education-level";
        assert_eq!(
            changed(|_, m, _| {
                m.iter_mut().find(|m| to_level(m)).unwrap().rows.pop();
            }),
            [K::MappingIncomplete]
        );
        assert_eq!(
            changed(|_, m, _| m.iter_mut().find(|m| to_level(m)).unwrap().rows[1].target =
                Target::To("phd".into())),
            [K::UnknownCode]
        );
        assert_eq!(
            changed(|_, m, _| {
                m.iter_mut().find(|m| m.from.list == "title").unwrap().rows[1].from = "21".into();
            }),
            [K::UnknownCode, K::MappingIncomplete]
        );
        assert_eq!(
            changed(|_, m, _| {
                let rows = &mut m.iter_mut().find(|m| to_level(m)).unwrap().rows;
                let twice = rows[0].clone();
                rows.push(twice);
            }),
            [K::Duplicate]
        );
        assert_eq!(changed(|_, m, _| m[0].to.version = "0".into()), [K::UnknownList]);
        assert_eq!(
            changed(|_, _, s| housing(s).authority = "jiashan".into()),
            // And a rule of Qingpu gives a class that is no longer Qingpu's.
            [K::UnknownAuthority, K::RuleUnfit]
        );
        assert_eq!(
            changed(|_, _, s| housing(s).classes[0].criteria[0].citation.phrase = None),
            [K::NoPhrase]
        );
        assert_eq!(
            changed(|_, _, s| housing(s).classes[0].criteria[0].citation.article.clear()),
            [K::NoArticle]
        );
        assert_eq!(
            changed(|_, _, s| housing(s).classes[1].class = "A".into()),
            [K::Duplicate, K::UnknownClass]
        );
        assert_eq!(changed(|_, _, s| housing(s).until = "2019".parse().ok()), [K::ValidityEmpty]);
        assert_eq!(changed(|_, _, s| s.retain(|s| s.id != "qingpu-agri-team")), [K::UnknownClass]);
    }
}
