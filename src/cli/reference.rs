//! The whole command line as Markdown: `docs/cli.md`, compared by a test.

use clap::{Command, CommandFactory as _};

use super::Cli;

/// Columns of the text.
const WIDTH: usize = 100;

const HEAD: &str = "\
# Command line

Generated from the arguments in the code; do not edit. `tests/cli/reference.rs` compares.
";

/// Help of every command, the outer ones first.
pub fn reference() -> String {
    let mut out = HEAD.to_owned();
    let mut cli = Cli::command().term_width(WIDTH);
    cli.build();
    section(&mut out, &mut cli, "");
    out
}

fn section(out: &mut String, command: &mut Command, outer: &str) {
    let name = format!("{outer} {}", command.get_name()).trim_start().to_owned();
    let help = command.clone().term_width(WIDTH).render_long_help().to_string();
    let lines: Vec<_> = help.trim_end().lines().map(str::trim_end).collect();
    out.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", lines.join("\n")));
    for inner in command.get_subcommands_mut().filter(|c| c.get_name() != "help") {
        section(out, inner, &name);
    }
}
