//! What ships with the binary for recognition: rules and shared services (`catalogue/recognition`)
//! and alliances (`catalogue/alliances`).

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::alliance::{Alliance, Alliances};
use super::entitlement::SharedService;
use super::places::Places;
use super::rule::RecognitionRule;
use crate::domain::record::scheme::SchemeAuthority;

/// The rules as data: what is known of the zone's measure, marked by how far it was checked, and
/// examples that have no legal effect.
const RULES: (&str, &str) =
    ("recognition/rules.json", include_str!("../../../catalogue/recognition/rules.json"));
/// The services that documents want shared.
const SERVICES: (&str, &str) =
    ("recognition/services.json", include_str!("../../../catalogue/recognition/services.json"));
/// The alliances that documents name, one file each.
const ALLIANCES: [(&str, &str); 4] = [
    (
        "alliances/delta-demonstration-zone.json",
        include_str!("../../../catalogue/alliances/delta-demonstration-zone.json"),
    ),
    (
        "alliances/yangpu-one-plus-n.json",
        include_str!("../../../catalogue/alliances/yangpu-one-plus-n.json"),
    ),
    (
        "alliances/delta-innovation-bases.json",
        include_str!("../../../catalogue/alliances/delta-innovation-bases.json"),
    ),
    (
        "alliances/delta-postdoc-bases.json",
        include_str!("../../../catalogue/alliances/delta-postdoc-bases.json"),
    ),
];

/// The authorities that own schemes; the schemes themselves are `catalogue`'s.
const AUTHORITIES: (&str, &str) =
    ("schemes/authorities.json", include_str!("../../../catalogue/schemes/authorities.json"));

/// A file of the catalogue does not read, or a rule does not fit together.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not the JSON of its kind.
    #[error("catalogue/{file}: {source}")]
    Json {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A rule contradicts itself.
    #[error("catalogue/recognition/rules.json: rule {rule}: {refusal}")]
    Rule {
        /// Id of the rule.
        rule: String,
        /// What is wrong with it.
        refusal: crate::domain::code::Refusal,
    },
}

/// Every rule of the catalogue, checked.
pub fn rules() -> Result<Vec<RecognitionRule>, CatalogueError> {
    let rules: Vec<RecognitionRule> = read(RULES)?;
    for rule in &rules {
        rule.check()
            .map_err(|refusal| CatalogueError::Rule { rule: rule.rule.clone(), refusal })?;
    }
    Ok(rules)
}

/// The shared services, in the order of the list.
pub fn services() -> Result<Vec<SharedService>, CatalogueError> {
    read(SERVICES)
}

/// The alliances and their members.
pub fn alliances() -> Result<Alliances, CatalogueError> {
    let all: Result<Vec<Alliance>, _> = ALLIANCES.into_iter().map(read).collect();
    Ok(Alliances::new(all?))
}

/// Where the owners of schemes lie, the districts among them.
pub fn places() -> Result<Places, CatalogueError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        authorities: Vec<SchemeAuthority>,
    }
    let file: File = read(AUTHORITIES)?;
    let places = file.authorities.into_iter().filter_map(|a| Some((a.id, a.region?)));
    Ok(places.collect())
}

fn read<T: DeserializeOwned>((file, text): (&'static str, &str)) -> Result<T, CatalogueError> {
    serde_json::from_str(text).map_err(|source| CatalogueError::Json { file, source })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::rule::{RuleStatus, SourceCheck};
    use super::*;

    #[test]
    fn the_catalogue_is_honest_about_its_sources() {
        let rules = rules().unwrap();
        let ids: HashSet<_> = rules.iter().map(|r| (&r.recogniser, &r.rule)).collect();
        assert_eq!(ids.len(), rules.len(), "a rule id occurs twice");
        for rule in &rules {
            // Nobody has read the official text of any of these yet.
            assert_ne!(rule.source_check, SourceCheck::OfficialText, "{}", rule.rule);
            let invented = rule.source_check == SourceCheck::Invented;
            assert_eq!(invented, rule.status == RuleStatus::Example, "{}", rule.rule);
            if !invented {
                assert!(rule.citation.article.contains("未查到"), "{}", rule.rule);
                // Who sends a record does not say who decided it.
                assert!(rule.issuer.names_authorities(), "{}", rule.rule);
            }
        }
    }
}
