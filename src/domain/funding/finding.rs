//! What an assessment consists of. A finding cannot be made without a clause.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::held::Payable;
use super::id::{QuestionId, RuleId};
use super::ledger::{Coverage, RulingFact};
use crate::domain::citation::Citation;
use crate::domain::money::Fen;
use crate::domain::participant::ParticipantId;
use crate::domain::text::Text;
use crate::domain::time::{MonthSpan, UtcSeconds};

/// Outcome words of `policy-rules.md`, from mild to strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Verdict {
    /// No rule in the documents stands against it.
    Clear,
    /// Allowed on a condition stated in the text.
    ClearCond,
    /// Allowed only for the part left under a cap.
    Capped,
    /// The text does not decide; a person must.
    Refer,
    /// Both may not be held; the higher one stays.
    OneOnly,
    /// Points or status ended by the text itself.
    Lapsed,
    /// A condition written in the text is not met.
    Ineligible,
    /// Debarment in force.
    Barred,
}

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingClass {
    /// A debarment is in force.
    Barred,
    /// A written condition is not met.
    Ineligible,
    /// Points or status have ended.
    Lapsed,
    /// Two benefits exclude each other.
    OneOnly,
    /// A cap leaves a part.
    Capped,
    /// Allowed on a condition.
    Condition,
    /// The readings of an open question differ.
    OpenQuestion,
    /// Two authorities should talk; nothing forbids.
    Notice,
    /// Facts that cannot both be true.
    ContradictoryFacts,
    /// Shown, without effect on the verdict.
    Info,
}

