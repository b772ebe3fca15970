//! Which questions the rules answer: for every class that a district gives, every other district
//! and every purpose of such a thing, the rules in force on a day – or none, which an officer would
//! meet as `no-rule`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::alliance::Alliances;
use super::effect::{Object, RecognitionPurpose};
use super::rule::{RecognitionRule, RuleStatus};
use super::view::{LoggedRule, RuleIndex, RuleKey};
use crate::domain::participant::ParticipantId;

/// What an authority gives out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// The participant that sends such records.
    pub authority: ParticipantId,
    /// What kind of thing.
    pub object: Object,
    /// Scheme.
    pub scheme: String,
    /// Classes of the scheme.
    pub classes: Vec<String>,
}

/// How far rules answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covered {
    /// A rule in force answers it.
    InForce,
    /// Only an example does, without legal effect.
    ExampleOnly,
    /// 无对应规则: a person decides every case.
    NoRule,
}

/// One question that officers may ask, and the rules that answer it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageOfRules {
    /// Whose record.
    pub authority: ParticipantId,
    /// What kind of thing.
    pub object: Object,
    /// Scheme.
    pub scheme: String,
    /// Class.
    pub class: String,
    /// Receiving district.
    pub at: ParticipantId,
    /// What for.
    pub purpose: RecognitionPurpose,
    /// How far it is answered.
    pub covered: Covered,
    /// Ids of the rules that do, in order; services count under the purpose `service`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

/// The report on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleCoverage {
    /// The day.
    pub on: Date,
    /// Number of questions that a rule in force answers.
    pub in_force: usize,
    /// Number that only an example answers.
    pub example_only: usize,
    /// Number that no rule answers.
    pub no_rule: usize,
    /// Every question, in order of its members.
    pub lines: Vec<CoverageOfRules>,
}

/// Reports on every class of `issued`, between each pair of `districts`. The cost is one look-up
/// per class, receiving district and purpose.
pub fn rule_coverage(
    issued: &[Issued],
    districts: &[ParticipantId],
    rules: &RuleIndex,
    alliances: &Alliances,
    on: Date,
) -> RuleCoverage {
    let mut lines = BTreeSet::new();
    for given in issued {
        for class in &given.classes {
            for at in districts.iter().filter(|at| **at != given.authority) {
                for &purpose in given.object.purposes() {
                    let key = RuleKey {
                        object: given.object,
                        scheme: given.scheme.clone(),
                        class: class.clone(),
                        at: at.clone(),
                        purpose,
                    };
                    let found = rules.find(&key, on, u64::MAX);
                    lines.insert(line(given, key, &found, alliances, on));
                }
            }
        }
    }
    let count = |covered| lines.iter().filter(|l| l.covered == covered).count();
    RuleCoverage {
        on,
        in_force: count(Covered::InForce),
        example_only: count(Covered::ExampleOnly),
        no_rule: count(Covered::NoRule),
        lines: lines.into_iter().collect(),
    }
}

fn line(
    given: &Issued,
    key: RuleKey,
    found: &[&LoggedRule],
    alliances: &Alliances,
    on: Date,
) -> CoverageOfRules {
    let speaks = |rule: &&RecognitionRule| {
        rule.issuer.may_be(&given.authority)
            && rule.scope.reaches(&given.authority, on, alliances)
            && rule.scope.reaches(&key.at, on, alliances)
    };
    let speaking: Vec<_> = found.iter().map(|l| &l.rule).filter(speaks).collect();
    let any = |status| speaking.iter().any(|rule| rule.status == status);
    let covered = if any(RuleStatus::InForce) {
        Covered::InForce
    } else if any(RuleStatus::Example) {
        Covered::ExampleOnly
    } else {
        Covered::NoRule
    };
    let ids: BTreeSet<_> = speaking.iter().map(|rule| rule.rule.clone()).collect();
    CoverageOfRules {
        authority: given.authority.clone(),
        object: given.object,
        scheme: given.scheme.clone(),
        class: key.class,
        at: key.at,
        purpose: key.purpose,
        covered,
        rules: ids.into_iter().collect(),
    }
}

