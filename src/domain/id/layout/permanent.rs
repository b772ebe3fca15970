//! 外国人永久居留身份证, old and new. The numbers of one person's two cards cannot be derived from each
//! other; only `subject.link/1` joins them.

use jiff::civil::Date;

use super::{Form, IdRefusal, Notice, Read, Reason, birth_date, part};
use crate::domain::id::nationality;
use crate::domain::id::number::{check_mod_11_2, require};
use crate::domain::id::region::RegionCode;

pub(in crate::domain::id) fn read(number: &str, today: Date) -> Result<Read, IdRefusal> {
    match number.chars().count() {
        18 => read_new(number, today),
        15 => read_old(number, today),
        _ => Err(Reason::Length.into()),
    }
}

/// GA 2102-2023: `9` + 2 province of application + 3 numeric nationality (ISO 3166-1) + 8 birth +
/// 3 sequence + check.
fn read_new(number: &str, today: Date) -> Result<Read, IdRefusal> {
    require(number, |c| c.is_ascii_digit() || c == 'X')?;
    require(part(number, 0..17), |c| c.is_ascii_digit())?;
    if !number.starts_with('9') {
        return Err(IdRefusal::at(Reason::Prefix, 1));
    }
    if check_mod_11_2(part(number, 0..17)) != number.chars().last() {
        return Err(Reason::CheckDigit.into());
    }
    if !nationality::is_numeric(part(number, 3..6)) {
        return Err(IdRefusal::at(Reason::Nationality, 4));
    }
    let birth = birth_date(part(number, 6..14), today)?;
    // Digits 2 and 3: a common library reads 1 and 2 and finds "93".
    let notices = province_notice(part(number, 1..3)).into_iter().collect();
    let form = Form::PermanentResidentNew;
    Ok(Read { form, extended: None, key: Some(number.to_owned()), birth: Some(birth), notices })
}

/// 3 letters nationality + 4 region + 6 birth (YYMMDD) + 2 sequence, no check digit.
fn read_old(number: &str, today: Date) -> Result<Read, IdRefusal> {
    for (i, c) in number.chars().enumerate() {
        let fits = if i < 3 { c.is_ascii_uppercase() } else { c.is_ascii_digit() };
        if !fits {
            return Err(IdRefusal::at(Reason::Character, i + 1));
        }
    }
    if !nationality::is_country(part(number, 0..3)) {
        return Err(IdRefusal::at(Reason::Nationality, 1));
    }
    let mut notices: Vec<_> = province_notice(part(number, 3..5)).into_iter().collect();
    notices.push(Notice::NoCheckDigit);
    let day = part(number, 7..13);
    let in_1900s = birth_date(&format!("19{day}"), today);
    let in_2000s = birth_date(&format!("20{day}"), today);
    let birth = match (in_1900s, in_2000s) {
        (Err(refusal), Err(_)) => return Err(refusal),
        (Ok(date), Err(_)) | (Err(_), Ok(date)) => Some(date),
        (Ok(_), Ok(_)) => {
            notices.push(Notice::CenturyOpen);
            None
        }
    };
    let form = Form::PermanentResidentOld;
    Ok(Read { form, extended: None, key: Some(number.to_owned()), birth, notices })
}

fn province_notice(two_digits: &str) -> Option<Notice> {
    let province = RegionCode::parse(&format!("{two_digits}0000"));
    let known = province.is_some_and(|p| p.history().next().is_some());
    (!known).then_some(Notice::ProvinceUnknown)
}
