//! From the messages of stories to what a look-up sees: the same bodies, types and `recognise` as the
//! gateway. What its fold keeps of records and links is kept here in a few lines more; longer than other
//! files because each message type of a look-up has its arm.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use super::act::{Act, Story};
use super::identify::{Subjects, Unreadable, read};
use super::look_up::{Answered, LookUp};
use super::plain::District;
use super::prelude;
use crate::domain::objection::ObjectedRecord;
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::catalogue::{self, CatalogueError};
use crate::domain::recognition::{
    Alliances, Credential, Holdings, LoggedRule, MemoryView, Object, Places, Question, Revision,
    RuleIndex, SeenAffiliation, SeenFact, Word, entitlement, recognise,
};
use crate::domain::record::chain::{Step, standing};
use crate::domain::record::life_cycle::{Action, State};
use crate::domain::record::{Record, RecordKind};
use crate::domain::registry::MessageType;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::time::Validity;

/// The rules, alliances and places that look-ups of stories rest on.
#[derive(Clone, Debug)]
pub struct Rulebook {
    rules: Arc<RuleIndex>,
    alliances: Arc<Alliances>,
    places: Places,
}

/// The rulebook does not read, which a test rules out.
#[derive(Debug, thiserror::Error)]
pub enum RulebookError {
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A rule of the prelude.
    #[error("a rule of the prelude is not of the form of its type")]
    Prelude(#[from] serde_json::Error),
}

impl Rulebook {
    /// What ships with the binary, and the rules of the prelude.
    ///
    /// # Errors
    /// [`RulebookError`], which a test rules out.
    pub fn shipped() -> Result<Self, RulebookError> {
        let mut rules = catalogue::rules()?;
        for (_, body) in prelude::recognition_rules() {
            rules.push(serde_json::from_value(body)?);
        }
        let logged = rules.into_iter().map(|rule| LoggedRule { position: 0, rule });
        Ok(Self {
            rules: Arc::new(logged.collect()),
            alliances: Arc::new(catalogue::alliances()?),
            places: catalogue::places()?,
        })
    }
}

/// Plays a story and gives each look-up, the district that asks and what the engine answers to `judged`.
///
/// # Errors
/// [`Unreadable`].
pub fn look_up(
    story: &Story,
    rulebook: &Rulebook,
    mut judged: impl FnMut(District, &LookUp, &Answered),
) -> Result<(), Unreadable> {
    if story.look_ups().next().is_none() {
        return Ok(());
    }
    let mut register = Register::default();
    for act in &story.acts {
        match &act.look_up {
            Some(truth) => judged(act.district, truth, &register.answer(act, rulebook)?),
            None => register.take(act)?,
        }
    }
    Ok(())
}

/// A revision of a record and where it stands.
struct Filed {
    owner: ParticipantId,
    position: u64,
    record: Record<SubjectId>,
}

impl Step for Filed {
    fn action(&self) -> Action {
        self.record.head().action
    }

    fn validity(&self) -> Validity {
        self.record.head().validity
    }

    fn is_suspect(&self) -> bool {
        false
    }
}

/// What has been said so far about papers and persons.
#[derive(Default)]
struct Register {
    subjects: Subjects,
    /// The chains of revisions, in the order in which the records were filed.
    chains: Vec<Vec<Filed>>,
    /// `same` links: id, the two, and whether both districts confirmed it.
    links: Vec<(String, [SubjectId; 2], bool)>,
    /// Objections that are not decided: id, what it is about, where it stands.
    objections: Vec<(String, ObjectedRecord, u64)>,
    size: u64,
}

impl Register {
    fn take(&mut self, act: &Act) -> Result<(), Unreadable> {
        let body = &act.body;
        let owner: ParticipantId =
            act.district.id().parse().map_err(|_| Unreadable::Unexpected("another district"))?;
        let position = self.size;
        self.size += 1;
        let record: Record<Value> = match act.message {
            MessageType::Certification => Record::Certification(read(body)?),
            MessageType::Qualification => Record::Qualification(read(body)?),
            MessageType::Affiliation => Record::Affiliation(read(body)?),
            MessageType::Fact => Record::Fact(read(body)?),
            MessageType::Link if body["kind"] == "same" => return self.link(&owner, body),
            // A `same` link of a story waits for one district only.
            MessageType::Consent => {
                self.links.iter_mut().for_each(|(_, _, confirmed)| *confirmed = true);
                return Ok(());
            }
            MessageType::Objection => {
                let (id, about) = (read(&body["objection"])?, read(&body["record"])?);
                self.objections.push((id, about, position));
                return Ok(());
            }
            MessageType::ObjectionOutcome => {
                let over: String = read(&body["objection"]["objection"])?;
                self.objections.retain(|(id, _, _)| *id != over);
                return Ok(());
            }
            // Money, points, places and spouses bear on no paper.
            _ => return Ok(()),
        };
        let record = record.map(&mut |r| self.subjects.number(&r, &owner))?;
        let filed = Filed { owner, position, record };
        match self.chains.iter_mut().find(|chain| chain.iter().any(|f| f.is_of(&filed))) {
            Some(chain) => chain.push(filed),
            None => self.chains.push(vec![filed]),
        }
        Ok(())
    }

