//! What is written is that of the code: `docs/cli.md`, `docs/codes.md`.

use std::path::Path;

use crate::support::run;

/// `written` in the repository is `is`; otherwise what it should be is left for a person to compare.
fn golden(written: &str, is: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(written);
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(path.file_name().unwrap());
    let same = std::fs::read_to_string(&path).ok().as_deref() == Some(is);
    if !same {
        std::fs::write(&made, is).unwrap();
    }
    assert!(
        same,
        "{written} is out of date: compare it with {} and copy that over it",
        made.display()
    );
}

#[test]
fn the_reference_is_as_written() {
    golden("docs/cli.md", &talent_gateway::cli::reference());
}

#[test]
fn codes_and_schemes_are_as_written() {
    let catalogue = talent_gateway::catalogue::Catalogue::embedded().unwrap();
    golden("docs/codes.md", &talent_gateway::catalogue::codes_markdown(&catalogue));
}

#[test]
fn help_begins_with_what_it_is_and_ends_with_exit_codes() {
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.starts_with("长三角人才互认网关"), "{}", help.out);
    for command in ["init", "serve", "message", "evidence", "rebuild"] {
        assert!(help.out.contains(&format!("\n  {command}")), "{command}");
    }
    assert!(help.out.trim_end().ends_with("5  no service was reached"), "{}", help.out);
}
