//! `demo`: the main job on real input, in one process: gateway, tokeniser and six connectors on an
//! embedded store; generated talents are pushed, looked up and checked before paying, and what was
//! found is compared with what was there to be found.

mod office;
mod play;
mod report;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::office::Office;
use self::play::Play;
use super::failure::{Exit, Failure, Outcome};
use super::init::{PortPlan, districts, install};
use super::output::{Form, line, progress};
use crate::catalogue::Catalogue;
use crate::config;
use crate::service::{Service, stop_signal, system_ports};
use crate::synth;

const EXAMPLES: &str = "\
Examples:
  talent-gateway demo                       runs, then stays up for a look around with curl
  talent-gateway demo --once                runs and ends
  talent-gateway demo --once --json         the numbers for a program
  talent-gateway demo --talents 1000 --seed 7 --dir demo-data

Tokeniser and gateway run together here: pseudonymous, not blind. People and firms are generated.";

/// Run the whole exchange on generated talents and show what it finds
///
/// Makes a development installation, starts gateway, tokeniser and the connectors of six
/// districts, publishes the policy catalogue and the recognition rules, pushes generated talents
/// (seeded, with the hard cases), asks for recognition, checks funding before paying, and prints
/// precision and recall of its own findings against what the generator knows.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Demo {
    /// Folder of the installation; a temporary one that goes away when absent
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// End when done instead of staying up
    #[arg(long)]
    once: bool,
    /// Number of generated talents
    #[arg(long, value_name = "N", default_value_t = 240, value_parser = clap::value_parser!(u32).range(36..=100_000))]
    talents: u32,
    /// Seed of the generator: the same seed gives the same people
    #[arg(long, value_name = "S", default_value_t = 2026)]
    seed: u64,
}

impl Demo {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let kept = self.dir.clone();
        let dir = match &kept {
            Some(dir) => dir.clone(),
            None => {
                std::env::temp_dir().join(format!("talent-gateway-demo-{}", std::process::id()))
            }
        };
        let done = self.run_in(&dir, form).await;
        if kept.is_none() {
            // Only what this run made: the name holds its process id.
            drop(std::fs::remove_dir_all(&dir));
        }
        done
    }

    async fn run_in(&self, dir: &Path, form: Form) -> Outcome {
        let bar = progress(super::init::STEPS, "making an installation");
        let plan = if self.once { PortPlan::Free } else { PortPlan::Usual };
        install(dir, plan, &system_ports(), |_| bar.inc(1))
            .await
            .context("the installation was not made (give a new folder with --dir)")?;
        bar.finish_and_clear();
        let (stop, roles, offices) = start(dir).await?;
        let count = usize::try_from(self.talents).unwrap_or(240);
        let stories: Vec<_> = synth::stories(self.seed, 0..count).collect();
        let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
        let played = Play::new(&offices, &catalogue, &stories).run().await?;
        let failed = failure(&played);
        form.print(&played, report::told)?;
        if !self.once {
            line(&report::look_around(dir, &offices))?;
            stop_signal().await;
        }
        stop.send_replace(true);
        roles.join_all().await;
        failed.map_or(Ok(()), Err)
    }
}

/// Plays stories through a gateway and six connectors that are made for it and go away again, and
/// gives the scores of what the gateway answered. A refused message is a failure.
pub(super) async fn played(
    stories: &[synth::Story],
    seed: u64,
) -> Result<(synth::Score, synth::LookUps), Failure> {
    let name = format!("talent-gateway-live-{}-{seed}", std::process::id());
    let dir = std::env::temp_dir().join(name);
    let played = play_in(&dir, stories).await;
    // Only what this run made: the name holds its process id.
    drop(std::fs::remove_dir_all(&dir));
    let played = played?;
    failure(&played).map_or(Ok((played.funding, played.look_ups)), Err)
}

/// Why what was played is no success.
fn failure(played: &play::Played) -> Option<Failure> {
    let text = if played.refused > 0 {
        format!("{} messages were refused: {:?}", played.refused, played.problems)
    } else if !played.mismatched.is_empty() {
        format!("the gateway counts other records of {}", played.mismatched.join(", "))
    } else {
        return None;
    };
    Some(Failure::text(Exit::Failed, text))
}

async fn play_in(dir: &Path, stories: &[synth::Story]) -> Result<play::Played, Failure> {
    install(dir, PortPlan::Free, &system_ports(), |_| ())
        .await
        .context("the installation was not made")?;
    let (stop, roles, offices) = start(dir).await?;
    let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
    let played = Play::new(&offices, &catalogue, stories).run().await;
    stop.send_replace(true);
    roles.join_all().await;
    Ok(played?)
}

/// Starts every role in this process and gives the districts' offices.
async fn start(dir: &Path) -> Result<(watch::Sender<bool>, JoinSet<()>, Vec<Office>), Failure> {
    let stop = watch::Sender::new(false);
    let mut roles = JoinSet::new();
    let mut run = |service: Service| {
        let mut stopped = stop.subscribe();
        roles.spawn(async move {
            service.run(async move { drop(stopped.wait_for(|s| *s).await) }).await;
        });
    };
    run(Service::gateway(&config::load(dir)?, system_ports()).await?);
    run(Service::tokeniser(&config::load(&dir.join("tokeniser"))?, system_ports()).await?);
    let mut offices = Vec::new();
    for district in districts() {
        let folder = dir.join("districts").join(district.id);
        let service = Service::connector(&config::load(&folder)?, system_ports()).await?;
        let url = service.bound().first().map(|bound| format!("http://{}", bound.address));
        offices.push(Office::open(&district, &folder, &url.unwrap_or_default())?);
        run(service);
    }
    Ok((stop, roles, offices))
}
