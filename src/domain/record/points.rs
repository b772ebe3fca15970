//! 人才积分登记: a registration of Qingpu's talent points (附件4 二) with its five indicators, and the
//! years that it was considered for an award. Not the points of the residence permit (附件4 三（一）),
//! which are another system.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::life_cycle::RecordHead;
use crate::domain::subject::{Ref, TokenRef};

/// One revision of a registration (`points/1`); `validity.from` is the day of registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub struct Points<S = TokenRef> {
    /// Shared members.
    #[serde(flatten)]
    pub head: RecordHead<S>,
    /// The employer that applied (申请主体), tokenised USCC under the domain `object`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employer: Option<S>,
    /// Group that is given 45 general points directly, 1 to 5 (附件4 二（一）).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_group: Option<u8>,
    /// The scores as registered.
    pub scores: Scores,
    /// 一票否决: was the veto indicator met? Its contents are not in the text (Q31).
    pub veto: bool,
    /// The items (项目) behind the scores, at most [`POINTS_ENTRIES_MAX`]. The table of indicators is
    /// missing (Q25), so item codes are the district's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<PointsItem>,
    /// Day that the points lapsed by themselves (附件4 二（四）).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lapsed_on: Option<Date>,
    /// Years of the award, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<PointsYear>,
}

/// General points that a direct group is given (附件4 二（一） “直接给予通用指标45分”).
pub const DIRECT_GENERAL: u32 = 45;

/// Most items of one registration.
pub const POINTS_ENTRIES_MAX: usize = 128;

/// Scores of the indicators in whole points (附件4 二（四）).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// 通用指标: the threshold of 45 is tested on it alone.
    pub general: u32,
    /// 行业指标
    pub industry: u32,
    /// 贡献指标
    pub contribution: u32,
    /// 减分指标, as a positive number.
    pub deduction: u32,
    /// 总积分: general, industry and contribution less deduction.
    pub total: i64,
}

/// The indicator that an item belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Indicator {
    /// 通用指标
    General,
    /// 行业指标
    Industry,
    /// 贡献指标
    Contribution,
    /// 减分指标
    Deduction,
}

/// The three posts of which only the highest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Post {
    /// 管理岗位
    Management,
    /// 专技岗位（职称）
    Professional,
    /// 技能岗位
    Skill,
}

/// One item that gave or took points.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsItem {
    /// Indicator.
    pub indicator: Indicator,
    /// Code of the item (项目) in the district's table.
    pub item: String,
    /// Code of the sub-item (子项目).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_item: Option<String>,
    /// Is it one of the three posts?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// Whole points, positive also for a deduction.
    pub points: u32,
}

/// One year of the award (附件4 二（二）).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsYear {
    /// Calendar year.
    pub year: u16,
    /// 最低奖励分值 that the Talent Office published for the year.
    pub minimum: u32,
    /// Was the person selected? Absent before the fourth-quarter review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
    /// Tier, 1 to 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<u8>,
}

impl Scores {
    /// General, industry and contribution less deduction.
    pub fn sum(&self) -> i64 {
        let plus =
            i64::from(self.general) + i64::from(self.industry) + i64::from(self.contribution);
        plus - i64::from(self.deduction)
    }
}

