//! What the rules of the prelude say, which stand for lists that the zone's districts have yet to decide, and
//! the examples that ship with the binary.

use super::files::office;
use super::measure::{Case, Speaks, says};
use crate::domain::recognition::Effect;

/// Both begin with 2024.
const FROM: &str = "2024-01-01";
const SENIOR: [&str; 3] = ["顶尖", "高端", "高级"];

/// Rules of the prelude.
pub(super) fn rules(case: &Case<'_>) -> Vec<Speaks> {
    let asked = case.asked;
    if asked.day.as_str() < FROM {
        return Vec::new();
    }
    let service = asked.service.as_deref().unwrap_or_default();
    let (at, office) = (asked.at.as_str(), office(case.body));
    let of_jiaxing = ["330400", "330421"].contains(&office) && case.sent_by("jiashan");
    let directly = Effect::ValidDirectly;
    let jiaxing = |classes: &[&str]| case.is("certification", "jiaxing-talent", classes);
    match (at, service) {
        ("qingpu", "medical" | "education") if of_jiaxing && jiaxing(&SENIOR) => {
            vec![says("synth-jiaxing-medical", directly, &[])]
        }
        ("qingpu", "medical" | "education") if of_jiaxing && jiaxing(&["基础"]) => {
            vec![says("synth-jiaxing-basic", Effect::NotRecognised, &[])]
        }
        ("wujiang", "talent-apartment")
            if office == "310118"
                && case.sent_by("qingpu")
                && case.is("certification", "qingpu-housing", &["C", "D"]) =>
        {
            let needs = [case.tied("secondment")];
            let open = says("synth-qingpu-apartment", directly, &needs);
            vec![Speaks { local: Some(("wujiang-example", "C")), ..open }]
        }
        ("changning", "public-training")
            if [("330000", "jiashan"), ("320000", "wujiang")]
                .iter()
                .any(|(province, by)| office == *province && case.sent_by(by))
                && case.is("skill", "skill-level-five", &["一级", "二级"]) =>
        {
            vec![says("synth-skilled-training", directly, &[])]
        }
        ("wujiang", _)
            if case.is("education", "education-gbt4658", &["11", "14", "21"])
                && ["310000", "330000"].contains(&office)
                && ["qingpu", "jiashan"].iter().any(|by| case.sent_by(by))
                && case.is_for(&["points", "funding"]) =>
        {
            let full_time = case.body["full_time"].as_bool();
            vec![says("synth-graduates", directly, &[full_time])]
        }
        ("jiashan", _)
            if case.is("skill", "skill-level-eight", &["学徒工"])
                && office == "310000"
                && case.sent_by("qingpu")
                && case.is_for(&["appointment"]) =>
        {
            vec![says("synth-apprentices", Effect::NotRecognised, &[])]
        }
        _ => Vec::new(),
    }
}

/// Examples, which tell a person what a rule might say. They name the sender alone, not the office.
pub(super) fn examples(case: &Case<'_>) -> Vec<Speaks> {
    let asked = case.asked;
    if asked.day.as_str() < FROM {
        return Vec::new();
    }
    let service = asked.service.as_deref();
    let jiaxing = |classes: &[&str]| {
        case.sent_by("jiashan") && case.is("certification", "jiaxing-talent", classes)
    };
    let industry =
        case.sent_by("qingpu") && case.is("certification", "qingpu-industry", &["A", "B", "C"]);
    let meant = match (asked.at.as_str(), asked.purpose.as_str(), service) {
        ("qingpu", "housing", None) => jiaxing(&["高级", "基础"]),
        ("wujiang", "service", None | Some("medical" | "education"))
        | ("qingpu", "service", Some("talent-apartment")) => jiaxing(&SENIOR),
        ("jiashan", "service", None | Some("medical" | "education")) => industry,
        _ => false,
    };
    if !meant {
        return Vec::new();
    }
    let needs: &[Option<bool>] = match service {
        Some("talent-apartment") => &[case.tied("secondment")],
        _ => &[],
    };
    vec![Speaks { example: true, ..says("an example", Effect::ValidDirectly, needs) }]
}
