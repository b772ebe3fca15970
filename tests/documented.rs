//! What the pages say can be done: every command line is one that the program takes, every local
//! address one that the connector serves, every port one that an installation has.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use clap::error::ErrorKind;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::cli::Cli;

const PROGRAM: &str = "talent-gateway ";

/// README, the pages under `docs/`, and READMEs beside what they describe.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside =
        ["README.md", "certs/README.md", "tests/vectors/README.md", "tests/interop/README.md"];
    let mut files: Vec<PathBuf> = beside.map(|file| root.join(file)).to_vec();
    for entry in fs::read_dir(root.join("docs")).unwrap() {
        files.push(entry.unwrap().path());
    }
    files.retain(|file| file.extension().is_some_and(|end| end == "md"));
    let named = |file: PathBuf| {
        let name = file.strip_prefix(root).unwrap().display().to_string();
        (name, fs::read_to_string(file).unwrap())
    };
    files.into_iter().map(named).collect()
}

/// Whole command lines: in fences, as lines that begin with the program or come behind a pipe.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let mut line = line.trim().to_owned();
        while fenced && line.ends_with('\\') {
            line.pop();
            line.push_str(lines.next().unwrap_or_default().trim());
        }
        // A comment, or the words beside an example in a help text.
        let line = line.split(" # ").next().unwrap_or_default();
        let line =
            if line.contains(" #") { line } else { line.split("   ").next().unwrap_or_default() };
        if fenced {
            let parts = line.split(" | ").map(|part| part.trim().trim_start_matches("$ "));
            // Usage as clap writes it, and ids that are cut short, are no commands.
            let parts = parts.filter(|part| !part.contains("<COMMAND>") && !part.contains('…'));
            found.extend(parts.filter(|part| part.starts_with(PROGRAM)).map(str::to_owned));
        }
    }
    found
}

/// Commands that are named inside a sentence: without what they need, but with nothing else.
fn mentions(text: &str) -> Vec<String> {
    let spans = text.split('`').skip(1).step_by(2);
    spans
        .filter(|span| span.starts_with(PROGRAM))
        .map(|span| span.replace(['[', ']'], ""))
        .collect()
}

/// Words as a shell makes them, as far as the pages need it; what is redirected is left out.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::<String>::new(), None::<String>, None);
    for letter in command.chars() {
        match (quote, letter) {
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), letter) if open == letter => quote = None,
            (None, ' ') => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    let end = words.iter().position(|word| word.starts_with('>') || word.starts_with('<'));
    words.truncate(end.unwrap_or(words.len()));
    words
}

