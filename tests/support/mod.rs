//! A gateway on a real store in a temporary folder, and districts that send to it.
#![allow(dead_code, reason = "each test binary uses its part of the harness")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use serde_json::{Value, json};
use talent_gateway::domain::directory::{ParticipantBody, ParticipantKind, Standing};
use talent_gateway::domain::entropy::Entropy;
use talent_gateway::domain::participant::{KeyId, ParticipantId};
use talent_gateway::domain::ports::{Clock, Ids};
use talent_gateway::domain::registry::MessageType;
use talent_gateway::domain::subject::{Token, TokenRef};
use talent_gateway::domain::text::Text;
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::gateway::ports::Writer;
use talent_gateway::gateway::vault::Vault;
use talent_gateway::gateway::{
    Gateway, GatewayKeys, Identity, NewKey, Pinned, Ports, Pseudonyms, Reply, Submission,
};
use talent_gateway::jws::{Algorithm, KeyEntry, KeyRecord, KeyUse, SigningKey};
use talent_gateway::message::{Composer, Message};
use talent_gateway::schema::Registry;
use talent_gateway::store::sqlite::SqliteStore;
use talent_gateway::synth::SeededEntropy;

/// 2026-11-21 00:00 UTC.
pub const START: i64 = 1_795_219_200;
const YEAR: i64 = 366 * 86_400;
/// How long the keys of a hub last, in years from [`START`]: cases go on to the last instalment of an award.
const KEY_YEARS: i64 = 6;

/// A clock that tests move.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn set(&self, now: UtcSeconds) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UtcSeconds {
        UtcSeconds(self.0.load(Ordering::SeqCst))
    }
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst) * 1000
    }
}

/// Ids in order.
#[derive(Default)]
pub struct TestIds(AtomicU64);

impl Ids for TestIds {
    fn uuid_v7(&self) -> uuid::Uuid {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&(u64::try_from(START).unwrap() * 1000).to_be_bytes()[2..]);
        bytes[8..].copy_from_slice(&n.to_be_bytes());
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        uuid::Uuid::from_bytes(bytes)
    }
}

pub fn key(kid: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(kid.parse::<KeyId>().unwrap(), &[seed; 32])
}

pub fn id(text: &str) -> ParticipantId {
    text.parse().unwrap()
}

/// A token of nobody.
pub fn token(n: u64) -> TokenRef {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    TokenRef { token: Token::from_bytes(bytes), epoch: 1, composite: false }
}

pub const DISTRICTS: [&str; 6] = ["qingpu", "jiashan", "wujiang", "changning", "hongkou", "yangpu"];

/// The region of a district, GB/T 2260.
pub fn region(district: &str) -> &'static str {
    match district {
        "jiashan" => "330421",
        "wujiang" => "320509",
        "changning" => "310105",
        "hongkou" => "310109",
        "yangpu" => "310110",
        _ => "310118",
    }
}

/// A running hub with the six districts enrolled.
pub struct Hub {
    pub gateway: Arc<Gateway>,
    pub clock: Arc<TestClock>,
    pub ids: Arc<TestIds>,
    pub schemas: Arc<Registry>,
    keys: Vec<(ParticipantId, SigningKey)>,
    more: std::sync::Mutex<Vec<(String, u8)>>,
}

/// Opens the store in `dir` without enrolling anybody.
pub fn open(dir: &Path, clock: &Arc<TestClock>, ids: &Arc<TestIds>) -> Gateway {
    let schemas = Arc::new(Registry::load().unwrap());
    let store = Arc::new(SqliteStore::open(&dir.join("gateway.db")).unwrap());
    let directory = key("gateway#directory-1", 1);
    let pinned = Pinned { participant: operator(), key: Arc::new(record(&directory)) };
    let keys = GatewayKeys {
        message: key("gateway#message-1", 2),
        receipt: key("gateway#receipt-1", 3),
        directory,
        log: key("gateway#log-1", 4),
        vault: Vault::new(&[5; 32]).unwrap(),
        pseudonyms: Pseudonyms::new(&[6; 32]),
    };
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(ids.0.load(Ordering::SeqCst) + 7));
    let ports = Ports { clock: clock.clone(), ids: ids.clone(), entropy };
    let identity =
        Identity { id: id("gateway"), origin: "gateway.test/log".parse().unwrap(), pinned };
    let writer = Arc::clone(&store);
    Gateway::open(identity, keys, ports, schemas, store, move |committer| {
        writer.start_writer(committer).map(|w| Box::new(w) as Box<dyn Writer<Submission>>)
    })
    .unwrap()
}

