//! Where rules put what they find.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::ask;
use super::case::Case;
use super::finding::{
    Clauses, Day, DayLabel, Evidence, Finding, FindingClass, Label, Missing, Noted, OtherClass,
    Reading, Reason, Step, Verdict,
};
use super::held::Payable;
use super::id::{QuestionId, RuleId};
use super::ledger::RulingFact;
use super::rule_version::version_of;
use super::safe::Asked;
use crate::domain::citation::Citation;
use crate::domain::money::Fen;
use crate::domain::text::Text;
use crate::domain::time::MonthSpan;

/// One rule: a pure function of the case.
pub trait Rule: Sync {
    /// Its number.
    fn id(&self) -> RuleId;
    /// Version of its code, from [`version_of`]; raised when a change can alter a finding.
    fn version(&self) -> u32 {
        version_of(self.id())
    }
    /// Reports what it finds.
    fn judge(&self, case: &Case<'_>, report: &mut Report);
}

/// What was found so far.
#[derive(Debug, Default)]
pub struct Report {
    pub(super) findings: Vec<Finding>,
    pub(super) noted: Vec<Noted>,
    pub(super) missing: Vec<Missing>,
    doubts: BTreeMap<Evidence, Reason>,
}

/// A finding in the making. It begins with its clause: there is no other way to make one.
#[derive(Clone, Debug)]
pub struct Draft(Finding);

impl Report {
    /// Nothing found yet, with what is in doubt: evidence signed with a leaked key or under objection.
    pub fn over(doubts: BTreeMap<Evidence, Reason>) -> Self {
        Self { doubts, ..Self::default() }
    }

    /// Says that something holds on this evidence. It is no finding and nothing is shown, unless the
    /// evidence is in doubt: then a person looks (DESIGN §7). What supports a claim is doubted by the
    /// same way as what stands against it.
    pub fn rests(
        &mut self,
        rule: &dyn Rule,
        citation: &Citation,
        evidence: &Evidence,
        months: Option<MonthSpan>,
    ) {
        let Some(reason) = self.doubts.get(evidence).copied() else { return };
        let class = (FindingClass::Notice, Verdict::Refer);
        let draft = Draft::new(rule, reason, class, citation.clone());
        self.find(draft.months(months).evidence(evidence.clone()));
    }

    /// Takes a finding in.
    pub fn find(&mut self, draft: Draft) {
        let mut finding = draft.0;
        let n = self.findings.iter().filter(|f| f.rule == finding.rule).count() + 1;
        finding.id = format!("{}-{n}", finding.rule);
        finding.evidence.sort();
        finding.evidence.dedup();
        self.findings.push(finding);
    }

    /// Notes a question that bears on the case.
    pub fn note(&mut self, rule: RuleId, question: QuestionId) {
        let noted = Noted { question, rule, ruling: None };
        if !self.noted.contains(&noted) {
            self.noted.push(noted);
        }
    }

    /// Where a higher benefit takes over, what is left of it is what the caps leave, less what was paid on the
    /// lower one. Asked once all caps are counted.
    pub fn cap_set_off(&mut self, asked: Asked) {
        let Some(left) = Payable::of(&self.findings, asked).and_then(|left| left.sum(asked)) else {
            return;
        };
        for finding in self.findings.iter_mut().filter(|f| f.takes_over()) {
            let before = finding.step(Label::AskedFen).and_then(Fen::new);
            let Some(before) = before.filter(|before| *before > left) else { continue };
            let capped = |sum: Fen| left.minus(before.minus(sum));
            for sum in finding.readings.iter_mut().filter_map(|r| r.amount.as_mut()) {
                *sum = capped(*sum);
            }
            let payable = finding.arithmetic.iter_mut().filter(|s| s.label == Label::PayableFen);
            for step in payable {
                step.value = capped(Fen::new(step.value).unwrap_or_default()).get();
            }
            finding.arithmetic.push(Step { label: Label::LeftFen, value: left.get() });
        }
    }

