//! Does each phrase of the catalogue stand in the document that it cites? The documents themselves are
//! no part of the product; whoever has them hands them in.

use std::collections::{BTreeMap, BTreeSet};

use super::Catalogue;
use crate::domain::citation::Citation;

/// Stands for words left out inside a phrase.
const OMISSION: char = '…';

/// What a search of the documents found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrases {
    /// Phrases that stand in their document.
    pub found: usize,
    /// Citations whose phrase does not stand there: who cites, and the citation.
    pub missing: Vec<(String, Citation)>,
    /// Documents that were not handed in, with the number of phrases that cite them.
    pub unread: BTreeMap<String, usize>,
}

/// The texts of policy documents by short name, without white space: their lines are broken inside
/// sentences.
#[derive(Clone, Debug, Default)]
pub struct Documents(BTreeMap<String, String>);

impl Documents {
    /// Adds the document with that short name, such as `qingpu-2020-88`.
    pub fn add(&mut self, name: &str, text: &str) {
        self.0.insert(name.to_owned(), squeeze(text));
    }

    /// Does the phrase stand in the document? `None` when the document is not here.
    fn holds(&self, citation: &Citation, phrase: &str) -> Option<bool> {
        let mut rest = self.0.get(&citation.document)?.as_str();
        for piece in squeeze(phrase).split(OMISSION).filter(|p| !p.is_empty()) {
            let Some((_, after)) = rest.split_once(piece) else { return Some(false) };
            rest = after;
        }
        Some(true)
    }
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

pub fn search(catalogue: &Catalogue, documents: &Documents) -> Phrases {
    let mut result = Phrases::default();
    let mut seen = BTreeSet::new();
    for (entry, citation) in cited(catalogue) {
        let Some(phrase) = &citation.phrase else { continue };
        if !seen.insert((entry, citation)) {
            continue;
        }
        match documents.holds(citation, phrase) {
            None => *result.unread.entry(citation.document.clone()).or_default() += 1,
            Some(true) => result.found += 1,
            Some(false) => result.missing.push((entry.to_owned(), citation.clone())),
        }
    }
    result
}

fn cited(catalogue: &Catalogue) -> impl Iterator<Item = (&str, &Citation)> {
    let policies = catalogue.policies.iter();
    let policies = policies.flat_map(|p| p.citations().map(|c| (p.id.as_str(), c)));
    let clauses = catalogue.clauses.iter();
    let clauses = clauses
        .flat_map(|c| [&c.citation].into_iter().chain(&c.also).map(|at| (c.id.as_str(), at)));
    let rules = catalogue.rules.iter();
    let rules = rules.flat_map(|r| r.citations.iter().map(|c| ("rules", c)));
    let schemes = catalogue.schemes.certifications().flat_map(|scheme| {
        let grounds = scheme.classes.iter().flat_map(|c| &c.criteria).map(|c| &c.citation);
        grounds.chain([&scheme.source]).map(|c| (scheme.id.as_str(), c))
    });
    let alliances = catalogue.alliances.all().iter().map(|a| (a.alliance.as_str(), &a.citation));
    let services = catalogue.services.iter().map(|s| (s.service.as_str(), &s.citation));
    policies.chain(clauses).chain(rules).chain(schemes).chain(alliances).chain(services)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_across_line_breaks_and_omissions() {
        let mut documents = Documents::default();
        documents.add("d", "个人享受本区人才\n租房补贴的期限，最长 不超过五年");
        let citation = |document: &str| Citation {
            document: document.into(),
            article: "一".into(),
            phrase: None,
        };
        for (document, phrase, expected) in [
            ("d", "人才租房补贴", Some(true)),
            ("d", "个人享受…不超过五年", Some(true)),
            ("d", "不超过五年…个人享受", Some(false)),
            ("d", "购房补贴", Some(false)),
            ("e", "人才租房补贴", None),
        ] {
            assert_eq!(documents.holds(&citation(document), phrase), expected, "{phrase}");
        }
    }

    #[test]
    fn every_policy_and_clause_is_searched_for() {
        let catalogue = Catalogue::embedded().unwrap();
        let counts = catalogue.counts();
        let result = search(&catalogue, &Documents::default());
        assert_eq!(result.found, 0);
        assert!(result.unread.values().sum::<usize>() >= counts.policies + counts.clauses);
    }
}
