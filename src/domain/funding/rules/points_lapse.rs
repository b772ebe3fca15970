//! R20: points lapse by themselves when the labour relation or engagement contract is dissolved
//! (附件4 二（四） “登记人与用人单位解除…的，积分自动失效”): that with the employer of the registration, no
//! other. A contract that ran out and was renewed with the same employer without a day between has
//! ended nothing. No transfer to another employer is written. Q23: pay for the part of the year before the
//! end (years that were over are whole), whether expiry (期满) counts as 解除, and what a contract is that
//! was dissolved while the relation with the same employer went on.

use jiff::civil::Date;

use super::contract_end::{End, How, Relation, ends};
use super::points::PART_YEAR;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Registration, evidence_of};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{ApplicationKind, CaseValue};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::subject::SubjectId;
use crate::domain::time::{Month, MonthSpan};

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
        for registered in registered(case) {
            self.judge_one((case, report), &registered, &clause.citation);
        }
    }
}

/// A registration, or what the case says of one, while nothing has taken its place.
struct Registered<'a> {
    day: Date,
    record: Option<Registration<'a>>,
    /// Its first month, where another registration came before it.
    first: Option<Month>,
    /// The day of the one that took its place.
    next: Option<Date>,
}

impl PointsLapse {
    fn judge_one(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        registered: &Registered<'_>,
        clause: &Citation,
    ) {
        let all = case.engagements();
        let relations = relations(case, registered);
        let before_next = |e: &End| registered.next.is_none_or(|next| e.day < next);
        let ends: Vec<Vec<End>> = relations
            .iter()
            .map(|r| ends(&all, *r, case.app.date).into_iter().filter(before_next).collect())
            .filter(|e: &Vec<End>| !e.is_empty())
            .collect();
        // Several ran on the day of registration, nobody says which is meant, and not all have ended.
        let which = relations
            .iter()
            .any(|(_, a)| Some(a.employer) != relations.first().map(|(_, b)| b.employer));
        if which && !ends.is_empty() && ends.len() < relations.len() {
            // What another registration speaks of does not wait for it.
            let months = registered.replaced().zip(case.months).and_then(|(next, asked)| {
                MonthSpan::new(asked.first, asked.last.min(next.plus(-1)))
            });
            return report.lacks(REGISTERED_BY, case.policy.district.as_str(), months);
        }
        // The district's own entry that the points have lapsed decides like the dissolution itself.
        let recorded = registered.record.and_then(|(r, p)| {
            let day = p.lapsed_on.filter(|d| *d <= case.app.date)?;
            Some(End { day, how: How::Dissolved, evidence: vec![evidence_of(r)] })
        });
        let (certain, open): (Vec<_>, Vec<_>) = ends
            .into_iter()
            .flatten()
            .chain(recorded.clone().filter(before_next))
            .partition(|e| e.how == How::Dissolved);
        let certain = certain.into_iter().min();
        // Where the district has entered the day, no earlier one is in question.
        let open = open.into_iter().filter(|_| recorded.is_none()).min();
        let open = open.filter(|o| certain.as_ref().is_none_or(|c| o.day < c.day));
        self.lapse((case, report), registered, (open.as_ref(), certain.as_ref()), clause);
    }

    /// What an open end and a certain one after it mean for the months asked for.
    fn lapse(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        registered: &Registered<'_>,
        (open, certain): (Option<&End>, Option<&End>),
        clause: &Citation,
    ) {
        let until = registered.replaced().map_or(Month::MAX, |next| {
            Month::new(next.year(), 1).map_or(next, |january| january.plus(-1))
        });
        if let Some(end) = open {
            let until = until.min(certain.map_or(Month::MAX, |c| Month::of(c.day)));
            self.after((case, report), end, until, clause);
            self.part_year((case, report), registered, (end, None), clause);
        }
        if let Some(end) = certain {
            self.after((case, report), end, until, clause);
            self.part_year((case, report), registered, (end, open), clause);
        }
    }

    /// The months after an end.
    fn after(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        end: &End,
        until: Month,
        clause: &Citation,
    ) {
        let months = case.months.and_then(|asked| {
            MonthSpan::new(Month::of(end.day).plus(1).max(asked.first), until.min(asked.last))
        });
        if case.months.is_some() && months.is_none() {
            return;
        }
        let draft = match end.how.readings() {
            None => {
                let class = (FindingClass::Lapsed, Verdict::Lapsed);
                Draft::new(self, Reason::PointsLapsed, class, clause.clone())
            }
            Some([lapses, keeps]) => {
                let remade = end.how == How::Remade;
                let reason =
                    if remade { Reason::PointsContractRemade } else { Reason::PointsLapsed };
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                Draft::new(self, reason, class, clause.clone())
                    .readings(PART_YEAR, &[(lapses, Verdict::Lapsed), (keeps, Verdict::Clear)])
            }
        };
        report.find(end.evidence.iter().cloned().fold(draft.months(months), Draft::evidence));
    }