/// What exactly was found; the key of the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// R01, R04: same kind in one district.
    SameKind,
    /// R01: kinds that may be the same (Q13).
    DoubtfulKind,
    /// R02: two policies of one group.
    SameGroup,
    /// R01, R02: earlier months may be set off (Q14).
    SetOff,
    /// R03: apartment without discount.
    ApartmentWithoutDiscount,
    /// R03: does the exception cover points rent (Q05)?
    ApartmentAndPoints,
    /// R05: same kind and months in two districts.
    CrossDistrict,
    /// R05: under a joint rule.
    JointRule,
    /// R05: a claim of another district that nobody has approved yet.
    OpenHold,
    /// R06: the same object or project is funded elsewhere.
    SameObject,
    /// R06: the same, in a grant of the applicant in another district.
    SameObjectElsewhere,
    /// R06: the same project is funded through another person.
    SameProject,
    /// R01, R04, R06: the same policy once more for one enterprise, team, project or certificate.
    RepeatedGrant,
    /// R01, R04, R05, R06: one number under two authorities; one plan or project, or two.
    NumberPerhapsSame,
    /// R01, R04, R05, R06: one of two matching grants names no plan.
    PlanUnnamed,
    /// R06: person, team and enterprise are funded for one thing.
    CrossFunding,
    /// R04, R06: one person is funded as another kind of beneficiary (Q20).
    OtherBeneficiary,
    /// R06: somebody who may be the same person is funded; the link is not confirmed.
    SuspectedPerson,
    /// R07: an additive clause.
    Additive,
    /// R08: matching funds.
    Matching,
    /// R09: co-funding under an agreement.
    CoFunding,
    /// R09: co-funding without an agreement.
    CoFundingUnproven,
    /// R09: more is to be paid than the cost or the share that the agreement states.
    CoFundingAboveCost,
    /// R10: national and city rules prevail.
    HigherLevelPrevails,
    /// R11: both spouses.
    Spouses,
    /// R11: does the household rule reach this (Q06)?
    SpousesOpen,
    /// R11: both spouses draw in one award year, in other months (Q06).
    SpousesSameYear,
    /// R11: the spouse lives in a talent apartment; does the household rule reach that (Q06)?
    SpouseInApartment,
    /// R12: the family owns a home.
    FamilyHome,
    /// R12: does not rent by himself.
    NotSelfRenting,
    /// R12: rents near the district (Q28).
    RentsNearby,
    /// R13 to R15: months beyond a cap.
    CapMonths,
    /// R13 to R15: the readings leave different months.
    CapMonthsOpen,
    /// R16: sum beyond a cap.
    CapTotal,
    /// R16: a second application (Q21).
    SecondTime,
    /// R17: instalments.
    Instalments,
    /// R17: the application names fewer months than there are instalments.
    InstalmentsPart,
    /// R18: general points below the threshold.
    PointsBelow,
    /// R18: points given directly.
    PointsDirect,
    /// R18: not selected for the year.
    PointsNotSelected,
    /// R18: the year's minimum is not reached, and nobody says that the person was selected.
    PointsBelowMinimum,
    /// R18: selected, and below the year's minimum: both cannot be.
    PointsSelectedBelowMinimum,
    /// R18: selected for another tier.
    PointsOtherTier,
    /// R18: months before the registration (Q23).
    PointsBeforeRegistration,
    /// R19: the items give the registered scores.
    PointsCounted,
    /// R19: the items give other scores.
    PointsMiscounted,
    /// R19: the veto indicator is met (Q31).
    PointsVeto,
    /// R20: the contract was dissolved.
    PointsLapsed,
    /// R20: a contract was dissolved while the relation with the same employer went on (Q23).
    PointsContractRemade,
    /// R20: pay for months before the lapse (Q23).
    PointsPartYear,
    /// R21: the high-level standard is met.
    HighLevelStandard,
    /// R22: debarred.
    Debarred,
    /// R22: the anniversary (Q08).
    DebarmentLastDay,
    /// R22: debarred in another district (Q10).
    DebarredElsewhere,
    /// R23: ordered back and not returned.
    Clawback,
    /// R23: is a grant of another rule to be returned (Q10)?
    ClawbackScope,
    /// R24: the employer lost its right.
    EmployerBarred,
    /// R25: the employer does not fit.
    EmployerNotTied,
    /// R25: the person's tax or insurance place does not fit.
    PersonNotTied,
    /// R25: tax paid in two places for one month.
    TaxInTwoPlaces,
    /// R25: the place changed within a month (Q34).
    MovedWithinMonth,
    /// R26: a flexible talent.
    FlexibleTalent,
    /// R27: the enterprise has a founder.
    FounderTaken,
    /// R27: one award or two (Q29)?
    LeaderAndFounder,
    /// R28: the employer's quota leaves room.
    QuotaLeft,
    /// R28: the employer's quota is used up.
    QuotaUsedUp,
    /// R29: above the policy's cap.
    AboveCap,
    /// R29: above what the policy's cap leaves beside earlier grants.
    CapDrawn,
    /// R29: above the policy's cap by a case-by-case decision that a clause allows.
    CaseByCase,
    /// R30: the application names another class, or the policy's own criteria are not met.
    ClassNotHeld,
    /// R30: the certification was revoked.
    ClassRevoked,
    /// R30: the certification is suspended.
    ClassSuspended,
    /// R30: another class of the scheme is held (after a change midway, Q14).
    ClassOther,
    /// R30: the class is held on some days of the month only (Q34).
    ClassPartMonth,
    /// R30: the certification ends before the last instalment (Q15).
    ClassEnds,
    /// R30: one of two groups joined by 以及 is met (Q35).
    GroupsJoined,
    /// R30: the class was derived from the policy's own criteria.
    ClassDerived,
    /// R30: whether the criteria are met turns on an open question.
    ClassDerivedOpen,
    /// R30: not the leader of the certified team.
    NotTeamLeader,
    /// R30: a written entry condition is not met.
    EntryCondition,
    /// R31: the employer's own money.
    EmployerBenefit,
    /// R31: the employer is reimbursed from public money.
    EmployerBenefitPublic,
    /// R32: the policy is not in force.
    PolicyNotInForce,
    /// R33: paid in the months asked for, for other months.
    MonthsApart,
    /// R34: alternatives.
    Alternatives,
    /// R35: an integrity or exit record in the issuer's own terms.
    IntegrityRecord,
    /// R13: the kind is not on the shared list (Q13).
    UnmappedKind,
    /// R22: a suspect record was used.
    SuspectRecord,
    /// A record under objection was used.
    UnderObjection,
}

