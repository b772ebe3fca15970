//! The articles of the given scenarios: each is named by the slip or on the way to it (`funding explain`), and the
//! first of them by the title of the case. The table is theirs; the cases say in `expect` what a finding itself cites.

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::citation::Citation;
use talent_gateway::domain::explain::{Derivation, RuleInWords};
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::case_file::{CaseFile, Step};
use talent_gateway::domain::text::Language;

use super::{cases, load};

/// The document that most of them are of: named without it below.
const QINGPU: &str = "qingpu-2020-88 ";

/// The articles of each scenario, those of Qingpu's document without its name.
const CITED: [(&str, &[&str]); 35] = [
    ("T01", &["附件4 四（二）1", "附件1 二（二）", "附件4 一（二）1"]),
    ("T03", &["附件2 六（四）", "附件2 三（一）1", "附件2 三（四）"]),
    ("T04", &["附件4 四（二）2"]),
    ("T05", &["附件4 四（二）2", "附件4 三（二）2"]),
    ("T06", &["附件4 四（二）2", "附件4 三（三）"]),
    ("T08", &["附件4 二", "附件4 一（一）5"]),
    ("T09", &["附件4 一（三）", "附件2 三（一）2"]),
    ("T11", &["附件4 一（三）", "附件4 二（二）"]),
    ("T12", &["附件4 一（三）", "changning-2024-135 二（三）"]),
    ("T13", &["附件4 四（二）1", "附件4 四（一）"]),
    ("T16", &["附件4 二（二）"]),
    ("T17", &["附件4 二（二）"]),
    ("T19a", &["附件4 二（二）"]),
    ("T20", &["附件4 二（二）"]),
    ("T21", &["附件4 四（二）4"]),
    ("T22", &["附件4 四（二）4"]),
    ("T23a", &["附件4 四（二）5", "附件4 一（三）"]),
    ("T24", &["附件4 四（二）4", "附件4 二（二）"]),
    ("T25a", &["附件4 二（一）"]),
    ("T25c", &["附件4 二（一）3"]),
    ("T26", &["附件4 二（四）", "附件4 二（三）"]),
    ("T28", &["附件3 二（一）4", "附件3 二（一）5", "附件3 三（一）", "附件3 三（二）1"]),
    ("T29", &["附件3 三（一）", "附件3 三（二）1"]),
    ("T30", &["附件3 六（二）", "附件3 二（二）1", "附件3 三（一）"]),
    ("T32", &["正文 四（一）", "附件4 三（二）2", "附件4 四（一）"]),
    ("T34", &["changning-2020-2 二（五）16", "changning-2020-2 三"]),
    ("T35", &["yangpu-2021-19 附件 三4"]),
    ("T36", &["changning-2024-135 二（三）"]),
    ("T37", &["changning-2020-2 三", "changning-2020-2 二（五）18"]),
    ("T38", &["附件1 一"]),
    ("T40", &["附件4 四（一）"]),
    ("T42", &["附件4 四（二）2"]),
    ("T43", &["附件2 二（三）", "附件4 一（一）3"]),
    ("T45", &["正文 二（三）", "附件4 四（二）1"]),
    ("T48", &["附件4 四（一）"]),
];

fn in_full(article: &str) -> String {
    let named = ["changning-", "yangpu-"].iter().any(|document| article.starts_with(document));
    if named { article.to_owned() } else { format!("{QINGPU}{article}") }
}

fn scenario(id: &str) -> CaseFile {
    cases().into_iter().map(|(_, case)| case).find(|case| case.id == id).unwrap()
}

/// How each step of a case came about.
fn ways(case: CaseFile) -> Vec<Derivation> {
    let catalogue = Catalogue::embedded().unwrap();
    let (facts, steps) = load(case);
    let rules = || {
        let rules = catalogue.rules.iter();
        rules.map(|r| RuleInWords { id: r.id, title: &r.title, written: &r.citations })
    };
    let way = |step: &Step| {
        let assessment = assess(&facts, &step.application, step.as_of);
        Derivation::of(&facts, &step.application, &assessment, rules())
    };
    steps.iter().map(way).collect()
}

/// Is it the article, or a part of it (附件2 二（三）1 of 附件2 二（三）)?
fn lies_in(citation: &Citation, article: &str) -> bool {
    let named = citation.to_string();
    let rest = named.strip_prefix(article);
    rest.is_some_and(|rest| rest.is_empty() || (is_whole(article) && starts_a_part(rest)))
}

fn is_whole(article: &str) -> bool {
    !article.ends_with(|c: char| c.is_ascii_digit())
}

fn starts_a_part(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_digit())
}

#[test]
fn every_article_of_a_scenario_is_named_on_the_way() {
    let mut silent = Vec::new();
    for (id, articles) in CITED {
        let ways = ways(scenario(id));
        let named: Vec<&Citation> = ways.iter().flat_map(Derivation::citations).collect();
        let text: Vec<String> = ways.iter().flat_map(|w| w.lines(Language::Zh)).collect();
        for article in articles.iter().map(|a| in_full(a)) {
            let is_printed = |c: &&Citation| {
                let printed = c.to_string();
                lies_in(c, &article) && text.iter().any(|line| line.contains(&printed))
            };
            if !named.iter().any(is_printed) {
                silent.push(format!("{id}: {article}"));
            }
        }
    }
    assert!(silent.is_empty(), "not named: {silent:?}");
}

#[test]
fn the_title_of_a_scenario_names_its_first_article() {
    for (id, articles) in CITED {
        let title = scenario(id).title;
        let first = articles.first().unwrap();
        assert!(title.zh.contains(first) && title.en.contains(first), "{id}: {}", title.zh);
    }
}

#[test]
fn a_part_of_an_article_is_told_from_its_neighbour() {
    let of = |article: &str| Citation {
        document: "qingpu-2020-88".into(),
        article: article.into(),
        phrase: None,
    };
    let whole = in_full("附件2 二（三）");
    assert!(lies_in(&of("附件2 二（三）1"), &whole) && lies_in(&of("附件2 二（三）"), &whole));
    assert!(!lies_in(&of("附件4 二（三）"), &whole) && !lies_in(&of("附件2 二"), &whole));
    assert!(!lies_in(&of("附件3 二（一）45"), &in_full("附件3 二（一）4")));
}
