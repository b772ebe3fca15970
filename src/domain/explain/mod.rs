//! Findings in words, for the officer at the window: what was compared, the clause, the numbers,
//! what follows, whom to call. The words come from the finding's data alone, so the same finding
//! reads the same everywhere.

mod derivation;
mod evidence;
mod number;
mod question;
mod readings;
mod reason;
mod slip;

use std::collections::BTreeSet;

use crate::domain::funding::ask::{self, POLICY_VERSION};
use crate::domain::funding::assess::COVERAGE;
use crate::domain::funding::finding::{
    Assessment, Finding, FindingClass, Label, Missing, Reason, Verdict,
};
use crate::domain::place::{self, Contact, NO_CONTACT};
use crate::domain::text::{Language, Text};

pub use self::derivation::{Benefit, Derivation, Derived, RuleInWords};
pub use self::evidence::kind_name;
pub use self::question::{authority, reading};
pub use self::slip::Slip;

/// A finding as sentences, where no directory is at hand.
pub fn explain(finding: &Finding, language: Language) -> String {
    explain_with(finding, NO_CONTACT, language)
}

/// A finding as sentences, with the contacts of the offices that it names.
pub fn explain_with(finding: &Finding, contact: Contact<'_>, language: Language) -> String {
    let mut parts = vec![reason::sentence(finding).get(language).to_owned()];
    if finding.is_ruled() {
        let (zh, en) =
            ("就此已有裁定，按裁定办理。", "A ruling has settled this, and is followed.");
        parts.push(pick(language, zh, en).to_owned());
    }
    parts.extend(class_held(finding, language));
    parts.extend(months(finding, language));
    parts.extend(number::sentence(finding, language));
    parts.extend(evidence::sentence(finding, language));
    parts.push(clauses(finding, language));
    parts.extend(readings::sentence(finding, language));
    parts.push(follows(finding, language).to_owned());
    if finding.hint {
        let (zh, en) = (
            "本规则实测精确度偏低，仅作提示。",
            "The rule's measured precision is low: a hint only.",
        );
        parts.push(pick(language, zh, en).to_owned());
    }
    parts.extend(call(finding, contact, language));
    parts.join(match language {
        Language::Zh => "",
        Language::En => " ",
    })
}

/// The outcome word.
pub fn verdict(verdict: Verdict, language: Language) -> &'static str {
    let (zh, en) = match verdict {
        Verdict::Clear => ("未发现问题", "clear"),
        Verdict::ClearCond => ("附条件可享受", "clear on a condition"),
        Verdict::Capped => ("受上限限制", "capped"),
        Verdict::Refer => ("需人工判断", "refer to a person"),
        Verdict::OneOnly => ("就高不重复", "one only"),
        Verdict::Lapsed => ("已失效", "lapsed"),
        Verdict::Ineligible => ("不符合条件", "ineligible"),
        Verdict::Barred => ("限制申报期内", "barred"),
    };
    pick(language, zh, en)
}

/// What is missing as a sentence: what it is called, what to ask for and whom.
pub fn missing(missing: &Missing, language: Language) -> String {
    let months = missing.months.map(|m| match language {
        Language::Zh => format!("（{m}）"),
        Language::En => format!(" ({m})"),
    });
    let months = months.unwrap_or_default();
    let from = match missing.from.as_str() {
        "applicant" => pick(language, "申请人", "the applicant"),
        "operator" => pick(language, "目录管理员", "the operator"),
        district => place::name(district, language),
    };
    let answered = [COVERAGE, POLICY_VERSION].contains(&missing.what.as_str());
    match (ask::ask(&missing.what), language) {
        // What to do depends on why the data were not in, or on the versions there are: it is in the answer.
        (Some(_), Language::Zh) if answered => format!("{from}{}", missing.text.zh),
        (Some(_), Language::En) if answered => {
            format!("{} ({from})", missing.text.en)
        }
        // What to do names the one to ask.
        (Some(ask), Language::Zh) if matches!(missing.from.as_str(), "applicant" | "operator") => {
            format!("{}{months}。{}。", ask.zh, ask.next_zh)
        }
        (Some(ask), Language::Zh) => format!("{from}{}{months}。{}。", ask.zh, ask.next_zh),
        (Some(ask), Language::En) => format!("{}{months} – {} ({from})", ask.en, ask.next_en),
        (None, Language::Zh) => {
            format!("{}{months}：{}（向{from}核实）", missing.what, missing.text.zh)
        }
        (None, Language::En) => {
            format!("{}{months} – {} (ask {from})", missing.what, missing.text.en)
        }
    }
}

