//! What the real gateway gives out is what this module verifies.

use talent_gateway::evidence::{Pin, ReplyClaims, TrustedDirectory, verify_reply};

use crate::support::{Hub, certification, id, key, token};

#[tokio::test]
async fn a_receipt_of_the_gateway_verifies_under_its_published_directory() {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::new(dir.path()).await;
    let message =
        hub.compose("qingpu", "certification/1", &certification("r1", 1, "issue", token(9)));
    let reply = hub.gateway.accept(&id("qingpu"), message.compact.as_bytes()).await.unwrap();
    let document = hub.gateway.document().unwrap();
    let signer = key("gateway#directory-1", DIRECTORY_SEED);
    let pin = Pin { operator: id("gateway"), key: signer.public().clone() };
    let directory = TrustedDirectory::open(&document.compact, &pin, None).unwrap();
    assert_eq!(directory.version(), document.version);
    let log = directory.log();
    let verified =
        verify_reply(&directory, log, &message.compact, &reply.compact, &reply.proof).unwrap();
    assert!(matches!(verified.claims(), ReplyClaims::Receipt(_)));
}

/// The seed that the test gateway makes its directory key of.
const DIRECTORY_SEED: u8 = 1;
