//! Which questions the rules answer: for every class that a district gives, every other district
//! and every purpose of such a thing, the rules in force on a day – or none, which an officer would
//! meet as `no-rule`.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::alliance::Alliances;
use super::effect::{Object, RecognitionPurpose};
use super::rule::{RecognitionRule, RuleStatus};
use super::view::{LoggedRule, RuleIndex, RuleKey};
use crate::domain::participant::ParticipantId;

/// Stands for the classes of an open scheme that no list names.
pub const OTHER_CLASSES: &str = "*";

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
    /// Region of the authority that decides, where it is known: rules may name it. GB/T 2260.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Districts inside that region: there the record is a local one that needs no rule.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub home: BTreeSet<ParticipantId>,
    /// Classes of the scheme; [`OTHER_CLASSES`] for those that no list names.
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
    /// The shared service, under the purpose `service`; absent for services in general.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// How far it is answered.
    pub covered: Covered,
    /// Ids of the rules that do, in order.
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

/// What the report asks about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What authorities give out.
    pub issued: &'a [Issued],
    /// Receiving districts.
    pub districts: &'a [ParticipantId],
    /// Codes of the shared services; each is a question of its own, as are services in general.
    pub services: &'a [String],
    /// The day.
    pub on: Date,
}

/// Reports on every class of what is issued, between each pair of districts. The cost is one
/// look-up per class, receiving district, purpose and service.
pub fn rule_coverage(asked: Asked<'_>, rules: &RuleIndex, alliances: &Alliances) -> RuleCoverage {
    let mut lines = BTreeSet::new();
    for given in asked.issued {
        let abroad = |at: &&ParticipantId| **at != given.authority && !given.home.contains(*at);
        for class in &given.classes {
            for at in asked.districts.iter().filter(abroad) {
                for &purpose in given.object.purposes() {
                    let key = RuleKey {
                        object: given.object,
                        scheme: given.scheme.clone(),
                        class: class.clone(),
                        at: at.clone(),
                        purpose,
                    };
                    let found = rules.find(&key, asked.on, u64::MAX);
                    let of = |service| line(given, &key, service, &found, alliances, asked.on);
                    lines.insert(of(None));
                    if purpose == RecognitionPurpose::Service {
                        lines.extend(asked.services.iter().map(|code| of(Some(code))));
                    }
                }
            }
        }
    }
    let count = |covered| lines.iter().filter(|l| l.covered == covered).count();
    RuleCoverage {
        on: asked.on,
        in_force: count(Covered::InForce),
        example_only: count(Covered::ExampleOnly),
        no_rule: count(Covered::NoRule),
        lines: lines.into_iter().collect(),
    }
}

fn line(
    given: &Issued,
    key: &RuleKey,
    service: Option<&String>,
    found: &[&LoggedRule],
    alliances: &Alliances,
    on: Date,
) -> CoverageOfRules {
    let speaks = |rule: &&RecognitionRule| {
        rule.issuer.may_be(&given.authority)
            && rule.issuer.may_decide_in(given.region.as_deref())
            && rule.serves(service.map(String::as_str))
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
        class: key.class.clone(),
        at: key.at.clone(),
        purpose: key.purpose,
        service: service.cloned(),
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
                region: None,
                home: BTreeSet::new(),
                classes: rule.classes.clone(),
            });
        }
    }
    joined(all)
}

/// The same list with one entry per authority, object and scheme, classes once each and in order.
/// Who decides is said by the first entry that says it.
pub fn joined(issued: impl IntoIterator<Item = Issued>) -> Vec<Issued> {
    let mut all: BTreeMap<_, Issued> = BTreeMap::new();
    for given in issued {
        let key = (given.authority.clone(), given.object, given.scheme.clone());
        match all.entry(key) {
            Entry::Vacant(place) => {
                place.insert(given);
            }
            Entry::Occupied(mut place) => {
                let known = place.get_mut();
                known.classes.extend(given.classes);
                known.region = known.region.take().or(given.region);
                known.home.extend(given.home);
            }
        }
    }
    let in_order = |mut given: Issued| {
        given.classes.sort_unstable();
        given.classes.dedup();
        given
    };
    all.into_values().map(in_order).collect()
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
            region: Some("330000".into()),
            home: BTreeSet::from(["changning".parse().unwrap()]),
            classes: vec!["A".into(), "B".into()],
        }];
        let districts = ["qingpu", "jiashan", "wujiang", "changning"].map(|id| id.parse().unwrap());
        let services = ["medical".to_owned()];
        let asked = Asked { issued: &issued, districts: &districts, services: &services, on };
        rule_coverage(asked, &rules.into_iter().collect::<RuleIndex>(), &NO_ALLIANCES)
    }

    #[test]
    fn every_question_is_counted_once_and_none_at_home() {
        let report = report(vec![rule("r1", "jiashan", "s", "A", "qingpu")], date(2024, 1, 1));
        // Two classes, two districts abroad, four purposes and a service.
        assert_eq!(report.lines.len(), 20);
        assert_eq!((report.in_force, report.example_only, report.no_rule), (1, 0, 19));
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
    fn a_rule_for_one_service_answers_for_that_one_alone() {
        let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
        logged.rule.purposes = vec![RecognitionPurpose::Service];
        logged.rule.services = vec!["medical".into()];
        let report = report(vec![logged], date(2024, 1, 1));
        let answered = report.lines.iter().filter(|l| l.covered == Covered::InForce);
        let services: Vec<_> = answered.map(|l| l.service.as_deref()).collect();
        assert_eq!(services, [Some("medical")]);
    }

    #[test]
    fn a_rule_for_another_authority_answers_nothing() {
        let of = |region: &str| {
            let mut logged = rule("r1", "jiashan", "s", "A", "qingpu");
            logged.rule.issuer = super::super::rule::IssuerMatch::new(
                vec!["jiashan".parse().unwrap()],
                vec![region.into()],
                vec![],
            )
            .unwrap();
            report(vec![logged], date(2024, 1, 1)).in_force
        };
        assert_eq!([of("330000"), of("330421"), of("320000")], [1, 1, 0]);
    }

    #[test]
    fn lists_of_what_is_issued_join() {
        let one = |class: &str| Issued {
            authority: "jiashan".parse().unwrap(),
            object: Object::Certification,
            scheme: "s".into(),
            region: None,
            home: BTreeSet::new(),
            classes: vec![class.into()],
        };
        let all = joined([one("B"), one("A"), one("B")]);
        assert_eq!((all.len(), &all[0].classes), (1, &vec!["A".to_owned(), "B".to_owned()]));
    }
}
