//! R18: registration at 45 points of the *general* indicator, not of the total, or one of five direct
//! groups (附件4 二（一）, 二（三）); an award only for those selected in the year, in the tier that they were
//! selected for (附件4 二（二） “按年度公布…三个档次，分别给予”). A case that says “selected this year” speaks of the
//! year of the application and of no other.

use super::conditions;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Known, Registration, bounded, evidence_of, in_month};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ApplicationKind, CaseValue, Condition};
use crate::domain::funding::months::runs;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::points::PointsYear;
use crate::domain::time::{Month, MonthSpan};

/// Groups of 附件4 二（一） 1 to 5.
const DIRECT_GROUPS: [&str; 5] = ["1", "2", "3", "4", "5"];
const DIRECT_GROUP: &str = "points-direct-group";
const SELECTED: &str = "points-selected-this-year";
/// Is a part of a year paid: Q23.
pub const PART_YEAR: QuestionId = QuestionId::new(23);
/// What months of the award year before the registration are, by the readings of [`PART_YEAR`].
pub const BEFORE_REGISTRATION: [(&str, Verdict); 2] =
    [("part-year-paid", Verdict::Clear), ("part-year-unpaid", Verdict::Ineligible)];
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
            if condition.fact != SELECTED {
                self.general((case, report), condition);
            } else if case.app.kind != ApplicationKind::Registration {
                self.selected((case, report), condition);
            }
        }
    }
}

impl PointsThreshold {
    /// The general points of each registration in its months. A registration decides before a case fact
    /// does; months that lie outside all of them are looked at with the award.
    fn general(&self, (case, report): (&Case<'_>, &mut Report), condition: &Condition) {
        let registrations = case.registrations_by_month();
        let unregistered = registrations.iter().all(|(_, r)| r.is_none());
        for (months, registration) in registrations {
            let group = match registration {
                Some((record, points)) => {
                    points.direct_group.map(|group| (group.to_string(), evidence_of(record)))
                }
                None => direct_group(case).filter(|_| unregistered),
            };
            match (group, registration) {
                (Some(group), _) => report.find(self.direct(condition, group).months(months)),
                (None, Some(registration)) => {
                    self.threshold((case, report), condition, registration, months);
                }
                (None, None) if unregistered => {
                    conditions::judge(self, Reason::PointsBelow, (case, report), condition);
                }
                (None, None) => {}
            }
        }
    }

    /// One of the groups that are given the points.
    fn direct(&self, condition: &Condition, (group, evidence): (String, Evidence)) -> Draft {
        let class = (FindingClass::Info, Verdict::Clear);
        let article = Citation {
            article: format!("{}{group}", condition.citation.article),
            phrase: None,
            ..condition.citation.clone()
        };
        Draft::new(self, Reason::PointsDirect, class, article).evidence(evidence)
    }

    fn threshold(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        condition: &Condition,
        (record, points): Registration<'_>,
        months: Option<MonthSpan>,
    ) {
        let Some(least) = condition.least() else {
            return conditions::judge(self, Reason::PointsBelow, (case, report), condition);
        };
        let held = points.scores.general;
        if i64::from(held) < least {
            let class = (FindingClass::Ineligible, Verdict::Ineligible);
            let draft = Draft::new(self, Reason::PointsBelow, class, condition.citation.clone());
            report.find(
                draft
                    .months(months)
                    .evidence(evidence_of(record))
                    .step(Label::PointsHeld, u64::from(held))
                    .step(Label::PointsNeeded, u64::try_from(least).unwrap_or_default()),
            );
        } else {
            report.rests(self, &condition.citation, &evidence_of(record), months);
        }
    }

    /// An award is of a calendar year (按年度公布): each year of the benefit months is judged by its own
    /// minimum, selection and tier; a registration alone is no award.
    fn selected(&self, (case, report): (&Case<'_>, &mut Report), condition: &Condition) {
        let registrations = case.registrations();
        self.unregistered((case, report), &registrations, &condition.citation);
        let years: Vec<(i16, Option<MonthSpan>)> = match case.months {
            Some(asked) => bounded(asked).years().map(|of| (of.first.year(), Some(of))).collect(),
            None => vec![(case.app.date.year(), None)],
        };
        for (year, months) in years {
            // The last that tells of the year; the person is selected, under whatever registration.
            let tells = registrations.iter().rfind(|(_, points)| points.year(year).is_some());
            let award = Award { registration: tells.copied(), condition, year, months };
            self.year((case, report), &award);
        }
    }

    /// Months outside every registration. In the calendar year of a later one, they are the part of a
    /// year that is open (Q23); otherwise nothing is registered.
    fn unregistered(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        registrations: &[Registration<'_>],
        citation: &Citation,
    ) {
        let Some(asked) = case.months.filter(|_| !registrations.is_empty()) else { return };
        let later = |month: Month| {
            let of_year = |(_, p): &Registration<'_>| {
                let from = p.head.validity.from;
                month < Month::of(from) && month.year() == from.year()
            };
            registrations.iter().position(of_year)
        };
        let found = runs(bounded(asked), |month| {
            in_month(registrations, month).is_none().then(|| later(month))
        });
        for (months, later) in found {
            let Some(later) = later else { continue };
            match later.and_then(|at| registrations.get(at)) {
                Some((record, _)) => {
                    let class = (FindingClass::OpenQuestion, Verdict::Refer);
                    let reason = Reason::PointsBeforeRegistration;
                    let draft = Draft::new(self, reason, class, citation.clone());
                    let draft = draft.months(Some(months)).evidence(evidence_of(record));
                    report.find(draft.readings(PART_YEAR, &BEFORE_REGISTRATION));
                }
                None => report.lacks(REGISTRATION, case.policy.district.as_str(), Some(months)),
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
                // The tiers are in the sentence that names what each is paid.
                let draft = draft.resting_on(case.policy.source.clone());
                let draft = draft.step(Label::TierSelected, u64::from(held));
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
    /// The registration that tells of it.
    registration: Option<Registration<'a>>,
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
        let held = points.credited().total;
        let below = held < i64::from(of.minimum);
        below.then(|| (evidence, [u64::try_from(held).unwrap_or(0), of.minimum.into()]))
    }
}

fn compare(draft: Draft, (record, [held, needed]): (Evidence, [u64; 2])) -> Draft {
    draft.evidence(record).step(Label::PointsHeld, held).step(Label::PointsNeeded, needed)
}

/// The group that the case names; a registration decides before it.
fn direct_group(case: &Case<'_>) -> Option<(String, Evidence)> {
    match &case.case_fact(DIRECT_GROUP)?.value {
        CaseValue::Band(group) if DIRECT_GROUPS.contains(&group.as_str()) => {
            Some((group.clone(), case.case_evidence(DIRECT_GROUP)))
        }
        _ => None,
    }
}
