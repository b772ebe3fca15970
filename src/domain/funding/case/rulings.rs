//! Which ruling settles an open question for a case.

use jiff::civil::Date;

use super::Case;
use crate::domain::citation::Citation;
use crate::domain::funding::id::QuestionId;
use crate::domain::funding::ledger::RulingFact;

impl<'a> Case<'a> {
    /// The last ruling in force on a question, whatever it says. Where nobody owns the question for
    /// all, each district rules for its own policies.
    pub fn ruling(&self, question: QuestionId) -> Option<&'a RulingFact> {
        self.rulings(question).max_by_key(|r| newest(r))
    }

    /// The last ruling in force that chooses one of these readings of a question. A question may have
    /// parts, and a ruling on one of them says nothing about the others.
    pub fn ruled(&self, question: QuestionId, readings: &[&str]) -> Option<&'a RulingFact> {
        let speaks = |r: &&RulingFact| readings.contains(&r.ruling.reading.as_str());
        self.rulings(question).filter(speaks).max_by_key(|r| newest(r))
    }

    /// Is the question this district's to decide? It is where nobody owns it for all, or the district
    /// is among its owners. What somebody else answers for his own rules is not asked here.
    pub fn is_asked_here(&self, question: QuestionId) -> bool {
        let owners = self.view.owners(question);
        owners.is_empty() || owners.contains(&self.policy.district)
    }

    fn rulings(&self, question: QuestionId) -> impl Iterator<Item = &'a RulingFact> + use<'a> {
        let owners = self.view.owners(question);
        let (on, here) = (self.as_of.valid_at, &self.policy.district);
        self.view.rulings(question).iter().filter(move |r| {
            let binds = match owners {
                [] => r.district == *here,
                owners => owners.contains(&r.district),
            };
            binds && r.ruling.validity.contains(on)
        })
    }
}

/// Later beats earlier; what stands for the order of the log where there is none.
fn newest(fact: &RulingFact) -> (Date, Option<u64>, &Citation) {
    (fact.ruling.validity.from, fact.position, &fact.ruling.citation)
}
