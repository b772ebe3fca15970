//! `[telemetry]`: what the process says about itself on standard error.

use serde::Deserialize;

/// Form and amount of the process log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetrySection {
    /// Lines for people or JSON for a collector.
    pub format: Format,
    /// Directives of tracing's `EnvFilter`: `info`, `info,talent_gateway::store=debug`.
    pub filter: String,
}

/// Form of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl Default for TelemetrySection {
    fn default() -> Self {
        Self { format: Format::Text, filter: "info".to_owned() }
    }
}
