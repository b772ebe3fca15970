//! Schemas and typed bodies agree: what a schema lets through has a type, and the type keeps it.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use talent_gateway::domain::directory::{AgreementBody, ConsentBody, KeyBody, ParticipantBody};
use talent_gateway::domain::link::LinkBody;
use talent_gateway::domain::query::{AccessQuery, RecordsQuery, TokenEvaluate};
use talent_gateway::domain::reconcile::{ClockBody, ReconcileBody};
use talent_gateway::domain::record::affiliation::Affiliation;
use talent_gateway::domain::record::certification::Certification;
use talent_gateway::domain::record::fact::Fact;
use talent_gateway::domain::record::occupancy::Occupancy;
use talent_gateway::domain::record::points::Points;
use talent_gateway::domain::record::qualification::Qualification;
use talent_gateway::domain::record::quota::Quota;
use talent_gateway::domain::registry::{Body, MessageType};
use talent_gateway::schema::Role;

use super::referee::mutations;
use super::{all_examples, examples, registry, value};

#[test]
fn every_message_type_has_a_schema_whose_examples_are_typed_bodies() {
    let registry = registry();
    for ty in MessageType::ALL {
        let schema = registry.get(ty.as_str()).unwrap_or_else(|| panic!("{}", ty.as_str()));
        for example in examples(&value(schema.document.text)) {
            assert!(Body::parse(*ty, &example, &|_| Ok(())).is_ok(), "{}", ty.as_str());
        }
    }
}

/// Records are flattened, and serde drops what a flattened struct does not know: only the way back
/// shows that nothing was lost.
#[test]
fn types_keep_every_member() {
    fn round<T: Serialize + DeserializeOwned>(mt: &str) {
        for (_, _, example) in all_examples(&registry()).into_iter().filter(|(m, ..)| *m == mt) {
            let typed: T = serde_json::from_value(example.clone()).unwrap();
            assert_eq!(serde_json::to_value(&typed).unwrap(), example, "{mt}");
        }
    }
    round::<ParticipantBody>("participant/1");
    round::<KeyBody>("key/1");
    round::<AgreementBody>("agreement/1");
    round::<ConsentBody>("consent/1");
    round::<Certification>("certification/1");
    round::<Qualification>("qualification/1");
    round::<Affiliation>("affiliation/1");
    round::<Occupancy>("occupancy/1");
    round::<Points>("points/1");
    round::<Quota>("quota/1");
    round::<Fact>("fact/1");
    round::<LinkBody>("subject.link/1");
    round::<ReconcileBody>("reconcile/1");
    round::<ClockBody>("clock/1");
    round::<RecordsQuery>("query.records/1");
    round::<AccessQuery>("query.access/1");
    round::<TokenEvaluate>("token.evaluate/1");
}

/// With the test above: a member that a schema declares and a type does not know is found.
#[test]
fn examples_together_show_every_member() {
    // A case file has parts for every rule; its examples are `tests/cases`.
    for document in registry().documents().into_iter().filter(|d| d.role != Role::File) {
        let schema = value(document.text);
        let shown: BTreeSet<String> = examples(&schema)
            .iter()
            .flat_map(|e| e.as_object().into_iter().flat_map(|o| o.keys().cloned()))
            .collect();
        let declared = schema["properties"].as_object().into_iter().flat_map(|p| p.keys());
        let missing: Vec<_> = declared.filter(|name| !shown.contains(*name)).collect();
        assert!(missing.is_empty(), "{}: no example shows {missing:?}", document.mt);
    }
}

#[test]
fn what_a_schema_lets_through_has_a_type() {
    let registry = registry();
    let mut accepted = 0;
    for (mt, _, example) in all_examples(&registry) {
        let Some(ty) = MessageType::parse(mt) else { continue };
        let schema = registry.get(mt).unwrap();
        for (what, mutant) in mutations(&example) {
            // That the last month follows the first is beyond JSON Schema; the type refuses it.
            if what.contains("/months/") {
                continue;
            }
            if schema.validate(&mutant).is_ok() {
                accepted += 1;
                assert!(
                    Body::parse(ty, &mutant, &|_| Ok(())).is_ok(),
                    "{mt} {what}: {}",
                    masked(&mutant)
                );
            }
        }
    }
    assert!(accepted > 100, "only {accepted} mutants were let through");
}

fn masked(mutant: &Value) -> String {
    mutant.to_string().chars().take(600).collect()
}
