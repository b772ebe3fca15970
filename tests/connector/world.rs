//! A gateway, a tokeniser and a district's connector, over real TLS, in a temporary folder. The
//! clock runs on and can be moved; the gateway can be taken down and brought up on its address.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{self, Next};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use talent_gateway::api::{self, ApiLimits, ApiState, Metrics};
use talent_gateway::connector::{self, Connector, ConnectorConfig, Daily, Operators, Peer};
use talent_gateway::domain::directory::{ParticipantBody, ParticipantKind, Standing};
use talent_gateway::domain::entropy::Entropy;
use talent_gateway::domain::participant::{KeyId, ParticipantId};
use talent_gateway::domain::ports::{Clock, Ids as _};
use talent_gateway::domain::registry::MessageType;
use talent_gateway::domain::subject::{Token, TokenRef};
use talent_gateway::domain::text::Text;
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::evidence::Pin;
use talent_gateway::gateway::ports::Writer;
use talent_gateway::gateway::vault::Vault;
use talent_gateway::gateway::{
    Gateway, GatewayKeys, Identity, NewKey, Pinned, Ports, Pseudonyms, Submission,
};
use talent_gateway::jws::{Algorithm, Digest, KeyEntry, KeyLookup, KeyRecord, KeyUse, SigningKey};
use talent_gateway::message::Composer;
use talent_gateway::net::client::Client;
use talent_gateway::net::limits::Limits;
use talent_gateway::net::tls::{self, ClientAuth, Identity as TlsIdentity, Trust};
use talent_gateway::net::{edge, listener};
use talent_gateway::oprf::server::Key;
use talent_gateway::pki::{Ca, Credential, LOCAL_NAMES, Profile};
use talent_gateway::schema::Registry;
use talent_gateway::store::sqlite::SqliteStore;
use talent_gateway::system::{SystemEntropy, SystemIds};
use talent_gateway::tokeniser::{
    self, ELEMENTS_DEFAULT, REQUESTS_DEFAULT, Tokeniser, TokeniserConfig,
};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

/// 2026-11-21 00:00 UTC.
const START: i64 = 1_795_219_200;
const YEAR: i64 = 366 * 86_400;
/// Seed of the tokeniser's key that the directory lists.
pub const OPRF_SEED: [u8; 32] = [9; 32];
/// Longer than any step of a test takes.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const WINDOW: &str = "window-token-0123456789abcdef0123456789abcdef";
pub const REVIEWER: &str = "reviewer-token-0123456789abcdef0123456789abc";
pub const AUDITOR: &str = "auditor-token-0123456789abcdef0123456789abcd";

/// Starts at a fixed time, runs on, and can be moved.
pub struct RunningClock {
    started: Instant,
    offset_ms: AtomicI64,
}

impl RunningClock {
    fn new() -> Arc<Self> {
        Arc::new(Self { started: Instant::now(), offset_ms: AtomicI64::new(START * 1000) })
    }

