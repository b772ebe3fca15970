//! The rules that every schema of this project keeps, as a pure check of the schema's text:
//! closed objects, bounds on everything, both languages on every field, an example, and only
//! keywords that every validator reads alike.

use serde_json::{Map, Value};

/// The dialect of every schema.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Keywords that schemas may use. Left out on purpose: `patternProperties`, `propertyNames` and
/// `dependentSchemas` (objects are closed), `$dynamicRef` and `$anchor` (tools differ), `content…`
/// (annotations that look like checks), `default` (signed bytes are never filled in).
const KEYWORDS: [&str; 36] = [
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "dependentRequired",
    "description",
    "else",
    "enum",
    "examples",
    "format",
    "if",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "then",
    "title",
    "type",
    "unevaluatedProperties",
    "uniqueItems",
];

/// Separates the Chinese from the English half of a title or description.
pub(super) const LANGUAGES_SEPARATOR: &str = " / ";

/// Checks one schema; each finding is `<pointer>: <what is wrong>`. An empty list means that the
/// schema keeps every rule. Examples are checked for presence here and for validity by the tests.
pub fn lint(schema: &Value) -> Vec<String> {
    let mut lint = Lint { findings: Vec::new() };
    lint.root(schema);
    lint.findings
}

struct Lint {
    findings: Vec<String>,
}

/// Does a subschema declare members, or only narrow what another place declares?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Members, items and definitions: documented, typed, bounded, closed.
    Declares,
    /// Under `if`, `then`, `else`, `not`, `allOf`: a condition on declared members.
    Narrows,
}

impl Lint {
    fn report(&mut self, pointer: &str, what: impl std::fmt::Display) {
        self.findings.push(format!("{pointer}: {what}"));
    }

    fn root(&mut self, schema: &Value) {
        let Some(root) = schema.as_object() else {
            return self.report("", "a schema is an object");
        };
        if root.get("$schema").and_then(Value::as_str) != Some(DIALECT) {
            self.report("/$schema", "must be JSON Schema 2020-12");
        }
        let id = root.get("$id").and_then(Value::as_str).unwrap_or_default();
        if !id.starts_with("urn:ydt:schema:") {
            self.report("/$id", "must be urn:ydt:schema:<name>:<major>");
        }
        self.documented(root, "");
        let shared = !root.contains_key("type");
        if shared {
            self.definitions(root, "", true);
        } else {
            self.example(root, "");
            self.schema(schema, "", Place::Declares);
        }
    }

    fn schema(&mut self, schema: &Value, pointer: &str, place: Place) {
        let object = match schema {
            Value::Bool(_) if place == Place::Narrows => return,
            Value::Object(object) => object,
            _ => return self.report(pointer, "a declared member needs a schema of its own"),
        };
        for keyword in object.keys().filter(|k| !KEYWORDS.contains(&k.as_str())) {
            self.report(pointer, format_args!("keyword {keyword} is not used here"));
        }
        self.reference(object, pointer);
        self.bounds(object, pointer, place);
        self.pattern(object, pointer, place);
        self.children(object, pointer, place);
    }

    fn children(&mut self, object: &Map<String, Value>, pointer: &str, place: Place) {
        for (name, property) in members(object, "properties") {
            let at = format!("{pointer}/properties/{name}");
            if let (Place::Declares, Some(p)) = (place, property.as_object()) {
                self.documented(p, &at);
            }
            self.schema(property, &at, place);
        }
        self.definitions(object, pointer, false);
        if let Some(items) = object.get("items") {
            self.schema(items, &format!("{pointer}/items"), place);
        }
        for keyword in ["if", "then", "else", "not"] {
            if let Some(child) = object.get(keyword) {
                self.schema(child, &format!("{pointer}/{keyword}"), Place::Narrows);
            }
        }
        // Alternatives of an untyped place are what declares it; of a typed one, they narrow it.
        let alternatives = if object.contains_key("type") { Place::Narrows } else { place };
        for (keyword, place) in
            [("allOf", Place::Narrows), ("anyOf", alternatives), ("oneOf", alternatives)]
        {
            let list = object.get(keyword).and_then(Value::as_array);
            for (i, child) in list.into_iter().flatten().enumerate() {
                self.schema(child, &format!("{pointer}/{keyword}/{i}"), place);
            }
        }
    }

    fn definitions(&mut self, object: &Map<String, Value>, pointer: &str, examples: bool) {
        for (name, definition) in members(object, "$defs") {
            let at = format!("{pointer}/$defs/{name}");
            if let Some(d) = definition.as_object() {
                self.documented(d, &at);
                if examples {
                    self.example(d, &at);
                }
            }
            self.schema(definition, &at, Place::Declares);
        }
    }

    fn documented(&mut self, object: &Map<String, Value>, pointer: &str) {
        for keyword in ["title", "description"] {
            let text = object.get(keyword).and_then(Value::as_str).unwrap_or_default();
            if !bilingual(text) {
                self.report(pointer, format_args!("{keyword} must be \"中文 / English\""));
            }
        }
    }

