//! What an officer reads: who says what, how surely, for when; and that words and sums agree.

use super::super::{Flag, HoursOfYear};
use super::*;
use crate::domain::recognition::testing::revision;
use crate::domain::record::life_cycle::{Action, Attestation, AttestationLevel};
use crate::domain::record::qualification::EducationHours;
use crate::domain::time::Validity;

fn zh(answer: &Recognition) -> String {
    explain(answer, NOTHING, Language::Zh)
}

fn en(answer: &Recognition) -> String {
    explain(answer, NOTHING, Language::En)
}

fn needing(need: Requirement, effect: Effect) -> LoggedRule {
    let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
    logged.rule.effect = effect;
    logged.rule.preconditions = vec![Precondition {
        need,
        text: crate::domain::text::Text::new("有此情形", "that is so"),
        by_upload: true,
        citation: logged.rule.citation.clone(),
    }];
    logged
}

fn fact(position: u64, sender: &str, value: bool) -> SeenFact {
    let attestation = Attestation { level: AttestationLevel::CopySeen, as_of: date(2024, 5, 2) };
    let word = Word {
        sender: Some(sender.parse().unwrap()),
        attestation: Some(attestation),
        ..Word::default()
    };
    let validity = Validity { from: date(2024, 5, 1), until: None };
    SeenFact { position, name: "f".into(), value, validity, word }
}

fn with_facts(facts: Vec<SeenFact>, effect: Effect) -> Recognition {
    let need = Requirement::Fact { name: "f".into(), value: true };
    let held = credential("jiashan", "1", "s", "A");
    let holdings = Holdings { credentials: vec![held], facts, ..Holdings::default() };
    let rules = [needing(need, effect)];
    recognise(&MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules), &question("qingpu"))
}

#[test]
fn a_record_tells_how_long_it_is_valid_how_far_it_was_checked_and_as_of_when() {
    let mut held = credential("jiashan", "1", "s", "A");
    let answer = ask(held.clone(), Vec::new(), &question("qingpu"));
    let line = "  有效期：2023-01-01 至 2027-12-31；作出机关的原始记录，数据时间 2023-01-01。\n";
    assert!(zh(&answer).contains(line), "{}", zh(&answer));
    assert!(zh(&answer).contains("嘉善县报送的记录 1"), "{}", zh(&answer));
    let line = "  Valid: 2023-01-01 to 2027-12-31; original record of the deciding authority, as of 2023-01-01.\n";
    assert!(en(&answer).contains(line), "{}", en(&answer));
    held.revisions[0].validity.until = None;
    held.revisions[0].attestation.level = AttestationLevel::CopySeen;
    let open = zh(&ask(held, Vec::new(), &question("qingpu")));
    assert!(open.contains("有效期：2023-01-01 起，长期；报送方已验看材料，"), "{open}");
}

#[test]
fn a_suspension_or_revocation_tells_its_day() {
    let told = |action, from| {
        let mut held = credential("jiashan", "1", "s", "A");
        held.revisions.push(revision(2, action, from));
        zh(&ask(held, Vec::new(), &question("qingpu")))
    };
    let revoked = told(Action::Revoke, date(2024, 3, 1));
    assert!(revoked.contains("! 已撤销（自 2024-03-01 起）"), "{revoked}");
    let later = told(Action::Revoke, date(2024, 9, 1));
    assert!(later.contains("业务日期之后该记录将暂停或撤销（自 2024-09-01 起）"), "{later}");
}

#[test]
fn a_precondition_tells_who_proves_it_how_surely_and_for_when() {
    let answer = with_facts(vec![fact(20, "jiashan", true)], Effect::ValidDirectly);
    let line = "      所据：嘉善县报送称“是”；报送方已验看材料，数据时间 2024-05-02；有效期 2024-05-01 \
                起，长期；日志第 20 条\n";
    assert!(zh(&answer).contains(line), "{}", zh(&answer));
    assert!(en(&answer).contains("Rests on: sent by Jiashan as \"yes\""), "{}", en(&answer));

    let mut disputed = fact(20, "jiashan", true);
    disputed.word.objections = vec![30];
    let answer = with_facts(vec![disputed], Effect::ValidDirectly);
    let line = "! 有记录但不作数：异议处理中；嘉善县报送称“是”；";
    assert!(zh(&answer).contains(line), "{}", zh(&answer));
}