    pub fn advance(&self, seconds: i64) {
        self.offset_ms.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for RunningClock {
    fn now(&self) -> UtcSeconds {
        UtcSeconds(self.now_ms().div_euclid(1000))
    }

    fn now_ms(&self) -> i64 {
        let run = i64::try_from(self.started.elapsed().as_millis()).unwrap();
        self.offset_ms.load(Ordering::SeqCst) + run
    }
}

pub fn id(text: &str) -> ParticipantId {
    text.parse().unwrap()
}

fn key(kid: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(kid.parse::<KeyId>().unwrap(), &[seed; 32])
}

fn body(name: &str, kind: ParticipantKind, may_send: Vec<String>) -> ParticipantBody {
    ParticipantBody {
        participant: id(name),
        revision: 1,
        kind,
        region: (kind == ParticipantKind::District).then(|| "310118".to_owned()),
        name: Text::new("测试单位", "test office"),
        contact: "office@example.test".to_owned(),
        standing: Standing::Active,
        may_send,
    }
}

/// A server on a port of its own.
pub struct Server {
    pub addr: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<listener::Drained>,
}

impl Server {
    async fn start(addr: Option<SocketAddr>, tls: Arc<rustls::ServerConfig>, app: Router) -> Self {
        let addr = addr.unwrap_or_else(|| "127.0.0.1:0".parse().unwrap());
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        // Long polls are cut, not waited for.
        let limits = Limits { drain: Duration::from_millis(100), ..Limits::default() };
        let app = edge::wrap(app, Arc::new(SystemIds));
        let done = tokio::spawn(async move {
            listener::serve(listener, Some(tls), app, limits, async move { drop(stopped.await) })
                .await
        });
        Self { addr, stop, done }
    }

    async fn stop(self) {
        drop(self.stop);
        self.done.await.unwrap();
    }
}

/// What a gateway that misbehaves does to its next replies to messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Takes the message and loses the reply.
    LoseReply,
    /// Gives the proof of another leaf.
    BreakProof,
}

/// How often which fault is to come.
#[derive(Default)]
pub struct Faults {
    pub lose_reply: AtomicUsize,
    pub break_proof: AtomicUsize,
    /// Messages that arrived at all.
    pub messages: AtomicUsize,
}

impl Faults {
    fn next(&self) -> Option<Fault> {
        let take = |left: &AtomicUsize| {
            left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
        };
        if take(&self.lose_reply) {
            Some(Fault::LoseReply)
        } else if take(&self.break_proof) {
            Some(Fault::BreakProof)
        } else {
            None
        }
    }
}

async fn misbehave(faults: Arc<Faults>, request: Request, next: Next) -> axum::response::Response {
    let message = request.method() == Method::POST;
    let response = next.run(request).await;
    if !message {
        return response;
    }
    faults.messages.fetch_add(1, Ordering::SeqCst);
    match faults.next() {
        None => response,
        Some(Fault::LoseReply) => {
            let mut lost = axum::response::Response::new(Body::from("lost"));
            *lost.status_mut() = StatusCode::BAD_GATEWAY;
            lost
        }
        Some(Fault::BreakProof) => {
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            let mut members: Value = serde_json::from_slice(&bytes).unwrap();
            let proof = members["proof"].as_str().unwrap();
            let broken = proof.replacen("index ", "index 1", 1);
            members["proof"] = json!(broken);
            axum::response::Response::new(Body::from(members.to_string()))
        }
    }
}

pub struct World {
    pub dir: tempfile::TempDir,
    pub clock: Arc<RunningClock>,
    pub gateway: Arc<Gateway>,
    pub faults: Arc<Faults>,
    /// Requests that the tokeniser got.
    pub tokeniser_calls: Arc<AtomicUsize>,
    pub tokeniser: Server,
    ca: Ca,
    hub: Option<Server>,
    hub_addr: SocketAddr,
}

impl World {
    /// Everything up, Qingpu and Jiashan enrolled.
    pub async fn new() -> Self {
        Self::with_tokeniser_key(OPRF_SEED).await
    }

    /// As [`Self::new`], with a tokeniser that evaluates under a key of its own choice.
    pub async fn with_tokeniser_key(seed: [u8; 32]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = RunningClock::new();
        let ca = Ca::create(Profile::development().unwrap(), clock.now(), &SystemEntropy).unwrap();
        let gateway = Arc::new(open_gateway(dir.path(), &clock));
        enrol(&gateway).await;
        let calls = Arc::new(AtomicUsize::new(0));
        let app = tokeniser_app(&gateway, &clock, seed, Arc::clone(&calls));
        let tokeniser = Server::start(None, server_tls(&ca, &clock), app).await;
        let mut world = Self {
            dir,
            clock,
            gateway,
            faults: Arc::default(),
            tokeniser_calls: calls,
            tokeniser,
            ca,
            hub: None,
            hub_addr: "127.0.0.1:0".parse().unwrap(),
        };
        world.hub_up().await;
        world
    }

    /// Brings the gateway up on the address that it had.
    pub async fn hub_up(&mut self) {
        let mut registry = prometheus_client::registry::Registry::default();
        let metrics = Metrics::register(&mut registry);
        let state = ApiState::new(
            Arc::clone(&self.gateway),
            ApiLimits::default(),
            metrics,
            self.clock.clone(),
        );
        let faults = Arc::clone(&self.faults);
        let app = api::router(state).layer(middleware::from_fn(move |request, next| {
            misbehave(Arc::clone(&faults), request, next)
        }));
        let addr = Some(self.hub_addr).filter(|addr| addr.port() != 0);
        let hub = Server::start(addr, server_tls(&self.ca, &self.clock), app).await;
        self.hub_addr = hub.addr;
        self.hub = Some(hub);
    }

