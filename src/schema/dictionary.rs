//! The field dictionary: every member of every schema as a Markdown table, for people who map
//! their own system's fields.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::embedded::Role;
use super::lint::LANGUAGES_SEPARATOR;
use super::registry::Registry;

/// Deepest nesting that the dictionary follows; schemas stay far below it.
const DEPTH_MAX: usize = 8;

/// Writes the dictionary: one section per schema, one line per member with its path, its names in
/// both languages, type, length or range, and whether it is required.
pub fn dictionary(registry: &Registry) -> String {
    let documents = registry.documents();
    let values: BTreeMap<&str, Value> = documents
        .iter()
        .filter_map(|d| Some((d.uri, serde_json::from_str(d.text).ok()?)))
        .collect();
    let mut out = String::from("# 数据字典 / Field dictionary\n");
    for document in documents {
        let Some(root) = values.get(document.uri) else { continue };
        let (zh, en) = names(root);
        let _ = write!(out, "\n## `{}` {zh} / {en}\n", document.mt);
        let section = Section { values: &values, root, shared: document.role == Role::Shared };
        section.write(&mut out);
    }
    out
}

/// One schema and what its references may point to.
struct Section<'a> {
    values: &'a BTreeMap<&'a str, Value>,
    root: &'a Value,
    shared: bool,
}

/// A member on its way into the table.
struct Member<'a> {
    path: String,
    schema: &'a Value,
    required: bool,
    depth: usize,
}

impl<'a> Section<'a> {
    fn write(&self, out: &mut String) {
        let mut rows = Vec::new();
        if self.shared {
            for (name, schema) in entries(self.root, "$defs") {
                let path = name.clone();
                self.member(&Member { path, schema, required: false, depth: 0 }, &mut rows);
            }
            return table(&rows, out);
        }
        self.members(self.root, "", 0, &mut rows);
        table(&rows, out);
        // The branches of a tagged body, such as `key/1`.
        for branch in ["then", "else"] {
            let Some(target) = self.root.get(branch).and_then(|b| self.target(b)) else { continue };
            let (zh, en) = names(target);
            let _ = write!(out, "\n### {zh} / {en}\n");
            let mut rows = Vec::new();
            self.members(target, "", 0, &mut rows);
            table(&rows, out);
        }
    }

    fn members(&self, object: &'a Value, prefix: &str, depth: usize, rows: &mut Vec<String>) {
        let required = object.get("required").and_then(Value::as_array);
        for (name, schema) in entries(object, "properties") {
            let required = required.is_some_and(|r| r.iter().any(|v| v == name));
            let path = format!("{prefix}{name}");
            self.member(&Member { path, schema, required, depth }, rows);
        }
    }

    fn member(&self, member: &Member<'a>, rows: &mut Vec<String>) {
        let Member { path, schema, required, depth } = member;
        let (zh, en) = names(schema);
        let need = match (self.shared && *depth == 0, required) {
            (true, _) => "",
            (false, true) => "必填 / yes",
            (false, false) => "可选 / no",
        };
        let kind = kind(schema);
        let bounds = self.bounds(schema);
        rows.push(format!("| `{path}` | {zh} | {en} | {kind} | {bounds} | {need} |"));
        if *depth >= DEPTH_MAX {
            return;
        }
        let inner = self.own(schema);
        if let Some(items) = inner.get("items") {
            self.members(self.own(items), &format!("{path}[]."), depth + 1, rows);
        } else {
            self.members(inner, &format!("{path}."), depth + 1, rows);
        }
    }

    /// The schema itself, or the definition in the same message schema that it refers to. Shared
    /// definitions have a section of their own and are not repeated.
    fn own(&self, schema: &'a Value) -> &'a Value {
        let local = reference(schema).is_some_and(|r| r.starts_with('#'));
        match self.target(schema) {
            Some(target) if local && !self.shared => target,
            _ => schema,
        }
    }

    /// What a `$ref` points to.
    fn target(&self, schema: &Value) -> Option<&'a Value> {
        let (uri, pointer) = reference(schema)?.split_once('#')?;
        let document = if uri.is_empty() { self.root } else { self.values.get(uri)? };
        document.pointer(pointer)
    }

    /// Length, count or range; a member's own bound goes before that of the definition.
    fn bounds(&self, schema: &'a Value) -> String {
        let target = self.target(schema);
        let find = |key: &str| schema.get(key).or_else(|| target?.get(key)).and_then(Value::as_i64);
        for (low, high) in
            [("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")]
        {
            match (find(low), find(high)) {
                (Some(low), Some(high)) if low == high => return low.to_string(),
                (Some(low), Some(high)) => return format!("{low}–{high}"),
                _ => {}
            }
        }
        String::new()
    }
}

/// The type, the list of values, or the name of the shared definition.
fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema).and_then(|r| r.rsplit('/').next()) {
        return format!("*{name}*");
    }
    if let Some(items) = schema.get("items") {
        return format!("array of {}", kind(items));
    }
    let listed = schema.get("enum").and_then(Value::as_array).cloned();
    if let Some(all) = listed.or_else(|| schema.get("const").map(|c| vec![c.clone()])) {
        let all: Vec<_> = all.iter().map(|v| format!("`{}`", plain(v))).collect();
        return all.join(" ");
    }
    schema.get("type").map(plain).unwrap_or_default()
}

fn table(rows: &[String], out: &mut String) {
    out.push_str(
        "\n| 成员 / Member | 名称 | Name | 类型 / Type | 长度或范围 / Bounds | 必填 / Required |\n",
    );
    out.push_str("|---|---|---|---|---|---|\n");
    for row in rows {
        out.push_str(row);
        out.push('\n');
    }
}

fn names(schema: &Value) -> (&str, &str) {
    let title = schema.get("title").and_then(Value::as_str).unwrap_or_default();
    title.split_once(LANGUAGES_SEPARATOR).unwrap_or((title, title))
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn entries<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    schema.get(key).and_then(Value::as_object).into_iter().flatten()
}
