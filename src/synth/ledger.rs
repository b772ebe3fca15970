//! From the messages of stories to the facts that a check sees: each body is read as the type that the
//! gateway reads. What the gateway's fold keeps is kept here in a few lines more; longer than other
//! files because every message type of a story has its arm.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use super::act::{Act, Story, Truth};
use super::identify::{Subjects, Unreadable, read};
use super::plain::District;
use crate::domain::funding::assess::assess;
use crate::domain::funding::facts::{Facts, RuleFacts};
use crate::domain::funding::finding::{AsOf, Assessment};
use crate::domain::funding::ledger::{
    HeldRecord, LedgerEntry, LinkFact, OpenHold, RulingFact, SanctionFact,
};
use crate::domain::funding::message::{
    Application, Grant, Payment, Recovery, Release, Sanction, Stop,
};
use crate::domain::link::LinkKind;
use crate::domain::objection::{ObjectedKind, ObjectedRecord};
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::registry::MessageType;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::time::Validity;

/// Plays a story and gives each check with its truth to `judged`.
///
/// # Errors
/// [`Unreadable`].
pub fn play(
    story: &Story,
    rules: &Arc<RuleFacts>,
    mut judged: impl FnMut(&Truth, &Assessment),
) -> Result<(), Unreadable> {
    let mut ledger = Ledger::new(rules);
    // Look-ups say nothing that a check could rest on.
    for act in story.acts.iter().filter(|act| act.look_up.is_none()) {
        let Some(truth) = &act.truth else {
            ledger.take(act)?;
            continue;
        };
        let (application, as_of) = ledger.application(&act.body["application"], act.district)?;
        judged(truth, &assess(&ledger.facts()?, &application, as_of));
    }
    Ok(())
}

/// What has been said so far.
pub(super) struct Ledger {
    rules: Arc<RuleFacts>,
    subjects: Subjects,
    entries: Vec<LedgerEntry>,
    records: Vec<HeldRecord>,
    links: Vec<(String, LinkFact)>,
    holds: Vec<OpenHold>,
    sanctions: Vec<SanctionFact>,
    objections: Vec<(String, ObjectedRecord)>,
}

impl Ledger {
    pub(super) fn new(rules: &Arc<RuleFacts>) -> Self {
        Self {
            rules: Arc::clone(rules),
            subjects: Subjects::default(),
            entries: Vec::new(),
            records: Vec::new(),
            links: Vec::new(),
            holds: Vec::new(),
            sanctions: Vec::new(),
            objections: Vec::new(),
        }
    }

    /// An application of a district with numbers for subjects, and the times that it is asked for.
    pub(super) fn application(
        &mut self,
        plain: &Value,
        by: District,
    ) -> Result<(Application<SubjectId>, AsOf), Unreadable> {
        let (application, by): (Application<Value>, _) = (read(plain)?, id(by)?);
        let application = application.map(&mut |r| self.subjects.number(&r, &by))?;
        let as_of = AsOf { valid_at: application.date, known_at: None };
        Ok((application, as_of))
    }

    /// All that a check may see.
    pub(super) fn facts(&self) -> Result<Facts, Unreadable> {
        let mut facts = Facts::over(Arc::clone(&self.rules));
        for district in District::ALL {
            facts.add_region(id(district)?, district.region().to_string());
        }
        let objected = |kind, owner: &ParticipantId, record: &str| {
            let of = |o: &ObjectedRecord| o.kind == kind && o.owner == *owner && o.record == record;
            self.objections.iter().any(|(_, o)| of(o))
        };
        for mut entry in self.entries.iter().cloned() {
            entry.objected = objected(ObjectedKind::Funding, &entry.district, &entry.grant.grant);
            facts.add_entry(entry);
        }
        for mut held in self.records.iter().cloned() {
            let record = &held.record.head().record;
            held.objected = objected(held.record.kind().into(), &held.district, record);
            facts.add_record(held);
        }
        self.links.iter().for_each(|(_, link)| facts.add_link(link.clone()));
        for pair in self.subjects.of_one_passport().filter(|pair| !self.is_settled(pair)) {
            let validity = Validity { from: Date::MIN, until: None };
            let stated = LinkFact::stated(LinkKind::Same, pair, validity, false);
            facts.add_link(LinkFact { by_passport: true, ..stated });
        }
        self.holds.iter().cloned().for_each(|h| facts.add_hold(h));
        self.sanctions.iter().cloned().for_each(|s| facts.add_sanction(s));
        Ok(facts)
    }

    /// Has a link said of these two who they are? Stories compare each pair by itself.
    fn is_settled(&self, pair: &[SubjectId; 2]) -> bool {
        let counts = |l: &LinkFact| l.confirmed && pair.iter().all(|s| l.subjects.contains(s));
        self.links.iter().any(|(_, link)| counts(link))
    }

