//! The coverage block of every answer: which districts' data were in it, up to when, and what was
//! not (DESIGN §2.6). It comes from agreements and from `reconcile/1`, never from hope.

use super::directory::Directory;
use crate::domain::context::Purpose;
pub use crate::domain::coverage::{CoverageGap, CoverageLine};
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;
use crate::projection::{Key, RECONCILED, View, ViewError};

/// The coverage of `kinds` for one asker: every active district of the directory is listed.
pub fn coverage(
    view: &dyn View,
    directory: &Directory,
    asker: &ParticipantId,
    purpose: Purpose,
    kinds: &[&str],
    now: UtcSeconds,
) -> Result<Vec<CoverageLine>, ViewError> {
    let mut lines = Vec::new();
    for district in directory.districts() {
        for kind in kinds {
            lines.push(line(view, directory, asker, purpose, district, kind, now)?);
        }
    }
    Ok(lines)
}

fn line(
    view: &dyn View,
    directory: &Directory,
    asker: &ParticipantId,
    purpose: Purpose,
    district: &ParticipantId,
    kind: &str,
    now: UtcSeconds,
) -> Result<CoverageLine, ViewError> {
    let gap = |until, reason| CoverageLine {
        district: district.clone(),
        kind: kind.to_owned(),
        covered: false,
        until,
        reason: Some(reason),
    };
    // A district needs no agreement for its own data, but its data must still be complete here.
    let max_age_hours = if district == asker {
        OWN_DATA_MAX_AGE_HOURS
    } else {
        match directory.permission(district, asker, kind, purpose, now.date_cst()) {
            Some((agreement, _)) => agreement.body.max_age_hours,
            None => return Ok(gap(None, CoverageGap::NoAgreement)),
        }
    };
    let key = Key::new().text(district.as_str()).text(kind);
    let Some(row) = RECONCILED.get(view, &key)? else {
        return Ok(gap(None, CoverageGap::NeverReconciled));
    };
    let until = Some(row.line.complete_until);
    if !row.matched {
        return Ok(gap(until, CoverageGap::Mismatched));
    }
    if row.line.complete_until.plus_seconds(i64::from(max_age_hours) * 3_600) < now {
        return Ok(gap(until, CoverageGap::Stale));
    }
    Ok(CoverageLine {
        district: district.clone(),
        kind: kind.to_owned(),
        covered: true,
        until,
        reason: None,
    })
}

/// Largest age of a district's own reconciliation when it asks about its own data, in hours.
const OWN_DATA_MAX_AGE_HOURS: u32 = 48;