/// The whole assessment, one line for each part.
pub fn summary(assessment: &Assessment, language: Language) -> Vec<String> {
    let colon = pick(language, "：", ": ");
    let mut lines = vec![verdict(assessment.verdict, language).to_owned()];
    for segment in &assessment.segments {
        if let Some(months) = segment.months {
            lines.push(format!("{months}{colon}{}", verdict(segment.verdict, language)));
        }
    }
    lines.extend(assessment.findings.iter().map(|f| explain(f, language)));
    // Facts that are asked for together (the four days of an age) are one line.
    for lacking in &assessment.missing {
        let line = missing(lacking, language);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn pick<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// Which class is held instead, and what there is for it.
fn class_held(finding: &Finding, language: Language) -> Option<String> {
    let held = finding.class_held.as_ref()?;
    // A letter is what the class is called; any other code is not shown to officers.
    let letter = Some(held.class.as_str()).filter(|class| class.len() == 1);
    let policies: Vec<_> = held.policies.iter().map(|p| p.get(language)).collect();
    let class = letter.map(|letter| match language {
        Language::Zh => format!("已认定为 {letter} 类"),
        Language::En => format!("class held: {letter}"),
    });
    let open = (!policies.is_empty()).then(|| match language {
        Language::Zh => format!("该等级可申请：{}", policies.join("、")),
        Language::En => format!("for the class held there is: {}", policies.join(", ")),
    });
    let parts: Vec<_> = class.into_iter().chain(open).collect();
    (!parts.is_empty()).then(|| match language {
        Language::Zh => format!("{}。", parts.join("，")),
        Language::En => format!("({})", parts.join("; ")),
    })
}

fn months(finding: &Finding, language: Language) -> Option<String> {
    let span = finding.months?;
    Some(match language {
        Language::Zh => format!("涉及月份：{span}（{} 个月）。", span.count()),
        Language::En => format!("Months: {span} ({}).", span.count()),
    })
}

fn clauses(finding: &Finding, language: Language) -> String {
    let list: Vec<String> = finding
        .citations
        .iter()
        .map(|c| match (&c.phrase, language) {
            (Some(phrase), Language::Zh) => format!("{c}“{phrase}”"),
            _ => c.to_string(),
        })
        .collect();
    match language {
        Language::Zh => format!("依据：{}。", list.join("；")),
        Language::En => format!("Basis: {}.", list.join("; ")),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each outcome; the table is the function")]
fn follows(finding: &Finding, language: Language) -> &'static str {
    if let Some((zh, en)) = compare(finding) {
        return pick(language, zh, en);
    }
    let (zh, en) = match finding.outcome {
        Verdict::Clear => ("不影响办理。", "It does not stand against the application."),
        Verdict::Refer
            if matches!(finding.reason, Reason::SuspectRecord | Reason::UnderObjection) =>
        {
            ("请待该记录核实或办结后重新核查。", "Check again when the record has been settled.")
        }
        Verdict::Refer if finding.reason == Reason::QuotaUsedUp => {
            ("请本区主管部门先核对额度。", "The district compares its quota first.")
        }
        Verdict::Refer if finding.reason == Reason::Clawback => {
            ("请先核对返还情况再决定。", "Compare what was returned before deciding.")
        }
        Verdict::Refer if finding.reason == Reason::TaxInTwoPlaces => {
            ("请先更正记录再办理。", "The records are put right first.")
        }
        Verdict::Refer if finding.reason == Reason::CoFundingUnproven => {
            ("请申请人补交共担协议后重新核查。", "Ask for the agreement and check again.")
        }
        Verdict::Refer if finding.reason == Reason::RepeatedGrant => (
            "请先核对是否为同一事项；是同一事项的，不再发放。",
            "Compare first whether it is the same matter; if it is, it is not paid again.",
        ),
        Verdict::Refer if finding.reason == Reason::ClassSuspended => (
            "请待认定恢复或撤销后重新核查。",
            "Check again when the certification is reinstated or revoked.",
        ),
        Verdict::Refer if finding.reason == Reason::ClassOther && finding.questions.is_empty() => (
            "请核对是否应按现等级申请；等级有变化的，请先办理认定并报送记录。",
            "Compare whether to apply under the class held; if the class has changed, have it certified and send the record.",
        ),
        Verdict::Refer if finding.reason == Reason::NotTeamLeader => (
            "请核对申请所列人员，或者改以带头人申请后重新核查。",
            "Compare whom the application names, or apply through the leader and check again.",
        ),
        Verdict::Refer
            if matches!(finding.reason, Reason::NumberPerhapsSame | Reason::PlanUnnamed) =>
        {
            (
                "请先核对是否为同一计划或项目，再按核对结果办理；核对前，所涉部分不要发放。",
                "Compare first whether it is one plan or project, then proceed by that; until then this part is not paid.",
            )
        }
        Verdict::Refer if finding.reason == Reason::CoFundingAboveCost => {
            ("请各出资方先核对分担比例和金额。", "The funders compare their shares and sums first.")
        }
        Verdict::ClearCond => (
            "请核对所述条件，满足后可以办理。",
            "Check the condition; where it holds, it may proceed.",
        ),
        Verdict::Capped => {
            ("请只办理上限内的部分，其余不予办理。", "Only the part under the cap may be granted.")
        }
        Verdict::Refer => (
            "文件未作规定，请由主管部门判断；判断前，所涉部分不要发放。",
            "The text does not decide; a person must, before this part is paid.",
        ),
        Verdict::OneOnly if !finding.readings.is_empty() => (
            "两项不能同时享受；哪一项较高取决于如何比较，文件没有写明，请主管部门先定如何比较，再由申请人保留较高的一项；此前所涉部分不要发放。",
            "Both may not be held, and which is the higher turns on how they are compared, which is not written: the authority says it first; until then this part is not paid.",
        ),
        Verdict::OneOnly if is_draw(finding) => (
            "两项不能同时享受，金额相同，请申请人选择保留一项，另一项在重叠月份不发放。",
            "Both may not be held and neither is higher: the applicant keeps one, the other is not paid in these months.",
        ),
        Verdict::OneOnly => (
            "两项不能同时享受，请申请人确认保留较高的一项，另一项在重叠月份不发放。",
            "Both may not be held: the higher one stays, the other is not paid in these months.",
        ),
        Verdict::Lapsed => {
            ("原登记已失效，须重新登记。", "The registration has ended; register anew.")
        }
        Verdict::Ineligible => (
            "不符合文件所列条件，不予办理；申请人对事实有异议的，请核对所据记录。",
            "A written condition is not met; if the applicant disputes the fact, look at the records named.",
        ),
        Verdict::Barred => ("限制期内不得申报。", "No application may be made in this period."),
    };
    pick(language, zh, en)
}

/// What is to be compared before anything follows.
fn compare(finding: &Finding) -> Option<(&'static str, &'static str)> {
    Some(match (finding.outcome, finding.reason) {
        (Verdict::Clear, Reason::SameObject | Reason::SameObjectElsewhere) => (
            "本项只作提示，不据此拒绝；核对无误后办理。",
            "This is a notice and no ground for refusal; it may proceed once compared.",
        ),
        (Verdict::OneOnly, Reason::SamePolicy) => (
            "重叠月份只发放一项；接着享受原资助的，请改按续发申请，要调整金额的，请先处理原资助。",
            "One of the two is paid in these months: to go on with the grant held, ask for a continuation; to change its sum, deal with that grant first.",
        ),
        (Verdict::Refer, Reason::PaidAboveDue) => (
            "请核对发放记录；多发部分由主管部门决定追回或从后续发放中扣除，决定前不要继续发放。",
            "Compare the payments: the authority decides whether the surplus is recovered or taken off what follows; until then nothing more is paid.",
        ),
        (Verdict::Refer, Reason::PointsMiscounted | Reason::PointsSelectedBelowMinimum) => (
            "请先核对并更正积分登记，再重新核查。",
            "The registration is compared and put right first; then check again.",
        ),
        _ => return None,
    })
}

/// Are the two benefits worth the same, in all and by the month?
fn is_draw(finding: &Finding) -> bool {
    let (asked, held) = finding.weighed();
    held.is_some()
        && asked == held
        && finding.step(Label::HeldMonthlyFen) == finding.step(Label::AskedMonthlyFen)
}

/// Whom to call: the office that holds the other record, and who decides the question.
fn call(finding: &Finding, contact: Contact<'_>, language: Language) -> Option<String> {
    if finding.outcome != Verdict::Refer && finding.questions.is_empty() {
        return None;
    }
    let decide: Vec<String> = finding
        .questions
        .iter()
        .map(|q| {
            let Text { zh, en } = authority(*q);
            match language {
                Language::Zh => format!("{zh}（{q}）"),
                Language::En => format!("{en} ({q})"),
            }
        })
        .collect();
    let offices: BTreeSet<String> = finding
        .evidence
        .iter()
        .map(|e| {
            let (name, reached) =
                (place::name(e.district.as_str(), language), contact(&e.district));
            let reached = reached.map(|contact| match language {
                Language::Zh => format!("（{contact}）"),
                Language::En => format!(" ({contact})"),
            });
            let reached = reached.unwrap_or_default();
            match language {
                Language::Zh => format!("{name}经办人{reached}"),
                Language::En => format!("the office of {name}{reached}"),
            }
        })
        .collect();
    let offices: Vec<String> = offices.into_iter().collect();
    // Facts of another office are compared first; what is only unwritten goes to who decides it.
    let (whom, decided) = match (finding.class, decide.is_empty()) {
        (FindingClass::Notice, false) if !offices.is_empty() => (offices, Some(decide)),
        (_, true) => (offices, None),
        (_, false) => (decide, None),
    };
    if whom.is_empty() {
        return None;
    }
    let decided = decided.map(|d| match language {
        Language::Zh => format!("此类问题的决定权：{}。", d.join("、")),
        Language::En => format!(" Decided by: {}.", d.join(", ")),
    });
    Some(match language {
        Language::Zh => format!("请联系：{}。{}", whom.join("、"), decided.unwrap_or_default()),
        Language::En => format!("Contact: {}.{}", whom.join(", "), decided.unwrap_or_default()),
    })
}
