//! What a look-up must come to: recognition of papers, or entitlement to one service.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::recognition::{
    Effect, Entitlement, HoursByKind, Outcome, Recognition, RecordFinding,
};

/// The truth of one look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// The whole answer, derived from the messages in a second way.
    pub expected: Answered,
    /// What the writer of the story says of it; what is put together by chance has none.
    pub stated: Option<Stated>,
}

/// What an answer comes to, as far as it is compared: no words, no positions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// `query.recognition/1`
    Recognition(Recognised),
    /// `query.entitlement/1`
    Entitlement(Entitled),
}

/// Recognition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recognised {
    /// Over all records.
    pub outcome: Outcome,
    /// By record id; ids of a story are unique over all districts.
    pub records: BTreeMap<String, OfRecord>,
    /// Hours by year.
    pub hours: BTreeMap<u16, Hours>,
}

/// What comes of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfRecord {
    /// Its outcome.
    pub outcome: Outcome,
    /// The legal effect that the rules which speak give, where they agree; none of what data refute.
    pub effect: Option<Effect>,
    /// Rules that speak, by id, each with what it leads to alone: those that data refute do not, nor do
    /// examples, nor any where the outcome is not for a rule to give.
    pub rules: BTreeMap<String, Outcome>,
}

/// Hours of one year, 公需 and 专业, in tenths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// Recorded by the receiving district's own authorities.
    pub own: [u64; 2],
    /// Recognised.
    pub recognised: [u64; 2],
    /// 待核实
    pub conditional: [u64; 2],
}

/// Entitlement to one service.
#[expect(clippy::struct_excessive_bools, reason = "the members of the answer that are compared")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entitled {
    /// Yes?
    pub entitled: bool,
    /// A "no" that a person looks at first?
    pub person_decides: bool,
    /// Does the talent hold a valid record of the offering district itself?
    pub own_record: bool,
    /// "No" because data say the opposite of what a rule asks for?
    pub refuted: bool,
    /// As which classes: scheme and class.
    pub classes: BTreeSet<(String, String)>,
}

/// What the writer of a story says of a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// The outcome over all records, and the effect of those that reach it.
    Outcome(Outcome, Option<Effect>),
    /// Yes; of a no, whether a person looks first.
    Service {
        /// Yes?
        entitled: bool,
        /// A "no" that a person looks at first?
        person_decides: bool,
    },
}

impl LookUp {
    /// Does the derived truth say what the writer says?
    pub fn is_as_stated(&self) -> bool {
        match (&self.expected, self.stated) {
            (_, None) => true,
            (Answered::Recognition(found), Some(Stated::Outcome(outcome, effect))) => {
                let mut best = found.records.values().filter(|r| r.outcome == outcome);
                found.outcome == outcome
                    && match effect {
                        Some(_) => best.any(|r| r.effect == effect),
                        None => best.all(|r| r.effect.is_none()),
                    }
            }
            (Answered::Entitlement(found), Some(Stated::Service { entitled, person_decides })) => {
                (found.entitled, found.person_decides) == (entitled, person_decides)
            }
            _ => false,
        }
    }
}

impl From<&Recognition> for Answered {
    fn from(answer: &Recognition) -> Self {
        let tenths = |h: HoursByKind| [h.general_tenths, h.professional_tenths];
        let hours = answer.hours.iter().map(|line| {
            let [own, recognised, conditional] =
                [line.own, line.recognised, line.conditional].map(tenths);
            (line.year, Hours { own, recognised, conditional })
        });
        let records = answer.records.iter().map(|r| (r.record.clone(), OfRecord::from(r)));
        Self::Recognition(Recognised {
            outcome: answer.outcome,
            records: records.collect(),
            hours: hours.collect(),
        })
    }
}

impl From<&RecordFinding> for OfRecord {
    fn from(finding: &RecordFinding) -> Self {
        let given = matches!(
            finding.outcome,
            Outcome::Recognised | Outcome::Conditional | Outcome::NotRecognised
        );
        let speak = finding.rules.iter().filter(|r| given && !r.is_refuted() && !r.is_example());
        Self {
            outcome: finding.outcome,
            effect: finding.effect().filter(|_| !finding.is_refuted()),
            rules: speak.map(|r| (r.rule.clone(), r.outcome)).collect(),
        }
    }
}

impl From<&Entitlement> for Answered {
    fn from(answer: &Entitlement) -> Self {
        let classes = answer.classes.iter().map(|c| (c.scheme.clone(), c.class.clone()));
        Self::Entitlement(Entitled {
            entitled: answer.entitled,
            person_decides: answer.person_decides,
            own_record: answer.own_record,
            refuted: answer.refuted,
            classes: classes.collect(),
        })
    }
}
