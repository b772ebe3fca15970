//! Every rule has a positive, a negative and a boundary case, and a label says what is so.

use std::collections::BTreeMap;

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
                "bound" => {}
                other => panic!("{name}: {other}"),
            }
        }
    }
}

#[test]
fn a_case_named_after_a_rule_shows_that_side_of_it() {
    for (name, case) in cases().into_iter().filter(|(n, _)| n.starts_with('R')) {
        let side = name.split('-').take(2).collect::<Vec<_>>().join("-");
        assert!(case.shows.contains(&side), "{name} does not show {side}");
    }
}

/// What a title names at its end, in the manner of （附件4 二（二））.
fn named_at_the_end(title: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let opening = title.char_indices().rev().find(|(_, c)| {
        match c {
            '）' => depth += 1,
            '（' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    opening.map(|(at, _)| &title[at..]).filter(|named| named.starts_with('（'))
}

fn names_an_article(title: &str) -> bool {
    let marks = ["附件", "正文", "二（", "四（", "（三）", "示例 三", "20-2 三"];
    named_at_the_end(title).is_some_and(|named| marks.iter().any(|mark| named.contains(mark)))
}

#[test]
fn every_case_names_an_article_in_its_title() {
    for (name, case) in cases().into_iter().filter(|(n, _)| n.starts_with(['R', 'T', 'X', 'Q'])) {
        assert!(names_an_article(&case.title.zh), "{name}: no article in its title");
    }
    assert!(names_an_article("参公单位（附件4 四（一））") && names_an_article("乙（三）"));
    assert!(
        !names_an_article("三年期满")
            && !names_an_article("附件4的单位")
            && !names_an_article("甲（乙）")
    );
}
