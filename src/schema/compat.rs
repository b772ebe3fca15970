//! May a schema replace another inside one major version? Only if whatever the old one accepts,
//! the new one accepts too: senders that pin N−1 are checked against N.
//!
//! The comparison is of texts and errs on the safe side: what it cannot show to be harmless (a
//! changed pattern, a changed condition) counts as a break. A break takes a new major version.
//! Renaming a member is one removed and, when required, one newly required.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

/// What a change does to senders of the old version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Break {
    /// `$id` or `$schema` differs: not two versions of one schema.
    ChangedIdentity,
    /// A member is gone; in a closed object its senders are refused.
    RemovedProperty,
    /// A shared definition is gone.
    RemovedDefinition,
    /// A member that could be left out is required.
    NewlyRequired,
    /// Fewer types are accepted.
    NarrowedType,
    /// Fewer values are accepted (`enum`, `const`).
    NarrowedValues,
    /// A length, count or range became tighter.
    TightenedLimit,
    /// `pattern` is new or reads differently.
    ChangedPattern,
    /// `format` is new or differs.
    ChangedFormat,
    /// `$ref` points elsewhere.
    ChangedReference,
    /// An open object was closed.
    Closed,
    /// A closed object was opened, which no receiver expects.
    Opened,
    /// A condition or combination changed, and the change cannot be shown to be harmless.
    ChangedRule,
}

/// One break, by its place in the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaking {
    /// JSON Pointer into the new schema, or into the old one for what is gone.
    pub pointer: String,
    /// What broke.
    pub what: Break,
}

impl fmt::Display for Breaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.pointer, self.what)
    }
}

/// Lists what in `new` breaks senders of `old`; empty when `new` may replace it.
pub fn compat(old: &Value, new: &Value) -> Vec<Breaking> {
    let mut breaks = Vec::new();
    compare(old, new, "", &mut breaks);
    breaks
}

/// Which way a limit is tightened, and what its absence means.
#[derive(Clone, Copy)]
enum Limit {
    Upper,
    Lower { absent: i64 },
}

const LIMITS: [(&str, Limit); 8] = [
    ("maxLength", Limit::Upper),
    ("maxItems", Limit::Upper),
    ("maxProperties", Limit::Upper),
    ("maximum", Limit::Upper),
    ("minLength", Limit::Lower { absent: 0 }),
    ("minItems", Limit::Lower { absent: 0 }),
    ("minProperties", Limit::Lower { absent: 0 }),
    ("minimum", Limit::Lower { absent: i64::MIN }),
];

/// Compared by `schema_of`, or words for people only.
const HANDLED: [&str; 25] = [
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "const",
    "description",
    "enum",
    "examples",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
];

fn compare(old: &Value, new: &Value, at: &str, out: &mut Vec<Breaking>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => Pair { old, new, at }.schema_of(out),
        // Nothing was accepted before, or everything is accepted now.
        (Value::Bool(false), _) | (_, Value::Bool(true)) => {}
        _ => out.push(Breaking { pointer: at.to_owned(), what: Break::ChangedRule }),
    }
}

/// The same place in both versions.
struct Pair<'a> {
    old: &'a Map<String, Value>,
    new: &'a Map<String, Value>,
    at: &'a str,
}

