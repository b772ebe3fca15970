//! R21: points are for those who do not yet meet the high-level purchase or rent standard (附件4 二
//! “因暂不符合高层次人才购房、租房补贴标准”). The text looks at the standard, not at a grant: Q14. Nor does it
//! say of which day: where the benefit month and the day of the application disagree, that is Q14, too.
//! Where nobody has certified, the records are held against the criteria of the purchase and rent subsidies.

use super::conditions::{self, Met};
use super::criteria::{Outcome, evaluate};
use super::high_level::{Certified, HIGH_LEVEL_SCHEME, Holds};
use crate::domain::funding::case::{Case, Known, PART_MONTH, PART_MONTH_COUNTS, PART_MONTH_FREE};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ClassGround, Condition};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::MonthSpan;

const STANDARD_OR_GRANT: QuestionId = QuestionId::new(14);
const STANDARD: &str = "standard-excludes";
const GRANT: &str = "grant-excludes";
/// Readings of Q14 on the day that counts.
const BY_MONTH: &str = "standard-by-month";
const ON_FILING: &str = "standard-on-filing";
const INELIGIBLE: (FindingClass, Verdict) = (FindingClass::Ineligible, Verdict::Ineligible);
const OPEN: (FindingClass, Verdict) = (FindingClass::OpenQuestion, Verdict::Refer);

/// R21.
pub struct PointsTarget;

impl Rule for PointsTarget {
    fn id(&self) -> RuleId {
        RuleId::new(21)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for condition in conditions::of(case, self) {
            let certified = Certified::of(case);
            let on_filing = certified.on(case.app.date);
            if certified.has_part_month(case) {
                report.note(self.id(), PART_MONTH);
            }
            for (months, holds) in certified.by_month(case) {
                if holds == Holds::Never && on_filing.is_none() {
                    self.uncertified((case, report), condition, months);
                    continue;
                }
                let unknown = conditions::test(case, condition) == Met::Unknown;
                if unknown && counts(case, (holds, on_filing.is_some())) {
                    conditions::ask(report, &condition.fact, months);
                }
                let on =
                    certified.evidence(months.or(case.months)).into_iter().chain(on_filing.clone());
                // What is not certified on the day may be known of it otherwise.
                let filed =
                    if on_filing.is_some() { on_filing.clone() } else { meets(case, condition) };
                let draft = self.certified(case, condition, (holds, filed.is_some()));
                let draft = on.chain(filed).fold(draft.months(months), Draft::evidence);
                self.find((case, report), draft);
            }
        }
    }
}

/// Of months that are certified otherwise than the day of the application: may it matter whether somebody who
/// is not certified meets the standard? Where the day is ruled to count, of the day alone; where the grant is, never.
fn counts(case: &Case<'_>, (holds, on_filing): (Holds, bool)) -> bool {
    let chosen = |codes: &[&str], code: &str| {
        case.ruled(STANDARD_OR_GRANT, codes).is_some_and(|fact| fact.ruling.reading == code)
    };
    let by_the_day = chosen(&[BY_MONTH, ON_FILING], ON_FILING);
    let open = if by_the_day { !on_filing } else { holds == Holds::Never };
    open && !chosen(&[STANDARD, GRANT], GRANT)
}

/// Does the applicant meet the standard on the day, though nobody has certified it?
fn meets(case: &Case<'_>, condition: &Condition) -> Option<Evidence> {
    match (standard(case), conditions::test(case, condition)) {
        (_, Met::No(evidence, _)) => Some(evidence),
        (Some((_, Outcome::Met(evidence))), _) => evidence.into_iter().next(),
        _ => None,
    }
}

impl PointsTarget {
    /// Months whose class, or that of the day of the application, is certified.
    fn certified(
        &self,
        case: &Case<'_>,
        condition: &Condition,
        (holds, filed): (Holds, bool),
    ) -> Draft {
        let draft = |reason, class| Draft::new(self, reason, class, condition.citation.clone());
        let meets = |yes| if yes { Verdict::Ineligible } else { Verdict::Clear };
        let at_times = || draft(Reason::HighLevelAtTimes, OPEN);
        // The months on whose every day it holds, or on none, by themselves.
        let by_month = match holds {
            Holds::Always => Some(true),
            Holds::Never => Some(false),
            Holds::Partly => None,
        };
        let part = [(PART_MONTH_COUNTS, true), (PART_MONTH_FREE, false)];
        match (by_month, case.ruled(STANDARD_OR_GRANT, &[BY_MONTH, ON_FILING])) {
            (Some(month), _) if month == filed => {
                draft(Reason::HighLevelStandard, INELIGIBLE).outcome(meets(month))
            }
            (_, Some(fact)) if fact.ruling.reading == ON_FILING => {
                at_times().outcome(meets(filed)).ruled(fact)
            }
            (Some(month), Some(fact)) => at_times().outcome(meets(month)).ruled(fact),
            (Some(month), None) => {
                let readings = [(BY_MONTH, meets(month)), (ON_FILING, meets(filed))];
                at_times().readings(STANDARD_OR_GRANT, &readings)
            }
            (None, Some(fact)) => {
                let readings = part.map(|(code, counts)| (code, meets(counts)));
                at_times().ruled(fact).readings(PART_MONTH, &readings)
            }
            // Settled where the part month comes out as the day does, whichever of the two counts.
            (None, None) => {
                let agrees = |counts| if counts == filed { meets(filed) } else { Verdict::Refer };
                let readings = part.map(|(code, counts)| (code, agrees(counts)));
                at_times()
                    .readings(
                        STANDARD_OR_GRANT,
                        &[(BY_MONTH, Verdict::Refer), (ON_FILING, meets(filed))],
                    )
                    .readings(PART_MONTH, &readings)
            }
        }
    }