    fn link(&mut self, owner: &ParticipantId, body: &Value) -> Result<(), Unreadable> {
        let id: String = read(&body["link"])?;
        self.links.retain(|(known, _, _)| *known != id);
        if body["withdrawn"] == true {
            return Ok(());
        }
        let [a, b]: [Value; 2] = read(&body["subjects"])?;
        let holder: Option<ParticipantId> = read(&body["holder"])?;
        let mut number =
            |person, of: &ParticipantId| self.subjects.number(&Ref::Talent(person), of);
        let pair = [number(a, owner)?, number(b, holder.as_ref().unwrap_or(owner))?];
        self.links.push((id, pair, false));
        Ok(())
    }

    fn answer(&mut self, act: &Act, rulebook: &Rulebook) -> Result<Answered, Unreadable> {
        let question = self.question(act)?;
        let persons = self.persons(question.subject);
        let holdings = self.holdings(&persons, question.valid_at);
        let rules = Arc::clone(&rulebook.rules);
        let view = MemoryView::over(self.size, [(question.subject, holdings)], rules)
            .with_alliances(Arc::clone(&rulebook.alliances))
            .with_places(rulebook.places.clone());
        let answer = recognise(&view, &question);
        Ok(match entitlement(&answer) {
            Some(entitlement) => Answered::from(&entitlement),
            None => Answered::from(&answer),
        })
    }

    /// Read member by member: operator and purpose are the connector's to add.
    fn question(&mut self, act: &Act) -> Result<Question<SubjectId>, Unreadable> {
        let body = &act.body;
        let at: ParticipantId = read(&body["at"])?;
        let asks: ParticipantId =
            act.district.id().parse().map_err(|_| Unreadable::Unexpected("another district"))?;
        let subject = self.subjects.number(&Ref::Talent(body["subject"].clone()), &asks)?;
        let service = act.message == MessageType::EntitlementQuery;
        let purpose = if service { &Value::from("service") } else { &body["for_purpose"] };
        Ok(Question {
            subject,
            about: read(&body["about"])?,
            at,
            for_purpose: read(purpose)?,
            service: read(&body["service"])?,
            valid_at: read(&body["valid_at"])?,
        })
    }

    /// The person under every document that confirmed links join.
    fn persons(&self, subject: SubjectId) -> BTreeSet<SubjectId> {
        let mut all = BTreeSet::from([subject]);
        loop {
            let before = all.len();
            for (_, pair, _) in self.links.iter().filter(|(_, _, confirmed)| *confirmed) {
                if pair.iter().any(|s| all.contains(s)) {
                    all.extend(pair);
                }
            }
            if all.len() == before {
                return all;
            }
        }
    }

    fn holdings(&self, persons: &BTreeSet<SubjectId>, day: Date) -> Holdings {
        let mut holdings = Holdings::default();
        for chain in &self.chains {
            let about = |filed: &Filed| {
                let record = &filed.record;
                !record.is_about_enterprise() && persons.contains(&record.head().subject)
            };
            if chain.iter().any(about) {
                self.hold(&mut holdings, chain, day);
            }
        }
        holdings
    }

    fn hold(&self, holdings: &mut Holdings, chain: &[Filed], day: Date) {
        let Some(on_day) = standing(chain, day) else { return };
        let Filed { owner, position, record } = on_day.content;
        let (kind, id, position) = (record.kind(), &record.head().record, *position);
        let word = Word {
            sender: Some(owner.clone()),
            attestation: Some(record.head().attestation),
            suspect: false,
            objections: self.objections_to(owner, kind, id),
        };
        let validity = record.head().validity;
        let object = match record {
            Record::Certification(_) => Object::Certification,
            Record::Qualification(body) => body.object.into(),
            // What is suspended or revoked says nothing.
            _ if on_day.state != State::Active => return,
            Record::Affiliation(body) => {
                let (mode, region) = (body.mode, body.region.clone());
                let tie = SeenAffiliation { position, mode, region, validity, word };
                return holdings.affiliations.push(tie);
            }
            Record::Fact(body) => {
                let (name, value) = (body.name.clone(), body.value);
                let fact = SeenFact { position, name, value, validity, word };
                return holdings.facts.push(fact);
            }
            _ => return,
        };
        let revisions = chain.iter().filter_map(Filed::revision).collect();
        let (sender, record, objections) = (owner.clone(), id.clone(), word.objections);
        holdings.credentials.push(Credential { sender, record, object, revisions, objections });
    }

    fn objections_to(&self, owner: &ParticipantId, kind: RecordKind, record: &str) -> Vec<u64> {
        let kind = kind.into();
        let of = |o: &ObjectedRecord| o.kind == kind && o.owner == *owner && o.record == record;
        self.objections.iter().filter(|(_, o, _)| of(o)).map(|(_, _, at)| *at).collect()
    }
}

impl Filed {
    fn is_of(&self, other: &Self) -> bool {
        self.owner == other.owner
            && self.record.kind() == other.record.kind()
            && self.record.head().record == other.record.head().record
    }

    fn revision(&self) -> Option<Revision> {
        match &self.record {
            Record::Certification(body) => {
                Some(Revision::of_certification(self.position, false, body))
            }
            Record::Qualification(body) => {
                Some(Revision::of_qualification(self.position, false, body))
            }
            _ => None,
        }
    }
}