/// A list of clauses that is never empty: no clause, no finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Citation>", into = "Vec<Citation>")]
pub struct Clauses(Vec<Citation>);

/// There was no clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a finding without a clause")]
pub struct NoClause;

impl TryFrom<Vec<Citation>> for Clauses {
    type Error = NoClause;

    fn try_from(clauses: Vec<Citation>) -> Result<Self, NoClause> {
        if clauses.is_empty() { Err(NoClause) } else { Ok(Self(clauses)) }
    }
}

impl From<Clauses> for Vec<Citation> {
    fn from(clauses: Clauses) -> Self {
        clauses.0
    }
}

impl Clauses {
    /// One clause.
    pub fn one(citation: Citation) -> Self {
        Self(vec![citation])
    }

    /// With one more; a repeated one is left out.
    #[must_use]
    pub fn and(mut self, citation: Citation) -> Self {
        if !self.0.contains(&citation) {
            self.0.push(citation);
        }
        self
    }

    /// The first clause.
    pub fn first(&self) -> Option<&Citation> {
        self.0.first()
    }

    /// The clauses in order.
    pub fn iter(&self) -> impl Iterator<Item = &Citation> {
        self.0.iter()
    }
}

/// What a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Whose record.
    pub district: ParticipantId,
    /// `grant`, `certification`, `affiliation`, `link`, `sanction`, `ruling`, `case-fact` …
    pub what: String,
    /// Its id in that district's system, or the code of a case fact.
    pub id: String,
    /// Its log position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
}

/// What a number of a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// Months used under the cap.
    MonthsUsed,
    /// Months that the cap allows in all.
    MonthsCap,
    /// Months left.
    MonthsLeft,
    /// Months asked for.
    MonthsAsked,
    /// Months that meet.
    MonthsOverlap,
    /// Sum of the benefit held, fen in all.
    HeldFen,
    /// Sum asked for, fen in all.
    AskedFen,
    /// The higher of the two, fen.
    HigherFen,
    /// Sum of the benefit held by the month, fen.
    HeldMonthlyFen,
    /// Sum asked for by the month, fen.
    AskedMonthlyFen,
    /// Higher less held, fen.
    DifferenceFen,
    /// Paid already, fen.
    PaidFen,
    /// Cap on the sum, fen.
    CapFen,
    /// Sum left under the cap, fen.
    LeftFen,
    /// Sum that may be paid, fen.
    PayableFen,
    /// Sum payable in the last month, fen.
    LastMonthFen,
    /// Number of instalments.
    Instalments,
    /// One instalment, fen, rounded down.
    InstalmentFen,
    /// What rounding leaves, fen.
    RemainderFen,
    /// Points needed.
    PointsNeeded,
    /// Points held.
    PointsHeld,
    /// Points counted again from the items.
    PointsCounted,
    /// Persons that the employer's quota allows.
    QuotaLimit,
    /// Persons counted under the quota.
    QuotaUsed,
    /// Persons left under the quota.
    QuotaLeft,
    /// Sum that the employer's quota allows, fen.
    QuotaLimitFen,
    /// Sum counted under the quota, fen.
    QuotaUsedFen,
    /// Sum left under the quota, fen.
    QuotaLeftFen,
    /// Whole number that a condition needs, in the unit that the fact's name says.
    ValueNeeded,
    /// Whole number that has to be exceeded, in the same unit; [`Label::ValueNeeded`] is then the next one.
    ValueAbove,
    /// Whole number held, in the same unit.
    ValueHeld,
    /// Discount asked for, percent.
    DiscountPercent,
    /// Funder's share, permille.
    SharePermille,
}

/// One step of the arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What the number is; its unit is in the name.
    pub label: Label,
    /// The number.
    pub value: u64,
}

