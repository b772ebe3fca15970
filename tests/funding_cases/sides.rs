//! Every rule has a positive, a negative and a boundary case, a label says what is so, and a title names the
//! article. What makes a boundary is in `neighbours.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::finding::{Assessment, Finding, Verdict};
use talent_gateway::domain::funding::id::RuleId;

use super::{cases, run};

/// Rules that only ever inform: a negative case of theirs finds nothing at all. The others may show
/// their arithmetic with an outcome of CLEAR.
const INFORMING: [u8; 6] = [6, 7, 8, 17, 33, 35];

fn rule_of(label: &str) -> RuleId {
    label.split('-').next().unwrap().parse().unwrap()
}

fn is_silent(assessment: &Assessment, rule: RuleId) -> bool {
    let informs = INFORMING.contains(&rule.number());
    let stands_against = |f: &Finding| informs || f.outcome > Verdict::Clear;
    !assessment.by_rule(rule).any(stands_against)
}

#[test]
fn every_rule_has_a_positive_a_negative_and_a_boundary_case() {
    let mut labels: BTreeMap<String, usize> = BTreeMap::new();
    for (_, case) in cases() {
        for label in case.shows {
            *labels.entry(label).or_default() += 1;
        }
    }
    let wanted = (1..=35).flat_map(|n| ["pos", "neg", "bound"].map(|s| format!("R{n:02}-{s}")));
    let lacking: Vec<String> = wanted.filter(|label| !labels.contains_key(label)).collect();
    assert!(lacking.is_empty(), "no case for {lacking:?}");
}

#[test]
fn what_a_label_says_is_so() {
    for (name, case) in cases() {
        let labels = case.shows.clone();
        let assessments = run(case);
        for label in labels {
            let rule = rule_of(&label);
            let found = assessments.iter().any(|a| a.by_rule(rule).next().is_some());
            let silent = assessments.iter().any(|a| is_silent(a, rule));
            match label.split_once('-').unwrap().1 {
                "pos" => assert!(found, "{name}: {rule} finds nothing"),
                "neg" => assert!(silent, "{name}: {rule} stands against it"),
                // Nothing need stand there; one step beside it, something else does.
                "bound" => {}
                other => panic!("{name}: {other}"),
            }
        }
    }
}

#[test]
fn a_case_named_after_a_rule_shows_it() {
    for (name, case) in cases().into_iter().filter(|(n, _)| n.starts_with('R')) {
        let side = name.split('-').take(2).collect::<Vec<_>>().join("-");
        assert!(case.shows.contains(&side), "{name} does not show {side}");
    }
}

/// The numbering of an article: `四（六）` of `四（六）优化居住环境`.
fn numbering(article: &str) -> &str {
    let is_number =
        |c: char| c.is_ascii_digit() || "附件正文示例第条（）一二三四五六七八九十 ".contains(c);
    article.split(|c| !is_number(c)).next().unwrap_or_default().trim()
}

#[test]
fn every_case_names_its_article_in_its_title() {
    let catalogue = serde_json::to_value(&Catalogue::embedded().unwrap().policies).unwrap();
    let mut known = BTreeSet::new();
    articles(&catalogue, &mut known);
    for (name, case) in cases() {
        let mut own = known.clone();
        articles(&serde_json::to_value(&case).unwrap(), &mut own);
        let cited = run(case.clone()).into_iter().flat_map(|a| a.findings);
        own.extend(
            cited.flat_map(|f| f.citations.iter().map(|c| c.article.clone()).collect::<Vec<_>>()),
        );
        let named = case.title.zh.split_once('（').map(|(_, named)| named).unwrap_or_default();
        // An item, or the part that it stands in: `一（二）` of `一（二）4`.
        let is_there = |article: &String| {
            let part = numbering(article).trim_end_matches(|c: char| c.is_ascii_digit());
            !part.is_empty() && named.contains(part)
        };
        assert!(own.iter().any(is_there), "{name}: no article in “{}”", case.title.zh);
        assert!(case.title.en.contains('('), "{name}: no article in “{}”", case.title.en);
    }
}

/// Every article that is cited anywhere in a document.
fn articles(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            out.extend(members.get("article").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|v| articles(v, out));
        }
        Value::Array(items) => items.iter().for_each(|v| articles(v, out)),
        _ => {}
    }
}
