//! The decision: one look-up per record, no second step. A meaning that a rule gives is never
//! looked up again, which is why recognition cannot be transitive.

use jiff::civil::Date;

use super::answer::{Flag, Outcome, PreconditionFinding, Recognition, RecordFinding, RuleFinding};
use super::copies::by_original;
use super::decide::outcome_of;
use super::effect::Effect;
use super::hours;
use super::places::Origin;
use super::precondition::evaluate;
use super::query::{About, Question};
use super::record::{Credential, Period, Revision, Standing};
use super::rule::{Precondition, RecognitionRule, Requirement, RuleStatus, SourceCheck};
use super::view::{LoggedRule, RecognitionView, RuleKey};
use crate::domain::citation::Citation;
use crate::domain::record::credence::{ATTESTATION_LEAST, is_checked};
use crate::domain::record::life_cycle::{Action, State};
use crate::domain::text::Text;

/// Answers `question` from what `view` knows. The same view and question give the same answer.
pub fn recognise<S>(view: &impl RecognitionView<S>, question: &Question<S>) -> Recognition {
    let all = view.credentials(&question.subject);
    let mut used: Vec<(Credential, RecordFinding)> = all
        .iter()
        .filter_map(|credential| {
            let finding = judge(view, question, credential, &all)?;
            Some((credential.clone(), finding))
        })
        .collect();
    used.sort_by(|(_, a), (_, b)| (&a.sender, &a.record).cmp(&(&b.sender, &b.record)));
    let hours = hours::by_year(&mut used, question.valid_at);
    let records: Vec<_> = used.into_iter().map(|(_, finding)| finding).collect();
    // Outcomes are ordered from `recognised` to `no-record`; the least is the best.
    let outcome = records.iter().map(|r| r.outcome).min().unwrap_or(Outcome::NoRecord);
    Recognition {
        at: question.at.clone(),
        for_purpose: question.for_purpose,
        service: question.service.clone(),
        valid_at: question.valid_at,
        known_at: view.known_at(),
        outcome,
        records,
        hours,
        not_connected: view.alliances().outside(&question.at, question.valid_at, &|_| true),
    }
}

fn judge<S>(
    view: &impl RecognitionView<S>,
    question: &Question<S>,
    credential: &Credential,
    all: &[Credential],
) -> Option<RecordFinding> {
    let standing = credential.on(question.valid_at)?;
    if !question.about.as_ref().is_none_or(|about| asked(about, credential, &standing)) {
        return None;
    }
    let content = standing.content;
    let origin = Origin::of(view, question, credential, content);
    let (mut flags, mut evidence) = (flags_of(credential, &standing), evidence_of(credential));
    let said = by_original(view, all, credential, question.valid_at);
    let by_other = said.ended.as_ref().and_then(|ended| ended.stops);
    if !said.evidence.is_empty() {
        flags.extend(said.flags);
        flags.push(Flag::ByOriginal);
        flags.sort_unstable();
        flags.dedup();
    }
    evidence.extend(said.evidence.into_iter().chain(said.copies));
    evidence.sort_unstable();
    evidence.dedup();
    if said.differs {
        flags.push(Flag::CopiesDiffer);
    }
    let mut rules: Vec<RuleFinding> = applicable(view, question, credential, &standing, origin)
        .into_iter()
        .map(|logged| finding(view, question, credential, &standing, logged))
        .collect();
    let outcome = outcome_of(&mut flags, &mut rules);
    if rules.iter().any(RuleFinding::is_example) {
        flags.push(Flag::ExampleRule);
    }
    if rules.iter().any(|r| r.source_check == SourceCheck::Reported) {
        flags.push(Flag::SourceUnchecked);
    }
    if origin == Origin::Own {
        flags.push(Flag::OwnRecord);
    }
    Some(RecordFinding {
        sender: credential.sender.clone(),
        record: credential.record.clone(),
        revision: content.revision,
        authority: Some(content.authority.clone()),
        attestation: Some(content.attestation),
        validity: Some(content.validity),
        issued_on: content.issued_on,
        stops: stops(credential, &standing, question.valid_at).or(by_other),
        object: credential.object,
        scheme: content.scheme.clone(),
        class: content.class.clone(),
        outcome,
        flags,
        rules,
        evidence,
    })
}

/// The day from which the record is suspended or revoked, or will be.
fn stops(credential: &Credential, standing: &Standing<'_>, day: Date) -> Option<Date> {
    if standing.state != State::Active {
        return Some(standing.last.validity.from);
    }
    let ends = |r: &&Revision| matches!(r.action, Action::Suspend | Action::Revoke);
    let later = credential.revisions.iter().filter(ends).map(|r| r.validity.from);
    later.filter(|from| *from > day).min()
}

fn asked(about: &About, credential: &Credential, standing: &Standing<'_>) -> bool {
    about.object == credential.object
        && about.scheme.as_ref().is_none_or(|scheme| *scheme == standing.content.scheme)
        && about.class.as_ref().is_none_or(|class| *class == standing.content.class)
}

