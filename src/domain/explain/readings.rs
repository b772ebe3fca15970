//! What comes out under each reading of an open question, in words.

use super::{question, verdict};
use crate::domain::funding::finding::{Finding, Label, Reading, Verdict};
use crate::domain::funding::rules::{BY_MONTH, BY_TOTAL};
use crate::domain::text::Language;

/// The result under each reading; `None` where nothing is open.
pub fn sentence(finding: &Finding, language: Language) -> Option<String> {
    let each: Vec<String> = finding
        .readings
        .iter()
        .map(|r| {
            let outcome = verdict(r.verdict, language);
            let months = r.months.and_then(|m| months(r.verdict, m, language));
            let sum = r.amount.map(|a| match language {
                Language::Zh => format!("，{a} 元"),
                Language::En => format!(", {a} yuan"),
            });
            let name = question::reading(r.question, &r.reading).get(language).to_owned();
            let stays = stays(finding, r, language).unwrap_or_default();
            let (months, sum) = (months.unwrap_or_default(), sum.unwrap_or_default());
            match language {
                Language::Zh => format!("按“{name}”理解：{outcome}{stays}{months}{sum}"),
                Language::En => format!("read as “{name}”: {outcome}{stays}{months}{sum}"),
            }
        })
        .collect();
    // Each line settles one question; what the others may still take is taken off already.
    let several =
        finding.questions.len() > 1 && finding.readings.iter().any(|r| r.months.is_some());
    let others = match (several, language) {
        (false, _) => "",
        (true, Language::Zh) => "（其他问题按月数最少的理解计）",
        (true, Language::En) => " (all other questions read as leaves the fewest months)",
    };
    (!each.is_empty()).then(|| match language {
        Language::Zh => format!("{}{others}。", each.join("；")),
        Language::En => format!("{}{others}.", each.join("; ")),
    })
}

/// How many months may be granted. Where the reading refuses, it does so for some of them only, or for all.
fn months(verdict: Verdict, count: u32, language: Language) -> Option<String> {
    let refused = matches!(verdict, Verdict::Ineligible | Verdict::Lapsed | Verdict::Barred);
    match (refused, language) {
        (true, _) if count == 0 => None,
        (true, Language::Zh) => Some(format!("（只涉及部分月份），其余 {count} 个月可享受")),
        (true, Language::En) => Some(format!(" for some of the months, {count} months are left")),
        (false, Language::Zh) => Some(format!("，可享受 {count} 个月")),
        (false, Language::En) => Some(format!(", {count} months")),
    }
}

/// Which of the two stays, where readings differ in how the higher one is found (Q12).
fn stays(finding: &Finding, reading: &Reading, language: Language) -> Option<&'static str> {
    let (asked, held) = match (reading.verdict, reading.reading.as_str()) {
        (Verdict::OneOnly, BY_TOTAL) => finding.weighed(),
        (Verdict::OneOnly, BY_MONTH) => {
            (finding.step(Label::AskedMonthlyFen), finding.step(Label::HeldMonthlyFen))
        }
        _ => return None,
    };
    let asked_is_higher = asked? > held?;
    Some(match (asked_is_higher, language) {
        (true, Language::Zh) => "，保留本次申请",
        (false, Language::Zh) => "，保留已有资助",
        (true, Language::En) => ", what is asked for stays",
        (false, Language::En) => ", what is held stays",
    })
}