    pub async fn hub_down(&mut self) {
        self.hub.take().unwrap().stop().await;
    }

    pub fn outbox(&self) -> PathBuf {
        self.dir.path().join("outbox.db")
    }

    /// Qingpu's connector.
    pub fn open_connector(&self) -> Arc<Connector> {
        self.open_connector_daily(None)
    }

    /// Qingpu's connector, reconciling by itself.
    pub fn open_connector_daily(&self, daily: Option<Daily>) -> Arc<Connector> {
        let certificate = self.certificate("qingpu");
        let operators = [
            ("op-window", "window", WINDOW),
            ("op-review", "reviewer", REVIEWER),
            ("op-audit", "auditor", AUDITOR),
        ];
        let lines: Vec<_> = operators
            .iter()
            .map(|(id, role, token)| json!({"id": id, "role": role, "sha256": Digest::of(token)}))
            .collect();
        let config = ConnectorConfig {
            participant: id("qingpu"),
            key: key("qingpu#message-1", 10),
            gateway: self.peer("gateway", self.hub_addr, &certificate),
            tokeniser: self.peer("tokeniser", self.tokeniser.addr, &certificate),
            outbox: self.outbox(),
            pin: Pin {
                operator: id("gateway"),
                key: key("gateway#directory-1", 1).public().clone(),
            },
            operators: Operators::parse(&json!({ "operators": lines }).to_string()).unwrap(),
            daily,
        };
        let schemas = Arc::new(Registry::load().unwrap());
        Connector::open(config, schemas, self.ports()).unwrap()
    }

    pub fn certificate(&self, name: &str) -> Credential {
        self.ca.issue_client(&id(name), self.clock.now(), &SystemEntropy).unwrap()
    }

    pub fn client(&self, addr: SocketAddr, certificate: &Credential) -> Client {
        let own = TlsIdentity::from_pem(&certificate.leaf.pem, certificate.key.expose()).unwrap();
        let trust = Trust::without_revocation(self.ca.root_pem()).unwrap();
        let tls = tls::client_config(Some(own), trust, self.clock.clone()).unwrap();
        Client::https(&format!("https://localhost:{}", addr.port()), tls).unwrap()
    }

    fn peer(&self, name: &str, addr: SocketAddr, certificate: &Credential) -> Peer {
        Peer { id: id(name), client: self.client(addr, certificate) }
    }

    fn ports(&self) -> Ports {
        ports(&self.clock)
    }

    /// How many messages of a type the log holds.
    pub async fn logged(&self, mt: &'static str) -> usize {
        let entries = self.gateway.read_blocking(|s| s.entries(0, 1000)).await.unwrap();
        entries.iter().filter(|entry| entry.mt == mt).count()
    }

    /// The bodies of the messages of a type.
    pub async fn bodies(&self, mt: &'static str) -> Vec<Value> {
        let entries = self.gateway.read_blocking(|s| s.entries(0, 1000)).await.unwrap();
        entries
            .iter()
            .filter(|entry| entry.mt == mt)
            .filter_map(|entry| self.gateway.message_text(entry).unwrap())
            .map(|compact| payload(&compact)["body"].clone())
            .collect()
    }
}

impl World {
    /// Jiashan sends a record that is addressed to Qingpu.
    pub async fn address_qingpu(&self) {
        let mut body = crate::plain::record("js-1");
        body["subject"] = stranger();
        self.jiashan_sends("certification/1", &body, Some(id("qingpu"))).await;
    }

    /// Qingpu sends a record past its connector.
    pub async fn beside_the_connector(&self) {
        let mut body = crate::plain::record("beside");
        body["subject"] = stranger();
        self.sends("qingpu", "certification/1", &body, None).await;
    }

