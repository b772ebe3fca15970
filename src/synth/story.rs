//! The stories: one function per hard case. Policy ids, kinds and caps are those of the catalogue;
//! `wujiang/example-rent` and `jiashan/example-rent` are examples, no documents of theirs are held.
//! One file, though long: the cases are read side by side.

use jiff::civil::{Date, date};

use super::person::{Person, stream};
use super::plain::{
    Action, Amount, Case, District, Expected, Outcome, PlainApplication, PlainCertification,
    PlainConfirmation, PlainGrant, PlainLink, PlainOccupancy, Story,
};
use crate::domain::money::Fen;
use crate::domain::time::Month;

/// Months of rent subsidy in Qingpu, at most (R13).
const RENT_CAP_MONTHS: u32 = 60;
/// Months of apartment in Qingpu, at most (R15).
const APARTMENT_CAP_MONTHS: u32 = 72;
/// Changning returnee subsidy, at most (R16).
const RETURNEE_CAP: Fen = Fen::from_yuan(45_000);
/// Months asked for by most applications.
const YEAR: u32 = 12;

/// A policy with the kind that the shared list gives it.
#[derive(Clone, Copy)]
struct Policy {
    district: District,
    id: &'static str,
    kind: &'static str,
    /// Highest sum a month; for `hongkou/rent` and the examples a made-up one.
    yuan: u64,
}

const HOUSING_RENT: Policy =
    Policy { district: District::Qingpu, id: "qingpu/housing-rent/D", kind: "rent", yuan: 4000 };
const INDUSTRY_RENT: Policy = Policy { id: "qingpu/industry-rent/D", ..HOUSING_RENT };
const APARTMENT: Policy =
    Policy { id: "qingpu/apartment/in-kind", kind: "apartment-in-kind", yuan: 900, ..HOUSING_RENT };
const RETURNEE: Policy = Policy {
    district: District::Changning,
    id: "changning/returnee-apartment-rent",
    kind: "rent-apartment",
    yuan: 4500,
};
const CHANGNING_CASH: Policy =
    Policy { id: "changning/rent-cash-or-apartment", kind: "rent-or-apartment", ..RETURNEE };
/// Rent subsidies of the neighbours.
const NEIGHBOURS: [Policy; 3] = [
    Policy { district: District::Wujiang, id: "wujiang/example-rent", kind: "rent", yuan: 2500 },
    Policy { district: District::Jiashan, id: "jiashan/example-rent", kind: "rent", yuan: 2000 },
    Policy { district: District::Hongkou, id: "hongkou/rent", kind: "rent", yuan: 3000 },
];

/// Writes the story of one person.
pub(super) fn tell(seed: u64, case: Case, person: &Person) -> Story {
    let mut teller = Teller::new(seed, person);
    match case {
        Case::Unrelated => teller.unrelated(),
        Case::CertifiedTwice => teller.certified_twice(),
        Case::OneMonthOverlap => teller.across(1),
        Case::Consecutive => teller.across(0),
        Case::DiscountedApartment => teller.discounted_apartment(),
        Case::RentCapNearlyUsed => teller.rent_cap(),
        Case::ApartmentCapNearlyUsed => teller.apartment_cap(),
        Case::ReturneeAboveCap => teller.returnee_above_cap(),
        Case::ReturneeAtCap => teller.returnee_at_cap(),
        Case::SameKindTwice => teller.same_kind_twice(),
        Case::CashDuringPurchase => teller.cash_during_purchase(),
        Case::ChangningTwice => teller.changning_twice(),
        Case::TwoDocuments => teller.two_documents(),
    }
    Story { case, person: person.index, actions: teller.actions }
}

struct Teller {
    rng: fastrand::Rng,
    person: usize,
    home: District,
    actions: Vec<Action>,
}

impl Teller {
    fn new(seed: u64, person: &Person) -> Self {
        let rng = stream(seed, person.index, 2);
        Self { rng, person: person.index, home: person.home, actions: Vec::new() }
    }

    // === the cases

    /// One district, one certification, one application.
    fn unrelated(&mut self) {
        let first = self.month();
        self.certify(self.home, 0);
        let policy = match self.home {
            District::Qingpu => HOUSING_RENT,
            District::Wujiang => NEIGHBOURS[0],
            District::Jiashan => NEIGHBOURS[1],
            District::Hongkou => NEIGHBOURS[2],
            District::Changning => CHANGNING_CASH,
            District::Yangpu => Policy {
                district: District::Yangpu,
                id: "yangpu/outstanding-honour",
                kind: "honour-support",
                yuan: 1500,
            },
        };
        let amount = self.monthly(policy);
        self.apply(policy, first, YEAR, amount, vec![]);
    }

    fn certified_twice(&mut self) {
        let first = self.month();
        self.certify(District::Jiashan, 0);
        self.certify(District::Qingpu, 0);
        let amount = self.monthly(HOUSING_RENT);
        self.apply(HOUSING_RENT, first, YEAR, amount, vec![]);
    }

