//! Where districts and owners of schemes lie: what tells a record of the receiving district from a
//! copy of another authority's record, and the one authority from the other (DESIGN §5: `authority`
//! stands apart from `iss`).

use std::collections::BTreeMap;

use super::query::Question;
use super::record::{Credential, Revision};
use super::rule::IssuerMatch;
use super::view::RecognitionView;
use crate::domain::id::RegionCode;
use crate::domain::record::credence::owner_of;
use crate::domain::record::life_cycle::AttestationLevel;

/// Regions of participants and of owners of schemes, by id: `qingpu`, `shanghai` …
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<String, RegionCode>);

impl Places {
    /// The region of that id.
    pub fn of(&self, id: &str) -> Option<RegionCode> {
        self.0.get(id).copied()
    }
}

impl FromIterator<(String, RegionCode)> for Places {
    fn from_iter<I: IntoIterator<Item = (String, RegionCode)>>(places: I) -> Self {
        Self(places.into_iter().collect())
    }
}

/// Did who sent the record send what its own authorities, or those above or below it, decided? Where
/// nobody knows where the sender lies, its word is taken for it.
pub(super) fn is_first_hand<S>(
    view: &impl RecognitionView<S>,
    credential: &Credential,
    content: &Revision,
) -> bool {
    let Some(here) = view.place(credential.sender.as_str()) else {
        return content.attestation.level == AttestationLevel::Issued;
    };
    let decided = RegionCode::parse(&content.authority.region);
    decided.is_some_and(|code| code.governs(here) || here.governs(code))
}

/// Whose decision a record is, seen from the receiving district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Decided by an authority of the receiving district, or of the city or province it lies in,
    /// whoever sent it.
    Own,
    /// Decided elsewhere; the receiving district filed a copy. It is put to the rules as if its
    /// authority had sent it.
    Copy,
    /// Decided and sent elsewhere.
    Other,
}

impl Origin {
    /// The region of the authority decides, whatever it was renamed to since. A scheme whose owner lies
    /// elsewhere is nobody's here: a title of Zhejiang is none of Qingpu, whoever is named as its
    /// authority. Where nobody knows where the district lies, the owner of the scheme decides.
    pub(super) fn of<S>(
        view: &impl RecognitionView<S>,
        question: &Question<S>,
        credential: &Credential,
        content: &Revision,
    ) -> Self {
        let owner = owner_of(&content.scheme);
        let own = match view.place(question.at.as_str()) {
            Some(here) => {
                let decided = RegionCode::parse(&content.authority.region);
                decided.is_some_and(|code| code.governs(here))
                    && view.place(owner).is_none_or(|code| code.governs(here))
            }
            None => owner == question.at.as_str(),
        };
        match own {
            true => Self::Own,
            false if credential.sender == question.at => Self::Copy,
            false => Self::Other,
        }
    }

    /// Is the record of an issuer that a rule names? A rule that names regions or authorities says whose
    /// copies it takes; one that names participants only takes those of their own authorities and of the
    /// city or province they lie in. What a third district copied is not its issuer's, unless the rule takes
    /// the participants that it names at their word.
    pub(super) fn is_of<S>(
        self,
        issuer: &IssuerMatch,
        view: &impl RecognitionView<S>,
        credential: &Credential,
        content: &Revision,
    ) -> bool {
        let authority = &content.authority;
        let decided = RegionCode::parse(&authority.region);
        let lies = |place: RegionCode| decided.is_some_and(|code| code.governs(place));
        let stands_for = || {
            let mut named = issuer.participants().iter();
            issuer.names_authorities() || named.any(|p| view.place(p.as_str()).is_some_and(lies))
        };
        // Of several that a rule names beside regions, each stands for its own side alone.
        let sent = || {
            let named = issuer.participants();
            let alone = !named.is_empty() && !issuer.names_authorities();
            issuer.may_be(&credential.sender) && (alone || is_first_hand(view, credential, content))
        };
        issuer.decided(authority) && (sent() || (self == Self::Copy && stands_for()))
    }
}
