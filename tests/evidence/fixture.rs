//! A small world: an operator with its log, a district, a tokeniser, and what they signed.

use serde_json::{Value, json};
use talent_gateway::domain::participant::ParticipantId;
use talent_gateway::domain::registry::MessageType;
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::evidence::{Pin, TrustedDirectory};
use talent_gateway::jws::{
    Acceptance, AnswerClaims, Digest, Jti, LogPosition, MessageRef, ReceiptClaims, Resolution,
    SigningKey, Typ,
};
use talent_gateway::log::{Checkpoint, Hash, Leaf, LeafKind, NoteSigner, Proof, Tree, leaf_hash};
use talent_gateway::message::{Composer, Message};
use talent_gateway::schema::Registry;

pub const ORIGIN: &str = "gateway.example.org/log";
pub const NOW: UtcSeconds = UtcSeconds(1_790_000_000);

/// Every key of the world; the seed is one repeated byte.
pub fn key(kid: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(kid.parse().unwrap(), &[seed; 32])
}

pub fn id(text: &str) -> ParticipantId {
    text.parse().unwrap()
}

pub fn jti(n: u8) -> Jti {
    format!("01990000-0000-7000-8000-0000000000{n:02x}").parse().unwrap()
}

/// A log key under the name of its log.
pub struct LogSigner<'a>(pub &'a SigningKey, pub &'a str);

impl NoteSigner for LogSigner<'_> {
    fn name(&self) -> &str {
        self.1
    }
    fn public(&self) -> [u8; 32] {
        *self.0.public().as_bytes()
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign_bytes(message)
    }
}

pub struct World {
    pub schemas: Registry,
    pub directory_key: SigningKey,
    pub receipt_key: SigningKey,
    pub log_key: SigningKey,
    pub district_key: SigningKey,
    pub other_district_key: SigningKey,
    pub tokeniser_key: SigningKey,
}

impl World {
    pub fn new() -> Self {
        Self {
            schemas: Registry::load().unwrap(),
            directory_key: key("hub#directory-1", 1),
            receipt_key: key("hub#receipt-1", 2),
            log_key: key("hub#log-1", 3),
            district_key: key("qingpu#message-1", 4),
            other_district_key: key("jiashan#message-1", 5),
            tokeniser_key: key("tokens#receipt-1", 6),
        }
    }

    pub fn pin(&self) -> Pin {
        Pin { operator: id("hub"), key: self.directory_key.public().clone() }
    }

    /// The payload of a directory document, in the form that the gateway publishes.
    pub fn directory_payload(&self, version: u64, previous: Option<Digest>, index: u64) -> Value {
        json!({
            "iss": "hub",
            "iat": NOW,
            "version": version,
            "previous": previous,
            "next_update": NOW.plus_seconds(86_400),
            "log": { "origin": ORIGIN, "index": index },
            "participants": [
                participant("hub", "gateway"),
                participant("qingpu", "district"),
                participant("jiashan", "district"),
                participant("tokens", "tokeniser"),
            ],
            "keys": [
                row(&self.directory_key, "directory"),
                row(&self.receipt_key, "receipt"),
                row(&self.log_key, "log"),
                row(&self.district_key, "message"),
                row(&self.other_district_key, "message"),
                row(&self.tokeniser_key, "receipt"),
                oprf_row(),
            ],
            "agreements": [],
        })
    }

    pub fn directory_compact(&self) -> String {
        sign(&self.directory_key, &self.directory_payload(1, None, 0))
    }

    pub fn directory(&self) -> TrustedDirectory {
        TrustedDirectory::open(&self.directory_compact(), &self.pin(), None).unwrap()
    }

    /// A message of `mt` whose body is the first example of its schema.
    pub fn message(&self, mt: &str, n: u8) -> Message {
        self.message_by(&self.district_key, mt, n)
    }

    pub fn message_by(&self, key: &SigningKey, mt: &str, n: u8) -> Message {
        self.message_to("hub", key, mt, n)
    }

    pub fn message_to(&self, aud: &str, key: &SigningKey, mt: &str, n: u8) -> Message {
        let text = self.schemas.get(mt).unwrap().document.text;
        let schema: Value = serde_json::from_str(text).unwrap();
        let ty = MessageType::parse(mt).unwrap();
        Composer { schemas: &self.schemas, key, aud: &id(aud) }
            .compose(ty, &schema["examples"][0], NOW, *jti(n).as_uuid(), None)
            .unwrap()
    }