    /// A year of rent in one district and a year in another that shares `shared` months with it.
    fn across(&mut self, shared: u32) {
        let neighbour = NEIGHBOURS[self.rng.usize(0..NEIGHBOURS.len())];
        let (held, asked) =
            if self.rng.bool() { (neighbour, HOUSING_RENT) } else { (HOUSING_RENT, neighbour) };
        let first = self.month();
        self.certify(held.district, 0);
        self.certify(asked.district, 0);
        let amount = self.monthly(held);
        self.grant(held, first, YEAR, amount, 0);
        let expected = if shared > 0 { vec![overlap(shared)] } else { vec![] };
        let amount = self.monthly(asked);
        self.apply(asked, later(first, YEAR - shared), YEAR, amount, expected);
    }

    /// R03: with a rent subsidy one may move in only without the discount.
    fn discounted_apartment(&mut self) {
        let first = self.month();
        self.certify(District::Qingpu, 0);
        let amount = self.monthly(HOUSING_RENT);
        self.grant(HOUSING_RENT, first, 2 * YEAR, amount, 0);
        let amount = self.monthly(APARTMENT);
        let expected = vec![finding("R03", Outcome::ClearCond)];
        self.apply(APARTMENT, later(first, 5), YEAR, amount, expected);
    }

    /// R13: months without a gap, so "five years" and "sixty months" (Q03) agree.
    fn rent_cap(&mut self) {
        let used = self.rng.u32(RENT_CAP_MONTHS - YEAR + 1..RENT_CAP_MONTHS);
        let first = self.month();
        self.certify(District::Qingpu, 0);
        let amount = self.monthly(HOUSING_RENT);
        self.grant(HOUSING_RENT, first, used, amount, 0);
        let expected = vec![capped("R13", RENT_CAP_MONTHS - used)];
        self.apply(HOUSING_RENT, later(first, used), YEAR, amount, expected);
    }

    /// R15: months with discount, which count on every reading (Q19).
    fn apartment_cap(&mut self) {
        let used = self.rng.u32(APARTMENT_CAP_MONTHS - YEAR + 1..APARTMENT_CAP_MONTHS);
        let (first, person) = (self.month(), self.person);
        self.certify(District::Qingpu, 0);
        let district = District::Qingpu;
        let stay =
            PlainOccupancy { district, person, document: 0, first, months: used, discount: true };
        self.actions.push(Action::Occupy(stay));
        let amount = self.monthly(APARTMENT);
        let expected = vec![capped("R15", APARTMENT_CAP_MONTHS - used)];
        self.apply(APARTMENT, later(first, used), YEAR, amount, expected);
    }

    /// R16: twelve months of more than 3,750 yuan.
    fn returnee_above_cap(&mut self) {
        let (first, yuan) = (self.month(), 100 * self.rng.u64(38..=50));
        self.certify(District::Changning, 0);
        let expected = Expected { payable: Some(RETURNEE_CAP), ..finding("R16", Outcome::Capped) };
        self.apply(RETURNEE, first, YEAR, monthly(yuan), vec![expected]);
    }

    fn returnee_at_cap(&mut self) {
        let first = self.month();
        self.certify(District::Changning, 0);
        let (months, yuan) = if self.rng.bool() { (12, 3750) } else { (10, 4500) };
        self.apply(RETURNEE, first, months, monthly(yuan), vec![]);
    }

    /// R01: Annex 2 and Annex 4, same kind, same months.
    fn same_kind_twice(&mut self) {
        let first = self.month();
        self.certify(District::Qingpu, 0);
        let amount = self.monthly(INDUSTRY_RENT);
        self.grant(INDUSTRY_RENT, first, 2 * YEAR, amount, 0);
        let amount = self.monthly(HOUSING_RENT);
        let expected = vec![finding("R01", Outcome::OneOnly)];
        self.apply(HOUSING_RENT, later(first, 6), YEAR, amount, expected);
    }

    /// R02 with R17: the purchase subsidy of Annex 4 runs for ten years, and the exception for
    /// apartments (R03) covers moving in, not money in place of it.
    fn cash_during_purchase(&mut self) {
        let purchase =
            Policy { id: "qingpu/housing-purchase/C", kind: "housing-purchase", ..HOUSING_RENT };
        let cash = Policy { id: "qingpu/apartment/cash", kind: "apartment-cash", ..APARTMENT };
        let first = self.month();
        self.certify_class(District::Qingpu, 0, "qingpu-housing", "C");
        // Divisible by 120, so that no rounding (Q22) enters.
        let total = Fen::from_yuan(120_000 * self.rng.u64(5..=8));
        self.grant(purchase, first, 120, Amount::Total(total), 0);
        let amount = self.monthly(cash);
        let start = later(first, self.rng.u32(12..=60));
        self.apply(cash, start, YEAR, amount, vec![finding("R02", Outcome::OneOnly)]);
    }

