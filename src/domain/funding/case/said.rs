//! What the case and the records say about a fact: by day, by benefit month, and whose word counts.

use super::evidence::{CASE_FACT, evidence_of};
use super::{ATTESTATION_LEAST, Case, bounded, is_checked};
use crate::domain::funding::finding::Evidence;
use crate::domain::funding::message::{Answer, CaseFact, CaseValue};
use crate::domain::funding::months::runs;
use crate::domain::record::life_cycle::AttestationLevel;
use crate::domain::record::{Record, RecordKind};
use crate::domain::time::{Month, MonthSpan};

/// What is known of a yes/no fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It holds.
    Yes(Evidence),
    /// It does not hold.
    No(Evidence),
    /// Nobody said; never read as no.
    Unknown,
}

/// One statement about a yes/no fact.
struct Said {
    level: AttestationLevel,
    yes: bool,
    /// Signed with a leaked key, or under objection.
    doubted: bool,
    evidence: Evidence,
    /// The months that it speaks for; all of the application where it names none.
    months: Option<MonthSpan>,
    /// Is it a record in force on the day of the application, which speaks for the months ahead?
    open: bool,
}

impl Said {
    fn speaks_for(&self, month: Month, today: Month) -> bool {
        if self.open && month >= today {
            return true;
        }
        self.months.is_none_or(|m| m.contains(month) && (month < today || !self.is_record()))
    }

    /// Records end on a day, which [`Said::open`] has looked at.
    fn is_record(&self) -> bool {
        self.evidence.what != CASE_FACT
    }
}

/// The statement that was checked best; between equals, the no.
fn best<'s>(said: impl Iterator<Item = &'s Said>) -> Known {
    let said: Vec<&Said> = said.collect();
    let yes = said.iter().min_by_key(|s| (s.level, s.yes)).map(|s| s.yes);
    let alike = said.into_iter().filter(|s| Some(s.yes) == yes);
    match alike.min_by_key(|s| (s.doubted, s.level, &s.evidence)) {
        Some(s) if s.yes => Known::Yes(s.evidence.clone()),
        Some(s) => Known::No(s.evidence.clone()),
        None => Known::Unknown,
    }
}

impl<'a> Case<'a> {
    /// The case facts with this code that count: somebody checked them, by the day of the application.
    fn stated(&self, code: &str) -> impl Iterator<Item = &'a CaseFact> {
        let on = self.app.date;
        let facts = self.app.case_facts.iter().filter(move |f| f.code == code);
        facts.filter(move |f| f.attestation <= ATTESTATION_LEAST && f.as_of <= on)
    }

    /// The case fact with this code that was checked best.
    pub fn case_fact(&self, code: &str) -> Option<&'a CaseFact> {
        self.stated(code)
            .min_by_key(|f| (f.attestation, std::cmp::Reverse(f.as_of), f.source.as_str()))
    }

    /// A whole number of the case.
    pub fn integer(&self, code: &str) -> Option<i64> {
        match self.case_fact(code)?.value {
            CaseValue::Integer { value, .. } => Some(value),
            _ => None,
        }
    }

    /// What is known of a yes/no fact about the applicant or the employer on the day of the
    /// application: from the case and from the records, whichever was checked better; between equals,
    /// the no. Where several say the same, it rests on one that is not in doubt.
    pub fn known(&self, code: &str) -> Known {
        let said = self.said(code);
        let today = Month::of(self.app.date);
        best(said.iter().filter(|s| s.speaks_for(today, today)))
    }

    /// The same by benefit month, neighbours alike joined: a fact speaks for its own months. Months
    /// that lie ahead are judged by the records of the day of the application. One entry without
    /// months where it is the same throughout, or the application has no months.
    pub fn known_by_month(&self, code: &str) -> Vec<(Option<MonthSpan>, Known)> {
        let Some(asked) = self.months.map(bounded) else {
            return vec![(None, self.known(code))];
        };
        let said = self.said(code);
        if said.iter().all(|s| s.months.is_none()) {
            return vec![(None, best(said.iter()))];
        }
        let today = Month::of(self.app.date);
        let known = |month| best(said.iter().filter(|s| s.speaks_for(month, today)));
        let runs = runs(asked, known);
        match runs.as_slice() {
            [(_, known)] => vec![(None, known.clone())],
            _ => runs.into_iter().map(|(span, known)| (Some(span), known)).collect(),
        }
    }

    /// Whatever the case and the records say about a yes/no fact.
    fn said(&self, code: &str) -> Vec<Said> {
        let mut said = Vec::new();
        for fact in self.stated(code) {
            let yes = match fact.value {
                CaseValue::Answer(Answer::Yes) => true,
                CaseValue::Answer(Answer::No) => false,
                _ => continue,
            };
            let evidence = self.case_evidence(code);
            let (level, months) = (fact.attestation, fact.period);
            said.push(Said { level, yes, doubted: false, evidence, months, open: false });
        }
        for held in self.records_of(self.about(), RecordKind::Fact) {
            if let Record::Fact(fact) = &held.record
                && fact.name == code
                && is_checked(held)
                && (held.district == self.policy.district || !is_of_the_district(code))
            {
                let validity = &fact.head.validity;
                let Some(months) = validity.months() else { continue };
                said.push(Said {
                    level: fact.head.attestation.level,
                    yes: fact.value,
                    doubted: held.is_doubted(),
                    evidence: evidence_of(held),
                    months: Some(months),
                    open: validity.contains(self.app.date),
                });
            }
        }
        said
    }
}

/// Facts that speak of the district they are needed in, so that another district cannot know them: a
/// home owned there is none here (附件4 二（二） “在本区无产权住房”), and what its employer registered
/// there, or what titles it recognises, is its own.
fn is_of_the_district(code: &str) -> bool {
    code.contains("-in-district") || matches!(code, "apartment-shortage" | "title-recognised")
}
