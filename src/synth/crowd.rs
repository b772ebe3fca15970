//! Much about one talent among many: what benchmarks assess and send.

use std::sync::Arc;

use serde_json::{Value, json};

use super::act::Act;
use super::identify::Unreadable;
use super::ledger::Ledger;
use super::number::Draw;
use super::person::PlainDocument;
use super::plain::{District, Draft, TIED};
use super::teller::{OTHER, TALENT, Teller, month};
use crate::domain::funding::facts::{Facts, RuleFacts};
use crate::domain::funding::finding::AsOf;
use crate::domain::funding::message::Application;
use crate::domain::id::DocumentType;
use crate::domain::registry::MessageType;
use crate::domain::subject::SubjectId;

/// How much there is.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Grants of the talent, of the talent's other documents and of the spouse, in turn.
    pub grants: usize,
    /// Confirmed links of the talent: one to a spouse, the others to documents of the talent.
    pub links: usize,
    /// Grants of talents whom the application is not about, four each.
    pub others: usize,
}

/// An application with everything that a check may see.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What is known.
    pub facts: Facts,
    /// What is asked for.
    pub application: Application<SubjectId>,
    /// The times of the question.
    pub as_of: AsOf,
}

/// Where numbers of further documents are drawn from; nobody else has them.
const DOCUMENTS: u64 = 80_000_000;
/// Grants of each of the others.
const EACH: usize = 4;
/// Benefits that the talent draws in turn: half a year each.
const POLICIES: [&str; 4] = [
    "wujiang/example-rent",
    "qingpu/housing-rent/D",
    "jiashan/example-rent",
    "yangpu/exam-fee-reimbursement",
];
const HALF_YEAR: i32 = 6;

impl Crowd {
    /// The crowd of a seed, with an application for rent of class D.
    ///
    /// # Errors
    /// [`Unreadable`], which a test rules out.
    pub fn gather(self, seed: u64, rules: &Arc<RuleFacts>) -> Result<Judged, Unreadable> {
        let mut ledger = Ledger::new(rules);
        let mut teller = self.talent(seed);
        for act in teller.acts() {
            ledger.take(act)?;
        }
        for first in (0..self.others).step_by(EACH) {
            let mut other = Teller::new(seed, first / EACH + 1);
            for n in 0..EACH.min(self.others - first) {
                other.grant(benefit(n));
            }
            for act in other.acts() {
                ledger.take(act)?;
            }
        }
        let (first, facts) = (month(2024, 1), TIED);
        let asked = Draft::of("qingpu/housing-rent/D").months(first, 12).monthly(3_500).yes(&facts);
        teller.check(asked, super::act::Truth::default());
        let plain = teller.acts().last().map(|a| a.body["application"].clone());
        let (application, as_of) =
            ledger.application(&plain.unwrap_or_default(), District::Qingpu)?;
        Ok(Judged { facts: ledger.facts()?, application, as_of })
    }

    fn talent(self, seed: u64) -> Teller {
        let mut t = Teller::new(seed, 0);
        let documents = (0..self.links.max(1)).map(|n| {
            let number = Draw::new(seed, DOCUMENTS + n as u64).resident("310118");
            PlainDocument::new(DocumentType::ResidentId, number)
        });
        t.documents(documents.collect());
        t.certify(District::Qingpu, "qingpu-housing", "D");
        let since = json!({ "from": "2018-01-01" });
        for n in 1..self.links {
            t.link(District::Qingpu, "same", [(TALENT, 0), (TALENT, n)], &since);
        }
        t.confirm(District::Wujiang);
        if self.links > 0 {
            t.link(District::Qingpu, "spouse", [(TALENT, 0), (OTHER, 0)], &since);
        }
        for n in 0..self.grants {
            let whom = match n % (self.links + 1) {
                n if n == self.links => (OTHER, 0),
                n => (TALENT, n),
            };
            t.grant_to(whom, benefit(n));
        }
        t
    }
}

/// Half a year of some benefit: the first lies in the months asked for, each next before it.
fn benefit(n: usize) -> Draft {
    let back = i32::try_from(n).unwrap_or(0) * HALF_YEAR;
    let draft = Draft::of(POLICIES[n % POLICIES.len()]).months(month(2024, 1).plus(-back), 6);
    if n % POLICIES.len() == POLICIES.len() - 1 { draft.total(500) } else { draft.monthly(2_000) }
}

/// The certification of talent `n` by Qingpu, with a plain identifier: `certification/1`.
pub fn certification(seed: u64, n: usize) -> Value {
    let mut teller = Teller::new(seed, n);
    teller.certify(District::Qingpu, "qingpu-housing", "D");
    body(&teller)
}

/// A mid-level title (中级, GB/T 12407 code 420) of talent `n`, entered by Jiashan: `qualification/1`.
pub fn title(seed: u64, n: usize) -> Value {
    let mut teller = Teller::new(seed, n);
    let title = json!({ "object": "title", "scheme": "zhejiang-title", "class": "420" });
    teller.record(District::Jiashan, MessageType::Qualification, (TALENT, 0), title);
    body(&teller)
}

fn body(teller: &Teller) -> Value {
    teller.acts().last().map_or(Value::Null, |act: &Act| act.body.clone())
}
