//! The case itself: what each office does, and what is told of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::explain::Slip;
use talent_gateway::domain::funding::finding::Assessment;
use talent_gateway::domain::funding::message::Application;
use talent_gateway::domain::id::DocumentType;
use talent_gateway::domain::ports::Clock as _;
use talent_gateway::domain::subject::TokenRef;
use talent_gateway::domain::text::Language;
use talent_gateway::evidence::{Bundle, DirectoryPart, SchemaPart};
use talent_gateway::jws::Digest;
use talent_gateway::synth::{Person, people};

use crate::office::{Office, pin, tokeniser};
use crate::page::Page;
use crate::support::{DISTRICTS, Hub, payload};
use crate::wire::Wire;

/// From the hub's start to Monday, 23 November 2026, nine o'clock in Shanghai.
const TO_MONDAY: i64 = 2 * 86_400 + 3_600;
/// From there to 10 December, when the first month is paid.
const TO_PAYDAY: i64 = 17 * 86_400;
const KINDS: [&str; 6] =
    ["funding", "certification", "qualification", "affiliation", "occupancy", "fact"];
/// The policies that the case meets.
const POLICIES: [&str; 3] =
    ["qingpu/housing-rent/D", "jiashan/example-rent", "changning/rent-cash-or-apartment"];

/// Everybody who takes part.
pub struct Story {
    pub page: Page,
    wire: Wire,
    jiashan: Office,
    qingpu: Office,
    changning: Office,
    applicant: Person,
    spouse: Person,
    /// The employer in Qingpu.
    employer: String,
    /// Lines of the reconciliations, by district and kind.
    lines: BTreeMap<(&'static str, &'static str), Vec<String>>,
    _folder: tempfile::TempDir,
}

impl Story {
    /// Offices, agreements, policies and rules: all that was there before the case.
    pub async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut wire = Wire::new(Hub::new(folder.path()).await).await;
        let tokens = tokeniser(&mut wire).await;
        publish(&wire).await;
        wire.hub.clock.advance(TO_MONDAY);
        let office = |name| Office::open(&wire, name, &tokens, folder.path());
        let (jiashan, qingpu) = (office("jiashan"), office("qingpu"));
        let changning = office("changning");
        let living_in = |home: &str| {
            let fits = |p: &Person| {
                p.home.id() == home && p.documents[0].document_type == DocumentType::ResidentId
            };
            people(2026, 64).find(fits).unwrap()
        };
        let (applicant, spouse) = (living_in("jiashan"), living_in("changning"));
        let employer = living_in("qingpu").employer.uscc;
        let mut page = Page::default();
        page.hide(&applicant.documents[0].number, "申请人甲的证件号码");
        page.hide(&spouse.documents[0].number, "配偶乙的证件号码");
        page.hide(&employer, "用人单位的统一社会信用代码");
        page.hide(&applicant.name, "申请人甲的姓名");
        let lines = BTreeMap::new();
        Self {
            page,
            wire,
            jiashan,
            qingpu,
            changning,
            applicant,
            spouse,
            employer,
            lines,
            _folder: folder,
        }
    }

    pub fn applicant(&self) -> Value {
        document(&self.applicant)
    }

    pub fn spouse(&self) -> Value {
        document(&self.spouse)
    }

    pub fn employer(&self) -> Value {
        json!(self.employer)
    }

    pub fn payday(&self) {
        self.wire.hub.clock.advance(TO_PAYDAY);
    }

    fn office(&self, district: &str) -> &Office {
        match district {
            "jiashan" => &self.jiashan,
            "changning" => &self.changning,
            _ => &self.qingpu,
        }
    }

    /// The window sends; whatever needs a second officer gets one.
    pub async fn send(&mut self, district: &'static str, path: &str, body: &Value) -> Value {
        self.wire.hub.clock.advance(60);
        let office = self.office(district);
        let mut reply = office.window(&format!("/local/v1/{path}?wait=20"), body).await;
        if reply["state"] == "parked" {
            let path = format!("/local/v1/pending/{}/approve?wait=20", reply["outbox"]);
            reply = office.reviewer(&path, &json!({})).await;
        }
        let mt = reply["mt"].as_str().unwrap_or_default();
        let kind = if mt == "funding.grant/1" { "funding" } else { mt.trim_end_matches("/1") };
        if let Some(kind) = KINDS.iter().find(|k| **k == kind) {
            let line = format!("{}/0\n", reply["jti"].as_str().unwrap());
            self.lines.entry((district, kind)).or_default().push(line);
        }
        reply
    }

    /// The window sends what must be taken.
    pub async fn done(&mut self, district: &'static str, path: &str, body: &Value) -> Value {
        let reply = self.send(district, path, body).await;
        assert_eq!(reply["http_status"], 200, "{path}: {reply:#}");
        reply
    }

    /// The window asks.
    pub async fn ask(&mut self, district: &'static str, path: &str, body: &Value) -> Value {
        self.wire.hub.clock.advance(60);
        let reply = self.office(district).window(&format!("/local/v1/{path}"), body).await;
        assert_eq!(reply["http_status"], 200, "{path}: {reply:#}");
        reply
    }

    /// Claims of the message that an office sent, as the log has it.
    pub async fn message(&self, district: &str, reply: &Value) -> Value {
        let taken = self.taken(district, reply).await;
        payload(taken["message"].as_str().unwrap())
    }

    async fn taken(&self, district: &str, reply: &Value) -> Value {
        let jti = reply["jti"].as_str().unwrap();
        self.wire.get(district, &format!("/v1/messages/{district}/{jti}")).await
    }

    /// Every district says what it has sent.
    pub async fn reconcile(&mut self) -> Value {
        let mut last = Value::Null;
        for district in DISTRICTS {
            let line = |kind: &&'static str| {
                let mut lines = self.lines.get(&(district, *kind)).cloned().unwrap_or_default();
                lines.sort_unstable();
                json!({
                    "kind": kind,
                    "complete_until": self.wire.hub.clock.now(),
                    "count": lines.len(),
                    "digest": Digest::of(lines.concat()),
                })
            };
            let kinds: Vec<Value> = KINDS.iter().map(line).collect();
            let body = json!({ "kinds": kinds });
            let reply = self.wire.send(district, "reconcile/1", &body).await;
            let items = reply.claims["res"].to_string();
            assert!(reply.problem.is_none() && !items.contains("rejected"), "{district}: {items}");
            if district == "jiashan" {
                last = body;
            }
        }
        last
    }

    /// An auditor's check of one message, from the pinned key alone.
    pub async fn audit(&self, district: &str, reply: &Value) -> Vec<String> {
        let taken = self.taken(district, reply).await;
        let directory = self.wire.get(district, "/v1/directory").await;
        let text = |value: &Value, name: &str| value[name].as_str().map(str::to_owned);
        let message = text(&taken, "message").unwrap();
        let mt = payload(&message)["mt"].as_str().unwrap().to_owned();
        let schema = self.wire.hub.schemas.document(&mt).unwrap();
        let bundle = Bundle {
            message: Some(message),
            reply: text(&taken, "receipt").or(text(&taken, "answer")).unwrap(),
            proof: text(&taken, "proof").unwrap(),
            directory: DirectoryPart {
                earlier: Vec::new(),
                compact: text(&directory, "directory").unwrap(),
                proof: text(&directory, "proof").unwrap(),
            },
            schema: Some(SchemaPart {
                mt: mt.parse().unwrap(),
                uri: schema.uri.to_owned(),
                sha256: Digest(schema.sha256),
                text: schema.text.to_owned(),
            }),
            exported_at: self.wire.hub.clock.now(),
        };
        let file = bundle.to_json().unwrap();
        let report = Bundle::parse(file.as_bytes()).unwrap().verify(&pin()).unwrap();
        let word = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let steps = report.steps.iter().map(|step| {
            let verdict = match word(&json!(step.verdict)).as_str() {
                "holds" => "成立",
                "warning" => "成立，须留意",
                _ => "未核验",
            };
            format!("{verdict}  {}", unhashed(&step.text.zh))
        });
        steps.collect()
    }

    pub async fn end(self) -> Page {
        assert_eq!(self.wire.hub.gateway.check_rebuild().await.unwrap(), []);
        self.page
    }
}

