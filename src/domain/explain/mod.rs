//! Findings in words, for the officer at the window: what was compared, the clause, the numbers,
//! what follows, whom to call. The words come from the finding's data alone, so the same finding
//! reads the same everywhere.

mod day;
mod derivation;
mod evidence;
mod follows;
mod number;
mod office;
mod question;
mod readings;
mod reason;
mod slip;

use crate::domain::funding::ask;
use crate::domain::funding::finding::{Assessment, Finding, Missing, Verdict};
use crate::domain::place;
use crate::domain::text::{Language, Text};

pub use self::derivation::{Benefit, Derivation, Derived, RuleInWords};
pub use self::evidence::kind_name;
pub use self::office::Reader;
pub use self::question::reading;
pub use self::slip::Slip;

/// A finding as sentences, for whoever reads it and where no directory is at hand.
pub fn explain(finding: &Finding, language: Language) -> String {
    explain_to(finding, Reader::ANYBODY, language)
}

/// A finding as sentences for the office of a district, with the contacts of the offices that it names.
pub fn explain_to(finding: &Finding, reader: Reader<'_>, language: Language) -> String {
    let mut parts = vec![reason::sentence(finding).get(language).to_owned()];
    if finding.is_ruled() {
        let (zh, en) =
            ("就此已有裁定，按裁定办理。", "A ruling has settled this, and is followed.");
        parts.push(pick(language, zh, en).to_owned());
    }
    parts.extend(class_held(finding, language));
    parts.extend(months(finding, language));
    parts.extend(day::sentence(finding, language));
    parts.extend(number::sentence(finding, language));
    parts.extend(evidence::sentence(finding, language));
    parts.push(clauses(finding, language));
    parts.extend(readings::sentence(finding, language));
    parts.push(follows::sentence(finding).get(language).to_owned());
    if finding.hint {
        let (zh, en) = (
            "本规则实测精确度偏低，仅作提示。",
            "The rule's measured precision is low: a hint only.",
        );
        parts.push(pick(language, zh, en).to_owned());
    }
    parts.extend(office::call(finding, reader, language));
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
    let district = match missing.from.as_str() {
        "applicant" | "operator" => "",
        _ => from,
    };
    let Some(ask) = ask::ask(&missing.what) else {
        let Text { zh, en } = &missing.text;
        return match language {
            Language::Zh => format!("{}{months}：{zh}（向{from}核实）", missing.what),
            Language::En => format!("{}{months} – {en} (ask {from})", missing.what),
        };
    };
    // What to do may be told by the answer: why data were not in, which versions there are, why what was sent
    // does not do. It begins with the name of the fact.
    let name = if language == Language::Zh { ask.zh } else { ask.en };
    let told = missing.text.get(language).strip_prefix(name).unwrap_or_default();
    match (told.is_empty(), language) {
        (false, Language::Zh) => format!("{district}{name}{months}{told}"),
        (false, Language::En) => format!("{name}{months}{told} ({from})"),
        (true, Language::Zh) => format!("{district}{name}{months}。{}。", ask.next_zh),
        (true, Language::En) => format!("{name}{months} – {} ({from})", ask.next_en),
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
