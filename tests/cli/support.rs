//! Running the binary.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// What came of a command.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Standard output as JSON, of a command that went well.
    #[track_caller]
    pub fn json(self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap()
    }
}

fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_talent-gateway"))
}

/// Runs a command line.
pub fn run(args: &[&str]) -> Ran {
    run_with(args, "")
}

/// Runs a command line with text on standard input.
pub fn run_with(args: &[&str], input: &str) -> Ran {
    let mut child = binary()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A role that runs until it is dropped or stopped.
pub struct Role {
    child: Child,
    pub bound: Value,
}

impl Role {
    /// Starts a role and waits for the line that tells its addresses.
    pub fn start(command: &str, config: &Path) -> Self {
        let mut child = binary()
            .args([command, "--json", "--log", "warn", "--config"])
            .arg(config)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, bound: serde_json::from_str(&line).expect("the line of addresses") }
    }

    /// Asks it to stop, as systemd does, and gives its exit code.
    pub fn stop(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A development installation on free ports.
pub struct Installation {
    folder: tempfile::TempDir,
}

impl Installation {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("dev");
        let made = run(&["init", dir.to_str().unwrap(), "--port-base", "0", "--json"]).json();
        assert_eq!(made["districts"].as_array().unwrap().len(), 6);
        Self { folder }
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join("dev").join(inside)
    }

    pub fn text(&self, inside: &str) -> String {
        self.path(inside).to_str().unwrap().to_owned()
    }
}
