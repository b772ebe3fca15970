//! A case file as the messages that carry its facts in production, each on the day when the office
//! would have sent it.

use std::collections::BTreeSet;
use std::convert::Infallible;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use talent_gateway::domain::funding::case_file::{
    CaseFile, CaseGrant, CaseLink, CaseRecord, CaseStep,
};
use talent_gateway::domain::funding::message::{
    Application, ApplicationKind, Grant, Payment, Recovery, SanctionKind,
};
use talent_gateway::domain::link::LinkKind;
use talent_gateway::domain::record::RecordKind;
use talent_gateway::domain::record::life_cycle::{Action, State};
use talent_gateway::domain::subject::{Ref, Token, TokenRef};
use talent_gateway::jws::Digest;

use crate::Named;
use crate::support::region;

/// Digits of the digest of a case's name that begin its ids: enough for thousands of cases.
const LOCAL_DIGITS: usize = 12;

/// One thing that a district does.
pub struct Act {
    pub day: Date,
    pub from: String,
    pub what: What,
}

pub enum What {
    /// A message.
    Send { mt: String, body: Value },
    /// A hold that stays.
    Hold { hold: String, application: Value },
    /// A hold, and the grant that consumes it.
    Grant { application: Value, grant: Value },
    /// A message that takes effect with the consent of others.
    Agree { mt: &'static str, body: Value, consents: BTreeSet<String> },
}

/// One application, asked once everything that the case knows has been sent.
pub struct Question {
    pub day: Date,
    pub from: String,
    /// Name of the case.
    pub case: String,
    pub step: CaseStep,
    /// Id of the hold that it is asked with.
    pub hold: String,
    pub application: Value,
    /// Do others hold in this case?
    pub contested: bool,
    /// Does it lay claim to money, so that it can be held?
    pub claims: bool,
}

/// The acts of a case in the order in which they depend on each other, and its applications.
pub fn translate(Named { name, case }: &Named, first_day: Date) -> (Vec<Act>, Vec<Question>) {
    let asked = case.steps.iter().map(|s| s.application.date).min().unwrap_or(first_day);
    let id = Digest::of(name).to_string().chars().take(LOCAL_DIGITS).collect();
    let links = case.links.iter().filter(|link| link.by_passport);
    let passports = links.map(|link| link.subjects.clone()).collect();
    let mut t = Translation { id, first_day, asked, passports, acts: Vec::new() };
    case.records.iter().for_each(|r| t.record(r));
    case.grants.iter().for_each(|g| t.grant(g));
    for s in &case.sanctions {
        let mut sanction = s.sanction.clone().map(&mut t.tokens()).unwrap();
        sanction.sanction = t.local(&sanction.sanction);
        t.send(s.sanction.start, s.district.as_str(), "integrity.sanction/1", &sanction);
    }
    // What two districts know of one passport nobody has stated.
    for (n, link) in case.links.iter().enumerate().filter(|(_, link)| !link.by_passport) {
        t.link(case, n, link);
    }
    t.objections(case);
    for r in &case.rulings {
        t.send(r.ruling.validity.from, r.district.as_str(), "funding.ruling/1", &r.ruling);
    }
    for rule in &case.joint_rules {
        let mut consents: BTreeSet<String> =
            rule.districts.iter().map(ToString::to_string).collect();
        let proposer = consents.pop_first().unwrap();
        let body = value(rule);
        let what = What::Agree { mt: "funding.joint-rule/1", body, consents };
        t.push(rule.validity.from, &proposer, what);
    }
    // Holds lapse, so they are placed on the day when the first application is asked about.
    for h in &case.holds {
        let application = value(&t.application(&h.application));
        let day = t.acts.iter().map(|a| a.day).max().unwrap_or(asked).max(asked);
        let what = What::Hold { hold: t.local(&h.hold), application };
        t.push(day, h.district.as_str(), what);
    }
    // Facts of any day bear on the applications: these are asked when all of them are in.
    let latest = t.acts.iter().map(|a| a.day).max().unwrap_or(first_day);
    let questions = case.steps.iter().map(|step| {
        let application = &step.application;
        Question {
            day: application.date.max(latest),
            from: owner(application).to_owned(),
            case: name.clone(),
            step: step.clone(),
            hold: t.local(&step.name),
            application: value(&t.application(application)),
            contested: !case.holds.is_empty(),
            claims: matches!(
                application.kind,
                ApplicationKind::Grant | ApplicationKind::Continuation
            ),
        }
    });
    let questions = questions.collect();
    (t.acts, questions)
}

struct Translation {
    /// Tells the case's ids and tokens from those of other cases.
    id: String,
    first_day: Date,
    /// Day of the first application.
    asked: Date,
    /// Labels that are records of one passport.
    passports: Vec<[String; 2]>,
    acts: Vec<Act>,
}

impl Translation {
    fn push(&mut self, day: Date, from: &str, what: What) {
        self.acts.push(Act { day: day.max(self.first_day), from: from.to_owned(), what });
    }

