//! One reader per layout. All take the cleaned text: half-width, upper case, no white space.

pub(super) mod permanent;
pub(super) mod permits;
pub(super) mod resident;

use jiff::civil::Date;

use super::document::Form;
use super::notice::{IdRefusal, Notice, Reason};

/// What a reader found.
pub(super) struct Read {
    pub(super) form: Form,
    /// The number, when it is not the text as given.
    pub(super) extended: Option<String>,
    pub(super) key: Option<String>,
    pub(super) birth: Option<Date>,
    pub(super) notices: Vec<Notice>,
}

/// The earliest year of birth that is accepted.
const FIRST_BIRTH_YEAR: i16 = 1900;

/// Reads eight digits as a date of birth that exists and lies in bounds.
fn birth_date(digits: &str, today: Date) -> Result<Date, IdRefusal> {
    let part =
        |range: std::ops::Range<usize>| digits.get(range).and_then(|s| s.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(4..6), part(6..8)) else {
        return Err(Reason::NoSuchDate.into());
    };
    let small = |n: i16| i8::try_from(n).unwrap_or(0);
    let date = Date::new(year, small(month), small(day))
        .map_err(|_| IdRefusal::from(Reason::NoSuchDate))?;
    if year < FIRST_BIRTH_YEAR {
        return Err(Reason::DateTooEarly.into());
    }
    if date > today {
        return Err(Reason::DateInFuture.into());
    }
    Ok(date)
}

/// The characters `range` of an ASCII text; empty when it is shorter. Readers check the length first.
fn part(text: &str, range: std::ops::Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}
