//! Certification schemes and schemes of qualifications, as data (`catalogue/schemes/*.json`).
//!
//! A class letter means nothing without its scheme: C of Annex 2 is not C of Annex 4, and a scheme
//! says of each class what makes it, where that is written and who decides. Personal tiers, project
//! classes and membership of plans are different dimensions; nothing here compares them.
//!
//! An id begins with the authority that owns it: `qingpu-housing` is Qingpu's. Where the authority is
//! known and its list is complete, an unknown id is refused; ids of any other authority stay open,
//! so that members outside the six districts can certify under schemes that this house does not
//! know. Such records are kept and shown, and recognition answers 无对应规则 for them.

mod known;

use serde::{Deserialize, Serialize};

pub use self::known::Schemes;
use super::qualification::QualificationObject;
use crate::domain::citation::Citation;
use crate::domain::codelist::ListRef;
use crate::domain::id::RegionCode;
use crate::domain::partial_date::PartialDate;
use crate::domain::participant::ParticipantId;
use crate::domain::text::Text;

/// Who owns schemes: a district, a city or the state. `id` and `-` begin the ids of its schemes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeAuthority {
    /// `qingpu`
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Its region; absent for the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// Are all its schemes in the catalogue? Then an id that is not there is refused.
    pub complete: bool,
    /// The participants that send what it decides: the district itself, those of a city or province,
    /// every district for the state. Each lies in `region`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<ParticipantId>,
}

impl SchemeAuthority {
    /// Does the office of this region decide for it? The state has offices everywhere; a city or
    /// province has those of the places inside it, under their former codes too.
    pub fn covers(&self, region: RegionCode) -> bool {
        let inside = |own: RegionCode| {
            own.encloses(region) || region.heirs().into_iter().any(|heir| own.encloses(heir))
        };
        self.region.is_none_or(inside)
    }
}

/// What a class of a scheme is a class of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// A person's tier.
    PersonalTier,
    /// Class of a team or an enterprise's team.
    TeamClass,
    /// Class of a project.
    ProjectClass,
    /// Membership of a plan.
    PlanMembership,
    /// An honour or a selected post.
    Honour,
}

/// How far a scheme is more than an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SchemeStatus {
    /// Taken from a policy document.
    InForce,
    /// Known from reports; the document was not read.
    SourceUnchecked,
    /// Invented for demonstrations and tests.
    Example,
}

/// A certification scheme at one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// `qingpu-housing`
    pub id: String,
    /// Version, usually the year of the document; absent where no document names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The [`SchemeAuthority`] that owns it.
    pub authority: String,
    /// Its name.
    pub name: Text,
    /// What its classes are classes of.
    pub dimension: Dimension,
    /// Who decides on a certification.
    pub decided_by: Text,
    /// What of it the gateway derives from criteria where nobody has certified, and why not the rest;
    /// absent where no policy of the catalogue asks for the scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derivation: Option<Text>,
    /// Where it is written.
    pub source: Citation,
    /// How far it is more than an example.
    pub status: SchemeStatus,
    /// May a certification name a class that is not listed? So where documents name a scheme and
    /// not its classes.
    #[serde(default)]
    pub open: bool,
    /// First day, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// Last day, as far as it is known; absent while in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<PartialDate>,
    /// Is it an open question whether it runs on after its last day (Q27)? Then a later certification
    /// is taken, for people to judge.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub end_open: bool,
    /// Its classes.
    pub classes: Vec<SchemeClass>,
}

/// One class of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeClass {
    /// As records name it: `A`, `高级` …
    pub class: String,
    /// Its name.
    pub name: Text,
    /// What makes the class; each is a ground of its own unless `text` says otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
}

/// One ground of a class, with the short phrase that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Stable inside its class; what `certification/1` may carry as `ground`.
    pub id: String,
    /// What it asks for, in our words.
    pub text: Text,
    /// Where it stands, with the phrase.
    pub citation: Citation,
}

/// A scheme of qualifications: which list its classes come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualificationScheme {
    /// `zhejiang-title`
    pub id: String,
    /// The kind of qualification that it speaks of.
    pub object: QualificationObject,
    /// Its name.
    pub name: Text,
    /// How far it is more than an example.
    pub status: SchemeStatus,
    /// Where its classes stand.
    pub classes: QualificationClasses,
    /// The [`SchemeAuthority`]s that issue under it.
    pub issuers: Vec<String>,
    /// Do others issue under it too, whom the catalogue does not list (other provinces of a
    /// national list)? Then a record of any authority is taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub others: bool,
}

/// The classes of a scheme of qualifications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QualificationClasses {
    /// The codes of a list at a version.
    List(ListRef),
    /// These and no others.
    Only(Vec<String>),
    /// Not closed: its list was not found.
    Open,
}
