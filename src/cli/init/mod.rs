//! `init`: a complete development installation, enrolled through real signed messages.

mod enrol;
mod install;
mod material;
mod plan;
mod text;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

pub use self::install::{Installation, STEPS, install, renew};
pub use self::plan::{District, Ports as PortPlan, districts};
use super::failure::{Exit, Failure, Outcome};
use super::output::{Form, progress};
use crate::service::system_ports;

const EXAMPLES: &str = "\
Examples:
  talent-gateway init dev                  the usual ports: 8443, 8444, 8081, 9101 to 9106
  talent-gateway init dev --port-base 0    any free ports, told when a role starts
  talent-gateway init dev --renew          new certificates and revocation list (they last days)

Then:
  talent-gateway serve --config dev
  talent-gateway message new certification/1 > body.json
  talent-gateway message send body.json --type certification/1 --as dev/districts/qingpu";

/// Make a development installation: CA, keys, six districts, agreements
///
/// Writes configuration, keys (mode 0600), certificates and a database whose log begins with the
/// operator, the tokeniser and the six districts, each enrolled by a signed message, and with one
/// development agreement per district. Refuses a folder that is not empty.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Init {
    /// Folder to make; must be empty or not there yet
    dir: PathBuf,
    /// First port of the installation; 0 takes any free ones
    #[arg(long, value_name = "PORT", conflicts_with = "renew")]
    port_base: Option<u16>,
    /// Issue certificates and revocation list of an existing installation anew
    #[arg(long)]
    renew: bool,
}

impl Init {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let ports = system_ports();
        let shown = self.dir.display().to_string();
        if self.renew {
            renew(&self.dir, &ports).with_context(|| format!("{shown} was not renewed"))?;
            return form.print(&json!({ "renewed": shown }), |_| {
                format!("{shown}: certificates and revocation list are new; restart the roles")
            });
        }
        let vacant = install::is_vacant(&self.dir).with_context(|| shown.clone())?;
        if !vacant {
            let text = format!("{shown} is not empty");
            return Err(Failure::text(Exit::Usage, text)
                .hint("give a new folder; an installation is never written over"));
        }
        let bar = progress(STEPS, "enrolling");
        let plan = PortPlan::of(self.port_base);
        let made = install(&self.dir, plan, &ports, |_| bar.inc(1)).await;
        bar.finish_and_clear();
        let made = made.with_context(|| format!("{shown} was not made"))?;
        let value = json!({
            "folder": shown,
            "fingerprint": made.fingerprint,
            "districts": made.districts,
            "entries": made.entries,
        });
        form.print(&value, |_| told(&made))
    }
}

fn told(made: &Installation) -> String {
    let dir = made.folder.display();
    format!(
        "{dir}: a development installation
  talent-gateway.toml   configuration of the gateway
  pinned.json           operator and directory key, fingerprint
                        {}
  gateway/              database, keys, certificate
  tokeniser/            its configuration, seed, keys, certificates
  districts/            {}
                        each with connector.toml, keys, certificate, operators.txt (two tokens)
  pki/                  development CA, revocation list (days: renew with --renew)
The log has {} entries: operator, tokeniser, districts, keys, agreements, signed directories.

Next:
  talent-gateway serve --config {dir}
  talent-gateway tokenise --config {dir}/tokeniser
  talent-gateway connect --config {dir}/districts/qingpu",
        made.fingerprint,
        made.districts.join(", "),
        made.entries,
    )
}

#[cfg(test)]
mod tests;
