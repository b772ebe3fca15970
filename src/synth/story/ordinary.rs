//! Talents with nothing to find.

use super::super::act::Truth;
use super::super::plain::{District, Draft};
use super::super::teller::{Teller, month};
use super::points::register;
use super::{YEAR, apartment, housing_rent, points_rent};
use crate::domain::time::Month;

pub(super) fn ordinary(t: &mut Teller) {
    let first = t.month();
    let home = t.home();
    let draft = match home {
        District::Qingpu => return qingpu(t, first),
        District::Wujiang => Draft::of("wujiang/example-rent").monthly(t.up_to(3_000)),
        District::Jiashan => Draft::of("jiashan/example-rent").monthly(t.up_to(2_000)),
        District::Changning => {
            Draft::of("changning/rent-cash-or-apartment").monthly(t.up_to(2_500))
        }
        District::Yangpu => Draft::of("yangpu/outstanding-honour").monthly(t.up_to(1_500)),
        District::Hongkou => Draft::of("hongkou/rent").monthly(t.up_to(3_000)),
    };
    // Hongkou's plan ends with 2020, Yangpu's begins in October 2021.
    let first = match home {
        District::Hongkou => month(2020, 1).plus(t.rng.i32(0..12)),
        District::Yangpu => month(2021, 11).plus(t.rng.i32(0..24)),
        _ => first,
    };
    // Of months after the end somebody has to be asked.
    let left = u32::try_from(12 - first.month()).unwrap_or_default() + 1;
    let months = if home == District::Hongkou { left } else { YEAR };
    let (scheme, class) = scheme(home);
    t.certify(home, scheme, class);
    t.check(draft.months(first, months), Truth::clear());
}

fn qingpu(t: &mut Teller, first: Month) {
    match t.rng.u8(0..10) {
        0..6 => {
            t.certify(District::Qingpu, "qingpu-housing", "D");
            let draft = housing_rent(first, t.up_to(4_000));
            t.check(draft, Truth::clear());
        }
        6..9 => {
            let first = t.january();
            register(t, 60);
            t.check(points_rent(first), Truth::clear());
        }
        _ => {
            t.certify(District::Qingpu, "qingpu-housing", "E");
            t.check(apartment(first), Truth::clear());
        }
    }
}

/// The scheme of a district and a class. 嘉善 certifies on four levels of its own; letters do not carry
/// over. The schemes of Wujiang, Changning, Hongkou and Yangpu are examples.
pub(super) fn scheme(district: District) -> (&'static str, &'static str) {
    match district {
        District::Qingpu => ("qingpu-housing", "D"),
        District::Jiashan => ("jiaxing-talent", "高级"),
        District::Wujiang => ("wujiang-example", "C"),
        District::Changning => ("changning-example", "returnee"),
        District::Hongkou => ("hongkou-example", "leading"),
        District::Yangpu => ("yangpu-example", "outstanding"),
    }
}
