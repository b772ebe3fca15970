//! The recognition rules that ship with the binary (`catalogue/recognition/rules.json`).

use super::rule::RecognitionRule;

/// The rules as data: what is known of the zone's measure, marked by how far it was checked, and
/// examples that have no legal effect.
const RULES: &str = include_str!("../../../catalogue/recognition/rules.json");

/// The catalogue does not read as rules, or a rule does not fit together.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not the JSON of rules.
    #[error("catalogue/recognition/rules.json: {0}")]
    Json(#[from] serde_json::Error),
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
    let rules: Vec<RecognitionRule> = serde_json::from_str(RULES)?;
    for rule in &rules {
        rule.check()
            .map_err(|refusal| CatalogueError::Rule { rule: rule.rule.clone(), refusal })?;
    }
    Ok(rules)
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
            }
        }
    }
}
