//! The six districts play the acts of many cases in the order of their days, on one gateway, over
//! mutual TLS.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::finding::Assessment;
use talent_gateway::domain::funding::message::PolicyStatus;
use talent_gateway::domain::ports::Clock as _;
use talent_gateway::domain::record::RecordKind;
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::jws::Digest;

use crate::Named;
use crate::support::{DISTRICTS, Hub, context};
use crate::translate::{Act, Question, What, translate};
use crate::wire::{Signed, Wire};

/// The first day of the exchange; what is older was sent on it.
const FIRST_DAY: Date = jiff::civil::date(2019, 12, 1);
/// A fortnight: longer than a case takes.
const HOLD_SECONDS: i64 = 14 * 86_400;

/// What came of one application.
pub struct Outcome {
    pub case: String,
    pub step: String,
    pub asked: &'static str,
    pub verdict: String,
    pub articles: BTreeSet<String>,
    pub differences: Vec<String>,
}

/// What a day brings: acts first, then applications.
#[derive(Default)]
struct Day {
    acts: Vec<Act>,
    questions: Vec<Question>,
}

pub struct Play {
    wire: Wire,
    /// Districts whose data are in.
    covered: BTreeSet<&'static str>,
    /// Lines of the next reconciliations, by district and kind.
    lines: BTreeMap<(String, String), Vec<String>>,
    outcomes: Vec<Outcome>,
    refused: Vec<String>,
}

/// Plays cases together; gives what came of every application, and what was refused.
pub async fn play(cases: &[Named]) -> (Vec<Outcome>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::new(Hub::since(folder.path(), morning(FIRST_DAY)).await).await;
    let uncovered = |name: &str| {
        cases
            .iter()
            .flat_map(|c| &c.case.districts)
            .any(|d| d.district.as_str() == name && !d.covered)
    };
    let covered = DISTRICTS.into_iter().filter(|d| !uncovered(d)).collect();
    let mut play =
        Play { wire, covered, lines: BTreeMap::new(), outcomes: Vec::new(), refused: Vec::new() };
    play.publish(cases).await;
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    for case in cases {
        let (acts, questions) = translate(case, FIRST_DAY);
        for act in acts {
            days.entry(act.day).or_default().acts.push(act);
        }
        for question in questions {
            days.entry(question.day).or_default().questions.push(question);
        }
    }
    for (day, Day { acts, questions }) in days {
        let now = play.wire.hub.clock.now();
        play.wire.hub.clock.set(now.max(morning(day)));
        for act in &acts {
            play.act(act).await;
        }
        if !questions.is_empty() {
            play.reconcile().await;
        }
        for question in questions {
            play.ask(question).await;
        }
    }
    assert_eq!(play.wire.hub.gateway.check_rebuild().await.unwrap(), []);
    (play.outcomes, play.refused)
}

/// Record kinds that agreements and reconciliations speak of.
fn kinds() -> impl Iterator<Item = &'static str> {
    RecordKind::ALL.into_iter().map(RecordKind::as_str).chain(["funding"])
}

