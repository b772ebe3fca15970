//! The visitor behind [`super::read`]: builds the value and checks every rule in the same pass.

use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::bounds::{Bounds, INTEGER_MAX};
use super::pointer::Trail;
use crate::domain::code::{Code, Refusal};

/// Reads one value from valid UTF-8.
pub(super) fn read(text: &str, bounds: &Bounds) -> Result<Value, Refusal> {
    let mut state = State { bounds, trail: Trail::default(), fault: None };
    let mut source = serde_json::Deserializer::from_str(text);
    let node = Node { state: &mut state, depth_left: bounds.depth_max };
    match node.deserialize(&mut source).and_then(|value| source.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => Err(state.refusal(&error)),
    }
}

struct State<'b> {
    bounds: &'b Bounds,
    /// Filled only while an error unwinds.
    trail: Trail,
    /// What broke a rule of ours; `None` when the text is not JSON in the first place.
    fault: Option<(Code, String)>,
}

impl State<'_> {
    fn fail<E: de::Error>(&mut self, code: Code, expected: impl Into<String>) -> E {
        self.fault = Some((code, expected.into()));
        E::custom(code.as_str())
    }

    fn check_text<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        if is_interchangeable(text) {
            Ok(())
        } else {
            Err(self.fail(Code::JsonText, "text without NUL and noncharacters"))
        }
    }

    fn refusal(self, error: &serde_json::Error) -> Refusal {
        let pointer = self.trail.pointer();
        if let Some((code, expected)) = self.fault {
            return Refusal::new(code).at(pointer, expected);
        }
        // `serde_json` gives no kinds of syntax errors, only their text, which holds no input.
        let text = error.to_string();
        let (code, expected) = if text.starts_with("number out of range") {
            (Code::JsonNumber, "an integer within ±(2^53 − 1)")
        } else if text.starts_with("lone leading surrogate")
            || text.starts_with("unexpected end of hex escape")
        {
            (Code::JsonText, "text without lone surrogates")
        } else if text.starts_with("trailing characters") {
            (Code::JsonMalformed, "nothing after the value")
        } else {
            (Code::JsonMalformed, "JSON (RFC 8259)")
        };
        let (line, column) = (error.line(), error.column());
        Refusal::new(code)
            .detail(
                format!("第 {line} 行，第 {column} 字节"),
                format!("line {line}, byte {column}"),
            )
            .at(pointer, expected)
    }
}

/// Can every I-JSON reader take the text? No NUL, no noncharacter (RFC 7493 §2.1). Surrogates
/// cannot occur in a `str`.
fn is_interchangeable(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Noncharacters begin with 0xEF or above in UTF-8, so most text skips the walk over them.
    !bytes.contains(&0) && (bytes.iter().all(|&b| b < 0xEF) || !text.chars().any(is_noncharacter))
}

/// The 66 code points that Unicode reserves for internal use (Unicode 16, §23.7).
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// One value at some depth.
struct Node<'s, 'b> {
    state: &'s mut State<'b>,
    depth_left: usize,
}

impl Node<'_, '_> {
    fn integer<E: de::Error>(self, n: i64) -> Result<Value, E> {
        if (-INTEGER_MAX..=INTEGER_MAX).contains(&n) { Ok(n.into()) } else { self.number() }
    }

    fn number<E: de::Error>(self) -> Result<Value, E> {
        Err(self.state.fail(Code::JsonNumber, "an integer within ±(2^53 − 1)"))
    }

    fn descend<E: de::Error>(&mut self) -> Result<usize, E> {
        self.depth_left.checked_sub(1).ok_or_else(|| {
            let expected = format!("depth at most {}", self.state.bounds.depth_max);
            self.state.fail(Code::JsonTooDeep, expected)
        })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Value, E> {
        self.integer(n)
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Value, E> {
        // Beyond i64 is beyond the bound too.
        self.integer(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// `serde_json` hands over as floats: fractions, exponents, `-0` and integers beyond 64 bits.
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        self.number()
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        self.state.check_text(text)?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut source: A) -> Result<Value, A::Error> {
        let depth_left = self.descend()?;
        let items_max = self.state.bounds.items_max;
        let mut items = Vec::new();
        loop {
            let node = Node { state: &mut *self.state, depth_left };
            match source.next_element_seed(node) {
                Ok(Some(_)) if items.len() == items_max => {
                    let expected = format!("at most {items_max} items");
                    return Err(self.state.fail(Code::JsonTooLarge, expected));
                }
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Value::Array(items)),
                Err(error) => {
                    self.state.trail.item(items.len());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut source: A) -> Result<Value, A::Error> {
        let depth_left = self.descend()?;
        let members_max = self.state.bounds.members_max;
        let mut members = Map::new();
        while let Some(name) = source.next_key_seed(Name(&mut *self.state))? {
            if members.len() == members_max {
                let expected = format!("at most {members_max} members");
                return Err(self.state.fail(Code::JsonTooLarge, expected));
            }
            match members.entry(name) {
                Entry::Vacant(slot) => {
                    let node = Node { state: &mut *self.state, depth_left };
                    match source.next_value_seed(node) {
                        Ok(value) => slot.insert(value),
                        Err(error) => {
                            self.state.trail.member(slot.key());
                            return Err(error);
                        }
                    };
                }
                Entry::Occupied(slot) => {
                    self.state.trail.member(slot.key());
                    return Err(self.state.fail(Code::JsonDuplicateKey, "each member name once"));
                }
            }
        }
        Ok(Value::Object(members))
    }
}

/// A member name, unescaped.
struct Name<'s, 'b>(&'s mut State<'b>);

impl<'de> DeserializeSeed<'de> for Name<'_, '_> {
    type Value = String;

    fn deserialize<D: de::Deserializer<'de>>(self, source: D) -> Result<String, D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<String, E> {
        self.0.check_text(name)?;
        Ok(name.to_owned())
    }
}
