//! Making an installation: files first, then the log.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::enrol::{self, Enrolment};
use super::material::{
    ca, certificates, district_folder, load_ca, operators, private_folder, random, secret,
    signing_key,
};
use super::plan::{GATEWAY, Ports as PortPlan, districts};
use super::text;
use crate::config::{
    CONNECTOR_FILE, GATEWAY_FILE, GatewayConfig, PinnedFile, PinnedKey, TOKENISER_FILE, load,
};
use crate::gateway::Ports;
use crate::jws::Digest;
use crate::service::open_gateway;

/// An installation that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Its folder.
    pub folder: PathBuf,
    /// Fingerprint of the operator's directory key.
    pub fingerprint: Digest,
    /// The districts that were enrolled.
    pub districts: Vec<&'static str>,
    /// Number of log entries.
    pub entries: u64,
}

/// Steps that [`install`] tells of.
pub const STEPS: u64 = 9;

/// Makes a complete development installation in `folder`, which must be empty or not there yet.
///
/// # Errors
/// A chain of causes. What was written so far stays for a look; the folder has to be removed.
pub async fn install(
    folder: &Path,
    plan: PortPlan,
    ports: &Ports,
    mut step: impl FnMut(&str),
) -> anyhow::Result<Installation> {
    let entropy = &*ports.entropy;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let seed = random(entropy)?;
    files(folder, plan, ports, &seed)?;
    step("files");
    let config: GatewayConfig = load(folder)?;
    let pinned = PinnedFile::load(&config.pinned)?;
    let gateway = open_gateway(&config, ports.clone())?;
    let enrolment = Enrolment { gateway: &gateway, ports, folder };
    enrolment.operator(&pinned.operator).await?;
    step(GATEWAY);
    enrolment.tokeniser(&seed).await?;
    step("tokeniser");
    let mut enrolled = Vec::new();
    for district in districts() {
        enrolment.district(&district).await?;
        step(district.id);
        enrolled.push(district.id);
    }
    let directory = gateway.document().map(|document| document.compact).unwrap_or_default();
    fs::write(folder.join("tokeniser/directory.jwt"), directory)?;
    let entries = *gateway.grown().borrow();
    Ok(Installation {
        folder: folder.to_owned(),
        fingerprint: pinned.key.fingerprint,
        districts: enrolled,
        entries,
    })
}

/// Issues certificates and the revocation list of an installation anew. Keys of messages stay.
///
/// # Errors
/// A chain of causes.
pub fn renew(folder: &Path, ports: &Ports) -> anyhow::Result<()> {
    certificates(folder, &load_ca(folder)?, ports)
}

fn files(folder: &Path, plan: PortPlan, ports: &Ports, seed: &[u8; 32]) -> anyhow::Result<()> {
    let entropy = &*ports.entropy;
    for name in ["gateway/keys", "tokeniser/keys"] {
        private_folder(&folder.join(name))?;
    }
    for (n, district) in (0..).zip(districts()) {
        let own = district_folder(folder, district.id);
        private_folder(&own.join("keys"))?;
        fs::write(own.join(CONNECTOR_FILE), text::connector(&district, n, plan))?;
        let url = format!("http://localhost:{}", plan.connector(n).port());
        operators(&own, &district, &url, entropy)?;
    }
    fs::write(folder.join(GATEWAY_FILE), text::gateway(plan))?;
    fs::write(folder.join("tokeniser").join(TOKENISER_FILE), text::tokeniser(plan))?;
    secret(&folder.join("gateway/vault.key"), &*random(entropy)?)?;
    secret(&folder.join("gateway/pseudonym.key"), &*random(entropy)?)?;
    secret(&folder.join("tokeniser/oprf.seed"), seed)?;
    // Made before the store opens it, so that nobody else may ever read it.
    let database = folder.join("gateway/gateway.db");
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&database)?;
    for name in ["message", "receipt", "log"] {
        let file = folder.join(format!("gateway/keys/{name}.pem"));
        signing_key(&format!("{GATEWAY}#{name}-1"), &file, entropy)?;
    }
    pin(folder, ports)?;
    certificates(folder, &ca(folder, ports)?, ports)
}

/// The directory key and the file that pins it.
fn pin(folder: &Path, ports: &Ports) -> anyhow::Result<()> {
    let file = folder.join("gateway/keys/directory.pem");
    let key = signing_key(&format!("{GATEWAY}#directory-1"), &file, &*ports.entropy)?;
    let (nbf, exp) = enrol::life(ports.clock.now());
    let pinned = PinnedFile {
        operator: enrol::operator(GATEWAY)?,
        key: PinnedKey {
            kid: key.kid().clone(),
            jwk: key.public().to_jwk(),
            fingerprint: key.public().fingerprint(),
            nbf,
            exp,
        },
    };
    let json = serde_json::to_string_pretty(&pinned)?;
    Ok(fs::write(folder.join("pinned.json"), json + "\n")?)
}

/// Is there nothing in `folder` yet?
pub(super) fn is_vacant(folder: &Path) -> std::io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