/// Nine o'clock in Shanghai.
fn morning(day: Date) -> UtcSeconds {
    let at = day.at(1, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
    UtcSeconds(at.timestamp().as_second())
}

impl Play {
    async fn send(&mut self, from: &str, mt: &str, body: &Value) -> Signed {
        self.wire.hub.clock.advance(1);
        self.wire.send(from, mt, body).await
    }

    /// Sends what must be taken; a refusal fails the test at its end, with all others.
    async fn must(&mut self, from: &str, mt: &str, body: &Value) -> Signed {
        let reply = self.send(from, mt, body).await;
        if let Some(problem) = &reply.problem {
            let (code, errors) = (&problem["code"], &problem["errors"]);
            self.refused.push(format!("{mt} of {from} was refused: {code} {errors}\n{body}"));
            return reply;
        }
        let kind = mt.split('/').next().unwrap_or_default();
        let kind = if kind == "funding.grant" { "funding" } else { kind };
        let lines = self.lines.entry((from.to_owned(), kind.to_owned())).or_default();
        lines.push(format!("{}/0\n", reply.jti));
        reply
    }

    /// Agreements, and policies each by the district whose they are.
    async fn publish(&mut self, cases: &[Named]) {
        let grants: Vec<Value> = kinds()
            .map(|kind| json!({ "kind": kind, "purposes": ["funding-check"], "fields": [] }))
            .collect();
        let agreement = json!({
            "agreement": "a-1", "revision": 1, "grants": grants,
            "legal_basis": { "document": "示范区互认办法", "article": "一" },
            "validity": { "from": FIRST_DAY }, "residence": "hub", "max_age_hours": 36,
        });
        for district in DISTRICTS {
            self.must(district, "agreement/1", &agreement).await;
        }
        let catalogue = Catalogue::embedded().unwrap();
        let shipped = catalogue.policies.iter().filter(|p| p.status != PolicyStatus::Draft);
        let mut published: BTreeSet<(&str, u32)> = BTreeSet::new();
        for policy in shipped.chain(cases.iter().flat_map(|c| &c.case.policies)) {
            let new = published.insert((&policy.id, policy.version));
            if new && DISTRICTS.contains(&policy.district.as_str()) {
                self.must(policy.district.as_str(), "funding.policy/1", &json!(policy)).await;
            }
        }
    }

    async fn act(&mut self, act: &Act) {
        let from = act.from.as_str();
        match &act.what {
            What::Send { mt, body } => {
                self.must(from, mt, body).await;
            }
            What::Hold { hold, application } => {
                self.hold(from, &json!(hold), application).await;
            }
            What::Grant { application, grant } => self.grant(from, application, grant).await,
            What::Agree { mt, body, consents } => {
                let target = self.must(from, mt, body).await.jti;
                for district in consents {
                    let body = json!({
                        "target": { "iss": from, "jti": target }, "decision": "approve",
                        "date": act.day,
                    });
                    self.must(district, "consent/1", &body).await;
                }
            }
        }
    }

    /// Holds, then grants; against findings, and beyond what a cap leaves, only with a reason and two
    /// operators.
    async fn grant(&mut self, from: &str, application: &Value, grant: &Value) {
        let (receipt, id) = self.hold(from, &grant["hold"], application).await;
        let held = &receipt.claims["res"];
        let mut grant = grant.clone();
        grant["hold"] = id;
        let mild = ["CLEAR", "CLEAR-COND"];
        let verdict = held["assessment"]["verdict"].as_str();
        let clean = held["hold"] == "first" && verdict.is_some_and(|v| mild.contains(&v));
        if !clean && grant.get("override").is_none() {
            grant["override"] = json!({
                "reason": "个案材料由经办单位另行核实",
                "operators": [{ "id": "op-1", "role": "window" }, { "id": "op-2", "role": "reviewer" }],
            });
        }
        self.must(from, "funding.grant/1", &grant).await;
    }

    async fn hold(&mut self, from: &str, id: &Value, application: &Value) -> (Signed, Value) {
        let hold = json!({
            "hold": id,
            "application": application,
            "expires": self.wire.hub.clock.now().plus_seconds(HOLD_SECONDS),
            "context": context_of(id.as_str().unwrap_or_default()),
        });
        (self.must(from, "funding.hold/1", &hold).await, id.clone())
    }

    /// Every district says what it has sent, so that its data count as complete.
    async fn reconcile(&mut self) {
        for district in self.covered.clone() {
            let kinds: Vec<Value> = kinds()
                .map(|kind| {
                    let key = (district.to_owned(), kind.to_owned());
                    let mut lines = self.lines.get(&key).cloned().unwrap_or_default();
                    lines.sort_unstable();
                    json!({
                        "kind": kind,
                        "complete_until": self.wire.hub.clock.now(),
                        "count": lines.len(),
                        "digest": Digest::of(lines.concat()),
                    })
                })
                .collect();
            let reply = self.must(district, "reconcile/1", &json!({ "kinds": kinds })).await;
            let items = reply.claims["res"]["items"].to_string();
            assert!(!items.contains("rejected"), "{district} counts otherwise: {items}");
        }
    }

    /// Asks; and holds what can be held, which must come out the same.
    async fn ask(&mut self, question: Question) {
        let from = question.from.as_str();
        let context = context_of(&question.case);
        let body = json!({ "context": context, "application": question.application });
        let answer = self.must(from, "query.funding/1", &body).await;
        self.compare(&question, "query.funding/1", &answer.claims["body"]["assessment"]);
        if question.claims {
            let (receipt, id) = self.hold(from, &json!(question.hold), &question.application).await;
            let held = &receipt.claims["res"];
            // Another's open hold is a finding of a query, and the rank of a hold.
            if question.contested && held["hold"] == "contested" {
                assert!(!held["assessment"]["against"].as_array().unwrap().is_empty());
            } else {
                assert_eq!(held["hold"], "first", "{}", question.case);
                self.compare(&question, "funding.hold/1", &held["assessment"]);
            }
            let body = json!({ "hold": id, "reason": "示例" });
            self.must(from, "funding.release/1", &body).await;
        }
    }

    fn compare(&mut self, question: &Question, asked: &'static str, told: &Value) {
        let Ok(assessment) = serde_json::from_value::<Assessment>(told.clone()) else {
            self.refused.push(format!("{} {}: no assessment", question.case, question.step.name));
            return;
        };
        let expect = question.step.expect.as_ref().unwrap();
        let cited = assessment.findings.iter().flat_map(|f| f.citations.iter());
        self.outcomes.push(Outcome {
            case: question.case.clone(),
            step: question.step.name.clone(),
            asked,
            verdict: told["verdict"].as_str().unwrap().to_owned(),
            articles: cited.map(ToString::to_string).collect(),
            differences: expect.differences(&assessment),
        });
    }
}

/// Each case has a number of its own: one number stands for a bounded number of subjects a day.
fn context_of(case: &str) -> Value {
    let letters = case.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40);
    let mut context = context("funding-check");
    context["case"] = json!(format!("LC-{}", letters.collect::<String>()));
    context
}