    /// R04: 从优、从高、不重复.
    fn changning_twice(&mut self) {
        let first = self.month();
        self.certify(District::Changning, 0);
        self.grant(RETURNEE, first, YEAR, monthly(3000), 0);
        let expected = vec![finding("R04", Outcome::OneOnly)];
        self.apply(CHANGNING_CASH, first, YEAR, monthly(2000), expected);
    }

    /// Funded under the travel permit in one district, applying under the residence permit in
    /// another: nothing is seen until the documents are linked and the first district, which holds
    /// records too, has confirmed it.
    fn two_documents(&mut self) {
        let neighbour = NEIGHBOURS[self.rng.usize(0..NEIGHBOURS.len())];
        let first = self.month();
        self.certify(neighbour.district, 0);
        self.certify(HOUSING_RENT.district, 1);
        let amount = self.monthly(neighbour);
        self.grant(neighbour, first, 2 * YEAR, amount, 0);
        let (amount, start) = (self.monthly(HOUSING_RENT), later(first, 6));
        self.apply_as(HOUSING_RENT, start, YEAR, amount, 1, vec![]);
        // A district links only what stands in its own records: the travel permit was shown too.
        self.certify(HOUSING_RENT.district, 0);
        let link = PlainLink { district: HOUSING_RENT.district, person: self.person };
        self.actions.push(Action::Link(link));
        self.apply_as(HOUSING_RENT, start, YEAR, amount, 1, vec![]);
        let district = neighbour.district;
        self.actions.push(Action::Confirm(PlainConfirmation { district, person: self.person }));
        self.apply_as(HOUSING_RENT, start, YEAR, amount, 1, vec![overlap(YEAR)]);
    }

    // === the acts

    fn certify(&mut self, district: District, document: usize) {
        let (scheme, class) = scheme(district);
        self.certify_class(district, document, scheme, class);
    }

    fn certify_class(
        &mut self,
        district: District,
        document: usize,
        scheme: &'static str,
        class: &'static str,
    ) {
        let from = date(2020, 6, 1);
        let until: Option<Date> = None;
        let person = self.person;
        let record = PlainCertification { district, person, document, scheme, class, from, until };
        self.actions.push(Action::Certify(record));
    }

    fn grant(&mut self, of: Policy, first: Month, months: u32, amount: Amount, document: usize) {
        let Policy { district, id: policy, kind, .. } = of;
        let person = self.person;
        let grant = PlainGrant { district, person, document, policy, kind, first, months, amount };
        self.actions.push(Action::Grant(grant));
    }

    fn apply(&mut self, of: Policy, first: Month, months: u32, amount: Amount, e: Vec<Expected>) {
        self.apply_as(of, first, months, amount, 0, e);
    }

    fn apply_as(
        &mut self,
        of: Policy,
        first: Month,
        months: u32,
        amount: Amount,
        document: usize,
        expected: Vec<Expected>,
    ) {
        let application = PlainApplication {
            district: of.district,
            person: self.person,
            document,
            policy: of.id,
            kind: of.kind,
            first,
            months,
            amount,
            discount: of.kind == APARTMENT.kind,
            expected,
        };
        self.actions.push(Action::Apply(application));
    }

    /// A first month after Annex 4 came into force.
    fn month(&mut self) -> Month {
        Month::of(date(2020, 7, 1)).plus(self.rng.i32(0..24))
    }

    /// A monthly sum at or a little under the policy's cap, whole hundreds.
    fn monthly(&mut self, policy: Policy) -> Amount {
        monthly(policy.yuan - 100 * self.rng.u64(0..=4))
    }
}

fn monthly(yuan: u64) -> Amount {
    Amount::Monthly(Fen::from_yuan(yuan))
}

fn later(first: Month, months: u32) -> Month {
    first.plus(i32::try_from(months).unwrap_or(0))
}

fn finding(rule: &'static str, outcome: Outcome) -> Expected {
    Expected { rule, outcome, months: None, payable: None }
}

fn capped(rule: &'static str, months_left: u32) -> Expected {
    Expected { months: Some(months_left), ..finding(rule, Outcome::Capped) }
}

fn overlap(months: u32) -> Expected {
    Expected { months: Some(months), ..finding("R05", Outcome::Refer) }
}

/// The scheme of a district and a class that its rent policies ask for. 嘉善 certifies on four levels
/// of its own; letters do not carry over. The schemes of Wujiang, Changning and Hongkou are examples.
fn scheme(district: District) -> (&'static str, &'static str) {
    match district {
        District::Qingpu => ("qingpu-housing", "D"),
        District::Jiashan => ("jiaxing-talent", "高级"),
        District::Wujiang => ("wujiang-example", "C"),
        District::Changning => ("changning-example", "returnee"),
        District::Hongkou => ("hongkou-example", "leading"),
        District::Yangpu => ("yangpu-example", "outstanding"),
    }
}
