//! What commands print: a table for people or JSON for programs, and progress on a terminal.

use std::io::{IsTerminal as _, Write as _};

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::failure::{Exit, Failure, Outcome};
use crate::domain::time::UtcSeconds;

/// How to print, from the global flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Words and tables.
    Human,
    /// One JSON value per line.
    Json,
}

impl Form {
    /// Prints `value` as JSON, or what `human` makes of it.
    pub fn print<T: Serialize>(self, value: &T, human: impl FnOnce(&T) -> String) -> Outcome {
        let text = match self {
            Self::Json => serde_json::to_string(value).map_err(anyhow::Error::from)?,
            Self::Human => human(value),
        };
        line(&text)
    }
}

/// Writes a line to standard output. A reader that went away (`| head`) ends the command quietly.
pub fn line(text: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Failed, error))
        }
        _ => Ok(()),
    }
}

/// A table with these column heads, as wide as the terminal.
pub fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(heads.to_vec());
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

/// A table of two columns without a head: member and value.
pub fn pairs(rows: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        table.add_row([name.to_owned(), value]);
    }
    table.to_string()
}

/// Seconds since 1970 as the date and time of China (UTC+8), which is how officers read them.
pub fn local_time(at: UtcSeconds) -> String {
    const CST: i64 = 8 * 3_600;
    let of_day = at.0.saturating_add(CST).rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}", at.date_cst())
}

/// A bar over `length` steps on standard error; hidden where that is no terminal.
pub fn progress(length: u64, what: &'static str) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(length), target).with_message(what);
    // The template is a constant; were it wrong, the default one would do.
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_china() {
        assert_eq!(local_time(UtcSeconds(1_795_219_200)), "2026-11-21 08:00:00");
        assert_eq!(local_time(UtcSeconds(1_795_219_199 + 16 * 3_600)), "2026-11-21 23:59:59");
        assert_eq!(local_time(UtcSeconds(1_795_219_200 + 16 * 3_600)), "2026-11-22 00:00:00");
    }
}
