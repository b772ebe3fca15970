//! Writes the acts of one story. Ids carry the story's number, so stories never meet in a ledger.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::act::{Act, Story, Truth};
use super::number::Draw;
use super::person::{Employer, Person, PlainDocument, firm, lone, stream};
use super::plain::{District, Draft, person};
use crate::domain::registry::MessageType;
use crate::domain::time::Month;

/// Place of the talent among the people of a story.
pub(super) const TALENT: usize = 0;
/// Place of the other one: spouse, stranger, founder, or the talent under a second document.
pub(super) const OTHER: usize = 1;
/// Where the numbering of others begins; talents stay below it.
const OTHERS: usize = 44_000_000;
/// Where records and grants that a story takes for granted begin.
pub(super) const LONG_AGO: &str = "2020-06-01";

pub(super) struct Teller {
    pub(super) rng: fastrand::Rng,
    pub(super) people: Vec<Person>,
    seed: u64,
    index: usize,
    acts: Vec<Act>,
    firms: [Employer; 2],
}

impl Teller {
    pub(super) fn new(seed: u64, index: usize) -> Self {
        let talent = lone(seed, index);
        let other = lone(seed, OTHERS + index);
        let firms = [firm(talent.home, index as u64), firm(other.home, (OTHERS + index) as u64)];
        let rng = stream(seed, index, 2);
        Self { rng, people: vec![talent, other], seed, index, acts: Vec::new(), firms }
    }