    /// Takes a message in.
    pub(super) fn take(&mut self, act: &Act) -> Result<(), Unreadable> {
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
                let sanction = sanction.map(&mut |r| self.subjects.number(&r, &district))?;
                self.sanctions.push(SanctionFact {
                    district,
                    sanction,
                    suspect: false,
                    objected: false,
                    position: None,
                });
            }
            MessageType::FundingHold => {
                let (application, _) = self.application(&body["application"], act.district)?;
                let hold = read(&body["hold"])?;
                self.holds.push(OpenHold {
                    district,
                    hold,
                    application,
                    objected: false,
                    position: None,
                });
            }
            MessageType::FundingRelease => {
                let release: Release = read(body)?;
                self.holds.retain(|h| (&h.district, &h.hold) != (&district, &release.hold));
            }
            MessageType::Clock => {
                let over = &body["expired_holds"][0];
                let (owner, hold): (ParticipantId, String) =
                    (read(&over["owner"])?, read(&over["hold"])?);
                self.holds.retain(|h| (&h.district, &h.hold) != (&owner, &hold));
            }
            MessageType::Link => self.link(&district, body)?,
            // A `same` link of a story waits for one district only.
            MessageType::Consent => self.links.iter_mut().for_each(|(_, l)| l.confirmed = true),
            MessageType::Objection => {
                let objection = (read(&body["objection"])?, read(&body["record"])?);
                self.objections.push(objection);
            }
            MessageType::ObjectionOutcome => {
                let over: String = read(&body["objection"]["objection"])?;
                self.objections.retain(|(objection, _)| *objection != over);
            }
            MessageType::FundingRuling => {
                let ruling = RulingFact { district, ruling: read(body)?, position: None };
                Arc::make_mut(&mut self.rules).add_ruling(ruling);
            }
            MessageType::FundingJointRule => {
                Arc::make_mut(&mut self.rules).add_joint_rule(read(body)?);
            }
            MessageType::Key => self.leaked(&district),
            message => self.record(message, district, body)?,
        }
        Ok(())
    }

    /// Everything that the district has sent so far is in doubt (DESIGN §4).
    fn leaked(&mut self, district: &ParticipantId) {
        for entry in self.entries.iter_mut().filter(|e| e.district == *district) {
            entry.suspect = true;
        }
        for record in self.records.iter_mut().filter(|r| r.district == *district) {
            record.suspect = true;
        }
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
        let record = record.map(&mut |r| self.subjects.number(&r, &district))?;
        let before = self.records.iter().position(|held| {
            held.district == district
                && held.record.kind() == record.kind()
                && held.record.head().record == record.head().record
        });
        let before = before.map(|at| self.records.swap_remove(at).state);
        let state = State::after(before, record.head().action);
        let state = state.ok_or(Unreadable::Unexpected("a revision out of turn"))?;
        let (suspect, objected, position) = (false, false, None);
        self.records.push(HeldRecord { district, record, state, suspect, objected, position });
        Ok(())
    }

    fn grant(&mut self, district: ParticipantId, body: &Value) -> Result<(), Unreadable> {
        let mut body = body.clone();
        // The connector puts the two operators in, who decide nothing here.
        if let Some(members) = body.as_object_mut() {
            members.remove("override");
        }
        let grant: Grant<Value> = serde_json::from_value(body)?;
        let grant = grant.map(&mut |r| self.subjects.number(&r, &district))?;
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

    fn link(&mut self, district: &ParticipantId, body: &Value) -> Result<(), Unreadable> {
        let (name, kind): (String, LinkKind) = (read(&body["link"])?, read(&body["kind"])?);
        self.links.retain(|(known, _)| *known != name);
        if body["withdrawn"] == true {
            return Ok(());
        }
        let [a, b]: [Value; 2] = read(&body["subjects"])?;
        let holder: Option<ParticipantId> = read(&body["holder"])?;
        let mut number =
            |person, of: &ParticipantId| self.subjects.number(&Ref::Talent(person), of);
        let subjects = [number(a, district)?, number(b, holder.as_ref().unwrap_or(district))?];
        let validity: Validity = read(&body["validity"])?;
        // Born suspected (docs/funding.md, Links); other kinds count at once.
        let fact = LinkFact::stated(kind, subjects, validity, kind != LinkKind::Same);
        self.links.push((name, fact));
        Ok(())
    }
}

fn id(district: District) -> Result<ParticipantId, Unreadable> {
    district.id().parse().map_err(|_| Unreadable::Unexpected("another district"))
}
