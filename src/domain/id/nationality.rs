//! Nationalities as documents name them: the codes of `catalogue/codes/nationality.json`, today's and
//! former ones, since a card keeps the code of its day.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::domain::codelist::CodeList;

const LIST: &str = include_str!("../../../catalogue/codes/nationality.json");

/// What stands in the machine-readable zone where ISO 3166-1 has no code (ICAO Doc 9303 part 3,
/// section 5): stateless persons, refugees, kinds of British nationality, organisations.
const OF_PASSPORTS: [&str; 17] = [
    "XXA", "XXB", "XXC", "XXX", "GBD", "GBN", "GBO", "GBP", "GBS", "EUE", "UNO", "UNA", "UNK",
    "XOM", "XPO", "RKS", "XCT",
];

struct Codes {
    alpha: BTreeSet<String>,
    numeric: BTreeSet<String>,
}

/// The list of the catalogue by its two columns; a test reads it, so that it is never empty.
static CODES: LazyLock<Codes> = LazyLock::new(|| {
    let list: Option<CodeList> = serde_json::from_str(LIST).ok();
    let column = list.as_ref().and_then(|l| l.columns.iter().position(|c| c == "numeric"));
    let entries = list.iter().flat_map(|l| &l.entries);
    let (mut alpha, mut numeric) = (BTreeSet::new(), BTreeSet::new());
    for entry in entries {
        alpha.insert(entry.code.clone());
        numeric.extend(column.and_then(|at| entry.also.get(at)).cloned());
    }
    Codes { alpha, numeric }
});

/// Is this the three-letter code of a country, today or formerly?
pub fn is_country(alpha3: &str) -> bool {
    CODES.alpha.contains(alpha3)
}

/// Is this the three-digit code of a country, today or formerly?
pub fn is_numeric(code: &str) -> bool {
    CODES.numeric.contains(code)
}

/// May a passport name this nationality: a country, or what Doc 9303 has beside countries?
pub fn is_of_passport(code: &str) -> bool {
    is_country(code) || OF_PASSPORTS.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_of_today_and_before_are_known() {
        for known in ["PAK", "CHN", "ZAR", "DEU"] {
            assert!(is_country(known) && is_of_passport(known), "{known}");
        }
        for unknown in ["ZZZ", "pak", "", "XXA", "QQQ"] {
            assert!(!is_country(unknown), "{unknown}");
        }
        assert!(is_of_passport("XXA") && !is_of_passport("ZZZ"));
        assert!(is_numeric("682") && is_numeric("180") && !is_numeric("000") && !is_numeric("999"));
    }
}
