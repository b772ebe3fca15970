//! R18: registration at 45 points of the *general* indicator, not of the total, or one of five direct
//! groups (附件4 二（一）, 二（三）); an award only for those selected in the year, in the tier that they were
//! selected for (附件4 二（二） “按年度公布…三个档次，分别给予”). A case that says “selected this year” speaks of the
//! year of the application and of no other.

use super::conditions;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Known, bounded, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{ApplicationKind, CaseValue, Condition};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::points::{Points, PointsYear};
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
/// Code of the fact that names the tier, and under which it is asked for.
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
    /// minimum, selection and tier; a registration alone is no award.
    fn selected(&self, (case, report): (&Case<'_>, &mut Report), condition: &Condition) {
        let registration = case.points();
        if let Some((record, _)) = registration {
            self.registered((case, report), record, &condition.citation);
        }
        let years: Vec<(i16, Option<MonthSpan>)> = match case.months {
            Some(asked) => bounded(asked).years().map(|of| (of.first.year(), Some(of))).collect(),
            None => vec![(case.app.date.year(), None)],
        };
        for (year, months) in years {
            let award = Award { registration, condition, year, months };
            self.year((case, report), &award);
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

    /// The registration decides; what it does not say of the year the case may know.
    fn year(&self, (case, report): (&Case<'_>, &mut Report), award: &Award<'_>) {
        let Award { condition, months, .. } = award;
        let unmet = |reason| conditions::unmet(self, reason, case, condition).months(*months);
        let recorded = award.of_record().and_then(|(record, of)| {
            Some(if of.selected? { Known::Yes(record) } else { Known::No(record) })
        });
        let selected = recorded.unwrap_or_else(|| case.known_in_year(&condition.fact, award.year));
        let evidence = match (selected, award.below()) {
            (Known::Yes(evidence), None) => evidence,
            (Known::Yes(evidence), Some(below)) => {
                let class = (FindingClass::ContradictoryFacts, Verdict::Refer);
                let reason = Reason::PointsSelectedBelowMinimum;
                let draft = Draft::new(self, reason, class, condition.citation.clone());
                report.find(compare(draft.months(*months).evidence(evidence.clone()), below));
                evidence
            }
            (Known::No(evidence), None) => {
                return report.find(unmet(Reason::PointsNotSelected).evidence(evidence));
            }
            (Known::No(evidence), Some(below)) => {
                let draft = unmet(Reason::PointsNotSelected).evidence(evidence);
                return report.find(compare(draft, below));
            }
            (Known::Unknown, Some(below)) => {
                return report.find(compare(unmet(Reason::PointsBelowMinimum), below));
            }
            (Known::Unknown, None) => {
                return conditions::lacking(self, (case, report), condition, *months);
            }
        };
        self.tier((case, report), award, &evidence);
        report.rests(self, &condition.citation, &evidence, *months);
    }

    /// The tier that the person was selected for: of the registration, else of the case. An application
    /// in whose case the selection of its own year is confirmed was looked up in the list of that year,
    /// which is drawn up by tiers; of other years, and where the registration tells of the selection and
    /// leaves the tier open, the tier is asked for.
    fn tier(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        award: &Award<'_>,
        selected: &Evidence,
    ) {
        let Some(asked) = case.policy.tier else { return };
        let of_record = award.of_record().and_then(|(record, of)| Some((of.tier?, record)));
        let stated = || {
            let tier = case.band_in_year(TIER, award.year)?.parse().ok()?;
            Some((tier, case.case_evidence(TIER)))
        };
        let confirmed = *selected == case.case_evidence(&award.condition.fact)
            && award.year == case.app.date.year();
        match of_record.or_else(stated) {
            Some((held, evidence)) if held != asked => {
                let draft = conditions::unmet(self, Reason::PointsOtherTier, case, award.condition);
                report.find(draft.months(award.months).evidence(evidence));
            }
            None if !confirmed => {
                report.note(self.id(), TIERS);
                report.lacks(TIER, "applicant", award.months);
            }
            _ => {}
        }
    }
}

/// One year of the award that is asked for.
struct Award<'a> {
    registration: Option<(&'a HeldRecord, &'a Points<SubjectId>)>,
    condition: &'a Condition,
    year: i16,
    /// Its months that are asked for.
    months: Option<MonthSpan>,
}

impl Award<'_> {
    /// What the registration says of the year.
    fn of_record(&self) -> Option<(Evidence, &PointsYear)> {
        let (record, points) = self.registration?;
        points.year(self.year).map(|of| (evidence_of(record), of))
    }

    /// The registration with the points held and needed, where the year's minimum is not reached. The
    /// points are those of the registration as it stands: what was deducted after a selection shows too.
    fn below(&self) -> Option<(Evidence, [u64; 2])> {
        let (evidence, of) = self.of_record()?;
        let (_, points) = self.registration?;
        let held = points.scores.total;
        let below = held < i64::from(of.minimum);
        below.then(|| (evidence, [u64::try_from(held).unwrap_or(0), of.minimum.into()]))
    }
}

fn compare(draft: Draft, (record, [held, needed]): (Evidence, [u64; 2])) -> Draft {
    draft.evidence(record).step(Label::PointsHeld, held).step(Label::PointsNeeded, needed)
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