async fn publish(wire: &Wire) {
    let must = async |from: &str, mt: &str, body: &Value| {
        let reply = wire.send(from, mt, body).await;
        assert!(reply.problem.is_none(), "{mt} of {from}: {:?}", reply.problem);
    };
    let grants: Vec<Value> = KINDS
        .iter()
        .map(|kind| {
            let fields = match *kind {
                "qualification" => json!(["object", "scheme", "class"]),
                "certification" => json!(["scheme", "class"]),
                _ => json!([]),
            };
            let purposes = ["funding-check", "recognition"];
            json!({ "kind": kind, "purposes": purposes, "fields": fields })
        })
        .collect();
    let agreement = json!({
        "agreement": "a-1", "revision": 1, "grants": grants,
        "legal_basis": { "document": "数据授权协议（虚构）", "article": "三" },
        "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48,
    });
    for district in DISTRICTS {
        must(district, "agreement/1", &agreement).await;
    }
    let catalogue = Catalogue::embedded().unwrap();
    for policy in catalogue.policies.iter().filter(|p| POLICIES.contains(&p.id.as_str())) {
        must(policy.district.as_str(), "funding.policy/1", &json!(policy)).await;
    }
    for rule in talent_gateway::domain::recognition::rules().unwrap() {
        if rule.recogniser.as_str() == "qingpu" && rule.rule == "zone-2020-title-zhejiang" {
            must("qingpu", "recognition.rule/1", &json!(rule)).await;
        }
    }
}

/// What the officer reads of an assessment.
pub fn slip(application: &Value, told: &Value) -> Vec<String> {
    let catalogue = Catalogue::embedded().unwrap();
    let application: Application<TokenRef> = serde_json::from_value(application.clone()).unwrap();
    let assessment: Assessment = serde_json::from_value(told.clone()).unwrap();
    let title = |rule| catalogue.rule(rule).map(|r| &r.title);
    let policy = catalogue.policy(&application.terms.policy);
    let (application, assessment) = (&application, &assessment);
    Slip { application, policy, assessment, title: &title }.lines(Language::Zh)
}

/// The text without digests, ids and places in the log: they say nothing to a reader, and each
/// change of a schema moves them.
fn unhashed(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let of_run = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let end = rest.find(|c| !of_run(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let run = &rest[..end];
        let hex =
            |n: usize| run.len() == n && run.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        let number = run.chars().all(|c| c.is_ascii_digit()) && run != "0";
        // Minutes and versions stand behind these.
        let inner = out.ends_with([':', '/']);
        out.push_str(match run {
            _ if hex(64) => "〈摘要〉",
            _ if hex(36) => "〈编号〉",
            _ if number && !inner => "〈n〉",
            other => other,
        });
        rest = &rest[end..];
    }
    out
}

/// A person as the office's system names one.
fn document(person: &Person) -> Value {
    let document = &person.documents[0];
    json!({ "document_type": document.document_type, "number": document.number })
}

/// A part of an object: the members named.
pub fn part(value: &Value, members: &[&str]) -> Value {
    let kept = members.iter().filter(|m| !value[**m].is_null());
    Value::Object(kept.map(|m| ((*m).to_owned(), value[*m].clone())).collect())
}
