//! R18: registration at 45 points of the *general* indicator, not of the total, or one of five direct
//! groups (附件4 二（一）, 二（三）); an award only for those selected in the year (附件4 二（二）).

use super::conditions;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{ApplicationKind, CaseValue, Condition};
use crate::domain::funding::report::{Draft, Report, Rule};

/// Groups of 附件4 二（一） 1 to 5.
const DIRECT_GROUPS: [&str; 5] = ["1", "2", "3", "4", "5"];
const DIRECT_GROUP: &str = "points-direct-group";
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
                    self.selected((case, report), condition);
                }
            } else if let Some((group, evidence)) = direct_group(case) {
                let class = (FindingClass::Info, Verdict::Clear);
                let article = Citation {
                    article: format!("{}{group}", condition.citation.article),
                    phrase: None,
                    ..condition.citation.clone()
                };
                let draft = Draft::new(self, Reason::PointsDirect, class, article);
                report.find(draft.evidence(evidence));
            } else {
                self.threshold((case, report), condition);
            }
        }
    }
}

impl PointsThreshold {
    /// A registration decides before a case fact does.
    fn threshold(&self, (case, report): (&Case<'_>, &mut Report), condition: &Condition) {
        let (Some((record, points)), Some(least)) = (case.points(), condition.at_least) else {
            return conditions::judge(self, Reason::PointsBelow, (case, report), condition);
        };
        let held = points.scores.general;
        if i64::from(held) < least {
            let class = (FindingClass::Ineligible, Verdict::Ineligible);
            let draft = Draft::new(self, Reason::PointsBelow, class, condition.citation.clone());
            report.find(
                draft
                    .evidence(evidence_of(record))
                    .step(Label::PointsHeld, u64::from(held))
                    .step(Label::PointsNeeded, u64::try_from(least).unwrap_or_default()),
            );
        }
    }

    /// The award of the application's year: the published minimum is necessary, the selection
    /// decides; a registration alone is no award.
    fn selected(&self, (case, report): (&Case<'_>, &mut Report), condition: &Condition) {
        let year = case.points().and_then(|(r, p)| Some((r, p, p.year(case.app.date.year())?)));
        let Some((record, points, year)) = year else {
            return conditions::judge(self, Reason::PointsNotSelected, (case, report), condition);
        };
        let below = points.scores.total < i64::from(year.minimum);
        match year.selected {
            Some(true) => {}
            None if !below => conditions::ask(report, &condition.fact),
            Some(false) | None => {
                let class = (FindingClass::Ineligible, Verdict::Ineligible);
                let citation = condition.citation.clone();
                let draft = Draft::new(self, Reason::PointsNotSelected, class, citation);
                report.find(
                    draft
                        .evidence(evidence_of(record))
                        .step(Label::PointsHeld, u64::try_from(points.scores.total).unwrap_or(0))
                        .step(Label::PointsNeeded, u64::from(year.minimum)),
                );
            }
        }
    }
}

fn direct_group(case: &Case<'_>) -> Option<(String, Evidence)> {
    if let Some((record, points)) = case.points() {
        return Some((points.direct_group?.to_string(), evidence_of(record)));
    }
    match &case.case_fact(DIRECT_GROUP)?.value {
        CaseValue::Band(group) if DIRECT_GROUPS.contains(&group.as_str()) => {
            Some((group.clone(), case.case_evidence(DIRECT_GROUP)))
        }
        _ => None,
    }
}