    fn send(&mut self, day: Date, from: &str, mt: &str, body: &impl Serialize) {
        let what = What::Send { mt: mt.to_owned(), body: value(body) };
        self.push(day, from, what);
    }

    /// An id of the case, told apart from the ids of other cases.
    fn local(&self, id: &str) -> String {
        format!("{}.{id}", self.id)
    }

    /// An application as it is sent.
    fn application(&self, of: &Application<String>) -> Application<TokenRef> {
        let mut application = of.clone().map(&mut self.tokens()).unwrap();
        application.terms.top_up_of = application.terms.top_up_of.map(|id| self.local(&id));
        application
    }

    /// The token behind a label: another one in every case and domain.
    fn token(&self, label: Ref<String>) -> TokenRef {
        let pair = match &label {
            Ref::Talent(label) => self.passports.iter().find(|pair| pair.contains(label)),
            Ref::Object(_) => None,
        };
        let text = match label {
            Ref::Talent(label) => format!("{}/talent/{}", self.id, pair.map_or(&label, |p| &p[0])),
            Ref::Object(label) => format!("{}/object/{label}", self.id),
        };
        TokenRef {
            token: Token::from_bytes(*Digest::of(text).as_bytes()),
            epoch: 1,
            composite: pair.is_some(),
        }
    }

    /// [`Self::token`] as bodies are mapped with it.
    fn tokens(&self) -> impl FnMut(Ref<String>) -> Result<TokenRef, Infallible> {
        |label| Ok(self.token(label))
    }

    /// A record; one that is not in force takes a second revision.
    fn record(&mut self, r: &CaseRecord) {
        let record = r.record.clone().map(&mut self.tokens()).unwrap();
        let (day, from) = (record.head().attestation.as_of, r.district.as_str());
        let (kind, id) = (record.kind().as_str(), self.local(&record.head().record));
        let mut body = value(&record)[kind].take();
        let last = match r.state {
            State::Active => None,
            State::Suspended => Some(Action::Suspend),
            State::Revoked => Some(Action::Revoke),
        };
        for (revision, action) in (1..).zip([Some(Action::Issue), last].into_iter().flatten()) {
            body["record"] = json!(id);
            body["revision"] = json!(revision);
            body["action"] = json!(action);
            self.send(day, from, &format!("{kind}/1"), &body);
        }
    }

    /// A grant from its hold on, with its payments, its stop and its recoveries.
    fn grant(&mut self, g: &CaseGrant) {
        let (from, day) = (g.district.as_str(), g.grant.decided_on);
        let mut grant: Grant<TokenRef> = g.grant.clone().map(&mut self.tokens()).unwrap();
        grant.grant = self.local(&grant.grant);
        grant.terms.top_up_of = grant.terms.top_up_of.map(|id| self.local(&id));
        let application = Application {
            kind: ApplicationKind::Grant,
            terms: grant.terms.clone(),
            date: day,
            amount: Some(grant.approved),
            case_facts: Vec::new(),
        };
        grant.hold = Some(format!("{}.hold", grant.grant));
        let what = What::Grant { application: value(&application), grant: value(&grant) };
        self.push(day, from, what);
        for p in &g.payments {
            let p = Payment { grant: grant.grant.clone(), ..p.clone() };
            self.send(p.paid_on.max(day), from, "funding.payment/1", &p);
        }
        if let Some(last_month) = g.stopped {
            let body = json!({ "grant": grant.grant, "last_month": last_month, "reason": "示例" });
            let day = last_month.last_day().min(self.asked).max(day);
            self.send(day, from, "funding.stop/1", &body);
        }
        for r in &g.recoveries {
            let r = Recovery { grant: grant.grant.clone(), ..r.clone() };
            self.send(r.date.max(day), from, "funding.recovery/1", &r);
        }
    }

