//! From the messages of a story to the facts that a check sees: each body is read as the type that the
//! gateway reads, each identifier as the bytes that its token would be made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::act::{Act, Story, Truth};
use super::plain::District;
use crate::domain::funding::assess::assess;
use crate::domain::funding::facts::{Facts, RuleFacts};
use crate::domain::funding::finding::{AsOf, Assessment};
use crate::domain::funding::ledger::{HeldRecord, LedgerEntry, LinkFact, OpenHold, SanctionFact};
use crate::domain::funding::message::{Application, Grant, Payment, Recovery, Sanction, Stop};
use crate::domain::id::{
    Document, DocumentType, IdRefusal, MatchInput, ObjectKind, PassportIdentity, Uscc,
};
use crate::domain::link::LinkKind;
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::registry::MessageType;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::time::{UtcSeconds, Validity};

/// A day on which every number of a story exists.
const TODAY: Date = Date::constant(2026, 1, 1);

/// A message of a story that is not of the form of its type. Holds no value of it.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Its body.
    #[error("a body is not of the form of its type")]
    Body(#[from] serde_json::Error),
    /// An identifier.
    #[error("an identifier is refused: {}", .0.reason.as_str())]
    Identifier(IdRefusal),
    /// Something that stories do not hold.
    #[error("{0} does not occur in stories")]
    Unexpected(&'static str),
}

impl From<IdRefusal> for Unreadable {
    fn from(refusal: IdRefusal) -> Self {
        Self::Identifier(refusal)
    }
}

/// Plays a story and gives each check with its truth to `judged`.
///
/// # Errors
/// [`Unreadable`].
pub fn play(
    story: &Story,
    rules: &Arc<RuleFacts>,
    mut judged: impl FnMut(&Truth, &Assessment),
) -> Result<(), Unreadable> {
    let mut ledger = Ledger::default();
    for act in &story.acts {
        let Some(truth) = &act.truth else {
            ledger.take(act)?;
            continue;
        };
        let application: Application<Value> = read(&act.body["application"])?;
        let application = application.map(&mut |r| ledger.subject(&r))?;
        let as_of = AsOf { valid_at: application.date, known_at: UtcSeconds(i64::MAX) };
        judged(truth, &assess(&ledger.facts(rules)?, &application, as_of));
    }
    Ok(())
}

/// What has been said so far.
#[derive(Default)]
struct Ledger {
    numbers: BTreeMap<Vec<u8>, SubjectId>,
    entries: Vec<LedgerEntry>,
    records: Vec<HeldRecord>,
    links: Vec<LinkFact>,
    holds: Vec<OpenHold>,
    sanctions: Vec<SanctionFact>,
}

impl Ledger {
    fn facts(&self, rules: &Arc<RuleFacts>) -> Result<Facts, Unreadable> {
        let mut facts = Facts::over(Arc::clone(rules));
        for district in District::ALL {
            facts.add_region(id(district)?, district.region().to_string());
        }
        self.entries.iter().cloned().for_each(|e| facts.add_entry(e));
        self.records.iter().cloned().for_each(|r| facts.add_record(r));
        self.links.iter().copied().for_each(|l| facts.add_link(l));
        self.holds.iter().cloned().for_each(|h| facts.add_hold(h));
        self.sanctions.iter().cloned().for_each(|s| facts.add_sanction(s));
        Ok(facts)
    }

    fn take(&mut self, act: &Act) -> Result<(), Unreadable> {
        let (district, body) = (id(act.district)?, &act.body);
        match act.message {
            MessageType::FundingGrant => self.grant(district, body)?,
            MessageType::FundingPayment => {
                let payment: Payment = read(body)?;
                self.entry(&payment.grant)?.payments.push(payment);
            }
            MessageType::FundingRecovery => {
                let recovery: Recovery = read(body)?;
                self.entry(&recovery.grant)?.recoveries.push(recovery);
            }
            MessageType::FundingStop => {
                let stop: Stop = read(body)?;
                self.entry(&stop.grant)?.stopped = Some(stop.last_month);
            }
            MessageType::Sanction => {
                let sanction: Sanction<Value> = read(body)?;
                let sanction = sanction.map(&mut |r| self.subject(&r))?;
                self.sanctions.push(SanctionFact {
                    district,
                    sanction,
                    suspect: false,
                    objected: false,
                    position: None,
                });
            }
            MessageType::FundingHold => {
                let application: Application<Value> = read(&body["application"])?;
                let application = application.map(&mut |r| self.subject(&r))?;
                let hold = read(&body["hold"])?;
                self.holds.push(OpenHold {
                    district,
                    hold,
                    application,
                    objected: false,
                    position: None,
                });
            }
            MessageType::Link => self.link(body)?,
            // A `same` link of a story waits for one district only.
            MessageType::Consent => self.links.iter_mut().for_each(|l| l.confirmed = true),
            message => self.record(message, district, body)?,
        }
        Ok(())
    }

    fn record(
        &mut self,
        message: MessageType,
        district: ParticipantId,
        body: &Value,
    ) -> Result<(), Unreadable> {
        let record: Record<Value> = match message {
            MessageType::Certification => Record::Certification(read(body)?),
            MessageType::Qualification => Record::Qualification(read(body)?),
            MessageType::Affiliation => Record::Affiliation(read(body)?),
            MessageType::Occupancy => Record::Occupancy(read(body)?),
            MessageType::Points => Record::Points(read(body)?),
            MessageType::Quota => Record::Quota(read(body)?),
            MessageType::Fact => Record::Fact(read(body)?),
            other => return Err(Unreadable::Unexpected(other.as_str())),
        };
        let state = State::after(None, record.head().action);
        let state = state.ok_or(Unreadable::Unexpected("a revision"))?;
        let record = record.map(&mut |r| self.subject(&r))?;
        let (suspect, objected) = (false, false);
        self.records.push(HeldRecord {
            district,
            record,
            state,
            suspect,
            objected,
            position: None,
        });
        Ok(())
    }

    fn grant(&mut self, district: ParticipantId, body: &Value) -> Result<(), Unreadable> {
        let mut body = body.clone();
        // The connector puts the two operators in, who decide nothing here.
        if let Some(members) = body.as_object_mut() {
            members.remove("override");
        }
        let grant: Grant<Value> = serde_json::from_value(body)?;
        let grant = grant.map(&mut |r| self.subject(&r))?;
        self.entries.push(LedgerEntry {
            district,
            grant,
            stopped: None,
            payments: Vec::new(),
            recoveries: Vec::new(),
            suspect: false,
            objected: false,
            position: None,
        });
        Ok(())
    }

    fn entry(&mut self, grant: &str) -> Result<&mut LedgerEntry, Unreadable> {
        let entry = self.entries.iter_mut().find(|e| e.grant.grant == grant);
        entry.ok_or(Unreadable::Unexpected("an unknown grant"))
    }

    fn link(&mut self, body: &Value) -> Result<(), Unreadable> {
        let kind: LinkKind = read(&body["kind"])?;
        let [a, b]: [Value; 2] = read(&body["subjects"])?;
        let subjects = [self.subject(&Ref::Talent(a))?, self.subject(&Ref::Talent(b))?];
        let validity: Validity = read(&body["validity"])?;
        // Born suspected (docs/funding.md, Links); other kinds count at once.
        let confirmed = kind != LinkKind::Same;
        self.links.push(LinkFact { kind, subjects, validity, confirmed, position: None });
        Ok(())
    }

    fn subject(&mut self, plain: &Ref<Value>) -> Result<SubjectId, Unreadable> {
        let input = match plain {
            Ref::Talent(person) => talent(person)?,
            Ref::Object(object) => thing(object)?,
        };
        let next = SubjectId(u64::try_from(self.numbers.len()).unwrap_or(u64::MAX));
        Ok(*self.numbers.entry(input.expose().to_vec()).or_insert(next))
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Unreadable> {
    Ok(T::deserialize(value)?)
}

fn id(district: District) -> Result<ParticipantId, Unreadable> {
    district.id().parse().map_err(|_| Unreadable::Unexpected("another district"))
}

fn talent(person: &Value) -> Result<MatchInput, Unreadable> {
    let text = |name: &str| person[name].as_str().unwrap_or_default();
    let document_type = DocumentType::parse(text("document_type"));
    let document_type = document_type.ok_or(Unreadable::Unexpected("another document"))?;
    let document = Document::parse(document_type, text("number"), TODAY)?;
    if document_type == DocumentType::Passport {
        let birth = read(&person["birth"])?;
        let identity =
            PassportIdentity::parse(text("nationality"), &document, birth, text("latin_name"))?;
        return Ok(MatchInput::talent(identity.person_key())?);
    }
    let key = document.person_key().ok_or(Unreadable::Unexpected("a number that is no key"))?;
    Ok(MatchInput::talent(key)?)
}

fn thing(object: &Value) -> Result<MatchInput, Unreadable> {
    if let Some(code) = object["uscc"].as_str() {
        return Ok(MatchInput::employer(&Uscc::parse(code)?)?);
    }
    let lease = object["lease"].as_str().ok_or(Unreadable::Unexpected("another object"))?;
    Ok(MatchInput::object(ObjectKind::Lease, lease)?)
}
