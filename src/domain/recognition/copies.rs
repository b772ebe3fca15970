//! Records of one certificate: the one that its authority's own district sent, and the copies that others
//! filed. Of the certificate the authority's own record speaks: what it revoked, suspended or let end, or
//! what is objected to there, no copy outlives. A copy whose original nobody sent stands by its attestation,
//! as long as no other copy says another class.
//!
//! Numbers are unique to a scheme at best, and each province numbers for itself; a booklet of hours holds
//! many years. So nothing is joined across persons, objects, schemes, provinces or years of hours.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::answer::{Flag, SetAsideReason};
use super::effect::Object;
use super::recognise::{evidence_of, flags_of};
use super::record::{Credential, Revision, Standing};
use super::view::RecognitionView;
use crate::domain::id::RegionCode;
use crate::domain::participant::ParticipantId;
use crate::domain::record::certificate::{is_original, province_of};
use crate::domain::record::chain::StandingWord;
use crate::domain::record::credence::is_checked;
use crate::domain::record::life_cycle::{Action, Authority};

/// A certificate by its number, in the province whose authorities gave it.
pub(super) type Certificate = (Option<RegionCode>, String);

/// The certificate that a revision names, where it gives a number.
pub(super) fn certificate_of(content: &Revision) -> Option<Certificate> {
    Some((province_of(&content.authority), content.certificate.clone()?))
}

/// What the original says that its copy does not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ByOriginal {
    /// Flags of the original that the copy shares.
    pub flags: Vec<Flag>,
    /// Does the original stand, under another class; or where nobody sent it, another copy?
    pub differs: bool,
    /// Log positions of the other copies that differ, where nobody sent the original.
    pub copies: Vec<u64>,
    /// Log positions of objections against the original.
    pub objections: Vec<u64>,
    /// Log positions that the original rests on, these among them.
    pub evidence: Vec<u64>,
    /// How the original ended, where it did.
    pub ended: Option<Ended>,
}

/// How a record that is there fails to hold on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    /// In one word.
    pub why: SetAsideReason,
    /// From when it is suspended or revoked.
    pub stops: Option<Date>,
    /// Who decided that.
    pub by: Option<Authority>,
}

impl Ended {
    /// `None` of a record that holds on the day, be it in doubt.
    pub(super) fn of(standing: &Standing<'_>) -> Option<Self> {
        let why = match standing.word(false) {
            StandingWord::Revoked => SetAsideReason::Revoked,
            StandingWord::Suspended => SetAsideReason::Suspended,
            StandingWord::Expired => SetAsideReason::Expired,
            StandingWord::NotYetEffective => SetAsideReason::NotYetValid,
            StandingWord::InForce | StandingWord::UnderObjection | StandingWord::Suspect => {
                return None;
            }
        };
        let stop = Some(standing.last).filter(|_| why.is_stopped());
        let (stops, by) = (stop.map(|r| r.validity.from), stop.map(|r| r.authority.clone()));
        Some(Self { why, stops, by })
    }
}

/// What the originals among `all` say of `copy` on `day`; empty where they bear it out, or nobody sent one.
/// An original that is only suspect says nothing: whoever saw the paper did not rest on that message.
pub(super) fn by_original<S>(
    view: &impl RecognitionView<S>,
    all: &[Credential],
    copy: &Credential,
    day: Date,
) -> ByOriginal {
    let mut said = ByOriginal::default();
    let Some(standing) = copy.on(day) else { return said };
    let mut originals: BTreeMap<&ParticipantId, Vec<(&Credential, Standing<'_>)>> = BTreeMap::new();
    for original in all.iter().filter(|c| c.sender != copy.sender) {
        if is_one_certificate(copy, standing.content, original)
            && let Some(on_day) = original.on(day)
            && is_sent_by_its_authority(view, original, on_day.content)
        {
            originals.entry(&original.sender).or_default().push((original, on_day));
        }
    }
    // What copies of hours say is compared where hours are summed.
    let compared = originals.is_empty() && standing.content.hours.is_none();
    if compared && !is_sent_by_its_authority(view, copy, standing.content) {
        said.copies = other_copies(all, copy, standing.content, day);
        said.differs = !said.copies.is_empty();
    }
    for records in originals.into_values() {
        // A sender that entered one certificate twice is taken at the record that stands.
        let told = records.into_iter().map(|(original, on_day)| {
            let flags = flags_of(original, &on_day);
            let differs = on_day.content.class != standing.content.class;
            let how = Ended::of(&on_day);
            (flags.iter().any(|f| f.invalidates()), differs, original, flags, how)
        });
        let Some((ended, differs, original, flags, how)) = told.min_by_key(|t| (t.0, t.1)) else {
            continue;
        };
        let only_suspect = flags.iter().all(|f| !f.invalidates() || *f == Flag::Suspect);
        if (ended && only_suspect) || (flags.is_empty() && !differs) {
            continue;
        }
        said.differs |= differs && !ended;
        said.flags.extend(flags);
        said.ended = said.ended.or(how);
        said.objections.extend(&original.objections);
        said.evidence.extend(evidence_of(original));
    }
    said
}

/// Log positions of the other copies of the certificate that stand and were checked, under another class.
fn other_copies(all: &[Credential], copy: &Credential, content: &Revision, day: Date) -> Vec<u64> {
    let is_itself = |c: &Credential| c.sender == copy.sender && c.record == copy.record;
    let others = all.iter().filter(|c| !is_itself(c) && is_one_certificate(copy, content, c));
    let differ = others.filter(|other| {
        other.on(day).is_some_and(|on_day| {
            on_day.content.class != content.class
                && is_checked(on_day.content.attestation.level)
                && !flags_of(other, &on_day).iter().any(|f| f.invalidates())
        })
    });
    differ.flat_map(evidence_of).collect()
}

fn is_sent_by_its_authority<S>(
    view: &impl RecognitionView<S>,
    credential: &Credential,
    content: &Revision,
) -> bool {
    let (sender, scheme) = (credential.sender.as_str(), &content.scheme);
    is_original(sender, scheme, &content.authority, content.attestation, |id| view.place(id))
}

/// Is `original` a record of the certificate that `copy` is of? Where one of them gives no number, the same
/// certification to the same class from the same day on is: nobody is certified twice on one day. Of what is
/// no certification, the number alone tells.
fn is_one_certificate(copy: &Credential, content: &Revision, original: &Credential) -> bool {
    let year = |r: &Revision| r.hours.map(|h| h.year);
    let first = copy.revisions.first().map_or(content, |first| first);
    let states = original.revisions.iter().filter(|r| {
        !matches!(r.action, Action::Suspend | Action::Revoke)
            && r.scheme == content.scheme
            && province_of(&r.authority) == province_of(&content.authority)
            && year(r) == year(content)
    });
    copy.object == original.object
        && states.into_iter().any(|r| match (&content.certificate, &r.certificate) {
            (Some(here), Some(there)) => here == there,
            _ => {
                copy.object == Object::Certification
                    && r.class == first.class
                    && r.validity.from == first.validity.from
            }
        })
}
