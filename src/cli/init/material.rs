//! Keys, certificates and secrets of an installation.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use zeroize::Zeroizing;

use super::plan::{District, TOKENISER, districts};
use crate::domain::entropy::Entropy;
use crate::gateway::Ports;
use crate::jws::{Digest, SigningKey, write_private_pem};
use crate::pki::{Ca, Credential, LOCAL_NAMES, Profile, write_private, write_public};
use crate::service::write_secret;

/// Mode of folders that hold private files.
const PRIVATE_FOLDER: u32 = 0o700;

/// 32 bytes that nobody can guess.
pub(super) fn random(entropy: &dyn Entropy) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    entropy.fill(bytes.as_mut_slice())?;
    Ok(bytes)
}

/// Makes a folder that only the owner may enter.
pub(super) fn private_folder(folder: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(PRIVATE_FOLDER)
        .create(folder)
        .with_context(|| folder.display().to_string())
}

/// Makes a signing key and writes it.
pub(super) fn signing_key(
    kid: &str,
    file: &Path,
    entropy: &dyn Entropy,
) -> anyhow::Result<SigningKey> {
    let key = SigningKey::from_seed(kid.parse()?, &*random(entropy)?);
    write_private_pem(file, &key)?;
    Ok(key)
}

/// Writes a secret of 32 bytes.
pub(super) fn secret(file: &Path, bytes: &[u8; 32]) -> anyhow::Result<()> {
    let text = Zeroizing::new(format!("{}\n", URL_SAFE_NO_PAD.encode(bytes)));
    Ok(write_secret(file, &text)?)
}

/// Makes the CA of an installation.
pub(super) fn ca(folder: &Path, ports: &Ports) -> anyhow::Result<Ca> {
    let pki = folder.join("pki");
    private_folder(&pki)?;
    let ca = Ca::create(Profile::development()?, ports.clock.now(), &*ports.entropy)?;
    write_public(&pki.join("ca.pem"), ca.root_pem())?;
    write_private(&pki.join("ca.key"), &ca.key())?;
    Ok(ca)
}

/// Reads the CA of an installation.
pub(super) fn load_ca(folder: &Path) -> anyhow::Result<Ca> {
    let read = |name: &str| {
        let file = folder.join("pki").join(name);
        fs::read_to_string(&file).with_context(|| file.display().to_string())
    };
    Ok(Ca::load(Profile::development()?, &read("ca.pem")?, &read("ca.key")?)?)
}

/// Issues every certificate of the installation and the revocation list; replaces old ones.
pub(super) fn certificates(folder: &Path, ca: &Ca, ports: &Ports) -> anyhow::Result<()> {
    let (now, entropy) = (ports.clock.now(), &*ports.entropy);
    let crl = ca.crl(&[], now)?;
    write_public(&folder.join("pki/crl.pem"), &crl)?;
    let server = || ca.issue_server(&LOCAL_NAMES, now, entropy);
    let client = |id: &str| anyhow::Ok(ca.issue_client(&id.parse()?, now, entropy)?);
    credential(&folder.join("gateway"), "tls", &server()?)?;
    credential(&folder.join("tokeniser"), "tls", &server()?)?;
    credential(&folder.join("tokeniser"), "client", &client(TOKENISER)?)?;
    for district in districts() {
        credential(&district_folder(folder, district.id), "tls", &client(district.id)?)?;
    }
    Ok(())
}

fn credential(folder: &Path, name: &str, credential: &Credential) -> anyhow::Result<()> {
    let key = folder.join(format!("{name}.key"));
    match fs::remove_file(&key) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| key.display().to_string());
        }
        _ => {}
    }
    write_private(&key, &credential.key).with_context(|| key.display().to_string())?;
    let chain = folder.join(format!("{name}.pem"));
    write_public(&chain, &credential.leaf.pem).with_context(|| chain.display().to_string())
}

/// The folder of a district.
pub(super) fn district_folder(folder: &Path, id: &str) -> PathBuf {
    folder.join("districts").join(id)
}

/// Writes the two operators of a district: hashes for the connector, tokens for the people.
pub(super) fn operators(
    folder: &Path,
    district: &District,
    connector: &str,
    entropy: &dyn Entropy,
) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    let mut tokens = Zeroizing::new(format!(
        "# Bearer tokens of two development operators of {}. The connector knows only their SHA-256.\n\
         #   curl -H \"Authorization: Bearer TOKEN\" {connector}/local/v1/feed\n",
        district.name.en
    ));
    for role in ["window", "reviewer"] {
        let id = format!("op-{}-{role}", district.id);
        let token = Zeroizing::new(URL_SAFE_NO_PAD.encode(*random(entropy)?));
        lines.push(json!({ "id": id, "role": role, "sha256": Digest::of(token.as_str()) }));
        // Writing to a String cannot fail.
        let _ = writeln!(tokens, "{id} {role} {}", token.as_str());
    }
    let hashes = serde_json::to_string_pretty(&json!({ "operators": lines }))?;
    fs::write(folder.join("operators.json"), hashes + "\n")?;
    Ok(write_secret(&folder.join("operators.txt"), &tokens)?)
}
