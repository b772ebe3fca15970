//! What R13, R14 and R15 share: months used under a cap, months left, and the readings of the open
//! questions on how to count. Every reading is computed; a question is raised only where the readings
//! leave different months. The caps count months of the district only (“本区”), so months drawn
//! elsewhere are never in the sum. Whether months before the first document (附件4 四（三） “自颁布之日起生效”,
//! the rules of 2017 “同时废止”) count is Q27, for those used as for those asked for.

use std::collections::BTreeSet;

use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, bounded};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::QuestionId;
use crate::domain::funding::ledger::RulingFact;
use crate::domain::funding::message::{ApplicationKind, Cap};
use crate::domain::funding::months::MonthSet;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::{Month, MonthSpan};

/// Do clawed-back months still count: Q38.
const RECOVERED: QuestionId = QuestionId::new(38);
/// Code of missing benefit months.
const MONTHS: &str = "months";
/// Running years or paid months: Q03.
const RUNNING: QuestionId = QuestionId::new(3);
/// Do months before the first document count: Q27.
const FORMER: QuestionId = QuestionId::new(27);
/// The readings of [`FORMER`].
const FORMER_READINGS: [&str; 2] = ["not-counted", "counted"];

/// Months that count toward a cap, and the choice of a question that they depend on.
#[derive(Clone, Debug, Default)]
pub struct Used {
    months: MonthSet,
    /// Counted only where every listed question has the listed choice.
    only_if: Vec<(QuestionId, usize)>,
    evidence: Vec<Evidence>,
}

/// A question on how to count, with the codes of its two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The question.
    pub question: QuestionId,
    /// Codes of its readings; months with `only_if` name them by index.
    pub readings: [&'static str; 2],
}

/// A cap with what was used of it.
pub struct Count<'a> {
    /// The cap.
    pub cap: &'a Cap,
    /// What was used.
    pub used: Vec<Used>,
    /// The first month under the policy asked for.
    began: Month,
    /// The questions, those of the rule first.
    pub choices: Vec<Choice>,
    /// Where the caps are written that may be one with this: of grants that were counted, each clause once.
    shared: Vec<Citation>,
}

impl Used {
    /// Months of a span, counted under every reading.
    pub fn span(span: MonthSpan, evidence: Evidence) -> Self {
        let months = [bounded(span)].into_iter().collect();
        Self { months, only_if: Vec::new(), evidence: vec![evidence] }
    }

    /// Does it count under one reading of `question` only?
    pub fn depends_on(&self, question: QuestionId) -> bool {
        self.only_if.iter().any(|(q, _)| *q == question)
    }

    /// Does it rest on `evidence`?
    pub fn rests_on(&self, evidence: &Evidence) -> bool {
        self.evidence.contains(evidence)
    }

    /// Counted only where `question` is read as `choice`.
    #[must_use]
    pub fn only_if(mut self, question: QuestionId, choice: usize) -> Self {
        self.only_if.push((question, choice));
        self
    }
}

impl<'a> Count<'a> {
    /// The grants of the district under the cap, shared scopes included where that is in doubt.
    pub fn new(case: &Case<'_>, cap: &'a Cap) -> Self {
        let began = case.began(case.policy);
        let mut count =
            Self { cap, used: Vec::new(), began, choices: Vec::new(), shared: Vec::new() };
        for held in case.held_here().copied().chain(case.reviewed_before()) {
            let held = &held;
            let caps = held.policy.map(|p| p.caps.as_slice()).unwrap_or_default();
            let same = caps.iter().any(|c| c.scope == cap.scope);
            let doubt = cap.doubt.as_ref().filter(|d| {
                caps.iter().filter_map(|c| c.doubt.as_ref()).any(|other| other.scope == d.scope)
            });
            match doubt {
                _ if same => count.add(case, held, None),
                Some(doubt) => {
                    count.choose(doubt.question, ["separate", "shared"]);
                    count.add(case, held, Some(doubt.question));
                }
                None => continue,
            }
            let one = |c: &&Cap| c.scope == cap.scope || (doubt.is_some() && c.doubt == cap.doubt);
            let elsewhere = caps.iter().filter(one).map(|c| &c.citation);
            count.shared.extend(elsewhere.filter(|c| **c != cap.citation).cloned());
        }
        count.shared.sort();
        count.shared.dedup();
        if !cap.cumulative && !count.used.is_empty() {
            count.choose(RUNNING, ["paid-months", "running-years"]);
        }
        count
    }

