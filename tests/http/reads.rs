//! What everybody may read: directory, schemas, reference pages.

use serde_json::Value;
use talent_gateway::domain::code::Code;
use talent_gateway::domain::directory::Standing;
use talent_gateway::jws::Digest;
use talent_gateway::log::LeafKind;

use crate::support::*;

#[tokio::test]
async fn the_directory_is_proven_and_has_a_version() {
    let world = World::new().await;
    let first = world.qingpu.get("/v1/directory").await;
    let body_of = |reply: &talent_gateway::net::client::Reply| -> Value {
        serde_json::from_slice(&reply.body).unwrap()
    };
    let value = body_of(&first);
    let compact = value["directory"].as_str().unwrap();
    world.proven(LeafKind::Directory, compact, value["proof"].as_str().unwrap());
    let directory = payload(compact);
    assert_eq!(first.headers["etag"], format!("\"v{}\"", directory["version"]));
    let ids: Vec<_> =
        directory["participants"].as_array().unwrap().iter().map(|p| &p["participant"]).collect();
    assert_eq!(ids, ["jiashan", "qingpu", TOKENISER, "wujiang", OPERATOR]);

    let etag = first.headers["etag"].to_str().unwrap();
    let same = world.qingpu.get_with("/v1/directory", "if-none-match", etag).await;
    assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
    world.gateway.enrol(&body("wujiang", 2, Standing::Suspended)).await.unwrap();
    let newer = world.qingpu.get_with("/v1/directory", "if-none-match", etag).await;
    assert_eq!(newer.status, 200);
    let next = payload(body_of(&newer)["directory"].as_str().unwrap());
    assert_eq!(next["version"].as_u64(), directory["version"].as_u64().map(|v| v + 1));
}

#[tokio::test]
async fn schemas_are_served_as_they_are_pinned() {
    let world = World::new().await;
    let index: Value = serde_json::from_slice(&world.qingpu.get("/v1/schemas").await.body).unwrap();
    let schemas = index["schemas"].as_array().unwrap();
    assert_eq!(schemas.len(), world.schemas.documents().len());
    for entry in schemas {
        let reply = world.qingpu.get(entry["href"].as_str().unwrap()).await;
        assert_eq!(reply.headers["content-type"], "application/schema+json");
        let digest = Digest::of(&reply.body).to_string();
        assert_eq!(entry["sha256"], digest.as_str());
        assert_eq!(reply.headers["etag"], format!("\"{digest}\""));
        let typed =
            world.qingpu.get(&format!("/v1/schemas/{}", entry["mt"].as_str().unwrap())).await;
        assert_eq!(typed.body, reply.body);
        let href = entry["href"].as_str().unwrap();
        let held = world.qingpu.get_with(href, "if-none-match", &format!("\"{digest}\"")).await;
        assert_eq!(held.status, 304);
    }
    for path in ["certification.2", "certification", "..%2f..%2fetc", "certification/2"] {
        world.qingpu.refused_get(&format!("/v1/schemas/{path}"), Code::NotFound).await;
    }
}

#[tokio::test]
async fn the_reference_stands_under_a_strict_policy() {
    let world = World::new().await;
    for (path, content_type, holds) in [
        ("/docs", "text/html; charset=utf-8", "接口"),
        ("/docs/style.css", "text/css; charset=utf-8", "--accent"),
        ("/docs/script.js", "text/javascript; charset=utf-8", "use strict"),
        ("/openapi.json", "application/json", "\"openapi\":\"3.1.0\""),
    ] {
        let reply = world.qingpu.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.headers["content-type"], content_type);
        assert!(std::str::from_utf8(&reply.body).unwrap().contains(holds), "{path}");
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
