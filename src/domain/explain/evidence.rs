//! What a finding rests on, in words: whose record, its number there, where it stands in the log.

use crate::domain::funding::finding::{Evidence, Finding};
use crate::domain::funding::{ask, carriers};
use crate::domain::place;
use crate::domain::text::{Language, Text};

/// The records, in their order.
pub fn sentence(finding: &Finding, language: Language) -> Option<String> {
    let each: Vec<_> = finding.evidence.iter().map(|e| one(e, language)).collect();
    (!each.is_empty()).then(|| match language {
        Language::Zh => format!("所据记录：{}。", each.join("、")),
        Language::En => format!("Records: {}.", each.join(", ")),
    })
}

fn one(evidence: &Evidence, language: Language) -> String {
    let Evidence { district, what, id, position } = evidence;
    let what = kind_name(what);
    let what = what.get(language);
    let district = place::name(district.as_str(), language);
    // A case fact is named, not numbered; a link has no number.
    let asked = ask::own_name(id);
    let id = match (asked.or_else(|| carriers::of_case(id).map(|f| (f.zh, f.en))), language) {
        (Some((zh, _)), Language::Zh) => zh,
        (Some((_, en)), Language::En) => en,
        (None, Language::Zh) if id == "spouse" => "夫妻",
        (None, Language::Zh) if id == "same" => "同一人",
        (None, Language::Zh) if id == "passport" => "护照信息相同",
        (None, Language::En) if id == "passport" => "by equal passport data",
        (None, _) => id,
    };
    match (language, position) {
        (Language::Zh, Some(position)) => format!("{district} {what} {id}（日志第 {position} 条）"),
        (Language::En, Some(position)) => format!("{district} {what} {id} (log entry {position})"),
        (_, None) => format!("{district} {what} {id}"),
    }
}

/// Name of a kind of record; its code where it has none here.
pub fn kind_name(what: &str) -> Text {
    let (zh, en) = match what {
        "grant" => ("资助", "grant"),
        "link" => ("关联", "link"),
        "sanction" => ("失信惩戒", "sanction"),
        "case-fact" => ("个案事实", "case fact"),
        "certification" => ("人才认定", "certification"),
        "qualification" => ("资格", "qualification"),
        "affiliation" => ("任职参保纳税", "affiliation"),
        "occupancy" => ("公寓入住", "occupancy"),
        "points" => ("积分登记", "points registration"),
        "quota" => ("单位额度", "quota"),
        "hold" => ("预占", "hold"),
        "fact" => ("核验事实", "fact"),
        "ruling" => ("裁定", "ruling"),
        other => (other, other),
    };
    Text::new(zh, en)
}
