//! What the case and the records say about a fact: by day, by benefit month, and whose word counts.

use super::evidence::{CASE_FACT, evidence_of};
use super::{Case, bounded, is_checked};
use crate::domain::funding::finding::Evidence;
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{Answer, CaseFact, CaseValue};
use crate::domain::funding::months::runs;
use crate::domain::record::credence;
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
    /// What a record says, without its months.
    fn of(held: &HeldRecord, yes: bool) -> Self {
        Self {
            level: held.record.head().attestation.level,
            yes,
            doubted: held.is_doubted(),
            evidence: evidence_of(held),
            months: None,
            open: false,
        }
    }

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
        facts.filter(move |f| credence::is_checked(f.attestation) && f.as_of <= on)
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

    /// What the case says about a yes/no fact of a calendar year: with a `period` about the years that it
    /// names, without about the year of the application. What is recorded by the year stands in the
    /// records of its own kind.
    pub fn known_in_year(&self, code: &str, year: i16) -> Known {
        let said = self.said(code);
        best(said.iter().filter(|s| !s.is_record() && self.is_of_year(s.months, year)))
    }

    /// The code that the case gives for a calendar year, by the same reading.
    pub fn band_in_year(&self, code: &str, year: i16) -> Option<&'a str> {
        let of_year = self.stated(code).filter(|f| self.is_of_year(f.period, year));
        let bands = of_year.filter_map(|f| match &f.value {
            CaseValue::Band(band) => {
                Some((f.attestation, std::cmp::Reverse(f.as_of), band.as_str()))
            }
            _ => None,
        });
        bands.min().map(|(_, _, band)| band)
    }

    fn is_of_year(&self, period: Option<MonthSpan>, year: i16) -> bool {
        match period {
            Some(period) => (period.first.year()..=period.last.year()).contains(&year),
            None => self.app.date.year() == year,
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
                && credence::may_say(&held.district, code, &self.policy.district)
            {
                let validity = &fact.head.validity;
                let Some(months) = validity.months() else { continue };
                said.push(Said {
                    months: Some(months),
                    open: validity.contains(self.app.date),
                    ..Said::of(held, fact.value)
                });
            }
        }
        for (yes, held, team) in self.listed(code) {
            let validity = &team.head.validity;
            let (months, open) = (validity.months(), validity.contains(self.app.date));
            said.extend(months.map(|_| Said { months, open, ..Said::of(held, yes) }));
        }
        said
    }
}
