//! Nothing accepted is ever lost: a real process on a real file, killed with −9 at random moments
//! under load. Every receipt that was given out is found afterwards with a proof that verifies, and
//! the tables are what the log says.
//!
//! `TALENT_GATEWAY_KILLS=200` asks for more kills than the few of an ordinary run.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "cli/support.rs"]
mod support;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use talent_gateway::config::{self, ConnectorConfig};
use talent_gateway::domain::registry::MessageType;
use talent_gateway::evidence::{TrustedDirectory, verify_reply};
use talent_gateway::gateway::Ports;
use talent_gateway::jws::{SigningKey, read_private_pem};
use talent_gateway::message::{Composer, Message};
use talent_gateway::net::client::Client;
use talent_gateway::schema::Registry;
use talent_gateway::service::{outbound, pin, system_ports};

const KILLS: u32 = 8;
const SENDERS: usize = 8;
const REPLY_TIME: Duration = Duration::from_secs(20);

/// A message with the reply that came for it.
struct Given {
    message: Message,
    receipt: String,
}

struct District {
    config: ConnectorConfig,
    key: SigningKey,
    schemas: Registry,
    ports: Ports,
}

impl District {
    fn open(folder: &Path) -> Self {
        let config: ConnectorConfig = config::load(folder).unwrap();
        let key =
            read_private_pem(&config.keys.message.file, config.keys.message.kid.clone()).unwrap();
        Self { config, key, schemas: Registry::load().unwrap(), ports: system_ports() }
    }

    fn client(&self) -> Client {
        let (peer, section) = (&self.config.gateway, &self.config.client);
        outbound(peer, section, self.config.run.as_deref(), self.ports.clock.clone()).unwrap()
    }

    fn compose(&self, record: &str) -> Message {
        let composer =
            Composer { schemas: &self.schemas, key: &self.key, aud: &self.config.gateway.id };
        let (now, id) = (self.ports.clock.now(), self.ports.ids.uuid_v7());
        let body = certification(record);
        composer.compose(MessageType::Certification, &body, now, id, None).unwrap()
    }
}

fn certification(record: &str) -> Value {
    json!({
        "record": record, "revision": 1, "action": "issue",
        "subject": { "token": "ZmljdGl0aW91cyB0b2tlbiBvZiBub2JvZHkgLi4uLi4", "epoch": 1 },
        "authority": { "name": "青浦区人才办（测试）", "region": "310118" },
        "attestation": { "level": "issued", "as_of": "2026-01-01" },
        "validity": { "from": "2026-01-01" },
        "scheme": "qingpu-housing", "scheme_version": "2020", "class": "D",
        "basis": { "document": "qingpu-2020-88", "article": "附件4 一（一）4" }
    })
}

async fn push(client: &Client, message: &Message) -> Option<String> {
    let bytes = Bytes::copy_from_slice(message.compact.as_bytes());
    let reply = client.post("/v1/messages", "application/jose", bytes, REPLY_TIME).await.ok()?;
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    Some(body["receipt"].as_str()?.to_owned())
}

/// Pushes from several senders until the process is gone; gives what was answered.
async fn load(district: &Arc<District>, round: u32) -> Vec<Given> {
    let given = Arc::new(Mutex::new(Vec::new()));
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let (district, given) = (Arc::clone(district), Arc::clone(&given));
        senders.spawn(async move {
            let client = district.client();
            for n in 0_u32.. {
                let message = district.compose(&format!("k{round}-{sender}-{n}"));
                let Some(receipt) = push(&client, &message).await else { return };
                given.lock().unwrap().push(Given { message, receipt });
            }
        });
    }
    senders.join_all().await;
    Arc::into_inner(given).unwrap().into_inner().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "how many kills is the caller's choice")]
#[tokio::test(flavor = "multi_thread")]
async fn receipts_survive_kill_9_at_random_moments() {
    let kills = std::env::var("TALENT_GATEWAY_KILLS").ok().and_then(|n| n.parse().ok());
    let kills = kills.unwrap_or(KILLS);
    talent_gateway::net::tls::install_provider();
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("dev");
    let made = support::run(&["init", at.to_str().unwrap(), "--port-base", "0"]);
    assert_eq!(made.code, 0, "{made:?}");
    let district = Arc::new(District::open(&at.join("districts/qingpu")));
    let mut rng = fastrand::Rng::with_seed(u64::from(std::process::id()));
    let mut given = Vec::new();
    for round in 0..kills {
        let role = support::Role::start("serve", &at);
        let working = {
            let district = Arc::clone(&district);
            tokio::spawn(async move { load(&district, round).await })
        };
        tokio::time::sleep(Duration::from_millis(rng.u64(20..400))).await;
        role.kill();
        given.extend(working.await.unwrap());
    }
    assert!(given.len() > 50, "there was hardly any load: {}", given.len());
    let role = support::Role::start("serve", &at);
    check(&district, &given).await;
    assert_eq!(role.stop(), 0);
    let rebuilt = support::run(&["rebuild", "check", "--config", at.to_str().unwrap()]);
    assert_eq!(rebuilt.code, 0, "{rebuilt:?}");
    println!("{kills} kills, {} receipts, all found and proven", given.len());
}

