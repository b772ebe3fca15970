//! Names of the districts, as an officer says them and as documents write them.

use crate::domain::id::region::RegionCode;
use crate::domain::participant::ParticipantId;
use crate::domain::spelling::comparison_form;
use crate::domain::text::Language;

/// Name of a district; its code where it has none here.
pub fn name(district: &str, language: Language) -> &str {
    let known = NAMES.iter().find(|(code, _, _)| *code == district);
    match (known, language) {
        (Some((_, zh, _)), Language::Zh) => zh,
        (Some((_, _, en)), Language::En) => en,
        (None, _) => district,
    }
}

/// The public contact of a participant's office, where the directory is at hand.
pub type Contact<'a> = &'a dyn Fn(&ParticipantId) -> Option<String>;

/// No directory at hand: offices are named without their contact.
pub const NO_CONTACT: Contact<'static> = &|_| None;

/// A district by its name, with the contact of its office where it is known.
pub fn office(district: &ParticipantId, contact: Contact<'_>, language: Language) -> String {
    let name = name(district.as_str(), language);
    match contact(district) {
        Some(contact) => format!("{name} {contact}"),
        None => name.to_owned(),
    }
}

/// Does `written` name the district? By its id, by the names above, or by the name that belongs to its
/// region code (GB/T 2260), with or without the province and city before it and 区, 县, 市 or the
/// government after it: 青浦, 青浦区, 上海市青浦区人民政府, Qingpu District. An office of a district (杨浦区财政局)
/// is its own payer and is not guessed at.
pub fn is_named(district: &ParticipantId, region: Option<&str>, written: &str) -> bool {
    let written = comparison_form(written);
    let code = region.and_then(RegionCode::parse).or_else(|| RegionCode::of_district(district));
    let of_code = code.into_iter().flat_map(RegionCode::history).map(|d| d.name);
    let known = NAMES.iter().find(|(id, _, _)| *id == district.as_str());
    if comparison_form(district.as_str()) == written
        || known.is_some_and(|(_, _, en)| is_english(&comparison_form(en), &written))
    {
        return true;
    }
    let written = GOVERNMENT.iter().find_map(|end| written.strip_suffix(end)).unwrap_or(&written);
    let above = code.map_or_else(Vec::new, above);
    let mut names = of_code.chain(known.map(|(_, zh, _)| *zh));
    names.any(|name| {
        let stem = stem(name);
        [name, stem]
            .iter()
            .any(|name| written.strip_suffix(name).is_some_and(|before| is_above(before, &above)))
    })
}

/// Ends of the name of a government, which is its district.
const GOVERNMENT: [&str; 2] = ["人民政府", "政府"];
/// What a division is called after its name.
const DIVISIONS: [char; 4] = ['区', '县', '市', '省'];

/// 青浦 of 青浦区; a name of two characters has no stem.
fn stem(name: &str) -> &str {
    name.strip_suffix(DIVISIONS).filter(|stem| stem.chars().count() > 1).unwrap_or(name)
}

fn is_english(name: &str, written: &str) -> bool {
    written.strip_prefix(name).is_some_and(|rest| matches!(rest, "" | "district" | "county"))
}

/// Names of the divisions above a code: its province and its prefecture, in every year.
fn above(code: RegionCode) -> Vec<&'static str> {
    let parents = [code.province(), code.prefecture()];
    parents.into_iter().flat_map(RegionCode::history).map(|d| d.name).collect()
}

/// Is this what is written before a district's name: nothing, or divisions above it?
fn is_above(before: &str, above: &[&str]) -> bool {
    before.is_empty()
        || above.iter().flat_map(|name| [*name, stem(name)]).any(|name| {
            before
                .strip_suffix(name)
                .is_some_and(|rest| rest.len() < before.len() && is_above(rest, above))
        })
}

const NAMES: [(&str, &str, &str); 6] = [
    ("qingpu", "青浦区", "Qingpu"),
    ("changning", "长宁区", "Changning"),
    ("hongkou", "虹口区", "Hongkou"),
    ("yangpu", "杨浦区", "Yangpu"),
    ("wujiang", "吴江区", "Wujiang"),
    ("jiashan", "嘉善县", "Jiashan"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_is_known_by_its_names() {
        let named = |id: &str, written: &str| is_named(&id.parse().unwrap(), None, written);
        for written in [
            "yangpu",
            "杨浦区",
            "杨浦",
            "Yangpu",
            "YANGPU District",
            "上海市杨浦区",
            "上海杨浦",
            "上海市杨浦区人民政府",
            " 杨浦 区 ",
            "“杨浦区”",
        ] {
            assert!(named("yangpu", written), "{written}");
        }
        for written in [
            "长宁区",
            "杨浦大学",
            "杨浦区财政局",
            "江苏省杨浦区",
            "大杨浦区",
            "Yangpu University",
            "",
            "区",
            "上海市",
        ] {
            assert!(!named("yangpu", written), "{written}");
        }
        assert!(named("jiashan", "浙江省嘉兴市嘉善县") && named("wujiang", "苏州市吴江区"));
    }

    #[test]
    fn a_later_member_is_known_by_its_region_code() {
        let pinghu: ParticipantId = "pinghu".parse().unwrap();
        assert!(is_named(&pinghu, Some("330482"), "平湖市"));
        assert!(is_named(&pinghu, Some("330482"), "嘉兴市平湖"));
        assert!(is_named(&pinghu, None, "Pinghu") && !is_named(&pinghu, None, "平湖市"));
        assert!(!is_named(&pinghu, Some("nowhere"), "平湖市"));
    }
}
