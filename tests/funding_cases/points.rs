//! What an officer reads of points and households: numbers only where they are the reason, the words of
//! the clause that the finding rests on, and what is to be compared.

use talent_gateway::domain::explain;
use talent_gateway::domain::funding::case_file::CaseFile;
use talent_gateway::domain::funding::finding::{Finding, Label, Reason, Verdict};
use talent_gateway::domain::text::Language;

use super::{cases, run};

fn case(name: &str) -> CaseFile {
    let found = cases().into_iter().find(|(n, _)| n == name);
    found.unwrap_or_else(|| panic!("no case {name}")).1
}

fn found(name: &str, step: usize, reason: Reason) -> Finding {
    let findings = run(case(name)).swap_remove(step).findings;
    findings
        .into_iter()
        .find(|f| f.reason == reason)
        .unwrap_or_else(|| panic!("{name}: {reason:?}"))
}

#[test]
fn the_minimum_is_named_only_where_it_is_the_reason_r18() {
    let enough = found("R18-bound-each-year-by-itself", 0, Reason::PointsNotSelected);
    assert_eq!(enough.step(Label::PointsNeeded), None, "70 of 60 points");
    let too_few = found("R18-bound-year-minimum", 1, Reason::PointsBelowMinimum);
    assert_eq!(too_few.step(Label::PointsNeeded), Some(51));
    let both = "R18-pos-selected-below-the-minimum";
    let contradiction = found(both, 0, Reason::PointsSelectedBelowMinimum);
    let words = explain::explain(&contradiction, Language::Zh);
    assert!(
        words.contains("实际 70 分，须达到 71 分") && words.contains("更正积分登记"),
        "{words}"
    );
    let not_selected = found(both, 4, Reason::PointsNotSelected);
    assert_eq!(not_selected.step(Label::PointsNeeded), Some(71));
}

#[test]
fn a_lease_nearby_is_told_in_the_words_of_its_exception_r12() {
    let finding = found("R12-bound-rents-nearby", 0, Reason::RentsNearby);
    let words = explain::explain(&finding, Language::Zh);
    assert!(words.contains("确因工作需要，可在青浦周边就近租房"), "{words}");
    assert!(words.contains("请核对工作需要的证明"), "{words}");
    let there = found("Q28-rents-nearby-with-a-subsidy-there", 0, Reason::RentsNearby);
    let there_is = |f: &Finding| f.outcome == Verdict::ClearCond || f.outcome == Verdict::Refer;
    assert!(there_is(&there));
}

#[test]
fn one_lease_of_two_persons_is_to_be_compared_in_one_district_and_in_two_r06() {
    let of = |name, reason| {
        let finding = found(name, 0, reason);
        assert_eq!(finding.outcome, Verdict::Clear, "a finding only (order of tests 7)");
        for (language, compare, harmless) in
            [(Language::Zh, "请", "不影响办理"), (Language::En, "ompare", "does not stand against")]
        {
            let words = explain::explain(&finding, language);
            assert!(words.contains(compare) && !words.contains(harmless), "{words}");
        }
        explain::explain(&finding, Language::Zh)
    };
    let elsewhere = of("wujiang-04-one-lease-two-tenants", Reason::SameObject);
    assert!(elsewhere.contains("合租、转租") && elsewhere.contains("青浦区 资助"), "{elsewhere}");
    let here = of("wujiang-15-two-tenants-of-one-lease", Reason::SameObject);
    assert!(here.contains("另有人享受资助") && here.contains("吴江区 资助"), "{here}");
    let own = "qingpu-16-points-rent-for-a-lease-in-jiashan";
    assert!(of(own, Reason::SameObjectElsewhere).contains("请两区核对"));
}
