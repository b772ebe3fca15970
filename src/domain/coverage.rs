//! Why a district's data were not in an answer, and what an officer does about it: another district is
//! asked, in the own one the own register is looked up.

use serde::{Deserialize, Serialize};

use super::explain::kind_name;
use super::participant::ParticipantId;
use super::place;
use super::text::{Language, Text};
use super::time::UtcSeconds;

/// Why a district's data are not covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageGap {
    /// No agreement lets the asker use these data for this purpose here.
    NoAgreement,
    /// The district has never reconciled this kind.
    NeverReconciled,
    /// The last reconciliation did not match what the gateway counts.
    Mismatched,
    /// The last reconciliation is older than the agreement allows.
    Stale,
}

impl CoverageGap {
    /// The reason in a few words.
    pub const fn name(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::NoAgreement => ("没有数据授权协议", "no agreement"),
            Self::NeverReconciled => ("从未对账", "never reconciled"),
            Self::Mismatched => ("对账不符", "reconciliation differs"),
            Self::Stale => ("对账已过期", "reconciliation too old"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// The data of one kind of one district, as an answer covers them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageLine {
    /// Whose data.
    pub district: ParticipantId,
    /// Record kind: `certification`, `funding` …
    pub kind: String,
    /// Are the data in the answer, complete up to `until`?
    pub covered: bool,
    /// Everything decided up to this second is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UtcSeconds>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<CoverageGap>,
}

/// The coverage block of an answer in words: a line per district, with the kinds that are in, until
/// which day, and those that are not, with why. Lines end in `\n`.
pub fn in_words(lines: &[CoverageLine], language: Language) -> String {
    let districts = lines.chunk_by(|a, b| a.district == b.district);
    let out: String = districts.map(|lines| of_district(lines, language)).collect();
    match (out.is_empty(), language) {
        (false, Language::Zh) => {
            format!("数据覆盖（本答复所据的数据；未覆盖的不能当作没有）：\n{out}")
        }
        (false, Language::En) => format!(
            "Coverage (the data that this answer rests on; what is not covered is not proof of \
             none):\n{out}"
        ),
        (true, Language::Zh) => "数据覆盖：没有任何区的数据。\n".to_owned(),
        (true, Language::En) => "Coverage: no district's data are in.\n".to_owned(),
    }
}

/// The lines of one district as one, alike ones together.
fn of_district(lines: &[CoverageLine], language: Language) -> String {
    let mut parts: Vec<(String, Vec<Text>)> = Vec::new();
    for line in lines {
        let (said, kind) = (said(line, language), kind_name(&line.kind));
        match parts.iter_mut().find(|(known, _)| *known == said) {
            Some((_, kinds)) => kinds.push(kind),
            None => parts.push((said, vec![kind])),
        }
    }
    let (dot, colon, comma, and, end) = match language {
        Language::Zh => ("·", "：", "、", "；", "。"),
        Language::En => ("-", ": ", ", ", "; ", "."),
    };
    let parts = parts.iter().map(|(said, kinds)| {
        let kinds: Vec<_> = kinds.iter().map(|kind| kind.get(language)).collect();
        let gap = if language == Language::Zh { "" } else { " " };
        format!("{}{gap}{said}", kinds.join(comma))
    });
    let parts = parts.collect::<Vec<_>>().join(and);
    let district = lines.first().map(|line| place::name(line.district.as_str(), language));
    format!("{dot} {}{colon}{parts}{end}\n", district.unwrap_or_default())
}

fn said(line: &CoverageLine, language: Language) -> String {
    let day = line.until.map(|until| until.date_cst().to_string());
    let gap = line.reason.map(|gap| gap.name(language));
    match (line.covered, day, language) {
        (true, Some(day), Language::Zh) => format!("已覆盖，截至 {day}"),
        (true, Some(day), Language::En) => format!("covered until {day}"),
        (true, None, Language::Zh) => "已覆盖".to_owned(),
        (true, None, Language::En) => "covered".to_owned(),
        (false, Some(day), Language::Zh) => {
            format!("未覆盖（{}，上次对账截至 {day}）", gap.unwrap_or("原因不明"))
        }
        (false, Some(day), Language::En) => {
            format!("not covered ({}, last until {day})", gap.unwrap_or("reason unknown"))
        }
        (false, None, Language::Zh) => format!("未覆盖（{}）", gap.unwrap_or("原因不明")),
        (false, None, Language::En) => {
            format!("not covered ({})", gap.unwrap_or("reason unknown"))
        }
    }
}

/// What to do about data that are not covered: `own` for the district that asks, `until` where a
/// reconciliation said how far they reach. Without a reason nobody said why.
pub fn remedy(gap: Option<CoverageGap>, own: bool, until: Option<UtcSeconds>) -> Text {
    let day = until.map(|until| until.date_cst().to_string()).unwrap_or_default();
    let (zh, en) = match (own, gap) {
        (true, Some(CoverageGap::Mismatched)) => (
            "本区与网关的对账数目不符：请先查本区台账，并请前置机管理员查明原因后重新对账".to_owned(),
            "the own district and the gateway count different records: look up the own register, and \
             have the connector's administrator find out why and reconcile again"
                .to_owned(),
        ),
        (true, Some(CoverageGap::Stale)) => (
            format!("本区数据只对账到 {day}：请先查本区台账，并请前置机管理员重新对账"),
            format!(
                "the own data reach to {day} only: look up the own register, and have the connector \
                 reconcile again"
            ),
        ),
        (true, _) => (
            "本区尚未对账：请先查本区台账，并请前置机管理员对账后重新核查".to_owned(),
            "the own district has not reconciled: look up the own register, and check again when the \
             connector has reconciled"
                .to_owned(),
        ),
        (false, Some(CoverageGap::NoAgreement)) => (
            "没有允许本次使用其数据的协议：请电话或发函向该区核实".to_owned(),
            "no agreement lets these data be used here: ask the district by telephone or letter"
                .to_owned(),
        ),
        (false, Some(CoverageGap::Mismatched)) => (
            "该区与网关的对账数目不符，数据可能有遗漏：请电话或发函向该区核实".to_owned(),
            "the district and the gateway count different records, some may be missing: ask the \
             district by telephone or letter"
                .to_owned(),
        ),
        (false, Some(CoverageGap::Stale)) => (
            format!("该区数据只对账到 {day}：此后的情况请电话或发函向该区核实"),
            format!("its data reach to {day} only: ask the district about the time since"),
        ),
        (false, Some(CoverageGap::NeverReconciled) | None) => (
            "请电话或发函向该区核实，待其数据接入后重新核查".to_owned(),
            "ask the district by telephone or letter, and check again when its data are in".to_owned(),
        ),
    };
    Text::new(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_to_telephone_their_own_district() {
        let gaps = [
            None,
            Some(CoverageGap::NeverReconciled),
            Some(CoverageGap::Mismatched),
            Some(CoverageGap::Stale),
        ];
        let until = Some(UtcSeconds(1_795_219_200));
        for gap in gaps {
            let (own, other) = (remedy(gap, true, until), remedy(gap, false, until));
            assert!(own.zh.contains("本区") && !own.zh.contains("该区"), "{gap:?}: {}", own.zh);
            assert!(
                other.zh.contains("该区") && !other.zh.contains("本区"),
                "{gap:?}: {}",
                other.zh
            );
            assert_ne!(own.en, other.en);
        }
        assert!(remedy(Some(CoverageGap::Stale), false, until).zh.contains("2026-11-21"));
    }

    #[test]
    fn coverage_names_each_district_once_with_what_is_in_and_why_the_rest_is_not() {
        let line = |district: &str, kind: &str, reason: Option<CoverageGap>| CoverageLine {
            district: district.parse().unwrap(),
            kind: kind.into(),
            covered: reason.is_none(),
            until: reason.is_none().then_some(UtcSeconds(1_795_219_200)),
            reason,
        };
        let lines = [
            line("jiashan", "certification", None),
            line("jiashan", "qualification", None),
            line("jiashan", "fact", Some(CoverageGap::NoAgreement)),
            line("wujiang", "fact", Some(CoverageGap::NeverReconciled)),
        ];
        let zh = in_words(&lines, Language::Zh);
        assert!(
            zh.ends_with(
                "· 嘉善县：人才认定、资格已覆盖，截至 2026-11-21；核验事实未覆盖（没有数据授权协议）。\n\
                 · 吴江区：核验事实未覆盖（从未对账）。\n"
            ),
            "{zh}"
        );
        let en = in_words(&lines, Language::En);
        assert!(en.contains("certification, qualification covered until 2026-11-21"), "{en}");
        assert!(en.contains("fact not covered (no agreement)"), "{en}");
        assert_eq!(in_words(&[], Language::Zh), "数据覆盖：没有任何区的数据。\n");
    }
}