#[test]
fn every_command_of_the_pages_is_one() {
    let (mut whole, mut wrong) = (0, Vec::new());
    for (page, text) in pages() {
        for command in commands(&text) {
            whole += 1;
            if let Err(error) = Cli::try_parse_from(words(&command)) {
                let help =
                    matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
                if !help {
                    wrong.push(format!("{page}: {command}: {:?}", error.kind()));
                }
            }
        }
        for command in mentions(&text) {
            let Err(error) = Cli::try_parse_from(words(&command)) else { continue };
            // A sentence leaves out what is needed, or names it: FILE, DATE.
            let fine = matches!(
                error.kind(),
                ErrorKind::MissingRequiredArgument
                    | ErrorKind::MissingSubcommand
                    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                    | ErrorKind::ValueValidation
                    | ErrorKind::DisplayHelp
            );
            if !fine {
                wrong.push(format!("{page}: `{command}`: {:?}", error.kind()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(whole > 60, "{whole} commands were found");
}

#[test]
fn commands_that_do_not_exist_are_found() {
    let text = "```sh\ntalent-gateway message new fact/1 --as dev > body.json\n```";
    let [command] = commands(text).try_into().unwrap();
    let error = Cli::try_parse_from(words(&command)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownArgument);
    let long = "```sh\necho 'a b' | talent-gateway init \\\n  dev   # a folder\n```";
    assert_eq!(words(&commands(long)[0]), ["talent-gateway", "init", "dev"]);
    assert_eq!(words("x 'a b' > y"), ["x", "a b"]);
}

#[test]
fn local_addresses_and_ports_are_those_of_an_installation() {
    let source = include_str!("../src/connector/api.rs");
    let routes: Vec<&str> =
        source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let served = |path: &str| {
        routes.iter().any(|route| {
            let (a, b): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
            a.len() == b.len()
                && a.iter().zip(&b).all(|(x, y)| x == y || y.starts_with('{') && !x.is_empty())
        })
    };
    let (mut paths, mut ports) = (0, 0);
    for (page, text) in pages() {
        for rest in text.split("/local/v1/").skip(1) {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "/{}.-".contains(c)));
            let path =
                format!("/local/v1/{}", rest[..end.unwrap_or(rest.len())].trim_end_matches('.'));
            paths += 1;
            assert!(served(&path), "{page}: {path}");
        }
        for host in ["localhost:", "127.0.0.1:"] {
            for rest in text.split(host).skip(1) {
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                let Ok(port) = digits.parse::<u16>() else { continue };
                ports += 1;
                let usual = [8443, 8444, 8081].contains(&port) || (9101..=9106).contains(&port);
                assert!(usual, "{page}: {host}{port}");
            }
        }
    }
    assert!(paths > 20 && ports > 5, "{paths} paths, {ports} ports");
}

/// Every id of the catalogue that a place of the inventory may be.
fn ids_of_the_catalogue() -> BTreeSet<String> {
    let catalogue = Catalogue::embedded().unwrap();
    let mut ids = BTreeSet::new();
    ids.extend(catalogue.policies.iter().map(|p| p.id.clone()));
    ids.extend(catalogue.clauses.iter().map(|c| c.id.clone()));
    ids.extend(catalogue.kinds.iter().map(|k| k.code.clone()));
    ids.extend(catalogue.rules.iter().map(|r| r.id.to_string()));
    ids.extend(catalogue.questions.iter().map(|q| q.id.to_string()));
    ids.extend(catalogue.services.iter().map(|s| s.service.clone()));
    ids.extend(catalogue.alliances.all().iter().map(|a| a.alliance.clone()));
    ids.extend(catalogue.schemes.qualifications().map(|s| s.id.clone()));
    for scheme in catalogue.schemes.certifications() {
        ids.insert(scheme.id.clone());
        ids.extend(scheme.classes.iter().map(|c| format!("{}/{}", scheme.id, c.class)));
    }
    ids
}

/// A file or folder, a message type by its schema, or an id of the catalogue.
fn is_a_place(place: &str, ids: &BTreeSet<String>) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = || {
        let (name, version) = place.rsplit_once('/')?;
        root.join("schemas").join(format!("{name}.{version}.json")).exists().then_some(())
    };
    ids.contains(place) || schema().is_some() || root.join(place).exists()
}

#[test]
fn every_entry_of_the_inventory_has_a_place_that_exists_or_a_reason() {
    let (_, text) = pages().into_iter().find(|(page, _)| page == "docs/inventory.md").unwrap();
    let ids = ids_of_the_catalogue();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| I"));
    let (mut numbers, mut wrong) = (Vec::new(), Vec::new());
    for row in rows {
        let [number, what, place, ""] = row.split('|').map(str::trim).collect::<Vec<_>>()[..]
        else {
            panic!("I{row}");
        };
        numbers.push(number.parse::<u16>().unwrap());
        assert!(!what.is_empty(), "I{number}");
        // What stands between backticks is every other piece.
        let places: Vec<&str> = place.split('`').skip(1).step_by(2).collect();
        if places.is_empty() && !place.starts_with("none, because ") {
            wrong.push(format!("I{number}: neither a place nor a reason"));
        }
        let lost = places.into_iter().filter(|place| !is_a_place(place, &ids));
        wrong.extend(lost.map(|place| format!("I{number}: {place}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(numbers, (1..=246).collect::<Vec<_>>(), "each of the 246 entries once, in order");
    assert!(!is_a_place("src/domain/nowhere.rs", &ids) && !is_a_place("occupancy/9", &ids));
}