    /// Adds a question on how to count.
    pub fn choose(&mut self, question: QuestionId, readings: [&'static str; 2]) {
        let choice = Choice { question, readings };
        if !self.choices.contains(&choice) {
            self.choices.push(choice);
        }
    }

    /// Counts months; those before `began`, when the rule was not there yet, under one reading only.
    pub fn count(&mut self, used: Used, began: Month) {
        let (former, since) = used.months.split_at(began);
        if !former.is_empty() {
            self.choose(FORMER, FORMER_READINGS);
            self.used.push(Used { months: former, ..used.clone() }.only_if(FORMER, 1));
        }
        if !since.is_empty() {
            self.used.push(Used { months: since, ..used });
        }
    }

    fn add(&mut self, case: &Case<'_>, held: &Held<'_>, shared: Option<QuestionId>) {
        let (Some(months), Some(policy)) = (held.months, held.policy) else { return };
        let began = case.began(policy);
        let all = Used::span(months, held.evidence());
        let scoped = |used: Used| match shared {
            Some(question) => used.only_if(question, 1),
            None => used,
        };
        let spans = held.entry.recoveries.iter().filter_map(|r| r.months);
        let recovered: MonthSet = spans.map(bounded).collect();
        let (back, kept) = all.months.split(&recovered);
        self.count(scoped(Used { months: kept, ..all.clone() }), began);
        if !back.is_empty() {
            self.choose(RECOVERED, ["not-counted", "counted"]);
            self.count(scoped(Used { months: back, ..all }).only_if(RECOVERED, 1), began);
        }
    }

    /// Reports the months that the cap leaves.
    pub fn report(mut self, rule: &dyn Rule, case: &Case<'_>, report: &mut Report) {
        if self.cap.months.is_none() {
            return;
        }
        let Some(asked) = case.months.map(bounded) else {
            return lacks_months(case, report);
        };
        if asked.first < self.began {
            self.choose(FORMER, FORMER_READINGS);
        }
        let fixed: Vec<Option<usize>> = self.choices.iter().map(|c| ruled(case, c)).collect();
        self.choices.truncate(CHOICES_MAX);
        let outcomes: Vec<(Vec<usize>, MonthSet)> = combinations(&fixed)
            .into_iter()
            .map(|picks| {
                let allowed = self.allowed(&picks, asked);
                (picks, allowed)
            })
            .collect();
        let sets = || outcomes.iter().map(|(_, allowed)| allowed);
        let (mut none, mut differ) = (MonthSet::default(), MonthSet::default());
        for month in asked.months() {
            let allow = sets().filter(|s| s.contains(month)).count();
            if allow == 0 {
                none.insert_month(month);
            } else if allow < outcomes.len() {
                differ.insert_month(month);
            }
        }
        let mattering = mattering(&outcomes, self.choices.len());
        let rulings = self.choices.iter().filter_map(|c| case.ruled(c.question, &c.readings));
        let rulings = rulings.collect();
        let counting = Counting { count: &self, rule, asked, outcomes: &outcomes, rulings };
        if none.is_empty() && differ.is_empty() {
            report.find(counting.draft(Verdict::Clear));
        }
        for span in none.spans() {
            report.find(counting.draft(Verdict::Capped).months(Some(*span)));
        }
        for span in differ.spans() {
            report.find(counting.open(&mattering).months(Some(*span)));
        }
        for (i, choice) in self.choices.iter().enumerate() {
            if !mattering.contains(&i) && fixed.get(i).is_none_or(Option::is_none) {
                report.note(rule.id(), choice.question);
            }
        }
    }

    /// What one reading chooses on a question, where it is one of this count.
    fn picked(&self, picks: &[usize], question: QuestionId) -> Option<usize> {
        let i = self.choices.iter().position(|c| c.question == question)?;
        picks.get(i).copied()
    }

    /// Months of the cap that are gone when the application begins, as one reading counts: years that run from
    /// the first month are gone whether or not they were drawn, and a yearly award takes its whole year.
    fn gone(&self, picks: &[usize], asked: MonthSpan) -> u32 {
        let used = self.used_under(picks);
        let cap = self.cap.months.unwrap_or(u32::MAX);
        let pick = |q: QuestionId| self.picked(picks, q).unwrap_or(0);
        if pick(RUNNING) == 1
            && let Some(hull) = used.hull()
        {
            let before = MonthSpan::new(hull.first, asked.first.plus(-1));
            return before.map_or(0, MonthSpan::count).min(cap);
        }
        if pick(YEARLY) == 1 {
            let years: BTreeSet<i16> = used.months().map(Month::year).collect();
            let years = u32::try_from(years.len()).unwrap_or(u32::MAX);
            return years.saturating_mul(12).min(cap);
        }
        used.count()
    }

    /// Months used under one reading.
    fn used_under(&self, picks: &[usize]) -> MonthSet {
        let chosen = |q: QuestionId| self.picked(picks, q);
        let counts = |u: &&Used| u.only_if.iter().all(|(q, want)| chosen(*q) == Some(*want));
        self.used.iter().filter(counts).flat_map(|u| u.months.spans().iter().copied()).collect()
    }

    /// Months of the application that one reading allows. What does not count toward the cap is not cut by
    /// it; whether it is paid at all R32 asks.
    fn allowed(&self, picks: &[usize], asked: MonthSpan) -> MonthSet {
        if self.picked(picks, FORMER) != Some(0) {
            return self.within(picks, asked);
        }
        let since = MonthSpan::new(asked.first.max(self.began), asked.last);
        let mut allowed = since.map(|asked| self.within(picks, asked)).unwrap_or_default();
        let former = MonthSpan::new(asked.first, asked.last.min(self.began.plus(-1)));
        allowed.extend(former);
        allowed
    }

    /// Of months that all count toward the cap, those that it leaves.
    fn within(&self, picks: &[usize], asked: MonthSpan) -> MonthSet {
        let used = self.used_under(picks);
        let cap = self.cap.months.unwrap_or(u32::MAX);
        let pick = |q: QuestionId| self.picked(picks, q).unwrap_or(0);
        if pick(RUNNING) == 1
            && let Some(used) = used.hull()
        {
            // The years run from the first month of all, also where the application comes before it.
            let window = MonthSpan::from_count(asked.first.min(used.first), cap);
            return window.and_then(|w| w.overlap(asked)).into_iter().collect();
        }
        if pick(YEARLY) == 1 {
            return allowed_by_year(&used, cap, asked);
        }
        let mut left = cap.saturating_sub(used.count());
        let mut allowed = MonthSet::default();
        for month in asked.months() {
            // A month that is held already is R01's to judge; it is not counted twice.
            if used.contains(month) {
                allowed.insert_month(month);
            } else if left > 0 {
                left -= 1;
                allowed.insert_month(month);
            }
        }
        allowed
    }
}

/// Five yearly awards or 60 months: Q04. Lives here because it changes how months are counted.
pub const YEARLY: QuestionId = QuestionId::new(4);
/// Most questions that are combined: 2^6 readings.
const CHOICES_MAX: usize = 6;

fn allowed_by_year(used: &MonthSet, cap: u32, asked: MonthSpan) -> MonthSet {
    let years: BTreeSet<i16> = used.months().map(Month::year).collect();
    let mut left = usize::try_from(cap / 12).unwrap_or_default().saturating_sub(years.len());
    let mut taken = years;
    let mut allowed = MonthSet::default();
    for month in asked.months() {
        if taken.contains(&month.year()) {
            allowed.insert_month(month);
        } else if left > 0 {
            left -= 1;
            taken.insert(month.year());
            allowed.insert_month(month);
        }
    }
    allowed
}

/// A benefit counted in months says which; nothing is paid by a registration or a certification.
fn lacks_months(case: &Case<'_>, report: &mut Report) {
    if matches!(case.app.kind, ApplicationKind::Registration | ApplicationKind::Certification) {
        return;
    }
    report.lacks(MONTHS, "applicant", None);
}

/// The choice that a ruling has made.
fn ruled(case: &Case<'_>, choice: &Choice) -> Option<usize> {
    let ruling = case.ruled(choice.question, &choice.readings)?;
    choice.readings.iter().position(|r| *r == ruling.ruling.reading)
}

fn combinations(fixed: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new()];
    for choice in fixed.iter().take(CHOICES_MAX) {
        let picks: &[usize] = match choice {
            Some(0) => &[0],
            Some(_) => &[1],
            None => &[0, 1],
        };
        out = out
            .into_iter()
            .flat_map(|head: Vec<usize>| {
                picks.iter().map(move |p| [head.as_slice(), &[*p]].concat())
            })
            .collect();
    }
    out
}