/// The result under one reading of an open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The question.
    pub question: QuestionId,
    /// Code of the reading; a ruling names it.
    pub reading: String,
    /// The outcome under it.
    pub verdict: Verdict,
    /// Months that may be granted under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Sum that may be paid under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id inside the assessment: `R13-1`.
    pub id: String,
    /// The rule.
    pub rule: RuleId,
    /// Version of the rule's code.
    pub rule_version: u32,
    /// What it is.
    pub class: FindingClass,
    /// What exactly was found.
    pub reason: Reason,
    /// The outcome word.
    pub outcome: Verdict,
    /// Open questions that it turns on.
    pub questions: Vec<QuestionId>,
    /// Months that it speaks about; absent means all of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
    /// The clauses.
    pub citations: Clauses,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// The arithmetic.
    pub arithmetic: Vec<Step>,
    /// The result under each reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// The class that is held instead of one that the policy is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_held: Option<OtherClass>,
    /// 仅提示: the rule's measured precision is below the threshold, so this decides nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hint: bool,
}

/// A class of the policy's scheme that the policy is not for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherClass {
    /// The scheme.
    pub scheme: String,
    /// The class held.
    pub class: String,
    /// Names of the district's policies for that class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Text>,
}

/// A question that bears on the case but does not change its outcome.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noted {
    /// The question.
    pub question: QuestionId,
    /// The rule that met it.
    pub rule: RuleId,
    /// The ruling that has settled it; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Citation>,
}

/// What is not known, and who knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Code of the fact, or `coverage`.
    pub what: String,
    /// In words.
    pub text: Text,
    /// Who knows: a district's id, or `applicant`.
    pub from: String,
    /// For which months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
}

/// Two times: in the world and in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// The day in the world.
    pub valid_at: Date,
    /// What the log held at this instant.
    pub known_at: UtcSeconds,
}

/// The outcome for a part of the months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The months; absent for a benefit without months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<MonthSpan>,
    /// The outcome.
    pub verdict: Verdict,
}

/// What is safe to pay under every reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safe {
    /// Months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
}

/// The result of [`super::assess::assess`]: evidence for a person, never a decision. It reads back
/// from an answer, so that whoever asked compares with the same types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// When it holds.
    pub as_of: AsOf,
    /// The strictest outcome.
    pub verdict: Verdict,
    /// The outcome by months.
    pub segments: Vec<Segment>,
    /// Why.
    pub findings: Vec<Finding>,
    /// Questions that bear on the case without changing it.
    pub noted: Vec<Noted>,
    /// What is not known, and who knows it.
    pub missing: Vec<Missing>,
    /// What is safe under every reading; absent when nothing turns on a reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe: Option<Safe>,
    /// What the caps leave; absent when none cuts anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payable: Option<Payable>,
    /// Which districts' data were in.
    pub coverage: Vec<Coverage>,
}

impl Verdict {
    /// What a finding with this outcome is, where a ruling has settled it.
    pub const fn class(self) -> FindingClass {
        match self {
            Self::Clear => FindingClass::Info,
            Self::ClearCond => FindingClass::Condition,
            Self::Capped => FindingClass::Capped,
            Self::Refer => FindingClass::Notice,
            Self::OneOnly => FindingClass::OneOnly,
            Self::Lapsed => FindingClass::Lapsed,
            Self::Ineligible => FindingClass::Ineligible,
            Self::Barred => FindingClass::Barred,
        }
    }
}

impl Evidence {
    /// Evidence that names a ruling by its question.
    pub fn ruling(fact: &RulingFact) -> Self {
        Self {
            district: fact.district.clone(),
            what: "ruling".to_owned(),
            id: fact.ruling.question.to_string(),
            position: fact.position,
        }
    }
}

impl Finding {
    /// Does it rest on a ruling?
    pub fn is_ruled(&self) -> bool {
        self.evidence.iter().any(|e| e.what == "ruling")
    }

    /// The number of the first step with `label`.
    pub fn step(&self, label: Label) -> Option<u64> {
        self.arithmetic.iter().find(|s| s.label == label).map(|s| s.value)
    }
}
