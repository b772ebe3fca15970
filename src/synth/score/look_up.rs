//! Precision and recall of look-ups against their truth: per outcome word, per legal effect, per rule, per
//! column of hours and per word about a service. What is found of a record is right when it is that of the
//! truth of this very record; a rule, when what it leads to is right as well.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

use super::super::look_up::{Answered, Hours};
use super::{Counts, Difference, keep};

/// The score of look-ups so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LookUps {
    /// Look-ups.
    pub asked: u64,
    /// Look-ups of which everything that is compared is that of the truth.
    pub right: u64,
    /// Outcomes of recognition over all records, as they came.
    pub answers: BTreeMap<String, u64>,
    /// Per outcome word, over records and answers.
    pub outcomes: BTreeMap<String, Counts>,
    /// Per legal effect.
    pub effects: BTreeMap<String, Counts>,
    /// Per rule, with the recogniser before its id.
    pub rules: BTreeMap<String, Counts>,
    /// Per column of hours.
    pub hours: BTreeMap<String, Counts>,
    /// Per word about a service: yes, no, a person decides, as which class.
    pub services: BTreeMap<String, Counts>,
    /// The first differences, by story.
    pub errors: BTreeSet<Difference>,
}

/// What is counted under which name, and where it was found.
type Labels = BTreeSet<(String, String)>;

/// What one answer says, by the table that it is counted in.
#[derive(Default)]
struct Said {
    outcomes: Labels,
    effects: Labels,
    rules: Labels,
    hours: Labels,
    services: Labels,
}

impl LookUps {
    /// Adds an answer of the district `at`.
    pub fn add(
        &mut self,
        story: (usize, &'static str),
        at: &str,
        truth: &Answered,
        found: &Answered,
    ) {
        self.asked += 1;
        self.right += u64::from(truth == found);
        if let Answered::Recognition(found) = found {
            *self.answers.entry(word(found.outcome)).or_default() += 1;
        }
        let (wanted, said) = (Said::of(at, truth), Said::of(at, found));
        let tables = [
            (&mut self.outcomes, &wanted.outcomes, &said.outcomes),
            (&mut self.effects, &wanted.effects, &said.effects),
            (&mut self.rules, &wanted.rules, &said.rules),
            (&mut self.hours, &wanted.hours, &said.hours),
            (&mut self.services, &wanted.services, &said.services),
        ];
        for (counts, wanted, said) in tables {
            compare(counts, wanted, said, |what| {
                let (index, kind) = story;
                keep(&mut self.errors, Difference { story: index, kind, what });
            });
        }
    }

    /// Adds what another part of the stories gave.
    pub fn merge(&mut self, other: Self) {
        self.asked += other.asked;
        self.right += other.right;
        for (outcome, n) in other.answers {
            *self.answers.entry(outcome).or_default() += n;
        }
        let tables = [
            (&mut self.outcomes, other.outcomes),
            (&mut self.effects, other.effects),
            (&mut self.rules, other.rules),
            (&mut self.hours, other.hours),
            (&mut self.services, other.services),
        ];
        for (mine, theirs) in tables {
            for (name, counts) in theirs {
                mine.entry(name).or_default().add(counts);
            }
        }
        for error in other.errors {
            keep(&mut self.errors, error);
        }
    }

    /// The tables in the order in which they are told.
    pub fn tables(&self) -> [(&'static str, &BTreeMap<String, Counts>); 5] {
        [
            ("outcome", &self.outcomes),
            ("effect", &self.effects),
            ("rule", &self.rules),
            ("hours", &self.hours),
            ("service", &self.services),
        ]
    }

    /// The least precision or recall of anything that was found or should have been.
    pub fn least_permille(&self) -> Option<u64> {
        self.tables().into_iter().filter_map(|(_, counts)| super::least_permille(counts)).min()
    }
}

impl Said {
    fn of(at: &str, answer: &Answered) -> Self {
        let mut said = Self::default();
        match answer {
            Answered::Recognition(found) => {
                said.outcomes.insert((word(found.outcome), "over all".to_owned()));
                for (record, of) in &found.records {
                    said.outcomes.insert((word(of.outcome), record.clone()));
                    said.effects.extend(of.effect.map(|e| (word(e), record.clone())));
                    let told = |outcome| format!("{record}: {}", word(outcome));
                    let rules = of.rules.iter().map(|(r, o)| (format!("{at}/{r}"), told(*o)));
                    said.rules.extend(rules);
                }
                for (year, hours) in &found.hours {
                    said.hours.extend(columns(*year, *hours));
                }
            }
            Answered::Entitlement(found) => {
                let mut say = |word: &str| said.services.insert((word.to_owned(), String::new()));
                say(if found.entitled { "entitled" } else { "not entitled" });
                let words = [
                    ("person decides", found.person_decides),
                    ("own record", found.own_record),
                    ("refuted", found.refuted),
                ];
                words.into_iter().filter(|(_, is)| *is).for_each(|(word, _)| {
                    say(word);
                });
                let class = |(scheme, class): &(String, String)| format!("{scheme} {class}");
                said.services.extend(found.classes.iter().map(|c| ("class".to_owned(), class(c))));
            }
        }
        said
    }
}

fn columns(year: u16, hours: Hours) -> impl Iterator<Item = (String, String)> {
    let columns =
        [("own", hours.own), ("recognised", hours.recognised), ("conditional", hours.conditional)];
    let filled = columns.into_iter().filter(|(_, tenths)| tenths.iter().any(|t| *t > 0));
    filled.map(move |(column, [general, professional])| {
        (column.to_owned(), format!("{year}: {general} + {professional}"))
    })
}

fn compare(
    counts: &mut BTreeMap<String, Counts>,
    wanted: &Labels,
    said: &Labels,
    mut differ: impl FnMut(String),
) {
    let names: BTreeSet<&String> = wanted.iter().map(|(name, _)| name).collect();
    for name in names {
        counts.entry(name.clone()).or_default().positives += 1;
    }
    for label @ (name, place) in wanted.union(said) {
        let of = counts.entry(name.clone()).or_default();
        match (said.contains(label), wanted.contains(label)) {
            (true, true) => of.hits += 1,
            (true, false) => {
                of.false_alarms += 1;
                differ(format!("found {name} {place}").trim_end().to_owned());
            }
            _ => {
                of.misses += 1;
                differ(format!("missed {name} {place}").trim_end().to_owned());
            }
        }
    }
}

/// The word of the wire.
fn word(value: impl Serialize) -> String {
    json!(value).as_str().map(str::to_owned).unwrap_or_default()
}
