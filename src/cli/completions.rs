//! `completions`: for shells.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;
use super::failure::Outcome;

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  talent-gateway completions bash > /etc/bash_completion.d/talent-gateway"
)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "talent-gateway", &mut script);
        super::output::line(&String::from_utf8_lossy(&script))
    }
}
