//! 统一社会信用代码 (GB 32100-2015): 1 department + 1 entity class + 6 region + 9 entity code (GB 11714) +
//! 1 check.

use std::fmt;

use super::notice::{IdRefusal, Notice, Reason};
use super::number::{clean, is_placeholder};
use super::region::RegionCode;

/// A credit code: well-formed, and with both checks right or a recorded verification. The name of
/// an entity, not personal data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uscc {
    text: String,
    evidence: Option<VerificationSource>,
}

/// Who saw, and where, that a code with a wrong check digit is a real one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerificationSource {
    source: String,
    operator: String,
}

/// Longest source or operator, in characters.
const EVIDENCE_MAX: usize = 128;

impl VerificationSource {
    /// `source` names the register or certificate, `operator` is the opaque id of who looked.
    pub fn parse(source: &str, operator: &str) -> Result<Self, IdRefusal> {
        let fits = |s: &str| {
            let n = s.trim().chars().count();
            (1..=EVIDENCE_MAX).contains(&n) && !s.chars().any(char::is_control)
        };
        if !fits(source) || !fits(operator) {
            return Err(Reason::Evidence.into());
        }
        Ok(Self { source: source.trim().to_owned(), operator: operator.trim().to_owned() })
    }

    /// Where it was verified.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// By whom: an opaque operator id.
    pub fn operator(&self) -> &str {
        &self.operator
    }
}

impl Uscc {
    /// Parses 18 characters with both checks, of a department, class and region that exist. A wrong check is an anomaly (校验位异常), not an error:
    /// codes issued in some places before 2016 fail check 1, and go through
    /// [`Uscc::parse_with_evidence`].
    pub fn parse(text: &str) -> Result<Self, IdRefusal> {
        let text = well_formed(text)?;
        checks(&text)?;
        Ok(Self { text, evidence: None })
    }

    /// As [`Uscc::parse`], but a wrong check is overridden by `evidence`, which is kept only then.
    pub fn parse_with_evidence(
        text: &str,
        evidence: VerificationSource,
    ) -> Result<Self, IdRefusal> {
        let text = well_formed(text)?;
        let evidence = checks(&text).is_err().then_some(evidence);
        Ok(Self { text, evidence })
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The verification that stands in for a wrong check digit.
    pub fn evidence(&self) -> Option<&VerificationSource> {
        self.evidence.as_ref()
    }

    /// Remarks for the officer.
    pub fn notices(&self) -> &'static [Notice] {
        if self.evidence.is_some() { &[Notice::CheckOverridden] } else { &[] }
    }

    /// The registering region, where characters 3–8 are a code.
    pub fn region(&self) -> Option<RegionCode> {
        self.text.get(2..8).and_then(RegionCode::parse)
    }

