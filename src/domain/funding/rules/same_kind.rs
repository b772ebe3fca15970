//! R01: same kind, same district, same beneficiary: only the higher (附件2 六（四）, 附件3 六（二）,
//! 附件4 四（二）1 “按照同类政策就高不重复的原则实施”). R04: the same between policies of Changning
//! (changning-2020-2 三 “从优、从高、不重复”). Either side's clause is enough: Annex 1 has none of
//! its own, but Annex 4 reaches “本区其他相关政策” (T01). An enterprise, a team or
//! a project is found whoever was named as its head; whether two numbers are one plan is for a person to
//! compare where the authorities differ. R04 knows no limit to one kind (“有重复、交叉的”): beside another
//! kind, Q20 is noted. Two awards of the main text (正文 二（五）) have no clause between them: whether
//! 就高不重复 binds them is Q36.

use std::cmp::Ordering;

use super::exclusive::{Basis, clause_of, in_doubt, is_one_matter, one_only, returned, stacks};
use super::worth::weigh;
use crate::domain::citation::Citation;
use crate::domain::funding::beneficiary::is_other_matter;
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{Beneficiary, Level, Policy};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::sameness::Sameness;
use crate::domain::money::Fen;

/// Which kinds are 同类: Q13.
pub const SAME_KIND: QuestionId = QuestionId::new(13);
/// Reading of [`SAME_KIND`] and Q29: the two are one.
pub const ONE_AWARD: &str = "one-award";
/// Reading of [`SAME_KIND`] and Q29: the two stand beside each other.
pub const TWO_AWARDS: &str = "two-awards";
/// Agricultural leader and founder, one award or two: Q29.
pub const LEADER_AND_FOUNDER: QuestionId = QuestionId::new(29);
/// Which conditions govern the awards of the main text: Q36.
pub const MAIN_TEXT: QuestionId = QuestionId::new(36);
/// Reading of [`MAIN_TEXT`]: those that the annexes write.
pub const ANNEX_CONDITIONS: &str = "annex-conditions";
/// Reading of [`MAIN_TEXT`]: none.
pub const NO_CONDITIONS: &str = "no-conditions";
/// What is 交叉资助: Q20.
pub const WHAT_IS_CROSS: QuestionId = QuestionId::new(20);
/// Reading of [`WHAT_IS_CROSS`]: several departments for one thing.
pub const BY_DEPARTMENTS: &str = "by-departments";
/// Reading of [`WHAT_IS_CROSS`]: one thing through person, team and enterprise too.
pub const THROUGH_LINKS: &str = "through-links";

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
    let doubtful = |reason| Open { reason, question: SAME_KIND, readings: [ONE_AWARD, TWO_AWARDS] };
    match (case.likeness(held), case.same_beneficiary(held)) {
        (Some(Likeness::Same), Sameness::Same) if !is_once_more(case, (held, meet)) => {
            one_only(rule, Reason::SameKind, (case, report), (held, meet), clause);
        }
        (Some(Likeness::Same), Sameness::Same | Sameness::Perhaps) => {
            let back = returned(rule, Verdict::OneOnly, case, held, &clause);
            let back = back.map(|open| open.months(meet.months()));
            report.find(back.unwrap_or_else(|| repeated(rule, case, (held, meet), clause)));
        }
        (Some(Likeness::Same), Sameness::Other) if is_personal_pair(case, held) => {
            open(rule, &team_and_person(case), (case, report), (held, meet), clause);
        }
        (Some(Likeness::Doubtful), Sameness::Same | Sameness::Perhaps) => {
            open(rule, &doubtful(Reason::DoubtfulKind), (case, report), (held, meet), clause);
        }
        (Some(Likeness::Different), Sameness::Same) if rule.id() == BetterHigher.id() => {
            report.note(rule.id(), WHAT_IS_CROSS);
        }
        (None, _) => {
            open(rule, &doubtful(Reason::UnmappedKind), (case, report), (held, meet), clause);
        }
        (Some(_), _) => {}
    }
}

/// May the two be for different matters, which no record tells? The numbers are in doubt, or name two projects
/// or certificates; or the very same policy is asked for once more, and no months say that it is for the
/// same time: the clauses speak of 其他政策, and a prize may be won again (changning-2020-2 二（四）13).
fn is_once_more(case: &Case<'_>, (held, meet): (&Held<'_>, Meet)) -> bool {
    let (ours, theirs) = (&case.app.terms, &held.entry.grant.terms);
    let same_policy = ours.policy.id == theirs.policy.id && !is_one_matter(case, held);
    in_doubt(case, held).is_some()
        || is_other_matter(ours, theirs)
        || (same_policy && meet.months().is_none())
}

