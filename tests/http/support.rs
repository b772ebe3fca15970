//! A gateway on loopback with three districts, each with a client certificate and a message key.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use prometheus_client::registry::Registry as MetricsRegistry;
use serde_json::{Value, json};
use talent_gateway::api::{self, ApiLimits, ApiState, Metrics, metrics, ops};
use talent_gateway::domain::code::Code;
use talent_gateway::domain::directory::{ParticipantBody, ParticipantKind, Standing};
use talent_gateway::domain::participant::ParticipantId;
use talent_gateway::domain::ports::{Clock, Ids as _};
use talent_gateway::domain::registry::MessageType;
use talent_gateway::domain::text::{Language, Text};
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::gateway::vault::Vault;
use talent_gateway::gateway::{
    Gateway, GatewayKeys, Identity, NewKey, Pinned, Ports, Pseudonyms, ports::Writer,
};
use talent_gateway::jws::{Algorithm, Digest, KeyEntry, KeyRecord, KeyUse, SigningKey, Typ};
use talent_gateway::log::{KeyName, Leaf, LeafKind, NoteVerifier, Proof, SignatureType};
use talent_gateway::message::{Composer, Message};
use talent_gateway::net::body::BodyLimit;
use talent_gateway::net::client::{Client, Reply};
use talent_gateway::net::limits::Limits;
use talent_gateway::net::problem::PROBLEM_JSON;
use talent_gateway::net::status::status_of;
use talent_gateway::net::tls::{self, ClientAuth, Trust};
use talent_gateway::net::{edge, listener};
use talent_gateway::oprf::server::Key;
use talent_gateway::pki::{Ca, Credential, LOCAL_NAMES, Profile};
use talent_gateway::schema::Registry;
use talent_gateway::store::sqlite::SqliteStore;
use talent_gateway::system::{SystemEntropy, SystemIds};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// When the tests take place; far from the real clock on purpose.
pub const NOW: UtcSeconds = UtcSeconds(1_790_000_000);
/// Longer than any exchange may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
pub const OPERATOR: &str = "yangtze";
pub const TOKENISER: &str = "tokeniser";
const ORIGIN: &str = "log.talent.example/2026";
const YEAR_S: i64 = 365 * 86_400;
/// What a district of these tests may send.
const MAY_SEND: [&str; 6] =
    ["certification/1", "agreement/1", "key/1", "reconcile/1", "query.records/1", "query.access/1"];

/// A clock that stands still until a test moves it.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn set(&self, now: UtcSeconds) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UtcSeconds {
        UtcSeconds(self.0.load(Ordering::SeqCst))
    }

    fn now_ms(&self) -> i64 {
        self.now().0 * 1000
    }
}

/// A running gateway.
pub struct World {
    pub gateway: Arc<Gateway>,
    pub clock: Arc<TestClock>,
    pub schemas: Registry,
    pub qingpu: District,
    pub jiashan: District,
    pub wujiang: District,
    pub addr: SocketAddr,
    pub ops: Client,
    pub state: ApiState,
    ca: Ca,
    log_key: NoteVerifier,
    // Dropped last: the server stops, then its files go.
    _stop: [oneshot::Sender<()>; 2],
    _folder: tempfile::TempDir,
}

/// A district with everything it needs to take part.
pub struct District {
    pub id: ParticipantId,
    pub key: SigningKey,
    pub client: Client,
    pub credential: Credential,
}

impl World {
    pub async fn new() -> Self {
        Self::with(ApiLimits::default()).await
    }