impl<S> Points<S> {
    /// A year stands there once, and a tier is for the selected (附件4 二（二）, 二（三）).
    pub(super) fn contradiction(&self) -> Option<&'static str> {
        let wrong = |(n, y): (usize, &PointsYear)| {
            let again = self.years.iter().take(n).any(|before| before.year == y.year);
            again || (y.selected == Some(false) && y.tier.is_some())
        };
        self.years.iter().enumerate().any(wrong).then_some("/years")
    }

    /// The scores with the general points that the direct group is given, where the registration names
    /// the group and leaves them out.
    pub fn credited(&self) -> Scores {
        let general = self.general(self.scores.general);
        let given = i64::from(general) - i64::from(self.scores.general);
        // A total above what the scores come to has them in it already.
        let total = if self.scores.total == self.scores.sum() { given } else { 0 };
        Scores { general, total: self.scores.total.saturating_add(total), ..self.scores }
    }

    /// General points of whoever scored `own`: a direct group has no fewer than it is given.
    fn general(&self, own: u32) -> u32 {
        if self.direct_group.is_some() { own.max(DIRECT_GENERAL) } else { own }
    }

    /// The scores that the items give: within one item the highest sub-item, of the three posts the
    /// highest, deductions added up (附件4 二（四）). `None` without items.
    pub fn recount(&self) -> Option<Scores> {
        if self.entries.is_empty() {
            return None;
        }
        let mut best: BTreeMap<(Indicator, Option<&str>), u32> = BTreeMap::new();
        let mut deduction = 0_u32;
        for item in &self.entries {
            if item.indicator == Indicator::Deduction {
                deduction = deduction.saturating_add(item.points);
                continue;
            }
            // The three posts are one item of the general indicator, whatever their codes.
            let is_post = item.post.is_some() && item.indicator == Indicator::General;
            let key = (item.indicator, (!is_post).then_some(item.item.as_str()));
            let highest = best.entry(key).or_default();
            *highest = item.points.max(*highest);
        }
        let of = |indicator| {
            let points = best.iter().filter(|((i, _), _)| *i == indicator).map(|(_, p)| *p);
            points.fold(0_u32, u32::saturating_add)
        };
        let mut scores = Scores {
            general: self.general(of(Indicator::General)),
            industry: of(Indicator::Industry),
            contribution: of(Indicator::Contribution),
            deduction,
            total: 0,
        };
        scores.total = scores.sum();
        Some(scores)
    }

    /// What is known of the award of a year.
    pub fn year(&self, year: i16) -> Option<&PointsYear> {
        self.years.iter().find(|y| i32::from(y.year) == i32::from(year))
    }

    /// The same record with every subject and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Points<T>, E> {
        Ok(Points {
            head: self.head.map(f)?,
            employer: self.employer.map(|o| f(Ref::Object(o))).transpose()?,
            direct_group: self.direct_group,
            scores: self.scores,
            veto: self.veto,
            entries: self.entries,
            lapsed_on: self.lapsed_on,
            years: self.years,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(indicator: &str, item: &str, post: Option<&str>, points: u32) -> serde_json::Value {
        let mut value =
            serde_json::json!({ "indicator": indicator, "item": item, "points": points });
        if let Some(post) = post {
            value["post"] = post.into();
        }
        value
    }

    fn registration(items: &[serde_json::Value]) -> Points<u32> {
        serde_json::from_value(serde_json::json!({
            "record": "P-1", "revision": 1, "action": "issue", "subject": 1,
            "authority": { "name": "区人才服务中心", "region": "310118" },
            "attestation": { "level": "issued", "as_of": "2023-03-01" },
            "validity": { "from": "2023-03-01" },
            "scores": {
                "general": 50, "industry": 5, "contribution": 0, "deduction": 3, "total": 52
            },
            "veto": false,
            "entries": items,
        }))
        .unwrap()
    }

    #[test]
    fn the_highest_sub_item_and_the_highest_post_count_and_deductions_add_up() {
        let items = [
            item("general", "education", None, 20),
            item("general", "education", None, 15),
            item("general", "title", Some("professional"), 25),
            item("general", "manager", Some("management"), 30),
            item("industry", "key-field", None, 5),
            item("deduction", "late", None, 1),
            item("deduction", "late", None, 2),
        ];
        let recount = registration(&items).recount().unwrap();
        assert_eq!((recount.general, recount.industry, recount.deduction), (50, 5, 3));
        assert_eq!(recount.total, 52);
    }

    #[test]
    fn without_items_nothing_is_recounted() {
        assert_eq!(registration(&[]).recount(), None);
    }

    #[test]
    fn a_direct_group_is_given_45_general_points_and_may_have_more() {
        let counted = |points| {
            let mut registration = registration(&[item("general", "education", None, points)]);
            registration.direct_group = Some(3);
            registration.recount().unwrap().general
        };
        assert_eq!([5, 45, 46].map(counted), [45, 45, 46]);
    }

    #[test]
    fn what_the_direct_group_is_given_stands_in_the_total_once() {
        // General and total as registered, then with what is given.
        for (general, total, credited) in
            [(20, 22, (45, 47)), (20, 47, (45, 47)), (45, 47, (45, 47)), (50, 52, (50, 52))]
        {
            let mut registration = registration(&[]);
            registration.scores.general = general;
            registration.scores.total = total;
            let plain = registration.credited();
            assert_eq!((plain.general, plain.total), (general, total), "no direct group");
            registration.direct_group = Some(3);
            let given = registration.credited();
            assert_eq!((given.general, given.total), credited);
        }
    }
}
