//! Which records are of one certificate, and which of them is its authority's own: no copy outlives that.
//! One piece of knowledge, shared by funding and recognition.

use super::credence::owner_of;
use super::life_cycle::{Attestation, AttestationLevel, Authority};
use crate::domain::id::RegionCode;

/// The province whose authorities number the certificate: each numbers for itself. A county files what its
/// province certified, and names of authorities are written in many ways, so that neither is compared.
pub fn province_of(authority: &Authority) -> Option<RegionCode> {
    RegionCode::parse(&authority.region).map(RegionCode::province)
}

/// Did the authority's own district send the record, on the authority's word? So it did where the authority,
/// and the owner of the scheme, have their seat at the sender's place or above it. `place` tells where a
/// participant or the owner of a scheme lies.
pub fn is_original(
    sender: &str,
    scheme: &str,
    authority: &Authority,
    attestation: Attestation,
    place: impl Fn(&str) -> Option<RegionCode>,
) -> bool {
    let issued = attestation.level == AttestationLevel::Issued;
    let Some(here) = place(sender) else { return issued };
    let decided = RegionCode::parse(&authority.region);
    issued
        && decided.is_some_and(|region| region.governs(here))
        && place(owner_of(scheme)).is_none_or(|region| region.governs(here))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_original_is_sent_from_inside_the_region_of_its_authority() {
        let place = |id: &str| match id {
            "jiashan" => RegionCode::parse("330421"),
            "qingpu" => RegionCode::parse("310118"),
            "zhejiang" => RegionCode::parse("330000"),
            _ => None,
        };
        let original = |sender, scheme, region: &str, level| {
            let authority = Authority { name: "机关".into(), region: region.into() };
            let attestation = Attestation { level, as_of: date(2024, 1, 1) };
            is_original(sender, scheme, &authority, attestation, place)
        };
        let issued = AttestationLevel::Issued;
        assert!(original("jiashan", "zhejiang-title", "330000", issued));
        assert!(original("jiashan", "jiaxing-talent", "330421", issued));
        assert!(!original("qingpu", "zhejiang-title", "330000", issued));
        assert!(
            !original("qingpu", "zhejiang-title", "310118", issued),
            "the scheme is Zhejiang's"
        );
        let seen = AttestationLevel::VerifiedAtSource;
        assert!(!original("jiashan", "zhejiang-title", "330000", seen));
        assert!(original("stranger", "s", "510100", issued), "on its word");
    }
}
