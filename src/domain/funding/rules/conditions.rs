//! What R12, R18, R21, R25, R26, R27 and R30 share: a written condition on a fact. A fact that nobody
//! stated is asked for; it is never read as no.

use super::unknown::why_unknown;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Known, bounded};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::ledger::RulingFact;
use crate::domain::funding::message::{Condition, ConditionDoubt};
use crate::domain::funding::months::MonthSet;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::text::Text;
use crate::domain::time::MonthSpan;

/// How a condition came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    /// Proven.
    Yes(Evidence),
    /// Proven not to hold; the number held, for a whole number.
    No(Evidence, Option<u64>),
    /// Nobody said.
    Unknown,
}

impl From<Known> for Met {
    fn from(known: Known) -> Self {
        match known {
            Known::Yes(evidence) => Self::Yes(evidence),
            Known::No(evidence) => Self::No(evidence, None),
            Known::Unknown => Self::Unknown,
        }
    }
}

/// The conditions of the case's policy that `rule` tests.
pub fn of<'a>(case: &Case<'a>, rule: &dyn Rule) -> impl Iterator<Item = &'a Condition> {
    let id = rule.id();
    case.policy.conditions.iter().filter(move |c| c.rule == id)
}

/// How `condition` came out.
pub fn test(case: &Case<'_>, condition: &Condition) -> Met {
    let Some(least) = condition.least() else {
        return case.known(&condition.fact).into();
    };
    let evidence = case.case_evidence(&condition.fact);
    match case.integer(&condition.fact) {
        Some(n) if n >= least => Met::Yes(evidence),
        Some(n) => Met::No(evidence, u64::try_from(n).ok()),
        None => Met::Unknown,
    }
}

