//! `recognition.rule/1`: a directed, purpose-bound, dated decision of the recognising district.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::alliance::Alliances;
use super::effect::{Effect, Object, RecognitionPurpose};
use crate::domain::citation::Citation;
use crate::domain::code::{Code, Refusal};
use crate::domain::id::RegionCode;
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::record::life_cycle::{AttestationLevel, Authority};
use crate::domain::text::Text;
use crate::domain::time::Validity;

/// One revision of a rule. It speaks for the recognising district only and reads from left to
/// right: (object, issuer, scheme, class) there → meaning and effect here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecognitionRule {
    /// Id of the rule in the recognising district, 1–64 of `A-Z a-z 0-9 . _ -`.
    pub rule: String,
    /// 1, 2, 3 … without gaps. A revision replaces the one before from its `validity.from` on.
    pub revision: u32,
    /// The recognising (receiving) district.
    pub recogniser: ParticipantId,
    /// What is recognised.
    pub object: Object,
    /// Whose decisions are recognised.
    pub issuer: IssuerMatch,
    /// Scheme of the record, as the record names it.
    pub scheme: String,
    /// Versions of the scheme; empty means that the rule does not tell them apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scheme_versions: Vec<String>,
    /// The classes, each by name: there is no "this and above".
    pub classes: Vec<String>,
    /// What for, each purpose by name.
    pub purposes: Vec<RecognitionPurpose>,
    /// The shared services that it opens, by code; only with the purpose `service` alone. A rule
    /// that names services says nothing about services in general, nor the other way round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// What the record means here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<LocalMeaning>,
    /// The legal effect.
    pub effect: Effect,
    /// Fewest continuing-education hours of a calendar year; only where hours accumulate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<HoursMinimum>,
    /// What must hold besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Precondition>,
    /// The circle of districts in which the rule was agreed.
    pub scope: RuleScope,
    /// The body that decided.
    pub decided_by: String,
    /// Document and article.
    pub citation: Citation,
    /// Version of the document, usually its date.
    pub document_version: String,
    /// How far the citation was checked.
    pub source_check: SourceCheck,
    /// When the rule holds in the world.
    pub validity: Validity,
    /// Whether it is more than an example.
    pub status: RuleStatus,
    /// Is the rule withdrawn by this revision, from its `validity.from` on?
    #[serde(default)]
    pub withdrawn: bool,
}

impl RecognitionRule {
    /// Checks what no schema can say: the recognising district and every named issuing participant
    /// belong to the circle of the rule, the effect fits object and purposes ([`Effect::fits`]), and
    /// what is bound to one effect or purpose stands with it alone. Whether schemes, classes, facts
    /// and alliances exist only the catalogue can say.
    pub fn check(&self) -> Result<(), Refusal> {
        let circle = self.scope.districts();
        let wrong = |pointer: &str, expected: &str| {
            Err(Refusal::new(Code::RuleUnknown).at(pointer, expected))
        };
        let unfit = |pointer: &str, expected: &str| {
            Err(Refusal::new(Code::RecognitionUnfit).at(pointer, expected))
        };
        if !circle.contains(&self.recogniser) {
            return wrong("/recogniser", "a district of the scope");
        }
        if !self.issuer.participants.iter().all(|p| circle.contains(p)) {
            return wrong("/issuer/participants", "districts of the scope");
        }
        let fits = |purpose: &RecognitionPurpose| self.effect.fits(self.object, *purpose);
        if !RecognitionPurpose::ALL.iter().any(fits) {
            return unfit("/effect", "an effect that fits the object");
        }
        if !self.services.is_empty() && self.purposes != [RecognitionPurpose::Service] {
            return unfit("/purposes", "service alone, where services are named");
        }
        if self.minimum.is_some() && self.effect != Effect::HoursAccumulate {
            return unfit("/minimum", "only with the effect hours-accumulate");
        }
        match (self.effect, &self.local) {
            (Effect::NotRecognised, Some(_)) => {
                return unfit("/local", "no meaning for what is refused");
            }
            // To be treated as a local class is what 直接认可 for one purpose says, and no other effect.
            (Effect::ValidDirectly, _) | (_, None | Some(LocalMeaning::Text { .. })) => {}
            (_, Some(LocalMeaning::Class { .. })) => {
                return unfit("/local", "words: a local class goes with valid-directly");
            }
        }
        if let Some(i) = self.purposes.iter().position(|p| !fits(p)) {
            return unfit(&format!("/purposes/{i}"), "a purpose that object and effect serve");
        }
        for (i, precondition) in self.preconditions.iter().enumerate() {
            let sense = match precondition.need {
                Requirement::Registered { .. } => self.object == Object::Occupational,
                Requirement::FullTime { .. } => self.object == Object::Education,
                _ => true,
            };
            if !sense {
                return unfit(
                    &format!("/preconditions/{i}/need"),
                    "what records of this object can carry",
                );
            }
        }
        Ok(())
    }