#[test]
fn facts_that_contradict_each_other_are_shown_side_by_side_and_cleared_first() {
    let facts = vec![fact(20, "jiashan", true), fact(21, "qingpu", false)];
    let text = zh(&with_facts(facts, Effect::ValidDirectly));
    for part in ["嘉善县报送称“是”", "青浦区报送称“否”", "各方数据相互矛盾，先向报送各方核实"]
    {
        assert!(text.contains(part), "{part} missing in {text}");
    }
}

#[test]
fn a_rule_that_data_refute_beside_one_that_speaks_says_that_it_does_not_apply() {
    let at_most = Requirement::Term { at_most_months: 1 };
    let mut refuted = needing(at_most, Effect::ValidDirectly);
    refuted.rule.rule = "r2".into();
    let held = || credential("jiashan", "1", "s", "A");
    let speaks = rule("r1", "jiashan", "s", "A", "qingpu");
    let aside = "r2 第 1 版：直接认可（数据与其条件不符，此处不适用）";
    let text = zh(&ask(held(), vec![speaks, refuted.clone()], &question("qingpu")));
    assert!(text.contains(aside), "{text}");
    let alone = zh(&ask(held(), vec![refuted], &question("qingpu")));
    assert!(!alone.contains("此处不适用"), "{alone}");
}

#[test]
fn a_permit_waives_papers_for_a_change_of_employer_only() {
    let told = |purpose| {
        let mut held = credential("jiashan", "1", "s", "A");
        held.object = Object::WorkPermit;
        let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
        logged.rule.object = Object::WorkPermit;
        logged.rule.effect = Effect::PermitValid;
        logged.rule.purposes = vec![purpose];
        zh(&ask(held, vec![logged], &Question { for_purpose: purpose, ..question("qingpu") }))
    };
    assert!(told(RecognitionPurpose::EmployerChange).contains("免交证明材料"));
    let work = told(RecognitionPurpose::Work);
    assert!(work.contains("不需重新申请") && !work.contains("免交"), "{work}");
}

#[test]
fn what_the_result_rests_on_comes_first() {
    let held =
        vec![credential("changning", "other", "s", "B"), credential("jiashan", "1", "s", "A")];
    let holdings = Holdings { credentials: held, ..Holdings::default() };
    let rules = [rule("r1", "jiashan", "s", "A", "qingpu")];
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules);
    let text = zh(&recognise(&view, &question("qingpu")));
    assert!(text.find("记录 1（") < text.find("记录 other（"), "{text}");
}

#[test]
fn a_no_is_not_for_the_talent_to_prove() {
    let answer = with_facts(Vec::new(), Effect::NotRecognised);
    let text = zh(&answer);
    assert!(text.contains("[情况不明] 有此情形"), "{text}");
    assert!(!text.contains("请当事人") && !text.contains("须上传"), "{text}");
    assert!(text.contains("不要求当事人举证") && text.contains("如不属实，该规则不适用"), "{text}");
    assert!(!en(&answer).contains("uploaded"), "{}", en(&answer));
    // A "yes" is.
    let text = zh(&with_facts(Vec::new(), Effect::ValidDirectly));
    assert!(text.contains("请当事人上传材料证明"), "{text}");
}

#[test]
fn who_can_clear_it_is_to_be_called() {
    let called = |name: &str, facts: Vec<SeenFact>| {
        let need = Requirement::Fact { name: name.into(), value: false };
        let credentials = vec![credential("jiashan", "1", "s", "A")];
        let holdings = Holdings { credentials, facts, ..Holdings::default() };
        let rules = [needing(need, Effect::NotRecognised)];
        let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules);
        let text = zh(&recognise(&view, &question("qingpu")));
        let line = text.lines().find(|line| line.contains('☎')).unwrap().to_owned();
        ["青浦", "嘉善", "吴江"].map(|name| line.contains(name))
    };
    let home = |sender, value| {
        let name = "owns-no-home-in-district".to_owned();
        vec![SeenFact { name, ..fact(7, sender, value) }]
    };
    assert_eq!(called("f", Vec::new()), [false, true, false]);
    // Only the receiving district knows of homes there; whose word was set aside is asked as well.
    assert_eq!(called("owns-no-home-in-district", Vec::new()), [true, true, false]);
    assert_eq!(called("owns-no-home-in-district", home("wujiang", false)), [true, true, true]);
    assert_eq!(called("owns-no-home-in-district", home("qingpu", true)), [true, true, false]);
}

