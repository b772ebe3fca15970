//! R01: same kind, same district, same beneficiary: only the higher (附件2 六（四）, 附件3 六（二）,
//! 附件4 四（二）1 “按照同类政策就高不重复的原则实施”). R04: the same between policies of Changning
//! (changning-2020-2 三 “从优、从高、不重复”). Either side's clause is enough: Annex 1 has none of
//! its own, but Annex 4 reaches “本区其他相关政策” (T01).

use super::exclusive::{Basis, clause_of, one_only, stacks};
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{Beneficiary, Level};
use crate::domain::funding::report::{Draft, Report, Rule};

/// Which kinds are 同类: Q13.
pub const SAME_KIND: QuestionId = QuestionId::new(13);
/// Reading of [`SAME_KIND`] and Q29: the two are one.
pub const ONE_AWARD: &str = "one-award";
/// Reading of [`SAME_KIND`] and Q29: the two stand beside each other.
pub const TWO_AWARDS: &str = "two-awards";
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
            let question = (Reason::LeaderAndFounder, LEADER_AND_FOUNDER);
            open(rule, question, (case, report), (held, meet), clause);
        }
        Some(Likeness::Doubtful) if is_same_beneficiary(case, held) => {
            let question = (Reason::DoubtfulKind, SAME_KIND);
            open(rule, question, (case, report), (held, meet), clause);
        }
        None => {
            let question = (Reason::UnmappedKind, SAME_KIND);
            open(rule, question, (case, report), (held, meet), clause);
        }
        Some(_) => {}
    }
}

/// One award or two; where a ruling says one, the higher is computed as for one kind.
fn open(
    rule: &dyn Rule,
    (reason, question): (Reason, QuestionId),
    (case, report): (&Case<'_>, &mut Report),
    (held, meet): (&Held<'_>, Meet),
    clause: crate::domain::citation::Citation,
) {
    let readings = [(ONE_AWARD, Verdict::OneOnly), (TWO_AWARDS, Verdict::Clear)];
    if let Some(fact) = case.ruled(question, &readings.map(|(code, _)| code))
        && fact.ruling.reading == ONE_AWARD
    {
        let basis = Basis { clause, ruling: Some(fact) };
        return one_only(rule, reason, (case, report), (held, meet), basis);
    }
    let class = (FindingClass::OpenQuestion, Verdict::Refer);
    let draft = Draft::new(rule, reason, class, clause).cite_sources(case, held);
    report
        .find(draft.months(meet.months()).evidence(held.evidence()).readings(question, &readings));
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
