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

/// What was late before the objection was in the log: to mark the record, or to forward it to its
/// owner. Both are done by the entry itself, so that its time decides.
pub(super) fn late_before(
    catalogue: &Catalogue,
    directory: &Directory,
    row: &ObjectionRow,
) -> Vec<&'static str> {
    let Some(clock) = clock_of(catalogue, directory, &row.by) else { return Vec::new() };
    let forward = clock.forward_days.filter(|_| row.by != row.record.owner);
    let late = |days: u32| {
        let end = catalogue.calendar.deadline(row.received_on, days);
        end.is_ok_and(|end| end <= row.at)
    };
    let clocks = [("mark", clock.mark_days), ("forward", forward)];
    let late = clocks.into_iter().filter(|(_, days)| days.is_some_and(late));
    late.map(|(what, _)| what).collect()
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