#[test]
fn an_own_record_outranks_what_is_refused_or_nobody_speaks_of() {
    let head = |other: Credential, rules: Vec<LoggedRule>| {
        let own = credential("qingpu", "own", "s", "B");
        let holdings = Holdings { credentials: vec![other, own], ..Holdings::default() };
        let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules);
        let text = zh(&recognise(&view, &question("qingpu")));
        text.lines().next().unwrap_or_default().to_owned()
    };
    let mut no = rule("r1", "jiashan", "s", "A", "qingpu");
    no.rule.effect = Effect::NotRecognised;
    let at_most = Requirement::Term { at_most_months: 1 };
    let refuted = needing(at_most, Effect::ValidDirectly);
    let unproven = needing(Requirement::Document { code: "d".into() }, Effect::NotRecognised);
    for rules in [vec![no], vec![refuted], vec![unproven], Vec::new()] {
        let head = head(credential("jiashan", "1", "s", "A"), rules);
        assert!(head.starts_with("结论：本地记录，无需互认"), "{head}");
    }
    let yes =
        head(credential("jiashan", "1", "s", "A"), vec![rule("r1", "jiashan", "s", "A", "qingpu")]);
    assert!(yes.starts_with("结论：认可"), "{yes}");
}

#[test]
fn what_is_only_declared_is_asked_for_by_the_house_not_by_the_measure() {
    let mut held = credential("jiashan", "1", "s", "A");
    held.revisions[0].attestation.level = AttestationLevel::Declared;
    let answer = ask(held, vec![rule("r1", "jiashan", "s", "A", "qingpu")], &question("qingpu"));
    let asked = &answer.records[0].rules[0].preconditions[0].precondition;
    assert_eq!(asked.citation.document, "网关通用要求");
    let text = zh(&answer);
    assert!(text.contains("（网关通用要求 核验程度"), "{text}");
    assert!(text.contains("→ 下一步：请当事人出示证书供验看\n"), "{text}");
}

/// Hours of 2024 in tenths, with a certificate number.
fn hours(sender: &str, record: &str, general_tenths: u32) -> Credential {
    let mut held = credential(sender, record, "h", "A");
    held.object = Object::EducationHours;
    let hours = EducationHours { year: 2024, general_tenths, professional_tenths: 0 };
    held.revisions[0].hours = Some(hours);
    held.revisions[0].certificate = Some("c".into());
    held.revisions[0].authority.region = "330421".into();
    held
}

fn summed(held: Vec<Credential>) -> (Vec<HoursOfYear>, Vec<RecordFinding>, String) {
    let mut logged = rule("r1", "jiashan", "h", "A", "qingpu");
    logged.rule.object = Object::EducationHours;
    logged.rule.effect = Effect::HoursAccumulate;
    logged.rule.purposes = vec![RecognitionPurpose::Registration];
    let holdings = Holdings { credentials: held, ..Holdings::default() };
    let asked = Question { for_purpose: RecognitionPurpose::Registration, ..question("qingpu") };
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], [logged]);
    let answer = recognise(&view, &asked);
    let text = zh(&answer);
    (answer.hours, answer.records, text)
}

#[test]
fn the_words_about_hours_follow_the_sum_that_is_counted() {
    let counts = "学时计入所载年度，见下面的年度合计";
    // One certificate, twice the same: one record counts, the other says that it does not.
    let (sums, records, text) = summed(vec![hours("jiashan", "1", 10), hours("qingpu", "2", 10)]);
    assert_eq!(sums[0].recognised.general_tenths, 10, "{text}");
    assert!(records[1].flags.contains(&Flag::CertificateCountedOnce));
    assert_eq!(text.matches(counts).count(), 1, "{text}");
    assert_eq!(text.matches("已按另一条记录计算，本条不另计").count(), 1, "{text}");
    // Copies that differ: nothing counts yet.
    let (sums, _, text) = summed(vec![hours("jiashan", "1", 10), hours("qingpu", "2", 20)]);
    let sum = (sums[0].recognised.general_tenths, sums[0].conditional.general_tenths);
    assert_eq!(sum, (0, 10), "{text}");
    assert!(!text.contains(counts), "{text}");
    assert!(text.contains("列入年度合计的“待核实”，核实后再计"), "{text}");
    assert!(text.contains("待核实公需 1.0 学时"), "{text}");
}
