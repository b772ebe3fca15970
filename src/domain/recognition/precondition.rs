//! Which preconditions data prove, which an upload must, which are unknown.

use jiff::civil::Date;

use super::answer::{PreconditionFinding, Proof, SetAside, SetAsideReason, Source};
use super::copies::{Ended, by_original};
use super::effect::Effect;
use super::places::is_first_hand;
use super::query::Question;
use super::record::{Credential, Standing};
use super::rule::{ClassRef, Precondition, Requirement, is_same_region};
use super::view::{RecognitionView, SeenAffiliation, SeenFact, Word};
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::record::credence::{is_checked, may_say, may_tie};
use crate::domain::record::life_cycle::{Action, AttestationLevel};
use crate::domain::time::Validity;

impl PreconditionFinding {
    /// Is it proven by data?
    pub fn is_proven(&self) -> bool {
        self.proof == Proof::Proven
    }
}

impl SetAside {
    /// Is it a record that is there and does not hold on the day?
    fn is_of_standing(&self) -> bool {
        self.reasons.iter().any(|reason| reason.is_of_standing())
    }

    /// Was it suspended or revoked?
    fn is_stopped(&self) -> bool {
        self.reasons.iter().any(|reason| reason.is_stopped())
    }
}

/// What data say of a requirement: nothing, or yes or no; with what it rests on, and what bears on it
/// and proves nothing.
#[derive(Default)]
struct Seen {
    says: Option<bool>,
    evidence: Vec<u64>,
    set_aside: Vec<SetAside>,
    sources: Vec<Source>,
}

impl Seen {
    fn new(says: Option<bool>, evidence: Vec<u64>) -> Self {
        Self { says, evidence, ..Self::default() }
    }

    /// What stands may prove; absence proves nothing: what no record shows is not known.
    fn found(list: Vec<(Result<u64, SetAside>, Source)>) -> Self {
        let mut seen = Self::default();
        for (one, source) in list {
            seen.sources.push(source);
            match one {
                Ok(position) => seen.evidence.push(position),
                Err(aside) => seen.set_aside.push(aside),
            }
        }
        seen.says = (!seen.evidence.is_empty()).then_some(true);
        seen
    }
}

/// Evaluates one precondition of a rule with this effect on one record. What a "no" asks for, nobody has to
/// prove against themselves.
pub fn evaluate<S>(
    view: &impl RecognitionView<S>,
    question: &Question<S>,
    credential: &Credential,
    standing: &Standing<'_>,
    (effect, precondition): (Effect, &Precondition),
) -> PreconditionFinding {
    let Seen { says, evidence, set_aside, sources } =
        look(view, question, credential, standing, &precondition.need);
    let proof = match says {
        Some(true) => Proof::Proven,
        Some(false) => Proof::Refuted,
        // The paper of what was stopped proves nothing: whoever stopped it is asked.
        None if set_aside.iter().any(SetAside::is_stopped) => Proof::Unknown,
        None if precondition.by_upload && effect != Effect::NotRecognised => Proof::ToBeUploaded,
        None => Proof::Unknown,
    };
    PreconditionFinding { precondition: precondition.clone(), proof, evidence, set_aside, sources }
}

fn look<S>(
    view: &impl RecognitionView<S>,
    question: &Question<S>,
    credential: &Credential,
    standing: &Standing<'_>,
    need: &Requirement,
) -> Seen {
    let day = question.valid_at;
    let content = standing.content;
    let own = |seen: Option<bool>, wanted: bool| match seen {
        Some(value) => Seen::new(Some(value == wanted), vec![content.position]),
        None => Seen::default(),
    };
    match need {
        Requirement::Fact { name, value } => fact(view, question, name, *value),
        Requirement::Registered { value } => own(content.registered, *value),
        Requirement::FullTime { value } => own(content.full_time, *value),
        Requirement::Term { at_most_months } => {
            let mut seen = own(lasts_at_most(credential, standing, day, *at_most_months), true);
            // Its first day stands in the first revision.
            let first = credential.revisions.first().map(|first| first.position);
            let first = first.filter(|position| *position != content.position);
            if seen.says.is_some() {
                seen.evidence.splice(0..0, first);
            }
            seen
        }
        Requirement::Attestation { at_least } => {
            // Weaker evidence does not refute; better evidence may follow. Levels are ordered
            // from strong to weak.
            let reached = content.attestation.level <= *at_least;
            Seen::new(reached.then_some(true), vec![content.position])
        }
        Requirement::Affiliation { mode, regions } => {
            let ties = view.affiliations(&question.subject, *mode);
            let here = |region: &String| regions.iter().any(|named| is_same_region(named, region));
            let meant = ties.iter().filter(|a| here(&a.region) && a.validity.contains(day));
            // The district that certified the talent is taken for the one that lends, whoever filed a copy.
            let lends = |sender: &ParticipantId| {
                may_tie(view.place(sender.as_str()), &content.authority.region)
                    || (*sender == credential.sender && is_first_hand(view, credential, content))
            };
            let weighed = |tie: &SeenAffiliation| {
                let counts = tie.word.counts(tie.position, |sender| {
                    *sender == question.at
                        || may_tie(view.place(sender.as_str()), &tie.region)
                        || (*mode == AffiliationMode::Secondment && lends(sender))
                });
                (counts, tie.word.source(tie.position, tie.validity, None))
            };
            Seen::found(meant.map(weighed).collect())
        }
        Requirement::Holds { object, class } => {
            let all = view.credentials(&question.subject);
            let meant = all.iter().filter(|c| c.object == *object);
            let mut found: Vec<_> = meant.filter_map(|c| held(view, &all, c, class, day)).collect();
            // What ended says nothing beside a record that holds: it was renewed.
            if found.iter().any(|(one, _)| one.is_ok()) {
                found.retain(|(one, _)| !one.as_ref().is_err_and(SetAside::is_of_standing));
            }
            Seen::found(found)
        }
        Requirement::Document { .. } => Seen::default(),
    }
}

