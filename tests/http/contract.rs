//! The written contract is that of the code: `docs/openapi.json`, `docs/problems.md`.

use std::path::Path;

use talent_gateway::api::openapi;
use talent_gateway::net::problem::catalogue_markdown;

const PROBLEMS_HEAD: &str = "\
# 错误代码 / Problem codes

由代码目录生成，勿手工修改；`tests/http/contract.rs` 比对。错误的形式见 [api.md](api.md)。
Generated from the catalogue in the code; do not edit. `tests/http/contract.rs` compares. For the
form of a problem see [api.md](api.md).

";

/// Compares, and leaves what it should be beside the other build output.
fn golden(path: &str, is: &str) {
    let written = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    if written.as_deref().ok() != Some(is) {
        let name = Path::new(path).file_name().unwrap();
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&made, is).unwrap();
        panic!("{path} is out of date: compare it with {} and copy that over it", made.display());
    }
}

#[test]
fn the_openapi_description_is_as_written() {
    let mut text = serde_json::to_string_pretty(&openapi::description()).unwrap();
    text.push('\n');
    golden("docs/openapi.json", &text);
}

#[test]
fn the_list_of_codes_is_as_written() {
    golden("docs/problems.md", &format!("{PROBLEMS_HEAD}{}", catalogue_markdown()));
}
