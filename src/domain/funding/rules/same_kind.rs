//! R01: same kind, same district, same beneficiary: only the higher (附件2 六（四）, 附件3 六（二）,
//! 附件4 四（二）1 “按照同类政策就高不重复的原则实施”). R04: the same between policies of Changning
//! (changning-2020-2 三 “从优、从高、不重复”). Either side's clause is enough: Annex 1 has none of
//! its own, but Annex 4 reaches “本区其他相关政策” (T01). An enterprise, a team or
//! a project is found whoever was named as its head. Two awards of the main text (正文 二（五）) have no
//! clause between them: whether 就高不重复 binds them is Q36.

use super::exclusive::{Basis, clause_of, one_only, stacks};
use crate::domain::citation::Citation;
use crate::domain::funding::beneficiary::Same;
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{Beneficiary, Level, Policy};
use crate::domain::funding::report::{Draft, Report, Rule};

/// Which kinds are 同类: Q13.
pub const SAME_KIND: QuestionId = QuestionId::new(13);
/// Reading of [`SAME_KIND`] and Q29: the two are one.
pub const ONE_AWARD: &str = "one-award";
/// Reading of [`SAME_KIND`] and Q29: the two stand beside each other.
pub const TWO_AWARDS: &str = "two-awards";
const ONE_OR_TWO: [&str; 2] = [ONE_AWARD, TWO_AWARDS];
/// Agricultural leader and founder, one award or two: Q29.
pub const LEADER_AND_FOUNDER: QuestionId = QuestionId::new(29);
/// Which conditions govern the awards of the main text: Q36.
pub const MAIN_TEXT: QuestionId = QuestionId::new(36);
/// Reading of [`MAIN_TEXT`]: those that the annexes write.
pub const ANNEX_CONDITIONS: &str = "annex-conditions";
/// Reading of [`MAIN_TEXT`]: none.
pub const NO_CONDITIONS: &str = "no-conditions";

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
    let others = case.held_by_others();
    let others = others.iter().filter(|h| h.entry.district == case.policy.district);
    let held = case.held_here().chain(others);
    for held in held.filter(|h| !is_same_group(case, h) && !stacks(case, h)) {
        let Some(meet) = case.meet(held) else { continue };
        if held.policy.is_some_and(|p| p.level != Level::District) {
            continue;
        }
        pair(rule, case, report, (held, meet));
    }
}

fn pair(rule: &dyn Rule, case: &Case<'_>, report: &mut Report, (held, meet): (&Held<'_>, Meet)) {
    let Some(clause) = clause_of(case, held, rule) else {
        return main_text(rule, (case, report), (held, meet));
    };
    match (case.likeness(held), case.same_beneficiary(held)) {
        (Some(Likeness::Same), Same::Yes) => {
            one_only(rule, Reason::SameKind, (case, report), (held, meet), clause);
        }
        (Some(Likeness::Same), Same::Perhaps) => {
            report.find(repeated(rule, case, (held, meet), clause));
        }
        (Some(Likeness::Same), Same::No) if is_personal_pair(case, held) => {
            let question = (Reason::LeaderAndFounder, LEADER_AND_FOUNDER, ONE_OR_TWO);
            open(rule, question, (case, report), (held, meet), clause);
        }
        (Some(Likeness::Doubtful), Same::Yes | Same::Perhaps) => {
            let question = (Reason::DoubtfulKind, SAME_KIND, ONE_OR_TWO);
            open(rule, question, (case, report), (held, meet), clause);
        }
        (None, _) => {
            let question = (Reason::UnmappedKind, SAME_KIND, ONE_OR_TWO);
            open(rule, question, (case, report), (held, meet), clause);
        }
        (Some(_), _) => {}
    }
}

/// The enterprise, the project or the certificate was funded like this before, and whether for the same
/// matter no record says: for a person to see.
pub fn repeated(
    rule: &dyn Rule,
    case: &Case<'_>,
    (held, meet): (&Held<'_>, Meet),
    clause: Citation,
) -> Draft {
    let class = (FindingClass::Notice, Verdict::Refer);
    Draft::new(rule, Reason::RepeatedGrant, class, clause)
        .cite_sources(case, held)
        .months(meet.months())
        .evidence(held.evidence())
        .fen(Label::HeldFen, held.total())
        .fen(Label::AskedFen, case.asked_total())
}

/// Two different awards of the main text to one beneficiary, of one kind (80万元 beside 60万元). The same
/// one once more is R06's.
fn main_text(
    rule: &dyn Rule,
    (case, report): (&Case<'_>, &mut Report),
    (held, meet): (&Held<'_>, Meet),
) {
    let raises = |p: &Policy| p.questions.contains(&MAIN_TEXT);
    let both = raises(case.policy) && held.policy.is_some_and(raises);
    let other = held.entry.grant.terms.policy.id != case.policy.id;
    let alike = case.likeness(held) == Some(Likeness::Same);
    let one = case.same_beneficiary(held) == Same::Yes;
    if rule.id() == SameKind.id() && both && other && alike && one {
        let question = (Reason::MainTextAwards, MAIN_TEXT, [ANNEX_CONDITIONS, NO_CONDITIONS]);
        open(rule, question, (case, report), (held, meet), case.policy.source.clone());
    }
}

/// One award or two (`readings`: the one under which they are one, and the other); where a ruling says
/// one, the higher is computed as for one kind.
fn open(
    rule: &dyn Rule,
    (reason, question, [one, two]): (Reason, QuestionId, [&'static str; 2]),
    (case, report): (&Case<'_>, &mut Report),
    (held, meet): (&Held<'_>, Meet),
    clause: Citation,
) {
    let readings = [(one, Verdict::OneOnly), (two, Verdict::Clear)];
    if let Some(fact) = case.ruled(question, &[one, two])
        && fact.ruling.reading == one
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

/// A team's award and its leader's own: they come to one person through two beneficiaries.
fn is_personal_pair(case: &Case<'_>, held: &Held<'_>) -> bool {
    let personal = |b| matches!(b, Beneficiary::Person | Beneficiary::Team);
    personal(case.app.terms.beneficiary) && personal(held.entry.grant.terms.beneficiary)
}
