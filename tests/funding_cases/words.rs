//! What the officer reads on the slip: each thing once, under a heading that names what is tested.

use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::explain::Slip;
use talent_gateway::domain::funding::assess::assess;
use talent_gateway::domain::funding::case_file::{CaseFile, Step};
use talent_gateway::domain::funding::view::FundingView as _;
use talent_gateway::domain::text::Language;

use super::{cases, load};

/// The slips of a case, step by step.
fn slips(case: CaseFile, language: Language) -> Vec<Vec<String>> {
    let catalogue = Catalogue::embedded().unwrap();
    let (facts, steps) = load(case);
    let slip = |step: &Step| {
        let assessment = assess(&facts, &step.application, step.as_of);
        let title = |rule| catalogue.rule(rule).map(|r| &r.title);
        let policy = facts.policy(&step.application.terms.policy);
        let application = &step.application;
        Slip { application, policy, assessment: &assessment, title: &title }.lines(language)
    };
    steps.iter().map(slip).collect()
}

fn slip_of(name: &str, language: Language) -> String {
    let (_, case) = cases().into_iter().find(|(n, _)| n.starts_with(name)).unwrap();
    slips(case, language).concat().concat()
}

fn has_twice<'a>(items: impl Iterator<Item = &'a str>) -> bool {
    let mut items: Vec<&str> = items.collect();
    let all = items.len();
    items.sort_unstable();
    items.dedup();
    items.len() < all
}

#[test]
fn the_version_to_apply_under_is_named() {
    let slip = slip_of("jiashan-21-the-version-before", Language::Zh);
    assert!(slip.contains("申请日施行的是第2版（自2026-06-01起）"), "{slip}");
}

#[test]
fn nothing_is_printed_twice() {
    for (name, mut case) in cases() {
        // Without the facts of the case whatever is needed is asked for.
        let told = slips(case.clone(), Language::Zh);
        case.steps.iter_mut().for_each(|s| s.application.case_facts.clear());
        for lines in told.into_iter().chain(slips(case, Language::Zh)) {
            assert!(!has_twice(lines.iter().map(String::as_str)), "{name}: {lines:#?}");
            for line in &lines {
                let Some((_, records)) = line.split_once("所据记录：") else { continue };
                let records = records.split('。').next().unwrap();
                assert!(!has_twice(records.split('、')), "{name}: {records}");
            }
        }
    }
}

#[test]
fn the_heading_names_what_is_tested() {
    for (name, heading) in [
        ("T28-", "〔R27 政策所列条件〕不符合政策所列条件"),
        ("R27-pos-founder-taken", "〔R27 一家企业一名创业人才〕该企业已申报过"),
        ("T38-", "〔R30 引进时条件与认定等级〕"),
    ] {
        let slip = slip_of(name, Language::Zh);
        assert!(slip.contains(heading), "{name}: {slip}");
    }
    assert!(slip_of("T28-", Language::En).contains("[R27 Conditions of the policy]"));
}

#[test]
fn a_strict_bound_is_told_as_written() {
    let zh = slip_of("T28-", Language::Zh);
    assert!(zh.contains("实际 500 ‰，须超过 500 ‰。") && !zh.contains("501"), "{zh}");
    assert!(zh.contains("须达到 50,000,000.00 元"), "{zh}");
    let en = slip_of("T28-", Language::En);
    assert!(en.contains("held 500 ‰, to be exceeded 500 ‰."), "{en}");
}

/// Nothing dates the overlap of a grant without months, so no months are said to meet.
#[test]
fn who_names_no_months_reads_that_none_are_known() {
    let zh = slip_of("R05-bound-no-months-stated", Language::Zh);
    assert!(zh.contains("没有写明受益月份") && !zh.contains("重叠"), "{zh}");
    assert!(zh.contains("需补充：嘉善县已有资助的受益月份。请该区写明"), "{zh}");
    let en = slip_of("R05-bound-two-awards-without-months", Language::En);
    assert!(en.contains("names no benefit months") && !en.contains("for the same months"), "{en}");
    let dated = slip_of("T13-one-month", Language::Zh);
    assert!(dated.contains("月份重叠"), "{dated}");
}

