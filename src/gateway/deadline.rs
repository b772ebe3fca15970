//! When objections and enquiries must be settled, by the calendar and the clocks of the catalogue.
//! Nothing of this is kept in the tables: data that are mended later mend every deadline.

use super::directory::Directory;
use crate::catalogue::Catalogue;
use crate::domain::calendar::CalendarMissing;
use crate::domain::clocks::ObjectionClock;
use crate::domain::matter::{Deadline, Stage};
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;
use crate::projection::{EnquiryRow, ObjectionRow};

/// When the stage that an objection is in must be over; `None` where that stage has no clock, or
/// the objection is closed.
///
/// The owner's clock of deciding begins the day the person came, or, where another office was asked,
/// the day the owner got the objection through the log.
pub(super) fn objection_deadline(
    catalogue: &Catalogue,
    directory: &Directory,
    row: &ObjectionRow,
) -> Option<Deadline> {
    let stage = row.stage()?;
    let Some(clock) = clock_of(catalogue, directory, &row.record.owner) else {
        return Some(Deadline::ClockUnknown);
    };
    let (from, days) = if stage == Stage::Correct {
        (row.decided?.at.date_cst(), clock.correct_days?)
    } else {
        let own = row.by == row.record.owner;
        let from = if own { row.received_on } else { row.at.date_cst() };
        let longest = clock.decide_days_max.filter(|_| row.extended);
        (from, longest.unwrap_or(clock.decide_days))
    };
    Some(deadline(catalogue.calendar.deadline(from, days)))
}

/// When an enquiry must be answered.
pub(super) fn enquiry_deadline(catalogue: &Catalogue, row: &EnquiryRow) -> Deadline {
    deadline(catalogue.calendar.deadline(row.at.date_cst(), row.within_days))
}

/// Has the stage that an open objection is in taken too long? Told at the moment of asking; the log
/// says so at the next look.
pub(super) fn is_overdue(
    catalogue: &Catalogue,
    directory: &Directory,
    row: &ObjectionRow,
    now: UtcSeconds,
) -> bool {
    let over = |stage| {
        let end = objection_deadline(catalogue, directory, row);
        row.overdue.contains(&stage) || end.is_some_and(|end| is_over(end, now))
    };
    row.stage().is_some_and(over)
}

/// What was late of an objection, open or closed. To mark the record and to forward it to its owner are
/// done by the entry itself, so that its time decides; what was decided or corrected late was logged as
/// overdue before.
pub(super) fn late(
    catalogue: &Catalogue,
    directory: &Directory,
    row: &ObjectionRow,
    now: UtcSeconds,
) -> Vec<&'static str> {
    let mut late = Vec::new();
    if let Some(clock) = clock_of(catalogue, directory, &row.by) {
        let forward = clock.forward_days.filter(|_| row.by != row.record.owner);
        let over = |days: u32| {
            let end = catalogue.calendar.deadline(row.received_on, days);
            end.is_ok_and(|end| end <= row.at)
        };
        let clocks = [("mark", clock.mark_days), ("forward", forward)];
        let clocks = clocks.into_iter().filter(|(_, days)| days.is_some_and(over));
        late.extend(clocks.map(|(what, _)| what));
    }
    let now = row.stage().filter(|_| is_overdue(catalogue, directory, row, now));
    for (stage, what) in [(Stage::Decide, "decide"), (Stage::Correct, "correct")] {
        if row.overdue.contains(&stage) || now == Some(stage) {
            late.push(what);
        }
    }
    late
}

/// Is the deadline over?
pub(super) fn is_over(deadline: Deadline, now: UtcSeconds) -> bool {
    matches!(deadline, Deadline::At(end) if end <= now)
}

fn clock_of<'c>(
    catalogue: &'c Catalogue,
    directory: &Directory,
    office: &ParticipantId,
) -> Option<&'c ObjectionClock> {
    catalogue.clock(directory.participant(office)?.body.region.as_deref()?)
}

fn deadline(end: Result<UtcSeconds, CalendarMissing>) -> Deadline {
    match end {
        Ok(end) => Deadline::At(end),
        Err(missing) => Deadline::CalendarMissing(missing.year),
    }
}
