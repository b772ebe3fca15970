//! `query.entitlement/1`: may a talent use a shared service here? Yes or no and the class, never
//! the records behind it (`policy-rules.md` I092, I118). The rules are `recognition.rule/1` with
//! the purpose `service` that name the services they open.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::alliance::OutsideMember;
use super::answer::{Flag, Outcome, Recognition, RecordFinding, RuleFinding};
use super::effect::RecognitionPurpose;
use super::query::Question;
use super::rule::{ClassRef, LocalMeaning, SourceCheck};
use crate::domain::citation::Citation;
use crate::domain::context::QueryContext;
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, TokenRef};
use crate::domain::text::Text;

/// A service that districts share, from the list that ships with the binary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedService {
    /// Code that queries and rules name.
    pub service: String,
    /// Its name.
    pub name: Text,
    /// Where sharing it is written.
    pub citation: Citation,
}

/// `query.entitlement/1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntitlementQuery<S = TokenRef> {
    /// Why.
    pub context: QueryContext,
    /// The talent.
    pub subject: S,
    /// Code of the service.
    pub service: String,
    /// The district that offers it.
    pub at: ParticipantId,
    /// The day in the world that is asked about.
    pub valid_at: Date,
    /// Size of the log that the answer may rest on: entries at positions below it are known.
    /// Absent means everything that is logged when the answer is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<u64>,
}

impl<S> EntitlementQuery<S> {
    /// The same query with its subject replaced, as records are.
    pub fn map<T, E>(
        self,
        f: &mut impl FnMut(Ref<S>) -> Result<T, E>,
    ) -> Result<EntitlementQuery<T>, E> {
        Ok(EntitlementQuery {
            context: self.context,
            subject: f(Ref::Talent(self.subject))?,
            service: self.service,
            at: self.at,
            valid_at: self.valid_at,
            known_at: self.known_at,
        })
    }

    /// The question behind it: recognition for the purpose `service`, bound to this service.
    /// `known_at` is left to the view that the question is put to.
    pub fn into_question(self) -> Question<S> {
        Question {
            subject: self.subject,
            about: None,
            at: self.at,
            for_purpose: RecognitionPurpose::Service,
            service: Some(self.service),
            valid_at: self.valid_at,
        }
    }
}

/// Yes or no and the class. What it rests on is rules, which are public, never records.
#[expect(
    clippy::struct_excessive_bools,
    reason = "members of a published answer, each of which a reader asks for by itself"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// The service.
    pub service: String,
    /// The district that offers it.
    pub at: ParticipantId,
    /// The day in the world.
    pub valid_at: Date,
    /// Size of the log that the answer rests on.
    pub known_at: u64,
    /// Does a rule open the service, with every precondition proven?
    pub entitled: bool,
    /// Is it "no" only because something is open: a precondition without proof, rules that
    /// contradict each other, a copy that its original contradicts, an example, an objection or suspicion,
    /// or a record of the offering district itself?
    /// Then a person looks before sending away.
    pub person_decides: bool,
    /// Does the talent hold a valid record of the offering district's own authorities? With "no" its own
    /// rules say whether the service is open: recognition speaks of the records of others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_record: bool,
    /// Is it "no" although a rule would open the service, because data say the opposite of what the rule
    /// asks for?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuted: bool,
    /// As which class, by the rule's local meaning or the record's own name. Classes are not
    /// ranked, so every one is listed; in order of their names, once each; empty with "no".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassRef>,
    /// The rules that say yes; with "no" the examples that would, where nothing else speaks of the service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<EntitlementBasis>,
    /// Fellow members of an alliance that do not take part: not in the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_connected: Vec<OutsideMember>,
}

/// A rule that opens a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntitlementBasis {
    /// Id of the rule.
    pub rule: String,
    /// Its revision.
    pub revision: u32,
    /// Document of the rule.
    pub document: String,
    /// Version of the document.
    pub document_version: String,
    /// Article in it.
    pub article: String,
    /// The body that decided.
    pub decided_by: String,
    /// Has the official text not been checked?
    pub source_unchecked: bool,
    /// Is it an example without legal effect?
    pub example: bool,
}

impl From<&RuleFinding> for EntitlementBasis {
    fn from(rule: &RuleFinding) -> Self {
        Self {
            rule: rule.rule.clone(),
            revision: rule.revision,
            document: rule.citation.document.clone(),
            document_version: rule.document_version.clone(),
            article: rule.citation.article.clone(),
            decided_by: rule.decided_by.clone(),
            source_unchecked: rule.source_check != SourceCheck::OfficialText,
            example: rule.is_example(),
        }
    }
}

impl Entitlement {
    /// Do examples alone speak of the service, which have no legal effect?
    pub fn is_example(&self) -> bool {
        !self.basis.is_empty() && self.basis.iter().all(|b| b.example)
    }
}

/// What a recognition for one service comes to; `None` where the question named no service.
pub fn entitlement(recognition: &Recognition) -> Option<Entitlement> {
    let any = |test: &dyn Fn(&RecordFinding) -> bool| recognition.records.iter().any(test);
    let entitled = any(&|r| r.outcome == Outcome::Recognised);
    let open_by_rule = any(&|r| is_open(r) && !r.is_example());
    let mut classes = Vec::new();
    let mut basis = Vec::new();
    for record in &recognition.records {
        let opens = match record.outcome {
            Outcome::Recognised => true,
            _ => record.is_example() && !entitled && !open_by_rule,
        };
        // The first rule decides; those after it agree, or data refute them.
        let rules = record.rules.iter().filter(|r| opens && r.would_recognise());
        for rule in rules {
            classes.extend(entitled.then(|| class_of(record, rule)));
            basis.push(EntitlementBasis::from(rule));
        }
    }
    classes.sort_by(|a, b| (&a.scheme, &a.class).cmp(&(&b.scheme, &b.class)));
    classes.dedup();
    basis.sort();
    basis.dedup();
    Some(Entitlement {
        service: recognition.service.clone()?,
        at: recognition.at.clone(),
        valid_at: recognition.valid_at,
        known_at: recognition.known_at,
        entitled,
        person_decides: !entitled && any(&is_open),
        own_record: any(&RecordFinding::is_own),
        refuted: !entitled
            && any(&RecordFinding::is_refuted)
            && !any(&|r| is_open(r) && !r.is_refuted() && !r.is_example()),
        classes,
        basis,
        not_connected: recognition.not_connected.clone(),
    })
}

fn class_of(record: &RecordFinding, rule: &RuleFinding) -> ClassRef {
    match &rule.local {
        Some(LocalMeaning::Class { class }) => class.clone(),
        _ => ClassRef { scheme: record.scheme.clone(), class: record.class.clone() },
    }
}

/// Could the record still come to a "yes"?
fn is_open(record: &RecordFinding) -> bool {
    let opens = record.rules.iter().any(|r| r.outcome != Outcome::NotRecognised);
    let passing = |f: &Flag| matches!(f, Flag::ObjectionPending | Flag::Suspect);
    match record.outcome {
        Outcome::Conditional => true,
        Outcome::NoRule => {
            let unsettled = |f: &Flag| matches!(f, Flag::RulesConflict | Flag::CopiesDiffer);
            record.flags.iter().any(unsettled) || record.is_own() || record.is_example()
        }
        Outcome::NotValid => opens && record.flags.iter().filter(|f| f.invalidates()).all(passing),
        Outcome::Recognised | Outcome::NotRecognised | Outcome::NoRecord => false,
    }
}
