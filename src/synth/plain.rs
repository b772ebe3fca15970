//! Records as a district system holds them, and what a check of them must find. Long, because it is
//! a list of plain types.

use jiff::civil::Date;

use crate::domain::id::RegionCode;
use crate::domain::id::region::FOUNDING_DISTRICTS;
use crate::domain::money::Fen;
use crate::domain::time::Month;

/// One of the six founding districts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum District {
    /// 青浦
    Qingpu,
    /// 嘉善
    Jiashan,
    /// 吴江
    Wujiang,
    /// 长宁
    Changning,
    /// 虹口
    Hongkou,
    /// 杨浦
    Yangpu,
}

impl District {
    /// Every district, in the order of [`FOUNDING_DISTRICTS`].
    pub const ALL: [Self; 6] =
        [Self::Qingpu, Self::Jiashan, Self::Wujiang, Self::Changning, Self::Hongkou, Self::Yangpu];

    /// Its participant id.
    pub const fn id(self) -> &'static str {
        FOUNDING_DISTRICTS[self as usize].0
    }

    /// Its GB/T 2260 code.
    pub const fn region(self) -> RegionCode {
        FOUNDING_DISTRICTS[self as usize].1
    }
}

/// Which hard case a story is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// Nothing to find.
    Unrelated,
    /// Certified by two districts, funded by one.
    CertifiedTwice,
    /// Rent subsidies of two districts meet in exactly one month.
    OneMonthOverlap,
    /// Rent subsidies of two districts follow each other.
    Consecutive,
    /// Rent subsidy and an apartment with discount, both Qingpu.
    DiscountedApartment,
    /// Fewer than twelve of the sixty months are left.
    RentCapNearlyUsed,
    /// Fewer than twelve of the seventy-two apartment months are left.
    ApartmentCapNearlyUsed,
    /// Changning returnee subsidy above 45,000 yuan.
    ReturneeAboveCap,
    /// Changning returnee subsidy of exactly 45,000 yuan.
    ReturneeAtCap,
    /// Rent under Annex 2 and Annex 4 of Qingpu for the same months.
    SameKindTwice,
    /// Apartment cash while a purchase subsidy runs, years after it was approved.
    CashDuringPurchase,
    /// Two rent supports of Changning for the same months.
    ChangningTwice,
    /// One person under two documents, linked between two checks.
    TwoDocuments,
}

impl Case {
    /// The hard cases, in the order they are dealt out.
    pub const HARD: [Self; 12] = [
        Self::CertifiedTwice,
        Self::OneMonthOverlap,
        Self::Consecutive,
        Self::DiscountedApartment,
        Self::RentCapNearlyUsed,
        Self::ApartmentCapNearlyUsed,
        Self::ReturneeAboveCap,
        Self::ReturneeAtCap,
        Self::SameKindTwice,
        Self::CashDuringPurchase,
        Self::ChangningTwice,
        Self::TwoDocuments,
    ];
}

/// A sum as the district states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So much each month.
    Monthly(Fen),
    /// So much in all.
    Total(Fen),
}

impl Amount {
    /// The sum over `months`.
    pub fn total(self, months: u32) -> Fen {
        match self {
            Self::Monthly(fen) => fen.times(months),
            Self::Total(fen) => fen,
        }
    }
}

/// A talent certification in plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainCertification {
    /// Who certifies.
    pub district: District,
    /// Index of the person.
    pub person: usize,
    /// Which of the person's documents the district knows.
    pub document: usize,
    /// Scheme; schemes do not share a scale.
    pub scheme: &'static str,
    /// Class within the scheme.
    pub class: &'static str,
    /// First day.
    pub from: Date,
    /// Last day; open when absent.
    pub until: Option<Date>,
}

/// A grant that was approved and is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainGrant {
    /// Who pays.
    pub district: District,
    /// Index of the person.
    pub person: usize,
    /// Which of the person's documents the district knows.
    pub document: usize,
    /// Policy id of the catalogue.
    pub policy: &'static str,
    /// Kind in the shared list.
    pub kind: &'static str,
    /// First month of benefit.
    pub first: Month,
    /// Months of benefit.
    pub months: u32,
    /// Approved sum.
    pub amount: Amount,
}

/// Months in a talent apartment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainOccupancy {
    /// Who lets it.
    pub district: District,
    /// Index of the person.
    pub person: usize,
    /// Which of the person's documents the district knows.
    pub document: usize,
    /// First month.
    pub first: Month,
    /// Months.
    pub months: u32,
    /// With a rent discount?
    pub discount: bool,
}

/// A statement that two documents are one person's, signed by two operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainLink {
    /// Who states it; the other districts that hold records confirm.
    pub district: District,
    /// Index of the person whose first two documents are linked.
    pub person: usize,
}

/// A district confirms the link of another, once it has looked into its own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainConfirmation {
    /// Who confirms.
    pub district: District,
    /// Index of the person.
    pub person: usize,
}

/// An application to check before paying, with ground truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainApplication {
    /// Who asks.
    pub district: District,
    /// Index of the person.
    pub person: usize,
    /// Which of the person's documents the district knows.
    pub document: usize,
    /// Policy id of the catalogue.
    pub policy: &'static str,
    /// Kind in the shared list.
    pub kind: &'static str,
    /// First month asked for.
    pub first: Month,
    /// Months asked for.
    pub months: u32,
    /// Sum asked for.
    pub amount: Amount,
    /// With a rent discount (apartments)?
    pub discount: bool,
    /// Findings of the [`LABELLED_RULES`], all of them; findings of other rules are not labelled.
    pub expected: Vec<Expected>,
}

/// The rules that ground truth speaks about (`policy-rules.md` part c). R17 has no outcome of its own:
/// it is what makes a purchase subsidy run for 120 months in R02.
pub const LABELLED_RULES: [&str; 9] =
    ["R01", "R02", "R03", "R04", "R05", "R13", "R15", "R16", "R17"];

impl PlainApplication {
    /// The strictest expected outcome.
    pub fn verdict(&self) -> Outcome {
        self.expected.iter().map(|e| e.outcome).max().unwrap_or(Outcome::Clear)
    }
}

/// One finding that must come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Rule id.
    pub rule: &'static str,
    /// Its outcome.
    pub outcome: Outcome,
    /// Months left under a cap, or months that overlap.
    pub months: Option<u32>,
    /// Largest sum that is payable, under a cap of money.
    pub payable: Option<Fen>,
}

/// Outcome words, least strict first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// No rule stands against it.
    Clear,
    /// Allowed on a written condition.
    ClearCond,
    /// Allowed for the part left under a cap.
    Capped,
    /// A person decides.
    Refer,
    /// Both may not be held.
    OneOnly,
}

impl Outcome {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::ClearCond => "CLEAR-COND",
            Self::Capped => "CAPPED",
            Self::Refer => "REFER",
            Self::OneOnly => "ONE-ONLY",
        }
    }
}

/// One act of a district, in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `certification/1`
    Certify(PlainCertification),
    /// `funding.grant/1`
    Grant(PlainGrant),
    /// `occupancy/1`
    Occupy(PlainOccupancy),
    /// `subject.link/1`, kind `same`
    Link(PlainLink),
    /// `consent/1` to the link of the same story
    Confirm(PlainConfirmation),
    /// `query.funding/1`: asked before paying, nothing is granted on it.
    Apply(PlainApplication),
}

/// What happens around one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// What it is about.
    pub case: Case,
    /// Index of the person.
    pub person: usize,
    /// Acts, in order.
    pub actions: Vec<Action>,
}
