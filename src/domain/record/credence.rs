//! Whose word counts, and how far it must have been checked: one piece of knowledge, shared by funding
//! and recognition, so that a record proves as much to the one as to the other.

use super::life_cycle::AttestationLevel;
use crate::domain::id::RegionCode;
use crate::domain::participant::ParticipantId;

/// The least that anything rests on: somebody saw the paper. What is only declared still has to be
/// reviewed (附件2 四, 附件4 一（三） “用人单位预审…初审…审核兑现”), so it counts as not known. Rules state
/// the least they need (DESIGN §5); this is the least where a rule states nothing.
pub const ATTESTATION_LEAST: AttestationLevel = AttestationLevel::CopySeen;

/// Was it checked as far as anything needs it?
pub fn is_checked(level: AttestationLevel) -> bool {
    level <= ATTESTATION_LEAST
}

/// May `sender` say a fact of that name for use in the district `here`? A fact that speaks of the
/// district it is needed in, no other district can know.
pub fn may_say(sender: &ParticipantId, fact: &str, here: &ParticipantId) -> bool {
    sender == here || !is_of_the_district(fact)
}

/// May who sits in `place` say that somebody is tied to `region` in that way? Where somebody is employed or
/// appointed, pays tax or is insured, the offices there know, and those above them; no other district does.
pub fn may_tie(place: Option<RegionCode>, region: &str) -> bool {
    let region = RegionCode::parse(region);
    place.zip(region).is_some_and(|(place, region)| place.governs(region))
}

/// Facts that speak of the district they are needed in: a home owned in one district is none in
/// another (附件4 二（二） “在本区无产权住房”), and what its employer registered there, or what titles it
/// recognises, is its own.
pub fn is_of_the_district(fact: &str) -> bool {
    fact.contains("-in-district") || matches!(fact, "apartment-shortage" | "title-recognised")
}

/// Who owns a scheme: the part of its id before the first `-`. `qingpu-housing` is Qingpu's.
pub fn owner_of(scheme: &str) -> &str {
    scheme.split_once('-').map_or(scheme, |(owner, _)| owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_declared_is_not_checked() {
        use AttestationLevel::{CopySeen, Declared, Issued, VerifiedAtSource};
        assert!([Issued, VerifiedAtSource, CopySeen].into_iter().all(is_checked));
        assert!(!is_checked(Declared));
    }

    #[test]
    fn a_fact_of_the_district_is_its_own_to_say() {
        let may = |sender: &str, fact: &str| {
            may_say(&sender.parse().unwrap(), fact, &"qingpu".parse().unwrap())
        };
        assert!(may("qingpu", "owns-no-home-in-district"));
        assert!(!may("jiashan", "owns-no-home-in-district"));
        assert!(!may("jiashan", "title-recognised"));
        assert!(may("jiashan", "left-china-since-permit"));
    }

    #[test]
    fn a_tie_is_known_where_it_is() {
        let place = |id: &str| RegionCode::of_district(&id.parse().unwrap());
        assert!(may_tie(place("qingpu"), "310118"));
        assert!(may_tie(RegionCode::parse("310000"), "310118"), "the city, of its districts");
        assert!(may_tie(place("wujiang"), "320584"), "under the code that it had");
        assert!(!may_tie(place("jiashan"), "310118"));
        assert!(!may_tie(place("qingpu"), "310000"));
        assert!(!may_tie(None, "310118"));
    }

    #[test]
    fn the_owner_begins_the_id() {
        assert_eq!(["qingpu-housing", "qingpu", "a-b-c"].map(owner_of), ["qingpu", "qingpu", "a"]);
    }
}
