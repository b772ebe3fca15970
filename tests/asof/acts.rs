//! Everything that can change an answer about one person, one act each.

use std::path::Path;

use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::participant::ParticipantId;
use talent_gateway::domain::recognition::rules;
use talent_gateway::domain::subject::TokenRef;
use talent_gateway::gateway::Reply;

use super::support::{self, DISTRICTS, Hub, certification, context, id, payload, rule, token};

pub const RENT: &str = "qingpu/housing-rent/D";
const RENTS: [&str; 3] = [RENT, "jiashan/example-rent", "wujiang/example-rent"];

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Certify,
    Tier,
    Rule,
    Reconcile,
    ReconcileAgain,
    Grant,
    Pay,
    Recover,
    Stop,
    StopEarlier,
    Hold,
    Release,
    HoldThatExpires,
    Expire,
    Link,
    LinkConsent,
    LinkOfOthers,
    LinkWithdrawn,
    Spouse,
    Objection,
    ObjectionOutcome,
    Sanction,
    Ruling,
    JointRule,
    JointConsent,
    JointTakenBack,
    NewPolicy,
    Outcome,
    Suspend,
    Revoke,
    RuleWithdrawn,
    Move,
    Leak,
}

/// Every act, in an order in which each has an effect.
pub const ACTS: [Act; 33] = [
    Act::Certify,
    Act::Tier,
    Act::Rule,
    Act::Reconcile,
    Act::ReconcileAgain,
    Act::Grant,
    Act::Pay,
    Act::Recover,
    Act::Hold,
    Act::Release,
    Act::HoldThatExpires,
    Act::Expire,
    Act::Link,
    Act::LinkConsent,
    Act::Objection,
    Act::ObjectionOutcome,
    Act::Ruling,
    Act::JointRule,
    Act::JointConsent,
    Act::JointTakenBack,
    Act::Stop,
    Act::StopEarlier,
    Act::NewPolicy,
    Act::Outcome,
    Act::Suspend,
    Act::Sanction,
    Act::LinkOfOthers,
    Act::LinkWithdrawn,
    Act::Spouse,
    Act::Revoke,
    Act::RuleWithdrawn,
    Act::Move,
    Act::Leak,
];

pub async fn hub(dir: &Path) -> Hub {
    let hub = Hub::new(dir).await;
    let catalogue = Catalogue::embedded().unwrap();
    for policy in catalogue.policies.iter().filter(|p| RENTS.contains(&p.id.as_str())) {
        taken(&hub.send(policy.district.as_str(), "funding.policy/1", &json!(policy)).await);
    }
    for owner in DISTRICTS {
        taken(&hub.send(owner, "agreement/1", &agreement(owner, 1)).await);
    }
    hub.add_key("jiashan", "message-2", 99).await;
    let shipped = rules().unwrap().into_iter().find(|r| r.rule == "example-jiaxing-medical");
    taken(&hub.send("wujiang", "recognition.rule/1", &json!(shipped.unwrap())).await);
    hub
}

/// A district lets everybody use everything.
pub fn agreement(_owner: &str, revision: u32) -> Value {
    let kinds = ["funding", "certification", "qualification", "affiliation", "occupancy", "fact"];
    let purposes = ["funding-check", "recognition", "service"];
    let grants: Vec<Value> = kinds
        .iter()
        .map(|kind| json!({ "kind": kind, "purposes": purposes, "fields": ["class"] }))
        .collect();
    json!({
        "agreement": "a1", "revision": revision, "grants": grants,
        "legal_basis": { "document": "示范区互认办法", "article": "一" },
        "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
    })
}

pub fn taken(reply: &Reply) {
    assert_eq!(reply.refusal, None);
}

fn operators() -> Value {
    json!([{ "id": "op-1", "role": "window" }, { "id": "op-2", "role": "reviewer" }])
}

