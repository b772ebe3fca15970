//! What a record, and an answer, come to in one phrase. A phrase never promises more than the records
//! carry: what data refute, and what only an example says, have phrases of their own.

use super::super::answer::{Flag, Outcome, Recognition, RecordFinding};
use super::super::effect::Effect;
use super::pick;
use super::words::Words as _;
use crate::domain::text::Language;

/// The phrase of a record; in the order of outcomes, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Heading {
    Recognised,
    Conditional,
    /// Records of one certificate contradict each other.
    Differ,
    /// An own record stands by local rules: worth more than what is refused or nobody speaks of.
    Own,
    /// A "no" that holds once something is proven.
    ConditionalNo,
    /// Data say the opposite of what every rule asks for.
    Refuted,
    NotRecognised,
    NoRule,
    /// Only an example speaks.
    Example,
    NotValid,
    NoRecord,
}

impl Heading {
    /// Of one record.
    pub(super) fn of(record: &RecordFinding) -> Self {
        match record.outcome {
            _ if record.is_refuted() => Self::Refuted,
            _ if record.is_example() => Self::Example,
            Outcome::Conditional | Outcome::NoRule
                if record.flags.contains(&Flag::CopiesDiffer) =>
            {
                Self::Differ
            }
            _ if record.is_own() => Self::Own,
            Outcome::Recognised => Self::Recognised,
            Outcome::Conditional if record.effect() == Some(Effect::NotRecognised) => {
                Self::ConditionalNo
            }
            Outcome::Conditional => Self::Conditional,
            Outcome::NotRecognised => Self::NotRecognised,
            Outcome::NoRule => Self::NoRule,
            Outcome::NotValid => Self::NotValid,
            Outcome::NoRecord => Self::NoRecord,
        }
    }

    /// Of all records: the best of any.
    pub(super) fn of_all(answer: &Recognition) -> Self {
        answer.records.iter().map(Self::of).min().unwrap_or(Self::NoRecord)
    }

    pub(super) fn words(self, language: Language) -> &'static str {
        match self {
            Self::Recognised => Outcome::Recognised.words(language),
            Self::Conditional => Outcome::Conditional.words(language),
            Self::ConditionalNo => pick(
                language,
                "条件证实则不予认可",
                "not recognised once the conditions are proven",
            ),
            Self::Differ => pick(
                language,
                "同一证书的记录不一致，由人判断",
                "records of one certificate differ, a person decides",
            ),
            Self::Refuted => pick(
                language,
                "数据与条件不符，由人判断",
                "data contradict the conditions, a person decides",
            ),
            Self::NotRecognised => Outcome::NotRecognised.words(language),
            Self::NoRule => Outcome::NoRule.words(language),
            Self::Own => {
                pick(language, "本地记录，无需互认", "an own record, no recognition needed")
            }
            Self::Example => pick(language, "仅示例，无规则", "an example only, no rule"),
            Self::NotValid => Outcome::NotValid.words(language),
            Self::NoRecord => Outcome::NoRecord.words(language),
        }
    }
}
