//! How a command fails: a chain of causes, a hint, an exit code.

use std::fmt::{self, Write as _};
use std::process::ExitCode;

use serde_json::json;

use crate::config::ConfigError;
use crate::domain::code::Refusal;
use crate::domain::text::Language;
use crate::net::client::ClientError;
use crate::service::StartError;

/// Exit codes, part of the contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 1: something failed that no other code names.
    Failed = 1,
    /// 2: the command line, a configuration or an input file is wrong.
    Usage = 2,
    /// 3: the gateway refused, with a signed receipt or without.
    Refused = 3,
    /// 4: something was checked and does not hold.
    Unverified = 4,
    /// 5: no service was reached, or it gave no complete reply.
    Unreachable = 5,
}

/// Exit codes as `--help` shows them.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done; whatever was checked holds
  1  failed
  2  the command line, a configuration or an input file is wrong
  3  the gateway refused
  4  something was checked and does not hold
  5  no service was reached";

/// A command that failed.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
    hint: Option<String>,
}

/// What a command returns.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure with this code.
    pub fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// A failure told in words.
    pub fn text(exit: Exit, text: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self { exit, error: anyhow::Error::msg(text), hint: None }
    }

    /// With a line on what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says it on standard error: as JSON with `--json`, else as lines.
    pub fn report(&self, as_json: bool) -> ExitCode {
        if as_json {
            let causes: Vec<_> = self.error.chain().map(ToString::to_string).collect();
            let object = json!({ "error": causes, "hint": self.hint, "exit": self.exit as u8 });
            eprintln!("{object}");
        } else {
            eprintln!("error: {}", self.error);
            for cause in self.error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            if let Some(hint) = &self.hint {
                eprintln!("  hint: {hint}");
            }
        }
        ExitCode::from(self.exit as u8)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self { exit: Exit::Failed, error, hint: None }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = error.hint();
        Self::new(Exit::Usage, error).hint(hint)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let exit = match error {
            StartError::Config(_) | StartError::Origin { .. } | StartError::Peer { .. } => {
                Exit::Usage
            }
            StartError::PeerNotRunning { .. } => Exit::Unreachable,
            _ => Exit::Failed,
        };
        let hint = error.hint();
        Self::new(exit, error).hint(hint)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let hint = match error {
            ClientError::Address => "https://host:port, without a path",
            ClientError::Connect => "is the service running? `talent-gateway serve` starts it",
            ClientError::Tls => {
                "a certificate or the revocation list may have expired: `talent-gateway init DIR \
                 --renew` issues new ones in a development installation"
            }
            ClientError::Timeout | ClientError::Broken => {
                "the service may have acted: send the same bytes again, the same receipt comes back"
            }
            ClientError::TooLarge => "ask for less at once",
        };
        Self::new(Exit::Unreachable, error).hint(hint)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::text(Exit::Refused, describe(&refusal))
    }
}

/// A refusal in words, Chinese and English, with the places in the message.
pub fn describe(refusal: &Refusal) -> String {
    let code = refusal.code;
    let (zh, en) = (code.title(Language::Zh), code.title(Language::En));
    let mut text = format!("{}: {zh} / {en}", code.as_str());
    if let Some(detail) = &refusal.detail {
        // Writing to a String cannot fail.
        let _ = write!(text, "; {} / {}", detail.zh, detail.en);
    }
    for violation in &refusal.violations {
        let place = if violation.pointer.is_empty() { "/" } else { &violation.pointer };
        let _ = write!(text, "\n  {place} → {}", violation.expected);
    }
    text
}
