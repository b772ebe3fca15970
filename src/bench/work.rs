//! What is sent: messages of generated subjects, signed before the window opens.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::error::BenchError;
use super::load::{Load, send};
use super::server::Server;
use super::{BULK, Plan};
use crate::config::{self, ConnectorConfig};
use crate::domain::participant::ParticipantId;
use crate::domain::recognition;
use crate::domain::registry::MessageType;
use crate::domain::subject::{Token, TokenRef};
use crate::gateway::Ports;
use crate::jws::{Digest, SigningKey, read_private_pem};
use crate::message::Composer;
use crate::net::client::Client;
use crate::schema::Registry;
use crate::service::{StartError, outbound_with};
use crate::synth;

/// Subjects that queries ask about.
const SUBJECTS: usize = 10_240;

/// What a message of the load is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One certification of a new subject.
    Push,
    /// A bulk message of [`BULK`] certifications of new subjects.
    Batch,
    /// A recognition query about a subject with one record of another district.
    Query,
}

impl Kind {
    /// Operations in one message.
    pub const fn operations(self) -> usize {
        match self {
            Self::Batch => BULK,
            Self::Push | Self::Query => 1,
        }
    }

    /// The ratio to the floor that is asked for.
    pub const fn target(self) -> Option<f64> {
        match self {
            Self::Push => Some(1.8),
            Self::Batch => Some(1.7),
            Self::Query => None,
        }
    }

    pub(super) const fn message_type(self) -> MessageType {
        match self {
            Self::Push | Self::Batch => MessageType::Certification,
            Self::Query => MessageType::RecognitionQuery,
        }
    }
}

/// A district of the installation.
pub(super) struct Party {
    pub config: ConnectorConfig,
    pub key: SigningKey,
}

impl Party {
    fn open(folder: &Path, id: &str) -> Result<Self, BenchError> {
        let config: ConnectorConfig = config::load(&folder.join("districts").join(id))?;
        let file = &config.keys.message;
        let key = read_private_pem(&file.file, file.kid.clone()).map_err(StartError::from)?;
        Ok(Self { config, key })
    }

    fn client(&self, server: &Server, ports: &Ports) -> Result<Client, BenchError> {
        let mut peer = self.config.gateway.clone();
        peer.url = format!("https://localhost:{}", server.address.port());
        let clock = Arc::clone(&ports.clock);
        let versions = crate::net::client::Versions::Http1;
        Ok(outbound_with(&peer, &self.config.client, None, clock, versions)?)
    }
}

/// Everything that will be sent.
pub(super) struct Work {
    pub asker: Party,
    pub schemas: Registry,
    pub aud: ParticipantId,
    pub messages: Arc<[Bytes]>,
    /// A body of the load.
    pub body: Value,
    /// Entries that were made to prepare it.
    pub entries: usize,
}

impl Work {
    /// Signs the load, and pushes what queries need to find something.
    pub(super) async fn prepare(
        folder: &Path,
        server: &Server,
        plan: Plan,
        ports: &Ports,
    ) -> Result<Self, BenchError> {
        let schemas = Registry::load().map_err(StartError::from)?;
        let asker = Party::open(folder, "qingpu")?;
        let aud = asker.config.gateway.id.clone();
        let mut work =
            Self { asker, schemas, aud, messages: Arc::default(), body: Value::Null, entries: 0 };
        if plan.kind == Kind::Query {
            work.entries = work.furnish(folder, server, ports).await?;
        }
        let day = ports.clock.now().date_cst().to_string();
        let body = |index| match plan.kind {
            Kind::Push => certification(index, &day),
            Kind::Batch => {
                let items = (index * BULK..(index + 1) * BULK).map(|n| certification(n, &day));
                json!({ "items": items.collect::<Vec<_>>() })
            }
            Kind::Query => query(index % SUBJECTS, &day),
        };
        let ty = plan.kind.message_type();
        let messages: Result<Vec<_>, _> =
            (0..plan.messages).map(|n| work.sign(&work.asker, ty, &body(n), ports)).collect();
        work.messages = messages?.into();
        work.body = body(0);
        Ok(work)
    }

    fn sign(
        &self,
        party: &Party,
        ty: MessageType,
        body: &Value,
        ports: &Ports,
    ) -> Result<Bytes, BenchError> {
        let composer = Composer { schemas: &self.schemas, key: &party.key, aud: &self.aud };
        let (now, id) = (ports.clock.now(), ports.ids.uuid_v7());
        Ok(composer.compose(ty, body, now, id, None)?.compact.into())
    }

    /// Titles of the neighbour's, and the rules by which they count here.
    async fn furnish(
        &self,
        folder: &Path,
        server: &Server,
        ports: &Ports,
    ) -> Result<usize, BenchError> {
        let neighbour = Party::open(folder, "jiashan")?;
        let day = ports.clock.now().date_cst().to_string();
        let titles: Vec<Value> = (0..SUBJECTS).map(|n| title(n, &day)).collect();
        let bulks = titles.chunks(BULK).map(|items| {
            let body = json!({ "items": items });
            self.sign(&neighbour, MessageType::Qualification, &body, ports)
        });
        let bulks: Arc<[Bytes]> = bulks.collect::<Result<Vec<_>, _>>()?.into();
        Load::new(server, &neighbour, 1, &bulks, ports)?.send(0..bulks.len()).await?;
        let rules = recognition::rules().map_err(|_| BenchError::Floor("the recognition rules"))?;
        let own = rules
            .iter()
            .filter(|r| self.asker.key.kid().participant() == Some(r.recogniser.clone()));
        let client = self.asker.client(server, ports)?;
        let mut entries = bulks.len();
        for rule in own {
            let ty = MessageType::RecognitionRule;
            send(&client, self.sign(&self.asker, ty, &json!(rule), ports)?).await?;
            entries += 1;
        }
        Ok(entries)
    }
}

/// Seed of the generated talents.
const SEED: u64 = 2026;

/// In place of a token: a digest of the identifier, which is as long and as little like others.
fn token(person: &Value) -> TokenRef {
    TokenRef {
        token: Token::from_bytes(Digest::of(person.to_string()).0),
        epoch: 1,
        composite: false,
    }
}

/// A record of a generated talent, attested today, with a token in place of the identifier.
fn record(mut body: Value, day: &str) -> Value {
    body["subject"] = json!(token(&body["subject"]));
    body["attestation"]["as_of"] = json!(day);
    body
}

fn certification(n: usize, day: &str) -> Value {
    let mut body = record(synth::certification(SEED, n), day);
    body["validity"] = json!({ "from": "2026-01-01", "until": "2028-12-31" });
    body
}

/// A title that the neighbour has verified at its source.
fn title(n: usize, day: &str) -> Value {
    let mut body = record(synth::title(SEED, n), day);
    body["attestation"]["level"] = json!("verified-at-source");
    body["validity"] = json!({ "from": "2022-07-01" });
    body
}

fn query(n: usize, day: &str) -> Value {
    json!({
        "context": {
            "case": format!("BENCH-{n:08}"),
            "purpose": "recognition",
            "legal_basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）" },
            "operator": { "id": "op-bench", "role": "system" },
        },
        "subject": token(&synth::certification(SEED, n)["subject"]),
        "at": "qingpu",
        "for_purpose": "appointment",
        "valid_at": day,
    })
}