impl Pair<'_> {
    fn schema_of(&self, out: &mut Vec<Breaking>) {
        if self.differs("$id") || self.differs("$schema") {
            out.push(self.here(Break::ChangedIdentity));
        }
        if self.differs("$ref") {
            out.push(self.here(Break::ChangedReference));
        }
        if self.narrows(types) {
            out.push(self.here(Break::NarrowedType));
        }
        if self.narrows(values) {
            out.push(self.here(Break::NarrowedValues));
        }
        if self.introduces("pattern") {
            out.push(self.here(Break::ChangedPattern));
        }
        if self.introduces("format") {
            out.push(self.here(Break::ChangedFormat));
        }
        self.limits(out);
        self.openness(out);
        self.members(out);
        self.children("properties", Break::RemovedProperty, out);
        self.children("$defs", Break::RemovedDefinition, out);
        self.items(out);
        self.alternatives(out);
        self.rules(out);
    }

    fn here(&self, what: Break) -> Breaking {
        Breaking { pointer: self.at.to_owned(), what }
    }

    fn below(&self, keyword: &str, what: Break) -> Breaking {
        Breaking { pointer: format!("{}/{keyword}", self.at), what }
    }

    fn differs(&self, keyword: &str) -> bool {
        self.old.get(keyword) != self.new.get(keyword)
    }

    /// Is a keyword that only ever restricts there now, other than before?
    fn introduces(&self, keyword: &str) -> bool {
        self.new.contains_key(keyword) && self.differs(keyword)
    }

    /// Does the new list leave out something of the old one? No list accepts everything.
    fn narrows(&self, list: fn(&Map<String, Value>) -> Option<Vec<&Value>>) -> bool {
        match (list(self.old), list(self.new)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old.iter().any(|v| !new.contains(v)),
        }
    }

    fn limits(&self, out: &mut Vec<Breaking>) {
        for (keyword, limit) in LIMITS {
            let Some(new) = self.new.get(keyword) else { continue };
            let old = self.old.get(keyword);
            let (old, new) = (old.and_then(Value::as_i64), new.as_i64());
            let tighter = match limit {
                Limit::Upper => new < Some(old.unwrap_or(i64::MAX)),
                Limit::Lower { absent } => new > Some(old.unwrap_or(absent)),
            };
            if tighter {
                out.push(self.below(keyword, Break::TightenedLimit));
            }
        }
        let unique = |o: &Map<String, Value>| o.get("uniqueItems") == Some(&Value::Bool(true));
        if unique(self.new) && !unique(self.old) {
            out.push(self.below("uniqueItems", Break::TightenedLimit));
        }
    }

    fn openness(&self, out: &mut Vec<Breaking>) {
        match (closed(self.old), closed(self.new)) {
            (false, true) => out.push(self.here(Break::Closed)),
            (true, false) => out.push(self.here(Break::Opened)),
            _ => {}
        }
    }

    fn members(&self, out: &mut Vec<Breaking>) {
        let (old, new) = (required(self.old), required(self.new));
        for name in new.into_iter().filter(|n| !old.contains(n)) {
            let pointer = format!("{}/properties/{name}", self.at);
            out.push(Breaking { pointer, what: Break::NewlyRequired });
        }
        if closed(self.old) {
            return;
        }
        // An open object took the new member with any content before.
        let known = |name: &str| self.old.get("properties").is_some_and(|p| p.get(name).is_some());
        let names = self.new.get("properties").and_then(Value::as_object).into_iter().flatten();
        for (name, _) in names.filter(|(name, _)| !known(name)) {
            out.push(self.below(&format!("properties/{name}"), Break::ChangedRule));
        }
    }

    fn children(&self, keyword: &str, gone: Break, out: &mut Vec<Breaking>) {
        for (name, old) in self.old.get(keyword).and_then(Value::as_object).into_iter().flatten() {
            let at = format!("{}/{keyword}/{name}", self.at);
            match self.new.get(keyword).and_then(|c| c.get(name)) {
                Some(new) => compare(old, new, &at, out),
                None => out.push(Breaking { pointer: at, what: gone }),
            }
        }
    }

    fn items(&self, out: &mut Vec<Breaking>) {
        let at = format!("{}/items", self.at);
        match (self.old.get("items"), self.new.get("items")) {
            (Some(old), Some(new)) => compare(old, new, &at, out),
            (None, Some(_)) => out.push(Breaking { pointer: at, what: Break::ChangedRule }),
            (_, None) => {}
        }
    }

    /// `oneOf` whose alternatives are told apart by their one member: more may follow, as no value
    /// can fit two of them. Any other `oneOf` must stay as it is.
    fn alternatives(&self, out: &mut Vec<Breaking>) {
        if !self.introduces("oneOf") {
            return;
        }
        let (Some(old), Some(new)) = (tagged(self.old), tagged(self.new)) else {
            return out.push(self.below("oneOf", Break::ChangedRule));
        };
        for (index, (tag, old)) in old.into_iter().enumerate() {
            match new.iter().find(|(t, _)| *t == tag) {
                Some((_, new)) => compare(old, new, &format!("{}/oneOf/{index}", self.at), out),
                None => out.push(self.below("oneOf", Break::ChangedRule)),
            }
        }
    }

    /// Conditions, combinations and keywords that this check does not know.
    fn rules(&self, out: &mut Vec<Breaking>) {
        let mut keywords: Vec<_> = self.old.keys().chain(self.new.keys()).collect();
        keywords.sort_unstable();
        keywords.dedup();
        let compared = ["oneOf", "unevaluatedProperties", "uniqueItems"];
        for keyword in keywords {
            let known = HANDLED.contains(&keyword.as_str()) || compared.contains(&keyword.as_str());
            if !known && self.differs(keyword) {
                out.push(self.below(keyword, Break::ChangedRule));
            }
        }
    }
}

/// The alternatives of a `oneOf` by what tells them apart, so that no value can fit two of them: the
/// one member that each requires, or the constant of a member that all require. `None` otherwise.
fn tagged(schema: &Map<String, Value>) -> Option<Vec<(String, &Value)>> {
    let alternatives = schema.get("oneOf")?.as_array()?;
    let by = |tag: &dyn Fn(&Map<String, Value>) -> Option<String>| {
        let tags: Option<Vec<_>> =
            alternatives.iter().map(|a| Some((tag(a.as_object()?)?, a))).collect();
        let distinct: BTreeSet<_> = tags.iter().flatten().map(|(tag, _)| tag).collect();
        (distinct.len() == alternatives.len()).then_some(())?;
        tags
    };
    let names = alternatives.first()?.get("properties").and_then(Value::as_object);
    by(&only_member)
        .or_else(|| names?.keys().find_map(|name| by(&|alternative| constant(alternative, name))))
}

/// The member of a closed object that requires no other.
fn only_member(object: &Map<String, Value>) -> Option<String> {
    match required(object).as_slice() {
        &[name] if closed(object) => Some(name.to_owned()),
        _ => None,
    }
}

/// The constant of a member that an object requires.
fn constant(object: &Map<String, Value>, name: &str) -> Option<String> {
    let is_object = types(object) == Some(vec![&Value::from("object")]);
    let constant = object.get("properties")?.get(name)?.get("const")?;
    (is_object && required(object).contains(&name)).then(|| constant.to_string())
}

fn types(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    match schema.get("type")? {
        Value::Array(list) => Some(list.iter().collect()),
        one => Some(vec![one]),
    }
}

fn values(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(one), _) => Some(vec![one]),
        (None, Some(Value::Array(list))) => Some(list.iter().collect()),
        _ => None,
    }
}

fn required(schema: &Map<String, Value>) -> Vec<&str> {
    let list = schema.get("required").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn closed(schema: &Map<String, Value>) -> bool {
    let shut = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(false));
    shut("additionalProperties") || shut("unevaluatedProperties")
}
