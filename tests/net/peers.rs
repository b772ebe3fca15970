//! Who gets in, and as whom.

use std::sync::Arc;

use rustls::HandshakeKind;
use rustls::client::Resumption;
use sha2::{Digest as _, Sha256};
use talent_gateway::net::client::{Client, ClientError};
use talent_gateway::net::limits::Limits;
use talent_gateway::net::peer::PeerIdentity;
use talent_gateway::net::tls::{ClientAuth, Trust};
use talent_gateway::system::SystemEntropy;

use crate::support::*;

#[tokio::test]
async fn http_1_1_and_http_2_carry_the_peer() {
    let world = World::new();
    let server = Server::start(Some(world.mutual_tls()), app(), Limits::default()).await;
    let qingpu = world.client("qingpu");

    let reply = world.https(server.addr, Some(&qingpu)).get("/who", PATIENCE).await.unwrap();
    assert_eq!(reply.body, "HTTP/2.0 qingpu");

    let mut stream = connect(server.addr, world.client_tls(Some(&qingpu))).await;
    let request = b"GET /who HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let reply = talk(&mut stream, request).await;
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    assert!(reply.ends_with("HTTP/1.1 qingpu"), "{reply}");
    assert_eq!(server.stop().await.aborted, 0);
}

#[tokio::test]
async fn nobody_without_a_certificate_of_our_ca_gets_in() {
    let world = World::new();
    let server = Server::start(Some(world.mutual_tls()), app(), Limits::default()).await;
    let stranger = new_ca().issue_client(&participant("qingpu"), NOW, &SystemEntropy).unwrap();
    let as_client = world.ca.issue_server(&["localhost"], NOW, &SystemEntropy).unwrap();
    for (who, credential) in
        [("none", None), ("other CA", Some(&stranger)), ("server's", Some(&as_client))]
    {
        let outcome = world.https(server.addr, credential).get("/who", PATIENCE).await;
        assert_eq!(outcome.err(), Some(ClientError::Tls), "{who}");
    }
}

#[tokio::test]
async fn the_server_has_to_be_of_our_ca_too() {
    let (world, other) = (World::new(), World::new());
    let server = Server::start(Some(other.mutual_tls()), app(), Limits::default()).await;
    let outcome =
        world.https(server.addr, Some(&world.client("qingpu"))).get("/who", PATIENCE).await;
    assert_eq!(outcome.err(), Some(ClientError::Tls));
}

