//! What an assessment consists of. A finding cannot be made without a clause.

mod clauses;
mod day;
mod reason;
mod step;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::held::Payable;
use super::id::{QuestionId, RuleId};
use super::ledger::{Coverage, RulingFact};
use crate::domain::citation::Citation;
use crate::domain::money::Fen;
use crate::domain::participant::ParticipantId;
use crate::domain::text::Text;
use crate::domain::time::{MonthSpan, UtcSeconds};

pub use self::clauses::{Clauses, NoClause};
pub use self::day::{Day, DayLabel};
pub use self::reason::Reason;
pub use self::step::{Label, Step};

/// Outcome words of `policy-rules.md`, from mild to strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Verdict {
    /// No rule in the documents stands against it.
    Clear,
    /// Allowed on a condition stated in the text.
    ClearCond,
    /// Allowed only for the part left under a cap.
    Capped,
    /// The text does not decide; a person must.
    Refer,
    /// Both may not be held; the higher one stays.
    OneOnly,
    /// Points or status ended by the text itself.
    Lapsed,
    /// A condition written in the text is not met.
    Ineligible,
    /// Debarment in force.
    Barred,
}

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingClass {
    /// A debarment is in force.
    Barred,
    /// A written condition is not met.
    Ineligible,
    /// Points or status have ended.
    Lapsed,
    /// Two benefits exclude each other.
    OneOnly,
    /// A cap leaves a part.
    Capped,
    /// Allowed on a condition.
    Condition,
    /// The readings of an open question differ.
    OpenQuestion,
    /// Two authorities should talk; nothing forbids.
    Notice,
    /// Facts that cannot both be true.
    ContradictoryFacts,
    /// Shown, without effect on the verdict.
    Info,
}

/// What a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Whose record.
    pub district: ParticipantId,
    /// `grant`, `certification`, `affiliation`, `link`, `sanction`, `ruling`, `case-fact` …
    pub what: String,
    /// Its id in that district's system, or the code of a case fact.
    pub id: String,
    /// Its log position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
}

/// The result under one reading of an open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The question.
    pub question: QuestionId,
    /// Code of the reading; a ruling names it.
    pub reading: String,
    /// The outcome under it.
    pub verdict: Verdict,
    /// Months that may be granted under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Sum that may be paid under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id inside the assessment: `R13-1`.
    pub id: String,
    /// The rule.
    pub rule: RuleId,
    /// Version of the rule's code.
    pub rule_version: u32,
    /// What it is.
    pub class: FindingClass,
    /// What exactly was found.
    pub reason: Reason,
    /// The facts that were tested, by the codes under which they are asked for; empty where the reason
    /// says it all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// The outcome word.
    pub outcome: Verdict,
    /// Open questions that it turns on.
    pub questions: Vec<QuestionId>,
    /// Months that it speaks about; absent means all of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
    /// The clauses.
    pub citations: Clauses,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// The arithmetic.
    pub arithmetic: Vec<Step>,
    /// The days that it turns on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// The result under each reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// The class that is held instead of one that the policy is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_held: Option<OtherClass>,
    /// 仅提示: the rule's measured precision is below the threshold, so this decides nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hint: bool,
}

/// A class of the policy's scheme that the policy is not for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherClass {
    /// The scheme.
    pub scheme: String,
    /// The class held.
    pub class: String,
    /// Names of the district's policies for that class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Text>,
}

/// A question that bears on the case but does not change its outcome.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noted {
    /// The question.
    pub question: QuestionId,
    /// The rule that met it.
    pub rule: RuleId,
    /// The ruling that has settled it; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Citation>,
}

/// What is not known, and who knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Code of the fact, or `coverage`.
    pub what: String,
    /// In words.
    pub text: Text,
    /// Who knows: a district's id, or `applicant`.
    pub from: String,
    /// For which months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
}

/// Two times: in the world and in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// The day in the world.
    pub valid_at: Date,
    /// What the log held at this instant; absent where there is no log and all that a file says is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<UtcSeconds>,
}

/// The outcome for a part of the months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The months; absent for a benefit without months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
    /// The outcome.
    pub verdict: Verdict,
}

/// What is safe to pay under every reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safe {
    /// Months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
}

/// The result of [`super::assess::assess`]: evidence for a person, never a decision. It reads back
/// from an answer, so that whoever asked compares with the same types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// When it holds.
    pub as_of: AsOf,
    /// The strictest outcome.
    pub verdict: Verdict,
    /// The outcome by months.
    pub segments: Vec<Segment>,
    /// Why.
    pub findings: Vec<Finding>,
    /// Questions that bear on the case without changing it.
    pub noted: Vec<Noted>,
    /// What is not known, and who knows it.
    pub missing: Vec<Missing>,
    /// What is safe under every reading and without what is missing; absent when nothing turns on a reading
    /// and nothing is missing for some of the months.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe: Option<Safe>,
    /// What the caps leave; absent when none cuts anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payable: Option<Payable>,
    /// Which districts' data were in.
    pub coverage: Vec<Coverage>,
}

impl Verdict {
    /// What a finding with this outcome is, where a ruling has settled it.
    pub const fn class(self) -> FindingClass {
        match self {
            Self::Clear => FindingClass::Info,
            Self::ClearCond => FindingClass::Condition,
            Self::Capped => FindingClass::Capped,
            Self::Refer => FindingClass::Notice,
            Self::OneOnly => FindingClass::OneOnly,
            Self::Lapsed => FindingClass::Lapsed,
            Self::Ineligible => FindingClass::Ineligible,
            Self::Barred => FindingClass::Barred,
        }
    }
}

impl Evidence {
    /// Evidence that names a ruling by its question.
    pub fn ruling(fact: &RulingFact) -> Self {
        Self {
            district: fact.district.clone(),
            what: "ruling".to_owned(),
            id: fact.ruling.question.to_string(),
            position: fact.position,
        }
    }
}

impl Finding {
    /// Does it rest on a ruling?
    pub fn is_ruled(&self) -> bool {
        self.evidence.iter().any(|e| e.what == "ruling")
    }

    /// Does it say that what was paid on a lower benefit is taken off the one asked for, or may be?
    pub fn takes_over(&self) -> bool {
        self.reason == Reason::SetOff
            || (self.class == FindingClass::OneOnly && self.step(Label::PaidFen).is_some())
    }

    /// What 就高 weighs, in all: what is asked for, and what is held.
    pub fn weighed(&self) -> (Option<u64>, Option<u64>) {
        let of = |weighed, in_all| self.step(weighed).or_else(|| self.step(in_all));
        (of(Label::AskedWeighedFen, Label::AskedFen), of(Label::HeldWeighedFen, Label::HeldFen))
    }

    /// Is a sum of a month held against a cap on the month? What is asked for, the cap and what may be paid
    /// are sums of a month then, whatever the application names.
    pub fn is_by_the_month(&self) -> bool {
        let monthly = self.step(Label::AskedMonthlyFen);
        monthly.is_some()
            && monthly == self.step(Label::AskedFen)
            && self.step(Label::CapFen).is_some()
            && self.step(Label::HigherFen).is_none()
    }

    /// The first day with `label`.
    pub fn day(&self, label: DayLabel) -> Option<Date> {
        self.days.iter().find(|d| d.label == label).map(|d| d.on)
    }

    /// The number of the first step with `label`.
    pub fn step(&self, label: Label) -> Option<u64> {
        self.arithmetic.iter().find(|s| s.label == label).map(|s| s.value)
    }
}
