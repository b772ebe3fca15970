//! Base64url as RFC 7515 §2 wants it: no padding, no white space, unused trailing bits zero, so
//! that one byte string has exactly one text and one digest.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Text of `bytes`.
pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends the text of `bytes`.
pub(super) fn encode_into(bytes: impl AsRef<[u8]>, text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Bytes of `text`; `None` unless it is their one canonical text.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Exactly `N` bytes.
pub(super) fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != encoded_len(N) {
        return None;
    }
    decode(text)?.try_into().ok()
}

/// Characters that `bytes` bytes take.
pub(super) const fn encoded_len(bytes: usize) -> usize {
    (bytes / 3) * 4 + [0, 2, 3][bytes % 3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_text_is_taken() {
        assert_eq!(decode("AQ"), Some(vec![1]));
        for bad in ["AQ==", "AQ=", "AR", "A", "A Q", "AQ\n", "A+8", "A/8", "AQ.", "ＡQ"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
        for n in 0..70 {
            assert_eq!(encode(vec![0; n]).len(), encoded_len(n));
        }
        assert_eq!(decode_array::<1>("AQI"), None);
    }
}
