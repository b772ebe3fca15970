//! The decision: one look-up per record, no second step. A meaning that a rule gives is never
//! looked up again, which is why recognition cannot be transitive.

use super::answer::{Flag, Outcome, PreconditionFinding, Recognition, RecordFinding, RuleFinding};
use super::effect::Effect;
use super::hours;
use super::precondition::evaluate;
use super::query::{About, Question};
use super::record::{Credential, Period, Standing};
use super::rule::{RuleStatus, SourceCheck};
use super::view::{LoggedRule, RecognitionView, RuleKey};
use crate::domain::record::life_cycle::State;

/// Answers `question` from what `view` knows. The same view and question give the same answer.
pub fn recognise<S>(view: &impl RecognitionView<S>, question: &Question<S>) -> Recognition {
    let mut used: Vec<(Credential, RecordFinding)> = view
        .credentials(&question.subject)
        .into_iter()
        .filter_map(|credential| {
            let finding = judge(view, question, &credential)?;
            Some((credential, finding))
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
) -> Option<RecordFinding> {
    let standing = credential.on(question.valid_at)?;
    if !question.about.as_ref().is_none_or(|about| asked(about, credential, &standing)) {
        return None;
    }
    let content = standing.content;
    let mut flags = flags_of(credential, &standing);
    let mut rules: Vec<RuleFinding> = applicable(view, question, credential, &standing)
        .into_iter()
        .map(|logged| finding(view, question, &standing, logged))
        .collect();
    let outcome = outcome_of(&mut flags, &mut rules);
    if rules.iter().any(|r| r.status == RuleStatus::Example) {
        flags.push(Flag::ExampleRule);
    }
    if rules.iter().any(|r| r.source_check == SourceCheck::Reported) {
        flags.push(Flag::SourceUnchecked);
    }
    if credential.sender == question.at {
        flags.push(Flag::OwnRecord);
    }
    Some(RecordFinding {
        sender: credential.sender.clone(),
        record: credential.record.clone(),
        revision: content.revision,
        authority: Some(content.authority.clone()),
        object: credential.object,
        scheme: content.scheme.clone(),
        class: content.class.clone(),
        outcome,
        flags,
        rules,
        evidence: evidence_of(credential),
    })
}

fn asked(about: &About, credential: &Credential, standing: &Standing<'_>) -> bool {
    about.object == credential.object
        && about.scheme.as_ref().is_none_or(|scheme| *scheme == standing.content.scheme)
        && about.class.as_ref().is_none_or(|class| *class == standing.content.class)
}

fn flags_of(credential: &Credential, standing: &Standing<'_>) -> Vec<Flag> {
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
        rule.issuer.matches(&credential.sender, &content.authority)
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
    standing: &Standing<'_>,
    logged: &LoggedRule,
) -> RuleFinding {
    let rule = &logged.rule;
    let preconditions: Vec<_> =
        rule.preconditions.iter().map(|p| evaluate(view, question, standing, p)).collect();
    let proven = preconditions.iter().all(PreconditionFinding::is_proven);
    let outcome = match (rule.effect, proven) {
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

/// Rules that agree decide together; rules that do not are a matter for a person. A rule whose
/// precondition data refute does not speak where another one does (registered or not registered).
fn outcome_of(flags: &mut Vec<Flag>, rules: &mut [RuleFinding]) -> Outcome {
    rules.sort_by_key(RuleFinding::is_refuted);
    let refuted = rules.first().is_some_and(RuleFinding::is_refuted);
    let mut speaking = rules.iter().filter(|r| r.is_refuted() == refuted);
    let first = speaking.next();
    let result = |r: &RuleFinding| (r.outcome, r.effect);
    if let Some(first) = first
        && speaking.any(|r| result(r) != result(first) || r.local != first.local)
    {
        flags.push(Flag::RulesConflict);
    }
    if flags.iter().any(|f| f.invalidates()) {
        Outcome::NotValid
    } else if flags.contains(&Flag::RulesConflict) {
        Outcome::NoRule
    } else {
        first.map_or(Outcome::NoRule, |r| r.outcome)
    }
}

fn evidence_of(credential: &Credential) -> Vec<u64> {
    let revisions = credential.revisions.iter().map(|r| r.position);
    let mut positions: Vec<u64> = revisions.chain(credential.objections.iter().copied()).collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}
