//! A district's office: a connector of its own, used by its plain JSON interface as the district's
//! system uses it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use talent_gateway::connector::{self, Connector, ConnectorConfig, Operators, Peer, Ports};
use talent_gateway::domain::participant::KeyId;
use talent_gateway::evidence::Pin;
use talent_gateway::gateway::{Gateway, NewKey};
use talent_gateway::jws::{Digest, KeyLookup, KeyRecord, KeyUse};
use talent_gateway::net::edge;
use talent_gateway::oprf::server::Key;
use talent_gateway::synth::SeededEntropy;
use talent_gateway::system::SystemIds;
use talent_gateway::tokeniser::{
    self, ELEMENTS_DEFAULT, REQUESTS_DEFAULT, Tokeniser, TokeniserConfig,
};
use tower::ServiceExt as _;

use crate::support::{DISTRICTS, Hub, START, id, key};
use crate::wire::Wire;

const WINDOW: &str = "window-token-0123456789abcdef0123456789abcdef";
const REVIEWER: &str = "reviewer-token-0123456789abcdef0123456789abc";

/// A running connector.
pub struct Office {
    app: Router,
}

/// The hub's directory as the tokeniser's list of keys.
struct Keys(Arc<Gateway>);

impl KeyLookup for Keys {
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>> {
        self.0.directory().key(kid)
    }
}

/// Starts the tokeniser of the hub; gives its address.
pub async fn tokeniser(wire: &mut Wire) -> String {
    let receipt = key("tokeniser#receipt-1", 20);
    let new = NewKey::Signing(&receipt, KeyUse::Receipt);
    let from = talent_gateway::domain::time::UtcSeconds(START - 60);
    wire.hub.gateway.register_key(new, from, from.plus_seconds(365 * 86_400)).await.unwrap();
    let config = TokeniserConfig {
        id: id("tokeniser"),
        receipt,
        keys: vec![Key::derive(&[9; 32], 1).unwrap()],
        requests: REQUESTS_DEFAULT,
        elements: ELEMENTS_DEFAULT,
    };
    let keys = Arc::new(Keys(Arc::clone(&wire.hub.gateway)));
    let schemas = Arc::clone(&wire.hub.schemas);
    let tokeniser = Tokeniser::new(config, keys, schemas, ports(&wire.hub));
    wire.serve(tokeniser::router(Arc::new(tokeniser))).await
}

impl Office {
    pub fn open(wire: &Wire, district: &str, tokeniser: &str, folder: &std::path::Path) -> Self {
        let operators: Vec<Value> = [
            ("op-7f3a", "window", WINDOW),
            ("op-91c2", "reviewer", REVIEWER),
        ]
        .iter()
        .map(|(id, role, token)| json!({ "id": id, "role": role, "sha256": Digest::of(token) }))
        .collect();
        let operators = json!({ "operators": operators }).to_string();
        let seed = (10..).zip(DISTRICTS).find(|(_, name)| *name == district).unwrap().0;
        let peer =
            |name: &str, base: &str| Peer { id: id(name), client: wire.client(district, base) };
        let config = ConnectorConfig {
            participant: id(district),
            key: key(&format!("{district}#message-1"), seed),
            gateway: peer("gateway", &wire.base),
            tokeniser: peer("tokeniser", tokeniser),
            outbox: folder.join(format!("{district}.db")),
            pin: pin(),
            operators: Operators::parse(&operators).unwrap(),
            daily: None,
        };
        let connector =
            Connector::open(config, Arc::clone(&wire.hub.schemas), ports(&wire.hub)).unwrap();
        let app = edge::wrap(connector::router(Arc::clone(&connector)), Arc::new(SystemIds));
        tokio::spawn(connector.run(std::future::pending()));
        Self { app }
    }

    /// What the officer at the window sends.
    pub async fn window(&self, path: &str, body: &Value) -> Value {
        self.call(path, WINDOW, body).await
    }

    /// What the reviewing officer sends.
    pub async fn reviewer(&self, path: &str, body: &Value) -> Value {
        self.call(path, REVIEWER, body).await
    }

    async fn call(&self, path: &str, operator: &str, body: &Value) -> Value {
        let request = http::Request::post(path)
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, format!("Bearer {operator}"))
            .body(Body::from(body.to_string()))
            .unwrap();
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let mut value: Value = serde_json::from_slice(&bytes).unwrap();
        value["http_status"] = json!(parts.status.as_u16());
        value
    }
}

/// The operator and its directory key, as an auditor has them on paper.
pub fn pin() -> Pin {
    Pin { operator: id("gateway"), key: key("gateway#directory-1", 1).public().clone() }
}

fn ports(hub: &Hub) -> Ports {
    let (clock, ids) = (hub.clock.clone(), hub.ids.clone());
    Ports { clock, ids, entropy: Arc::new(SeededEntropy::new(17)) }
}