    /// The nine characters of GB 11714.
    pub fn entity_code(&self) -> &str {
        self.text.get(8..17).unwrap_or_default()
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The 31 characters of the code: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Check 1 (character 18) over 17 characters: weights 3^i mod 31; `None` if `body` is malformed.
pub fn check_code(body: &str) -> Option<char> {
    if body.len() != 17 {
        return None;
    }
    let (mut sum, mut weight) = (0usize, 1usize);
    for b in body.bytes() {
        sum += ALPHABET.iter().position(|a| *a == b)? * weight;
        weight = weight * 3 % 31;
    }
    // The last "mod 31" matters when the check is `0`.
    ALPHABET.get((31 - sum % 31) % 31).map(|b| char::from(*b))
}

/// Check 2 (GB 11714, character 17 of the code) over 8 characters; `None` if `body` is malformed.
pub fn check_entity(body: &str) -> Option<char> {
    if body.len() != 8 {
        return None;
    }
    let mut sum = 0u32;
    for (c, weight) in body.chars().zip([3, 7, 9, 10, 5, 8, 4, 2]) {
        if c.is_ascii_lowercase() {
            return None;
        }
        sum += c.to_digit(36)? * weight;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        n => char::from_digit(n, 10),
    }
}

fn well_formed(text: &str) -> Result<String, IdRefusal> {
    let skipped = text.chars().take_while(|c| c.is_whitespace()).count();
    let cleaned = clean(text)?;
    for (i, c) in cleaned.chars().enumerate() {
        if !u8::try_from(c).is_ok_and(|b| ALPHABET.contains(&b)) {
            return Err(IdRefusal::at(Reason::Character, skipped + i + 1));
        }
    }
    if cleaned.len() != 18 {
        return Err(Reason::Length.into());
    }
    department(&cleaned)?;
    if cleaned.get(8..16).is_some_and(is_placeholder) {
        return Err(IdRefusal::at(Reason::Placeholder, 9));
    }
    Ok(cleaned.to_string())
}

/// Departments that register entities (GB 32100-2015 table 1): 机构编制, 外交, 司法行政, 文化, 民政, 旅游,
/// 宗教, 工会, 市场监管, 军委改革和编制办, 农业, 其他.
const DEPARTMENTS: &str = "123456789ANY";
/// Classes of entities of department 1: 机关, 事业单位, 编办直管群众团体, 其他. Those of other departments are a
/// digit from 1; which, was not seen in the standard's own text.
const CLASSES_OF_1: &str = "1239";
/// Registered by the state and not by a place.
const STATE: &str = "100000";

/// Department and class of the entity exist: no code without them was ever issued, whoever saw one.
fn department(text: &str) -> Result<(), IdRefusal> {
    let mut first = text.chars();
    let (department, class) = (first.next().unwrap_or('0'), first.next().unwrap_or('0'));
    let fits = match department {
        '1' => CLASSES_OF_1.contains(class),
        other => DEPARTMENTS.contains(other) && matches!(class, '1'..='9'),
    };
    if fits { Ok(()) } else { Err(IdRefusal::at(Reason::EntityDepartment, 1)) }
}

fn checks(text: &str) -> Result<(), IdRefusal> {
    let at = |i: usize| text.chars().nth(i);
    let region = text.get(2..8).unwrap_or_default();
    let place = RegionCode::parse(region).is_some_and(|r| r.province().history().next().is_some());
    if !place && region != STATE {
        return Err(IdRefusal::at(Reason::EntityRegion, 3));
    }
    if check_code(text.get(..17).unwrap_or_default()) != at(17) {
        return Err(IdRefusal::at(Reason::CreditCodeCheck, 18));
    }
    if check_entity(text.get(8..16).unwrap_or_default()) != at(16) {
        return Err(IdRefusal::at(Reason::EntityCodeCheck, 17));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;
    use crate::domain::id::Severity;

    /// One line of `tests/vectors/identity/uscc.json`.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Vector {
        text: String,
        #[serde(default)]
        code: Option<String>,
        #[serde(default)]
        refused: Option<String>,
        #[serde(default)]
        position: Option<usize>,
        #[serde(default, rename = "note")]
        _note: String,
    }

    #[test]
    fn vectors_hold() {
        let text = include_str!("../../../tests/vectors/identity/uscc.json");
        for v in serde_json::from_str::<Vec<Vector>>(text).unwrap() {
            match Uscc::parse(&v.text) {
                Ok(code) => assert_eq!(Some(code.as_str()), v.code.as_deref(), "{}", v.text),
                Err(e) => {
                    assert_eq!(Some(e.reason.as_str()), v.refused.as_deref(), "{}", v.text);
                    assert_eq!(e.position, v.position, "{}", v.text);
                }
            }
        }
    }

    #[test]
    fn an_anomaly_goes_on_with_evidence_only() {
        let evidence = VerificationSource::parse("国家企业信用信息公示系统", "op-17").unwrap();
        for real in ["91350203M0001QAY9B", "91350203M0001QKT19"] {
            let refused = Uscc::parse(real).unwrap_err();
            assert_eq!(refused.reason.severity(), Severity::Anomaly);
            let code = Uscc::parse_with_evidence(real, evidence.clone()).unwrap();
            assert_eq!(code.evidence(), Some(&evidence));
            assert_eq!(code.notices(), [Notice::CheckOverridden]);
        }
        // Evidence overrides a check, never the form; and is not kept where nothing needs it.
        assert!(Uscc::parse_with_evidence("91350203M0001QAY9I", evidence.clone()).is_err());
        let right = Uscc::parse_with_evidence("91350200MA2YJ1XR9G", evidence).unwrap();
        assert_eq!(right.evidence(), None);
        assert!(VerificationSource::parse(" ", "op").is_err());
    }

    #[test]
    fn parts_are_where_the_standard_puts_them() {
        let code = Uscc::parse("91350200MA2YJ1XR9G").unwrap();
        assert_eq!(code.entity_code(), "MA2YJ1XR9");
        assert_eq!(code.region().unwrap().to_string(), "350200");
    }

    proptest! {
        #[test]
        fn no_input_panics(text in "\\PC{0,24}") {
            let _ = Uscc::parse(&text);
        }

        /// One wrong character among the first 17 is always found: 31 is prime.
        #[test]
        fn one_wrong_character_is_found(body in "[0-9A-HJ-NPQRTUWXY]{17}", at in 0usize..17, to in "[0-9A-HJ-NPQRTUWXY]") {
            let mut other = body.clone();
            other.replace_range(at..=at, &to);
            prop_assume!(other != body);
            prop_assert_ne!(check_code(&body), check_code(&other));
        }
    }
}
