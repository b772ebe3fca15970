//! What is kept of an answer that was given, so that a later change can find it: a digest of what
//! was told, and the topics that it rests on. Never the content.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::funding::project_key;
use super::table::Key;
use crate::domain::funding::assess::COVERAGE;
use crate::domain::funding::message::{Application, NumberRef, PolicyRef};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::Body;
use crate::domain::subject::{Ref, SubjectId, TokenRef};
use crate::jws::Digest;

/// Member of an answer's body that tells of records of whoever may be the same person.
pub const POSSIBLY_SAME: &str = "possibly_same";

/// Something that answers rest on and messages change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// A person, an employer or an object.
    Subject(SubjectId),
    /// A project.
    Project(NumberRef),
    /// The question that recognition rules answer: receiving district, purpose, object, scheme,
    /// class.
    Rule([String; 5]),
    /// Every version of a policy.
    Policy(String),
    /// A shared service: the district that offers it, and its code.
    Service([String; 2]),
    /// An open question.
    Question(String),
    /// What a district has sent.
    District(ParticipantId),
    /// Benefits in two districts.
    CrossDistrict,
}

impl Topic {
    /// Keys of what belongs to the topic start with this.
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Subject(subject) => Key::new().byte(b's').number(subject.0),
            Self::Project(project) => project_key(Key::new().byte(b'p'), project),
            Self::Rule(parts) => parts.iter().fold(Key::new().byte(b'r'), |key, p| key.text(p)),
            Self::Policy(id) => Key::new().byte(b'y').text(id),
            Self::Service([at, code]) => Key::new().byte(b'v').text(at).text(code),
            Self::Question(id) => Key::new().byte(b'q').text(id),
            Self::District(id) => Key::new().byte(b'd').text(id.as_str()),
            Self::CrossDistrict => Key::new().byte(b'x'),
        }
    }
}

/// An answer as a review compares and finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The asker's case number.
    pub case: String,
    /// Id of the hold whose assessment it is.
    pub hold: Option<String>,
    /// The policy that was applied under, for an assessment.
    pub policy: Option<PolicyRef>,
    /// SHA-256 of what was told, without words, evidence and coverage: an answer that differs in
    /// these alone has not changed.
    pub sha256: String,
    /// Persons, employers and objects that were asked about.
    pub subjects: Vec<Ref<TokenRef>>,
    /// The other topics.
    pub topics: Vec<Topic>,
    /// Does it keep to itself whose records it rests on? Then the tables say so.
    pub unnamed: bool,
}

impl Given {
    /// From a question and the body of its answer, or the assessment in a hold's receipt; `None`
    /// where the answer does not change, or is no answer that is looked at again.
    pub fn of(body: &Body, told: &Value) -> Option<Self> {
        match body {
            Body::RecognitionQuery(q) if q.known_at.is_none() => {
                let whole = told;
                let told = told.get("recognition")?;
                Some(Self {
                    case: q.context.case.clone(),
                    hold: None,
                    policy: None,
                    sha256: digest(&beside(recognised(told), whole)),
                    subjects: vec![Ref::Talent(q.subject)],
                    topics: rule_topics(told),
                    unnamed: false,
                })
            }
            Body::EntitlementQuery(q) if q.known_at.is_none() => Some(Self {
                case: q.context.case.clone(),
                hold: None,
                policy: None,
                sha256: digest(&beside(entitled(told.get("entitlement")?), told)),
                subjects: vec![Ref::Talent(q.subject)],
                topics: vec![Topic::Service([q.at.as_str().to_owned(), q.service.clone()])],
                unnamed: true,
            }),
            Body::FundingQuery(q) if q.known_at.is_none() => {
                Some(Self::assessed(&q.context.case, &q.application, told.get("assessment")?))
            }
            Body::FundingHold(hold) => {
                let given = Self::assessed(&hold.context.case, &hold.application, told);
                Some(Self { hold: Some(hold.hold.clone()), ..given })
            }
            _ => None,
        }
    }

    fn assessed(case: &str, application: &Application, told: &Value) -> Self {
        let terms = &application.terms;
        let mut subjects = vec![Ref::Talent(terms.subject)];
        subjects.extend(terms.employer.map(Ref::Object));
        subjects.extend(terms.objects.iter().map(|o| Ref::Object(o.object)));
        let mut topics = vec![Topic::Policy(terms.policy.id.clone())];
        topics.extend(terms.project.clone().map(Topic::Project));
        topics.extend(finding_topics(told));
        topics.sort();
        topics.dedup();
        Self {
            case: case.to_owned(),
            hold: None,
            policy: Some(terms.policy.clone()),
            sha256: assessed_digest(told),
            subjects,
            topics,
            unnamed: false,
        }
    }
}

