//! R01: same kind, same district, same beneficiary: only the higher (附件2 六（四）, 附件3 六（二）,
//! 附件4 四（二）1 “按照同类政策就高不重复的原则实施”). R04: the same between policies of Changning
//! (changning-2020-2 三 “从优、从高、不重复”). Either side's clause is enough: Annex 1 has none of
//! its own, but Annex 4 reaches “本区其他相关政策” (T01).

use super::exclusive::{clause_of, one_only, stacks};
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{FindingClass, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{Beneficiary, Level};
use crate::domain::funding::report::{Draft, Report, Rule};

/// Which kinds are 同类: Q13.
pub const SAME_KIND: QuestionId = QuestionId::new(13);
/// Agricultural leader and founder, one award or two: Q29.
const LEADER_AND_FOUNDER: QuestionId = QuestionId::new(29);

/// R01.
pub struct SameKind;
/// R04.
pub struct BetterHigher;

impl Rule for SameKind {
    fn id(&self) -> RuleId {
        RuleId::new(1)
    }
    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        judge(self, case, report);
    }
}

impl Rule for BetterHigher {
    fn id(&self) -> RuleId {
        RuleId::new(4)
    }
    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        judge(self, case, report);
    }
}

fn judge(rule: &dyn Rule, case: &Case<'_>, report: &mut Report) {
    for held in case.held_here().filter(|h| !is_same_group(case, h) && !stacks(case, h)) {
        let Some(meet) = case.meet(held) else { continue };
        if held.policy.is_some_and(|p| p.level != Level::District) {
            continue;
        }
        pair(rule, case, report, (held, meet));
    }
}

fn pair(rule: &dyn Rule, case: &Case<'_>, report: &mut Report, (held, meet): (&Held<'_>, Meet)) {
    let Some(clause) = clause_of(case, held, rule) else { return };
    match case.likeness(held) {
        Some(Likeness::Same)
            if case.app.terms.beneficiary == held.entry.grant.terms.beneficiary =>
        {
            one_only(rule, Reason::SameKind, (case, report), (held, meet), clause);
        }
        Some(Likeness::Same) if is_personal_pair(case, held) => {
            report.find(
                open(rule, Reason::LeaderAndFounder, (held, meet), clause, LEADER_AND_FOUNDER)
                    .cite_sources(case, held),
            );
        }
        Some(Likeness::Doubtful) if is_same_beneficiary(case, held) => {
            report.find(
                open(rule, Reason::DoubtfulKind, (held, meet), clause, SAME_KIND)
                    .cite_sources(case, held),
            );
        }
        None => report.find(open(rule, Reason::UnmappedKind, (held, meet), clause, SAME_KIND)),
        Some(_) => {}
    }
}

fn open(
    rule: &dyn Rule,
    reason: Reason,
    (held, meet): (&Held<'_>, Meet),
    clause: crate::domain::citation::Citation,
    question: QuestionId,
) -> Draft {
    let reading = |reading: &str, verdict| Reading {
        question,
        reading: reading.to_owned(),
        verdict,
        months: None,
        amount: None,
    };
    Draft::new(rule, reason, (FindingClass::OpenQuestion, Verdict::Refer), clause)
        .months(meet.months())
        .evidence(held.evidence())
        .reading(reading("one-award", Verdict::OneOnly))
        .reading(reading("two-awards", Verdict::Clear))
}

/// R02 judges these, and is stronger.
pub fn is_same_group(case: &Case<'_>, held: &Held<'_>) -> bool {
    let group = case.policy.exclusivity.as_ref();
    group.is_some() && group == held.policy.and_then(|p| p.exclusivity.as_ref())
}

fn is_same_beneficiary(case: &Case<'_>, held: &Held<'_>) -> bool {
    case.app.terms.beneficiary == held.entry.grant.terms.beneficiary
}

/// A team's award and its leader's own: they come to one person through two beneficiaries.
fn is_personal_pair(case: &Case<'_>, held: &Held<'_>) -> bool {
    let personal = |b| matches!(b, Beneficiary::Person | Beneficiary::Team);
    personal(case.app.terms.beneficiary) && personal(held.entry.grant.terms.beneficiary)
}
