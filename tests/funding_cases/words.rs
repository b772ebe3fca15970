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
    assert!(
        en.contains("neither of the two names benefit months")
            && !en.contains("for the same months"),
        "{en}"
    );
    let dated = slip_of("T13-one-month", Language::Zh);
    assert!(dated.contains("月份重叠"), "{dated}");
}

/// Which of the two is the higher is for the authority of the question to say, so it is named.
#[test]
fn who_decides_which_is_the_higher_is_named() {
    let zh = slip_of("Q12-higher-by-the-month", Language::Zh);
    assert!(
        zh.contains("请联系：青浦区人才主管部门（Q12）") && zh.contains("哪一项较高取决于"),
        "{zh}"
    );
    assert!(!zh.contains("请申请人确认保留较高的一项"), "{zh}");
    let en = slip_of("Q12-higher-by-the-month", Language::En);
    assert!(en.contains("Contact: the talent office of Qingpu (Q12)"), "{en}");
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

/// A number that holds under one reading alone stands with that reading, or as the span of all of them.
#[test]
fn a_number_of_one_reading_is_not_told_as_a_number() {
    let zh = slip_of("R13-bound-agricultural-rent", Language::Zh);
    assert!(zh.contains("已用 0 至 60 个月，") && !zh.contains("剩余"), "{zh}");
    let zh = slip_of("X03-rent-with-a-gap", Language::Zh);
    let open = zh.split("〔").find(|part| part.contains("按“累计发放月份”理解")).unwrap();
    assert!(open.contains("已用 18 个月") && !open.contains("剩余"), "{open}");
    let zh = slip_of("X12-total-stopped-early", Language::Zh);
    let open = zh.split("〔").find(|part| part.contains("按“终身一次”理解")).unwrap();
    assert!(!open.contains("可发放") && !open.contains("余额"), "{open}");
    let one = slip_of("T09-", Language::Zh);
    assert!(one.contains("已用 59 个月，上限 60 个月，剩余 1 个月"), "{one}");
}

/// Whoever decides is an office of this case, and never “each district”.
#[test]
fn who_decides_is_an_office_of_the_case() {
    for (name, case) in cases() {
        let of = |language| slips(case.clone(), language).concat().concat();
        let (zh, en) = (of(Language::Zh), of(Language::En));
        for written in ["联系：各区", "决定权：各区", "（各区"] {
            assert!(!zh.contains(written), "{name}: {zh}");
        }
        assert!(!en.contains("each district"), "{name}: {en}");
    }
    let zh = slip_of("hongkou-02", Language::Zh);
    assert!(zh.contains("请联系：虹口区人才主管部门（Q13）"), "{zh}");
    let zh = slip_of("T13-one-month", Language::Zh);
    assert!(zh.contains("决定权：青浦区、吴江区人才工作领导小组，或者联合规则（Q01）"), "{zh}");
    let zh = slip_of("R22-bound-last-day-under-another", Language::Zh);
    assert!(zh.contains("请联系：青浦区法制部门（Q08、Q10）"), "an office is named once: {zh}");
}

/// What is in the reader's own house is looked up there: nobody is told to call himself.
#[test]
fn nobody_is_told_to_call_himself() {
    for (name, case) in cases() {
        for lines in slips(case, Language::Zh) {
            let own = lines.iter().find_map(|line| {
                let id = line.split_once('（')?.1.split_once('/')?.0;
                Some(talent_gateway::domain::place::name(id, Language::Zh).to_owned())
            });
            let himself = format!("联系：{}经办人", own.unwrap_or_default());
            assert!(!lines.concat().contains(&himself), "{name}: {lines:#?}");
        }
    }
    for (name, todo) in [
        ("R23-pos-not-returned", "请先查本区的返还和入账凭证"),
        ("R28-pos-used-up", "请本区先核对额度台账"),
        ("R30-pos-certification-revoked", "请联系：青浦区人才主管部门。"),
    ] {
        let zh = slip_of(name, Language::Zh);
        assert!(zh.contains(todo), "{name}: {zh}");
    }
}

#[test]
fn what_was_sent_and_does_not_do_is_told() {
    let zh = slip_of("R30-neg-title-copy", Language::Zh);
    let why = "青浦区报送的副本（copy）不作数：原件已由浙江省人力资源和社会保障厅于 2022-06-01 撤销（嘉善县报送）";
    assert!(zh.contains(why), "{zh}");
    let en = slip_of("R30-neg-title-copy", Language::En);
    assert!(en.contains("the original was revoked by") && en.contains("on 2022-06-01"), "{en}");
    let zh = slip_of("R30-neg-member-listed", Language::Zh);
    assert!(zh.contains("把申请人列为带头人") && zh.contains("须有创业人才认定"), "{zh}");
}

/// A member's case, told of an adviser and of a team that has been revoked.
#[test]
fn a_place_in_a_team_that_does_not_do_is_told() {
    let (_, case) =
        cases().into_iter().find(|(n, _)| n.starts_with("R30-neg-member-listed")).unwrap();
    let text = serde_json::to_string(&case).unwrap();
    let told =
        |text: String| slips(serde_json::from_str(&text).unwrap(), Language::Zh).concat().concat();
    let adviser = told(text.replace(r#""role":"member""#, r#""role":"adviser""#));
    assert!(adviser.contains("列为顾问，不计为团队成员（附件3 二（一）1"), "{adviser}");
    let revoked = told(text.replace(r#""state":"active""#, r#""state":"revoked""#));
    assert!(revoked.contains("所在团队的认定"), "{revoked}");
    assert!(revoked.contains("撤销，不能再作依据"), "{revoked}");
}

/// The months of the secondment are safe, whatever comes of those after it.
#[test]
fn good_months_before_months_in_want_of_a_fact_are_safe() {
    let zh = slip_of("R26-bound-seconded-for-half", Language::Zh);
    assert!(zh.contains("按任何一种理解都可办理：6 个月"), "{zh}");
}

/// A fact that somebody can look up is no gap of the text.
#[test]
fn a_fact_to_compare_is_not_called_unwritten() {
    for (name, todo) in [
        ("R06-pos-one-passport", "请两区先核对护照原件"),
        ("R22-bound-grant-decided-while-debarred", "查明该资助的申请日"),
        ("R31-pos-reimbursed", "请先查明返补的资金"),
    ] {
        let zh = slip_of(name, Language::Zh);
        let line = zh.split("〔").find(|part| part.contains(todo));
        assert!(line.is_some_and(|line| !line.contains("文件未作规定")), "{name}: {zh}");
    }
}

#[test]
fn what_becomes_of_the_two_fits_their_months_and_payments() {
    for (name, told) in [
        ("R08-neg-plan-named", "本次申请较高：请申请人确认改为享受本次申请，已有资助不再发放"),
        (
            "R01-bound-one-month",
            "本次申请较高：请申请人确认改为享受本次申请，已有资助在重叠月份停发。",
        ),
        ("T05-", "已有资助较高：保留已有资助，本次申请在重叠月份不发放。"),
        ("Q14-paid-for-months-of-both", "已有资助在重叠月份停发，其中已经发放的从本次扣除。"),
        ("R31-bound-one-public", "重叠月份只发放一项，已经发放的月份不再发放另一项。"),
    ] {
        let zh = slip_of(name, Language::Zh);
        assert!(zh.contains(told), "{name}: {zh}");
    }
    let single = slip_of("R08-neg-plan-named", Language::Zh);
    assert!(!single.contains("重叠"), "{single}");
}

/// What is paid once has no months to be named.
#[test]
fn single_payments_are_not_asked_for_their_months() {
    let zh = slip_of("R05-bound-two-awards", Language::Zh);
    assert!(zh.contains("是否就同一事项重复") && !zh.contains("补明受益期间"), "{zh}");
    let zh = slip_of("jiashan-04-settling", Language::Zh);
    assert!(zh.contains("核对没有月份的一项是为何事、哪一期间发放"), "{zh}");
}

#[test]
fn the_sentence_that_a_finding_rests_on_is_cited() {
    let tier = slip_of("R18-pos-another-tier", Language::Zh);
    assert!(tier.contains("附件4 二（二）“分别给予每月1000元、1500元、2000元的奖励”"), "{tier}");
    assert!(!tier.contains("最低奖励分值”"), "{tier}");
    let deduction = slip_of("R19-bound-one-point-of-deduction", Language::Zh);
    assert!(deduction.contains("依据：qingpu-2020-88 附件4 二（四）。"), "{deduction}");
    let posts = slip_of("R19-pos-posts-counted-twice", Language::Zh);
    assert!(posts.contains("附件4 二（四）“管理岗位"), "{posts}");
    assert!(posts.contains("按项目重算总积分 40 分，登记通用积分 60 分"), "{posts}");
}

/// Tax and insurance, and each condition of an employer, are told apart.
#[test]
fn the_condition_that_failed_is_named() {
    let zh = slip_of("T48-", Language::Zh);
    assert!(zh.contains("个人所得税") && !zh.contains("个人所得税或社会保险"), "{zh}");
    let zh = slip_of("R26-bound-seconded-for-half", Language::Zh);
    assert!(zh.contains("申请人个人所得税没有在本区缴纳"), "{zh}");
    assert!(zh.contains("申请人没有参加上海社会保险"), "{zh}");
    let zh = slip_of("T40-", Language::Zh);
    assert!(zh.contains("性质的要求（用人单位是否不属于参公管理单位：否）。"), "{zh}");
    let en = slip_of("T28-", Language::En);
    assert!(en.contains("A condition of the policy is not met (share held by the team)."), "{en}");
}

/// The slips of a case in which some of the text is replaced.
fn slip_with(name: &str, language: Language, changes: &[(&str, &str)]) -> String {
    let (_, case) = cases().into_iter().find(|(n, _)| n.starts_with(name)).unwrap();
    let mut text = serde_json::to_string(&case).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{name}: no {from} in {text}");
        text = text.replace(from, to);
    }
    slips(serde_json::from_str(&text).unwrap(), language).concat().concat()
}

/// What a cap on the month leaves is a sum of a month, however the sum was asked for.
#[test]
fn sums_under_a_monthly_cap_are_told_by_the_month() {
    for amount in [r#""amount":{"monthly":500000}"#, r#""amount":{"total":30000000}"#] {
        let changes = [(r#""amount":{"monthly":400000}"#, amount)];
        let zh = slip_with("X03-rent-with-a-gap", Language::Zh, &changes);
        let told = "计算：申请每月 5,000.00 元，每月上限 4,000.00 元，每月可发放 4,000.00 元。";
        assert!(zh.contains(told) && !zh.contains("本次申请金额"), "{zh}");
        let en = slip_with("X03-rent-with-a-gap", Language::En, &changes);
        let told = "asked a month 5,000.00 yuan, cap a month 4,000.00 yuan, payable a month 4,000.00 yuan.";
        assert!(en.contains(told), "{en}");
    }
}

/// Under a ruling that years run from the first month, 53 of them are gone though 18 were drawn.
#[test]
fn months_under_a_ruling_are_counted_by_its_reading() {
    let (_, mut case) =
        cases().into_iter().find(|(n, _)| n.starts_with("X03-rent-with-a-gap")).unwrap();
    let ruling = serde_json::json!({ "district": "qingpu", "ruling": {
        "question": "Q03", "reading": "running-years", "validity": { "from": "2020-07-01" },
        "citation": { "document": "示例裁定", "article": "一" },
    } });
    case.rulings.push(serde_json::from_value(ruling).unwrap());
    let months = serde_json::json!({ "first": "2025-06", "last": "2026-05" });
    case.steps[0].application.terms.months = serde_json::from_value(months).unwrap();
    let zh = slips(case, Language::Zh).concat().concat();
    assert!(zh.contains("已用 53 个月，上限 60 个月，剩余 7 个月，申请 12 个月"), "{zh}");
}

#[test]
fn a_debarment_is_told_with_its_days_and_its_district() {
    let name = "R22-bound-last-day-under-another-annex";
    let zh = slip_of(name, Language::Zh);
    assert!(zh.contains("限制期自 2022-03-15 至 2025-03-14。"), "{zh}");
    assert!(zh.contains("申请人在本区有不得申报的决定") && !zh.contains("其他区"), "{zh}");
    let en = slip_of(name, Language::En);
    assert!(en.contains("barred from 2022-03-15 until 2025-03-14."), "{en}");
    let open = [(r#""end":{"years":3}"#, r#""end":"open""#)];
    let zh = slip_with(name, Language::Zh, &open);
    assert!(zh.contains("限制自 2022-03-15 起，长期。"), "{zh}");
}

#[test]
fn what_came_back_is_told() {
    let name = "Q38-award-returned-in-full";
    let zh = slip_of(name, Language::Zh);
    assert!(zh.contains("已有资助总额 300,000.00 元，其中已返还 300,000.00 元"), "{zh}");
    let part =
        [(r#""voucher":"rv-g1-0","amount":30000000"#, r#""voucher":"rv-g1-0","amount":10000000"#)];
    let zh = slip_with(name, Language::Zh, &part);
    assert!(zh.contains("其中已返还 100,000.00 元"), "{zh}");
    let en = slip_with(name, Language::En, &part);
    assert!(en.contains("returned of it 100,000.00 yuan"), "{en}");
}

#[test]
fn the_tier_of_the_selection_is_named() {
    let zh = slip_of("R18-pos-another-tier", Language::Zh);
    assert!(zh.contains("入选的是第 1 档") && zh.contains("可改按入选的该档申请"), "{zh}");
    let en = slip_of("R18-pos-another-tier", Language::En);
    assert!(en.contains("selected for tier 1."), "{en}");
}

/// Months that only one of the two draws do not meet.
#[test]
fn months_of_one_spouse_alone_are_not_said_to_meet() {
    let zh = slip_of("R11-bound-each-draws-half-of-the-year", Language::Zh);
    for line in zh.split("〔").filter(|line| line.contains("这些月份没有重叠")) {
        assert!(!line.contains("重叠 6 个月") && !line.contains("重叠 0 个月"), "{line}");
    }
    assert!(zh.contains("这些月份没有重叠") && zh.contains("重叠 6 个月"), "{zh}");
}

#[test]
fn the_days_that_a_refusal_turns_on_are_told() {
    let zh = slip_of("R30-pos-longer-in-the-district", Language::Zh);
    assert!(zh.contains("认定日 2023-06-01，在本区连续工作自 20"), "{zh}");
    let zh = slip_of("R27-pos-founder-taken", Language::Zh);
    assert!(zh.contains("已有资助批准日 20"), "{zh}");
}

#[test]
fn the_cost_of_an_agreement_and_the_own_share_are_told_apart() {
    for name in ["R09-pos-shares-above-the-cost", "R09-bound-the-share-to-the-fen"] {
        let more = [(r#""amount":{"total":"#, r#""amount":{"total":9"#)];
        let zh = slip_with(name, Language::Zh, &more);
        assert!(zh.contains("本方份额 ") && zh.contains("协议载明的费用 "), "{zh}");
        assert!(!zh.contains("金额上限"), "{zh}");
    }
}

#[test]
fn a_record_that_has_ended_is_named_where_its_fact_is_asked_for() {
    let revoked = [(r#""state":"active""#, r#""state":"revoked""#)];
    let zh = slip_with("R30-neg-leader-listed-by-the-team", Language::Zh, &revoked);
    assert!(zh.contains("列申请人为带头人，但已于 2020-06-15 撤销"), "{zh}");
    let longer = [(r#""last":"2023-06""#, r#""last":"2023-08""#)];
    let zh = slip_with("R30-bound-postdoc-leaves-the-station", Language::Zh, &longer);
    assert!(zh.contains("在这些月份之前到期，请核实是否延续"), "{zh}");
}