impl Word {
    /// The position, where the word counts; else why it does not. Not every district may say
    /// everything, and what nobody is named for proves nothing.
    fn counts(&self, position: u64, may: impl Fn(&ParticipantId) -> bool) -> Result<u64, SetAside> {
        let level = self.attestation.map_or(AttestationLevel::Issued, |a| a.level);
        let sender = self.sender.as_ref();
        let reasons = [
            (SetAsideReason::ObjectionPending, !self.objections.is_empty()),
            (SetAsideReason::Suspect, self.suspect),
            (SetAsideReason::Declared, !is_checked(level)),
            (SetAsideReason::OtherDistrict, sender.is_some_and(|sender| !may(sender))),
            (SetAsideReason::SenderUnknown, sender.is_none()),
        ];
        let reasons: Vec<_> = reasons.into_iter().filter_map(|(r, is)| is.then_some(r)).collect();
        if reasons.is_empty() { Ok(position) } else { Err(self.aside(position, reasons)) }
    }

    /// Whose word it is, as it stands in the answer.
    fn source(&self, position: u64, validity: Validity, says: Option<bool>) -> Source {
        let (sender, attestation) = (self.sender.clone(), self.attestation);
        Source { position, sender, attestation, validity, says }
    }

    fn aside(&self, position: u64, reasons: Vec<SetAsideReason>) -> SetAside {
        let (objections, stops, stopped_by) = (self.objections.clone(), None, None);
        SetAside { position, reasons, objections, stops, stopped_by }
    }
}

fn fact<S>(
    view: &impl RecognitionView<S>,
    question: &Question<S>,
    name: &str,
    wanted: bool,
) -> Seen {
    let mut facts = view.facts(&question.subject, name);
    facts.retain(|f| f.validity.contains(question.valid_at));
    let (mut seen, mut counted) = (Seen::default(), Vec::new());
    for fact in &facts {
        let (position, says) = (fact.position, Some(fact.value));
        seen.sources.push(fact.word.source(position, fact.validity, says));
        match fact.word.counts(position, |sender| may_say(sender, name, &question.at)) {
            Ok(_) => counted.push(fact),
            Err(aside) => seen.set_aside.push(aside),
        }
    }
    let Some(value) = counted.first().map(|fact| fact.value) else { return seen };
    if counted.iter().all(|fact| fact.value == value) {
        seen.says = Some(value == wanted);
        seen.evidence = counted.iter().map(|fact| fact.position).collect();
    } else {
        // Facts that contradict each other leave the matter open; whoever sent them can clear it.
        let contradict =
            |fact: &&SeenFact| fact.word.aside(fact.position, vec![SetAsideReason::Contradicting]);
        seen.set_aside.extend(counted.iter().map(contradict));
    }
    seen
}

/// Does the record last no longer than so many months, from its first day on? A suspension and its end
/// begin no new term, nor does a change; where an amendment moved the end, it may have: `None`.
fn lasts_at_most(
    credential: &Credential,
    standing: &Standing<'_>,
    day: Date,
    months: u32,
) -> Option<bool> {
    let first = credential.revisions.first()?.validity;
    let now = standing.content.validity;
    let whole = Validity { from: first.from.min(now.from), until: now.until };
    let moved_end = credential.revisions.iter().any(|r| {
        let begun = r.validity.from > first.from && r.validity.from <= day;
        let later = r.validity.until.zip(first.until).is_some_and(|(new, old)| new > old);
        r.action == Action::Amend && begun && later
    });
    match whole.lasts_at_most(months) {
        Some(false) if moved_end && now.lasts_at_most(months) == Some(true) => None,
        lasts => lasts,
    }
}

/// Another record of the class that the rule asks for: as evidence where it holds on the day, else set
/// aside, with how it ended.
fn held<S>(
    view: &impl RecognitionView<S>,
    all: &[Credential],
    credential: &Credential,
    class: &ClassRef,
    day: Date,
) -> Option<(Result<u64, SetAside>, Source)> {
    let standing = credential.on(day)?;
    let content = standing.content;
    if content.scheme != class.scheme || content.class != class.class {
        return None;
    }
    // What the original of a copy ended, or says otherwise, is not held.
    let said = by_original(view, all, credential, day);
    let differs =
        said.differs.then_some(Ended { why: SetAsideReason::CopiesDiffer, stops: None, by: None });
    let ended = Ended::of(&standing).or(said.ended).or(differs);
    let word = Word {
        sender: Some(credential.sender.clone()),
        attestation: Some(content.attestation),
        suspect: standing.suspect,
        objections: [&credential.objections[..], &said.objections[..]].concat(),
    };
    // A suspension has a place in the log of its own.
    let position = if ended.is_some() { standing.last.position } else { content.position };
    let mut counts = word.counts(position, |_| true);
    if let Some(Ended { why, stops, by }) = ended {
        let mut aside = counts.err().unwrap_or_else(|| word.aside(position, Vec::new()));
        aside.reasons.insert(0, why);
        counts = Err(SetAside { stops, stopped_by: by, ..aside });
    }
    Some((counts, word.source(position, content.validity, None)))
}