/// Digest of what of an assessment counts.
pub fn assessed_digest(told: &Value) -> String {
    digest(&findings(told))
}

fn digest(told: &Value) -> String {
    Digest::of(told.to_string()).to_string()
}

/// What of an assessment counts: its findings and what is missing, but for coverage, which time
/// alone changes.
fn findings(told: &Value) -> Value {
    const MEMBERS: [&str; 9] = [
        "rule",
        "class",
        "reason",
        "outcome",
        "months",
        "arithmetic",
        "readings",
        "questions",
        "hint",
    ];
    let findings: Vec<Value> = each(told, "findings").map(|f| pick(f, &MEMBERS)).collect();
    let missing: Vec<Value> = each(told, "missing")
        .filter(|m| m.get("what").and_then(Value::as_str) != Some(COVERAGE))
        .map(|m| pick(m, &["what", "from", "months"]))
        .collect();
    json!([findings, missing])
}

/// What of a recognition counts.
fn recognised(told: &Value) -> Value {
    let records: Vec<Value> = each(told, "records")
        .map(|record| {
            let rules: Vec<Value> = each(record, "rules")
                .map(|rule| {
                    let proofs: Vec<Value> =
                        each(rule, "preconditions").map(|p| pick(p, &["proof"])).collect();
                    json!([pick(rule, &["rule", "effect", "outcome", "local"]), proofs])
                })
                .collect();
            json!([pick(record, &["sender", "record", "outcome", "flags"]), rules])
        })
        .collect();
    json!([pick(told, &["outcome", "hours"]), records])
}

/// What of an entitlement counts: yes or no, the classes, and the rules that say so.
fn entitled(told: &Value) -> Value {
    let basis: Vec<Value> = each(told, "basis").map(|rule| pick(rule, &["rule"])).collect();
    json!([pick(told, &["entitled", "person_decides", "classes"]), basis])
}

/// With those who may be the same person, where there are any.
fn beside(counts: Value, told: &Value) -> Value {
    let same: Vec<Value> =
        each(told, POSSIBLY_SAME).map(|line| pick(line, &["district", "why", "kinds"])).collect();
    if same.is_empty() { counts } else { json!([counts, same]) }
}

fn rule_topics(told: &Value) -> Vec<Topic> {
    let text = |value: &Value, name| {
        value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut topics: Vec<Topic> = each(told, "records")
        .map(|record| {
            Topic::Rule([
                text(told, "at"),
                text(told, "for_purpose"),
                text(record, "object"),
                text(record, "scheme"),
                text(record, "class"),
            ])
        })
        .collect();
    topics.extend(each(told, "records").filter_map(|record| district(record, "sender")));
    topics.sort();
    topics.dedup();
    topics
}

fn finding_topics(told: &Value) -> Vec<Topic> {
    let mut topics = Vec::new();
    for finding in each(told, "findings") {
        let questions = each(finding, "questions").filter_map(Value::as_str);
        topics.extend(questions.map(|q| Topic::Question(q.to_owned())));
        for evidence in each(finding, "evidence") {
            topics.extend(district(evidence, "district"));
            if evidence.get("what").and_then(Value::as_str) == Some("ruling") {
                let id = evidence.get("id").and_then(Value::as_str);
                topics.extend(id.map(|id| Topic::Question(id.to_owned())));
            }
        }
        if finding.get("rule").and_then(Value::as_str) == Some("R05") {
            topics.push(Topic::CrossDistrict);
        }
    }
    let noted = each(told, "noted").filter_map(|n| n.get("question").and_then(Value::as_str));
    topics.extend(noted.map(|q| Topic::Question(q.to_owned())));
    topics
}

fn district(value: &Value, member: &str) -> Option<Topic> {
    value.get(member).and_then(Value::as_str)?.parse().ok().map(Topic::District)
}

fn each<'v>(value: &'v Value, list: &str) -> impl Iterator<Item = &'v Value> {
    value.get(list).and_then(Value::as_array).into_iter().flatten()
}

fn pick(value: &Value, members: &[&str]) -> Value {
    members.iter().map(|m| value.get(m).cloned().unwrap_or_default()).collect()
}
