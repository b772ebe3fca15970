//! What the process says about itself: lines on standard error, as text or JSON.
//!
//! Nothing personal is ever logged (ARCHITECTURE.md): events carry codes, positions, participants
//! and counts, never a body, a token or a number.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Format, TelemetrySection};

/// The filter is not what tracing's `EnvFilter` reads.
#[derive(Debug, thiserror::Error)]
#[error("telemetry filter: {0}")]
pub struct FilterError(#[from] tracing_subscriber::filter::ParseError);

/// Starts logging to standard error. A second call changes nothing, so that several roles can run in
/// one process.
///
/// # Errors
/// [`FilterError`].
pub fn init(section: &TelemetrySection) -> Result<(), FilterError> {
    init_with(section, std::io::stderr)
}

/// As [`init`], to another writer: a progress bar that must not be torn, or a test.
///
/// # Errors
/// [`FilterError`].
pub fn init_with<W>(section: &TelemetrySection, writer: W) -> Result<(), FilterError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&section.filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    // An error means that a subscriber stands already.
    let _ = match section.format {
        Format::Text => builder.with_ansi(false).finish().try_init(),
        Format::Json => builder.json().flatten_event(true).finish().try_init(),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_filter_is_told() {
        let section =
            TelemetrySection { format: Format::Json, filter: "talent=nonsense".to_owned() };
        assert!(init(&section).is_err());
    }
}
