//! Table keys of tokens: `HMAC-SHA-256(k_M, domain ‖ epoch ‖ token)` (`formats.md` §6.4), of a passport
//! in one participant's records `… ‖ owner`. A stolen table is useless without `k_M`, even together with the tokeniser's key.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, TokenRef};
use crate::projection::Resolution;

/// The matcher's own key `k_M`.
pub struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    /// Under this key.
    pub fn new(key: &[u8; 32]) -> Self {
        // RFC 2104 pads a short key with zeros to the block size; doing it here keeps the type
        // from having a way to fail.
        let mut block = [0; 64];
        block[..32].copy_from_slice(key);
        let keyed = Hmac::<Sha256>::new(&block.into());
        Self { keyed }
    }
}

impl Resolution for Pseudonyms {
    fn lookup(&self, token: Ref<&TokenRef>, owner: Option<&ParticipantId>) -> [u8; 32] {
        let (domain, token) = match token {
            Ref::Talent(t) => (b't', t),
            Ref::Object(t) => (b'o', t),
        };
        let mut mac = self.keyed.clone();
        mac.update(&[domain]);
        mac.update(&token.epoch.to_be_bytes());
        mac.update(token.token.as_bytes());
        // What comes before is of one length, so that no token reads like another with its owner.
        mac.update(owner.map_or("", ParticipantId::as_str).as_bytes());
        mac.finalize().into_bytes().into()
    }
}
