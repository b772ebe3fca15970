//! Is a recognition case one that the gateway could hold? Each revision is put into the body of the
//! message that would have brought it and goes through the same schema and the same functions, so that
//! no case shows an outcome on records that no log takes. What a case may leave out (a scheme version,
//! a subject's token) is filled in; the schema of cases was published with it and stays as it is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Catalogue;
use super::case_check::contradiction;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::{
    Alliances, Credential, Holdings, Object, Question, RecognitionCase, RecognitionPurpose,
    Revision, Word, rules,
};
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::subject::TokenRef;
use crate::domain::time::Validity;
use crate::schema::Registry;

/// A fictitious token; the talents of a case have labels.
const TOKEN: &str = "ZmljdGl0aW91cyB0b2tlbiBuby4gMS4uLi4uLi4uLi4";
/// A scheme version that the case leaves out.
const UNSTATED: &str = "unstated";
/// A region for the office of a fact or tie, which a case does not name and nothing asks for.
const ANYWHERE: &str = "310000";

impl Catalogue {
    /// Everything that is wrong with the rules, the records and the question of a case which fits its
    /// schema; empty when it can be answered. Pointers go into the file.
    pub fn check_recognition_case(
        &self,
        registry: &Registry,
        case: &RecognitionCase,
    ) -> Vec<Refusal> {
        let mut found = self.rules_of(case);
        found.extend(self.question_of(case));
        let mut seen = BTreeSet::new();
        for (i, talent) in case.talents.iter().enumerate() {
            for (j, credential) in talent.holdings.credentials.iter().enumerate() {
                let place = format!("/talents/{i}/holdings/credentials/{j}");
                if !seen.insert(id_of(credential)) {
                    let taken = Refusal::new(Code::RecordTaken);
                    found.push(taken.at(format!("{place}/record"), "a new id"));
                }
                found.extend(chain_of(credential, &place));
                for (k, revision) in credential.revisions.iter().enumerate() {
                    let checked = self.revision(registry, credential, revision);
                    let place = format!("{place}/revisions/{k}");
                    found.extend(checked.err().map(|refusal| refusal.moved(&place)));
                }
            }
            found.extend(self.words_of(
                registry,
                &talent.holdings,
                &format!("/talents/{i}/holdings"),
            ));
        }
        found
    }

    /// What is said of a talent beside records: facts and ties, each as the message that would have brought
    /// it, and one word of each sender about each fact.
    fn words_of(&self, registry: &Registry, holdings: &Holdings, place: &str) -> Vec<Refusal> {
        let mut found = Vec::new();
        for (j, fact) in holdings.facts.iter().enumerate() {
            let members = json!({ "about": "talent", "name": fact.name, "value": fact.value });
            let body = word_body(&fact.word, fact.validity, members);
            let place = format!("{place}/facts/{j}");
            let checked = self.message(registry, "fact/1", (fact.word.sender.as_ref(), &body));
            found.extend(checked.err().map(|refusal| refusal.moved(&place)));
            let before = holdings.facts.iter().take(j).enumerate();
            let contrary = before.filter(|(_, other)| {
                fact.word.sender.is_some()
                    && other.word.sender == fact.word.sender
                    && !other.word.suspect
                    && !fact.word.suspect
                    && other.statement().contradicts(&fact.statement())
            });
            found.extend(contrary.map(|(k, _)| {
                let other = format!("/facts/{k}");
                contradiction("/body/value", &other).moved(&place)
            }));
        }
        for (j, tie) in holdings.affiliations.iter().enumerate() {
            let members = json!({ "mode": tie.mode, "region": tie.region });
            let body = word_body(&tie.word, tie.validity, members);
            let place = format!("{place}/affiliations/{j}");
            let checked =
                self.message(registry, "affiliation/1", (tie.word.sender.as_ref(), &body));
            found.extend(checked.err().map(|refusal| refusal.moved(&place)));
        }
        found
    }

