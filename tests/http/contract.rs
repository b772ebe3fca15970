//! The written contract is that of the code: `docs/openapi.json`, `docs/problems.md`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use talent_gateway::api::openapi;
use talent_gateway::net::client::Reply;
use talent_gateway::net::problem::catalogue_markdown;

use crate::support::*;

const PROBLEMS_HEAD: &str = "\
# 错误代码 / Problem codes

由代码目录生成，勿手工修改；`tests/http/contract.rs` 比对。错误的形式见 [api.md](api.md)。
Generated from the catalogue in the code; do not edit. `tests/http/contract.rs` compares. For the
form of a problem see [api.md](api.md).

";

/// Compares, and leaves what it should be beside the other build output.
fn golden(path: &str, is: &str) {
    let written = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    if written.as_deref().ok() != Some(is) {
        let name = Path::new(path).file_name().unwrap();
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&made, is).unwrap();
        panic!("{path} is out of date: compare it with {} and copy that over it", made.display());
    }
}

#[test]
fn the_openapi_description_is_as_written() {
    let mut text = serde_json::to_string_pretty(&openapi::description()).unwrap();
    text.push('\n');
    golden("docs/openapi.json", &text);
}

#[test]
fn the_list_of_codes_is_as_written() {
    golden("docs/problems.md", &format!("{PROBLEMS_HEAD}{}", catalogue_markdown()));
}

/// Members of `value` are those of the described schema `name`: none beside them, all required.
fn described(api: &Value, name: &str, value: &Value) {
    let schema = &api["components"]["schemas"][name];
    let known: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().collect();
    let given: BTreeSet<_> = value.as_object().unwrap().keys().collect();
    assert!(given.is_subset(&known), "{name}: {given:?}");
    for required in schema["required"].as_array().unwrap() {
        assert!(value.get(required.as_str().unwrap()).is_some(), "{name}: {required}");
    }
}

#[tokio::test]
async fn bodies_have_the_described_members() {
    let world = World::new().await;
    let api = serde_json::to_value(openapi::description()).unwrap();
    let value = |reply: Reply| -> Value { serde_json::from_slice(&reply.body).unwrap() };
    let record = certification("QP-1", 1, 1);
    let to = Some(&world.jiashan);
    let good = world.compose_to(&world.qingpu, "certification/1", &record, to);
    described(&api, "Receipted", &value(world.qingpu.send(&good.compact).await));
    let mut bad = record.clone();
    bad["class"] = Value::Null;
    let bad = world.claims(&world.qingpu, "certification/1", &bad).to_string();
    let problem = value(world.qingpu.send(&world.qingpu.sign(&bad)).await);
    described(&api, "Problem", &problem);
    described(&api, "ProblemPlace", &problem["errors"][0]);
    let feed = value(world.jiashan.get("/v1/feed").await);
    described(&api, "FeedPage", &feed);
    described(&api, "FeedItem", &feed["entries"][0]);
    described(&api, "DirectoryBody", &value(world.jiashan.get("/v1/directory").await));
    let index = value(world.jiashan.get("/v1/schemas").await);
    described(&api, "SchemaIndex", &index);
    described(&api, "SchemaEntry", &index["schemas"][0]);
}
