//! Small strict pieces of the text formats.

/// A decimal of ASCII digits without leading zeros or sign; `None` if it is anything else or does
/// not fit 64 bits.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    if digits && canonical { text.parse().ok() } else { None }
}

/// 32 bytes of lower-case hexadecimal.
pub(super) fn hex32(text: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_one_spelling() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "١", "18446744073709551616"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn hex_is_lower_case_and_of_exact_length() {
        assert_eq!(hex32(&"0f".repeat(32)), Some([15; 32]));
        for bad in ["0F".repeat(32), "0f".repeat(31), "0f".repeat(33), "0g".repeat(32)] {
            assert_eq!(hex32(&bad), None, "{bad}");
        }
        assert_eq!(hex32(&"é".repeat(32)), None);
    }
}
