//! R18: registration at 45 points of the *general* indicator, not of the total, or one of five direct
//! groups (附件4 二（一）, 二（三）); an award only for those selected in the year, in the tier that they were
//! selected for (附件4 二（二） “按年度公布…三个档次，分别给予”).

use super::conditions::{self, Met};
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, bounded, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{ApplicationKind, CaseValue, Condition};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::points::Points;
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

/// Groups of 附件4 二（一） 1 to 5.
const DIRECT_GROUPS: [&str; 5] = ["1", "2", "3", "4", "5"];
const DIRECT_GROUP: &str = "points-direct-group";
const SELECTED: &str = "points-selected-this-year";
/// Is a part of a year paid: Q23.
const PART_YEAR: QuestionId = QuestionId::new(23);
/// How the tiers are drawn: Q16.
const TIERS: QuestionId = QuestionId::new(16);
/// Code under which the tier is asked for.
pub const TIER: &str = "points-tier";
/// Code under which a registration in force is asked for.
pub const REGISTRATION: &str = "points-registration";

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
        let (Some((record, points)), Some(least)) = (case.points(), condition.least()) else {
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
        } else {
            report.rests(self, &condition.citation, &evidence_of(record), None);
        }
    }

    /// An award is of a calendar year (按年度公布): each year of the benefit months is judged by its own
    /// minimum and selection; a registration alone is no award.
    fn selected(&self, (case, report): (&Case<'_>, &mut Report), condition: &Condition) {
        let Some((record, points)) = case.points() else {
            return conditions::judge(self, Reason::PointsNotSelected, (case, report), condition);
        };
        self.registered((case, report), record, &condition.citation);
        let Some(asked) = case.months else {
            let year = case.app.date.year();
            return self.year((case, report), (record, points), (year, None), condition);
        };
        for span in bounded(asked).years() {
            let of = (span.first.year(), Some(span));
            self.year((case, report), (record, points), of, condition);
        }
    }

    /// Months outside the registration: before it the part of a year is open (Q23), after its end
    /// nothing is registered.
    fn registered(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        record: &HeldRecord,
        citation: &Citation,
    ) {
        let validity = record.record.head().validity;
        for months in case.outside(&validity.months().into_iter().collect()) {
            if months.first < Month::of(validity.from) {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let draft =
                    Draft::new(self, Reason::PointsBeforeRegistration, class, citation.clone());
                let draft = draft.months(Some(months)).question(PART_YEAR);
                report.find(draft.evidence(evidence_of(record)));
            } else {
                let from = case.policy.district.as_str();
                report.lacks(REGISTRATION, from, Some(months));
            }
        }
    }

    fn year(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (record, points): (&HeldRecord, &Points<SubjectId>),
        (year, months): (i16, Option<MonthSpan>),
        condition: &Condition,
    ) {
        let Some(award) = points.year(year) else {
            // The case may know what the registration does not tell yet.
            return match conditions::test(case, condition) {
                Met::Unknown => report.lacks(&condition.fact, "applicant", months),
                _ => conditions::judge(self, Reason::PointsNotSelected, (case, report), condition),
            };
        };
        let class = (FindingClass::Ineligible, Verdict::Ineligible);
        let not = |reason| {
            let draft = Draft::new(self, reason, class, condition.citation.clone());
            draft.months(months).evidence(evidence_of(record))
        };
        let below = points.scores.total < i64::from(award.minimum);
        match award.selected {
            Some(true) => {}
            None if !below => return report.lacks(&condition.fact, "applicant", months),
            Some(false) | None => {
                return report.find(
                    not(Reason::PointsNotSelected)
                        .step(Label::PointsHeld, u64::try_from(points.scores.total).unwrap_or(0))
                        .step(Label::PointsNeeded, u64::from(award.minimum)),
                );
            }
        }
        match (award.tier, case.policy.tier) {
            (Some(held), Some(asked)) if held != asked => {
                report.find(not(Reason::PointsOtherTier));
            }
            (_, None) | (Some(_), Some(_)) => {}
            (None, Some(_)) => {
                report.note(self.id(), TIERS);
                report.lacks(TIER, "applicant", months);
            }
        }
        report.rests(self, &condition.citation, &evidence_of(record), months);
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