fn operator() -> ParticipantBody {
    ParticipantBody {
        participant: id("gateway"),
        revision: 1,
        kind: ParticipantKind::Gateway,
        region: None,
        name: Text::new("互认网关运营方（测试）", "Operator of the gateway (test)"),
        contact: "gateway@example.test".to_owned(),
        standing: Standing::Active,
        may_send: ["participant/1", "key/1", "clock/1"].map(str::to_owned).to_vec(),
    }
}

fn record(key: &SigningKey) -> KeyRecord {
    KeyRecord::try_from(KeyEntry {
        kid: key.kid().clone(),
        participant: key.kid().participant().unwrap(),
        key_use: KeyUse::Directory,
        alg: vec![Algorithm::EdDsa, Algorithm::Ed25519],
        jwk: key.public().to_jwk(),
        nbf: UtcSeconds(START - 10 * YEAR),
        exp: UtcSeconds(START + YEAR),
        revoked_from: None,
        suspect_from: None,
    })
    .unwrap()
}

impl Hub {
    /// A new hub in `dir` with operator, tokeniser epoch 1 and six districts.
    pub async fn new(dir: &Path) -> Self {
        Self::since(dir, UtcSeconds(START)).await
    }

    /// As [`Self::new`], with a log that begins at `start`, at most ten years before [`START`].
    pub async fn since(dir: &Path, start: UtcSeconds) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(start.0)));
        let ids = Arc::new(TestIds::default());
        let gateway = Arc::new(open(dir, &clock, &ids));
        let (nbf, exp) = (start.plus_seconds(-60), UtcSeconds(START + KEY_YEARS * YEAR));
        gateway.enrol(&operator()).await.unwrap();
        gateway.register_own_keys(nbf, exp).await.unwrap();
        let tokeniser = ParticipantBody {
            participant: id("tokeniser"),
            kind: ParticipantKind::Tokeniser,
            may_send: vec!["key/1".to_owned()],
            ..operator()
        };
        gateway.enrol(&tokeniser).await.unwrap();
        let key = talent_gateway::oprf::server::Key::derive(&[9; 32], 1).unwrap();
        let oprf = NewKey::Oprf { kid: "tokeniser#oprf-1".parse().unwrap(), key: &key };
        gateway.register_key(oprf, nbf, exp).await.unwrap();
        let mut hub = Self {
            gateway,
            clock,
            ids,
            schemas: Arc::new(Registry::load().unwrap()),
            keys: Vec::new(),
            more: std::sync::Mutex::default(),
        };
        for (n, name) in (0u8..).zip(DISTRICTS) {
            hub.join(name, 10 + n).await;
        }
        hub
    }

    async fn join(&mut self, name: &str, seed: u8) {
        let district = ParticipantBody {
            participant: id(name),
            kind: ParticipantKind::District,
            region: Some(region(name).to_owned()),
            contact: format!("rencai@{name}.example"),
            may_send: MessageType::ALL
                .iter()
                .map(|ty| ty.as_str().to_owned())
                .filter(|mt| !mt.starts_with("participant") && !mt.starts_with("clock"))
                .collect(),
            ..operator()
        };
        self.gateway.enrol(&district).await.unwrap();
        let message_key = key(&format!("{name}#message-1"), seed);
        let (nbf, exp) = (self.clock.now().plus_seconds(-60), UtcSeconds(START + KEY_YEARS * YEAR));
        let new = NewKey::Signing(&message_key, KeyUse::Message);
        self.gateway.register_key(new, nbf, exp).await.unwrap();
        self.keys.push((id(name), message_key));
    }

    pub fn key(&self, name: &str) -> &SigningKey {
        &self.keys.iter().find(|(p, _)| p.as_str() == name).unwrap().1
    }

    pub fn compose(&self, from: &str, mt: &str, body: &Value) -> Message {
        let aud = id("gateway");
        let composer = Composer { schemas: &self.schemas, key: self.key(from), aud: &aud };
        let ty = MessageType::parse(mt).unwrap();
        composer.compose(ty, body, self.clock.now(), self.ids.uuid_v7(), None).unwrap()
    }

    /// Registers one more message key of a district, made from `seed`.
    pub async fn add_key(&self, name: &str, key_name: &str, seed: u8) {
        let new = key(&format!("{name}#{key_name}"), seed);
        let (nbf, exp) = (UtcSeconds(START - 60), UtcSeconds(START + YEAR));
        let new = NewKey::Signing(&new, KeyUse::Message);
        self.gateway.register_key(new, nbf, exp).await.unwrap();
        self.more.lock().unwrap().push((format!("{name}#{key_name}"), seed));
    }

    /// Sends under a key that [`Self::add_key`] registered.
    pub async fn send_with(&self, from: &str, key_name: &str, mt: &str, body: &Value) -> Reply {
        let kid = format!("{from}#{key_name}");
        let seed = self.more.lock().unwrap().iter().find(|(k, _)| *k == kid).unwrap().1;
        let (key, aud) = (key(&kid, seed), id("gateway"));
        let composer = Composer { schemas: &self.schemas, key: &key, aud: &aud };
        let ty = MessageType::parse(mt).unwrap();
        let (now, jti) = (self.clock.now(), self.ids.uuid_v7());
        let message = composer.compose(ty, body, now, jti, None).unwrap();
        self.gateway.accept(&id(from), message.compact.as_bytes()).await.unwrap()
    }

    pub async fn send(&self, from: &str, mt: &str, body: &Value) -> Reply {
        let message = self.compose(from, mt, body);
        self.gateway.accept(&id(from), message.compact.as_bytes()).await.unwrap()
    }
}

