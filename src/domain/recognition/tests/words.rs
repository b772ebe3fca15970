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

/// A rule asks for a title that `held` may or may not hold.
fn holding(held: Credential) -> Recognition {
    let class = ClassRef { scheme: "t".into(), class: "B".into() };
    let need = Requirement::Holds { object: Object::Title, class };
    let credentials = vec![credential("jiashan", "1", "s", "A"), held];
    let holdings = Holdings { credentials, ..Holdings::default() };
    let rules = [needing(need, Effect::ValidDirectly)];
    recognise(&MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules), &question("qingpu"))
}

fn title(change: impl Fn(&mut Credential)) -> Credential {
    let mut held = credential("wujiang", "2", "t", "B");
    held.object = Object::Title;
    change(&mut held);
    held
}

#[test]
fn a_record_that_is_asked_for_and_there_but_does_not_hold_is_told() {
    let stopped = |action| {
        title(move |held| {
            let mut stop = revision(2, action, date(2024, 3, 1));
            (stop.position, stop.authority.name) = (9, "吴江区人社局".into());
            held.revisions.push(stop);
        })
    };
    for (action, word) in [(Action::Suspend, "已暂停"), (Action::Revoke, "已撤销")] {
        let answer = holding(stopped(action));
        let found = &answer.records[0].rules[0].preconditions[0];
        // Its paper proves nothing either: it is not asked for.
        assert_eq!(found.proof, Proof::Unknown);
        assert_eq!(
            (found.set_aside[0].position, found.set_aside[0].stops),
            (9, Some(date(2024, 3, 1)))
        );
        let text = zh(&answer);
        let line =
            format!("! 有记录但不作数：{word}（自 2024-03-01 起，吴江区人社局作出）；吴江区报送；");
        assert!(text.contains(&line), "{text}");
        assert!(text.contains(&format!("下一步：所要求的记录{word}")), "{text}");
        assert!(!text.contains("请当事人上传"), "{text}");
        assert!(text.contains("☎ 联系：嘉善县；吴江区"), "{text}");
        assert!(en(&answer).contains("(from 2024-03-01 on, by 吴江区人社局)"), "{}", en(&answer));
    }
    let until = |day| title(move |held| held.revisions[0].validity.until = Some(day));
    let expired = holding(until(date(2024, 5, 31)));
    assert_eq!(expired.records[0].rules[0].preconditions[0].proof, Proof::ToBeUploaded);
    let text = zh(&expired);
    assert!(text.contains("有记录但不作数：已过期；"), "{text}");
    assert!(text.contains("如已延续或换证，请出示新证书：有此情形"), "{text}");
    let from = title(|held| held.revisions[0].validity.from = date(2024, 6, 2));
    assert!(zh(&holding(from)).contains("尚未生效"));
    // Another class is another matter.
    let other = title(|held| held.revisions[0].class = "C".into());
    assert_eq!(holding(other).records[0].rules[0].preconditions[0].set_aside, []);
}

#[test]
fn what_was_renewed_is_not_told_beside_what_holds() {
    let class = ClassRef { scheme: "t".into(), class: "B".into() };
    let need = Requirement::Holds { object: Object::Title, class };
    let old = title(|held| held.revisions[0].validity.until = Some(date(2024, 5, 31)));
    let new = title(|held| held.record = "3".into());
    let credentials = vec![credential("jiashan", "1", "s", "A"), old, new];
    let holdings = Holdings { credentials, ..Holdings::default() };
    let rules = [needing(need, Effect::ValidDirectly)];
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules);
    let answer = recognise(&view, &question("qingpu"));
    let found = &answer.records[0].rules[0].preconditions[0];
    assert_eq!((found.proof, found.set_aside.len(), found.sources.len()), (Proof::Proven, 0, 1));
}

#[test]
fn a_certificate_that_was_renewed_without_a_gap_is_not_to_be_renewed() {
    let told = |from| {
        let mut old = credential("jiashan", "old", "s", "A");
        old.revisions[0].validity.until = Some(date(2024, 3, 31));
        let mut new = credential("jiashan", "new", "s", "A");
        new.revisions[0].validity.from = from;
        let holdings = Holdings { credentials: vec![old, new], ..Holdings::default() };
        let rules = [rule("r1", "jiashan", "s", "A", "qingpu")];
        let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules);
        zh(&recognise(&view, &question("qingpu")))
    };
    let text = told(date(2024, 4, 1));
    assert!(!text.contains("先办理延续"), "{text}");
    let there = "已有后续记录 new（嘉善县报送，2024-04-01 起，与本条之间没有间断）";
    assert!(text.contains(there), "{text}");
    let gap = told(date(2024, 4, 2));
    assert!(gap.contains("new（嘉善县报送，2024-04-02 起）") && !gap.contains("间断"), "{gap}");
    // One that begins after the day asked is there too.
    assert!(told(date(2024, 6, 2)).contains("已有后续记录 new"));
    let mut alone = credential("jiashan", "old", "s", "A");
    alone.revisions[0].validity.until = Some(date(2024, 3, 31));
    assert!(zh(&ask(alone, Vec::new(), &question("qingpu"))).contains("先办理延续"));
}

#[test]
fn whoever_sent_the_original_is_called_about_a_copy_that_follows_it() {
    let mut original = credential("jiashan", "o", "s", "A");
    let mut copy = credential("wujiang", "c", "s", "A");
    copy.revisions[0].authority.region = "330421".into();
    copy.revisions[0].attestation.level = AttestationLevel::CopySeen;
    copy.revisions[0].position = 5;
    for held in [&mut original, &mut copy] {
        held.revisions[0].certificate = Some("1".into());
    }
    let mut revoked = revision(2, Action::Revoke, date(2024, 3, 1));
    (revoked.position, revoked.scheme, revoked.class) = (9, "s".into(), "A".into());
    original.revisions.push(revoked);
    let holdings = Holdings { credentials: vec![original, copy], ..Holdings::default() };
    let rules = [rule("r1", "jiashan", "s", "A", "qingpu")];
    let view = MemoryView::new(100, [(SUBJECT.to_owned(), holdings)], rules);
    let text = zh(&recognise(&view, &question("qingpu")));
    let about = text.split("记录 c（").nth(1).unwrap();
    assert!(about.contains("☎ 联系：嘉善县；吴江区；作出机关测试机关"), "{text}");
    assert!(about.contains("已撤销（自 2024-03-01 起）"), "{text}");
}

#[test]
fn hours_of_copies_that_differ_are_no_yes() {
    let (_, records, text) = summed(vec![hours("jiashan", "1", 10), hours("qingpu", "2", 20)]);
    assert!(records.iter().all(|r| r.outcome == Outcome::Conditional));
    assert!(text.starts_with("结论：同一证书的记录不一致，由人判断。"), "{text}");
    assert!(text.contains("☎ 联系：嘉善县"), "{text}");
}

#[test]
fn a_date_of_issue_is_told_as_completely_as_it_is_known() {
    for (given, line) in [
        ("2019", "  发证日期：2019（只写到年）。\n"),
        ("2019-06", "  发证日期：2019-06（只写到月）。\n"),
        ("2019-06-30", "  发证日期：2019-06-30。\n"),
    ] {
        let mut held = credential("jiashan", "1", "s", "A");
        held.revisions[0].issued_on = Some(given.parse().unwrap());
        let text = zh(&ask(held, Vec::new(), &question("qingpu")));
        assert!(text.contains(line), "{text}");
    }
}
