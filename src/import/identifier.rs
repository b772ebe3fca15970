//! Numbers of documents as spreadsheets hold them.

use super::date::half_width;
use super::fault::{Fault, FaultKind};
use super::table::Cell;

/// A number of a document, as text. Whatever Excel may have changed is refused, because a wrong
/// number is the number of somebody else.
pub fn identifier(cell: &Cell, zeros: bool, name: &str) -> Result<String, Fault> {
    let fault = |kind| Err(Fault::cell(kind, name));
    let text = match cell {
        Cell::Empty => return fault(FaultKind::Empty),
        Cell::Text(text) => text,
        Cell::Broken => return fault(FaultKind::Broken),
        Cell::Number(_) | Cell::Percent(_) | Cell::Day { .. } | Cell::Flag(_) => {
            return fault(FaultKind::NumberForText);
        }
    };
    let narrow = half_width(text);
    if is_scientific(&narrow) {
        return fault(FaultKind::Scientific);
    }
    let digits = narrow.len() == 18 && narrow.bytes().all(|b| b.is_ascii_digit());
    if digits && narrow.ends_with("000") && !zeros {
        return fault(FaultKind::Rounded);
    }
    Ok(text.clone())
}

/// `3.10118E+17`, as Excel writes a long number into a CSV file.
fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or_default();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(exponent) && digits(&number.replacen('.', "", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_excel_changed_are_refused() {
        let read = |cell: Cell| identifier(&cell, false, "证件号码").map_err(|fault| fault.code);
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(read(text("11010519491231002X")).as_deref(), Ok("11010519491231002X"));
        assert_eq!(read(text("３１０１１８")).as_deref(), Ok("３１０１１８"));
        for (cell, code) in [
            (Cell::Number(310_118_199_001_010_000.0), "number-for-text"),
            (Cell::Number(12_345.0), "number-for-text"),
            (text("3.10118E+17"), "number-scientific"),
            (text("３.１０１１８Ｅ＋１７"), "number-scientific"),
            (text("310118199001010000"), "number-rounded"),
            (Cell::Empty, "cell-empty"),
            (Cell::Broken, "cell-error"),
        ] {
            assert_eq!(read(cell), Err(code));
        }
        assert!(!is_scientific("E12345678") && !is_scientific("1E5") && !is_scientific("9E+X"));
    }
}