    /// Takes rulings in: a finding whose readings a ruling chooses among comes out as the chosen one
    /// says and cites it; a question that is only noted carries its ruling. Rules whose arithmetic
    /// depends on the reading ask for the ruling themselves.
    pub fn settle(&mut self, case: &Case<'_>) {
        for finding in &mut self.findings {
            for question in finding.questions.clone() {
                let readings = finding.readings.iter().filter(|r| r.question == question);
                let codes: Vec<&str> = readings.map(|r| r.reading.as_str()).collect();
                if let Some(fact) = case.ruled(question, &codes) {
                    settle(finding, fact);
                }
            }
        }
        for noted in &mut self.noted {
            noted.ruling = case.ruling(noted.question).map(|f| f.ruling.citation.clone());
        }
    }

    /// Findings that rest on a record in doubt give REFER: one whose key has leaked, until its
    /// district confirms or voids it (DESIGN §4), or one under objection, until that is settled.
    /// Their readings fall away: they rest on the same record.
    pub fn refer_doubts(&mut self) {
        if self.doubts.is_empty() {
            return;
        }
        for finding in &mut self.findings {
            let Some(reason) = finding.evidence.iter().find_map(|e| self.doubts.get(e)) else {
                continue;
            };
            finding.class = FindingClass::Notice;
            finding.reason = *reason;
            finding.outcome = Verdict::Refer;
            finding.questions.clear();
            finding.readings.clear();
        }
    }

    /// Rules whose measured precision is too low are shown as hints only (仅提示): a hint asks a
    /// person to look and decides nothing.
    pub fn lower_hints(&mut self, hints: &BTreeSet<RuleId>) {
        for finding in self.findings.iter_mut().filter(|f| hints.contains(&f.rule)) {
            finding.hint = true;
            if finding.outcome >= Verdict::Refer {
                finding.class = FindingClass::Notice;
                finding.outcome = Verdict::Refer;
            }
        }
    }

    /// Says what is not known, and who knows it, in the words of [`ask`].
    pub fn lacks(&mut self, what: &str, from: impl Into<String>, months: Option<MonthSpan>) {
        let text = Text::new(
            "缺少该项事实，请补充材料或向来源部门核实",
            "this fact is not known; ask for evidence or verify it at its source",
        );
        self.lacks_as(what, text, from, months);
    }

    /// The same, with words for a fact that [`ask`] does not know.
    pub fn lacks_as(
        &mut self,
        what: &str,
        own: Text,
        from: impl Into<String>,
        months: Option<MonthSpan>,
    ) {
        let text = ask::words(what).unwrap_or(own);
        self.note_missing(Missing { what: what.to_owned(), text, from: from.into(), months });
    }

    /// The same, with why it is not known before what to do about it.
    pub fn lacks_since(
        &mut self,
        what: &str,
        why: &Text,
        from: impl Into<String>,
        months: Option<MonthSpan>,
    ) {
        let text = ask::since(what, why);
        self.note_missing(Missing { what: what.to_owned(), text, from: from.into(), months });
    }

    /// The same, of the whole application and in these words.
    pub fn lacks_words(&mut self, what: &str, text: Text, from: impl Into<String>) {
        self.note_missing(Missing { what: what.to_owned(), text, from: from.into(), months: None });
    }

    fn note_missing(&mut self, missing: Missing) {
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }
}

fn settle(finding: &mut Finding, fact: &RulingFact) {
    let question = fact.ruling.question;
    let chosen = |r: &&Reading| r.question == question && r.reading == fact.ruling.reading;
    let Some(Reading { verdict, amount, .. }) = finding.readings.iter().find(chosen).cloned()
    else {
        return;
    };
    finding.readings.retain(|r| r.question != question);
    finding.questions.retain(|q| *q != question);
    finding.citations = finding.citations.clone().and(fact.ruling.citation.clone());
    finding.evidence.push(Evidence::ruling(fact));
    if finding.questions.is_empty() {
        finding.outcome = verdict;
        finding.class = verdict.class();
    }
    if let Some(amount) = amount {
        finding.arithmetic.push(Step { label: Label::PayableFen, value: amount.get() });
    }
}

impl Draft {
    /// A finding of `rule` that rests on `citation`.
    pub fn new(
        rule: &dyn Rule,
        reason: Reason,
        (class, outcome): (FindingClass, Verdict),
        citation: Citation,
    ) -> Self {
        Self(Finding {
            id: String::new(),
            rule: rule.id(),
            rule_version: rule.version(),
            class,
            reason,
            about: Vec::new(),
            outcome,
            questions: Vec::new(),
            months: None,
            citations: Clauses::one(citation),
            evidence: Vec::new(),
            arithmetic: Vec::new(),
            days: Vec::new(),
            readings: Vec::new(),
            class_held: None,
            hint: false,
        })
    }

