//! What R01, R02 and R04 share: two benefits of which one stays, with the arithmetic of 就高. What each of
//! them is weighed by stands in [`worth`](super::worth).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::worth::{Weighed, weigh};
use crate::domain::citation::Citation;
use crate::domain::funding::beneficiary::{is_one_certificate, projects};
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::QuestionId;
use crate::domain::funding::ledger::RulingFact;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::sameness::Sameness;
use crate::domain::funding::stacking::{Side, is_lawful, plans};
use crate::domain::money::Fen;

/// How the higher one is found is not said: Q12.
pub const HOW_HIGHER: QuestionId = QuestionId::new(12);
/// Whether what was paid is set off: Q14 in Qingpu, a part of [`HOW_HIGHER`] (“paid or remaining”) elsewhere.
const SET_OFF: QuestionId = QuestionId::new(14);
/// Is a case-by-case decision under 就高不重复 at all: Q30.
const CASE_BY_CASE: QuestionId = QuestionId::new(30);
/// Are the sums of Annex 1 and of class A the same money: Q33.
const SAME_MONEY: QuestionId = QuestionId::new(33);
/// Does what was returned still count: Q38.
const RETURNED: QuestionId = QuestionId::new(38);
/// Reading of [`RETURNED`]: an award returned in full is enjoyed no longer.
const NOT_HELD: &str = "returned-not-held";
/// Reading of [`RETURNED`]: it is.
const STILL_HELD: &str = "returned-still-held";
/// Reading of [`HOW_HIGHER`]: by the sum in all.
pub const BY_TOTAL: &str = "by-total";
/// Reading of [`HOW_HIGHER`]: by the sum of a month.
pub const BY_MONTH: &str = "by-month-sum";

/// What an exclusion rests on: its clause, and the ruling that made it so where the text does not.
pub struct Basis<'a> {
    /// The clause.
    pub clause: Citation,
    /// The ruling.
    pub ruling: Option<&'a RulingFact>,
}

impl From<Citation> for Basis<'_> {
    fn from(clause: Citation) -> Self {
        Self { clause, ruling: None }
    }
}