    pub async fn with(limits: ApiLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(NOW.0)));
        let gateway = Arc::new(open(folder.path(), clock.clone()));
        let mut registry = MetricsRegistry::default();
        let counted = Metrics::register(&mut registry);
        registry.register_collector(Box::new(metrics::GatewayCollector(gateway.clone())));
        let state = ApiState::new(gateway.clone(), limits, counted, clock.clone());

        let ca = Ca::create(Profile::development().unwrap(), NOW, &SystemEntropy).unwrap();
        let (addr, stop) = serve(api::router(state.clone()), Some(server_tls(&ca, &clock))).await;
        let ops = ops::OpsState { gateway: gateway.clone(), registry: Arc::new(registry) };
        let (ops_addr, ops_stop) = serve(ops::router(ops), None).await;

        let district = |id: &str| District::new(id, &ca, addr);
        let world = Self {
            qingpu: district("qingpu"),
            jiashan: district("jiashan"),
            wujiang: district("wujiang"),
            schemas: Registry::load().unwrap(),
            log_key: log_verifier(),
            ops: Client::loopback(&format!("http://{ops_addr}")).unwrap(),
            state,
            _stop: [stop, ops_stop],
            _folder: folder,
            gateway,
            clock,
            addr,
            ca,
        };
        world.genesis().await;
        world
    }

    /// Registers the operator, the districts and their keys by signed messages.
    async fn genesis(&self) {
        let (from, until) = (NOW.plus_seconds(-YEAR_S), NOW.plus_seconds(YEAR_S));
        self.gateway.enrol(&operator()).await.unwrap();
        self.gateway.register_own_keys(from, until).await.unwrap();
        self.gateway.enrol(&tokeniser()).await.unwrap();
        let kid = format!("{TOKENISER}#oprf-1").parse().unwrap();
        let oprf = Key::derive(&[9; 32], 1).unwrap();
        let key = NewKey::Oprf { kid, key: &oprf };
        self.gateway.register_key(key, from, until).await.unwrap();
        for district in [&self.qingpu, &self.jiashan, &self.wujiang] {
            self.gateway.enrol(&body(district.id.as_str(), 1, Standing::Active)).await.unwrap();
            self.register(district).await;
        }
    }

    /// A district with certificate and key; whether the directory knows it is another matter.
    pub fn district(&self, id: &str) -> District {
        District::new(id, &self.ca, self.addr)
    }

    /// Registers the message key of a district.
    pub async fn register(&self, district: &District) {
        let (from, until) = (NOW.plus_seconds(-YEAR_S), NOW.plus_seconds(YEAR_S));
        let key = NewKey::Signing(&district.key, KeyUse::Message);
        self.gateway.register_key(key, from, until).await.unwrap();
    }

    /// Somebody with a certificate whom the directory does not know.
    pub fn stranger(&self) -> District {
        self.district("nowhere")
    }

    /// Entries of the log.
    pub fn size(&self) -> u64 {
        self.gateway.load().size
    }

    /// A message of `sender`'s, made as a connector makes it.
    pub fn compose(&self, sender: &District, mt: &str, body: &Value) -> Message {
        self.compose_to(sender, mt, body, None)
    }

    pub fn compose_to(
        &self,
        sender: &District,
        mt: &str,
        body: &Value,
        to: Option<&District>,
    ) -> Message {
        let composer =
            Composer { schemas: &self.schemas, key: &sender.key, aud: self.gateway.id() };
        let to = to.map(|d| d.id.clone());
        let ty = MessageType::parse(mt).unwrap();
        composer.compose(ty, body, self.clock.now(), SystemIds.uuid_v7(), to).unwrap()
    }

    /// Composes, sends and expects a signed reply, which is checked.
    pub async fn push(&self, sender: &District, mt: &str, body: &Value) -> Signed {
        let message = self.compose(sender, mt, body);
        self.signed(&sender.send(&message.compact).await)
    }

    /// The claims of a message of `sender`'s, for tests that break them.
    pub fn claims(&self, sender: &District, mt: &str, body: &Value) -> Value {
        let document = self.schemas.document(mt).unwrap();
        json!({
            "iss": sender.id,
            "aud": self.gateway.id(),
            "iat": self.clock.now(),
            "exp": self.clock.now().plus_seconds(300),
            "jti": SystemIds.uuid_v7(),
            "mt": mt,
            "sch": { "uri": document.uri, "sha256": document.sha256_hex() },
            "body": body,
        })
    }

    /// A reply with its signed part: the proof holds for the receipt or answer beside it.
    pub fn signed(&self, reply: &Reply) -> Signed {
        let value: Value = serde_json::from_slice(&reply.body).unwrap();
        let (kind, compact) = match (value["receipt"].as_str(), value["answer"].as_str()) {
            (Some(receipt), None) => (LeafKind::Receipt, receipt),
            (None, Some(answer)) => (LeafKind::Answer, answer),
            _ => panic!("either a receipt or an answer: {value}"),
        };
        let index = self.proven(kind, compact, value["proof"].as_str().unwrap());
        let claims = payload(compact);
        assert_eq!(claims["log"]["index"], index);
        Signed { compact: compact.to_owned(), claims, status: reply.status.as_u16(), index }
    }

    /// Checks a proof as an auditor does, from the log's key alone; gives the index.
    pub fn proven(&self, kind: LeafKind, compact: &str, proof: &str) -> u64 {
        let leaf = Leaf { kind, digest: *Digest::of(compact).as_bytes() };
        let proof: Proof = proof.parse().unwrap();
        let keys = std::slice::from_ref(&self.log_key);
        proof.verify(&leaf.hash(), &ORIGIN.parse().unwrap(), keys).unwrap().index()
    }

    pub fn log_key(&self) -> &NoteVerifier {
        &self.log_key
    }

    /// Sends bytes that are refused: status, code and texts are the catalogue's, in Chinese by
    /// default and in English when asked; unsigned and without a trace.
    pub async fn refused(&self, sender: &District, compact: &str, code: Code) -> Value {
        let before = self.size();
        let problem = sender.problem(compact, code).await;
        assert!(problem.get("receipt").is_none(), "unsigned: {problem}");
        assert_eq!(self.size(), before, "an unsigned refusal leaves nothing behind");
        problem
    }

    /// Sends bytes that are refused with a signed receipt: one entry of the log, however often
    /// they are sent.
    pub async fn refused_signed(&self, sender: &District, compact: &str, code: Code) -> Value {
        let before = self.size();
        let problem = sender.problem(compact, code).await;
        let proof = problem["proof"].as_str().unwrap();
        let receipt = problem["receipt"].as_str().unwrap();
        self.proven(LeafKind::Receipt, receipt, proof);
        let claims = payload(receipt);
        assert_eq!(claims["res"]["outcome"], "rejected");
        assert_eq!(claims["res"]["code"], code.as_str());
        assert_eq!(self.size(), before + 1, "one entry");
        problem
    }
}