    /// The rules of the case, with the alliances that it brings.
    fn rules_of(&self, case: &RecognitionCase) -> Vec<Refusal> {
        let alliances = self.alliances.all().iter().chain(&case.alliances).cloned();
        let alliances = Alliances::new(alliances);
        let rules = case.rules.iter().enumerate();
        let wrong = rules.filter_map(|(i, logged)| {
            let refusal = self.check_recognition_rule(&logged.rule, &alliances).err()?;
            Some(refusal.under(&format!("/rules/{i}/rule")))
        });
        wrong.collect()
    }

    /// Is the receiving district somebody whom the catalogue, an alliance or a rule names? A slip of the
    /// pen would otherwise come out as “no rule”.
    fn is_known(&self, case: &RecognitionCase) -> bool {
        // Rules that cannot be read are reported where they are loaded.
        let shipped = rules().unwrap_or_default();
        let funders = self.policies.iter().map(|p| &p.district);
        let alliances = self.alliances.all().iter().chain(&case.alliances);
        let members = alliances.flat_map(|a| &a.members).filter_map(|m| m.participant.as_ref());
        let own = case.rules.iter().map(|logged| &logged.rule);
        let recognisers = shipped.iter().chain(own).map(|rule| &rule.recogniser);
        funders.chain(members).chain(recognisers).any(|known| *known == case.question.at)
    }

    /// The question is about somebody, and asks for what there is.
    fn question_of(&self, case: &RecognitionCase) -> Vec<Refusal> {
        let Question { subject, about, for_purpose, service, .. } = &case.question;
        let without_scheme =
            about.as_ref().is_some_and(|about| about.class.is_some() && about.scheme.is_none());
        let unknown = service.as_ref().is_some_and(|code| self.service(code).is_none());
        let other = service.is_some() && *for_purpose != RecognitionPurpose::Service;
        let checks = [
            (
                case.talents.iter().all(|talent| talent.label != *subject),
                Code::SubjectUnknown,
                ("/question/subject", "a label of the case"),
            ),
            (
                without_scheme,
                Code::SchemaViolation,
                ("/question/about/scheme", "the scheme of the class"),
            ),
            (unknown, Code::ServiceUnknown, ("/question/service", "a service of the list")),
            (other, Code::PurposeNotAllowed, ("/question/for_purpose", "service")),
        ];
        let wrong = checks.into_iter().filter(|(is, ..)| *is);
        let wrong = wrong.map(|(_, code, (at, expected))| Refusal::new(code).at(at, expected));
        let expected = "a district of the catalogue, of an alliance or of a rule";
        let nobody = Refusal::new(Code::NotFound).at("/question/at", expected).detail(
            "接收地不是目录、联盟或规则中的区",
            "nobody in the catalogue, an alliance or a rule is called so",
        );
        wrong.chain((!self.is_known(case)).then_some(nobody)).collect()
    }

