//! Plays the scenario through the connectors. Acts of one story keep their order; the districts
//! work side by side.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::anyhow;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::output::progress;
use super::office::{Answered, Office};
use crate::catalogue::Catalogue;
use crate::domain::funding::message::PolicyStatus;
use crate::domain::recognition::{self, Entitlement, Recognition, RecordFinding};
use crate::domain::registry::{Class, MessageType};
use crate::domain::time::UtcSeconds;
use crate::service::system_ports;
use crate::synth::{self, Act, LookUps, Score, Story, prelude};

/// Records in one bulk message.
const BULK: usize = 100;
/// Looks into a feed for an entry that has to come, and the pause between them: a minute in all.
const FEED_LOOKS: usize = 600;
const FEED_PAUSE: Duration = Duration::from_millis(100);

/// How long a hold of a story lives: until somebody looks around.
const HOLD_SECONDS: i64 = 86_400;

/// What was moved and found.
#[derive(Debug, Default, Serialize)]
pub struct Played {
    /// Generated talents.
    pub talents: usize,
    /// Messages by type.
    pub messages: BTreeMap<String, u32>,
    /// Records inside bulk messages by kind.
    pub records: BTreeMap<String, u32>,
    /// Messages that were refused.
    pub refused: u32,
    /// Districts and kinds of which the gateway counts something else than the connector.
    pub mismatched: Vec<String>,
    /// The first refusals, code and place, without content.
    pub problems: Vec<String>,
    /// Look-ups of recognition and services against ground truth.
    pub look_ups: LookUps,
    /// Funding checks against ground truth.
    pub funding: Score,
    /// A few findings in words, as an officer reads them (zh).
    pub samples: Vec<String>,
}

/// Stories and those who play them.
pub struct Play<'a> {
    offices: &'a [Office],
    catalogue: &'a Catalogue,
    stories: &'a [Story],
    now: UtcSeconds,
    today: Date,
    played: Played,
    /// What consents to the link of a story name.
    links: BTreeMap<usize, Value>,
    /// How far each office's feed was read, and what of it nobody has acted on.
    feeds: BTreeMap<usize, (u64, Vec<Value>)>,
}

impl<'a> Play<'a> {
    pub(super) fn new(
        offices: &'a [Office],
        catalogue: &'a Catalogue,
        stories: &'a [Story],
    ) -> Self {
        let now = system_ports().clock.now();
        let played = Played { talents: stories.len(), ..Played::default() };
        Self {
            offices,
            catalogue,
            stories,
            now,
            today: now.date_cst(),
            played,
            links: BTreeMap::new(),
            feeds: BTreeMap::new(),
        }
    }

    /// Plays everything.
    pub(super) async fn run(mut self) -> anyhow::Result<Played> {
        self.reconcile().await?;
        self.publish().await?;
        self.joint_rule().await?;
        let rounds = self.stories.iter().map(|s| s.acts.len()).max().unwrap_or(0);
        let steps: usize = self.stories.iter().map(|s| s.acts.len()).sum();
        let bar = progress(u64::try_from(steps).unwrap_or(0), "playing");
        for round in 0..rounds {
            self.records(round).await?;
            for story in self.stories {
                if let Some(act) = story.acts.get(round) {
                    self.act(story, act).await?;
                    bar.inc(1);
                }
            }
        }
        bar.finish_and_clear();
        self.reconcile().await?;
        Ok(self.played)
    }

