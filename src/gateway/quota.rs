//! Enumeration is noticed: one participant that asks about many subjects, or about many in one case
//! (DESIGN §8). Kept in memory for the day; what was asked is in the access records for ever.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;

/// A subject as the tables know it: the HMAC of its token.
type Lookup = [u8; 32];

/// How many subjects a participant may ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryQuota {
    /// Different subjects in a day (UTC+8): a large district's windows together.
    pub subjects_per_day: usize,
    /// Different subjects under one case number in a day: a team with its spouses.
    pub subjects_per_case: usize,
}

impl Default for QueryQuota {
    fn default() -> Self {
        Self { subjects_per_day: 5_000, subjects_per_case: 64 }
    }
}

/// What each participant asked about today. Participants are those of the directory, and each keeps
/// at most `subjects_per_day` subjects and as many pairs of case and subject again.
#[derive(Debug)]
pub struct Asked {
    quota: QueryQuota,
    today: Mutex<(Date, HashMap<ParticipantId, Day>)>,
}

#[derive(Debug, Default)]
struct Day {
    subjects: HashSet<Lookup>,
    cases: HashMap<String, HashSet<Lookup>>,
    pairs: usize,
}

impl Asked {
    pub fn new(quota: QueryQuota) -> Self {
        Self { quota, today: Mutex::new((Date::MIN, HashMap::new())) }
    }

    /// Counts the subject for the participant's day and case, or refuses and counts nothing.
    pub fn take(
        &self,
        who: &ParticipantId,
        case: &str,
        subject: Lookup,
        today: Date,
    ) -> Result<(), Refusal> {
        let mut known = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != today {
            *known = (today, HashMap::new());
        }
        let day = known.1.entry(who.clone()).or_default();
        let in_case = day.cases.get(case);
        if in_case.is_some_and(|subjects| subjects.contains(&subject)) {
            return Ok(());
        }
        let QueryQuota { subjects_per_day, subjects_per_case } = self.quota;
        if in_case.is_some_and(|subjects| subjects.len() >= subjects_per_case) {
            return Err(exceeded(
                who,
                "subjects-per-case",
                ("同一办件", "one case"),
                subjects_per_case,
            ));
        }
        let is_new = !day.subjects.contains(&subject);
        if is_new && day.subjects.len() >= subjects_per_day
            || day.pairs >= subjects_per_day.saturating_mul(2)
        {
            return Err(exceeded(who, "subjects-per-day", ("每日", "a day"), subjects_per_day));
        }
        day.pairs += 1;
        day.subjects.insert(subject);
        day.cases.entry(case.to_owned()).or_default().insert(subject);
        Ok(())
    }
}

/// The alarm is this line and the count of refusals by code.
fn exceeded(
    who: &ParticipantId,
    quota: &'static str,
    (zh, en): (&str, &str),
    most: usize,
) -> Refusal {
    tracing::warn!(participant = who.as_str(), quota, "a query quota is used up: enumeration?");
    Refusal::new(Code::QuotaExceeded).detail(
        format!("{zh}最多查询 {most} 个主体，次日恢复"),
        format!("at most {most} subjects in {en}; again from tomorrow"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: Date = jiff::civil::date(2026, 3, 2);

    fn subject(n: u8) -> Lookup {
        [n; 32]
    }

    #[test]
    fn many_subjects_in_few_cases_end() {
        let asked = Asked::new(QueryQuota { subjects_per_day: 4, subjects_per_case: 2 });
        let (a, b) = ("qingpu".parse().unwrap(), "jiashan".parse().unwrap());
        let ask = |who, case, n, day| asked.take(who, case, subject(n), day).is_ok();
        assert!(ask(&a, "c1", 1, MONDAY) && ask(&a, "c1", 2, MONDAY));
        assert!(ask(&a, "c1", 1, MONDAY), "the same one again is free");
        assert!(!ask(&a, "c1", 3, MONDAY), "a third one in this case");
        assert!(ask(&a, "c2", 3, MONDAY) && ask(&a, "c2", 4, MONDAY));
        assert!(!ask(&a, "c3", 5, MONDAY), "a fifth one today");
        assert!(ask(&a, "c3", 4, MONDAY), "one of the four is not");
        assert!(ask(&b, "c1", 5, MONDAY), "participants do not share");
        assert!(ask(&a, "c3", 5, MONDAY.tomorrow().unwrap()));
    }

    #[test]
    fn pairs_are_bounded() {
        let asked = Asked::new(QueryQuota { subjects_per_day: 2, subjects_per_case: 2 });
        let who = "qingpu".parse().unwrap();
        let taken =
            (0..100).filter(|n| asked.take(&who, &n.to_string(), subject(1), MONDAY).is_ok());
        assert_eq!(taken.count(), 4);
    }
}