    /// Jiashan has records of `subject` too and links it with somebody else; the link's `jti`.
    pub async fn link_by_jiashan(&self, subject: &Value) -> String {
        for (record, subject) in [("js-1", subject.clone()), ("js-2", stranger())] {
            let mut body = crate::plain::record(record);
            body["subject"] = subject;
            self.jiashan_sends("certification/1", &body, None).await;
        }
        let link = json!({
            "link": "l1", "revision": 1, "kind": "same", "subjects": [subject, stranger()],
            "validity": { "from": "2026-01-01" }, "evidence": "documents-examined",
            "operators": [{ "id": "op-1", "role": "window" }, { "id": "op-2", "role": "reviewer" }]
        });
        self.jiashan_sends("subject.link/1", &link, None).await
    }

    async fn jiashan_sends(&self, mt: &str, body: &Value, to: Option<ParticipantId>) -> String {
        self.sends("jiashan", mt, body, to).await
    }

    /// A district sends a message without a connector; its `jti`.
    pub async fn sends(
        &self,
        from: &str,
        mt: &str,
        body: &Value,
        to: Option<ParticipantId>,
    ) -> String {
        let schemas = Registry::load().unwrap();
        let (key, aud) = (district_key(from), id("gateway"));
        let composer = Composer { schemas: &schemas, key: &key, aud: &aud };
        let (ty, now) = (MessageType::parse(mt).unwrap(), self.clock.now());
        let message = composer.compose(ty, body, now, SystemIds.uuid_v7(), to).unwrap();
        let reply = self.gateway.accept(&id(from), message.compact.as_bytes()).await.unwrap();
        assert_eq!(reply.refusal, None);
        message.jti.to_string()
    }
}

fn stranger() -> Value {
    json!(TokenRef { token: Token::from_bytes([1; 32]), epoch: 1, composite: false })
}

/// A connector that runs, and its local REST.
pub struct Office {
    pub app: Router,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

impl Office {
    pub fn start(connector: Arc<Connector>) -> Self {
        let app = edge::wrap(connector::router(Arc::clone(&connector)), Arc::new(SystemIds));
        let (stop, stopped) = oneshot::channel::<()>();
        let done = tokio::spawn(connector.run(async move { drop(stopped.await) }));
        Self { app, stop, done }
    }

