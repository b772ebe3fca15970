//! What slips say of plans, shares, caps and exceptions: the words and the records that they name.

use talent_gateway::domain::explain;
use talent_gateway::domain::funding::finding::{Assessment, Finding, Label, Verdict};
use talent_gateway::domain::text::Language;

use super::{cases, run};

fn assessed(name: &str, step: usize) -> Assessment {
    let (_, case) = cases().into_iter().find(|(n, _)| n.starts_with(name)).unwrap();
    run(case).remove(step)
}

fn of_rule<'a>(assessment: &'a Assessment, rule: &'a str) -> impl Iterator<Item = &'a Finding> {
    assessment.findings.iter().filter(move |f| f.rule.to_string() == rule)
}

fn words(assessment: &Assessment, rule: &str) -> String {
    of_rule(assessment, rule).map(|f| explain::explain(f, Language::Zh)).collect()
}

#[test]
fn numbers_that_may_be_one_are_compared_by_a_person() {
    let ask = "编号相同、发布机关写法不同，请核对是否同一计划";
    for (name, rule, words_of) in [
        ("R04-bound-plan-under", "R04", ask),
        ("R05-bound-plan-under", "R05", ask),
        ("R06-bound-project-under", "R06", ask),
    ] {
        let found = assessed(name, 0);
        assert!(words(&found, rule).contains(words_of), "{name}: {}", words(&found, rule));
    }
    let unnamed = assessed("R04-bound-plan-under", 3);
    assert!(words(&unnamed, "R04").contains("没有写明所配套的计划"), "{}", words(&unnamed, "R04"));
}

#[test]
fn matching_rests_on_what_is_matched_and_on_nothing_else() {
    let evidence = |name: &str| {
        let assessment = assessed(name, 0);
        let found: Vec<_> = of_rule(&assessment, "R08").flat_map(|f| f.evidence.clone()).collect();
        found.into_iter().map(|e| e.id).collect::<Vec<_>>()
    };
    assert_eq!(evidence("T34-"), ["g-41"]);
    assert!(evidence("R08-bound-district-award").is_empty());
}

#[test]
fn the_exception_quotes_its_own_half_of_the_sentence() {
    for name in ["T04-", "T06-", "X06-"] {
        let assessment = assessed(name, 0);
        assert!(of_rule(&assessment, "R03").next().is_some(), "{name}");
        let words = words(&assessment, "R03");
        assert!(words.contains("以不享受租金优惠为前提申请入住本区人才公寓"), "{name}: {words}");
    }
}

#[test]
fn a_place_elsewhere_overlaps_nothing() {
    let assessment = assessed("T48-", 0);
    let mut away =
        of_rule(&assessment, "R25").filter(|f| f.outcome == Verdict::Ineligible).peekable();
    assert!(away.peek().is_some());
    assert!(away.all(|f| f.step(Label::MonthsOverlap).is_none()));
}

#[test]
fn the_slip_says_which_instalments_were_not_looked_at() {
    let part = words(&assessed("R17-bound-twelve", 0), "R17");
    assert!(part.contains("其余各期未核对") && part.contains("申请 12 个月"), "{part}");
    let all = words(&assessed("R17-bound-twelve", 1), "R17");
    assert!(!all.contains("未核对"), "{all}");
    let at_once = words(&assessed("R17-bound-twelve", 2), "R17");
    assert!(at_once.contains("可发放 100,000.00 元") && !at_once.contains("未核对"), "{at_once}");
}
