//! Copies of certificates that their authority has ended, as recognition knows them too: a class or title
//! that was revoked or suspended where it was given is held by nobody's copy.

use super::ledger::HeldRecord;
use super::view::FundingView;
use crate::domain::id::RegionCode;
use crate::domain::record::Record;
use crate::domain::record::certificate::{is_original, province_of};
use crate::domain::record::life_cycle::State;
use crate::domain::record::qualification::QualificationObject;
use crate::domain::subject::SubjectId;

/// Did the authority of its certificate revoke or suspend it, in a record about one of `persons`? Known by the
/// certificate number, inside one object, scheme and province. Where the authority's district entered it
/// again, the record that stands speaks.
pub(super) fn is_outlived(
    view: &dyn FundingView,
    persons: &[SubjectId],
    copy: &HeldRecord,
) -> bool {
    ended_original(view, persons, copy).is_some()
}

/// The authority's own record by which a copy has ended.
pub(super) fn ended_original<'a>(
    view: &'a dyn FundingView,
    persons: &[SubjectId],
    copy: &HeldRecord,
) -> Option<&'a HeldRecord> {
    let certificate = Certificate::of(&copy.record)?;
    let is_its_original = |other: &&HeldRecord| {
        other.district != copy.district
            && Certificate::of(&other.record).is_some_and(|c| c == certificate)
            && is_sent_by_its_authority(view, other, certificate.scheme)
    };
    let all = persons.iter().flat_map(|person| view.records(*person));
    let originals: Vec<_> = all.filter(is_its_original).collect();
    let stands =
        |sender| originals.iter().any(|o| o.district == sender && o.state == State::Active);
    originals.iter().find(|o| o.state != State::Active && !stands(o.district.clone())).copied()
}

fn is_sent_by_its_authority(view: &dyn FundingView, sent: &HeldRecord, scheme: &str) -> bool {
    let head = sent.record.head();
    let place = |id: &str| RegionCode::parse(view.region(&id.parse().ok()?)?);
    is_original(sent.district.as_str(), scheme, &head.authority, head.attestation, place)
}

/// What records of one certificate have in common.
#[derive(PartialEq, Eq)]
struct Certificate<'a> {
    number: SubjectId,
    object: Option<QualificationObject>,
    scheme: &'a str,
    province: Option<RegionCode>,
    /// Of hours: a booklet holds many years.
    year: Option<u16>,
}

impl<'a> Certificate<'a> {
    fn of(record: &'a Record<SubjectId>) -> Option<Self> {
        let province = province_of(&record.head().authority);
        let (number, object, scheme, year) = match record {
            Record::Certification(c) => (c.certificate?, None, &c.scheme, None),
            Record::Qualification(q) => {
                (q.certificate?, Some(q.object), &q.scheme, q.hours.map(|h| h.year))
            }
            _ => return None,
        };
        Some(Self { number, object, scheme, province, year })
    }
}