    pub async fn stop(self) {
        drop(self.stop);
        self.done.await.unwrap();
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, Some(WINDOW), &Value::Null).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, Some(WINDOW), body).await
    }

    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> (StatusCode, Value) {
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status, serde_json::from_slice(&bytes).unwrap())
    }

    /// Reads the feed until it has an entry of a kind.
    pub async fn told(&self, change: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let (_, page) = self.get("/local/v1/feed").await;
            let mut entries = page["entries"].as_array().unwrap().iter();
            if let Some(entry) = entries.find(|entry| entry["change"] == change) {
                return entry.clone();
            }
            assert!(Instant::now() < until, "never {change}: {page}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Asks for an item of the outbox until it is in `state`.
    pub async fn until(&self, outbox: &Value, state: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let (_, item) = self.get(&format!("/local/v1/outbox/{outbox}")).await;
            if item["state"] == state {
                return item;
            }
            assert!(Instant::now() < until, "never {state}: {item}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

pub fn payload(compact: &str) -> Value {
    use base64::Engine as _;
    let part = compact.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn ports(clock: &Arc<RunningClock>) -> Ports {
    Ports { clock: clock.clone(), ids: Arc::new(SystemIds), entropy: Arc::new(SystemEntropy) }
}

fn server_tls(ca: &Ca, clock: &Arc<RunningClock>) -> Arc<rustls::ServerConfig> {
    let own = ca.issue_server(&LOCAL_NAMES, clock.now(), &SystemEntropy).unwrap();
    let own = TlsIdentity::from_pem(&own.leaf.pem, own.key.expose()).unwrap();
    let clients = ClientAuth::Required(Trust::without_revocation(ca.root_pem()).unwrap());
    Arc::new(tls::server_config(own, clients, clock.clone()).unwrap())
}

fn open_gateway(dir: &Path, clock: &Arc<RunningClock>) -> Gateway {
    let store = Arc::new(SqliteStore::open(&dir.join("gateway.db")).unwrap());
    let directory = key("gateway#directory-1", 1);
    let entry = KeyEntry {
        kid: directory.kid().clone(),
        participant: id("gateway"),
        key_use: KeyUse::Directory,
        alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
        jwk: directory.public().to_jwk(),
        nbf: UtcSeconds(START - YEAR),
        exp: UtcSeconds(START + YEAR),
        revoked_from: None,
        suspect_from: None,
    };
    let pinned =
        Pinned { participant: operator(), key: Arc::new(KeyRecord::try_from(entry).unwrap()) };
    let keys = GatewayKeys {
        message: key("gateway#message-1", 2),
        receipt: key("gateway#receipt-1", 3),
        directory,
        log: key("gateway#log-1", 4),
        vault: Vault::new(&[5; 32]).unwrap(),
        pseudonyms: Pseudonyms::new(&[6; 32]),
    };
    let identity =
        Identity { id: id("gateway"), origin: "gateway.test/log".parse().unwrap(), pinned };
    let schemas = Arc::new(Registry::load().unwrap());
    let writer = Arc::clone(&store);
    Gateway::open(identity, keys, ports(clock), schemas, store, move |committer| {
        writer.start_writer(committer).map(|w| Box::new(w) as Box<dyn Writer<Submission>>)
    })
    .unwrap()
}

fn operator() -> ParticipantBody {
    let may_send = ["participant/1", "key/1", "clock/1"].map(str::to_owned).to_vec();
    body("gateway", ParticipantKind::Gateway, may_send)
}

async fn enrol(gateway: &Gateway) {
    let (nbf, exp) = (UtcSeconds(START - 60), UtcSeconds(START + YEAR));
    gateway.enrol(&operator()).await.unwrap();
    gateway.register_own_keys(nbf, exp).await.unwrap();
    let may_send = vec!["key/1".to_owned()];
    gateway.enrol(&body("tokeniser", ParticipantKind::Tokeniser, may_send)).await.unwrap();
    let key_of_epoch = Key::derive(&OPRF_SEED, 1).unwrap();
    let oprf = NewKey::Oprf { kid: "tokeniser#oprf-1".parse().unwrap(), key: &key_of_epoch };
    gateway.register_key(oprf, nbf, exp).await.unwrap();
    let receipt = key("tokeniser#receipt-1", 20);
    gateway.register_key(NewKey::Signing(&receipt, KeyUse::Receipt), nbf, exp).await.unwrap();
    for (name, seed) in [("qingpu", 10), ("jiashan", 11)] {
        let may_send = MessageType::ALL
            .iter()
            .map(|ty| ty.as_str().to_owned())
            .filter(|mt| !mt.starts_with("participant") && !mt.starts_with("clock"))
            .collect();
        gateway.enrol(&body(name, ParticipantKind::District, may_send)).await.unwrap();
        let message = key(&format!("{name}#message-1"), seed);
        gateway.register_key(NewKey::Signing(&message, KeyUse::Message), nbf, exp).await.unwrap();
    }
}

/// The hub's directory as the tokeniser's list of keys.
struct Keys(Arc<Gateway>);

impl KeyLookup for Keys {
    fn key(&self, kid: &KeyId) -> Option<Arc<KeyRecord>> {
        self.0.directory().key(kid)
    }
}

fn tokeniser_app(
    gateway: &Arc<Gateway>,
    clock: &Arc<RunningClock>,
    seed: [u8; 32],
    calls: Arc<AtomicUsize>,
) -> Router {
    let config = TokeniserConfig {
        id: id("tokeniser"),
        receipt: key("tokeniser#receipt-1", 20),
        keys: vec![Key::derive(&seed, 1).unwrap()],
        requests: REQUESTS_DEFAULT,
        elements: ELEMENTS_DEFAULT,
    };
    let schemas = Arc::new(Registry::load().unwrap());
    let keys = Arc::new(Keys(Arc::clone(gateway)));
    let tokeniser = Arc::new(Tokeniser::new(config, keys, schemas, ports(clock)));
    tokeniser::router(tokeniser).layer(middleware::from_fn(move |request: Request, next: Next| {
        calls.fetch_add(1, Ordering::SeqCst);
        next.run(request)
    }))
}

/// Signs as a district, for messages that the connector would not make.
pub fn district_key(name: &str) -> SigningKey {
    key(&format!("{name}#message-1"), if name == "qingpu" { 10 } else { 11 })
}

/// Random bytes for blinds in tests.
pub fn entropy() -> Arc<dyn Entropy> {
    Arc::new(SystemEntropy)
}