    fn revision(
        &self,
        registry: &Registry,
        credential: &Credential,
        revision: &Revision,
    ) -> Result<(), Refusal> {
        if credential.object != Object::Certification {
            let body = body(credential, revision, None);
            return self.message(registry, "qualification/1", (Some(&credential.sender), &body));
        }
        // A version that the case leaves out is any that takes the class.
        let versions = if let Some(version) = &revision.scheme_version {
            vec![version.as_str()]
        } else {
            let known = self.schemes.versions(&revision.scheme).iter();
            known.filter_map(|s| s.version.as_deref()).chain([UNSTATED]).collect()
        };
        let mut first = None;
        for version in versions {
            let body = body(credential, revision, Some(version));
            match self.message(registry, "certification/1", (Some(&credential.sender), &body)) {
                Ok(()) => return Ok(()),
                Err(refusal) => first = first.or(Some(refusal)),
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// What the gate asks of the message.
    fn message(
        &self,
        registry: &Registry,
        kind: &str,
        (sender, body): (Option<&ParticipantId>, &Value),
    ) -> Result<(), Refusal> {
        if let Some(schema) = registry.get(kind) {
            schema.check(body)?;
        }
        let unread = |_| Refusal::from(Code::SchemaViolation);
        let body = body.clone();
        let record: Record<TokenRef> = match kind {
            "certification/1" => {
                Record::Certification(serde_json::from_value(body).map_err(unread)?)
            }
            "fact/1" => Record::Fact(serde_json::from_value(body).map_err(unread)?),
            "affiliation/1" => Record::Affiliation(serde_json::from_value(body).map_err(unread)?),
            _ => Record::Qualification(serde_json::from_value(body).map_err(unread)?),
        };
        self.check_content(&record)?;
        self.check_classes(&record, sender)
    }
}

/// The message that would have brought a word. A case names no record and no office for it; without a level
/// it counts as issued.
fn word_body(word: &Word, validity: Validity, members: Value) -> Value {
    let issued = json!({ "level": "issued", "as_of": validity.from });
    let mut body = json!({
        "record": "case", "revision": 1, "action": "issue",
        "subject": { "token": TOKEN, "epoch": 1 },
        "authority": { "name": "case", "region": ANYWHERE },
        "attestation": word.attestation.map_or(issued, |attestation| json!(attestation)),
        "validity": validity,
    });
    if let (Some(object), Value::Object(members)) = (body.as_object_mut(), members) {
        object.extend(members);
    }
    body
}

/// Ids are unique per sender and kind of message.
fn id_of(credential: &Credential) -> (&ParticipantId, bool, &str) {
    (&credential.sender, credential.object == Object::Certification, &credential.record)
}

/// Revisions follow each other as they were logged, and as the life of a record lets them.
fn chain_of(credential: &Credential, place: &str) -> Option<Refusal> {
    let (mut standing, mut position) = (None, None);
    for ((k, revision), number) in credential.revisions.iter().enumerate().zip(1..) {
        let at = |code, member: &str, expected: &str| {
            Some(Refusal::new(code).at(format!("{place}/revisions/{k}/{member}"), expected))
        };
        if revision.revision != number {
            let is_known = revision.revision < number;
            let code = if is_known { Code::RevisionStale } else { Code::RevisionGap };
            return at(code, "revision", &number.to_string());
        }
        if position.is_some_and(|before| revision.position <= before) {
            return at(Code::RevisionStale, "position", "after the revision before");
        }
        let next = State::after(standing, revision.action);
        if next.is_none() {
            let code = match standing {
                Some(State::Revoked) => Code::RecordClosed,
                None => Code::RecordUnknown,
                Some(_) => Code::RecordState,
            };
            return at(code, "action", "an action that the state allows");
        }
        (standing, position) = (next, Some(revision.position));
    }
    None
}

/// The message that would have brought the revision.
fn body(credential: &Credential, revision: &Revision, version: Option<&str>) -> Value {
    let mut body = json!({
        "record": credential.record, "revision": revision.revision, "action": revision.action,
        "subject": { "token": TOKEN, "epoch": 1 }, "authority": revision.authority,
        "attestation": revision.attestation, "validity": revision.validity,
        "scheme": revision.scheme, "class": revision.class,
    });
    let members = match version {
        Some(version) => vec![
            ("scheme_version", json!(version)),
            ("basis", json!({ "document": "case", "article": "-" })),
        ],
        None => vec![("object", json!(credential.object))],
    };
    // A member that the kind does not know is refused by its schema.
    let marks = [
        ("registered", json!(revision.registered)),
        ("full_time", json!(revision.full_time)),
        ("hours", json!(revision.hours)),
        ("issued_on", json!(revision.issued_on)),
    ];
    for (member, value) in members.into_iter().chain(marks) {
        if let Some(object) = body.as_object_mut().filter(|_| !value.is_null()) {
            object.insert(member.to_owned(), value);
        }
    }
    body
}