    /// Records of a round, in bulk by district and kind.
    async fn records(&mut self, round: usize) -> anyhow::Result<()> {
        let mut bulks: BTreeMap<(usize, &'static str), Vec<Value>> = BTreeMap::new();
        let acts = self.stories.iter().filter_map(|s| s.acts.get(round));
        for act in acts.filter(|a| a.message.class() == Class::Record) {
            let at = self.office(act.district.id())?;
            bulks.entry((at, act.message.name())).or_default().push(act.body.clone());
        }
        for ((at, kind), items) in bulks {
            for chunk in items.chunks(BULK) {
                self.bulk(at, kind, chunk).await?;
            }
        }
        Ok(())
    }

    /// One bulk message of records.
    async fn bulk(&mut self, at: usize, kind: &'static str, items: &[Value]) -> anyhow::Result<()> {
        let body = json!({ "items": items });
        let path = format!("/local/v1/messages/{kind}/1?wait=20");
        let reply = self.offices[at].post(&path, &body).await?;
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        *self.played.records.entry(kind.to_owned()).or_default() += count;
        self.count(&format!("{kind}/1"), &reply);
        Ok(())
    }

    async fn act(&mut self, story: &Story, act: &Act) -> anyhow::Result<()> {
        let at = self.office(act.district.id())?;
        match act.message {
            // Sent in bulk before.
            message if message.class() == Class::Record => {}
            MessageType::FundingQuery => self.check(at, story, act).await?,
            MessageType::RecognitionQuery | MessageType::EntitlementQuery => {
                self.look_up(at, story, act).await?;
            }
            MessageType::Consent => self.confirm(story.index, at).await?,
            MessageType::FundingHold => {
                let mut body = act.body.clone();
                body["expires"] = json!(self.now.plus_seconds(HOLD_SECONDS));
                self.two_operators(at, act.message.as_str(), &body).await?;
            }
            message => {
                let jti = self.two_operators(at, message.as_str(), &act.body).await?;
                let Some(jti) = jti else { return Ok(()) };
                if message == MessageType::Link {
                    let target = json!({ "iss": self.offices[at].id, "jti": jti });
                    self.links.insert(story.index, target);
                }
            }
        }
        Ok(())
    }

    /// Asks before paying and compares the answer with the truth.
    async fn check(&mut self, at: usize, story: &Story, act: &Act) -> anyhow::Result<()> {
        let reply = self.offices[at].post(&act.path(), &act.body).await?;
        self.count("query.funding/1", &reply);
        let Some(truth) = act.truth.as_ref().filter(|_| reply.is_ok()) else { return Ok(()) };
        let assessment = &reply.body["result"]["assessment"];
        self.played.funding.add_answer((story.index, story.kind), truth, assessment);
        for finding in assessment["findings"].as_array().into_iter().flatten() {
            let rule = finding["rule"].as_str().unwrap_or("?");
            let outcome = finding["outcome"].as_str().unwrap_or("?");
            if outcome != "CLEAR" {
                let text = finding["text"]["zh"].as_str().unwrap_or_default();
                self.sample(&format!("{rule} {outcome}"), text);
            }
        }
        Ok(())
    }

    /// The other district that holds records confirms a link: its feed says that one awaits it, with
    /// the message to consent to and the record of its own by which its officers find the file.
    async fn confirm(&mut self, story: usize, at: usize) -> anyhow::Result<()> {
        let Some(target) = self.links.get(&story).cloned() else { return Ok(()) };
        let told = self.told(at, "link-awaits-consent", &target).await?;
        let own = told["concerns"].as_str().unwrap_or("?").to_owned();
        self.sample("关联待确认", &format!("动态第 {} 条：涉及本单位记录 {own}", told["seq"]));
        let body = json!({ "target": target, "decision": "approve", "date": self.today });
        let reply = self.offices[at].post("/local/v1/messages/consent/1?wait=20", &body).await?;
        self.count("consent/1", &reply);
        Ok(())
    }

    /// The feed entry of an office that names `target`, once its connector has it.
    async fn told(&mut self, at: usize, change: &str, target: &Value) -> anyhow::Result<Value> {
        for _ in 0..FEED_LOOKS {
            let (after, seen) = self.feeds.entry(at).or_default();
            let page = self.offices[at].feed(*after).await?.body;
            *after = page["next"].as_u64().unwrap_or(*after);
            seen.extend(page["entries"].as_array().into_iter().flatten().cloned());
            if let Some(i) =
                seen.iter().position(|e| e["change"] == change && e["target"] == *target)
            {
                return Ok(seen.swap_remove(i));
            }
            tokio::time::sleep(FEED_PAUSE).await;
        }
        Err(anyhow!("the feed of {} does not tell of {change}", self.offices[at].id))
    }

    /// An act that two operators must stand for: submitted at the window, approved by the reviewer.
    async fn two_operators(
        &mut self,
        at: usize,
        mt: &str,
        body: &Value,
    ) -> anyhow::Result<Option<String>> {
        let office = &self.offices[at];
        let path = format!("/local/v1/messages/{mt}");
        let mut reply = office.post(&format!("{path}?wait=20"), body).await?;
        if reply.body["state"] == "parked" {
            let id = reply.body["outbox"].as_i64().unwrap_or_default();
            reply = office.approve(&format!("/local/v1/pending/{id}/approve?wait=20")).await?;
        }
        Ok(self.count(mt, &reply))
    }

    /// Policies and recognition rules, each by the district whose they are.
    async fn publish(&mut self) -> anyhow::Result<()> {
        let policies: Vec<(String, Value)> = self
            .catalogue
            .policies
            .iter()
            .filter(|p| p.status != PolicyStatus::Draft)
            .map(|p| (p.district.to_string(), json!(p)))
            .collect();
        let examples = prelude::policies().into_iter().map(|(d, body)| (d.id().to_owned(), body));
        let policies: Vec<(String, Value)> = policies.into_iter().chain(examples).collect();
        let rules = recognition::rules()?;
        let rules = rules.iter().map(|r| (r.recogniser.to_string(), json!(r)));
        let invented =
            prelude::recognition_rules().into_iter().map(|(d, r)| (d.id().to_owned(), r));
        let rules: Vec<(String, Value)> = rules.chain(invented).collect();
        let bar = progress(u64::try_from(policies.len() + rules.len()).unwrap_or(0), "publishing");
        for (mt, items) in [("funding.policy/1", policies), ("recognition.rule/1", rules)] {
            for (district, body) in items {
                bar.inc(1);
                let Ok(at) = self.office(&district) else { continue };
                let path = format!("/local/v1/messages/{mt}?wait=20");
                let reply = self.offices[at].post(&path, &body).await?;
                self.count(mt, &reply);
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// The joint rule that some stories need: proposed by one district, in effect once the others
    /// consent.
    async fn joint_rule(&mut self) -> anyhow::Result<()> {
        let (proposes, body) = prelude::joint_rule();
        let at = self.office(proposes.id())?;
        let mt = MessageType::FundingJointRule.as_str();
        let Some(jti) = self.two_operators(at, mt, &body).await? else { return Ok(()) };
        let target = json!({ "iss": self.offices[at].id, "jti": jti });
        let consent = json!({ "target": target, "decision": "approve", "date": self.today });
        for district in body["districts"].as_array().into_iter().flatten() {
            let at = self.office(district.as_str().unwrap_or_default())?;
            if district == proposes.id() {
                continue;
            }
            let path = "/local/v1/messages/consent/1?wait=20";
            let reply = self.offices[at].post(path, &consent).await?;
            self.count("consent/1", &reply);
        }
        Ok(())
    }

    /// Does what one district certified count in another? Compares the answer with the truth.
    async fn look_up(&mut self, at: usize, story: &Story, act: &Act) -> anyhow::Result<()> {
        let reply = self.offices[at].post(&act.path(), &act.body).await?;
        self.count(act.message.as_str(), &reply);
        let Some(truth) = act.look_up.as_ref().filter(|_| reply.is_ok()) else { return Ok(()) };
        let result = &reply.body["result"];
        let (heading, found) = if act.message == MessageType::EntitlementQuery {
            let answer: Entitlement = serde_json::from_value(result["entitlement"].clone())?;
            let heading = if answer.entitled { "服务 yes" } else { "服务 no" };
            (heading.to_owned(), synth::Answered::from(&answer))
        } else {
            let answer: Recognition = serde_json::from_value(result["recognition"].clone())?;
            // The effect of the record that leads to the outcome.
            let best = answer.records.iter().find(|r| r.outcome == answer.outcome);
            let effect = best.and_then(RecordFinding::effect).map(|e| json!(e));
            let words = [Some(json!(answer.outcome)), effect];
            let words: Vec<&str> = words.iter().flatten().filter_map(Value::as_str).collect();
            (format!("互认 {}", words.join(" ")), synth::Answered::from(&answer))
        };
        let name = (story.index, story.look_up_kind());
        self.played.look_ups.add(name, act.district.id(), &truth.expected, &found);
        if let Some(text) = result["text"]["zh"].as_str() {
            self.sample(&heading, text);
        }
        Ok(())
    }

    /// Every district says what it has sent, so that answers can say what they cover. Its connector
    /// counts; where the gateway counts something else, the demo has failed.
    async fn reconcile(&mut self) -> anyhow::Result<()> {
        for at in 0..self.offices.len() {
            let office = &self.offices[at];
            let reply = office.post("/local/v1/reconcile?wait=20", &json!({})).await?;
            let id = office.id.clone();
            self.count("reconcile/1", &reply);
            let lines = reply.body["kinds"].as_array().cloned().unwrap_or_default();
            for line in lines.iter().filter(|line| line["matched"] != json!(true)) {
                let kind = line["kind"].as_str().unwrap_or("?");
                self.played.mismatched.push(format!("{id} {kind}"));
            }
        }
        Ok(())
    }

    /// Counts a message; the id of one that was taken.
    fn count(&mut self, mt: &str, reply: &Answered) -> Option<String> {
        *self.played.messages.entry(mt.to_owned()).or_default() += 1;
        if reply.is_ok() {
            return reply.body["jti"].as_str().map(str::to_owned);
        }
        self.played.refused += 1;
        if self.played.problems.len() < 8 {
            let code = reply.body["code"].as_str().unwrap_or("?");
            let errors = &reply.body["errors"];
            self.played.problems.push(format!("{mt}: {} {code} {errors}", reply.status));
        }
        None
    }

    /// Keeps the words of one answer per heading, for the report.
    fn sample(&mut self, heading: &str, text: &str) {
        let known = self.played.samples.iter().any(|s| s.starts_with(heading));
        if !known {
            self.played.samples.push(format!("{heading}  {}", text.trim()));
        }
    }

    fn office(&self, id: &str) -> anyhow::Result<usize> {
        let at = self.offices.iter().position(|o| o.id.as_str() == id);
        at.ok_or_else(|| anyhow!("the demo has no district {id}"))
    }
}
