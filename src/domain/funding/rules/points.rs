//! R18: registration at 45 points of the *general* indicator, not of the total, or one of five direct
//! groups (附件4 二（一）, 二（三）); an award only for those selected in the year (附件4 二（二）).

use super::conditions;
use crate::domain::citation::Citation;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{ApplicationKind, CaseValue};
use crate::domain::funding::report::{Draft, Report, Rule};

/// Groups of 附件4 二（一） 1 to 5.
const DIRECT_GROUPS: [&str; 5] = ["1", "2", "3", "4", "5"];
const SELECTED: &str = "points-selected-this-year";

/// R18.
pub struct PointsThreshold;

impl Rule for PointsThreshold {
    fn id(&self) -> RuleId {
        RuleId::new(18)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for condition in conditions::of(case, self) {
            if condition.fact == SELECTED {
                if case.app.kind != ApplicationKind::Registration {
                    let reason = Reason::PointsNotSelected;
                    conditions::judge(self, reason, (case, report), condition);
                }
            } else if let Some(group) = direct_group(case) {
                let class = (FindingClass::Info, Verdict::Clear);
                let article = Citation {
                    article: format!("{}{group}", condition.citation.article),
                    phrase: None,
                    ..condition.citation.clone()
                };
                let draft = Draft::new(self, Reason::PointsDirect, class, article);
                report.find(draft.evidence(case.case_evidence("points-direct-group")));
            } else {
                conditions::judge(self, Reason::PointsBelow, (case, report), condition);
            }
        }
    }
}

fn direct_group<'a>(case: &Case<'a>) -> Option<&'a str> {
    match &case.case_fact("points-direct-group")?.value {
        CaseValue::Band(group) if DIRECT_GROUPS.contains(&group.as_str()) => Some(group),
        _ => None,
    }
}
