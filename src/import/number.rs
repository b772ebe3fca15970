//! Sums, whole numbers and percentages, exactly: digits are read as digits, no arithmetic is done in
//! floating point. A numeric cell of a workbook comes here as the shortest text that reads back as the
//! same number, which is what was typed in.

use super::date::half_width;
use super::fault::FaultKind;
use crate::domain::money::Fen;

/// Most digits before the point that are read: with four more the bound of `u64` is far.
const DIGITS_MAX: usize = 14;

/// 1 yuan is 100 fen: two decimals.
pub const YUAN_DECIMALS: usize = 2;
/// 1 万元 is 1,000,000 fen: six decimals.
pub const WAN_YUAN_DECIMALS: usize = 6;

/// A sum in fen; `decimals` says how many decimals of the unit are whole fen. A unit beside the
/// number must be that of the mapping.
pub fn fen(text: &str, decimals: usize) -> Result<Fen, FaultKind> {
    let text = half_width(text);
    let text = text.trim_start_matches(['¥', '￥', '\u{a5}']).trim();
    let text = text.strip_prefix("人民币").unwrap_or(text).trim();
    let unit = if decimals == WAN_YUAN_DECIMALS { ["万元", "万"] } else { ["元", "圆"] };
    let bare = unit.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text).trim();
    if bare.starts_with(['-', '(']) {
        return Err(FaultKind::AmountNegative);
    }
    let fen = scaled(bare, decimals).map_err(|fault| match fault {
        FaultKind::TooPrecise => fault,
        _ => FaultKind::AmountUnreadable,
    })?;
    Fen::new(fen).ok_or(FaultKind::AmountUnreadable)
}

/// A whole number.
pub fn integer(text: &str) -> Result<u64, FaultKind> {
    scaled(&half_width(text), 0)
}

/// A number with at most one decimal, times ten.
pub fn tenths(text: &str) -> Result<u64, FaultKind> {
    scaled(&half_width(text), 1)
}

/// A percentage as a whole number: `20%` and `20`; a cell that is shown as a percentage has its sign.
/// A fraction is refused: 0.2 may be 20 percent, or a fifth of one percent.
pub fn percent(text: &str) -> Result<u64, FaultKind> {
    let text = half_width(text);
    let bare = text.strip_suffix('%').unwrap_or(&text).trim();
    scaled(bare, 0).map_err(|_| FaultKind::PercentUnreadable)
}

/// Digits with thousands separators and up to `decimals` decimals, as a multiple of the last one.
fn scaled(text: &str, decimals: usize) -> Result<u64, FaultKind> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let grouped = whole.contains(',');
    let groups = whole.split(',').enumerate();
    let fits = |(i, group): (usize, &str)| match (grouped, i) {
        (false, _) => !group.is_empty(),
        (true, 0) => (1..=3).contains(&group.len()),
        (true, _) => group.len() == 3,
    };
    if !groups.into_iter().all(fits) {
        return Err(FaultKind::NumberUnreadable);
    }
    let whole: String = whole.chars().filter(|c| *c != ',').collect();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(&whole) || !digits(fraction) || whole.len() > DIGITS_MAX {
        return Err(FaultKind::NumberUnreadable);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > decimals {
        return Err(FaultKind::TooPrecise);
    }
    format!("{whole}{fraction:0<decimals$}").parse().map_err(|_| FaultKind::NumberUnreadable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_are_exact() {
        for (text, decimals, expected) in [
            ("4800", YUAN_DECIMALS, Ok(480_000)),
            ("4,800.05", YUAN_DECIMALS, Ok(480_005)),
            ("￥1,234,567.8元", YUAN_DECIMALS, Ok(123_456_780)),
            ("0.29", YUAN_DECIMALS, Ok(29)),
            ("1.1", WAN_YUAN_DECIMALS, Ok(1_100_000)),
            ("12.345678万元", WAN_YUAN_DECIMALS, Ok(12_345_678)),
            ("１２．５", WAN_YUAN_DECIMALS, Ok(12_500_000)),
            ("4800.000", YUAN_DECIMALS, Ok(480_000)),
            ("4800.001", YUAN_DECIMALS, Err(FaultKind::TooPrecise)),
            ("3万元", YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
            ("3元", WAN_YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
            ("-3", YUAN_DECIMALS, Err(FaultKind::AmountNegative)),
            ("4,80", YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
            ("1e3", YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
            ("四千", YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
            ("999999999999999", YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
            (".5", YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
            ("", YUAN_DECIMALS, Err(FaultKind::AmountUnreadable)),
        ] {
            assert_eq!(fen(text, decimals).map(Fen::get), expected, "{text}");
        }
    }

    #[test]
    fn other_numbers() {
        assert_eq!(integer("2,026"), Ok(2026));
        assert_eq!(integer("2.5"), Err(FaultKind::TooPrecise));
        assert_eq!(tenths("60.5"), Ok(605));
        assert_eq!((percent("20%"), percent("20")), (Ok(20), Ok(20)));
        assert_eq!(percent("0.2"), Err(FaultKind::PercentUnreadable));
    }

    proptest! {
        /// What a workbook holds of a sum with two decimals reads back as that sum.
        #[test]
        fn doubles_of_cents_come_back(cents in 0u64..100_000_000_000) {
            let typed = format!("{}.{:02}", cents / 100, cents % 100);
            let cell: f64 = typed.parse().unwrap();
            prop_assert_eq!(fen(&cell.to_string(), YUAN_DECIMALS).map(Fen::get), Ok(cents));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}", digits in "[0-9,.%元万]{0,40}") {
            let _ = (fen(&text, 2), fen(&digits, 6), percent(&digits), tenths(&digits));
        }
    }
}