    /// Months for which nobody has certified a class, on the day neither.
    fn uncertified(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        condition: &Condition,
        months: Option<MonthSpan>,
    ) {
        let met = conditions::test(case, condition);
        // Where somebody says that the standard is met, no open ground makes it a question.
        let settled = |o: &Outcome| matches!((o, &met), (Outcome::Open(..), Met::No(..)));
        if let Some((ground, outcome)) = standard(case).filter(|(_, o)| !settled(o)) {
            return self.derived((case, report), (condition, ground), outcome, months);
        }
        match met {
            Met::No(evidence, _) => {
                let citation = condition.citation.clone();
                let draft = Draft::new(self, Reason::HighLevelStandard, INELIGIBLE, citation);
                self.find((case, report), draft.months(months).evidence(evidence));
            }
            Met::Yes(evidence) => {
                let on = (condition.fact.as_str(), &condition.citation);
                conditions::rests(self, (case, report), on, &evidence, months);
            }
            Met::Unknown => conditions::ask(report, &condition.fact, months),
        }
    }

    /// As far as the standard counts and not the grant.
    fn find(&self, (case, report): (&Case<'_>, &mut Report), draft: Draft) {
        report.note(self.id(), STANDARD_OR_GRANT);
        report.find(match case.ruled(STANDARD_OR_GRANT, &[STANDARD, GRANT]) {
            // What is granted beside points is R02's to judge.
            Some(fact) if fact.ruling.reading == GRANT => {
                draft.without_questions().outcome(Verdict::Clear).ruled(fact)
            }
            Some(fact) => draft.ruled(fact),
            None => draft,
        });
    }

    /// By the records the standard is met, whatever the case says.
    fn derived(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (condition, ground): (&Condition, &ClassGround),
        outcome: Outcome,
        months: Option<MonthSpan>,
    ) {
        let below = match case.known(&condition.fact) {
            Known::Yes(evidence) => Some(evidence),
            _ => None,
        };
        let draft = |class| {
            let citation = condition.citation.clone();
            let draft = Draft::new(self, Reason::HighLevelStandard, class, citation);
            draft.cite(ground.citation.clone()).months(months)
        };
        let (draft, evidence) = match outcome {
            Outcome::Met(evidence) if below.is_some() => {
                (draft((FindingClass::ContradictoryFacts, Verdict::Refer)), evidence)
            }
            Outcome::Met(evidence) => (draft(INELIGIBLE), evidence),
            Outcome::Open(question, readings, evidence) => {
                // Another ground may be met where nobody says that none is.
                let otherwise = if below.is_some() { Verdict::Clear } else { Verdict::Refer };
                let meets = |met| if met { Verdict::Ineligible } else { otherwise };
                let readings: Vec<_> =
                    readings.iter().map(|(code, met)| (code.as_str(), meets(*met))).collect();
                (draft(OPEN).readings(question, &readings), evidence)
            }
            Outcome::NotMet(_) | Outcome::Unknown(_) => return,
        };
        let draft = evidence.into_iter().chain(below).fold(draft, Draft::evidence);
        self.find((case, report), draft);
    }
}

/// A ground of the high-level standard that the records meet, or may meet.
fn standard<'a>(case: &Case<'a>) -> Option<(&'a ClassGround, Outcome)> {
    let policies = case.view.of_scheme(HIGH_LEVEL_SCHEME).into_iter();
    let in_force = policies.filter(|p| p.validity.contains(case.app.date));
    let criteria = in_force.filter_map(|p| p.class.as_ref()?.criteria.as_ref());
    let outcomes: Vec<_> = criteria.filter_map(|c| evaluate(case, c)).collect();
    let met = outcomes.iter().find(|(_, o)| matches!(o, Outcome::Met(_)));
    let open = || outcomes.iter().find(|(_, o)| matches!(o, Outcome::Open(..)));
    met.or_else(open).cloned()
}
