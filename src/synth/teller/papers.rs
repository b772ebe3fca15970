//! Papers of talents while they are written, and questions about them.

use serde_json::{Map, Value, json};

use super::super::act::Act;
use super::super::look_up::{LookUp, Stated};
use super::super::naive::derive_look_up;
use super::super::plain::District;
use super::{TALENT, Teller};
use crate::domain::recognition::{Effect, Outcome};
use crate::domain::registry::MessageType;

/// A certificate, tie or fact while it is written.
#[derive(Clone, Debug)]
pub(in crate::synth) struct Paper {
    sender: District,
    message: MessageType,
    members: Map<String, Value>,
}

impl Paper {
    /// A qualification that `sender` enters.
    pub(in crate::synth) fn of(sender: District, object: &str, scheme: &str, class: &str) -> Self {
        let members = [("object", object), ("scheme", scheme), ("class", class)];
        Self::new(sender, MessageType::Qualification, &members)
    }

    /// A certification that `sender` enters.
    pub(in crate::synth) fn certified(sender: District, scheme: &str, class: &str) -> Self {
        let members = [("scheme", scheme), ("scheme_version", "2020"), ("class", class)];
        let basis = json!({ "document": "演示数据", "article": "无" });
        Self::new(sender, MessageType::Certification, &members).with("basis", basis)
    }

    /// Where somebody works or is seconded to, as `sender` knows.
    pub(in crate::synth) fn tie(sender: District, mode: &str, to: District) -> Self {
        let region = to.region().to_string();
        Self::new(sender, MessageType::Affiliation, &[("mode", mode), ("region", &region)])
    }

    /// What `sender` says of the talent.
    pub(in crate::synth) fn fact(sender: District, name: &str, value: bool) -> Self {
        let fact = Self::new(sender, MessageType::Fact, &[("about", "talent"), ("name", name)]);
        fact.with("value", json!(value))
    }

    fn new(sender: District, message: MessageType, members: &[(&str, &str)]) -> Self {
        let members = members.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        Self { sender, message, members: members.collect() }
    }

    pub(in crate::synth) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// By the office of this code.
    pub(in crate::synth) fn by_office(self, region: &str) -> Self {
        let name = match region {
            "310000" => "虚构市人力资源和社会保障局",
            "320000" | "330000" => "虚构省人力资源和社会保障厅",
            // Names are kept as they are written and never compared, rare characters too.
            "320584" => "虚构𠮷市人事局",
            _ => "虚构区人力资源和社会保障局",
        };
        self.with("authority", json!({ "name": name, "region": region }))
    }

    pub(in crate::synth) fn seen(self, level: &str) -> Self {
        self.with("attestation", json!({ "level": level, "as_of": "2020-07-01" }))
    }

    /// From a day on, to the last day where there is one.
    pub(in crate::synth) fn valid(self, from: &str, until: Option<&str>) -> Self {
        let mut validity = json!({ "from": from });
        if let Some(until) = until {
            validity["until"] = json!(until);
        }
        self.with("validity", validity)
    }

    /// Nobody states hours before their year has begun, so their data are of the day they count from.
    fn with_data_time(self) -> Self {
        if !self.members.contains_key("hours") {
            return self;
        }
        let member = |of: &str, name: &str| self.members.get(of).and_then(|of| of.get(name));
        let day = member("validity", "from").cloned();
        let level = member("attestation", "level").cloned().unwrap_or_else(|| json!("issued"));
        match day {
            Some(day) => self.with("attestation", json!({ "level": level, "as_of": day })),
            None => self,
        }
    }

    /// As another district files it: the paper was seen, nothing more.
    pub(in crate::synth) fn copied_by(self, sender: District) -> Self {
        Self { sender, ..self }.seen("copy-seen")
    }
}

/// The writer says: this outcome, with this effect.
pub(in crate::synth) fn says(outcome: Outcome, effect: Option<Effect>) -> Stated {
    Stated::Outcome(outcome, effect)
}

impl Teller {
    /// Enters a paper of the talent. Gives its id.
    pub(in crate::synth) fn file(&mut self, paper: Paper) -> String {
        self.file_as((TALENT, 0), paper)
    }

    pub(in crate::synth) fn file_as(&mut self, whom: (usize, usize), paper: Paper) -> String {
        let paper = paper.with_data_time();
        self.record(paper.sender, paper.message, whom, Value::Object(paper.members))
    }

    /// `at` asks whether papers of the talent count there: those of one object, or all.
    pub(in crate::synth) fn ask(
        &mut self,
        (at, purpose, object): (District, &str, Option<&str>),
        day: &str,
        stated: impl Into<Option<Stated>>,
    ) {
        self.ask_as(0, (at, purpose, object), day, stated);
    }

    pub(in crate::synth) fn ask_as(
        &mut self,
        document: usize,
        (at, purpose, object): (District, &str, Option<&str>),
        day: &str,
        stated: impl Into<Option<Stated>>,
    ) {
        let mut body = json!({
            "context": self.context(false),
            "subject": self.who(TALENT, document),
            "at": at.id(), "for_purpose": purpose, "valid_at": day,
        });
        if let Some(object) = object {
            body["about"] = json!({ "object": object });
        }
        self.question((at, MessageType::RecognitionQuery), body, stated);
    }

    /// `at` asks whether a service is open to the talent.
    pub(in crate::synth) fn ask_service(
        &mut self,
        (at, service): (District, &str),
        day: &str,
        stated: impl Into<Option<Stated>>,
    ) {
        let body = json!({
            "context": self.context(false),
            "subject": self.who(TALENT, 0),
            "at": at.id(), "service": service, "valid_at": day,
        });
        self.question((at, MessageType::EntitlementQuery), body, stated);
    }

    fn question(
        &mut self,
        (district, message): (District, MessageType),
        body: Value,
        stated: impl Into<Option<Stated>>,
    ) {
        self.acts.push(Act { district, message, body, truth: None, look_up: None });
        let stated = stated.into();
        let expected = derive_look_up(&self.acts);
        if let Some(act) = self.acts.last_mut() {
            act.look_up = expected.map(|expected| LookUp { expected, stated });
        }
    }
}