    /// Objections to what the case has under objection, raised where the application is judged, once
    /// everything is in.
    fn objections(&mut self, case: &CaseFile) {
        let from = case.steps.first().map_or("qingpu", |s| owner(&s.application)).to_owned();
        let mut objected = Vec::new();
        for g in case.grants.iter().filter(|g| g.objected) {
            let subject = Ref::Talent(g.grant.terms.subject.clone());
            objected.push((&g.district, "funding", &g.grant.grant, subject));
        }
        for r in case.records.iter().filter(|r| r.objected) {
            let head = r.record.head();
            let subject = if r.record.is_about_enterprise() { Ref::Object } else { Ref::Talent };
            let subject = subject(head.subject.clone());
            objected.push((&r.district, r.record.kind().as_str(), &head.record, subject));
        }
        for s in case.sanctions.iter().filter(|s| s.objected) {
            let sanction = &s.sanction;
            let subject = match sanction.kind {
                SanctionKind::PersonDebarred | SanctionKind::PersonRecorded => Ref::Talent,
                SanctionKind::EmployerBarred | SanctionKind::EmployerRecorded => Ref::Object,
            };
            let subject = subject(sanction.subject.clone());
            objected.push((&s.district, "sanction", &sanction.sanction, subject));
        }
        let day = self.acts.iter().map(|a| a.day).max().unwrap_or(self.first_day);
        for (n, (district, kind, record, subject)) in objected.into_iter().enumerate() {
            let body = json!({
                "objection": self.local(&format!("o-{n}")),
                "case": "YY-2026-0001",
                "record": { "owner": district, "kind": kind, "record": self.local(record) },
                "subject": self.token(subject),
                "reason": "wrong-content",
                "received_on": day,
                "operator": { "id": "op-1", "role": "window" },
            });
            self.send(day, &from, "objection/1", &body);
        }
    }

    /// A link, by the district that judges the application. It needs records of both persons: where
    /// the case has none, the office has seen their documents, and says so.
    fn link(&mut self, case: &CaseFile, n: usize, link: &CaseLink) {
        let from = case.steps.first().map_or("qingpu", |s| owner(&s.application)).to_owned();
        let day = link.validity.from.max(self.first_day);
        for (k, subject) in link.subjects.iter().enumerate() {
            let known = case.records.iter().any(|r| {
                r.district.as_str() == from
                    && r.record.kind() != RecordKind::Fact
                    && r.record.head().subject == *subject
                    && r.record.head().attestation.as_of <= day
            });
            if !known {
                let fact = json!({
                    "record": self.local(&format!("seen-{n}-{k}")),
                    "revision": 1,
                    "action": "issue",
                    "subject": self.token(Ref::Talent(subject.clone())),
                    "authority": { "name": "人力资源和社会保障局", "region": region(&from) },
                    "attestation": { "level": "verified-at-source", "as_of": day },
                    "validity": { "from": day },
                    "about": "talent",
                    "name": "identity-documents-examined",
                    "value": true,
                });
                self.send(day, &from, "fact/1", &fact);
            }
        }
        let operators = [("op-1", "window"), ("op-2", "reviewer")];
        let signed = if link.confirmed || link.kind != LinkKind::Same { 2 } else { 1 };
        let operators: Vec<Value> = operators[..signed]
            .iter()
            .map(|(id, role)| json!({ "id": id, "role": role }))
            .collect();
        let subjects = link.subjects.clone().map(|s| self.token(Ref::Talent(s)));
        let body = json!({
            "link": self.local(&format!("l-{n}")),
            "revision": 1,
            "kind": link.kind,
            "subjects": subjects,
            "validity": link.validity,
            "evidence": if link.kind == LinkKind::Spouse { "register" } else { "documents-examined" },
            "operators": operators,
        });
        let consents = match link.kind {
            LinkKind::Same if link.confirmed => holders(case, link, &from),
            _ => BTreeSet::new(),
        };
        // Consent is due from whoever holds something of either person: last among the facts.
        let day = self.acts.iter().map(|a| a.day).max().unwrap_or(day).max(day);
        self.push(day, &from, What::Agree { mt: "subject.link/1", body, consents });
    }
}

/// The other districts that hold something of either person.
fn holders(case: &CaseFile, link: &CaseLink, from: &str) -> BTreeSet<String> {
    let of = |subject: &String| link.subjects.contains(subject);
    let records = case.records.iter().filter(|r| of(&r.record.head().subject));
    let grants = case.grants.iter().filter(|g| of(&g.grant.terms.subject));
    let sanctions = case.sanctions.iter().filter(|s| of(&s.sanction.subject));
    let all = records.map(|r| &r.district).chain(grants.map(|g| &g.district));
    let all = all.chain(sanctions.map(|s| &s.district));
    all.map(ToString::to_string).filter(|d| d != from).collect()
}

/// The district whose policy is applied under.
fn owner<S>(application: &Application<S>) -> &str {
    application.terms.policy.id.split('/').next().unwrap()
}

fn value(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap()
}
