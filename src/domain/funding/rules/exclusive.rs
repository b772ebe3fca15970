//! What R01, R02 and R04 share: two benefits of which one stays, with the arithmetic of 就高.

use std::cmp::Ordering;

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::QuestionId;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::money::Fen;

/// How the higher one is found is not said: Q12.
pub const HOW_HIGHER: QuestionId = QuestionId::new(12);
/// Whether what was paid is set off: Q14.
pub const SET_OFF: QuestionId = QuestionId::new(14);

/// Reports that only the higher of `held` and the application stays.
pub fn one_only(
    rule: &dyn Rule,
    reason: Reason,
    (case, report): (&Case<'_>, &mut Report),
    (held, meet): (&Held<'_>, Meet),
    clause: Citation,
) {
    let (asked, holds) = (case.asked_total(), held.total());
    let by_total = asked.zip(holds).map(|(a, h)| a.cmp(&h));
    let by_month = case.asked_monthly().zip(held.monthly()).map(|(a, h)| a.cmp(&h));
    let higher = asked.zip(holds).map(|(a, h)| a.max(h));
    let mut draft = Draft::new(rule, reason, (FindingClass::OneOnly, Verdict::OneOnly), clause)
        .cite_sources(case, held)
        .months(meet.months())
        .evidence(held.evidence())
        .fen(Label::HeldFen, holds)
        .fen(Label::AskedFen, asked)
        .fen(Label::HigherFen, higher)
        .fen(Label::HeldMonthlyFen, held.monthly())
        .fen(Label::AskedMonthlyFen, case.asked_monthly())
        .fen(Label::DifferenceFen, asked.zip(holds).map(|(a, h)| a.max(h).minus(a.min(h))));
    if let Some(span) = meet.months() {
        draft = draft.step(Label::MonthsOverlap, u64::from(span.count()));
    }
    if differ(by_total, by_month) {
        draft = draft.question(HOW_HIGHER);
    } else {
        report.note(rule.id(), HOW_HIGHER);
    }
    report.find(draft);
    if is_higher(by_total, by_month) {
        set_off(rule, (case, report), held);
    }
}

/// A switch to the higher benefit, with money paid on the lower one: the text is silent on set-off.
fn set_off(rule: &dyn Rule, (case, report): (&Case<'_>, &mut Report), held: &Held<'_>) {
    let paid = held.entry.paid();
    let (Some(asked), Some(clause)) = (case.grantable_total(), clause_of(case, held, rule)) else {
        return;
    };
    if paid == Fen::ZERO {
        return;
    }
    let rest = asked.minus(paid);
    let class = (FindingClass::OpenQuestion, Verdict::Refer);
    let reading = |reading: &str, amount| Reading {
        question: SET_OFF,
        reading: reading.to_owned(),
        verdict: Verdict::OneOnly,
        months: None,
        amount: Some(amount),
    };
    report.find(
        Draft::new(rule, Reason::SetOff, class, clause)
            .evidence(held.evidence())
            .step(Label::PaidFen, paid.get())
            .step(Label::AskedFen, asked.get())
            .reading(reading("no-set-off", asked))
            .reading(reading("set-off", rest)),
    );
}

/// The clause that switches `rule` on, from the application's policy or else the grant's.
pub fn clause_of(case: &Case<'_>, held: &Held<'_>, rule: &dyn Rule) -> Option<Citation> {
    let own = case.policy.clause(rule.id());
    own.or_else(|| held.policy?.clause(rule.id())).map(|c| c.citation.clone())
}

/// Is the grant lawful beside the application: matching funds, or shares of one agreement?
pub fn stacks(case: &Case<'_>, held: &Held<'_>) -> bool {
    let (a, b) = (&case.app.terms, &held.entry.grant.terms);
    let agreement = a.co_funding.as_ref().map(|c| &c.agreement);
    let co_funded = agreement.is_some() && agreement == b.co_funding.as_ref().map(|c| &c.agreement);
    let matches = a.parent_plan.is_some() != b.parent_plan.is_some();
    co_funded || matches
}

/// Is the application the higher one, in all or, where that is a draw, by the month?
fn is_higher(by_total: Option<Ordering>, by_month: Option<Ordering>) -> bool {
    let decisive = by_total.filter(|o| o.is_ne()).or(by_month);
    decisive == Some(Ordering::Greater)
}

fn differ(a: Option<Ordering>, b: Option<Ordering>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.is_ne() && b.is_ne() && a != b)
}

impl Draft {
    /// With the articles of both policies.
    #[must_use]
    pub fn cite_sources(self, case: &Case<'_>, held: &Held<'_>) -> Self {
        let draft = match held.policy {
            Some(policy) => self.cite(policy.source.clone()),
            None => self,
        };
        draft.cite(case.policy.source.clone())
    }
}
