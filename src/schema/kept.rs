//! A schema that comes with kept evidence: a release that this binary may no longer have.

use jsonschema::Validator;
use serde_json::Value;

use super::embedded::{SOURCES, Source};
use super::registry::{SchemaError, compile, read, resources};
use super::violation;
use crate::domain::code::Violation;
use crate::json::{self, Bounds};

/// Bounds of a schema text; the largest in use takes a tenth of the size and half of the depth.
const BOUNDS: Bounds = Bounds { depth_max: 32, ..Bounds::MESSAGE };

/// A compiled schema from outside the binary. The caller has checked its digest.
#[derive(Debug)]
pub struct KeptSchema(Validator);

impl KeptSchema {
    /// Compiles `text`, the schema `uri`. What it refers to is taken from this release: within a
    /// major version the shared definitions only ever take more.
    ///
    /// # Errors
    /// [`SchemaError`]: not JSON within bounds, another `$id`, or it does not compile.
    pub fn compile(uri: &str, text: &str) -> Result<Self, SchemaError> {
        let mt = || uri.to_owned();
        let schema = json::read(text.as_bytes(), &BOUNDS)
            .map_err(|r| SchemaError::Unreadable { mt: mt(), reason: r.to_string() })?;
        if schema.get("$id").and_then(Value::as_str) != Some(uri) {
            return Err(SchemaError::Identity { mt: mt() });
        }
        // The kept text takes the place of this release's own: others may refer to it.
        let text_of = |source: &Source| {
            if source.uri == uri { Ok(schema.clone()) } else { read(source) }
        };
        let values = SOURCES.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
        let resources = resources(SOURCES, &values)?;
        compile(uri, &schema, &resources).map(Self)
    }

    /// Checks a body, as [`super::MessageSchema::validate`] does.
    ///
    /// # Errors
    /// At most [`super::VIOLATIONS_MAX`] places.
    pub fn validate(&self, body: &Value) -> Result<(), Vec<Violation>> {
        if self.0.is_valid(body) { Ok(()) } else { Err(violation::violations(&self.0, body)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Registry, Role};

    #[test]
    fn the_schemas_of_this_release_compile_when_kept() {
        let registry = Registry::load().unwrap();
        for document in registry.documents().into_iter().filter(|d| d.role == Role::Message) {
            let kept = KeptSchema::compile(document.uri, document.text).unwrap();
            let schema: Value = serde_json::from_str(document.text).unwrap();
            for example in schema["examples"].as_array().into_iter().flatten() {
                assert_eq!(kept.validate(example), Ok(()), "{}", document.mt);
            }
        }
        let clock = registry.document("clock/1").unwrap();
        let kept = KeptSchema::compile(clock.uri, clock.text).unwrap();
        assert!(kept.validate(&serde_json::json!({ "at": "noon" })).is_err());
        assert!(KeptSchema::compile("urn:ydt:schema:other:1", clock.text).is_err());
    }

    #[test]
    fn nothing_is_fetched() {
        let text = r#"{"$id": "urn:x", "$ref": "https://example.org/schema.json"}"#;
        assert!(matches!(KeptSchema::compile("urn:x", text), Err(SchemaError::Compile { .. })));
    }
}
