//! A hub behind mutual TLS: each district posts under its own client certificate, and the proof of
//! every reply is checked from the log's key alone.

#![allow(dead_code, reason = "each test binary uses its part of the harness")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use talent_gateway::api::{self, ApiLimits, ApiState, Metrics};
use talent_gateway::domain::ports::Clock;
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::jws::{Digest, Jti};
use talent_gateway::log::{Leaf, LeafKind, NoteVerifier, Proof, SignatureType};
use talent_gateway::net::client::Client;
use talent_gateway::net::limits::Limits;
use talent_gateway::net::tls::{self, ClientAuth, Identity, Trust};
use talent_gateway::net::{edge, listener};
use talent_gateway::pki::{Ca, Credential, LOCAL_NAMES, Profile};
use talent_gateway::system::{SystemEntropy, SystemIds};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::{DISTRICTS, Hub, id, key, payload};

/// Longer than any exchange may take.
const PATIENCE: Duration = Duration::from_secs(30);
const ORIGIN: &str = "gateway.test/log";

/// A hub that is reached over HTTP only.
pub struct Wire {
    pub hub: Hub,
    /// Where the hub listens.
    pub base: String,
    ca: Ca,
    clock: Arc<dyn Clock>,
    clients: BTreeMap<&'static str, Client>,
    log_key: NoteVerifier,
    // Dropped last: the servers stop.
    stops: Vec<oneshot::Sender<()>>,
}

/// A reply whose proof holds.
pub struct Signed {
    /// Id of the message that it replies to.
    pub jti: Jti,
    /// Claims of the receipt or answer.
    pub claims: Value,
    /// The problem, where the message was refused.
    pub problem: Option<Value>,
}

impl Wire {
    /// Puts a server before the hub. Certificates live for days and the hub's clock runs through
    /// years, so TLS has the time of the hub's start throughout.
    pub async fn new(hub: Hub) -> Self {
        let now = hub.clock.now();
        let ca = Ca::create(Profile::development().unwrap(), now, &SystemEntropy).unwrap();
        let public = *key("gateway#log-1", 4).public().as_bytes();
        let log_key =
            NoteVerifier::new(ORIGIN.parse().unwrap(), SignatureType::Ed25519, &public).unwrap();
        let mut metrics = prometheus_client::registry::Registry::default();
        let metrics = Metrics::register(&mut metrics);
        let gateway = Arc::clone(&hub.gateway);
        let state = ApiState::new(gateway, ApiLimits::default(), metrics, hub.clock.clone());
        let mut wire = Self {
            hub,
            base: String::new(),
            ca,
            clock: Arc::new(Standing(now)),
            clients: BTreeMap::new(),
            log_key,
            stops: Vec::new(),
        };
        wire.base = wire.serve(api::router(state)).await;
        let clients = DISTRICTS.into_iter().map(|name| (name, wire.client(name, &wire.base)));
        wire.clients = clients.collect();
        wire
    }

    /// Serves an application to whoever has a certificate; gives its address.
    pub async fn serve(&mut self, app: axum::Router) -> String {
        let own = self.ca.issue_server(&LOCAL_NAMES, self.clock.now(), &SystemEntropy).unwrap();
        let required = ClientAuth::Required(self.trust());
        let clock = Arc::clone(&self.clock);
        let server = Arc::new(tls::server_config(identity(&own), required, clock).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (stop, stopped) = oneshot::channel::<()>();
        let app = edge::wrap(app, Arc::new(SystemIds));
        tokio::spawn(async move {
            let shutdown = async move { drop(stopped.await) };
            listener::serve(listener, Some(server), app, Limits::default(), shutdown).await
        });
        self.stops.push(stop);
        base
    }

    /// A client of `base` under a district's certificate.
    pub fn client(&self, district: &str, base: &str) -> Client {
        let now = self.clock.now();
        let own = self.ca.issue_client(&id(district), now, &SystemEntropy).unwrap();
        let clock = Arc::clone(&self.clock);
        let config = tls::client_config(Some(identity(&own)), self.trust(), clock).unwrap();
        Client::https(base, config).unwrap()
    }

    /// Fetches as a district.
    pub async fn get(&self, district: &str, path: &str) -> Value {
        let reply = self.clients[district].get(path, PATIENCE).await.unwrap();
        serde_json::from_slice(&reply.body).unwrap()
    }

    fn trust(&self) -> Trust {
        Trust::without_revocation(self.ca.root_pem()).unwrap()
    }

    /// Signs a message as `from`, posts it, and checks the proof of the receipt or answer.
    pub async fn send(&self, from: &str, mt: &str, body: &Value) -> Signed {
        let message = self.hub.compose(from, mt, body);
        let bytes = Bytes::from(message.compact.clone());
        let reply = self.clients[from].post("/v1/messages", "application/jose", bytes, PATIENCE);
        let reply = reply.await.unwrap();
        let value: Value = serde_json::from_slice(&reply.body).unwrap();
        let (kind, compact) = match (value["receipt"].as_str(), value["answer"].as_str()) {
            (Some(receipt), None) => (LeafKind::Receipt, receipt),
            (None, Some(answer)) => (LeafKind::Answer, answer),
            _ => panic!("{mt} of {from}: {value:#}\n{body:#}"),
        };
        let leaf = Leaf { kind, digest: *Digest::of(compact).as_bytes() };
        let proof: Proof = value["proof"].as_str().unwrap().parse().unwrap();
        let keys = std::slice::from_ref(&self.log_key);
        let index = proof.verify(&leaf.hash(), &ORIGIN.parse().unwrap(), keys).unwrap().index();
        let claims = payload(compact);
        assert_eq!(claims["log"]["index"], json!(index));
        let problem = (!reply.status.is_success()).then_some(value);
        Signed { jti: message.jti, claims, problem }
    }
}

/// A clock that stands.
struct Standing(UtcSeconds);

impl Clock for Standing {
    fn now(&self) -> UtcSeconds {
        self.0
    }

    fn now_ms(&self) -> i64 {
        self.0.0 * 1000
    }
}

fn identity(credential: &Credential) -> Identity {
    Identity::from_pem(&credential.leaf.pem, credential.key.expose()).unwrap()
}
