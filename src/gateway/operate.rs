//! What the operator does with the gateway's own keys: enrol participants and register keys, as
//! signed and logged messages like everybody else's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::Gateway;
use super::reply::{Reply, internal};
use crate::domain::code::Refusal;
use crate::domain::directory::{KeyBody, KeyRegistration, ParticipantBody, PublicJwk};
use crate::domain::participant::KeyId;
use crate::domain::registry::{Class, MessageType};
use crate::domain::time::UtcSeconds;
use crate::jws::{KeyUse, SigningKey, possession_text, prove};
use crate::message::Composer;
use crate::oprf;

/// Length of the nonce that a new key signs, in bytes.
const NONCE_BYTES: usize = 16;

/// A key that the operator has compared by its fingerprint and is about to register.
pub enum NewKey<'a> {
    /// An Ed25519 key whose holder is at hand, so that it can prove possession at once.
    Signing(&'a SigningKey, KeyUse),
    /// The tokeniser's key of an epoch, which proves itself by an evaluation.
    Oprf {
        /// Its id.
        kid: KeyId,
        /// The key; its epoch is the one it was derived for.
        key: &'a oprf::server::Key,
    },
}

impl Gateway {
    /// Sends a message as the operator: directory messages under the directory key, `clock/1` under
    /// the message key.
    pub async fn operate(
        &self,
        ty: MessageType,
        body: &(impl Serialize + Sync),
    ) -> Result<Reply, Refusal> {
        let key = match ty.class() {
            Class::Directory => &self.shared.directory_key,
            _ => &self.shared.message_key,
        };
        let composer = Composer { schemas: &self.shared.schemas, key, aud: &self.shared.id };
        let (now, id) = (self.shared.clock.now(), self.shared.ids.uuid_v7());
        let message = composer.compose(ty, body, now, id, None)?;
        let reply = self.accept(&self.shared.id, message.compact.as_bytes()).await?;
        match &reply.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(reply),
        }
    }

    /// Enrols a participant, or changes it.
    pub async fn enrol(&self, participant: &ParticipantBody) -> Result<Reply, Refusal> {
        self.operate(MessageType::Participant, participant).await
    }

    /// Registers a key for the time from `nbf` to `exp`.
    pub async fn register_key(
        &self,
        key: NewKey<'_>,
        nbf: UtcSeconds,
        exp: UtcSeconds,
    ) -> Result<Reply, Refusal> {
        let mut nonce = [0; NONCE_BYTES];
        self.shared.entropy.fill(&mut nonce).map_err(|_| internal("no randomness"))?;
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        let registration = match key {
            NewKey::Signing(key, key_use) => KeyRegistration {
                kid: key.kid().clone(),
                use_: key_use.as_str().to_owned(),
                jwk: jwk("Ed25519", URL_SAFE_NO_PAD.encode(key.public().as_bytes())),
                nbf,
                exp,
                epoch: None,
                proof: prove(key, key_use, &nonce)?,
                nonce,
            },
            NewKey::Oprf { kid, key } => {
                let public = key.public();
                let text = possession_text(&kid, KeyUse::Oprf, &public.to_bytes(), &nonce)?;
                KeyRegistration {
                    kid,
                    use_: KeyUse::Oprf.as_str().to_owned(),
                    jwk: jwk("ristretto255", public.to_string()),
                    nbf,
                    exp,
                    epoch: Some(key.epoch()),
                    proof: oprf::possession::prove(key, text.as_bytes(), &*self.shared.entropy)?,
                    nonce,
                }
            }
        };
        self.operate(MessageType::Key, &KeyBody::Register(registration)).await
    }

    /// Registers the gateway's own keys; the first thing that a new log holds after its operator.
    pub async fn register_own_keys(&self, nbf: UtcSeconds, exp: UtcSeconds) -> Result<(), Refusal> {
        let shared = &self.shared;
        for (key, key_use) in [
            (&shared.directory_key, KeyUse::Directory),
            (&shared.receipt_key, KeyUse::Receipt),
            (&shared.message_key, KeyUse::Message),
            (&shared.log_key, KeyUse::Log),
        ] {
            self.register_key(NewKey::Signing(key, key_use), nbf, exp).await?;
        }
        Ok(())
    }
}

fn jwk(crv: &str, x: String) -> PublicJwk {
    PublicJwk { kty: "OKP".to_owned(), crv: crv.to_owned(), x }
}
