//! `key`: private keys in files, what others see of them, and proof that one has them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use zeroize::Zeroizing;

use super::failure::{Exit, Failure, Outcome};
use super::output::{Form, pairs};
use crate::domain::participant::KeyId;
use crate::jws::{
    Digest, KeyFileError, KeyUse, SigningKey, possession_text, prove, read_private_pem,
    write_private_pem,
};
use crate::oprf;
use crate::service::{read_secret, system_ports};

const EXAMPLES: &str = "\
Examples:
  talent-gateway key new qingpu#message-2 keys/message-2.pem
  talent-gateway key fingerprint qingpu#message-2 keys/message-2.pem
  talent-gateway key proof qingpu#message-2 keys/message-2.pem --use message --nonce NONCE
  talent-gateway key oprf-proof tokeniser#oprf-2 tokeniser/oprf.seed --epoch 2 --nonce NONCE

Compare the fingerprint with the operator by telephone; the operator gives the nonce.";

/// Make and show keys, prove possession
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Keys {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Args)]
struct Key {
    /// Key id, `<participant>#<name>`
    kid: KeyId,
    /// Private key (PKCS #8 PEM, mode 0600)
    file: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make an Ed25519 key in a new file, mode 0600
    New(Key),
    /// The public key as JWK
    Show(Key),
    /// SHA-256 of the public key, to be compared by other means
    Fingerprint(Key),
    /// Proof of possession for `key/1`, over the operator's nonce
    Proof {
        #[command(flatten)]
        key: Key,
        /// Use the key is to be registered for
        #[arg(long = "use", value_name = "USE", value_parser = key_use)]
        key_use: KeyUse,
        /// Nonce that the operator gave
        #[arg(long)]
        nonce: String,
    },
    /// The tokeniser's key of an epoch with its proof of possession, for `key/1`
    OprfProof {
        /// Key id, `<participant>#<name>`
        kid: KeyId,
        /// The tokeniser's seed (`oprf.seed`, mode 0600)
        seed: PathBuf,
        /// Epoch the key is to be registered for, from 1
        #[arg(long)]
        epoch: u32,
        /// Nonce that the operator gave
        #[arg(long)]
        nonce: String,
    },
}

fn key_use(text: &str) -> Result<KeyUse, String> {
    serde_json::from_value(text.into())
        .map_err(|_| "one of message, receipt, directory, log, cosign, credential, tls".to_owned())
}

impl Key {
    fn read(self) -> Outcome<SigningKey> {
        read_private_pem(&self.file, self.kid).map_err(usage)
    }
}

impl Keys {
    pub(super) fn run(self, form: Form) -> Outcome {
        match self.verb {
            Verb::New(key) => {
                let mut seed = Zeroizing::new([0; 32]);
                let entropy = system_ports().entropy;
                entropy.fill(seed.as_mut_slice()).map_err(anyhow::Error::from)?;
                let made = SigningKey::from_seed(key.kid, &seed);
                write_private_pem(&key.file, &made).map_err(usage)?;
                show(&made, form)
            }
            Verb::Show(key) => show(&key.read()?, form),
            Verb::Fingerprint(key) => {
                let fingerprint = key.read()?.public().fingerprint();
                form.print(&json!({ "fingerprint": fingerprint }), |_| fingerprint.to_string())
            }
            Verb::Proof { key, key_use, nonce } => {
                let key = key.read()?;
                let proof = prove(&key, key_use, &nonce).map_err(|_| nonce_form())?;
                let value = json!({
                    "kid": key.kid(),
                    "use": key_use,
                    "jwk": key.public().to_jwk(),
                    "nonce": nonce,
                    "proof": proof,
                });
                form.print(&value, |_| proof.clone())
            }
            Verb::OprfProof { kid, seed, epoch, nonce } => {
                let seed = read_secret(&seed).map_err(|e| Failure::new(Exit::Usage, e))?;
                oprf_proof(
                    &oprf::server::Key::derive(&seed, epoch).map_err(anyhow::Error::from)?,
                    &kid,
                    &nonce,
                    form,
                )
            }
        }
    }
}

fn oprf_proof(key: &oprf::server::Key, kid: &KeyId, nonce: &str, form: Form) -> Outcome {
    let public = key.public();
    let text =
        possession_text(kid, KeyUse::Oprf, &public.to_bytes(), nonce).map_err(|_| nonce_form())?;
    let entropy = system_ports().entropy;
    let proof =
        oprf::possession::prove(key, text.as_bytes(), &*entropy).map_err(anyhow::Error::from)?;
    let fingerprint = Digest::of(public.to_bytes());
    let value = json!({
        "kid": kid,
        "use": KeyUse::Oprf,
        "epoch": key.epoch(),
        "jwk": { "kty": "OKP", "crv": "ristretto255", "x": public },
        "fingerprint": fingerprint,
        "nonce": nonce,
        "proof": proof,
    });
    form.print(&value, |_| {
        pairs([
            ("x", public.to_string()),
            ("fingerprint", fingerprint.to_string()),
            ("proof", proof.clone()),
        ])
    })
}

fn nonce_form() -> Failure {
    Failure::text(Exit::Usage, "the nonce is not 16 to 128 of base64url")
}

fn show(key: &SigningKey, form: Form) -> Outcome {
    let public = key.public();
    let value = json!({
        "kid": key.kid(),
        "jwk": public.to_jwk(),
        "fingerprint": public.fingerprint(),
        "thumbprint": public.thumbprint(),
    });
    form.print(&value, |_| {
        pairs([
            ("kid", key.kid().to_string()),
            ("x", public.to_jwk().x),
            ("fingerprint", public.fingerprint().to_string()),
            ("thumbprint", public.thumbprint()),
        ])
    })
}

fn usage(error: KeyFileError) -> Failure {
    Failure::new(Exit::Usage, error)
        .hint("a key file belongs to one user and is never written over")
}