    /// Does it speak of this service; of services in general, where none is asked about?
    pub fn serves(&self, service: Option<&str>) -> bool {
        match service {
            None => self.services.is_empty(),
            Some(code) => self.services.iter().any(|s| s == code),
        }
    }
}

/// Fewest hours of one calendar year, in tenths of an hour; zero asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursMinimum {
    /// Of 公需科目.
    pub general_tenths: u32,
    /// Of 专业科目.
    pub professional_tenths: u32,
    /// Of both together.
    pub total_tenths: u32,
}

/// Whose decisions a rule recognises. Every list that is not empty must hold the record's value;
/// a region stands for itself alone, not for the places inside it, under every code that it had. At least one list has members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawIssuerMatch")]
pub struct IssuerMatch {
    /// Participants that send the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    participants: Vec<ParticipantId>,
    /// GB/T 2260 codes of the region of the authority that decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    regions: Vec<String>,
    /// Names of the authority that decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorities: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIssuerMatch {
    #[serde(default)]
    participants: Vec<ParticipantId>,
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    authorities: Vec<String>,
}

/// An issuer that names nobody: such a rule would recognise everybody's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected at least one issuing participant, region or authority")]
pub struct NoIssuerError;

impl TryFrom<RawIssuerMatch> for IssuerMatch {
    type Error = NoIssuerError;

    fn try_from(raw: RawIssuerMatch) -> Result<Self, Self::Error> {
        Self::new(raw.participants, raw.regions, raw.authorities)
    }
}

impl IssuerMatch {
    /// From the three lists, not all empty.
    pub fn new(
        participants: Vec<ParticipantId>,
        regions: Vec<String>,
        authorities: Vec<String>,
    ) -> Result<Self, NoIssuerError> {
        if participants.is_empty() && regions.is_empty() && authorities.is_empty() {
            return Err(NoIssuerError);
        }
        Ok(Self { participants, regions, authorities })
    }

    /// The issuing participants that are named; empty where regions or authorities say who.
    pub fn participants(&self) -> &[ParticipantId] {
        &self.participants
    }

    /// Could a record that `sender` sent come from this issuer, its authority left aside?
    pub fn may_be(&self, sender: &ParticipantId) -> bool {
        self.participants.is_empty() || self.participants.contains(sender)
    }

    /// Does it say by region or name which authorities decide?
    pub fn names_authorities(&self) -> bool {
        !self.regions.is_empty() || !self.authorities.is_empty()
    }

    /// Could an authority of this region be meant, or an office of a place inside it? Yes where the
    /// region is not known, or the issuer names none.
    pub fn may_decide_in(&self, region: Option<&str>) -> bool {
        let Some(area) = region.and_then(RegionCode::parse) else { return true };
        let inside = |code: &String| RegionCode::parse(code).is_some_and(|c| area.encloses(c));
        self.regions.is_empty() || self.regions.iter().any(inside)
    }

    /// May `authority` have decided for this issuer, the sender left aside? A region stands for itself,
    /// under whatever code it had (320584 is 320509).
    pub fn decided(&self, authority: &Authority) -> bool {
        let in_region = |named: &String| is_same_region(named, &authority.region);
        (self.regions.is_empty() || self.regions.iter().any(in_region))
            && (self.authorities.is_empty() || self.authorities.contains(&authority.name))
    }
}