/// Reports that only the higher of `held` and the application stays.
pub fn one_only<'b>(
    rule: &dyn Rule,
    reason: Reason,
    (case, report): (&Case<'_>, &mut Report),
    (held, meet): (&Held<'_>, Meet),
    basis: impl Into<Basis<'b>>,
) {
    let basis = basis.into();
    if let Some(open) = returned(rule, Verdict::OneOnly, case, held, &basis.clause) {
        return report.find(open.months(meet.months()));
    }
    if let Some(open) = outside(rule, reason, (case, report), (held, &basis.clause)) {
        return report.find(open.months(meet.months()).evidence(held.evidence()));
    }
    let again = held.entry.grant.terms.policy.id == case.policy.id;
    let reason = if again { Reason::SamePolicy } else { reason };
    let mut taken: Option<Fen> = None;
    for weighed in weigh(case, held, meet) {
        let over = one_of_two(rule, reason, (case, report), (held, &weighed), &basis);
        // Paid by the month under one policy: other months are not those of a lower benefit.
        let over = over.filter(|_| !(again && weighed.by_the_month));
        taken = over.map(|twice| taken.unwrap_or_default().plus(twice)).or(taken);
    }
    if let Some(twice) = taken {
        set_off(rule, (case, report), (held, twice), Verdict::OneOnly);
    }
}

/// The same for months in which both are worth what `weighed` says. Where the one asked for takes over: what
/// was paid on the other for these months.
fn one_of_two(
    rule: &dyn Rule,
    reason: Reason,
    (case, report): (&Case<'_>, &mut Report),
    (held, weighed): (&Held<'_>, &Weighed),
    Basis { clause, ruling }: &Basis<'_>,
) -> Option<Fen> {
    let (asked, holds) = (case.grantable_total(), held.total());
    let (by_total, by_month) = (weighed.by_total(), weighed.by_month());
    let how = case.ruled(HOW_HIGHER, &[BY_TOTAL, BY_MONTH]);
    let order = match how.map(|f| f.ruling.reading.as_str()) {
        Some(BY_MONTH) => by_month.or(by_total),
        _ => by_total.filter(|o| o.is_ne()).or(by_month),
    };
    let both = weighed.asked.total.zip(weighed.held.total);
    let higher = both.map(|(a, h)| match order {
        Some(Ordering::Less) => h,
        Some(Ordering::Greater) => a,
        _ => a.max(h),
    });
    let cut = asked.filter(|asked| Some(*asked) != case.asked_total());
    let months = weighed.meet.months();
    let mut draft =
        Draft::new(rule, reason, (FindingClass::OneOnly, Verdict::OneOnly), clause.clone())
            .cite_sources(case, held)
            .months(months)
            .evidence(held.evidence())
            .fen(Label::HeldFen, holds)
            .told_back(held)
            .fen(Label::AskedFen, asked)
            .fen(Label::CapFen, cut)
            .fen(Label::HeldWeighedFen, weighed.held.total.filter(|h| holds != Some(*h)))
            .fen(Label::AskedWeighedFen, weighed.asked.total.filter(|a| asked != Some(*a)))
            .fen(Label::HigherFen, higher)
            .fen(Label::HeldMonthlyFen, weighed.held.monthly)
            .fen(Label::AskedMonthlyFen, weighed.asked.monthly)
            .fen(Label::DifferenceFen, both.map(|(a, h)| a.max(h).minus(a.min(h))))
            .fen(Label::TopUpFen, case.room_above(held));
    if let Some(span) = months {
        draft = draft.step(Label::MonthsOverlap, u64::from(span.count()));
    }
    match how {
        _ if !weighed.is_open() => report.note(rule.id(), HOW_HIGHER),
        Some(fact) => draft = draft.ruled(fact),
        None => {
            let readings = [(BY_TOTAL, Verdict::OneOnly), (BY_MONTH, Verdict::OneOnly)];
            draft = draft.readings(HOW_HIGHER, &readings);
        }
    }
    let grounds = ruling.iter().copied().chain(same_money(rule, (case, report), held));
    let grounds = grounds.chain(ruled_held(case, held));
    let mut draft = grounds.fold(draft, Draft::ruled);
    let takes_over = order == Some(Ordering::Greater);
    let twice = months.filter(|_| takes_over).map_or(Fen::ZERO, |m| held.paid_in(m));
    if let Some(asked) = asked.filter(|_| twice > Fen::ZERO) {
        draft = draft
            .step(Label::PaidFen, twice.get())
            .step(Label::PayableFen, asked.minus(twice).get());
    }
    report.find(draft);
    takes_over.then_some(twice)
}

/// Why two benefits may stand outside 就高不重复: one of them was decided case by case (一事一议, Q30),
/// which the text does not settle; or a ruling says that Annex 1 is other money (Q33), where the
/// clause's own words (“本区其他相关政策”) decide until then.
fn outside(
    rule: &dyn Rule,
    reason: Reason,
    (case, report): (&Case<'_>, &mut Report),
    (held, clause): (&Held<'_>, &Citation),
) -> Option<Draft> {
    let open = (FindingClass::OpenQuestion, Verdict::Refer);
    let decided = [&case.app.terms.case_by_case, &held.entry.grant.terms.case_by_case];
    if decided.iter().any(|basis| basis.is_some()) {
        let readings = [(UNDER, Verdict::OneOnly), ("outside-exclusivity", Verdict::Clear)];
        match case.ruled(CASE_BY_CASE, &readings.map(|(code, _)| code)) {
            Some(fact) if fact.ruling.reading == UNDER => report.note(rule.id(), CASE_BY_CASE),
            _ => {
                let draft = Draft::new(rule, reason, open, clause.clone());
                return Some(draft.cite_sources(case, held).readings(CASE_BY_CASE, &readings));
            }
        }
    }
    let fact = is_annex_1(case, held).then(|| case.ruled(SAME_MONEY, &[SEPARATE_MONEY]))??;
    let class = (FindingClass::Info, Verdict::Clear);
    Some(Draft::new(rule, reason, class, clause.clone()).cite_sources(case, held).ruled(fact))
}

/// An award that was returned in full: whether somebody who gave back everything (附件2 六（五） “返还全部”) still
/// enjoys it is not written. `held_outcome` is what follows where he does. `None` where nothing is open.
pub fn returned(
    rule: &dyn Rule,
    held_outcome: Verdict,
    case: &Case<'_>,
    held: &Held<'_>,
    clause: &Citation,
) -> Option<Draft> {
    if !held.entry.is_returned(held.policy) || ruled_held(case, held).is_some() {
        return None;
    }
    let open = |class| {
        Draft::new(rule, Reason::Returned, (class, Verdict::Refer), clause.clone())
            .cite_sources(case, held)
            .evidence(held.evidence())
            .fen(Label::HeldFen, held.total())
            .told_back(held)
    };
    Some(if case.is_asked_here(RETURNED) {
        let readings = [(NOT_HELD, Verdict::Clear), (STILL_HELD, held_outcome)];
        open(FindingClass::OpenQuestion).readings(RETURNED, &readings)
    } else {
        open(FindingClass::Notice)
    })
}

/// The ruling that an award returned in full is held all the same.
fn ruled_held<'a>(case: &Case<'a>, held: &Held<'_>) -> Option<&'a RulingFact> {
    let ruling = case.ruled(RETURNED, &[NOT_HELD, STILL_HELD])?;
    let still = ruling.ruling.reading == STILL_HELD && held.entry.is_returned(held.policy);
    still.then_some(ruling)
}

const UNDER: &str = "under-exclusivity";
const SEPARATE_MONEY: &str = "separate-money";

/// Notes whether Annex 1 and class A are the same money, and gives the ruling that says so.
fn same_money<'a>(
    rule: &dyn Rule,
    (case, report): (&Case<'a>, &mut Report),
    held: &Held<'_>,
) -> Option<&'a RulingFact> {
    if !is_annex_1(case, held) {
        return None;
    }
    report.note(rule.id(), SAME_MONEY);
    case.ruled(SAME_MONEY, &["same-money"])
}

/// Does one of the two policies raise the question, and the other one not?
fn is_annex_1(case: &Case<'_>, held: &Held<'_>) -> bool {
    let theirs = held.policy.is_some_and(|p| p.questions.contains(&SAME_MONEY));
    theirs != case.policy.questions.contains(&SAME_MONEY)
}

/// A switch to the higher benefit, with money paid on the lower one. What was paid for the months of both
/// (`twice`) is taken off whatever is decided: two would be held in them. On what was paid beside these the text
/// is silent.
///
/// `beside` is what it is where nothing is set off: the higher of two, or, where the lower one has ended
/// before, nothing to object to.
pub fn set_off(
    rule: &dyn Rule,
    (case, report): (&Case<'_>, &mut Report),
    (held, twice): (&Held<'_>, Fen),
    beside: Verdict,
) {
    let paid = held.entry.paid();
    let (Some(asked), Some(clause)) = (case.grantable_total(), clause_of(case, held, rule)) else {
        return;
    };
    if paid <= twice {
        return;
    }
    let question = if case.is_asked_here(SET_OFF) { SET_OFF } else { HOW_HIGHER };
    let class = (FindingClass::OpenQuestion, Verdict::Refer);
    let reading = |reading: &str, verdict, amount| Reading {
        question,
        reading: reading.to_owned(),
        verdict,
        months: None,
        amount: Some(amount),
    };
    report.find(
        Draft::new(rule, Reason::SetOff, class, clause)
            .evidence(held.evidence())
            .step(Label::PaidFen, paid.get())
            .step(Label::AskedFen, asked.get())
            .reading(reading("no-set-off", beside, asked.minus(twice)))
            .reading(reading("set-off", Verdict::OneOnly, asked.minus(paid))),
    );
}

/// What of the sum asked for is certainly not paid because it was paid on a lower benefit: what was paid for the
/// months of both, and the rest where a ruling sets it off.
pub fn taken_off(case: &Case<'_>, report: &Report) -> Fen {
    let mut each: BTreeMap<Option<&Evidence>, Fen> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.takes_over()) {
        let question = finding.questions.iter().find(|q| [SET_OFF, HOW_HIGHER].contains(q));
        let codes: Vec<&str> = finding.readings.iter().map(|r| r.reading.as_str()).collect();
        let ruling = question.and_then(|q| case.ruled(*q, &codes));
        let ruled = |r: &&Reading| ruling.is_none_or(|fact| fact.ruling.reading == r.reading);
        let most = finding.readings.iter().filter(ruled).filter_map(|r| r.amount).max();
        let asked = finding.step(Label::AskedFen).and_then(Fen::new);
        let payable = finding.step(Label::PayableFen).and_then(Fen::new);
        if let Some((asked, rest)) = asked.zip(most.or(payable)) {
            let held = finding.evidence.iter().find(|e| e.what == "grant");
            let off = each.entry(held).or_default();
            *off = asked.minus(rest).max(*off);
        }
    }
    each.into_values().sum()
}

/// The clause that switches `rule` on, from the application's policy or else the grant's.
pub fn clause_of(case: &Case<'_>, held: &Held<'_>, rule: &dyn Rule) -> Option<Citation> {
    let own = case.policy.clause(rule.id());
    own.or_else(|| held.policy?.clause(rule.id())).map(|c| c.citation.clone())
}

/// Is the grant meant to be held beside the application?
pub fn stacks(case: &Case<'_>, held: &Held<'_>) -> bool {
    let (ours, theirs) = sides(case, held);
    case.is_topped_up(held) || is_lawful(case.view, ours, theirs)
}

/// Why the numbers do not tell whether the two are for one plan or one project; `None` where they do, or
/// where no number decides.
pub fn in_doubt(case: &Case<'_>, held: &Held<'_>) -> Option<Reason> {
    let (ours, theirs) = sides(case, held);
    match plans(ours, theirs) {
        Some(Sameness::Perhaps) => {
            let named = [ours, theirs].iter().all(|side| side.terms.parent_plan.is_some());
            Some(if named { Reason::NumberPerhapsSame } else { Reason::PlanUnnamed })
        }
        Some(Sameness::Same | Sameness::Other) => None,
        None => (projects(ours.terms, theirs.terms) == Some(Sameness::Perhaps))
            .then_some(Reason::NumberPerhapsSame),
    }
}

/// Do numbers tell that the two are for one plan, project or certificate?
pub fn is_one_matter(case: &Case<'_>, held: &Held<'_>) -> bool {
    let (ours, theirs) = sides(case, held);
    let same = Some(Sameness::Same);
    plans(ours, theirs) == same
        || projects(ours.terms, theirs.terms) == same
        || is_one_certificate(ours.terms, theirs.terms)
}

fn sides<'a>(case: &Case<'a>, held: &Held<'a>) -> (Side<'a>, Side<'a>) {
    let ours = Side { terms: &case.app.terms, policy: Some(case.policy) };
    (ours, Side { terms: &held.entry.grant.terms, policy: held.policy })
}

impl Draft {
    /// With what came back of the grant held.
    #[must_use]
    pub fn told_back(self, held: &Held<'_>) -> Self {
        self.fen(Label::ReturnedFen, held.entry.returned())
    }

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