/// Every receipt is given again, byte for byte, with a proof that verifies.
async fn check(district: &District, given: &[Given]) {
    let client = district.client();
    let reply = client.get("/v1/directory", REPLY_TIME).await.unwrap();
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let pin = pin(&district.config.pinned).unwrap();
    let directory =
        TrustedDirectory::open(body["directory"].as_str().unwrap(), &pin, None).unwrap();
    for Given { message, receipt } in given {
        let path = format!("/v1/messages/qingpu/{}", message.jti);
        let reply = client.get(&path, REPLY_TIME).await.unwrap();
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body["receipt"].as_str(), Some(receipt.as_str()), "{}", message.jti);
        let proof = body["proof"].as_str().unwrap();
        verify_reply(&directory, directory.log(), &message.compact, receipt, proof).unwrap();
    }
}

const CONNECTORS: [&str; 2] = ["qingpu", "jiashan"];
const RECORDS: u32 = 40;
const OUTBOX_TIME: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn outboxes_empty_and_every_record_is_there_once_though_the_gateway_was_killed() {
    talent_gateway::net::tls::install_provider();
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("dev");
    let made = support::run(&["init", at.to_str().unwrap(), "--port-base", "0"]);
    assert_eq!(made.code, 0, "{made:?}");
    let gateway = support::Role::start("serve", &at);
    // The connectors must find it again where it was.
    keep_port(&at, &gateway.bound);
    let _tokeniser = support::Role::start("tokenise", &at.join("tokeniser"));
    let mut offices = Vec::new();
    for district in CONNECTORS {
        let folder = at.join("districts").join(district);
        let role = support::Role::start("connect", &folder);
        let url = address(&role.bound);
        offices.push((role, Client::loopback(&format!("http://{url}")).unwrap(), token(&folder)));
    }
    let mut gateway = Some(gateway);
    for n in 0..RECORDS {
        for (_, client, token) in &offices {
            let status = post(client, token, "/local/v1/records", &plain(n)).await.0;
            assert_eq!(status, 202, "taken, whatever the gateway does");
        }
        if n == RECORDS / 3 {
            drop(gateway.take());
        }
        if n == RECORDS * 2 / 3 {
            gateway = Some(support::Role::start("serve", &at));
        }
    }
    let until = tokio::time::Instant::now() + OUTBOX_TIME;
    for (_, client, token) in &offices {
        loop {
            let counts = get(client, token, "/local/v1/outbox").await;
            if counts["done"] == json!(RECORDS) {
                assert_eq!(counts["waiting"], 0, "{counts}");
                break;
            }
            assert!(tokio::time::Instant::now() < until, "not delivered in time: {counts}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    assert_eq!(gateway.take().unwrap().stop(), 0);
    let database = rusqlite::Connection::open(at.join("gateway/gateway.db")).unwrap();
    let sql =
        "SELECT count(*), count(DISTINCT iss || digest) FROM entry WHERE mt = 'certification/1'";
    let counted: (u32, u32) =
        database.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let sent = RECORDS * u32::try_from(CONNECTORS.len()).unwrap();
    assert_eq!(counted, (sent, sent), "each record once");
}

fn address(bound: &Value) -> String {
    bound["bound"][0]["address"].as_str().unwrap().to_owned()
}

/// Writes the port that was taken into the configuration.
fn keep_port(at: &Path, bound: &Value) {
    let file = at.join("talent-gateway.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let fixed = text.replacen("127.0.0.1:0", &address(bound), 1);
    assert_ne!(fixed, text);
    std::fs::write(file, fixed).unwrap();
}

fn token(folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("operators.txt")).unwrap();
    let line = text.lines().find(|l| l.contains(" window ")).unwrap();
    line.split_whitespace().nth(2).unwrap().to_owned()
}

fn plain(n: u32) -> Value {
    let mut record = certification(&format!("c{n}"));
    record.as_object_mut().unwrap().remove("subject");
    json!({
        "kind": "certification",
        "person": { "document_type": "111", "number": "11010519491231002X" },
        "record": record
    })
}

async fn post(client: &Client, token: &str, path: &str, body: &Value) -> (u16, Value) {
    call(client, http::Method::POST, token, path, Bytes::from(body.to_string())).await
}

async fn get(client: &Client, token: &str, path: &str) -> Value {
    call(client, http::Method::GET, token, path, Bytes::new()).await.1
}

async fn call(
    client: &Client,
    method: http::Method,
    token: &str,
    path: &str,
    body: Bytes,
) -> (u16, Value) {
    let mut headers = http::HeaderMap::new();
    headers.insert(http::header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    headers.insert(http::header::CONTENT_TYPE, "application/json".parse().unwrap());
    let reply = client.call(method, path, headers, body, REPLY_TIME).await.unwrap();
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
}
