//! What the rules that meet one record come to together: they agree, they answer different cases of
//! one open question, or they contradict each other.

use super::answer::{Flag, Outcome, PreconditionFinding, Proof, RecordFinding, RuleFinding};
use super::effect::Effect;
use super::rule::{LocalMeaning, Requirement, RuleStatus};

/// Rules that agree in effect and local meaning decide together, the best proven first. A rule whose
/// precondition data refute does not speak where another one does. Rules that differ, and of which
/// only one can come true (registered or not registered), wait for what is unknown; others that
/// differ are a matter for a person.
pub(super) fn outcome_of(flags: &mut Vec<Flag>, rules: &mut [RuleFinding]) -> Outcome {
    rules.sort_by_key(|r| (r.is_refuted(), !r.is_proven()));
    let together = match rules.first() {
        None => Outcome::NoRule,
        // The original says otherwise; a person finds out which class was given.
        Some(_) if flags.contains(&Flag::CopiesDiffer) => Outcome::NoRule,
        // Two that differ are no rules that contradict each other.
        Some(first) if first.is_example() => Outcome::NoRule,
        // Nothing speaks; a person weighs what data say against the rules.
        Some(first) if first.is_refuted() => Outcome::Conditional,
        Some(first) if agree(rules) => first.outcome,
        Some(_) if one_at_most(rules) => Outcome::Conditional,
        Some(_) => {
            flags.push(Flag::RulesConflict);
            Outcome::NoRule
        }
    };
    if flags.iter().any(|f| f.invalidates()) { Outcome::NotValid } else { together }
}

fn speaking(rules: &[RuleFinding]) -> impl Iterator<Item = &RuleFinding> {
    rules.iter().filter(|r| !r.is_refuted())
}

/// What a rule says: its effect, a "no" among them, and the local meaning.
fn says(rule: &RuleFinding) -> (Effect, Option<&LocalMeaning>) {
    (rule.effect, rule.local.as_ref())
}

fn agree(rules: &[RuleFinding]) -> bool {
    let mut all = speaking(rules).map(says);
    let first = all.next();
    all.all(|other| Some(other) == first)
}

/// Can at most one of any two rules that differ come true, by what is still open?
fn one_at_most(rules: &[RuleFinding]) -> bool {
    let apart = |a: &RuleFinding, b: &RuleFinding| {
        a.preconditions.iter().any(|p| b.preconditions.iter().any(|q| exclude(p, q)))
    };
    let mut pairs = speaking(rules).flat_map(|a| speaking(rules).map(move |b| (a, b)));
    pairs.all(|(a, b)| says(a) == says(b) || apart(a, b))
}

/// Do two open preconditions ask for the opposite of each other?
fn exclude(a: &PreconditionFinding, b: &PreconditionFinding) -> bool {
    let open = |p: &PreconditionFinding| matches!(p.proof, Proof::Unknown | Proof::ToBeUploaded);
    let opposite = match (&a.precondition.need, &b.precondition.need) {
        (Requirement::Registered { value: a }, Requirement::Registered { value: b })
        | (Requirement::FullTime { value: a }, Requirement::FullTime { value: b }) => a != b,
        (Requirement::Fact { name: n, value: a }, Requirement::Fact { name: m, value: b }) => {
            n == m && a != b
        }
        _ => false,
    };
    opposite && open(a) && open(b)
}

impl RuleFinding {
    /// Do data refute one of its preconditions?
    pub fn is_refuted(&self) -> bool {
        self.preconditions.iter().any(|p| p.proof == Proof::Refuted)
    }

    /// Is it an example, which has no legal effect?
    pub fn is_example(&self) -> bool {
        self.status == RuleStatus::Example
    }

    /// Would it say yes, and do data prove all that it asks for?
    pub fn would_recognise(&self) -> bool {
        self.effect != Effect::NotRecognised && self.is_proven()
    }

    /// Do data prove every one?
    pub fn is_proven(&self) -> bool {
        self.preconditions.iter().all(PreconditionFinding::is_proven)
    }
}

impl RecordFinding {
    /// The legal effect, where the outcome is `recognised` or `conditional` and the rules that speak
    /// have the same.
    pub fn effect(&self) -> Option<Effect> {
        let given = matches!(self.outcome, Outcome::Recognised | Outcome::Conditional);
        let first = self.rules.first().filter(|_| given)?;
        let mut alike = self.rules.iter().filter(|r| r.is_refuted() == first.is_refuted());
        alike.all(|r| r.effect == first.effect).then_some(first.effect)
    }

    /// The rules of which one will decide once what is unknown is known; empty where they agree.
    pub fn alternatives(&self) -> Vec<&RuleFinding> {
        if self.outcome == Outcome::Conditional && !agree(&self.rules) {
            speaking(&self.rules).collect()
        } else {
            Vec::new()
        }
    }

    /// Is it a valid record of the receiving district's own authorities, of which no rule of recognition
    /// speaks? Its outcome is `no-rule`; to an officer that would read as a gap.
    pub fn is_own(&self) -> bool {
        self.outcome == Outcome::NoRule
            && self.flags.contains(&Flag::OwnRecord)
            && self.rules.is_empty()
    }

    /// Do examples alone speak of it, which have no legal effect? Its outcome is `no-rule`.
    pub fn is_example(&self) -> bool {
        self.outcome == Outcome::NoRule && self.rules.first().is_some_and(RuleFinding::is_example)
    }

    /// Is it held up only by data that say the opposite of what every rule asks for?
    pub fn is_refuted(&self) -> bool {
        self.outcome == Outcome::Conditional
            && !self.rules.is_empty()
            && self.rules.iter().all(RuleFinding::is_refuted)
    }
}