    pub fn receipt(&self, message: &Message, index: u64) -> String {
        receipt_claims(message, index).seal(&self.receipt_key).unwrap()
    }
}

/// The log of a world: other leaves, and those of the JWS that are put in.
pub struct Log {
    tree: Tree,
}

impl Log {
    /// A log whose first leaf is `directory`.
    pub fn with_directory(directory: &str) -> Self {
        let mut log = Self { tree: Tree::new() };
        log.put(LeafKind::Directory, directory);
        log
    }

    /// Where the next leaf will lie.
    pub fn next(&self) -> u64 {
        self.tree.size()
    }

    pub fn put(&mut self, kind: LeafKind, compact: &str) {
        let leaf = Leaf { kind, digest: Digest::of(compact).0 };
        self.tree.append(leaf.hash());
    }

    pub fn fill(&mut self, count: u64) {
        for n in 0..count {
            self.tree.append(leaf_hash(&n.to_be_bytes()));
        }
    }

    pub fn proof(&self, index: u64, key: &SigningKey, origin: &str) -> Proof {
        let checkpoint = Checkpoint {
            origin: origin.parse().unwrap(),
            size: self.tree.size(),
            root: self.root(),
        };
        Proof {
            extra: None,
            index,
            path: self.tree.inclusion_proof(index).unwrap(),
            checkpoint: checkpoint.sign(&LogSigner(key, origin)).unwrap(),
        }
    }

    fn root(&self) -> Hash {
        self.tree.root()
    }
}

pub fn sign(key: &SigningKey, payload: &Value) -> String {
    key.sign(Typ::Directory, payload.to_string().as_bytes())
}

pub fn about(message: &Message) -> MessageRef {
    let iss = payload(&message.compact)["iss"].as_str().unwrap().to_owned();
    MessageRef { iss: id(&iss), jti: message.jti, sha256: Digest::of(&message.compact) }
}

pub fn position(index: u64) -> LogPosition {
    LogPosition { origin: ORIGIN.to_owned(), index }
}

/// The row of a key in the directory.
pub fn row(key: &SigningKey, key_use: &str) -> Value {
    json!({
        "kid": key.kid(), "use": key_use, "jwk": key.public().to_jwk(),
        "nbf": NOW.plus_seconds(-1000), "exp": NOW.plus_seconds(1000),
        "epoch": null, "revoked_from": null, "suspect_from": null,
    })
}

fn oprf_row() -> Value {
    json!({
        "kid": "tokens#oprf-1", "use": "oprf", "epoch": 1,
        // The generator of ristretto255 (RFC 9496 §A.1).
        "jwk": { "kty": "OKP", "crv": "ristretto255", "x": OPRF_KEY },
        "nbf": NOW.plus_seconds(-1000), "exp": NOW.plus_seconds(1000),
        "revoked_from": null, "suspect_from": null,
    })
}

pub const OPRF_KEY: &str = "4vKuCmq8TnGohKlhxQBRX1jjC2qlgt2NtqZZReCNLXY";

fn participant(id: &str, kind: &str) -> Value {
    json!({
        "participant": id, "revision": 1, "kind": kind,
        "name": { "zh": "某区人才办", "en": "Some office" },
        "contact": "021-00000000", "standing": "active", "may_send": ["certification/1"],
    })
}

/// The payload of a compact JWS.
pub fn payload(compact: &str) -> Value {
    use base64::Engine as _;
    let part = compact.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// An acceptance.
pub fn receipt_claims(message: &Message, index: u64) -> ReceiptClaims {
    ReceiptClaims {
        iss: id("hub"),
        aud: id("qingpu"),
        iat: NOW.plus_seconds(1),
        jti: jti(0xf0),
        msg: about(message),
        res: Resolution::Accepted(Acceptance::default()),
        log: position(index),
    }
}

/// An answer without records.
pub fn answer_claims(message: &Message, index: u64) -> AnswerClaims {
    AnswerClaims {
        iss: id("hub"),
        aud: id("qingpu"),
        iat: NOW.plus_seconds(1),
        jti: jti(0xf1),
        msg: about(message),
        irt: message.jti,
        log: Some(position(index)),
        known_at: Some(index),
        coverage: Some(json!({ "complete": true })),
        body: json!({ "records": [] }),
    }
}

/// An answer of the tokeniser.
pub fn token_claims(message: &Message) -> AnswerClaims {
    AnswerClaims {
        iss: id("tokens"),
        log: None,
        known_at: None,
        coverage: None,
        ..answer_claims(message, 0)
    }
}
