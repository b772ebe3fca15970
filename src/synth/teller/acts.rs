//! Writes the acts of one story. Ids carry the story's number, so stories never meet in a ledger.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::act::{Act, Truth};
use super::super::plain::{District, Draft};
use super::{LONG_AGO, TALENT, Teller, month};
use crate::domain::registry::MessageType;
use crate::domain::time::Month;

impl Teller {
    pub(super) fn push(&mut self, district: District, message: MessageType, body: Value) {
        self.acts.push(Act { district, message, body, truth: None, look_up: None });
    }

    pub(in crate::synth) fn id(&self) -> String {
        format!("s{}-{}", self.index, self.acts.len())
    }

    /// A record of `district` about somebody. `more` holds what its kind adds, and may replace
    /// `subject` and `validity`. Gives its id.
    pub(in crate::synth) fn record(
        &mut self,
        district: District,
        message: MessageType,
        (role, document): (usize, usize),
        more: Value,
    ) -> String {
        let id = self.id();
        let mut body = json!({
            "record": id,
            "revision": 1,
            "action": "issue",
            "subject": self.who(role, document),
            "authority": { "name": "虚构区人力资源和社会保障局", "region": district.region().to_string() },
            "attestation": { "level": "issued", "as_of": LONG_AGO },
            "validity": { "from": LONG_AGO },
        });
        merge(&mut body, more);
        self.push(district, message, body);
        id
    }

    pub(in crate::synth) fn certify(
        &mut self,
        district: District,
        scheme: &str,
        class: &str,
    ) -> String {
        self.certify_as((TALENT, 0), district, scheme, class)
    }

    pub(in crate::synth) fn certify_as(
        &mut self,
        whom: (usize, usize),
        district: District,
        scheme: &str,
        class: &str,
    ) -> String {
        let more = json!({
            "scheme": scheme,
            "scheme_version": "2020",
            "class": class,
            "basis": { "document": "演示数据", "article": "无" },
        });
        self.record(district, MessageType::Certification, whom, more)
    }

    pub(in crate::synth) fn grant(&mut self, draft: Draft) -> String {
        self.grant_to((TALENT, 0), draft)
    }

    pub(in crate::synth) fn grant_to(
        &mut self,
        (role, document): (usize, usize),
        draft: Draft,
    ) -> String {
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

    pub(in crate::synth) fn pay(&mut self, district: District, grant: &str, yuan: u64, day: Date) {
        let body = json!({
            "grant": grant, "voucher": self.id(), "budget_year": day.year(), "amount": yuan * 100,
            "tier": "district", "paid_on": day,
        });
        self.push(district, MessageType::FundingPayment, body);
    }

    pub(in crate::synth) fn recover(
        &mut self,
        district: District,
        grant: &str,
        yuan: u64,
        day: Date,
    ) {
        let body = json!({
            "grant": grant, "voucher": self.id(), "amount": yuan * 100, "reason": "追回（虚构）",
            "date": day,
        });
        self.push(district, MessageType::FundingRecovery, body);
    }

    pub(in crate::synth) fn stop(&mut self, district: District, grant: &str, last: Month) {
        let body = json!({ "grant": grant, "last_month": last, "reason": "停发（虚构）" });
        self.push(district, MessageType::FundingStop, body);
    }

    pub(in crate::synth) fn sanction(&mut self, district: District, more: Value) {
        let mut body = json!({ "sanction": self.id() });
        merge(&mut body, more);
        self.push(district, MessageType::Sanction, body);
    }

    /// A link of the talent to the other one, or between the talent's two documents. Gives its id.
    pub(in crate::synth) fn link(
        &mut self,
        district: District,
        kind: &str,
        pair: [(usize, usize); 2],
        validity: &Value,
    ) -> String {
        let id = self.id();
        let [a, b] = pair.map(|(role, document)| self.who(role, document));
        let body = json!({
            "link": id, "revision": 1, "kind": kind, "subjects": [a, b],
            "validity": validity, "evidence": "documents-examined",
        });
        self.push(district, MessageType::Link, body);
        id
    }

    /// One person: the first document in the records of `district`, the second, a passport, in those of
    /// `holder`.
    pub(in crate::synth) fn link_with(
        &mut self,
        district: District,
        holder: District,
        pair: [(usize, usize); 2],
        validity: &Value,
    ) {
        let id = self.id();
        let [a, b] = pair.map(|(role, document)| self.who(role, document));
        let body = json!({
            "link": id, "revision": 1, "kind": "same", "subjects": [a, b], "holder": holder.id(),
            "validity": validity, "evidence": "documents-examined",
        });
        self.push(district, MessageType::Link, body);
    }

    /// `district` consents to the link of this story.
    pub(in crate::synth) fn confirm(&mut self, district: District) {
        self.push(district, MessageType::Consent, json!({ "decision": "approve" }));
    }

    pub(in crate::synth) fn hold(&mut self, draft: Draft) -> String {
        let (district, id) = (draft.district, self.id());
        let application = self.application((TALENT, 0), draft);
        let body = json!({ "hold": id, "application": application, "context": self.context(true) });
        self.push(district, MessageType::FundingHold, body);
        id
    }

    pub(in crate::synth) fn check(&mut self, draft: Draft, truth: Truth) {
        self.check_as(0, draft, truth);
    }

    pub(in crate::synth) fn check_as(&mut self, document: usize, draft: Draft, truth: Truth) {
        let district = draft.district;
        let application = self.application((TALENT, document), draft);
        let body = json!({ "context": self.context(false), "application": application });
        let (message, truth) = (MessageType::FundingQuery, Some(truth));
        self.acts.push(Act { district, message, body, truth, look_up: None });
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

    pub(in crate::synth) fn context(&self, purpose: bool) -> Value {
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

pub(super) fn merge(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}
