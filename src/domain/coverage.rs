//! Why a district's data were not in an answer, and what an officer does about it: another district is
//! asked, in the own one the own register is looked up.

use serde::{Deserialize, Serialize};

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
}
