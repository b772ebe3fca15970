//! The days of a finding in words.

use jiff::civil::Date;

use crate::domain::funding::finding::{DayLabel, Finding};
use crate::domain::text::Language;

/// The days, in their order; `None` where the finding turns on none.
pub fn sentence(finding: &Finding, language: Language) -> Option<String> {
    let until = finding.day(DayLabel::BarredUntil);
    let each: Vec<String> = finding
        .days
        .iter()
        .filter(|day| day.label != DayLabel::BarredUntil)
        .map(|day| match day.label {
            DayLabel::BarredFrom | DayLabel::BarredUntil => period(day.on, until, language),
            DayLabel::RecognisedOn => told(("认定日", "recognised on"), day.on, language),
            DayLabel::WorksSince => {
                told(("在本区连续工作自", "at work in the district since"), day.on, language)
            }
            DayLabel::GrantedOn => {
                told(("已有资助批准日", "the grant held was decided on"), day.on, language)
            }
        })
        .collect();
    (!each.is_empty()).then(|| match language {
        Language::Zh => format!("{}。", each.join("，")),
        Language::En => format!("Days: {}.", each.join(", ")),
    })
}

fn told((zh, en): (&str, &str), on: Date, language: Language) -> String {
    match language {
        Language::Zh => format!("{zh} {on}"),
        Language::En => format!("{en} {on}"),
    }
}

/// From when to when; 长期 where no end is written.
fn period(from: Date, until: Option<Date>, language: Language) -> String {
    match (until, language) {
        (Some(until), Language::Zh) => format!("限制期自 {from} 至 {until}"),
        (Some(until), Language::En) => format!("barred from {from} until {until}"),
        (None, Language::Zh) => format!("限制自 {from} 起，长期"),
        (None, Language::En) => format!("barred from {from}, with no end"),
    }
}
