//! The arithmetic of a finding: labelled whole numbers in the order in which they were computed.

use serde::{Deserialize, Serialize};

/// What a number of a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// Months used under the cap.
    MonthsUsed,
    /// Months counted under the reading that counts most, where readings differ.
    MonthsUsedMost,
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
    /// What the benefit held is weighed by, where that is not its sum in all, fen.
    HeldWeighedFen,
    /// What the benefit asked for is weighed by, where that is not the sum asked for, fen.
    AskedWeighedFen,
    /// The higher of the two, fen.
    HigherFen,
    /// Sum of the benefit held by the month, fen.
    HeldMonthlyFen,
    /// Sum asked for by the month, fen.
    AskedMonthlyFen,
    /// Higher less held, fen.
    DifferenceFen,
    /// What a top-up of the benefit held may come to, fen.
    TopUpFen,
    /// Paid already, fen.
    PaidFen,
    /// Returned of the benefit held, fen.
    ReturnedFen,
    /// The funder's own share of the cost, fen.
    ShareFen,
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
    /// Tier that the applicant was selected for.
    TierSelected,
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
