//! What becomes of what was written: revisions, withdrawals, objections, releases; and what only an
//! exchange of its own can show.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::plain::District;
use super::acts::merge;
use super::{LONG_AGO, TALENT, Teller};
use crate::domain::registry::MessageType;

/// The day on which objections of stories were received; none is in the future.
const RECEIVED: Date = Date::constant(2024, 1, 5);

impl Teller {
    /// The next revision of a record: the same body with `action` and what `more` changes.
    pub(in crate::synth) fn revise(&mut self, record: &str, action: &str, more: Value) {
        self.next("record", record, |body| {
            body["action"] = json!(action);
            merge(body, more);
        });
    }

    /// A link is taken back.
    pub(in crate::synth) fn withdraw(&mut self, link: &str) {
        self.next("link", link, |body| body["withdrawn"] = json!(true));
    }

    fn next(&mut self, name: &str, id: &str, change: impl FnOnce(&mut Value)) {
        let Some(last) = self.acts.iter().rev().find(|a| a.body[name] == id) else { return };
        let (district, message, mut body) = (last.district, last.message, last.body.clone());
        body["revision"] = json!(body["revision"].as_u64().unwrap_or(0) + 1);
        change(&mut body);
        self.push(district, message, body);
    }

    /// What Qingpu's office attests about the talent's employer.
    pub(in crate::synth) fn attest_of_firm(&mut self, name: &str, value: bool) -> String {
        let more = json!({
            "about": "enterprise", "name": name, "value": value, "subject": self.firm(),
        });
        self.record(District::Qingpu, MessageType::Fact, (TALENT, 0), more)
    }

    /// What Qingpu's office attests about the talent, until the last day that is given.
    pub(in crate::synth) fn attest(
        &mut self,
        name: &str,
        value: bool,
        until: Option<Date>,
    ) -> String {
        let mut validity = json!({ "from": LONG_AGO });
        if let Some(until) = until {
            validity["until"] = json!(until);
        }
        let more = json!({
            "about": "talent", "name": name, "value": value, "validity": validity,
        });
        self.record(District::Qingpu, MessageType::Fact, (TALENT, 0), more)
    }

    /// The talent says through `by` that a record or grant of `owner` is wrong. Gives the objection.
    pub(in crate::synth) fn object(
        &mut self,
        by: District,
        (owner, kind, record): (District, &str, &str),
    ) -> String {
        let id = self.id();
        let body = json!({
            "objection": id,
            "case": format!("SYNTH-{id}"),
            "record": { "owner": owner.id(), "kind": kind, "record": record },
            "subject": self.who(TALENT, 0),
            "reason": "wrong-content",
            "received_on": RECEIVED,
        });
        self.push(by, MessageType::Objection, body);
        id
    }

    /// The talent takes the objection back.
    pub(in crate::synth) fn take_back(&mut self, by: District, objection: &str) {
        let body = json!({
            "objection": { "by": by.id(), "objection": objection },
            "decision": "withdrawn",
            "reason": "person-withdrew",
            "decided_on": RECEIVED,
        });
        self.push(by, MessageType::ObjectionOutcome, body);
    }

    /// A district gives a hold up.
    pub(in crate::synth) fn release(&mut self, district: District, hold: &str) {
        let body = json!({ "hold": hold, "reason": "申请人撤回（虚构）" });
        self.push(district, MessageType::FundingRelease, body);
    }

    // === in an exchange of its own

    /// Qingpu settles an open question from a day on.
    pub(in crate::synth) fn ruling(&mut self, question: &str, reading: &str, from: Date) {
        let body = json!({
            "question": question, "reading": reading, "validity": { "from": from },
            "citation": { "document": "example-ruling", "article": "示例" },
        });
        self.push(District::Qingpu, MessageType::FundingRuling, body);
    }

    /// Districts agree that both benefits of a kind may be held.
    pub(in crate::synth) fn allow(&mut self, districts: [District; 2], kind: &str, from: Date) {
        let body = json!({
            "rule": self.id(), "districts": districts.map(District::id), "kinds": [kind],
            "effect": "allowed", "validity": { "from": from },
            "citation": { "document": "example-joint-rule", "article": "示例" },
        });
        self.push(districts[0], MessageType::FundingJointRule, body);
    }

    /// A key of `district` leaked: what it has sent so far is in doubt. What the operator sends then
    /// names the key, which a story does not know.
    pub(in crate::synth) fn leak(&mut self, district: District) {
        self.push(district, MessageType::Key, json!({ "reason": "leaked" }));
    }

    /// The time of a hold is over: the gateway's own message.
    pub(in crate::synth) fn expire(&mut self, district: District, hold: &str) {
        let body = json!({ "expired_holds": [{ "owner": district.id(), "hold": hold }] });
        self.push(district, MessageType::Clock, body);
    }
}