    fn example(&mut self, object: &Map<String, Value>, pointer: &str) {
        if object.get("examples").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            self.report(pointer, "needs an example");
        }
    }

    fn reference(&mut self, object: &Map<String, Value>, pointer: &str) {
        let Some(target) = object.get("$ref") else { return };
        let target = target.as_str().unwrap_or_default();
        if !target.starts_with("#/$defs/") && !target.starts_with("urn:ydt:schema:") {
            self.report(pointer, "$ref must stay inside the registry");
        }
    }

    fn bounds(&mut self, object: &Map<String, Value>, pointer: &str, place: Place) {
        let Some(kind) = object.get("type") else {
            let typed =
                ["$ref", "enum", "const", "oneOf", "anyOf"].iter().any(|k| object.contains_key(*k));
            if place == Place::Declares && !typed {
                self.report(pointer, "needs a type, $ref, enum, const or alternatives");
            }
            return;
        };
        let listed = object.contains_key("enum") || object.contains_key("const");
        let needed: &[&str] = match kind.as_str() {
            Some("string" | "integer") if listed => &[],
            Some("string") => &["minLength", "maxLength"],
            Some("integer") => &["minimum", "maximum"],
            Some("array") => &["minItems", "maxItems", "items"],
            Some("object") if place == Place::Declares => return self.closed(object, pointer),
            Some("object" | "boolean") => &[],
            // Numbers are integers on the wire, absence is absence, and one member has one type.
            _ => return self.report(pointer, "type must be one of those that messages use"),
        };
        for keyword in needed.iter().filter(|k| !object.contains_key(**k)) {
            self.report(pointer, format_args!("needs {keyword}"));
        }
    }

    fn closed(&mut self, object: &Map<String, Value>, pointer: &str) {
        let shut = |k: &str| object.get(k) == Some(&Value::Bool(false));
        if !shut("additionalProperties") && !shut("unevaluatedProperties") {
            self.report(pointer, "object is not closed");
        }
        let names: Vec<_> = members(object, "properties").map(|(name, _)| name).collect();
        let required = object.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if !names.iter().any(|n| *n == name) {
                self.report(pointer, format_args!("required member {name} is not declared"));
            }
        }
    }

    fn pattern(&mut self, object: &Map<String, Value>, pointer: &str, place: Place) {
        let Some(pattern) = object.get("pattern").and_then(Value::as_str) else { return };
        if ["(?=", "(?!", "(?<"].iter().any(|look| pattern.contains(look)) {
            self.report(pointer, "pattern uses look-around");
        }
        let back = pattern.as_bytes().windows(2).any(|w| w[0] == b'\\' && w[1].is_ascii_digit());
        if back {
            self.report(pointer, "pattern uses a back-reference");
        }
        // `\d`, `\w`, `\s` and `\b` mean ASCII in one language and Unicode in the next.
        if ["\\d", "\\w", "\\s", "\\b"].iter().any(|class| pattern.contains(class)) {
            self.report(pointer, "pattern uses a class that languages read differently");
        }
        if place == Place::Declares && !(pattern.starts_with('^') && pattern.ends_with('$')) {
            self.report(pointer, "pattern is not anchored");
        }
    }
}

fn members<'a>(
    object: &'a Map<String, Value>,
    keyword: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    object.get(keyword).and_then(Value::as_object).into_iter().flatten()
}

/// Chinese before the first separator, English after it.
fn bilingual(text: &str) -> bool {
    let han = |s: &str| s.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let latin = |s: &str| s.chars().any(|c| c.is_ascii_alphabetic());
    // `UUIDv7` and the like are the same word in both languages.
    text.split_once(LANGUAGES_SEPARATOR).is_some_and(|(zh, en)| (han(zh) || zh == en) && latin(en))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sound() -> Value {
        json!({
            "$schema": DIALECT, "$id": "urn:ydt:schema:sample:1",
            "title": "样例 / Sample", "description": "样例。 / A sample.",
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": { "name": {
                "title": "名称 / Name", "description": "名称。 / A name.",
                "type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[a-z]+$" } },
            "examples": [{ "name": "abc" }]
        })
    }

    fn broken(pointer: &str, value: Value) -> Vec<String> {
        let mut schema = sound();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = schema.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(key);
        } else {
            parent.insert(key.to_owned(), value);
        }
        lint(&schema)
    }

    #[test]
    fn a_sound_schema_has_no_findings() {
        assert_eq!(lint(&sound()), Vec::<String>::new());
    }

    #[test]
    fn each_rule_is_seen() {
        let name = "/properties/name";
        let cases = [
            ("/$schema", json!("http://json-schema.org/draft-07/schema#"), "2020-12"),
            ("/$id", json!("https://schemas.example/sample"), "urn:ydt:schema"),
            ("/examples", json!([]), "example"),
            ("/additionalProperties", Value::Null, "not closed"),
            ("/additionalProperties", json!(true), "not closed"),
            ("/required", json!(["other"]), "not declared"),
            ("/patternProperties", json!({}), "not used here"),
            ("/properties/name/title", json!("Name"), "title"),
            ("/properties/name/description", Value::Null, "description"),
            ("/properties/name/maxLength", Value::Null, "maxLength"),
            ("/properties/name/type", json!(["string", "null"]), "type must be"),
            ("/properties/name/type", json!("number"), "type must be"),
            ("/properties/name/type", Value::Null, "needs a type"),
            ("/properties/name/type", json!("array"), "needs items"),
            ("/properties/name/pattern", json!("^(?=a)b$"), "look-around"),
            ("/properties/name/pattern", json!("^(a)\\1$"), "back-reference"),
            ("/properties/name/pattern", json!("^\\d$"), "read differently"),
            ("/properties/name/pattern", json!("[a-z]"), "anchored"),
            ("/properties/name/$ref", json!("https://schemas.example/x"), "registry"),
            (name, json!(true), "schema of its own"),
        ];
        for (pointer, value, expected) in cases {
            let findings = broken(pointer, value);
            assert!(findings.iter().any(|f| f.contains(expected)), "{pointer}: {findings:?}");
        }
    }
}
