//! The schemas of this release: rules, examples, typed bodies, pins, releases, and one verdict with
//! a second validator.

use serde_json::Value;
use talent_gateway::domain::registry::{Body, MessageType};
use talent_gateway::schema::{Registry, lint};

fn registry() -> Registry {
    Registry::load().unwrap()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn examples(schema: &Value) -> Vec<Value> {
    schema["examples"].as_array().cloned().unwrap_or_default()
}

#[test]
fn schemas_keep_the_rules() {
    for document in registry().documents() {
        assert_eq!(lint(&value(document.text)), Vec::<String>::new(), "{}", document.mt);
    }
}

#[test]
fn every_message_type_has_a_schema_and_its_examples_are_typed_bodies() {
    let registry = registry();
    for ty in MessageType::ALL {
        let schema = registry.get(ty.as_str()).unwrap_or_else(|| panic!("{}", ty.as_str()));
        for example in examples(&value(schema.document.text)) {
            assert_eq!(schema.validate(&example), Ok(()), "{}", ty.as_str());
            let body = Body::parse(*ty, &example);
            assert!(body.is_ok(), "{}: {body:?}", ty.as_str());
        }
    }
}
