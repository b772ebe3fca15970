//! The shape of a message type, as its schemas give it: what stands at a pointer, and which texts may
//! be put there. Where a message holds a token, the connector takes a plain identifier.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::connector::is_identifier_member;
use crate::domain::id::DocumentType;
use crate::schema::Registry;

/// Deepest way through references and alternatives; messages are far flatter.
const DEPTH_MAX: usize = 16;

/// The schemas of one message type.
pub struct Shape {
    documents: BTreeMap<&'static str, Value>,
    uri: &'static str,
}

/// A part of a schema, and the document that its references are relative to.
#[derive(Clone, Copy)]
struct Node<'a> {
    uri: &'a str,
    schema: &'a Value,
}

/// The texts that a place takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Any, as far as a list can say.
    Any,
    /// These codes.
    Codes(Vec<String>),
}

impl Shape {
    /// That of message type `mt`.
    pub fn new(schemas: &Registry, mt: &str) -> Self {
        let documents = schemas.documents().into_iter();
        let read = documents.filter_map(|d| Some((d.uri, serde_json::from_str(d.text).ok()?)));
        Self { documents: read.collect(), uri: schemas.document(mt).map_or("", |d| d.uri) }
    }

    /// The title of the member at a pointer.
    pub fn title(&self, pointer: &str) -> Option<&str> {
        self.at(pointer).first()?.schema.get("title")?.as_str()
    }

    /// What a mapping may put at a pointer; `None` where there is no such place for a text. `state` is
    /// what the connector makes an action of.
    pub fn texts(&self, pointer: &str) -> Option<Texts> {
        if pointer == "/state" {
            let states = ["active", "suspended", "revoked"];
            return Some(Texts::Codes(states.map(str::to_owned).to_vec()));
        }
        if let Some((holder, member)) = pointer.rsplit_once('/')
            && is_identifier_member(member)
            && self.at(holder).into_iter().any(|node| self.is_token(node))
        {
            let persons = DocumentType::ALL.iter().filter(|kind| kind.is_person());
            let codes = persons.map(|kind| kind.code().to_owned()).collect();
            return Some(if member == "document_type" { Texts::Codes(codes) } else { Texts::Any });
        }
        let leaves = self.at(pointer).into_iter().filter_map(|node| self.leaf(node));
        leaves.reduce(|one, other| match (one, other) {
            (Texts::Codes(one), Texts::Codes(other)) => Texts::Codes([one, other].concat()),
            _ => Texts::Any,
        })
    }

    fn is_token(&self, node: Node<'_>) -> bool {
        let resolved = self.resolved(node);
        resolved.is_some_and(|node| node.schema.pointer("/properties/token").is_some())
    }

    /// The texts of a place that holds one; `None` for objects and lists.
    fn leaf(&self, node: Node<'_>) -> Option<Texts> {
        let schema = self.resolved(node)?.schema;
        let holds = |key: &str| schema.get(key).is_some();
        let kind = schema.get("type").and_then(Value::as_str);
        if holds("properties") || holds("items") || matches!(kind, Some("object" | "array")) {
            return None;
        }
        let codes = match (schema.get("enum"), schema.get("const")) {
            (Some(Value::Array(codes)), _) => codes.iter().collect(),
            (_, Some(code)) => vec![code],
            _ => return Some(Texts::Any),
        };
        let codes: Option<Vec<_>> = codes.into_iter().map(|c| Some(c.as_str()?.into())).collect();
        Some(codes.map_or(Texts::Any, Texts::Codes))
    }

    /// What the schema says of a place: more than one node where alternatives have it.
    fn at(&self, pointer: &str) -> Vec<Node<'_>> {
        let mut found = Vec::new();
        if let Some(schema) = self.documents.get(self.uri) {
            let parts: Vec<_> = pointer.split('/').skip(1).collect();
            self.below(Node { uri: self.uri, schema }, &parts, 0, &mut found);
        }
        found
    }

    fn below<'a>(
        &'a self,
        node: Node<'a>,
        parts: &[&str],
        depth: usize,
        found: &mut Vec<Node<'a>>,
    ) {
        let Some((part, rest)) = parts.split_first() else { return found.push(node) };
        let Some(Node { uri, schema }) = self.resolved(node).filter(|_| depth < DEPTH_MAX) else {
            return;
        };
        let next = match part.parse::<usize>() {
            Ok(_) => schema.get("items"),
            Err(_) => schema.get("properties").and_then(|members| members.get(part)),
        };
        if let Some(schema) = next {
            self.below(Node { uri, schema }, rest, depth + 1, found);
        }
        let alternatives = ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| schema.get(key));
        for schema in alternatives.filter_map(Value::as_array).flatten() {
            self.below(Node { uri, schema }, parts, depth + 1, found);
        }
    }

    /// What stands behind a reference.
    fn resolved<'a>(&'a self, node: Node<'a>) -> Option<Node<'a>> {
        let Some(reference) = node.schema.get("$ref").and_then(Value::as_str) else {
            return Some(node);
        };
        let (other, pointer) = reference.split_once('#')?;
        let uri = if other.is_empty() { node.uri } else { other };
        Some(Node { uri, schema: self.documents.get(uri)?.pointer(pointer)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_texts_are_told_from_others() {
        let schemas = Registry::load().unwrap();
        let texts = |mt: &str, pointer: &str| Shape::new(&schemas, mt).texts(pointer);
        for (mt, pointer) in [
            ("certification/1", "/validity/from"),
            ("certification/1", "/subject/number"),
            ("certification/1", "/certificate/certificate"),
            ("certification/1", "/members/0/subject/latin_name"),
            ("affiliation/1", "/employer/verification_source"),
            ("occupancy/1", "/unit/property_unit"),
            ("funding.grant/1", "/approved/monthly"),
            ("funding.grant/1", "/payers/0/share/percent"),
        ] {
            assert_eq!(texts(mt, pointer), Some(Texts::Any), "{pointer}");
        }
        for pointer in [
            "",
            "/validity",
            "/validity/form",
            "/subject",
            "/subject/numbr",
            "/subject/name",
            "/class/number",
            "/members",
        ] {
            assert_eq!(texts("certification/1", pointer), None, "{pointer}");
        }
        let codes = |mt: &str, pointer: &str| match texts(mt, pointer) {
            Some(Texts::Codes(codes)) => codes,
            other => panic!("{pointer}: {other:?}"),
        };
        assert!(codes("fact/1", "/about").contains(&"enterprise".to_owned()));
        assert!(codes("fact/1", "/subject/document_type").contains(&"111".to_owned()));
        assert!(codes("affiliation/1", "/attestation/level").contains(&"copy-seen".to_owned()));
        assert_eq!(codes("fact/1", "/state").len(), 3);
    }
}