/// Do two codes name one region, whatever it was renamed to since?
pub(super) fn is_same_region(a: &str, b: &str) -> bool {
    let codes = RegionCode::parse(a).zip(RegionCode::parse(b));
    a == b || codes.is_some_and(|(a, b)| a.is_same_place(b))
}

/// A class and the scheme without which it means nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRef {
    /// Scheme.
    pub scheme: String,
    /// Class inside the scheme.
    pub class: String,
}

/// What the record means in the recognising district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LocalMeaning {
    /// Treated as this local class, for the purposes of the rule only.
    Class {
        /// The local class.
        class: ClassRef,
    },
    /// In words, where no local class corresponds.
    Text {
        /// The words.
        text: Text,
    },
}

/// Something that must hold before the effect comes about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Precondition {
    /// What must hold, so that data can prove it.
    pub need: Requirement,
    /// The same in words.
    pub text: Text,
    /// Can a document handed in at the window prove it, where data do not?
    pub by_upload: bool,
    /// Where it is written.
    pub citation: Citation,
}

/// What data must show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Requirement {
    /// An attested fact about the talent has this value.
    Fact {
        /// Name from the versioned list of facts.
        name: String,
        /// The value that is needed.
        value: bool,
    },
    /// The certificate is (or is not) registered 注册 in the issuing place.
    Registered {
        /// The value that is needed.
        value: bool,
    },
    /// The study was full-time (全日制), or was not.
    FullTime {
        /// The value that is needed.
        value: bool,
    },
    /// The record is valid for no longer than this from its first day to its last.
    Term {
        /// Calendar months.
        at_most_months: u32,
    },
    /// The record was checked at least this far by its sender.
    Attestation {
        /// The weakest level that suffices.
        at_least: AttestationLevel,
    },
    /// The talent is tied to one of these regions in this way.
    Affiliation {
        /// What ties.
        mode: AffiliationMode,
        /// GB/T 2260 codes; each stands for itself alone.
        regions: Vec<String>,
    },
    /// The talent holds another record that is valid on the day.
    Holds {
        /// Kind of that record.
        object: Object,
        /// Its scheme and class.
        class: ClassRef,
    },
    /// Only a document can show it (a 备案 form, a contract).
    Document {
        /// Code of the document, 1–64 of `a-z 0-9 -`.
        code: String,
    },
}

/// The circle of districts in which a rule was agreed: nothing outside it is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum RuleScope {
    /// Districts by name.
    Districts {
        /// The districts.
        districts: Vec<ParticipantId>,
    },
    /// An alliance, with the members that the rule is for written out as of a version of its list.
    /// Membership itself is dated data of its own ([`Alliances`]).
    Alliance {
        /// Name of the alliance: `delta-demonstration-zone` …
        alliance: String,
        /// Version of the list of members.
        version: String,
        /// The members.
        districts: Vec<ParticipantId>,
    },
}

impl RuleScope {
    /// Does the rule reach this participant on `day`? It must be written out; and where the
    /// membership of the alliance is known, it must be a member on that day.
    pub fn reaches(&self, participant: &ParticipantId, day: Date, alliances: &Alliances) -> bool {
        let member = match self {
            Self::Districts { .. } => true,
            Self::Alliance { alliance, .. } => {
                alliances.get(alliance).is_none_or(|a| a.has(participant, day))
            }
        };
        member && self.districts().contains(participant)
    }

    /// The districts that the rule writes out.
    pub fn districts(&self) -> &[ParticipantId] {
        match self {
            Self::Districts { districts } | Self::Alliance { districts, .. } => districts,
        }
    }
}

/// How far the citation of a rule was checked by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceCheck {
    /// The official text was read.
    OfficialText,
    /// Known from reports or excerpts; article or list not found.
    Reported,
    /// Invented for demonstration.
    Invented,
}

/// Whether a rule is more than an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleStatus {
    /// Applied.
    InForce,
    /// Applied only where no rule in force speaks, and flagged: it has no legal effect.
    Example,
    /// Never applied.
    Draft,
}