impl District {
    fn new(id: &str, ca: &Ca, addr: SocketAddr) -> Self {
        let id: ParticipantId = id.parse().unwrap();
        let credential = ca.issue_client(&id, NOW, &SystemEntropy).unwrap();
        let seed = Digest::of(id.as_str());
        let kid = format!("{id}#message-1").parse().unwrap();
        Self {
            client: https(ca, addr, &credential),
            key: SigningKey::from_seed(kid, seed.as_bytes()),
            credential,
            id,
        }
    }

    pub async fn send(&self, compact: &str) -> Reply {
        self.post("application/jose", Bytes::from(compact.to_owned())).await
    }

    pub async fn post(&self, content_type: &'static str, body: Bytes) -> Reply {
        self.client.post("/v1/messages", content_type, body, PATIENCE).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.client.get(path, PATIENCE).await.unwrap()
    }

    pub async fn get_with(&self, path: &str, name: &'static str, value: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        self.client.call(Method::GET, path, headers, Bytes::new(), PATIENCE).await.unwrap()
    }

    /// Signs any payload.
    pub fn sign(&self, payload: &str) -> String {
        self.key.sign(Typ::Message, payload.as_bytes())
    }

    async fn problem(&self, compact: &str, code: Code) -> Value {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/jose"));
        self.problem_of(Method::POST, "/v1/messages", headers, compact, code).await
    }

    /// Makes a request that is refused, in both languages.
    pub async fn problem_of(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: &str,
        code: Code,
    ) -> Value {
        let mut first = Value::Null;
        for (asked, language) in [(None, Language::Zh), (Some("en"), Language::En)] {
            let mut headers = headers.clone();
            if let Some(asked) = asked {
                headers.insert("accept-language", HeaderValue::from_static(asked));
            }
            let body = Bytes::from(body.to_owned());
            let call = self.client.call(method.clone(), path, headers, body, PATIENCE);
            let reply = call.await.unwrap();
            let problem = problem(&reply, code, language);
            if first.is_null() {
                first = problem;
            }
        }
        first
    }

    pub async fn refused_get(&self, path: &str, code: Code) -> Value {
        self.problem_of(Method::GET, path, HeaderMap::new(), "", code).await
    }
}

/// A receipt or answer whose proof holds.
pub struct Signed {
    pub compact: String,
    pub claims: Value,
    pub status: u16,
    pub index: u64,
}

/// Checks a problem against the catalogue.
pub fn problem(reply: &Reply, code: Code, language: Language) -> Value {
    let problem: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(problem["code"], code.as_str(), "{problem}");
    assert_eq!(reply.status, http::StatusCode::from(status_of(code)));
    assert_eq!(reply.headers["content-type"], PROBLEM_JSON);
    assert_eq!(problem["title"], code.title(language));
    assert_eq!(problem["request_id"], reply.headers["x-request-id"].to_str().unwrap());
    problem
}

/// The payload of a compact JWS.
pub fn payload(compact: &str) -> Value {
    let part = compact.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A participant's body, `revision` of it.
pub fn body(id: &str, revision: u32, standing: Standing) -> ParticipantBody {
    ParticipantBody {
        participant: id.parse().unwrap(),
        revision,
        kind: ParticipantKind::District,
        region: Some("310118".to_owned()),
        name: Text::new("虚构区", "Fictitious district"),
        contact: "office@district.example".to_owned(),
        standing,
        may_send: MAY_SEND.map(str::to_owned).to_vec(),
    }
}

/// The token of a fictitious person.
pub fn token(person: u8) -> Value {
    json!({ "token": base64url(&[person; 32]), "epoch": 1 })
}

/// A certification of a fictitious person.
pub fn certification(record: &str, revision: u32, person: u8) -> Value {
    json!({
        "record": record,
        "revision": revision,
        "action": if revision == 1 { "issue" } else { "amend" },
        "subject": token(person),
        "authority": { "name": "虚构区人才办", "region": "310118" },
        "attestation": { "level": "issued", "as_of": "2026-03-01" },
        "validity": { "from": "2026-03-01", "until": "2029-02-28" },
        "scheme": "qingpu-industry",
        "scheme_version": "2020",
        "class": "B",
        "basis": { "document": "虚构〔2020〕1号", "article": "第一条" },
    })
}

fn operator() -> ParticipantBody {
    ParticipantBody {
        kind: ParticipantKind::Gateway,
        region: None,
        may_send: ["participant/1", "key/1", "clock/1"].map(str::to_owned).to_vec(),
        ..body(OPERATOR, 1, Standing::Active)
    }
}

fn tokeniser() -> ParticipantBody {
    ParticipantBody {
        kind: ParticipantKind::Tokeniser,
        region: None,
        may_send: Vec::new(),
        ..body(TOKENISER, 1, Standing::Active)
    }
}

fn operator_key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(format!("{OPERATOR}#{name}").parse().unwrap(), &[seed; 32])
}

