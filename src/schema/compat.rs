//! May a schema replace another inside one major version? Only if whatever the old one accepts,
//! the new one accepts too: senders that pin N−1 are checked against N.
//!
//! The comparison is of texts and errs on the safe side: what it cannot show to be harmless (a
//! changed pattern, a changed condition) counts as a break. A break takes a new major version.
//! Renaming a member is one removed and, when required, one newly required.

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

    /// Conditions, combinations and keywords that this check does not know.
    fn rules(&self, out: &mut Vec<Breaking>) {
        let mut keywords: Vec<_> = self.old.keys().chain(self.new.keys()).collect();
        keywords.sort_unstable();
        keywords.dedup();
        let compared = ["unevaluatedProperties", "uniqueItems"];
        for keyword in keywords {
            let known = HANDLED.contains(&keyword.as_str()) || compared.contains(&keyword.as_str());
            if known || !self.differs(keyword) {
                continue;
            }
            match self.tagged(keyword) {
                Some(pairs) => {
                    for (old, new, at) in pairs {
                        compare(old, new, &at, out);
                    }
                }
                None => out.push(self.below(keyword, Break::ChangedRule)),
            }
        }
    }
}

type Branches<'a> = Vec<(&'a Value, &'a Value, String)>;

impl<'a> Pair<'a> {
    /// `oneOf` branches that a required constant tells apart, old beside new: no instance can meet
    /// two of them, so that further branches change nothing for senders of the old ones. `None`
    /// where that cannot be shown, or an old branch is gone.
    fn tagged(&self, keyword: &str) -> Option<Branches<'a>> {
        let (old, new) = (self.old.get(keyword)?.as_array()?, self.new.get(keyword)?.as_array()?);
        let names = new.first().filter(|_| keyword == "oneOf")?.get("properties")?.as_object()?;
        let tag = |branch: &'a Value, name: &str| {
            let required = branch.as_object().is_some_and(|b| {
                self::required(b).contains(&name) && types(b) == Some(vec![&Value::from("object")])
            });
            branch.get("properties")?.get(name)?.get("const").filter(|_| required)
        };
        let name = names.keys().find(|name| {
            let tags: Vec<_> = new.iter().filter_map(|branch| tag(branch, name)).collect();
            let distinct =
                tags.iter().enumerate().all(|(i, t)| !tags.iter().skip(i + 1).any(|u| u == t));
            tags.len() == new.len() && distinct
        })?;
        let pair = |branch| {
            let value = tag(branch, name)?;
            let at = new.iter().position(|b| tag(b, name) == Some(value))?;
            Some((branch, new.get(at)?, format!("{}/{keyword}/{at}", self.at)))
        };
        old.iter().map(pair).collect()
    }
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