    /// Resting on the evidence of another finding, with its arithmetic.
    #[must_use]
    pub fn continuing(mut self, other: Self) -> Self {
        self.0.evidence.extend(other.0.evidence);
        self.0.arithmetic.extend(other.0.arithmetic);
        self
    }

    /// With one more clause.
    #[must_use]
    pub fn cite(mut self, citation: Citation) -> Self {
        self.0.citations = self.0.citations.and(citation);
        self
    }

    /// About these months only.
    #[must_use]
    pub fn months(mut self, months: Option<MonthSpan>) -> Self {
        self.0.months = months;
        self
    }

    /// Resting on this.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.0.evidence.push(evidence);
        self
    }

    /// Turning on this question.
    #[must_use]
    pub fn question(mut self, question: QuestionId) -> Self {
        if !self.0.questions.contains(&question) {
            self.0.questions.push(question);
        }
        self
    }

    /// Testing this fact.
    #[must_use]
    pub fn about(mut self, fact: &str) -> Self {
        self.0.about.push(fact.to_owned());
        self
    }

    /// Resting on this clause in place of the first.
    #[must_use]
    pub fn resting_on(mut self, citation: Citation) -> Self {
        let others = self.0.citations.iter().skip(1).cloned();
        self.0.citations = others.fold(Clauses::one(citation), Clauses::and);
        self
    }

    /// For another reason.
    #[must_use]
    pub const fn because(mut self, reason: Reason) -> Self {
        self.0.reason = reason;
        self
    }

    /// Does it come out so?
    pub fn is(&self, outcome: Verdict) -> bool {
        self.0.outcome == outcome
    }

    /// Turning on no question: another has settled it.
    #[must_use]
    pub fn without_questions(mut self) -> Self {
        self.0.questions.clear();
        self.0.readings.clear();
        self
    }

    /// With another outcome, and the class that it has.
    #[must_use]
    pub fn outcome(mut self, outcome: Verdict) -> Self {
        self.0.outcome = outcome;
        self.0.class = outcome.class();
        self
    }

    /// Settled by this ruling, which it cites.
    #[must_use]
    pub fn ruled(self, fact: &RulingFact) -> Self {
        self.cite(fact.ruling.citation.clone()).evidence(Evidence::ruling(fact))
    }

    /// Turning on a question whose readings come out like this.
    #[must_use]
    pub fn readings(self, question: QuestionId, readings: &[(&str, Verdict)]) -> Self {
        readings.iter().fold(self, |draft, (code, verdict)| {
            draft.reading(Reading {
                question,
                reading: (*code).to_owned(),
                verdict: *verdict,
                months: None,
                amount: None,
            })
        })
    }

    /// Naming the class that is held instead.
    #[must_use]
    pub fn class_held(mut self, class: OtherClass) -> Self {
        self.0.class_held = Some(class);
        self
    }

    /// With one step of arithmetic.
    #[must_use]
    pub fn step(mut self, label: Label, value: u64) -> Self {
        self.0.arithmetic.push(Step { label, value });
        self
    }

    /// Turning on this day.
    #[must_use]
    pub fn day(mut self, label: DayLabel, on: Date) -> Self {
        self.0.days.push(Day { label, on });
        self
    }

    /// With a sum, where there is one.
    #[must_use]
    pub fn fen(self, label: Label, value: Option<Fen>) -> Self {
        match value {
            Some(fen) => self.step(label, fen.get()),
            None => self,
        }
    }

    /// With the result under one reading.
    #[must_use]
    pub fn reading(mut self, reading: Reading) -> Self {
        self = self.question(reading.question);
        self.0.readings.push(reading);
        self
    }
}
