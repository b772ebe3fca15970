//! Who and what one story has: people, employers, months, chance. Its acts are written in `acts`.

mod acts;
mod lives;
mod papers;

use serde_json::{Value, json};

pub(super) use self::papers::{Paper, says};
use super::act::{Act, Story, Truth};
use super::number::Draw;
use super::person::{Employer, Person, PlainDocument, firm, lone, stream};
use super::plain::{District, person};
use crate::domain::id::Uscc;
use crate::domain::time::Month;

/// Place of the talent among the people of a story.
pub(super) const TALENT: usize = 0;
/// Place of the other one: spouse, stranger, founder, or the talent under a second document.
pub(super) const OTHER: usize = 1;
/// Place of somebody with the talent's name, who has nothing to do with the story.
pub(super) const PASSER_BY: usize = 2;
/// Where the numbering of others begins, and of passers-by; talents stay below it.
const OTHERS: usize = 30_000_000;
const PASSERS_BY: usize = 60_000_000;
/// Where records and grants that a story takes for granted begin.
pub(super) const LONG_AGO: &str = "2020-06-01";

pub(super) struct Teller {
    pub(super) rng: fastrand::Rng,
    pub(super) people: Vec<Person>,
    seed: u64,
    index: usize,
    acts: Vec<Act>,
    firms: [Employer; 2],
    papers: Option<&'static str>,
}

impl Teller {
    pub(super) fn new(seed: u64, index: usize) -> Self {
        let talent = lone(seed, index);
        let other = lone(seed, OTHERS + index);
        let passer_by = lone(seed, PASSERS_BY + index);
        let firms = [firm(talent.home, index as u64), firm(other.home, (OTHERS + index) as u64)];
        let rng = stream(seed, index, 2);
        let (people, acts, papers) = (vec![talent, other, passer_by], Vec::new(), None);
        Self { rng, people, seed, index, acts, firms, papers }
    }

    /// From here on the story is about papers of this kind; chance is drawn from a stream of its own, so
    /// that what was told before stays as it is.
    pub(super) fn turn_to_papers(&mut self, kind: &'static str) {
        self.papers = Some(kind);
        self.rng = stream(self.seed, self.index, 3);
    }

    /// Ends the story; who does not occur in it is left out.
    pub(super) fn into_story(mut self, kind: &'static str, near: &[u8]) -> Story {
        for truth in self.acts.iter_mut().filter_map(|a| a.truth.as_mut()) {
            *truth = std::mem::take(truth).near(near);
        }
        let mut role = 0;
        let (people, acts) = (&mut self.people, &self.acts);
        people.retain(|p| {
            role += 1;
            let own = p.documents.first().map(person);
            role == 1 || own.is_some_and(|own| acts.iter().any(|a| holds(&a.body, &own)))
        });
        let Self { index, papers, people, acts, .. } = self;
        Story { index, kind, papers, people, acts }
    }

    // === people

    /// A number that no other person of this seed has.
    pub(super) fn draw(&self) -> Draw {
        Draw::new(self.seed, self.index as u64)
    }

    /// Gives the talent these documents.
    pub(super) fn documents(&mut self, documents: Vec<PlainDocument>) {
        if let Some(talent) = self.people.first_mut() {
            talent.documents = documents;
        }
    }

    /// The talent lives and works there.
    pub(super) fn settle(&mut self, home: District) {
        if let Some(talent) = self.people.first_mut() {
            talent.home = home;
        }
    }

    /// Gives the other one these documents.
    pub(super) fn documents_of_other(&mut self, documents: Vec<PlainDocument>) {
        if let Some(other) = self.people.get_mut(OTHER) {
            other.documents = documents;
        }
    }

    /// What was told so far.
    pub(super) fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The last check gets this truth.
    pub(super) fn label(&mut self, truth: Truth) {
        if let Some(act) = self.acts.last_mut() {
            act.truth = Some(truth);
        }
    }

    /// Talent and other one have one name, written with different separators: U+00B7 as the rule has
    /// it, and what an input method made of it. One character lies outside the basic plane.
    pub(super) fn dotted_twin(&mut self) {
        if let [talent, other, ..] = self.people.as_mut_slice() {
            "试·𠮷卜杜拉".clone_into(&mut talent.name);
            "试•𠮷卜杜拉".clone_into(&mut other.name);
        }
    }

    /// The other one has the talent's name and is somebody else.
    pub(super) fn name_twin(&mut self) {
        if let [talent, other, ..] = self.people.as_mut_slice() {
            other.name.clone_from(&talent.name);
        }
    }

    /// The passer-by has the talent's name.
    pub(super) fn namesake(&mut self) {
        if let [talent, _, passer_by] = self.people.as_mut_slice() {
            passer_by.name.clone_from(&talent.name);
        }
    }

    pub(super) fn who(&self, role: usize, document: usize) -> Value {
        let documents = self.people.get(role).map(|p| p.documents.as_slice()).unwrap_or_default();
        documents.get(document).or(documents.first()).map_or(Value::Null, person)
    }

    pub(super) fn home(&self) -> District {
        self.people.first().map_or(District::Qingpu, |p| p.home)
    }

    /// The talent's employer; who vouches for a code whose check is wrong stands beside it.
    pub(super) fn firm(&self) -> Value {
        let code = &self.firms[0].uscc;
        match Uscc::parse(code) {
            Ok(_) => json!({ "uscc": code }),
            Err(_) => json!({ "uscc": code, "verification_source": "营业执照（虚构）" }),
        }
    }

    /// From here on the code of the talent's employer fails its check, as codes of some real firms do.
    pub(super) fn code_with_a_wrong_check(&mut self) {
        let code = &mut self.firms[0].uscc;
        let wrong = if code.ends_with('0') { '1' } else { '0' };
        code.pop();
        code.push(wrong);
    }

    /// A number of certificates of this story.
    pub(super) fn certificate(&self, n: usize) -> Value {
        json!({ "certificate": format!("XU-{}-{}-{n}", self.seed, self.index) })
    }

    /// Another employer.
    pub(super) fn other_firm(&self) -> Value {
        json!({ "uscc": self.firms[1].uscc })
    }

    /// A lease of this story.
    pub(super) fn lease(&self, n: usize) -> Value {
        json!([{ "kind": "lease", "object": { "lease": format!("XU-{}-{}-{n}", self.seed, self.index) } }])
    }

    // === time and chance

    /// A month from July 2021 to June 2023: everything a story needs lies in 2017 to 2030.
    pub(super) fn month(&mut self) -> Month {
        month(2021, 7).plus(self.rng.i32(0..24))
    }

    /// January of 2022 to 2024.
    pub(super) fn january(&mut self) -> Month {
        month(2022 + self.rng.i16(0..3), 1)
    }

    /// Whole hundreds from `cap − 500` to `cap`.
    pub(super) fn up_to(&mut self, cap: u64) -> u64 {
        cap.saturating_sub(100 * self.rng.u64(0..=5))
    }
}

/// A month that is written here; a wrong one would be January of the year 1.
pub(super) fn month(year: i16, month: i8) -> Month {
    Month::new(year, month).unwrap_or_else(|| Month::of(jiff::civil::date(1, 1, 1)))
}

fn holds(body: &Value, wanted: &Value) -> bool {
    body == wanted
        || match body {
            Value::Object(members) => members.values().any(|v| holds(v, wanted)),
            Value::Array(items) => items.iter().any(|v| holds(v, wanted)),
            _ => false,
        }
}