/// Questions whose two readings leave different months, all else equal.
fn mattering(outcomes: &[(Vec<usize>, MonthSet)], choices: usize) -> Vec<usize> {
    let differs = |i: usize| {
        outcomes.iter().any(|(a, left)| {
            outcomes.iter().any(|(b, right)| {
                let one_apart = (0..choices).all(|j| (a.get(j) == b.get(j)) == (j != i));
                one_apart && left != right
            })
        })
    };
    (0..choices).filter(|i| differs(*i)).collect()
}

/// The numbers of one count, as findings print them.
struct Counting<'a> {
    count: &'a Count<'a>,
    rule: &'a dyn Rule,
    asked: MonthSpan,
    outcomes: &'a [(Vec<usize>, MonthSet)],
    /// Rulings that fix how to count.
    rulings: Vec<&'a RulingFact>,
}

impl Counting<'_> {
    fn draft(&self, outcome: Verdict) -> Draft {
        let class = match outcome {
            Verdict::Clear => FindingClass::Info,
            Verdict::Capped => FindingClass::Capped,
            _ => FindingClass::OpenQuestion,
        };
        let reason = match outcome {
            Verdict::Refer => Reason::CapMonthsOpen,
            _ => Reason::CapMonths,
        };
        let cap = self.count.cap;
        let months_cap = u64::from(cap.months.unwrap_or_default());
        // Where a ruling says how to count, the numbers are counted so; else they are the months drawn.
        let ruled = |q: QuestionId| self.rulings.iter().any(|fact| fact.ruling.question == q);
        let by_ruling = ruled(RUNNING) || ruled(YEARLY);
        let count = |picks: &[usize]| {
            if by_ruling {
                self.count.gone(picks, self.asked)
            } else {
                self.count.used_under(picks).count()
            }
        };
        let mut used = self.outcomes.iter().map(|(picks, _)| u64::from(count(picks)));
        let least = used.next().unwrap_or_default();
        let most = used.max().unwrap_or_default();
        let mut draft = Draft::new(self.rule, reason, (class, outcome), cap.citation.clone())
            .step(Label::MonthsUsed, least);
        if most > least {
            draft = draft.step(Label::MonthsUsedMost, most);
        }
        let draft = draft
            .step(Label::MonthsCap, months_cap)
            .step(Label::MonthsLeft, months_cap.saturating_sub(least))
            .step(Label::MonthsAsked, u64::from(self.asked.count()));
        let evidence = self.count.used.iter().flat_map(|u| u.evidence.iter().cloned());
        let draft = evidence.fold(draft, Draft::evidence);
        let draft = self.count.shared.iter().cloned().fold(draft, Draft::cite);
        self.rulings.iter().copied().fold(draft, Draft::ruled)
    }

    fn open(&self, mattering: &[usize]) -> Draft {
        let mut draft = self.draft(Verdict::Refer);
        for i in mattering {
            let Some(choice) = self.count.choices.get(*i) else { continue };
            for (pick, code) in choice.readings.iter().enumerate() {
                let of_reading =
                    self.outcomes.iter().filter(|(picks, _)| picks.get(*i) == Some(&pick));
                let Some(months) = of_reading.map(|(_, m)| m.count()).min() else { continue };
                let verdict =
                    if months == self.asked.count() { Verdict::Clear } else { Verdict::Capped };
                draft = draft.reading(Reading {
                    question: choice.question,
                    reading: (*code).to_owned(),
                    verdict,
                    months: Some(months),
                    amount: None,
                });
            }
        }
        draft
    }
}