/// A condition holds on `evidence`: a doubt about it is referred, and for months after its known end
/// the fact is asked for.
pub fn rests(
    rule: &dyn Rule,
    (case, report): (&Case<'_>, &mut Report),
    (fact, citation): (&str, &Citation),
    evidence: &Evidence,
    months: Option<MonthSpan>,
) {
    report.rests(rule, citation, evidence, months);
    let after = case.after_end(evidence);
    if let Some(months) = after.and_then(|a| months.map_or(Some(a), |m| m.overlap(a))) {
        let id = &evidence.id;
        let why = Text::new(
            format!("所据记录（{id}）在这些月份之前到期，请核实是否延续"),
            format!(
                "the record that this rests on ({id}) ends before these months; ask whether it goes on"
            ),
        );
        report.lacks_since(fact, &why, evidence.district.as_str(), Some(months));
    }
}

/// Whether a condition binds the policy.
pub enum Binding<'a> {
    /// It does: its clause says so, or a ruling.
    Binds(Option<&'a RulingFact>),
    /// A ruling says that it does not.
    Not(&'a RulingFact),
    /// The text does not say.
    Open(&'a ConditionDoubt),
}

/// Does `condition` bind the policy?
pub fn binding<'a>(case: &Case<'a>, condition: &'a Condition) -> Binding<'a> {
    let Some(doubt) = &condition.doubt else { return Binding::Binds(None) };
    match case.ruled(doubt.question, &[doubt.binds.as_str(), doubt.otherwise.as_str()]) {
        Some(fact) if fact.ruling.reading == doubt.binds => Binding::Binds(Some(fact)),
        Some(fact) => Binding::Not(fact),
        None => Binding::Open(doubt),
    }
}

/// A finding of a condition that is not met, as far as the condition binds.
pub fn unmet(rule: &dyn Rule, reason: Reason, case: &Case<'_>, condition: &Condition) -> Draft {
    let draft = |outcome: Verdict| {
        Draft::new(rule, reason, (outcome.class(), outcome), condition.citation.clone())
            .about(&condition.fact)
    };
    match binding(case, condition) {
        Binding::Binds(None) => draft(Verdict::Ineligible),
        Binding::Binds(Some(fact)) => draft(Verdict::Ineligible).ruled(fact),
        Binding::Not(fact) => draft(Verdict::Clear).ruled(fact),
        Binding::Open(doubt) => {
            let class = (FindingClass::OpenQuestion, Verdict::Refer);
            let readings = [
                (doubt.binds.as_str(), Verdict::Ineligible),
                (doubt.otherwise.as_str(), Verdict::Clear),
            ];
            Draft::new(rule, reason, class, condition.citation.clone())
                .about(&condition.fact)
                .readings(doubt.question, &readings)
        }
    }
}

/// Tests `condition` and reports what fails or is not known. What may not bind is not asked for; its
/// question is noted.
pub fn judge(
    rule: &dyn Rule,
    reason: Reason,
    (case, report): (&Case<'_>, &mut Report),
    condition: &Condition,
) {
    judge_except(rule, reason, (case, report), condition, &[]);
}

/// The same, but for months in which the condition does not matter.
pub fn judge_except(
    rule: &dyn Rule,
    reason: Reason,
    (case, report): (&Case<'_>, &mut Report),
    condition: &Condition,
    except: &[MonthSpan],
) {
    let unmet = || unmet(rule, reason, case, condition);
    judge_as(rule, (case, report), condition, except, &unmet);
}

/// The same, where what follows from a condition that is not met is the rule's to say.
pub fn judge_as(
    rule: &dyn Rule,
    (case, report): (&Case<'_>, &mut Report),
    condition: &Condition,
    except: &[MonthSpan],
    unmet: &dyn Fn() -> Draft,
) {
    for (months, met) in by_month(case, condition, except) {
        report_on(rule, unmet, (case, report), condition, (months, met));
    }
}

/// How a condition came out by benefit month; one entry without months where it is the same for all.
fn by_month(
    case: &Case<'_>,
    condition: &Condition,
    except: &[MonthSpan],
) -> Vec<(Option<MonthSpan>, Met)> {
    if condition.least().is_some() {
        return vec![(None, test(case, condition))];
    }
    let runs = case.known_by_month(&condition.fact).into_iter();
    match case.months {
        Some(asked) if !except.is_empty() => runs
            .flat_map(|(span, known)| {
                let asked = MonthSet::from_iter([bounded(span.unwrap_or(asked))]);
                let (_, rest) = asked.split(&except.iter().copied().collect());
                let rest = rest.spans().to_vec().into_iter();
                rest.map(move |span| (Some(span), known.clone().into()))
            })
            .collect(),
        _ => runs.map(|(span, known)| (span, known.into())).collect(),
    }
}

fn report_on(
    rule: &dyn Rule,
    unmet: &dyn Fn() -> Draft,
    (case, report): (&Case<'_>, &mut Report),
    condition: &Condition,
    (months, met): (Option<MonthSpan>, Met),
) {
    match met {
        Met::Yes(evidence) => {
            let on = (condition.fact.as_str(), &condition.citation);
            rests(rule, (case, report), on, &evidence, months);
        }
        Met::Unknown => lacking(rule, (case, report), condition, months),
        Met::No(evidence, held) => {
            let mut draft = unmet().months(months).evidence(evidence);
            if let (Some(held), Some(least)) = (held, condition.least()) {
                let whole = |n: i64| u64::try_from(n).unwrap_or_default();
                let (has, needs) = labels(&condition.fact);
                draft = draft.step(has, held);
                if let Some(above) = condition.above {
                    draft = draft.step(Label::ValueAbove, whole(above));
                }
                draft = draft.step(needs, whole(least));
            }
            report.find(draft);
        }
    }
}

/// Nobody said whether the condition holds: asked for, as far as it binds.
pub fn lacking(
    rule: &dyn Rule,
    (case, report): (&Case<'_>, &mut Report),
    condition: &Condition,
    months: Option<MonthSpan>,
) {
    match binding(case, condition) {
        Binding::Binds(_) => ask((case, report), &condition.fact, months),
        Binding::Open(doubt) => report.note(rule.id(), doubt.question),
        Binding::Not(_) => {}
    }
}

/// Points are named as such; other numbers carry their unit in the name of the fact.
fn labels(fact: &str) -> (Label, Label) {
    if fact == GENERAL_POINTS {
        (Label::PointsHeld, Label::PointsNeeded)
    } else {
        (Label::ValueHeld, Label::ValueNeeded)
    }
}

const GENERAL_POINTS: &str = "general-points";

/// Asks the applicant for a fact.
pub fn ask((case, report): (&Case<'_>, &mut Report), fact: &str, months: Option<MonthSpan>) {
    match why_unknown(case, fact) {
        Some(why) => report.lacks_since(fact, &why, "applicant", months),
        None => report.lacks(fact, "applicant", months),
    }
}
