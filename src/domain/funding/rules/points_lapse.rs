//! R20: points lapse by themselves when the labour relation or engagement contract is dissolved
//! (附件4 二（四） “登记人与用人单位解除…的，积分自动失效”): that with the employer of the registration, no
//! other. No transfer to another employer is written; pay for the part of
//! the year before it, and whether expiry (期满) counts as 解除, are Q23.

use jiff::civil::Date;

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{ApplicationKind, CaseValue};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::affiliation::Affiliation;
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

const PART_YEAR: QuestionId = QuestionId::new(23);
const REGISTERED_ON: &str = "points-registered-on";
/// Code under which the employer of the registration is asked for.
pub const REGISTERED_BY: &str = "points-employer";

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
        let relations = relations(case, registered);
        let ended: Vec<_> = relations
            .iter()
            .filter_map(|(r, a)| {
                let day = a.head.validity.until.filter(|d| *d <= case.app.date)?;
                Some((day, a.dissolved, evidence_of(r)))
            })
            .collect();
        // Several ran on the day of registration, nobody says which is meant, and not all have ended.
        let which = relations
            .iter()
            .any(|(_, a)| Some(a.employer) != relations.first().map(|(_, b)| b.employer));
        if which && !ended.is_empty() && ended.len() < relations.len() {
            return report.lacks(REGISTERED_BY, case.policy.district.as_str(), None);
        }
        // The district's own entry that the points have lapsed decides like the dissolution itself.
        let recorded = case.points().and_then(|(r, p)| {
            let day = p.lapsed_on.filter(|d| *d <= case.app.date)?;
            Some((day, Some(true), evidence_of(r)))
        });
        let Some((day, dissolved, evidence)) = ended.into_iter().chain(recorded).min() else {
            return;
        };
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

/// The relations whose end counts: those that ran on the day of registration, with the employer that
/// registered the points; where that is not on record, with the applying one if it is among them.
fn relations<'a>(
    case: &Case<'a>,
    registered: Date,
) -> Vec<(&'a HeldRecord, &'a Affiliation<SubjectId>)> {
    let mut found = case.engagements();
    found.retain(|(_, a)| a.head.validity.contains(registered));
    let by_registration = case.points().and_then(|(_, p)| p.employer);
    let with = |e: SubjectId| found.iter().any(|(_, a)| a.employer == Some(e));
    let employer = by_registration.or(case.app.terms.employer.filter(|e| with(*e)));
    if let Some(employer) = employer {
        found.retain(|(_, a)| a.employer.is_none_or(|e| e == employer));
    }
    found
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
