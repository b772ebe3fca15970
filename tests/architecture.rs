//! The house keeps its shape: arrows point downward, and each outside crate is named only in the
//! rooms that `ARCHITECTURE.md` gives it. Reads `src/`; a line that breaks a rule is printed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the ground up. A room may use rooms of its own floor and below.
const FLOORS: &[&[&str]] = &[
    &["domain"],
    &["json", "jws", "oprf", "system"],
    &["projection", "evidence", "log", "schema", "catalogue", "synth", "pki", "message"],
    &["gateway"],
    &["net", "store"],
    &["api", "tokeniser", "connector"],
    &["config", "telemetry", "service", "cli", "bench", "import", "main"],
];

/// Rooms of one floor that must not know each other.
const STRANGERS: &[(&str, &str)] = &[
    ("api", "tokeniser"),
    ("api", "connector"),
    ("tokeniser", "api"),
    ("tokeniser", "connector"),
    ("connector", "api"),
    ("connector", "tokeniser"),
    ("store", "net"),
    ("net", "store"),
    ("evidence", "projection"),
];

/// Outside crates and the rooms that may name them.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store", "connector"]),
    ("axum", &["net", "api", "tokeniser", "connector"]),
    ("rustls", &["net", "pki"]),
    ("rcgen", &["pki"]),
    ("jsonschema", &["schema"]),
    ("voprf", &["oprf"]),
    ("clap", &["cli", "main", "bench"]),
    ("anyhow", &["cli", "main"]),
    ("calamine", &["import"]),
    ("csv", &["import"]),
    ("encoding_rs", &["import"]),
    ("rust_xlsxwriter", &["import"]),
];

/// What `domain` may not touch: the clock, files, the network, threads, asynchronous code.
const NOT_IN_DOMAIN: &[&str] =
    &["std::fs", "std::net", "std::thread", "std::env", "tokio", "hyper", "tracing", "async fn"];

struct Source {
    room: String,
    path: PathBuf,
    lines: Vec<String>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let relative = path.strip_prefix(&root).unwrap();
                let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
                let name = first.trim_end_matches(".rs").to_owned();
                if name != "lib" {
                    let text = fs::read_to_string(&path).unwrap();
                    // Tests at the end of a file may look around.
                    let shipped =
                        text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                    let code = shipped.lines().filter(|l| !l.trim_start().starts_with("//"));
                    let lines = code.map(str::to_owned).collect();
                    let is_test = relative.to_str().unwrap().contains("test");
                    if !is_test {
                        found.push(Source { room: name, path: relative.to_owned(), lines });
                    }
                }
            }
        }
    }
    assert!(found.len() > 50, "src/ was not found");
    found
}

fn floor(room: &str) -> usize {
    FLOORS.iter().position(|rooms| rooms.contains(&room)).unwrap_or_else(|| {
        panic!("room `{room}` is not in the map: add it to ARCHITECTURE.md and here")
    })
}

/// The rooms that a line names as `crate::room` or, in the binary, `talent_gateway::room`.
fn named(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for prefix in ["crate::", "talent_gateway::"] {
        for (at, _) in line.match_indices(prefix) {
            let rest = &line[at + prefix.len()..];
            let room: String =
                rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let known = FLOORS.iter().any(|rooms| rooms.contains(&room.as_str()));
            if known {
                rooms.push(room);
            }
        }
    }
    rooms
}

#[test]
fn arrows_point_downward() {
    let mut broken = Vec::new();
    for source in sources() {
        for line in &source.lines {
            for room in named(line) {
                let up = floor(&room) > floor(&source.room);
                let stranger = STRANGERS.contains(&(source.room.as_str(), room.as_str()));
                if up || stranger {
                    broken.push(format!("{}: {}", source.path.display(), line.trim()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "arrows that run up:\n{}", broken.join("\n"));
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for source in sources() {
        for (name, rooms) in CRATES {
            let path = format!("{name}::");
            for line in &source.lines {
                let names = line.match_indices(&path).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                });
                if names && !rooms.contains(&source.room.as_str()) {
                    broken.push(format!("{}: {}", source.path.display(), line.trim()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "crates out of their rooms:\n{}", broken.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    let mut broken = Vec::new();
    for source in sources().into_iter().filter(|s| s.room == "domain") {
        for line in &source.lines {
            if NOT_IN_DOMAIN.iter().any(|word| line.contains(word)) {
                broken.push(format!("{}: {}", source.path.display(), line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "the domain reaches out:\n{}", broken.join("\n"));
}

#[test]
fn long_files_say_why() {
    let mut broken = BTreeMap::new();
    for source in sources() {
        if source.lines.len() > 600 {
            broken.insert(source.path.display().to_string(), source.lines.len());
        }
    }
    assert!(broken.is_empty(), "files over 600 lines of code: {broken:?}");
}