/// Which question a team's award beside its leader's own raises: Qingpu asks whether they are one award
/// (Q29), Changning what 交叉 is (Q20); elsewhere it is a question of kinds.
fn team_and_person(case: &Case<'_>) -> Open {
    let awards = [ONE_AWARD, TWO_AWARDS];
    if case.is_asked_here(LEADER_AND_FOUNDER) {
        let (reason, question) = (Reason::LeaderAndFounder, LEADER_AND_FOUNDER);
        Open { reason, question, readings: awards }
    } else if case.is_asked_here(WHAT_IS_CROSS) {
        let (reason, question) = (Reason::OtherBeneficiary, WHAT_IS_CROSS);
        Open { reason, question, readings: [THROUGH_LINKS, BY_DEPARTMENTS] }
    } else {
        Open { reason: Reason::OtherBeneficiary, question: SAME_KIND, readings: awards }
    }
}

/// A question on whether two benefits are one.
struct Open {
    reason: Reason,
    question: QuestionId,
    /// The reading that makes them one, and the one that keeps them apart.
    readings: [&'static str; 2],
}

/// The enterprise, the project or the certificate was funded like this before, and whether for the same
/// matter no record says; or a number does not tell whether it is one plan: for a person to see.
pub fn repeated(
    rule: &dyn Rule,
    case: &Case<'_>,
    (held, meet): (&Held<'_>, Meet),
    clause: Citation,
) -> Draft {
    let class = (FindingClass::Notice, Verdict::Refer);
    Draft::new(rule, in_doubt(case, held).unwrap_or(Reason::RepeatedGrant), class, clause)
        .cite_sources(case, held)
        .months(meet.months())
        .evidence(held.evidence())
        .fen(Label::HeldFen, held.total())
        .told_back(held)
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
    let one = case.same_beneficiary(held) == Sameness::Same;
    if rule.id() == SameKind.id() && both && other && alike && one {
        let question = Open {
            reason: Reason::MainTextAwards,
            question: MAIN_TEXT,
            readings: [ANNEX_CONDITIONS, NO_CONDITIONS],
        };
        open(rule, &question, (case, report), (held, meet), case.policy.source.clone());
    } else if rule.id() == SameKind.id() && one && case.policy.questions.contains(&MAIN_TEXT) {
        // Without a clause on either side nothing holds it back, but which clauses bind an award of the main
        // text is asked, and of another kind of award whether it is 同类.
        report.note(rule.id(), MAIN_TEXT);
        if !alike {
            report.note(rule.id(), SAME_KIND);
        }
    }
}

/// One award or two (`readings`: the one under which they are one, and the other); where a ruling says
/// one, the higher is computed as for one kind.
fn open(
    rule: &dyn Rule,
    &Open { reason, question, readings: [one, two] }: &Open,
    (case, report): (&Case<'_>, &mut Report),
    (held, meet): (&Held<'_>, Meet),
    clause: Citation,
) {
    let readings = [(one, Verdict::OneOnly), (two, Verdict::Clear)];
    if let Some(fact) = case.ruled(question, &readings.map(|(code, _)| code))
        && fact.ruling.reading == one
    {
        let basis = Basis { clause, ruling: Some(fact) };
        return one_only(rule, reason, (case, report), (held, meet), basis);
    }
    let class = (FindingClass::OpenQuestion, Verdict::Refer);
    let draft = Draft::new(rule, reason, class, clause).cite_sources(case, held);
    let draft = draft.months(meet.months()).evidence(held.evidence());
    let sums = [sum_as_one(case, held, meet), case.grantable_total()];
    report.find(readings.into_iter().zip(sums).fold(
        draft,
        |draft, ((reading, verdict), amount)| {
            let reading = reading.to_owned();
            draft.reading(Reading { question, reading, verdict, months: None, amount })
        },
    ));
}

/// What may be paid where the two are one award: of the higher one what was not paid on the other. Where the
/// one held stays, nothing; not told where it is held for some of the months only, or where Q12 is open.
fn sum_as_one(case: &Case<'_>, held: &Held<'_>, meet: Meet) -> Option<Fen> {
    let (asked, pieces) = (case.grantable_total()?, weigh(case, held, meet));
    let [weighed] = pieces.as_slice() else { return None };
    let (total, month) = (weighed.by_total()?, weighed.by_month());
    match total.then(month.unwrap_or(Ordering::Equal)) {
        _ if weighed.is_open() => None,
        Ordering::Greater => Some(asked.minus(held.entry.paid())),
        _ if meet.months() == case.months || meet.months().is_none() => Some(Fen::ZERO),
        _ => None,
    }
}

/// R02 judges these, and is stronger.
pub fn is_same_group(case: &Case<'_>, held: &Held<'_>) -> bool {
    let group = case.policy.exclusivity.as_ref();
    group.is_some() && group == held.policy.and_then(|p| p.exclusivity.as_ref())
}

/// A team's award and its leader's own: they come to one person through two beneficiaries.
pub fn is_personal_pair(case: &Case<'_>, held: &Held<'_>) -> bool {
    let personal = |b| matches!(b, Beneficiary::Person | Beneficiary::Team);
    personal(case.app.terms.beneficiary) && personal(held.entry.grant.terms.beneficiary)
}
