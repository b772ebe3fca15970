//! `serve`, `tokenise`, `connect`: a role, until it is told to stop.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::failure::{Exit, Failure, Outcome};
use super::output::Form;
use crate::config::{
    self, Config, ConnectorConfig, Format, GatewayConfig, TelemetrySection, TokeniserConfig,
};
use crate::service::{Service, StartError, stop_signal, system_ports};
use crate::telemetry;

const EXAMPLES: &str = "\
Examples:
  talent-gateway serve --config dev
  talent-gateway serve --config /etc/talent-gateway/talent-gateway.toml --log-format json
  talent-gateway serve --config dev --log debug --json | head -1

SIGINT or SIGTERM: no new connection, requests in flight finish, the database is closed.";

/// What every role takes.
#[derive(Debug, Args)]
pub struct RoleArgs {
    /// Configuration file, or the folder that holds it
    #[arg(long, value_name = "FILE", default_value = ".")]
    config: PathBuf,
    /// What to log: level, or directives such as info,talent_gateway::store=debug
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// Form of the log on standard error
    #[arg(long, value_enum, value_name = "FORM")]
    log_format: Option<LogFormat>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// Run the gateway
///
/// Opens the store, checks that its log agrees with itself, and serves participants over TLS 1.3
/// with client certificates. Prints the addresses that it took; with --json as one line of JSON.
/// Health and metrics are on the operations listener.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Serve {
    #[command(flatten)]
    role: RoleArgs,
}

impl Serve {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let config: GatewayConfig = self.role.load(|c: &GatewayConfig| &c.telemetry)?;
        run("gateway", Service::gateway(&config, system_ports()).await, form).await
    }
}

/// Run the tokeniser
///
/// Evaluates blinded identifiers of districts (RFC 9497) and keeps no table. In production another
/// body runs it, on another machine than the gateway.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  talent-gateway tokenise --config dev/tokeniser")]
pub struct Tokenise {
    #[command(flatten)]
    role: RoleArgs,
}

impl Tokenise {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let config: TokeniserConfig = self.role.load(|c: &TokeniserConfig| &c.telemetry)?;
        run("tokeniser", Service::tokeniser(&config, system_ports()).await, form).await
    }
}

/// Run a district's connector (前置机)
///
/// Plain JSON from the district's own systems goes in, signed messages go out; receipts and answers
/// are verified before anyone is told. Bearer tokens of its operators: operators.txt beside the
/// configuration.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  talent-gateway connect --config dev/districts/qingpu")]
pub struct Connect {
    #[command(flatten)]
    role: RoleArgs,
}

impl Connect {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let config: ConnectorConfig = self.role.load(|c: &ConnectorConfig| &c.telemetry)?;
        run("connector", Service::connector(&config, system_ports()).await, form).await
    }
}

impl RoleArgs {
    /// Reads the configuration and starts the process log as it and the flags say.
    fn load<C: Config>(&self, section: impl Fn(&C) -> &TelemetrySection) -> Outcome<C> {
        let config: C = config::load(&self.config)?;
        let mut telemetry = section(&config).clone();
        if let Some(filter) = &self.log {
            telemetry.filter.clone_from(filter);
        }
        match self.log_format {
            Some(LogFormat::Text) => telemetry.format = Format::Text,
            Some(LogFormat::Json) => telemetry.format = Format::Json,
            None => {}
        }
        telemetry::init(&telemetry).map_err(|error| {
            Failure::new(Exit::Usage, error).hint("a level such as info, or target=level pairs")
        })?;
        Ok(config)
    }
}

/// Tells the addresses and runs until a signal.
async fn run(role: &str, service: Result<Service, StartError>, form: Form) -> Outcome {
    let service = service?;
    let bound = service.bound().to_vec();
    form.print(&json!({ "role": role, "bound": bound }), |_| {
        let lines = bound.iter().map(|b| format!("{}  {}  ({})", b.name, b.url(), b.address));
        lines.collect::<Vec<_>>().join("\n")
    })?;
    let drained = service.run(stop_signal()).await;
    tracing::info!(finished = drained.finished, aborted = drained.aborted, "{role} stopped");
    Ok(())
}