/// What rules themselves say that is given out: each issuing participant that a rule names with
/// the scheme and classes of the rule. Joined with the schemes of the catalogue, so that classes
/// of which no rule speaks are reported too.
pub fn issued_by_rules(rules: &[RecognitionRule]) -> Vec<Issued> {
    let mut all = Vec::new();
    for rule in rules {
        for authority in rule.issuer.participants() {
            all.push(Issued {
                authority: authority.clone(),
                object: rule.object,
                scheme: rule.scheme.clone(),
                classes: rule.classes.clone(),
            });
        }
    }
    joined(all)
}

/// The same list with one entry per authority, object and scheme, classes once each and in order.
pub fn joined(issued: impl IntoIterator<Item = Issued>) -> Vec<Issued> {
    let mut all: std::collections::BTreeMap<_, BTreeSet<String>> =
        std::collections::BTreeMap::new();
    for given in issued {
        let key = (given.authority, given.object, given.scheme);
        all.entry(key).or_default().extend(given.classes);
    }
    all.into_iter()
        .map(|((authority, object, scheme), classes)| Issued {
            authority,
            object,
            scheme,
            classes: classes.into_iter().collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::alliance::NO_ALLIANCES;
    use super::super::testing::rule;
    use super::*;

    fn report(rules: Vec<LoggedRule>, on: Date) -> RuleCoverage {
        let issued = [Issued {
            authority: "jiashan".parse().unwrap(),
            object: Object::Certification,
            scheme: "s".into(),
            classes: vec!["A".into(), "B".into()],
        }];
        let districts = ["qingpu", "jiashan", "wujiang"].map(|id| id.parse().unwrap());
        rule_coverage(
            &issued,
            &districts,
            &rules.into_iter().collect::<RuleIndex>(),
            &NO_ALLIANCES,
            on,
        )
    }

    #[test]
    fn every_question_is_counted_once_and_none_at_home() {
        let report = report(vec![rule("r1", "jiashan", "s", "A", "qingpu")], date(2024, 1, 1));
        // Two classes, two other districts, four purposes.
        assert_eq!(report.lines.len(), 16);
        assert_eq!((report.in_force, report.example_only, report.no_rule), (1, 0, 15));
        let answered = report.lines.iter().find(|l| l.covered == Covered::InForce).unwrap();
        assert_eq!((answered.class.as_str(), answered.at.as_str()), ("A", "qingpu"));
        assert_eq!(answered.rules, ["r1"]);
        assert!(report.lines.iter().all(|l| l.at != l.authority));
    }

    #[test]
    fn examples_drafts_and_rules_of_another_day_are_told_apart() {
        let with = |change: &dyn Fn(&mut RecognitionRule), on| {
            let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
            change(&mut logged.rule);
            let report = report(vec![logged], on);
            (report.in_force, report.example_only)
        };
        let day = date(2024, 1, 1);
        assert_eq!(with(&|r| r.status = RuleStatus::Example, day), (0, 1));
        assert_eq!(with(&|r| r.status = RuleStatus::Draft, day), (0, 0));
        assert_eq!(with(&|r| r.withdrawn = true, day), (0, 0));
        assert_eq!(with(&|_| (), date(2019, 12, 31)), (0, 0));
        assert_eq!(with(&|_| (), date(2020, 1, 1)), (1, 0));
    }

    #[test]
    fn lists_of_what_is_issued_join() {
        let one = |class: &str| Issued {
            authority: "jiashan".parse().unwrap(),
            object: Object::Certification,
            scheme: "s".into(),
            classes: vec![class.into()],
        };
        let all = joined([one("B"), one("A"), one("B")]);
        assert_eq!((all.len(), &all[0].classes), (1, &vec!["A".to_owned(), "B".to_owned()]));
    }
}
