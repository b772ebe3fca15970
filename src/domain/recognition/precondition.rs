//! Which preconditions data prove, which an upload must, which are unknown.

use jiff::civil::Date;

use super::Object;
use super::answer::{PreconditionFinding, Proof};
use super::query::Question;
use super::record::{Credential, Period, Standing};
use super::rule::{ClassRef, Precondition, Requirement};
use super::view::RecognitionView;
use crate::domain::record::life_cycle::State;

impl PreconditionFinding {
    /// Is it proven by data?
    pub fn is_proven(&self) -> bool {
        self.proof == Proof::Proven
    }
}

/// What data say of a requirement: nothing, or yes or no with the evidence.
enum Seen {
    Nothing(Vec<u64>),
    Says(bool, Vec<u64>),
}

/// Evaluates one precondition of a rule on one record.
pub fn evaluate<S>(
    view: &impl RecognitionView<S>,
    question: &Question<S>,
    standing: &Standing<'_>,
    precondition: &Precondition,
) -> PreconditionFinding {
    let (proof, evidence) = match look(view, question, standing, &precondition.need) {
        Seen::Says(true, evidence) => (Proof::Proven, evidence),
        Seen::Says(false, evidence) => (Proof::Refuted, evidence),
        Seen::Nothing(evidence) if precondition.by_upload => (Proof::ToBeUploaded, evidence),
        Seen::Nothing(evidence) => (Proof::Unknown, evidence),
    };
    PreconditionFinding { precondition: precondition.clone(), proof, evidence }
}

fn look<S>(
    view: &impl RecognitionView<S>,
    question: &Question<S>,
    standing: &Standing<'_>,
    need: &Requirement,
) -> Seen {
    let day = question.valid_at;
    let content = standing.content;
    let own = |seen: Option<bool>, wanted: bool| match seen {
        Some(value) => Seen::Says(value == wanted, vec![content.position]),
        None => Seen::Nothing(Vec::new()),
    };
    match need {
        Requirement::Fact { name, value } => fact(view, &question.subject, name, *value, day),
        Requirement::Registered { value } => own(content.registered, *value),
        Requirement::FullTime { value } => own(content.full_time, *value),
        Requirement::Term { at_most_months } => {
            own(content.validity.lasts_at_most(*at_most_months), true)
        }
        Requirement::Attestation { at_least } => {
            // Weaker evidence does not refute; better evidence may follow. Levels are ordered
            // from strong to weak.
            if content.attestation.level <= *at_least {
                Seen::Says(true, vec![content.position])
            } else {
                Seen::Nothing(vec![content.position])
            }
        }
        Requirement::Affiliation { mode, regions } => {
            let evidence: Vec<u64> = view
                .affiliations(&question.subject, *mode)
                .iter()
                .filter(|a| regions.contains(&a.region) && a.validity.contains(day))
                .map(|a| a.position)
                .collect();
            found(evidence)
        }
        Requirement::Holds { object, class } => {
            let all = view.credentials(&question.subject);
            found(all.iter().filter_map(|c| held(c, *object, class, day)).collect())
        }
        Requirement::Document { .. } => Seen::Nothing(Vec::new()),
    }
}

/// Absence proves nothing: what no record shows is not known, it is not refuted.
fn found(evidence: Vec<u64>) -> Seen {
    if evidence.is_empty() { Seen::Nothing(evidence) } else { Seen::Says(true, evidence) }
}

fn fact<S>(
    view: &impl RecognitionView<S>,
    subject: &S,
    name: &str,
    wanted: bool,
    day: Date,
) -> Seen {
    let mut facts = view.facts(subject, name);
    facts.retain(|f| f.validity.contains(day));
    let evidence: Vec<u64> = facts.iter().map(|f| f.position).collect();
    let Some(first) = facts.first() else { return Seen::Nothing(evidence) };
    // Facts that contradict each other leave the matter open.
    if facts.iter().any(|f| f.value != first.value) {
        return Seen::Nothing(evidence);
    }
    Seen::Says(first.value == wanted, evidence)
}

fn held(credential: &Credential, object: Object, class: &ClassRef, day: Date) -> Option<u64> {
    let standing = credential.on(day)?;
    let valid = standing.state == State::Active
        && standing.period == Period::Inside
        && !standing.suspect
        && credential.objections.is_empty();
    let same = credential.object == object
        && standing.content.scheme == class.scheme
        && standing.content.class == class.class;
    (valid && same).then_some(standing.content.position)
}