#[tokio::test]
async fn dates_are_judged_by_the_clock() {
    let world = World::new();
    let server = Server::start(Some(world.mutual_tls()), app(), Limits::default()).await;
    let qingpu = world.client("qingpu");
    let client = world.https(server.addr, Some(&qingpu));
    world.clock.set(qingpu.leaf.not_after.plus_seconds(1));
    assert_eq!(client.get("/who", PATIENCE).await.err(), Some(ClientError::Tls));
    world.clock.set(qingpu.leaf.not_after);
    assert_eq!(client.get("/who", PATIENCE).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_revoked_certificate_is_refused() {
    let world = World::new();
    let (qingpu, jiashan) = (world.client("qingpu"), world.client("jiashan"));
    let tls = world.mutual_tls_revoking(&[qingpu.leaf.serial]);
    let server = Server::start(Some(tls), app(), Limits::default()).await;
    let refused = world.https(server.addr, Some(&qingpu)).get("/who", PATIENCE).await;
    assert_eq!(refused.err(), Some(ClientError::Tls));
    let reply = world.https(server.addr, Some(&jiashan)).get("/who", PATIENCE).await.unwrap();
    assert_eq!(reply.body, "HTTP/2.0 jiashan");
}

#[tokio::test]
async fn an_expired_or_foreign_revocation_list_lets_nobody_in() {
    let world = World::new();
    let qingpu = world.client("qingpu");

    let server =
        Server::start(Some(world.mutual_tls_revoking(&[])), app(), Limits::default()).await;
    assert!(world.https(server.addr, Some(&qingpu)).get("/who", PATIENCE).await.is_ok());
    // The list lives for 48 hours, the certificate for seven days.
    world.clock.set(NOW.plus_seconds(3 * DAY_S));
    let outcome = world.https(server.addr, Some(&qingpu)).get("/who", PATIENCE).await;
    assert_eq!(outcome.err(), Some(ClientError::Tls), "expired list");
    world.clock.set(NOW);

    let foreign = new_ca().crl(&[], NOW).unwrap();
    let trust = Trust::with_revocation(world.ca.root_pem(), &foreign).unwrap();
    let tls = world.server_tls(ClientAuth::Required(trust));
    let server = Server::start(Some(tls), app(), Limits::default()).await;
    let outcome = world.https(server.addr, Some(&qingpu)).get("/who", PATIENCE).await;
    assert_eq!(outcome.err(), Some(ClientError::Tls), "no list covers the certificate");
}

#[test]
fn revocation_without_a_list_is_no_configuration() {
    let ca = new_ca();
    assert!(Trust::with_revocation(ca.root_pem(), "").is_err());
    assert!(Trust::with_revocation("", &ca.crl(&[], NOW).unwrap()).is_err());
}

#[tokio::test]
async fn no_session_is_resumed() {
    let world = World::new();
    let server = Server::start(Some(world.mutual_tls()), app(), Limits::default()).await;
    // This client would resume if it were given a ticket.
    let mut config = world.client_tls(Some(&world.client("qingpu")));
    config.resumption = Resumption::in_memory_sessions(8);
    for _ in 0..2 {
        let mut stream = connect(server.addr, config.clone()).await;
        let request = b"GET /who HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        assert!(talk(&mut stream, request).await.ends_with("qingpu"));
        let (_, session) = stream.get_ref();
        // A retry for another key share is a full handshake too.
        assert!(matches!(
            session.handshake_kind(),
            Some(HandshakeKind::Full | HandshakeKind::FullWithHelloRetryRequest)
        ));
        assert_eq!(session.tls13_tickets_received(), 0);
    }
}

#[tokio::test]
async fn without_a_peer_the_answer_is_a_problem() {
    let server = Server::start(None, app(), Limits::default()).await;
    let base = format!("http://{}", server.addr);
    let client = Client::loopback(&base).unwrap();
    let reply = client.get("/who", PATIENCE).await.unwrap();
    assert_eq!(reply.status, 403);
    let problem: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(problem["code"], "peer-unknown");
}

#[tokio::test]
async fn one_configuration_serves_many_listeners() {
    let world = World::new();
    let tls = world.mutual_tls();
    for id in ["qingpu", "jiashan"] {
        let server = Server::start(Some(Arc::clone(&tls)), app(), Limits::default()).await;
        let reply =
            world.https(server.addr, Some(&world.client(id))).get("/who", PATIENCE).await.unwrap();
        assert_eq!(reply.body, format!("HTTP/2.0 {id}"));
    }
}

fn certificate(uris: &[&str]) -> Vec<u8> {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["qingpu".to_owned()]).unwrap();
    for &uri in uris {
        params.subject_alt_names.push(rcgen::SanType::URI(uri.try_into().unwrap()));
    }
    params.self_signed(&key).unwrap().der().to_vec()
}

#[test]
fn a_certificate_names_exactly_one_participant() {
    let good = certificate(&["https://example.org/", "urn:ydt:participant:qingpu"]);
    let peer = PeerIdentity::from_certificate(&good).unwrap();
    assert_eq!(peer.participant.as_str(), "qingpu");
    assert_eq!(peer.fingerprint, <[u8; 32]>::from(Sha256::digest(&good)));
    for bad in [
        &[][..],
        &["urn:ydt:participant:"],
        &["urn:ydt:participant:Qingpu"],
        &["URN:YDT:participant:qingpu"],
        &["urn:ydt:role:gateway"],
        &["urn:ydt:participant:qingpu", "urn:ydt:participant:jiashan"],
        &["urn:ydt:participant:qingpu", "urn:ydt:participant:qingpu"],
        &["urn:ydt:participant:qingpu", "URN:YDT:participant:jiashan"],
        &["urn:ydt:participant:qingpu/../jiashan"],
    ] {
        assert!(PeerIdentity::from_certificate(&certificate(bad)).is_err(), "{bad:?}");
    }
    assert!(PeerIdentity::from_certificate(b"").is_err());
    assert!(PeerIdentity::from_certificate(&good[..good.len() / 2]).is_err());
}
