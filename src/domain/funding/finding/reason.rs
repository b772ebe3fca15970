//! Why a finding was made.

use serde::{Deserialize, Serialize};

/// What exactly was found; the key of the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// R01, R04: same kind in one district.
    SameKind,
    /// R01: kinds that may be the same (Q13).
    DoubtfulKind,
    /// R01: two awards of the main text (Q36).
    MainTextAwards,
    /// R02: two policies of one group.
    SameGroup,
    /// R01, R02, R04: a grant of the very same policy is held for these months.
    SamePolicy,
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
    /// R06: somebody is funded in another district under the same passport data; nobody has compared.
    SamePassport,
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
    /// R17: more for some months than their instalments come to.
    InstalmentsFaster,
    /// R17: months after the last instalment.
    InstalmentsOver,
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
    /// R21: it is met on the day of the application or in these months, not both (Q14).
    HighLevelAtTimes,
    /// R22: debarred.
    Debarred,
    /// R22: the anniversary (Q08).
    DebarmentLastDay,
    /// R22: debarred in another district (Q10).
    DebarredElsewhere,
    /// R22: the employer was debarred as an applicant (Q09).
    EmployerDebarred,
    /// R22: debarred after the grant that is reviewed was made.
    DebarredSince,
    /// R22: debarred when the grant that is reviewed was decided.
    DebarredWhenGranted,
    /// R23: ordered back and not returned.
    Clawback,
    /// R23: is a grant of another rule to be returned (Q10)?
    ClawbackScope,
    /// R24: the employer lost its right.
    EmployerBarred,
    /// R24: what runs already when the employer loses the right to apply (Q11).
    EmployerBarredLater,
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
    /// R26: seconded from outside the Delta.
    SecondedFromOutside,
    /// R27: the enterprise has a founder.
    FounderTaken,
    /// R01: one award or two (Q29)?
    LeaderAndFounder,
    /// R27: the team of one, the founder another (Q29).
    TeamAndFounder,
    /// R28: the employer's quota leaves room.
    QuotaLeft,
    /// R28: the employer's quota is used up.
    QuotaUsedUp,
    /// R29: above the policy's cap.
    AboveCap,
    /// R29: above what the policy's cap leaves beside earlier grants.
    CapDrawn,
    /// R29: a continuation asks for more than is left of its grant.
    RestOfGrant,
    /// R29: more was paid on the grant under review than the caps leave of it.
    PaidAboveDue,
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
    /// R32: the policy is a draft.
    PolicyDraft,
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
