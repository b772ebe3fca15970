//! Serial numbers of certificates.

use std::fmt;

use crate::domain::entropy::{Entropy, EntropyError};

/// Bytes of a serial number; RFC 5280 §4.1.2.2 allows 20.
const SERIAL_BYTES: usize = 16;

/// The serial number of a certificate: positive, 126 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; SERIAL_BYTES]);

impl Serial {
    /// Draws a new serial number.
    pub fn draw(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut bytes = [0; SERIAL_BYTES];
        entropy.fill(&mut bytes)?;
        // The top bits are 01: DER then needs no padding octet, and the number is never zero.
        bytes[0] = (bytes[0] & 0x3f) | 0x40;
        Ok(Self(bytes))
    }

    /// Reads the lower-case hex form that [`fmt::Display`] writes.
    pub fn parse(hex: &str) -> Option<Self> {
        let digits = hex.as_bytes();
        let lower = digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if digits.len() != 2 * SERIAL_BYTES || !lower {
            return None;
        }
        let n = u128::from_str_radix(hex, 16).ok()?;
        let bytes = n.to_be_bytes();
        (bytes[0] & 0xc0 == 0x40).then_some(Self(bytes))
    }

    /// Big-endian bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Entropy for Fixed {
        fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
            out.fill(self.0);
            Ok(())
        }
    }

    #[test]
    fn serials_are_positive_and_go_through_hex() {
        for byte in [0x00, 0x7f, 0x80, 0xff] {
            let serial = Serial::draw(&Fixed(byte)).unwrap();
            assert_eq!(serial.as_bytes()[0] & 0xc0, 0x40);
            assert_eq!(Serial::parse(&serial.to_string()), Some(serial));
        }
        for bad in ["", "00", &"0".repeat(32), &"F".repeat(32), &"g".repeat(32)] {
            assert_eq!(Serial::parse(bad), None, "{bad}");
        }
    }
}