fn log_verifier() -> NoteVerifier {
    let name: KeyName = ORIGIN.parse().unwrap();
    let public = *operator_key("log", 4).public().as_bytes();
    NoteVerifier::new(name, SignatureType::Ed25519, &public).unwrap()
}

fn open(folder: &std::path::Path, clock: Arc<TestClock>) -> Gateway {
    let store = Arc::new(SqliteStore::open(&folder.join("gateway.db")).unwrap());
    let directory = operator_key("directory", 3);
    let entry = KeyEntry {
        kid: directory.kid().clone(),
        participant: OPERATOR.parse().unwrap(),
        key_use: KeyUse::Directory,
        alg: vec![Algorithm::EdDsa],
        jwk: directory.public().to_jwk(),
        nbf: NOW.plus_seconds(-YEAR_S),
        exp: NOW.plus_seconds(YEAR_S),
        revoked_from: None,
        suspect_from: None,
    };
    let identity = Identity {
        id: OPERATOR.parse().unwrap(),
        origin: ORIGIN.parse().unwrap(),
        pinned: Pinned {
            participant: operator(),
            key: Arc::new(KeyRecord::try_from(entry).unwrap()),
        },
    };
    let keys = GatewayKeys {
        message: operator_key("message", 1),
        receipt: operator_key("receipt", 2),
        directory,
        log: operator_key("log", 4),
        vault: Vault::new(&[5; 32]).unwrap(),
        pseudonyms: Pseudonyms::new(&[6; 32]),
    };
    let (ids, entropy) = (Arc::new(SystemIds), Arc::new(SystemEntropy));
    let ports = Ports { clock, ids, entropy };
    let schemas = Arc::new(Registry::load().unwrap());
    let writes = Arc::clone(&store);
    Gateway::open(identity, keys, ports, schemas, store, move |committer| {
        writes.start_writer(committer).map(|writer| Box::new(writer) as Box<dyn Writer<_>>)
    })
    .unwrap()
}

async fn serve(
    app: axum::Router,
    tls: Option<Arc<rustls::ServerConfig>>,
) -> (SocketAddr, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let app = edge::wrap(app, Arc::new(SystemIds));
    tokio::spawn(async move {
        let shutdown = async move { drop(stopped.await) };
        listener::serve(listener, tls, app, Limits::default(), shutdown).await
    });
    (addr, stop)
}

fn server_tls(ca: &Ca, clock: &Arc<TestClock>) -> Arc<rustls::ServerConfig> {
    let own = ca.issue_server(&LOCAL_NAMES, NOW, &SystemEntropy).unwrap();
    let clients = ClientAuth::Required(Trust::without_revocation(ca.root_pem()).unwrap());
    Arc::new(tls::server_config(identity(&own), clients, clock.clone()).unwrap())
}

fn https(ca: &Ca, addr: SocketAddr, own: &Credential) -> Client {
    let base = format!("https://localhost:{}", addr.port());
    Client::https(&base, client_tls(ca, own)).unwrap()
}

fn client_tls(ca: &Ca, own: &Credential) -> rustls::ClientConfig {
    let servers = Trust::without_revocation(ca.root_pem()).unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(NOW.0)));
    tls::client_config(Some(identity(own)), servers, clock).unwrap()
}

fn identity(credential: &Credential) -> tls::Identity {
    tls::Identity::from_pem(&credential.leaf.pem, credential.key.expose()).unwrap()
}

impl World {
    /// TLS settings of a district, for tests that speak HTTP by hand.
    pub fn tls_of(&self, district: &District) -> rustls::ClientConfig {
        client_tls(&self.ca, &district.credential)
    }
}

/// Limits under which a test need not send megabytes or wait for seconds.
pub fn tight() -> ApiLimits {
    let message = BodyLimit { bytes_max: 4_096, within: Duration::from_millis(300) };
    ApiLimits { message, ..ApiLimits::default() }
}