/// A finding of an answer is excluded.
pub fn outcome(answer: &Value, finding: &Value) -> Value {
    json!({
        "assessment": { "jti": answer["jti"], "position": answer["log"]["index"] },
        "finding": finding, "outcome": "excluded", "reason": "months-do-not-meet",
        "operators": operators()
    })
}

pub fn tier(revision: u32, action: &str, from: &str) -> Value {
    let mut body = certification("tier", revision, action, token(1));
    body["scheme"] = json!("jiaxing-talent");
    body["scheme_version"] = json!("2023");
    body["class"] = json!("高级");
    body["authority"] = json!({ "name": "嘉善县人才办（测试）", "region": "330421" });
    body["validity"] = json!({ "from": from, "until": "2028-12-31" });
    body
}

fn reconcile(hub: &Hub, count: u32) -> Value {
    use talent_gateway::domain::ports::Clock as _;
    json!({ "kinds": [{
        "kind": "certification", "complete_until": hub.clock.now().0, "count": count,
        "digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    }] })
}

fn hold(id: &str, hours: i64, hub: &Hub) -> Value {
    use talent_gateway::domain::ports::Clock as _;
    json!({
        "hold": id, "expires": hub.clock.now().0 + hours * 3_600,
        "context": context("funding-check"),
        "application": {
            "kind": "grant", "policy": { "id": "jiashan/example-rent", "version": 1 },
            "subject": token(1), "beneficiary": "person",
            "months": { "first": "2026-12", "last": "2027-11" },
            "date": "2026-11-21", "amount": { "monthly": 100_000 }
        }
    })
}

fn grant() -> Value {
    json!({
        "grant": "g1", "policy": { "id": "jiashan/example-rent", "version": 1 },
        "subject": token(1), "beneficiary": "person",
        "months": { "first": "2026-12", "last": "2027-11" },
        "approved": { "monthly": 100_000 }, "schedule": "monthly", "decided_on": "2026-11-21",
        "payers": [{ "tier": "district", "payer": "县财政（测试）", "share": { "percent": 100 } }],
        "fiscal_source": "县人才发展资金",
        "override": { "reason": "补录历史资助", "operators": operators() }
    })
}

fn link(link: &str, revision: u32, kind: &str, subjects: [TokenRef; 2]) -> Value {
    json!({
        "link": link, "revision": revision, "kind": kind, "subjects": subjects,
        "validity": { "from": "2026-01-01" }, "evidence": "documents-examined",
        "operators": operators()
    })
}

fn stop(last_month: &str) -> Value {
    json!({ "grant": "g1", "last_month": last_month, "reason": "离职（测试）" })
}

/// What consents name: the message of `from` at its last log position.
async fn last_of(hub: &Hub, from: &str, mt: &str) -> Option<Value> {
    let (from, mt) = (id(from), mt.to_owned());
    let jti = hub
        .gateway
        .read_blocking(move |log| {
            let entries = log.entries(0, usize::MAX)?;
            let of = |iss: &ParticipantId, name: &str| *iss == from && name == mt;
            Ok(entries.into_iter().rev().find(|e| of(&e.iss, &e.mt)).map(|e| (e.iss, e.jti)))
        })
        .await
        .unwrap();
    jti.map(|(iss, jti)| json!({ "iss": iss, "jti": jti }))
}

async fn consent(hub: &Hub, mt: &str, proposer: &str, by: &str, decision: &str) {
    if let Some(target) = last_of(hub, proposer, mt).await {
        let body = json!({ "target": target, "decision": decision, "date": "2026-11-20" });
        hub.send_either(by, "consent/1", &body).await;
    }
}

impl Act {
    /// May it change none of the answers?
    pub fn is_silent(self) -> bool {
        // A proposal binds nobody yet.
        matches!(self, Self::JointRule)
    }

    /// Lets it happen; in some orders it is refused, which is an entry of the log too.
    pub async fn play(self, hub: &Hub) {
        hub.clock.advance(60);
        match self {
            Self::Expire => {
                hub.clock.advance(30 * 3_600);
                hub.gateway.tick().await.unwrap();
            }
            Self::LinkConsent => {
                consent(hub, "subject.link/1", "jiashan", "wujiang", "approve").await;
            }
            Self::JointConsent => {
                consent(hub, "funding.joint-rule/1", "qingpu", "jiashan", "approve").await;
            }
            Self::JointTakenBack => {
                consent(hub, "funding.joint-rule/1", "qingpu", "jiashan", "withdraw").await;
            }
            Self::Move => {
                let row = hub.gateway.directory().participant(&id("wujiang")).unwrap().body.clone();
                let moved = talent_gateway::domain::directory::ParticipantBody {
                    revision: row.revision + 1,
                    contact: "neu@wujiang.example".to_owned(),
                    kind: talent_gateway::domain::directory::ParticipantKind::Tokeniser,
                    ..row
                };
                hub.gateway.enrol(&moved).await.unwrap();
            }
            Self::Leak => {
                let revoke = json!({
                    "action": "revoke", "kid": "jiashan#message-1", "revoked_from": support::START,
                    "suspect_from": support::START, "reason": "leaked"
                });
                taken(&hub.send_with("jiashan", "message-2", "key/1", &revoke).await);
            }
            Self::Outcome => {
                // So many that the rule only hints from here on.
                for _ in 0..30 {
                    let (by, mt, question) = super::questions().remove(0);
                    let answer = payload(&hub.send(by, mt, &question).await.compact);
                    let finding = &answer["body"]["assessment"]["findings"][0]["id"];
                    if finding.is_string() {
                        hub.send(by, "finding.outcome/1", &outcome(&answer, finding)).await;
                    }
                }
            }
            _ => self.send(hub).await,
        }
    }

    async fn send(self, hub: &Hub) {
        // Who is linked is known first, to those whose word is then needed.
        let known = match self {
            Self::Certify => Some(("wujiang", "c2", 2)),
            Self::LinkOfOthers => Some(("jiashan", "c3", 3)),
            Self::Spouse => Some(("qingpu", "c4", 4)),
            _ => None,
        };
        if let Some((by, record, n)) = known {
            let body = certification(record, 1, "issue", token(n));
            hub.send_either(by, "certification/1", &body).await;
        }
        let message =
            self.of_ledger(hub).or_else(|| self.of_person(hub)).or_else(|| self.of_rules());
        let (from, mt, body) = message.unwrap();
        hub.send_either(from, mt, &body).await;
    }

    fn of_ledger(self, hub: &Hub) -> Option<(&'static str, &'static str, Value)> {
        let (mt, body) = match self {
            Self::Grant => ("funding.grant/1", grant()),
            Self::Pay => (
                "funding.payment/1",
                json!({
                    "grant": "g1", "voucher": "v1", "budget_year": 2026,
                    "months": { "first": "2026-12", "last": "2027-02" },
                    "amount": 300_000, "tier": "district", "paid_on": "2026-11-22"
                }),
            ),
            Self::Recover => (
                "funding.recovery/1",
                json!({
                    "grant": "g1", "voucher": "r1", "amount": 100_000, "reason": "error",
                    "months": { "first": "2027-01", "last": "2027-01" }, "date": "2026-11-22"
                }),
            ),
            Self::Stop => ("funding.stop/1", stop("2027-06")),
            Self::StopEarlier => ("funding.stop/1", stop("2027-03")),
            Self::Hold => ("funding.hold/1", hold("h1", 72, hub)),
            Self::Release => {
                ("funding.release/1", json!({ "hold": "h1", "reason": "撤回（测试）" }))
            }
            Self::HoldThatExpires => ("funding.hold/1", hold("h2", 24, hub)),
            _ => return None,
        };
        Some(("jiashan", mt, body))
    }

    fn of_person(self, hub: &Hub) -> Option<(&'static str, &'static str, Value)> {
        Some(match self {
            Self::Certify => {
                ("qingpu", "certification/1", certification("c1", 1, "issue", token(1)))
            }
            Self::Tier => ("jiashan", "certification/1", tier(1, "issue", "2026-01-01")),
            Self::Suspend => ("jiashan", "certification/1", tier(2, "suspend", "2026-11-01")),
            Self::Revoke => ("jiashan", "certification/1", tier(3, "revoke", "2026-11-02")),
            Self::Reconcile => ("wujiang", "reconcile/1", reconcile(hub, 7)),
            Self::ReconcileAgain => ("wujiang", "reconcile/1", reconcile(hub, 8)),
            Self::Link => {
                ("jiashan", "subject.link/1", link("same", 1, "same", [token(1), token(2)]))
            }
            // The link turns out to have been about somebody else.
            Self::LinkOfOthers => {
                ("jiashan", "subject.link/1", link("same", 2, "same", [token(3), token(1)]))
            }
            Self::LinkWithdrawn => {
                let mut body = link("same", 3, "same", [token(3), token(1)]);
                body["withdrawn"] = json!(true);
                ("jiashan", "subject.link/1", body)
            }
            Self::Spouse => {
                ("qingpu", "subject.link/1", link("spouse", 1, "spouse", [token(1), token(4)]))
            }
            Self::Objection => (
                "qingpu",
                "objection/1",
                json!({
                    "objection": "o1", "case": "YY-1", "subject": token(1),
                    "record": { "owner": "jiashan", "kind": "certification", "record": "tier" },
                    "reason": "wrong-content", "received_on": "2026-11-20",
                    "operator": { "id": "op-1", "role": "window" }
                }),
            ),
            Self::ObjectionOutcome => (
                "jiashan",
                "objection.outcome/1",
                json!({
                    "objection": { "by": "qingpu", "objection": "o1" }, "decision": "rejected",
                    "reason": "matches-source", "decided_on": "2026-11-21", "operators": operators()
                }),
            ),
            _ => return None,
        })
    }

    fn of_rules(self) -> Option<(&'static str, &'static str, Value)> {
        let (mt, body) = match self {
            Self::Rule => ("recognition.rule/1", rule(1, false)),
            Self::RuleWithdrawn => ("recognition.rule/1", rule(2, true)),
            Self::Sanction => (
                "integrity.sanction/1",
                json!({
                    "sanction": "s1", "kind": "person-debarred", "subject": token(1),
                    "start": "2026-01-01", "end": { "years": 3 }, "ground": 1,
                    "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）4" }
                }),
            ),
            Self::Ruling => (
                "funding.ruling/1",
                json!({
                    "question": "Q01", "reading": "separate", "validity": { "from": "2026-01-01" },
                    "citation": { "document": "答复（虚构）", "article": "一" }
                }),
            ),
            Self::JointRule => (
                "funding.joint-rule/1",
                json!({
                    "rule": "jr1", "districts": ["qingpu", "jiashan"], "effect": "one-only",
                    "validity": { "from": "2026-01-01" },
                    "citation": { "document": "联合规则（虚构）", "article": "一" }
                }),
            ),
            Self::NewPolicy => {
                let catalogue = Catalogue::embedded().unwrap();
                let policy = catalogue.policies.iter().find(|p| p.id == RENT).unwrap();
                let mut policy = json!(policy);
                policy["version"] = json!(2);
                ("funding.policy/1", policy)
            }
            _ => return None,
        };
        Some(("qingpu", mt, body))
    }
}

impl Hub {
    /// Sends under the key that is left: that of Jiashan may have leaked.
    async fn send_either(&self, from: &str, mt: &str, body: &Value) {
        if from == "jiashan" {
            self.send_with(from, "message-2", mt, body).await;
        } else {
            self.send(from, mt, body).await;
        }
    }
}
