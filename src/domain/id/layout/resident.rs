//! 公民身份号码 (GB 11643-1999): 6 address + 8 birth + 3 sequence + check; and residence permits, which
//! share the layout.

use jiff::civil::Date;

use super::{Form, IdRefusal, Notice, Read, Reason, birth_date, part};
use crate::domain::id::number::{check_mod_11_2, require};
use crate::domain::id::region::{RegionCode, Standing};

/// Address codes of 港澳台居民居住证. Taiwan is 83 here, though 71 in GB/T 2260.
const PERMIT_ADDRESSES: [&str; 3] = ["810000", "820000", "830000"];

pub(in crate::domain::id) fn read(number: &str, today: Date) -> Result<Read, IdRefusal> {
    match number.chars().count() {
        18 => read_18(number, today),
        15 => read_15(number, today),
        _ => Err(Reason::Length.into()),
    }
}

fn read_18(number: &str, today: Date) -> Result<Read, IdRefusal> {
    require(number, |c| c.is_ascii_digit() || c == 'X')?;
    require(part(number, 0..17), |c| c.is_ascii_digit())?;
    if check_mod_11_2(part(number, 0..17)) != number.chars().last() {
        return Err(Reason::CheckDigit.into());
    }
    let birth = birth_date(part(number, 6..14), today)?;
    let address = part(number, 0..6);
    let permit = PERMIT_ADDRESSES.contains(&address);
    let notices = if permit { Vec::new() } else { address_notice(address).into_iter().collect() };
    Ok(Read {
        form: if permit { Form::ResidencePermit } else { Form::ResidentId },
        extended: None,
        key: Some(number.to_owned()),
        birth: Some(birth),
        notices,
    })
}

/// Numbers of old archives have YYMMDD and no check: `19` goes in, the check is computed.
fn read_15(number: &str, today: Date) -> Result<Read, IdRefusal> {
    require(number, |c| c.is_ascii_digit())?;
    let body = format!("{}19{}", part(number, 0..6), part(number, 6..15));
    let check = check_mod_11_2(&body).ok_or(Reason::Length)?;
    let mut read = read_18(&format!("{body}{check}"), today)?;
    read.extended.clone_from(&read.key);
    read.notices.push(Notice::Upgraded15);
    Ok(read)
}

/// A code is looked up in history, and an unknown one is a remark: a public validator that refused
/// it locked out a holder of the abolished prefix 460033.
fn address_notice(address: &str) -> Option<Notice> {
    match RegionCode::parse(address).map(RegionCode::standing) {
        Some(Standing::Current(_)) => None,
        Some(Standing::Abolished(_)) => Some(Notice::RegionAbolished),
        Some(Standing::UnknownDivision) => Some(Notice::RegionUnknown),
        Some(Standing::UnknownProvince) | None => Some(Notice::ProvinceUnknown),
    }
}
