//! A scenario over the six districts: people, and one story each.

use super::number::Draw;
use super::person::{Person, hong_kong_pair, people};
use super::plain::{Case, Story};
use super::story;

/// People and what happens around each of them. Stories touch one person only and may be played in
/// any order; the acts inside a story may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The people, by index.
    pub people: Vec<Person>,
    /// One story per person, same order.
    pub stories: Vec<Story>,
}

/// Every third person has a hard case.
const HARD_EVERY: usize = 3;

/// `n` people and their stories; from 36 people on each hard case occurs.
pub fn district(seed: u64, n: usize) -> Scenario {
    let mut everyone: Vec<_> = people(seed, n).collect();
    let mut stories = Vec::with_capacity(n);
    for (index, person) in everyone.iter_mut().enumerate() {
        let case = if index % HARD_EVERY == 0 {
            Case::HARD[index / HARD_EVERY % Case::HARD.len()]
        } else {
            Case::Unrelated
        };
        if case == Case::TwoDocuments {
            person.documents = hong_kong_pair(Draw::new(seed, index as u64));
        }
        stories.push(story::tell(seed, case, person));
    }
    Scenario { people: everyone, stories }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::time::MonthSpan;
    use crate::synth::plain::{Action, LABELLED_RULES, Outcome, PlainApplication, PlainGrant};
    use crate::synth::{Amount, District};

    fn applications(story: &Story) -> Vec<&PlainApplication> {
        let mut found = Vec::new();
        for action in &story.actions {
            if let Action::Apply(p) = action {
                found.push(p);
            }
        }
        found
    }

    fn grants(story: &Story) -> Vec<&PlainGrant> {
        let mut found = Vec::new();
        for action in &story.actions {
            if let Action::Grant(g) = action {
                found.push(g);
            }
        }
        found
    }

    #[test]
    fn a_seed_is_a_scenario() {
        assert_eq!(district(1, 100), district(1, 100));
        assert_ne!(district(1, 100), district(2, 100));
        assert!(district(1, 0).stories.is_empty());
    }

    #[test]
    fn every_case_and_every_district_occurs() {
        let scenario = district(9, 72);
        let cases: BTreeSet<_> = scenario.stories.iter().map(|s| s.case).collect();
        assert_eq!(cases.len(), Case::HARD.len() + 1);
        let mut certifying = BTreeSet::new();
        for action in scenario.stories.iter().flat_map(|s| &s.actions) {
            if let Action::Certify(c) = action {
                certifying.insert(c.district);
            }
        }
        assert_eq!(certifying.len(), District::ALL.len());
    }

    /// Ground truth, worked out again from the plain records by the words of the rules.
    #[test]
    fn labels_agree_with_the_months_and_sums() {
        for story in district(5, 720).stories {
            for (i, a) in applications(&story).into_iter().enumerate() {
                assert!(a.expected.iter().all(|e| LABELLED_RULES.contains(&e.rule)));
                let asked = MonthSpan::from_count(a.first, a.months).unwrap();
                // The first check comes before the link, the second before its confirmation.
                let linked = story.case != Case::TwoDocuments || i > 1;
                let mut across = 0;
                for g in grants(&story) {
                    let held = MonthSpan::from_count(g.first, g.months).unwrap();
                    let same_kind = g.kind == a.kind && g.district != a.district;
                    if same_kind && (linked || g.document == a.document) {
                        across += held.overlap(asked).map_or(0, MonthSpan::count);
                    }
                }
                let r05 = a.expected.iter().find(|e| e.rule == "R05");
                assert_eq!(r05.and_then(|e| e.months).unwrap_or(0), across, "{story:?}");
                let returnee = a.policy == "changning/returnee-apartment-rent";
                let above = returnee && a.amount.total(a.months).get() > 4_500_000;
                assert_eq!(above, a.expected.iter().any(|e| e.rule == "R16"), "{story:?}");
            }
        }
    }

    #[test]
    fn verdicts_are_those_of_the_cases() {
        let expected = |case| match case {
            Case::Unrelated | Case::CertifiedTwice | Case::Consecutive | Case::ReturneeAtCap => {
                Outcome::Clear
            }
            Case::DiscountedApartment => Outcome::ClearCond,
            Case::RentCapNearlyUsed | Case::ApartmentCapNearlyUsed | Case::ReturneeAboveCap => {
                Outcome::Capped
            }
            Case::OneMonthOverlap | Case::TwoDocuments => Outcome::Refer,
            Case::SameKindTwice | Case::CashDuringPurchase | Case::ChangningTwice => {
                Outcome::OneOnly
            }
        };
        for story in district(11, 360).stories {
            let last = applications(&story).pop().unwrap();
            assert_eq!(last.verdict(), expected(story.case), "{story:?}");
            if let Amount::Total(fen) = last.amount {
                assert!(fen.get() > 0);
            }
        }
    }

    #[test]
    fn two_documents_are_apart_until_the_link_is_confirmed() {
        let scenario = district(5, 36);
        let story = scenario.stories.iter().find(|s| s.case == Case::TwoDocuments).unwrap();
        assert_eq!(scenario.people[story.person].documents.len(), 2);
        let checks: Vec<_> = applications(story).iter().map(|a| a.verdict()).collect();
        assert_eq!(checks, [Outcome::Clear, Outcome::Clear, Outcome::Refer]);
    }
}
