//! R20: points lapse by themselves when the labour relation or engagement contract is dissolved
//! (附件4 二（四） “积分自动失效”). No transfer to another employer is written; pay for the part of
//! the year before it, and whether expiry (期满) counts as 解除, are Q23.

use jiff::civil::Date;

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ApplicationKind, CaseValue};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::time::{Month, MonthSpan};

const PART_YEAR: QuestionId = QuestionId::new(23);
const REGISTERED_ON: &str = "points-registered-on";

/// R20.
pub struct PointsLapse;

impl Rule for PointsLapse {
    fn id(&self) -> RuleId {
        RuleId::new(20)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(clause) = case.policy.clause(self.id()) else { return };
        if case.app.kind == ApplicationKind::Registration {
            return;
        }
        let Some(registered) = registered_on(case) else { return };
        let modes = [AffiliationMode::Employment, AffiliationMode::Appointment];
        let ended = modes.into_iter().flat_map(|m| case.affiliations(m)).filter_map(|(r, a)| {
            let day = a.head.validity.until.filter(|d| *d >= registered && *d <= case.app.date)?;
            (a.head.validity.from <= registered).then(|| (day, a.dissolved, evidence_of(r)))
        });
        // The district's own entry that the points have lapsed decides like the dissolution itself.
        let recorded = case.points().and_then(|(r, p)| {
            let day = p.lapsed_on.filter(|d| *d <= case.app.date)?;
            Some((day, Some(true), evidence_of(r)))
        });
        let Some((day, dissolved, evidence)) = ended.chain(recorded).min() else { return };
        self.lapse((case, report), (day, dissolved, evidence), &clause.citation);
    }
}

impl PointsLapse {
    fn lapse(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (day, dissolved, evidence): (Date, Option<bool>, Evidence),
        clause: &Citation,
    ) {
        let last = Month::of(day);
        let asked = case.months;
        let after = asked.and_then(|a| MonthSpan::new(last.plus(1).max(a.first), a.last));
        let before = asked.and_then(|a| MonthSpan::new(a.first, last.min(a.last)));
        if asked.is_none() || after.is_some() {
            let draft = if dissolved == Some(true) {
                let class = (FindingClass::Lapsed, Verdict::Lapsed);
                Draft::new(self, Reason::PointsLapsed, class, clause.clone())
            } else {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let readings =
                    [("expiry-lapses", Verdict::Lapsed), ("expiry-keeps", Verdict::Clear)];
                Draft::new(self, Reason::PointsLapsed, class, clause.clone())
                    .readings(PART_YEAR, &readings)
            };
            report.find(draft.months(after).evidence(evidence.clone()));
        }
        if before.is_some() {
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            let draft = Draft::new(self, Reason::PointsPartYear, class, clause.clone());
            let readings =
                [("part-year-paid", Verdict::Clear), ("part-year-unpaid", Verdict::Lapsed)];
            report.find(draft.months(before).evidence(evidence).readings(PART_YEAR, &readings));
        }
    }
}

fn registered_on(case: &Case<'_>) -> Option<Date> {
    if let Some((_, points)) = case.points() {
        return Some(points.head.validity.from);
    }
    match case.case_fact(REGISTERED_ON)?.value {
        CaseValue::Date(day) => Some(day),
        _ => None,
    }
}
