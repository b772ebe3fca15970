//! The written help is that of the code: `docs/cli.md`.

use std::path::Path;

use crate::support::run;

#[test]
fn the_reference_is_as_written() {
    let is = talent_gateway::cli::reference();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    if std::fs::read_to_string(path).ok().as_ref() != Some(&is) {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli.md");
        std::fs::write(&made, is).unwrap();
        panic!(
            "docs/cli.md is out of date: compare it with {} and copy that over it",
            made.display()
        );
    }
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
