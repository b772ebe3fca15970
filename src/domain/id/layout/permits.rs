//! Documents whose numbers hold no birth date and no check digit.

use super::{Form, IdRefusal, Notice, Read, Reason, part};
use crate::domain::id::number::{is_placeholder, require};

/// Longest passport number, in characters (ICAO Doc 9303 part 4).
const PASSPORT_MAX: usize = 9;
/// Longest number of a document without a known layout, in characters.
const OTHER_MAX: usize = 32;

/// `H` or `M`, eight lifelong digits, and two digits that count re-issues (from 00; the card shows
/// them apart, so they may be missing). The first nine stand for the person: 前9位相同，表明为签发给同一持证人.
pub(in crate::domain::id) fn hong_kong_macao(number: &str) -> Result<Read, IdRefusal> {
    if !matches!(number.chars().next(), Some('H' | 'M')) {
        return Err(IdRefusal::at(Reason::Prefix, 1));
    }
    if !matches!(number.chars().count(), 9 | 11) {
        return Err(Reason::Length.into());
    }
    digits_after_first(number)?;
    real(part(number, 1..9))?;
    Ok(plain(Some(part(number, 0..9).to_owned()), Notice::NoCheckDigit))
}

/// Eight digits, lifelong. The longer numbers of old booklets are refused: they are not the card's.
pub(in crate::domain::id) fn taiwan(number: &str) -> Result<Read, IdRefusal> {
    require(number, |c| c.is_ascii_digit())?;
    if number.len() != 8 {
        return Err(Reason::Length.into());
    }
    real(number)?;
    Ok(plain(Some(number.to_owned()), Notice::NoCheckDigit))
}

/// Up to nine letters and digits, new at each renewal: no key by itself.
pub(in crate::domain::id) fn passport(number: &str) -> Result<Read, IdRefusal> {
    require(number, |c| c.is_ascii_alphanumeric())?;
    if number.len() > PASSPORT_MAX {
        return Err(Reason::Length.into());
    }
    // Behind the letters of a series, so that E00000000 is found too.
    real(number.trim_start_matches(|c: char| c.is_ascii_alphabetic()))?;
    Ok(plain(None, Notice::NotAKey))
}

/// Letters (Han too) and digits, as printed.
pub(in crate::domain::id) fn officer(number: &str) -> Result<Read, IdRefusal> {
    free(number)?;
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    real(&digits)?;
    Ok(plain(Some(number.to_owned()), Notice::NoCheckDigit))
}

/// Anything else: two kinds of document may share a number, so it is no key.
pub(in crate::domain::id) fn other(number: &str) -> Result<Read, IdRefusal> {
    free(number)?;
    Ok(plain(None, Notice::NotAKey))
}

fn free(number: &str) -> Result<(), IdRefusal> {
    require(number, |c| c.is_alphanumeric() || matches!(c, '-' | '/' | '(' | ')' | '〔' | '〕'))?;
    if number.chars().count() > OTHER_MAX { Err(Reason::Length.into()) } else { Ok(()) }
}

/// Refuses what is no number but a placeholder.
fn real(digits: &str) -> Result<(), IdRefusal> {
    if is_placeholder(digits) { Err(Reason::Placeholder.into()) } else { Ok(()) }
}

fn digits_after_first(number: &str) -> Result<(), IdRefusal> {
    match number.chars().skip(1).position(|c| !c.is_ascii_digit()) {
        Some(i) => Err(IdRefusal::at(Reason::Character, i + 2)),
        None => Ok(()),
    }
}

fn plain(key: Option<String>, notice: Notice) -> Read {
    Read { form: Form::Plain, extended: None, key, birth: None, notices: vec![notice] }
}