    /// The months before an end, in the year of it: only of that year a part is asked for. Those before
    /// an earlier end are judged with it. Where another registration took the place of this one, so are
    /// the months of its year until then.
    fn part_year(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        registered: &Registered<'_>,
        (end, earlier): (&End, Option<&End>),
        clause: &Citation,
    ) {
        let keeps = end.how.readings().is_some_and(|[lapses, keeps]| {
            let ruling = case.ruled(PART_YEAR, &[lapses, keeps]);
            ruling.is_some_and(|fact| fact.ruling.reading == keeps)
        });
        if keeps {
            return;
        }
        let mut open: Vec<(Reason, Month, Month)> = Vec::new();
        let january = |month: Month| Month::new(month.year(), 1).unwrap_or(month);
        let last = Month::of(end.day);
        if (end.day.month(), end.day.day()) != (12, 31) {
            let earlier = earlier.map(|e| Month::of(e.day).plus(1));
            let first = [earlier, registered.first].into_iter().flatten().max();
            let first = first.map_or(january(last), |first| first.max(january(last)));
            let until = registered.replaced().map_or(last, |next| last.min(next.plus(-1)));
            open.push((Reason::PointsPartYear, first, until));
        }
        if let Some(next) = registered.replaced() {
            let first = january(next).max(last.plus(1));
            open.push((Reason::PointsBeforeRegistration, first, next.plus(-1)));
        }
        for (reason, first, last) in open {
            let months = case
                .months
                .and_then(|asked| MonthSpan::new(first.max(asked.first), last.min(asked.last)));
            if months.is_none() {
                continue;
            }
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            let draft = Draft::new(self, reason, class, clause.clone());
            let readings =
                [("part-year-paid", Verdict::Clear), ("part-year-unpaid", Verdict::Lapsed)];
            let draft = draft.months(months).readings(PART_YEAR, &readings);
            report.find(end.evidence.iter().cloned().fold(draft, Draft::evidence));
        }
    }
}

impl Registered<'_> {
    /// The month of the registration that took its place.
    fn replaced(&self) -> Option<Month> {
        self.next.map(Month::of)
    }
}

/// The relations whose end counts: those that ran on the day of registration, with the employer that
/// registered the points; where that is not on record, with the applying one if it is among them.
fn relations<'a>(case: &Case<'a>, registered: &Registered<'_>) -> Vec<Relation<'a>> {
    let mut found = case.engagements();
    found.retain(|(_, a)| a.head.validity.contains(registered.day));
    let by_registration = registered.record.and_then(|(_, p)| p.employer);
    let with = |e: SubjectId| found.iter().any(|(_, a)| a.employer == Some(e));
    let employer = by_registration.or(case.app.terms.employer.filter(|e| with(*e)));
    if let Some(employer) = employer {
        found.retain(|(_, a)| a.employer.is_none_or(|e| e == employer));
    }
    found
}

/// The registrations of the months asked for, in order; of an application without months the last one.
fn registered<'a>(case: &Case<'a>) -> Vec<Registered<'a>> {
    let all = case.registrations();
    if all.is_empty() {
        let day = match case.case_fact(REGISTERED_ON).map(|fact| &fact.value) {
            Some(CaseValue::Date(day)) => *day,
            _ => return Vec::new(),
        };
        return vec![Registered { day, record: None, first: None, next: None }];
    }
    let day = |at: usize| all.get(at).map(|(_, p)| p.head.validity.from);
    let of = |(at, (record, points)): (usize, &Registration<'a>)| Registered {
        day: points.head.validity.from,
        record: Some((*record, *points)),
        first: (at > 0).then(|| Month::of(points.head.validity.from)),
        next: day(at + 1),
    };
    let first = case.months.map(|asked| asked.first);
    // One that was replaced by the first month asked for speaks of none of them.
    let speaks = |r: &Registered<'_>| {
        r.replaced().is_none_or(|next| first.is_some_and(|first| first < next))
    };
    all.iter().enumerate().map(of).filter(speaks).collect()
}
