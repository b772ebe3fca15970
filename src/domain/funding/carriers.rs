//! Which record, message or case fact carries each fact that a rule needs: one carrier per fact.
//! `docs/facts.md` is this table in words; tests hold it against the schemas, the catalogue and the
//! case files.
//!
//! A case fact may *stand in* while the carrier has nothing; a record decides before it.

mod facts;
mod recognition;

pub use self::facts::FACTS;
pub use self::recognition::{
    OF_RECOGNITION, RecognitionFact, is_recognition_fact, recognition_facts,
};

/// What carries a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A member of a message: message type, and path of its member in the schema.
    Message(&'static str, &'static str),
    /// `fact/1` of this name, attested by an office.
    Fact(&'static str),
    /// `certification/1` under this scheme, whatever the class.
    Certification(&'static str),
    /// A case fact with this code, which only the case knows.
    Case(&'static str),
}

/// A fact and its carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactUse {
    /// Name of the fact, unique.
    pub fact: &'static str,
    /// In words.
    pub zh: &'static str,
    /// In words.
    pub en: &'static str,
    /// Its one carrier.
    pub carrier: Carrier,
    /// Code of the case fact that stands in while the carrier has nothing.
    pub stand_in: Option<&'static str>,
    /// Numbers of the rules that need it, ascending.
    pub rules: &'static [u8],
}

/// The fact that a case fact with this code states, or stands in for.
pub fn of_case(code: &str) -> Option<&'static FactUse> {
    let states = |f: &&FactUse| {
        matches!(f.carrier, Carrier::Case(c) if c == code) || f.stand_in == Some(code)
    };
    FACTS.iter().find(states)
}

/// The scheme whose certifications carry the fact that `code` stands in for.
pub fn certified_under(code: &str) -> Option<&'static str> {
    match of_case(code)?.carrier {
        Carrier::Certification(scheme) => Some(scheme),
        _ => None,
    }
}

/// Is `code` the code of a case fact that some rule reads?
pub fn is_case_fact(code: &str) -> bool {
    let is_carrier = |c: Carrier| matches!(c, Carrier::Case(known) if known == code);
    FACTS.iter().any(|f| f.stand_in.is_some_and(|s| s == code) || is_carrier(f.carrier))
}

/// Is this the name of a fact that an office attests?
pub fn is_attested_fact(name: &str) -> bool {
    FACTS.iter().any(|f| matches!(f.carrier, Carrier::Fact(known) if known == name))
}

/// The table of `docs/facts.md`: by rule, then what recognition rules ask for.
pub fn table() -> String {
    let mut out = String::from(
        "| 规则 rule | 事实 fact | 载体 carrier | 暂代 stand-in |\n|---|---|---|---|\n",
    );
    for rule in 1..=35_u8 {
        for f in FACTS.iter().filter(|f| f.rules.contains(&rule)) {
            let carrier = match f.carrier {
                Carrier::Message(mt, member) => format!("`{mt}` `{member}`"),
                Carrier::Fact(name) => format!("`fact/1` `{name}`"),
                Carrier::Certification(scheme) => format!("`certification/1` `{scheme}`"),
                Carrier::Case(code) => format!("case fact `{code}`"),
            };
            let stand_in = f.stand_in.map(|c| format!("case fact `{c}`")).unwrap_or_default();
            let row = format!("| R{rule:02} | {} {} | {carrier} | {stand_in} |\n", f.zh, f.en);
            out.push_str(&row);
        }
    }
    for f in OF_RECOGNITION {
        let row = format!("| 互认 recognition | {} {} | `fact/1` `{}` |  |\n", f.zh, f.en, f.name);
        out.push_str(&row);
    }
    out
}