/// What the record itself says about its standing.
pub(super) fn flags_of(credential: &Credential, standing: &Standing<'_>) -> Vec<Flag> {
    let checks = [
        (Flag::Revoked, standing.state == State::Revoked),
        (Flag::Suspended, standing.state == State::Suspended),
        (Flag::NotYetValid, standing.period == Period::Before),
        (Flag::Expired, standing.period == Period::After),
        (Flag::ObjectionPending, !credential.objections.is_empty()),
        (Flag::Suspect, standing.suspect),
        (Flag::EndsLater, standing.ends_later),
    ];
    checks.into_iter().filter_map(|(flag, set)| set.then_some(flag)).collect()
}

/// The rules that meet the record: those in force, or where there is none, the examples.
fn applicable<'v, S>(
    view: &'v impl RecognitionView<S>,
    question: &Question<S>,
    credential: &Credential,
    standing: &Standing<'_>,
    origin: Origin,
) -> Vec<&'v LoggedRule> {
    let content = standing.content;
    let key = RuleKey {
        object: credential.object,
        scheme: content.scheme.clone(),
        class: content.class.clone(),
        at: question.at.clone(),
        purpose: question.for_purpose,
    };
    let (day, alliances) = (question.valid_at, view.alliances());
    let mut found = view.rules(&key, day);
    found.retain(|logged| {
        let rule = &logged.rule;
        let version = content.scheme_version.as_ref();
        origin.is_of(&rule.issuer, view, credential, content)
            && rule.serves(question.service.as_deref())
            && rule.scope.reaches(&credential.sender, day, alliances)
            && rule.scope.reaches(&question.at, day, alliances)
            && (rule.scheme_versions.is_empty()
                || version.is_some_and(|v| rule.scheme_versions.contains(v)))
    });
    let in_force = found.iter().any(|l| l.rule.status == RuleStatus::InForce);
    let wanted = if in_force { RuleStatus::InForce } else { RuleStatus::Example };
    found.retain(|l| l.rule.status == wanted);
    found.sort_by(|a, b| a.rule.rule.cmp(&b.rule.rule));
    found
}

fn finding<S>(
    view: &impl RecognitionView<S>,
    question: &Question<S>,
    credential: &Credential,
    standing: &Standing<'_>,
    logged: &LoggedRule,
) -> RuleFinding {
    let rule = &logged.rule;
    let asked = unsaid(rule, standing.content);
    let asked = rule.preconditions.iter().chain(&asked);
    let preconditions: Vec<_> =
        asked.map(|p| evaluate(view, question, credential, standing, (rule.effect, p))).collect();
    let proven = preconditions.iter().all(PreconditionFinding::is_proven);
    let outcome = match (rule.effect, proven) {
        // Nobody decided it: it leads nowhere.
        _ if rule.status == RuleStatus::Example => Outcome::NoRule,
        // A "no" that depends on something holds only once that is proven.
        (_, false) => Outcome::Conditional,
        (Effect::NotRecognised, true) => Outcome::NotRecognised,
        (_, true) => Outcome::Recognised,
    };
    RuleFinding {
        rule: rule.rule.clone(),
        revision: rule.revision,
        position: logged.position,
        decided_by: rule.decided_by.clone(),
        citation: rule.citation.clone(),
        document_version: rule.document_version.clone(),
        source_check: rule.source_check,
        status: rule.status,
        effect: rule.effect,
        local: rule.local.clone(),
        minimum: rule.minimum,
        outcome,
        preconditions,
    }
}

/// What this house asks for where no document does (docs/recognition.md, *Preconditions*). A rule's
/// own document must not be cited for it.
const GENERAL_REQUIREMENTS: &str = "网关通用要求";

/// What a rule asks for without saying so: it recognises certificates, and what is only declared is
/// none yet. A rule that states the least it needs is taken at its word, and a "no" needs nothing.
/// Listed only where it is lacking.
fn unsaid(rule: &RecognitionRule, content: &Revision) -> Option<Precondition> {
    let states =
        rule.preconditions.iter().any(|p| matches!(p.need, Requirement::Attestation { .. }));
    if states || rule.effect == Effect::NotRecognised || is_checked(content.attestation.level) {
        return None;
    }
    Some(Precondition {
        need: Requirement::Attestation { at_least: ATTESTATION_LEAST },
        text: Text::new(
            "证书已有人验看，不只是个人申报",
            "the certificate was seen, not only declared",
        ),
        by_upload: true,
        citation: Citation {
            document: GENERAL_REQUIREMENTS.to_owned(),
            article: "核验程度".to_owned(),
            phrase: None,
        },
    })
}

/// Log positions of what the record rests on.
pub(super) fn evidence_of(credential: &Credential) -> Vec<u64> {
    let revisions = credential.revisions.iter().map(|r| r.position);
    let mut positions: Vec<u64> = revisions.chain(credential.objections.iter().copied()).collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}
