//! Own values of the keyword `format`, asserted like the built-in ones.

/// Name of the format that [`is_region_code`] checks.
pub(super) const REGION_CODE: &str = "region-code";

/// First two digits of GB/T 2260 codes: the provinces, municipalities and regions in use.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82",
];

/// Has `text` the shape of a GB/T 2260 code: six ASCII digits that begin with a province in use?
/// Counties come and go, so the last four digits are not looked up; old codes stay valid in old
/// records.
pub fn is_region_code(text: &str) -> bool {
    text.len() == 6
        && text.bytes().all(|b| b.is_ascii_digit())
        && PROVINCES.iter().any(|p| text.starts_with(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn region_codes_begin_with_a_province() {
        for good in ["310118", "330421", "320509", "330000"] {
            assert!(is_region_code(good), "{good}");
        }
        for bad in ["", "31011", "3101180", "990000", "31011x", "３10118", "青浦"] {
            assert!(!is_region_code(bad), "{bad}");
        }
    }
}
