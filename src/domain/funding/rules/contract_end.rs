//! How the relation that points were registered in came to its end (R20, 附件4 二（四）): dissolved, run
//! out, or neither, because the same employer went on with it without a day between.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::domain::funding::case::evidence_of;
use crate::domain::funding::finding::Evidence;
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::record::affiliation::Affiliation;
use crate::domain::subject::SubjectId;

/// A relation with an employer and its record.
pub type Relation<'a> = (&'a HeldRecord, &'a Affiliation<SubjectId>);

/// An end of a relation, earlier ones first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// Its last day.
    pub day: Date,
    /// How it ended.
    pub how: How,
    /// The records that tell of it.
    pub evidence: Vec<Evidence>,
}

/// How a relation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// 解除, or so entered by the district.
    Dissolved,
    /// 解除, while the relation with the same employer went on.
    Remade,
    /// 终止、期满, or nobody says how.
    Expired,
}

impl How {
    /// The readings under which the points have lapsed, and have not; `None` where the text decides.
    pub const fn readings(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Dissolved => None,
            Self::Remade => Some(["same-employer-lapses", "same-employer-keeps"]),
            Self::Expired => Some(["expiry-lapses", "expiry-keeps"]),
        }
    }
}

/// The ends of a relation up to `on`. What follows with the same employer without a day between goes on
/// with it; a dissolution on the way is told all the same.
pub fn ends<'a>(all: &[Relation<'a>], first: Relation<'a>, on: Date) -> Vec<End> {
    let mut ends = Vec::new();
    let mut last = first;
    while let Some(day) = last.1.head.validity.until.filter(|day| *day <= on) {
        let dissolved = last.1.dissolved == Some(true);
        let evidence = vec![evidence_of(last.0)];
        let Some(next) = next(all, last.1, day) else {
            let how = if dissolved { How::Dissolved } else { How::Expired };
            ends.push(End { day, how, evidence });
            break;
        };
        if dissolved {
            let evidence = evidence.into_iter().chain([evidence_of(next.0)]).collect();
            ends.push(End { day, how: How::Remade, evidence });
        }
        last = next;
    }
    ends
}

/// The relation with the same employer that goes on beyond `day` and leaves no day between; each lasts
/// longer than the one before, so a chain of them ends.
fn next<'a>(
    all: &[Relation<'a>],
    before: &Affiliation<SubjectId>,
    day: Date,
) -> Option<Relation<'a>> {
    let goes_on = |(_, a): &&Relation<'a>| {
        let (from, until) = (a.head.validity.from, a.head.validity.until);
        a.employer.is_some()
            && a.employer == before.employer
            && day.tomorrow().is_ok_and(|next| from <= next)
            && until.is_none_or(|until| until > day)
    };
    let longest = |(r, a): &&Relation<'a>| {
        (a.head.validity.until.unwrap_or(Date::MAX), Reverse(evidence_of(r)))
    };
    all.iter().filter(goes_on).max_by_key(longest).copied()
}