/// The payload of a compact JWS, for looking at.
pub fn payload(compact: &str) -> Value {
    use base64::Engine as _;
    let part = compact.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// A certification of class D in Qingpu's housing scheme.
pub fn certification(record: &str, revision: u32, action: &str, subject: TokenRef) -> Value {
    json!({
        "record": record,
        "revision": revision,
        "action": action,
        "subject": subject,
        "authority": { "name": "青浦区人才办（测试）", "region": "310118" },
        "attestation": { "level": "issued", "as_of": "2026-11-01" },
        "validity": { "from": "2026-01-01", "until": "2028-12-31" },
        "scheme": "qingpu-housing",
        "scheme_version": "2020",
        "class": "D",
        "basis": { "document": "qingpu-2020-88", "article": "附件4 一（一）4" }
    })
}

/// A rule by which Qingpu takes Jiashan's tier for its class D, for housing.
pub fn rule(revision: u32, withdrawn: bool) -> Value {
    json!({
        "rule": "tier", "revision": revision, "recogniser": "qingpu",
        "object": "certification", "issuer": { "participants": ["jiashan"] },
        "scheme": "jiaxing-talent", "classes": ["高级"], "purposes": ["housing"],
        "local": { "kind": "class", "class": { "scheme": "qingpu-housing", "class": "D" } },
        "effect": "valid-directly",
        "scope": {
            "kind": "alliance", "alliance": "delta-demonstration-zone", "version": "2020",
            "districts": ["qingpu", "jiashan", "wujiang"]
        },
        "decided_by": "测试机关", "citation": { "document": "测试文件", "article": "一" },
        "document_version": "1", "source_check": "official-text",
        "validity": { "from": "2024-01-01" }, "status": "in-force", "withdrawn": withdrawn
    })
}

/// The context of a query.
pub fn context(purpose: &str) -> Value {
    json!({
        "case": "QP-2026-0001",
        "purpose": purpose,
        "legal_basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）" },
        "operator": { "id": "op-1", "role": "window" }
    })
}
