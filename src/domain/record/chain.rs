//! How a record stands on a day of the world, from the chain of its revisions.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::life_cycle::{Action, State};
use crate::domain::time::Validity;

/// A revision as its chain is read.
pub trait Step {
    /// What it does.
    fn action(&self) -> Action;
    /// When its content holds; a suspension or revocation takes effect on `from`.
    fn validity(&self) -> Validity;
    /// May it have been signed with a key that has leaked?
    fn is_suspect(&self) -> bool;
}

/// A record on one day.
#[derive(Debug, PartialEq, Eq)]
pub struct Standing<'a, R> {
    /// The revision whose content holds on the day; before its first day, the first revision.
    pub content: &'a R,
    /// The last revision that took effect by the day.
    pub last: &'a R,
    /// State after it.
    pub state: State,
    /// Does the day lie inside the validity of the content?
    pub period: Period,
    /// Does a revision that takes effect after the day suspend or revoke the record?
    pub ends_later: bool,
    /// Is a revision that the standing rests on suspect?
    pub suspect: bool,
}

/// Where a day lies, seen from a period of validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Before the first day.
    Before,
    /// Inside.
    Inside,
    /// After the last day.
    After,
}

/// Where a record stands on a day, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandingWord {
    /// 有效
    InForce,
    /// 尚未生效
    NotYetEffective,
    /// 已过期
    Expired,
    /// 已暂停
    Suspended,
    /// 已撤销
    Revoked,
    /// 异议处理中: in force, but it counts nowhere until the objection is settled.
    UnderObjection,
    /// 存疑: in force, but it may have been signed with a key that has leaked.
    Suspect,
}

/// How a record with these revisions, in order of their numbers, stands on `day`; `None` when there
/// is none. Revisions count from the day that each takes effect, so that a later revocation does
/// not change the answer for an earlier day unless it says so.
pub fn standing<R: Step>(revisions: &[R], day: Date) -> Option<Standing<'_, R>> {
    let first = revisions.first()?;
    let (mut content, mut last, mut state) = (first, first, State::Active);
    let (mut ends_later, mut suspect) = (false, first.is_suspect());
    for revision in revisions.iter().skip(1) {
        let ends = matches!(revision.action(), Action::Suspend | Action::Revoke);
        if revision.validity().from > day {
            ends_later |= ends;
            continue;
        }
        // An action that the state does not allow was refused at the door; it changes nothing.
        let Some(next) = State::after(Some(state), revision.action()) else { continue };
        (state, last) = (next, revision);
        suspect |= revision.is_suspect();
        if !ends {
            content = revision;
        }
    }
    let period = if day < content.validity().from {
        Period::Before
    } else if content.validity().contains(day) {
        Period::Inside
    } else {
        Period::After
    };
    Some(Standing { content, last, state, period, ends_later, suspect })
}

impl<R> Standing<'_, R> {
    /// The word for it; of several the one that ends the record most surely.
    pub fn word(&self, objected: bool) -> StandingWord {
        match (self.state, self.period) {
            (State::Revoked, _) => StandingWord::Revoked,
            (State::Suspended, _) => StandingWord::Suspended,
            (State::Active, Period::After) => StandingWord::Expired,
            (State::Active, Period::Before) => StandingWord::NotYetEffective,
            (State::Active, Period::Inside) if self.suspect => StandingWord::Suspect,
            (State::Active, Period::Inside) if objected => StandingWord::UnderObjection,
            (State::Active, Period::Inside) => StandingWord::InForce,
        }
    }
}

impl StandingWord {
    /// Does the record hold in the world on the day, whether or not it may count?
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::InForce | Self::UnderObjection | Self::Suspect)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    struct R(Action, Validity, bool);

    impl Step for R {
        fn action(&self) -> Action {
            self.0
        }
        fn validity(&self) -> Validity {
            self.1
        }
        fn is_suspect(&self) -> bool {
            self.2
        }
    }

    fn from(year: i16, month: i8, until: Option<Date>) -> Validity {
        Validity { from: date(year, month, 1), until }
    }

    #[test]
    fn one_word_for_each_day() {
        use StandingWord as W;
        let mut chain = vec![
            R(Action::Issue, from(2024, 1, Some(date(2026, 12, 31))), false),
            R(Action::Suspend, from(2025, 1, None), false),
            R(Action::Reinstate, from(2025, 3, Some(date(2026, 12, 31))), false),
        ];
        let word = |chain: &[R], day, objected| standing(chain, day).unwrap().word(objected);
        for (day, objected, expected) in [
            (date(2023, 12, 31), false, W::NotYetEffective),
            (date(2024, 1, 1), false, W::InForce),
            (date(2024, 1, 1), true, W::UnderObjection),
            (date(2025, 1, 1), true, W::Suspended),
            (date(2025, 3, 1), false, W::InForce),
            (date(2027, 1, 1), true, W::Expired),
        ] {
            assert_eq!(word(&chain, day, objected), expected, "{day} {objected}");
        }
        chain.push(R(Action::Revoke, from(2026, 1, None), true));
        assert_eq!(word(&chain, date(2025, 12, 31), false), W::InForce, "not yet, and not suspect");
        assert_eq!(word(&chain, date(2026, 1, 1), false), W::Revoked);
        chain[0].2 = true;
        assert_eq!(word(&chain, date(2024, 1, 1), true), W::Suspect);
        assert!(standing::<R>(&[], date(2024, 1, 1)).is_none());
    }
}