    /// Ends the story; who does not occur in it is left out.
    pub(super) fn into_story(mut self, kind: &'static str) -> Story {
        let other = self.people.get(OTHER).and_then(|p| p.documents.first()).map(person);
        let occurs = other.is_some_and(|o| self.acts.iter().any(|a| holds(&a.body, &o)));
        if !occurs {
            self.people.truncate(OTHER);
        }
        Story { index: self.index, kind, people: self.people, acts: self.acts }
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

    /// The other one has the talent's name and is somebody else.
    pub(super) fn name_twin(&mut self) {
        if let [talent, other, ..] = self.people.as_mut_slice() {
            other.name.clone_from(&talent.name);
        }
    }

    pub(super) fn who(&self, role: usize, document: usize) -> Value {
        let documents = self.people.get(role).map(|p| p.documents.as_slice()).unwrap_or_default();
        documents.get(document).or(documents.first()).map_or(Value::Null, person)
    }

    pub(super) fn home(&self) -> District {
        self.people.first().map_or(District::Qingpu, |p| p.home)
    }

    /// The talent's employer.
    pub(super) fn firm(&self) -> Value {
        json!({ "uscc": self.firms[0].uscc })
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

    // === acts

    fn push(&mut self, district: District, message: MessageType, body: Value) {
        self.acts.push(Act { district, message, body, truth: None });
    }

    fn id(&self) -> String {
        format!("s{}-{}", self.index, self.acts.len())
    }

    /// A record of `district` about somebody. `more` holds what its kind adds, and may replace
    /// `subject` and `validity`.
    pub(super) fn record(
        &mut self,
        district: District,
        message: MessageType,
        (role, document): (usize, usize),
        more: Value,
    ) {
        let mut body = json!({
            "record": self.id(),
            "revision": 1,
            "action": "issue",
            "subject": self.who(role, document),
            "authority": { "name": "虚构区人力资源和社会保障局", "region": district.region().to_string() },
            "attestation": { "level": "issued", "as_of": LONG_AGO },
            "validity": { "from": LONG_AGO },
        });
        merge(&mut body, more);
        self.push(district, message, body);
    }

    pub(super) fn certify(&mut self, district: District, scheme: &str, class: &str) {
        self.certify_as((TALENT, 0), district, scheme, class);
    }

    pub(super) fn certify_as(
        &mut self,
        whom: (usize, usize),
        district: District,
        scheme: &str,
        class: &str,
    ) {
        let more = json!({
            "scheme": scheme,
            "scheme_version": "2020",
            "class": class,
            "basis": { "document": "演示数据", "article": "无" },
        });
        self.record(district, MessageType::Certification, whom, more);
    }

    pub(super) fn grant(&mut self, draft: Draft) -> String {
        self.grant_to((TALENT, 0), draft)
    }

    pub(super) fn grant_to(&mut self, (role, document): (usize, usize), draft: Draft) -> String {
        let id = self.id();
        let district = draft.district;
        let decided = draft.first().map(Month::first_day);
        let mut members = draft.members;
        let approved = members.remove("amount").unwrap_or(json!({ "monthly": 100_000 }));
        let mut body = json!({
            "grant": id,
            "subject": self.who(role, document),
            "approved": approved,
            "schedule": "monthly",
            "decided_on": decided.map_or(json!(LONG_AGO), |d| json!(d)),
            "payers": [{ "tier": "district", "payer": "区财政（虚构）", "share": { "percent": 100 } }],
            "fiscal_source": "虚构资金",
            // What was granted before the gateway existed has no hold; two operators stand for it.
            "override": { "reason": "补录历史资助（虚构）" },
        });
        merge(&mut body, Value::Object(members));
        self.push(district, MessageType::FundingGrant, body);
        id
    }

    pub(super) fn pay(&mut self, district: District, grant: &str, yuan: u64, day: Date) {
        let body = json!({
            "grant": grant, "voucher": self.id(), "budget_year": day.year(), "amount": yuan * 100,
            "tier": "district", "paid_on": day,
        });
        self.push(district, MessageType::FundingPayment, body);
    }

    pub(super) fn recover(&mut self, district: District, grant: &str, yuan: u64, day: Date) {
        let body = json!({
            "grant": grant, "voucher": self.id(), "amount": yuan * 100, "reason": "追回（虚构）",
            "date": day,
        });
        self.push(district, MessageType::FundingRecovery, body);
    }

    pub(super) fn stop(&mut self, district: District, grant: &str, last: Month) {
        let body = json!({ "grant": grant, "last_month": last, "reason": "停发（虚构）" });
        self.push(district, MessageType::FundingStop, body);
    }

    pub(super) fn sanction(&mut self, district: District, more: Value) {
        let mut body = json!({ "sanction": self.id() });
        merge(&mut body, more);
        self.push(district, MessageType::Sanction, body);
    }

    /// A link of the talent to the other one, or between the talent's two documents.
    pub(super) fn link(
        &mut self,
        district: District,
        kind: &str,
        pair: [(usize, usize); 2],
        validity: Value,
    ) {
        let [a, b] = pair.map(|(role, document)| self.who(role, document));
        let body = json!({
            "link": self.id(), "revision": 1, "kind": kind, "subjects": [a, b],
            "validity": validity, "evidence": "documents-examined",
        });
        self.push(district, MessageType::Link, body);
    }

    /// `district` consents to the link of this story.
    pub(super) fn confirm(&mut self, district: District) {
        self.push(district, MessageType::Consent, json!({ "decision": "approve" }));
    }

    pub(super) fn hold(&mut self, draft: Draft) {
        let district = draft.district;
        let application = self.application((TALENT, 0), draft);
        let body =
            json!({ "hold": self.id(), "application": application, "context": self.context(true) });
        self.push(district, MessageType::FundingHold, body);
    }

    pub(super) fn check(&mut self, draft: Draft, truth: Truth) {
        self.check_as(0, draft, truth);
    }

    pub(super) fn check_as(&mut self, document: usize, draft: Draft, truth: Truth) {
        let district = draft.district;
        let application = self.application((TALENT, document), draft);
        let body = json!({ "context": self.context(false), "application": application });
        let (message, truth) = (MessageType::FundingQuery, Some(truth));
        self.acts.push(Act { district, message, body, truth });
    }

    fn application(&self, (role, document): (usize, usize), draft: Draft) -> Value {
        let day = draft.first().map_or(month(2023, 1), |m| m).first_day();
        let mut body = json!({
            "kind": "grant",
            "subject": self.who(role, document),
            "date": day,
            "employer": self.firm(),
        });
        merge(&mut body, Value::Object(draft.into_application()));
        body
    }

    fn context(&self, purpose: bool) -> Value {
        let mut context = json!({
            "case": format!("SYNTH-{}", self.id()),
            "legal_basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）" },
        });
        if purpose {
            context["purpose"] = json!("funding-check");
        }
        context
    }
}

/// A month that is written here; a wrong one would be January of the year 1.
pub(super) fn month(year: i16, month: i8) -> Month {
    Month::new(year, month).unwrap_or_else(|| Month::of(jiff::civil::date(1, 1, 1)))
}

fn merge(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}

fn holds(body: &Value, wanted: &Value) -> bool {
    body == wanted
        || match body {
            Value::Object(members) => members.values().any(|v| holds(v, wanted)),
            Value::Array(items) => items.iter().any(|v| holds(v, wanted)),
            _ => false,
        }
}
