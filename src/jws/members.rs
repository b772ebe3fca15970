//! Takes members out of a closed object one by one; what is left over at the end is refused.

use std::str::FromStr;

use serde_json::{Map, Value};

use crate::domain::code::{Code, Refusal};
use crate::domain::time::UtcSeconds;

/// The members that were not taken yet.
pub(super) struct Members(Map<String, Value>);

impl Members {
    /// The members of `value`.
    pub(super) fn of(value: Value, pointer: &str) -> Result<Self, Refusal> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(invalid(pointer, "an object")),
        }
    }

    /// A member of any kind that must be there.
    pub(super) fn value(&mut self, name: &str) -> Result<Value, Refusal> {
        self.0.remove(name).ok_or_else(|| invalid(&format!("/{name}"), "required"))
    }

    /// Text that must be there and parse.
    pub(super) fn text<T: FromStr>(&mut self, name: &str, expected: &str) -> Result<T, Refusal> {
        self.text_opt(name, expected)?.ok_or_else(|| invalid(&format!("/{name}"), "required"))
    }

    /// Text that must parse if it is there.
    pub(super) fn text_opt<T: FromStr>(
        &mut self,
        name: &str,
        expected: &str,
    ) -> Result<Option<T>, Refusal> {
        let Some(value) = self.0.remove(name) else { return Ok(None) };
        let parsed = value.as_str().and_then(|text| text.parse().ok());
        parsed.map(Some).ok_or_else(|| invalid(&format!("/{name}"), expected))
    }

    /// Whole UTC seconds, not negative.
    pub(super) fn seconds(&mut self, name: &str) -> Result<UtcSeconds, Refusal> {
        let seconds = self.value(name)?.as_i64().filter(|n| *n >= 0);
        seconds.map(UtcSeconds).ok_or_else(|| invalid(&format!("/{name}"), "whole UTC seconds"))
    }

    /// Nothing may be left.
    pub(super) fn finish(self, pointer: &str) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(invalid(pointer, "no other members")) }
    }
}

/// A claim is missing or malformed.
pub(super) fn invalid(pointer: &str, expected: &str) -> Refusal {
    Refusal::new(Code::ClaimsInvalid).at(pointer, expected)
}
