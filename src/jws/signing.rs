//! Private keys. Signing takes 10 µs with aws-lc-rs against 18 with ed25519-dalek; verifying stays
//! with the latter, which alone has `verify_strict`.

use std::fmt;

use aws_lc_rs::signature::Ed25519KeyPair;
use ed25519_dalek::Signer as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use serde::Serialize;
use zeroize::Zeroizing;

use super::base64url;
use super::header::{Algorithm, Typ};
use super::key::PublicKey;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::KeyId;

/// The `alg` name that we emit (`formats.md` §1.8).
const EMITTED: Algorithm = Algorithm::EdDsa;

/// An Ed25519 private key with the id that its signatures name. Wiped when dropped; `Debug` shows
/// the id alone. Always signs with its own public half: a detached one would leak the key.
pub struct SigningKey {
    kid: KeyId,
    key: ed25519_dalek::SigningKey,
    /// The faster implementation of the same key; without it the other one signs.
    fast: Option<Ed25519KeyPair>,
    public: PublicKey,
    /// Encoded headers with their dot, one per [`Typ`].
    headers: [String; Typ::ALL.len()],
}

/// Text that holds no PKCS#8 private key of the kind Ed25519. Carries no part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 private key in PKCS#8 PEM form")]
pub struct ParsePrivateKeyError;

impl SigningKey {
    /// From 32 random bytes. Where they come from is the caller's duty.
    pub fn from_seed(kid: KeyId, seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = PublicKey::from(&key.verifying_key());
        let fast = Ed25519KeyPair::from_seed_and_public_key(seed, public.as_bytes()).ok();
        let headers = Typ::ALL.map(|typ| {
            // None of the three needs escaping: two are constants, a key id is ASCII without `"`.
            let (alg, typ) = (EMITTED.as_str(), typ.as_str());
            let header = format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":"{kid}"}}"#);
            base64url::encode(header) + "."
        });
        Self { kid, key, fast, public, headers }
    }

    /// From PKCS#8 PEM text (RFC 8410, RFC 7468), as `openssl genpkey -algorithm ed25519` writes.
    ///
    /// # Errors
    /// [`ParsePrivateKeyError`].
    pub fn from_pkcs8_pem(kid: KeyId, pem: &str) -> Result<Self, ParsePrivateKeyError> {
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem.trim())
            .map_err(|_| ParsePrivateKeyError)?;
        Ok(Self::from_seed(kid, key.as_bytes()))
    }

    /// As PKCS#8 version 1 PEM text, which OpenSSL and Java read. Wiped when dropped.
    ///
    /// # Errors
    /// [`Code::Internal`] if the encoder fails.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, Refusal> {
        let bytes = KeypairBytes { secret_key: self.key.to_bytes(), public_key: None };
        bytes.to_pkcs8_pem(LineEnding::LF).map_err(|_| Code::Internal.into())
    }

    /// The key id.
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs payload bytes as a compact JWS.
    pub fn sign(&self, typ: Typ, payload: &[u8]) -> String {
        let header = self.header(typ);
        let size = header.len() + base64url::encoded_len(payload.len());
        let mut text = String::with_capacity(size + base64url::encoded_len(64) + 1);
        text.push_str(header);
        base64url::encode_into(payload, &mut text);
        let signature = self.sign_bytes(text.as_bytes());
        text.push('.');
        base64url::encode_into(signature, &mut text);
        text
    }

    /// Signs a value as JSON. For the claim types, which know their [`Typ`].
    ///
    /// # Errors
    /// [`Code::Internal`] if the value cannot be written as JSON.
    pub fn sign_json(&self, typ: Typ, payload: &impl Serialize) -> Result<String, Refusal> {
        let bytes = serde_json::to_vec(payload).map_err(|_| Code::Internal)?;
        Ok(self.sign(typ, &bytes))
    }

    /// Signs bytes that are no JWS: checkpoints, cosignatures, proofs of possession. Each of those
    /// holds newlines, so it cannot be mistaken for a JWS signing input.
    pub fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        let fast = self.fast.as_ref().and_then(|key| key.try_sign(message).ok());
        fast.and_then(|signature| signature.as_ref().try_into().ok())
            .unwrap_or_else(|| self.key.sign(message).to_bytes())
    }

    fn header(&self, typ: Typ) -> &str {
        let [message, receipt, answer, directory, credential] = &self.headers;
        match typ {
            Typ::Message => message,
            Typ::Receipt => receipt,
            Typ::Answer => answer,
            Typ::Directory => directory,
            Typ::Credential => credential,
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, ..)", self.kid)
    }
}
