//! Mistakes: said with their place and what to do, each kind with its exit code.

use crate::support::{Installation, run, run_with};

#[test]
fn init_never_writes_over_anything() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine"), "x").unwrap();
    let refused = run(&["init", folder.path().to_str().unwrap()]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("is not empty") && refused.err.contains("hint:"), "{refused:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_wrong_configuration_is_shown_with_its_line() {
    let dev = Installation::new();
    let file = dev.path("talent-gateway.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    for (from, to, said) in [
        ("[store]", "[store]\nfast = true", "unknown field `fast`"),
        ("origin = \"gateway.talent.example/log\"", "origin = \"a b\"", "log.origin"),
        ("127.0.0.1:0", "nowhere", "talent-gateway.toml:"),
        ("[telemetry]\nformat", "[telemetry]\nform", "unknown field `form`"),
    ] {
        std::fs::write(&file, good.replacen(from, to, 1)).unwrap();
        let refused = run(&["serve", "--config", file.to_str().unwrap()]);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains(said) && refused.err.contains("hint:"), "{refused:?}");
    }
    let json = run(&["serve", "--config", file.to_str().unwrap(), "--json"]);
    let error: serde_json::Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!(error["exit"], 2);
    assert_eq!(run(&["serve", "--config", "/nowhere/at/all.toml"]).code, 2);
}

#[test]
fn a_key_that_others_can_read_stops_the_start() {
    use std::os::unix::fs::PermissionsExt as _;

    let dev = Installation::new();
    let key = dev.path("gateway/vault.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = run(&["serve", "--config", &dev.text("")]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("others can read") && refused.err.contains("0600"), "{refused:?}");
}

#[test]
fn exit_codes_tell_what_went_wrong() {
    let dev = Installation::new();
    let qingpu = dev.text("districts/qingpu");
    // 5: the gateway does not run.
    assert_eq!(run(&["directory", "show", "--as", &qingpu]).code, 5);
    // 2: the body does not fit its schema, found before anything is sent.
    let sign = ["message", "sign", "-", "--type", "fact/1", "--as", &qingpu];
    let wrong = run_with(&sign, "{}");
    assert!(wrong.code == 2 && wrong.err.contains("schema-violation"), "{wrong:?}");
    assert_eq!(run_with(&sign, "{").code, 2);
    // 4: checked, and does not hold.
    assert_eq!(run_with(&["schema", "check", "fact/1", "-"], "{}").code, 4);
    // 2: the command line.
    assert_eq!(run(&["message", "new", "nonsense/1"]).code, 2);
    assert_eq!(run(&["nonsense"]).code, 2);
}