/// Which of the two is the higher is for the authority of the question to say, so it is named.
#[test]
fn who_decides_which_is_the_higher_is_named() {
    let zh = slip_of("Q12-higher-by-the-month", Language::Zh);
    assert!(zh.contains("请联系：各区（Q12）") && zh.contains("哪一项较高取决于"), "{zh}");
    assert!(!zh.contains("请申请人确认保留较高的一项"), "{zh}");
    let en = slip_of("Q12-higher-by-the-month", Language::En);
    assert!(en.contains("Contact: each district (Q12)"), "{en}");
}

#[test]
fn the_same_policy_as_a_new_application_is_not_called_another_one() {
    let zh = slip_of("R02-pos-the-same-policy-as-a-new-one", Language::Zh);
    assert!(zh.contains("同一项政策") && zh.contains("请改按续发申请"), "{zh}");
    assert!(!zh.contains("另一项政策"), "{zh}");
    let other = slip_of("R02-bound-twelve-instalments-beside-rent", Language::Zh);
    assert!(other.contains("另一项政策"), "{other}");
}

#[test]
fn a_review_names_what_was_paid_above_what_was_due() {
    let zh = slip_of("R29-bound-review-paid-above-due", Language::Zh);
    assert!(zh.contains("多发 300,000.00 元") && zh.contains("决定追回"), "{zh}");
    let en = slip_of("R29-bound-review-paid-above-due", Language::En);
    assert!(en.contains("surplus 300,000.00 yuan"), "{en}");
}

#[test]
fn a_reading_that_refuses_some_months_says_so() {
    let zh = slip_of("T20-", Language::Zh);
    assert!(zh.contains("不符合条件（只涉及部分月份），其余"), "{zh}");
    for (name, case) in cases() {
        let told = slips(case, Language::Zh).concat().concat();
        assert!(!told.contains("不符合条件，可享受"), "{name}: {told}");
    }
}

/// A link is named by its sender, not by the district of the grant that it leads to.
#[test]
fn a_link_is_told_by_whoever_sent_it() {
    let zh = slip_of("qingpu-04-points-and-spouse-rent-in-jiashan", Language::Zh);
    assert!(zh.contains("嘉善县 资助") && zh.contains("青浦区 关联 夫妻"), "{zh}");
}

/// Each instalment is one of what may be paid.
#[test]
fn instalments_are_those_of_what_is_payable() {
    let zh = slip_of("R17-bound-instalments-of-what-is-left", Language::Zh);
    assert!(zh.contains("可发放 616,000.00 元，每期 5,133.33 元，尾数 0.40 元"), "{zh}");
    assert!(!zh.contains("8,000.00 元，尾数") && !zh.contains("每期 8,333.33 元"), "{zh}");
}

#[test]
fn what_was_paid_for_the_months_of_both_is_told_apart() {
    let zh = slip_of("Q14-paid-for-months-of-both", Language::Zh);
    assert!(zh.contains("其中重叠月份已发放 6,000.00 元，可发放 18,000.00 元"), "{zh}");
    assert!(zh.contains("按“不抵扣”理解：就高不重复，18,000.00 元"), "{zh}");
    assert!(zh.contains("按“抵扣已发部分”理解：就高不重复，12,000.00 元"), "{zh}");
    let zh = slip_of("Q14-set-off-under-the-cap", Language::Zh);
    assert!(zh.contains("各项上限内 120,000.00 元"), "{zh}");
}

#[test]
fn who_holds_another_class_reads_which_and_what_there_is_for_it() {
    for name in ["R30-pos-holds-c-and-asks-for-d-rent", "Q14-"] {
        let zh = slip_of(name, Language::Zh);
        let held = "已认定为 C 类，该等级可申请：高层次人才购房补贴 C类。";
        assert!(zh.contains(held) && !zh.contains("请先办理本政策"), "{zh}");
        let en = slip_of(name, Language::En);
        assert!(en.contains("(class held: C; for the class held there is: "), "{en}");
    }
}
