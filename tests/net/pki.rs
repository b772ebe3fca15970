//! The development CA: what it signs, what it refuses, how files are kept.

use std::os::unix::fs::PermissionsExt as _;

use rcgen::{CertificateParams, KeyPair, PKCS_ED25519, PKCS_RSA_SHA256};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use talent_gateway::net::client::Client;
use talent_gateway::net::limits::Limits;
use talent_gateway::net::peer::PeerIdentity;
use talent_gateway::net::tls::{self, Identity, Trust};
use talent_gateway::pki::{Ca, PkiError, Profile, write_private, write_public};
use talent_gateway::system::SystemEntropy;

use crate::support::*;

#[tokio::test]
async fn a_request_proves_its_key_and_names_nobody() {
    let world = World::new();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    let claimed = "urn:ydt:participant:jiashan".try_into().unwrap();
    params.subject_alt_names = vec![rcgen::SanType::URI(claimed)];
    let csr = params.serialize_request(&key).unwrap().pem().unwrap();

    let leaf = world.ca.sign_csr(&csr, &participant("qingpu"), NOW, &SystemEntropy).unwrap();
    let der = CertificateDer::from_pem_slice(leaf.pem.as_bytes()).unwrap();
    let peer = PeerIdentity::from_certificate(&der).unwrap();
    assert_eq!(peer.participant.as_str(), "qingpu", "the name comes from the CA's caller");

    let server = Server::start(Some(world.mutual_tls()), app(), Limits::default()).await;
    let own = Identity::from_pem(&leaf.pem, &key.serialize_pem()).unwrap();
    let servers = Trust::without_revocation(world.ca.root_pem()).unwrap();
    let config = tls::client_config(Some(own), servers, world.clock.clone()).unwrap();
    let base = format!("https://127.0.0.1:{}", server.addr.port());
    let reply = Client::https(&base, config).unwrap().get("/who", PATIENCE).await.unwrap();
    assert_eq!(reply.body, "HTTP/2.0 qingpu");
}

#[test]
fn requests_that_prove_nothing_are_refused() {
    let ca = new_ca();
    let sign = |csr: &str| ca.sign_csr(csr, &participant("qingpu"), NOW, &SystemEntropy);
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let good = CertificateParams::default().serialize_request(&key).unwrap();
    sign(&good.pem().unwrap()).unwrap();

    // The last bytes are the signature.
    let mut forged = good.der().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let rsa = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    let rsa = CertificateParams::default().serialize_request(&rsa).unwrap().pem().unwrap();
    for bad in [String::new(), "x".repeat(20_000), pem(&forged), rsa, ca.root_pem().to_owned()] {
        assert!(matches!(sign(&bad), Err(PkiError::Request(_))));
    }
}

fn pem(csr: &[u8]) -> String {
    use base64::Engine as _;
    let body = base64::engine::general_purpose::STANDARD.encode(csr);
    let lines: Vec<_> = body.as_bytes().chunks(64).map(|l| str::from_utf8(l).unwrap()).collect();
    let text = lines.join("\n");
    format!("-----BEGIN CERTIFICATE REQUEST-----\n{text}\n-----END CERTIFICATE REQUEST-----\n")
}

#[test]
fn a_ca_is_loaded_only_with_its_own_key() {
    let (ca, other) = (new_ca(), new_ca());
    let profile = || Profile::development().unwrap();
    let again = Ca::load(profile(), ca.root_pem(), ca.key().expose()).unwrap();
    assert_eq!(again.root_pem(), ca.root_pem());
    assert!(Ca::load(profile(), ca.root_pem(), other.key().expose()).is_err());
    let leaf = ca.issue_client(&participant("qingpu"), NOW, &SystemEntropy).unwrap();
    assert!(Ca::load(profile(), &leaf.leaf.pem, leaf.key.expose()).is_err(), "a leaf is no CA");
    assert!(!format!("{ca:?} {leaf:?}").contains("PRIVATE KEY"));
}

#[test]
fn keys_are_private_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let ca = new_ca();
    let (cert, key) = (folder.path().join("ca.crt"), folder.path().join("ca.key"));
    write_public(&cert, ca.root_pem()).unwrap();
    write_public(&cert, ca.root_pem()).unwrap();
    write_private(&key, &ca.key()).unwrap();
    assert!(write_private(&key, &new_ca().key()).is_err(), "an existing key stays");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&cert), mode(&key)), (0o644, 0o600));
    assert_eq!(std::fs::read_to_string(&key).unwrap(), ca.key().expose());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left over");
}
