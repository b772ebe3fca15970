//! Strict JSON reader (I-JSON, RFC 7493, with bounds and without duplicate keys).
//!
//! Owns what bytes may become a [`Value`] at all: size, depth, counts, integers only, each member
//! name once (compared after unescaping; `serde_json::Value` would keep the last one silently,
//! serde-rs/json #762), no NUL, nothing after the value. Leaves the meaning of members to their
//! users. One pass; a pointer to the fault is built only when there is one.

mod bounds;
mod pointer;
mod visit;

use serde_json::Value;

pub use self::bounds::{Bounds, INTEGER_MAX};
use crate::domain::code::{Code, Refusal};

/// Reads exactly one JSON value.
///
/// # Errors
/// - [`Code::BodyTooLarge`]: more bytes than the bound
/// - [`Code::JsonText`]: not UTF-8, a lone surrogate, NUL or a noncharacter (RFC 7493 §2.1)
/// - [`Code::JsonMalformed`]: no JSON (RFC 8259), a byte order mark, or data after the value
/// - [`Code::JsonDuplicateKey`], [`Code::JsonTooDeep`], [`Code::JsonTooLarge`]
/// - [`Code::JsonNumber`]: a fraction, an exponent, `-0` or an integer beyond ±(2^53 − 1)
///
/// Refusals point at the place and name the bound; they never hold a value of the text.
pub fn read(bytes: &[u8], bounds: &Bounds) -> Result<Value, Refusal> {
    if bytes.len() > bounds.size_max_bytes {
        let expected = format!("at most {} bytes", bounds.size_max_bytes);
        return Err(Refusal::new(Code::BodyTooLarge).at("", expected));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Refusal::new(Code::JsonText).at("", "UTF-8 without surrogates"))?;
    if text.starts_with('\u{feff}') {
        return Err(Refusal::new(Code::JsonMalformed).at("", "no byte order mark"));
    }
    visit::read(text, bounds)
}

#[cfg(test)]
mod tests;
